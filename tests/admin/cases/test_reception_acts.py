"""The reception's time: opened on working days only, closed while nobody has taken it, missed by whoever did not come."""

import datetime as dt
from dataclasses import replace

import pytest

from attestation.admin.acts.cases import reception
from attestation.admin.acts.cases.reception import Hours
from attestation.models import CalendarException, Duty, JournalEntry, Slot
from attestation.procedure.refusal import Refusal
from attestation.site.cases import appointments, moves
from attestation.tests.cases import SPB, World

# Thursday to Tuesday, a weekend within; the day of the world is Tuesday, 10 March 2026.
HOURS = Hours(dt.date(2026, 3, 12), dt.date(2026, 3, 17), dt.time(10), dt.time(11), 2, "каб. 5")


def opened(world: World, **changes: object) -> reception.Opened:
    return reception.open_slots(replace(HOURS, **changes), edition=SPB, by=world.cast.reception, on=world.now)


def refused(world: World, **changes: object) -> str:
    with pytest.raises(Refusal) as found:
        opened(world, **changes)
    return found.value.sentence


def test_hours_are_opened_on_working_days(world: World) -> None:
    CalendarException.create(day=dt.date(2026, 3, 13), working=False, note="санитарный день")
    found = opened(world)
    # Thursday, Monday and Tuesday: four stretches at two windows each.
    assert found == reception.Opened(made=24, present=0, days_off=3)
    first = [slot for slot in reception.of_day(HOURS.first_day)]
    moscow = dt.timezone(dt.timedelta(hours=3))
    assert [(slot.starts_at.astimezone(moscow).strftime("%d %H:%M"), slot.window) for slot in first] == [
        (f"12 10:{minute:02}", window) for minute in (0, 15, 30, 45) for window in (1, 2)
    ]
    assert {slot.place for slot in first} == {"каб. 5"}
    entry = JournalEntry.get(JournalEntry.verb == "open_slots")
    assert (entry.details, entry.subject, entry.subject_id) == (
        "12.03.2026–17.03.2026, 10:00–11:00, открыто: 24",
        "reception",
        first[0].id,
    )


def test_what_is_open_already_stays_with_whoever_took_it(world: World) -> None:
    opened(world)
    case = world.filled(SPB, way="")
    slot = reception.of_day(HOURS.first_day).first()
    appointments.book(case, slot.id, by=world.teacher, on=world.now)
    assert opened(world, windows=3) == reception.Opened(made=16, present=32, days_off=2)
    assert Slot.get_by_id(slot.id).application_id == case.id
    assert opened(world, windows=3).made == 0
    assert JournalEntry.select().where(JournalEntry.verb == "open_slots").count() == 2


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"last_day": dt.date(2026, 3, 11)}, "Последний день раньше первого: поменяйте их местами."),
        (
            {"first_day": dt.date(2026, 3, 2), "last_day": dt.date(2026, 3, 6)},
            "Эти дни уже прошли: выберите будущие.",
        ),
        ({"last_day": dt.date(2026, 12, 31)}, "За один раз открывают не больше 92 дней: сократите промежуток."),
        ({"ends": dt.time(10)}, "Приём кончается раньше, чем начинается: исправьте часы."),
        ({"windows": 0}, "Укажите число окон от 1 до 20."),
        ({"windows": 21}, "Укажите число окон от 1 до 20."),
        ({"place": " "}, "Заполните поле «Место»."),
        (
            {"first_day": dt.date(2026, 3, 14), "last_day": dt.date(2026, 3, 15)},
            "В эти часы приёма нет: все дни выходные или время уже прошло.",
        ),
        ({"ends": dt.time(10, 14)}, "В эти часы приёма нет: все дни выходные или время уже прошло."),
    ],
)
def test_hours_that_hold_nothing_are_refused(world: World, changes: dict[str, object], sentence: str) -> None:
    assert refused(world, **changes) == sentence
    assert Slot.select().count() == 0


def test_free_hours_are_closed_and_taken_ones_stay(world: World) -> None:
    opened(world, last_day=HOURS.first_day, windows=1)
    slots = list(reception.of_day(HOURS.first_day))
    appointments.book(world.filled(SPB, way=""), slots[0].id, by=world.teacher, on=world.now)
    ids = [slots[0].id, slots[1].id, slots[3].id]
    assert reception.close_slots(ids, by=world.cast.secretary, on=world.now) == 2
    assert [slot.id for slot in reception.of_day(HOURS.first_day)] == [slots[0].id, slots[2].id]
    assert JournalEntry.get(JournalEntry.verb == "close_slots").details == "закрыто: 2"
    for nothing in ([], ids):
        with pytest.raises(Refusal):
            reception.close_slots(nothing, by=world.cast.secretary, on=world.now)


def test_whoever_did_not_come_may_book_anew(world: World) -> None:
    case = world.walk(world.filled(SPB, way="paper"), "registered")
    slot = appointments.booked(case)
    assert slot is not None
    after = slot.starts_at + dt.timedelta(hours=1)
    reception.miss(slot.id, by=world.cast.reception, on=after)
    assert (Slot.get_by_id(slot.id).missed, appointments.booked(case)) == (True, None)
    entry = JournalEntry.get(JournalEntry.verb == "miss_appointment")
    assert (entry.subject, entry.subject_id, entry.details) == ("application", case.id, appointments.moment(slot))
    waiting = {duty.verb for duty in Duty.select().where(Duty.application == case)}
    assert "book_appointment" in waiting and "receive_portfolio" not in waiting
    new = world.slot(days=20)
    case = type(case).get_by_id(case.id)
    assert appointments.book(case, new.id, by=world.teacher, on=after).id == new.id


def test_what_is_no_miss(world: World) -> None:
    case = world.walk(world.filled(SPB, way="paper"), "registered")
    slot, free = appointments.booked(case), world.slot(days=3)
    assert slot is not None
    after = slot.starts_at + dt.timedelta(hours=1)

    def refused(slot_id: int, on: dt.datetime) -> str:
        with pytest.raises(Refusal) as found:
            reception.miss(slot_id, by=world.cast.reception, on=on)
        return found.value.sentence

    assert refused(free.id, after) == "На это время никто не записан."
    assert refused(slot.id, world.now) == "Время приёма ещё не наступило."
    moves.mark(case, "portfolio_received", after.date())
    assert refused(slot.id, after) == "Папка принята: значит, пришли."
    assert Slot.get_by_id(slot.id).missed is False


def test_only_the_reception_keeps_its_time(world: World) -> None:
    for person in (world.cast.expert, world.cast.deputy, world.cast.admin, world.teacher):
        for act in (
            lambda person=person: reception.open_slots(HOURS, edition=SPB, by=person, on=world.now),
            lambda person=person: reception.close_slots([1], by=person, on=world.now),
            lambda person=person: reception.miss(1, by=person, on=world.now),
        ):
            with pytest.raises(Refusal, match="приём папок по записи"):
                act()
