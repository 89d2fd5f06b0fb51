"""What every page is given: settings, the navigation, the demonstration band, words for dates and amounts."""

import hashlib
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import NamedTuple

from flask import Flask, current_app, request, url_for

from ... import models
from ..parts import Parts
from ..settings import Settings
from . import phrases

SECONDS_BETWEEN_CHECKS = 30


class Way(NamedTuple):
    """A way in the navigation."""

    title: str
    address: str
    current: bool


def parts() -> Parts:
    """The parts of this installation."""
    found: Parts = current_app.extensions["attestation"]
    return found


def init_app(app: Flask) -> None:
    """Offer the words and globals to all templates, those of the office included."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    for phrase in (phrases.long_date, phrases.short_date, phrases.local_day, phrases.amount, phrases.file_size):
        app.jinja_env.filters[phrase.__name__] = phrase
    app.jinja_env.filters |= {"tied": phrases.tied, "groups": phrases.groups}
    app.jinja_env.globals.update(
        plural=phrases.plural,
        asset=asset,
        navigation=navigation,
        demonstration=Demonstration(),
        installation=_settings,
    )


def _settings() -> Settings:
    return parts().settings


def navigation() -> tuple[Way, ...]:
    """The ways of the header: only what exists."""
    ways = (
        ("Распоряжения", url_for("orders.index")),
        ("Заключения", url_for("rubrics.index")),
        ("Регламент", url_for("regulation.index")),
        ("Бланки", url_for("forms.index")),
        ("О сервисе", "/about/"),
    )
    return tuple(Way(title, address, request.path.startswith(address)) for title, address in ways)


def asset(name: str) -> str:
    """The address of a static file; it carries the content's hash, so that browsers may keep it for ever."""
    return url_for("static", filename=name, v=_fingerprint(Path(str(current_app.static_folder)) / name))


@cache
def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:10]


class Demonstration:
    """Whether the installation holds demonstration data. A yes is kept, a no is asked again after half a minute."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._known: dict[int, bool] = {}  # by database: tests have many in one process
        self._asked_at = -float(SECONDS_BETWEEN_CHECKS)

    def __call__(self) -> bool:
        database = id(models.database.obj)
        if not self._known.get(database):
            if database in self._known and self._clock() - self._asked_at < SECONDS_BETWEEN_CHECKS:
                return False
            self._asked_at = self._clock()
            self._known = {database: models.demonstration()}
        return self._known[database]
