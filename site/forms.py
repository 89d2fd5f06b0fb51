"""The forms of the procedure (appendices 1 and 4, the dissent record, the consent): files of `content/forms/`, read once.

A form is a list of parts from top to bottom; `text`, `under` and `options` are the source's words, the rest is ours.
"""

import datetime as dt
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

NAMES = ("application", "complaint", "dissent", "consent")
"""All forms described here, in the order in which they are offered; the name is the last word of the address."""

FOOTNOTE_MARK = " <1>"


class BrokenForm(ValueError):
    """A file of a form that cannot be read; the message names file, part and what is wrong."""


class Kind(StrEnum):
    """What a part is. A title, heading and words are only read; a signature is a line that only a pen fills in."""

    TITLE = "title"
    HEADING = "heading"
    WORDS = "words"
    LINE = "line"
    LINES = "lines"
    DATE = "date"
    CHOICE = "choice"
    CHECKBOX = "checkbox"
    SIGNATURE = "signature"
    ROW = "row"


FILLED_IN = frozenset({Kind.LINE, Kind.LINES, Kind.DATE, Kind.CHOICE, Kind.CHECKBOX})
CHECKS = frozenset({"", "phone", "email"})


@dataclass(frozen=True)
class Part:
    """A piece of a form. `under` is printed small beneath the line; `rows` is the height of a field of several lines.

    On the page: `help` explains, `offers` are the answers to choose from, `needed_when` lists «field=answer» that make it
    required, `same_as` names the field whose answer it repeats, `autocomplete` is the word of the HTML standard.
    """

    kind: Kind
    text: str = ""
    under: str = ""
    name: str = ""
    label: str = ""
    number: int = 0
    rows: int = 2
    options: tuple[str, ...] = ()
    align: str = "left"
    narrow: bool = False
    own: bool = False
    cells: tuple["Part", ...] = ()
    help: str = ""
    offers: tuple[str, ...] = ()
    autocomplete: str = ""
    check: str = ""
    required: bool = False
    needed_when: tuple[str, ...] = ()
    same_as: str = ""

    @property
    def said(self) -> str:
        """What the field is called aloud: the words before the line and those under it."""
        under = self.under.removeprefix("(").removesuffix(")")
        joint = ": " if self.text and under and not self.text.endswith(".") else " "
        words = self.label or f"{self.text.rstrip(',:')}{joint}{under}".strip()
        return f"{self.number}. {words}" if self.number else words

    @property
    def answers(self) -> tuple[str, ...]:
        """The answers of a choice, without the mark of the footnote."""
        return tuple(option.removesuffix(FOOTNOTE_MARK) for option in self.options)

    def needed(self, values: Mapping[str, str]) -> bool:
        """Whether it has to be filled in beside these answers."""
        told = (condition.partition("=") for condition in self.needed_when)
        return self.required or any(values.get(name) == answer for name, _, answer in told)


@dataclass(frozen=True)
class Form:
    """One form in one edition. `document` is the word of the regulation's address, empty for St Petersburg."""

    name: str
    title: str
    heading: str
    purpose: str
    who: str
    edition: dt.date
    act: str
    clauses: tuple[str, ...]
    layout: str
    parts: tuple[Part, ...]
    appendix: str = ""
    regulation: str = ""
    kind: str = ""
    document: str = ""
    columns: tuple[str, ...] = ()
    footnote: str = ""
    addition: str = ""

    @cached_property
    def fields(self) -> tuple[Part, ...]:
        """What is filled in, from top to bottom, cells of rows included."""
        every = (piece for part in self.parts for piece in (part, *part.cells))
        return tuple(piece for piece in every if piece.kind in FILLED_IN)

    @property
    def numbered(self) -> tuple[Part, ...]:
        """The numbered rows of a table."""
        return tuple(part for part in self.fields if part.number)

    def field(self, name: str) -> Part:
        """The field of this name; KeyError without one."""
        for part in self.fields:
            if part.name == name:
                return part
        raise KeyError(name)


@dataclass(frozen=True)
class Offer:
    """What the list of forms says about one of them, whether it is described here or beside the scoring forms."""

    name: str
    title: str
    purpose: str
    who: str
    edition: dt.date
    act: str
    appendix: str
    clauses: tuple[str, ...]
    document: str = ""


@cache
def offers() -> tuple[Offer, ...]:
    """Everything offered, in the order of the appendices; what has none stands last."""
    told = tomllib.loads((files("attestation") / "content" / "forms" / "others.toml").read_text(encoding="utf-8"))
    described = (form(name) for name in NAMES)
    own = [
        Offer(one.name, one.title, one.purpose, one.who, one.edition, one.act, one.appendix, one.clauses, one.document)
        for one in described
    ]
    others = [Offer(**_frozen(words)) for words in told["offer"]]
    return tuple(sorted((*own, *others), key=lambda offer: (not offer.appendix, offer.appendix)))


def offer(name: str) -> Offer:
    """The one of this name; KeyError without one."""
    return {one.name: one for one in offers()}[name]


def needed_by(clause: str, document: str = "") -> tuple[Offer, ...]:
    """The forms that this clause asks for; `document` is the word of the regulation's address."""
    return tuple(offer for offer in offers() if offer.document == document and clause in offer.clauses)


@cache
def form(name: str) -> Form:
    """The form of this name. Raises BrokenForm for a file that cannot be read, KeyError for an unknown name."""
    if name not in NAMES:
        raise KeyError(name)
    file = files("attestation") / "content" / "forms" / f"{name}.toml"
    told = tomllib.loads(file.read_text(encoding="utf-8"))
    parts = tuple(_parts(name, told.pop("part", [])))
    try:
        made = Form(name=name, parts=parts, **_frozen(told))
    except TypeError as wrong:
        raise BrokenForm(f"{name}.toml: {wrong}") from None
    _check(made)
    return made


def _parts(file: str, told: list[dict[str, Any]]) -> Iterator[Part]:
    for place, words in enumerate(told, 1):
        cells = tuple(_parts(file, words.pop("cells", [])))
        try:
            yield Part(kind=Kind(words.pop("kind", "")), cells=cells, **_frozen(words))
        except (TypeError, ValueError) as wrong:
            raise BrokenForm(f"{file}.toml, part {place}: {wrong}") from None


def _frozen(told: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in told.items()}


def _check(form: Form) -> None:
    names = [part.name for part in form.fields]
    wrong = [part.said for part in form.fields if not part.name or not part.said or part.check not in CHECKS]
    wrong += [name for name in {*names} if names.count(name) > 1]
    wrong += [part.same_as for part in form.fields if part.same_as and part.same_as not in names]
    wrong += [word for part in form.fields for word in part.needed_when if word.partition("=")[0] not in names]
    if wrong or [part.number for part in form.numbered] != [*range(1, len(form.numbered) + 1)]:
        raise BrokenForm(f"{form.name}.toml: nameless, repeated or unknown fields, or numbers out of order: {wrong}")
