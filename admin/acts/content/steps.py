"""The road of a material: to review, to the visitors and back. The moves stand in `procedure/office/content.toml`."""

import datetime as dt
from collections.abc import Callable
from typing import Any

from peewee import CharField

from ....models import Node, User
from ....procedure.refusal import Refusal
from ....procedure.road import OFFICE, road
from ....site import fields
from ....site.content import findings
from ....site.dates import CITY
from ...access import local_roles
from .addresses import was_public
from .holding import held, note, swap

ROAD = road("content", OFFICE)
REASON = CharField(300, verbose_name="Причина")
# A later date is a slip of the pen.
FURTHEST = dt.timedelta(days=2 * 365 + 1)


def submit(node: Node, *, version: int, by: User, on: dt.datetime) -> Node:
    """Send a draft to review."""
    return step(node, "submit", version=version, by=by, on=on)


def submit_copy(node: Node, *, version: int, by: User, on: dt.datetime) -> Node:
    """Send the working copy of a published material to review."""
    return step(node, "submit_copy", version=version, by=by, on=on)


def send_back(node: Node, *, version: int, reason: str, by: User, on: dt.datetime) -> Node:
    """Return what is in review to its author."""
    return step(node, "send_back", version=version, by=by, on=on, reason=reason)


def send_back_copy(node: Node, *, version: int, reason: str, by: User, on: dt.datetime) -> Node:
    """Return a working copy that is in review to its author."""
    return step(node, "send_back_copy", version=version, by=by, on=on, reason=reason)


def publish(node: Node, *, version: int, by: User, on: dt.datetime, start: dt.datetime | None = None) -> Node:
    """Show the newest text to visitors, now or from `start` on. An expiry that has passed is lifted."""
    return step(node, "publish", version=version, by=by, on=on, start=start)


def publish_copy(node: Node, *, version: int, by: User, on: dt.datetime, start: dt.datetime | None = None) -> Node:
    """Show the working copy in place of the published text, now or from `start` on; until then the old text stays."""
    return step(node, "publish_copy", version=version, by=by, on=on, start=start)


def discard_copy(node: Node, *, version: int, by: User, on: dt.datetime) -> Node:
    """Go back to the published text. The revisions of the working copy stay in the history."""
    return step(node, "discard_copy", version=version, by=by, on=on)


def withdraw(node: Node, *, version: int, reason: str, by: User, on: dt.datetime) -> Node:
    """Take it from the visitors, who read the reason at its address."""
    return step(node, "withdraw", version=version, by=by, on=on, reason=reason)


def reopen(node: Node, *, version: int, by: User, on: dt.datetime) -> Node:
    """Make a draft of what was withdrawn. The reason stays until it is published again."""
    return step(node, "reopen", version=version, by=by, on=on)


def step(
    node: Node, verb: str, *, version: int, by: User, on: dt.datetime, reason: str = "", start: dt.datetime | None = None
) -> Node:
    """Make the move of this verb; KeyError for a verb that the road does not know."""
    with held(node, version) as node:
        return take(node, verb, by=by, on=on, reason=reason, start=start)


def take(node: Node, verb: str, *, by: User, on: dt.datetime, reason: str = "", start: dt.datetime | None = None) -> Node:
    """The one writer of status, for a node that is held: asks the road, writes, tells the journal."""
    move = ROAD.check(verb, node.status, local_roles(by, node), node.observe(by), reason)
    reason = fields.line(REASON, reason, required=move.reason)
    changes, told = _CHANGES[verb](node, on, reason, start) if verb in _CHANGES else ({}, "")
    now = swap(node, status=move.target, **changes)
    note(now, verb, by, on, f"/{node.path}", told, reason)
    return now


# --- What else a move changes -----------------------------------------------------------------------------------------------

Changes = tuple[dict[str, Any], str]


def _publication(node: Node, on: dt.datetime, reason: str, start: dt.datetime | None) -> Changes:
    begins = start if start is not None and start > on else on
    if begins - on > FURTHEST:
        raise Refusal("До начала показа больше двух лет: проверьте год.")
    expires = None if _expired(node, on) else node.expires_at
    if expires is not None and expires <= begins:
        raise Refusal("Показ закончится раньше, чем начнётся: исправьте дату начала или срок показа.")
    if found := findings.errors(node.revision().body):
        line = f" (строка {found[0].line})" if found[0].line else ""
        raise Refusal(f"Публиковать рано{line}. {found[0].sentence}")
    changes = {
        "live": node.head,
        "live_from": begins,
        "previous": _shown(node, on) if begins > on else None,
        "expires_at": expires,
        "first_public_at": node.first_public_at if was_public(node, on) else begins,
        "reason": "",
    }
    lifted = "прошедший срок показа снят" if expires != node.expires_at else ""
    later = f"показ с {begins.astimezone(CITY):%d.%m.%Y %H:%M}" if begins > on else ""
    return changes, "; ".join(filter(None, (f"редакция {node.head}", later, lifted)))


def _withdrawal(node: Node, on: dt.datetime, reason: str, start: dt.datetime | None) -> Changes:
    if node.parent_id is None:
        raise Refusal("Главную страницу нельзя снять с публикации: без неё не открыть ни одной другой.")
    # What was to appear later and never did has not been public.
    first = node.first_public_at if was_public(node, on) else None
    return {"reason": reason, "previous": None, "first_public_at": first}, ""


def _return(node: Node, on: dt.datetime, reason: str, start: dt.datetime | None) -> Changes:
    return {"head": node.live}, f"осталась редакция {node.live}"


_CHANGES: dict[str, Callable[[Node, dt.datetime, str, dt.datetime | None], Changes]] = {
    "publish": _publication,
    "publish_copy": _publication,
    "withdraw": _withdrawal,
    "discard_copy": _return,
}


def _shown(node: Node, on: dt.datetime) -> int | None:
    """The number of the text that visitors read at this moment."""
    if node.status not in ROAD.public or _expired(node, on) or node.live_from is None:
        return None
    return node.live if node.live_from <= on else node.previous


def _expired(node: Node, on: dt.datetime) -> bool:
    return node.expires_at is not None and node.expires_at <= on
