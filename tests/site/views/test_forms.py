"""«Бланки»: the list, the files, the application filled in on the page; nothing is kept, nobody is given a cookie."""

import io
import logging
import threading
from pathlib import Path
from urllib.parse import unquote

import docx
import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient

from attestation.site import forms
from attestation.site.printing import press
from attestation.site.settings import Settings
from attestation.site.views import papers
from attestation.tests.site.test_forms import FULL

from ...inspection import OpenedPage, faults, read
from .conftest import Open

# Blank forms are made of their own data, whatever database lies beside them.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
CLAUSES = ("2.6.1", "2.6.2", "3.3.2", "3.3.5", "5.6", "6.5.6", "lenobl/18", "2.6.6")
START = {"pdf": b"%PDF", "docx": b"PK\x03\x04"}


def refused(client: FlaskClient, **changes: str) -> OpenedPage:
    """The page that an application with these fields changed comes back on, sound and read."""
    answer = client.post("/forms/application", data={**FULL, **changes})
    assert (answer.status_code, answer.headers["Cache-Control"]) == (422, "no-store")
    assert faults(answer.text, "Аттестация педагогов") == []
    return OpenedPage(answer, read(answer.text)[0])


# --- The list and the blank files -------------------------------------------------------------------------------------------


def test_the_list_says_what_each_form_is_for_and_where_it_comes_from(open_: Open) -> None:
    page = open_("/forms/")
    assert page.h1 == "Бланки"
    items = page.main.one("ul", class_="blanks").all("h2")
    assert [heading.text for heading in items] == [offer.title for offer in forms.offers()]
    assert all(offer.purpose in page.text and offer.who in page.text for offer in forms.offers())
    addresses = [link.attributes["href"] for link in page.main.all("a")]
    clauses = [address for address in addresses if address.startswith("/regulation/")]
    assert clauses == [f"/regulation/{number}" for number in CLAUSES]


def test_every_link_of_the_list_leads_somewhere(open_: Open, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "conclusion_apart", lambda *_: b"%PDF")
    for link in open_("/forms/").main.all("a"):
        answer = client.get(link.attributes["href"])
        assert answer.status_code == 200, link.attributes["href"]
        kind = link.attributes["href"].rpartition(".")[2]
        if kind in START:
            assert answer.data[:4] == START[kind]
            assert link.text.startswith(kind.upper())


@pytest.mark.parametrize("name", forms.NAMES)
@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_a_blank_form_is_a_file_with_its_own_name(client: FlaskClient, name: str, kind: str) -> None:
    answer = client.get(f"/forms/{name}.{kind}")
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf" if kind == "pdf" else DOCX)
    assert answer.data[:4] == START[kind]
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    disposition = unquote(answer.headers["Content-Disposition"])
    assert disposition.startswith("inline" if kind == "pdf" else "attachment")
    assert f"{forms.form(name).title}.{kind}" in disposition


def test_the_blank_application_can_be_filled_in(client: FlaskClient) -> None:
    fields = pypdf.PdfReader(io.BytesIO(client.get("/forms/application.pdf").data)).get_fields() or {}
    assert [*fields] == [part.name for part in forms.form("application").fields]


@pytest.mark.parametrize("kind", ["pdf", "docx"])
def test_conclusions_stand_with_their_forms(client: FlaskClient, kind: str) -> None:
    for number in range(1, 16):
        answer = client.get(f"/forms/conclusion-{number}.{kind}")
        assert (answer.status_code, answer.location) == (301, f"/rubrics/{number}.{kind}")


@pytest.mark.parametrize(
    "address",
    ["conclusion-0.pdf", "conclusion-16.pdf", "conclusion-01.docx", "passport.pdf", "application.xlsx", "application/"],
)
def test_what_does_not_exist_is_not_found(open_: Open, address: str) -> None:
    open_(f"/forms/{address}", 404)


# --- The application on the page --------------------------------------------------------------------------------------------


def test_the_page_asks_the_nineteen_questions_in_order(open_: Open) -> None:
    page = open_("/forms/application")
    fields = page.main.one("form").all("input", "textarea")
    names = list(dict.fromkeys(field.attributes["name"] for field in fields))
    assert names == list(FULL)
    questions = [element.text for element in page.main.all("span", class_="clause")]
    assert questions == [f"{number}." for number in range(1, 20)]
    completed = {field.attributes["name"]: field.attributes.get("autocomplete") for field in fields}
    assert {name: word for name, word in completed.items() if word not in (None, "off")} == {
        "surname": "family-name",
        "name": "given-name",
        "patronymic": "additional-name",
        "born_on": "bday",
        "workplace": "organization",
        "position": "organization-title",
        "phone_work": "work tel",
        "phone_home": "home tel",
        "phone_mobile": "mobile tel",
        "email": "email",
    }


def test_mistakes_are_said_at_their_fields_and_everything_typed_is_kept(client: FlaskClient) -> None:
    page = refused(client, surname="", born_on="31.02.1985", asked_position="Методист", workplace='"<b>школа</b>')
    assert page.title == "Ошибка: Заполнить заявление — Аттестация педагогов"
    summary = page.main.one("div", class_="wrong")
    assert [link.attributes["href"] for link in summary.all("a")] == ["#surname", "#born_on", "#asked_position"]
    assert summary.all("a")[0].text == "Строка 1, «Фамилия». Заполните эту строку."
    for name in ("surname", "born_on", "asked_position"):
        field = page.main.one("input", id=name)
        assert field.attributes["aria-invalid"] == "true"
        told = [page.main.one("p", id=word).text for word in field.attributes["aria-describedby"].split()]
        assert summary.all("a", href=f"#{name}")[0].text.endswith(told[-1])
    values = {field.attributes["name"]: field.attributes["value"] for field in page.main.all("input", type="text")}
    assert (values["born_on"], values["asked_position"], values["name"]) == ("31.02.1985", "Методист", "Анна")
    assert page.main.one("textarea", id="workplace").text == '"<b>школа</b>'
    ticked = [field.attributes["value"] for field in page.main.all("input") if "checked" in field.attributes]
    assert ticked == ["первая", "высшая", "без моего присутствия", "да"]


def test_the_highest_category_asks_for_the_date_of_the_first(client: FlaskClient) -> None:
    page = refused(client, held_since="")
    assert page.main.one("p", id="e-held_since").text == "Укажите дату."


def test_a_full_application_comes_back_as_a_pdf(client: FlaskClient) -> None:
    answer = client.post("/forms/application", data={**FULL, "kind": "pdf"})
    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (200, "application/pdf", "no-store")
    assert "Заявление.pdf" in unquote(answer.headers["Content-Disposition"])
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "Ёлкина" in pypdf.PdfReader(io.BytesIO(answer.data)).pages[0].extract_text()


def test_a_full_application_comes_back_as_a_document(client: FlaskClient) -> None:
    answer = client.post("/forms/application", data={**FULL, "kind": "docx"})
    assert (answer.status_code, answer.mimetype, answer.headers["Cache-Control"]) == (200, DOCX, "no-store")
    rows = docx.Document(io.BytesIO(answer.data)).tables[0].rows
    assert ("13", "Учитель") in [(row.cells[0].text, row.cells[2].text) for row in rows]


def test_nothing_is_kept_logged_or_put_into_a_cookie(
    client: FlaskClient, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    def kept() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in settings.data_dir.rglob("*") if path.is_file()}

    client.get("/forms/application")
    before = kept()
    with caplog.at_level(logging.DEBUG):
        answers = [client.post("/forms/application", data={**FULL, **more}) for more in ({"kind": "docx"}, {"surname": ""})]
    assert [answer.headers.getlist("Set-Cookie") for answer in answers] == [[], []]
    assert kept() == before
    assert "Анна" not in caplog.text and "Учитель" not in caplog.text


def test_a_request_too_large_to_be_an_application_is_refused(client: FlaskClient) -> None:
    answer = client.post("/forms/application", data={**FULL, "workplace": "я" * 40_000})
    assert answer.status_code == 413


def test_an_application_in_the_address_is_not_read(open_: Open) -> None:
    page = open_("/forms/application?surname=Ёлкина")
    assert page.main.one("input", id="surname").attributes["value"] == ""


def test_one_pdf_at_a_time_and_the_document_meanwhile(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    busy = threading.BoundedSemaphore(1)
    busy.acquire()
    monkeypatch.setattr(papers, "WAIT_SECONDS", 0.01)
    monkeypatch.setattr(papers, "_press", busy)
    answer = client.post("/forms/application", data={**FULL, "kind": "pdf"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "скачайте заявление в формате DOCX" in answer.text
    assert client.post("/forms/application", data={**FULL, "kind": "docx"}).status_code == 200


def test_two_pages_are_made_once_for_everybody(app: Flask) -> None:
    for path in ("/forms/", "/forms/application"):
        first = app.test_client().get(path)
        again = app.test_client().get(path, headers={"If-None-Match": first.headers["ETag"]})
        assert (first.status_code, again.status_code) == (200, 304)
