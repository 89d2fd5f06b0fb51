"""The content tree as visitors walk it: an immutable picture of all nodes without their bodies. Pure: no database, no web.

What is shown depends on the moment one asks, because publication and expiry are dates, not events.
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from ...procedure.road import OFFICE, road
from ...procedure.words import NodeKind

# Addresses that others rely on and that stand without a slash at the end.
BARE = frozenset({"accessibility"})
IDENTITY = "node:"
"""How a link names a material of the tree by its identity: `node:17`, `node:17#part`. It survives every move."""
# Digits of an id: what is longer names nothing.
LONGEST_ID = 9


def identity(reference: str) -> tuple[int, str] | None:
    """The id and the part that `node:17#part` names, (17, "#part"); None for another kind of address."""
    number, sign, part = reference.removeprefix(IDENTITY).partition("#")
    if not reference.startswith(IDENTITY) or not (number.isascii() and number.isdigit()) or len(number) > LONGEST_ID:
        return None
    return int(number), sign + part


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known of an uploaded file: its content's hash and type, its size in bytes, of a picture its size in pixels."""

    sha256: str
    media_type: str
    size: int
    width: int | None
    height: int | None
    name: str


@dataclass(frozen=True, slots=True)
class Words:
    """What a revision says, its body left out."""

    number: int
    title: str
    summary: str
    target: str
    query: str
    file: FileFacts | None
    written_at: dt.datetime


@dataclass(frozen=True, slots=True)
class Item:
    """A node that is not in the trash."""

    id: int
    parent_id: int | None
    kind: NodeKind
    name: str
    path: str
    position: int
    status: str
    live: Words | None
    live_from: dt.datetime | None
    previous: Words | None
    expires_at: dt.datetime | None
    first_public_at: dt.datetime | None
    reason: str
    in_navigation: bool

    @property
    def address(self) -> str:
        """Its one address: files and a few old pages stand without a slash at the end."""
        bare = self.kind is NodeKind.FILE or self.path in BARE
        return f"/{self.path}" if bare or not self.path else f"/{self.path}/"

    def showing(self, now: dt.datetime) -> Words | None:
        """What visitors read at this moment, if anything; the nodes above are not asked."""
        if self.status not in road("content", OFFICE).public or self.expired(now):
            return None
        return self.live if self.live_from is None or self.live_from <= now else self.previous

    def changed_at(self, now: dt.datetime) -> dt.datetime | None:
        """Since when visitors read what they read at this moment; None when they read nothing."""
        words = self.showing(now)
        if words is None or words is self.live:
            return self.live_from if words else None
        return max(filter(None, (self.first_public_at, words.written_at)))

    def expired(self, now: dt.datetime) -> bool:
        """Whether its time is over."""
        return self.expires_at is not None and self.expires_at <= now

    def was_public(self, now: dt.datetime) -> bool:
        """Whether visitors may have seen it before this moment."""
        return self.first_public_at is not None and self.first_public_at <= now


class Tree:
    """All nodes outside the trash."""

    def __init__(self, items: Iterable[Item]) -> None:
        self.items = tuple(items)
        self.by_id = {item.id: item for item in self.items}
        self.by_path = {item.path: item for item in self.items}

    @property
    def root(self) -> Item:
        """The site itself."""
        return self.by_path[""]

    @cached_property
    def _children(self) -> dict[int | None, tuple[Item, ...]]:
        found: dict[int | None, list[Item]] = {}
        for item in sorted(self.items, key=lambda item: (item.position, item.id)):
            found.setdefault(item.parent_id, []).append(item)
        return {id: tuple(items) for id, items in found.items()}

    def at(self, path: str) -> Item | None:
        """The node at this path, slashes at the ends left out, shown or not."""
        return self.by_path.get(path)

    def chain(self, item: Item) -> tuple[Item, ...]:
        """From the root down to the item, itself included."""
        steps = [item]
        while steps[-1].parent_id is not None:
            steps.append(self.by_id[steps[-1].parent_id])
        return tuple(reversed(steps))

    def showing(self, item: Item, now: dt.datetime) -> Words | None:
        """What visitors read at this moment; nothing when a section above is not shown."""
        return item.showing(now) if all(step.showing(now) for step in self.chain(item)) else None

    def blocking(self, item: Item, now: dt.datetime) -> Item | None:
        """The uppermost node of the chain that is not shown; None when the item is."""
        return next((step for step in self.chain(item) if not step.showing(now)), None)

    def children(self, item: Item, now: dt.datetime) -> tuple[Item, ...]:
        """What stands directly in this section and is shown, in the order given by the office."""
        return tuple(child for child in self._children.get(item.id, ()) if child.showing(now))

    def below(self, item: Item, now: dt.datetime) -> Iterator[Item]:
        """Everything shown below an item that is shown itself, each section before its content."""
        for child in self.children(item, now):
            yield child
            yield from self.below(child, now)

    def navigation(self, now: dt.datetime) -> tuple[Item, ...]:
        """The ways in the header: what stands on the first level and belongs into the menu."""
        return self.menu(self.root, now)

    def menu(self, item: Item, now: dt.datetime) -> tuple[Item, ...]:
        """The menu of a section; news have a list of their own, ordered by date."""
        return tuple(child for child in self.children(item, now) if child.in_navigation and child.kind is not NodeKind.NEWS)

    def gone(self, item: Item, now: dt.datetime) -> Item | None:
        """The node by whose withdrawal or expiry something that visitors could read is hidden; None for anything else.

        A reason for the withdrawal stays until the node is published again.
        """
        blocking = self.blocking(item, now)
        if blocking is None or not (item.was_public(now) and blocking.was_public(now)):
            return None
        return blocking if blocking.reason or blocking.expired(now) else None

    def nearest(self, path: str, now: dt.datetime) -> Item | None:
        """The deepest shown section above a path where nothing may stand; None below the root alone."""
        steps = path.split("/")
        above = (self.at("/".join(steps[:count])) for count in range(len(steps) - 1, 0, -1))
        return next((item for item in above if item and item.kind is NodeKind.FOLDER and self.showing(item, now)), None)

    def resolve(self, reference: str) -> tuple[Item, str] | None:
        """The node that `node:17#part` means, with `#part`; None for another kind of address or a node that is not there."""
        named = identity(reference)
        item = self.by_id.get(named[0]) if named else None
        return (item, named[1]) if named and item else None

    def destination(self, item: Item, now: dt.datetime) -> str | None:
        """Where a way to a shown material leads: to itself, of a link to its target; None when the target is not shown."""
        words = item.showing(now)
        if item.kind is not NodeKind.LINK or words is None:
            return item.address
        found = self.resolve(words.target)
        if found is None:
            return None if words.target.startswith(IDENTITY) else words.target
        return found[0].address + found[1] if self.showing(found[0], now) else None

    def next_change(self, now: dt.datetime) -> dt.datetime | None:
        """The next moment at which something appears or expires by itself; None when nothing will."""
        moments = (moment for item in self.items for moment in (item.live_from, item.expires_at))
        return min((moment for moment in moments if moment and moment > now), default=None)
