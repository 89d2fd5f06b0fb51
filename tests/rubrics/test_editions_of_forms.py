"""Two editions of one scoring form side by side, and an edition read from any folder."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from attestation.rubrics import forms
from attestation.rubrics.comparison import compare, compare_editions
from attestation.rubrics.reading import BrokenData
from attestation.rubrics.shape import Criterion, Form, Range


def changed(form: Form, number: str, **values: object) -> Form:
    """The form with one row that is otherwise."""

    def row(criterion: Criterion) -> Criterion:
        return replace(criterion, **values) if criterion.clause == number else criterion

    sections = tuple(replace(section, criteria=tuple(map(row, section.criteria))) for section in form.sections)
    return replace(form, edition="later", sections=sections)


@pytest.mark.parametrize("number", range(1, 16))
def test_an_unchanged_form_differs_in_nothing(number: int) -> None:
    form = forms.form(number)
    compared = compare_editions(form, replace(form, edition="later"))
    assert compared.nothing_differs
    assert [pair.left.clause for pair in compared.pairs] == [row.clause for row in form.criteria]


def test_a_row_under_a_new_number_is_the_same_row() -> None:
    form = forms.form(1)
    compared = compare_editions(form, changed(form, "2.12", clause="2.12a"))
    assert compared.nothing_differs
    assert [pair.right.clause for pair in compared.pairs if pair.left.clause == "2.12"] == ["2.12a"]


def test_a_row_of_other_words_under_its_old_number_is_the_same_row() -> None:
    form = forms.form(1)
    (pair,) = compare_editions(form, changed(form, "1.3", label="Совершенно другие слова", context="")).pairs[2:3]
    assert (pair.left.clause, pair.right.label, pair.wording_differs) == ("1.3", "Совершенно другие слова", True)


def test_thresholds_that_differ_are_paired_by_position() -> None:
    form = forms.form(1)
    first, second, *rest = form.thresholds
    later = replace(form, edition="later", thresholds=(replace(first, first=Range(150)), *rest))
    pairs = compare_editions(form, later).thresholds
    assert [(pair.name, pair.left and pair.left.first.min, pair.right and pair.right.first.min) for pair in pairs] == [
        (first.position, 140, 150),
        (second.position, 170, None),
    ]
    assert compare(form, form).thresholds == ()


def test_an_edition_is_read_from_any_folder(tmp_path: Path) -> None:
    shutil.copytree(Path(str(forms.folder(forms.CURRENT))), tmp_path / "later")
    read = forms.forms_in(tmp_path / "later", "later")
    assert [(form.number, form.edition, form.options_count) for form in read] == [
        (form.number, "later", form.options_count) for form in map(forms.form, range(1, 16))
    ]
    (tmp_path / "later" / "form07.toml").write_text("number = ", encoding="utf-8")
    with pytest.raises(BrokenData):
        forms.forms_in(tmp_path / "later", "later")
