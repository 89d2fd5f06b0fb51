"""The page of open data and the files of its dumps."""

import datetime as dt
import gzip
import hashlib
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playhouse.test_utils import assert_query_count

from attestation.site import dumps, open_data

from ...conftest import NOON, MakeOrder
from .conftest import Open

Make = Callable[..., dumps.Version]


@pytest.fixture
def make(app: Flask) -> Make:
    """Make a version as the worker does: `make(minutes)` after noon."""

    def made(minutes: int = 0) -> dumps.Version:
        settings = app.extensions["attestation"].settings
        return dumps.make(settings, lambda _done, _total: None, on=NOON + dt.timedelta(minutes=minutes))

    return made


def test_before_the_first_version_it_says_so(open_: Open) -> None:
    page = open_("/data/")
    assert page.main.one("p", class_="notice").text.startswith("Наборов пока нет")
    assert page.main.all("table", class_="dumps") == []


def test_it_shows_files_checksums_and_the_meaning_of_every_column(open_: Open, make_order: MakeOrder, make: Make) -> None:
    make_order()
    version = make()
    page = open_("/data/")
    shown = {row.one("a").text: row.one("code").text for row in page.main.one("table", class_="dumps").one("tbody").all("tr")}
    assert shown == {file.name: file.sha256 for file in version.files}
    tables = page.main.all("table", class_="dictionary")
    explained = [[row.one("th").text for row in table.one("tbody").all("tr")] for table in tables]
    assert explained == [[column.name for column in columns] for columns in (open_data.ORDER, open_data.RULING)]
    assert "Условия использования" in page.text and "sha256sum -c SHA256SUMS" in page.text
    assert "Прежние наборы" not in page.text


def test_page_and_files_ask_the_database_for_the_last_withdrawal(
    client: FlaskClient, make_order: MakeOrder, make: Make
) -> None:
    make_order()
    make()
    client.get("/data/")
    for address in ("/data/", "/data/manifest.json", "/data/latest/orders.csv.gz"):
        with assert_query_count(1):
            first = client.get(address)
        if first.status_code == 200:
            assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304


def test_files_are_given_byte_for_byte_and_for_ever(client: FlaskClient, make_order: MakeOrder, make: Make) -> None:
    make_order()
    version = make()
    for file in version.files:
        answer = client.get(f"/data/{version.name}/{file.name}", headers={"Accept-Encoding": "gzip, br"})
        assert hashlib.sha256(answer.data).hexdigest() == file.sha256
        assert (answer.mimetype, answer.headers["Cache-Control"]) == ("application/gzip", "public, max-age=31536000, immutable")
        assert (answer.headers["X-Robots-Tag"], answer.headers["Access-Control-Allow-Origin"]) == ("noindex", "*")
        assert "Content-Encoding" not in answer.headers
        part = client.get(f"/data/{version.name}/{file.name}", headers={"Range": "bytes=0-9"})
        assert (part.status_code, part.data) == (206, answer.data[:10])
    assert gzip.decompress(client.get(f"/data/{version.name}/orders.csv.gz").data).startswith(b"year,number,")
    sums = client.get(f"/data/{version.name}/SHA256SUMS")
    assert (sums.mimetype, len(sums.text.splitlines())) == ("text/plain", 4)
    assert client.get(f"/data/{version.name}/manifest.json").get_json()["version"] == version.name


def test_latest_leads_to_the_newest_version(client: FlaskClient, open_: Open, make_order: MakeOrder, make: Make) -> None:
    make_order()
    old = make()
    make_order("7-р")
    new = make(5)
    answer = client.get("/data/latest/rulings.jsonl.gz")
    assert (answer.status_code, answer.location) == (302, f"/data/{new.name}/rulings.jsonl.gz")
    told = client.get("/data/manifest.json").get_json()
    assert (told["latest"], [version["version"] for version in told["versions"]]) == (new.name, [new.name, old.name])
    assert client.get(told["versions"][1]["href"].removeprefix("http://127.0.0.1:8000") + "orders.csv.gz").status_code == 200
    page = open_("/data/")
    assert page.main.one("details", class_="former").one("summary").text == f"10.03.2026 12:00, {old.name}"


@pytest.mark.parametrize(
    "path", ["20260101T000000Z-00000000/orders.csv.gz", "latest/orders.xml", "latest/../../attestation.sqlite", "x/y"]
)
def test_what_is_not_there_is_404(client: FlaskClient, make_order: MakeOrder, make: Make, path: str) -> None:
    make_order()
    make()
    answer = client.get(f"/data/{path}", follow_redirects=True)
    assert answer.status_code == 404


def test_without_versions_latest_is_404(open_: Open) -> None:
    assert "Такого набора нет" in open_("/data/latest/orders.csv.gz", status=404).text


def test_a_version_with_refusals_is_gone_with_the_setting(
    client: FlaskClient, make_order: MakeOrder, make: Make, change_settings: Callable[..., None]
) -> None:
    make_order()
    change_settings(show_refusals=True)
    version = make()
    assert client.get(f"/data/{version.name}/rulings.csv.gz").status_code == 200
    change_settings(show_refusals=False)
    assert client.get(f"/data/{version.name}/rulings.csv.gz").status_code == 404
    assert client.get("/data/manifest.json").get_json() == {"latest": None, "versions": []}


def test_search_engines_find_the_page(client: FlaskClient, open_: Open) -> None:
    assert "<loc>http://127.0.0.1:8000/data/</loc>" in client.get("/sitemap.xml").text
    assert open_("/orders/").links()["открытые данные"] == "/data/"
