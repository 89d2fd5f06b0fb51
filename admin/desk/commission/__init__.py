"""The desks of the commission: its compositions, its sittings from the calendar to the minutes."""

from .compositions import CommissionDesk
from .sittings import SittingDesk

__all__ = ["CommissionDesk", "SittingDesk"]
