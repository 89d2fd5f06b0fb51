"""What of the records is searchable, and how the index is brought level with them.

The record is the truth: an order that was published while the index was busy, or just before a crash, is found missing here
and indexed.
"""

from collections.abc import Callable, Collection, Iterable, Iterator

from ...models import Order, Ruling, connection
from .interface import Entry, IndexDamaged, SearchIndex

Report = Callable[[int, int], None]
"""Told how many rows are done, and of how many."""

_FIELDS = (
    Ruling.id,
    Ruling.order,
    Ruling.surname,
    Ruling.name,
    Ruling.patronymic,
    Ruling.position,
    Ruling.organization,
    Ruling.category,
    Ruling.established,
    Order.kind,
    Order.number,
    Order.registered_on,
)
"""The fields of `Entry`, in its order."""


def published_entries(order_ids: Iterable[int] | None = None) -> Iterator[Entry]:
    """The rows of these published orders (of all, if none are named), each order as in its annex; one query an order."""
    for order_id in published_ids() if order_ids is None else order_ids:
        rows = (
            Ruling.select(*_FIELDS)
            .join(Order)
            .where(Ruling.order == order_id, Order.status == "published")
            .order_by(Ruling.number)
        )
        yield from map(Entry._make, rows.tuples().iterator())


def published_ids() -> list[int]:
    """The orders that the search must know, in the order of publication."""
    published = Order.select(Order.id).where(Order.status == "published").order_by(Order.published_at, Order.id)
    return [order.id for order in published]


def rebuild(index: SearchIndex, report: Report | None = None) -> None:
    """Build the index anew from the records; searching goes on meanwhile."""

    def missing(built: Collection[int]) -> Iterator[Entry]:
        return published_entries([order_id for order_id in published_ids() if order_id not in built])

    with connection():
        total = Ruling.select().join(Order).where(Order.status == "published").count() if report else 0
        index.rebuild(published_entries(), (lambda done: report(done, total)) if report else None, missing)


def level(index: SearchIndex) -> bool:
    """Whether the index holds exactly the published orders; one query, nothing is written."""
    try:
        return index.order_ids() == set(published_ids())
    except IndexDamaged:
        return False


def sync(index: SearchIndex, report: Report | None = None) -> int:
    """Index published orders that are missing and forget orders that are not published; how many orders were put right.

    Nothing is written when all is well. A damaged index, or one that lacks more than it has, is built anew.
    """
    with connection():
        published = published_ids()
        try:
            known = index.order_ids()
        except IndexDamaged:
            rebuild(index, report)
            return len(published)
        missing = [order_id for order_id in published if order_id not in known]
        foreign = known.difference(published)
        if len(missing) > len(known):
            rebuild(index, report)
        else:
            if missing:
                index.add(published_entries(missing))
            for order_id in foreign:
                index.remove_order(order_id)
        return len(missing) + len(foreign)
