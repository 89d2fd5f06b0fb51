"""The home page: one search box and short ways in."""

import datetime as dt

from flask.testing import FlaskClient
from playhouse.test_utils import assert_query_count

from ...conftest import PEOPLE, MakeOrder
from .conftest import Open


def test_it_has_one_search_box_that_leads_to_the_archive(open_: Open) -> None:
    page = open_("/")
    form = page.main.one("form")
    assert form.attributes == {"class": "search-box", "action": "/orders/", "role": "search"}
    field = form.one("input")
    assert (field.attributes["name"], field.attributes["type"]) == ("q", "search")


def test_it_lists_the_five_latest_published_orders(open_: Open, make_order: MakeOrder) -> None:
    for month in range(1, 8):
        make_order(f"{month}-р", dt.date(2022, month, 3))
    make_order("99-р", dt.date(2022, 12, 3), status="registered")
    latest = open_("/").main.one("ul", class_="latest")
    assert [item.text for item in latest.all("li")] == [
        "№ 7-р от 3 июля 2022 года 3 категории установлены",
        "№ 6-р от 3 июня 2022 года 3 категории установлены",
        "№ 5-р от 3 мая 2022 года 3 категории установлены",
        "№ 4-р от 3 апреля 2022 года 3 категории установлены",
        "№ 3-р от 3 марта 2022 года 3 категории установлены",
    ]


def test_an_order_of_refusals_only_counts_none(open_: Open, make_order: MakeOrder) -> None:
    make_order("5-р", rows=PEOPLE[3:])
    assert open_("/").main.one("ul", class_="latest").text == "№ 5-р от 13 апреля 2021 года 0 категорий установлено"


def test_an_empty_archive_says_so(open_: Open) -> None:
    assert "Опубликованных распоряжений пока нет." in open_("/").text


def test_it_asks_the_database_for_the_orders_alone(open_: Open, client: FlaskClient, make_order: MakeOrder) -> None:
    for number in range(1, 6):
        make_order(f"{number}-р")
    open_("/rubrics/")  # the tree is read
    with assert_query_count(1):
        assert client.get("/").status_code == 200
    with assert_query_count(0):  # ready
        assert client.get("/").status_code == 200


def test_the_ways_to_the_forms_lead_to_what_can_be_done(open_: Open) -> None:
    ways = open_("/").main.one("ul", class_="ways-in").all("a")
    assert [(way.text, way.attributes["href"]) for way in ways] == [
        ("Найти свою форму и посчитать баллы", "/rubrics/find"),
        ("Все формы заключений", "/rubrics/"),
        ("Сравнить две формы", "/rubrics/compare"),
    ]
