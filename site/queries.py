"""Named selects for pages. Lists of many rows are named tuples: a page of a hundred people needs no hundred records."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import astuple, dataclass
from typing import Any, Literal, NamedTuple

from peewee import JOIN, Expression, Field, fn

from ..models import Order, OrderSignature, Ruling, embedded
from ..procedure.road import road
from ..procedure.words import Category, OrderKind
from .amendments import Change, changed
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
    """A found row with the requisites of its order, and what has been put in its place since."""

    id: int
    row: Row
    year: int
    order_number: str
    registered_on: dt.date
    changed: Change | None = None


class Latest(NamedTuple):
    """A published order as the home page lists it; `rows` counts the rows that are shown to the public."""

    year: int
    number: str
    registered_on: dt.date
    title: str
    rows: int


class Published(NamedTuple):
    """A published order as lists for programs have it; `rows` counts the rows that are shown to the public.

    `amended_year`, `amended_number`: the order that it changes, if it does.
    """

    id: int
    year: int
    number: str
    registered_on: dt.date
    published_at: dt.datetime
    kind: str
    title: str
    pdf_sha256: str
    pdf_size: int
    pdf_pages: int
    amended_year: int | None
    amended_number: str | None
    rows: int


class Counts(NamedTuple):
    """How many rows an order has, and how many of them refuse a category."""

    rows: int
    refused: int


@dataclass(frozen=True)
class Narrowing:
    """Which rows of an order are wanted: parts of texts in any case, exact words of the data; what is empty asks nothing."""

    words: str = ""
    surname: str = ""
    position: str = ""
    organization: str = ""
    category: Category | None = None
    established: bool | None = None

    def __bool__(self) -> bool:
        return any(value not in ("", None) for value in astuple(self))


EVERYTHING = Narrowing()
Sort = Literal["number", "surname", "position", "organization", "category"]
# Rows that are alike in this stand by their numbers.
SORTS: dict[Sort, tuple[Field, ...]] = {
    "number": (),
    "surname": (Ruling.surname, Ruling.name, Ruling.patronymic),
    "position": (Ruling.position,),
    "organization": (Ruling.organization,),
    "category": (Ruling.category,),
}

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


def published(
    limit: int,
    *,
    refusals: bool,
    after: tuple[dt.datetime, int] | None = None,
    year: int | None = None,
    number: str | None = None,
    kind: OrderKind | None = None,
) -> list[Published]:
    """Published orders, newest publication first; one query. `after`: publication and id of the last order already known."""
    amended = Order.alias("amended")
    chosen = Order.published().join(amended, JOIN.LEFT_OUTER, on=Order.amends == amended.id)
    if after:
        moment, order_id = after
        chosen = chosen.where((Order.published_at < moment) | ((Order.published_at == moment) & (Order.id < order_id)))
    if year is not None:
        chosen = chosen.where(Order.year == year)
    if number is not None:
        chosen = chosen.where(Order.number == number)
    if kind:
        chosen = chosen.where(Order.kind == kind.value)
    rows = Ruling.select(fn.COUNT(Ruling.id)).where(Ruling.order == Order.id)
    if not refusals:
        rows = rows.where(Ruling.established)
    fields = [getattr(Order, name) for name in Published._fields[:-3]]
    return [Published(*values) for values in _tuples(chosen.select(*fields, amended.year, amended.number, rows).limit(limit))]


def hits(ids: Collection[int]) -> list[Hit]:
    """The rows of these ids with their orders, in the order of the ids; two queries. A row that is gone is left out."""
    if not ids:
        return []
    found = (
        Ruling.select(Ruling.id, Order.year, Order.number, Order.registered_on, *ROW)
        .join(Order)
        .where(Ruling.id.in_(list(ids)), Order.status == "published")
    )
    later = changed(ids)
    by_id = {id: Hit(id, Row(*row), year, number, day, later.get(id)) for id, year, number, day, *row in _tuples(found)}
    return [by_id[id] for id in ids if id in by_id]


def order_at(year: int, number: str) -> Order | None:
    """The published order of this address; one query."""
    found: Order | None = Order.at(year, number).first()
    return found


def signature_of(order: Order) -> OrderSignature | None:
    """The electronic signature of an order, if its certificate or its file is known; one query."""
    mark: OrderSignature | None = OrderSignature.get_or_none(OrderSignature.order == order, OrderSignature.dropped_at.is_null())
    return mark if mark and (mark.owner or mark.sha256) else None


def order_of_file(sha256: str) -> Order | None:
    """The order whose file, published or withdrawn since, has this SHA-256; one query. Files of drafts are nobody's."""
    known = Order.pdf_sha256 == sha256, Order.status.in_(sorted(road("order").public))
    found: Order | None = Order.select().where(*known).first()
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


def rows(
    order: Order,
    *,
    refusals: bool,
    narrowing: Narrowing = EVERYTHING,
    sort: Sort = "number",
    down: bool = False,
    after: int = 0,
    offset: int = 0,
    limit: int | None = None,
) -> list[Row]:
    """A stretch of the order's rows, those that are wanted, sorted by the Russian alphabet; one query.

    `after`: rows of greater numbers alone.
    """
    keys = [*map(alphabetical, SORTS[sort]), Ruling.number]
    chosen = Ruling.select(*ROW).where(_shown(order, refusals, narrowing), Ruling.number > after)
    arranged = chosen.order_by(*(key.desc() if down else key.asc() for key in keys))
    return [Row(*values) for values in _tuples(arranged.offset(offset).limit(limit))]


def row_at(order: Order, number: int, *, refusals: bool) -> Row | None:
    """One shown row of the order; one query."""
    found = Ruling.select(*ROW).where(_shown(order, refusals, EVERYTHING), Ruling.number == number)
    return next((Row(*values) for values in _tuples(found)), None)


def count_rows(order: Order, *, refusals: bool, narrowing: Narrowing) -> int:
    """How many rows of the order are wanted; one query."""
    found: int = Ruling.select().where(_shown(order, refusals, narrowing)).count()
    return found


def rows_before(order: Order, number: int, *, refusals: bool) -> int:
    """How many shown rows stand before this row in the annex; one query."""
    found: int = Ruling.select().where(_shown(order, refusals, EVERYTHING), Ruling.number < number).count()
    return found


def alphabetical(field: Field) -> Any:
    """The field as it is ordered in Russian, on both databases; numbers and dates as they are."""
    if field.field_type not in {"VARCHAR", "TEXT"}:
        return field
    return field.collate("russian" if embedded() else '"ru-x-icu"')


def _shown(order: Order, refusals: bool, narrowing: Narrowing) -> Expression:
    shown: Expression = Ruling.order == order
    if not refusals:
        shown &= Ruling.established
    if narrowing.category:
        shown &= Ruling.category == narrowing.category.value
    if narrowing.established is not None:
        shown &= Ruling.established == narrowing.established
    everything: Any = Ruling.surname
    for field in (Ruling.name, Ruling.patronymic, Ruling.position, Ruling.organization):
        everything = everything.concat(" ").concat(field)
    for text, words in (
        (everything, narrowing.words),
        (Ruling.surname, narrowing.surname),
        (Ruling.position, narrowing.position),
        (Ruling.organization, narrowing.organization),
    ):
        folded = fn.REPLACE(fn.LOWER(text), "ё", "е")
        for word in fold(words).split():
            shown &= folded.contains(word)
    return shown


def _tuples(select: Any) -> Iterable[tuple[Any, ...]]:
    rows: Iterable[tuple[Any, ...]] = select.tuples()
    return rows
