"""Pages that depend on packaged data and settings alone: made once, then answered from memory before Flask is asked."""

import time
from collections.abc import Callable, Iterable
from functools import wraps
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec

from flask import Flask, Response, make_response, request

from ..settings import Settings

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

P = ParamSpec("P")
# Then a page is made anew: what is not packaged, the demonstration band, is late by no more than this.
SECONDS_KEPT = 30
MARK = "attestation.ready"
OF_THE_BODY = {"Content-Type", "Content-Length"}


def ready(view: Callable[P, str]) -> Callable[P, Response]:
    """A page that is the same for everybody, signed in or not, whatever stands after `?`. A refusal is not kept."""

    @wraps(view)
    def answered(*args: P.args, **kwargs: P.kwargs) -> Response:
        answer = make_response(view(*args, **kwargs))
        answer.add_etag()
        answer.make_conditional(request)
        request.environ[MARK] = True
        return answer

    return answered


class Page(NamedTuple):
    """A finished answer of status 200, with the settings it was made under."""

    headers: list[tuple[str, str]]
    body: bytes
    etag: str
    settings: Settings
    until: float


class ReadyPages:
    """The layer before Flask that keeps what views marked as ready; there are as many pages as such addresses."""

    def __init__(self, app: Flask, clock: Callable[[], float] = time.monotonic) -> None:
        self.app = app
        self.wsgi_app: WSGIApplication = app.wsgi_app
        self.clock = clock
        self.pages: dict[tuple[str, str], Page] = {}

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return self.wsgi_app(environ, start_response)
        address = environ["SCRIPT_NAME"], environ["PATH_INFO"]
        page = self.pages.get(address)
        if page is None or self.clock() > page.until or page.settings is not self._settings():
            return self._made(address, environ, start_response)
        if page.etag in environ.get("HTTP_IF_NONE_MATCH", ""):
            start_response("304 NOT MODIFIED", [pair for pair in page.headers if pair[0] not in OF_THE_BODY])
            return []
        start_response("200 OK", page.headers)
        return [page.body] if environ["REQUEST_METHOD"] == "GET" else []

    def _made(self, address: tuple[str, str], environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """The answer of Flask; a whole one is kept when its view said so."""
        told: dict[str, list[tuple[str, str]]] = {}

        def noted(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Any:
            told[status[:3]] = headers
            return start_response(status, headers, *exc_info)

        chunks = self.wsgi_app(environ, noted)
        if MARK not in environ or environ["REQUEST_METHOD"] != "GET" or "200" not in told:
            return chunks
        body = b"".join(chunks)
        if close := getattr(chunks, "close", None):
            close()
        headers = told["200"]
        self.pages[address] = Page(headers, body, dict(headers)["ETag"], self._settings(), self.clock() + SECONDS_KEPT)
        return [body]

    def _settings(self) -> Settings:
        settings: Settings = self.app.extensions["attestation"].settings
        return settings
