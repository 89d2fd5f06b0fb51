"""Two editions of one document side by side: clauses added, removed, changed word by word, and those that only moved."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import groupby
from typing import TypeVar

from .search import plain
from .shape import AUDIENCES, Appendix, Clause, Edition, Term

Passage = Clause | Appendix
Thing = TypeVar("Thing")
# Texts that share less than this are shown whole, the old and then the new: a patchwork of single words helps nobody.
ALIKE = 0.35


class Change(StrEnum):
    """What happened to a clause."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True)
class Stretch:
    """Words that both editions have (`same`), the old one only (`old`), or the new one only (`new`)."""

    kind: str
    words: str


@dataclass(frozen=True)
class Listed:
    """What of a list was taken out and what was put in: actors, documents, readers, remarks."""

    old: tuple[str, ...] = ()
    new: tuple[str, ...] = ()


@dataclass(frozen=True)
class Terms:
    """Terms that the old edition has alone, and those of the new one."""

    old: tuple[Term, ...] = ()
    new: tuple[Term, ...] = ()


@dataclass(frozen=True)
class Difference:
    """One clause or appendix: what happened, both sides, and the differences between them, empty where there are none.

    `title` and each paragraph of `text` are stretches; an added or a removed clause has its whole text as one kind.
    """

    change: Change
    old: Passage | None
    new: Passage | None
    title: tuple[Stretch, ...] = ()
    text: tuple[tuple[Stretch, ...], ...] = ()
    actors: Listed = Listed()
    terms: Terms = Terms()
    documents: Listed = Listed()
    audiences: Listed = Listed()
    remarks: Listed = Listed()

    @property
    def passage(self) -> Passage:
        """The clause as it is now, or as it was before it was removed."""
        found = self.new or self.old
        assert found is not None
        return found


@dataclass(frozen=True)
class Comparison:
    """Everything that differs, in the order of the new edition; what was removed stands where it was."""

    old: Edition
    new: Edition
    clauses: tuple[Difference, ...]
    appendices: tuple[Difference, ...]

    @property
    def counts(self) -> dict[Change, int]:
        """How many clauses and appendices of each kind."""
        every = [difference.change for difference in (*self.clauses, *self.appendices)]
        return {change: every.count(change) for change in Change}


def compare(old: Edition, new: Edition) -> Comparison:
    """What changed between two editions of one document."""
    return Comparison(
        old,
        new,
        tuple(_differences([*old.by_number.values()], [*new.by_number.values()])),
        tuple(_differences(old.appendices, new.appendices)),
    )


def _differences(old: Sequence[Passage], new: Sequence[Passage]) -> Iterator[Difference]:
    pairs = _pairs(old, new)
    partners = {id(after): before for before, after in pairs}
    paired = {id(before) for before, _ in pairs}
    gone = [passage for passage in old if id(passage) not in paired]
    order = {passage.number: place for place, passage in enumerate(old)}
    for after in new:
        before = partners.get(id(after))
        if before:
            # Removed clauses stand before the first kept one that followed them.
            while gone and order[gone[0].number] < order[before.number]:
                yield _removed(gone.pop(0))
            difference = _between(before, after)
            if difference is not None:
                yield difference
        else:
            yield _added(after)
    yield from map(_removed, gone)


def _pairs(old: Sequence[Passage], new: Sequence[Passage]) -> list[tuple[Passage, Passage]]:
    """Which are the same clause: of the same words first, under the old number if it can be, then of the same number."""
    pairs: list[tuple[Passage, Passage]] = []
    left, right = [*old], [*new]
    for same in (_same_place_and_words, _same_words, _same_number):
        for before in [*left]:
            after = next((one for one in right if same(before, one)), None)
            if after is not None:
                pairs.append((before, after))
                left.remove(before)
                right.remove(after)
    return pairs


def _same_number(before: Passage, after: Passage) -> bool:
    return before.number == after.number


def _same_words(before: Passage, after: Passage) -> bool:
    return before.title == after.title and plain(before.text) == plain(after.text)


def _same_place_and_words(before: Passage, after: Passage) -> bool:
    return _same_number(before, after) and _same_words(before, after)


def _added(passage: Passage) -> Difference:
    return Difference(Change.ADDED, None, passage, _whole("new", passage.title)[0], _whole("new", plain(passage.text)))


def _removed(passage: Passage) -> Difference:
    return Difference(Change.REMOVED, passage, None, _whole("old", passage.title)[0], _whole("old", plain(passage.text)))


def _whole(kind: str, text: str) -> tuple[tuple[Stretch, ...], ...]:
    return tuple((Stretch(kind, line),) for line in text.split("\n"))


def _between(old: Passage, new: Passage) -> Difference | None:
    """What differs between two states of a clause; None when nothing does, line breaks and asterisks aside."""
    moved = old.number != new.number
    title = tuple(words(old.title, new.title)) if old.title != new.title else ()
    old_text, new_text = plain(old.text), plain(new.text)
    text = tuple(paragraphs(old_text, new_text)) if old_text != new_text else ()
    lists = {
        "actors": _listed(old.actors, new.actors),
        "documents": _listed(_documents(old), _documents(new)),
        "audiences": _listed(map(AUDIENCES.__getitem__, old.audiences), map(AUDIENCES.__getitem__, new.audiences)),
        "remarks": _listed(old.remarks, new.remarks),
    }
    terms = Terms(*_apart(_terms(old), _terms(new)))
    if not (moved or title or text or terms != Terms() or any(one != Listed() for one in lists.values())):
        return None
    return Difference(Change.MOVED if moved else Change.CHANGED, old, new, title, text, terms=terms, **lists)


def _documents(passage: Passage) -> tuple[str, ...]:
    """What a clause asks for; for an appendix, which clauses ask for it."""
    return passage.documents if isinstance(passage, Clause) else tuple(f"пункт {number}" for number in passage.required_by)


def _terms(passage: Passage) -> tuple[Term, ...]:
    return passage.terms if isinstance(passage, Clause) else ()


def _listed(old: Iterable[str], new: Iterable[str]) -> Listed:
    return Listed(*_apart(tuple(old), tuple(new)))


def _apart(old: tuple[Thing, ...], new: tuple[Thing, ...]) -> tuple[tuple[Thing, ...], tuple[Thing, ...]]:
    """What is only in the one and what is only in the other."""
    return tuple(thing for thing in old if thing not in new), tuple(thing for thing in new if thing not in old)


def words(old: str, new: str) -> Iterator[Stretch]:
    """Two texts as one, word by word: what stays, what goes, what comes."""
    for kind, run in groupby(_steps(old.split(), new.split()), key=lambda step: step[0]):
        yield Stretch(kind, " ".join(word for _, word in run))


def paragraphs(old: str, new: str) -> Iterator[tuple[Stretch, ...]]:
    """Two texts of a line for each paragraph: those that changed word by word, the others whole."""
    before, after = old.split("\n"), new.split("\n")
    for tag, i, j, k, m in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from ((Stretch("same", line),) for line in after[k:m])
            continue
        for one, other in _partners(before[i:j], after[k:m]):
            yield tuple(words(one, other))


def _partners(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    """Lines of a changed stretch with the lines that took their place; an empty one where none did."""
    while old and new:
        if _alike(old[0], new[0]) >= ALIKE:
            yield old.pop(0), new.pop(0)
        elif any(_alike(old[0], line) >= ALIKE for line in new):
            yield "", new.pop(0)
        else:
            yield old.pop(0), ""
    yield from ((line, "") for line in old)
    yield from (("", line) for line in new)


def _alike(old: str, new: str) -> float:
    return SequenceMatcher(None, old.split(), new.split(), autojunk=False).ratio()


def _steps(old: list[str], new: list[str]) -> Iterator[tuple[str, str]]:
    for tag, i, j, k, m in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            yield from (("same", word) for word in new[k:m])
        else:
            yield from (("old", word) for word in old[i:j])
            yield from (("new", word) for word in new[k:m])
