"""The story of a case: read from road and terms, compared with what was typed by hand."""

import datetime as dt

import pytest

from attestation.models import Application
from attestation.procedure.road import road
from attestation.procedure.working_days import Calendar
from attestation.site.cases import story
from attestation.site.cases.calendar import deadlines
from attestation.tests.cases import LENOBL, SPB, World

TODAY = dt.date(2026, 3, 10)
# Status → the steps ahead with their terms: a day, words, or nothing where the source names none.
AHEAD = {
    (SPB, "received"): [
        ("Регистрация заявления", dt.date(2026, 3, 11), "", "2.15"),
        ("Определение срока аттестации", dt.date(2026, 4, 9), "", "3.2.1"),
        ("Начало экспертизы", None, "", "3.3.2"),
        ("Завершение экспертизы", None, "", "3.3.5"),
        ("На заседании комиссии", None, "", "3.4.1"),
        (
            "Решение комиссии",
            None,
            "последний день срока аттестации; "
            "60\N{NO-BREAK SPACE}календарных дней со дня события «определение срока аттестации»; "
            "60\N{NO-BREAK SPACE}календарных дней со дня события «начало экспертизы»",
            "3.4.5",
        ),
        ("Публикация распоряжения", dt.date(2026, 6, 8), "", "2.4"),
    ],
    (SPB, "second_review"): [
        ("Завершение экспертизы", None, "", "3.3.2"),
        ("На заседании комиссии", None, "", "3.4.1"),
        ("Решение комиссии", dt.date(2026, 4, 29), "", "3.2.3"),
        ("Публикация распоряжения", dt.date(2026, 6, 8), "", "2.4"),
    ],
    (LENOBL, "submitted"): [
        ("Регистрация заявления", None, "", "5"),
        ("Назначение экспертизы", None, "", "6"),
        ("Подтверждение портфолио", None, "дата экспертизы", "8"),
        ("Начало экспертизы", None, "дата экспертизы", "9"),
        ("Завершение экспертизы", None, "", "11"),
        ("Назначение заседания", None, "", "14"),
        ("Решение комиссии", None, "дата заседания комиссии", "15"),
    ],
    (LENOBL, "review_assigned"): [
        ("Подтверждение портфолио", dt.date(2026, 3, 17), "", "8"),
        ("Начало экспертизы", None, "дата экспертизы", "9"),
        ("Завершение экспертизы", None, "", "11"),
        ("Назначение заседания", None, "", "14"),
        ("Решение комиссии", None, "дата заседания комиссии", "15"),
    ],
}


@pytest.mark.parametrize(("edition", "status"), AHEAD)
def test_what_comes_next_with_its_terms(world: World, edition: str, status: str) -> None:
    outcome = "negative" if status == "second_review" else "positive"
    case = world.walk(world.filled(edition), status, outcome=outcome)
    found = story.ahead(case, deadlines(case, TODAY, Calendar()))
    assert [(one.title, one.ends, one.words, one.clause) for one in found] == AHEAD[edition, status]


def test_terms_that_no_step_ends_stand_beside(world: World) -> None:
    case = world.walk(world.filled(SPB, way="paper"), "received")
    found = story.besides(case, deadlines(case, TODAY, Calendar()))
    assert [(one.title, one.who, one.ends) for one in found] == [
        ("Подача индивидуальной папки на бумаге", "заявитель, педагогический работник", dt.date(2026, 4, 9)),
    ]


def test_a_draft_tells_lengths_instead_of_days(world: World) -> None:
    case = world.filled(SPB)
    lengths = [one.words for one in story.ahead(case, ())][:3]
    assert lengths == [
        "",
        "1\N{NO-BREAK SPACE}рабочий день со дня события «поступление заявления»",
        "30\N{NO-BREAK SPACE}календарных дней со дня события «подача заявления»; "
        "30\N{NO-BREAK SPACE}календарных дней со дня события «регистрация заявления»",
    ]


@pytest.mark.parametrize("edition", [SPB, LENOBL])
def test_from_every_status_the_steps_come_to_an_end(edition: str) -> None:
    whole = road("application", edition)
    for status in whole.statuses:
        case = Application(edition=edition, status=status, channel="portal")
        assert (story.ahead(case, ()) == ()) == whole.status(status).final


@pytest.mark.parametrize(
    ("edition", "status", "who", "mine"),
    [
        (SPB, "received", ("эксперт СПб ГКУ «ЦАиМ», ответственный за приём документов",), ()),
        (LENOBL, "review_assigned", ("педагогический работник",), ("confirm_portfolio",)),
        (LENOBL, "established", (), ()),
    ],
)
def test_whose_turn_it_is(world: World, edition: str, status: str, who: tuple[str, ...], mine: tuple[str, ...]) -> None:
    case = world.walk(world.filled(edition), status)
    turn = story.turn(case, story.duties_of([case])[case.id])
    assert (turn.who, tuple(move.verb for move in turn.mine)) == (who, mine)


def test_duties_of_no_case_cost_no_query() -> None:
    assert story.duties_of([]) == {}
