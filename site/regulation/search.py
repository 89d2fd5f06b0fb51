"""Search inside one edition: clauses and appendices that have all the words, in any form; a number leads straight there."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from ..search.russian import retype, telling_terms, text_term, tokens
from ..search.snippets import Piece, marked, snippet
from .shape import Appendix, Clause, Edition

LONGEST_QUERY = 200
_NUMBER = re.compile(r"(?:(?:под)?пункт\w{0,3}|п\.?|пп\.?)?\s*№?\s*(\d+(?:-\d+)?(?:[.,]\d+)*)\.?")
_APPENDIX = re.compile(r"прил(?:ожени\w{1,2}|\.)?\s*№?\s*(\d+)")
_SECTION = re.compile(r"раздел\w{0,3}\s*№?\s*([ivx]+|\d+(?:-\d+)?)\.?")
_ROMAN = {"i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10"}


@dataclass(frozen=True)
class Hit:
    """A clause or an appendix: `target` is the last word of its address, `label` what it is called."""

    target: str
    label: str
    title: tuple[Piece, ...]
    snippet: tuple[Piece, ...]


@dataclass(frozen=True)
class Found:
    """What a search gave. `query` is what was really searched for, `whole`: every word was found in each hit."""

    query: str
    hits: tuple[Hit, ...]
    whole: bool = True


@dataclass(frozen=True)
class _Entry:
    """What is searched in: the stems of the title and of everything, and the text to show."""

    target: str
    label: str
    title: str
    text: str
    title_stems: frozenset[str]
    stems: frozenset[str]


def target(edition: Edition, query: str) -> str | None:
    """The last word of the address when the query is nothing but a number: «2.6.2», «п. 2.6.2», «приложение 3», «раздел II»."""
    asked = _squeezed(query)
    if found := _APPENDIX.fullmatch(asked):
        return f"appendix-{found[1]}" if any(one.number == found[1] for one in edition.appendices) else None
    if found := _SECTION.fullmatch(asked):
        place = _ROMAN.get(found[1], found[1])
        return f"section-{place}" if any(one.place == place for one in edition.sections) else None
    if found := _NUMBER.fullmatch(asked):
        number = found[1].replace(",", ".")
        return number if number in edition.by_number else None
    return None


def find(edition: Edition, query: str) -> Found:
    """Clauses with all words of the query, the best first; failing that the other keyboard layout, failing that some words."""
    if any(shape.fullmatch(_squeezed(query)) for shape in (_APPENDIX, _SECTION, _NUMBER)):
        return Found(query, ())  # a number that `target` does not know: its digits in other places would mislead
    for asked in dict.fromkeys((query, retype(query) or query)):
        wanted = telling_terms(asked)
        if hits := _hits(edition, wanted, len(wanted)):
            return Found(asked, hits)
    wanted = telling_terms(query)
    return Found(query, _hits(edition, wanted, max(1, (len(wanted) + 1) // 2)) if len(wanted) > 1 else (), whole=False)


def _squeezed(query: str) -> str:
    return " ".join(query.lower().split())


def _hits(edition: Edition, wanted: frozenset[str], least: int) -> tuple[Hit, ...]:
    """Entries with at least so many of the stems: the more of them, and the more in the title, the higher."""
    if not wanted:
        return ()
    entries = _entries(edition)
    scores = [(len(wanted & entry.stems), len(wanted & entry.title_stems)) for entry in entries]
    best = sorted(
        (place for place, score in enumerate(scores) if score[0] >= least), key=lambda place: [-n for n in scores[place]]
    )
    return tuple(_hit(entries[place], wanted) for place in best)


def _hit(entry: _Entry, wanted: frozenset[str]) -> Hit:
    return Hit(entry.target, entry.label, marked(entry.title, wanted), marked(snippet(entry.text, wanted), wanted))


@lru_cache(maxsize=8)
def _entries(edition: Edition) -> tuple[_Entry, ...]:
    return (*map(_of_clause, edition.by_number.values()), *map(_of_appendix, edition.appendices))


def _of_clause(clause: Clause) -> _Entry:
    terms = (f"{term.since} {term.purpose}" for term in clause.terms)
    return _entry(clause.number, clause.number, clause, (*clause.actors, *clause.documents, *terms, *clause.remarks))


def _of_appendix(appendix: Appendix) -> _Entry:
    label = f"Приложение №\N{NO-BREAK SPACE}{appendix.number}"
    return _entry(f"appendix-{appendix.number}", label, appendix, (*appendix.actors, *appendix.remarks))


def _entry(target: str, label: str, passage: Clause | Appendix, also: Iterable[str]) -> _Entry:
    text = plain(passage.text)
    title_stems = frozenset(map(text_term, tokens(passage.title)))
    # What stands beside the text is found too; where the text has none of the words, it is what the hit shows.
    beside = ". ".join(also)
    return _Entry(target, label, passage.title, f"{text}\n{beside}", title_stems, title_stems | _all_stems(text, beside))


def _all_stems(*texts: str) -> frozenset[str]:
    return frozenset(text_term(word) for text in texts for word in tokens(text))


def plain(text: str) -> str:
    """Markdown as words: no asterisks, no bullets; a link is its words. A line stays for each paragraph and item."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text).replace("**", "")
    blocks = re.split(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+\.)\s)", text)
    return "\n".join(" ".join(re.sub(r"^\s*[-*]\s+", "", block).split()) for block in blocks)
