"""The receipt of an application as a tagged PDF: number, day, answers, files with their SHA-256, what happens next."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

from .paper import print_document

VARIANT = "pdf/ua-1"


@dataclass(frozen=True)
class Answer:
    """A row of the form and what was answered."""

    number: int
    question: str
    answer: str


@dataclass(frozen=True)
class Brought:
    """A file that came with the application. `size` is written out."""

    name: str
    kind: str
    size: str
    sha256: str


@dataclass(frozen=True)
class Next:
    """What comes next: what, who does it, until when, by which clause."""

    title: str
    who: str
    term: str
    clause: str


@dataclass(frozen=True)
class Sheet:
    """Everything that a receipt says. `filed`: day and time in words; `check_at`: where the state can be looked up."""

    number: str
    filed: str
    person: str
    channel: str
    authority: str
    act: str
    check_at: str
    answers: tuple[Answer, ...]
    files: tuple[Brought, ...]
    ahead: tuple[Next, ...]

    def plain(self) -> dict[str, Any]:
        """The same in values that another process can be told."""
        return asdict(self)


def receipt_pdf(sheet: Mapping[str, Any]) -> bytes:
    """The receipt of these plain values; the same values give the same bytes."""
    identity = sha256(repr(sorted(sheet.items())).encode()).hexdigest()
    return print_document("receipt", {"sheet": sheet}, variant=VARIANT, identity=f"receipt {identity}").data
