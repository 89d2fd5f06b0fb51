"""The packaged data: counts of a careful reading, figures looked up by hand, the JSON document, the loader."""

import json

import pytest

from attestation.rubrics.check import check
from attestation.rubrics.document import as_json
from attestation.rubrics.forms import UnknownForm, edition, form
from attestation.rubrics.shape import Period, Range

READY = [entry.number for entry in edition().forms if entry.ready]
OPTIONS = dict(zip(range(1, 16), (78, 62, 57, 67, 72, 84, 26, 65, 77, 75, 52, 71, 70, 58, 73), strict=True))
POSITIONS = dict(zip(range(1, 16), (19, 2, 5, 5, 2, 1, 1, 1, 2, 2, 1, 6, 2, 2, 1), strict=True))


def test_nothing_can_be_said_against_the_data() -> None:
    assert check() == []


def test_the_edition() -> None:
    known = edition()
    assert (known.number, known.date, known.appendix) == ("1016-р", "2021-04-13", "Приложение № 3")
    assert [entry.number for entry in known.forms] == list(range(1, 16))
    assert {entry.number: len(entry.positions) for entry in known.forms} == POSITIONS
    assert {entry.number: entry.options for entry in known.forms} == OPTIONS
    assert sum(OPTIONS.values()) == 987


@pytest.mark.parametrize("number", READY)
def test_options_of_a_form(number: int) -> None:
    assert form(number).options_count == OPTIONS[number]


def test_the_whole_appendix_counted_with_the_heading_rows_of_form_6() -> None:
    """Form 6 prints 6 heading rows above 73 numbered ones: the careful reading counts the headings."""
    sheets = [form(number) for number in OPTIONS]
    rows = [row for sheet in sheets for row in sheet.criteria if not row.group]
    groups = [group for sheet in sheets for section in sheet.sections for group in section.groups]
    assert len(rows) + len(groups) == 433
    assert sum(row.unstated for sheet in sheets for row in sheet.criteria) == 116
    assert sum(len(sheet.thresholds) + len(sheet.section_thresholds) for sheet in sheets) == 58


@pytest.mark.parametrize(("number", "criteria", "unstated"), [(1, 28, 12), (6, 82, 0), (8, 46, 2)])
def test_criteria_of_a_form(number: int, criteria: int, unstated: int) -> None:
    rows = list(form(number).criteria)
    assert (len(rows), sum(row.unstated for row in rows)) == (criteria, unstated)


THRESHOLDS = {
    "Учитель начальных классов": (140, 360),
    "Учитель прочих предметов": (170, 450),
    "Учитель (только индивидуальное обучение, центр образования)": (140, 380),
    "Учитель ОУ для обучающихся с ОВЗ": (100, 270),
    "Учитель ОУ для обучающихся с ОВЗ (умственная отсталость)": (85, 250),
    "Учитель-логопед, учитель-дефектолог, логопед": (100, 220),
    "Инструктор по труду": (100, 220),
    "Преподаватель, учитель (образовательное учреждение профессионального образования, подведомственное Комитету по образованию)": (120, 330),  # noqa: E501
    "Преподаватель (образовательное учреждение профессионального образования, подведомственное Комитету по здравоохранению)": (100, 245),  # noqa: E501
    "Учитель, инструктор по физической культуре государственного учреждения здравоохранения": (100, 245),
    "Преподаватель общеобразовательных дисциплин (образовательное учреждение, подведомственное Комитету по культуре)": (100, 160),  # noqa: E501
    "Педагогические работники государственных казенных образовательных учреждений": (100, 240),
    "Воспитатель (в том числе группы продленного дня)": (65, 160),
    "Мастер производственного обучения": (100, 255),
    "Педагог-организатор (кроме отделений и учреждений дополнительного образования детей)": (100, 240),
    "Старший вожатый": (65, 200),
    "Преподаватель-организатор ОБЖ": (85, 235),
    "Тьютор (кроме учреждения дополнительного профессионального образования)": (65, 210),
    "Руководитель физического воспитания": (90, 245),
}  # fmt: skip


def test_thresholds_of_form_1() -> None:
    assert {row.position: (row.first.min, row.highest.min) for row in form(1).thresholds} == THRESHOLDS


def test_points_of_form_6_are_the_ranks_twenty_to_fifty_two_and_eighty_to_a_hundred_and_twenty() -> None:
    points = [row.options[0].points for row in form(6).sections[0].criteria]
    assert sorted(points) == [*range(20, 53), *range(80, 121)]
    assert [(row.section, row.first, row.highest) for row in form(6).section_thresholds] == [
        ("1", Range(20, 52), Range(80, 120)),
        ("2", Range(2), Range(4)),
        ("3", Range(0, 5), Range(0, 5)),
        ("total", Range(22, 72), Range(84)),
    ]


def test_rows_of_form_6_name_their_competition_and_their_heading() -> None:
    section = form(6).sections[0]
    row = form(6).criterion("1.5.4")
    assert row is not None
    assert (row.group, row.full_label, row.options[0].points) == ("1.5", "Первенство мира, Европы: 3 место", 95)
    assert section.evidence(row).startswith("Копии протоколов соревнований")
    assert [group.clause for group in section.groups] == ["1.1", "1.2", "1.3", "1.4", "1.5", "1.6"]


@pytest.mark.parametrize(
    ("number", "points"),
    [
        (1, [10, 20, 40, 20, 40, 80, 60, 20, 40, 100, 200, 10, 15, 20, 20, 40, 100, 20, 5, 10, 20, 5, 10, 20, 10, 10, 20,
             60, 80, 15, 20, 30, 10, 15, 20, 25, 50, 30, 40, 50, 70, 300, 40, 10, 10, 20, 10, 10, 10, 10, 10, 10, 15,
             10, 10, 20,
             20, 30, 10, 15, 30, 40, 30, 60, -100, 10, 15, 25, 10, 15, 25, 10, 15, 20, 30, 30, 50, 150]),
        (8, [10, 7, 10, 7, 5, 1, 40, 20, 30, 10, 15, 20, 30, 30, 20, 10, 5, 10, 10, 10, 10, 20, 50, 30, 10, 20, 10, 20, 50,
             100, 5, 10, 15, 40, 10, 15, 20, 20, 25, 30, 30, 35, 40, 40, 50, 50, 50, 50, 50, 60, 70, 80, 100, 15, 20,
             30, 40, 20, 40,
             20, 20, 30, 20, 20, -50]),
    ],
)  # fmt: skip
def test_points_in_the_order_of_the_source(number: int, points: list[int]) -> None:
    assert [option.points for row in form(number).criteria for option in row.options] == points


def test_winners_count_in_any_year_from_the_city_level_on() -> None:
    row = form(1).criterion("2.6")
    assert row is not None
    assert [option.index for option in row.options if option.period is Period.PERMANENT] == [7, 8, 9, 10]


def test_forms_that_are_not_there() -> None:
    for number, name in ((16, "spb-2021-04-13"), (0, "spb-2021-04-13"), (1, "spb-1999-01-01"), (1, "../rubrics"), (1, "")):
        with pytest.raises(UnknownForm):
            form(number, name)


def test_a_form_is_read_once() -> None:
    assert form(8) is form(8)


def test_the_document_of_a_form() -> None:
    document = json.loads(json.dumps(as_json(form(8)), ensure_ascii=False))
    assert (document["number"], document["edition"], document["positions"]) == (
        8,
        "spb-2021-04-13",
        ["Преподаватель, концертмейстер"],
    )
    assert document["thresholds"] == [
        {"position": "Преподаватель, концертмейстер", "first": {"min": 100}, "highest": {"min": 150}}
    ]
    rows = {row["id"]: row for section in document["sections"] for row in section["criteria"]}
    assert rows["4.2"]["options"] == [
        {"index": 1, "label": "регионального", "points": 15, "points_by_role": {"преподаватель": 15, "концертмейстер": 30}},
        {"index": 2, "label": "всероссийского", "points": 20, "points_by_role": {"преподаватель": 20, "концертмейстер": 30}},
        {"index": 3, "label": "международного уровней", "points": 30},
    ]
    assert rows["4.2"]["rule"] == {
        "type": "sum_events",
        "max_events": 2,
        "words": "суммирование баллов производится, но не более двух",
    }
    assert rows["1.4"] == {
        "id": "1.4",
        "clause": "1.4",
        "label": "Подготовка преподавателем/концертмейстером обучающегося, удостоенного премии Правительства Санкт-Петербурга "
        "«Юные дарования», получившего диплом победителя общероссийского конкурса «Молодые дарования России» или иных "
        "конкурсов, проводимых Министерством культуры Российской Федерации",
        "options": [{"index": 1, "label": rows["1.4"]["label"], "points": 40}],
        "rule": {
            "type": "sum_events",
            "distinct_students": True,
            "words": "суммирование баллов производится в отношении разных обучающихся",
        },
        "evidence": "Копия диплома, заверенная работодателем.",
        "note": "В межаттестационный период.\n*суммирование баллов производится в отношении разных обучающихся",
        "remark": "",
        "restricted_to": None,
        "period": "inter-attestation",
    }


def test_the_document_gives_section_thresholds_and_groups_of_form_6() -> None:
    document = json.loads(json.dumps(as_json(form(6)), ensure_ascii=False))
    assert document["thresholds"] == [
        {"section": "1", "first": {"min": 20, "max": 52}, "highest": {"min": 80, "max": 120}},
        {"section": "2", "first": {"min": 2}, "highest": {"min": 4}},
        {"section": "3", "first": {"min": 0, "max": 5}, "highest": {"min": 0, "max": 5}},
        {"section": "total", "first": {"min": 22, "max": 72}, "highest": {"min": 84}},
    ]
    rows = {row["id"]: row for row in document["sections"][0]["criteria"]}
    assert rows["1.5.4"]["group"] == "1.5"
    assert rows["1.5.4"]["options"] == [{"index": 1, "label": "Первенство мира, Европы: 3 место", "points": 95}]


def test_the_document_lists_who_may_claim_a_restricted_row() -> None:
    rows = {row["id"]: row for section in as_json(form(1))["sections"] for row in section["criteria"]}  # type: ignore[attr-defined]
    assert rows["1.1"]["restricted_to"] is None
    assert rows["2.12"]["restricted_to"] == [
        "Учитель-логопед, учитель-дефектолог, логопед",
        "Педагогические работники государственных казенных образовательных учреждений",
    ]
    closed = (
        "Преподаватель (образовательное учреждение профессионального образования, подведомственное Комитету по здравоохранению)"
    )
    assert rows["2.14"]["restricted_to"] == [position for position in THRESHOLDS if position != closed]
