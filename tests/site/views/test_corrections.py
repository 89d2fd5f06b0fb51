"""«Ошибка в распоряжении» on the site: what is asked, kept and told, and to whom."""

from typing import Any

import pytest
from flask.testing import FlaskClient

from attestation.models import Correction
from attestation.tests.conftest import Cast

from ...inspection import OpenedPage, faults, read

NEW = "/corrections/new"
SAID = {
    "full_name": "Опечаткина Вера",
    "email": "vera@example.org",
    "order_number": "7-р",
    "order_on": "02.03.2026",
    "errors": "Напечатано «Петрва», правильно «Петрова».",
}


@pytest.fixture
def database_url(tmp_path: Any, sqlite_template: Any) -> str:
    """Filing was tried on both kinds of database: the embedded one is enough for pages."""
    import shutil

    shutil.copy(sqlite_template, tmp_path / "attestation.sqlite")
    return f"sqlite:///{tmp_path / 'attestation.sqlite'}"


def opened(answer: Any, code: int) -> OpenedPage:
    assert answer.status_code == code, answer.text
    assert faults(answer.text, "Аттестация педагогов") == []
    assert (answer.headers["Cache-Control"], answer.headers["X-Robots-Tag"]) == ("no-store", "noindex")
    return OpenedPage(answer, read(answer.text)[0])


def hidden(page: OpenedPage) -> dict[str, str]:
    return {one.attributes["name"]: one.attributes["value"] for one in page.main.all("input", type="hidden")}


def sent(client: FlaskClient, **changes: str) -> Any:
    return client.post(NEW, data={**SAID, **hidden(opened(client.get(NEW), 200)), **changes})


def test_a_stranger_asks_and_learns_where_it_stands_by_an_address_of_their_own(client: FlaskClient) -> None:
    answer = sent(client)
    made = Correction.get()
    assert (answer.status_code, answer.location, made.author) == (303, f"/corrections/{made.token}", None)
    page = opened(client.get(answer.location), 200)
    assert page.h1 == f"Запрос об исправлении № {made.number}"
    assert "Опечаткина" not in page.text and "Петрва" not in page.text
    assert "Запроса по этому адресу нет" in client.get("/corrections/" + "f" * 32).text


def test_whoever_is_signed_in_is_its_author(cast: Cast, sign_in: Any) -> None:
    assert sent(sign_in(cast.expert)).status_code == 303
    assert Correction.get().author == cast.expert


def test_a_form_of_a_session_that_ended_keeps_what_was_typed(client: FlaskClient) -> None:
    page = opened(client.post(NEW, data={**SAID, "key": "c" * 32, "csrf_token": "stale"}), 400)
    assert "Сеанс закончился" in page.main.one("div", class_="wrong").text
    assert page.main.one("textarea", id="errors").text == SAID["errors"]
    assert not Correction.select().exists()
    again = client.post(NEW, data={**SAID, **hidden(page)})
    assert (again.status_code, Correction.get().token) == (303, "c" * 32)


def test_nobody_asks_one_after_another(client: FlaskClient) -> None:
    assert [sent(client).status_code for _ in range(5)] == [303] * 5
    page = opened(sent(client), 429)
    assert "Слишком много запросов подряд" in page.text and int(page.answer.headers["Retry-After"]) > 0
    assert page.main.one("textarea", id="errors").text == SAID["errors"]
