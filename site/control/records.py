"""Terms of everything but cases: sittings, orders, complaints, requests for correction, records for systems of others.

There are so few of them that each is looked at, by the days that it keeps itself.
"""

import datetime as dt
from collections.abc import Callable, Container, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from peewee import JOIN, fn, prefetch

from ...models import (
    Complaint,
    ComplaintEvent,
    ComplaintKind,
    Correction,
    Endorsement,
    Minutes,
    Order,
    OutgoingRecord,
    Sitting,
    User,
)
from ...procedure.road import EDITION, EDITIONS, has_road, road
from ...procedure.shape import Outgoing
from ...procedure.terms import CASE, DayOff, Term, TermState, Unit, terms
from ...procedure.words import Role
from ...procedure.working_days import Calendar
from .. import order_terms
from ..cases import outgoing
from ..cases.sight import own_cases
from ..complaints import terms as complaint_terms
from ..corrections import moves as corrections
from ..dates import day_of
from .deadlines import HOLIDAYS, Kept, Waiting, became, state_of

SITTING, ORDER, COMPLAINT, CORRECTION, OUTGOING = "sitting", "order", "complaint", "correction", "outgoing"
TITLES = {
    SITTING: "Заседания",
    ORDER: "Распоряжения",
    COMPLAINT: "Жалобы",
    CORRECTION: "Исправления",
    OUTGOING: "Внешние системы",
}
# The event by which a record for a system of others begins to wait.
MADE = "made"
# No term of these is longer, in calendar days: fifteen working days with the holidays of January in between.
LONGEST = dt.timedelta(days=30 + HOLIDAYS)


@dataclass(frozen=True)
class Followed:
    """A record, the days of what has happened to it, and the terms that may run in it. `page`: the record that shows it."""

    kind: str
    id: int
    name: str
    edition: str
    status: str
    days: Mapping[str, dt.date]
    terms: tuple[Term, ...]
    page: tuple[str, int]


@dataclass(frozen=True)
class Counted:
    """A term of one record: when it ends, the day of what met it, how near the end is today, whether it still runs."""

    record: Followed
    term: Term
    ends: dt.date
    met: dt.date | None
    state: TermState
    runs: bool


# --- Today and over a period ------------------------------------------------------------------------------------------------


def waiting(user: User, today: dt.date, calendar: Calendar) -> list[Waiting]:
    """What is broken and what is at risk today, by kind and term, in the order of the kinds."""
    found: dict[tuple[str, str, str], Waiting] = {}
    for kind in READERS:
        for one in due(kind, user, today, calendar):
            edition, term = one.record.edition, one.term
            found.setdefault((kind, edition, term.name), Waiting(edition, term, kind=kind)).add(one.state, 1)
    return list(found.values())


def due(kind: str, user: User, today: dt.date, calendar: Calendar) -> list[Counted]:
    """The terms of one kind of record that are broken or at risk today, the longest broken first."""
    found = [one for one in _counted(kind, user, None, today, calendar) if one.runs and one.state is not TermState.FAR]
    return sorted(found, key=lambda one: (one.ends, one.record.id))


def kept(user: User, first: dt.date, last: dt.date, today: dt.date, calendar: Calendar) -> list[Kept]:
    """All terms that ended between two days, both included, by kind and term, in the order of the kinds."""
    found: dict[tuple[str, str, str], Kept] = {}
    for kind in READERS:
        for one in _counted(kind, user, first, today, calendar):
            outcome = _outcome(one, today)
            if outcome and first <= one.ends <= last:
                edition, term = one.record.edition, one.term
                found.setdefault((kind, edition, term.name), Kept(edition, term, kind=kind)).add(outcome, 1)
    return list(found.values())


def broken(kind: str, user: User, first: dt.date, last: dt.date, today: dt.date, calendar: Calendar) -> list[Counted]:
    """Those of one kind that were broken, by the day of the end."""
    counted = _counted(kind, user, first, today, calendar)
    found = [one for one in counted if first <= one.ends <= last and _outcome(one, today) in ("late", "missed")]
    return sorted(found, key=lambda one: (one.ends, one.record.id))


def _counted(kind: str, user: User, since: dt.date | None, today: dt.date, calendar: Calendar) -> Iterator[Counted]:
    """Every term that has begun: of records under way, or of those in which a term may have ended since a day."""
    for record in READERS[kind](user, today, since and since - LONGEST):
        for term in record.terms:
            if term.since not in record.days or (term.day and term.day not in record.days):
                continue
            ends = record.days[term.day] if term.day else term.end(record.days[term.since], calendar)
            met = record.days.get(term.until)
            runs = met is None and record.status in term.runs_in
            state = state_of(term, calendar.last_working(ends), today, calendar)
            yield Counted(record, term, ends, met, state, runs)


def _outcome(one: Counted, today: dt.date) -> str | None:
    return became(one.ends, met=one.met, closed=None, runs=one.runs, today=today)


def titles(kind: str) -> dict[str, str]:
    """The terms of one kind under all editions: name and title."""
    if kind == OUTGOING:
        return {name: row.title for name, row in outgoing.kinds().items()}
    known = (terms(edition, kind).terms for edition in EDITIONS if has_road(kind, edition))
    return {term.name: term.title for one in known for term in one}


def status_of(record: Followed) -> str:
    """How the record stands, in words."""
    edition = EDITION if record.kind == OUTGOING else record.edition
    return road(record.kind, edition).statuses[record.status]


# --- What is read -----------------------------------------------------------------------------------------------------------


def _sittings(user: User, today: dt.date, since: dt.date | None) -> Iterator[Followed]:
    """One query. The first minutes count: a version that put something right later breaks no term."""
    made, signed = fn.MIN(Minutes.made_at), fn.MIN(Minutes.signed_on)
    asked = Sitting.select(Sitting, made.alias("minuted"), signed.alias("signed")).join(Minutes, JOIN.LEFT_OUTER)
    asked = asked.where(Sitting.opened_at.is_null(False)).group_by(Sitting)
    rows: Any = asked.having(signed.is_null()) if since is None else asked.where(Sitting.held_on >= since)
    for one in rows:
        days = {
            "held_on": one.held_on,
            "opened": day_of(one.opened_at),
            "minuted": day_of(one.minuted) if one.minuted else None,
            "minutes_signed": one.signed,
        }
        yield _followed(SITTING, one.id, f"Заседание {one}", one.edition, one.status, days)


def _orders(user: User, today: dt.date, since: dt.date | None) -> Iterator[Followed]:
    """Three queries: orders, when their drafts were sent for approval first, sittings that have none yet."""
    asked = Order.select(Order, Sitting).join(Sitting, JOIN.LEFT_OUTER)
    if since is None:
        under_way = [status.name for status in road(ORDER).states if not status.public]
        orders = list(asked.where(Order.status.in_(under_way)))
    else:
        orders = list(asked.where((Sitting.held_on >= since) | (Order.registered_on >= since)))
    came: Any = Endorsement.select(Endorsement.order, fn.MIN(Endorsement.came_at)).group_by(Endorsement.order)
    sent: dict[int, dt.datetime | None] = dict(came.where(Endorsement.order.in_([one.id for one in orders])).tuples())
    for one in orders:
        days: dict[str, dt.date | None] = {dated.name: dated.on for dated in order_terms.dates_of(one)}
        first = sent.get(one.id)
        days["sent_for_approval"] = day_of(first) if first else None
        yield _followed(ORDER, one.id, f"Распоряжение {one}", EDITION, one.status, days)
    for sitting in order_terms.without_order():
        begun = {"opened": sitting.held_on}
        missing = _followed(ORDER, sitting.id, f"Заседание {sitting}: распоряжения нет", EDITION, "draft", begun)
        yield replace(missing, page=(SITTING, sitting.id))


def _complaints(user: User, today: dt.date, since: dt.date | None) -> Iterator[Followed]:
    """Three queries; numbers, nobody's name. Without those that the person wrote."""
    asked = Complaint.select(Complaint.id, Complaint.number, Complaint.edition, Complaint.status)
    asked = asked.where(Complaint.author.is_null() | (Complaint.author != user))
    if since is None:
        asked = asked.where(Complaint.due_on.is_null(False))
    else:
        asked = asked.where(
            Complaint.id.in_(ComplaintEvent.select(ComplaintEvent.complaint).where(ComplaintEvent.day >= since))
        )
    for one in prefetch(asked, ComplaintEvent.select(), ComplaintKind.select()):
        others = complaint_terms.foreign(one.edition, [row.kind for row in one.kinds])
        days = {event.name: event.day for event in one.events}
        yield _followed(COMPLAINT, one.id, f"Жалоба {one}", one.edition, one.status, days, without=others)


def _corrections(user: User, today: dt.date, since: dt.date | None) -> Iterator[Followed]:
    """One query."""
    open_ones = Correction.due_on.is_null(False) if since is None else Correction.registered_on >= since
    for one in Correction.select().where(open_ones):
        days = {event: getattr(one, column) for event, column in corrections.DAYS.items()}
        yield _followed(CORRECTION, one.id, f"Запрос {one}", one.edition, one.status, days)


def _outgoing(user: User, today: dt.date, since: dt.date | None) -> Iterator[Followed]:
    """One query, two for the person's own cases, which are left out."""
    record = OutgoingRecord
    columns = (
        *(record.id, record.application, record.order, record.edition),
        *(record.name, record.status, record.made_at, record.settled_at),
    )
    asked = record.select(*columns)
    asked = outgoing.left().select(*columns) if since is None else asked.where(record.due_on >= since)
    if own := own_cases(user, today):
        asked = asked.where(record.application.is_null() | record.application.not_in(own))
    for one in asked.iterator():
        row = outgoing.row_of(one)
        days = {MADE: day_of(one.made_at), outgoing.RECORDED: day_of(one.settled_at) if one.settled_at else None}
        found = _followed(OUTGOING, one.id, f"{row.title}, запись {one.id}", one.edition, one.status, days)
        about = (CASE, one.application_id) if one.application_id else (ORDER, one.order_id)
        yield replace(found, terms=(_outgoing_term(row),), page=about)


Reader = Callable[[User, dt.date, dt.date | None], Iterator[Followed]]
READERS: dict[str, Reader] = {
    SITTING: _sittings,
    ORDER: _orders,
    COMPLAINT: _complaints,
    CORRECTION: _corrections,
    OUTGOING: _outgoing,
}


def _followed(
    kind: str,
    id: int,
    name: str,
    edition: str,
    status: str,
    days: Mapping[str, dt.date | None],
    without: Container[str] = (),
) -> Followed:
    known = () if kind == OUTGOING else terms(edition, kind).terms
    happened = {event: day for event, day in days.items() if day}
    mine = tuple(term for term in known if term.name not in without)
    return Followed(kind, id, name, edition, status, happened, mine, page=(kind, id))


@cache
def _outgoing_term(row: Outgoing) -> Term:
    """The term of a record for a system of others, which stands with the moves that ask for it."""
    move = road(outgoing.ROAD).move("mark_recorded")
    return Term(
        name=row.name,
        title=row.title,
        since=MADE,
        until=outgoing.RECORDED,
        runs_in=tuple(status.name for status in road(outgoing.ROAD).states if status.name != outgoing.RECORDED),
        responsible=tuple(role for role in Role if role in move.roles),
        number=row.working_days,
        unit=Unit.WORKING_DAYS,
        day="",
        channels=(),
        day_off=DayOff.KEEP,
        soon=0,
        clause=row.clause,
        remark=row.remark,
    )
