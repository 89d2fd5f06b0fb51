"""The official text split into the clauses of an edition: what was placed where, and what could not be.

A number at the beginning of a paragraph decides; our restatement of a clause then says whether it is likely to be that clause.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from .documents import Document, DocumentRefused, read
from .mending import TAIL, Paragraph, mended
from .numbering import Numbering, Start
from .shape import Edition

# Of the stems that the shorter of two texts has, the part that the other must share to be about the same.
ALIKE = 0.25
FEWEST_STEMS = 8
STEM = 5
SHOWN = 160

_WORD = re.compile(r"[а-яё]{5,}")
_NOBODY = "В документе не нашлось ни одного пункта с номерами этой редакции. Проверьте, тот ли это документ."
_ANOTHER = "Похоже, это другой документ: номера пунктов те же, а слова в них другие. Проверьте, тот ли файл выбран."


@dataclass(frozen=True)
class Placed:
    """The official wording of a clause, or of a section's heading and lead. Paragraphs are parted by an empty line."""

    number: str
    text: str
    place: str


@dataclass(frozen=True)
class Unplaced:
    """A piece of the document that belongs to no clause of the edition: where it begins, how, and why."""

    place: str
    text: str
    reason: str


@dataclass(frozen=True)
class Official:
    """A document split by the clauses of an edition. All in the order of the edition, the unplaced in that of the document."""

    edition: Edition
    clauses: tuple[Placed, ...]
    sections: tuple[Placed, ...]
    unplaced: tuple[Unplaced, ...]
    unknown: tuple[str, ...]
    taken_out: tuple[str, ...]

    @cached_property
    def missing(self) -> tuple[str, ...]:
        """Numbers of the edition that the document does not have."""
        found = {clause.number for clause in self.clauses}
        return tuple(number for number in self.edition.by_number if number not in found)

    @cached_property
    def doubtful(self) -> tuple[str, ...]:
        """Numbers of clauses whose official wording has little in common with our restatement."""
        compared = {clause.number: self._compared(clause) for clause in self.clauses}
        return tuple(number for number, (shared, of) in compared.items() if of >= FEWEST_STEMS and shared < ALIKE * of)

    @property
    def another(self) -> bool:
        """Whether it is, as a whole, about something else."""
        pairs = [self._compared(clause) for clause in self.clauses]
        return sum(shared for shared, _of in pairs) < ALIKE * sum(of for _shared, of in pairs)

    def _compared(self, clause: Placed) -> tuple[int, int]:
        """How many stems the wording shares with the restatement, of how many that it could."""
        restated = self.edition.clause(clause.number)
        ours, theirs = _stems(f"{restated.title} {restated.text}"), _stems(clause.text)
        return len(ours & theirs), min(len(ours), len(theirs))


def split_file(data: bytes, filename: str, edition: Edition) -> Official:
    """The file of an official document, split. DocumentRefused if it cannot be read or is another document."""
    official = split(read(data, filename), edition)
    if not official.clauses:
        raise DocumentRefused(_NOBODY)
    if official.another:
        raise DocumentRefused(_ANOTHER)
    return official


def split(document: Document, edition: Edition) -> Official:
    """The document split by the clauses of the edition."""
    numbering = Numbering(edition)
    restated = (text for clause in edition.by_number.values() for text in (clause.title, clause.text))
    whole = mended(document, numbering, restated)
    parts = _parts(_pieces(whole.paragraphs, numbering))
    body = max(parts, key=lambda part: len(_longest(part, numbering)), default=())
    placed = _chosen(body, numbering)
    return Official(
        edition=edition,
        clauses=tuple(placed[number].placed() for number in numbering.clauses if number in placed),
        sections=tuple(placed[number].placed() for number in numbering.sections if number in placed),
        unplaced=tuple(left for part in parts for left in (_left(part, placed) if part is body else _aside(part))),
        unknown=tuple(dict.fromkeys(piece.number for piece in body if piece.number and piece.number not in numbering.order)),
        taken_out=tuple(dict.fromkeys(line.text for line in whole.taken_out)),
    )


@dataclass(frozen=True)
class _Piece:
    """Paragraphs from one number to the next. No number: what stands before the first, or a heading of an appendix."""

    number: str
    paragraphs: tuple[Paragraph, ...]
    appendix: bool = False

    @property
    def place(self) -> str:
        return self.paragraphs[0].place

    def placed(self) -> Placed:
        return Placed(self.number, "\n\n".join(paragraph.text for paragraph in self.paragraphs), self.place)

    def left(self, reason: str) -> Unplaced:
        text = f"{self.number}. {self.paragraphs[0].text}" if self.number else self.paragraphs[0].text
        return Unplaced(self.place, text if len(text) <= SHOWN else f"{text[:SHOWN].rstrip()}…", reason)


def _pieces(paragraphs: Iterable[Paragraph], numbering: Numbering) -> list[_Piece]:
    """The paragraphs cut at each number and at each heading of an appendix."""
    cut: list[tuple[Start | None, bool, list[Paragraph]]] = []
    seen: set[str] = set()
    before = ""
    for paragraph in paragraphs:
        start = None if paragraph.appendix else numbering.start(paragraph.text, before, seen)
        before = paragraph.text[-TAIL:]
        if start:
            seen.add(start.number)
            cut.append((start, False, [Paragraph(start.rest, paragraph.place)]))
        elif paragraph.appendix or not cut:
            cut.append((None, paragraph.appendix, [paragraph]))
        else:
            cut[-1][2].append(paragraph)
    return [_Piece(start.number if start else "", tuple(inside), heading) for start, heading, inside in cut]


def _parts(pieces: Sequence[_Piece]) -> list[tuple[_Piece, ...]]:
    """The pieces between headings of appendices: a regulation is one part, its forms with rows 1.1, 1.2 are others."""
    edges = [0, *(at for at, piece in enumerate(pieces) if piece.appendix and at), len(pieces)]
    return [tuple(pieces[start:end]) for start, end in pairwise(edges) if end > start]


def _longest(part: Sequence[_Piece], numbering: Numbering) -> list[_Piece]:
    """The most pieces of a part whose numbers follow each other as in the edition (patience sorting)."""
    tops: list[int] = []
    ends: list[int] = []
    before: dict[int, int | None] = {}
    for at, piece in enumerate(part):
        order = numbering.order.get(piece.number)
        if order is None:
            continue
        pile = bisect_left(tops, order)
        before[at] = ends[pile - 1] if pile else None
        tops[pile : pile + 1], ends[pile : pile + 1] = [order], [at]
    chain: list[_Piece] = []
    last = ends[-1] if ends else None
    while last is not None:
        chain.append(part[last])
        last = before[last]
    return chain


def _chosen(body: Sequence[_Piece], numbering: Numbering) -> dict[str, _Piece]:
    """Number → its piece: where a number stands twice, the one that is in its order; otherwise the first."""
    found: dict[str, _Piece] = {}
    for piece in [*_longest(body, numbering), *body]:
        if piece.number in numbering.order:
            found.setdefault(piece.number, piece)
    return found


def _left(body: Sequence[_Piece], placed: dict[str, _Piece]) -> Iterable[Unplaced]:
    """What of the regulation itself has no place, each piece with its reason."""
    for piece in body:
        known = placed.get(piece.number)
        if not piece.number:
            yield piece.left("Стоит до первого пункта.")
        elif known is None:
            yield piece.left(f"Пункта {piece.number} в этой редакции на сайте нет.")
        elif known is not piece:
            yield piece.left(f"Номер {piece.number} стоит в документе дважды: взят тот, что начинается так: {known.place}.")


def _aside(part: Sequence[_Piece]) -> Iterable[Unplaced]:
    """One line for a whole part that is not the regulation."""
    yield part[0].left("Приложение: пункты регламента в нём не ищутся." if part[0].appendix else "Стоит до регламента.")


def _stems(text: str) -> set[str]:
    """Beginnings of the longer words, by which two texts are compared."""
    return {word[:STEM] for word in _WORD.findall(text.casefold().replace("ё", "е"))}
