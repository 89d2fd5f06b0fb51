"""What the feeds of the archive tell: published orders, and changes to what was published. Nobody is named in them."""

import datetime as dt
from typing import Any, NamedTuple

from peewee import JOIN, fn

from ..models import Order, Ruling
from ..procedure.road import road
from ..procedure.words import Category, OrderKind

LONGEST = 50
WITHDRAWN = "withdrawn"
AMENDED = "amended"


class Told(NamedTuple):
    """A published order; `rows` counts the rows that are shown. `amended_at`: the last publication of a change to it."""

    id: int
    year: int
    number: str
    registered_on: dt.date
    published_at: dt.datetime
    title: str
    pdf_size: int
    rows: int
    amended_at: dt.datetime | None

    @property
    def updated(self) -> dt.datetime:
        return max(filter(None, (self.published_at, self.amended_at)))


class Named(NamedTuple):
    """An order as another one names it."""

    year: int
    number: str
    registered_on: dt.date

    def __str__(self) -> str:
        return f"№ {self.number} от {self.registered_on:%d.%m.%Y}"


class Change(NamedTuple):
    """An order that was withdrawn, or changed by another: `kind` says which."""

    kind: str
    at: dt.datetime
    id: int
    order: Named
    by: Named | None
    reason: str = ""


def published(*, refusals: bool, organization: str = "", category: Category | None = None) -> list[Told]:
    """The orders published last, those with such a row if one is asked for; one query. `organization`: as rows spell it."""
    shown = Ruling.order == Order.id
    if not refusals:
        shown &= Ruling.established
    wanted = shown
    if organization:
        wanted &= Ruling.organization == organization
    if category:
        wanted &= Ruling.category == category.value
    later = Order.alias("later")
    amended = later.select(fn.MAX(later.published_at)).where(later.amends == Order.id, later.status == "published")
    fields = [getattr(Order, name) for name in Told._fields[:-2]]
    chosen = Order.published().select(*fields, Ruling.select(fn.COUNT(Ruling.id)).where(shown), amended)
    if organization or category:
        chosen = chosen.where(fn.EXISTS(Ruling.select(Ruling.id).where(wanted)))
    found: Any = chosen.limit(LONGEST).tuples()
    return [Told._make((*values, _moment(amended_at))) for *values, amended_at in found]


def changes() -> list[Change]:
    """What was changed and withdrawn last; two queries."""
    return sorted([*_amended(), *_withdrawn()], key=lambda change: (change.at, change.id), reverse=True)[:LONGEST]


def _amended() -> list[Change]:
    """Published orders that change others; of some that came from elsewhere it is not known which."""
    former = Order.alias("former")
    fields = Order.id, Order.published_at, Order.year, Order.number, Order.registered_on
    found: Any = (
        Order.published()
        .select(*fields, former.year, former.number, former.registered_on)
        .join(former, JOIN.INNER, on=Order.amends == former.id)
        .where(Order.kind == OrderKind.AMENDMENT.value, former.status.in_(sorted(road("order").public)))
        .limit(LONGEST)
        .tuples()
    )
    return [Change(AMENDED, at, id, Named(*values[3:]), Named(*values[:3])) for id, at, *values in found]


def _withdrawn() -> list[Change]:
    fields = Order.id, Order.withdrawn_at, Order.withdrawal_reason, Order.year, Order.number, Order.registered_on
    gone = Order.select(*fields).where(Order.withdrawn_at.is_null(False)).order_by(Order.withdrawn_at.desc())
    found: Any = gone.limit(LONGEST).tuples()
    return [Change(WITHDRAWN, at, id, Named(*values), None, reason) for id, at, reason, *values in found]


def _moment(value: Any) -> dt.datetime | None:
    """A moment that a function of the database gives, of whose type peewee does not know: a text on SQLite."""
    if value is None:
        return None
    found = dt.datetime.fromisoformat(value) if isinstance(value, str) else value
    return found if found.tzinfo else found.replace(tzinfo=dt.UTC)
