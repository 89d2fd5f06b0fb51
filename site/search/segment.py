"""One immutable segment of the Whoosh index, answering conditions with bitmaps.

Read through the codec's own readers, beneath Whoosh's searcher, which spends a Python call on each posting. What a segment
knows never changes, so its bitmaps are kept as long as it lives, within a budget; deletions and refusals belong to the view
above it.
"""

import sys
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate, chain
from operator import or_
from typing import Any

from . import bitmaps
from .bitmaps import Packed
from .counting import Column, Found, count
from .dictionary import Dictionary
from .interface import Facet
from .kept import Kept
from .query import (
    Beginning,
    Condition,
    Either,
    Field,
    FullName,
    OrderDate,
    OrderNumber,
    Words,
    number_key,
    same_number,
)
from .schema import ROW_FORMAT, OrderTerm

_MANY = 40
"""From so many values on, a walk through all rows is quicker than reading each value's postings."""


@dataclass(frozen=True, slots=True)
class OrderRun:
    """The documents of one order: they stand side by side, first to last."""

    order: OrderTerm
    number: str
    first: int
    last: int

    @property
    def bits(self) -> int:
        return bitmaps.span(self.first, self.last)


class Segment:
    """Bitmaps, dictionaries and columns of one segment. Not safe for several threads at once."""

    def __init__(self, storage: Any, segment: Any, kept: Kept) -> None:
        codec = segment.codec()
        self.name: str = segment.segment_id()
        self._kept = kept
        self.size: int = segment.doc_count_all()
        self._terms = codec.terms_reader(storage, segment)
        self._ruling_ids = _numbers(storage, codec.column_filename(segment, "row"))
        self._dictionaries: dict[Field, Dictionary] = {}
        self._columns: dict[Facet, Column] = {}
        self._vocabularies: dict[tuple[Field, ...], frozenset[str]] = {}
        self.runs = sorted(self._read_runs(), key=lambda run: run.first)
        self.refused = self._bits_of("refused", self._values("refused"))

    def close(self) -> None:
        self._kept.forget(self.name)
        self._terms.close()

    def ruling_id(self, document: int) -> int:
        return self._ruling_ids[document]

    def document_of(self, ruling_id: int) -> int | None:
        """The document of this row; None when it is in another segment."""
        try:
            return self._ruling_ids.index(ruling_id)
        except ValueError:
            return None

    # --- Sets of documents ---------------------------------------------------------------------------------------------

    def matching(self, condition: Condition) -> int:
        """The documents that meet a condition, deleted and refused ones included."""
        return bitmaps.unpack(self._kept.get(self.name, condition, lambda: self._find(condition)), self.size)

    def having(self, facet: Facet, value: str | int) -> int:
        """The documents with this value of a facet."""
        return bitmaps.unpack(self._kept.get(self.name, (facet, value), lambda: self._find_value(facet, value)), self.size)

    def _find_value(self, facet: Facet, value: str | int) -> Packed:
        match facet:
            case "year":
                return self._bits_of_runs(run for run in self.runs if run.order.date.year == value)
            case "kind":
                return self._bits_of_runs(run for run in self.runs if run.order.kind == value)
            case _:
                return bitmaps.pack(self._ids(facet, str(value)), self.size)

    def _find(self, condition: Condition) -> Packed:
        match condition:
            case OrderNumber(key):
                return self._bits_of_runs(run for run in self.runs if same_number(key, run.number))
            case OrderDate():
                return self._bits_of_runs(run for run in self.runs if condition.holds(run.order.date))
            case Either(conditions):
                return reduce(or_, map(self.matching, conditions), 0)
            case FullName(words):
                return self._full_name(words)
            case Words() | Beginning():
                return self._find_words(condition)

    def _find_words(self, condition: Words | Beginning) -> Packed:
        """The union of the values that meet the condition: of few by their postings, of many by a walk through the column."""
        few: list[array[int]] = []
        many = 0
        for field in condition.fields:
            known = self.dictionary(field)
            places = self._places(known, condition)
            if len(places) > _MANY and (field == "position" or field == "organization"):
                column = self.column(field)
                many |= bitmaps.from_column(column.places, (place + 1 for place in places), len(column.values))
            else:
                few += [self._ids(field, known.values[place]) for place in places]
        ids = array("I", chain.from_iterable(few))
        return many | bitmaps.from_ids(ids, self.size) if many else bitmaps.pack(ids, self.size)

    def _places(self, known: Dictionary, condition: Words | Beginning) -> Collection[int]:
        match condition:
            case Words(words):
                return known.having(words)
            case Beginning(letters) if len(condition.fields) == 1:
                return known.initial(letters)
            case Beginning(letters):
                return known.beginning(letters)

    def _full_name(self, words: Sequence[str]) -> int:
        """«Иванова Мария Петровна» or «Мария Петровна Иванова», each part whole; with one or two parts left out at the end."""
        found = 0
        orders: tuple[tuple[Field, ...], ...] = (
            ("surname", "name", "patronymic"),
            ("name", "patronymic", "surname"),
            ("name", "surname"),
        )
        for fields in orders:
            for taken in range(2, len(fields) + 1):
                found |= self._name_parts(tuple(words), fields[:taken])
        return found

    def _name_parts(self, words: tuple[str, ...], fields: Sequence[Field]) -> int:
        """Documents whose fields, one after another, consist of exactly these words."""
        if not fields:
            return 0 if words else bitmaps.span(0, self.size - 1)
        found = 0
        for taken in range(1, len(words) - len(fields) + 2):
            known = self.dictionary(fields[0])
            here = self._bits_of(fields[0], (known.values[place] for place in known.equal(words[:taken])))
            if here:
                found |= here & self._name_parts(words[taken:], fields[1:])
        return found

    def _bits_of(self, field: str, values: Iterable[str]) -> int:
        return bitmaps.from_ids(chain.from_iterable(self._ids(field, value) for value in values), self.size)

    def _bits_of_runs(self, runs: Iterable[OrderRun]) -> int:
        return reduce(or_, (run.bits for run in runs), 0)

    # --- Counts --------------------------------------------------------------------------------------------------------

    def count(self, facet: Facet, found: Found) -> Counter[str | int]:
        """How many of these documents have each value of a facet."""
        return count(found, self.column(facet), lambda value: self.having(facet, value))

    def column(self, facet: Facet) -> Column:
        if facet not in self._columns:
            self._columns[facet] = self._read_column(facet)
        return self._columns[facet]

    def _read_column(self, facet: Facet) -> Column:
        if facet in ("year", "kind"):
            names = [run.order.date.year if facet == "year" else run.order.kind for run in self.runs]
            distinct = sorted(set(names), key=str)
            pairs: Iterable[tuple[int, Iterable[int]]] = (
                (distinct.index(name) + 1, range(run.first, run.last + 1)) for name, run in zip(names, self.runs, strict=True)
            )
        else:
            distinct = list(self._values(facet))
            pairs = ((place, self._ids(facet, str(value))) for place, value in enumerate(distinct, 1))
        places = array("B" if len(distinct) < 256 else "H" if len(distinct) < 65536 else "I", [0]) * self.size
        for place, ids in pairs:
            for number in ids:
                places[number] = place
        return Column((None, *distinct), places)

    # --- What Whoosh holds ---------------------------------------------------------------------------------------------

    def dictionary(self, field: Field) -> Dictionary:
        if field not in self._dictionaries:
            self._dictionaries[field] = Dictionary(field, list(self._values(field)))
        return self._dictionaries[field]

    def words_among(self, words: set[str], fields: tuple[Field, ...]) -> set[str]:
        """Those of the given words that occur in any row, deleted and refused ones included."""
        if fields not in self._vocabularies:
            self._vocabularies[fields] = frozenset().union(*(self.dictionary(field).words for field in fields))
        return words & self._vocabularies[fields]

    def _read_runs(self) -> Iterator[OrderRun]:
        for term in self._values("order"):
            ids = self._ids("order", term)
            order = OrderTerm.parse(term)
            if ids[-1] - ids[0] + 1 != len(ids):
                raise ValueError(f"order {order.order_id}: its rows do not stand together")
            yield OrderRun(order, number_key(order.number), ids[0], ids[-1])

    def _values(self, field: str) -> Iterator[str]:
        if field not in self._terms.indexed_field_names():
            return
        for name, value in self._terms.terms_from(field, b""):
            if name != field:
                return
            yield value.decode()

    def _ids(self, field: str, value: str) -> "array[int]":
        """Documents of a term. Takes whole blocks of deltas, where Whoosh's public iterator makes a call for each document."""
        ids = array("I")
        term = (field, value.encode(errors="surrogatepass"))
        if term not in self._terms:
            return ids
        postings = self._terms.matcher(*term, ROW_FORMAT)
        while postings.is_active():
            postings._read_data()
            ids.extend(accumulate(postings._data[0]))
            postings._next_block()
        return ids


def _numbers(storage: Any, name: str) -> "array[int]":
    """The ids of rows as Whoosh's numeric column holds them: eight bytes each, the most significant first."""
    numbers = array("q")
    with closing(storage.open_file(name)) as file:
        numbers.frombytes(file.read())
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers
