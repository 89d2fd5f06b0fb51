"""Materials as lists show them: in sections, listings, among the news, on the home page."""

import datetime as dt
import math
from collections.abc import Iterable
from dataclasses import dataclass

from ...procedure.words import NodeKind
from ..content import Item, media
from ..content.listing import ListingQuery, Order, ordered
from .layout import seen
from .paging import NoSuchPage, Pages
from .phrases import local_day

NEWS_PER_PAGE = 20


@dataclass(frozen=True)
class Entry:
    """A material in a list; `file` says what a file is, «PDF, 1,2 МБ», `day` is the day of a news item in Moscow."""

    title: str
    address: str
    summary: str
    file: str
    day: dt.date | None


def entries(items: Iterable[Item]) -> tuple[Entry, ...]:
    """Shown materials as a list has them; links that lead nowhere are left out."""
    return tuple(entry for item in items if (entry := _entry(item)))


def _entry(item: Item) -> Entry | None:
    tree, now = seen()
    words, address = item.showing(now), tree.destination(item, now)
    if words is None or address is None:
        return None
    file = media.said(words.file.media_type, words.file.size) if words.file else ""
    day = local_day(item.first_public_at) if item.kind is NodeKind.NEWS and item.first_public_at else None
    return Entry(words.title, address, words.summary, file, day)


def news_of(section: Item) -> list[Item]:
    """The shown news of a section, newest first."""
    tree, now = seen()
    return ordered((item for item in tree.children(section, now) if item.kind is NodeKind.NEWS), Order.NEWEST, now)


def latest_news(limit: int) -> tuple[Item, ...]:
    """The news of the whole site published last."""
    return ListingQuery(kinds=(NodeKind.NEWS,), limit=limit).select(*seen())


def news_on_page(section: Item, number: int) -> tuple[tuple[Entry, ...], Pages]:
    """A page of the section's news and the ways to the others; NoSuchPage for one that is not there."""
    found = news_of(section)
    pages = Pages(number, max(math.ceil(len(found) / NEWS_PER_PAGE), 1), lambda page: _address(section, page))
    if not 1 <= number <= pages.last:
        raise NoSuchPage
    return entries(found[(number - 1) * NEWS_PER_PAGE : number * NEWS_PER_PAGE]), pages


def _address(section: Item, page: int) -> str:
    # In the path: pages that are kept ready know nothing of what stands after `?`.
    return f"{section.address}page/{page}/" if page > 1 else section.address
