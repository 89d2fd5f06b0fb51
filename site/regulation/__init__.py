"""The regulation in our own words: its editions, sections, clauses and appendices as typed objects."""

from .editions import ACTS, EDITIONS, LENOBL, SPB, Shelf, edition, shelf
from .reading import BrokenText
from .references import linked, linked_line
from .shape import AUDIENCES, DOCUMENTS, Appendix, Clause, Edition, Section, Term, UnknownClause

__all__ = [
    "ACTS",
    "AUDIENCES",
    "DOCUMENTS",
    "EDITIONS",
    "LENOBL",
    "SPB",
    "Appendix",
    "BrokenText",
    "Clause",
    "Edition",
    "Section",
    "Shelf",
    "Term",
    "UnknownClause",
    "edition",
    "linked",
    "linked_line",
    "shelf",
]
