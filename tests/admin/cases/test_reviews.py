"""Scoring a case: what a saved sheet counts to, who writes in it, two windows, comments of additional experts."""

from collections.abc import Callable
from typing import Any

import pytest

from attestation.admin.acts.cases import reviews
from attestation.admin.acts.cases.reviews import Entered
from attestation.models import Application, CaseEvent, JournalEntry, Letter, Paper, Review
from attestation.procedure.refusal import Refusal
from attestation.procedure.words import CaseRole
from attestation.tests.admin.cases.sheets import BETWEEN, ENOUGH, GONE, HEAD, LITTLE, good, review, scored, sheet
from attestation.tests.admin.conftest import at_once
from attestation.tests.cases import LENOBL, SPB, World
from attestation.tests.conftest import NOON
from attestation.tests.site.cases.telling import journal

ROADS = (SPB, LENOBL)
pytestmark = pytest.mark.usefixtures("database")


def trace() -> dict[str, list[Any]]:
    """All that a refused act could have left behind."""
    tables = (Application, Review, CaseEvent, JournalEntry, Letter)
    return {table.__name__: list(table.select().order_by(table.id).dicts()) for table in tables}


def sentence(act: Callable[[], Any]) -> str:
    before = trace()
    with pytest.raises(Refusal) as refused:
        act()
    assert trace() == before
    return refused.value.sentence


@pytest.fixture(params=ROADS)
def case(world: World, request: pytest.FixtureRequest) -> Application:
    """A case under review on each road in turn."""
    return world.walk(world.filled(request.param), "review")


def test_the_main_expert_takes_the_case_up(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "portfolio_confirmed")
    reviews.start(case, by=world.cast.expert, on=NOON)
    assert case.status == "review"
    other = world.walk(world.filled(LENOBL, teacher=world.other_teacher), "portfolio_confirmed")
    assert sentence(lambda: reviews.start(other, by=world.experts[1].user, on=NOON)) == (
        "Действие «Взять в работу» вам недоступно: нет нужной роли."
    )


def test_a_saved_sheet_keeps_what_was_typed_and_what_it_counts_to(world: World, case: Application) -> None:
    kept = scored(world, case, good(case))
    paper = Paper.get(Paper.application == case, Paper.number == 1)
    assert kept.answers == {**HEAD, **GONE, **ENOUGH}
    assert kept.proofs == {clause: [paper.id] for clause in ("1.1", "1.2", "1.6", "2.7")}
    assert (kept.scored, kept.points_low, kept.points_high) == (True, 180, 180)
    assert (kept.implied, kept.outcome) == ("positive", "positive")
    assert review(case).version == 2 == kept.version


@pytest.mark.parametrize(
    ("rows", "low", "high", "implied"),
    [(ENOUGH, 180, 180, "positive"), (LITTLE, 10, 10, "negative"), (BETWEEN, 160, 170, "open"), ({}, 0, 0, "negative")],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # sums are made without a database
def test_the_outcome_that_the_points_give(
    world: World, case: Application, rows: dict[str, str], low: int, high: int, implied: str
) -> None:
    kept = scored(world, case, sheet(case, rows))
    assert (kept.points_low, kept.points_high, kept.implied) == (low, high, implied)


@pytest.mark.parametrize(
    "left_out",
    ["s-4", "p-1.1", "position"],
    ids=["a section not gone through", "a row without its paper", "no row of the table of points"],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # sums are made without a database
def test_an_unfinished_sheet_is_kept_but_not_scored(world: World, case: Application, left_out: str) -> None:
    whole = good(case)
    fields = {name: text for name, text in whole.fields.items() if name != left_out}
    papers = {name: ids for name, ids in whole.papers.items() if name != left_out}
    assert scored(world, case, Entered(fields, papers)).scored is False


def test_a_figure_that_cannot_be_counted_is_kept_and_stops_nothing_but_the_end(world: World, case: Application) -> None:
    kept = scored(world, case, sheet(case, {"c-1.4-1": "много"}))
    assert (kept.answers["c-1.4-1"], kept.scored, kept.points_high) == ("много", False, None)


def test_papers_of_other_cases_and_fields_of_other_forms_are_left_out(world: World, case: Application) -> None:
    stranger = world.filled(SPB, teacher=world.other_teacher).papers[0]
    kept = scored(world, case, Entered({**HEAD, "c-9.9-1": "1", "c-1.1-3": "1"}, {"p-1.1": [str(stranger.id), "x"]}))
    assert (kept.answers, kept.proofs) == ({**HEAD, "c-1.1-3": "1"}, {})


def test_nobody_else_and_nobody_later_writes_in_the_sheet(world: World, case: Application) -> None:
    mine = review(case)
    refusal = "Сейчас оценку изменить нельзя: экспертиза не начата, завершена или передана другому эксперту."
    for stranger in (world.experts[1].user, world.cast.secretary, world.teacher):
        assert sentence(lambda by=stranger: reviews.save(case, mine, good(case), by=by, on=NOON)) == refusal
    world.walk(case, "reviewed" if case.edition == SPB else "review_done")
    assert sentence(lambda: reviews.save(case, review(case), good(case), by=world.cast.expert, on=NOON)) == refusal


def test_an_unknown_outcome_is_refused(world: World, case: Application) -> None:
    wrong = sheet(case, ENOUGH, outcome="прекрасно")
    said = sentence(lambda: reviews.save(case, review(case), wrong, by=world.cast.expert, on=NOON))
    assert said.startswith("Такого вывода нет")


def test_the_second_of_two_windows_is_refused(world: World, case: Application) -> None:
    first, second = review(case), review(case)
    expert = world.cast.expert

    def save(seen: Review) -> Callable[[], Any]:
        return lambda: reviews.save(case, seen, good(case), by=expert, on=NOON)

    told = at_once(save(first), save(second))
    assert told == sorted(["done", reviews.OVERTAKEN])
    assert review(case).version == 2


def test_saving_by_oneself_is_in_the_journal_saving_by_the_page_is_not(world: World, case: Application) -> None:
    last = JournalEntry.select().count()
    scored(world, case, good(case))
    assert JournalEntry.select().count() == last
    reviews.save(case, review(case), good(case), by=world.cast.expert, on=NOON)
    assert journal(world, case)[-1] == "expert save_review"


def test_the_form_is_named_once_where_nobody_has_named_it(world: World) -> None:
    case = world.walk(world.filled(SPB, form=None), "review")
    expert = world.cast.expert
    assert sentence(lambda: reviews.save(case, review(case), good(case), by=expert, on=NOON)) == reviews.NO_FORM
    assert sentence(lambda: reviews.name_form(case, 99, by=expert, on=NOON)).startswith("Формы 99 нет")
    assert sentence(lambda: reviews.name_form(case, 1, by=world.experts[1].user, on=NOON)).startswith("Форму оценки выбирает")
    reviews.name_form(case, 1, by=expert, on=NOON)
    assert Application.get_by_id(case.id).form == 1
    assert sentence(lambda: reviews.name_form(case, 2, by=expert, on=NOON)) == "Форма оценки уже выбрана: 1."
    assert journal(world, case)[-1] == "expert name_form"


# --- Additional experts -----------------------------------------------------------------------------------------------------


@pytest.fixture
def commented(world: World) -> Application:
    """A case of the oblast under review."""
    return world.walk(world.filled(LENOBL), "review")


def test_additional_experts_comment_row_by_row_or_have_nothing_to_say(world: World, commented: Application) -> None:
    case = commented
    first, second = (expert.user for expert in world.experts[1:3])
    told = Entered({"r-1.1": "Справка не заверена.", "c-1.1-1": "1"})
    reviews.comment(case, reviews.review_of(case, first), "Прошу проверить даты.", told, nothing=False, by=first, on=NOON)
    kept = reviews.review_of(case, first)
    assert (kept.comment, kept.answers, kept.commented_at) == ("Прошу проверить даты.", {"r-1.1": "Справка не заверена."}, NOON)
    reviews.comment(case, reviews.review_of(case, second), "", Entered(), nothing=True, by=second, on=NOON)
    assert reviews.review_of(case, second).commented_at == NOON
    assert [line for line in journal(world, case) if "comment" in line] == ["expert2 case_comment", "expert3 case_comment"]


@pytest.mark.parametrize(
    ("text", "nothing", "said"),
    [
        ("", False, "Напишите замечание или отметьте, что замечаний нет."),
        ("Есть ошибка.", True, "Отмечено, что замечаний нет, но замечание написано: оставьте что-то одно."),
    ],
)
def test_a_comment_says_one_thing(world: World, commented: Application, text: str, nothing: bool, said: str) -> None:
    by = world.experts[1].user
    mine = reviews.review_of(commented, by)
    assert sentence(lambda: reviews.comment(commented, mine, text, Entered(), nothing=nothing, by=by, on=NOON)) == said


def test_the_main_expert_does_not_comment(world: World, commented: Application) -> None:
    by, mine = world.cast.expert, review(commented, CaseRole.MAIN_EXPERT)
    said = sentence(lambda: reviews.comment(commented, mine, "Всё верно.", Entered(), nothing=False, by=by, on=NOON))
    assert said == "Действие «Оставить комментарий» вам недоступно: нет нужной роли."
