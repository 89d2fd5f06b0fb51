"""Named selects for pages. Lists of many rows are named tuples: a page of a hundred people needs no hundred records."""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from peewee import JOIN, Expression, fn

from ..models import Order, Ruling
from ..procedure.words import Category
from .search.query import number_key, same_number
from .search.russian import fold


class Row(NamedTuple):
    """A row of an order as tables show it."""

    number: int
    surname: str
    name: str
    patronymic: str
    position: str
    organization: str
    category: str
    established: bool
    page: int | None

    @property
    def person(self) -> str:
        return " ".join(filter(None, (self.surname, self.name, self.patronymic)))

    @property
    def category_label(self) -> str:
        return Category(self.category).label


class Hit(NamedTuple):
    """A found row with the requisites of its order."""

    id: int
    row: Row
    year: int
    order_number: str
    registered_on: dt.date


class Latest(NamedTuple):
    """A published order as the home page lists it; `rows` counts the rows that are shown to the public."""

    year: int
    number: str
    registered_on: dt.date
    title: str
    rows: int


class Counts(NamedTuple):
    """How many rows an order has, and how many of them refuse a category."""

    rows: int
    refused: int


ROW = (
    Ruling.number,
    Ruling.surname,
    Ruling.name,
    Ruling.patronymic,
    Ruling.position,
    Ruling.organization,
    Ruling.category,
    Ruling.established,
    Ruling.page,
)


def latest_orders(limit: int, *, refusals: bool) -> list[Latest]:
    """The orders published last; one query."""
    newest = Order.published().limit(limit).alias("newest")
    shown = Ruling.order == newest.c.id
    if not refusals:
        shown &= Ruling.established
    found = (
        Order.select(Order.year, Order.number, Order.registered_on, Order.title, fn.COUNT(Ruling.id))
        .join(newest, on=Order.id == newest.c.id)
        .join(Ruling, JOIN.LEFT_OUTER, on=shown)
        .group_by(Order.id)
        .order_by(Order.published_at.desc(), Order.id.desc())
    )
    return [Latest(*values) for values in _tuples(found)]


def hits(ids: Collection[int]) -> list[Hit]:
    """The rows of these ids with their orders, in the order of the ids; one query. A row that is gone is left out."""
    if not ids:
        return []
    found = (
        Ruling.select(Ruling.id, Order.year, Order.number, Order.registered_on, *ROW)
        .join(Order)
        .where(Ruling.id.in_(list(ids)), Order.status == "published")
    )
    by_id = {id: Hit(id, Row(*row), year, number, day) for id, year, number, day, *row in _tuples(found)}
    return [by_id[id] for id in ids if id in by_id]


def order_at(year: int, number: str) -> Order | None:
    """The published order of this address; one query."""
    found: Order | None = Order.at(year, number).first()
    return found


def order_spelled(year: int, number: str) -> str | None:
    """The number as registered, when exactly one published order of the year is meant by another spelling of it: «1016р»."""
    key = number_key(number)
    known = Order.published().where(Order.year == year).select(Order.number)
    same: list[str] = [found for (found,) in _tuples(known) if same_number(key, number_key(found))]
    return same[0] if len(same) == 1 else None


def counts(order: Order) -> Counts:
    """How many rows the order has; one query."""
    found = Ruling.select(fn.COUNT(Ruling.id), fn.SUM(Ruling.established.cast("INTEGER"))).where(Ruling.order == order)
    ((rows, established),) = _tuples(found)
    return Counts(rows, rows - (established or 0))


def rows(order: Order, *, refusals: bool, words: str, offset: int, limit: int) -> list[Row]:
    """A stretch of the order's rows as its annex has them, those that hold all the words; one query."""
    chosen = Ruling.select(*ROW).where(_shown(order, refusals, words)).order_by(Ruling.number)
    return [Row(*values) for values in _tuples(chosen.offset(offset).limit(limit))]


def count_rows(order: Order, *, refusals: bool, words: str) -> int:
    """How many rows of the order hold all the words; one query."""
    found: int = Ruling.select().where(_shown(order, refusals, words)).count()
    return found


def rows_before(order: Order, number: int, *, refusals: bool) -> int:
    """How many shown rows stand before this row in the annex; one query."""
    found: int = Ruling.select().where(_shown(order, refusals, ""), Ruling.number < number).count()
    return found


def _shown(order: Order, refusals: bool, words: str) -> Expression:
    shown: Expression = Ruling.order == order
    if not refusals:
        shown &= Ruling.established
    text: Any = Ruling.surname
    for field in (Ruling.name, Ruling.patronymic, Ruling.position, Ruling.organization):
        text = text.concat(" ").concat(field)
    folded = fn.REPLACE(fn.LOWER(text), "ё", "е")
    for word in fold(words).split():
        shown &= folded.contains(word)
    return shown


def _tuples(select: Any) -> Iterable[tuple[Any, ...]]:
    rows: Iterable[tuple[Any, ...]] = select.tuples()
    return rows
