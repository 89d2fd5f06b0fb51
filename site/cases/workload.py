"""Which seats of a case wait for an expert's work, and which moves fill them: read from the road of the case."""

from collections.abc import Mapping
from functools import cache

from peewee import Expression

from ...models import Application, Review
from ...procedure.road import EDITIONS, Move, road
from ...procedure.terms import terms
from ...procedure.words import CaseRole

# A move that needs one of these facts seats experts in these roles.
FILLS = {
    "main_expert_named": CaseRole.MAIN_EXPERT,
    "additional_experts_named": CaseRole.ADDITIONAL_EXPERT,
    "expert_named": CaseRole.MAIN_EXPERT,
    "second_expert_named": CaseRole.SECOND_EXPERT,
}
# What the choice of experts and of a day settles itself: before it nobody misses these facts.
SETTLED = frozenset(FILLS) | {
    *("experts_in_bank", "expert_listed", "second_expert_listed"),
    *("no_conflict", "second_no_conflict", "review_day_set"),
}
ADDITIONAL = "additional_experts"


@cache
def seats(edition: str, verb: str) -> Mapping[CaseRole, int]:
    """The roles that this move fills, and with how many experts each; none for any other move."""
    found = {FILLS[need]: 1 for need in road("application", edition).move(verb).needs if need in FILLS}
    if CaseRole.ADDITIONAL_EXPERT in found:
        found[CaseRole.ADDITIONAL_EXPERT] = terms(edition).limit(ADDITIONAL).number
    return found


@cache
def assigning(edition: str) -> tuple[Move, ...]:
    """The moves that seat experts, at first or in place of others, in the order of the road."""
    return tuple(move for move in road("application", edition).moves if seats(edition, move.verb))


def at_work() -> Expression:
    """The condition for reviews, joined with their cases, whose expert still has work to do: who could still be replaced."""
    found: Expression = Review.id.is_null()
    for edition in EDITIONS:
        for move in assigning(edition):
            if move.aside:
                in_seat = Review.role.in_([role.value for role in seats(edition, move.verb)])
                found = found | ((Application.edition == edition) & in_seat & Application.status.in_(move.sources))
    return found & Review.ended_at.is_null()
