"""The terms of one complaint over the office's calendar. Its kinds say which of the two terms of consideration it has (5.5)."""

import datetime as dt
from collections.abc import Collection

from ...models import Complaint, database, locked
from ...procedure.complaints import RECORD, lists
from ...procedure.road import road
from ...procedure.terms import Dated, Deadline, Term, terms
from ...procedure.working_days import Calendar
from ..cases.calendar import office_calendar

REGISTERED = "registered"


def deadlines(complaint: Complaint, today: dt.date, calendar: Calendar) -> tuple[Deadline, ...]:
    """The terms that run today, the nearest first; two queries, none where events and kinds are prefetched."""
    known = terms(complaint.edition, RECORD)
    dates = [Dated(event.name, event.day) for event in complaint.events]
    others = foreign(complaint.edition, complaint.kind_names())
    running = known.running(complaint.status, None, dates, today, calendar)
    return tuple(one for one in running if one.term.name not in others)


def awaited(running: Collection[Deadline]) -> Deadline | None:
    """Of terms that run together, nearest first, the one that whoever complained is told: by when it is decided."""
    return next((one for one in running if one.term.until == "decided"), next(iter(running), None))


def consideration(complaint: Complaint) -> Term:
    """The term in which it has to be decided: the shortest of those of its kinds; one query."""
    return _consideration(complaint.edition, complaint.kind_names())


def foreign(edition: str, kinds: Collection[str]) -> frozenset[str]:
    """The terms of consideration that a complaint of these kinds does not have."""
    return _every(edition) - {_consideration(edition, kinds).name}


def answer_by(complaint: Complaint, registered_on: dt.date, calendar: Calendar) -> dt.date:
    """The last day on which it may be decided, once it was registered on this day."""
    return consideration(complaint).end(registered_on, calendar)


def refresh(complaint: Complaint, today: dt.date, calendar: Calendar | None = None) -> None:
    """Write the nearest term; call inside the transaction that changed the complaint."""
    due = _nearest(complaint, today, calendar or office_calendar())
    Complaint.update(due).where(Complaint.id == complaint.id).execute()
    for name, value in due.items():
        setattr(complaint, name, value)


def refresh_open(today: dt.date) -> int:
    """Write anew what a corrected calendar has changed in complaints that are not closed; gives in how many it has."""
    calendar, changed = office_calendar(), 0
    for row in list(_open()):
        if any(getattr(row, name) != value for name, value in _nearest(row, today, calendar).items()):
            with database.atomic():
                refresh(locked(Complaint.select().where(Complaint.id == row.id)).get(), today, calendar)
            changed += 1
    return changed


def _open() -> list[Complaint]:
    ends = {
        status.name
        for edition in {row.edition for row in Complaint.select(Complaint.edition).distinct()}
        for status in road(RECORD, edition).states
        if status.final
    }
    return list(Complaint.select().where(Complaint.status.not_in(sorted(ends))).order_by(Complaint.id))


def _nearest(complaint: Complaint, today: dt.date, calendar: Calendar) -> dict[str, object]:
    running = deadlines(complaint, today, calendar)
    return {"due_on": running[0].act_by, "due_term": running[0].term.name} if running else {"due_on": None, "due_term": ""}


def _consideration(edition: str, kinds: Collection[str]) -> Term:
    known, mine = terms(edition, RECORD), lists(edition).terms_of(kinds)
    return min((known.term(name) for name in mine or _every(edition)), key=lambda term: term.number)


def _every(edition: str) -> frozenset[str]:
    known = lists(edition)
    return known.terms_of(kind.name for kind in known.kinds)
