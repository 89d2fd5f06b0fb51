"""«Что собрать» and the files of a form: nothing is kept, no token is asked for, the inventory holds the papers."""

import io
import threading
from collections.abc import Callable
from urllib.parse import unquote

import docx
import openpyxl
import pypdf
import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from attestation.rubrics import forms
from attestation.site.printing import press
from attestation.site.views import papers as view

from ...inspection import OpenedPage, faults, read
from .conftest import Open

# Blank papers are made of the forms, whatever database lies beside them.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

FIELDS = {"position": "Учитель начальных классов", "category": "first", "c-1.4-2": "3", "c-1.5-1": "1", "c-2.9-1": "1"}


Ask = Callable[[str, dict[str, str]], TestResponse]


def inspect(answer: TestResponse) -> OpenedPage:
    """The page of this answer, sound and read."""
    assert answer.status_code == 200
    assert faults(answer.text, "Аттестация педагогов") == []
    return OpenedPage(answer, read(answer.text)[0])


@pytest.fixture(params=["get", "post"])
def asked(request: pytest.FixtureRequest, client: FlaskClient) -> Ask:
    """Ask for an address with these fields, in the address or in a form."""

    def ask(address: str, fields: dict[str, str]) -> TestResponse:
        if request.param == "get":
            return client.get(address, query_string=fields)
        return client.post(address, data=fields)

    return ask


def test_the_papers_of_the_ticked_rows_by_who_certifies_them(asked: Ask) -> None:
    page = inspect(asked("/rubrics/1/papers", FIELDS))
    piles = page.main.all("section", class_="pile")
    assert [pile.one("h2").text for pile in piles] == [
        "Заверяет или выдаёт работодатель",
        "Печать ГБУ ДПО «СПб ЦОКОиИТ»",
        "Как выдано",
    ]
    assert [len(pile.all("li")) for pile in piles] == [3, 1, 2]
    first = piles[0].all("li")[0]
    assert first.one("label").text == (
        "Копии грамот, дипломов или другие документы, подтверждающие победы и призовые места обучающихся, "
        "заверенные работодателем"
    )
    assert first.one("p").text == "Строка 1.4, 3 результата"
    rows = page.main.one("dl", class_="needs").all("dt")
    assert [row.one("span").text for row in rows] == ["1.4", "1.5", "2.9"]


def test_the_ticks_are_handed_on_to_the_inventory_and_names_are_not(client: FlaskClient) -> None:
    fields = {"position": "Преподаватель, концертмейстер", "role": "преподаватель", "c-1.6-1": "1", "n-1.6-1": "Иванова Аня"}
    answer = client.post("/rubrics/8/papers", data=fields)
    assert "Иванова" not in answer.text
    hidden = {
        field.attributes["name"]: field.attributes["value"]
        for field in inspect(answer).main.one("form").all("input", type="hidden")
    }
    assert hidden == {"position": "Преподаватель, концертмейстер", "c-1.6-1": "1"}
    assert "Set-Cookie" not in answer.headers


def test_without_ticks_the_calculator_is_offered(open_: Open) -> None:
    page = open_("/rubrics/3/papers")
    assert page.main.one("p", class_="lead").text.startswith("Пока ничего не отмечено.")
    assert page.main.one("a", class_="button").attributes["href"] == "/rubrics/3/calculator"


def test_without_a_position_it_is_asked_for(open_: Open) -> None:
    page = open_("/rubrics/1/papers?c-1.4-2=3")
    assert page.main.one("p", class_="lead").text == (
        "Вернитесь в калькулятор и выберите должность: от неё зависит, какие строки для вас."
    )


def test_a_row_that_is_not_for_the_position_is_named_and_left_out(client: FlaskClient) -> None:
    answer = client.post("/rubrics/1/papers", data={**FIELDS, "c-2.12-1": "1"})
    page = inspect(answer)
    assert page.main.one("div", class_="notice").one("li").text.startswith("Строка 2.12 не для должности")
    assert [row.one("span").text for row in page.main.one("dl", class_="needs").all("dt")] == ["1.4", "1.5", "2.9"]


@pytest.mark.parametrize("number", [entry.number for entry in forms.edition().forms])
def test_every_row_of_a_form_can_be_asked_for(client: FlaskClient, number: int) -> None:
    form = forms.form(number)
    position = form.positions[-1]
    rows = [row for row in form.criteria if row.open_to(position)]
    ticks = {f"c-{row.clause}-1": "1" for row in rows}
    role = {"role": "преподаватель"} if number == 8 else {}
    if number == 9:
        ticks |= {"discipline": form.disciplines[0].name}
    page = inspect(client.post(f"/rubrics/{number}/papers", data={"position": position, **role, **ticks}))
    shown = [row.one("span").text for row in page.main.one("dl", class_="needs").all("dt")]
    assert shown == [row.clause.removesuffix("bis") for row in rows]


@pytest.mark.parametrize("path", ["papers", "inventory.pdf", "inventory.docx"])
def test_there_is_no_sixteenth_form(client: FlaskClient, path: str) -> None:
    assert client.get(f"/rubrics/16/{path}").status_code == 404


def test_the_calculator_leads_here(open_: Open) -> None:
    buttons = open_("/rubrics/5/calculator").main.all("button", formaction="/rubrics/5/papers")
    assert [button.text for button in buttons] == ["Показать список документов"]


# --- The inventory ----------------------------------------------------------------------------------------------------------


def test_the_inventory_as_an_editable_document(asked: Ask) -> None:
    answer = asked("/rubrics/1/inventory.docx", FIELDS)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Опись документов.docx" in unquote(answer.headers["Content-Disposition"])
    table = docx.Document(io.BytesIO(answer.data)).tables[0]
    rows = [[cell.text for cell in row.cells] for row in table.rows[1:]]
    assert [row[0] for row in rows] == [str(number) for number in range(1, 10)]
    assert rows[5] == ["6", "", "", "Заверенная печатью ГБУ ДПО «СПб ЦОКОиИТ» справка об участии (строка 2.9)", "", "", ""]
    assert [row[6] for row in rows] == ["заверенная копия", "", "заверенная копия", "", "заверенная копия", *[""] * 4]


def test_the_inventory_as_pdf(client: FlaskClient) -> None:
    answer = client.post("/rubrics/1/inventory.pdf", data=FIELDS)
    assert answer.mimetype == "application/pdf"
    text = " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(answer.data)).pages).split())
    assert "Внутренняя опись документов индивидуальной папки" in text
    assert "Заверенная печатью ГБУ ДПО «СПб ЦОКОиИТ» справка об участии (строка 2.9)" in text


def test_whoever_waits_too_long_for_the_press_is_told_what_to_do(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(view, "WAIT_SECONDS", 0.01)
    busy = threading.BoundedSemaphore(1)
    busy.acquire()
    monkeypatch.setattr(view, "_press", busy)
    answer = client.post("/rubrics/1/inventory.pdf", data=FIELDS)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "60")
    assert "скачайте опись в формате DOCX" in answer.text


def test_the_press_is_free_again_after_a_failure(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(_entries: object) -> bytes:
        raise press.PressFailed("no paper")

    monkeypatch.setattr(press, "inventory_apart", fails)
    for _ in range(2):
        with pytest.raises(press.PressFailed):
            client.post("/rubrics/1/inventory.pdf", data=FIELDS)


@pytest.mark.parametrize(("kind", "start"), [("pdf", b"%PDF"), ("docx", b"PK")])
def test_the_empty_inventory_is_made_once(
    app: Flask, client: FlaskClient, kind: str, start: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = client.get(f"/forms/inventory.{kind}")
    assert answer.status_code == 200
    assert answer.data.startswith(start)
    monkeypatch.setattr("attestation.site.printing.press.inventory_apart", lambda _: b"another")
    monkeypatch.setattr("attestation.site.printing.inventory.inventory_docx", lambda: b"another")
    assert client.get(f"/forms/inventory.{kind}").data == answer.data
    assert client.get("/forms/inventory.odt").status_code == 404


# --- The files of a form ----------------------------------------------------------------------------------------------------


def test_the_page_of_a_form_offers_its_files(open_: Open) -> None:
    links = open_("/rubrics/6/").main.one("p", class_="downloads").all("a")
    assert [link.attributes["href"] for link in links] == ["/rubrics/6.docx", "/rubrics/6.xlsx", "/rubrics/6.json"]


def test_the_conclusion_is_there_to_edit(client: FlaskClient) -> None:
    answer = client.get("/rubrics/6.docx")
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    assert "Экспертное заключение, форма 6.docx" in unquote(answer.headers["Content-Disposition"])
    assert answer.headers["Cache-Control"] == "public, max-age=86400"
    assert docx.Document(io.BytesIO(answer.data)).tables[0].rows[0].cells[0].text == "№"


def test_the_calculation_is_there_to_fill_in(client: FlaskClient) -> None:
    answer = client.get("/rubrics/6.xlsx")
    assert answer.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    assert book.sheetnames == ["Расчёт", "Пороги", "Пояснения"]


@pytest.mark.parametrize("address", ["/rubrics/16.docx", "/rubrics/0.xlsx", "/rubrics/01.docx", "/rubrics/x.xlsx"])
def test_files_of_forms_that_are_not_there(client: FlaskClient, address: str) -> None:
    assert client.get(address).status_code == 404
