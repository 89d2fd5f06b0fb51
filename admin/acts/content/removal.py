"""The trash: out of the tree with all that is below, and back again."""

import datetime as dt

from ....models import Node, User
from ....procedure.refusal import Refusal
from ....procedure.words import NodeKind
from ...access import require_local
from . import addresses, names
from .addresses import reach
from .holding import held, note, swap
from .places import last, movable, needed, place, section

ELSEWHERE = "Раздела, где стоял материал, больше нет: выберите раздел, в который его вернуть."


def trash(node: Node, *, version: int, by: User, on: dt.datetime) -> int:
    """Put it with all that is below into the trash: how many nodes went. Where something public stood is remembered."""
    with held(node, version) as node:
        nodes = movable(node, by)
        if any(other.legal for other in nodes):
            raise Refusal("Здесь есть раздел, где публикуют вдвоём: сначала администратор снимает эту отметку.")
        addresses.remember(nodes, on)
        Node.update(trashed_with=node, trashed_at=on).where(reach(node)).execute()
        swap(node)
        note(node, "trash", by, on, f"/{node.path}", f"материалов: {len(nodes)}")
    return len(nodes)


def restore(node: Node, *, to: Node | None = None, name: str = "", by: User, on: dt.datetime) -> Node:
    """Take it out of the trash with exactly what went there with it, to where it was or into another section, under its own
    name or another. Refusal if its section is gone; `Taken` if its address is."""
    with held(node, trashed=True) as node:
        if node.trashed_with_id != node.id:
            raise Refusal(f"Материал удалён вместе с разделом /{node.trashed_with.path}: восстановите раздел.")
        nodes = movable(node, by)
        if to is None and node.parent.trashed_with_id is not None:
            raise Refusal(ELSEWHERE)
        to = section(to or node.parent)
        require_local(by, to, needed(nodes))
        name = names.checked(NodeKind(node.kind), name, node.revision().file_name) if name else node.name
        position = node.position if to.id == node.parent_id else last(to)
        now = place(nodes, to, name, by=by, position=position)
        note(now, "restore", by, on, f"/{now.path}", f"материалов: {len(nodes)}")
    return now
