"""Pages for machines."""

import datetime as dt
from xml.etree import ElementTree

import pytest
from flask import Flask
from flask.testing import FlaskClient

from attestation import models
from attestation.site.views import signposts

from ...conftest import NOON, MakeOrder
from .conftest import MakeFile, MakeNode

SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def test_robots_may_read_everything_but_the_office(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    assert (
        answer.text == "User-agent: *\nDisallow: /admin/\nDisallow: /account/\n\nSitemap: http://127.0.0.1:8000/sitemap.xml\n"
    )


def test_the_map_names_no_page_that_names_people(client: FlaskClient, make_order: MakeOrder, first_texts: None) -> None:
    make_order()
    answer = client.get("/sitemap.xml")
    assert answer.mimetype == "application/xml"
    places = [element.text for element in ElementTree.fromstring(answer.data).iter() if element.tag.endswith("}loc")]
    site = "http://127.0.0.1:8000"
    assert [place for place in places if place and "/rubrics/" not in place and "/regulation/" not in place] == [
        f"{site}/",
        f"{site}/forms/",
        f"{site}/forms/application",
        f"{site}/status",
        f"{site}/verify",
        f"{site}/subscribe",
        f"{site}/complaints/",
        f"{site}/complaints/status",
        f"{site}/data/",
        f"{site}/statistics/",
        f"{site}/about/",
        f"{site}/news/",
        f"{site}/accessibility",
        f"{site}/privacy/",
    ]
    assert {f"{site}/rubrics/", f"{site}/rubrics/1/", f"{site}/regulation/2.6.2", f"{site}/regulation/lenobl/1"} <= set(places)


def test_the_map_says_when_materials_changed(client: FlaskClient, make_node: MakeNode, make_file: MakeFile) -> None:
    make_node("razdel", "folder")
    make_node("razdel/stranitsa", live_from=NOON + dt.timedelta(days=1))
    make_node("razdel/ssylka", "link", target="https://example.org/")
    make_file("razdel/plan.txt", b"text", "text/plain")
    found = ElementTree.fromstring(client.get("/sitemap.xml").data).iter(f"{SITEMAP}url")
    told = {place.findtext(f"{SITEMAP}loc"): place.findtext(f"{SITEMAP}lastmod") for place in found}
    assert {place: day for place, day in told.items() if place and "razdel" in place} == {
        "http://127.0.0.1:8000/razdel/": "2026-03-10",
        "http://127.0.0.1:8000/razdel/stranitsa/": "2026-03-11",
        "http://127.0.0.1:8000/razdel/plan.txt": "2026-03-10",
    }


def test_the_map_says_when_orders_changed_the_open_data(client: FlaskClient, make_order: MakeOrder) -> None:
    def told() -> dict[str | None, str | None]:
        found = ElementTree.fromstring(client.get("/sitemap.xml").data).iter(f"{SITEMAP}url")
        return {place.findtext(f"{SITEMAP}loc"): place.findtext(f"{SITEMAP}lastmod") for place in found}

    data, statistics = "http://127.0.0.1:8000/data/", "http://127.0.0.1:8000/statistics/"
    assert (told()[data], told()[statistics]) == (None, None)
    order = make_order(registered_on=dt.date(2026, 3, 12))
    assert (told()[data], told()[statistics]) == ("2026-03-12", "2026-03-12")
    order.status, order.withdrawn_at = "withdrawn", dt.datetime(2026, 3, 19, 21, 30, tzinfo=dt.UTC)
    order.withdrawal_reason = "Ошибка в основании."
    order.save()
    assert (told()[data], told()[statistics]) == ("2026-03-20", "2026-03-20")


def test_too_many_addresses_make_a_map_of_maps(
    client: FlaskClient, make_node: MakeNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_node("stranitsa")

    def places(path: str) -> list[str | None]:
        return [place.text for place in ElementTree.fromstring(client.get(path).data).iter(f"{SITEMAP}loc")]

    whole = places("/sitemap.xml")
    assert client.get("/sitemap/2.xml").status_code == 404
    monkeypatch.setattr(signposts, "LONGEST_MAP", len(whole) - 1)
    make_node("esche", status="draft")  # so that the map is made anew
    assert places("/sitemap.xml") == [f"http://127.0.0.1:8000/sitemap/{number}.xml" for number in (1, 2)]
    assert places("/sitemap/1.xml") + places("/sitemap/2.xml") == whole
    assert [client.get(f"/sitemap/{number}.xml").status_code for number in (0, 3)] == [404, 404]


def test_health_is_said_to_machines(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok", "database": "ok"})


def test_a_database_without_tables_is_not_healthy(app: Flask, client: FlaskClient) -> None:
    app.testing = False
    # Another name for each: tables that others point at cannot be dropped.
    models.database.execute_sql("ALTER TABLE ruling RENAME TO ruling_before")
    models.database.execute_sql("ALTER TABLE official_order RENAME TO official_order_before")
    answer = client.get("/healthz")
    assert answer.status_code in {500, 503}
    assert b'"ok"' not in answer.data


def test_the_icon_that_browsers_ask_for(client: FlaskClient) -> None:
    assert client.get("/favicon.ico").mimetype == "image/svg+xml"
