"""The archive's search on Whoosh: conditions become bitmaps of segments, everything after that is arithmetic.

What a process sees is a `View` of one commit; a listing of the build's directory before each search tells whether another
process has committed. Readers never wait for a writer, writers wait for each other. See docs/decisions/0003.
"""

import threading
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from whoosh.filedb.filestore import FileStorage

from . import writing
from .builds import Builds
from .correction import match
from .interface import TOP_VALUES, Answer, CatchUp, Entry, Facet, IndexDamaged, Progress, Query, RowGone, SearchIndex
from .kept import BUDGET, Kept
from .segment import Segment
from .view import Hits, View

WRITE_TIMEOUT = 30.0
"""Seconds to wait for another writer."""
_ATTEMPTS = 20
_PAUSE = 0.02


def open_index(directory: Path, show_refusals: bool = False) -> SearchIndex:
    """The index of a directory; an empty one is made there at first use."""
    return WhooshIndex(directory, show_refusals)


class WhooshIndex:
    """One per process; threads take turns, since an answer is all computation. `budget` is for kept bitmaps, bytes."""

    def __init__(self, directory: Path, show_refusals: bool = False, budget: int = BUDGET) -> None:
        self._builds = Builds(directory)
        self._show_refusals = show_refusals
        self._kept = Kept(budget)
        self._turn = threading.RLock()
        self._view: View | None = None

    # --- Asking --------------------------------------------------------------------------------------------------------

    def search(self, query: Query) -> Answer:
        with self._turn:
            view = self._fresh_view()
            reading, hits, correction = match(view, query.text)
            chosen = chosen_values(query)
            kept = view.filtered(hits, chosen.items())
            facets = {facet: _count(view, facet, hits, kept, chosen) for facet in query.facets}
            skip = (query.page - 1) * query.per_page + _given(view, kept, query)
            ids = view.page(kept, skip, query.per_page, oldest_first=query.sort == "old")
        pages = -(-kept.total // query.per_page)
        return Answer(kept.total, ids, facets, reading.matched, correction, query.page, pages)

    def order_ids(self) -> set[int]:
        with self._turn:
            return self._fresh_view().order_ids()

    def warm(self) -> None:
        with self._turn:
            self._fresh_view().warm()

    def close(self) -> None:
        with self._turn:
            if self._view:
                self._view.close()
            self._view = None

    # --- Telling -------------------------------------------------------------------------------------------------------

    def add_order(self, entries: Iterable[Entry]) -> None:
        self.add(entries)

    def add(self, entries: Iterable[Entry]) -> None:
        orders: dict[int, list[Entry]] = {}
        for entry in entries:
            orders.setdefault(entry.order_id, []).append(entry)
        self._write(set(orders), [entry for rows in orders.values() for entry in rows])

    def remove_order(self, order_id: int) -> None:
        self._write({order_id}, [])

    def _write(self, replaced: set[int], entries: list[Entry]) -> None:
        self._current_build()  # outside the lock: the first one is made under the same lock
        with self._builds.lock("write", WRITE_TIMEOUT):
            with self._turn:
                removed = list(self._fresh_view().places_of(replaced))
            if entries or removed:
                writing.write(self._current_build(), entries, removed)

    def rebuild(self, entries: Iterable[Entry], progress: Progress | None = None, catch_up: CatchUp | None = None) -> None:
        with self._builds.lock("rebuild", timeout=0.0):
            build = self._builds.new()
            try:
                writing.create(build)
                built: set[int] = set()
                writing.write(build, _noting(entries, built), progress=progress)
                with self._builds.lock("write", WRITE_TIMEOUT):
                    if catch_up:
                        writing.write(build, catch_up(built))
                    self._builds.switch(build)
            finally:
                self._builds.sweep()

    # --- The commit in use ---------------------------------------------------------------------------------------------

    def _fresh_view(self) -> View:
        """The view of the newest commit. A build swept away between two looks at the directory is looked for again."""
        for _ in range(_ATTEMPTS):
            build = self._current_build()
            try:
                generation = writing.generation(build)
                if not self._view or self._view.key != (build.name, generation):
                    self._view = self._load(build, generation)
                return self._view
            except FileNotFoundError:
                time.sleep(_PAUSE)
            except OSError:  # no permission, too many open files: that is not the index's fault
                raise
            except Exception as damage:  # whatever unpickling a broken file raises
                raise IndexDamaged("Поисковый указатель повреждён: постройте его заново.") from damage
        raise IndexDamaged("В поисковом указателе не хватает файлов: постройте его заново.")

    def _load(self, build: Path, generation: int) -> View:
        storage = FileStorage(str(build))
        known = {(self._view.key[0], segment.name): segment for segment in self._view.segments} if self._view else {}
        found = writing.segments(storage, generation)
        segments = [known.get((build.name, one.segment_id())) or Segment(storage, one, self._kept) for one in found]
        deleted = [frozenset(one.deleted_docs()) for one in found]
        view = View((build.name, generation), segments, deleted, self._show_refusals)
        for segment in known.values():
            if segment not in segments:
                segment.close()
        return view

    def _current_build(self) -> Path:
        """The build in use; an empty one is made when there is none of this format."""
        build = self._builds.current()
        if build:
            return build
        with self._builds.lock("write", WRITE_TIMEOUT):
            build = self._builds.current()
            if not build:
                build = self._builds.new()
                writing.create(build)
                self._builds.switch(build)
        return build


def _given(view: View, kept: Hits, query: Query) -> int:
    """How many of the rows have been given already, up to the one after which the answer goes on."""
    if query.after is None:
        return 0
    place = view.place_of(query.after)
    if place is None:
        raise RowGone("Строки, после которой продолжать, в архиве больше нет: начните список сначала.")
    newer = view.newer(kept, place)
    here = view.holds(kept, place)
    return kept.total - newer if query.sort == "old" else newer + here


def chosen_values(query: Query) -> dict[Facet, str | int]:
    """The filters that are set."""
    filters = query.filters
    values: dict[Facet, str | int | None] = {
        "year": filters.year,
        "category": filters.category,
        "position": filters.position,
        "organization": filters.organization,
        "kind": filters.kind,
    }
    return {facet: value for facet, value in values.items() if value is not None}


def _count(view: View, facet: Facet, hits: Hits, kept: Hits, chosen: dict[Facet, str | int]) -> list[tuple[str | int, int]]:
    """Values of a facet with their counts under the other filters, as a page lists them."""
    if facet not in chosen:
        return listed(facet, view.counts(facet, kept))
    others = ((other, value) for other, value in chosen.items() if other != facet)
    return listed(facet, view.counts(facet, view.filtered(hits, others)), chosen[facet])


def listed(facet: Facet, counts: Counter[str | int], chosen: str | int | None = None) -> list[tuple[str | int, int]]:
    """Years from the newest, other values from the most frequent; long facets are cut, but a chosen value is always there."""
    pairs = sorted(counts.items(), key=lambda pair: -int(pair[0]) if facet == "year" else (-pair[1], pair[0]))
    if facet in ("position", "organization"):
        pairs, rest = pairs[:TOP_VALUES], pairs[TOP_VALUES:]
        pairs += [pair for pair in rest if pair[0] == chosen]
    if chosen is not None and chosen not in counts:
        pairs.append((chosen, 0))
    return pairs


def _noting(entries: Iterable[Entry], order_ids: set[int]) -> Iterator[Entry]:
    for entry in entries:
        order_ids.add(entry.order_id)
        yield entry
