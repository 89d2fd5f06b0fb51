"""The programming interface to orders, rulings, clauses and statistics: pages by cursor, tags, refusals, the limit."""

import datetime as dt
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from peewee import OperationalError
from playhouse.test_utils import assert_query_count

from attestation.admin.acts.amendments import withdraw
from attestation.models import ApiClient
from attestation.site import yearbook
from attestation.site.validity import Validity
from attestation.site.views import quota

from ...conftest import NOON, Cast, MakeOrder, Row
from ..test_amendments import amended, row_id
from .test_api import problem

SITE = "http://127.0.0.1:8000"
ORDER = "/api/v1/orders/2021/1016-р"
Index = Callable[[], None]


def people(amount: int, surname: str = "Фамилия") -> tuple[Row, ...]:
    return tuple((f"{surname}{i:03}", "Анна", "", "Воспитатель", "ДОУ", "first", True) for i in range(1, amount + 1))


def walked(client: FlaskClient, address: str, between: Callable[[], object] = lambda: None) -> list[Any]:
    """The items of all pages; something may happen between the pages."""
    items: list[Any] = []
    following: str | None = address
    while following:
        answer = client.get(following)
        assert answer.status_code == 200, answer.text
        document = answer.get_json()
        items += document.get("items", document.get("rulings"))
        following = document["next"]
        assert answer.headers.get("Link") == (f'<{following}>; rel="next"' if following else None)
        if following:
            parts = urlsplit(following)
            assert f"{parts.scheme}://{parts.netloc}" == SITE
            following = f"{parts.path}?{parts.query}"
            between()
    return items


# ── orders ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_orders_are_listed_with_what_programs_need(client: FlaskClient, make_order: MakeOrder) -> None:
    order = make_order()
    make_order("7-р", status="registered")
    document = client.get("/api/v1/orders").get_json()
    address = f"{SITE}/orders/2021/1016-%D1%80/"
    assert document == {
        "items": [
            {
                "year": 2021,
                "number": "1016-р",
                "registered_on": "2021-04-13",
                "published_at": "2021-04-13T09:00:00Z",
                "kind": "decision",
                "title": "Об установлении (отказе в установлении) квалификационной категории педагогическим работникам",
                "rows": 3,
                "page": address,
                "pdf": f"{address}order.pdf",
                "pdf_sha256": order.pdf_sha256,
                "pdf_size": order.pdf_size,
                "pdf_pages": 1,
                "amends": None,
                "href": "/api/v1/orders/2021/1016-%D1%80",
            }
        ],
        "next": None,
    }


def test_an_order_has_its_rows_without_refusals(client: FlaskClient, make_order: MakeOrder) -> None:
    make_order()
    document = client.get(ORDER).get_json()
    assert document["signatory_name"] == "А.Б. Образцова"
    assert [row["row"] for row in document["rulings"]] == [1, 2, 3]
    assert document["rulings"][1] == {
        "order_year": 2021,
        "order_number": "1016-р",
        "registered_on": "2021-04-13",
        "row": 2,
        "surname": "Соловьёва",
        "name": "Алёна",
        "patronymic": "Игоревна",
        "position": "Воспитатель",
        "organization": "ГБДОУ детский сад № 145",
        "category": "highest",
        "established": True,
        "valid_until": None,
        "pdf_page": 2,
        "page": f"{SITE}/orders/2021/1016-%D1%80/2",
        "changed_by": None,
    }


def test_settings_show_refusals_and_terms(
    client: FlaskClient, make_order: MakeOrder, change_settings: Callable[..., None]
) -> None:
    make_order()
    change_settings(show_refusals=True, validity=Validity(5))
    rows = client.get(ORDER).get_json()["rulings"]
    assert [(row["established"], row["valid_until"]) for row in rows] == [(True, "2026-04-13")] * 3 + [(False, None)]
    assert client.get("/api/v1/orders").get_json()["items"][0]["rows"] == 4


def test_an_address_of_the_list_leads_to_the_order(client: FlaskClient, make_order: MakeOrder) -> None:
    make_order("12/3-р")
    (item,) = client.get("/api/v1/orders").get_json()["items"]
    assert client.get(item["href"]).get_json()["number"] == "12/3-р"


@pytest.mark.parametrize("address", ["/api/v1/orders/2020/1016-р", "/api/v1/orders/2021/7-р"])
def test_what_is_not_published_is_not_there(client: FlaskClient, make_order: MakeOrder, address: str) -> None:
    make_order()
    make_order("7-р", status="registered")
    assert "нет" in problem(client.get(address))["detail"]


def test_orders_can_be_narrowed(client: FlaskClient, make_order: MakeOrder) -> None:
    make_order("1-р")
    make_order("2-р", dt.date(2022, 1, 10), kind="amendment")
    numbers = [
        [item["number"] for item in client.get(f"/api/v1/orders?{query}").get_json()["items"]]
        for query in ("", "year=2021", "kind=amendment", "year=2021&kind=amendment")
    ]
    assert numbers == [["2-р", "1-р"], ["1-р"], ["2-р"], []]


def test_pages_of_orders_lose_and_repeat_nothing_while_orders_are_published(client: FlaskClient, make_order: MakeOrder) -> None:
    for number in range(1, 8):
        # Two of each day were published at one moment.
        make_order(f"{number}-р", dt.date(2021, 4, 1 + number // 2), rows=people(1))
    new = iter(range(100, 200))
    found = walked(
        client, "/api/v1/orders?limit=2&year=2021", lambda: make_order(f"{next(new)}-р", dt.date(2021, 5, 1), people(1))
    )
    assert [item["number"] for item in found] == [f"{number}-р" for number in range(7, 0, -1)]


def test_pages_of_an_order(client: FlaskClient, make_order: MakeOrder) -> None:
    make_order(rows=people(5))
    assert [row["row"] for row in walked(client, f"{ORDER}?limit=2")] == [1, 2, 3, 4, 5]
    assert [row["row"] for row in walked(client, f"{ORDER}?limit=5")] == [1, 2, 3, 4, 5]


@pytest.mark.parametrize("amount", [1, 30])
def test_the_number_of_queries_does_not_grow(
    client: FlaskClient, make_order: MakeOrder, index: Index, change_settings: Callable[..., None], amount: int
) -> None:
    for number in range(amount):
        make_order(f"{number + 1}-р", rows=people(3))
    index()
    change_settings(api_limit=0)
    client.get("/api/v1/rulings")
    for address, queries in (
        ("/api/v1/orders", 1),
        ("/api/v1/orders/2021/1-р", 4),
        ("/api/v1/rulings", 2),
        ("/api/v1/clauses", 0),
    ):
        with assert_query_count(queries):
            client.get(address)


# ── rulings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_rulings_are_found_as_on_the_site(client: FlaskClient, make_order: MakeOrder, index: Index) -> None:
    make_order()
    index()
    document = client.get("/api/v1/rulings?q=соловьева").get_json()
    assert (document["total"], document["understood"]) == (1, ["слово «соловьева»"])
    assert [item["surname"] for item in document["items"]] == ["Соловьёва"]
    assert client.get("/api/v1/rulings?q=отказова").get_json()["total"] == 0
    assert client.get("/api/v1/rulings?q=ивонова").get_json()["correction"]["words"] == ["Иванова"]
    query = {"category": "highest", "year": "2021", "position": "Концертмейстер"}
    assert [item["surname"] for item in client.get("/api/v1/rulings", query_string=query).get_json()["items"]] == [
        "Римская-Корсакова"
    ]


@pytest.mark.parametrize("sort", ["new", "old"])
def test_pages_of_rulings_lose_and_repeat_nothing_while_orders_are_published(
    client: FlaskClient, make_order: MakeOrder, index: Index, sort: str
) -> None:
    make_order("1-р", dt.date(2021, 4, 1), people(4, "А"))
    make_order("2-р", dt.date(2021, 4, 2), people(3, "Б"))
    index()
    before = [item["surname"] for item in client.get(f"/api/v1/rulings?sort={sort}").get_json()["items"]]
    newer = iter(range(10, 99))

    def publish() -> None:
        # One after all others, and one dated between them.
        make_order(f"{next(newer)}-р", dt.date(2021, 5, 1), people(2, "Я"))
        make_order(f"{next(newer)}-р", dt.date(2021, 3, 1), people(1, "Ю"))
        index()

    found = walked(client, f"/api/v1/rulings?limit=3&sort={sort}", publish)
    assert [item["surname"] for item in found if item["surname"][0] in "АБ"] == before
    assert len({(item["order_number"], item["row"]) for item in found}) == len(found)


def test_a_cursor_of_a_row_that_is_gone_says_so(client: FlaskClient, make_order: MakeOrder, index: Index, app: Flask) -> None:
    order = make_order(rows=people(4))
    index()
    following = client.get("/api/v1/rulings?limit=2").get_json()["next"].removeprefix(SITE)
    app.extensions["attestation"].index.remove_order(order.id)
    assert problem(client.get(following))["errors"] == [
        {
            "field": "cursor",
            "kind": "parameter",
            "detail": "Строки, после которой продолжать, в архиве больше нет: начните список сначала.",
        }
    ]


# ── changes and withdrawals ─────────────────────────────────────────────────────────────────────────────────────────


def test_what_was_changed_leads_to_what_stands_in_its_place(client: FlaskClient, make_order: MakeOrder, index: Index) -> None:
    first = make_order()
    amended(make_order, first, "77-р", dt.date(2021, 5, 17), {1: row_id(first, 2)})
    index()
    place = f"{SITE}/orders/2021/77-%D1%80/1"
    assert [row["changed_by"] for row in client.get(ORDER).get_json()["rulings"]] == [None, place, None]
    found = client.get("/api/v1/rulings?sort=old&limit=3").get_json()["items"]
    assert {row["row"]: row["changed_by"] for row in found} == {1: None, 2: place, 3: None}
    orders = {item["number"]: item["amends"] for item in client.get("/api/v1/orders").get_json()["items"]}
    assert orders == {"77-р": f"{SITE}/orders/2021/1016-%D1%80/", "1016-р": None}


def test_a_withdrawn_order_is_gone(client: FlaskClient, make_order: MakeOrder, cast: Cast) -> None:
    withdraw(make_order(), reason="Издано по ошибке.", by=cast.publisher, on=NOON)
    answer = client.get(ORDER)
    assert answer.status_code == 410
    assert problem(answer)["detail"] == "Распоряжение № 1016-р за 2021 год отозвано: причина названа на его странице."
    assert client.get("/api/v1/orders").get_json()["items"] == []


# ── the regulation and numbers ──────────────────────────────────────────────────────────────────────────────────────


def test_clauses_of_the_edition_of_today_and_of_any_other(client: FlaskClient) -> None:
    whole = client.get("/api/v1/clauses").get_json()
    assert whole["edition"]["name"] == "spb-2021-04-13"
    one = client.get("/api/v1/clauses/2.6.2").get_json()
    assert one in whole["clauses"]
    assert one["page"] == f"{SITE}/regulation/edition/spb-2021-04-13/2.6.2"
    assert client.get(urlsplit(one["page"]).path).status_code == 200
    other = client.get("/api/v1/clauses/1?edition=lenobl-2022-03-01").get_json()
    assert other["edition"] == "lenobl-2022-03-01"
    for edition in client.get("/api/v1/editions").get_json()["editions"]:
        assert len(client.get(edition["href"]).get_json()["clauses"]) == edition["clauses"]
        assert client.get(urlsplit(edition["page"]).path).status_code == 200


def test_numbers_are_those_that_the_worker_counted(app: Flask, client: FlaskClient, make_order: MakeOrder, cast: Cast) -> None:
    early = problem(client.get("/api/v1/statistics"))
    assert (early["status"], early["detail"]) == (503, "Числа ещё не посчитаны: повторите через минуту.")
    make_order("1-р", rows=people(6))
    yearbook.make(app.extensions["attestation"].settings, on=NOON)
    with assert_query_count(0):
        first = client.get("/api/v1/statistics")
        assert client.get("/api/v1/statistics", headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
    assert first.headers["Access-Control-Allow-Origin"] == "*"
    told, total = first.get_json(), {"first": 6, "highest": 0, "refused": 0, "total": 6}
    assert told["days"][0] == {
        **{"name": "registration", "title": "От подачи заявления до регистрации"},
        **{"cases": 0, "lower": None, "median": None, "upper": None},
    }
    assert {name: value for name, value in told.items() if name != "days"} == {
        "made_at": "2026-03-10T09:00:00Z",
        "smallest": 5,
        "years": {"lines": [{"year": 2021, **total}], "total": total},
        "districts": {"lines": [{"district": "не указан", **total}], "total": total},
        "positions": {"lines": [{"position": "Воспитатель", **total}], "total": total},
        "outcomes": {"lines": [], "total": {"granted": 0, "refused": 0, "total": 0}},
        "reviews": {"lines": [], "total": {"once": 0, "twice": 0, "total": 0}},
    }


# ── tags, refusals ──────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("address", ["/api/v1/orders", ORDER, "/api/v1/rulings", "/api/v1/clauses", "/api/v1/editions"])
def test_answers_have_tags_and_heads_and_are_for_everybody(
    client: FlaskClient, make_order: MakeOrder, index: Index, address: str
) -> None:
    make_order()
    index()
    first, head = client.get(address), client.head(address)
    again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data, head.data) == (304, b"", b"")
    assert (head.status_code, head.headers["ETag"]) == (200, first.headers["ETag"])
    assert first.headers["Access-Control-Allow-Origin"] == again.headers["Access-Control-Allow-Origin"] == "*"
    assert client.post(address).headers["Allow"] == "GET, HEAD, OPTIONS"
    assert "Set-Cookie" not in first.headers


def test_what_names_people_is_not_for_search_engines_and_not_kept(
    client: FlaskClient, make_order: MakeOrder, index: Index
) -> None:
    make_order()
    index()
    for address in ("/api/v1/orders", ORDER, "/api/v1/rulings"):
        headers = client.get(address).headers
        assert (headers["X-Robots-Tag"], headers["Cache-Control"]) == ("noindex", "no-cache")


@pytest.mark.parametrize(
    ("address", "field", "detail"),
    [
        ("/api/v1/orders?limit=0", "limit", "Параметр limit: нужно целое число от 1 до 200."),
        ("/api/v1/orders?limit=201", "limit", "Параметр limit: нужно целое число от 1 до 200."),
        ("/api/v1/orders?year=²", "year", "Параметр year: нужно целое число от 1990 до 2100."),
        ("/api/v1/orders?kind=other", "kind", "Параметр kind: нужно одно из слов decision, amendment."),
        ("/api/v1/rulings?category=third", "category", "Параметр category: нужно одно из слов first, highest."),
        ("/api/v1/rulings?sort=down", "sort", "Параметр sort: нужно одно из слов new, old."),
        (f"/api/v1/rulings?q={'ы' * 201}", "q", None),
        ("/api/v1/clauses?edition=none", "edition", "Такой редакции нет: имена редакций перечислены в /api/v1/editions."),
        *(
            ("/api/v1/orders?cursor=" + cursor, "cursor", None)
            for cursor in ("", "x", "ы", "W10", "WzFd", "WyIxOTcwLTAxLTAxIiwxXQ", "WyIwMDAxLTAxLTAxVDAwOjAwOjAwKzE0OjAwIiwxXQ")
        ),
        ("/api/v1/rulings?cursor=Wy0xXQ", "cursor", None),
        ("/api/v1/rulings?cursor=Wzk5OTk5OTk5OTk5OTk5OTk5OTk5XQ", "cursor", None),
    ],
)
def test_what_cannot_be_used_is_named(client: FlaskClient, address: str, field: str, detail: str | None) -> None:
    answer = client.get(address)
    assert answer.status_code == 400
    (error,) = problem(answer)["errors"]
    assert error["field"] == field
    assert detail is None or error["detail"] == detail


# ── the limit ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[dt.datetime]:
    """The clock of the limit, at the 50th second of a minute."""
    now = [NOON.replace(second=50)]
    monkeypatch.setattr(quota, "utc_now", lambda: now[0])
    return now


def test_too_many_requests_are_told_when_to_come_back(
    client: FlaskClient, clock: list[dt.datetime], change_settings: Callable[..., None]
) -> None:
    change_settings(api_limit=12)
    left = [client.get("/api/v1/orders").headers["RateLimit"] for _ in range(12)]
    assert (left[0], left[11]) == ('"minute";r=11;t=10', '"minute";r=0;t=10')
    refused = client.get("/api/v1/orders")
    assert refused.status_code == 429
    assert problem(refused)["detail"] == (
        "Больше 12 запросов в минуту с одного адреса не принимаем. Повторите через 10 с. Все данные сразу: http://127.0.0.1:8000/data/."
    )
    assert (refused.headers["Retry-After"], refused.headers["RateLimit-Policy"]) == ("10", '"minute";q=12;w=60')
    assert client.get("/api/v1/orders", environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 200
    assert [client.get(f"/api/v1/{name}").status_code for name in ("rubrics", "editions", "clauses")] == [200] * 3
    clock[0] += dt.timedelta(seconds=10)
    assert client.get("/api/v1/orders").headers["RateLimit"] == '"minute";r=11;t=60'


def test_the_limit_holds_for_all_processes_together(app: Flask, clock: list[dt.datetime]) -> None:
    processes = [quota.Quota() for _ in range(3)]
    answers = [processes[turn % 3].allows("c" * 64, 7, 25)[0] for turn in range(60)]
    assert sum(answers) == 25
    assert ApiClient.get().taken <= 60


def test_most_requests_write_nothing_and_old_counts_go(app: Flask) -> None:
    counting = quota.Quota()
    counting.allows("a" * 64, 7, 100)
    with assert_query_count(0):
        assert [counting.allows("a" * 64, 7, 100) for _ in range(9)][-1] == (True, 90)
    counting.allows("b" * 64, 8, 100)
    assert [row.client_hash for row in ApiClient.select()] == ["b" * 64]


def test_no_address_is_written_down(client: FlaskClient) -> None:
    client.get("/api/v1/orders", environ_base={"REMOTE_ADDR": "192.0.2.7"})
    (row,) = ApiClient.select()
    assert len(row.client_hash) == 64 and "192" not in row.client_hash[:3]


def test_where_nothing_can_be_counted_nobody_is_refused(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_args: object, **_kwargs: object) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(ApiClient, "insert", locked)
    assert quota.Quota().allows("a" * 64, 7, 100)[0]


def test_without_a_limit_nothing_is_counted(client: FlaskClient, change_settings: Callable[..., None]) -> None:
    change_settings(api_limit=0)
    assert "RateLimit" not in client.get("/api/v1/orders").headers
    assert ApiClient.select().count() == 0
