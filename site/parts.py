"""The parts of an installation that pages and desks share, made once per process."""

from dataclasses import dataclass

from .search import SearchIndex
from .settings import Settings


@dataclass(frozen=True)
class Parts:
    """Settings and the search index; the database is `models.database`."""

    settings: Settings
    index: SearchIndex
