"""Bitmaps that were needed lately, within a budget of bytes: the least recently used are let go first."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

from .bitmaps import Packed, weight

BUDGET = 64_000_000
"""Bytes for all segments of an index together. A bitmap of 200,000 rows takes at most 29,000."""


class Kept:
    """A bounded memory of sets of documents by owner (a segment's name) and key."""

    def __init__(self, budget: int = BUDGET) -> None:
        self.budget = budget
        self.bytes = 0
        self._sets: OrderedDict[tuple[str, Hashable], Packed] = OrderedDict()

    def get(self, owner: str, key: Hashable, find: Callable[[], Packed]) -> Packed:
        """The set kept under this key, or the one that `find` makes."""
        full_key = (owner, key)
        known = self._sets.get(full_key)
        if known is not None:
            self._sets.move_to_end(full_key)
            return known
        packed = find()
        self._sets[full_key] = packed
        self.bytes += weight(packed)
        while self.bytes > self.budget and self._sets:
            self.bytes -= weight(self._sets.popitem(last=False)[1])
        return packed

    def forget(self, owner: str) -> None:
        """Let go of a segment that is no more."""
        for full_key in [full_key for full_key in self._sets if full_key[0] == owner]:
            self.bytes -= weight(self._sets.pop(full_key))
