"""Search inside an edition: numbers, words in any form, what is shown and marked."""

import pytest

from attestation.site import regulation
from attestation.site.regulation import search
from attestation.site.regulation.search import Piece


@pytest.mark.parametrize(
    ("query", "target"),
    [
        ("2.6.2", "2.6.2"),
        (" пункт 2.6.2. ", "2.6.2"),
        ("п. 2,6,2", "2.6.2"),
        ("подпункт 3-1.1.1.1", "3-1.1.1.1"),
        ("приложение № 3", "appendix-3"),
        ("Приложения 1", "appendix-1"),
        ("раздел II", "section-2"),
        ("раздел 3-1", "section-3-1"),
        ("9.9", None),
        ("приложение 9", None),
        ("раздел XX", None),
        ("папка 2.6", None),
        ("", None),
    ],
)
def test_a_number_leads_straight_to_its_place(query: str, target: str | None) -> None:
    assert search.target(regulation.edition(), query) == target


def test_words_are_found_in_any_form_and_ё_is_е() -> None:
    edition = regulation.edition()
    found = [search.find(edition, query) for query in ("учёные степени", "ЗАЯВЛЕНИЯМИ об аттестации", "заявление аттестация")]
    assert [hit.target for hit in found[1].hits] == [hit.target for hit in found[2].hits]
    assert found[1].hits[0].target == "2.6.1"
    twins = [{hit.target for hit in search.find(edition, query).hits} for query in ("приём", "прием")]
    assert twins[0] == twins[1] != set()


def test_what_was_searched_for_is_marked() -> None:
    (hit, *_) = search.find(regulation.edition(), "бесплатные услуги").hits
    assert hit.target == "2.12"
    assert hit.title == (Piece("Услуга", True), Piece(" ", False), Piece("бесплатна", True))
    assert "".join(piece.text for piece in hit.snippet).startswith("Заявитель ничего не платит")
    assert [piece.text for piece in hit.snippet if piece.found] == ["услугу"]


def test_the_other_keyboard_layout_is_understood() -> None:
    found = search.find(regulation.edition(), "gfgrf")
    assert (found.query, found.whole) == ("папка", True)
    assert found.hits[0].target == "2.6.2"


def test_without_a_whole_match_some_of_the_words_will_do() -> None:
    found = search.find(regulation.edition(), "листы для жирафа")
    assert not found.whole
    assert "6.2.3.5" in {hit.target for hit in found.hits}
    assert search.find(regulation.edition(), "жираф").hits == ()


def test_a_number_that_is_not_there_finds_nothing_else() -> None:
    assert search.find(regulation.edition(), "9.9").hits == ()


@pytest.mark.parametrize("query", ["", "!!!", "\0", "«»", "a" * 5000])
def test_strange_queries_find_nothing_and_break_nothing(query: str) -> None:
    assert search.find(regulation.edition(), query).hits == ()


def test_markdown_becomes_words() -> None:
    text = "**Как** [оформить](http://example.org):\n\n- первый\n  пункт;\n- второй.\n\nКонец\nтекста."
    assert search.plain(text) == "Как оформить:\nпервый пункт;\nвторой.\nКонец текста."
