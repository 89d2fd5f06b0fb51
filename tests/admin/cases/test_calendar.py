"""The calendar of the office: what they allow, whom, and that terms are counted anew by the worker."""

import datetime as dt
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from attestation.admin.acts.cases import calendar
from attestation.admin.worker import run_pending
from attestation.models import Application, CalendarException, CalendarYear, Duty, Job, JournalEntry, User
from attestation.procedure.refusal import Refusal
from attestation.tests.cases import SPB, World
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
    assert "Производственный календарь на 2040 год ещё не загружен" not in open_page(client, path).main.text
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
