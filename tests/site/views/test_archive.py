"""The archive: search by text and filters, its addresses, its refusals."""

import datetime as dt
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest
from playhouse.test_utils import assert_query_count

from ...conftest import PEOPLE, MakeOrder
from ...inspection import OpenedPage
from .conftest import Open

Index = Callable[[], None]


@pytest.fixture
def archive(make_order: MakeOrder, index: Index) -> None:
    """Two orders of three established rows and a refusal each."""
    make_order("1016-р", dt.date(2021, 4, 13))
    make_order("77-р", dt.date(2022, 5, 20))
    index()


@pytest.fixture
def long_archive(make_order: MakeOrder, index: Index) -> None:
    """One order of 45 people."""
    make_order(
        "300-р", rows=tuple(("Иванова", f"Имя{'аб'[i % 2]}", "", "Воспитатель", f"ДОУ № {i}", "first", True) for i in range(45))
    )
    index()


def found(page: OpenedPage) -> list[list[str]]:
    """The table of the results as text."""
    return [[cell.text for cell in row.all("th", "td")] for row in page.main.one("tbody").all("tr")]


def test_a_hit_is_a_row_with_its_order_and_the_page_of_the_pdf(open_: Open, archive: None) -> None:
    page = open_("/orders/?q=соловьева")
    assert found(page) == [
        ["Соловьёва Алёна Игоревна Воспитатель", "высшая", "ГБДОУ детский сад № 145", "№ 77-р от 20.05.2022 PDF, стр. 2"],
        ["Соловьёва Алёна Игоревна Воспитатель", "высшая", "ГБДОУ детский сад № 145", "№ 1016-р от 13.04.2021 PDF, стр. 2"],
    ]
    assert [link.attributes["href"] for link in page.main.one("tbody").all("a")] == [
        "/orders/2022/77-%D1%80/?row=2#row-2",
        "/orders/2022/77-%D1%80/order.pdf#page=2",
        "/orders/2021/1016-%D1%80/?row=2#row-2",
        "/orders/2021/1016-%D1%80/order.pdf#page=2",
    ]
    assert page.main.one("h2", id="results").text == "Найдено 2 решения"
    assert page.main.one("p", class_="understood").text == "Искали: слово «соловьева»"


def test_without_a_query_the_whole_archive_is_shown_newest_first(open_: Open, archive: None) -> None:
    page = open_("/orders/")
    assert page.main.one("h2", id="results").text == "В архиве 6 решений"
    assert [row[3].split(" от ")[0] for row in found(page)] == ["№ 77-р"] * 3 + ["№ 1016-р"] * 3


def test_the_oldest_can_come_first(open_: Open, archive: None) -> None:
    page = open_("/orders/?sort=old")
    assert found(page)[0][3] == "№ 1016-р от 13.04.2021 PDF, стр. 2"
    assert page.main.one("p", class_="sorting").one("a", aria_current="true").text == "старые"


def test_refusals_are_not_found(open_: Open, archive: None) -> None:
    assert open_("/orders/?q=Отказова").main.one("h2", id="results").text == "Ничего не найдено"


def test_pages_that_name_people_are_not_for_search_engines(open_: Open, archive: None) -> None:
    page = open_("/orders/")
    assert page.answer.headers["X-Robots-Tag"] == "noindex"
    assert page.root.one("meta", name="robots").attributes["content"] == "noindex"


def test_filters_stand_with_counts_and_set_themselves_by_a_link(open_: Open, archive: None) -> None:
    page = open_("/orders/?q=воспитатель")
    filters = page.main.one("aside", id="filters")
    assert [heading.text for heading in filters.all("h3")] == ["Год"]  # the others would leave everything as it is
    years = {link.text: link.attributes["href"] for link in filters.all("a")}
    assert set(years) == {"2022 1", "2021 1"}
    assert parse_qs(urlsplit(years["2021 1"]).query) == {"q": ["воспитатель"], "year": ["2021"]}
    assert len(found(open_(years["2021 1"]))) == 1


def test_active_filters_can_be_removed_one_by_one_and_together(open_: Open, archive: None) -> None:
    page = open_("/orders/?q=145&year=2021&category=highest&kind=decision")
    chosen = page.main.one("div", class_="chosen")
    assert [link.text for link in chosen.all("a")] == [
        "Убрать условие: Год: 2021×",
        "Убрать условие: Категория: высшая×",
        "Убрать условие: Вид распоряжения: Об установлении (отказе)×",
        "Убрать все",
    ]
    first, *_, last = chosen.all("a")
    assert parse_qs(urlsplit(first.attributes["href"]).query) == {"q": ["145"], "category": ["highest"], "kind": ["decision"]}
    assert last.attributes["href"] == "/orders/?q=145"


def test_the_form_keeps_the_filters(open_: Open, archive: None) -> None:
    form = open_("/orders/?q=иванова&category=first&sort=old").main.one("form")
    kept = {field.attributes["name"]: field.attributes["value"] for field in form.all("input")}
    assert kept == {"q": "иванова", "category": "first", "sort": "old"}


@pytest.mark.parametrize("unknown", ["year=1900", "year=abc", "year=²", "category=third", "kind=x", "position=Космонавт"])
def test_an_unknown_value_of_a_filter_is_an_empty_answer_with_advice(open_: Open, archive: None, unknown: str) -> None:
    page = open_(f"/orders/?{unknown}")
    assert page.main.one("h2", id="results").text == "Ничего не найдено"
    assert page.main.one("div", class_="empty").all("a")[0].text == "поискать без выбранных условий"


def test_what_was_searched_instead_is_said(open_: Open, archive: None) -> None:
    page = open_("/orders/?q=bdfyjdf")
    assert (
        page.main.one("p", class_="notice").text == "По запросу «bdfyjdf» ничего не найдено, показаны результаты для «иванова»."
    )
    assert len(found(page)) == 2


def test_an_empty_answer_says_what_to_try(open_: Open, archive: None) -> None:
    advice = open_("/orders/?q=щщщщщщ").main.one("div", class_="empty").text
    assert "написать начало слова со звёздочкой: «Иванов*»" in advice
    assert "посмотреть весь архив" in advice


def test_a_long_answer_has_pages(open_: Open, long_archive: None) -> None:
    page = open_("/orders/?q=иванова&page=2")
    assert len(found(page)) == 20
    assert [link.attributes["rel"] for link in page.root.all("link") if link.attributes["rel"] in {"prev", "next"}] == [
        "prev",
        "next",
    ]
    paging = page.main.one("nav", aria_label="Страницы результатов")
    assert [link.attributes.get("aria-label", link.text) for link in paging.all("a")] == [
        "← Назад",
        "Страница 1",
        "Страница 2, текущая",
        "Страница 3",
        "Дальше →",
    ]
    assert paging.one("a", aria_current="page").text == "2"
    assert "страница 2" in page.title
    assert len(found(open_(paging.all("a")[-1].attributes["href"]))) == 5


@pytest.mark.parametrize("number", ["0", "-1", "abc", "4", "99999999999999999999", "1.5", "²"])
def test_a_page_that_is_not_there_leads_to_the_first(open_: Open, long_archive: None, number: str) -> None:
    page = open_(f"/orders/?q=иванова&page={number}", status=404)
    assert page.h1 == "Такой страницы списка нет"
    assert parse_qs(urlsplit(page.links()["Открыть первую страницу списка"]).query) == {"q": ["иванова"]}


def test_a_query_that_is_too_long_is_refused_beside_the_field(open_: Open, archive: None) -> None:
    text = "ы" * 10_000
    page = open_(f"/orders/?q={text}&year=2021", status=400)
    field = page.main.one("input", id="q")
    assert (field.attributes["value"], field.attributes["aria-invalid"]) == (text, "true")
    assert "q-refusal" in field.attributes["aria-describedby"].split()
    assert page.main.one("p", id="q-refusal").text.startswith("Ошибка: Запрос слишком длинный")
    assert page.main.one("input", name="year").attributes["value"] == "2021"


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '" onfocus="alert(1)', "'); DROP TABLE ruling; --", "\x00", "%", "*", '"']
)
def test_whatever_is_typed_gets_a_sound_page(open_: Open, archive: None, text: str) -> None:
    from urllib.parse import quote

    page = open_(f"/orders/?q={quote(text)}")
    assert page.h1 == "Распоряжения о квалификационных категориях"


def test_it_asks_the_database_twice(open_: Open, long_archive: None) -> None:
    open_("/orders/")
    with assert_query_count(2):  # the rows of the page with their orders, however many; which of them were changed
        open_("/orders/")


def test_with_the_setting_turned_round_refusals_are_marked(
    open_: Open, archive: None, change_settings: Callable[..., None]
) -> None:
    change_settings(show_refusals=True)
    page = open_("/orders/2021/1016-р/")
    assert [row[1:3] for row in found(page)][-1] == ["Отказова Нина Фёдоровна Учитель-логопед", "первая: отказ"]


def test_people_of_one_order_stand_as_in_its_annex(open_: Open, archive: None) -> None:
    names = [person for person, *_ in found(open_("/orders/?year=2021"))]
    assert [name.split()[0] for name in names] == [row[0] for row in PEOPLE if row[6]]
