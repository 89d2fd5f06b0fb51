"""The story of a case as the teacher's side reads it: what has happened, whose turn it is, what comes next and by when.

Everything is read from the road and the terms of the case's edition; nothing here knows the name of a status.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ...models import Application, CaseEvent, Duty, Hearing, Order, Ruling, Sitting
from ...procedure.road import Move, Road, expected_of, road
from ...procedure.shape import AnyRole
from ...procedure.terms import Deadline, Term, Unit, terms
from ...procedure.words import CaseRole, Channel
from ..figures import plural
from .people import APPLICANTS

# Until this letter has gone out, the sitting is a plan of the office.
SITTING_LETTER = "sitting_appointed"
DAYS = {
    Unit.CALENDAR_DAYS: ("календарный день", "календарных дня", "календарных дней"),
    Unit.WORKING_DAYS: ("рабочий день", "рабочих дня", "рабочих дней"),
}


@dataclass(frozen=True)
class Happened:
    """An event of the case with its day."""

    title: str
    day: dt.date
    clause: str


@dataclass(frozen=True)
class Ahead:
    """Something that comes next: what, who does it, until when if that can be said as a day, else as words."""

    title: str
    who: str
    ends: dt.date | None
    words: str
    clause: str


@dataclass(frozen=True)
class Turn:
    """Whose turn it is. `mine`: the moves expected of the teacher's side."""

    who: tuple[str, ...]
    mine: tuple[Move, ...]


def happened(application: Application) -> tuple[Happened, ...]:
    """The events of the case in the order of their days, on one day in the order of the road; one query."""
    known = road("application", application.edition).events
    order = {event.name: place for place, event in enumerate(known)}
    rows = [row for row in CaseEvent.select().where(CaseEvent.application == application) if row.name in order]
    found = [(row.day, known[order[row.name]]) for row in sorted(rows, key=lambda row: (row.day, order[row.name]))]
    return tuple(Happened(_opening(event.title), day, event.clause) for day, event in found)


def turn(application: Application, duties: Iterable[Duty]) -> Turn:
    """Whose turn it is by the duties of the case."""
    whole = road("application", application.edition)
    waiting = list(duties)
    roles = {CaseRole(duty.role) for duty in waiting}
    # The status says in which order they are named.
    named = tuple(whole.title_of(role) for role in whole.status(application.status).turn if role in roles)
    mine = {duty.verb for duty in waiting if duty.role in APPLICANTS}
    return Turn(named, tuple(move for move in whole.moves if move.verb in mine))


def sitting_told(application: Application) -> Sitting | None:
    """The sitting of the case, once the letter that appoints it has gone out; one query at most."""
    here = [move for move in road("application", application.edition).moves if application.status in move.sources]
    if application.sitting_id is None or any(SITTING_LETTER in move.letters for move in here):
        return None
    found: Sitting | None = application.sitting
    return found


def announced(application: Application) -> Ruling | None:
    """The row of a published order that states the decision of the case, with its order; one query."""
    rows = Ruling.select(Ruling, Order).join(Order).switch(Ruling).join(Hearing, on=Ruling.hearing)
    found: Ruling | None = rows.where(Hearing.application == application, Order.status.in_(road("order").public)).first()
    return found


def invited_at(application: Application) -> dt.datetime | None:
    """When the teacher is due at the sitting of the case; one query."""
    here = Hearing.application == application, Hearing.sitting == application.sitting_id
    found: dt.datetime | None = Hearing.select(Hearing.slot_at).where(*here).scalar()
    return found


def duties_of(cases: Iterable[Application]) -> dict[int, list[Duty]]:
    """The duties of these cases by id of the case; one query."""
    found: dict[int, list[Duty]] = {case.id: [] for case in cases}
    if found:
        for duty in Duty.select().where(Duty.application.in_(list(found))).order_by(Duty.id):
            found[duty.application_id].append(duty)
    return found


def ahead(application: Application, running: Iterable[Deadline], status: str = "") -> tuple[Ahead, ...]:
    """What comes next along the road, each with its term. `status`: where to look from, when the case stands elsewhere now."""
    whole, deadlines = road("application", application.edition), {one.term.name: one for one in running}
    return tuple(_step(whole, move, application, deadlines) for move in _path(whole, status or application.status))


def besides(application: Application, running: Iterable[Deadline], status: str = "") -> tuple[Ahead, ...]:
    """The terms that run beside the steps of `ahead`, because none of them ends there."""
    whole = road("application", application.edition)
    ended = {event for move in _path(whole, status or application.status) for event in move.marks}
    return tuple(
        Ahead(_opening(one.term.title), _titles(whole, one.term.responsible), one.ends, "", one.term.clause)
        for one in running
        if one.term.until not in ended
    )


def _path(whole: Road, status: str) -> Iterator[Move]:
    """The moves that lead on from here, the first expected one of each status."""
    while move := next((one for one in whole.moves if status in one.sources and one.target and not one.aside), None):
        yield move
        status = move.target


def _step(whole: Road, move: Move, application: Application, deadlines: dict[str, Deadline]) -> Ahead:
    # Of events that one move marks the first is what it is about.
    title = next((event.title for event in whole.events if event.name in move.marks), whole.statuses[move.target])
    roles = [role for role in whole.status(move.sources[0]).turn if expected_of(move, role)] or sorted(move.roles)
    known = [term for term in _terms(application) if term.until in move.marks]
    dated = min((deadlines[term.name] for term in known if term.name in deadlines), key=lambda one: one.ends, default=None)
    if dated:
        ends, words, clause = dated.ends, "", dated.term.clause
    else:
        ends, words, clause = None, "; ".join(_length(whole, term) for term in known), move.clause
    return Ahead(_opening(title), _titles(whole, roles), ends, words, clause)


def _terms(application: Application) -> list[Term]:
    channel = Channel(application.channel)
    return [term for term in terms(application.edition).terms if channel in (term.channels or Channel)]


def _length(whole: Road, term: Term) -> str:
    """A term whose beginning is not known yet: «60 календарных дней: определение срока аттестации»."""
    if term.unit is None:
        return next(day.title for day in whole.days if day.name == term.day)
    since = next(event.title for event in whole.events if event.name == term.since)
    return f"{plural(term.number, *DAYS[term.unit])} со дня события «{since}»"


def _titles(whole: Road, roles: Iterable[AnyRole]) -> str:
    return ", ".join(whole.title_of(role) for role in roles)


def _opening(title: str) -> str:
    """A title as a line begins with it."""
    return title[:1].upper() + title[1:]
