"""The official wording beside our restatement on the pages of the regulation."""

import pytest

from attestation import models
from attestation.admin.acts import regulation as acts
from attestation.models import OfficialText
from attestation.site import regulation
from attestation.tests.conftest import NOON

from .conftest import Open

RESTATEMENT = "Это изложение своими словами, а не официальный текст."


@pytest.fixture
def imported(client: object) -> OfficialText:
    """A text in which every clause but 2.4 says its own title, and 2.6.2 refers to another clause."""
    edition = regulation.edition()
    titles = {number: f"{clause.title}." for number, clause in edition.by_number.items() if number != "2.4"}
    titles["2.6.2"] += "\n\nСмотри пункт 2.6.1 & <приложение>."
    document = "\n\n".join(f"{number}. {words}" for number, words in titles.items())
    document = document.replace("\n\n3.1. ", "\n\nIII. Процедуры\n\nПроцедуры состоят из действий.\n\n3.1. ")
    with models.connection():
        return acts.import_official(acts.read(document.encode(), "реестр.txt", edition), by=None, on=NOON)


def test_until_it_is_imported_the_page_says_it_is_a_restatement(open_: Open) -> None:
    for path in ("/regulation/", "/regulation/2.6.2", "/regulation/section-2"):
        page = open_(path)
        assert RESTATEMENT in page.root.text
        assert page.root.all("details", class_="official") == []


def test_every_clause_of_the_whole_has_its_official_wording(open_: Open, imported: OfficialText) -> None:
    page = open_("/regulation/")
    edition = regulation.edition()
    assert RESTATEMENT not in page.root.text
    assert "Он взят из файла реестр.txt, загруженного 10 марта 2026 года" in page.root.text
    told = {}
    for section in page.root.all("section", class_="clause"):
        for found in section.all("details", class_="official"):
            told[section.attributes["id"].removeprefix("p-")] = found.one("div").text
    expected = {number: f"{clause.title}." for number, clause in edition.by_number.items() if number != "2.4"}
    expected["2.6.2"] += "Смотри пункт 2.6.1 & <приложение>."
    assert {number: " ".join(words.split()) for number, words in told.items()} == expected


def test_a_lead_of_a_section_has_its_official_wording(open_: Open, imported: OfficialText) -> None:
    page = open_("/regulation/section-3")
    first = page.root.all("details", class_="official")[0]
    assert " ".join(first.one("summary").text.split()) == "Официальный текст раздела III"
    assert "Процедуры состоят из действий." in first.text


def test_the_page_of_a_clause_shows_both(open_: Open, imported: OfficialText) -> None:
    page = open_("/regulation/2.6.2")
    official, ours = page.root.one("div", class_="both").all("section")
    assert official.one("h2").text == "Официальный текст"
    assert official.all("a")[0].attributes["href"] == "/regulation/2.6.1"
    assert "Из файла реестр.txt, загружен 10 марта 2026 года." in official.text
    assert ours.one("h2").text == "Наше изложение"


def test_a_clause_that_the_file_lacks_stays_a_restatement(open_: Open, imported: OfficialText) -> None:
    page = open_("/regulation/2.4")
    assert page.root.all("div", class_="both") == []
    assert page.root.one("h1").text == f"Пункт 2.4. {regulation.edition().clause('2.4').title}"


def test_another_edition_is_not_touched(open_: Open, imported: OfficialText) -> None:
    assert RESTATEMENT in open_("/regulation/lenobl/1").root.text


def test_a_page_in_memory_is_made_anew_after_an_act(open_: Open, imported: OfficialText) -> None:
    assert RESTATEMENT not in open_("/regulation/2.6.2").root.text
    with models.connection():
        acts.withdraw_official(imported, reason="найдена опечатка", by=None, on=NOON)
    assert RESTATEMENT in open_("/regulation/2.6.2").root.text
    with models.connection():
        acts.show_official(imported, by=None, on=NOON)
    assert RESTATEMENT not in open_("/regulation/2.6.2").root.text
