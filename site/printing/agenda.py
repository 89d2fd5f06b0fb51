"""The agenda of a sitting as a tagged PDF: the cases by category, without anybody's contacts."""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from .paper import print_document

VARIANT = "pdf/ua-1"


@dataclass(frozen=True)
class Row:
    """A case on the agenda. `against`: members of the commission whose vote there something speaks against."""

    number: str
    person: str
    position: str
    organization: str
    conclusion: str
    present: str
    against: str


@dataclass(frozen=True)
class Section:
    """The cases of one category."""

    title: str
    count: int
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Sheet:
    """Everything that the agenda says. `foot`: at the foot of every page."""

    authority: str
    day: str
    where: str
    commission: str
    total: int
    kinds: str
    sections: tuple[Section, ...]
    foot: str


def agenda_pdf(sheet: Mapping[str, Any]) -> bytes:
    """The agenda of these plain values; the same values give the same bytes."""
    identity = sha256(repr(sorted(sheet.items())).encode()).hexdigest()
    return print_document("agenda", {"sheet": sheet}, variant=VARIANT, identity=f"agenda {identity}").data
