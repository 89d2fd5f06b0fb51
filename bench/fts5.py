"""The same search on SQLite FTS5: the competitor of `bench/search.py`, and the proof that the engine can be exchanged.

A good FTS5 index of this archive: contentless, words folded and stemmed beforehand, initials and facet values as tokens of
their own, rows numbered in publication order, so that the newest twenty are a backward scan and years are ranges of rows. It
understands text by the same `query` and `correction` as the Whoosh engine; orders must come by date.
"""

import datetime as dt
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import chain, groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

from attestation.site.search import Answer, Entry, Facet, Query, RowGone
from attestation.site.search.correction import match
from attestation.site.search.query import (
    EVERYWHERE,
    NAMES,
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
from attestation.site.search.russian import organization_key, stem, tokens
from attestation.site.search.whoosh_engine import chosen_values, listed

_SCHEMA = """
create table orders (order_id integer primary key, number text, date text, kind text, first integer, last integer);
create table value (id integer primary key, field text, text text, unique (field, text));
create table row (
    id integer primary key, ruling_id integer, order_id integer, year integer, category text, kind text,
    position integer, organization integer, surname text, name text, patronymic text
);
create table word (field text, word text, primary key (field, word)) without rowid;
create index row_of_ruling on row (ruling_id);
create virtual table words using fts5 (
    surname, name, patronymic, position, organization, initials, facets,
    content = '', columnsize = 0, prefix = '3 5', tokenize = 'unicode61 remove_diacritics 0'
);
create virtual table beginnings using fts5 (
    position, organization, content = '', columnsize = 0, detail = column, tokenize = 'unicode61 remove_diacritics 0'
);
"""
_KEYS = {"position": stem, "organization": organization_key}
_INITIALS = {"surname": "1", "name": "2", "patronymic": "3"}
_TEXT_FIELDS: tuple[Field, ...] = ("position", "organization")


class Fts5Index:
    """Implements `SearchIndex`; refusals are left out unless shown. A connection of one thread."""

    def __init__(self, directory: Path, show_refusals: bool = False) -> None:
        directory.mkdir(parents=True, exist_ok=True)
        self._show_refusals = show_refusals
        self._db = sqlite3.connect(directory / "fts5.sqlite", isolation_level=None)
        self._db.executescript("pragma journal_mode = wal; pragma synchronous = normal; pragma mmap_size = 1000000000;")
        self._db.execute("pragma cache_size = -64000")
        if not self._db.execute("select 1 from sqlite_master").fetchone():
            self._db.executescript(_SCHEMA)
        self._load()

    # --- Asking --------------------------------------------------------------------------------------------------------

    def search(self, query: Query) -> Answer:
        reading, hits, correction = match(self, query.text)
        chosen = chosen_values(query)
        kept = self._filtered(hits, chosen)
        facets: dict[Facet, list[tuple[str | int, int]]] = {}
        together = [facet for facet in query.facets if facet not in chosen]
        counts = self._counts(kept, together)
        for facet in query.facets:
            if facet in chosen:
                others = {other: value for other, value in chosen.items() if other != facet}
                counts |= self._counts(self._filtered(hits, others), [facet])
            facets[facet] = listed(facet, counts[facet], chosen.get(facet))
        skip = self._given(kept, query) + (query.page - 1) * query.per_page
        ids = kept.page(skip, query.per_page, "asc" if query.sort == "old" else "desc")
        return Answer(kept.total, ids, facets, reading.matched, correction, query.page, -(-kept.total // query.per_page))

    def _given(self, kept: "Rows", query: Query) -> int:
        """How many of the rows have been given already, up to the one after which the answer goes on."""
        if query.after is None:
            return 0
        row = self._db.execute("select id from row where ruling_id = ?", (query.after,)).fetchone()
        if row is None:
            raise RowGone("Строки, после которой продолжать, в архиве больше нет: начните список сначала.")
        given = kept.copy()
        given.within([(0, row[0])] if query.sort == "old" else [(row[0], sys.maxsize)])
        return given.total

    def find(self, conditions: Iterable[Condition]) -> "Rows":
        rows = Rows(self._db)
        for condition in conditions:
            self._require(rows, condition)
        return rows

    def words_among(self, words: set[str], fields: tuple[Field, ...] = EVERYWHERE) -> set[str]:
        return words & self._vocabularies[fields]

    def order_ids(self) -> set[int]:
        return {order_id for order_id, *_ in self._orders}

    def warm(self) -> None:
        self.search(Query(""))

    def close(self) -> None:
        self._db.close()

    def _require(self, rows: "Rows", condition: Condition) -> None:
        match condition:
            case OrderNumber() | OrderDate():
                rows.within(self._ranges(condition))
            case FullName(words):
                rows.among(self._named(words))
            case Either(conditions) if any(isinstance(one, OrderNumber) for one in conditions):
                ids = [self.find((one,)).ids() for one in conditions]
                rows.among(chain.from_iterable(ids))
            case Beginning(letters, fields) if len(fields) > 1:
                ids = self._ids_beginning(letters)
                names = f'{{surname name patronymic}} : "{letters}" *'
                if ids:
                    rows.among([*ids, *self._matching(names)])
                else:
                    rows.matching(names)
            case _:
                rows.matching(self._expression(condition))

    def _expression(self, condition: Condition) -> str:
        """A condition as an expression of FTS5, empty if nothing can match it."""
        match condition:
            case Beginning(letter, (field,)):
                return f"initials : {_INITIALS[field]}{letter}"
            case Words(words, fields):
                found = []
                names = [field for field in fields if field in NAMES and all(word in self._words[field] for word in words)]
                if names:
                    found.append(f'{{{" ".join(names)}}} : "{" ".join(words)}"')
                for field in set(fields).intersection(_KEYS):
                    keys = [_KEYS[field](word) for word in words]
                    if all(key in self._keys[field] for key in keys):
                        found.append(f'{field} : "{" ".join(keys)}"')
                return " OR ".join(f"({one})" for one in found)
            case Either(conditions):
                return " OR ".join(f"({found})" for one in conditions if (found := self._expression(one)))
            case _:
                raise TypeError(condition)

    def _ids_beginning(self, letters: str) -> list[int]:
        """Rows with a word of position or organisation that begins so; usually there is none, and no query."""
        if not any(word.startswith(letters) for field in _TEXT_FIELDS for word in self._words[field]):
            return []
        found = self._db.execute("select rowid from beginnings where beginnings match ?", (f'"{letters}" *',))
        return [rowid for (rowid,) in found]

    def _matching(self, expression: str) -> list[int]:
        return [rowid for (rowid,) in self._db.execute("select rowid from words where words match ?", (expression,))]

    def _named(self, words: tuple[str, ...]) -> list[int]:
        rows = self.find(Words((word,), NAMES) for word in words)
        found = []
        for rowid in rows.ids():
            names = self._db.execute("select surname, name, patronymic from row where id = ?", (rowid,)).fetchone()
            surname, name, patronymic = (tuple(tokens(one)) for one in names)
            orders = (
                surname + name,
                surname + name + patronymic,
                name + patronymic,
                name + patronymic + surname,
                name + surname,
            )
            if words in orders:
                found.append(rowid)
        return found

    def _ranges(self, condition: OrderNumber | OrderDate) -> list[tuple[int, int]]:
        return [
            (first, last)
            for _, number, date, _, first, last in self._orders
            if (same_number(condition.key, number) if isinstance(condition, OrderNumber) else condition.holds(date))
        ]

    def _filtered(self, hits: "Rows", chosen: dict[Facet, str | int]) -> "Rows":
        rows = hits.copy()
        for facet, value in chosen.items():
            if facet == "year":
                rows.within([(first, last) for _, _, date, _, first, last in self._orders if date.year == value])
            elif facet == "kind":
                rows.within([(first, last) for _, _, _, kind, first, last in self._orders if kind == value])
            else:
                place = self._values.get((facet, str(value)))
                rows.matching(f"facets : {facet[0]}{place}" if place else "")
        return rows

    def _counts(self, rows: "Rows", facets: list[Facet]) -> dict[Facet, Counter[str | int]]:
        """Year, category and kind in one pass, positions and organisations in one each."""
        counts: dict[Facet, Counter[str | int]] = {facet: Counter() for facet in facets}
        small = [facet for facet in facets if facet in ("year", "category", "kind")]
        for columns in filter(None, [small, *([facet] for facet in facets if facet not in small)]):
            for *values, number in rows.grouped(columns):
                for facet, value in zip(columns, values, strict=True):
                    counts[facet][self._texts[value] if facet in _TEXT_FIELDS else value] += number
        return counts

    # --- Telling -------------------------------------------------------------------------------------------------------

    def add_order(self, entries: Iterable[Entry]) -> None:
        self.add(entries)

    def add(self, entries: Iterable[Entry]) -> None:
        self._db.execute("begin immediate")
        self._insert(entries)
        self._db.execute("commit")
        self._load()

    def remove_order(self, order_id: int) -> None:
        raise NotImplementedError("a contentless table cannot forget rows; the measurements do not need it")

    def rebuild(self, entries: Iterable[Entry], progress: Any = None, catch_up: Any = None) -> None:
        self.add(entries)
        self._db.execute("insert into words (words) values ('optimize')")
        self._db.execute("insert into beginnings (beginnings) values ('optimize')")
        self._db.execute("analyze")

    def _insert(self, entries: Iterable[Entry]) -> None:
        rowid = self._db.execute("select coalesce(max(id), 0) from row").fetchone()[0]
        known_words: set[tuple[str, str]] = {(field, word) for field, words in self._words.items() for word in words}
        for order_id, group in groupby(entries, attrgetter("order_id")):
            first = rowid + 1
            shown = [entry for entry in reversed(list(group)) if entry.established or self._show_refusals]
            for entry in shown:
                rowid += 1
                self._insert_row(rowid, entry, known_words)
            if shown:
                requisites = (order_id, number_key(entry.number), entry.registered_on.isoformat(), entry.kind, first, rowid)
                self._db.execute("insert into orders values (?, ?, ?, ?, ?, ?)", requisites)

    def _insert_row(self, rowid: int, entry: Entry, known_words: set[tuple[str, str]]) -> None:
        places = [self._place(facet, getattr(entry, facet)) for facet in ("position", "organization", "category")]
        year = entry.registered_on.year
        self._db.execute(
            "insert into row values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (rowid, entry.ruling_id, entry.order_id, year, entry.category, entry.kind, *places[:2], *entry[2:5]),
        )
        words = {field: self._tokens(getattr(entry, field)) for field in EVERYWHERE}
        keys = [" ".join(map(_KEYS.get(field, str), words[field])) for field in EVERYWHERE]
        initials = " ".join(place + words[field][0][0] for field, place in _INITIALS.items() if words[field])
        facets = f"p{places[0]} o{places[1]} c{places[2]}"
        self._db.execute(
            "insert into words (rowid, surname, name, patronymic, position, organization, initials, facets)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            (rowid, *keys, initials, facets),
        )
        self._db.execute(
            "insert into beginnings (rowid, position, organization) values (?, ?, ?)",
            (rowid, *(" ".join(words[field]) for field in _TEXT_FIELDS)),
        )
        new = {(field, word) for field in EVERYWHERE for word in words[field]} - known_words
        known_words |= new
        self._db.executemany("insert into word values (?, ?)", new)

    def _tokens(self, value: str) -> list[str]:
        if value not in self._split:
            self._split[value] = tokens(value)
        return self._split[value]

    def _place(self, facet: str, text: str) -> int:
        if (facet, text) not in self._values:
            place = self._db.execute("insert into value (field, text) values (?, ?)", (facet, text)).lastrowid
            self._values[facet, text] = place or 0
        return self._values[facet, text]

    def _load(self) -> None:
        """The small tables, kept in memory as the other engine keeps its dictionaries."""
        self._split: dict[str, list[str]] = {}
        orders: Iterator[tuple[Any, ...]] = self._db.execute("select * from orders order by first")
        self._orders = [(*row[:2], dt.date.fromisoformat(row[2]), *row[3:]) for row in orders]
        values = self._db.execute("select id, field, text from value").fetchall()
        self._values: dict[tuple[str, str], int] = {(field, text): place for place, field, text in values}
        self._texts = {place: text for place, _, text in values}
        self._words: dict[str, set[str]] = {field: set() for field in EVERYWHERE}
        for field, word in self._db.execute("select field, word from word"):
            self._words[field].add(word)
        groups: tuple[tuple[Field, ...], ...] = (EVERYWHERE, NAMES)
        self._vocabularies = {fields: set().union(*(self._words[field] for field in fields)) for fields in groups}
        self._keys = {field: {key(word) for word in self._words[field]} for field, key in _KEYS.items()}


class Rows:
    """Rows that meet an expression of FTS5, lie in ranges and are among given ones; counted and fetched when asked."""

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db
        self._expressions: list[str] = []
        self._ranges: list[tuple[int, int]] | None = None
        self._among: set[int] | None = None

    def copy(self) -> "Rows":
        other = Rows(self._db)
        other._expressions, other._ranges, other._among = [*self._expressions], self._ranges, self._among
        return other

    def matching(self, expression: str) -> None:
        if expression:
            self._expressions.append(expression)
        else:
            self._among = set()

    def within(self, ranges: list[tuple[int, int]]) -> None:
        joined = _joined(ranges)
        self._ranges = joined if self._ranges is None else _common(self._ranges, joined)

    def among(self, ids: Iterable[int]) -> None:
        self._among = set(ids) if self._among is None else self._among.intersection(ids)

    @cached_property
    def total(self) -> int:
        total: int = self._select("count(*)").fetchone()[0]
        return total

    def ids(self) -> list[int]:
        return [rowid for (rowid,) in self._select("{id}")]

    def page(self, skip: int, take: int, direction: str) -> tuple[int, ...]:
        if skip >= self.total:
            return ()
        ids = [rowid for (rowid,) in self._select("{id}", f"order by {{id}} {direction} limit {take} offset {skip}")]
        found = dict(self._db.execute(f"select id, ruling_id from row where id in ({','.join(map(str, ids))})"))
        return tuple(found[rowid] for rowid in ids)

    def grouped(self, columns: list[Facet]) -> Iterator[tuple[Any, ...]]:
        names = ", ".join(f"row.{column}" for column in columns)
        return self._select(f"{names}, count(*)", f"group by {names}", joined=True)

    def _select(self, what: str, how: str = "", *, joined: bool = False) -> sqlite3.Cursor:
        """One query, over the FTS table when there are words, over the rows otherwise."""
        where, values = [], []
        if self._expressions:
            table, rowid = ("words cross join row on row.id = words.rowid", "words.rowid") if joined else ("words", "rowid")
            where.append("words match ?")
            values.append(" AND ".join(f"({expression})" for expression in self._expressions))
        else:
            table, rowid = "row", "row.id"
        plain = f"+{rowid}" if self._expressions else rowid  # OR and IN must not lead to a plan without MATCH
        if self._ranges is not None:
            one = rowid if len(self._ranges) == 1 else plain
            where.append("(" + (" or ".join(f"{one} between {first} and {last}" for first, last in self._ranges) or "0") + ")")
        if self._among is not None:
            where.append(f"{plain} in ({','.join(map(str, self._among))})")
        condition = f"where {' and '.join(where)}" if where else ""
        return self._db.execute(f"select {what} from {table} {condition} {how}".format(id=rowid), values)


def _joined(ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Adjacent ranges as one: a year is one range."""
    joined: list[tuple[int, int]] = []
    for first, last in sorted(ranges):
        if joined and joined[-1][1] + 1 == first:
            joined[-1] = (joined[-1][0], last)
        else:
            joined.append((first, last))
    return joined


def _common(some: list[tuple[int, int]], others: list[tuple[int, int]]) -> list[tuple[int, int]]:
    both = [(max(a[0], b[0]), min(a[1], b[1])) for a in some for b in others]
    return [(first, last) for first, last in both if first <= last]
