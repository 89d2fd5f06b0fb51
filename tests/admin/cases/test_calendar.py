"""The calendar and the sittings of the office: what they allow, whom, and that terms are counted anew by the worker."""

import datetime as dt
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from attestation.admin.acts.cases import calendar, sittings
from attestation.admin.worker import run_pending
from attestation.models import Application, CalendarException, CalendarYear, Duty, Job, JournalEntry, Sitting, User
from attestation.procedure.refusal import Refusal
from attestation.tests.admin.conftest import at_once
from attestation.tests.cases import LENOBL, SPB, World
from attestation.tests.inspection import open_page

from .test_case_pages import sent

SignInAs = Callable[[User], FlaskClient]


def test_a_day_off_moves_terms(app: Flask, world: World, sign_in: SignInAs) -> None:
    """The request only queues the work; the worker writes duties anew."""
    now = dt.datetime.now(dt.UTC)
    case = world.walk(world.filled(SPB), "received", on=now)
    due = Application.get_by_id(case.id).due_on
    client = sign_in(world.cast.secretary)
    assert sent(client, "/admin/calendar/", day=f"{due}", working="no", note="Постановление № 1") == 302
    assert sent(client, "/admin/calendar/", day=f"{due}", working="no", note="Постановление № 1") == 409
    assert (Application.get_by_id(case.id).due_on, Job.select().where(Job.kind == "duties").count()) == (due, 1)
    parts = app.extensions["attestation"]
    run_pending(parts.settings, parts.index)
    moved = Application.get_by_id(case.id)
    assert moved.due_on > due
    assert {duty.due_on for duty in Duty.select().where(Duty.application == case, Duty.verb == "register")} == {moved.due_on}
    assert [one.details for one in JournalEntry.select().where(JournalEntry.verb == "add_exception")] == [
        f"{due:%d.%m.%Y}: выходной"
    ]
    exception = CalendarException.get()
    assert sent(client, f"/admin/calendar/{exception.id}/remove", page=f"/admin/calendar/?year={due.year}") == 302
    assert CalendarException.select().count() == 0


def test_a_year_without_its_transfers_is_told(app: Flask, world: World, sign_in: SignInAs) -> None:
    client = sign_in(world.cast.admin)
    path = "/admin/calendar/?year=2040"
    assert "Производственный календарь на 2040 год ещё не загружен" in open_page(client, path).main.text
    assert sent(client, "/admin/calendar/years", page=path, year="2040", complete="yes") == 302
    assert "ещё не загружен: праздники учтены" not in open_page(client, path).main.one("h1").parent.text.split("Открыть")[0]
    assert [row.year for row in CalendarYear.select()] == [2040]
    assert sent(client, "/admin/calendar/years", page=path, year="2040", complete="no") == 302
    assert CalendarYear.select().count() == 0
    assert {client.get(f"/admin/calendar/?year={year}").status_code for year in ("1999", "2100", "0", "x", "20400")} == {404}


def test_days_that_cannot_be_read(app: Flask, world: World, sign_in: SignInAs) -> None:
    client = sign_in(world.cast.secretary)
    assert sent(client, "/admin/calendar/", day="31.02.2027", working="no", note="Указ") == 422
    assert sent(client, "/admin/calendar/", day="2027-03-01", working="no", note="") == 409


def test_the_calendar_is_not_everybodys(app: Flask, world: World) -> None:
    with pytest.raises(Refusal, match="Вам недоступно"):
        calendar.add_exception(dt.date(2026, 4, 1), working=False, note="Указ", by=world.cast.expert, on=world.now)
    assert CalendarException.select().count() == 0


# --- Sittings ---------------------------------------------------------------------------------------------------------------


def test_the_list_of_sittings(app: Flask, world: World, sign_in: SignInAs) -> None:
    """Added, changed, cancelled; a day that has passed and a second one at the same hour are refused."""
    client, path = sign_in(world.cast.secretary), "/admin/sittings/"
    day = dt.datetime.now(dt.UTC).date() + dt.timedelta(days=10)
    assert sent(client, f"{path}new", held_on=f"{day}", begins_at="15:00", place="") == 302
    assert sent(client, f"{path}new", held_on=f"{day}", begins_at="15:00", place="Зал") == 409
    assert sent(client, f"{path}new", held_on="2020-01-01") == 409
    assert sent(client, f"{path}new", held_on=f"{day}", begins_at="25:00") == 422
    sitting = Sitting.get()
    assert sent(client, f"{path}{sitting.id}/", held_on=f"{day}", begins_at="16:00", place="Зал") == 302
    changed = Sitting.get_by_id(sitting.id)
    assert (changed.begins_at, changed.place, changed.version) == (dt.time(16), "Зал", 2)
    open_page(client, path)
    assert sent(client, f"{path}{sitting.id}/cancel", page=f"{path}{sitting.id}/") == 302
    assert Sitting.get_by_id(sitting.id).status == "cancelled"
    open_page(client, f"{path}{sitting.id}/")
    assert [one.verb for one in JournalEntry.select().where(JournalEntry.subject == "sitting").order_by(JournalEntry.id)] == [
        "add_sitting",
        "change_sitting",
        "cancel_sitting",
    ]


def test_a_sitting_with_cases_keeps_its_day(app: Flask, world: World, sign_in: SignInAs) -> None:
    now = dt.datetime.now(dt.UTC)
    case = world.walk(world.filled(LENOBL), "sitting", on=now)
    sitting = case.sitting
    client, path = sign_in(world.cast.secretary), f"/admin/sittings/{sitting.id}/"
    assert "1 дело" in open_page(client, path).main.text
    with pytest.raises(Refusal, match="вынесены дела"):
        sittings.cancel(sitting, by=world.cast.secretary, on=now)
    later = sitting.held_on + dt.timedelta(days=1)
    assert sent(client, path, held_on=f"{later}", begins_at="15:00", place="Зал") == 409
    assert (Sitting.get_by_id(sitting.id).held_on, Sitting.get_by_id(sitting.id).status) == (sitting.held_on, "planned")


def test_two_change_a_sitting_at_once(app: Flask, world: World) -> None:
    day = dt.date(2026, 4, 2)
    made = world.sitting(day, place="")
    one, two = Sitting.get_by_id(made.id), Sitting.get_by_id(made.id)

    def change(sitting: Sitting, place: str) -> None:
        values = {"held_on": day, "begins_at": dt.time(15), "place": place}
        sittings.change(sitting, **values, by=world.cast.secretary, on=world.now)

    assert at_once(lambda: change(one, "Зал"), lambda: change(two, "Класс")) == sorted(["done", sittings.OVERTAKEN])
    assert Sitting.get_by_id(made.id).version == 2
