"""Appointments for the folder: what is offered, taken, moved and given back, and two people at once."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from playhouse.test_utils import count_queries

from attestation import models
from attestation.models import Application, Duty, JournalEntry, Letter, Slot
from attestation.procedure.refusal import Refusal
from attestation.site.cases import appointments, moves
from attestation.site.dates import CITY
from attestation.tests.cases import LENOBL, SPB, World

MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def case(world: World) -> Application:
    """Filed on the day of the world, the folder still to be brought."""
    return world.walk(world.filled(SPB, way="paper", filed_on=None), "received")


def free_draft(world: World, **columns: object) -> Application:
    return world.filled(SPB, way="", **columns)


def taken(case: Application) -> list[tuple[dt.datetime, int, bool]]:
    mine = Slot.select().where(Slot.application == case).order_by(Slot.starts_at)
    return [(slot.starts_at, slot.window, slot.missed) for slot in mine]


def letters(case: Application) -> list[str]:
    return [letter.name for letter in case.letters.where(Letter.channel == "cabinet").order_by(Letter.id)]


# --- What is offered --------------------------------------------------------------------------------------------------------


def test_days_up_to_the_end_of_the_term_are_offered(world: World) -> None:
    case = free_draft(world)
    soon, second = world.slot(days=1), world.slot(days=1, window=2)
    last, later = world.slot(days=30), world.slot(days=31)
    Slot.update(missed=False).execute()
    gone = Slot.create(starts_at=world.now - MINUTE, window=1, place="каб. 5")
    other = world.book(free_draft(world, teacher=world.other_teacher), world.slot(days=2))
    offer = appointments.offer(case, on=world.now)
    # 9 April 2026 is a Thursday, thirty days after 10 March.
    assert (offer.until, offer.late, offer.term.clause) == (dt.date(2026, 4, 9), False, "2.4")
    assert [(day.on, list(day.slots)) for day in offer.days] == [
        (dt.date(2026, 3, 11), [soon]),
        (dt.date(2026, 4, 9), [last]),
    ]
    assert {gone.id, later.id, second.id, other.id}.isdisjoint(slot.id for day in offer.days for slot in day.slots)


def test_the_term_counts_from_the_day_of_filing(world: World, case: Application) -> None:
    world.slot(days=30)
    ten_days_later = world.now + dt.timedelta(days=10)
    offer = appointments.offer(case, on=ten_days_later)
    assert (offer.until, len(offer.days)) == (dt.date(2026, 4, 9), 1)


def test_who_has_missed_the_term_is_not_turned_away(world: World, case: Application) -> None:
    late = world.now + dt.timedelta(days=40)
    slot = world.slot(days=45)
    offer = appointments.offer(case, on=late)
    assert (offer.late, [list(day.slots) for day in offer.days]) == (True, [[slot]])
    assert appointments.book(case, slot.id, by=world.teacher, on=late).id == slot.id


def test_an_offer_costs_three_queries(world: World) -> None:
    case = free_draft(world)
    for days in range(1, 20):
        world.slot(days=days)
    with count_queries() as counter:
        assert len(appointments.offer(case, on=world.now).days) == 19
    assert counter.count == 3


def test_only_the_city_takes_folders_by_appointment() -> None:
    assert [appointments.taken_by_appointment(edition) for edition in (SPB, LENOBL)] == [True, False]
    assert appointments.length(SPB) == dt.timedelta(minutes=15)


# --- Booking ----------------------------------------------------------------------------------------------------------------


def test_a_booked_time_is_taken_told_and_written_down(world: World) -> None:
    case, slot = free_draft(world), world.slot(days=3, hour=9, minute=15)
    appointments.book(case, slot.id, by=world.teacher, on=world.now)
    assert taken(case) == [(slot.starts_at, 1, False)]
    assert (Application.get_by_id(case.id).portfolio_way, case.portfolio_way) == ("paper", "paper")
    assert letters(case) == ["appointment_booked"]
    body = Letter.get(Letter.name == "appointment_booked").body
    assert "13.03.2026" in body and "12:15" in body and slot.place in body
    entry = JournalEntry.get(JournalEntry.verb == "case_book_appointment")
    assert (entry.details, entry.user) == ("13.03.2026 12:15, окно 1", world.teacher)


def test_another_window_of_the_same_moment_is_as_good(world: World) -> None:
    first, second = world.slot(days=3), world.slot(days=3, window=2)
    world.book(free_draft(world, teacher=world.other_teacher), first)
    assert appointments.book(free_draft(world), first.id, by=world.teacher, on=world.now).id == second.id


def test_a_new_time_gives_the_former_back(world: World) -> None:
    case, first, second = free_draft(world), world.slot(days=3), world.slot(days=4)
    appointments.book(case, first.id, by=world.teacher, on=world.now)
    appointments.book(case, second.id, by=world.teacher, on=world.now + MINUTE)
    assert taken(case) == [(second.starts_at, 1, False)]
    freed = Slot.get_by_id(first.id)
    assert (freed.application_id, freed.booked_at) == (None, None)
    assert letters(case) == ["appointment_booked", "appointment_booked"]


def test_a_time_that_has_passed_was_missed_when_another_is_taken(world: World) -> None:
    case, first, second = free_draft(world), world.slot(days=1), world.slot(days=4)
    appointments.book(case, first.id, by=world.teacher, on=world.now)
    appointments.book(case, second.id, by=world.teacher, on=world.now + dt.timedelta(days=2))
    assert taken(case) == [(first.starts_at, 1, True), (second.starts_at, 1, False)]


def refused(act: Callable[[], object]) -> str:
    with pytest.raises(Refusal) as found:
        act()
    return found.value.sentence


def test_what_cannot_be_booked(world: World) -> None:
    case, other = free_draft(world), free_draft(world, teacher=world.other_teacher)
    booked = world.book(other, world.slot(days=3))
    beyond = world.slot(days=31)
    past = Slot.create(starts_at=world.now - MINUTE, window=1, place="каб. 5")

    def book(slot: Slot | int) -> str:
        number = slot if isinstance(slot, int) else slot.id
        return refused(lambda: appointments.book(case, number, by=world.teacher, on=world.now))

    gone = "Этого времени в расписании уже нет. Выберите другое."
    assert [book(one) for one in (booked, past, 999_999, beyond)] == [
        appointments.TAKEN,
        gone,
        gone,
        "Папку приносят не позже 09.04.2026. Выберите время раньше.",
    ]
    assert (taken(case), Application.get_by_id(case.id).version, letters(case)) == ([], case.version, [])
    moves.mark(case, "portfolio_received", world.now.date())
    assert book(world.slot(days=5)) == appointments.OVER


def test_strangers_and_experts_book_nothing(world: World, case: Application) -> None:
    slot = world.slot(days=3)
    for user in (world.other_teacher, world.cast.expert, world.cast.leader, world.cast.deputy):
        assert "вам недоступно" in refused(lambda user=user: appointments.book(case, slot.id, by=user, on=world.now))
    assert appointments.book(case, slot.id, by=world.cast.reception, on=world.now).id == slot.id


# --- Giving back ------------------------------------------------------------------------------------------------------------


def test_a_cancelled_time_is_free_again_and_waits_for_another(world: World, case: Application) -> None:
    slot = appointments.booked(case)
    assert slot is not None
    appointments.cancel(case, by=world.teacher, on=world.now + MINUTE)
    assert taken(case) == []
    assert letters(case)[-1] == "appointment_cancelled"
    day = slot.starts_at.astimezone(CITY)
    assert f"{day:%d.%m.%Y}" in case.letters.where(Letter.name == "appointment_cancelled").get().body
    assert (
        "book_appointment" in {duty.verb for duty in Duty.select().where(Duty.application == case)} or case.status == "received"
    )
    assert refused(lambda: appointments.cancel(case, by=world.teacher, on=world.now)) != ""


def test_a_time_that_has_come_is_not_given_back(world: World, case: Application) -> None:
    slot = appointments.booked(case)
    assert slot is not None
    sentence = refused(lambda: appointments.cancel(case, by=world.teacher, on=slot.starts_at))
    assert sentence.startswith("Время приёма уже наступило")
    assert taken(case) == [(slot.starts_at, slot.window, False)]


# --- Two at once ------------------------------------------------------------------------------------------------------------


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Do these acts in threads that begin together; what each of them came to: «done», or the sentence of its refusal."""
    barrier, came_to = threading.Barrier(len(acts)), [""] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        with models.connection():
            barrier.wait()
            try:
                act()
                came_to[place] = "done"
            except Refusal as refusal:
                came_to[place] = refusal.sentence

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return came_to


def test_one_time_goes_to_one_of_many(world: World) -> None:
    slot = world.slot(days=3)
    cases = [free_draft(world) for _ in range(6)]
    came_to = at_once(*(lambda case=case: appointments.book(case, slot.id, by=world.teacher, on=world.now) for case in cases))
    assert sorted(came_to) == sorted(["done", *[appointments.TAKEN] * 5])
    winner = cases[came_to.index("done")]
    assert Slot.get_by_id(slot.id).application_id == winner.id
    assert Letter.select().where(Letter.name == "appointment_booked", Letter.channel == "cabinet").count() == 1


def test_one_person_in_two_windows_takes_one_time(world: World) -> None:
    case, slots = free_draft(world), [world.slot(days=days) for days in (3, 4, 5)]
    windows = [Application.get_by_id(case.id) for _ in slots]
    came_to = at_once(
        *(
            lambda window=window, slot=slot: appointments.book(window, slot.id, by=world.teacher, on=world.now)
            for window, slot in zip(windows, slots, strict=True)
        )
    )
    assert sorted(came_to) == sorted(["done", moves.OVERTAKEN, moves.OVERTAKEN])
    assert len(taken(case)) == 1


def test_two_who_swap_their_times_wait_for_nobody_for_ever(world: World) -> None:
    cases = [free_draft(world), free_draft(world, teacher=world.other_teacher)]
    slots = [world.slot(days=3), world.slot(days=4)]
    for case, slot in zip(cases, slots, strict=True):
        appointments.book(case, slot.id, by=case.applicant, on=world.now)
    came_to = at_once(
        lambda: appointments.book(cases[0], slots[1].id, by=world.teacher, on=world.now),
        lambda: appointments.book(cases[1], slots[0].id, by=world.other_teacher, on=world.now),
    )
    assert set(came_to) <= {"done", appointments.TAKEN}
    assert [len(taken(case)) for case in cases] == [1, 1]


# --- For the calendar -------------------------------------------------------------------------------------------------------


def test_a_later_file_takes_the_place_of_an_earlier_one(world: World) -> None:
    case, first, second = free_draft(world), world.slot(days=3), world.slot(days=4)

    def lines(slot: Slot) -> dict[str, str]:
        given = appointments.invitation(case, slot, host="example.org", url="https://example.org/", on=world.now)
        pairs = (line.split(":", 1) for line in given.decode().replace("\r\n ", "").split("\r\n") if ":" in line)
        return {name: value for name, value in pairs if name in {"UID", "SEQUENCE", "DTSTART", "DTEND", "LOCATION"}}

    before = lines(appointments.book(case, first.id, by=world.teacher, on=world.now))
    after = lines(appointments.book(case, second.id, by=world.teacher, on=world.now))
    uid = f"appointment-{case.id}@example.org"
    place = r"г. Образцов\, Учебная ул.\, д. 1\, каб. 5\, окно 1"
    assert before == {
        "UID": uid,
        "SEQUENCE": "0",
        "DTSTART": "20260313T080000Z",
        "DTEND": "20260313T081500Z",
        "LOCATION": place,
    }
    assert after == {**before, "SEQUENCE": "1", "DTSTART": "20260314T080000Z", "DTEND": "20260314T081500Z"}
