"""What the person has to do in cases now: their duties and those of their roles, by term."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from peewee import Case, Expression, ModelSelect, fn

from ....models import Application, Duty, Sitting, User
from ....procedure.road import EDITIONS, road
from ....procedure.terms import TermState
from ....site.cases.calendar import counting_calendar
from ....site.cases.people import APPLICANTS, everywhere
from ....site.cases.sight import own_cases
from .due import Due, due
from .moves import FOLLOWED, address_of, followed

# How duties are grouped, the most pressing first.
GROUPS = {
    TermState.BROKEN: "Срок прошёл",
    TermState.LAST_DAY: "Последний день сегодня",
    TermState.SOON: "Скоро",
    TermState.FAR: "Время есть",
    None: "Без срока",
}


# What nobody does in one case by hand: it comes with a move of another road.
FOLLOWING = sorted({move.verb for edition in EDITIONS for move in road("application", edition).moves if move.follows})
# What a line tells of its case.
CASE = (
    *(Application.id, Application.edition, Application.number, Application.status, Application.position),
    *(Application.surname, Application.name, Application.patronymic),
)


@dataclass(frozen=True)
class Task:
    """A duty as a line: in which case, what to do, where, by when. What one sitting does in all its cases is one line."""

    case: Application | None
    title: str
    clause: str
    address: str | None
    due: Due | None
    cases: int = 1


@dataclass(frozen=True)
class Agenda:
    """Duties of one page, grouped; how many there are for each move, and in all. `listed`: those that fill pages."""

    groups: tuple[tuple[str, str, tuple[Task, ...]], ...]
    counts: tuple[tuple[str, str, int], ...]
    total: int
    listed: int
    pressing: int


def duties_of(user: User, today: dt.date) -> "ModelSelect[Duty]":
    """The duties of this person at desks: their own, and those of their roles in the office; not what waits for a teacher."""
    own = Duty.user == user, Duty.role.not_in(sorted(APPLICANTS))
    mine: Expression = own[0] & own[1]
    if roles := everywhere(user):
        mine = mine | (Duty.user.is_null() & Duty.role.in_(sorted(roles)))
    found = Duty.select().where(mine)
    theirs = own_cases(user, today)
    return found.where(Duty.application.not_in(theirs)) if theirs else found


def agenda(user: User, today: dt.date, edition: str, *, verb: str = "", page: int = 1, size: int = 50) -> Agenda:
    """What waits for the person, by term; five queries besides the calendar's and the person's."""
    mine = duties_of(user, today)
    whole, common = mine.where(Duty.verb.not_in(FOLLOWING)), _common(mine.where(Duty.verb.in_(FOLLOWING)), today)
    late = fn.SUM(Case(None, [(Duty.due_on <= today, 1)], 0))
    counted: Any = list(whole.select(Duty.verb, fn.COUNT(Duty.id), late).group_by(Duty.verb).tuples())
    counted += [(name, len(tasks), sum(_pressing(one, today) for one in tasks)) for name, tasks in common.items()]
    counts = sorted(((name, _title(edition, name), count) for name, count, _late in counted), key=lambda one: -one[2])
    shown = whole.where(Duty.verb == verb) if verb else whole
    rows = shown.select_extend(*CASE).join(Application).order_by(Duty.due_on.asc(nulls="LAST"), Duty.id)
    total = sum(count for name, _title_of, count in counts if name == verb or not verb)
    together = [one for name, tasks in common.items() if name == verb or not verb for one in tasks]
    tasks = [*(together if page == 1 else ()), *_tasks(rows.limit(size).offset((page - 1) * size), today)]
    pressing = sum(late or 0 for _name, _count, late in counted)
    return Agenda(_grouped(tasks), tuple(counts), total, total - len(together), pressing)


def _title(edition: str, verb: str) -> str:
    """What the move is called on the road of the installation, or of cases that began under another edition."""
    roads = [road("application", one) for one in (edition, *EDITIONS)]
    found = next((one, move) for one in roads for move in one.moves if move.verb == verb)
    return FOLLOWED.get(found[1].follows) or found[0].task(found[1])


def _common(duties: "ModelSelect[Duty]", today: dt.date) -> dict[str, list[Task]]:
    """Verb → what sittings do in all their cases at once, a line for each sitting; two queries besides the calendar's."""
    columns = Application.sitting, Application.edition, Duty.verb, fn.COUNT(Duty.id), fn.MIN(Duty.due_on), fn.MAX(Duty.term)
    joined: Any = duties.select(*columns).join(Application).group_by(*columns[:3]).order_by(fn.MIN(Duty.due_on), *columns[:3])
    rows = list(joined.tuples())
    if not rows:
        return {}
    ids = [row[0] for row in rows if row[0]]
    sittings = {one.id: one for one in Sitting.select().where(Sitting.id.in_(ids))} if ids else {}
    calendar, found = counting_calendar(), defaultdict[str, list[Task]](list)
    for sitting_id, edition, verb, cases, due_on, term in rows:
        move = road("application", edition).move(verb)
        title, address = followed(move, sittings.get(sitting_id))
        when = due(edition, term or "", due_on, today, calendar)
        task = Task(None, title, when.clause if when else move.clause, address, when, cases)
        found[verb].append(task)
    return found


def _pressing(task: Task, today: dt.date) -> bool:
    return task.due is not None and task.due.day <= today


def _tasks(rows: Iterable[Duty], today: dt.date) -> list[Task]:
    calendar = counting_calendar()
    found: dict[tuple[int, str], Task] = {}
    for row in rows:
        case = row.application
        whole = road("application", case.edition)
        move = whole.move(row.verb)
        # Who has a choice makes it on the page of the case, unless one page asks for it.
        places = {address_of(case, one.verb) for one in whole.choice(move)}
        term = due(case.edition, row.term, row.due_on, today, calendar)
        clause = term.clause if term else move.clause
        place = places.pop() if len(places) == 1 else None
        found.setdefault((case.id, row.verb), Task(case, whole.task(move), clause, place, term))
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
