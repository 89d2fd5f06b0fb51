"""What is chosen from for a complaint: kinds of infringement, against whom, grounds, outcomes. Data: `complaint-lists.toml`."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from .road import EDITION

RECORD = "complaint"
FILE = f"{RECORD}-lists.toml"


@dataclass(frozen=True)
class Listed:
    """A row of a list. `term`: of a kind, its term of consideration; `ours`: of a respondent, whether the Committee decides."""

    name: str
    title: str
    term: str
    ours: bool
    clause: str
    remark: str


@dataclass(frozen=True)
class Lists:
    """The lists, each in the order of the data. The name of an outcome is the verb of the move that it is."""

    kinds: tuple[Listed, ...]
    respondents: tuple[Listed, ...]
    silences: tuple[Listed, ...]
    grounds: tuple[Listed, ...]
    outcomes: tuple[Listed, ...]
    appeals: tuple[Listed, ...]

    def terms_of(self, kinds: Iterable[str]) -> frozenset[str]:
        """The terms of consideration that a complaint of these kinds has; nobody's kinds are left out."""
        wanted = set(kinds)
        return frozenset(kind.term for kind in self.kinds if kind.name in wanted)


def title_of(rows: Iterable[Listed], name: str) -> str:
    """The title of the row of this name; empty when there is none."""
    return next((row.title for row in rows if row.name == name), "")


def taken(edition: str) -> bool:
    """Whether this procedure has complaints of its own: the oblast's letter says nothing of them."""
    return (files(__package__) / edition / FILE).is_file()


@cache
def lists(edition: str = EDITION) -> Lists:
    """The lists of an edition; FileNotFoundError if it has none."""
    return read(tomllib.loads((files(__package__) / edition / FILE).read_text(encoding="utf-8")))


def read(data: Mapping[str, Any]) -> Lists:
    """Lists from their TOML tables. The data is trusted: `check.py` is what doubts it."""
    names = ("kind", "respondent", "silence", "ground", "outcome", "appeal")
    return Lists(*(tuple(map(_listed, data[name])) for name in names))


def _listed(row: Mapping[str, Any]) -> Listed:
    return Listed(
        row["name"], row["title"], row.get("term", ""), row.get("ours", True), row.get("clause", ""), row.get("remark", "")
    )
