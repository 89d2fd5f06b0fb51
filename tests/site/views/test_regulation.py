"""The pages of the regulation."""

import pytest

from attestation.site import regulation

from .conftest import Open


def test_the_whole_document(open_: Open) -> None:
    page = open_("/regulation/")
    edition = regulation.edition()
    clauses = page.root.all("section", class_="clause")
    assert [section.attributes["id"] for section in clauses] == [f"p-{number}" for number in edition.by_number]
    assert "Это изложение своими словами, а не официальный текст." in page.root.text


def test_what_matters_to_an_expert(open_: Open) -> None:
    page = open_("/regulation/for/expert/")
    shown = [section.attributes["id"] for section in page.root.all("section", class_="clause")]
    expected = [f"p-{clause.number}" for clause in regulation.edition().by_number.values() if clause.matters_to("expert")]
    assert shown == expected
    assert 0 < len(shown) < len(regulation.edition().by_number)


@pytest.mark.parametrize("path", ["/regulation/2.6.2", "/regulation/2.6", "/regulation/3-1.1.1.1", "/regulation/lenobl/1"])
def test_a_clause_has_its_own_page(open_: Open, path: str) -> None:
    page = open_(path)
    number = path.rsplit("/", 1)[1]
    slug = regulation.LENOBL if "lenobl" in path else regulation.SPB
    assert page.root.one("h1").text == f"Пункт {number}. {regulation.edition(slug).clause(number).title}"


def test_another_document(open_: Open) -> None:
    page = open_("/regulation/lenobl/")
    assert page.root.one("h1").text == regulation.edition(regulation.LENOBL).name


@pytest.mark.parametrize("path", ["/regulation/9.9", "/regulation/for/pupils/", "/regulation/lenobl/99", "/regulation/other/"])
def test_what_is_not_there_is_said(open_: Open, path: str) -> None:
    open_(path, status=404)
