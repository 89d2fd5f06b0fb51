"""The record of disagreement: five facts, three signatures, only against a negative conclusion."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from attestation.admin.acts.cases import dissents
from attestation.admin.acts.cases.dissents import Record
from attestation.models import Application, Dissent, DissentSignature, JournalEntry, User
from attestation.procedure.refusal import Refusal
from attestation.procedure.words import CaseRole
from attestation.site.cases.facts import observe
from attestation.site.dates import day_of
from attestation.tests.admin.conftest import at_once
from attestation.tests.cases import LENOBL, NEGATIVE, POSITIVE, World
from attestation.tests.conftest import NOON

RECORD = Record(
    analysed_at=NOON - dt.timedelta(hours=2),
    person="Чернильницына Вера Павловна",
    position="Учитель математики",
    organization="ГБОУ школа № 901 г. Образцова",
    reasons="Дипломы не заверены.",
)
pytestmark = pytest.mark.usefixtures("database")


def sentence(act: Callable[[], Any]) -> str:
    tables = (Application, Dissent, DissentSignature, JournalEntry)
    before = [list(table.select().order_by(table.id).dicts()) for table in tables]
    with pytest.raises(Refusal) as refused:
        act()
    assert [list(table.select().order_by(table.id).dicts()) for table in tables] == before
    return refused.value.sentence


@pytest.fixture
def case(world: World) -> Application:
    """A case of the oblast with a negative conclusion."""
    return world.walk(world.filled(LENOBL), "review_done", outcome=NEGATIVE)


def trio(world: World) -> list[User]:
    return [expert.user for expert in world.experts[:3]]


def test_all_three_experts_sign_what_the_main_one_has_drawn_up(world: World, case: Application) -> None:
    dissents.draw_up(case, RECORD, by=world.cast.expert, on=NOON)
    record = dissents.dissent_of(case)
    assert (record.person, record.position, record.reasons) == (RECORD.person, RECORD.position, "Дипломы не заверены.")
    for number, by in enumerate(trio(world)):
        assert ("dissent_signed" in observe(case, day_of(NOON))) is False
        dissents.sign(case, record, by=by, on=NOON + dt.timedelta(minutes=number))
    assert "dissent_signed" in observe(case, day_of(NOON))
    told = [(one.user, one.role, one.position, one.signed_at is not None) for one in dissents.signatories(case, record)]
    roles = (CaseRole.MAIN_EXPERT, CaseRole.ADDITIONAL_EXPERT, CaseRole.ADDITIONAL_EXPERT)
    assert told == [(by, role, "Учитель математики", True) for by, role in zip(trio(world), roles, strict=True)]


def test_the_printed_record_names_five_facts_and_three_experts(world: World, case: Application) -> None:
    dissents.draw_up(case, RECORD, by=world.cast.expert, on=NOON)
    record = dissents.dissent_of(case)
    dissents.sign(case, record, by=world.cast.expert, on=NOON)
    answers = dissents.printed_answers(record, dissents.signatories(case, record))
    assert {name: answers[name] for name in ("held_at", "teacher", "position", "organization", "reasons")} == {
        "held_at": "10.03.2026, 10:00",
        "teacher": RECORD.person,
        "position": RECORD.position,
        "organization": RECORD.organization,
        "reasons": RECORD.reasons,
    }
    assert [answers[f"specialist_{n}"] for n in (1, 2, 3)] == ["М.Л. Оценкина", "Д.О. Сличкина", "П.И. Замечанин"]
    assert [answers[f"specialist_{n}_signature"] for n in (1, 2, 3)] == ["подписано 10.03.2026", "", ""]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"reasons": " "}, "Заполните поле «Причины конфликтной ситуации»."),
        ({"person": ""}, "Заполните поле «Аттестуемый»."),
        ({"analysed_at": NOON + dt.timedelta(days=1)}, "Анализ ещё не проводился: укажите дату и время, которые уже прошли."),
    ],
)
def test_all_five_are_needed(world: World, case: Application, change: dict[str, Any], said: str) -> None:
    record = Record(**{**RECORD.__dict__, **change})
    assert sentence(lambda: dissents.draw_up(case, record, by=world.cast.expert, on=NOON)) == said


def test_only_the_main_expert_draws_it_up(world: World, case: Application) -> None:
    for by in (world.experts[1].user, world.cast.leader, world.cast.secretary, world.teacher):
        said = sentence(lambda by=by: dissents.draw_up(case, RECORD, by=by, on=NOON))
        assert said == "Действие «Составить протокол разногласий» вам недоступно: нет нужной роли."


def test_a_positive_conclusion_needs_none(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "review_done", outcome=POSITIVE)
    said = sentence(lambda: dissents.draw_up(case, RECORD, by=world.cast.expert, on=NOON))
    assert said == "Протокол разногласий составляют, когда вывод заключения отрицательный."


def test_written_anew_it_is_signed_anew(world: World, case: Application) -> None:
    expert = world.cast.expert
    dissents.draw_up(case, RECORD, by=expert, on=NOON)
    dissents.sign(case, dissents.dissent_of(case), by=expert, on=NOON)
    assert sentence(lambda: dissents.draw_up(case, RECORD, version=7, by=expert, on=NOON)).startswith("Протокол уже изменён")
    dissents.draw_up(case, RECORD, version=1, by=expert, on=NOON)
    assert (dissents.dissent_of(case).version, DissentSignature.select().count()) == (2, 0)


def test_nobody_signs_twice_and_nobody_else(world: World, case: Application) -> None:
    dissents.draw_up(case, RECORD, by=world.cast.expert, on=NOON)
    record = dissents.dissent_of(case)
    dissents.sign(case, record, by=world.cast.expert, on=NOON)
    assert sentence(lambda: dissents.sign(case, record, by=world.cast.expert, on=NOON)) == "Вы уже подписали этот протокол."
    for by in (world.experts[3].user, world.cast.leader):
        said = sentence(lambda by=by: dissents.sign(case, record, by=by, on=NOON))
        assert said == "Действие «Подписать протокол разногласий» вам недоступно: нет нужной роли."


def test_of_two_drawn_up_at_once_one_is_kept(world: World, case: Application) -> None:
    seen = [Application.get_by_id(case.id) for _ in range(2)]
    acts = [lambda one=one: dissents.draw_up(one, RECORD, by=world.cast.expert, on=NOON) for one in seen]
    assert at_once(*acts).count("done") == 1
    assert Dissent.select().count() == 1
