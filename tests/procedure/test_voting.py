"""Quorum, majority and tie, by hand for every composition that may sit (3.4.2)."""

import pytest

from attestation.procedure.voting import voting
from attestation.procedure.words import Decision

EDITIONS = ("lenobl-2022-03-01", "spb-2021-04-13")
ESTABLISH, REFUSE = Decision.ESTABLISH, Decision.REFUSE

# Two thirds of 1, 2, 3 … 40 members, counted by hand: of 4 members 2.67, so three must vote.
NEEDED = [
    *(1, 2, 2, 3, 4, 4, 5, 6, 6, 7),
    *(8, 8, 9, 10, 10, 11, 12, 12, 13, 14),
    *(14, 15, 16, 16, 17, 18, 18, 19, 20, 20),
    *(21, 22, 22, 23, 24, 24, 25, 26, 26, 27),
]


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize(("composition", "needed"), [*enumerate(NEEDED, 1)])
def test_quorum_is_two_thirds_of_the_composition(edition: str, composition: int, needed: int) -> None:
    rules = voting(edition)
    assert rules.needed(composition) == needed
    assert rules.tally(composition, needed, 0).decision is ESTABLISH
    assert rules.tally(composition, 0, needed).decision is REFUSE
    # One vote fewer decides nothing, however unanimous.
    assert rules.tally(composition, needed - 1, 0).decision is None
    assert rules.tally(composition, 0, needed - 1).decision is None


@pytest.mark.parametrize(
    ("composition", "votes_for", "votes_against", "decision", "tied"),
    [
        (12, 8, 0, ESTABLISH, False),
        (12, 5, 4, ESTABLISH, False),
        (12, 4, 5, REFUSE, False),
        # A tie is for the teacher.
        (12, 4, 4, ESTABLISH, True),
        (12, 6, 6, ESTABLISH, True),
        # Seven of twelve are no quorum, whatever they say; nor is a tie of three and three.
        (12, 7, 0, None, False),
        (12, 3, 3, None, False),
        (12, 0, 0, None, False),
        (15, 10, 0, ESTABLISH, False),
        (15, 9, 0, None, False),
        (15, 7, 8, REFUSE, False),
        (2, 1, 1, ESTABLISH, True),
        (1, 0, 1, REFUSE, False),
    ],
)
def test_what_the_votes_decide(
    composition: int, votes_for: int, votes_against: int, decision: Decision | None, tied: bool
) -> None:
    tally = voting().tally(composition, votes_for, votes_against)
    assert (tally.decision, tally.tied) == (decision, tied)


def test_a_tally_says_what_it_counted() -> None:
    tally = voting().tally(12, 5, 2)
    assert (tally.composition, tally.needed, tally.voted, tally.quorate) == (12, 8, 7, False)


@pytest.mark.parametrize(("composition", "votes_for", "votes_against"), [(3, 4, 0), (3, 2, 2), (3, -1, 0), (3, 2, -1)])
def test_no_more_votes_than_members(composition: int, votes_for: int, votes_against: int) -> None:
    with pytest.raises(ValueError, match="votes"):
        voting().tally(composition, votes_for, votes_against)


@pytest.mark.parametrize(("edition", "clause"), [("spb-2021-04-13", "3.4.2"), ("lenobl-2022-03-01", "15")])
def test_every_rule_has_its_clause(edition: str, clause: str) -> None:
    rules = voting(edition)
    grounds = (rules.quorum_ground, rules.majority_ground, rules.tie_ground)
    assert [ground.clause for ground in grounds] == [clause] * 3
    assert all(ground.remark for ground in grounds)
