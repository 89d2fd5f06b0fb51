"""What of the commission waits for whoever keeps its sittings: those that are near, cases that none of them hears in time."""

import datetime as dt
from dataclasses import dataclass

from peewee import Case, fn

from ....models import Application, Hearing, Sitting, User
from ...access import Permission, may
from ...acts.commission import compositions, proposals, sittings, terms

# So far ahead a sitting is near.
NEAR = dt.timedelta(days=14)


@dataclass(frozen=True)
class Near:
    """A sitting that is near or was not held on its day: how many cases, what it still lacks."""

    sitting: Sitting
    taken: int
    lacks: tuple[str, ...]


@dataclass(frozen=True)
class Waiting:
    """Sittings at hand, and those to be ended or whose minutes are to be signed; how many cases wait for one, and of how many
    the term ends before the next sitting (`upcoming`)."""

    near: tuple[Near, ...]
    unfinished: tuple[terms.Due, ...]
    cases: int
    late: int
    upcoming: Sitting | None

    def __bool__(self) -> bool:
        return bool(self.near or self.unfinished or self.cases)


def waiting(user: User, today: dt.date, edition: str) -> Waiting | None:
    """What waits; None for whoever does not keep sittings. Six queries besides those for the person."""
    if not may(user, Permission.KEEP_SITTINGS):
        return None
    planned = Sitting.select().where(Sitting.status == compositions.PLANNED).order_by(Sitting.held_on, Sitting.id)
    # One that nobody needed hurts nobody when its day has passed.
    needed = (Sitting.held_on >= today) | Sitting.id.in_(Hearing.select(Hearing.sitting))
    found = list(planned.where(Sitting.held_on <= today + NEAR, needed))
    # To one of today nobody is invited any more.
    upcoming = sittings.ahead(today, edition).where(Sitting.held_on > today).first()
    taken = sittings.taken(found)
    before = upcoming.held_on if upcoming else today + sittings.SOON
    late = fn.COALESCE(fn.SUM(Case(None, [(Application.due_on < before, 1)], 0)), 0)
    columns = fn.COUNT(Application.id), late
    cases, too_late = proposals.waiting(edition, user, today).select(*columns).order_by().tuples()[0]
    near = tuple(Near(one, taken[one.id], _lacks(one, taken[one.id], today)) for one in found)
    return Waiting(near, tuple(terms.due(today)), cases, too_late, upcoming)


def _lacks(sitting: Sitting, taken: int, today: dt.date) -> tuple[str, ...]:
    lacks = {
        "день прошёл, а заседание не открыто": sitting.held_on < today,
        "нет состава комиссии": sitting.commission_id is None,
        "не указано место": not sitting.place,
        "не указано время": sitting.begins_at is None,
        "нет дел": not taken,
    }
    return tuple(said for said, true in lacks.items() if true)
