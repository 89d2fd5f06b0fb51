"""Stretches of a case whose length the public statistics tell: `procedure/office/statistics.toml`."""

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from .road import OFFICE

FILE = "statistics.toml"


@dataclass(frozen=True)
class Stretch:
    """From one event of a case to another, by their names in the road."""

    name: str
    title: str
    begins: str
    ends: str


@cache
def stretches() -> tuple[Stretch, ...]:
    """All of them, in the order in which people read them."""
    data = (files(__package__) / OFFICE / FILE).read_text(encoding="utf-8")
    return tuple(Stretch(**one) for one in tomllib.loads(data)["step"])
