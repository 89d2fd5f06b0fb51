"""«Версия для слабовидящих» on every page: its panel, the cookie that remembers it, style sheets of its sizes."""

import re
from functools import cache
from pathlib import Path
from urllib.parse import quote, unquote

from flask import Blueprint, Flask, Response, abort, current_app, redirect, request
from markupsafe import Markup
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as AnyResponse

from ..view_mode import CHOICES, COOKIE, FIRST, ORDINARY, Size, ViewMode
from .headers import A_YEAR
from .layout import parts, view_mode

public = Blueprint("viewing", __name__)

PANEL = "viewing"
# No file system has a longer name, in whatever letters; asked for one it fails.
LONGEST_NAME = 60
UNKNOWN = "Такой настройки нет. Выберите одну из кнопок панели «Версия для слабовидящих»."
_MEDIA = re.compile(r"@media[^{]*")
_REM = re.compile(r"([\d.]+)rem")
_IMAGE = re.compile(r"<img\b[^>]*>")
_ALT = re.compile(r'\salt="([^"]*)"')


def init_app(app: Flask) -> None:
    """Put the version for low vision into the application."""
    app.register_blueprint(public)
    # The look of the visitor's own pages: a forged request gains nothing, and pages that are kept can carry no token.
    app.extensions["csrf"].exempt(change)
    app.after_request(tell_images)


@public.post("/view")
def change() -> AnyResponse:
    """Turn the version on or off, or choose one thing in it, and go back to the same page."""
    mode = _chosen(request.form.get("choose", ""))
    back = _back(request.form.get("next", ""), request.referrer or "")
    answer = redirect(f"{back}#{PANEL}" if mode.panel else back, 303)
    if mode.code:
        secure = parts().settings.secure
        answer.set_cookie(COOKIE, mode.code, max_age=A_YEAR, secure=secure, httponly=True, samesite="Lax")
    else:
        answer.delete_cookie(COOKIE, httponly=True, samesite="Lax")
    return answer


def _chosen(word: str) -> ViewMode:
    """The mode after this button of the panel."""
    if word == "off":
        return ORDINARY
    if word == "on":
        return FIRST
    if word not in CHOICES:
        abort(400, UNKNOWN)
    return view_mode().with_choice(CHOICES[word])


def _back(path: str, referrer: str) -> str:
    """The page the panel stands on. What followed `?` is known to the referrer alone: pages are kept without it."""
    if not path.startswith("/") or path.startswith("//"):
        return "/"
    address, _, query = referrer.partition("?")
    here = unquote(address) == request.host_url.rstrip("/") + path
    return f"{quote(path)}?{query}" if here and query else quote(path)


@public.get("/view/<size>/<name>.css")
def sheet(size: str, name: str) -> Response:
    """A style sheet of the site for a larger size: its breakpoints grow with the text, as they do when a browser zooms."""
    path = safe_join(str(current_app.static_folder), f"{name}.css")
    choice = CHOICES.get(size)
    if path is None or len(name) > LONGEST_NAME or not Path(path).is_file() or not isinstance(choice, Size):
        abort(404)
    answer = Response(_widened(Path(path), choice.factor), mimetype="text/css")
    if request.args.get("v"):
        answer.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return answer


@cache
def _widened(path: Path, factor: float) -> str:
    """In a condition of @media a rem is the browser's own, whatever the size of the page's text."""
    return _MEDIA.sub(lambda media: _REM.sub(lambda rem: f"{float(rem[1]) * factor:g}rem", media[0]), path.read_text("utf-8"))


def tell_images(answer: Response) -> Response:
    """Where images are hidden, each is told by its words, and what only decorates is left out."""
    if view_mode().images_hidden and answer.mimetype == "text/html" and not answer.is_streamed:
        answer.set_data(_IMAGE.sub(_told, answer.get_data(as_text=True)))
    return answer


def _told(image: re.Match[str]) -> str:
    alt = _ALT.search(image[0])
    return Markup('<span class="told-image">Изображение: {}</span>').format(Markup(alt[1])) if alt and alt[1] else ""
