"""What a road is made of besides its moves: statuses, facts, letters, registries, events, days. Frozen rows of the data."""

from dataclasses import dataclass

from .words import CaseRole, LocalRole, Role

AnyRole = Role | LocalRole | CaseRole


@dataclass(frozen=True)
class Status:
    """Where a record stands. `turn`: who is expected to act; `folder_open`: the teacher may still change the portfolio,
    unless it was received before.

    `title` is the source's own word, `remark` says where the source is silent or contradicts itself.
    """

    name: str
    title: str
    public: bool
    final: bool
    turn: tuple[AnyRole, ...]
    registries: tuple[str, ...]
    folder_open: bool
    clause: str
    remark: str


@dataclass(frozen=True)
class Fact:
    """What a record observes: what is said when it is missing, and when it holds, also for whom it holds of itself."""

    name: str
    missing: str
    holds: str
    clause: str
    remark: str


@dataclass(frozen=True)
class Actor:
    """Who somebody is in this procedure, in the words of its source."""

    role: AnyRole
    title: str
    clause: str
    remark: str


@dataclass(frozen=True)
class Letter:
    """A letter that a move sends: its subject, to whom it goes, and which figures it must tell (names of placeholders)."""

    name: str
    title: str
    to: tuple[AnyRole, ...]
    tells: tuple[str, ...]
    clause: str
    remark: str


@dataclass(frozen=True)
class Registry:
    """A list that the office keeps, and whose it is. `of`: what it lists, applications or experts."""

    name: str
    title: str
    of: str
    roles: tuple[AnyRole, ...]
    clause: str
    remark: str


@dataclass(frozen=True)
class Approval:
    """A step of the approval of a draft, and the roles of whom the office may name for it. `of`: which kind of order."""

    name: str
    title: str
    of: str
    roles: tuple[AnyRole, ...]
    clause: str
    remark: str


@dataclass(frozen=True)
class System:
    """A system of others into which the office carries over what happens in cases."""

    name: str
    title: str
    clause: str
    remark: str


@dataclass(frozen=True)
class Outgoing:
    """What is carried over into a system after any of these moves, and within how many working days. `of`: after moves of
    orders of this kind only."""

    name: str
    title: str
    system: str
    moves: tuple[str, ...]
    working_days: int
    of: str
    clause: str
    remark: str


@dataclass(frozen=True)
class Event:
    """Something whose date the record keeps, because terms run from it. `road`: the road that marks it, if another one does."""

    name: str
    title: str
    road: str
    clause: str
    remark: str


@dataclass(frozen=True)
class Day:
    """A day that somebody names for one case: of the review, of the sitting, the last one of the individual term."""

    name: str
    title: str
    clause: str
    remark: str
