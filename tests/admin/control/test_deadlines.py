"""Terms broken and at risk: counted by groups, the same as case by case; figures typed by hand from the calendar of 2026."""

import datetime as dt
from itertools import count
from typing import Any

import pytest
from playhouse.test_utils import count_queries

from attestation.models import Application, CaseEvent, Duty, User
from attestation.procedure.terms import TermState, terms
from attestation.procedure.words import CaseRole
from attestation.procedure.working_days import Calendar
from attestation.site.control import deadlines
from attestation.tests.cases import LENOBL, SPB, World
from attestation.tests.conftest import Cast

pytestmark = pytest.mark.usefixtures("database")
D = dt.date
NUMBERS = count(1)
CALENDAR = Calendar()
# A Friday.
TODAY = D(2026, 4, 10)


def case(applicant: User, status: str = "registered", edition: str = SPB, **columns: Any) -> Application:
    number = f"2026-{next(NUMBERS):06d}-1"
    asked = {"edition": edition, "channel": "portal", "number": number, "filed_on": D(2026, 3, 1), "status": status}
    return Application.create(**{**asked, "applicant": applicant, **columns})


def happened(application: Application, **days: dt.date) -> Application:
    for name, day in days.items():
        CaseEvent.create(application=application, name=name, day=day)
    return application


def figures(first: dt.date, last: dt.date, today: dt.date = TODAY) -> dict[str, tuple[int, int, int]]:
    """Term → met, late, missed."""
    return {line.term.name: (line.met, line.late, line.missed) for line in deadlines.kept(first, last, today, CALENDAR)}


def cases_of(term: str, first: dt.date, last: dt.date) -> list[tuple[int, dt.date, dt.date | None]]:
    return [(one.case, one.ends, one.met) for one in deadlines.broken(first, last, TODAY, CALENDAR, edition=SPB, term=term)]


# --- Over a period ----------------------------------------------------------------------------------------------------------


def test_a_working_day_from_friday_ends_on_monday(cast: Cast) -> None:
    """Registration of what came through the portal: one working day (2.15)."""
    in_time = happened(case(cast.departed), received=D(2026, 3, 20), registered=D(2026, 3, 23))
    late = happened(case(cast.departed), received=D(2026, 3, 20), registered=D(2026, 3, 24))
    waits = happened(case(cast.departed, "received"), received=D(2026, 3, 20))
    march = D(2026, 3, 1), D(2026, 3, 31)
    assert figures(*march) == {"registration_from_portal": (1, 1, 1)}
    assert cases_of("registration_from_portal", *march) == [
        (late.id, D(2026, 3, 23), D(2026, 3, 24)),
        (waits.id, D(2026, 3, 23), None),
    ]
    assert in_time.id not in {one.case for one in deadlines.broken(*march, TODAY, CALENDAR)}


def test_a_term_belongs_to_the_period_in_which_it_ends(cast: Cast) -> None:
    happened(case(cast.departed), received=D(2026, 3, 20), registered=D(2026, 3, 25))
    assert figures(D(2026, 3, 23), D(2026, 3, 23)) == {"registration_from_portal": (0, 1, 0)}
    assert figures(D(2026, 3, 1), D(2026, 3, 22)) == {}
    assert figures(D(2026, 3, 24), D(2026, 3, 31)) == {}


def test_each_channel_has_its_term(cast: Cast) -> None:
    """By post three working days (2.15), not one."""
    posted = case(cast.departed, channel="post")
    happened(posted, received=D(2026, 3, 20), registered=D(2026, 3, 24))
    assert figures(D(2026, 3, 1), D(2026, 3, 31)) == {"registration_from_post": (1, 0, 0)}


def test_what_ended_before_the_term_breaks_nothing(cast: Cast) -> None:
    """Withdrawn on the day before the thirtieth; another one two days after it."""
    happened(case(cast.departed, "withdrawn", closed_on=D(2026, 3, 30)), filed=D(2026, 3, 1))
    happened(case(cast.departed, "withdrawn", closed_on=D(2026, 4, 2)), filed=D(2026, 3, 1))
    assert figures(D(2026, 3, 31), D(2026, 3, 31))["consideration"] == (0, 0, 1)


def test_what_still_runs_is_not_told(cast: Cast) -> None:
    happened(case(cast.departed), filed=D(2026, 3, 15))
    assert "consideration" not in figures(D(2026, 4, 1), D(2026, 4, 30))
    assert figures(D(2026, 4, 1), D(2026, 4, 30), D(2026, 4, 15))["consideration"] == (0, 0, 1)


def test_what_was_merged_into_another_is_not_counted(cast: Cast) -> None:
    kept = happened(case(cast.departed), filed=D(2026, 3, 1))
    happened(case(cast.departed, merged_into=kept), filed=D(2026, 3, 1))
    assert figures(D(2026, 3, 31), D(2026, 3, 31))["consideration"] == (0, 0, 1)


def test_a_named_day_is_the_end(cast: Cast) -> None:
    """The individual term lasts until the day that the commission named (3.2.3)."""
    late = case(cast.departed, "decided", term_begins=D(2026, 2, 1), term_ends=D(2026, 3, 20))
    happened(late, term_set=D(2026, 2, 1), decided=D(2026, 3, 27))
    found = figures(D(2026, 3, 20), D(2026, 3, 20))
    assert found["individual_term"] == (0, 1, 0)


def test_who_answers_by_name_is_told_apart(world: World) -> None:
    """The oblast's review is to begin on its day; the main expert answers for it."""
    for expert, begun in zip(world.experts[:2], (D(2026, 3, 19), D(2026, 3, 20)), strict=True):
        one = case(world.teacher, "review", LENOBL, review_day=D(2026, 3, 19))
        world.entrust(one, expert, CaseRole.MAIN_EXPERT)
        happened(one, portfolio_confirmed=D(2026, 3, 10), review_started=begun)
    lines = [one for one in deadlines.kept(D(2026, 3, 1), D(2026, 3, 31), TODAY, CALENDAR) if one.term.name == "review"]
    assert {(line.name, line.met, line.late) for line in lines} == {
        ("Оценкина Мария Львовна", 1, 0),
        ("Сличкина Дарья Олеговна", 0, 1),
    }
    second = world.experts[1].user_id
    found = deadlines.broken(D(2026, 3, 1), D(2026, 3, 31), TODAY, CALENDAR, edition=LENOBL, term="review", person=second)
    assert [(one.user, one.ends, one.met) for one in found] == [(second, D(2026, 3, 19), D(2026, 3, 20))]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_counting_costs_a_query_for_each_term(cast: Cast) -> None:
    def cost() -> int:
        with count_queries() as counter:
            deadlines.kept(D(2026, 1, 1), D(2026, 12, 31), TODAY, CALENDAR)
        return int(counter.count)

    few = cost()
    for day in range(1, 20):
        happened(case(cast.departed), filed=D(2026, 3, day), received=D(2026, 3, day), registered=D(2026, 3, day + 2))
    assert cost() == few == len(list(deadlines.known()))


# --- Today ------------------------------------------------------------------------------------------------------------------


def owed(application: Application, role: CaseRole, term: str, due_on: dt.date, user: User | None = None) -> None:
    Duty.create(application=application, role=role, user=user, verb="register", term=term, due_on=due_on)


@pytest.fixture
def waiting_cases(cast: Cast) -> list[Application]:
    """Registrations: two late, one due today, one soon is none (its term says 0 days), one far; an expert's review late."""
    made = [case(cast.departed, "received") for _ in range(5)]
    for application, day in zip(made, (D(2026, 4, 8), D(2026, 4, 9), TODAY, D(2026, 4, 13), D(2026, 5, 20)), strict=True):
        owed(application, CaseRole.REGISTRAR, "registration_from_portal", day)
    judged = case(cast.departed, "portfolio_confirmed", LENOBL)
    owed(judged, CaseRole.MAIN_EXPERT, "review", D(2026, 4, 9), cast.expert)
    return [*made, judged]


def test_today_is_counted_by_term_and_person(cast: Cast, waiting_cases: list[Application]) -> None:
    found = deadlines.waiting(cast.controller, TODAY, CALENDAR)
    told = [(one.term.name, one.role, one.name, [one.counts[state] for state in TermState]) for one in found]
    # far, soon, last day, broken
    assert told == [
        ("registration_from_portal", "registrar", "", [0, 0, 1, 2]),
        ("review", "main_expert", "Оценкина Мария Львовна", [0, 0, 0, 1]),
    ]


def test_two_duties_of_one_case_are_one_case(cast: Cast) -> None:
    one = case(cast.departed, "received")
    for verb in ("register", "decline"):
        Duty.create(application=one, role="registrar", verb=verb, term="registration_from_portal", due_on=D(2026, 4, 9))
    assert [line.counts[TermState.BROKEN] for line in deadlines.waiting(cast.controller, TODAY, CALENDAR)] == [1]
    found = deadlines.waiting_cases(cast.controller, TODAY, CALENDAR, edition="", term="", role="", person=0, state="broken")
    assert [row.application_id for row in found] == [one.id]


@pytest.mark.parametrize(("state", "places"), [("broken", [0, 5, 1]), ("last_day", [2]), ("soon", []), ("", [0, 5, 1, 2])])
def test_behind_a_figure_stand_its_cases(cast: Cast, waiting_cases: list[Application], state: str, places: list[int]) -> None:
    asked = {"edition": "", "term": "", "role": "", "person": 0}
    found = deadlines.waiting_cases(cast.controller, TODAY, CALENDAR, **asked, state=state)  # type: ignore[arg-type]
    assert {row.application_id for row in found} == {waiting_cases[place].id for place in places}
    assert [row.due_on for row in found] == sorted(row.due_on for row in found)


def test_soon_is_counted_in_working_days(cast: Cast) -> None:
    """Five working days before the end (attention of the data): from Friday 10 April to Friday 17 April, not to the 20th."""
    assert terms(SPB).term("consideration").soon == 5
    for day in (D(2026, 4, 17), D(2026, 4, 20)):
        owed(case(cast.departed), CaseRole.SECRETARY, "consideration", day)
    assert [line.counts[TermState.SOON] for line in deadlines.waiting(cast.controller, TODAY, CALENDAR)] == [1]
    asked = {"edition": SPB, "term": "consideration", "role": CaseRole.SECRETARY.value, "person": 0, "state": "soon"}
    found = deadlines.waiting_cases(cast.controller, TODAY, CALENDAR, **asked)  # type: ignore[arg-type]
    assert [row.due_on for row in found] == [D(2026, 4, 17)]


def test_nobody_controls_their_own_case(cast: Cast) -> None:
    owed(case(cast.controller, "received"), CaseRole.REGISTRAR, "registration_from_portal", D(2026, 4, 8))
    assert deadlines.waiting(cast.controller, TODAY, CALENDAR) == []
    assert len(deadlines.waiting(cast.chairperson, TODAY, CALENDAR)) == 1
