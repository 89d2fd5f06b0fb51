"""Sittings before they are held: named, changed, moved with all their cases, cancelled; how many cases they take."""

import datetime as dt
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from attestation.admin.acts.cases import hearing
from attestation.admin.acts.commission import compositions, sittings
from attestation.admin.acts.commission.sittings import Plan
from attestation.models import Application, Hearing, JournalEntry, Letter, Sitting, User
from attestation.procedure.refusal import Refusal
from attestation.tests.admin.cases.test_case_pages import sent
from attestation.tests.cases import LENOBL, NEGATIVE, PLACE, SPB, World
from attestation.tests.inspection import open_page

SignInAs = Callable[[User], FlaskClient]


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """What is tried here does not depend on the kind of database; races are tried on both in test_races.py."""
    shutil.copy(sqlite_template, tmp_path / "attestation.sqlite")
    return f"sqlite:///{tmp_path / 'attestation.sqlite'}"


# NOON of the tests is 10 March 2026.
THURSDAY = dt.date(2026, 3, 19)
AT_THREE = dt.time(15)


def sentence(act: Callable[[], Any]) -> str:
    """What the refusal of this act says; sittings, agendas, cases, letters and the journal stay as they were."""
    tables = Sitting, Hearing, Application, Letter, JournalEntry
    before = [list(table.select().order_by(table.id).dicts()) for table in tables]
    with pytest.raises(Refusal) as refused:
        act()
    assert [list(table.select().order_by(table.id).dicts()) for table in tables] == before
    return refused.value.sentence


def reviewed(world: World, count: int = 1, **columns: Any) -> list[Application]:
    return [world.walk(world.filled(SPB, **columns), "reviewed") for _ in range(count)]


def propose(world: World, sitting: Sitting, *cases: Application) -> None:
    for case in cases:
        hearing.propose(case, sitting, by=world.cast.secretary, on=world.now)


# --- Naming one -------------------------------------------------------------------------------------------------------------


def test_a_sitting_is_named(world: World) -> None:
    """By default it takes the composition that holds on its day."""
    by, on = world.cast.secretary, world.now
    order = compositions.Order("12-р", dt.date(2026, 1, 9), dt.date(2026, 1, 12))
    composition = compositions.create(order, by=by, on=on)
    sitting = sittings.add(Plan(THURSDAY, AT_THREE, " Зал  2 ", 40, 15), edition=LENOBL, by=by, on=on)
    kept = Sitting.get_by_id(sitting.id)
    assert (kept.held_on, kept.begins_at, kept.place, kept.capacity, kept.slot_minutes, kept.edition, kept.status) == (
        *(THURSDAY, AT_THREE, "Зал 2", 40, 15),
        *(LENOBL, "planned"),
    )
    assert kept.commission == composition
    assert [(entry.verb, entry.subject_id) for entry in JournalEntry.select()][-1] == ("add_sitting", sitting.id)


def test_who_may_name_sittings(world: World) -> None:
    said = sentence(lambda: sittings.add(Plan(THURSDAY), by=world.cast.chairperson, on=world.now))
    assert said.startswith("Вам недоступно: ведение списка заседаний и составов комиссии.")


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (Plan(dt.date(2026, 3, 9)), "Этот день уже прошёл: назначьте заседание на день впереди."),
        (Plan(dt.date(2036, 3, 19)), "Проверьте год: 19.03.2036 слишком далеко впереди."),
        (Plan(THURSDAY, capacity=0), "Дел на заседании может быть от 1 до 10000. Оставьте поле пустым, если предела нет."),
        (Plan(THURSDAY, slot_minutes=0), "На каждого приглашённого можно отвести от 1 до 240 минут."),
        (Plan(THURSDAY, place="з" * 301), "Поле «Место» длиннее 300 знаков: сократите его."),
        (Plan(THURSDAY, AT_THREE), "Заседание на этот день и час уже есть в списке."),
    ],
)
def test_what_no_sitting_can_be(world: World, plan: Plan, said: str) -> None:
    world.sitting(THURSDAY)
    assert sentence(lambda: sittings.add(plan, by=world.cast.secretary, on=world.now)) == said


def test_a_composition_of_another_year_is_refused(world: World) -> None:
    by, on = world.cast.secretary, world.now
    past = compositions.Order("1-р", dt.date(2025, 1, 9), dt.date(2025, 1, 12), dt.date(2025, 12, 31))
    former = compositions.create(past, by=by, on=on)
    said = sentence(lambda: sittings.add(Plan(THURSDAY, commission=former), by=by, on=on))
    assert said == "Состав (распоряжение № 1-р от 09.01.2025) не действует 19.03.2026: выберите другой."


def test_a_cancelled_hour_is_free_again(world: World) -> None:
    sitting = world.sitting(THURSDAY)
    sittings.cancel(sitting, by=world.cast.deputy, on=world.now)
    assert Sitting.get_by_id(sitting.id).status == "cancelled"
    assert JournalEntry.select().order_by(JournalEntry.id.desc()).get().verb == "sitting_cancel"
    sittings.add(Plan(THURSDAY, AT_THREE), by=world.cast.deputy, on=world.now)
    again = Sitting.get_by_id(sitting.id)
    assert "состоянии «Отменено»" in sentence(lambda: sittings.cancel(again, by=world.cast.deputy, on=world.now))
    assert sentence(lambda: sittings.change(again, Plan(THURSDAY), by=world.cast.deputy, on=world.now)) == sittings.CLOSED


# --- How many cases it takes ------------------------------------------------------------------------------------------------


def test_a_full_sitting_takes_no_more(world: World) -> None:
    sitting = world.sitting(THURSDAY, capacity=2)
    first, second, third = reviewed(world, 3)
    propose(world, sitting, first, second)
    assert sentence(lambda: propose(world, sitting, third)) == "На заседании 19.03.2026 дел уже 2, а рассчитано оно на 2."
    less = Plan(THURSDAY, AT_THREE, PLACE, 1)
    now = Sitting.get_by_id(sitting.id)
    assert "а рассчитано оно на 1" in sentence(lambda: sittings.change(now, less, by=world.cast.secretary, on=world.now))
    hearing.take_off(first, reason="Болезнь.", by=world.cast.secretary, on=world.now)
    propose(world, sitting, third)
    assert [row.application_id for row in Hearing.select().order_by(Hearing.id)] == [second.id, third.id]


def test_a_chosen_day_takes_a_place(world: World) -> None:
    """In the oblast the leader of the group chooses, the secretary confirms later: the place is taken at once."""
    sitting = world.sitting(THURSDAY, edition=LENOBL, capacity=1)
    first, second = (world.walk(world.filled(LENOBL), "review_done") for _ in range(2))
    hearing.choose_sitting(first, sitting, by=world.cast.leader, on=world.now)
    full = sentence(lambda: hearing.choose_sitting(second, sitting, by=world.cast.leader, on=world.now))
    assert full == "На заседании 19.03.2026 дел уже 1, а рассчитано оно на 1."
    hearing.appoint_sitting(first, by=world.cast.secretary, on=world.now)
    assert [row.application for row in Hearing.select()] == [first]


def test_a_sitting_of_the_other_procedure_is_refused(world: World) -> None:
    sitting = world.sitting(THURSDAY, edition=LENOBL)
    (case,) = reviewed(world)
    said = sentence(lambda: propose(world, sitting, case))
    assert said == "Это заседание рассматривает дела по другому порядку: выберите заседание своего порядка."


@pytest.mark.parametrize("state", [{"status": "open"}, {"status": "cancelled"}, {"held_on": dt.date(2026, 3, 9)}])
def test_only_a_sitting_ahead_takes_cases(world: World, state: dict[str, Any]) -> None:
    sitting = world.sitting(**{"on": THURSDAY} | ({"on": state["held_on"]} if "held_on" in state else {}))
    Sitting.update(state).where(Sitting.id == sitting.id).execute()
    (case,) = reviewed(world)
    assert sentence(lambda: propose(world, sitting, case)) == (
        "Это заседание отменено, уже открыто или прошло: выберите другое."
    )


def test_an_open_sitting_lets_go_only_of_what_was_put_off(world: World) -> None:
    sitting = world.sitting(THURSDAY)
    first, second = reviewed(world, 2)
    propose(world, sitting, first, second)
    Sitting.update(status="open").where(Sitting.id == sitting.id).execute()
    Hearing.update(put_off=True, motive="Нет документа.").where(Hearing.application == second).execute()

    def take_off(case: Application) -> None:
        fresh = Application.get_by_id(case.id)
        hearing.take_off(fresh, reason="Нет документа.", by=world.cast.secretary, on=world.now)

    assert sentence(lambda: take_off(first)).startswith("Заседание уже открыто: дело откладывают на его странице")
    take_off(second)
    assert Application.get_by_id(second.id).status == "reviewed"


# --- Another day ------------------------------------------------------------------------------------------------------------


def move(world: World, sitting: Sitting, **values: Any) -> list[Application]:
    wanted = {"held_on": dt.date(2026, 3, 26), "begins_at": dt.time(11), "place": "Зал 5", "reason": "Болезнь.", **values}
    return sittings.reschedule(sitting, **wanted, by=world.cast.secretary, on=world.now)


def test_a_sitting_moves_with_its_cases(world: World) -> None:
    """Every teacher gets a letter with the new day; who is invited keeps the distance from the beginning."""
    sitting = world.sitting(THURSDAY)
    first, second = reviewed(world, 2)
    propose(world, sitting, first, second)
    at = dt.datetime(2026, 3, 19, 12, 20, tzinfo=dt.UTC)  # 15:20 in the city
    Hearing.update(slot_at=at).where(Hearing.application == second).execute()
    Letter.delete().execute()
    assert [case.id for case in move(world, Sitting.get_by_id(sitting.id))] == [first.id, second.id]
    moved = Sitting.get_by_id(sitting.id)
    assert (moved.held_on, moved.begins_at, moved.place, moved.status) == (
        *(dt.date(2026, 3, 26), dt.time(11), "Зал 5"),
        "planned",
    )
    told = {letter.application_id: letter.body for letter in Letter.select().where(Letter.channel == "cabinet")}
    assert set(told) == {first.id, second.id}
    assert "День: 26.03.2026\nВремя: 11:00\nМесто: Зал 5" in told[first.id]
    assert "День: 26.03.2026\nВремя: 11:20\nМесто: Зал 5" in told[second.id]
    assert Hearing.get(Hearing.application == second).slot_at == dt.datetime(2026, 3, 26, 8, 20, tzinfo=dt.UTC)
    verbs = [entry.verb for entry in JournalEntry.select().order_by(JournalEntry.id.desc()).limit(3)]
    assert sorted(verbs) == ["case_reschedule_sitting", "case_reschedule_sitting", "sitting_change_day"]
    assert {Application.get_by_id(case.id).status for case in (first, second)} == {"sitting"}


def test_a_sitting_of_the_oblast_moves_with_its_cases(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "sitting")
    Letter.delete().execute()
    assert move(world, Sitting.get_by_id(case.sitting_id)) == [case]
    letter = Letter.get(Letter.channel == "cabinet")
    assert (letter.name, letter.user) == ("sitting_rescheduled", world.teacher)
    assert "День: 26.03.2026" in letter.body


def test_into_the_next_year(world: World) -> None:
    """From the last days of December to the first working days of January."""
    on = dt.datetime(2026, 12, 1, 9, tzinfo=dt.UTC)
    sitting = world.sitting(dt.date(2026, 12, 29))
    case = world.walk(world.filled(SPB), "reviewed", on=on)
    hearing.propose(case, sitting, by=world.cast.secretary, on=on + dt.timedelta(hours=1))
    fresh = Sitting.get_by_id(sitting.id)
    values = {"held_on": dt.date(2027, 1, 12), "begins_at": AT_THREE, "place": PLACE, "reason": "Праздники."}
    sittings.reschedule(fresh, **values, by=world.cast.secretary, on=on + dt.timedelta(hours=2))
    assert str(Application.get_by_id(case.id).sitting) == "12.01.2027"


def test_what_a_move_needs(world: World) -> None:
    sitting = world.sitting(THURSDAY)
    propose(world, sitting, *reviewed(world))
    fresh = Sitting.get_by_id(sitting.id)
    same = {"held_on": THURSDAY, "begins_at": AT_THREE, "place": PLACE}
    assert sentence(lambda: move(world, fresh, **same)) == "Ничего не изменилось: день, время и место прежние."
    assert "требует указать причину" in sentence(lambda: move(world, fresh, reason=" "))
    assert sentence(lambda: move(world, fresh, held_on=dt.date(2026, 3, 1))).startswith("Этот день уже прошёл")
    assert "недоступно" in sentence(
        lambda: sittings.reschedule(fresh, **same, reason="Болезнь.", by=world.cast.leader, on=world.now)
    )
    other = Plan(dt.date(2026, 3, 26), AT_THREE, PLACE)
    assert sentence(lambda: sittings.change(fresh, other, by=world.cast.secretary, on=world.now)) == (
        "Дела уже в повестке: день, время и место меняют с письмами педагогам, «Перенести заседание»."
    )
    sittings.change(fresh, Plan(THURSDAY, AT_THREE, PLACE, 12), by=world.cast.secretary, on=world.now)
    assert Sitting.get_by_id(sitting.id).capacity == 12


def test_a_sitting_that_was_not_held_can_still_be_moved(world: World) -> None:
    sitting = world.sitting(THURSDAY)
    propose(world, sitting, *reviewed(world))
    later = dt.datetime(2026, 3, 20, 9, tzinfo=dt.UTC)
    fresh = Sitting.get_by_id(sitting.id)
    values = {"held_on": dt.date(2026, 3, 26), "begins_at": AT_THREE, "place": PLACE, "reason": "Не собрался кворум."}
    assert len(sittings.reschedule(fresh, **values, by=world.cast.secretary, on=later)) == 1


def test_the_composition_follows_the_day(world: World) -> None:
    by, on = world.cast.secretary, world.now
    make = compositions.create
    old = make(compositions.Order("1-р", on.date(), dt.date(2026, 1, 1), dt.date(2026, 3, 20)), by=by, on=on)
    new = make(compositions.Order("2-р", on.date(), dt.date(2026, 3, 21)), by=by, on=on)
    sitting = sittings.add(Plan(THURSDAY, AT_THREE), by=by, on=on)
    assert sitting.commission == old
    move(world, sitting)
    assert Sitting.get_by_id(sitting.id).commission == new


def test_cancelling_with_cases_is_refused(world: World) -> None:
    """Also when a day is only chosen and not confirmed."""
    chosen = world.walk(world.filled(LENOBL), "review_done")
    sitting = world.sitting(THURSDAY, edition=LENOBL)
    hearing.choose_sitting(chosen, sitting, by=world.cast.leader, on=world.now)
    fresh = Sitting.get_by_id(sitting.id)
    cancel = lambda: sittings.cancel(fresh, by=world.cast.secretary, on=world.now)  # noqa: E731
    assert sentence(cancel) == "Это заседание выбрано для дел (1). Сначала выберите для них другое."
    hearing.appoint_sitting(chosen, by=world.cast.secretary, on=world.now)
    assert "сначала перенесите их на другое" in sentence(cancel)


# --- The screens ------------------------------------------------------------------------------------------------------------


def test_the_screens_of_a_sitting(app: Flask, world: World, sign_in: SignInAs) -> None:
    """Added, changed, moved with a case, cancelled; what cannot be read or is refused keeps the page."""
    client, path = sign_in(world.cast.secretary), "/admin/sittings/"
    now = dt.datetime.now(dt.UTC)
    day = now.date() + dt.timedelta(days=10)
    assert sent(client, f"{path}new", held_on=f"{day}", begins_at="15:00", place="", slot_minutes="10", commission="") == 302
    assert sent(client, f"{path}new", held_on=f"{day}", begins_at="15:00", place="Зал", commission="") == 409
    assert sent(client, f"{path}new", held_on="2020-01-01", commission="") == 409
    assert sent(client, f"{path}new", held_on=f"{day}", begins_at="25:00") == 422
    assert sent(client, f"{path}new", held_on=f"{day}", capacity="много") == 422
    sitting = Sitting.get()
    page = f"{path}{sitting.id}/"
    edited = {
        "held_on": f"{day}",
        "begins_at": "16:00",
        "place": "Зал",
        "capacity": "40",
        "slot_minutes": "15",
        "commission": "",
    }
    assert sent(client, f"{page}edit", **edited) == 302
    changed = Sitting.get_by_id(sitting.id)
    assert (changed.begins_at, changed.place, changed.capacity, changed.slot_minutes) == (dt.time(16), "Зал", 40, 15)
    case = world.walk(world.filled(SPB), "reviewed", on=now)
    hearing.propose(case, changed, by=world.cast.secretary, on=now + dt.timedelta(hours=1))
    assert "В повестке 1 дело из 40." in open_page(client, page).main.text
    assert "1 из 40" in open_page(client, path).main.text
    assert "held_on" not in client.get(f"{page}edit").text
    moving = open_page(client, f"{page}day").main
    assert "1 дело перейдёт на новый день" in moving.text
    assert [button.text for button in moving.all("button")] == ["Перенести и отправить 1 письмо"]
    later = {"held_on": f"{day + dt.timedelta(days=7)}", "begins_at": "16:00", "place": "Зал"}
    assert sent(client, f"{page}day", **later, reason="") == 422
    assert sent(client, f"{page}day", **later, reason="Болезнь.") == 302
    assert Sitting.get_by_id(sitting.id).held_on == day + dt.timedelta(days=7)
    assert sent(client, f"{page}cancel", page=f"{page}edit") == 409
    hearing.take_off(Application.get_by_id(case.id), reason="Болезнь.", by=world.cast.secretary, on=now + dt.timedelta(hours=2))
    assert sent(client, f"{page}cancel", page=page) == 302
    assert Sitting.get_by_id(sitting.id).status == "cancelled"
    assert "Отменено" in open_page(client, page).main.text
    assert "изменить его нельзя" in open_page(client, f"{page}edit").main.text


def test_the_calendar_of_sittings(app: Flask, world: World, sign_in: SignInAs) -> None:
    """A month at a time, also the last of a year; nonsense in the address is this month."""
    client = sign_in(world.cast.chairperson)
    world.sitting(dt.date(2026, 12, 30), capacity=12)
    world.sitting(dt.date(2027, 1, 2))
    page = open_page(client, "/admin/sittings/?month=2026-12").main
    table = page.one("table", class_="month")
    assert [link.text for link in table.all("a")] == [
        "Заседание 30.12.2026: 15:000 из 12 дел",
        "Заседание 02.01.2027: 15:000 дел",
    ]
    links = [link.text for link in page.all("a") if link.has("href", "/admin/sittings/?month=2027-01#calendar")]
    assert links == ["январь 2027 →"]
    assert {client.get(f"/admin/sittings/?month={month}").status_code for month in ("2026-13", "0001-01", "x", "9999-12")} == {
        200
    }
    assert not page.all("a", href="/admin/sittings/new")


def test_lists_cost_the_same_for_many(app: Flask, world: World, sign_in: SignInAs) -> None:
    from playhouse.test_utils import count_queries

    client = sign_in(world.cast.secretary)
    today = dt.datetime.now(dt.UTC).date()
    world.sitting(today + dt.timedelta(days=2))
    with count_queries() as few:
        client.get("/admin/sittings/")
    for number in range(3, 9):
        world.sitting(today + dt.timedelta(days=number))
        world.sitting(today - dt.timedelta(days=number))
    with count_queries() as many:
        client.get("/admin/sittings/")
    assert few.count == many.count <= 12


def test_an_application_against_stands_on_an_agenda_too(world: World) -> None:
    sitting = world.sitting(THURSDAY)
    case = world.walk(world.filled(SPB), "reviewed", outcome=NEGATIVE)
    propose(world, sitting, case)
    assert Hearing.get().application == case
