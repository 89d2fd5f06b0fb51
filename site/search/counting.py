"""Counting the values of a facet among found documents of a segment, in the way that is quickest for so many."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress

from . import bitmaps

# Measured costs of three ways to count a facet, microseconds: per hit looked up, per hit first listed; per value and document
# of an intersection; per document of a walk through the column and per hit counted by it.
_LOOK, _LIST, _INTERSECT, _WALK, _TALLY = 0.06, 0.15, 6e-5, 0.018, 0.035


class Found:
    """Documents of one segment, counted and listed once when needed."""

    def __init__(self, bits: int) -> None:
        self.bits = bits
        self._documents: list[int] | None = None

    @cached_property
    def count(self) -> int:
        return self.bits.bit_count()

    @property
    def listed(self) -> bool:
        return self._documents is not None

    @property
    def documents(self) -> list[int]:
        if self._documents is None:
            self._documents = list(bitmaps.descending(self.bits))
        return self._documents


@dataclass(frozen=True, slots=True)
class Column:
    """A facet of the segment: for each document the place of its value in `values`, 0 for none."""

    values: Sequence[str | int | None]
    places: Sequence[int]


def count(found: Found, column: Column, having: Callable[[str | int], int]) -> Counter[str | int]:
    """How many of the documents have each value; `having` gives all documents of a value.

    Few documents are looked up one by one, few values intersected, and for many of both one walk goes through all rows.
    """
    size = len(column.places)
    looking = found.count * (_LOOK if found.listed else _LOOK + _LIST)
    intersecting = len(column.values) * size * _INTERSECT
    walking = size * _WALK + found.count * _TALLY
    counts: Counter[int] = Counter()
    if looking <= min(intersecting, walking):
        counts.update(map(column.places.__getitem__, found.documents))
    elif intersecting <= walking:
        values = ((place, value) for place, value in enumerate(column.values) if value is not None)
        counts.update({place: (found.bits & having(value)).bit_count() for place, value in values})
    else:
        counts.update(compress(column.places, bitmaps.flags(found.bits, size)))
    return Counter({value: n for place, n in counts.items() if n and (value := column.values[place]) is not None})
