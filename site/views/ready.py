"""Public pages made once: kept as compressed bytes and answered from memory before Flask is asked.

It stands for one state of the content, the settings and the editions, until something appears or expires or the day ends.
"""

import datetime as dt
import threading
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec
from urllib.parse import unquote

from flask import Flask, Response, make_response, request, url_for
from flask.typing import ResponseReturnValue

from ... import models
from .. import regulation
from ..settings import Settings
from ..view_mode import ViewMode
from .copies import Copy, Headers, coding, copies
from .layout import parts
from .phrases import MOSCOW, local_day
from .shelf import Shelf

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

P = ParamSpec("P")
MARK = "attestation.ready"
READING = frozenset({"GET", "HEAD"})
MEGABYTE = 1024 * 1024
# What a process gives to pages of the ordinary look, and to all others together: anybody may ask for every page in every look.
BYTES_OF_ORDINARY = 48 * MEGABYTE
BYTES_OF_OTHERS = 16 * MEGABYTE
# An edition that an operator puts into its folder is seen after so long at the latest: looking there costs as much as all else.
SECONDS_BETWEEN_LOOKS = 1.0
# Headers, names and objects that come with a page.
OVERHEAD = 8 * 1024


class Standing(NamedTuple):
    """What a page was made under, and how long it stays the same by itself."""

    version: object
    settings: Settings
    editions: regulation.Shelf
    since: dt.datetime
    until: dt.datetime


def ready(view: Callable[P, ResponseReturnValue]) -> Callable[P, Response]:
    """A page that depends on its address, the content, the settings, the day and the look of pages, and on nothing else.

    It must not know who asks nor what stands after `?`, which is taken away here. Only an answer of status 200 is kept.
    """

    @wraps(view)
    def answered(*args: P.args, **kwargs: P.kwargs) -> Response:
        request.query_string = b""
        request.__dict__.pop("args", None)
        before = _standing()
        answer = make_response(view(*args, **kwargs))
        if answer.status_code == 200 and _well_written():
            request.environ[MARK] = before
        return answer

    return answered


def _standing() -> Standing:
    """The state of things now, before anything of it is read."""
    now, version, settings = models.utc_now(), parts().content.version(), parts().settings
    midnight = dt.datetime.combine(local_day(now) + dt.timedelta(days=1), dt.time(), MOSCOW)
    change = parts().content.tree().next_change(now) if version is not None else None
    editions = regulation.shelf(settings.editions_dir)
    # In UTC, as the clock is: it is compared at every request, and moments of two zones are slow to compare.
    until = min(midnight, change or midnight).astimezone(dt.UTC)
    return Standing(version, settings, editions, now, until)


def _well_written() -> bool:
    """Whether the address is written as we write it: `/news/page/0002/` is answered, but there is no end of its kind."""
    assert request.endpoint is not None
    return unquote(url_for(request.endpoint, **(request.view_args or {}))) == request.script_root + request.path


class Page:
    """A page that is kept: its copies by coding."""

    def __init__(self, standing: Standing, copies: Mapping[str, Copy]) -> None:
        self.standing = standing
        self.copies = copies
        self.weight = OVERHEAD + sum(len(copy.body) for copy in copies.values())
        # Held by the request that makes the page which takes its place.
        self.being_replaced = threading.Lock()


class ReadyPages:
    """The layer before Flask. A request with a session goes past it both ways: who has signed in sees more on a page."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self.wsgi_app: WSGIApplication = app.wsgi_app
        # The name alone: Flask reads a cookie with spaces around it, too.
        self.session = app.config["SESSION_COOKIE_NAME"]
        self.ordinary: Shelf[Page] = Shelf(BYTES_OF_ORDINARY)
        self.others: Shelf[Page] = Shelf(BYTES_OF_OTHERS)
        self._look_at = -inf

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        cookie = environ.get("HTTP_COOKIE", "")
        if environ["REQUEST_METHOD"] not in READING or self.session in cookie:
            return self.wsgi_app(environ, start_response)
        look = ViewMode.from_environ(environ).code if cookie else ""
        shelf, key = self.others if look else self.ordinary, (environ["SCRIPT_NAME"], environ["PATH_INFO"], look)
        page = shelf.get(key)
        if page is None:
            return self._made(shelf, key, environ, start_response)
        if self._holds(page):
            return _sent(page, environ, start_response)
        # Of many who ask for a page that is out of date one makes it anew, the others wait for it.
        with page.being_replaced:
            newer = shelf.get(key)
            if newer is not None and self._holds(newer):
                return _sent(newer, environ, start_response)
            return self._made(shelf, key, environ, start_response)

    def _made(
        self, shelf: Shelf[Page], key: tuple[str, str, str], environ: "WSGIEnvironment", start_response: "StartResponse"
    ) -> Iterable[bytes]:
        """The answer of Flask; a page that its view marked as ready is kept."""
        made = self._rendered(environ, start_response)
        if isinstance(made, Page) and environ["REQUEST_METHOD"] == "HEAD":
            # What was made for it has no body to be kept.
            made = self._rendered({**environ, "REQUEST_METHOD": "GET"}, start_response)
        if not isinstance(made, Page):
            shelf.drop(key)
            return made
        if made.standing.version is not None:
            shelf.put(key, made)
        return _sent(made, environ, start_response)

    def _rendered(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Page | Iterable[bytes]:
        """A page to be kept, of which nothing is sent yet; or any other answer of Flask, on its way."""
        told: list[Headers] = []

        def noted(status: str, headers: Headers, *exc_info: Any) -> Any:
            if MARK in environ and status.startswith("200 ") and _for_everybody(headers):
                told.append(headers)
                return _unused
            return start_response(status, headers, *exc_info)

        chunks = self.wsgi_app(environ, noted)
        if not told:
            return chunks
        try:
            return Page(environ[MARK], copies(told[0], b"".join(chunks)))
        finally:
            if close := getattr(chunks, "close", None):
                close()

    def _holds(self, page: Page) -> bool:
        """Whether the page would come out the same if it were made now."""
        made, now = page.standing, self.app.extensions["attestation"]
        if monotonic() >= self._look_at:
            # The time last: another thread must not take it for granted that there is something to see.
            self._editions = regulation.shelf(now.settings.editions_dir)
            self._look_at = monotonic() + SECONDS_BETWEEN_LOOKS
        return (
            made.version is not None
            and made.version == now.content.version()
            and made.settings is now.settings
            and made.editions is self._editions
            # A clock may be set back.
            and made.since <= models.utc_now() < made.until
        )


def _sent(page: Page, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
    copy = page.copies[coding(environ.get("HTTP_ACCEPT_ENCODING", ""))]
    known = environ.get("HTTP_IF_NONE_MATCH")
    # A server may write into the list it is given: it gets one of its own.
    if known and copy.known_to(known):
        start_response("304 NOT MODIFIED", [*copy.headers_of_304])
        return []
    start_response("200 OK", [*copy.headers])
    return [copy.body] if environ["REQUEST_METHOD"] == "GET" else []


def _for_everybody(headers: Headers) -> bool:
    """Whether nothing in the answer is meant for one visitor: a secret would be given to all, and compression would tell it."""
    said = {name.lower(): value for name, value in headers}
    cache = said.get("cache-control", "")
    return "set-cookie" not in said and "no-store" not in cache and "private" not in cache


def _unused(_data: bytes) -> None:
    """WSGI wants a function to write with; Flask never does."""
