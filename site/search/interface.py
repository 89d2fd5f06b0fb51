"""What the search of the archive takes and gives: the words between an engine and everybody who asks it.

A hit is a row of an order. An engine answers with the ids of rows; the page reads the rows from the database by id,
because the record is the truth and the index is disposable.
"""

import datetime as dt
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

Facet = Literal["year", "category", "position", "organization", "kind"]
FACETS: tuple[Facet, ...] = ("year", "category", "position", "organization", "kind")
TOP_VALUES = 15
"""How many positions or organisations a facet lists; a selected one is listed even beyond."""

MAX_LENGTH = 200
"""Longest text searched for, characters."""
MAX_PER_PAGE = 200

Progress = Callable[[int], None]
"""Told how many rows are done so far."""
CatchUp = Callable[[Collection[int]], Iterable["Entry"]]
"""Given the ids of the orders already built, the rows of published orders that are missing among them."""


class QueryRefused(ValueError):
    """A query that cannot be searched; the message is a Russian sentence for the visitor."""


class RowGone(QueryRefused):
    """The row after which a list was to go on is not there any more; the message is Russian."""


class IndexBusy(RuntimeError):
    """Another process has been writing the index for too long; the message is Russian."""


class IndexDamaged(RuntimeError):
    """The files of the index cannot be read; `sync` of `sources.py` builds it anew."""


class Entry(NamedTuple):
    """One row of a published order as the index sees it, together with the requisites of its order."""

    ruling_id: int
    order_id: int
    surname: str
    name: str
    patronymic: str
    position: str
    organization: str
    category: str
    established: bool
    kind: str
    number: str
    registered_on: dt.date


@dataclass(frozen=True, slots=True)
class Filters:
    """Exact values to keep; None keeps all."""

    year: int | None = None
    category: str | None = None
    position: str | None = None
    organization: str | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """What a visitor asked: text, filters, and which page in which order. Raises QueryRefused for an impossible page.

    `after`: the id of a row that stood last on the page before; pages are counted from there, whatever was published since.
    """

    text: str = ""
    filters: Filters = Filters()
    sort: Literal["new", "old"] = "new"
    page: int = 1
    per_page: int = 20
    facets: tuple[Facet, ...] = FACETS
    after: int | None = None

    def __post_init__(self) -> None:
        if self.page < 1:
            raise QueryRefused("Страницы результатов считаются с первой: укажите номер страницы от 1.")
        if not 1 <= self.per_page <= MAX_PER_PAGE:
            raise QueryRefused(f"На странице может быть от 1 до {MAX_PER_PAGE} строк.")
        if self.sort not in ("new", "old"):
            raise QueryRefused("Строки можно расположить только от новых к старым или от старых к новым.")


@dataclass(frozen=True, slots=True)
class Matched:
    """One thing understood in the text: its kind and how it was read."""

    kind: Literal["word", "beginning", "phrase", "initials", "number", "date", "organization number", "number of anything"]
    text: str

    def __str__(self) -> str:
        return f"{_LABELS[self.kind]} «{self.text}»"


_LABELS = {
    "word": "слово",
    "beginning": "начало слова",
    "phrase": "слова подряд",
    "initials": "инициалы",
    "number": "номер распоряжения",
    "date": "дата",
    "organization number": "номер организации",
    "number of anything": "номер",
}


@dataclass(frozen=True, slots=True)
class Correction:
    """Said above the results when something else was searched than was typed.

    `typed` is the text (keyboard) or the word (typing error) that was not found, `words` what was searched instead, the most
    frequent first, `text` the whole query with the first of them in its place.
    """

    kind: Literal["keyboard", "typing"]
    typed: str
    words: tuple[str, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Exact total, the rows of one page in order, and counts of each facet's values under the other filters."""

    total: int
    ruling_ids: tuple[int, ...]
    facets: dict[Facet, list[tuple[str | int, int]]]
    matched: tuple[Matched, ...]
    correction: Correction | None
    page: int
    pages: int


class SearchIndex(Protocol):
    """An engine. Newest order first; inside an order the rows stand as in its annex."""

    def search(self, query: Query) -> Answer:
        """The answer for whatever was typed. Raises QueryRefused for a text that is too long, RowGone without `after`."""

    def add_order(self, entries: Iterable[Entry]) -> None:
        """Make the rows of one order searchable, replacing what was known of it."""

    def add(self, entries: Iterable[Entry]) -> None:
        """The same for several orders in one commit. Raises IndexBusy when another writer does not finish."""

    def remove_order(self, order_id: int) -> None:
        """Forget an order; nothing happens if it is unknown."""

    def order_ids(self) -> set[int]:
        """The orders that are in the index, with or without established rows."""

    def rebuild(self, entries: Iterable[Entry], progress: Progress | None = None, catch_up: CatchUp | None = None) -> None:
        """Build anew from all rows beside the old index, then switch at once; searching goes on meanwhile."""

    def warm(self) -> None:
        """Read what the first query would have to wait for."""

    def close(self) -> None:
        """Let go of files."""
