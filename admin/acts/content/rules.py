"""What else is said of a material: whether it stands in the menu, until when it is shown, who may touch it, that it is true."""

import datetime as dt

from ....models import Node, User
from ....procedure.refusal import Refusal
from ....procedure.words import LocalRole
from ....site.dates import CITY
from ...access import Permission, may, require_local
from .holding import held, note, swap
from .places import PUBLIC


def settings(
    node: Node,
    *,
    version: int,
    in_navigation: bool,
    legal: bool,
    restricted: bool,
    expires_at: dt.datetime | None,
    by: User,
    on: dt.datetime,
) -> Node:
    """Change the settings. Only an administrator says where two people publish and which section is restricted."""
    with held(node, version) as node:
        require_local(by, node, LocalRole.APPROVER)
        wanted = {"in_navigation": in_navigation, "legal": legal, "restricted": restricted, "expires_at": expires_at}
        changes = {name: value for name, value in wanted.items() if getattr(node, name) != value}
        if changes.keys() & {"legal", "restricted"} and not may(by, Permission.GOVERN_SECTIONS):
            raise Refusal("Кто правит и кто публикует раздел, решает администратор: попросите его.")
        if "expires_at" in changes:
            _plausible(node, expires_at, on)
        if changes:
            node = swap(node, **changes)
            note(node, "settings", by, on, f"/{node.path}", ", ".join(getattr(Node, name).verbose_name for name in changes))
    return node


def confirm(node: Node, *, by: User, on: dt.datetime) -> Node:
    """Note that somebody read the published text today and it is still true."""
    with held(node) as node:
        require_local(by, node, LocalRole.AUTHOR)
        if node.status not in PUBLIC:
            raise Refusal("Актуальность подтверждают у того, что опубликовано.")
        Node.update(reviewed_on=on.astimezone(CITY).date()).where(Node.id == node.id).execute()
        note(node, "confirm", by, on, f"/{node.path}")
    return Node.get_by_id(node.id)


def _plausible(node: Node, expires_at: dt.datetime | None, on: dt.datetime) -> None:
    if expires_at is None:
        return
    if node.parent_id is None:
        raise Refusal("У главной страницы не бывает срока показа: без неё не открыть ни одной другой.")
    if expires_at <= on:
        raise Refusal("Срок показа уже прошёл: исправьте дату или снимите материал с публикации.")
    if node.status in PUBLIC and node.live_from and expires_at <= node.live_from:
        raise Refusal("Показ закончится раньше, чем начнётся: исправьте срок показа.")
