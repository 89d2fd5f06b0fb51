"""Cases that wait for a sitting, the nearest end of a term first, and putting many of them on its agenda (3.4.1)."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from peewee import ModelSelect

from ....models import Application, Duty, Sitting, User
from ....procedure.refusal import Refusal
from ....procedure.road import Move, road
from ....site.cases.sight import within_sight
from ....site.cases.story import SITTING_LETTER
from ....site.dates import day_of
from ...access import Permission, require
from ..cases import hearing

SITTING_DAY = "sitting_day"


@dataclass(frozen=True)
class Done:
    """What became of many cases: those on the agenda now, and why the others are not."""

    put: tuple[Application, ...]
    refused: tuple[tuple[Application, str], ...]


def entrance(edition: str) -> Move:
    """The move that puts a case of this edition on an agenda: the teacher hears of the sitting by it."""
    return next(move for move in road("application", edition).moves if SITTING_LETTER in move.letters)


def waiting(edition: str, user: User, today: dt.date) -> "ModelSelect[Application]":
    """The cases that wait for that move, as far as this person has to do with them; the nearest end of a term first."""
    due = Duty.select(Duty.application).where(Duty.verb == entrance(edition).verb)
    mine = Application.select().where(Application.edition == edition, Application.id.in_(due), within_sight(user, today))
    return mine.order_by(Application.due_on.asc(nulls="LAST"), Application.id)


def fitting(sitting: Sitting, user: User, today: dt.date) -> "ModelSelect[Application]":
    """Those of them that may be put on the agenda of this sitting: where somebody else chose the day, those that chose it."""
    found = waiting(sitting.edition, user, today)
    return found if SITTING_DAY in entrance(sitting.edition).sets else found.where(Application.sitting == sitting)


def put(sitting: Sitting, case_ids: Iterable[int], *, by: User, on: dt.datetime) -> Done:
    """Put these cases on the agenda, each in a transaction of its own; what is refused does not stop the others."""
    require(by, Permission.KEEP_SITTINGS)
    chosen = SITTING_DAY in entrance(sitting.edition).sets
    wanted = Application.select().where(Application.id.in_(list(case_ids)), within_sight(by, day_of(on)))
    done, refused = [], []
    for case in list(wanted.order_by(Application.due_on.asc(nulls="LAST"), Application.id)):
        try:
            if chosen:
                hearing.propose(case, sitting, by=by, on=on)
            else:
                _require_chosen(case, sitting)
                hearing.appoint_sitting(case, by=by, on=on)
            done.append(case)
        except Refusal as refusal:
            refused.append((case, refusal.sentence))
    return Done(tuple(done), tuple(refused))


def _require_chosen(case: Application, sitting: Sitting) -> None:
    if case.sitting_id != sitting.id:
        raise Refusal("Для этого дела выбрано другое заседание.")
