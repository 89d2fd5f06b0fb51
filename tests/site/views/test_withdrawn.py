"""A withdrawn order: gone from everywhere at once, from what the worker makes too; a notice in its place."""

import datetime as dt
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from attestation.admin import worker
from attestation.admin.acts.amendments import withdraw
from attestation.models import Order
from attestation.site import dumps, yearbook
from attestation.site.search.sources import sync

from ...conftest import NOON, Cast, MakeOrder
from ...inspection import open_page

LATER = NOON + dt.timedelta(hours=1)
ORDER = "/orders/2021/1016-р/"
GONE_FILES = (
    ORDER + "order.pdf",
    ORDER + "rows.csv",
    ORDER + "rows.xlsx",
    ORDER + "signature.sig",
    "/api/v1/orders/2021/1016-р",
)
# What names everybody, or the order, while it is published; each with what is looked for.
PLACES = {
    "/orders/?q=Иванова": "Петровна",
    "/search?q=Иванова": "1016",
    "/api/v1/orders": "1016",
    "/api/v1/rulings?q=Иванова": "Петровна",
    "/orders/feed.xml": "1016",
    "/": "/orders/2021/1016",
    ORDER: "Петровна",
    ORDER + "1": "Петровна",
}


Work = Callable[[dt.datetime], None]


@pytest.fixture
def work(app: Flask) -> Work:
    """What the worker does after a change, at this moment."""
    parts = app.extensions["attestation"]

    def done(on: dt.datetime) -> None:
        sync(parts.index)
        worker.run_pending(parts.settings, parts.index)
        yearbook.make(parts.settings, on=on)
        dumps.make(parts.settings, lambda _done, _total: None, on=on)

    return done


def test_nothing_of_it_is_told_any_more(client: FlaskClient, make_order: MakeOrder, cast: Cast, work: Work) -> None:
    order = make_order()
    work(NOON)
    told = {address: needle in client.get(address).text for address, needle in PLACES.items()}
    assert {address for address, there in told.items() if not there} == set()
    dump = client.get("/data/latest/rulings.csv.gz").location
    withdraw(order, reason="Издано по ошибке.", by=cast.publisher, on=LATER)
    # Before the worker has done anything.
    assert client.get(dump).status_code == 404
    for address in GONE_FILES:
        assert client.get(address).status_code == 410, address
    assert open_page(client, ORDER + "1").h1.startswith("Распоряжение № 1016-р")
    work(LATER + dt.timedelta(minutes=1))
    assert {address for address, needle in PLACES.items() if needle in client.get(address).text} == set()
    assert client.get("/data/latest/orders.csv.gz").status_code == 302
    assert client.get("/api/v1/orders").get_json()["items"] == []
    assert client.get("/api/v1/statistics").get_json()["years"]["lines"] == []
    assert "отозвано" in client.get("/orders/changes.xml").text
    assert Order.get().status == "withdrawn"
