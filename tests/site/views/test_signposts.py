"""Pages for machines."""

from xml.etree import ElementTree

from flask import Flask
from flask.testing import FlaskClient

from attestation import models

from ...conftest import MakeOrder


def test_robots_may_read_everything_but_the_office(client: FlaskClient) -> None:
    answer = client.get("/robots.txt")
    assert answer.mimetype == "text/plain"
    assert answer.text == "User-agent: *\nDisallow: /admin/\n\nSitemap: http://127.0.0.1:8000/sitemap.xml\n"


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
        f"{site}/about/",
        f"{site}/accessibility",
        f"{site}/privacy/",
    ]
    assert {f"{site}/rubrics/", f"{site}/rubrics/1/", f"{site}/regulation/2.6.2", f"{site}/regulation/lenobl/1"} <= set(places)


def test_health_is_said_to_machines(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.get_json()) == (200, {"status": "ok", "database": "ok"})


def test_a_database_without_tables_is_not_healthy(app: Flask, client: FlaskClient) -> None:
    app.testing = False
    models.database.execute_sql("DROP TABLE ruling")
    models.database.execute_sql("DROP TABLE official_order")
    answer = client.get("/healthz")
    assert answer.status_code in {500, 503}
    assert b'"ok"' not in answer.data


def test_the_icon_that_browsers_ask_for(client: FlaskClient) -> None:
    assert client.get("/favicon.ico").mimetype == "image/svg+xml"
