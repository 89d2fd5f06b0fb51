"""The regulation in our own words: its editions, sections and clauses as typed objects."""

from .reading import (
    AUDIENCES,
    DOCUMENTS,
    EDITIONS,
    LENOBL,
    SPB,
    BrokenText,
    Clause,
    Edition,
    Section,
    Term,
    UnknownClause,
    edition,
    linked,
)

__all__ = [
    "AUDIENCES",
    "DOCUMENTS",
    "EDITIONS",
    "LENOBL",
    "SPB",
    "BrokenText",
    "Clause",
    "Edition",
    "Section",
    "Term",
    "UnknownClause",
    "edition",
    "linked",
]
