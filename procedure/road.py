"""The road of a record through its statuses: data read from `procedure/<edition>/<record>.toml`, and the questions asked of it.

A move needs facts, the record observes facts, the answer is a set difference; nothing here knows a database or the web.
"""

import tomllib
from collections.abc import Set
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from .refusal import Refusal
from .words import LocalRole, Role

EDITION = "spb-2021-04-13"
# What the office does with its own site follows no regulation: a road of its own.
OFFICE = "office"

AnyRole = Role | LocalRole


@dataclass(frozen=True)
class Move:
    """One move between statuses: who may make it, what must be true, which clause it rests on."""

    verb: str
    title: str
    done: str
    sources: tuple[str, ...]
    target: str
    roles: frozenset[AnyRole]
    needs: tuple[str, ...]
    clause: str
    reason: bool


@dataclass(frozen=True)
class Road:
    """All statuses (name → title, in order), facts (name → what is said when it is missing) and moves of one kind of record.

    `subject` is what the record is called in a sentence; `public` are the statuses in which everybody may read it.
    """

    subject: str
    statuses: dict[str, str]
    public: frozenset[str]
    facts: dict[str, str]
    moves: tuple[Move, ...]

    def move(self, verb: str) -> Move:
        """The move of this verb; KeyError for a verb the data does not know."""
        for move in self.moves:
            if move.verb == verb:
                return move
        raise KeyError(f"unknown move {verb!r}")

    def open_moves(self, status: str, roles: Set[AnyRole]) -> tuple[Move, ...]:
        """The moves that a person with these roles may try from this status, whether or not the facts are there yet."""
        return tuple(move for move in self.moves if status in move.sources and move.roles & roles)

    def missing(self, move: Move, facts: Set[str]) -> tuple[str, ...]:
        """What still has to become true before the move, as sentences in the order of the data."""
        return tuple(self.facts[need] for need in move.needs if need not in facts)

    def check(self, verb: str, status: str, roles: Set[AnyRole], facts: Set[str], reason: str = "") -> Move:
        """The move, if it may be made now. Refusal names the role, the status, the missing facts or the missing reason."""
        move = self.move(verb)
        if not move.roles & roles:
            raise Refusal(f"Действие «{move.title}» вам недоступно: нет нужной роли.", move.clause)
        if status not in move.sources:
            current = self.statuses[status]
            raise Refusal(f"Действие «{move.title}» сейчас невозможно: {self.subject} в состоянии «{current}».", move.clause)
        if missing := self.missing(move, facts):
            raise Refusal(f"Действие «{move.title}» пока невозможно: {'; '.join(missing)}.", move.clause)
        if move.reason and not reason.strip():
            raise Refusal(f"Действие «{move.title}» требует указать причину.", move.clause)
        return move


@cache
def road(record: str, edition: str = EDITION) -> Road:
    """The road of a kind of record (`order`) in an edition; FileNotFoundError if there is none."""
    data = tomllib.loads((files(__package__) / edition / f"{record}.toml").read_text(encoding="utf-8"))
    return Road(
        subject=data["subject"],
        statuses={row["name"]: row["title"] for row in data["status"]},
        public=frozenset(row["name"] for row in data["status"] if row.get("public", False)),
        facts={row["name"]: row["missing"] for row in data["fact"]},
        moves=tuple(
            Move(
                verb=row["verb"],
                title=row["title"],
                done=row["done"],
                sources=tuple(row["from"]),
                target=row["to"],
                roles=frozenset(map(_role, row["roles"])),
                needs=tuple(row["needs"]),
                clause=row["clause"],
                reason=row.get("reason", False),
            )
            for row in data["move"]
        ),
    )


def _role(word: str) -> AnyRole:
    return LocalRole(word) if word in set(LocalRole) else Role(word)
