"""Where each move of a case is made: at a desk that has a page for it, in the cabinet, or on the desk's own page for moves.

One table for both roads, because the same verb may be different work in each of them.
"""

from flask import url_for

from ....models import Application, Sitting
from ....procedure.road import Move, road
from .steps import STEPS

LENOBL, CITY = "lenobl-2022-03-01", "spb-2021-04-13"

# Moves with a page of their own: edition → verb → endpoint, whose only argument is the id of the case.
PAGES: dict[str, dict[str, str]] = {
    LENOBL: {
        "assign_review": "office_assignment.assign",
        "change_review": "office_assignment.assign",
        "allow_conflict": "office_assignment.conflict",
        "start_review": "office_reviews.review",
        "comment": "office_reviews.review",
        "upload_conclusion": "office_reviews.review",
        "finish_review": "office_reviews.check",
        "draw_up_dissent": "office_reviews.dissent",
        "sign_dissent": "office_reviews.dissent",
    },
    CITY: {
        "start_review": "office_assignment.assign",
        "replace_expert": "office_assignment.assign",
        "start_second_review": "office_assignment.assign",
        "replace_second_expert": "office_assignment.assign",
        "allow_conflict": "office_assignment.conflict",
        "allow_second_conflict": "office_assignment.conflict",
        "book_appointment": "office_reception.book",
        "cancel_appointment": "office_reception.book",
        "conclude": "office_reviews.review",
        "conclude_against": "office_reviews.review",
        "conclude_second": "office_reviews.review",
    },
}
# What such a page settles by itself, so that nothing of it is called missing before the page was opened; and, where the page is
# more than the move, what one opens while the move cannot be made yet.
SETTLED = {
    "office_assignment.assign": frozenset(
        {
            "review_day_set",
            "main_expert_named",
            "additional_experts_named",
            "experts_in_bank",
            "expert_named",
            "expert_listed",
            "second_expert_named",
            "second_expert_listed",
            "no_conflict",
            "second_no_conflict",
        }
    ),
}
OPENED = {"office_reviews.review": "Открыть экспертизу", "office_reviews.check": "Открыть экспертизу"}
# What to do so that a move comes about that nobody makes by hand, about the sitting of the case; before that: to hold it.
FOLLOWED = {
    "sitting.close": "Провести заседание",
    "sitting.release": "Объявить решения заседания",
    "order.publish": "Издать распоряжение по заседанию",
}
HELD = "Провести заседание"
# Moves that the teacher's side alone makes, in the cabinet.
CABINET: dict[str, frozenset[str]] = {
    LENOBL: frozenset({"submit", "confirm_portfolio", "read_conclusion", "withdraw"}),
    CITY: frozenset({"submit", "read_conclusion"}),
}


def address_of(application: Application, verb: str) -> str | None:
    """The page on which this move of the case is made at a desk; None for one that is made in the cabinet."""
    if verb in STEPS.get(application.edition, {}):
        return url_for("office_cases.move", id=application.id, verb=verb)
    endpoint = _page(application, verb)
    return url_for(endpoint, id=application.id) if endpoint else None


def followed(move: Move, sitting: Sitting | None) -> tuple[str, str | None]:
    """What to do so that a move comes about that follows a move of another road, and where."""
    ready = sitting is not None and FOLLOWED.get(move.follows) and _begins_here(move.follows, sitting)
    title = FOLLOWED[move.follows] if ready else HELD
    day = f" {sitting}" if sitting else ""
    return title + day, url_for("office_sittings.sitting", id=sitting.id) if sitting else None


def _begins_here(cause: str, sitting: Sitting) -> bool:
    """Whether the sitting stands where this move begins; of an order, that the sitting is over goes without saying."""
    record, _, verb = cause.partition(".")
    return record != "sitting" or sitting.status in road(record, sitting.edition).move(verb).sources


def settled(application: Application, verb: str) -> frozenset[str]:
    """The facts that the page of this move makes true itself."""
    step = STEPS.get(application.edition, {}).get(verb)
    return step.given if step else SETTLED.get(_page(application, verb), frozenset())


def opened(application: Application, verb: str) -> str:
    """The words on the way to the page of a move that cannot be made yet; empty for the title of the move."""
    return OPENED.get(_page(application, verb), "")


def _page(application: Application, verb: str) -> str:
    return PAGES.get(application.edition, {}).get(verb, "")
