"""The parts of an installation that pages and desks share, made once per process."""

from dataclasses import dataclass, field

from .content import Content
from .freshness import Freshness
from .search import SearchIndex
from .search.said import Materials, packaged
from .search.texts import TextIndex
from .settings import Settings


@dataclass(frozen=True)
class Parts:
    """Settings, the search index, the content tree and how new it is, and what the site itself says, to be searched.

    The database is `models.database`.
    """

    settings: Settings
    index: SearchIndex
    content: Content
    freshness: Freshness
    texts: TextIndex = field(default_factory=lambda: TextIndex(packaged))
    materials: Materials = field(default_factory=Materials)

    @classmethod
    def of(cls, settings: Settings, index: SearchIndex) -> "Parts":
        """The parts of this installation; nothing is opened yet but the index."""
        freshness = Freshness(settings.database_url)
        return cls(settings, index, Content(freshness.version), freshness)

    def close(self) -> None:
        """Let go of the index and of the connection."""
        self.index.close()
        self.freshness.close()
