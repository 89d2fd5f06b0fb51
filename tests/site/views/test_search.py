"""The search over the whole site: groups, one group in full, a clause by number, what is refused, what is not shown."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from attestation.admin import first_pages
from attestation.models import Node
from attestation.site.search import sources
from attestation.tests.conftest import MakeOrder
from attestation.tests.inspection import open_page


@pytest.fixture(autouse=True)
def first_texts(app: Flask) -> None:
    """The pages of a new installation."""
    first_pages.load()


def headings(client: FlaskClient, path: str) -> list[str]:
    return [heading.text for heading in open_page(client, path).main.all("h2")]


def test_the_empty_search_asks_only(client: FlaskClient) -> None:
    page = open_page(client, "/search")
    assert page.h1 == "Поиск по сайту"
    assert page.main.all("h2") == []
    assert page.answer.headers["X-Robots-Tag"] == "noindex"


def test_everything_is_found_in_its_group(app: Flask, client: FlaskClient, make_order: MakeOrder) -> None:
    make_order()
    sources.sync(app.extensions["attestation"].index)
    assert headings(client, "/search?q=Соловьёва") == ["Решения о категориях 1"]
    page = open_page(client, "/search?q=Соловьёва")
    assert "/orders/2021/1016-р/?row=2#row-2" in {link.replace("%D1%80", "р") for link in page.links().values()}
    groups = headings(client, "/search?q=персональных данных")
    assert [group.rsplit(" ", 1)[0] for group in groups] == [
        "Страницы и новости",
        "Регламент",
        "Заключения: что и сколько баллов",
        "Бланки",
    ]
    assert headings(client, "/search?q=победители олимпиадах")[-1].startswith("Заключения: что и сколько баллов")


def test_a_group_is_shown_in_full(client: FlaskClient) -> None:
    few = open_page(client, "/search?q=заявление")
    (more,) = [link for text, link in few.links().items() if text.endswith("Регламент")]
    assert more == "/search?q=%D0%B7%D0%B0%D1%8F%D0%B2%D0%BB%D0%B5%D0%BD%D0%B8%D0%B5&in=clauses"
    full = open_page(client, more)
    assert len(full.main.all("h3")) > 20
    assert [heading.text.split()[0] for heading in full.main.all("h2")] == ["Регламент"]


def test_the_number_of_a_clause_leads_there(client: FlaskClient) -> None:
    page = open_page(client, "/search?q=п. 2.6.2")
    assert page.links() == {"Открыть пункт 2.6.2 регламента": "/regulation/2.6.2"}


def test_drafts_are_not_found(client: FlaskClient) -> None:
    assert headings(client, "/search?q=доступность&in=pages") == ["Страницы и новости 1"]
    Node.update(status="draft", live=None, live_from=None).where(Node.path == "accessibility").execute()
    assert headings(client, "/search?q=доступность&in=pages") == ["Ничего не найдено"]


def test_an_edit_is_found_at_once(client: FlaskClient) -> None:
    assert "/about/" in open_page(client, "/search?q=что считать официальным").links().values()
    Node.update(path="service", name="service").where(Node.path == "about").execute()
    links = open_page(client, "/search?q=что считать официальным").links().values()
    assert "/service/" in links
    assert "/about/" not in links


@pytest.mark.parametrize("query", ["марсиане", "\0", "%00", "\"'<script>", "AND (OR", "*", "а" * 200])
def test_nothing_found_helps_on(client: FlaskClient, query: str) -> None:
    page = open_page(client, "/search?q=" + query.replace("\0", "%00"))
    if query not in {"\0", "%00"}:
        assert [heading.text for heading in page.main.all("h2")] == ["Ничего не найдено"]
        assert {"/orders/", "/rubrics/", "/regulation/"} <= set(page.links().values())


def test_a_long_query_is_refused_politely(client: FlaskClient) -> None:
    page = open_page(client, "/search?q=" + "а" * 201, status=400)
    assert "Слишком длинный запрос: оставьте не больше 200 знаков." in page.text
