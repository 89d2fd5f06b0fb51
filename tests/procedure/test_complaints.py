"""The road of a complaint, its lists and terms, compared with tables typed by hand from section V of order 1016-р."""

import datetime as dt

import pytest

from attestation.procedure.complaints import lists, taken
from attestation.procedure.refusal import Refusal
from attestation.procedure.road import road
from attestation.procedure.terms import Dated, TermState, terms
from attestation.procedure.words import CaseRole, Role
from attestation.procedure.working_days import Calendar

from .matrix import STAYS, Table, offered, reached, typed

ROAD = road("complaint")
TERMS = terms("spb-2021-04-13", "complaint")
CALENDAR = Calendar()

KNOWN = "registered considered granted refused answered remedied"
EVERYWHERE = f"received {KNOWN} unanswerable unanswered forwarded referred"
TABLE: Table = {
    "submit": ("written", "received", "teacher"),
    "enter": ("written", "received", "complaints"),
    "register": ("received", "registered", "complaints"),
    "take_up": ("registered", "considered", "complaints"),
    "forward": ("registered considered", "forwarded", "complaints"),
    "refer": ("registered considered", "referred", "complaints"),
    "leave": ("registered", "unanswerable", "complaints"),
    "notify": ("unanswerable", "unanswered", "complaints"),
    "close_unread": ("unanswerable", "unanswered", "complaints"),
    "ask_papers": (KNOWN, STAYS, "complaints"),
    "give_papers": (KNOWN, STAYS, "complaints"),
    "write_act": ("considered", STAYS, "complaints"),
    "plan_remedy": ("considered", STAYS, "complaints"),
    "drop_remedy": ("considered", STAYS, "complaints"),
    "grant": ("considered", "granted", "complaints"),
    "grant_partly": ("considered", "granted", "complaints"),
    "refuse": ("considered", "refused", "complaints"),
    "dismiss": ("considered", "refused", "complaints"),
    "answer_refused": ("refused", "answered", "complaints"),
    "answer_granted": ("granted", STAYS, "complaints"),
    "finish_remedy": ("granted", STAYS, "complaints"),
    "close": ("granted", "remedied", "complaints"),
    "tell_prosecutor": ("considered granted refused answered remedied", STAYS, "complaints"),
    "link": (EVERYWHERE, STAYS, "complaints"),
}
NEEDS = {
    "submit": {"contents_given", "kind_named"},
    "enter": set(),
    "register": {"kind_named"},
    "take_up": {"within_competence"},
    "forward": {"recipient_named"},
    "refer": {"law_named"},
    "leave": {"silence_grounded"},
    "notify": {"author_readable"},
    "close_unread": {"author_unreadable"},
    "ask_papers": set(),
    "give_papers": {"papers_asked"},
    "write_act": set(),
    "plan_remedy": set(),
    "drop_remedy": {"remedy_planned"},
    "grant": {"act_written", "remedy_planned", "within_competence"},
    "grant_partly": {"act_written", "remedy_planned", "within_competence"},
    "refuse": {"act_written", "within_competence"},
    "dismiss": {"act_written", "within_competence"},
    "answer_refused": set(),
    "answer_granted": set(),
    "finish_remedy": set(),
    "close": {"answer_sent", "remedies_finished"},
    "tell_prosecutor": set(),
    "link": set(),
}
CLAUSES = {
    "5.4.1.2": {"submit"},
    "5.4.1.1": {"enter"},
    "5.5": {"register"},
    "5.4.2": {"take_up", "forward", "refer", "leave", "notify", "close_unread"},
    "5.9": {"ask_papers", "give_papers"},
    "5.6": {"write_act", "grant", "grant_partly", "refuse", "dismiss"},
    "5.7": {"plan_remedy", "drop_remedy", "answer_refused", "answer_granted", "finish_remedy", "close"},
    "5.11": {"tell_prosecutor"},
    "": {"link"},
}
FINAL = {"answered", "remedied", "unanswered", "forwarded", "referred"}


def test_no_verb_is_missing_or_invented() -> None:
    assert [move.verb for move in ROAD.moves] == list(TABLE)


@pytest.mark.parametrize("verb", TABLE)
def test_every_status_role_and_verb(verb: str) -> None:
    assert reached(ROAD, verb) == typed(TABLE, verb)
    assert offered(ROAD, verb) == set(typed(TABLE, verb))


@pytest.mark.parametrize("verb", NEEDS)
def test_needs(verb: str) -> None:
    move = ROAD.move(verb)
    assert set(move.needs) == NEEDS[verb]
    (status, role) = next(iter(typed(TABLE, verb)))
    for need in NEEDS[verb]:
        with pytest.raises(Refusal, match="пока невозможно"):
            ROAD.check(verb, status, {CaseRole(role) if role == "teacher" else Role(role)}, set(ROAD.facts) - {need})


def test_clauses() -> None:
    assert {clause: {move.verb for move in ROAD.moves if move.clause == clause} for clause in CLAUSES} == CLAUSES


def test_where_the_road_ends() -> None:
    assert {status.name for status in ROAD.states if status.final} == FINAL


def test_the_oblast_says_nothing_of_complaints() -> None:
    assert (taken("spb-2021-04-13"), taken("lenobl-2022-03-01")) == (True, False)


def test_which_kinds_have_five_days() -> None:
    """Clause 5.5 names refusals to take documents and to mend errors; 5.1.1 lists ten kinds, and leaves the list open."""
    short = {kind.name for kind in lists().kinds if kind.term == "short_consideration"}
    assert (short, len(lists().kinds)) == ({"papers_declined", "errors_left"}, 11)


def test_on_whom_the_committee_decides() -> None:
    assert {row.name: row.ours for row in lists().respondents} == {
        "authority": True,
        "official": True,
        "institution": True,
        "head": False,
        "mfc": False,
    }


def test_lists() -> None:
    assert [row.name for row in lists().silences] == ["abusive", "unreadable"]
    assert [row.name for row in lists().grounds] == ["court", "authority_unproved", "decided_before"]
    assert [row.name for row in lists().outcomes] == ["grant", "grant_partly", "refuse", "dismiss"]


LENGTHS = {
    "registration": (1, "working_days", "received", "registered", "5.5"),
    "forwarding": (3, "working_days", "registered", "taken_up", "5.4.2"),
    "notice": (3, "working_days", "registered", "notified", "5.4.2"),
    "short_consideration": (5, "working_days", "registered", "decided", "5.5"),
    "consideration": (15, "working_days", "registered", "decided", "5.5"),
    "answer": (1, "calendar_days", "decided", "answered", "5.7"),
    "remedy": (5, "working_days", "granted", "remedied", "5.7"),
}


def test_lengths() -> None:
    assert {one.name: (one.number, str(one.unit), one.since, one.until, one.clause) for one in TERMS.terms} == LENGTHS


@pytest.mark.parametrize(
    ("term", "begins", "ends"),
    [
        # 2026: the holidays last from 31 December 2025 to 11 January.
        ("registration", "2025-12-30", "2026-01-12"),
        ("registration", "2026-03-13", "2026-03-16"),
        ("short_consideration", "2025-12-29", "2026-01-15"),
        ("consideration", "2025-12-29", "2026-01-29"),
        ("consideration", "2026-03-10", "2026-03-31"),
        ("forwarding", "2026-03-06", "2026-03-12"),
        ("remedy", "2025-12-26", "2026-01-14"),
        ("answer", "2026-03-13", "2026-03-14"),
    ],
)
def test_when_terms_end(term: str, begins: str, ends: str) -> None:
    assert TERMS.term(term).end(dt.date.fromisoformat(begins), CALENDAR) == dt.date.fromisoformat(ends)


def test_an_answer_to_a_decision_of_friday_goes_on_friday() -> None:
    friday = dt.date(2026, 3, 13)
    (running,) = TERMS.running("refused", None, [Dated("decided", friday)], friday, CALENDAR)
    assert (running.ends, running.act_by, running.state) == (dt.date(2026, 3, 14), friday, TermState.LAST_DAY)


def test_terms_run_until_they_are_met() -> None:
    monday = dt.date(2026, 3, 16)
    dates = [Dated("received", monday), Dated("registered", monday)]
    names = {one.term.name for one in TERMS.running("registered", None, dates, monday, CALENDAR)}
    assert names == {"forwarding", "notice", "short_consideration", "consideration"}
    assert TERMS.running("forwarded", None, dates, monday, CALENDAR) == ()
