"""The parts of an installation that pages and desks share, made once per process."""

from dataclasses import dataclass, field

from .content import Content
from .search import SearchIndex
from .settings import Settings


@dataclass(frozen=True)
class Parts:
    """Settings, the search index and the content tree; the database is `models.database`."""

    settings: Settings
    index: SearchIndex
    content: Content = field(default_factory=Content)
