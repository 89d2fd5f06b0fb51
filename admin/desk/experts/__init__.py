"""The desks over experts: the bank, giving cases to them, an expert's own part."""

from .assignment import AssignmentDesk
from .bank import ExpertDesk
from .participation import ParticipationDesk

__all__ = ["AssignmentDesk", "ExpertDesk", "ParticipationDesk"]
