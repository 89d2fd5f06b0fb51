"""What published orders say of each other: which rows an amending order puts in the place of which (3.7)."""

import datetime as dt
from collections.abc import Collection
from typing import Any, NamedTuple

from peewee import JOIN

from ..models import Order, Ruling
from ..procedure.road import road

# What a row says of a person.
SAID = ("surname", "name", "patronymic", "position", "organization", "category", "established")


# Joined by CROSS where it matters: SQLite then reads the tables in the order in which they are named, few rows first. Left to
# itself it begins with all published orders, and walks through the whole archive.


class Change(NamedTuple):
    """An order named by another: its address, its day, the number of its row."""

    year: int
    number: str
    registered_on: dt.date
    row: int


class Amending(NamedTuple):
    """A published order that changes another."""

    year: int
    number: str
    registered_on: dt.date


def amending(order: Order) -> list[Amending]:
    """The published orders that change this one, in the order of publication; one query."""
    found = Order.published().where(Order.amends == order).select(Order.year, Order.number, Order.registered_on)
    return [Amending(*values) for values in _tuples(found.order_by(Order.published_at, Order.id))]


def changed(row_ids: Collection[int]) -> dict[int, Change]:
    """Of these rows (by id) those that a published order has changed, each with the row in its place; one query.

    A row that was changed twice is told with the latest.
    """
    if not row_ids:
        return {}
    found = (
        Ruling.select(Ruling.amends, Order.year, Order.number, Order.registered_on, Ruling.number)
        .join(Order, JOIN.CROSS)
        .where(Ruling.amends.in_(list(row_ids)), Ruling.order == Order.id, Order.status == "published")
        .order_by(Order.published_at, Ruling.id)
    )
    return {row_id: Change(*values) for row_id, *values in _tuples(found)}


def changed_rows(order: Order) -> dict[int, Change]:
    """The rows of this order, by number, that a published order has changed; one query."""
    former = Ruling.alias("former")
    found = (
        former.select(former.number, Order.year, Order.number, Order.registered_on, Ruling.number)
        .join(Ruling, JOIN.CROSS)
        .join(Order, JOIN.CROSS)
        .where(former.order == order, Ruling.amends == former.id, Ruling.order == Order.id, Order.status == "published")
        .order_by(Order.published_at, Ruling.id)
    )
    return {number: Change(*values) for number, *values in _tuples(found)}


def replaced_rows(order: Order) -> dict[int, Change]:
    """The rows of an amending order, by number, with the row of another order in whose place each stands; one query."""
    former, amended = Ruling.alias("former"), Order.alias("amended")
    found = (
        Ruling.select(Ruling.number, amended.year, amended.number, amended.registered_on, former.number)
        .join(former, on=Ruling.amends == former.id)
        .join(amended, on=former.order == amended.id)
        .where(Ruling.order == order)
    )
    return {number: Change(*values) for number, *values in _tuples(found)}


def unchanged_rows(order: Order) -> list[int]:
    """The rows of an amending order, by number, that say what stands in the amended one already; one query."""
    former = Ruling.alias("former")
    same = [getattr(Ruling, name) == getattr(former, name) for name in SAID]
    mine = Ruling.select(Ruling.number).join(former, on=Ruling.amends == former.id).where(Ruling.order == order, *same)
    return [number for (number,) in _tuples(mine.order_by(Ruling.number))]


def overtaken_rows(order: Order) -> list[int]:
    """The rows of an amending order, by number, whose row does not stand any more: another order has changed it meanwhile, or
    the order in which it stood was withdrawn; one query."""
    former, others, theirs = Ruling.alias("former"), Ruling.alias("others"), Order.alias("theirs")
    changed = others.select(others.amends).join(theirs, on=others.order == theirs.id)
    changed = changed.where(theirs.status == "published", others.amends.is_null(False), theirs.id != order.id)
    gone = Order.status != "published"
    mine = Ruling.select(Ruling.number).join(former, on=Ruling.amends == former.id).join(Order, on=former.order == Order.id)
    return [
        number
        for (number,) in _tuples(mine.where(Ruling.order == order, gone | Ruling.amends.in_(changed)).order_by(Ruling.number))
    ]


def standing(row: Ruling) -> Ruling:
    """The row as it stands now: the last of those published in its place; a query for each change of it."""
    while later := _in_place_of(row):
        row = later
    return row


def withdrawn_at(year: int, number: str) -> Order | None:
    """The withdrawn order of this address, which everybody may read about; one query."""
    known = Order.year == year, Order.number == number, Order.status.in_(sorted(road("order").public - {"published"}))
    found: Order | None = Order.select().where(*known).first()
    return found


def _in_place_of(row: Ruling) -> Ruling | None:
    found: Ruling | None = (
        Ruling.select(Ruling, Order)
        .join(Order, on=Ruling.order == Order.id)
        .where(Ruling.amends == row, Order.status == "published")
        .order_by(Ruling.id.desc())
        .first()
    )
    return found


def _tuples(select: Any) -> Any:
    return select.tuples()
