"""Words: folding, stems, keyboard layouts, typing errors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attestation.site.search.russian import ALPHABET, fold, one_error, organization_key, retype, stem, tokens

words = st.text(ALPHABET, min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Ёлкина-Иванова", ["елкина", "иванова"]),
        ("ГБОУ школа №45", ["гбоу", "школа", "45"]),
        ("им. А.С. Пушкина", ["им", "а", "с", "пушкина"]),
        ("a_b", ["a", "b"]),
        (" — ", []),
    ],
)
def test_tokens(text: str, parts: list[str]) -> None:
    assert tokens(text) == parts


def test_folding_makes_one_form_of_each_letter() -> None:
    assert fold("Ё") == fold("ё") == fold("ё") == "е"
    assert fold("й") == "й"


@pytest.mark.parametrize("form", ["учитель", "учителя", "учителю", "учителем", "учителей"])
def test_forms_of_a_word_have_one_stem(form: str) -> None:
    assert stem(form) == "учител"


@pytest.mark.parametrize(
    ("word", "key"),
    [
        ("школы", "школ"),
        ("школа", "школ"),
        ("лицей", "лиц"),
        ("лицея", "лиц"),
        ("дворца", "дворец"),
        ("невского", "невского"),
        ("невский", "невский"),
        ("45", "45"),
    ],
)
def test_only_generic_words_of_organizations_are_stemmed(word: str, key: str) -> None:
    assert organization_key(word) == key


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("bdfyjdf", "иванова"),
        ("Bdfyjdf", "Иванова"),
        ("`krbyf", "ёлкина"),
        ("[jlsyf", "ходына"),
        (";erjdf", "жукова"),
        ("'qytqmrf", "эйнейька"),
        ("~krf :er <en Ehbq>", "Ёлка Жук Бут УрийЮ"),
        ("v/g/", "м.п."),
        ("иванова", None),
        ("", None),
        ("123", None),
    ],
)
def test_retyping(typed: str, meant: str | None) -> None:
    assert retype(typed) == meant


@given(words, words)
def test_one_error_is_symmetric(one: str, other: str) -> None:
    assert (other in one_error(one)) == (one in one_error(other))


@given(words)
def test_one_error_knows_each_kind(word: str) -> None:
    near = one_error(word)
    assert word not in near
    assert {word + "а", "я" + word} <= near
    assert {word[:i] + word[i + 1 :] for i in range(len(word))} <= near
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in range(len(word) - 1)} - {word}
    assert swapped <= near
    assert all(abs(len(other) - len(word)) <= 1 for other in near)


def test_one_error_leaves_two_errors_alone() -> None:
    assert "иванова" not in one_error("иваанва")
    assert "абвг" not in one_error("бавг"[::-1])
