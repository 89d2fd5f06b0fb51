"""The inventory of a portfolio (внутренняя опись, приложение № 2): the words of the blank, and its rows."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from .forms import CURRENT, folder
from .papers import Need


@dataclass(frozen=True)
class Inventory:
    """The fixed words of the blank, top to bottom."""

    appendix: str
    regulation: str
    title: str
    person_hint: str
    work_hint: str
    columns: tuple[str, ...]
    applicant_hint: str
    name_hint: str
    organization_hint: str
    stamp: str
    date_hint: str
    footnote: str


@dataclass(frozen=True)
class Entry:
    """A row: what the paper is called and, as far as known, in which state it lies in the portfolio and on how many sheets."""

    name: str
    state: str = ""
    sheets: int | None = None


@dataclass(frozen=True)
class Holder:
    """Whose portfolio it is: surname, name and patronymic; position and place of work."""

    person: str
    work: str


@cache
def inventory(edition: str = CURRENT) -> Inventory:
    """The words of the blank in this edition; OSError for an edition without one."""
    words = tomllib.loads((folder(edition) / "inventory.toml").read_text(encoding="utf-8"))
    return Inventory(**{**words, "columns": tuple(words["columns"])})


def entries(asked: Iterable[Need]) -> tuple[Entry, ...]:
    """A row for each paper, in the order of the form. What may be left out («могут быть представлены») is left out."""
    return tuple(
        Entry(f"{paper.text} (строка {need.row.clause.removesuffix('bis')})", paper.state.value)
        for need in asked
        for paper in need.papers
        if not paper.optional
    )
