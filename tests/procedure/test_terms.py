"""Terms: their ends over year ends, holidays and leap years; what is red before it is broken; the data against the sources."""

import datetime as dt
from dataclasses import replace

import pytest

from attestation.procedure.terms import Dated, Deadline, Season, TermState, Unit, seen, terms
from attestation.procedure.words import CaseRole, Channel
from attestation.procedure.working_days import Calendar, Exceptional, UnloadedYear

SPB = terms("spb-2021-04-13")
LENOBL = terms("lenobl-2022-03-01")
CALENDAR = Calendar()

# Typed from the regulation: term → (number, unit, from, to, who, clause).
TYPED = {
    "registration_from_portal": (1, "working_days", "received", "registered", "registrar", "2.15"),
    "registration_from_mfc": (1, "working_days", "received", "registered", "registrar", "3.1.3"),
    "registration_from_post": (3, "working_days", "received", "registered", "registrar", "2.15"),
    "consideration": (30, "calendar_days", "filed", "term_set", "commission_secretary", "3.2.1"),
    "notice": (30, "calendar_days", "registered", "term_set", "commission_secretary", "3.2.3"),
    "portfolio": (30, "calendar_days", "filed", "portfolio_received", "teacher", "2.4"),
    "individual_term": (0, None, "term_set", "decided", "commission_secretary", "3.2.3"),
    "attestation": (60, "calendar_days", "term_set", "decided", "commission_secretary", "3.2.3"),
    "review": (60, "calendar_days", "review_started", "decided", "deputy_chair", "3.3.2"),
    "service": (90, "calendar_days", "filed", "published", "commission_secretary", "2.4"),
}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def end(name: str, begins: str) -> str:
    return SPB.term(name).end(day(begins), CALENDAR).isoformat()


def looks(name: str, begins: str, today: str) -> Deadline:
    term = SPB.term(name)
    return seen(term, day(begins), term.end(day(begins), CALENDAR), day(today), CALENDAR)


def test_terms_of_the_regulation() -> None:
    assert {
        term.name: (term.number, term.unit, term.since, term.until, " ".join(term.responsible), term.clause)
        for term in SPB.terms
    } == TYPED


def test_figures_of_the_regulation() -> None:
    assert {limit.name: (limit.number, limit.unit, limit.formats) for limit in SPB.limits} == {
        "appointment": (15, "minutes", ()),
        "employer_conflict": (5, "years", ()),
        "inventory_copy": (5, "years", ()),
        "mfc_sheets": (15, "sheets", ()),
        "portfolio_file": (3, "megabytes", ("jpg", "jpeg", "pdf")),
    }
    assert SPB.limit("inventory_copy").clause == "3.1.2.2"


def test_the_letter_names_days_and_no_lengths() -> None:
    assert LENOBL.season is None
    assert {term.name: (term.day, term.unit, term.responsible) for term in LENOBL.terms} == {
        "portfolio_confirmation": ("review_day", None, (CaseRole.TEACHER,)),
        "review": ("review_day", None, (CaseRole.MAIN_EXPERT,)),
        "decision": ("sitting_day", None, (CaseRole.SECRETARY,)),
    }
    assert LENOBL.limit("additional_experts").number == 2
    with pytest.raises(ValueError, match="has no length"):
        LENOBL.term("decision").end(day("2025-03-03"), CALENDAR)


@pytest.mark.parametrize(
    ("name", "begins", "ends"),
    [
        # Calendar days: leap years, the turn of a year.
        ("consideration", "2024-02-01", "2024-03-02"),
        ("consideration", "2023-02-01", "2023-03-03"),
        ("attestation", "2024-01-15", "2024-03-15"),
        ("attestation", "2023-01-15", "2023-03-16"),
        ("service", "2023-12-01", "2024-02-29"),
        ("service", "2025-12-01", "2026-03-01"),
        ("review", "2024-12-31", "2025-03-01"),
        # A term of the office that ends on a day off keeps its day; the teacher's moves to the next working day.
        ("consideration", "2024-04-10", "2024-05-10"),
        ("portfolio", "2024-04-10", "2024-05-13"),
        ("portfolio", "2024-12-05", "2025-01-09"),
        ("portfolio", "2024-03-28", "2024-04-27"),
        ("portfolio", "2024-03-29", "2024-05-02"),
        ("portfolio", "2025-09-15", "2025-10-15"),
        # Working days: transferred Saturdays, May, the turn of a year.
        ("registration_from_portal", "2024-12-28", "2025-01-09"),
        ("registration_from_portal", "2024-04-26", "2024-04-27"),
        ("registration_from_portal", "2025-10-31", "2025-11-01"),
        ("registration_from_post", "2024-12-27", "2025-01-10"),
        ("registration_from_post", "2024-04-26", "2024-05-03"),
        ("registration_from_post", "2024-11-01", "2024-11-06"),
    ],
)
def test_end(name: str, begins: str, ends: str) -> None:
    assert end(name, begins) == ends


@pytest.mark.parametrize(
    ("today", "state", "left"),
    [
        ("2024-12-06", "far", 30),
        ("2024-12-22", "far", 14),
        ("2024-12-23", "soon", 13),
        ("2024-12-27", "soon", 9),
        # Red on the last working day before the holidays, not after them.
        ("2024-12-28", "last_day", 8),
        ("2025-01-05", "last_day", 0),
        ("2025-01-06", "broken", -1),
        ("2025-01-09", "broken", -4),
    ],
)
def test_red_before_it_is_broken(today: str, state: str, left: int) -> None:
    """Thirty days from 6 December 2024 end on Sunday, 5 January; the office closes on 28 December."""
    deadline = looks("consideration", "2024-12-06", today)
    assert (deadline.ends, deadline.act_by) == (day("2025-01-05"), day("2024-12-28"))
    assert (deadline.state, deadline.left) == (TermState(state), left)


@pytest.mark.parametrize(
    ("today", "state", "left"),
    [
        ("2024-11-01", "far", 3),
        ("2024-11-02", "far", 2),
        ("2024-11-04", "far", 2),
        ("2024-11-05", "soon", 1),
        ("2024-11-06", "last_day", 0),
        ("2024-11-07", "broken", -1),
    ],
)
def test_working_days_left(today: str, state: str, left: int) -> None:
    deadline = looks("registration_from_post", "2024-11-01", today)
    assert (deadline.state, deadline.left) == (TermState(state), left)


def test_a_threshold_of_its_own_comes_before_that_of_the_edition() -> None:
    assert {term.soon for term in SPB.terms if term.name in ("consideration", "portfolio", "review")} == {5}
    assert (SPB.term("service").soon, SPB.term("registration_from_post").soon) == (15, 1)


def test_exceptions_move_a_term() -> None:
    closed = Calendar((Exceptional(day("2025-10-15"), working=False),))
    assert SPB.term("portfolio").end(day("2025-09-15"), closed) == day("2025-10-16")


def test_a_term_over_an_unloaded_year_says_so() -> None:
    assert looks("registration_from_portal", "2101-12-30", "2101-12-30").unloaded == (UnloadedYear(2101), UnloadedYear(2102))
    assert looks("service", "2025-11-01", "2025-11-01").unloaded == ()


@pytest.mark.parametrize(
    ("status", "channel", "names"),
    [
        ("draft", "portal", ""),
        ("received", "portal", "registration_from_portal consideration portfolio service"),
        ("received", "mfc", "registration_from_mfc consideration portfolio service"),
        ("received", "post", "registration_from_post consideration portfolio service"),
        ("registered", "post", "consideration notice portfolio service"),
        ("accepted", "portal", "portfolio individual_term attestation service"),
        ("review", "portal", "individual_term attestation review service"),
        ("second_review_due", "portal", "individual_term attestation review service"),
        ("second_review", "portal", "individual_term attestation review service"),
        ("reviewed", "portal", "individual_term attestation review service"),
        ("sitting", "portal", "individual_term attestation review service"),
        ("declined", "portal", ""),
        ("withdrawn", "portal", ""),
    ],
)
def test_which_term_runs_in_which_status(status: str, channel: str, names: str) -> None:
    assert " ".join(term.name for term in SPB.for_status(status, Channel(channel))) == names


@pytest.mark.parametrize(
    ("status", "names"),
    [
        ("submitted", ""),
        ("review_assigned", "portfolio_confirmation"),
        ("portfolio_confirmed", "review"),
        ("sitting", "decision"),
    ],
)
def test_which_term_runs_in_which_status_of_the_oblast(status: str, names: str) -> None:
    assert " ".join(term.name for term in LENOBL.for_status(status, Channel.PORTAL)) == names


def test_running_terms_of_a_case_the_nearest_first() -> None:
    """The folder came with the application, so its term does not run; the term that the secretary set comes before 60 days."""
    dates = [
        Dated("filed", day("2025-09-01")),
        Dated("received", day("2025-09-01")),
        Dated("portfolio_received", day("2025-09-01")),
        Dated("registered", day("2025-09-02")),
        Dated("term_set", day("2025-09-15")),
        Dated("term_ends", day("2025-10-31")),
    ]
    running = SPB.running("accepted", Channel.PORTAL, dates, day("2025-10-27"), CALENDAR)
    assert [(deadline.term.name, deadline.ends.isoformat(), deadline.state.value) for deadline in running] == [
        ("individual_term", "2025-10-31", "soon"),
        ("attestation", "2025-11-14", "far"),
        ("service", "2025-11-30", "far"),
    ]


def test_a_term_waits_for_its_event_and_for_its_day() -> None:
    """A paper application: without the day of the review nothing runs; with it the term is that day."""
    today = day("2025-03-03")
    assigned = Dated("review_assigned", day("2025-02-28"))
    assert LENOBL.running("review_assigned", Channel.PORTAL, [assigned], today, CALENDAR) == ()
    named = [assigned, Dated("review_day", day("2025-03-10"))]
    (deadline,) = LENOBL.running("review_assigned", Channel.PORTAL, named, today, CALENDAR)
    assert (deadline.ends, deadline.left, deadline.state) == (day("2025-03-10"), 7, TermState.FAR)
    met = [*named, Dated("portfolio_confirmed", day("2025-03-03"))]
    assert LENOBL.running("review_assigned", Channel.PORTAL, met, today, CALENDAR) == ()


@pytest.mark.parametrize(
    ("text", "is_open", "opens", "closes"),
    [
        ("2025-08-14", False, "2025-08-15", "2026-05-15"),
        ("2025-08-15", True, "2025-08-15", "2026-05-15"),
        ("2025-12-31", True, "2025-12-31", "2026-05-15"),
        ("2026-01-01", True, "2026-01-01", "2026-05-15"),
        ("2024-02-29", True, "2024-02-29", "2024-05-15"),
        ("2026-05-15", True, "2026-05-15", "2026-05-15"),
        ("2026-05-16", False, "2026-08-15", "2027-05-15"),
    ],
)
def test_season(text: str, is_open: bool, opens: str, closes: str) -> None:
    season = SPB.season
    assert season is not None and (season.clause, bool(season.remark)) == ("2.6.7", True)
    assert (season.is_open(day(text)), season.opens(day(text)), season.closes(day(text))) == (is_open, day(opens), day(closes))


def test_a_season_within_one_year() -> None:
    summer = Season((3, 1), (6, 30), "", "")
    assert [summer.is_open(day(text)) for text in ("2025-02-28", "2025-03-01", "2025-06-30", "2025-07-01")] == [
        *(False, True, True, False)
    ]
    assert (summer.opens(day("2025-07-01")), summer.closes(day("2025-07-01"))) == (day("2026-03-01"), day("2026-06-30"))


def test_soon_is_counted_in_working_days() -> None:
    """Fourteen calendar days before 15 January 2025 are only five working ones."""
    term = replace(SPB.term("consideration"), unit=Unit.CALENDAR_DAYS)
    states = [
        seen(term, day("2024-12-16"), day("2025-01-15"), day(text), CALENDAR).state for text in ("2024-12-27", "2024-12-28")
    ]
    assert states == [TermState.FAR, TermState.SOON]


def test_unknown_names() -> None:
    with pytest.raises(KeyError):
        SPB.term("appeal")
    with pytest.raises(KeyError):
        SPB.limit("pages")
    with pytest.raises(FileNotFoundError):
        terms("office")
