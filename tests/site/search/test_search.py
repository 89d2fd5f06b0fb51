"""What the search of the archive understands, one behaviour after another, on rows that could be confused."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from attestation.site.search import FACETS, Answer, Correction, Filters, Query, QueryRefused, SearchIndex, open_index

from .conftest import GARDEN_45, HISTORY, PRIMARY, ROWS, SCHOOL_45, SCHOOL_145

Found = Callable[..., list[int]]
Ask = Callable[..., Answer]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        # letters
        ("Иванова", [1, 2, 8]),
        ("ИВАНОВА", [1, 2, 8]),
        ("иванова", [1, 2, 8]),
        ("  иванова  ", [1, 2, 8]),
        ("Ёлкина", [4]),
        ("елкина", [4]),
        ("ЕЛКИНА", [4]),
        ("Ёлкина", [4]),  # ё typed as two characters
        ("Ивaнова", [1, 2, 8]),  # a Latin «a»
        # «Иванова» is not «Иванов»
        ("Иванов", [3]),
        ("Иванов*", [1, 2, 3, 8]),
        ("корсак*", [6, 7]),
        ("Ив* Петр*", [1, 3]),
        # initials
        ("Иванова М П", [1]),
        ("М П Иванова", [1]),
        ("М. П. Иванова", [1]),
        ("М.П. Иванова", [1]),
        ("М.П.Иванова", [1]),
        ("Иванова М.П.", [1]),
        ("иванова м п", [1]),
        ("Иванова М", [1, 8]),
        ("Иванова А.", [2]),
        ("Иванова Мария П.", [1]),
        ("Мария П. Иванова", [1]),
        ("Иванова М. Сергеевна", [8]),
        ("учитель Иванова М.", [1, 8]),
        ("И. М. П.", [1, 3]),
        ("Иванова П. М.", []),
        # full names in any order
        ("Иванова Мария Петровна", [1]),
        ("Мария Петровна Иванова", [1]),
        ("Петровна Мария", [1]),
        ("Мирзоев Мамед оглы", [9]),
        ("Петров Яков", [10]),
        ("Иванова Яков", []),
        # double-barrelled surnames
        ("Римская-Корсакова", [6]),
        ("Римская Корсакова", [6]),
        ("Римская — Корсакова", [6]),
        ("Римская", [6]),
        ("Корсакова", [6, 7]),
        ("Корсакова-Римская", []),
        ("Р. О. Ю.", [6]),
        ("К. О. Ю.", []),
        # order numbers
        ("1016-р", [1, 2, 3, 4]),
        ("1016р", [1, 2, 3, 4]),
        ("1016-Р", [1, 2, 3, 4]),
        ("1016 - р", [1, 2, 3, 4]),
        ("1016–р", [1, 2, 3, 4]),
        ("1016-p", [1, 2, 3, 4]),  # a Latin «p»
        ("№ 1016", [1, 2, 3, 4]),
        ("№1016-р", [1, 2, 3, 4]),
        ("1016", [1, 2, 3, 4]),
        ("распоряжение 1016", [1, 2, 3, 4]),
        ("распоряжение № 1016-р от 13 апреля 2021 г.", [1, 2, 3, 4]),
        ("1016-р от 13.04.2021", [1, 2, 3, 4]),
        ("от 13.04.2021 № 1016-р", [1, 2, 3, 4]),
        ("1016 от 20.05.2021", []),
        ("101", []),
        ("10160", []),
        ("Иванова 1016-р", [1, 2]),
        ("Иванова 1016", [1, 2]),
        ("Иванова № 1203-р", [8]),
        # dates
        ("13.04.2021", [1, 2, 3, 4]),
        ("13.4.2021", [1, 2, 3, 4]),
        ("13/04/2021", [1, 2, 3, 4]),
        ("13 апреля 2021", [1, 2, 3, 4]),
        ("13 АПРЕЛЯ 2021 года", [1, 2, 3, 4]),
        ("2021-04-13", [1, 2, 3, 4]),
        ("13.04.21", [1, 2, 3, 4]),
        ("13 апреля", [1, 2, 3, 4, 9, 10]),
        ("апрель 2021", [1, 2, 3, 4]),
        ("апреля 2022 г.", [9, 10]),
        ("04.2021", [1, 2, 3, 4]),
        ("май 2021", [6, 7, 8]),
        ("в мае 2021", [6, 7, 8]),
        ("март 2021", []),
        ("2022", [9, 10]),
        ("2022 год", [9, 10]),
        ("Иванова 2021", [1, 2, 8]),
        ("Иванова 2022", []),
        ("Иванова май 2021", [8]),
        ("31.02.2021", []),
        # ordinary words by stem
        ("учителя начальных классов", [1, 7, 8, 10]),
        ("учителем", [1, 2, 3, 7, 8, 9, 10]),
        ("обществознание", [2]),
        ("учитель истории и обществознания", [2]),
        ("УЧИТЕЛЬ ИСТОРИИ И ОБЩЕСТВОЗНАНИЯ", [2]),
        ("психолог", [4]),
        ("педагог-психолог", [4]),
        ("педагоги-психологи", [4]),
        ("учитель Иванова", [1, 2, 8]),
        # phrases
        ("«учителя начальных классов»", [1, 7, 8]),
        ('"начальных классов"', [1, 7, 8]),
        ('"классов начальных"', []),
        ('"детский сад" Ёлкина', [4]),
        ('"Иванова Мария Петровна"', [1]),
        ('"Мария Сергеевна Иванова"', [8]),
        ('"Иванова Мария"', [1, 8]),
        ('"Мария Иванова"', [1, 8]),
        ('"Петровна Мария"', []),
        # schools and their numbers
        ("школа 45", [1, 10]),
        ("школа № 45", [1, 10]),
        ("школа №45", [1, 10]),
        ("школы № 45", [1, 10]),
        ("45 школа", [1, 10]),
        ("45-я школа", [1, 10]),
        ("«школа № 45»", [1, 10]),
        ("гимназия 45", [6]),
        ("детский сад 45", [4]),
        ("гбоу 145", [2, 7]),
        ("школа 450", [3, 9]),
        ("школа 4", []),
        ("школа", [1, 2, 3, 7, 9, 10]),
        ("Ёлочка", [4]),
        ("лицей имени", []),
        ("лицей им. А. С. Пушкина", [8]),
        ("Санкт-Петербурга", [1, 2, 3, 6, 7, 9, 10]),
        ("Невского района", [1, 10]),
        ("Невский", []),
        ("Иванова школа 45", [1]),
        ("Иванова 145", [2]),
        ("«школа» 45", [1, 10]),
        ("М. П. 45", [1]),
        ("03-12/345", []),
        ("45", [1, 4, 6, 9, 10]),  # of a school or of an order
        # nothing to be found
        ("qwerty", []),
        ("Сидорова", []),
        ("!!!", []),
        ("***", []),
        ("-", []),
        ("№", []),
        ("\x00", []),
        ("😀", []),
        ("\ud800", []),
        ("ǅİß", []),
        ("' OR 1=1 --", []),
        ("surname:иванова", []),
        # no text
        ("", [1, 2, 3, 4, 6, 7, 8, 9, 10]),
        ("   ", [1, 2, 3, 4, 6, 7, 8, 9, 10]),
        ("распоряжение", [1, 2, 3, 4, 6, 7, 8, 9, 10]),
    ],
)
def test_understands(found: Found, text: str, rows: list[int]) -> None:
    assert found(text) == rows


@pytest.mark.parametrize(
    ("typed", "meant", "rows"),
    [
        ("bdfyjdf", "иванова", [1, 2, 8]),
        ("BDFYJDF", "ИВАНОВА", [1, 2, 8]),
        ("bdfyjdf v g", "иванова м п", [1]),
        ("bdfyjdf v/g/", "иванова м.п.", [1]),
        ("`krbyf", "ёлкина", [4]),
        ("1016-h", "1016-р", [1, 2, 3, 4]),
        ("Иванова Vfhbz Gtnhjdyf", "Иванова Мария Петровна", [1]),
        ("bdfyjd*", "иванов*", [1, 2, 3, 8]),
        ("irjkf #45", "школа №45", [1, 10]),
    ],
)
def test_reads_the_wrong_keyboard_layout_and_says_so(ask: Ask, typed: str, meant: str, rows: list[int]) -> None:
    answer = ask(typed)
    assert sorted(answer.ruling_ids) == rows
    assert answer.correction == Correction("keyboard", typed, (meant,), meant)


@pytest.mark.parametrize(
    ("typed", "word", "words", "text", "rows"),
    [
        ("Иваанова", "иваанова", ("Иванова",), "Иванова", [1, 2, 8]),  # insertion
        ("Иванва", "иванва", ("Иванова",), "Иванова", [1, 2, 8]),  # deletion
        ("Иванола", "иванола", ("Иванова",), "Иванова", [1, 2, 8]),  # substitution
        ("Ивановв", "ивановв", ("Иванова", "Иванов"), "Иванова", [1, 2, 3, 8]),  # two words are near
        ("Иваонва", "иваонва", ("Иванова",), "Иванова", [1, 2, 8]),  # transposition
        ("Ёлкена", "елкена", ("Елкина",), "Елкина", [4]),
        ("Иванва М. П.", "иванва", ("Иванова",), "Иванова М. П.", [1]),
        ("Иванова Морья", "морья", (), "", []),  # two errors
        ("Мария Питровна", "питровна", ("Петровна",), "Мария Петровна", [1]),
        ("учитиль химии", "учитиль", ("учитель",), "учитель химии", [9]),
        ("Римская-Корсокова", "корсокова", ("Корсакова",), "Римская-Корсакова", [6]),
        ("Иванва Мария Питровна", "", (), "", []),  # an error in each of two words
        ("Иванов Мария", "иванов", ("Иванова",), "Иванова Мария", [1, 8]),  # both words are known, the pair is not
        ("Яко", "", (), "", []),  # too short to guess
    ],
)
def test_mends_one_typing_error_and_says_so(
    ask: Ask, typed: str, word: str, words: tuple[str, ...], text: str, rows: list[int]
) -> None:
    answer = ask(typed)
    assert sorted(answer.ruling_ids) == rows
    assert answer.correction == (Correction("typing", word, words, text) if words else None)


@pytest.mark.parametrize("text", ["Иванов", "Корсакова", "Иванова М", "школа 45"])
def test_mends_nothing_that_is_found_as_typed(ask: Ask, text: str) -> None:
    assert ask(text).correction is None


@pytest.mark.parametrize("text", ["школа 46", "1017-р", "14.04.2021", "1015"])
def test_never_mends_numbers_and_dates(ask: Ask, text: str) -> None:
    answer = ask(text)
    assert (answer.total, answer.correction) == (0, None)


def test_a_filter_that_leaves_nothing_is_no_typing_error(ask: Ask) -> None:
    answer = ask("Иванов", year=2022)
    assert (answer.total, answer.correction) == (0, None)
    assert answer.facets["year"] == [(2021, 1), (2022, 0)]


@pytest.mark.parametrize(
    ("filters", "rows"),
    [
        ({"year": 2021}, [1, 2, 3, 4, 6, 7, 8]),
        ({"year": 1999}, []),
        ({"category": "highest"}, [2, 6, 7, 10]),
        ({"kind": "amendment"}, [9, 10]),
        ({"position": PRIMARY}, [1, 7, 8]),
        ({"position": PRIMARY.lower()}, []),
        ({"organization": SCHOOL_145}, [2, 7]),
        ({"organization": SCHOOL_145, "position": PRIMARY, "year": 2021, "category": "highest", "kind": "decision"}, [7]),
        ({"organization": "\ud800"}, []),
    ],
)
def test_filters_keep_exact_values(found: Found, filters: dict[str, Any], rows: list[int]) -> None:
    assert found("", **filters) == rows


def test_counts_each_facet_under_the_other_filters(ask: Ask) -> None:
    answer = ask("учитель", year=2021, category="highest")
    assert answer.total == 2
    assert answer.facets == {
        "year": [(2022, 1), (2021, 2)],
        "category": [("first", 3), ("highest", 2)],
        "position": [(HISTORY, 1), (PRIMARY, 1)],
        "organization": [(SCHOOL_145, 2)],
        "kind": [("decision", 2)],
    }


def test_a_chosen_value_is_listed_even_when_nothing_has_it(ask: Ask) -> None:
    answer = ask("Петров", position=PRIMARY, organization=GARDEN_45)
    assert answer.facets["position"] == [(PRIMARY, 0)]
    assert answer.facets["organization"] == [(GARDEN_45, 0)]


def test_counts_only_the_facets_asked_for(archive: SearchIndex) -> None:
    assert archive.search(Query("", facets=("category",))).facets == {"category": [("first", 5), ("highest", 4)]}


def test_newest_orders_come_first_and_rows_as_in_the_annex(archive: SearchIndex) -> None:
    assert archive.search(Query("")).ruling_ids == (9, 10, 6, 7, 8, 1, 2, 3, 4)


def test_oldest_first_is_the_same_list_from_its_end(archive: SearchIndex) -> None:
    assert archive.search(Query("", sort="old")).ruling_ids == (4, 3, 2, 1, 8, 7, 6, 10, 9)


@pytest.mark.parametrize("sort", ["new", "old"])
def test_pages_follow_each_other_without_gaps(archive: SearchIndex, sort: Any) -> None:
    pages = [archive.search(Query("", sort=sort, page=page, per_page=4)) for page in (1, 2, 3, 4, 10**30)]
    whole = archive.search(Query("", sort=sort)).ruling_ids
    assert [page.ruling_ids for page in pages] == [whole[:4], whole[4:8], whole[8:], (), ()]
    assert {(page.total, page.pages) for page in pages} == {(9, 3)}


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("1016-р от 13.04.2021", ["дата «13.04.2021»", "номер распоряжения «1016-р»"]),
        ("Иванова М П", ["слово «иванова»", "инициалы «М. П.»"]),
        ("Иванов*", ["начало слова «иванов»"]),
        ('"начальных классов"', ["слова подряд «начальных классов»"]),
        ("школа 45", ["слово «школа»", "номер организации «45»"]),
        ("Иванова 1016", ["слово «иванова»", "номер распоряжения «1016»"]),
        ("45", ["номер «45»"]),
        ("апрель 2021", ["дата «04.2021»"]),
        ("", []),
    ],
)
def test_says_how_it_read_the_text(ask: Ask, text: str, matched: list[str]) -> None:
    assert [str(one) for one in ask(text).matched] == matched


def test_refuses_what_is_too_long_politely(ask: Ask) -> None:
    with pytest.raises(QueryRefused) as refused:
        ask("и" * 10_000)
    assert str(refused.value) == (
        "Запрос слишком длинный: 10000 знаков, а можно не больше 200. "
        "Оставьте главное: фамилию, номер распоряжения, дату или организацию."
    )


def test_takes_the_longest_text_allowed_and_trims_first(ask: Ask) -> None:
    assert ask("  " + "ш" * 200 + "  ").total == 0


@pytest.mark.parametrize("impossible", [{"page": 0}, {"page": -1}, {"per_page": 0}, {"per_page": 10_000}, {"sort": "best"}])
def test_refuses_an_impossible_page(impossible: dict[str, Any]) -> None:
    with pytest.raises(QueryRefused):
        Query("", **impossible)


# --- Refusals ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["Скрытникова", "скрытник*", "З. Л. Скрытникова", "Скрытниковы", "crhsnybrjdf", "тайновед", "Незримая школа", "школа 77"],
)
def test_nothing_of_a_refusal_is_found_suggested_or_counted(ask: Ask, text: str) -> None:
    answer = ask(text)
    assert (answer.total, answer.ruling_ids, answer.correction) == (0, (), None)
    assert answer.facets == {facet: [] for facet in FACETS}


def test_facets_of_the_whole_archive_know_no_refusal(ask: Ask) -> None:
    facets = ask("").facets
    assert sum(count for _, count in facets["category"]) == 9
    assert "Тайновед" not in dict(facets["position"])
    assert "Незримая школа № 77" not in dict(facets["organization"])


def test_a_refusal_chosen_as_a_filter_counts_nothing(ask: Ask) -> None:
    answer = ask("", position="Тайновед")
    assert (answer.total, dict(answer.facets["position"])["Тайновед"]) == (0, 0)


def test_an_installation_may_show_refusals(tmp_path: Path) -> None:
    index = open_index(tmp_path, show_refusals=True)
    index.add(ROWS)
    assert index.search(Query("Скрытниковы")).ruling_ids == (5,)
    assert index.search(Query("", Filters(organization=SCHOOL_45))).total == 2
    assert index.search(Query("")).total == 10
    index.close()
