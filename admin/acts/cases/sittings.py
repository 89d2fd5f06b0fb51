"""The list of sittings of the commission: added, given another time or place, cancelled. `journal` calls them sittings."""

import datetime as dt
from typing import Any

from peewee import ModelSelect, fn

from ....models import Application, Sitting, User, database
from ....procedure.refusal import Refusal
from ....procedure.road import EDITIONS, road
from ....site import fields, journal
from ....site.dates import day_of
from ...access import Permission, require

OVERTAKEN = "Заседание уже изменено другим сотрудником. Посмотрите, что изменилось, и, если нужно, повторите."
SUBJECT = "sitting"


def ahead(today: dt.date) -> "ModelSelect[Sitting]":
    """The sittings that may still be chosen, the nearest first."""
    return Sitting.select().where(Sitting.status == "planned", Sitting.held_on >= today).order_by(Sitting.held_on, Sitting.id)


def heard(sitting_ids: list[int]) -> dict[int, int]:
    """How many cases on the road are bound to each of these sittings; one query."""
    ends = {status.name for edition in EDITIONS for status in road("application", edition).states if status.final}
    bound = Application.sitting.in_(sitting_ids), Application.status.not_in(sorted(ends)), Application.merged_into.is_null()
    counted = Application.select(Application.sitting, fn.COUNT(Application.id)).where(*bound).group_by(Application.sitting)
    rows: Any = counted.tuples()
    return dict(rows)


def add(*, held_on: dt.date, begins_at: dt.time | None, place: str, by: User, on: dt.datetime) -> Sitting:
    """A sitting on a day to come; Refusal for a second one at the same day and time."""
    require(by, Permission.KEEP_SITTINGS)
    values = _sound(held_on, begins_at, place, on)
    with database.atomic():
        _require_free(held_on, begins_at, None)
        made: Sitting = Sitting.create(**values)
        _note(made, "add_sitting", by, on)
    return made


def change(sitting: Sitting, *, held_on: dt.date, begins_at: dt.time | None, place: str, by: User, on: dt.datetime) -> Sitting:
    """Another time or place. Another day only while no case is bound to it: a move tells each of those whom it concerns."""
    require(by, Permission.KEEP_SITTINGS)
    _require_open(sitting, on)
    values = _sound(held_on, begins_at, place, on)
    if held_on != sitting.held_on and heard([sitting.id]):
        raise Refusal(
            "День этого заседания уже назначен педагогам. Перенесите их дела со страниц заявлений, а новый день добавьте"
            " отдельным заседанием."
        )
    with database.atomic():
        _require_free(held_on, begins_at, sitting)
        _hold(sitting, **values)
        _note(sitting, "change_sitting", by, on)
    return sitting


def cancel(sitting: Sitting, *, by: User, on: dt.datetime) -> Sitting:
    """Cancel a sitting to which no case is bound; Refusal says how many there are."""
    require(by, Permission.KEEP_SITTINGS)
    _require_open(sitting, on)
    with database.atomic():
        _hold(sitting, status="cancelled")
        if count := heard([sitting.id]).get(sitting.id, 0):
            raise Refusal(f"На это заседание вынесены дела ({count}). Сначала перенесите их на другое заседание.")
        _note(sitting, "cancel_sitting", by, on)
    return sitting


def as_seen(sitting: Sitting, version: int | None) -> Sitting:
    """The sitting, if it is still the version that the screen showed; Refusal if somebody was quicker."""
    if sitting.version != version:
        raise Refusal(OVERTAKEN)
    return sitting


def _sound(held_on: dt.date, begins_at: dt.time | None, place: str, on: dt.datetime) -> dict[str, Any]:
    if held_on < day_of(on):
        raise Refusal("Этот день уже прошёл: назначьте заседание на день впереди.")
    fields.soon(held_on, day_of(on))
    return {"held_on": held_on, "begins_at": begins_at, "place": fields.line(Sitting.place, place, required=False)}


def _require_free(held_on: dt.date, begins_at: dt.time | None, but: Sitting | None) -> None:
    same = Sitting.held_on == held_on, Sitting.status != "cancelled", Sitting.begins_at == begins_at
    if any(but is None or other.id != but.id for other in Sitting.select().where(*same)):
        raise Refusal("Заседание на этот день и час уже есть в списке.")


def _require_open(sitting: Sitting, on: dt.datetime) -> None:
    if sitting.status != "planned" or sitting.held_on < day_of(on):
        raise Refusal("Это заседание отменено или уже прошло: изменить его нельзя.")


def _hold(sitting: Sitting, **values: Any) -> None:
    """Write these columns and take the next version, if the sitting is still as the person saw it."""
    written = {**values, "version": sitting.version + 1}
    if not Sitting.update(written).where(Sitting.id == sitting.id, Sitting.version == sitting.version).execute():
        raise Refusal(OVERTAKEN)
    for name, value in written.items():
        setattr(sitting, name, value)


def _note(sitting: Sitting, verb: str, by: User, on: dt.datetime) -> None:
    journal.write(by=by, on=on, verb=verb, subject=SUBJECT, subject_id=sitting.id, details=str(sitting))
