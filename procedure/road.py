"""The road of a record through its statuses: data read from `procedure/<edition>/<record>.toml`, and the questions asked of it.

A move needs facts, the record observes facts, the answer is a set difference; nothing here knows a database or the web.
The format of the data: `docs/procedure-format.md`.
"""

import tomllib
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, TypeVar

from .refusal import Refusal
from .shape import Actor, AnyRole, Approval, Day, Event, Fact, Letter, Outgoing, Registry, Status, System
from .words import CaseRole, LocalRole, Role

EDITION = "spb-2021-04-13"
# The editions by which an installation can work.
EDITIONS = (EDITION, "lenobl-2022-03-01")
# What the office does with its own site follows no regulation: a road of its own.
OFFICE = "office"

Row = TypeVar("Row", Status, Letter, Registry, System, Outgoing)


@dataclass(frozen=True)
class Move:
    """One move between statuses: who may make it, what must be true, which clause it rests on.

    Without a `target` it is a deed: the status stays, and `makes` names the fact that the deed makes true. `aside`: nobody is
    expected to make it. `letters` go when it is made, `marks` are the events whose date it gives, `sets` the days it names.
    `follows`: nobody makes it by hand, it comes with a move of another road, «sitting.close».
    """

    verb: str
    title: str
    done: str
    sources: tuple[str, ...]
    target: str
    roles: frozenset[AnyRole]
    needs: tuple[str, ...]
    clause: str
    reason: bool
    makes: str = ""
    aside: bool = False
    letters: tuple[str, ...] = ()
    marks: tuple[str, ...] = ()
    sets: tuple[str, ...] = ()
    follows: str = ""
    remark: str = ""

    def leads_from(self, status: str) -> str:
        """The status afterwards."""
        return self.target or status


@dataclass(frozen=True)
class Road:
    """All statuses, facts and moves of one kind of record, in the order of the data, and what hangs on them.

    `subject` is what the record is called in a sentence.
    """

    subject: str
    states: tuple[Status, ...]
    known_facts: tuple[Fact, ...]
    moves: tuple[Move, ...]
    actors: tuple[Actor, ...] = ()
    letters: tuple[Letter, ...] = ()
    registries: tuple[Registry, ...] = ()
    events: tuple[Event, ...] = ()
    days: tuple[Day, ...] = ()
    systems: tuple[System, ...] = ()
    outgoing: tuple[Outgoing, ...] = ()
    approvals: tuple[Approval, ...] = ()

    @cached_property
    def statuses(self) -> dict[str, str]:
        """Name → title, in order."""
        return {status.name: status.title for status in self.states}

    @cached_property
    def public(self) -> frozenset[str]:
        """The statuses in which everybody may read the record."""
        return frozenset(status.name for status in self.states if status.public)

    @cached_property
    def facts(self) -> dict[str, str]:
        """Name → what is said when it is missing."""
        return {fact.name: fact.missing for fact in self.known_facts}

    def status(self, name: str) -> Status:
        """The status of this name; KeyError for one the data does not know."""
        return _named(self.states, name)

    def letter(self, name: str) -> Letter:
        """The letter of this name; KeyError for one the data does not know."""
        return _named(self.letters, name)

    def registry(self, name: str) -> Registry:
        """The registry of this name; KeyError for one the data does not know."""
        return _named(self.registries, name)

    def system(self, name: str) -> System:
        """The outside system of this name; KeyError for one the data does not know."""
        return _named(self.systems, name)

    def outgoing_of(self, name: str) -> Outgoing:
        """What is carried over under this name; KeyError for what the data does not know."""
        return _named(self.outgoing, name)

    def carried_over(self, verb: str, kind: str = "") -> tuple[Outgoing, ...]:
        """What is carried over into outside systems after this move; `kind`: of the order that made it."""
        return tuple(row for row in self.outgoing if verb in row.moves and row.of in ("", kind))

    def listed_in(self, registry: str) -> tuple[str, ...]:
        """The statuses whose records stand in a registry, in the order of the data."""
        return tuple(status.name for status in self.states if registry in status.registries)

    def chain(self, kind: str) -> tuple[Approval, ...]:
        """Who approves an order of this kind, one after the other."""
        return tuple(step for step in self.approvals if step.of == kind)

    def title_of(self, role: AnyRole) -> str:
        """What the source calls this role; the general word where it does not name it."""
        return next((actor.title for actor in self.actors if actor.role is role), role.label)

    def move(self, verb: str) -> Move:
        """The move of this verb; KeyError for a verb the data does not know."""
        for move in self.moves:
            if move.verb == verb:
                return move
        raise KeyError(f"unknown move {verb!r}")

    def open_moves(self, status: str, roles: Set[AnyRole]) -> tuple[Move, ...]:
        """The moves that a person with these roles may try from this status, whether or not the facts are there yet."""
        return tuple(move for move in self.moves if status in move.sources and move.roles & roles)

    def awaited(self, status: str, facts: Set[str]) -> tuple[Move, ...]:
        """The moves that should come next: not made yet, and waiting for no deed that should be made in this status before."""
        expected = [move for move in self.moves if status in move.sources and not move.aside and move.makes not in facts]
        first = {move.makes for move in expected} - {""}
        return tuple(move for move in expected if not first & set(move.needs))

    def choice(self, move: Move) -> tuple[Move, ...]:
        """The moves of which one is made, for or against: they end the same status for the same people. Else this one alone."""
        if not move.target or move.aside:
            return (move,)
        ends = (other for other in self.moves if other.target and not other.aside)
        return tuple(other for other in ends if (other.sources, other.roles) == (move.sources, move.roles))

    def task(self, move: Move) -> str:
        """What is to be done, in words: of a choice what the titles say before they part, «Записать решение: …»."""
        titles = [one.title for one in self.choice(move)]
        heads = {title.partition(": ")[0] for title in titles}
        return heads.pop() if len(titles) > 1 and len(heads) == 1 else " / ".join(titles)

    def turn(self, status: str, facts: Set[str]) -> tuple[AnyRole, ...]:
        """Whose turn it is, in the order of the data; nobody's when the road ends here."""
        awaited = self.awaited(status, facts)
        return tuple(role for role in self.status(status).turn if any(expected_of(move, role) for move in awaited))

    def following(self, cause: str, status: str, facts: Set[str]) -> Move:
        """The move that a move of another road (`cause`) brings with it from this status. Refusal when none can be made."""
        here = [move for move in self.moves if move.follows == cause and status in move.sources]
        if not here:
            raise Refusal(f"Сейчас это невозможно: {self.subject} в состоянии «{self.statuses[status]}».")
        # Of a choice, for or against, the facts say which; where neither can be made, the first says what is missing.
        found = next((move for move in here if not self.missing(move, facts)), here[0])
        self._require(found, facts)
        return found

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
        self._require(move, facts)
        if move.reason and not reason.strip():
            raise Refusal(f"Действие «{move.title}» требует указать причину.", move.clause)
        return move

    def _require(self, move: Move, facts: Set[str]) -> None:
        if missing := self.missing(move, facts):
            raise Refusal(f"Действие «{move.title}» пока невозможно: {'; '.join(missing)}.", move.clause)


def expected_of(move: Move, role: AnyRole) -> bool:
    """Whether somebody in this role, whose turn it is, brings the move about: makes it, or what it follows."""
    return role in move.roles or bool(move.follows)


@cache
def road(record: str, edition: str = EDITION) -> Road:
    """The road of a kind of record (`order`) in an edition; FileNotFoundError if there is none."""
    return read(tomllib.loads((files(__package__) / edition / f"{record}.toml").read_text(encoding="utf-8")))


def has_road(record: str, edition: str = EDITION) -> bool:
    """Whether an edition has a road for a kind of record."""
    return (files(__package__) / edition / f"{record}.toml").is_file()


def read(data: Mapping[str, Any]) -> Road:
    """A road from its TOML table. The data is trusted: `check.py` is what doubts it."""
    return Road(
        subject=data["subject"],
        states=tuple(map(_status, data["status"])),
        known_facts=tuple(Fact(row["name"], row["missing"], row.get("holds", ""), *_why(row)) for row in data["fact"]),
        moves=tuple(map(_move, data["move"])),
        actors=tuple(Actor(role_of(row["name"]), row["title"], *_why(row)) for row in data.get("actor", ())),
        letters=tuple(
            Letter(row["name"], row["title"], tuple(map(role_of, row["to"])), tuple(row["tells"]), *_why(row))
            for row in data.get("letter", ())
        ),
        registries=tuple(
            Registry(row["name"], row["title"], row["of"], tuple(map(role_of, row["roles"])), *_why(row))
            for row in data.get("registry", ())
        ),
        events=tuple(Event(row["name"], row["title"], row.get("road", ""), *_why(row)) for row in data.get("event", ())),
        days=tuple(Day(row["name"], row["title"], *_why(row)) for row in data.get("day", ())),
        systems=tuple(System(row["name"], row["title"], *_why(row)) for row in data.get("system", ())),
        outgoing=tuple(
            Outgoing(
                row["name"],
                row["title"],
                row["system"],
                tuple(row["moves"]),
                row["working_days"],
                row.get("of", ""),
                *_why(row),
            )
            for row in data.get("outgoing", ())
        ),
        approvals=tuple(
            Approval(row["name"], row["title"], row["of"], tuple(map(role_of, row["roles"])), *_why(row))
            for row in data.get("approval", ())
        ),
    )


def role_of(word: str) -> AnyRole:
    """The role of this word, of whichever kind; ValueError for no role at all."""
    for kind in (LocalRole, CaseRole):
        if word in set(kind):
            return kind(word)
    return Role(word)


def _status(row: Mapping[str, Any]) -> Status:
    return Status(
        name=row["name"],
        title=row["title"],
        public=row.get("public", False),
        final=row.get("final", False),
        turn=tuple(map(role_of, row.get("turn", ()))),
        registries=tuple(row.get("registries", ())),
        folder_open=row.get("folder_open", False),
        clause=row.get("clause", ""),
        remark=row.get("remark", ""),
    )


def _move(row: Mapping[str, Any]) -> Move:
    return Move(
        verb=row["verb"],
        title=row["title"],
        done=row["done"],
        sources=tuple(row["from"]),
        target=row.get("to", ""),
        roles=frozenset(map(role_of, row.get("roles", ()))),
        needs=tuple(row["needs"]),
        clause=row["clause"],
        reason=row.get("reason", False),
        makes=row.get("makes", ""),
        aside=row.get("aside", False),
        letters=tuple(row.get("letters", ())),
        marks=tuple(row.get("marks", ())),
        sets=tuple(row.get("sets", ())),
        follows=row.get("follows", ""),
        remark=row.get("remark", ""),
    )


def _why(row: Mapping[str, Any]) -> tuple[str, str]:
    return row.get("clause", ""), row.get("remark", "")


def _named(rows: Iterable[Row], name: str) -> Row:
    for row in rows:
        if row.name == name:
            return row
    raise KeyError(f"unknown name {name!r}")
