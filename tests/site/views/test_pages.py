"""Pages kept as records, found by their path."""

import pytest
from flask.testing import FlaskClient
from playhouse.test_utils import assert_query_count

from attestation.models import Page

from .conftest import Open


@pytest.mark.parametrize(
    ("path", "heading"),
    [("/about/", "О сервисе"), ("/accessibility", "Доступность"), ("/privacy/", "Персональные данные")],
)
def test_the_first_texts_are_sound_pages(open_: Open, first_texts: None, path: str, heading: str) -> None:
    page = open_(path)
    assert (page.h1, page.title) == (heading, f"{heading} — Аттестация педагогов")


@pytest.mark.parametrize(
    ("path", "canonical"),
    [("/about", "/about/"), ("/about//", "/about/"), ("/accessibility/", "/accessibility"), ("/privacy", "/privacy/")],
)
def test_a_page_has_one_address(client: FlaskClient, first_texts: None, path: str, canonical: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (301, canonical)


def test_links_of_the_first_texts_lead_somewhere(open_: Open, client: FlaskClient, first_texts: None) -> None:
    inside = [href for path in ("/about/", "/accessibility", "/privacy/") for href in open_(path).links().values()]
    assert inside and [href for href in inside if href.startswith("/") and client.get(href).status_code != 200] == []


def test_an_edited_page_is_shown_at_once_and_safely(open_: Open) -> None:
    Page.create(path="novosti/leto", title="Лето & <отпуск>", body="# Один\n\n### Два\n\n<script>alert(1)</script>")
    page = open_("/novosti/leto/")
    assert page.h1 == "Лето & <отпуск>"
    assert [(heading.tag, heading.text) for heading in page.main.all("h2", "h3")] == [("h2", "Один"), ("h3", "Два")]
    assert "alert" not in page.answer.text


@pytest.mark.parametrize(
    "path", ["/nichego", "/nichego/", "/about/x/", "/%00", "/orders/2021/%00/", "/..%2f..%2fetc/passwd", "/" + "д" * 3000]
)
def test_an_unknown_path_says_so(open_: Open, first_texts: None, path: str) -> None:
    page = open_(path, status=404)
    assert (page.h1, list(page.links())) == (
        "Страница не найдена",
        ["Распоряжения", "Экспертные заключения", "Главная страница"],
    )


def test_a_page_asks_the_database_once(open_: Open, first_texts: None) -> None:
    open_("/about/")
    with assert_query_count(1):
        open_("/about/")
