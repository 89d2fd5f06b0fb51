"""Rows of an order: filters, sorting, a page of each row, files for spreadsheets, the reference to be copied."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from urllib.parse import unquote

import pytest
from flask.testing import FlaskClient
from openpyxl import load_workbook
from playhouse.test_utils import assert_query_count

from attestation import models
from attestation.site.validity import Validity

from ...conftest import NOON, MakeOrder
from ...inspection import OpenedPage
from .conftest import Open

ADDRESS = "/orders/2021/1016-р/"
NBSP = "\N{NO-BREAK SPACE}"
MIXED = (
    ("Яшина", "Анна", "", "Воспитатель", "ДОУ № 9", "highest", True),
    ("Ёлкина", "Вера", "Львовна", "Учитель химии", "Школа № 2", "first", True),
    ("Ежова", "Инна", "", "Воспитатель", "Школа № 1", "first", True),
    ("Жукова", "Ольга", "", "Методист", "Лицей", "highest", True),
    ("Отказова", "Нина", "", "Методист", "Лицей", "first", False),
)


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock of the site."""
    monkeypatch.setattr(models, "utc_now", lambda: NOON)
    monkeypatch.setattr("attestation.site.views.order.utc_now", lambda: NOON)


def surnames(page: OpenedPage) -> list[str]:
    """The surnames of the page's table in order."""
    return [row.one("th").text.split()[0] for body in page.main.all("tbody") for row in body.all("tr")]


# --- Filters and sorting ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("surname=елк", ["Ёлкина"]),
        ("surname=анна", []),
        ("position=ВОСПИТ", ["Яшина", "Ежова"]),
        ("organization=школа+2", ["Ёлкина"]),
        ("category=highest", ["Яшина", "Жукова"]),
        ("category=highest&position=методист&q=ольга", ["Жукова"]),
        ("category=third", ["Яшина", "Ёлкина", "Ежова", "Жукова"]),
        ("result=refused", ["Яшина", "Ёлкина", "Ежова", "Жукова"]),  # refusals are not shown: nothing to choose
        ("surname=%25", []),
    ],
)
def test_rows_are_narrowed(open_: Open, make_order: MakeOrder, query: str, found: list[str]) -> None:
    make_order(rows=MIXED)
    assert surnames(open_(f"{ADDRESS}?{query}")) == found


@pytest.mark.parametrize(
    ("result", "found"), [("refused", ["Отказова"]), ("established", ["Яшина", "Ёлкина", "Ежова", "Жукова"])]
)
def test_where_refusals_are_shown_the_result_is_a_filter(
    open_: Open, make_order: MakeOrder, change_settings: Callable[..., None], result: str, found: list[str]
) -> None:
    make_order(rows=MIXED)
    change_settings(show_refusals=True)
    page = open_(f"{ADDRESS}?result={result}")
    assert surnames(page) == found
    assert page.main.one("select", name="result").one("option", value=result).attributes["selected"] == ""


@pytest.mark.parametrize(
    ("sort", "found"),
    [
        ("", ["Яшина", "Ёлкина", "Ежова", "Жукова"]),
        ("-number", ["Жукова", "Ежова", "Ёлкина", "Яшина"]),
        ("surname", ["Ежова", "Ёлкина", "Жукова", "Яшина"]),
        ("-surname", ["Яшина", "Жукова", "Ёлкина", "Ежова"]),
        ("position", ["Яшина", "Ежова", "Жукова", "Ёлкина"]),
        ("organization", ["Яшина", "Жукова", "Ежова", "Ёлкина"]),
        ("category", ["Ёлкина", "Ежова", "Яшина", "Жукова"]),
        ("1;drop", ["Яшина", "Ёлкина", "Ежова", "Жукова"]),
    ],
)
def test_rows_are_sorted_by_the_russian_alphabet(open_: Open, make_order: MakeOrder, sort: str, found: list[str]) -> None:
    make_order(rows=MIXED)
    assert surnames(open_(f"{ADDRESS}?sort={sort}")) == found


def test_the_ways_to_sort_keep_what_is_asked_and_turn_round(open_: Open, make_order: MakeOrder) -> None:
    make_order(rows=MIXED)
    page = open_(f"{ADDRESS}?position=о&sort=surname")
    ways = {link.text.split()[0]: unquote(link.attributes["href"]) for link in page.main.one("p", class_="sorting").all("a")}
    assert ways["фамилия"] == f"{ADDRESS}?position=о&sort=-surname#rows"
    assert ways["№"] == f"{ADDRESS}?position=о#rows"
    assert ways["категория"] == f"{ADDRESS}?position=о&sort=category#rows"
    assert page.main.one("a", aria_current="true").text == "фамилия ↑, от первых"


def test_pages_keep_what_is_asked(open_: Open, make_order: MakeOrder) -> None:
    make_order(rows=tuple((f"Фамилия{i:03}", "Анна", "", "Воспитатель", "ДОУ", "first", True) for i in range(1, 151)))
    page = open_(f"{ADDRESS}?position=воспит&sort=-surname")
    assert surnames(page)[0] == "Фамилия150"
    following = unquote(page.main.one("a", rel="next").attributes["href"])
    assert following == f"{ADDRESS}?position=воспит&sort=-surname&page=2"
    assert surnames(open_(following))[-1] == "Фамилия001"


@pytest.mark.parametrize("field", ["surname", "position", "organization"])
def test_a_long_filter_is_refused_beside_its_field(open_: Open, make_order: MakeOrder, field: str) -> None:
    make_order(rows=MIXED)
    page = open_(f"{ADDRESS}?{field}={'ы' * 201}", status=400)
    assert page.main.one(id=f"by-{field}-refusal").text == "Ошибка: Слишком длинный запрос: оставьте не больше 200 знаков."
    assert page.main.one("input", name=field).attributes["value"] == "ы" * 201
    assert surnames(page) == []


def test_filters_cost_one_query_more(open_: Open, make_order: MakeOrder) -> None:
    make_order(rows=MIXED)
    open_(ADDRESS)
    with assert_query_count(7):
        open_(f"{ADDRESS}?category=first&surname=е&sort=organization")


def test_an_unchanged_page_is_not_sent_again(client: FlaskClient, make_order: MakeOrder) -> None:
    make_order(rows=MIXED)
    first = client.get(f"{ADDRESS}?sort=surname")
    tag = {"If-None-Match": first.headers["ETag"]}
    assert client.get(f"{ADDRESS}?sort=surname", headers=tag).status_code == 304
    assert client.get(ADDRESS, headers=tag).status_code == 200


# --- A page of a row --------------------------------------------------------------------------------------------------------


def test_a_row_has_a_page_of_its_own(open_: Open, make_order: MakeOrder) -> None:
    make_order(rows=MIXED)
    page = open_(f"{ADDRESS}2")
    assert page.h1 == "Ёлкина Вера Львовна"
    facts = {fact.one("dt").text: fact.one("dd").text for fact in page.main.one("dl").all("div")}
    assert facts == {
        "Категория": "первая",
        "Должность": "Учитель химии",
        "Организация": "Школа № 2",
        "Распоряжение": "№ 1016-р от 13.04.2021",
        "Постоянный адрес": "http://127.0.0.1:8000/orders/2021/1016-р/2",
    }
    ways = {title: unquote(address) for title, address in page.links().items()}
    assert ways["Открыть PDF, стр. 2"] == f"{ADDRESS}order.pdf#page=2"
    assert ways["Показать строку среди соседних"] == f"{ADDRESS}?row=2#row-2"
    assert page.answer.headers["X-Robots-Tag"] == "noindex"


def test_the_table_leads_to_the_pages_of_rows(open_: Open, make_order: MakeOrder) -> None:
    make_order(rows=MIXED)
    addresses = [unquote(link.attributes["href"]) for link in open_(ADDRESS).main.all("a") if link.within("tbody")]
    assert addresses[:2] == [f"{ADDRESS}1", f"{ADDRESS}order.pdf#page=2"]


@pytest.mark.parametrize("row", [0, 5, 6, 999999])
def test_a_row_that_is_not_shown_is_not_there(open_: Open, make_order: MakeOrder, row: int) -> None:
    make_order(rows=MIXED)
    page = open_(f"{ADDRESS}{row}", status=404)
    said = f"Строки {row} распоряжения № 1016-р на сайте нет. Полный текст распоряжения — в файле PDF."
    assert page.main.one("p", class_="lead").text == said


def test_where_refusals_are_shown_they_have_pages(
    open_: Open, make_order: MakeOrder, change_settings: Callable[..., None]
) -> None:
    make_order(rows=MIXED)
    change_settings(show_refusals=True, validity=Validity(5))
    page = open_(f"{ADDRESS}5")
    assert page.h1 == "Отказова Нина"
    assert "Срок" not in page.text


def test_other_spellings_lead_to_the_row(client: FlaskClient, make_order: MakeOrder) -> None:
    make_order(rows=MIXED)
    for path, status in (("/orders/2021/1016Р/2", 301), (f"{ADDRESS}2/", 308)):
        answer = client.get(path)
        assert (answer.status_code, answer.location) == (status, "/orders/2021/1016-%D1%80/2")


def test_a_number_with_a_slash_is_told_from_a_row(client: FlaskClient, open_: Open, make_order: MakeOrder) -> None:
    make_order("12/3", rows=MIXED)
    assert client.get("/orders/2021/12/3").location == "/orders/2021/12/3/"
    assert open_("/orders/2021/12/3/4").h1 == "Жукова Ольга"


def test_a_page_of_a_row_asks_the_database_thrice_and_then_nothing(client: FlaskClient, make_order: MakeOrder) -> None:
    make_order(rows=MIXED)
    client.get(ADDRESS)
    with assert_query_count(3):
        first = client.get(f"{ADDRESS}1")
    with assert_query_count(0):
        again = client.get(f"{ADDRESS}1")
    assert first.data == again.data


# --- Files for spreadsheets -------------------------------------------------------------------------------------------------

TITLES = ["№ п/п", "Фамилия", "Имя", "Отчество", "Должность", "Организация", "Категория", "Решение"]


def test_rows_as_csv(client: FlaskClient, make_order: MakeOrder) -> None:
    make_order(rows=(*MIXED[:1], ("Тестова", "Ия", "", "=1+1", "@дом", "first", True)))
    answer = client.get(f"{ADDRESS}rows.csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    assert (answer.mimetype, answer.headers["X-Robots-Tag"]) == ("text/csv", "noindex")
    assert unquote(answer.headers["Content-Disposition"]).endswith("Распоряжение 1016-р от 13.04.2021.csv")
    lines = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline=""), delimiter=";"))
    assert lines[0] == [*TITLES, "Страница PDF", "Постоянный адрес строки"]
    assert lines[1][:9] == ["1", "Яшина", "Анна", "", "Воспитатель", "ДОУ № 9", "высшая", "установлена", "2"]
    assert lines[2][4:6] == ["'=1+1", "'@дом"]
    assert unquote(lines[2][9]) == "http://127.0.0.1:8000/orders/2021/1016-р/2"


def test_rows_as_a_workbook(client: FlaskClient, make_order: MakeOrder, change_settings: Callable[..., None]) -> None:
    make_order(rows=(("Тестова", "Ия", "", "=1+1", "ДОУ", "first", True),))
    change_settings(validity=Validity(5))
    answer = client.get(f"{ADDRESS}rows.xlsx")
    sheet = load_workbook(io.BytesIO(answer.data)).worksheets[0]
    first, second = ([cell.value for cell in row] for row in sheet.iter_rows())
    assert first == [*TITLES, "Действует по", "Страница PDF", "Постоянный адрес строки"]
    assert second[:5] == [1, "Тестова", "Ия", None, "=1+1"]
    assert second[8:10] == [dt.datetime(2026, 4, 13), 2]
    assert (sheet.cell(2, 5).data_type, sheet.freeze_panes) == ("s", "A2")


def test_files_hold_what_the_filters_leave_on_all_pages(client: FlaskClient, make_order: MakeOrder) -> None:
    make_order(rows=MIXED)
    lines = client.get(f"{ADDRESS}rows.csv?category=first&sort=surname&page=7").text.splitlines()
    assert [line.split(";")[1] for line in lines[1:]] == ["Ежова", "Ёлкина"]
    assert "Отказова" not in client.get(f"{ADDRESS}rows.csv").text
    assert client.get(f"{ADDRESS}rows.csv?q={'ы' * 201}").status_code == 400
    assert client.get("/orders/2021/1017-р/rows.csv").status_code == 404


# --- What is said of an order -----------------------------------------------------------------------------------------------


def test_the_reference_by_the_standard(open_: Open, make_order: MakeOrder) -> None:
    make_order(rows=MIXED)
    said = (
        "Об установлении (отказе в установлении) квалификационной категории педагогическим работникам [Электронный ресурс]:"
        " распоряжение от 13.04.2021 № 1016-р / Комитет по образованию // Аттестация педагогов: [сайт]. [2021]."
    )
    order, row = open_(ADDRESS), open_(f"{ADDRESS}2")
    site = "http://127.0.0.1:8000"
    for page, rest in (
        (order, f" URL: {site}{ADDRESS} (дата обращения: 10.03.2026)."),
        (row, f" Прил., строка 2. URL: {site}{ADDRESS}2 (дата обращения: 10.03.2026)."),
    ):
        assert page.main.one("p", data_copied="Ссылка скопирована").text == said + rest


def test_the_term_of_a_category_is_told_where_there_is_one(
    open_: Open, make_order: MakeOrder, index: Callable[[], None], change_settings: Callable[..., None]
) -> None:
    make_order(rows=MIXED)
    index()
    pages = (ADDRESS, f"{ADDRESS}2", "/orders/")
    assert ["2026" in open_(path).text.replace("10.03.2026", "") for path in pages] == [False, False, False]
    change_settings(validity=Validity(5, before=dt.date(2023, 9, 1)))
    assert "Срок категорийдействуют по 13 апреля 2026 года" in open_(ADDRESS).text.replace(" Срок категорий ", "Срок категорий")
    assert {fact.one("dt").text: fact.one("dd").text for fact in open_(f"{ADDRESS}2").main.one("dl").all("div")}[
        "Срок категории"
    ] == "действует по 13 апреля 2026 года"
    change_settings(validity=Validity(4))
    assert [f"закончился 13{NBSP}апреля" in open_(path).answer.text for path in pages] == [True, True, False]
    change_settings(validity=Validity(5))
    assert open_("/orders/").main.one("tbody").all("span", class_="until")[0].text == "срок по 13.04.2026"
