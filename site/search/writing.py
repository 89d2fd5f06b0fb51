"""Putting rows into a build and taking them out: one commit, one new segment, now and then a merge of the newest segments.

Whoosh's own merge policy sorts segments by size and appends the old after the new, which would lose the order of documents.
Here only neighbours at the end are merged, read into the new segment before the new rows.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, pairwise
from operator import attrgetter
from pathlib import Path
from typing import Any

from whoosh import index
from whoosh.filedb.filestore import FileStorage
from whoosh.reading import SegmentReader
from whoosh.writing import SegmentWriter

from .interface import Entry, Progress
from .schema import COLUMN, SCHEMA, TERMS, OrderTerm, RowCodec

MERGE_ROWS = 8_000
"""Segments are merged in a commit only up to so many rows together: about a second's work."""
_REPORT_ROWS = 1_000
_POOL_MEGABYTES = 256
_TOC_BEFORE, _TOC_AFTER = "_MAIN_", ".toc"


class RowWriter(SegmentWriter):  # type: ignore[misc]
    """Adds a document without asking each field how to take its value apart: every value is one term. Twice as fast."""

    def add_row(self, ruling_id: int, terms: Iterable[tuple[str, str]]) -> None:
        self.perdocwriter.start_doc(self.docnum)
        for field, value in terms:
            self.pool.add((field, value.encode(), self.docnum, 1.0, b""))
        self.perdocwriter.add_column_value("row", COLUMN, ruling_id)
        self.perdocwriter.finish_doc()
        self._added = True
        self.docnum += 1


def create(build: Path) -> None:
    """An empty index."""
    index.FileIndex.create(FileStorage(str(build)), SCHEMA)


def generation(build: Path) -> int:
    """The number of the newest commit. Raises FileNotFoundError for a directory without any."""
    numbers = [int(name[len(_TOC_BEFORE) : -len(_TOC_AFTER)]) for name in os.listdir(build) if name.endswith(_TOC_AFTER)]
    if not numbers:
        raise FileNotFoundError(f"no index in {build}")
    return max(numbers)


def segments(storage: FileStorage, number: int) -> list[Any]:
    """Whoosh's segments of a commit, from old to new. Raises FileNotFoundError when a newer commit has swept it away."""
    found: list[Any] = index.TOC.read(storage, "MAIN", gen=number, schema=SCHEMA).segments
    return found


def write(
    build: Path, entries: Iterable[Entry], removed: Iterable[tuple[str, range]] = (), progress: Progress | None = None
) -> None:
    """Add rows in one commit and delete documents, given as ranges by the name of their segment.

    Rows of an order must come together and agree on its requisites: ValueError otherwise, and nothing is changed.
    """
    storage = FileStorage(str(build))
    writer = RowWriter(index.FileIndex(storage, SCHEMA), codec=RowCodec(), compound=False, limitmb=_POOL_MEGABYTES, timeout=1.0)
    try:
        for name, documents in removed:
            segment = next(segment for segment in writer.segments if segment.segment_id() == name)
            for document in documents:
                segment.delete_document(document)
        kept = [segment for segment in writer.segments if segment.deleted_count() < segment.doc_count_all()]
        orders = groupby(entries, attrgetter("order_id"))
        first = next(orders, None)
        if first:
            rows = list(first[1])
            newest = _to_merge(kept, len(rows))
            kept = kept[: len(kept) - len(newest)]
            for segment in newest:
                reader = SegmentReader(storage, SCHEMA, segment)
                writer.add_reader(reader)
                reader.close()
            _add_orders(writer, rows, orders, progress)
    except BaseException:
        writer.cancel()
        raise
    writer.commit(mergetype=lambda _writer, _segments: kept)


def _to_merge(segments: Sequence[Any], rows: int) -> Sequence[Any]:
    """The newest segments to join with a new one of so many rows: while a neighbour is not much larger than what follows it.

    So sizes fall off from old to new, each row is merged a few times in its life, and segments grow in number as a logarithm.
    """
    taken = len(segments)
    while taken and (size := segments[taken - 1].doc_count_all()) <= 2 * rows and rows + size <= MERGE_ROWS:
        rows += size
        taken -= 1
    return segments[taken:]


def _add_orders(
    writer: RowWriter, first: list[Entry], others: Iterator[tuple[int, Iterator[Entry]]], progress: Progress | None
) -> None:
    seen: set[int] = set()
    done = 0
    rows = first
    while rows:
        if rows[0].order_id in seen:
            raise ValueError(f"order {rows[0].order_id}: its rows do not come together")
        if any(OrderTerm.of(one) != OrderTerm.of(other) for one, other in pairwise(rows)):
            raise ValueError(f"order {rows[0].order_id}: its rows differ in number, date or kind")
        seen.add(rows[0].order_id)
        _add_order(writer, rows)
        if progress and done // _REPORT_ROWS < (done + len(rows)) // _REPORT_ROWS:
            progress(done + len(rows))
        done += len(rows)
        rows = list(next(others, (0, ()))[1])


def _add_order(writer: RowWriter, rows: list[Entry]) -> None:
    """The last row of the annex first: documents are read from the highest number down, so a page shows the annex as it is."""
    order = str(OrderTerm.of(rows[0]))
    for row in reversed(rows):
        terms = [(field, value) for field in TERMS if (value := getattr(row, field))]
        if not row.established:
            terms.append(("refused", "1"))
        writer.add_row(row.ruling_id, [("order", order), *terms])
