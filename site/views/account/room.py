"""The room that all pages of the cabinet stand in: its guard, who is in it, how its pages are rendered."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from ....models import User
from ..signing import signed_in, wanted_path

View = TypeVar("View", bound=Callable[..., Any])

public = Blueprint("account", __name__, url_prefix="/account")
_OPEN = "open_to_strangers"


def open_to_strangers(view: View) -> View:
    """Mark a page of the cabinet that nobody has to sign in for: signing in, opening an account, a new password."""
    setattr(view, _OPEN, True)
    return view


@public.before_request
def guard() -> Response | None:
    """Send a stranger to sign in, and after that back to where they wanted to go."""
    view = current_app.view_functions[request.endpoint or ""]
    if getattr(view, _OPEN, False) or signed_in():
        return None
    return redirect(url_for("account.login", next=wanted_path()))


def person() -> User:
    """Who is in the cabinet; only pages behind the guard ask."""
    user = signed_in()
    if user is None:
        abort(403)
    return user


def page(template: str, **values: Any) -> str:
    """A page of the cabinet; knows who looks at it."""
    return render_template(f"account/{template}", user=signed_in(), cabinet_ways=ways(), **values)


def ways() -> list[tuple[str, str]]:
    """The navigation of the cabinet: address and title."""
    return [(url_for("account.home"), "Мои заявления")]
