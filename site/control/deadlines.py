"""Whether the terms of cases were kept: today by what waits, over a period by what has happened.

Counted by groups of equal days, not case by case: a hundred thousand cases are some thousands of groups.
"""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from peewee import JOIN, SQL, Case, Expression, ModelSelect, fn

from ...models import Application, CaseEvent, Duty, Review, Sitting, User
from ...procedure.road import EDITION, EDITIONS, has_road, road
from ...procedure.shape import AnyRole
from ...procedure.terms import CASE, Term, TermState, Unit, terms
from ...procedure.words import CaseRole
from ...procedure.working_days import Calendar
from ..cases.sight import own_cases

# What can be near its end: no term is called soon earlier than so many days before.
NEAR = dt.timedelta(days=45)
# Whoever answers for a term by name and not by office.
PEOPLE: dict[AnyRole, Any] = {CaseRole.GROUP_LEADER: Application.group_leader, CaseRole.MAIN_EXPERT: Review.expert}
# Named days that stand in a column of the case.
DAYS: dict[str, Any] = {
    "term_ends": Application.term_ends,
    "term_begins": Application.term_begins,
    "review_day": Application.review_day,
    "sitting_day": Sitting.held_on,
}
# The event that meets a term, beside the one that begins it.
UNTIL = CaseEvent.alias("until")
# How much longer in calendar days a term in working days can be than twice its length: the holidays of January and of May.
HOLIDAYS = 20


# --- Today ------------------------------------------------------------------------------------------------------------------


@dataclass
class Waiting:
    """Records of one kind in which a term is broken or at risk; cases by whoever answers too. `user`: None for a role."""

    edition: str
    term: Term
    role: str = ""
    user: int | None = None
    name: str = ""
    kind: str = CASE
    counts: Counter[TermState] = field(default_factory=Counter)

    def add(self, state: TermState, count: int) -> None:
        self.counts[state] += count


def waiting(user: User, today: dt.date, calendar: Calendar) -> list[Waiting]:
    """What is broken and what is at risk today, the most broken first; three queries."""
    grouped: Any = (
        _due(user, today)
        .select(Application.edition, Duty.term, Duty.role, Duty.user, Duty.due_on, fn.COUNT(fn.DISTINCT(Duty.application)))
        .group_by(Application.edition, Duty.term, Duty.role, Duty.user, Duty.due_on)
        .tuples()
    )
    found: dict[tuple[Any, ...], Waiting] = {}
    for edition, name, role, user_id, day, count in grouped:
        term = terms(edition).term(name)
        state = state_of(term, day, today, calendar)
        if state is not TermState.FAR:
            key = (edition, name, role, user_id)
            found.setdefault(key, Waiting(edition, term, role, user_id)).add(state, count)
    names = names_of(one.user for one in found.values())
    for one in found.values():
        one.name = names.get(one.user or 0, "")
    order = (TermState.BROKEN, TermState.LAST_DAY, TermState.SOON)
    return sorted(found.values(), key=lambda one: [-one.counts[state] for state in order])


def state_of(term: Term, act_by: dt.date, today: dt.date, calendar: Calendar) -> TermState:
    """How near the last working day of a term is."""
    if today > act_by:
        return TermState.BROKEN
    if today == act_by:
        return TermState.LAST_DAY
    return TermState.SOON if calendar.working_days(today, act_by) <= term.soon else TermState.FAR


def waiting_cases(
    user: User, today: dt.date, calendar: Calendar, *, edition: str, term: str, role: str, person: int, state: str
) -> "ModelSelect[Duty]":
    """The duties behind a figure of `waiting`, the longest broken first; empty words and 0 ask for everything."""
    found = _due(user, today)
    wanted = (
        (edition, Application.edition == edition),
        (term, Duty.term == term),
        (role, Duty.role == role),
        (person, Duty.user == person),
    )
    for word, condition in wanted:
        found = found.where(condition) if word else found
    if state == TermState.BROKEN:
        found = found.where(Duty.due_on < today)
    elif state == TermState.LAST_DAY:
        found = found.where(Duty.due_on == today)
    else:
        found = found.where(Duty.due_on > today) if state == TermState.SOON else found
        found = found.where(_not_far(today, calendar))
    # Who may do either of two things by one term has one term to keep.
    first = Duty.select(fn.MIN(Duty.id)).group_by(Duty.application, Duty.term, Duty.role, Duty.user)
    return found.where(Duty.id.in_(first)).order_by(Duty.due_on, Duty.id)


def _due(user: User, today: dt.date) -> "ModelSelect[Duty]":
    found = Duty.select().join(Application).where(Duty.term != "", Duty.due_on <= today + NEAR)
    own = own_cases(user, today)
    return found.where(Application.id.not_in(own)) if own else found


def _not_far(today: dt.date, calendar: Calendar) -> Expression:
    """The condition for duties whose term is near its end, each term by its own measure."""
    found: Expression = Duty.id.is_null()
    for edition in EDITIONS:
        for term in terms(edition).terms:
            last = calendar.working_day_after(today, term.soon) if term.soon else today
            found = found | ((Application.edition == edition) & (Duty.term == term.name) & (Duty.due_on <= last))
    return found


# --- Over a period ----------------------------------------------------------------------------------------------------------


@dataclass
class Kept:
    """How a term that ended in the period was kept: in time, late, or not at all until today. `user`: who answered by name."""

    edition: str
    term: Term
    user: int | None = None
    name: str = ""
    kind: str = CASE
    met: int = 0
    late: int = 0
    missed: int = 0

    def add(self, outcome: str, count: int) -> None:
        setattr(self, outcome, getattr(self, outcome) + count)

    @property
    def broken(self) -> int:
        return self.late + self.missed

    @property
    def total(self) -> int:
        return self.met + self.broken

    @property
    def share(self) -> int:
        """Broken ones in a hundred, rounded up so that one of many is not none."""
        return -(-self.broken * 100 // self.total) if self.total else 0


@dataclass(frozen=True)
class Broken:
    """A term broken in a case: when it ended, and when it was met, if it was."""

    case: int
    edition: str
    term: Term
    user: int | None
    ends: dt.date
    met: dt.date | None


def kept(first: dt.date, last: dt.date, today: dt.date, calendar: Calendar) -> list[Kept]:
    """All terms that ended between two days, both included, by term and person; one query for each term, one for names."""
    found: dict[tuple[Any, ...], Kept] = {}
    for edition, term in known():
        ends = _end_of(term, calendar)
        columns = _columns(term)
        # By place: PostgreSQL does not know two expressions with parameters of their own for the same.
        places = [SQL(str(place)) for place in range(1, len(columns) + 1)]
        counted = _window(edition, term, first, last).select(*columns, fn.COUNT(Application.id)).group_by(*places)
        rows: Any = counted.tuples()
        for *row, count in rows:
            outcome = _outcome(row, ends, today)
            if outcome and first <= outcome[1] <= last:
                found.setdefault((edition, term.name, row[0]), Kept(edition, term, row[0])).add(outcome[0], count)
    names = names_of(line.user for line in found.values())
    for line in found.values():
        line.name = names.get(line.user or 0, "")
    return sorted(found.values(), key=lambda line: (-line.broken, line.edition, line.term.title))


def broken(
    first: dt.date, last: dt.date, today: dt.date, calendar: Calendar, *, edition: str = "", term: str = "", person: int = 0
) -> list[Broken]:
    """The broken ones of them case by case, by the day of the end; empty words and 0 ask for everything."""
    found = []
    for named, one in known():
        if (edition and named != edition) or (term and one.name != term):
            continue
        ends = _end_of(one, calendar)
        rows = _window(named, one, first, last).select(Application.id, *_columns(one)).tuples()
        for case, *row in rows.iterator():
            outcome = _outcome(row, ends, today)
            if outcome and outcome[0] != "met" and first <= outcome[1] <= last and (not person or row[0] == person):
                found.append(Broken(case, named, one, row[0], outcome[1], row[3]))
    return sorted(found, key=lambda one: (one.ends, one.case))


def known() -> Iterator[tuple[str, Term]]:
    """Every term of cases under every edition."""
    for edition in EDITIONS:
        for term in terms(edition).terms:
            yield edition, term


def _window(edition: str, term: Term, first: dt.date, last: dt.date) -> "ModelSelect[CaseEvent]":
    """Cases in which the term began and may have ended between two days, with what has become of it."""
    met = (UNTIL.application == Application.id) & (UNTIL.name == term.until)
    found = (
        CaseEvent.select()
        .join(Application)
        .join(UNTIL, JOIN.LEFT_OUTER, on=met)
        .where(CaseEvent.name == term.since, Application.edition == edition, Application.merged_into.is_null())
    )
    if term.channels:
        found = found.where(Application.channel.in_([channel.value for channel in term.channels]))
    if term.day:
        if DAYS[term.day] is Sitting.held_on:
            found = found.join_from(Application, Sitting, JOIN.LEFT_OUTER)
        found = found.where(DAYS[term.day] >= first, DAYS[term.day] <= last)
    else:
        longest = term.number if term.unit is Unit.CALENDAR_DAYS else term.number * 2
        found = found.where(CaseEvent.day >= first - dt.timedelta(days=longest + HOLIDAYS), CaseEvent.day <= last)
    if _person(term) is Review.expert:
        judging = (Review.application == Application.id) & (Review.role == CaseRole.MAIN_EXPERT) & Review.ended_at.is_null()
        found = found.join_from(Application, Review, JOIN.LEFT_OUTER, on=judging)
    return found


def _columns(term: Term) -> tuple[Any, ...]:
    """Who answers, when it began, the named day, when it was met, when the case was closed, whether the term still runs."""
    unmet = UNTIL.day.is_null()
    runs = Application.status.in_(term.runs_in)
    person = _person(term)
    return (
        person if person is not None else Case(None, [(Application.id.is_null(), 0)], None),
        CaseEvent.day,
        DAYS[term.day] if term.day else CaseEvent.day,
        UNTIL.day,
        Application.closed_on,
        Case(None, [(unmet & runs, 1)], 0),
    )


def _person(term: Term) -> Any:
    return next((PEOPLE[role] for role in term.responsible if role in PEOPLE), None)


def _end_of(term: Term, calendar: Calendar) -> Callable[[dt.date, dt.date], dt.date]:
    """When the term ends that began on a day, or that lasts until a named one."""

    @cache
    def end(begins: dt.date, named: dt.date) -> dt.date:
        return named if term.day else term.end(begins, calendar)

    return end


def _outcome(row: list[Any], ends: Callable[..., dt.date], today: dt.date) -> tuple[str, dt.date] | None:
    """What has become of a term, and its end; None where nothing has."""
    _person_id, begins, named, met, closed, runs = row
    end = ends(begins, named)
    found = became(end, met=met, closed=closed, runs=bool(runs), today=today)
    return (found, end) if found else None


def became(end: dt.date, *, met: dt.date | None, closed: dt.date | None, runs: bool, today: dt.date) -> str | None:
    """What has become of a term: `met`, `late` or `missed`; None while it runs and where the record ended before it did."""
    if met is not None:
        return "met" if met <= end else "late"
    over = closed > end if closed is not None else runs and today > end
    return "missed" if over else None


def names_of(ids: Iterable[int | None]) -> dict[int, str]:
    wanted = {id for id in ids if id}
    return (
        {user.id: user.full_name for user in User.select(User.id, User.full_name).where(User.id.in_(wanted))} if wanted else {}
    )


def title_of(edition: str, term: Term, kind: str = CASE) -> str:
    """Who answers for the term, in the words of the source."""
    whole = road(kind, edition if has_road(kind, edition) else EDITION)
    return ", ".join(whole.title_of(role) for role in term.responsible)
