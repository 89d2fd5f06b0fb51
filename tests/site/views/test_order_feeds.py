"""The archive as Atom feeds: valid, stable, short, nobody named; both ends of a change linked."""

import datetime as dt
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from playhouse.test_utils import assert_query_count

from attestation.models import Order

from ...conftest import NOON, PEOPLE, MakeOrder
from ..test_amendments import amended, row_id
from .conftest import Open

ATOM = "{http://www.w3.org/2005/Atom}"
SITE = "http://127.0.0.1:8000"
FEEDS = ("/orders/feed.xml", "/orders/changes.xml")
MAY = dt.date(2021, 5, 11)


def read(client: FlaskClient, path: str) -> tuple[dict[str, str], list[dict[str, str]]]:
    """The feed and its entries: texts and links by their names."""
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype) == (200, "application/atom+xml")
    feed = ElementTree.fromstring(answer.data)
    assert feed.tag == f"{ATOM}feed"
    return _said(feed), [_said(entry) for entry in feed.findall(f"{ATOM}entry")]


def _said(element: ElementTree.Element) -> dict[str, str]:
    links = {part.get("rel", ""): part.get("href", "") for part in element.findall(f"{ATOM}link")}
    return links | {part.tag.removeprefix(ATOM): part.text for part in element if part.text and part.text.strip()}


def amending(make_order: MakeOrder, amends: Order, number: str = "2-р", day: dt.date = MAY) -> Order:
    """A published order whose only row stands in the place of the first one of another."""
    return amended(make_order, amends, number, day, {1: row_id(amends, 1)}, published_at=noon_of(day))


def noon_of(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(9), dt.UTC)


def test_published_orders(client: FlaskClient, make_order: MakeOrder) -> None:
    first = make_order()
    later = make_order("12/3", dt.date(2021, 4, 20))
    make_order("9-р", status="registered")
    feed, entries = read(client, "/orders/feed.xml")
    assert feed == {
        "id": SITE + "/orders/feed.xml",
        "title": "Распоряжения — Аттестация педагогов",
        "subtitle": "Опубликованные распоряжения о квалификационных категориях, последние сверху",
        "updated": "2021-04-20T09:00:00Z",
        "self": SITE + "/orders/feed.xml",
        "alternate": SITE + "/orders/",
        "icon": SITE + "/favicon.ico",
    }
    assert [entry["id"] for entry in entries] == [
        f"tag:127.0.0.1,2021-04-20:order/{later.id}",
        f"tag:127.0.0.1,2021-04-13:order/{first.id}",
    ]
    assert entries[1]["title"] == "Распоряжение № 1016-р от 13.04.2021"
    assert entries[0]["alternate"] == SITE + "/orders/2021/12/3/"
    assert entries[1]["enclosure"] == SITE + "/orders/2021/1016-%D1%80/order.pdf"
    assert (entries[1]["published"], entries[1]["updated"]) == ("2021-04-13T09:00:00Z", "2021-04-13T09:00:00Z")
    assert entries[1]["summary"].replace("\xa0", " ").endswith("3 строки.")
    assert client.get(entries[1]["enclosure"].removeprefix(SITE)).status_code == 200


def test_a_change_moves_the_time_of_the_order_and_not_its_name(client: FlaskClient, make_order: MakeOrder) -> None:
    order = make_order()
    (before,) = read(client, "/orders/feed.xml")[1]
    amending(make_order, order)
    feed, (_newer, after) = read(client, "/orders/feed.xml")
    assert after["id"] == before["id"]
    assert (before["updated"], after["updated"]) == ("2021-04-13T09:00:00Z", "2021-05-11T09:00:00Z")
    assert "Есть изменения." in after["summary"] and feed["updated"] == "2021-05-11T09:00:00Z"


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("organization=ГБОУ СОШ № 45", ["1-р"]),
        ("organization=ГБОУ школа № 450", []),  # refusals alone
        ("category=highest", ["2-р", "1-р"]),
        ("category=first", ["1-р"]),
        ("organization=ГБОУ СОШ № 45&category=highest", []),
        ("organization=&category=", ["2-р", "1-р"]),
        ("organization=нет такой", []),
    ],
)
def test_filters_keep_what_the_archive_shows(client: FlaskClient, make_order: MakeOrder, asked: str, found: list[str]) -> None:
    make_order("1-р")
    make_order("2-р", MAY, PEOPLE[1:2])
    feed, entries = read(client, f"/orders/feed.xml?{asked}")
    assert [entry["title"].split()[2] for entry in entries] == found
    assert ("?" in feed["self"], feed["id"]) == ("?" in feed["alternate"], feed["self"])


@pytest.mark.parametrize("asked", ["category=third", "organization=" + "я" * 501])
def test_what_cannot_be_asked_is_refused(client: FlaskClient, asked: str) -> None:
    answer = client.get(f"/orders/feed.xml?{asked}")
    assert (answer.status_code, answer.mimetype) == (400, "text/plain")


def test_changes_link_both_ends(client: FlaskClient, make_order: MakeOrder) -> None:
    order, gone = make_order(), make_order("3-р", MAY)
    change = amending(make_order, order)
    values = {"status": "withdrawn", "withdrawn_at": NOON, "withdrawal_reason": "Опубликовано <по ошибке>"}
    Order.update(**values).where(Order.id == gone.id).execute()
    feed, entries = read(client, "/orders/changes.xml")
    assert (feed["title"], feed["updated"]) == (
        "Изменения опубликованных распоряжений — Аттестация педагогов",
        "2026-03-10T09:00:00Z",
    )
    assert [entry["id"] for entry in entries] == [
        f"tag:127.0.0.1,2026-03-10:order/{gone.id}/withdrawn",
        f"tag:127.0.0.1,2021-05-11:order/{change.id}/amended",
    ]
    assert entries[0]["title"] == "Распоряжение № 3-р от 11.05.2021 отозвано"
    assert entries[0]["summary"] == "Причина отзыва: Опубликовано <по ошибке>"
    assert entries[1]["title"] == "Распоряжение № 1016-р от 13.04.2021 изменено распоряжением № 2-р от 11.05.2021"
    assert (entries[1]["alternate"], entries[1]["related"]) == (
        SITE + "/orders/2021/2-%D1%80/",
        SITE + "/orders/2021/1016-%D1%80/",
    )
    assert [entry["title"].split()[2] for entry in read(client, "/orders/feed.xml")[1]] == ["2-р", "1016-р"]


@pytest.mark.parametrize("path", FEEDS)
def test_an_empty_archive_is_a_feed_too(client: FlaskClient, path: str) -> None:
    feed, entries = read(client, path)
    assert entries == [] and feed["updated"]


@pytest.mark.parametrize("path", FEEDS)
def test_nobody_is_named_and_whoever_has_it_hears_so(client: FlaskClient, make_order: MakeOrder, path: str) -> None:
    amending(make_order, make_order())
    first = client.get(path)
    assert not any(surname in first.text for surname, *_ in PEOPLE)
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    amending(make_order, Order.get(Order.number == "1016-р"), "7-р", dt.date(2021, 6, 1))
    assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_feed_holds_the_last_fifty_by_few_queries(client: FlaskClient, make_order: MakeOrder) -> None:
    for number in range(52):
        make_order(f"{number}-р", dt.date(2021, 1, 1) + dt.timedelta(days=number), PEOPLE[:1])
    client.get("/orders/feed.xml")
    with assert_query_count(1):
        entries = read(client, "/orders/feed.xml")[1]
    assert [entry["title"].split()[2] for entry in entries] == [f"{number}-р" for number in range(51, 1, -1)]


def test_pages_of_the_archive_tell_of_the_feeds(open_: Open, make_order: MakeOrder) -> None:
    make_order()
    for path in ("/orders/", "/orders/2021/1016-р/"):
        page = open_(path)
        alternates = [link.attributes["href"] for link in page.root.all("link", rel="alternate")]
        assert alternates == ["/feed.xml", "/orders/feed.xml", "/orders/changes.xml"]
    chosen = open_("/orders/?category=highest")
    assert "/orders/feed.xml?category=highest" in [link.attributes["href"] for link in chosen.root.all("link", rel="alternate")]
    assert chosen.links()["подписаться письмами"] == "/subscribe"
