"""An act of control as a tagged PDF: what it is about, sections with words and tables, who signs."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from .paper import print_document

VARIANT = "pdf/ua-1"


@dataclass(frozen=True)
class Table:
    """A table of an act: titles of its columns, their widths in shares of a hundred, rows of text."""

    columns: tuple[str, ...]
    widths: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """A part of an act under a heading: paragraphs, then a table if there is one."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    table: Table | None = None


@dataclass(frozen=True)
class Act:
    """Everything that an act says. `facts`: pairs of what and how it is; `foot`: at the foot of every page."""

    authority: str
    title: str
    subtitle: str
    foot: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    position: str
    signatory: str
    signed_on: str

    def plain(self) -> dict[str, Any]:
        """The same in values that another process can be told."""
        return asdict(self)


def act_pdf(act: Mapping[str, Any]) -> bytes:
    """The act of these plain values; the same values give the same bytes."""
    identity = sha256(repr(sorted(act.items())).encode()).hexdigest()
    return print_document("act", {"act": act}, variant=VARIANT, identity=f"act {identity}").data
