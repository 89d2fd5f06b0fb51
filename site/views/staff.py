"""What signed-in staff see around a page they may work on. The office says what that is: the site knows no roles."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Flask, current_app, request
from werkzeug.wrappers import Response

from ..content import Item

EXTENSION = "attestation.staff"


@dataclass(frozen=True)
class Bar:
    """The bar of a managed page: ways to the desk as (title, address); the working copy's address when there is one."""

    ways: tuple[tuple[str, str], ...]
    working_copy: str = ""


BarOf = Callable[[Item], Bar | None]


def offer(app: Flask, bar_of: BarOf) -> None:
    """Ask the office through this: the bar of a material for whoever sent the request, None for who may not work on it."""
    app.extensions[EXTENSION] = bar_of


def looking() -> bool:
    """Whether somebody may be signed in. Only then the session is read: pages of visitors are the same for all."""
    return current_app.config["SESSION_COOKIE_NAME"] in request.cookies


def bar(item: Item) -> Bar | None:
    """The bar of this material for whoever looks; None for visitors."""
    bar_of: BarOf | None = current_app.extensions.get(EXTENSION)
    return bar_of(item) if bar_of and looking() else None


def private(answer: Response) -> Response:
    """An answer that nobody else may be given."""
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
