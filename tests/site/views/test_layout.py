"""What every page carries: navigation, contacts, the demonstration band."""

import datetime as dt
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from attestation import models
from attestation.models import Order
from attestation.site.views.layout import SECONDS_BETWEEN_CHECKS, Demonstration

from ...conftest import NOON, MakeOrder
from .conftest import Open


def test_the_navigation_shows_what_exists_and_where_one_is(open_: Open) -> None:
    ways = open_("/rubrics/").root.one("nav", aria_label="Разделы сайта")
    assert {link.text: link.attributes["href"] for link in ways.all("a")} == {
        "Распоряжения": "/orders/",
        "Заключения": "/rubrics/",
        "Регламент": "/regulation/",
        "Бланки": "/forms/",
        "О сервисе": "/about/",
    }
    assert ways.one("a", aria_current="page").text == "Заключения"
    assert open_("/rubrics/1/").root.one("a", aria_current="true").text == "Заключения"


def test_the_footer_shows_the_contacts_that_are_set(open_: Open, change_settings: Callable[..., None]) -> None:
    address = open_("/").root.one("address")
    assert address.text == "г. Образцов, Учебная ул., д. 1 +7 (000) 000-00-00 office@example.org"
    assert [link.attributes["href"] for link in address.all("a")] == ["tel:+70000000000", "mailto:office@example.org"]
    change_settings(contact_phone="", contact_address="")
    assert open_("/").root.one("address").text == "office@example.org"
    change_settings(contact_email="")
    assert open_("/").root.all("address") == []


@pytest.mark.parametrize("path", ["/", "/orders/", "/rubrics/", "/rubrics/1/"])
def test_demonstration_data_is_said_on_every_page(open_: Open, make_order: MakeOrder, path: str) -> None:
    make_order(demo=True)
    assert open_(path).root.one("p", class_="demo").text == "Демонстрационные данные: люди и распоряжения вымышлены"
    assert open_("/nichego", status=404).root.all("p", class_="demo") != []


def test_a_real_installation_says_nothing(open_: Open, make_order: MakeOrder) -> None:
    make_order()
    assert open_("/").root.all("p", class_="demo") == []


def test_a_no_is_asked_again_after_a_while_and_a_yes_is_kept(database: models.Database) -> None:
    now = [100.0]
    shown = Demonstration(clock=lambda: now[0])
    assert shown() is False
    order = Order.create(title="О", demo=True, created_at=NOON)
    assert shown() is False
    now[0] += SECONDS_BETWEEN_CHECKS
    assert shown() is True
    Order.delete().where(Order.id == order.id).execute()
    now[0] += dt.timedelta(days=1).total_seconds()
    assert shown() is True


def test_a_search_stands_in_the_header_except_where_the_page_has_its_own(open_: Open) -> None:
    assert [len(open_(path).root.all("form", role="search")) for path in ("/", "/orders/", "/rubrics/")] == [1, 1, 1]
    assert open_("/rubrics/").root.one("form", role="search").attributes["action"] == "/orders/"


def test_static_files_carry_their_hash_and_are_kept(open_: Open, client: FlaskClient) -> None:
    style = open_("/").root.one("link", rel="stylesheet").attributes["href"]
    answer = client.get(style)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get("/static/site.css").headers["Cache-Control"] == "no-cache"
    assert 12_000 < len(answer.data) < 23_000  # small enough to be read in one sitting
