"""Two forms side by side, against facts read off the forms by hand."""

from itertools import combinations

import pytest

from attestation.rubrics import forms
from attestation.rubrics.comparison import Comparison, RowPair, compare
from attestation.rubrics.shape import Range

NUMBERS = range(1, 16)


def compared(left: int, right: int, *positions: str) -> Comparison:
    return compare(forms.form(left), forms.form(right), *positions)


def pair(comparison: Comparison, clause: str) -> RowPair:
    return next(pair for pair in comparison.pairs if pair.left.clause == clause)


def prices(found: RowPair) -> list[tuple[int | None, int | None]]:
    return [(one.left.points if one.left else None, one.right.points if one.right else None) for one in found.options]


def partners(comparison: Comparison) -> dict[str, str]:
    return {found.left.clause: found.right.clause for found in comparison.pairs}


@pytest.mark.parametrize(("left", "right"), [*combinations(NUMBERS, 2)])
def test_every_row_and_every_line_stands_exactly_once(left: int, right: int) -> None:
    comparison = compared(left, right)
    for number, paired, alone in (
        (left, [found.left for found in comparison.pairs], comparison.left_only),
        (right, [found.right for found in comparison.pairs], comparison.right_only),
    ):
        rows = [*paired, *alone]
        assert sorted(row.clause for row in rows) == sorted(row.clause for row in forms.form(number).criteria)
    for found in comparison.pairs:
        assert [one.left for one in found.options if one.left] == list(found.left.options)
        assert sorted(one.right.index for one in found.options if one.right) == [one.index for one in found.right.options]


@pytest.mark.parametrize(("left", "right"), [*combinations(NUMBERS, 2)])
def test_the_other_way_round_the_same_rows_are_one(left: int, right: int) -> None:
    back = {mine: theirs for theirs, mine in partners(compared(right, left)).items()}
    assert partners(compared(left, right)) == back


def test_electronic_resources_give_less_in_form_ten() -> None:
    found = pair(compared(1, 10), "2.10")
    assert found.right.clause == "2.1"
    assert [(one.left and one.left.label, one.right and one.right.label) for one in found.options] == [
        ("созданных самостоятельно", "созданных самостоятельно"),
        ("наличие страницы на сайте образовательного учреждения и др.", None),
        (None, "лицензионных"),
    ]
    assert prices(found) == [(15, 10), (10, None), (None, 5)]
    assert (found.points_differ, found.limits_differ, found.wording_differs) == (True, True, False)


def test_forms_one_and_ten_have_three_rows_in_common() -> None:
    comparison = compared(1, 10)
    assert partners(comparison) == {"2.4": "2.13", "2.10": "2.1", "3": "5"}
    assert comparison.same == ()
    assert prices(pair(comparison, "3")) == [(-100, -50)]
    # A row with two lines against one without: nothing is said to be the same.
    assert prices(pair(comparison, "2.4")) == [(60, None), (80, None), (None, 20)]


def test_the_laureate_of_a_national_contest_is_dearer_in_form_four() -> None:
    found = pair(compared(1, 4), "2.6")
    differing = [one for one in found.options if not one.same]
    assert [(one.left.label, one.left.points, one.right.points) for one in differing if one.left and one.right] == [
        ("лауреат (дипломант) конкурса всероссийского уровня", 25, 30)
    ]
    assert len(differing) == 1
    assert found.wording_differs  # form 4 adds смотры and выставки
    assert (found.limits_differ, found.period_differs) == (False, False)


def test_only_the_winner_of_a_national_contest_is_missing_in_form_two() -> None:
    found = pair(compared(1, 2), "2.6")
    assert [(one.left and one.left.label, one.right) for one in found.options if not one.same] == [
        ("победитель конкурса всероссийского уровня", None)
    ]


def test_form_five_counts_experiments_of_the_district_and_form_thirteen_does_not() -> None:
    found = pair(compared(5, 13), "2.19")
    assert prices(found) == [(15, None), (20, 20), (30, 30)]
    assert [row.clause for row in compared(5, 13).left_only] == ["1.2"]
    assert compared(5, 13).right_only == ()


def test_a_dissertation_row_has_three_regimes() -> None:
    found = pair(compared(8, 9), "2.8")
    assert found.right.clause == "2.8"
    assert (found.points_differ, found.limits_differ, found.period_differs) == (False, True, True)


@pytest.mark.parametrize(
    ("left", "clause", "right", "partner"),
    [
        (1, "1.5", 3, "1.3"),  # обучающиеся and воспитанники
        (1, "2.7", 2, "1.6"),  # активность педагога and методиста
        (12, "2.7", 1, "2.8"),  # ГИА and ЕГЭ и ОГЭ
        (1, "2.4", 5, "2.12"),  # an open lesson and an open training
        (9, "3.4", 10, "3.4"),
    ],
)
def test_nearly_the_same_words_are_one_row(left: int, clause: str, right: int, partner: str) -> None:
    assert pair(compared(left, right), clause).right.clause == partner


@pytest.mark.parametrize(
    ("left", "clause", "right"),
    [
        (1, "1.4", 3),  # subject contests are not other contests
        (8, "1.5", 10),  # «Подготовка …» of pupils, «Подготовка методистом» of papers
        (1, "4.4", 8),  # the Government's prize is not the Governor's thanks
        (2, "1.13", 11),  # supporting colleagues is not one's own pupils
    ],
)
def test_alike_words_about_other_things_are_not(left: int, clause: str, right: int) -> None:
    assert clause in [row.clause for row in compared(left, right).left_only]


@pytest.mark.parametrize(("left", "right"), [(8, 9), (8, 10), (9, 10)])
def test_awards_of_the_culture_forms_meet_their_own_number(left: int, right: int) -> None:
    found = partners(compared(left, right))
    assert {f"3.{n}": found.get(f"3.{n}") for n in range(1, 19)} == {f"3.{n}": f"3.{n}" for n in range(1, 19)}


def test_two_positions_of_one_form_differ_in_restricted_rows_and_thresholds() -> None:
    comparison = compared(5, 5, "Педагог-психолог", "социальный педагог")
    assert [row.clause for row in comparison.left_only] == ["1.1", "1.2", "2.2", "2.3"]
    assert [row.clause for row in comparison.right_only] == ["2.4"]
    assert comparison.differing == ()
    assert [(row.first, row.highest) for row in comparison.left.thresholds] == [(Range(160), Range(420))]
    assert [(row.first, row.highest) for row in comparison.right.thresholds] == [(Range(130), Range(380))]


def test_a_row_for_one_role_is_priced_for_it() -> None:
    teacher, accompanist = "Преподаватель", "Концертмейстер"
    for found in compared(9, 9, teacher, accompanist).pairs:
        for option in (*found.left.options, *found.right.options):
            assert (option.role, option.points_by_role) == ("", ())
    by_role = [row for row in forms.form(9).criteria if any(option.points_by_role for option in row.options)]
    assert by_role
    for row in by_role:
        found = pair(compared(9, 9, teacher, accompanist), row.clause)
        option = next(option for option in row.options if option.points_by_role)
        shown = next(one for one in found.options if one.left and one.left.index == option.index)
        assert shown.left and shown.right
        assert (shown.left.points, shown.right.points) == (
            option.points_for("преподаватель"),
            option.points_for("концертмейстер"),
        )


@pytest.mark.parametrize("number", NUMBERS)
def test_a_form_is_the_same_as_itself(number: int) -> None:
    comparison = compared(number, number)
    assert comparison.same == comparison.pairs
    assert (comparison.left_only, comparison.right_only) == ((), ())
    assert partners(comparison) == {row.clause: row.clause for row in forms.form(number).criteria}


def test_whole_forms_show_all_their_thresholds() -> None:
    comparison = compared(1, 6)
    assert len(comparison.left.thresholds) == 19
    assert [row.section for row in forms.form(6).section_thresholds] == ["1", "2", "3", "total"]
    assert comparison.right.thresholds == forms.form(6).section_thresholds


def test_a_row_that_the_form_does_not_have_is_refused() -> None:
    with pytest.raises(LookupError, match="В таблице баллов формы 2 нет строки «Тьютор»"):
        compared(2, 3, "Тьютор")
