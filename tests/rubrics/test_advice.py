"""What would close the gap soonest, and how a score is said: worked by hand on real forms, and what holds for any portfolio."""

import random

import pytest

from attestation.rubrics.advice import Step, advise, brief, outlook, silence, total_words, uncertain
from attestation.rubrics.forms import edition, form
from attestation.rubrics.scoring import Claim, InvalidClaims, score

TEACHER = "Учитель прочих предметов"
TRAINER = "Тренер-преподаватель"
INSTRUCTOR = "Инструктор-методист"
MUSICIAN = "Преподаватель, концертмейстер"


def steps(number: int, position: str, category: str, *claims: Claim, **who: str) -> list[Step]:
    return list(advise(form(number), position, category, claims, **who).steps)


def test_one_result_that_just_closes_the_gap_is_preferred_to_a_larger_one() -> None:
    # 100 + 20 of 170: 50 are missing; the first line of 50 in the form is 2.6, option 5.
    claims = (Claim("1.4", 3), Claim("1.6", 1))
    assert score(form(1), TEACHER, "first", claims).missing == 50
    assert steps(1, TEACHER, "first", *claims) == [Step("2.6", 5, 1, 50)]


def test_what_is_already_claimed_is_not_advised_again() -> None:
    # With 40 of row 1.2 more 10 are missing; the dearer option of 1.2 would bring 40, the first line of 10 is 1.1.
    claims = (Claim("1.4", 3), Claim("1.6", 1), Claim("1.2", 2))
    assert steps(1, TEACHER, "first", *claims) == [Step("1.1", 1, 1, 10)]
    assert steps(1, TEACHER, "first", *claims, Claim("1.1", 1)) == []


def test_minima_of_sections_come_first() -> None:
    # Form 7: rows 1.4, 1.5, 1.6, 2.2 bring 80, two results of row 2.3 bring 40.
    claims = (*(Claim(clause, 1) for clause in ("1.4", "1.5", "1.6", "2.2")), Claim("2.3", 2, 2))
    assert score(form(7), INSTRUCTOR, "highest", claims).total == 120
    # 10 in sections 1 and 2 are missing: 1.1 closes that; 10 in section 3: row 3.2; then 140 are there.
    assert steps(7, INSTRUCTOR, "highest", *claims) == [Step("1.1", 1, 1, 10), Step("3.2", 1, 1, 10)]


def test_the_same_option_again_is_one_step_with_a_count() -> None:
    found = steps(7, INSTRUCTOR, "highest")
    assert Step("2.3", 2, 3, 60) in found
    assert sum(step.points for step in found) == 140


def test_only_the_difference_to_the_best_row_of_a_section_counts() -> None:
    # Form 6, section 1: 37 are there, 80 are needed: the row of 80 brings 43; section 2 wants 4.
    assert steps(6, TRAINER, "highest", Claim("1.4.3", 1)) == [Step("1.2.6", 1, 1, 43), Step("2.1", 1, 1, 4)]


def test_rows_closed_for_the_position_are_not_advised() -> None:
    for position in form(1).positions:
        for category in ("first", "highest"):
            for step in steps(1, position, category):
                row = form(1).criterion(step.criterion)
                assert row is not None and row.open_to(position)


def test_options_of_the_other_role_are_not_advised() -> None:
    claims = (Claim("2.8", 2), Claim("2.4", 3))
    pianist = steps(8, MUSICIAN, "highest", *claims[1:], role="концертмейстер")
    options = [form(8).criterion(step.criterion).option(step.option) for step in pianist]  # type: ignore[union-attr]
    assert {option.role for option in options if option} <= {"", "концертмейстер"}
    assert steps(8, MUSICIAN, "highest", *claims, role="преподаватель") == []


def test_a_penalty_has_to_be_made_up() -> None:
    found = advise(form(1), TEACHER, "first", [Claim("3", 1), Claim("1.4", 4)])
    assert (found.steps, found.closes) == ((Step("2.6", 9, 1, 70),), True)


def test_refuses_as_the_engine_does() -> None:
    with pytest.raises(InvalidClaims) as refused:
        advise(form(1), "Директор", "first", [])
    assert refused.value.kind == "position_not_covered"


@pytest.mark.parametrize("seed", range(60))
def test_following_the_advice_gives_what_it_promises(seed: int) -> None:
    chance = random.Random(seed)
    sheet = form(chance.choice([entry.number for entry in edition().forms if entry.ready]))
    position, category = chance.choice(sheet.positions), chance.choice(("first", "highest"))
    roles = sheet.roles(position)
    who = {"role": chance.choice(roles) if roles else None, "discipline": None}
    rows = [row for row in sheet.criteria if row.open_to(position)]
    claims = [
        Claim(row.clause, option.index, 1)
        for row in chance.sample(rows, 4)
        for option in row.options[:1]
        if option.role in ("", who["role"])
    ]
    before = score(sheet, position, category, claims, **who)
    found = advise(sheet, position, category, claims, **who)
    after = score(sheet, position, category, claims + [Claim(s.criterion, s.option, s.count) for s in found.steps], **who)
    assert after.total == before.total + sum(step.points for step in found.steps)
    assert after.meets is found.closes
    assert bool(found.steps) is not before.meets
    if before.missing and not any(part.required for part in before.sections):
        singles = [
            Claim(row.clause, option.index) for row in rows for option in row.options if option.role in ("", who["role"])
        ]
        gains = [gain for one in singles if (gain := worth(sheet, position, category, [*claims, one], who) - before.total)]
        enough = [gain for gain in gains if gain >= before.missing]
        assert [step.points for step in found.steps[:1]] == [min(enough) if enough else max(gains)]


def worth(sheet, position, category, claims, who) -> int:  # type: ignore[no-untyped-def]
    try:
        return score(sheet, position, category, claims, **who).total
    except InvalidClaims:
        return -1000


@pytest.mark.parametrize(
    ("number", "position", "category", "claims", "sentence", "few"),
    [
        (1, TEACHER, "highest", [Claim("1.4", 4, 2)], "До высшей категории не хватает 50 баллов.", "до высшей не хватает 50"),
        (1, TEACHER, "first", [Claim("1.4", 4)], "Для первой категории баллов достаточно.", "для первой достаточно"),
        (
            1, "Старший вожатый", "highest", [Claim("4.5", 2), Claim("4.5", 3)],
            "Для высшей категории баллов достаточно, если эксперт сложит варианты; по лучшим вариантам не хватает 50 баллов.",
            "для высшей достаточно, если сложить варианты",
        ),
        (
            1, TEACHER, "first", [Claim("4.5", 1), Claim("4.5", 2)],
            "До первой категории не хватает 90 баллов, а если варианты не складывать — 120.", "до первой не хватает 90",
        ),
        (
            6, TRAINER, "highest", [Claim("1.4.3", 1), Claim("2.4", 1)],
            "До высшей категории не хватает: в разделе 1 — 43 баллов, в разделе 2 — 2 баллов, всего — 45 баллов.",
            "до высшей не хватает 45",
        ),
        (
            6, TRAINER, "first", [Claim("1.7", 1)],
            "До первой категории не хватает: в разделе 2 — 2 баллов.", "до первой не хватает баллов в разделе 2",
        ),
        (
            7, INSTRUCTOR, "first", [Claim("3.3", 1)],
            "До первой категории не хватает: в разделах 1 и 2 — 100 баллов, всего — 95 баллов.", "до первой не хватает 95",
        ),
    ],
)  # fmt: skip
def test_how_far_it_is_in_words(
    number: int, position: str, category: str, claims: list[Claim], sentence: str, few: str
) -> None:
    result = score(form(number), position, category, claims)
    assert (outlook(result), brief(result)) == (sentence, few)


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (0, 0, "0 баллов"), (1, 1, "1 балл"), (22, 22, "22 балла"), (111, 111, "111 баллов"), (-100, -100, "−100 баллов"),
        (120, 135, "от 120 до 135 баллов"), (100, 121, "от 100 до 121 балла"), (-80, -50, "от −80 до −50 баллов"),
    ],
)  # fmt: skip
def test_a_total_is_one_figure_or_a_range(low: int, high: int, words: str) -> None:
    assert total_words(low, high) == words


def test_the_silent_rows_are_named() -> None:
    claims = [Claim("4.5", 1), Claim("4.5", 2), Claim("2.1", 1), Claim("2.1", 2), Claim("2.2", 1)]
    assert uncertain(score(form(1), TEACHER, "first", claims)) == ("2.1", "4.5")
    said = "Регламент не уточняет, складываются ли варианты в строках 2.1, 4.5: решает эксперт."
    assert (silence(("2.1", "4.5")), silence(())) == (said, "")
