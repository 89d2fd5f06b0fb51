"""What a text in Markdown holds, line by line: its headings, links, pictures and tables, as the editor typed them."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html.parser import HTMLParser

from .. import markup

Line = int | None
"""A line of the text, 1 for the first; None where the element could not be found again in what was typed."""

HEADINGS = {f"h{level}": level for level in range(1, 7)}


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a level from 1 to 6."""

    level: int
    text: str
    line: Line


@dataclass(frozen=True, slots=True)
class Link:
    """A link with its words; the alt of a picture inside counts as words."""

    address: str
    text: str
    line: Line


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with its alternative text."""

    address: str
    alt: str
    line: Line


@dataclass(frozen=True, slots=True)
class Table:
    """A table, and whether any of its cells is a header."""

    headed: bool
    line: Line


@dataclass(frozen=True, slots=True)
class Outline:
    """All of them, each kind in the order of the text."""

    headings: tuple[Heading, ...]
    links: tuple[Link, ...]
    pictures: tuple[Picture, ...]
    tables: tuple[Table, ...]


@lru_cache(maxsize=1024)  # a revision never changes, and reports ask for all of them again and again
def outline(body: str) -> Outline:
    """Reads a text."""
    reader = _Reader()
    reader.feed(markup.as_typed(body))
    reader.close()
    finder = _Finder(body)
    headings = _lines_of(reader.headings, finder.headings())
    tables = _lines_of(reader.tables, finder.tables())
    return Outline(
        tuple(Heading(level, _squeezed(text), line) for (level, text), line in zip(reader.headings, headings, strict=True)),
        tuple(Link(address, _squeezed(text), finder.line(f"[{text}]", *_as_typed(address))) for address, text in reader.links),
        tuple(
            Picture(address, _squeezed(alt), finder.line(f"![{alt}]", *_as_typed(address))) for address, alt in reader.pictures
        ),
        tuple(Table(headed, line) for headed, line in zip(reader.tables, tables, strict=True)),
    )


def _lines_of(found: Sequence[object], lines: Sequence[int]) -> Sequence[Line]:
    # Code or typed HTML may hold what looks like a heading: rather no line than a wrong one.
    return lines if len(lines) == len(found) else [None] * len(found)


def _as_typed(address: str) -> tuple[str, ...]:
    """How an address may stand in a text, the surest way first: alone it could be the beginning of another one."""
    return f"({address})", f"({address} ", f'"{address}"', f"<{address}>", f": {address}", address


def _squeezed(text: str) -> str:
    return " ".join(text.split())


class _Reader(HTMLParser):
    """Gathers the elements from sound HTML, texts as they stand."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.headings: list[tuple[int, str]] = []
        self.links: list[tuple[str, str]] = []
        self.pictures: list[tuple[str, str]] = []
        self.tables: list[bool] = []
        self._texts: list[list[str]] = []  # of the headings, links and header cells that are open, the innermost last
        self._addresses: list[str] = []
        self._open_tables: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in HEADINGS or tag in {"a", "th"}:
            self._texts.append([])
        if tag == "a":
            self._addresses.append(values.get("href", ""))
        elif tag == "img":
            self.pictures.append((values.get("src", ""), values.get("alt", "")))
            self.handle_data(values.get("alt", ""))
        elif tag == "table":
            self._open_tables.append(len(self.tables))
            self.tables.append(False)

    def handle_endtag(self, tag: str) -> None:
        if tag in HEADINGS:
            self.headings.append((HEADINGS[tag], self._closed()))
        elif tag == "a":
            self.links.append((self._addresses.pop(), self._closed()))
        elif tag == "th":
            if self._closed().strip() and self._open_tables:
                self.tables[self._open_tables[-1]] = True
        elif tag == "table":
            self._open_tables.pop()

    def handle_data(self, data: str) -> None:
        for texts in self._texts:
            texts.append(data)

    def _closed(self) -> str:
        return "".join(self._texts.pop())


class _Finder:
    """Finds elements again in the text as it was typed."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.ends = [place for place, sign in enumerate(text) if sign == "\n"]
        self._searched: dict[str, int] = {}

    def line(self, *needles: str) -> Line:
        """The line of the next occurrence of the first needle that has one; of the last one when all were found before."""
        for needle in needles:
            place = self.text.find(needle, self._searched.get(needle, -1) + 1) if needle else -1
            if place < 0:
                place = self._searched.get(needle, -1)
            if place >= 0:
                self._searched[needle] = place
                return bisect_right(self.ends, place - 1) + 1
        return None

    def headings(self) -> list[int]:
        """Lines that begin with # or are underlined."""
        lines = self.text.split("\n")
        below = [*lines[1:], ""]
        return [
            number
            for number, (line, next_line) in enumerate(zip(lines, below, strict=True), 1)
            if line.startswith("#") or (line.strip() and _underlines(next_line))
        ]

    def tables(self) -> list[int]:
        """Lines that have a row of dashes and strokes below, and lines with an opening <table>."""
        lines = self.text.split("\n")
        below = [*lines[1:], ""]
        return [
            number
            for number, (line, next_line) in enumerate(zip(lines, below, strict=True), 1)
            if "<table" in line.lower() or ("|" in line and _divides(next_line))
        ]


def _underlines(line: str) -> bool:
    return bool(line) and (not line.strip("=") or not line.strip("-"))


def _divides(line: str) -> bool:
    return "-" in line and not set(line) - set("|:- ")
