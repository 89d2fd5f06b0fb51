"""Answers and the columns that follow from them."""

import datetime as dt

import pytest

from attestation.models import Application
from attestation.site.cases import answers, steps
from attestation.tests.cases import ANSWERS, COLUMNS, LENOBL, SPB

TODAY = dt.date(2026, 3, 10)
FULL = {**ANSWERS, "confirmed": "да"}


def test_the_columns_follow_from_the_answers() -> None:
    found = answers.columns({**FULL, answers.RUBRIC: "1"}, TODAY)
    own = {name: COLUMNS[name] for name in COLUMNS if name != "home_address"}
    assert {name: found[name] for name in own} == own
    assert (found["complete"], found["held_category"]) == (True, "")


def test_line_thirteen_follows_line_seven() -> None:
    found = answers.columns({**FULL, "asked_position": "Методист"}, TODAY)
    assert found["answers"]["asked_position"] == found["position"] == "Учитель математики"
    assert found["complete"]


def test_what_cannot_be_read_stays_in_the_answers_only() -> None:
    wrong = {"surname": "я" * 161, "born_on": "31.02.1985", "category": "третья", "held_category": "прежняя"}
    found = answers.columns({**FULL, **wrong}, TODAY)
    assert {name: found["answers"][name] for name in wrong} == wrong
    assert (found["surname"], found["born_on"], found["category"], found["held_category"]) == ("", None, None, "")
    assert not found["complete"]


def test_whoever_asks_for_the_highest_and_holds_the_first_says_since_when() -> None:
    asked = {**FULL, "category": "высшая", "held_category": "первая"}
    assert answers.read(asked, TODAY).errors == {"held_since": "Укажите дату.", "held_act": "Заполните эту строку."}
    found = answers.columns({**asked, "held_since": "20.04.2021", "held_act": "распоряжение № 1"}, TODAY)
    assert (found["complete"], found["category"], found["held_category"]) == (True, "highest", "first")


@pytest.mark.parametrize(
    ("position", "chosen", "number"),
    [
        ("Педагог-библиотекарь", "", 11),
        ("тренер-преподаватель", "1", answers.rubrics_of("Тренер-преподаватель")[0]),
        ("Учитель физики", "", None),
        ("Учитель физики", "1", 1),
        ("Учитель физики", "99", None),
        ("Учитель-логопед", "1", 1),
        ("Звонарь", "15", 15),
        ("", "", None),
    ],
)
def test_the_form_is_the_only_one_that_fits_or_the_chosen_one(position: str, chosen: str, number: int | None) -> None:
    assert answers.rubric(position, chosen) == number


def test_the_longest_known_position_counts() -> None:
    assert answers.rubrics_of("Учитель математики") == answers.rubrics_of("учитель")
    assert answers.rubrics_of("Старший методист отдела") == answers.rubrics_of("старший методист")
    assert answers.rubrics_of("Звонарь") == tuple(range(1, 16))


def test_every_line_is_asked_in_one_step_but_the_confirmation_and_line_thirteen() -> None:
    asked = [name for step in steps.steps(SPB) for name in step.asked]
    assert len(asked) == len(set(asked))
    assert set(ANSWERS) - set(asked) == {"asked_position", "confirmed"}


def test_only_the_city_asks_how_the_folder_comes() -> None:
    assert [step.name for step in steps.steps(SPB)][-1] == "folder"
    assert [step.name for step in steps.steps(LENOBL)] == ["person", "work", "rubric", "category", "sitting"]


def test_a_stamp_knows_every_field_of_its_step() -> None:
    draft = Application(answers={"surname": "Чернильницына"}, home_address="г. Образцов")
    first = steps.stamp(steps.values(draft, steps.STEPS[0]))
    for name, value in (("answers", {"surname": "Кляксина"}), ("home_address", "")):
        changed = Application(**{"answers": draft.answers, "home_address": draft.home_address, name: value})
        assert steps.stamp(steps.values(changed, steps.STEPS[0])) != first
        assert steps.stamp(steps.values(changed, steps.STEPS[1])) == steps.stamp(steps.values(draft, steps.STEPS[1]))
