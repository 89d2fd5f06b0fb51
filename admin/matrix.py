"""Who can do what, told from the very tables that the code asks: permissions, parts of a case, moves of every road."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

from .. import procedure
from ..procedure.check import NO_ROADS, editions
from ..procedure.road import Move, Road, road
from ..procedure.shape import AnyRole
from ..procedure.words import CaseRole, LocalRole, Role
from ..site.cases.people import EVERYWHERE, EXPERTS
from ..site.cases.rights import SEEN
from .access import ALLOWED


@dataclass(frozen=True)
class Row:
    """What may be done, why (a clause or words beside), and for each column whether it may."""

    title: str
    beside: str
    may: tuple[bool, ...]


@dataclass(frozen=True)
class Matrix:
    """A table of who can do what: roles across, deeds down. `edition`: of a road, whose it is."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    edition: str = ""


def permissions() -> Matrix:
    """Every permission of the office × every role."""
    rows = tuple(Row(_opening(one), "", tuple(role in ALLOWED[one] for role in Role)) for one in ALLOWED)
    return Matrix("permissions", "Разделы рабочего места", tuple(role.label for role in Role), rows)


def in_cases() -> Matrix:
    """Whom each role of the office makes somebody in a case; leaders and experts only in cases that were given to them."""
    columns = tuple(CaseRole)
    rows = []
    for role in Role:
        given = EVERYWHERE.get(role, frozenset()) | BY_APPOINTMENT.get(role, frozenset())
        beside = "только в делах, которые им поручены" if role in BY_APPOINTMENT else ""
        if given:
            rows.append(Row(role.label, beside, tuple(column in given for column in columns)))
    return Matrix("in-cases", "Кто кем становится в деле", tuple(role.label for role in columns), tuple(rows))


# Who has a part in a case only where it was given to them (`site/cases/people.roles_in`).
BY_APPOINTMENT = {Role.LEADER: frozenset({CaseRole.GROUP_LEADER}), Role.EXPERT: EXPERTS}


def parts() -> Matrix:
    """Which part of a case each role in it sees."""
    rows = tuple(Row(_opening(part), "", tuple(role in SEEN[part] for role in CaseRole)) for part in SEEN)
    return Matrix("parts", "Что видно в деле", tuple(role.label for role in CaseRole), rows)


def roads() -> tuple[Matrix, ...]:
    """The moves of every road of every edition; roles that none of its moves names are left out."""
    return tuple(_of_road(record, edition, road(record, edition)) for edition in editions() for record in records(edition))


def records(edition: str) -> tuple[str, ...]:
    """The records that have a road in this edition."""
    names = (file.name for file in (files(procedure) / edition).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml") and not name.endswith(NO_ROADS)))


# Every role of every kind, in the order in which tables name them.
ALL: tuple[AnyRole, ...] = (*Role, *LocalRole, *CaseRole)


def _of_road(record: str, edition: str, whole: Road) -> Matrix:
    named = {role for move in whole.moves for role in move.roles}
    columns = [role for role in ALL if role in named]
    rows = tuple(_of_moves(whole, columns))
    titles = tuple(whole.title_of(role) for role in columns)
    return Matrix(f"{edition}-{record}", _opening(whole.subject), titles, rows, edition)


def _of_moves(whole: Road, columns: Sequence[AnyRole]) -> Iterator[Row]:
    for move in whole.moves:
        yield Row(move.title, _beside(move), tuple(role in move.roles for role in columns))


def _beside(move: Move) -> str:
    clause = f"пункт {move.clause}" if move.clause else ""
    return ", ".join(filter(None, (clause, "" if move.roles else "делается само, вслед за другим действием")))


def _opening(text: str) -> str:
    return text[:1].upper() + text[1:]
