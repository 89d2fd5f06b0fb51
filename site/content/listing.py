"""A listing (подборка): the saved query of a material that gathers others, and what it finds. Pure: no database, no web."""

import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from ...models import russian_key
from ...procedure.refusal import Refusal
from ...procedure.words import NodeKind
from ..search.russian import fold
from .tree import Item, Tree

LONGEST_LIST = 200
UNREADABLE = "Условия подборки не читаются: откройте её в редакторе и задайте их заново."
BEGINNING = dt.datetime.min.replace(tzinfo=dt.UTC)


class Order(StrEnum):
    """How a listing is ordered."""

    NEWEST = "newest"
    OLDEST = "oldest"
    ALPHABET = "alphabet"

    @property
    def label(self) -> str:
        return {"newest": "сначала новые", "oldest": "сначала старые", "alphabet": "по алфавиту"}[self.value]


@dataclass(frozen=True)
class ListingQuery:
    """What a listing gathers: materials below a section (by id; None is the whole site) of these kinds (none is all of them)
    whose title or summary hold all the words, so many at most."""

    under: int | None = None
    kinds: tuple[NodeKind, ...] = ()
    words: str = ""
    order: Order = Order.NEWEST
    limit: int = 20

    def select(self, tree: Tree, now: dt.datetime) -> tuple[Item, ...]:
        """The materials it finds among those shown at this moment; nothing when the section itself is not shown."""
        section = tree.root if self.under is None else tree.by_id.get(self.under)
        if section is None or tree.showing(section, now) is None:
            return ()
        found = (item for item in tree.below(section, now) if self._takes(item, now))
        return tuple(ordered(found, self.order, now))[: self.limit]

    def _takes(self, item: Item, now: dt.datetime) -> bool:
        said = item.showing(now)
        if said is None or (self.kinds and item.kind not in self.kinds):
            return False
        text = fold(f"{said.title} {said.summary}")
        return all(word in text for word in fold(self.words).split())


def ordered(items: Iterable[Item], order: Order, now: dt.datetime) -> list[Item]:
    """Shown materials in this order; of those published at the same moment the one created later is the newer."""
    if order is Order.ALPHABET:
        return sorted(items, key=lambda item: russian_key(said.title) if (said := item.showing(now)) else "")
    return sorted(items, key=_age, reverse=order is Order.NEWEST)


def _age(item: Item) -> tuple[dt.datetime, int]:
    first = item.first_public_at or item.live_from
    return (first, item.id) if first else (BEGINNING, item.id)


def dump(query: ListingQuery) -> str:
    """The query as `Revision.query` keeps it: JSON, the same text for the same query."""
    kept = {
        "under": query.under,
        "kinds": [kind.value for kind in query.kinds],
        "words": query.words,
        "order": query.order.value,
        "limit": query.limit,
    }
    return json.dumps(kept, ensure_ascii=False)


def parse(text: str) -> ListingQuery:
    """The query of this text; without text everything on the site. Refusal says what is wrong with any other."""
    if not text:
        return ListingQuery()
    try:
        kept = json.loads(text)
        query = ListingQuery(
            under=kept["under"],
            kinds=tuple(map(NodeKind, kept["kinds"])),
            words=str(kept["words"].encode(), "utf-8"),
            order=Order(kept["order"]),
            limit=kept["limit"],
        )
    # Text that no page can show is no text either.
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise Refusal(UNREADABLE) from error
    if type(query.limit) is not int or type(query.under) not in (int, type(None)):
        raise Refusal(UNREADABLE)
    if not 1 <= query.limit <= LONGEST_LIST:
        raise Refusal(f"В подборке показывают от 1 до {LONGEST_LIST} материалов: измените число.")
    return query
