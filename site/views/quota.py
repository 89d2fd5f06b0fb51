"""How many requests a minute a client may make to the programming interface, whichever process answers them.

A process takes requests for a client a few at a time, so that most of them write nothing: the limit holds for all processes
together, at worst it is met a few requests early. Where the database cannot count, nobody is refused.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec

from flask import Flask, Response, current_app, g, request
from flask.typing import ResponseReturnValue
from peewee import EXCLUDED, Case, OperationalError
from werkzeug.exceptions import TooManyRequests

from ...models import ApiClient, database, utc_now
from .layout import parts
from .throttle import keyed, network

P = ParamSpec("P")
log = logging.getLogger(__name__)

MINUTE = 60
# Requests that a process takes at once.
SHARE = 10
# Clients that a process remembers; when there are more it asks the database about them anew.
MOST_CLIENTS = 10_000
REFUSED = "Больше {limit} запросов в минуту с одного адреса не принимаем. Повторите через {wait} с. Все данные сразу: {dumps}."


@dataclass
class Taken:
    """What this process has taken for a client in a minute: requests left of it, and how many all processes may still take."""

    minute: int
    left: int
    beyond: int


class Quota:
    """What one process has taken for its clients."""

    def __init__(self) -> None:
        self._taken: dict[str, Taken] = {}
        self._swept = 0
        self._lock = threading.Lock()

    def allows(self, client: str, minute: int, limit: int) -> tuple[bool, int]:
        """Whether the client may make one more request in this minute, and how many after it."""
        with self._lock:
            taken = self._taken.get(client)
            if taken is None or taken.minute != minute or (not taken.left and taken.beyond > 0):
                if len(self._taken) >= MOST_CLIENTS:
                    self._taken.clear()
                taken = self._taken[client] = self._take(client, minute, limit)
            allowed = taken.left > 0
            taken.left -= allowed
            return allowed, taken.left + max(taken.beyond, 0)

    def _take(self, client: str, minute: int, limit: int) -> Taken:
        """Take some requests of this minute out of the count that all processes share."""
        same = ApiClient.minute == EXCLUDED.minute
        update = {
            ApiClient.minute: EXCLUDED.minute,
            ApiClient.taken: Case(None, [(same, ApiClient.taken + EXCLUDED.taken)], EXCLUDED.taken),
        }
        share = min(SHARE, limit)
        try:
            with database.atomic():
                if self._swept != minute:
                    ApiClient.delete().where(ApiClient.minute < minute).execute()
                    self._swept = minute
                made = ApiClient.insert(client_hash=client, minute=minute, taken=share)
                counted = made.on_conflict(conflict_target=[ApiClient.client_hash], update=update)
                (row,) = counted.returning(ApiClient.taken).execute()
        except OperationalError as error:
            log.error("Requests are not counted: %s", type(error).__name__)
            return Taken(minute, share, limit - share)
        return Taken(minute, max(share - max(row.taken - limit, 0), 0), limit - row.taken)


def init_app(app: Flask) -> None:
    """Begin to count in this process."""
    app.extensions["quota"] = Quota()


def counted(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """A view of the interface whose requests count. Beyond the limit it is 429 that says when to come back."""

    @wraps(view)
    def answered(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        limit = parts().settings.api_limit
        if limit:
            _count(limit)
        return view(*args, **kwargs)

    return answered


def _count(limit: int) -> None:
    minute, past = divmod(int(utc_now().timestamp()), MINUTE)
    wait = MINUTE - past
    client = keyed("api", network(request.remote_addr or "", ipv4_prefix=32))
    allowed, remaining = current_app.extensions["quota"].allows(client, minute, limit)
    g.rate_limit = {
        "RateLimit-Policy": f'"minute";q={limit};w={MINUTE}',
        "RateLimit": f'"minute";r={remaining};t={wait}',
    }
    if not allowed:
        dumps = parts().settings.site_url + "/data/"
        raise TooManyRequests(REFUSED.format(limit=limit, wait=wait, dumps=dumps), retry_after=wait)


def add_headers(answer: Response) -> Response:
    """Say how many requests are left (draft-ietf-httpapi-ratelimit-headers)."""
    answer.headers.extend(g.get("rate_limit", {}))
    return answer
