"""«Где моё заявление»: what whoever knows number and surname learns, and what nobody does."""

import datetime as dt
import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

from attestation.models import Application, FailedSignIn
from attestation.procedure.numbers import CaseNumber
from attestation.site.views import status
from attestation.tests.cases import LENOBL, SPB, World

from ...conftest import NOON
from ...inspection import OpenedPage, faults, read
from .conftest import Open


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status, "utc_now", lambda: NOON)


def asked(client: FlaskClient, number: str, surname: str = "Чернильницына", code: int = 200) -> OpenedPage:
    answer = client.post("/status", data={"number": number, "surname": surname})
    assert answer.status_code == code, answer.text
    assert faults(answer.text, "Аттестация педагогов") == []
    assert (answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) == ("no-store", "noindex")
    assert "Set-Cookie" not in answer.headers
    return OpenedPage(answer, read(answer.text)[0])


def test_anybody_may_ask(open_: Open) -> None:
    page = open_("/status")
    assert page.h1 == "Где моё заявление"
    assert [field.attributes["name"] for field in page.main.one("form").all("input")] == ["number", "surname"]
    header = page.root.one("header")
    assert header.one("a", href="/status").text == "Где моё заявление"


def test_the_question_is_made_once_for_everybody(app: Flask) -> None:
    first = app.test_client().get("/status")
    again = app.test_client().get("/status?number=1", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status_code, again.status_code) == (200, 304)


def test_who_knows_number_and_surname_learns_stage_term_and_clause(client: FlaskClient, world: World) -> None:
    case = world.walk(world.filled(SPB, way="paper"), "received")
    page = asked(client, f" № {case.number.replace('-', ' – ')} ", "  чернильницына ")
    stage = page.main.one("section", class_="accepted")
    assert stage.one("h2").text == "Отправлено"
    assert "Ближайший срок: регистрация заявления с портала, до 11 марта 2026 года (пункт 2.15)." in stage.text
    assert stage.one("a").attributes["href"] == "/regulation/2.15"
    assert "Поступление заявления: 10 марта 2026 года." in stage.text


def test_nobody_is_named(client: FlaskClient, world: World) -> None:
    case = world.walk(world.filled(LENOBL), "review")
    page = asked(client, case.number)
    assert page.main.one("section", class_="accepted").one("h2").text == "Экспертиза"
    words = (world.teacher.full_name.split()[1], world.cast.expert.full_name.split()[0], "математики", "школа")
    assert not [word for word in words if word in page.text]


def test_where_no_term_runs_the_clause_of_the_step_is_named(client: FlaskClient, world: World) -> None:
    case = world.walk(world.filled(LENOBL), "submitted")
    page = asked(client, case.number)
    assert "Срока на этот шаг нет (пункт 5)." in page.text
    assert page.main.one("section", class_="accepted").one("a").attributes["href"] == "/regulation/lenobl/5"


def test_a_wrong_surname_is_as_a_number_that_was_never_given(client: FlaskClient, world: World) -> None:
    case = world.walk(world.filled(SPB), "received")
    wrong = asked(client, case.number, "Кляксина", 404)
    never = asked(client, str(CaseNumber(2026, 77)), "Кляксина", 404)
    assert wrong.answer.text.replace(case.number, "") == never.answer.text.replace(str(CaseNumber(2026, 77)), "")
    assert "Заявления с таким номером и фамилией нет." in wrong.text


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("2026-000001", "состоит из одиннадцати цифр"),
        ("2026-000001-1", "контрольная цифра не сходится"),
        ("", "состоит из одиннадцати цифр"),
        ("<script>", "состоит из одиннадцати цифр"),
    ],
)
def test_what_is_no_number_is_told_and_is_no_try(client: FlaskClient, number: str, sentence: str) -> None:
    page = asked(client, number, code=422)
    assert sentence in page.main.one("p", id="e-number").text
    assert page.main.one("input", id="number").attributes["value"] == number
    assert not FailedSignIn.select().exists()


def test_the_surname_is_needed(client: FlaskClient) -> None:
    page = asked(client, str(CaseNumber(2026, 1)), " ", 422)
    assert page.main.one("p", id="e-surname").text == "Введите фамилию педагога."


def test_surnames_are_not_guessed_one_after_another(client: FlaskClient, world: World) -> None:
    case = world.walk(world.filled(SPB), "received")
    for number in range(5):
        asked(client, case.number, f"Кляксина{'а' * number}", 404)
    page = asked(client, case.number, code=429)
    assert page.main.one("div", class_="wrong").text.startswith("Слишком много попыток. Попробуйте снова после")
    assert int(page.answer.headers["Retry-After"]) > 0
    elsewhere = client.post(
        "/status",
        data={"number": case.number, "surname": "Чернильницына"},
        environ_base={"REMOTE_ADDR": "198.51.100.7"},
    )
    assert elsewhere.status_code == 200


def test_who_asks_rightly_may_ask_again_and_again(client: FlaskClient, world: World) -> None:
    case = world.walk(world.filled(SPB), "received")
    for _ in range(7):
        asked(client, case.number)


def test_numbers_are_not_tried_one_after_another(client: FlaskClient, world: World) -> None:
    for number in range(1, 31):
        asked(client, str(CaseNumber(2026, number)), "Иванова", 404)
    asked(client, str(CaseNumber(2026, 31)), "Иванова", 429)


def test_a_merged_number_leads_to_where_the_case_went(client: FlaskClient, world: World) -> None:
    case = world.walk(world.filled(SPB), "received")
    other = world.walk(world.filled(SPB), "accepted")
    Application.update(merged_into=other).where(Application.id == case.id).execute()
    assert asked(client, case.number).main.one("h2", id="stage").text == "Принято к рассмотрению"


def test_nothing_that_was_asked_is_logged(client: FlaskClient, world: World, caplog: pytest.LogCaptureFixture) -> None:
    case = world.walk(world.filled(SPB), "received")
    with caplog.at_level(logging.DEBUG):
        asked(client, case.number)
        asked(client, case.number, "Кляксина", 404)
    assert "Кляксина" not in caplog.text and "Чернильницына" not in caplog.text
    tried = FailedSignIn.select().where(FailedSignIn.at > NOON - dt.timedelta(days=1))
    assert all(case.number not in row.account_hash for row in tried)
