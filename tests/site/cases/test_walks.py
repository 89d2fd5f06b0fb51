"""Both roads from the draft to every end, with what each move leaves behind, typed by hand from the two sources.

A row: verb, day, who made it (the journal), status afterwards, events of that day, letters, duties that stand then.
"""

import datetime as dt

import pytest

from attestation.models import Application, CheckMark, JournalEntry, Letter, Slot
from attestation.procedure.words import Channel
from attestation.site.cases import moves
from attestation.site.cases.numbers import next_number
from attestation.tests.cases import LENOBL, NEGATIVE, POSITIVE, SPB, World

from .telling import duties, events, journal, letters, lines, newest, noon

Row = tuple[str, str, str, str, str, str, str]

# --- The oblast -------------------------------------------------------------------------------------------------------------

TO_REVIEW: list[Row] = [
    (
        *("submit", "10.03", "teacher", "submitted", "filed"),
        "application_submitted: teacher/cabinet teacher/email",
        "commission_secretary/- register",
    ),
    (
        *("register", "11.03", "secretary", "registered", "registered"),
        "application_registered: teacher/cabinet teacher/email leader/cabinet",
        "group_leader/leader assign_review",
    ),
    (
        *("assign_review", "12.03", "leader", "review_assigned", "review_assigned"),
        "review_assigned: teacher/cabinet teacher/email; review_entrusted: expert/cabinet expert2/cabinet expert3/cabinet",
        "teacher/teacher confirm_portfolio portfolio_confirmation by 19.03",
    ),
    (
        *("confirm_portfolio", "13.03", "teacher", "portfolio_confirmed", "portfolio_confirmed"),
        "portfolio_confirmed: expert/cabinet",
        "main_expert/expert start_review review by 19.03",
    ),
    (
        *("start_review", "19.03", "expert", "review", "review_started"),
        "",
        "main_expert/expert upload_conclusion; additional_expert/expert2 comment; additional_expert/expert3 comment",
    ),
    ("comment", "20.03", "expert2 expert3", "review", "", "", "main_expert/expert upload_conclusion"),
    ("upload_conclusion", "23.03", "expert", "review", "", "", "main_expert/expert finish_review"),
]
READY = "conclusion_ready: teacher/cabinet teacher/email leader/cabinet"
CHOSEN = "sitting_day_chosen: secretary/cabinet"
APPOINTED = "sitting_appointed: teacher/cabinet teacher/email"
ESTABLISHED: list[Row] = [
    *TO_REVIEW,
    ("finish_review", "23.03", "expert", "review_done", "review_finished", READY, "group_leader/leader choose_sitting_day"),
    ("choose_sitting_day", "24.03", "leader", "review_done", "", CHOSEN, "commission_secretary/- appoint_sitting"),
    (
        *("appoint_sitting", "25.03", "secretary", "sitting", "sitting_appointed", APPOINTED),
        "commission_secretary/- establish decision by 07.04",
    ),
    (
        *("move_sitting", "26.03", "secretary", "sitting_moved", ""),
        "sitting_moved: teacher/cabinet teacher/email leader/cabinet",
        "group_leader/leader choose_sitting_day",
    ),
    ("choose_sitting_day", "27.03", "leader", "sitting_moved", "", CHOSEN, "commission_secretary/- appoint_sitting"),
    (
        *("appoint_sitting", "30.03", "secretary", "sitting", "sitting_appointed", APPOINTED),
        "commission_secretary/- establish decision by 10.04",
    ),
    (
        *("establish", "10.04", "secretary", "established", "decided"),
        *("category_established: teacher/cabinet teacher/email", ""),
    ),
    ("read_conclusion", "13.04", "teacher", "established", "", "", ""),
]
AGAINST = "group_leader/leader choose_sitting_day; main_expert/expert draw_up_dissent"
UNSIGNED = "main_expert/expert sign_dissent; additional_expert/expert2 sign_dissent; additional_expert/expert3 sign_dissent"
REFUSED: list[Row] = [
    *TO_REVIEW,
    ("finish_review", "23.03", "expert", "review_done", "review_finished", READY, AGAINST),
    (
        *("draw_up_dissent", "24.03", "expert", "review_done", "", ""),
        f"group_leader/leader choose_sitting_day; {UNSIGNED}",
    ),
    (
        *("sign_dissent", "25.03", "expert expert2 expert3", "review_done", "", ""),
        "group_leader/leader choose_sitting_day",
    ),
    ("choose_sitting_day", "26.03", "leader", "review_done", "", CHOSEN, "commission_secretary/- appoint_sitting"),
    (
        *("appoint_sitting", "27.03", "secretary", "sitting", "sitting_appointed", APPOINTED),
        "commission_secretary/- establish decision by 09.04",
    ),
    ("refuse", "09.04", "secretary", "refused", "decided", "category_refused: teacher/cabinet teacher/email", ""),
]
WITHDRAWN: list[Row] = [
    *TO_REVIEW[:3],
    (
        *("withdraw", "16.03", "teacher", "withdrawn", "withdrawn"),
        "application_withdrawn: teacher/cabinet teacher/email secretary/cabinet leader/cabinet"
        " expert/cabinet expert2/cabinet expert3/cabinet",
        "",
    ),
]
RETURNED: list[Row] = [
    TO_REVIEW[0],
    (
        *("return_application", "11.03", "secretary", "draft", ""),
        "application_returned: teacher/cabinet teacher/email",
        "teacher/teacher submit",
    ),
    (
        *("submit", "12.03", "teacher", "submitted", "filed"),
        *("application_submitted: teacher/cabinet teacher/email", "commission_secretary/- register"),
    ),
]
REWORKED: list[Row] = [
    *TO_REVIEW,
    ESTABLISHED[7],
    (
        *("return_conclusion", "24.03", "leader", "review", ""),
        "conclusion_returned: expert/cabinet teacher/cabinet teacher/email",
        # What the additional experts said stands.
        "main_expert/expert upload_conclusion",
    ),
    ("upload_conclusion", "25.03", "expert", "review", "", "", "main_expert/expert finish_review"),
    ("finish_review", "26.03", "expert", "review_done", "review_finished", READY, "group_leader/leader choose_sitting_day"),
]

# --- The city ---------------------------------------------------------------------------------------------------------------

ACCEPTED = "application_accepted: teacher/cabinet teacher/email"
REGISTERED = "application_registered: teacher/cabinet teacher/email"
# 30 days from filing end on 9 April, a Thursday.
CONSIDER = "commission_secretary/- set_term consideration by 09.04"
# The named last day, 1 May, is off, 30 April works.
PROPOSE = "commission_secretary/- propose_for_sitting individual_term by 30.04"
HEAR = "commission_secretary/- record_decision individual_term by 30.04"
CITY_READY = "conclusion_ready: teacher/cabinet teacher/email secretary/cabinet"
STARTED = "review_entrusted: expert/cabinet; review_started: teacher/cabinet teacher/email"
JUDGE = "main_expert/expert conclude"
CITY_REVIEW: list[Row] = [
    (
        *("submit", "10.03", "teacher", "received", "filed received portfolio_received", ACCEPTED),
        "registrar/- register registration_from_portal by 11.03",
    ),
    ("register", "11.03", "reception", "registered", "registered", REGISTERED, CONSIDER),
    (
        *("set_term", "12.03", "secretary", "accepted", "term_set", "term_set: teacher/cabinet teacher/email"),
        "deputy_chair/- start_review; registrar/- start_review",
    ),
    ("start_review", "13.03", "deputy", "review", "review_started", STARTED, JUDGE),
]
HELD: list[Row] = [
    *CITY_REVIEW,
    ("conclude", "27.03", "expert", "reviewed", "review_finished", CITY_READY, PROPOSE),
    ("read_conclusion", "30.03", "teacher", "reviewed", "", "", PROPOSE),
    ("propose_for_sitting", "31.03", "secretary", "sitting", "", APPOINTED, HEAR),
]
# 60 days from 13 March end on 12 May, the first working day after the holidays.
SECOND_DUE = "deputy_chair/- start_second_review review by 12.05; registrar/- start_second_review"
SECOND: list[Row] = [
    *CITY_REVIEW,
    (
        *("conclude_against", "27.03", "expert", "second_review_due", ""),
        *("second_review_due: teacher/cabinet teacher/email deputy/cabinet", SECOND_DUE),
    ),
    (
        *("start_second_review", "30.03", "deputy", "second_review", "", "second_review_entrusted: expert2/cabinet"),
        "second_expert/expert2 conclude_second",
    ),
    ("conclude_second", "10.04", "expert2", "reviewed", "review_finished", CITY_READY, PROPOSE),
    (
        *("return_second_conclusion", "13.04", "deputy", "second_review", ""),
        *("second_conclusion_returned: expert2/cabinet", "second_expert/expert2 conclude_second"),
    ),
    ("conclude_second", "14.04", "expert2", "reviewed", "review_finished", CITY_READY, PROPOSE),
    ("propose_for_sitting", "15.04", "secretary", "sitting", "", APPOINTED, HEAR),
]
MISTAKEN: list[Row] = [
    *CITY_REVIEW,
    SECOND[4],
    ("return_conclusion", "30.03", "deputy", "review", "", "conclusion_returned: expert/cabinet", JUDGE),
    ("conclude", "31.03", "expert", "reviewed", "review_finished", CITY_READY, PROPOSE),
]
DECLINED: list[Row] = [
    CITY_REVIEW[0],
    ("decline", "11.03", "reception", "declined", "declined", "intake_declined: teacher/cabinet teacher/email", ""),
]
CITY_WITHDRAWN: list[Row] = [
    *CITY_REVIEW[:3],
    (
        *("withdraw", "13.03", "teacher", "withdrawn", "withdrawn"),
        *("application_withdrawn: teacher/cabinet teacher/email reception/cabinet secretary/cabinet", ""),
    ),
]
ON_PAPER: list[Row] = [
    (
        *("submit", "10.03", "teacher", "received", "filed received", ACCEPTED),
        "registrar/- register registration_from_portal by 11.03",
    ),
    (
        *("register", "11.03", "reception", "registered", "registered", REGISTERED),
        f"{CONSIDER}; registrar/- receive_portfolio portfolio by 09.04",
    ),
    (
        *("receive_portfolio", "17.03", "reception", "registered", "portfolio_received"),
        *("portfolio_received: teacher/cabinet teacher/email", CONSIDER),
    ),
    (*("set_term", "18.03", "secretary", "accepted", "term_set"), *CITY_REVIEW[2][5:]),
    ("start_review", "19.03", "deputy", "review", "review_started", STARTED, JUDGE),
]

WALKS = {
    "established": (LENOBL, POSITIVE, ESTABLISHED),
    "refused": (LENOBL, NEGATIVE, REFUSED),
    "withdrawn": (LENOBL, POSITIVE, WITHDRAWN),
    "returned": (LENOBL, POSITIVE, RETURNED),
    "reworked": (LENOBL, POSITIVE, REWORKED),
    "held": (SPB, POSITIVE, HELD),
    "second": (SPB, NEGATIVE, SECOND),
    "mistaken": (SPB, POSITIVE, MISTAKEN),
    "declined": (SPB, POSITIVE, DECLINED),
    "city withdrawn": (SPB, POSITIVE, CITY_WITHDRAWN),
    "on paper": (SPB, POSITIVE, ON_PAPER),
}


@pytest.mark.parametrize("name", WALKS)
def test_what_each_move_leaves_behind(world: World, name: str) -> None:
    edition, outcome, rows = WALKS[name]
    case = world.filled(edition, way="paper" if name == "on paper" else "electronic")
    happened: dict[str, str] = {}
    for row in rows:
        verb, day, who, status, marked, posted, expected = row
        letter, entry = newest(Letter), newest(JournalEntry)
        world.step(case, verb, on=noon(day), outcome=outcome)
        happened |= dict.fromkeys(marked.split(), day)
        assert (verb, case.status) == (verb, status)
        assert (verb, events(case)) == (verb, happened)
        assert (verb, letters(world, case, letter)) == (verb, lines(posted))
        assert (verb, duties(world, case)) == (verb, set(lines(expected)))
        assert journal(world, case, entry) == [f"{one} case_{verb}" for one in who.split()]
    kept = Application.get_by_id(case.id)
    assert (kept.status, kept.version, kept.number) == (case.status, case.version, "2026-000001-5")


def test_a_walk_reaches_every_status(world: World) -> None:
    reached = {edition: set() for edition in (LENOBL, SPB)}
    for edition, _, rows in WALKS.values():
        reached[edition] |= {row[3] for row in rows}
    assert reached == {
        LENOBL: {
            *("draft", "submitted", "registered", "review_assigned", "portfolio_confirmed", "review", "review_done"),
            *("sitting_moved", "sitting", "established", "refused", "withdrawn"),
        },
        SPB: {
            *("received", "registered", "accepted", "review", "second_review_due", "second_review", "reviewed"),
            *("sitting", "declined", "withdrawn"),
        },
    }


# --- Ways in ----------------------------------------------------------------------------------------------------------------


def test_from_the_mfc_the_folder_comes_along(world: World) -> None:
    """3.1.2.1: the MFC sends the scanned folder with the application; filed there, received here."""
    case = world.filled(SPB, channel=Channel.MFC, mfc_sheets=15)
    taken = {"filed": dt.date(2026, 3, 5), "received": dt.date(2026, 3, 10)}
    moves.make(case, "accept_from_mfc", by=world.cast.reception, on=world.now, days=taken, number=str(next_number(2026)))
    assert events(case) == {"filed": "05.03", "received": "10.03", "portfolio_received": "10.03"}
    assert case.filed_on == dt.date(2026, 3, 5)
    assert duties(world, case) == {"registrar/- register registration_from_mfc by 11.03"}
    # A teacher without an account hears of it on paper.
    assert letters(world, case) == []
    world.walk(case, "sitting")
    assert case.status == "sitting"


def test_a_letter_of_the_season_is_taken_after_it(world: World) -> None:
    """2.6.7: the day of filing by post is that of the postmark; the folder is brought by appointment (3.1.2.5)."""
    case = world.filled(SPB, channel=Channel.POST, way="", teacher=world.teacher)
    arrived = noon("19.05")
    taken = {"filed": dt.date(2026, 5, 15), "received": dt.date(2026, 5, 19)}
    moves.make(case, "accept_from_post", by=world.cast.reception, on=arrived, days=taken, number=str(next_number(2026)))
    assert events(case) == {"filed": "15.05", "received": "19.05"}
    assert duties(world, case) == {"registrar/- register registration_from_post by 22.05", "registrar/- book_appointment"}
    world.walk(case, "sitting", on=arrived)
    assert events(case)["portfolio_received"] == "19.05"


def test_a_representative_hears_of_everything_while_the_document_is_valid(world: World) -> None:
    case = world.filled(SPB)
    world.represent(case, expires_on=dt.date(2026, 3, 11))
    world.walk(case, "registered", on=noon("11.03"))
    both = "teacher/cabinet teacher/email proxy/cabinet proxy/email"
    assert letters(world, case) == [f"application_accepted: {both}", f"application_registered: {both}"]
    seen = newest(Letter)
    world.step(case, "set_term", on=noon("12.03"))
    assert letters(world, case, seen) == ["term_set: teacher/cabinet teacher/email"]


# --- What a move takes back -------------------------------------------------------------------------------------------------


def test_what_was_checked_before_a_return_is_checked_again(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "submitted")
    world.tick(case, "form_checked", world.cast.secretary)
    world.step(case, "return_application")
    assert not CheckMark.select().where(CheckMark.application == case).exists()
    number = case.number
    world.walk(case, "registered")
    assert case.number == number


def test_a_mark_made_while_paper_is_entered_stays(world: World) -> None:
    """A deed in a draft is no return to it."""
    case = world.filled(SPB, channel=Channel.POST, way="")
    world.tick(case, "bearer_identified", world.cast.reception)
    world.book(case)
    moves.make(case, "book_appointment", by=world.cast.reception, on=world.now)
    assert [mark.fact for mark in case.marks] == ["bearer_identified"]


def test_a_moved_sitting_is_chosen_anew(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "sitting")
    before = case.sitting
    world.step(case, "move_sitting")
    assert Application.get_by_id(case.id).sitting_id is None
    told = Letter.get(Letter.application == case, Letter.name == "sitting_moved", Letter.channel == "cabinet")
    assert "Нет кворума." in told.body
    world.walk(case, "sitting_moved")
    assert case.sitting is None and before.applications.count() == 0


@pytest.mark.parametrize("end", ["declined", "withdrawn"])
def test_at_the_end_the_booked_hour_is_free_again(world: World, end: str) -> None:
    case, other = world.filled(SPB, way="paper"), world.filled(SPB, way="paper")
    late = world.book(world.walk(world.filled(SPB, way=""), "draft"), world.slot(days=-1))
    world.walk(case, end)
    assert [slot.application for slot in Slot.select().order_by(Slot.id)] == [None, other, late.application]
