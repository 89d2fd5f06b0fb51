"""The road of an application in Saint Petersburg, compared with tables typed by hand from order 1016-р of 13.04.2021."""

import pytest

from attestation.procedure.refusal import Refusal
from attestation.procedure.road import road
from attestation.procedure.words import CaseRole

from .matrix import STAYS, Table, offered, reached, typed, walk

ROAD = road("application", "spb-2021-04-13")

FOLDER = "draft received registered accepted"
TABLE: Table = {
    "submit": ("draft", "received", "teacher representative"),
    "accept_from_mfc": ("draft", "received", "registrar"),
    "accept_from_post": ("draft", "received", "registrar"),
    "register": ("received", "registered", "registrar"),
    "decline": ("received", "declined", "registrar"),
    "book_appointment": (FOLDER, STAYS, "teacher representative registrar"),
    "cancel_appointment": (FOLDER, STAYS, "teacher representative registrar"),
    "receive_portfolio": ("registered accepted", STAYS, "registrar"),
    "set_term": ("registered", "accepted", "commission_secretary"),
    "start_review": ("accepted", "review", "deputy_chair registrar"),
    "allow_conflict": ("accepted review", STAYS, "chair"),
    "allow_second_conflict": ("second_review_due second_review", STAYS, "chair"),
    "replace_expert": ("review", STAYS, "deputy_chair registrar"),
    "conclude": ("review", "reviewed", "main_expert"),
    "conclude_against": ("review", "second_review_due", "main_expert"),
    "start_second_review": ("second_review_due", "second_review", "deputy_chair registrar"),
    "replace_second_expert": ("second_review", STAYS, "deputy_chair registrar"),
    "conclude_second": ("second_review", "reviewed", "second_expert"),
    "return_conclusion": ("second_review_due reviewed", "review", "deputy_chair"),
    "return_second_conclusion": ("reviewed", "second_review", "deputy_chair"),
    "read_conclusion": ("reviewed sitting decided established refused", STAYS, "teacher representative"),
    "propose_for_sitting": ("reviewed", "sitting", "commission_secretary"),
    "reschedule_sitting": ("sitting", STAYS, ""),
    "invite": ("sitting", STAYS, ""),
    "move_sitting": ("sitting", "reviewed", "commission_secretary"),
    "record_decision": ("sitting", "decided", ""),
    "reopen_decision": ("decided", "sitting", ""),
    "establish": ("decided", "established", ""),
    "refuse": ("decided", "refused", ""),
    "withdraw": ("received registered accepted", "withdrawn", "teacher representative registrar"),
}

# What nobody makes by hand: verb → the move of another road that it comes with.
FOLLOWS = {
    "reschedule_sitting": "sitting.change_day",
    "invite": "sitting.invite",
    "record_decision": "sitting.close",
    "reopen_decision": "sitting.reopen",
    "establish": "order.publish",
    "refuse": "order.publish",
}

STATUSES = {
    "draft": "Черновик",
    "received": "Отправлено",
    "registered": "Зарегистрировано",
    "accepted": "Принято к рассмотрению",
    "review": "Экспертиза",
    "second_review_due": "Нужна повторная независимая экспертиза",
    "second_review": "Повторная независимая экспертиза",
    "reviewed": "Экспертиза завершена",
    "sitting": "На заседании комиссии",
    "decided": "Решение принято, готовится распоряжение",
    "established": "Категория установлена",
    "refused": "Отказано в установлении категории",
    "declined": "Отказано в приёме документов",
    "withdrawn": "Отозвано",
}

EXPERT = {"expert_named", "expert_listed", "no_conflict"}
SECOND = {"second_expert_named", "second_expert_listed", "second_no_conflict"}
CONCLUSION = {"rubric_scored", "outcome_follows_points", "conclusion_signed", "no_conflict"}
NEEDS = {
    "submit": {"application_complete", "held_category_attached", "filed_in_season", "portfolio_way_chosen"},
    "accept_from_mfc": {"applicant_named", "filed_in_season", "portfolio_way_chosen", "sheets_within_limit"},
    "accept_from_post": {"applicant_named", "filed_in_season"},
    "register": {"identity_proved", "authority_proved"},
    "decline": {"ground_to_decline"},
    "book_appointment": set(),
    "cancel_appointment": {"appointment_booked"},
    "receive_portfolio": {"appointment_booked", "bearer_identified", "inventory_copy_kept"},
    "set_term": {"considered", "term_named", "place_named"},
    "start_review": {"portfolio_received", *EXPERT},
    "allow_conflict": set(),
    "allow_second_conflict": set(),
    "replace_expert": EXPERT,
    "conclude": {"conclusion_positive", *CONCLUSION},
    "conclude_against": {"conclusion_negative", *CONCLUSION},
    "start_second_review": SECOND,
    "replace_second_expert": SECOND,
    "conclude_second": {
        *("second_rubric_scored", "second_outcome_follows_points", "second_conclusion_signed", "second_no_conflict")
    },
    "return_conclusion": {"single_conclusion"},
    "return_second_conclusion": {"second_conclusion_given"},
    "read_conclusion": set(),
    "propose_for_sitting": {"sitting_named"},
    "reschedule_sitting": set(),
    "invite": set(),
    "move_sitting": set(),
    "record_decision": {"sitting_held", "decision_minuted"},
    "reopen_decision": set(),
    "establish": {"decided_to_establish"},
    "refuse": {"decided_to_refuse"},
    "withdraw": set(),
}
REASON = {
    *("decline", "allow_conflict", "allow_second_conflict", "replace_expert", "replace_second_expert"),
    *("return_conclusion", "return_second_conclusion", "move_sitting"),
}

LETTERS = {
    "submit": {"application_accepted"},
    "accept_from_mfc": {"application_accepted"},
    "accept_from_post": {"application_accepted"},
    "register": {"application_registered"},
    "decline": {"intake_declined"},
    "book_appointment": {"appointment_booked"},
    "cancel_appointment": {"appointment_cancelled"},
    "receive_portfolio": {"portfolio_received"},
    "set_term": {"term_set"},
    "start_review": {"review_entrusted", "review_started"},
    "replace_expert": {"review_entrusted"},
    "conclude": {"conclusion_ready"},
    "conclude_against": {"second_review_due"},
    "start_second_review": {"second_review_entrusted"},
    "replace_second_expert": {"second_review_entrusted"},
    "conclude_second": {"conclusion_ready"},
    "return_conclusion": {"conclusion_returned"},
    "return_second_conclusion": {"second_conclusion_returned"},
    "propose_for_sitting": {"sitting_appointed"},
    "reschedule_sitting": {"sitting_rescheduled"},
    "invite": {"sitting_invited"},
    "move_sitting": {"sitting_moved"},
    "establish": {"category_established"},
    "refuse": {"category_refused"},
    "withdraw": {"application_withdrawn"},
}
CLAUSES = {
    "submit": "3-1.1.1.2",
    "accept_from_mfc": "3.1.2.1",
    "accept_from_post": "3.1.2.5",
    "register": "2.15",
    "decline": "2.9.1",
    "book_appointment": "3-1.2.1",
    "cancel_appointment": "3-1.2.1",
    "receive_portfolio": "3.1.2.2",
    "set_term": "3.2.3",
    "start_review": "3.3.2",
    "allow_conflict": "3.3.2",
    "allow_second_conflict": "3.3.2",
    "replace_expert": "3.3.2",
    "conclude": "3.3.5",
    "conclude_against": "3.3.2",
    "start_second_review": "3.3.2",
    "replace_second_expert": "3.3.2",
    "conclude_second": "3.3.2",
    "return_conclusion": "3.3.3",
    "return_second_conclusion": "3.3.3",
    "read_conclusion": "2.17.3",
    "propose_for_sitting": "3.4.1",
    "reschedule_sitting": "3.4.2",
    "invite": "3.4.2",
    "move_sitting": "3.4.1",
    "record_decision": "3.4.5",
    "reopen_decision": "3.4.2",
    "establish": "3.5.5",
    "refuse": "3.6.5",
    "withdraw": "6.2.4",
}


def test_verbs_and_statuses() -> None:
    assert [move.verb for move in ROAD.moves] == list(TABLE)
    assert ROAD.statuses == STATUSES
    assert {status.name for status in ROAD.states if status.final} == {"established", "refused", "declined", "withdrawn"}
    assert {move.verb: move.follows for move in ROAD.moves if move.follows} == FOLLOWS


@pytest.mark.parametrize("verb", TABLE)
def test_matrix(verb: str) -> None:
    assert reached(ROAD, verb) == typed(TABLE, verb)
    assert offered(ROAD, verb) == set(typed(TABLE, verb))


@pytest.mark.parametrize("verb", TABLE)
def test_what_a_move_needs_sends_and_rests_on(verb: str) -> None:
    move = ROAD.move(verb)
    assert (set(move.needs), move.reason) == (NEEDS[verb], verb in REASON)
    assert (set(move.letters), move.clause) == (LETTERS.get(verb, set()), CLAUSES[verb])


@pytest.mark.parametrize(
    ("verb", "role"),
    [
        ("submit", CaseRole.TEACHER),
        ("submit", CaseRole.REPRESENTATIVE),
        ("accept_from_mfc", CaseRole.REGISTRAR),
        ("accept_from_post", CaseRole.REGISTRAR),
    ],
)
def test_every_way_in_leads_to_the_sitting(verb: str, role: CaseRole) -> None:
    registrar, chief = CaseRole.REGISTRAR, CaseRole.SECRETARY
    assert walk(
        ROAD,
        [
            (verb, role),
            ("register", registrar),
            ("book_appointment", registrar),
            ("receive_portfolio", registrar),
            ("set_term", chief),
            ("start_review", registrar),
            ("conclude", CaseRole.MAIN_EXPERT),
            ("propose_for_sitting", chief),
        ],
    ) == ["received", "registered", "registered", "registered", "accepted", "review", "reviewed", "sitting"]


def test_a_negative_conclusion_opens_a_second_review() -> None:
    deputy = CaseRole.DEPUTY_CHAIR
    assert walk(
        ROAD,
        [
            ("submit", CaseRole.TEACHER),
            ("register", CaseRole.REGISTRAR),
            ("set_term", CaseRole.SECRETARY),
            ("start_review", deputy),
            ("conclude_against", CaseRole.MAIN_EXPERT),
            ("start_second_review", deputy),
            ("conclude_second", CaseRole.SECOND_EXPERT),
            ("return_second_conclusion", deputy),
            ("conclude_second", CaseRole.SECOND_EXPERT),
            ("propose_for_sitting", CaseRole.SECRETARY),
        ],
    ) == [
        *("received", "registered", "accepted", "review", "second_review_due", "second_review", "reviewed"),
        *("second_review", "reviewed", "sitting"),
    ]


@pytest.mark.parametrize(("decided", "end"), [("decided_to_establish", "established"), ("decided_to_refuse", "refused")])
def test_from_the_sitting_to_the_order(decided: str, end: str) -> None:
    """Nothing is announced before the order is published, and what is announced is what the commission decided."""
    minuted = {"sitting_held", "decision_minuted", decided}
    assert ROAD.following("sitting.close", "sitting", minuted).target == "decided"
    assert ROAD.following("order.publish", "decided", minuted).target == end
    with pytest.raises(Refusal, match="не записано в протокол"):
        ROAD.following("sitting.close", "sitting", {"sitting_held"})
    with pytest.raises(Refusal, match="номер и дата протокола не записаны"):
        ROAD.following("order.publish", "decided", {"sitting_held"})
    with pytest.raises(Refusal, match="в состоянии «На заседании комиссии»"):
        ROAD.following("order.publish", "sitting", minuted)


@pytest.mark.parametrize(
    ("status", "facts", "roles"),
    [
        ("draft", "", "teacher"),
        ("draft", "appointment_booked portfolio_way_chosen", "teacher"),
        ("received", "", "registrar"),
        # An electronic folder is there at once: only the secretary is awaited.
        ("registered", "portfolio_received appointment_booked", "commission_secretary"),
        # On paper the teacher or the registrar books an hour, then the registrar takes the folder.
        ("registered", "", "commission_secretary registrar teacher"),
        ("registered", "appointment_booked", "commission_secretary registrar"),
        ("accepted", "", "registrar teacher"),
        ("accepted", "appointment_booked", "registrar"),
        ("accepted", "appointment_booked portfolio_received", "deputy_chair registrar"),
        ("review", "", "main_expert"),
        ("second_review_due", "", "deputy_chair registrar"),
        ("second_review", "", "second_expert"),
        ("reviewed", "", "commission_secretary"),
        ("sitting", "", "commission_secretary"),
        ("decided", "", "commission_secretary"),
        ("established", "", ""),
        ("refused", "", ""),
        ("declined", "", ""),
        ("withdrawn", "", ""),
    ],
)
def test_whose_turn_it_is(status: str, facts: str, roles: str) -> None:
    assert ROAD.turn(status, set(facts.split())) == tuple(roles.split())


@pytest.mark.parametrize("verb", ["conclude", "conclude_against"])
def test_the_conclusion_goes_where_its_outcome_says(verb: str) -> None:
    outcome = {"conclude": "conclusion_negative", "conclude_against": "conclusion_positive"}[verb]
    with pytest.raises(Refusal):
        ROAD.check(verb, "review", {CaseRole.MAIN_EXPERT}, {*CONCLUSION, outcome})


def test_intake_is_declined_on_the_two_grounds_only() -> None:
    facts = set(ROAD.facts) - {"ground_to_decline"}
    with pytest.raises(Refusal) as refused:
        ROAD.check("decline", "received", {CaseRole.REGISTRAR}, facts, "неполный комплект")
    assert refused.value.sentence == (
        "Действие «Отказать в приёме документов» пока невозможно: "
        "личность и полномочия подтверждены, других оснований для отказа в приёме нет."
    )


def test_the_written_notice_tells_term_and_place() -> None:
    """3.2 and 3.2.3: the term and the place; 3.1.5: the number and the day of filing."""
    assert {"term_begins", "term_ends", "place"} <= set(ROAD.letter("term_set").tells)
    assert set(ROAD.letter("application_accepted").tells) == {"number", "filed_on"}


def test_registries() -> None:
    assert ROAD.listed_in("withdrawn") == ("withdrawn",)
    assert ROAD.listed_in("assigned") == ("review", "second_review_due", "second_review", "reviewed")
    assert ROAD.listed_in("registered") == tuple(name for name in STATUSES if name not in ("draft", "withdrawn"))
    assert ROAD.registry("experts").of == "experts"


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("submit", "строке 19"),
        ("accept_from_post", "2.6.5"),
        ("decline", "2.10"),
        ("start_second_review", "не сказано"),
        ("conclude_second", "решает комиссия"),
    ],
)
def test_what_the_regulation_leaves_open_is_remarked(verb: str, words: str) -> None:
    """Anomalies of part D, rows 7, 9, 10, 13."""
    assert words in ROAD.move(verb).remark
