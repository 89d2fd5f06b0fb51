"""What complaints wait for whoever answers for them: the nearest step of each, the most pressing first."""

import datetime as dt
from dataclasses import dataclass

from ....models import Complaint, User
from ....procedure.complaints import RECORD, taken
from ....procedure.road import EDITIONS, road
from ....site.cases.calendar import counting_calendar
from ...access import Permission, may
from ..cases.due import Due, due


@dataclass(frozen=True)
class Waiting:
    """Complaints that are not closed: how many, how many of them are at their last day or late, the most pressing ones."""

    total: int
    pressing: int
    shown: tuple[tuple[Complaint, str, Due | None], ...]


def waiting(user: User, today: dt.date, size: int) -> Waiting | None:
    """What waits for the person; None for whoever does not answer for complaints. Three queries besides the person's."""
    if not may(user, Permission.KEEP_COMPLAINTS):
        return None
    open_ones = Complaint.select().where(Complaint.status.in_(_open()))
    calendar = counting_calendar()
    rows = [
        (one, _where(one), due(one.edition, one.due_term, one.due_on, today, calendar, RECORD))
        for one in open_ones.order_by(Complaint.due_on.asc(nulls="LAST"), Complaint.id).limit(size)
    ]
    late = open_ones.where(Complaint.due_on <= today).count()
    return Waiting(open_ones.count(), late, tuple(rows))


def _where(complaint: Complaint) -> str:
    return road(RECORD, complaint.edition).statuses[complaint.status]


def _open() -> list[str]:
    """The statuses in which somebody still has to do something."""
    roads = [road(RECORD, edition) for edition in EDITIONS if taken(edition)]
    return sorted({status.name for one in roads for status in one.states if not status.final})
