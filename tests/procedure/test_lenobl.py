"""The road of an application in the Leningrad oblast, compared with tables typed by hand from the letter of 03.02.2022."""

import pytest

from attestation.procedure.refusal import Refusal
from attestation.procedure.road import road
from attestation.procedure.words import CaseRole

from .matrix import STAYS, Table, offered, reached, typed, walk

ROAD = road("application", "lenobl-2022-03-01")

BEFORE_SITTING = "registered review_assigned portfolio_confirmed review review_done sitting_moved"
TABLE: Table = {
    "submit": ("draft", "submitted", "teacher"),
    "register": ("submitted", "registered", "commission_secretary"),
    "return_application": ("submitted", "draft", "commission_secretary"),
    "change_group_leader": (BEFORE_SITTING, STAYS, "commission_secretary"),
    "assign_review": ("registered", "review_assigned", "group_leader"),
    "allow_conflict": ("registered review_assigned portfolio_confirmed review", STAYS, "chair"),
    "change_review": ("review_assigned portfolio_confirmed review", STAYS, "group_leader"),
    "confirm_portfolio": ("review_assigned", "portfolio_confirmed", "teacher"),
    "start_review": ("portfolio_confirmed", "review", "main_expert"),
    "comment": ("review", STAYS, "additional_expert"),
    "upload_conclusion": ("review", STAYS, "main_expert"),
    "finish_review": ("review", "review_done", "main_expert"),
    "return_conclusion": ("review_done", "review", "group_leader"),
    "read_conclusion": ("review_done sitting_moved sitting established refused", STAYS, "teacher"),
    "draw_up_dissent": ("review_done", STAYS, "main_expert"),
    "sign_dissent": ("review_done", STAYS, "main_expert additional_expert"),
    "choose_sitting_day": ("review_done sitting_moved", STAYS, "group_leader"),
    "appoint_sitting": ("review_done sitting_moved", "sitting", "commission_secretary"),
    "invite": ("sitting", STAYS, ""),
    "move_sitting": ("sitting", "sitting_moved", "commission_secretary"),
    "reschedule_sitting": ("sitting", STAYS, ""),
    "establish": ("sitting", "established", ""),
    "refuse": ("sitting", "refused", ""),
    "withdraw": ("submitted registered review_assigned portfolio_confirmed", "withdrawn", "teacher"),
}

# What nobody makes by hand: verb → the move of another road that it comes with.
FOLLOWS = {
    "invite": "sitting.invite",
    "reschedule_sitting": "sitting.change_day",
    "establish": "sitting.release",
    "refuse": "sitting.release",
}

STATUSES = {
    "draft": "Черновик",
    "submitted": "Подано",
    "registered": "Зарегистрировано",
    "review_assigned": "Экспертиза назначена, портфолио на подтверждении",
    "portfolio_confirmed": "Портфолио подтверждено",
    "review": "Экспертиза",
    "review_done": "Экспертиза завершена. Ознакомиться с заключением",
    "sitting_moved": "Дата заседания изменена",
    "sitting": "Заседание АК",
    "established": "Категория установлена",
    "refused": "Отказано в установлении категории",
    "withdrawn": "Отозвано",
}

ASSIGNED = {"review_day_set", "main_expert_named", "additional_experts_named", "experts_in_bank", "no_conflict"}
NEEDS = {
    "submit": {"application_complete", "previous_category_attached"},
    "register": {"form_checked", "previous_category_checked", "group_leader_named"},
    "return_application": set(),
    "change_group_leader": {"group_leader_named"},
    "assign_review": ASSIGNED,
    "allow_conflict": set(),
    "change_review": ASSIGNED,
    "confirm_portfolio": {"portfolio_filled"},
    "start_review": {"no_conflict"},
    "comment": set(),
    "upload_conclusion": {"outcome_stated"},
    "finish_review": {"outcome_stated", "conclusion_uploaded", "additional_experts_commented", "no_conflict"},
    "return_conclusion": set(),
    "read_conclusion": set(),
    "draw_up_dissent": set(),
    "sign_dissent": {"dissent_drawn_up"},
    "choose_sitting_day": set(),
    "appoint_sitting": {"sitting_day_chosen", "sitting_place_named", "dissent_drawn_up", "dissent_signed"},
    "invite": set(),
    "move_sitting": set(),
    "reschedule_sitting": set(),
    "establish": {"sitting_held", "decided_to_establish"},
    "refuse": {"sitting_held", "decided_to_refuse"},
    "withdraw": set(),
}
REASON = {"return_application", "change_group_leader", "allow_conflict", "change_review", "return_conclusion", "move_sitting"}

LETTERS = {
    "submit": {"application_submitted"},
    "register": {"application_registered"},
    "return_application": {"application_returned"},
    "change_group_leader": {"group_leader_changed"},
    "assign_review": {"review_assigned", "review_entrusted"},
    "change_review": {"review_changed"},
    "confirm_portfolio": {"portfolio_confirmed"},
    "finish_review": {"conclusion_ready"},
    "return_conclusion": {"conclusion_returned"},
    "choose_sitting_day": {"sitting_day_chosen"},
    "appoint_sitting": {"sitting_appointed"},
    "invite": {"sitting_invited"},
    "move_sitting": {"sitting_moved"},
    "reschedule_sitting": {"sitting_rescheduled"},
    "establish": {"category_established"},
    "refuse": {"category_refused"},
    "withdraw": {"application_withdrawn"},
}
CLAUSES = {
    "submit": "4",
    "register": "5",
    "return_application": "5",
    "change_group_leader": "5",
    "assign_review": "6",
    "allow_conflict": "6",
    "change_review": "6",
    "confirm_portfolio": "8",
    "start_review": "9",
    "comment": "10",
    "upload_conclusion": "10",
    "finish_review": "11",
    "return_conclusion": "11",
    "read_conclusion": "12",
    "draw_up_dissent": "18",
    "sign_dissent": "18",
    "choose_sitting_day": "13",
    "appoint_sitting": "14",
    "invite": "14",
    "move_sitting": "13",
    "reschedule_sitting": "13",
    "establish": "15",
    "refuse": "15",
    "withdraw": "17",
}


def test_verbs_and_statuses() -> None:
    assert [move.verb for move in ROAD.moves] == list(TABLE)
    assert ROAD.statuses == STATUSES
    assert [status.name for status in ROAD.states if status.final] == ["established", "refused", "withdrawn"]
    assert ROAD.public == frozenset()
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


def test_the_whole_way_to_the_category() -> None:
    chief, leader = CaseRole.SECRETARY, CaseRole.GROUP_LEADER
    assert walk(
        ROAD,
        [
            ("submit", CaseRole.TEACHER),
            ("register", chief),
            ("assign_review", leader),
            ("confirm_portfolio", CaseRole.TEACHER),
            ("start_review", CaseRole.MAIN_EXPERT),
            ("comment", CaseRole.ADDITIONAL_EXPERT),
            ("upload_conclusion", CaseRole.MAIN_EXPERT),
            ("finish_review", CaseRole.MAIN_EXPERT),
            ("choose_sitting_day", leader),
            ("appoint_sitting", chief),
            ("move_sitting", chief),
            ("choose_sitting_day", leader),
            ("appoint_sitting", chief),
            ("read_conclusion", CaseRole.TEACHER),
        ],
    ) == [
        *("submitted", "registered", "review_assigned", "portfolio_confirmed", "review", "review", "review", "review_done"),
        *("review_done", "sitting", "sitting_moved", "sitting_moved", "sitting", "sitting"),
    ]
    assert ROAD.following("sitting.release", "sitting", {"sitting_held", "decided_to_establish"}).target == "established"
    assert ROAD.following("sitting.release", "sitting", {"sitting_held", "decided_to_refuse"}).target == "refused"


@pytest.mark.parametrize(
    ("status", "facts", "roles"),
    [
        ("draft", "", "teacher"),
        ("submitted", "", "commission_secretary"),
        ("registered", "", "group_leader"),
        ("review_assigned", "", "teacher"),
        ("portfolio_confirmed", "", "main_expert"),
        # The main expert writes while the additional ones still comment; then only the main one is left to finish.
        ("review", "", "main_expert additional_expert"),
        ("review", "conclusion_uploaded", "additional_expert"),
        ("review", "additional_experts_commented", "main_expert"),
        ("review", "additional_experts_commented conclusion_uploaded", "main_expert"),
        # A positive conclusion asks for no dissent: first the leader chooses a day, then the secretary confirms it.
        ("review_done", "dissent_drawn_up dissent_signed", "group_leader"),
        ("review_done", "dissent_drawn_up dissent_signed sitting_day_chosen", "commission_secretary"),
        # A negative one waits for the dissent record and all its signatures.
        ("review_done", "sitting_day_chosen", "main_expert"),
        ("review_done", "sitting_day_chosen dissent_drawn_up", "main_expert additional_expert"),
        ("sitting_moved", "dissent_drawn_up dissent_signed", "group_leader"),
        ("sitting_moved", "dissent_drawn_up dissent_signed sitting_day_chosen", "commission_secretary"),
        ("sitting", "", "commission_secretary"),
        ("established", "", ""),
        ("refused", "", ""),
        ("withdrawn", "", ""),
    ],
)
def test_whose_turn_it_is(status: str, facts: str, roles: str) -> None:
    assert ROAD.turn(status, set(facts.split())) == tuple(roles.split())


@pytest.mark.parametrize(
    ("registry", "title", "statuses"),
    [
        ("assigned", "Назначенные заявления", f"{BEFORE_SITTING} sitting"),
        ("registered", "Зарегистрированные заявления", f"{BEFORE_SITTING} sitting established refused"),
        ("established", "Категория установлена", "established"),
        ("withdrawn", "Отозванные заявления", "withdrawn"),
        ("experts", "Банк экспертов", ""),
    ],
)
def test_registries_of_the_letter(registry: str, title: str, statuses: str) -> None:
    assert ROAD.registry(registry).title == title
    assert ROAD.listed_in(registry) == tuple(statuses.split())


def test_letters_that_the_source_describes_tell_what_it_asks() -> None:
    """Clause 7: the day of the review; clause 14: day and place of the sitting; clause 11: the conclusion goes to two."""
    assert "review_day" in ROAD.letter("review_assigned").tells
    assert {"sitting_day", "sitting_place"} <= set(ROAD.letter("sitting_appointed").tells)
    assert ROAD.letter("conclusion_ready").to == (CaseRole.TEACHER, CaseRole.GROUP_LEADER)


def test_a_refusal_names_what_is_missing() -> None:
    with pytest.raises(Refusal) as refused:
        ROAD.check("finish_review", "review", {CaseRole.MAIN_EXPERT}, {"outcome_stated", "conclusion_uploaded", "no_conflict"})
    assert refused.value.sentence == (
        "Действие «Завершить экспертизу» пока невозможно: дополнительные эксперты высказались не оба."
    )
    assert refused.value.clause == "11"


def test_once_the_review_has_begun_nothing_is_withdrawn() -> None:
    with pytest.raises(Refusal) as refused:
        ROAD.check("withdraw", "review", {CaseRole.TEACHER}, set(ROAD.facts))
    assert refused.value.sentence == "Действие «Отозвать» сейчас невозможно: заявление в состоянии «Экспертиза»."
    assert refused.value.clause == "17"


def test_people_are_called_as_in_the_letter() -> None:
    assert ROAD.title_of(CaseRole.SECRETARY) == "методист (секретарь аттестационной комиссии)"
    assert ROAD.title_of(CaseRole.SECOND_EXPERT) == "второй эксперт"


@pytest.mark.parametrize("name", ["submitted", "review_done", "sitting_moved", "refused", "withdrawn"])
def test_what_the_letter_leaves_open_is_remarked(name: str) -> None:
    """Anomalies of part D, row 12: two names of one status, no actor, an imperative, no name."""
    assert ROAD.status(name).remark
