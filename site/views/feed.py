"""The news as an Atom feed (RFC 4287)."""

import datetime as dt
import re
from typing import NamedTuple
from urllib.parse import urlsplit

from flask import Blueprint, make_response, render_template
from werkzeug.wrappers import Response

from .. import markup
from ..content import Item, links, store
from .described import whole
from .entries import latest_news
from .layout import seen
from .phrases import local_day
from .ready import ready

public = Blueprint("feed", __name__)

LONGEST_FEED = 50
# Signs that HTML can name by number but XML may not hold.
_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Told(NamedTuple):
    """A news item in the feed. Its name survives every move: the day it was first published, and its id."""

    item: Item
    address: str
    title: str
    summary: str
    body: str
    published: dt.datetime
    updated: dt.datetime

    @property
    def day(self) -> dt.date:
        """The day it was first published, in Moscow."""
        return local_day(self.published)


@public.get("/feed.xml")
@ready
def news() -> Response:
    """The newest news, whole."""
    told = _told()
    updated = max((one.updated for one in told), default=seen().tree.root.live_from or seen().now)
    site = whole("")
    answer = make_response(render_template("feed.xml", told=told, updated=updated, site=site, host=urlsplit(site).hostname))
    answer.mimetype = "application/atom+xml"
    answer.last_modified = updated
    return answer


def _told() -> list[Told]:
    """What the feed tells; one query for all texts."""
    tree, now = seen()
    resolve = links.resolver(tree, now)
    items = latest_news(LONGEST_FEED)
    shown = {item: words for item in items if (words := item.showing(now))}
    texts = store.bodies([(item.id, words.number) for item, words in shown.items()])
    return [
        Told(
            item,
            whole(item.address),
            words.title,
            words.summary,
            _NOT_XML.sub("", markup.html(texts[item.id], resolve)),
            item.first_public_at or words.written_at,
            item.changed_at(now) or words.written_at,
        )
        for item, words in shown.items()
    ]
