"""The search over what the site itself says: pages, clauses, scoring forms, blanks. Whoosh in memory, built by each process.

These are hundreds of short texts, not rows by the hundred thousand: what never changes is indexed once, what the office
writes is brought up to date before a search, text by text, so that an edit is found at once.
"""

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from whoosh.fields import ID, KEYWORD, Schema
from whoosh.filedb.filestore import RamStorage
from whoosh.query import And, Or, Term

from .russian import retype, telling_terms, text_term, tokens
from .snippets import Piece, marked, snippet

LONGEST_QUERY = 200
MOST_HITS = 200
"""Hits of one group that are ranked; the count beyond is still exact."""


@dataclass(frozen=True, slots=True)
class Text:
    """Something that can be found: its kind (`group`), address, what stands before its title, title and words."""

    group: str
    address: str
    label: str
    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A found text with its words marked."""

    address: str
    label: str
    title: tuple[Piece, ...]
    snippet: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave, by group. `query` is what was really searched for; `whole`: every word is in each hit."""

    query: str
    totals: dict[str, int]
    hits: dict[str, tuple[Hit, ...]]
    whole: bool = True


class TextIndex:
    """The texts of one process. `fixed` are those that never change while it runs."""

    def __init__(self, fixed: Callable[[], Iterable[Text]]) -> None:
        self._fixed = fixed
        self._lock = threading.Lock()
        self._moving = _Shelf()

    def warm(self) -> None:
        """Index what never changes: the first search would wait for it."""
        with self._lock:
            _filled(self._fixed)

    def search(self, query: str, moving: Mapping[str, Text], group: str = "", limit: int = 5) -> Found:
        """Texts with all words of the query in any form, best first; failing that in the other keyboard layout, failing that
        those with some of the words. `moving` are all texts that may change, by a key that changes with them."""
        with self._lock:
            self._moving.bring(moving)
            shelves = (_filled(self._fixed), self._moving)
            for asked in dict.fromkeys((query, retype(query) or query)):
                if found := _found(shelves, asked, And, group, limit):
                    return found
            return _found(shelves, query, Or, group, limit) or Found(query, {}, {}, whole=False)


class _Memory(RamStorage):  # type: ignore[misc]
    """Storage that keeps to memory while it writes: whoosh's own takes a folder of a fixed name that all processes share."""

    def temp_storage(self, name: str | None = None) -> "_Memory":
        return _Memory()


class _Shelf:
    """An index in memory and the texts it was made of."""

    def __init__(self) -> None:
        fields = {"title": KEYWORD(scorable=True, field_boost=3.0), "body": KEYWORD(scorable=True)}
        self._index = _Memory().create_index(Schema(key=ID(unique=True, stored=True), group=ID, **fields))
        self.texts: dict[str, Text] = {}

    def bring(self, texts: Mapping[str, Text]) -> None:
        """Hold exactly these."""
        gone, new = self.texts.keys() - texts.keys(), texts.keys() - self.texts.keys()
        if not gone and not new:
            return
        writer = self._index.writer()
        for key in gone:
            writer.delete_by_term("key", key)
        for key in new:
            text = texts[key]
            label = f"{text.label} {text.title}"
            writer.add_document(key=key, group=text.group, title=_stemmed(label), body=_stemmed(f"{label} {text.body}"))
        writer.commit()
        self.texts = dict(texts)

    def best(self, query: Any) -> list[tuple[float, Text]]:
        """The texts that match, each with its score."""
        with self._index.searcher() as searcher:
            results = searcher.search(query, limit=None)
            return [(hit.score, self.texts[hit["key"]]) for hit in results]


@cache
def _filled(texts: Callable[[], Iterable[Text]]) -> _Shelf:
    """The shelf of texts that never change in this process."""
    shelf = _Shelf()
    shelf.bring({text.address: text for text in texts()})
    return shelf


def _stemmed(text: str) -> str:
    return " ".join(map(text_term, tokens(text)))


def _found(shelves: Iterable[_Shelf], query: str, together: Any, group: str, limit: int) -> Found | None:
    wanted = telling_terms(query)
    if not wanted:
        return None
    asked = together([Or([Term("title", word), Term("body", word)]) for word in sorted(wanted)])
    if group:
        asked = And([asked, Term("group", group)])
    ranked = sorted((pair for shelf in shelves for pair in shelf.best(asked)), key=lambda pair: (-pair[0], pair[1].address))
    totals: dict[str, int] = {}
    hits: dict[str, tuple[Hit, ...]] = {}
    for _score, text in ranked:
        totals[text.group] = totals.get(text.group, 0) + 1
        if totals[text.group] <= min(limit, MOST_HITS):
            hits[text.group] = (*hits.get(text.group, ()), _hit(text, wanted))
    return Found(query, totals, hits, whole=together is And) if ranked else None


def _hit(text: Text, wanted: frozenset[str]) -> Hit:
    return Hit(text.address, text.label, marked(text.title, wanted), marked(snippet(text.body, wanted), wanted))
