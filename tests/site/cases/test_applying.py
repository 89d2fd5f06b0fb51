"""Submitting, withdrawing, representatives."""

import datetime as dt
import threading
from collections.abc import Callable

import pytest

from attestation import models
from attestation.models import Application, CaseEvent, CaseSequence, CheckMark, Representative, Slot, User
from attestation.procedure.refusal import Refusal
from attestation.site.cases import applying
from attestation.tests.cases import LENOBL, SPB, World

EDITIONS = (SPB, LENOBL)
SUMMER = dt.datetime(2026, 7, 1, 9, tzinfo=dt.UTC)


def submit(world: World, case: Application, *, by: User | None = None, on: dt.datetime | None = None) -> Application:
    return applying.submit(case, confirmed=True, by=by or world.teacher, on=on or world.now)


def events(case: Application) -> dict[str, dt.date]:
    return {event.name: event.day for event in CaseEvent.select().where(CaseEvent.application == case)}


# --- Submitting -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("edition", "status"), [(SPB, "received"), (LENOBL, "submitted")])
def test_a_filed_application_has_a_number_and_a_day(world: World, edition: str, status: str) -> None:
    case = submit(world, world.filled(edition))
    kept = Application.get_by_id(case.id)
    assert (kept.number, kept.status, kept.filed_on) == ("2026-000001-5", status, dt.date(2026, 3, 10))
    assert kept.answers["confirmed"] == "да" and kept.complete
    assert submit(world, world.filled(edition)).number == "2026-000002-8"


@pytest.mark.parametrize(
    ("edition", "way", "marked"),
    [
        (SPB, "electronic", {"filed", "received", "portfolio_received"}),
        (SPB, "paper", {"filed", "received"}),
        (LENOBL, "electronic", {"filed"}),
    ],
)
def test_an_electronic_folder_comes_in_with_the_application(world: World, edition: str, way: str, marked: set[str]) -> None:
    assert set(events(submit(world, world.filled(edition, way=way)))) == marked


@pytest.mark.parametrize("edition", EDITIONS)
def test_what_was_not_confirmed_is_not_filed_and_spends_no_number(world: World, edition: str) -> None:
    case = world.filled(edition)
    with pytest.raises(Refusal, match="заполнены не все обязательные строки"):
        applying.submit(case, confirmed=False, by=world.teacher, on=world.now)
    kept = Application.get_by_id(case.id)
    assert (kept.number, kept.status, kept.version, events(case)) == (None, "draft", 1, {})
    assert submit(world, kept).number == "2026-000001-5"


def test_out_of_season_the_city_takes_nothing_and_the_oblast_does(world: World) -> None:
    case = world.filled(SPB)
    with pytest.raises(Refusal, match="с 15 августа по 15 мая"):
        submit(world, case, on=SUMMER)
    assert not CaseSequence.select().exists()
    assert submit(world, world.filled(LENOBL), on=SUMMER).number == "2026-000001-5"


def test_a_case_that_comes_back_keeps_its_number(world: World) -> None:
    case = submit(world, world.filled(LENOBL))
    world.step(case, "return_application")
    again = submit(world, Application.get_by_id(case.id), on=world.now + dt.timedelta(days=3))
    assert (again.number, again.filed_on) == ("2026-000001-5", dt.date(2026, 3, 13))


@pytest.mark.parametrize("who", ["other_teacher", "proxy"])
def test_a_stranger_files_nothing(world: World, who: str) -> None:
    with pytest.raises(Refusal, match="нет нужной роли"):
        submit(world, world.filled(SPB), by=getattr(world, who))


def test_a_representative_files_by_a_valid_document_only(world: World) -> None:
    valid, expired = world.filled(SPB), world.filled(SPB)
    world.represent(valid, expires_on=dt.date(2026, 3, 10))
    world.represent(expired, expires_on=dt.date(2026, 3, 9))
    assert submit(world, valid, by=world.proxy).status == "received"
    with pytest.raises(Refusal, match="нет нужной роли"):
        submit(world, expired, by=world.proxy)


def at_once(*acts: Callable[[], object]) -> list[object]:
    """Do these acts in threads that begin together; what each gave or raised."""
    gate, outcomes = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        with models.connection():
            gate.wait()
            try:
                outcomes[place] = act()
            except Refusal as refusal:
                outcomes[place] = refusal

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_two_presses_at_once_give_one_number(world: World) -> None:
    case = world.filled(SPB)
    seen = [Application.get_by_id(case.id) for _ in range(2)]
    outcomes = at_once(*(lambda one=one: submit(world, one) for one in seen))
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refusal)]
    assert len(refused) == 1
    assert (CaseSequence.get().last, Application.get_by_id(case.id).number) == (1, "2026-000001-5")


def test_four_people_at_once_get_four_numbers(world: World) -> None:
    cases = [world.filled(SPB) for _ in range(4)]
    filed = at_once(*(lambda one=one: submit(world, one).number for one in cases))
    assert sorted(map(str, filed)) == ["2026-000001-5", "2026-000002-8", "2026-000003-1", "2026-000004-4"]


# --- Withdrawing ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_withdrawn_application_is_closed(world: World, edition: str) -> None:
    case = submit(world, world.filled(edition))
    applying.withdraw(case, by=world.teacher, on=world.now)
    assert (Application.get_by_id(case.id).status, events(case)["withdrawn"]) == ("withdrawn", dt.date(2026, 3, 10))


def test_the_hour_of_a_withdrawn_application_is_free_again(world: World) -> None:
    case = submit(world, world.filled(SPB, way="paper"))
    applying.withdraw(case, by=world.teacher, on=world.now)
    assert Slot.get().application is None


@pytest.mark.parametrize(("edition", "status"), [(SPB, "review"), (LENOBL, "review")])
def test_once_the_review_has_begun_nothing_is_withdrawn(world: World, edition: str, status: str) -> None:
    case = world.walk(world.filled(edition), status)
    with pytest.raises(Refusal, match="в состоянии «Экспертиза»"):
        applying.withdraw(case, by=world.teacher, on=world.now)


def test_a_stranger_withdraws_nothing(world: World) -> None:
    case = submit(world, world.filled(SPB))
    with pytest.raises(Refusal, match="нет нужной роли"):
        applying.withdraw(case, by=world.other_teacher, on=world.now)


# --- Representatives --------------------------------------------------------------------------------------------------------


def add(world: World, case: Application, **changes: object) -> Representative:
    values = {
        "full_name": "Доверенная Зоя Эдуардовна",
        "document": "доверенность от 01.03.2026 № 5",
        "expires_on": dt.date(2027, 3, 1),
        "email": "Doverennaya@Example.org",
        "by": world.teacher,
        "on": world.now,
    }
    return applying.add_representative(case, **{**values, **changes})


def test_a_representative_acts_and_ceases_to_act(world: World) -> None:
    case = submit(world, world.filled(SPB))
    made = add(world, case)
    assert (made.user, made.document) == (world.proxy, "доверенность от 01.03.2026 № 5")
    applying.withdraw(Application.get_by_id(case.id), by=world.proxy, on=world.now)
    other = submit(world, world.filled(SPB))
    add(world, other)
    applying.end_representative(other, by=world.teacher, on=world.now)
    assert applying.acting(other) is None
    with pytest.raises(Refusal, match="нет нужной роли"):
        applying.withdraw(other, by=world.proxy, on=world.now)


def test_who_comes_on_foot_needs_no_account(world: World) -> None:
    assert add(world, world.filled(SPB), email="").user is None


def test_another_representative_is_checked_anew(world: World) -> None:
    case = submit(world, world.filled(SPB))
    add(world, case)
    world.tick(case, "authority_proved", world.cast.reception)
    applying.end_representative(case, by=world.teacher, on=world.now)
    add(world, case, full_name="Другова Яна Ильинична", email="")
    assert not CheckMark.select().where(CheckMark.fact == "authority_proved").exists()


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"full_name": " "}, "Заполните поле «Фамилия, имя, отчество представителя»"),
        ({"document": ""}, "Заполните поле «Доверенность или другой документ»"),
        ({"expires_on": dt.date(2026, 3, 9)}, "уже прошёл"),
        ({"email": "nikto@example.org"}, "Учётной записи с такой почтой нет"),
        ({"email": "chernilnitsyna@example.org"}, "Это ваша учётная запись"),
    ],
)
def test_a_representative_is_named_properly(world: World, changes: dict[str, object], sentence: str) -> None:
    case = world.filled(SPB)
    with pytest.raises(Refusal, match=sentence):
        add(world, case, **changes)
    assert applying.acting(case) is None


def test_who_decides_or_judges_in_the_case_is_not_taken_out_of_it_as_a_representative(world: World) -> None:
    case = world.walk(world.filled(SPB), "review")
    for user in (world.cast.secretary, world.cast.chairperson, world.cast.expert):
        User.update(email=f"{user.login}@example.org").where(User.id == user.id).execute()
        with pytest.raises(Refusal, match="ведёт или оценивает ваше дело"):
            add(world, case, email=f"{user.login}@example.org")
    assert applying.acting(case) is None
    # An expert who has nothing to do with the case may act for a colleague.
    User.update(email="sovetchik@example.org").where(User.id == world.experts[3].user_id).execute()
    assert add(world, case, email="sovetchik@example.org").user == world.experts[3].user


def test_one_at_a_time_named_by_the_teacher_in_an_open_case_of_the_city(world: World) -> None:
    case = world.filled(SPB)
    add(world, case)
    with pytest.raises(Refusal, match="Представитель уже указан"):
        add(world, case)
    for by in (world.proxy, world.other_teacher, world.cast.reception):
        with pytest.raises(Refusal, match="Представителя указывает сам педагог"):
            applying.end_representative(case, by=by, on=world.now)
    with pytest.raises(Refusal, match="Представителя указывает сам педагог"):
        add(world, world.filled(LENOBL))
    closed = applying.withdraw(submit(world, world.filled(SPB)), by=world.teacher, on=world.now)
    with pytest.raises(Refusal, match="Дело закрыто"):
        add(world, closed)
    with pytest.raises(Refusal, match="Представителя сейчас нет"):
        applying.end_representative(world.filled(SPB), by=world.teacher, on=world.now)
