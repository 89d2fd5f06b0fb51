"""Sittings to come: named, changed, moved to another day with all their cases, cancelled. `journal` calls them sittings."""

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from peewee import ModelSelect, fn

from ....models import Application, Commission, Hearing, Sitting, User, database, locked
from ....procedure.refusal import Refusal
from ....procedure.road import EDITION, EDITIONS, road
from ....site import fields, journal
from ....site.cases import moves as case_moves
from ....site.dates import CITY, day_of
from ...access import Permission, require
from . import compositions, moves

CLOSED = "Это заседание отменено, идёт или уже проведено: изменить его нельзя."
# What the road of a sitting calls the move to another day; whatever may still be changed is where this move begins.
CHANGE_DAY, CANCEL = "change_day", "cancel"
MOST_CASES, LONGEST_SLOT = 10_000, 240
# So long it takes at least until a sitting can be held that nobody has named yet.
SOON = dt.timedelta(days=14)


@dataclass(frozen=True)
class Plan:
    """What is settled about a sitting before it is held. Without a composition it takes the one of its day."""

    held_on: dt.date
    begins_at: dt.time | None = None
    place: str = ""
    capacity: int | None = None
    slot_minutes: int = 10
    commission: Commission | None = None


# --- What there is ----------------------------------------------------------------------------------------------------------


def ahead(today: dt.date, edition: str = "") -> "ModelSelect[Sitting]":
    """The sittings that may still be chosen, the nearest first; for cases of this edition only, if it is named."""
    found = Sitting.select().where(Sitting.status == compositions.PLANNED, Sitting.held_on >= today)
    if edition:
        found = found.where(Sitting.edition == edition)
    return found.order_by(Sitting.held_on, Sitting.begins_at.asc(nulls="LAST"), Sitting.id)


def heard(sitting_ids: list[int]) -> dict[int, int]:
    """How many cases on the road are bound to each of these sittings; one query at most."""
    if not sitting_ids:
        return {}
    ends = {status.name for edition in EDITIONS for status in road("application", edition).states if status.final}
    bound = Application.sitting.in_(sitting_ids), Application.status.not_in(sorted(ends)), Application.merged_into.is_null()
    counted = Application.select(Application.sitting, fn.COUNT(Application.id)).where(*bound).group_by(Application.sitting)
    rows: Any = counted.tuples()
    return dict(rows)


def on_agenda(sitting_ids: list[int]) -> dict[int, int]:
    """How many cases stand on the agenda of each of these sittings; one query at most."""
    if not sitting_ids:
        return {}
    here = Hearing.select(Hearing.sitting, fn.COUNT(Hearing.id)).where(Hearing.sitting.in_(sitting_ids))
    rows: Any = here.group_by(Hearing.sitting).tuples()
    return dict(rows)


def taken(sittings: Iterable[Sitting]) -> dict[int, int]:
    """How full each of these is: before it is held all that are bound to it count, then its agenda; two queries at most."""
    ids = {one.id: changeable(one) for one in sittings}
    bound, agenda = heard([id for id, ahead in ids.items() if ahead]), on_agenda([id for id, ahead in ids.items() if not ahead])
    return {id: (bound if ahead else agenda).get(id, 0) for id, ahead in ids.items()}


def too_late(sitting: Sitting, case: Application) -> bool:
    """Whether the term of the case ends before the day of the sitting."""
    return case.due_on is not None and case.due_on < sitting.held_on


def changeable(sitting: Sitting) -> bool:
    """Whether its day and its agenda may still be changed: also of one that did not take place on its day."""
    return sitting.status in moves.move_of(sitting, CHANGE_DAY).sources


# --- Acts -------------------------------------------------------------------------------------------------------------------


def add(plan: Plan, *, edition: str = EDITION, by: User, on: dt.datetime) -> Sitting:
    """A sitting on a day to come for cases of this edition; Refusal for a second one at the same day and time."""
    require(by, Permission.KEEP_SITTINGS)
    values = _sound(plan, on)
    with database.atomic():
        _require_free(plan, None)
        made: Sitting = Sitting.create(**values, edition=edition)
        _note(made, "add_sitting", by, on)
    return made


def change(sitting: Sitting, plan: Plan, *, by: User, on: dt.datetime) -> Sitting:
    """Settle it otherwise. Day, time and place stay once cases stand on the agenda: `reschedule` tells those concerned."""
    require(by, Permission.KEEP_SITTINGS)
    _require_changeable(sitting)
    values = _sound(plan, on)
    with _whole(sitting):
        _require_free(plan, sitting)
        before = _when_and_where(sitting)
        _hold(sitting, **values)
        if before != _when_and_where(sitting) and _agenda(sitting):
            raise Refusal("Дела уже в повестке: день, время и место меняют с письмами педагогам, «Перенести заседание».")
        _require_room(sitting, 0)
        _note(sitting, "change_sitting", by, on)
    return sitting


def reschedule(
    sitting: Sitting, *, held_on: dt.date, begins_at: dt.time | None, place: str, reason: str, by: User, on: dt.datetime
) -> list[Application]:
    """Another day, time or place, with all cases on the agenda; their teachers get letters. Gives these cases.

    The time of those invited moves along. A composition that does not act on the new day gives way to the one that does.
    """
    require(by, Permission.KEEP_SITTINGS)
    named = sitting.commission if sitting.commission_id else None
    if named is not None and not named.acts_on(held_on):
        named = None
    plan = Plan(held_on, begins_at, place, sitting.capacity, sitting.slot_minutes, named)
    values, before = _sound(plan, on), _when_and_where(sitting)
    if before == tuple(values[name] for name in ("held_on", "begins_at", "place")):
        raise Refusal("Ничего не изменилось: день, время и место прежние.")
    with _whole(sitting):
        _require_free(plan, sitting)
        details = f"{before[0]:%d.%m.%Y} → {held_on:%d.%m.%Y}"
        moves.make(sitting, CHANGE_DAY, by=by, on=on, reason=reason, details=details, **values)
        _move_slots(sitting, before[0], before[1])
        cases = _agenda(sitting)
        told = case_moves.follow_all(cases, f"{moves.SUBJECT}.{CHANGE_DAY}", by=by, on=on, details=reason)
        for refusal in told.values():
            raise refusal
    return cases


def name_place(sitting: Sitting, *, begins_at: dt.time | None, place: str, by: User, on: dt.datetime) -> Sitting:
    """Time and place of a sitting that had none, before anybody was told."""
    named = sitting.commission if sitting.commission_id else None
    plan = Plan(sitting.held_on, begins_at, place, sitting.capacity, sitting.slot_minutes, named)
    return change(sitting, plan, by=by, on=on)


def cancel(sitting: Sitting, *, by: User, on: dt.datetime) -> Sitting:
    """Cancel a sitting to which no case is bound; Refusal says how many there are."""
    require(by, Permission.KEEP_SITTINGS)
    with _whole(sitting):
        moves.make(sitting, CANCEL, by=by, on=on)
        # A day that is chosen but not confirmed yet stands on no agenda.
        if count := heard([sitting.id]).get(sitting.id, 0):
            raise Refusal(f"Это заседание выбрано для дел ({count}). Сначала выберите для них другое.")
    return sitting


def hold_ahead(sitting: Sitting, edition: str, *, more: int, on: dt.datetime) -> Sitting:
    """The sitting as it is now, held until the transaction ends, if so many cases more of this edition may be bound to it.

    Refusal when it is over, cancelled or open, of another edition, or full.
    """
    held: Sitting = locked(Sitting.select().where(Sitting.id == sitting.id)).get()
    if not changeable(held) or held.held_on < day_of(on):
        raise Refusal("Это заседание отменено, уже открыто или прошло: выберите другое.")
    if held.edition != edition:
        raise Refusal("Это заседание рассматривает дела по другому порядку: выберите заседание своего порядка.")
    _require_room(held, more)
    return held


# --- Inside -----------------------------------------------------------------------------------------------------------------


def _sound(plan: Plan, on: dt.datetime) -> dict[str, Any]:
    if plan.held_on < day_of(on):
        raise Refusal("Этот день уже прошёл: назначьте заседание на день впереди.")
    fields.soon(plan.held_on, day_of(on))
    if plan.capacity is not None and not 1 <= plan.capacity <= MOST_CASES:
        raise Refusal(f"Дел на заседании может быть от 1 до {MOST_CASES}. Оставьте поле пустым, если предела нет.")
    if not 1 <= plan.slot_minutes <= LONGEST_SLOT:
        raise Refusal(f"На каждого приглашённого можно отвести от 1 до {LONGEST_SLOT} минут.")
    if plan.commission is not None and not plan.commission.acts_on(plan.held_on):
        raise Refusal(f"Состав ({plan.commission}) не действует {plan.held_on:%d.%m.%Y}: выберите другой.")
    return {
        "held_on": plan.held_on,
        "begins_at": plan.begins_at,
        "place": fields.line(Sitting.place, plan.place, required=False),
        "capacity": plan.capacity,
        "slot_minutes": plan.slot_minutes,
        "commission": plan.commission or compositions.of_day(plan.held_on),
    }


def _when_and_where(sitting: Sitting) -> tuple[dt.date, dt.time | None, str]:
    return sitting.held_on, sitting.begins_at, sitting.place


def _require_free(plan: Plan, but: Sitting | None) -> None:
    same = Sitting.held_on == plan.held_on, Sitting.status != "cancelled", Sitting.begins_at == plan.begins_at
    if any(but is None or other.id != but.id for other in Sitting.select().where(*same)):
        raise Refusal("Заседание на этот день и час уже есть в списке.")


def _require_changeable(sitting: Sitting) -> None:
    if not changeable(sitting):
        raise Refusal(CLOSED)


def _require_room(sitting: Sitting, more: int) -> None:
    """Refusal when so many cases more than are bound to it would be too many."""
    taken = heard([sitting.id]).get(sitting.id, 0)
    if sitting.capacity is not None and taken + more > sitting.capacity:
        raise Refusal(f"На заседании {sitting} дел уже {taken}, а рассчитано оно на {sitting.capacity}.")


def _agenda(sitting: Sitting) -> list[Application]:
    """The cases on the agenda, nobody else changes them until the transaction ends; in the order in which they are locked."""
    here = Hearing.select(Hearing.application).where(Hearing.sitting == sitting)
    mine = Application.select().where(Application.sitting == sitting, Application.id.in_(here))
    return list(locked(mine.order_by(Application.id)))


def _move_slots(sitting: Sitting, day: dt.date, begins_at: dt.time | None) -> None:
    """Those invited come as long after the beginning as before; with no beginning any more they wait for a time."""
    invited: Iterable[Hearing] = list(Hearing.select().where(Hearing.sitting == sitting, Hearing.slot_at.is_null(False)))
    # Emptied first: two may change places.
    Hearing.update(slot_at=None).where(Hearing.sitting == sitting).execute()
    if begins_at is None or sitting.begins_at is None:
        return
    by = starts(sitting.held_on, sitting.begins_at) - starts(day, begins_at)
    for hearing in invited:
        assert hearing.slot_at
        Hearing.update(slot_at=hearing.slot_at + by, version=Hearing.version + 1).where(Hearing.id == hearing.id).execute()


def starts(day: dt.date, time: dt.time) -> dt.datetime:
    """The moment of this time of the day in the city."""
    return dt.datetime.combine(day, time, CITY)


@contextmanager
def _whole(sitting: Sitting) -> Iterator[None]:
    """All of it or nothing, in the tables and in the sitting in hand."""
    before, related = dict(sitting.__data__), dict(sitting.__rel__)
    try:
        with database.atomic():
            yield
    except BaseException:
        sitting.__data__, sitting.__rel__ = before, related
        raise


def _hold(sitting: Sitting, **values: Any) -> None:
    """Write these columns and take the next version, if the sitting is still as the person saw it."""
    written = {**values, "version": sitting.version + 1}
    if not Sitting.update(written).where(Sitting.id == sitting.id, Sitting.version == sitting.version).execute():
        raise Refusal(moves.OVERTAKEN)
    for name, value in written.items():
        setattr(sitting, name, value)


def _note(sitting: Sitting, verb: str, by: User, on: dt.datetime, details: str = "") -> None:
    journal.write(by=by, on=on, verb=verb, subject=moves.SUBJECT, subject_id=sitting.id, details=details or str(sitting))
