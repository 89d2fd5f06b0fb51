"""The reception's time: stretches opened for folders, closed again, and who did not come (3.1.2.4, 3-1.2)."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from peewee import ModelSelect

from ....models import Application, Slot, User, database
from ....procedure.refusal import Refusal
from ....site import fields, journal
from ....site.cases import appointments, duties, moves
from ....site.cases.calendar import office_calendar
from ....site.cases.transaction import all_or_nothing
from ....site.dates import CITY, day_of
from ...access import Permission, require

LONGEST_RANGE = dt.timedelta(days=92)
MOST_WINDOWS = 20
SUBJECT = "reception"


@dataclass(frozen=True)
class Hours:
    """When folders are taken: on the working days of a range, from an hour until another, at so many windows of one place."""

    first_day: dt.date
    last_day: dt.date
    begins: dt.time
    ends: dt.time
    windows: int
    place: str


@dataclass(frozen=True)
class Opened:
    """What came of opening: stretches made, those that were there already, days left out because they are off."""

    made: int
    present: int
    days_off: int


def open_slots(hours: Hours, *, edition: str, by: User, on: dt.datetime) -> Opened:
    """Open the stretches of these hours; what is open already stays as it is. Refusal for hours that hold none."""
    require(by, Permission.RUN_RECEPTION)
    place = fields.line(Slot.place, hours.place)
    _check(hours, day_of(on))
    calendar = office_calendar()
    days = [day for day in _days(hours) if calendar.is_working(day)]
    moments = [begins for day in days for begins in _moments(hours, day, appointments.length(edition)) if begins > on]
    if not moments:
        raise Refusal("В эти часы приёма нет: все дни выходные или время уже прошло.")
    rows = [
        {"starts_at": begins, "window": window, "place": place, "missed": False, "demo": False}
        for begins in moments
        for window in range(1, hours.windows + 1)
    ]
    with database.atomic():
        before = Slot.select().count()
        for start in range(0, len(rows), 500):
            Slot.insert_many(rows[start : start + 500]).on_conflict_ignore().execute()
        made = Slot.select().count() - before
        if made:
            details = f"{days[0]:%d.%m.%Y}–{days[-1]:%d.%m.%Y}, {hours.begins:%H:%M}–{hours.ends:%H:%M}, открыто: {made}"
            first: Slot = Slot.get(Slot.starts_at == moments[0], Slot.window == 1)
            _note("open_slots", first.id, by, on, details)
    return Opened(made, len(rows) - made, sum(1 for _ in _days(hours)) - len(days))


def close_slots(ids: Sequence[int], *, by: User, on: dt.datetime) -> int:
    """Close free stretches; taken ones stay. How many were closed."""
    require(by, Permission.RUN_RECEPTION)
    if not ids:
        raise Refusal("Отметьте часы, которые нужно закрыть.")
    with database.atomic():
        free = Slot.id.in_(list(ids)), Slot.application.is_null(), Slot.starts_at > on
        closed: int = Slot.delete().where(*free).execute()
        if not closed:
            raise Refusal("Свободных среди отмеченных часов уже нет: посмотрите расписание ещё раз.")
        _note("close_slots", min(ids), by, on, f"закрыто: {closed}")
    return closed


def miss(slot_id: int, *, by: User, on: dt.datetime) -> None:
    """Mark that nobody came: the case may book anew. Refusal before the time is over and for a folder that was taken."""
    require(by, Permission.RUN_RECEPTION)
    slot: Slot | None = Slot.get_or_none(Slot.id == slot_id, Slot.application.is_null(False))
    if slot is None:
        raise Refusal("На это время никто не записан.")
    application = Application.get_by_id(slot.application_id)
    if slot.starts_at > on:
        raise Refusal("Время приёма ещё не наступило.")
    if appointments.received(application):
        raise Refusal("Папка принята: значит, пришли.")
    with all_or_nothing(application):
        moves.hold(application, on=on)
        if not Slot.update(missed=True).where(Slot.id == slot.id, ~Slot.missed).execute():
            raise Refusal("Уже отмечено, что не пришли.")
        duties.refresh(application, day_of(on))
        journal.write(
            by=by,
            on=on,
            verb="miss_appointment",
            subject=moves.SUBJECT,
            subject_id=application.id,
            details=appointments.moment(slot),
        )


def of_day(day: dt.date) -> "ModelSelect[Slot]":
    """The stretches of a day in their order, with the cases that took them; one query."""
    midnight, last = (dt.datetime.combine(day, time, CITY) for time in (dt.time.min, dt.time.max))
    during = Slot.starts_at >= midnight, Slot.starts_at <= last
    whole = Slot.select(Slot, Application).left_outer_join(Application).where(*during)
    return whole.order_by(Slot.starts_at, Slot.window)


def days(first: dt.date, most: int) -> list[tuple[dt.date, int, int]]:
    """The coming days with hours, this one included: the day, how many stretches, how many of them are taken; one query."""
    midnight = dt.datetime.combine(first, dt.time(), CITY)
    coming = Slot.select(Slot.starts_at, Slot.application).where(Slot.starts_at >= midnight).order_by(Slot.starts_at)
    whole = [(day, list(slots)) for day, slots in groupby(coming, key=lambda slot: day_of(slot.starts_at))]
    return [(day, len(slots), sum(slot.application_id is not None for slot in slots)) for day, slots in whole[:most]]


def _check(hours: Hours, today: dt.date) -> None:
    if hours.first_day > hours.last_day:
        raise Refusal("Последний день раньше первого: поменяйте их местами.")
    if hours.last_day < today:
        raise Refusal("Эти дни уже прошли: выберите будущие.")
    fields.soon(hours.last_day, today)
    if hours.last_day - hours.first_day > LONGEST_RANGE:
        raise Refusal(f"За один раз открывают не больше {LONGEST_RANGE.days} дней: сократите промежуток.")
    if hours.begins >= hours.ends:
        raise Refusal("Приём кончается раньше, чем начинается: исправьте часы.")
    if not 1 <= hours.windows <= MOST_WINDOWS:
        raise Refusal(f"Укажите число окон от 1 до {MOST_WINDOWS}.")


def _days(hours: Hours) -> Iterator[dt.date]:
    day = hours.first_day
    while day <= hours.last_day:
        yield day
        day += dt.timedelta(days=1)


def _moments(hours: Hours, day: dt.date, length: dt.timedelta) -> Iterator[dt.datetime]:
    """When stretches of this length begin on the day, the last one ending within the hours."""
    begins, over = (dt.datetime.combine(day, time, CITY) for time in (hours.begins, hours.ends))
    while begins + length <= over:
        yield begins.astimezone(dt.UTC)
        begins += length


def _note(verb: str, first: int, by: User, on: dt.datetime, details: str) -> None:
    """Tell the journal of several stretches, under the number of the first."""
    journal.write(by=by, on=on, verb=verb, subject=SUBJECT, subject_id=first, details=details)
