"""Counting words on small forms of our own (shapes of forms 7, 9, 10), requests as JSON, and the sentences people read."""

from dataclasses import replace
from typing import Any

import pytest

from attestation.rubrics import scoring
from attestation.rubrics.forms import _edition, form
from attestation.rubrics.reading import read_form
from attestation.rubrics.scoring import Claim, InvalidClaims, read_claims, score, score_request
from attestation.rubrics.shape import Counting, Form

_, WORDS = _edition("spb-2021-04-13")


def small_form(**keys: Any) -> Form:
    """A form with the given rows in section 1 (or whole sections) and a plain threshold table, unless told otherwise."""
    rows = keys.pop("rows", [])
    data: dict[str, Any] = {
        "number": 9,
        "title": "Проба",
        "section": [{"number": "1", "title": "Раздел", "criterion": rows}],
        **keys,
    }
    if "section_threshold" not in data:
        data.setdefault("threshold", [{"position": "Преподаватель", "first": 10, "highest": 20, "roles": ["преподаватель"]}])
    made, findings = read_form(data, "form09.toml", "test", WORDS)
    assert findings == []
    return made


def total(sheet: Form, *claims: Claim, **words: str) -> int:
    return score(sheet, sheet.positions[0], "first", claims, **words).total


def test_every_word_has_its_function() -> None:
    assert set(scoring.COUNTERS) == set(Counting)
    assert [scoring.COUNTERS[word].__name__ for word in Counting] == [str(word) for word in Counting]


ENTRANTS = {
    "clause": "1.1",
    "label": "Подготовка учащегося к поступлению",
    "options": [
        {"label": "поступивший", "points": 20, "next_by_discipline": {"по специальности": 15, "групповые дисциплины": 5}}
    ],
    "rule": {"type": "per_item"},
}
DISCIPLINES = [{"name": "по специальности"}, {"name": "групповые дисциплины", "also": ["групповых дисциплин"]}]


@pytest.mark.parametrize(
    ("count", "discipline", "points"),
    [
        (1, "по специальности", 20),
        (2, "По специальности", 35),
        (3, "групповые дисциплины", 30),
        (3, "групповых дисциплин", 30),
        (100, "по специальности", 1505),
    ],
)
def test_each_next_by_discipline_without_a_cap(count: int, discipline: str, points: int) -> None:
    sheet = small_form(rows=[ENTRANTS], discipline=DISCIPLINES)
    assert total(sheet, Claim("1.1", 1, count), discipline=discipline) == points


def test_the_first_result_needs_no_discipline_but_the_second_does() -> None:
    sheet = small_form(rows=[ENTRANTS], discipline=DISCIPLINES)
    assert total(sheet, Claim("1.1", 1, 1)) == 20
    with pytest.raises(InvalidClaims) as refused:
        total(sheet, Claim("1.1", 1, 2))
    assert (refused.value.kind, refused.value.field) == ("missing_discipline", "discipline")
    with pytest.raises(InvalidClaims) as refused:
        total(sheet, Claim("1.1", 1, 2), discipline="вокал")
    assert (refused.value.kind, refused.value.field) == ("unknown_discipline", "discipline")


def test_the_position_stands_for_the_role_and_another_role_is_refused() -> None:
    row = {
        "clause": "1.1",
        "label": "Диплом",
        "options": [
            {"label": "регионального", "points": 15, "points_by_role": {"преподаватель": 15, "концертмейстер": 30}},
            {"label": "международного", "points": 30},
        ],
        "rule": {"type": "sum_events", "max_events": 2},
    }
    rows = [
        {"position": "Преподаватель", "first": 10, "highest": 20, "roles": ["преподаватель"]},
        {"position": "Концертмейстер", "first": 10, "highest": 20, "roles": ["концертмейстер"]},
    ]
    sheet = small_form(rows=[row], threshold=rows)
    assert score(sheet, "Преподаватель", "first", [Claim("1.1", 1)]).total == 15
    assert score(sheet, "Концертмейстер", "first", [Claim("1.1", 1)]).total == 30
    with pytest.raises(InvalidClaims) as refused:
        score(sheet, "Преподаватель", "first", [Claim("1.1", 1)], role="концертмейстер")
    assert refused.value.kind == "unknown_role"


def test_different_lines_are_added_each_once() -> None:
    options = [{"label": name, "points": points} for name, points in (("аналитика", 40), ("расчёты", 30), ("отчёты", 10))]
    row = {"clause": "1.1", "label": "Подготовка", "options": options, "rule": {"type": "sum_options"}}
    sheet = small_form(rows=[row])
    assert total(sheet, Claim("1.1", 1, 3), Claim("1.1", 2)) == 70
    limited = small_form(rows=[{**row, "rule": {"type": "sum_options", "max_events": 2}}])
    assert total(limited, Claim("1.1", 3), Claim("1.1", 2), Claim("1.1", 1, 2)) == 70


def test_results_without_a_limit() -> None:
    sheet = small_form(rows=[{"clause": "1.1", "label": "Обсуждение", "points": 5, "rule": {"type": "sum_events"}}])
    assert total(sheet, Claim("1.1", 1, 6)) == 30


def test_minima_of_sections_added_together() -> None:
    def section(number: str, points: int, rule: str = "sum") -> dict[str, Any]:
        rows = [{"clause": f"{number}.{place}", "label": f"Строка {place}", "points": points} for place in (1, 2)]
        return {"number": number, "title": "Раздел", "rule": rule, "criterion": rows}

    sheet = small_form(
        section=[section("1", 60), section("2", 40), section("3", 10, "best")],
        positions=["Инструктор-методист"],
        section_threshold=[
            {"section": "1+2", "label": "1 и 2", "first": {"min": 100}, "highest": {"min": 130}},
            {"section": "3", "label": "3", "first": {"min": 0, "max": 15}, "highest": {"min": 10, "max": 15}},
            {"section": "total", "label": "Всего", "first": {"min": 110}, "highest": {"min": 140}},
        ],
    )
    claims = [Claim("1.1", 1), Claim("1.2", 1), Claim("3.1", 1), Claim("3.2", 1)]
    result = score(sheet, "инструктор-методист", "highest", claims)
    answer = result.as_json()
    assert answer["sections"] == {"1+2": 120, "3": 10}
    assert answer["required"] == {"sections_1_2": 130, "section_3": 10, "total": 140}
    assert (result.total, result.meets) == (130, False)
    assert score(sheet, "инструктор-методист", "highest", [*claims, Claim("2.1", 1)]).meets is True
    assert score(sheet, "инструктор-методист", "highest", [*claims[:2], Claim("2.1", 1)]).meets is False


def test_a_row_that_nobody_may_claim() -> None:
    row = {
        "clause": "1.1",
        "label": "Методики*",
        "points": 20,
        "note": "*для сурдопедагога",
        "restriction": "*для сурдопедагога",
        "restricted_to": [],
    }
    with pytest.raises(InvalidClaims) as refused:
        total(small_form(rows=[row]), Claim("1.1", 1))
    assert refused.value.kind == "criterion_not_for_position"
    assert str(refused.value) == "Строка 1.1 не для должности «Преподаватель»: в примечании сказано «для сурдопедагога»."


SENTENCES = [
    (1, "Учитель прочих предметов", "", [Claim("1.6", 1)], "Засчитано 20 баллов."),
    (1, "Учитель прочих предметов", "", [Claim("1.6", 1, 2)],
     "Засчитано 20 баллов. Не засчитано результатов: 1; строка даёт баллы один раз."),
    (1, "Учитель прочих предметов", "", [Claim("1.1", 1), Claim("1.1", 3)],
     "Засчитано 40 баллов: «от 60% и более от числа участвующих» — 40. Не засчитано результатов: 1; засчитывается только "
     "лучший вариант «Суммирование баллов по данным показателям не производится»."),
    (1, "Учитель прочих предметов", "", [Claim("2.5", 1, 1), Claim("2.5", 3, 3)],
     "Засчитано 90 баллов: «всероссийский уровень» — 90 за 3. Не засчитано результатов: 1; результатов засчитывается не "
     "более 3 «количество баллов по каждому из показателей может суммироваться в зависимости от результативности участия "
     "(но не более трех мероприятий)»."),
    (1, "Учитель прочих предметов", "", [Claim("4.5", 1), Claim("4.5", 2)],
     "Засчитано 80 баллов: «региональные награды» — 30; «ведомственные награды» — 50. Складываются ли варианты, "
     "регламент не уточняет, решает эксперт: при сложении 80, по лучшему варианту 50."),
    (1, "Учитель прочих предметов", "", [Claim("3", 1)], "Вычтено 100 баллов."),
    (1, "Учитель прочих предметов", "", [Claim("3", 1, 2)], "Вычтено 100 баллов. Вычет применяется один раз."),
    (6, "Тренер-преподаватель", "", [Claim("2.4", 1)], "Засчитано 2 балла."),
    (6, "Тренер-преподаватель", "", [Claim("1.2.3", 1)], "Засчитано 27 баллов."),
    (6, "Тренер-преподаватель", "", [Claim("1.1.2", 1), Claim("1.7", 1)],
     "Не засчитано 21 балл: в разделе засчитывается только лучшая строка, здесь 1.7 «Суммирование баллов по данным "
     "показателям не производится»."),
    (8, "Преподаватель, концертмейстер", "преподаватель", [Claim("1.1", 1, 6)],
     "Засчитано 50 баллов: «преподавателем индивидуальных дисциплин» — 60 за 6. Не засчитано 10 баллов: строка даёт не "
     "более 50 «суммирование баллов производится, но не более 50 баллов»."),
    (8, "Преподаватель, концертмейстер", "", [Claim("1.6", 1, 2)],
     "Засчитано 20 баллов: 20 за 2. Обучающиеся не названы: результаты считаются достижениями разных обучающихся."),
    (8, "Преподаватель, концертмейстер", "", [Claim("1.4", 1, 2, ("А", "А"))],
     "Засчитано 40 баллов. Не засчитано результатов: 1; каждый обучающийся засчитывается один раз «суммирование баллов "
     "производится в отношении разных обучающихся»."),
]  # fmt: skip


@pytest.mark.parametrize(("number", "position", "role", "claims", "sentence"), SENTENCES)
def test_the_explanation_says_what_was_counted_and_what_was_cut(
    number: int, position: str, role: str, claims: list[Claim], sentence: str
) -> None:
    result = score(form(number), position, "first", claims, role=role or None)
    assert result.explanations[0].text == sentence


def test_the_answer_of_the_interface() -> None:
    body = {
        "position": "Старший вожатый",
        "category": "highest",
        "claims": [{"criterion": "4.5", "option": 2, "count": 1}, {"criterion": "4.5", "option": 3, "count": 1}],
    }
    answer = score_request(1, body).as_json()
    assert answer == {
        "points": {"4.5": 200},
        "sections": {"1": 0, "2": 0, "3": 0, "4": 200},
        "total": 200,
        "range": [150, 200],
        "required": 200,
        "meets": True,
        "meets_strictly": False,
        "verdict": "соответствует",
        "explanations": [
            {
                "criterion": "4.5",
                "points": 200,
                "range": [150, 200],
                "text": "Засчитано 200 баллов: «ведомственные награды» — 50; «государственные награды» — 150. "
                "Складываются ли варианты, регламент не уточняет, решает эксперт: при сложении 200, по лучшему варианту 150.",
            }
        ],
    }


REQUEST = {"position": "Старший вожатый", "category": "first", "claims": []}


@pytest.mark.parametrize(
    ("number", "body", "kind", "field"),
    [
        (16, REQUEST, "unknown_form", "form"),
        (0, REQUEST, "unknown_form", "form"),
        (1, [], "malformed", ""),
        (1, {"category": "first", "claims": []}, "malformed", "position"),
        (1, {"position": "Старший вожатый", "claims": []}, "malformed", "category"),
        (1, {"position": "Старший вожатый", "category": "first"}, "malformed", "claims"),
        (1, {**REQUEST, "position": 5}, "malformed", "position"),
        (1, {**REQUEST, "category": ["first"]}, "unknown_category", "category"),
        (1, {**REQUEST, "role": 5}, "malformed", "role"),
        (1, {**REQUEST, "claims": {}}, "malformed", "claims"),
        (1, {**REQUEST, "claims": ["1.1"]}, "malformed", "claims[0]"),
        (1, {**REQUEST, "claims": [{"option": 1, "count": 1}]}, "malformed", "claims[0].criterion"),
        (1, {**REQUEST, "claims": [{"criterion": "1.1", "option": 1}]}, "malformed", "claims[0].count"),
        (
            1,
            {**REQUEST, "claims": [{"criterion": "1.1", "option": 1, "count": 1, "student": "А"}]},
            "malformed",
            "claims[0].student",
        ),
        (1, {**REQUEST, "claims": [{"criterion": 1.1, "option": 1, "count": 1}]}, "unknown_criterion", "claims[0].criterion"),
        (1, {**REQUEST, "claims": [{"criterion": "1.1", "option": True, "count": 1}]}, "unknown_option", "claims[0].option"),
        (1, {**REQUEST, "claims": [{"criterion": "1.1", "option": 1, "count": None}]}, "non_integer_count", "claims[0].count"),
        (
            1,
            {**REQUEST, "claims": [{"criterion": "1.1", "option": 1, "count": 1, "students": "А"}]},
            "malformed",
            "claims[0].students",
        ),
        (
            1,
            {**REQUEST, "claims": [{"criterion": "1.1", "option": 1, "count": 1, "students": [" "]}]},
            "malformed",
            "claims[0].students",
        ),
    ],
)
def test_a_request_that_cannot_be_scored(number: int, body: Any, kind: str, field: str) -> None:
    with pytest.raises(InvalidClaims) as refused:
        score_request(number, body)
    assert (refused.value.kind, refused.value.field) == (kind, field)


def test_claims_are_read_as_they_stand() -> None:
    data = [
        {"criterion": "1.4", "option": 1, "count": 2, "students": ["А", "Б"]},
        {"criterion": "2.1", "option": 3, "count": 1},
    ]
    assert read_claims(data) == (Claim("1.4", 1, 2, ("А", "Б")), Claim("2.1", 3, 1, ()))


def test_what_is_missing_to_the_total() -> None:
    result = score(form(1), "Учитель прочих предметов", "highest", [Claim("2.16", 1)])
    assert result.missing == 390
    assert replace(result, total=450).missing == 0


def test_reach_of_a_form_without_and_with_limits() -> None:
    assert scoring.reach(form(6), "Тренер-преподаватель") == scoring.Reach(-60, 140)
    assert scoring.reach(form(6), "Тренер-преподаватель", ["1"]) == scoring.Reach(0, 120)
    assert scoring.reach(form(8), "Преподаватель, концертмейстер") == scoring.Reach(-50, None)
