"""What every page carries: navigation, contacts, the demonstration band."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from attestation.models import Node

from ...conftest import MakeOrder
from .conftest import MakeNode, Open


def test_the_navigation_shows_what_the_office_put_there_and_where_one_is(open_: Open, first_texts: None) -> None:
    ways = open_("/rubrics/").root.one("nav", aria_label="Разделы сайта")
    assert {link.text: link.attributes["href"] for link in ways.all("a")} == {
        "Распоряжения": "/orders/",
        "Заключения": "/rubrics/",
        "Регламент": "/regulation/",
        "Бланки": "/forms/",
        "О сервисе": "/about/",
        "Новости": "/news/",
    }
    assert ways.one("a", aria_current="page").text == "Заключения"
    assert open_("/rubrics/1/").root.one("a", aria_current="true").text == "Заключения"


def test_a_site_without_materials_has_no_navigation(open_: Open) -> None:
    page = open_("/rubrics/")
    assert page.root.all("nav", aria_label="Разделы сайта") == []
    assert [link.text for link in page.root.one("nav", aria_label="О сайте").all("a")] == [
        "Жалобы",
        "Проверка файла распоряжения",
        "Подписка на распоряжения",
        "Статистика",
        "Открытые данные",
        "Вход для сотрудников",
    ]


def test_the_navigation_follows_the_tree_at_once(open_: Open, make_node: MakeNode) -> None:
    def ways() -> list[str]:
        return [link.text for nav in open_("/rubrics/").root.all("nav", aria_label="Разделы сайта") for link in nav.all("a")]

    make_node("vtoroj", position=2, title="Второй")
    node = make_node("pervyj", position=1, title="Первый")
    make_node("skrytyj", title="Скрытый", in_navigation=False)
    make_node("chernovik", title="Черновик", status="draft")
    assert ways() == ["Первый", "Второй"]
    Node.update(position=3).where(Node.id == node.id).execute()
    assert ways() == ["Второй", "Первый"]


def test_the_footer_leads_to_what_is_there(open_: Open, first_texts: None) -> None:
    footer = open_("/").root.one("nav", aria_label="О сайте")
    assert [(link.text, link.attributes["href"]) for link in footer.all("a")] == [
        ("Доступность", "/accessibility"),
        ("Персональные данные", "/privacy/"),
        ("Жалобы", "/complaints/"),
        ("Проверка файла распоряжения", "/verify"),
        ("Подписка на распоряжения", "/subscribe"),
        ("Статистика", "/statistics/"),
        ("Открытые данные", "/data/"),
        ("Вход для сотрудников", "/admin/login"),
    ]


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


def test_the_band_appears_with_the_data(open_: Open, make_order: MakeOrder) -> None:
    assert open_("/rubrics/").root.all("p", class_="demo") == []
    make_order(demo=True)
    assert open_("/rubrics/").root.all("p", class_="demo") != []


def test_a_search_stands_in_the_header_except_where_the_page_has_its_own(open_: Open) -> None:
    assert [len(open_(path).root.all("form", role="search")) for path in ("/", "/orders/", "/rubrics/")] == [1, 1, 1]
    assert open_("/rubrics/").root.one("form", role="search").attributes["action"] == "/search"


def test_static_files_carry_their_hash_and_are_kept(open_: Open, client: FlaskClient) -> None:
    style = open_("/").root.all("link", rel="stylesheet")[0].attributes["href"]
    answer = client.get(style)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert client.get("/static/site.css").headers["Cache-Control"] == "no-cache"
    assert 12_000 < len(answer.data) < 23_000  # small enough to be read in one sitting
