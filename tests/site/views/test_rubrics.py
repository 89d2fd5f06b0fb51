"""The scoring forms: the list, a form as a table, its blank."""

import io

import pikepdf
import pytest
from flask.testing import FlaskClient
from playhouse.test_utils import assert_query_count

from attestation.rubrics import forms

from .conftest import Open

# The pages of forms ask nothing of a database.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

READY = [entry.number for entry in forms.edition().forms if entry.ready]


def test_all_fifteen_are_listed_and_those_without_data_say_so(open_: Open) -> None:
    items = open_("/rubrics/").main.one("ol", class_="forms").all("li", class_="form")
    assert [item.one("span", class_="form-number").text for item in items] == [f"Форма {number}." for number in range(1, 16)]
    waiting = [i for i, item in enumerate(items, 1) if item.all("p", class_="tag")]
    assert waiting == [number for number in range(1, 16) if number not in READY]
    assert [item.one("h2").one("a").attributes["href"] for item in items if item.one("h2").all("a")] == [
        f"/rubrics/{number}/" for number in READY
    ]


@pytest.mark.parametrize("number", READY)
def test_a_form_is_there_in_full(open_: Open, number: int) -> None:
    form = forms.form(number)
    page = open_(f"/rubrics/{number}/")
    tables = page.main.all("table", class_="rubric")
    assert len(tables) == len(form.sections)
    shown = [
        body.attributes["id"]
        for table in tables
        for body in table.all("tbody")
        if "group" not in body.attributes["class"].split()
    ]
    assert shown == [f"row-{criterion.clause}" for criterion in form.criteria]
    lines = [cell for table in tables for cell in table.all("td", class_="points")]
    assert len(lines) == form.options_count
    thresholds = page.main.one("table", class_="thresholds").one("tbody").all("tr")
    assert len(thresholds) == len(form.thresholds) + len(form.section_thresholds)


@pytest.mark.parametrize("number", READY)
def test_every_word_of_the_source_is_on_the_page(open_: Open, number: int) -> None:
    text = open_(f"/rubrics/{number}/").text
    form = forms.form(number)
    words = [form.title, form.covers, form.note, form.remark]
    for section in form.sections:
        words += [section.title, section.note, section.remark, section.words]
        words += [part for group in section.groups for part in (group.label, group.evidence, group.note, group.remark)]
    for row in form.criteria:
        words += [row.context, row.label, row.tail, row.evidence, row.note, row.remark]
        words += [part for option in row.options for part in (option.context, option.label, option.note)]
    lines = [" ".join(line.split()) for word in words for line in word.splitlines()]
    assert [line for line in lines if line not in text] == []


def test_header_cells_say_what_they_head(open_: Open) -> None:
    table = open_("/rubrics/1/").main.all("table", class_="rubric")[0]
    assert [cell.attributes["scope"] for cell in table.one("thead").all("th")] == ["col"] * 5
    first = table.all("tbody")[0]
    assert [cell.attributes["scope"] for cell in first.all("th")] == ["rowgroup", "row", "row", "row"]
    assert [cell.text for cell in first.all("td", class_="points")] == ["10", "20", "40"]


def test_a_row_the_regulation_leaves_open_says_who_decides(open_: Open) -> None:
    row = open_("/rubrics/1/").main.one("tbody", id="row-2.1")
    assert row.one("p", class_="unstated").text == (
        "Как считается: регламент не уточняет, складываются ли показатели; решает эксперт."
    )


def test_a_limit_is_said(open_: Open) -> None:
    row = open_("/rubrics/1/").main.one("tbody", id="row-1.4")
    assert row.one("p", class_="counting").text == "Как считается: баллы складываются, но не больше чем за 3 результата."


@pytest.mark.parametrize(
    ("path", "row", "words"),
    [
        ("/rubrics/8/", "row-1.4", "баллы складываются; результаты разных обучающихся."),
        ("/rubrics/9/", "row-1.4", "баллы за разные показатели складываются, но не больше чем за 2 показателя."),
    ],
)
def test_a_limit_that_is_not_there_is_not_said(open_: Open, path: str, row: str, words: str) -> None:
    assert open_(path).main.one("tbody", id=row).one("p", class_="counting").text == f"Как считается: {words}"


def test_a_form_leads_to_its_calculator_first(open_: Open) -> None:
    ways = open_("/rubrics/6/").main.one("p", class_="actions").all("a")
    assert [(way.text, way.attributes["href"]) for way in ways] == [
        ("Посчитать баллы", "/rubrics/6/calculator"),
        ("Бланк заключения, PDF", "/rubrics/6.pdf"),
    ]


def test_our_remarks_are_marked_as_ours(open_: Open) -> None:
    remarks = open_("/rubrics/1/").main.all("p", class_="remark")
    assert remarks and all(remark.text.startswith("От редакции сайта: ") for remark in remarks)


@pytest.mark.parametrize("number", ["0", "16", "999", "9999", "01", "²", "-1", "abc", "9" * 5000])
def test_a_form_that_is_not_in_the_list(open_: Open, number: str) -> None:
    assert open_(f"/rubrics/{number}/", status=404).h1 == "Страница не найдена"
    assert open_(f"/rubrics/{number}.pdf", status=404).h1 == "Страница не найдена"


def test_a_form_in_preparation_says_so(open_: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def waiting(number: int) -> None:
        raise forms.UnknownForm(f"Форма {number} ещё готовится, её данные появятся позже.")

    monkeypatch.setattr(forms, "form", waiting)
    for path in ("/rubrics/2/", "/rubrics/2.pdf"):
        page = open_(path, status=404)
        assert page.main.one("p", class_="lead").text == "Форма 2 ещё готовится, её данные появятся позже."


def test_the_blank_is_a_pdf_made_once(client: FlaskClient) -> None:
    first = client.get("/rubrics/8.pdf")
    assert (first.status_code, first.mimetype) == (200, "application/pdf")
    assert first.headers["Content-Disposition"].startswith("inline;")
    with pikepdf.open(io.BytesIO(first.data)) as pdf:
        assert str(pdf.Root.Lang) == "ru"
    again = client.get("/rubrics/8.pdf", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


def test_forms_need_no_database(open_: Open) -> None:
    open_("/rubrics/")
    with assert_query_count(0):
        open_("/rubrics/")
        open_("/rubrics/1/")
