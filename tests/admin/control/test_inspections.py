"""Inspections: a sample that can be drawn again, questions answered case by case, an act that is frozen."""

import datetime as dt
import hashlib
from collections.abc import Callable
from typing import Any

import pytest
from peewee import IntegrityError

from attestation.admin.acts.control import inspections as acts
from attestation.models import (
    Application,
    Approval,
    CaseEvent,
    InspectedCase,
    Inspection,
    Job,
    JournalEntry,
    Review,
    database,
)
from attestation.procedure.control import checklist
from attestation.procedure.refusal import Refusal
from attestation.site.control import samples, scrutiny
from attestation.tests.cases import NEGATIVE, SPB, World

from .conftest import APRIL, MARCH_12, RIGHT, Closed


def refused(act: Callable[[], Any]) -> str:
    """What the refusal says; no inspection, answer, job or entry came of it."""
    tables = (Inspection, InspectedCase, Job, JournalEntry)
    before = [list(table.select().order_by(table.id).dicts()) for table in tables]
    with pytest.raises(Refusal) as caught:
        act()
    assert [list(table.select().order_by(table.id).dicts()) for table in tables] == before
    return caught.value.sentence


def answered(one: InspectedCase, world: World, **answers: str) -> InspectedCase:
    given = {**RIGHT, **answers}
    remarks = "Срок нарушен на три дня." if "wrong" in given.values() else ""
    return acts.answer(one, given, remarks=remarks, proposals="", by=world.cast.controller, on=APRIL)


# --- The sample -------------------------------------------------------------------------------------------------------------


def test_quarters() -> None:
    assert samples.quarter_of(dt.date(2026, 3, 31)) == (2026, 1)
    assert samples.quarter_of(dt.date(2026, 4, 1)) == (2026, 2)
    assert samples.days_of(2026, 1) == (dt.date(2026, 1, 1), dt.date(2026, 3, 31))
    assert samples.days_of(2026, 4) == (dt.date(2026, 10, 1), dt.date(2026, 12, 31))


def test_a_sample_can_be_drawn_again_by_other_means() -> None:
    """By the method that the act describes, written out here anew."""
    numbers = [f"2026-{n:06d}-0" for n in range(100)]
    drawn = samples.draw(numbers, "5eed", 10)
    by_hash = {hashlib.sha256(f"5eed:{number}".encode()).hexdigest(): number for number in numbers}
    assert drawn == [by_hash[key] for key in sorted(by_hash)[:10]]
    assert samples.draw(reversed(numbers), "5eed", 10) == drawn
    assert samples.draw(numbers, "other", 10) != drawn
    assert len(set(samples.draw(numbers, "5eed", 100))) == 100


@pytest.mark.parametrize(
    ("population", "percent", "size"), [(3, 5, 3), (50, 5, 5), (200, 5, 10), (201, 5, 11), (100_000, 5, 200), (40, 100, 40)]
)
def test_how_large_a_sample_is(population: int, percent: int, size: int) -> None:
    assert checklist().sample.size(population, percent) == size


def test_only_cases_closed_in_the_quarter_are_drawn(world: World, closed: Closed) -> None:
    first, second = closed(2)
    outside = closed(2)
    for case, day in zip(outside, (dt.date(2025, 12, 31), dt.date(2026, 4, 1)), strict=True):
        Application.update(closed_on=day).where(Application.id == case.id).execute()
    world.walk(world.filled(SPB), "review")
    made = acts.appoint_planned(2026, 1, percent=100, seed="a1", by=world.cast.controller, on=APRIL)
    assert {one.application for one in made.cases} == {first, second}
    assert (made.kind, made.year, made.quarter, made.percent, made.seed, made.population) == ("planned", 2026, 1, 100, "a1", 2)
    assert made.basis == "выборочная проверка за I квартал 2026 года"
    entry = JournalEntry.select().where(JournalEntry.verb == "appoint_inspection").get()
    assert (entry.user, entry.details) == (world.cast.controller, "плановая, дел: 2 из 2, зерно a1")


def test_the_day_on_which_a_case_was_closed_is_written(world: World) -> None:
    case = world.walk(world.filled(SPB), "review")
    assert case.closed_on is None
    withdrawn = world.walk(world.filled(SPB), "withdrawn")
    assert Application.get_by_id(withdrawn.id).closed_on == dt.date(2026, 3, 10)


def test_an_own_case_is_not_drawn(world: World, closed: Closed) -> None:
    own, other = closed(2)
    Application.update(applicant=world.cast.controller).where(Application.id == own.id).execute()
    made = acts.appoint_planned(2026, 1, percent=100, seed="a1", by=world.cast.controller, on=APRIL)
    assert [one.application for one in made.cases] == [other]


def test_appointing_is_refused(world: World, closed: Closed) -> None:
    def appoint(year: int = 2026, quarter: int = 1, percent: int | None = 5, by: Any = world.cast.controller) -> Any:
        return acts.appoint_planned(year, quarter, percent=percent, seed="a1", by=by, on=APRIL)

    assert refused(lambda: appoint()) == "В этом квартале не закрыто ни одного дела: проверять нечего."
    closed(1)
    assert refused(lambda: appoint(by=world.cast.admin)) == (
        "Вам недоступно: проверки дел. Нужна роль: начальник отдела аттестации."
    )
    assert refused(lambda: appoint(quarter=2)) == (
        "Квартал кончается 30.06.2026: проверить можно дела квартала, который уже кончился."
    )
    for wrong in ({"quarter": 5}, {"quarter": 0}, {"year": 99_999}, {"percent": 0}, {"percent": 101}):
        assert refused(lambda values=wrong: appoint(**values)) == "Укажите год, квартал от 1 до 4 и долю от 1 до 100 процентов."
    appoint()
    assert refused(lambda: appoint()) == "Плановая проверка этого квартала уже идёт: закончите её."


def test_a_quarter_is_not_appointed_twice_at_once(world: World, closed: Closed, monkeypatch: pytest.MonkeyPatch) -> None:
    """The table refuses the second one even when both have looked before either wrote."""
    closed(1)
    acts.appoint_planned(2026, 1, percent=5, seed="a1", by=world.cast.controller, on=APRIL)
    values = {"year": 2026, "quarter": 1, "percent": 5, "seed": "b2", "population": 1, "basis": "проверка"}
    case = Application.get(Application.closed_on == MARCH_12)
    sentence = refused(lambda: acts._appointed("planned", [case.id], values, world.cast.controller, APRIL))
    assert sentence == "Плановая проверка этого квартала уже идёт: закончите её."


# --- One case for a reason --------------------------------------------------------------------------------------------------


def test_one_case_is_checked_for_a_reason(world: World) -> None:
    case = world.walk(world.filled(SPB), "review")
    by = world.cast.controller
    made = acts.appoint_unscheduled(case, "  жалоба № 7 от 01.04.2026 ", by=by, on=APRIL)
    assert (made.kind, made.basis, made.seed, made.population, [one.application for one in made.cases]) == (
        *("unscheduled", "жалоба № 7 от 01.04.2026", "", 1),
        [case],
    )
    assert refused(lambda: acts.appoint_unscheduled(case, "ещё жалоба", by=by, on=APRIL)) == (
        f"Внеплановая проверка дела {case} уже идёт: закончите её."
    )


def test_an_unscheduled_check_is_refused(world: World) -> None:
    case, draft = world.walk(world.filled(SPB), "review"), world.filled(SPB, teacher=world.other_teacher)
    by = world.cast.controller
    assert "Основание" in refused(lambda: acts.appoint_unscheduled(case, " ", by=by, on=APRIL))
    assert refused(lambda: acts.appoint_unscheduled(case, "жалоба", by=world.cast.chairperson, on=APRIL)).startswith("Вам")
    not_this = "Это дело проверить нельзя: оно не подано или вы в нём участвуете сами."
    assert refused(lambda: acts.appoint_unscheduled(draft, "жалоба", by=by, on=APRIL)) == not_this
    Application.update(applicant=by).where(Application.id == case.id).execute()
    own = Application.get_by_id(case.id)
    assert refused(lambda: acts.appoint_unscheduled(own, "жалоба", by=by, on=APRIL)) == not_this


# --- Answers ----------------------------------------------------------------------------------------------------------------


def test_answers_are_kept_with_what_the_system_noticed(world: World, under_way: Inspection) -> None:
    one = under_way.cases.order_by(InspectedCase.place).get()
    CaseEvent.update(day=dt.date(2026, 3, 20)).where(
        CaseEvent.application == one.application, CaseEvent.name == "registered"
    ).execute()
    CaseEvent.insert(application=one.application, name="registered", day=dt.date(2026, 3, 20)).on_conflict_ignore().execute()
    answered(one, world, terms="wrong")
    kept = InspectedCase.get_by_id(one.id)
    assert kept.answers == {**RIGHT, "terms": "wrong"}
    assert kept.noticed["terms"] == [
        "регистрация заявления с портала: нужно было до 11.03.2026, сделано 20.03.2026 (пункт 2.15)"
    ]
    assert (kept.remarks, kept.checked_by, kept.checked_at, kept.version) == (
        *("Срок нарушен на три дня.", world.cast.controller, APRIL),
        2,
    )
    verbs = [entry.verb for entry in JournalEntry.select().order_by(JournalEntry.id.desc()).limit(2)]
    assert verbs == ["case_inspect_case", "check_case"]


def test_answers_are_refused(world: World, under_way: Inspection) -> None:
    one = under_way.cases.get()
    by = world.cast.controller

    def answer(answers: dict[str, str], remarks: str = "", who: Any = by, case: InspectedCase = one) -> Any:
        return acts.answer(case, answers, remarks=remarks, proposals="", by=who, on=APRIL)

    left_out = {name: word for name, word in RIGHT.items() if name != "terms"}
    assert refused(lambda: answer(left_out)) == "Ответьте на каждый вопрос."
    assert refused(lambda: answer({**RIGHT, "terms": "maybe"})) == "Ответьте на каждый вопрос."
    assert refused(lambda: answer({**RIGHT, "terms": "wrong"}, " \n ")) == "Найдено нарушение: напишите, в чём оно."
    assert refused(lambda: answer(RIGHT, "я" * 4001)) == "Слишком длинный текст: не больше 4000 знаков."
    assert refused(lambda: answer(RIGHT, who=world.cast.secretary)).startswith("Вам недоступно")
    behind = InspectedCase.get_by_id(one.id)
    answer(RIGHT)
    assert refused(lambda: answer(RIGHT, case=behind)).startswith("Пока вы смотрели")
    Application.update(applicant=by).where(Application.id == one.application_id).execute()
    assert refused(lambda: answer(RIGHT, case=InspectedCase.get_by_id(one.id))).startswith("В этом деле вы участвуете")


# --- The end ----------------------------------------------------------------------------------------------------------------


def test_an_inspection_is_closed_when_all_is_checked(world: World, under_way: Inspection) -> None:
    by = world.cast.controller
    first, second = under_way.cases.order_by(InspectedCase.place)
    answered(first, world)
    assert refused(lambda: acts.close(under_way, "", by=by, on=APRIL)) == (
        "Не проверено дел: 1. Акт составляют, когда проверены все."
    )
    answered(second, world, terms="wrong")
    assert refused(lambda: acts.close(under_way, "", by=world.cast.deputy, on=APRIL)).startswith("Вам недоступно")
    behind = Inspection.get_by_id(under_way.id)
    acts.close(under_way, " Провести занятие. ", by=by, on=APRIL)
    kept = Inspection.get_by_id(under_way.id)
    assert (kept.proposals, kept.closed_by, kept.closed_at, kept.act_sha256) == ("Провести занятие.", by, APRIL, None)
    assert [(job.kind, job.target) for job in Job.select().where(Job.kind != "letter")] == [("inspection_act", under_way.id)]
    for late in (behind, kept):
        assert (
            refused(lambda seen=late: acts.close(seen, "", by=by, on=APRIL)) == "Проверка закончена, её акт больше не меняется."
        )
    again = InspectedCase.get_by_id(first.id)
    assert refused(lambda: answered(again, world)) == "Проверка закончена, её акт больше не меняется."


def test_the_table_keeps_what_an_act_says(world: World, under_way: Inspection) -> None:
    for one in under_way.cases:
        answered(one, world)
    acts.close(under_way, "", by=world.cast.controller, on=APRIL)
    acts.freeze_act(under_way, sha256="a" * 64, size=10, on=APRIL)
    acts.freeze_act(under_way, sha256="b" * 64, size=10, on=APRIL)  # printed twice: the first one stands
    assert Inspection.get_by_id(under_way.id).act_sha256 == "a" * 64
    mine = InspectedCase.inspection == under_way
    for act in (
        InspectedCase.update(remarks="иное").where(mine),
        InspectedCase.delete().where(mine),
        InspectedCase.insert(inspection=under_way, application=Application.get(), place=9, remarks="", proposals=""),
        Inspection.update(proposals="иное").where(Inspection.id == under_way.id),
        Inspection.delete().where(Inspection.id == under_way.id),
    ):
        with pytest.raises(IntegrityError), database.atomic():
            act.execute()


# --- What the system notices ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_case_in_order_is_noticed_for_nothing_but_its_readers(world: World) -> None:
    case = world.walk(world.filled(SPB), "sitting")
    noticed = scrutiny.noticed(case, dt.date(2026, 3, 12))
    assert set(noticed) <= {"points", "conclusion"}
    assert noticed["points"] == ["эксперт: баллы в системе не посчитаны, только файл заключения"]
    assert noticed.get("conclusion", []) in ([], ["эксперт: педагог не отметил, что ознакомился"])


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_wrong_with_experts_is_noticed(world: World) -> None:
    case = world.walk(world.filled(SPB), "review")
    expert = world.experts[0]
    Approval.update(valid_until=dt.date(2026, 3, 1)).where(Approval.expert == expert).execute()
    Application.update(organization=expert.organization).where(Application.id == case.id).execute()
    noticed = scrutiny.noticed(Application.get_by_id(case.id), dt.date(2026, 3, 12))
    assert noticed["conflicts"] == [
        "эксперт: работает в той же организации",
        "эксперт: на 10.03.2026 не утверждён распоряжением",
    ]
    assert noticed["conclusion"] == ["эксперт: заключения нет"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_decision_against_the_conclusions_is_noticed(world: World) -> None:
    case = world.walk(world.filled(SPB), "sitting")
    Application.update(decision="refuse").where(Application.id == case.id).execute()
    Review.update(returned_at=APRIL, return_reason="неполно").where(Review.application == case).execute()
    noticed = scrutiny.noticed(Application.get_by_id(case.id), dt.date(2026, 4, 12))["conclusion"]
    assert "решение комиссии расходится с заключениями" in noticed
    assert "эксперт: заключение возвращено на доработку, нового нет" in noticed


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_term_that_nobody_met_is_noticed(world: World) -> None:
    case = world.walk(world.filled(SPB), "registered")
    assert "terms" not in scrutiny.noticed(case, dt.date(2026, 4, 9))
    late = scrutiny.noticed(case, dt.date(2026, 4, 10))["terms"]
    assert late == [
        "рассмотрение заявления комиссией: нужно было до 09.04.2026, не сделано (пункт 3.2.1)",
        "уведомление педагога о сроке и месте аттестации: нужно было до 09.04.2026, не сделано (пункт 3.2.3)",
    ]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_question_of_the_system_is_one_of_the_checklist(world: World) -> None:
    assert set(scrutiny.LOOKS) <= {question.name for question in checklist().questions}
    case = world.walk(world.filled(SPB), "reviewed", outcome=NEGATIVE)
    noticed = scrutiny.noticed(case, dt.date(2026, 3, 12))
    assert all(isinstance(line, str) and line for lines in noticed.values() for line in lines)
