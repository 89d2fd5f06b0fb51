"""The desks over cases: what is to be done today, registries, the page of a case and its moves, sittings, the calendar."""

from .calendar import CalendarDesk
from .desk import CaseDesk
from .reception import ReceptionDesk
from .reviews import ReviewDesk
from .sittings import SittingDesk
from .today import TodayDesk

__all__ = ["CalendarDesk", "CaseDesk", "ReceptionDesk", "ReviewDesk", "SittingDesk", "TodayDesk"]
