"""What every page is given: settings, the navigation, the demonstration band, words for dates and amounts."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from flask import Flask, current_app, g, request, url_for

from ... import models
from ...procedure.complaints import taken
from ..content import Item, Tree
from ..parts import Parts
from ..settings import Settings
from ..view_mode import Size, ViewMode
from . import phrases

# What the footer of every page leads to, by its path in the content tree.
FOOTER = ("accessibility", "privacy")


class Way(NamedTuple):
    """A way in the navigation."""

    title: str
    address: str
    current: bool


class Seen(NamedTuple):
    """The content tree, and the moment that decides what of it is shown."""

    tree: Tree
    now: dt.datetime


def parts() -> Parts:
    """The parts of this installation."""
    found: Parts = current_app.extensions["attestation"]
    return found


def init_app(app: Flask) -> None:
    """Offer the words and globals to all templates, those of the office included."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for phrase in (
        phrases.long_date,
        phrases.short_date,
        phrases.local_day,
        phrases.moment,
        phrases.hour,
        phrases.amount,
        phrases.file_size,
    ):
        app.jinja_env.filters[phrase.__name__] = phrase
    app.jinja_env.filters |= {"tied": phrases.tied, "groups": phrases.groups}
    app.jinja_env.globals.update(
        plural=phrases.plural,
        asset=asset,
        navigation=navigation,
        footer_ways=footer_ways,
        complaints_taken=lambda: taken(_settings().procedure),
        demonstration=Demonstration(),
        installation=_settings,
        view_mode=view_mode,
    )


def _settings() -> Settings:
    return parts().settings


def view_mode() -> ViewMode:
    """How this visitor wants pages to look."""
    return ViewMode.from_environ(request.environ)


def seen() -> Seen:
    """The content tree and the moment at which this request reads it, the same for all of its page."""
    if "seen" not in g:
        g.seen = Seen(parts().content.tree(), models.utc_now())
    found: Seen = g.seen
    return found


def navigation() -> tuple[Way, ...]:
    """The ways of the header: what the office has put on the first level of the content tree."""
    tree, now = seen()
    return ways(tree.navigation(now))


def footer_ways() -> tuple[Way, ...]:
    """The ways of the footer, as far as they lead somewhere."""
    tree, now = seen()
    found = (tree.at(path) for path in FOOTER)
    return ways(item for item in found if item and tree.showing(item, now))


def ways(items: Iterable[Item]) -> tuple[Way, ...]:
    """Ways to shown materials; those that lead nowhere are left out. A way is current on all pages below its address."""
    tree, now = seen()
    known = ((item.showing(now), tree.destination(item, now)) for item in items)
    return tuple(Way(words.title, address, _current(address)) for words, address in known if words and address)


def _current(address: str) -> bool:
    return request.path == address or request.path.startswith(f"{address.rstrip('/')}/")


def asset(name: str) -> str:
    """The address of a static file; it carries the content's hash, so that browsers may keep it for ever."""
    fingerprint = _fingerprint(Path(str(current_app.static_folder)) / name)
    size = view_mode().size
    if name.endswith(".css") and size is not Size.NORMAL:
        return url_for("viewing.sheet", size=size.value, name=name.removesuffix(".css"), v=fingerprint)
    return url_for("static", filename=name, v=fingerprint)


@cache
def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


class Demonstration:
    """Whether the installation holds demonstration data; asked once for each version of the content."""

    def __init__(self) -> None:
        self._known: tuple[object, bool] = None, False

    def __call__(self) -> bool:
        # The version first: a change in between is asked about once more.
        version = parts().content.version()
        if version is None or version != self._known[0]:
            self._known = version, models.demonstration()
        return self._known[1]
