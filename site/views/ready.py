"""Pages that depend on packaged data and settings alone: rendered once, then answered from memory with an ETag."""

import hashlib
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec

from flask import Response, current_app, request

from .layout import parts

P = ParamSpec("P")


@dataclass(frozen=True)
class Ready:
    """A rendered page and the name of its bytes."""

    body: bytes
    etag: str


def kept_ready(view: Callable[P, str]) -> Callable[P, Response]:
    """Render the page at its first request; a form's data, the templates and the version never change in a running process.

    What may differ is in the key: the address, the settings and the demonstration band. The header is the same for everybody,
    signed in or not. A view that ends with a refusal leaves nothing behind, so that there are as many pages as addresses.
    """

    @wraps(view)
    def answered(*args: P.args, **kwargs: P.kwargs) -> Response:
        key = (request.script_root, request.path, parts().settings, _demonstration())
        pages: dict[Hashable, Ready] = current_app.extensions.setdefault("ready pages", {})
        page = pages.get(key)
        if page is None:
            body = view(*args, **kwargs).encode("utf-8")
            page = pages[key] = Ready(body, hashlib.sha256(body).hexdigest()[:32])
        answer = Response(page.body, mimetype="text/html")
        answer.set_etag(page.etag)
        answer.make_conditional(request)
        return answer

    return answered


def _demonstration() -> bool:
    """Whether the page says that the data is invented, as the templates ask it."""
    return bool(current_app.jinja_env.globals["demonstration"]())  # type: ignore[operator]
