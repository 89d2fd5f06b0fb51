"""The archive as of one commit: its segments, what of them may be seen, and in which order.

Deleted rows and refusals are masked here, once, by a bitmap per segment; whatever is counted, listed or suggested passes
through it.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import groupby, islice
from operator import and_

from . import bitmaps
from .counting import Found
from .interface import FACETS, Facet
from .query import EVERYWHERE, NAMES, Condition, Field
from .segment import OrderRun, Segment


class Hits:
    """Visible documents that were found, by segment."""

    def __init__(self, bits: Iterable[int]) -> None:
        self.found = tuple(map(Found, bits))

    @cached_property
    def total(self) -> int:
        return sum(found.count for found in self.found)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Neighbouring documents of a segment that are in the right order among themselves; `last` None is the whole segment."""

    segment: int
    first: int = 0
    last: int | None = None

    def of(self, hits: Hits) -> int:
        bits = hits.found[self.segment].bits
        return bits if self.last is None else bits & bitmaps.span(self.first, self.last)


class View:
    """Segments from old to new with the numbers of their deleted documents. `key` tells commits apart."""

    def __init__(
        self, key: tuple[str, int], segments: Sequence[Segment], deleted: Sequence[frozenset[int]], show_refusals: bool
    ) -> None:
        self.key = key
        self.segments = segments
        self._deleted = deleted
        self._visible = Hits(
            bitmaps.span(0, segment.size - 1)
            & ~bitmaps.from_ids(gone, segment.size)
            & ~(0 if show_refusals else segment.refused)
            for segment, gone in zip(segments, deleted, strict=True)
        )
        self._stretches = list(self._newest_stretches())
        self._whole_counts: dict[Facet, Counter[str | int]] = {}

    def find(self, conditions: Iterable[Condition]) -> Hits:
        """The visible documents that meet all conditions."""
        conditions = tuple(conditions)
        if not conditions:
            return self._visible
        visible = zip(self.segments, self._visible.found, strict=True)
        return Hits(reduce(and_, map(segment.matching, conditions), found.bits) for segment, found in visible)

    def filtered(self, hits: Hits, values: Iterable[tuple[Facet, str | int]]) -> Hits:
        """Those of the documents that have these values."""
        for facet, value in values:
            found = zip(self.segments, hits.found, strict=True)
            hits = Hits([one.bits & segment.having(facet, value) for segment, one in found])
        return hits

    def counts(self, facet: Facet, hits: Hits) -> Counter[str | int]:
        """How many of the documents have each value of a facet; of the whole archive it is counted once."""
        if hits is self._visible and facet in self._whole_counts:
            return self._whole_counts[facet]
        counts: Counter[str | int] = Counter()
        for segment, found in zip(self.segments, hits.found, strict=True):
            if found.bits:
                counts.update(segment.count(facet, found))
        if hits is self._visible:
            self._whole_counts[facet] = counts
        return counts

    def page(self, hits: Hits, skip: int, take: int, *, oldest_first: bool) -> tuple[int, ...]:
        """Ids of rows, newest first, or the same list read from its end."""
        if not oldest_first:
            return tuple(self._newest(hits, skip, take))
        take = min(take, hits.total - skip)
        return tuple(self._newest(hits, hits.total - skip - take, take))[::-1] if take > 0 else ()

    def place_of(self, ruling_id: int) -> tuple[int, int] | None:
        """Where a visible row stands: its segment and its document; None when it is nowhere."""
        for place, segment in enumerate(self.segments):
            document = segment.document_of(ruling_id)
            if document is not None and self.holds(self._visible, (place, document)):
                return place, document
        return None

    def holds(self, hits: Hits, place: tuple[int, int]) -> bool:
        """Whether the row that stands there is among the documents."""
        segment, document = place
        return bool(hits.found[segment].bits >> document & 1)

    def newer(self, hits: Hits, place: tuple[int, int]) -> int:
        """How many of the documents come before the row that stands there, newest first."""
        segment, document = place
        before = 0
        for stretch in self._stretches:
            bits = stretch.of(hits)
            last = self.segments[segment].size - 1 if stretch.last is None else stretch.last
            if stretch.segment == segment and stretch.first <= document <= last:
                return before + (bits >> document + 1).bit_count()
            before += bits.bit_count()
        return before

    def words_among(self, words: set[str], fields: tuple[Field, ...] = EVERYWHERE) -> set[str]:
        """Those of the words that some row has; whether a visitor may see the row, `find` tells."""
        return set().union(*(segment.words_among(words, fields) for segment in self.segments))

    def order_ids(self) -> set[int]:
        return {run.order.order_id for _, run in self._living_runs()}

    def places_of(self, order_ids: set[int]) -> Iterator[tuple[str, range]]:
        """Where the documents of these orders stand: name of the segment and numbers."""
        for place, run in self._living_runs():
            if run.order.order_id in order_ids:
                yield self.segments[place].name, range(run.first, run.last + 1)

    def warm(self) -> None:
        for segment in self.segments:
            for fields in (EVERYWHERE, NAMES):
                segment.words_among(set(), fields)
        for facet in FACETS:
            self.counts(facet, self._visible)

    def close(self) -> None:
        for segment in self.segments:
            segment.close()

    def _newest(self, hits: Hits, skip: int, take: int) -> Iterator[int]:
        for stretch in self._stretches:
            if take <= 0:
                return
            bits = stretch.of(hits)
            if skip:
                there = bits.bit_count()
                if there <= skip:
                    skip -= there
                    continue
                bits, skip = bitmaps.without_highest(bits, skip), 0
            segment = self.segments[stretch.segment]
            for document in islice(bitmaps.descending(bits), take):
                yield segment.ruling_id(document)
                take -= 1

    def _living_runs(self) -> Iterator[tuple[int, OrderRun]]:
        """Runs that are not deleted (an order is deleted whole), as documents stand, with the place of their segment."""
        for place, (segment, gone) in enumerate(zip(self.segments, self._deleted, strict=True)):
            yield from ((place, run) for run in segment.runs if run.first not in gone)

    def _newest_stretches(self) -> Iterator[Stretch]:
        """How to go through the documents by date of order, the newest first.

        Usually that is as they stand, segment by segment. An order indexed late (published out of turn, or found missing after
        a crash) is a stretch of its own between those that surround it in time.
        """
        runs = list(self._living_runs())
        by_date = sorted(range(len(runs)), key=lambda n: (runs[n][1].order.date, runs[n][1].order.order_id))
        if by_date == list(range(len(runs))):
            yield from (Stretch(place) for place in reversed(range(len(self.segments))))
            return
        turns = enumerate(by_date)
        # Runs that follow each other both in time and in the segment share the segment and the difference of both numbers.
        groups = [[n for _, n in group] for _, group in groupby(turns, key=lambda turn: (runs[turn[1]][0], turn[1] - turn[0]))]
        for group in reversed(groups):
            (place, oldest), (_, newest) = runs[group[0]], runs[group[-1]]
            yield Stretch(place, oldest.first, newest.last)
