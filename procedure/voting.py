"""How the commission votes: who makes a quorum, what the votes decide. The data is `procedure/<edition>/voting.toml`.

Votes are for or against establishing the category. Nobody abstains: whoever does not vote took no part (3.4.2, 3.4.4).
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files
from math import ceil
from typing import Any

from .road import EDITION
from .words import Decision

FILE = "voting.toml"


@dataclass(frozen=True)
class Ground:
    """Where a rule of voting comes from."""

    clause: str
    remark: str


@dataclass(frozen=True)
class Tally:
    """The votes on one case: how many of what composition, how many are `needed` for a quorum, what they decide.

    `decision` is None without a quorum. `tied`: the decision is the one that a tie gives.
    """

    composition: int
    needed: int
    votes_for: int
    votes_against: int
    decision: Decision | None

    @property
    def voted(self) -> int:
        """How many took part in the vote."""
        return self.votes_for + self.votes_against

    @property
    def quorate(self) -> bool:
        """Whether enough of the composition took part."""
        return self.voted >= self.needed

    @property
    def tied(self) -> bool:
        """Whether there are as many for as against, of a vote that counts."""
        return self.quorate and self.votes_for == self.votes_against


@dataclass(frozen=True)
class Voting:
    """The rules of an edition. `share` of the composition makes a quorum; `tie`: what equal votes decide."""

    share: Fraction
    tie: Decision
    quorum_ground: Ground
    majority_ground: Ground
    tie_ground: Ground

    def needed(self, composition: int) -> int:
        """How many of so many members must vote; at least one."""
        return max(1, ceil(self.share * composition))

    def tally(self, composition: int, votes_for: int, votes_against: int) -> Tally:
        """The votes counted. ValueError for more votes than members."""
        if min(votes_for, votes_against) < 0 or votes_for + votes_against > composition:
            raise ValueError(f"{votes_for} and {votes_against} votes of {composition} members")
        needed = self.needed(composition)
        decision = self._decision(votes_for, votes_against) if votes_for + votes_against >= needed else None
        return Tally(composition, needed, votes_for, votes_against, decision)

    def _decision(self, votes_for: int, votes_against: int) -> Decision:
        if votes_for == votes_against:
            return self.tie
        return Decision.ESTABLISH if votes_for > votes_against else Decision.REFUSE


@cache
def voting(edition: str = EDITION) -> Voting:
    """The rules of an edition; FileNotFoundError if it has none."""
    return read(tomllib.loads((files(__package__) / edition / FILE).read_text(encoding="utf-8")))


def read(data: Mapping[str, Any]) -> Voting:
    """Rules from their TOML tables. The data is trusted: `check.py` is what doubts it."""
    quorum, tie = data["quorum"], data["tie"]
    return Voting(
        share=Fraction(quorum["part"], quorum["of"]),
        tie=Decision(tie["decision"]),
        quorum_ground=_ground(quorum),
        majority_ground=_ground(data["majority"]),
        tie_ground=_ground(tie),
    )


def _ground(row: Mapping[str, Any]) -> Ground:
    return Ground(row["clause"], row.get("remark", ""))
