"""A bounded place in memory: what was not asked for longest leaves first."""

import threading
from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, Protocol, TypeVar


class Weighed(Protocol):
    """Something that takes memory."""

    @property
    def weight(self) -> int:
        """How many bytes."""


W = TypeVar("W", bound=Weighed)


class Shelf(Generic[W]):
    """Things by their keys, no more than `limit` bytes of them. Threads may share it."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.weight = 0
        self._things: OrderedDict[Hashable, W] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._things)

    def get(self, key: Hashable) -> W | None:
        """What stands here under this key."""
        with self._lock:
            found = self._things.get(key)
            if found is not None:
                self._things.move_to_end(key)
            return found

    def put(self, key: Hashable, thing: W) -> None:
        """Put it here in place of what stood under the key; it may itself be too heavy to stay."""
        with self._lock:
            self._take(key)
            self._things[key] = thing
            self.weight += thing.weight
            while self.weight > self.limit:
                self._take(next(iter(self._things)))

    def drop(self, key: Hashable) -> None:
        """Take away what stands under this key, if anything does."""
        with self._lock:
            self._take(key)

    def _take(self, key: Hashable) -> None:
        gone = self._things.pop(key, None)
        if gone is not None:
            self.weight -= gone.weight
