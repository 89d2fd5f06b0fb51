"""Search of the archive of orders: one small interface, one engine behind it.

`query` reads what was typed, `correction` matches it with an archive, `whoosh_engine` is the archive, `sources` says what
of the records is searchable.
"""

from .interface import (
    FACETS,
    MAX_LENGTH,
    MAX_PER_PAGE,
    Answer,
    Correction,
    Entry,
    Facet,
    Filters,
    IndexBusy,
    IndexDamaged,
    Matched,
    Query,
    QueryRefused,
    RowGone,
    SearchIndex,
)
from .whoosh_engine import open_index

__all__ = [
    "FACETS",
    "MAX_LENGTH",
    "MAX_PER_PAGE",
    "Answer",
    "Correction",
    "Entry",
    "Facet",
    "Filters",
    "IndexBusy",
    "IndexDamaged",
    "Matched",
    "Query",
    "QueryRefused",
    "RowGone",
    "SearchIndex",
    "open_index",
]
