"""Pages for one visitor outside the cabinet: nobody keeps a copy of them, and a form is never lost with the session."""

from flask import Response, current_app, make_response
from flask_wtf.csrf import CSRFError

from . import throttle

STALE = "Сеанс закончился или браузер не сохраняет cookie. Проверьте напечатанное и отправьте ещё раз."


def personal(text: str, status: int = 200) -> Response:
    """A page that no browser, proxy or search engine keeps."""
    made = make_response(text, status)
    made.headers["Cache-Control"] = "no-store"
    made.headers["X-Robots-Tag"] = "noindex"
    return made


def too_often(text: str, wait: throttle.Wait) -> Response:
    """Such a page for one try too many; it says when the next one may be made."""
    made = personal(text, 429)
    made.headers.update(throttle.retry_after(wait.pause))
    return made


def token_holds() -> bool:
    """Whether the form came with the token of this session.

    Asked by views that are exempt from the check of every request, because they show what was typed again.
    """
    try:
        current_app.extensions["csrf"].protect()
    except CSRFError:
        return False
    return True
