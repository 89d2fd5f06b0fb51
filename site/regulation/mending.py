"""What a conversion broke, mended: words and paragraphs are whole again, page numbers and running heads are gone."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from .documents import Document, Line
from .numbering import Numbering, appendix, broken, ended, refers

# How near to a page's edge a running head stands, in lines, and on how many pages it must.
EDGE = 3
FEWEST_REPEATED = 3
LONGEST_HEAD = 120
# Parts of the usual width: a line that reaches the first goes on below even after a full stop, the second without one.
FULL = 0.85
WIDE = 0.6

_PAGE_NUMBER = re.compile(r"[-–—\s]*(?:с\.|стр\.|страница|лист)?\s*(\d{1,4})\s*(?:(?:из|/)\s*\d{1,4})?[-–—\s]*", re.I)
_CONTENTS = re.compile(r"(?:\.\s?){4,}\s*\d+$|…{2,}\s*\d+$")
# How much of a text's end is looked at: no word, no number is longer.
TAIL = 200
_WORD = re.compile(r"[а-яёa-z]+(?:-[а-яёa-z]+)*", re.I)
_LAST = re.compile(r"([а-яё]{1,40}(?:-[а-яё]{1,40}){0,3})[-\u00ad]$", re.I)
_FIRST = re.compile(r"[а-яё]+", re.I)
_SPLIT = re.compile(r"\b([а-яё]{1,40}(?:-[а-яё]{1,40}){0,3})- ([а-яё]+)", re.I)
_ITEM = re.compile(r"(?:[а-яa-z]|\d{1,2})\)\s|[•·▪●–—-]\s", re.I)
# What a hyphen joins to whatever stands before, or after.
_PARTICLES = frozenset({"то", "либо", "нибудь", "таки", "ка"})
_ADVERB = re.compile(r"кое-.+|во-(?:первых|вторых|третьих)|по-\w+(?:ому|ему|ски|цки|ьи)")
# The first part of a compound, «программно-методический», ends so and is no shorter than this.
_COMPOUND = re.compile(r"\w{3,}[ое]")
# Longer words are compared without their endings: a third of the word, at most so many letters.
LONGER = 5
ENDING = 4


@dataclass(frozen=True)
class Paragraph:
    """A whole paragraph, the place where it begins and whether it begins as the heading of an appendix."""

    text: str
    place: str
    appendix: bool = False


@dataclass(frozen=True)
class Mended:
    """The paragraphs of a document, and the lines that were taken out: page numbers, running heads, contents."""

    paragraphs: tuple[Paragraph, ...]
    taken_out: tuple[Line, ...]


class Words:
    """The words of a document and of our restatement of it: what a word broken in two should be is asked here."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.known = {word.casefold() for text in texts for word in _WORD.findall(text)}
        self.sorted = sorted(self.known)

    def joined(self, left: str, right: str) -> str:
        """One word of two parts between which a hyphen stood at the end of a line; real hyphens stay."""
        hyphenated = f"{left}-{right}"
        return hyphenated if self._with_hyphen(left.casefold(), right.casefold()) or right[:1].isupper() else left + right

    def _with_hyphen(self, left: str, right: str) -> bool:
        if self._familiar(right, f"{left}-") or right in _PARTICLES or _ADVERB.fullmatch(f"{left}-{right}"):
            return True
        if self._familiar(left + right):
            return False
        return bool(_COMPOUND.fullmatch(left.rpartition("-")[2])) and self._familiar(right)

    def _familiar(self, word: str, before: str = "") -> bool:
        """Whether the word is known, in whatever form; `before` stands before it unchanged."""
        if len(word) < LONGER:
            return before + word in self.known
        stem = before + word[: -min(ENDING, len(word) // 3)]
        at = bisect_left(self.sorted, stem)
        return at < len(self.sorted) and self.sorted[at].startswith(stem)

    def within(self, text: str) -> str:
        """A paragraph in which words were broken and the lines joined afterwards: «пре- доставление»."""
        return _SPLIT.sub(self._within, text)

    def _within(self, found: re.Match[str]) -> str:
        whole, hyphenated = (found[1] + found[2]).casefold(), f"{found[1]}-{found[2]}".casefold()
        return self.joined(found[1], found[2]) if self.known & {whole, hyphenated} else found[0]


def mended(document: Document, numbering: Numbering, restated: Iterable[str]) -> Mended:
    """The document as it was before the conversion. `restated` are texts in which the same words stand unbroken."""
    gone = _furniture(document.lines)
    lines = [line for at, line in enumerate(document.lines) if at not in gone]
    words = Words([*_unbroken(lines), *restated])
    folded = _Folding(document, lines, numbering, words).paragraphs()
    whole = tuple(Paragraph(words.within(text), first.place, appendix(first.text)) for text, first in folded)
    return Mended(whole, tuple(document.lines[at] for at in sorted(gone)))


def _unbroken(lines: Iterable[Line]) -> Iterator[str]:
    """The texts of the lines without parts of words that were broken at their ends."""
    broken_before = False
    for line in lines:
        text = _FIRST.sub("", line.text, count=1) if broken_before and _FIRST.match(line.text) else line.text
        last = _LAST.search(text[-TAIL:])
        yield text[: -len(last[0])] if last else text
        broken_before = last is not None


class _Folding:
    """Lines folded into paragraphs."""

    def __init__(self, document: Document, lines: list[Line], numbering: Numbering, words: Words) -> None:
        self.wrapped = document.wrapped
        self.lines = lines
        self.numbering = numbering
        self.words = words
        lengths = sorted(len(line.text) for line in lines if line.text)
        self.width = lengths[len(lengths) * 9 // 10] if lengths else 0

    def paragraphs(self) -> Iterator[tuple[str, Line]]:
        """Texts with the lines in which they begin."""
        pieces: list[str] = []
        gap = False
        first = last = Line("", "")
        for line in self.lines:
            if not line.text:
                gap = True
                continue
            if pieces and self._goes_on(pieces, last.text, line.text, gap):
                self._add(pieces, line.text)
            else:
                if pieces:
                    yield "".join(pieces), first
                pieces, first = [line.text], line
            last, gap = line, False
        if pieces:
            yield "".join(pieces), first

    def _goes_on(self, pieces: list[str], last: str, line: str, gap: bool) -> bool:
        """Whether the line continues the paragraph of these pieces, whose last line was `last`, perhaps over a gap."""
        text = pieces[-1][-TAIL:]
        if len(pieces) == 1 and broken(text):
            return True
        if appendix(line) or self.numbering.start(line, text):
            return False
        wide = self.wrapped and not gap and len(last) >= WIDE * self.width
        full = wide and len(last) >= FULL * self.width
        if _ITEM.match(line):
            return full and not ended(text) and line[1:2] != ")"
        if ended(text):
            return full and text.endswith((".", "!", "?"))
        first = line.lstrip('(«"')[:1]
        return bool(_LAST.search(text)) or refers(text) or first.islower() or first.isdigit() or wide

    def _add(self, pieces: list[str], line: str) -> None:
        """Join the line to the pieces, mending the word that was broken between them."""
        last, first = _LAST.search(pieces[-1][-TAIL:]), _FIRST.match(line)
        if last and first:
            soft = pieces[-1].endswith("\u00ad")
            word = last[1] + first[0] if soft else self.words.joined(last[1], first[0])
            pieces[-1] = pieces[-1][: -len(last[0])]
            pieces.append(word + line[first.end() :])
        else:
            pieces[-1] = pieces[-1].rstrip("\u00ad")
            pieces.append(f" {line}")


def _furniture(lines: tuple[Line, ...]) -> set[int]:
    """Places of page numbers, running heads and lines of the table of contents."""
    numbers = _page_numbers(lines)
    contents = {at for at, line in enumerate(lines) if _CONTENTS.search(line.text[-TAIL:])}
    return numbers | contents | _repeated_at_edges(lines) | _repeated_between(lines, numbers)


def _page_numbers(lines: tuple[Line, ...]) -> set[int]:
    """Places of lone numbers that follow one another; a lone number that does not is somebody's text."""
    alone = [(at, int(found[1])) for at, line in enumerate(lines) if (found := _PAGE_NUMBER.fullmatch(line.text))]
    pairs = [(one, two) for one, two in pairwise(alone) if two[1] == one[1] + 1]
    return {at for pair in pairs for at, _number in pair}


def _repeated_at_edges(lines: tuple[Line, ...]) -> set[int]:
    """Places of lines that stand, but for their figures, at the edges of a third of the pages."""
    edges = [at for page in _pages(lines) for at in {*page[:EDGE], *page[-EDGE:]}]
    counts = Counter(_without_figures(lines[at].text) for at in edges)
    fewest = max(FEWEST_REPEATED, lines[-1].page / 3)
    return {at for at in edges if counts[_without_figures(lines[at].text)] >= fewest}


def _pages(lines: tuple[Line, ...]) -> Iterator[list[int]]:
    """Places of the lines with text, page by page, where there are pages."""
    pages: dict[int, list[int]] = {}
    for at, line in enumerate(lines):
        if line.page and line.text:
            pages.setdefault(line.page, []).append(at)
    yield from pages.values()


def _without_figures(text: str) -> str:
    return re.sub(r"\d+", "#", text.casefold())


def _repeated_between(lines: tuple[Line, ...], numbers: set[int]) -> set[int]:
    """Places of a line that comes again and again beside a page number, or set apart in the middle of a sentence.

    It is how running heads look where nothing else tells of pages.
    """
    places: dict[str, list[int]] = {}
    for at, line in enumerate(lines):
        if line.text and not line.page and at not in numbers and len(line.text) <= LONGEST_HEAD and not ended(line.text):
            places.setdefault(line.text, []).append(at)
    gone: set[int] = set()
    for alike in places.values():
        if len(alike) >= FEWEST_REPEATED and 2 * sum(_page_ends(lines, at, numbers) for at in alike) >= len(alike):
            gone |= set(alike)
    return gone


def _page_ends(lines: tuple[Line, ...], at: int, numbers: set[int]) -> bool:
    before = next((other for other in range(at - 1, -1, -1) if lines[other].text), at)
    after = next((other for other in range(at + 1, len(lines)) if lines[other].text), at)
    apart = at - before > 1 and after - at > 1
    interrupts = not ended(lines[before].text) and lines[after].text[:1].islower()
    return bool({before, after} & numbers) or (apart and interrupts)
