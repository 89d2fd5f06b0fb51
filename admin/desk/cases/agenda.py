"""What the person has to do in cases now: their duties and those of their roles, by term."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from peewee import Expression, ModelSelect, fn

from ....models import Application, Duty, User
from ....procedure.road import road
from ....procedure.terms import TermState
from ....site.cases.calendar import office_calendar
from ....site.cases.people import everywhere
from ....site.cases.sight import within_sight
from .due import Due, due
from .moves import address_of

# How duties are grouped, the most pressing first.
GROUPS = {
    TermState.BROKEN: "Срок прошёл",
    TermState.LAST_DAY: "Последний день сегодня",
    TermState.SOON: "Скоро",
    TermState.FAR: "Время есть",
    None: "Без срока",
}


@dataclass(frozen=True)
class Task:
    """A duty as a line: in which case, what to do, where, by when."""

    case: Application
    title: str
    clause: str
    address: str | None
    due: Due | None


@dataclass(frozen=True)
class Agenda:
    """Duties of one page, grouped; how many there are for each move, and in all."""

    groups: tuple[tuple[str, str, tuple[Task, ...]], ...]
    counts: tuple[tuple[str, str, int], ...]
    total: int
    pressing: int


def duties_of(user: User, today: dt.date) -> "ModelSelect[Duty]":
    """The duties of this person in cases that they meet at a desk: their own, and those of their roles in the office."""
    mine: Expression = Duty.user == user
    if roles := everywhere(user):
        mine = mine | (Duty.user.is_null() & Duty.role.in_(sorted(roles)))
    filed = within_sight(user, today)
    return Duty.select(Duty, Application).join(Application).where(mine, filed, Application.merged_into.is_null())


def agenda(user: User, today: dt.date, *, verb: str = "", page: int = 1, size: int = 50) -> Agenda:
    """What waits for the person, by term; four queries besides the calendar's two."""
    whole = duties_of(user, today)
    counted: Any = (
        whole.select(Application.edition, Duty.verb, fn.COUNT(Duty.id), fn.MIN(Duty.due_on))
        .group_by(Application.edition, Duty.verb)
        .tuples()
    )
    counts = [(name, road("application", edition).move(name).title, count) for edition, name, count, _ in list(counted)]
    shown = whole.where(Duty.verb == verb) if verb else whole
    # A role and another one of the same person may wait for the same move: the case is one line.
    rows = shown.order_by(Duty.due_on.asc(nulls="LAST"), Duty.id).limit(size).offset((page - 1) * size)
    total = sum(count for name, _title, count in counts if name == verb or not verb)
    pressing = whole.where(Duty.due_on <= today).count()
    tasks = _tasks(rows, today)
    return Agenda(_grouped(tasks), tuple(sorted(counts, key=lambda one: -one[2])), total, pressing)


def _tasks(rows: Iterable[Duty], today: dt.date) -> list[Task]:
    calendar = office_calendar()
    found: dict[tuple[int, str], Task] = {}
    for row in rows:
        case = row.application
        move = road("application", case.edition).move(row.verb)
        term = due(case.edition, row.term, row.due_on, today, calendar)
        clause = term.clause if term else move.clause
        found.setdefault((case.id, row.verb), Task(case, move.title, clause, address_of(case, row.verb), term))
    return list(found.values())


def _grouped(tasks: list[Task]) -> tuple[tuple[str, str, tuple[Task, ...]], ...]:
    """Title of the group, its mark, its lines; groups without a line are left out."""
    whole = [
        (title, state.value if state else "none", [task for task in tasks if _state(task) is state])
        for state, title in GROUPS.items()
    ]
    return tuple((title, mark, tuple(lines)) for title, mark, lines in whole if lines)


def _state(task: Task) -> TermState | None:
    return task.due.state if task.due else None
