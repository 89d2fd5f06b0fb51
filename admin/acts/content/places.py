"""Where a material stands: its name, its section, its place among others. What is below comes along."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from peewee import Value, fn

from ....models import Node, User
from ....procedure.refusal import Refusal
from ....procedure.road import OFFICE, road
from ....procedure.words import LocalRole, NodeKind
from ...access import Permission, may, require_local
from . import addresses, names
from .addresses import reach
from .holding import held, note, swap

PUBLIC = road("content", OFFICE).public


def rename(node: Node, *, version: int, name: str, by: User, on: dt.datetime) -> Node:
    """Give it another name in its address."""
    with held(node, version) as node:
        nodes = movable(node, by)
        name = names.checked(NodeKind(node.kind), name, node.revision().file_name)
        if name == node.name:
            raise Refusal("Имя осталось прежним: введите другое.")
        addresses.remember(nodes, on)
        now = place(nodes, node.parent, name, by=by)
        note(now, "rename", by, on, f"/{node.path} → /{now.path}")
    return now


def move(node: Node, *, version: int, to: Node, by: User, on: dt.datetime) -> Node:
    """Put it at the end of another section."""
    with held(node, version) as node:
        nodes = movable(node, by)
        to = section(to)
        require_local(by, to, needed(nodes))
        if to.id == node.parent_id:
            raise Refusal("Материал уже стоит в этом разделе: выберите другой.")
        if any(to.id == other.id for other in nodes):
            raise Refusal("Раздел нельзя перенести в самого себя: выберите другой.")
        addresses.remember(nodes, on)
        now = place(nodes, to, node.name, by=by, position=last(to))
        note(now, "move", by, on, f"/{node.path} → /{now.path}")
    return now


def reorder(parent: Node, ids: Sequence[int], *, by: User, on: dt.datetime) -> None:
    """Put what stands in a section into this order; all of it has to be named."""
    with held(parent) as parent:
        require_local(by, parent, LocalRole.APPROVER)
        positions = {child.id: child.position for child in Node.kept().where(Node.parent == parent)}
        if sorted(ids) != sorted(positions):
            raise Refusal("Состав раздела изменился: обновите страницу и расставьте материалы ещё раз.")
        moved = [(position, id) for position, id in enumerate(ids, 1) if positions[id] != position]
        for position, id in moved:
            Node.update(position=position).where(Node.id == id).execute()
        if moved:
            note(parent, "reorder", by, on, f"/{parent.path}", f"переставлено: {len(moved)}")


# --- For all acts that change places ----------------------------------------------------------------------------------------


def mover(node: Node) -> LocalRole:
    """What somebody has to be to rename, move or trash it: visitors notice when it or something below it is public."""
    return needed(list(Node.select().where(reach(node))))


def needed(nodes: Sequence[Node]) -> LocalRole:
    """What somebody has to be to change the addresses of these nodes."""
    return LocalRole.APPROVER if any(node.status in PUBLIC for node in nodes) else LocalRole.AUTHOR


def movable(node: Node, by: User) -> list[Node]:
    """The node and all that goes where it goes, itself first. Refusal if it is the root or this person may not, with it or
    with a restricted section below it."""
    nodes = list(Node.select().where(reach(node)).order_by(Node.path))
    for other in (node, *(other for other in nodes if other.restricted)):
        require_local(by, other, needed(nodes))
    if node.parent_id is None:
        raise Refusal("Главную страницу нельзя переименовать, перенести или удалить.")
    return nodes


def section(node: Node) -> Node:
    """The node as it is now, if materials can stand in it; Refusal otherwise."""
    now = Node.get_or_none(Node.id == node.id, Node.trashed_with.is_null())
    if now is None or now.kind != NodeKind.FOLDER:
        raise Refusal("Материалы стоят только в разделах: выберите раздел, который не в корзине.")
    return now


def last(parent: Node) -> int:
    """The position after all others of a section; one query."""
    return (Node.kept().where(Node.parent == parent).select(fn.MAX(Node.position)).order_by().scalar() or 0) + 1


def place(nodes: Sequence[Node], to: Node, name: str, *, by: User, **changes: Any) -> Node:
    """Put the first of the nodes, with all others below it, under this name into a section: the first as it is then.

    Changes are written into the first only. Refusal if the address cannot be had, or a public text would get round the
    second person of a legal section, on its way in or out; what was published alone elsewhere counts there as never published.
    """
    node, kind = nodes[0], NodeKind(nodes[0].kind)
    _stay_legal(nodes, to, by)
    path = names.settle(to, kind, name, led_to(node))
    for other in nodes:
        names.measure(path + other.path[len(node.path) :])
    becomes_legal = legal(to) and not legal(node)
    if becomes_legal and needed(nodes) is LocalRole.APPROVER:
        raise Refusal("В этом разделе публикуют вдвоём: перенесите материал неопубликованным и опубликуйте после проверки.")
    moved: dict[str, Any] = {"path": Value(path).concat(fn.SUBSTR(Node.path, len(node.path) + 1))}
    if becomes_legal:
        # Its authors are told from the text that was published last: here nobody but they has seen that one.
        moved |= {"live": None, "live_from": None}
    Node.update(trashed_with=None, trashed_at=None, **moved).where(reach(node)).execute()
    now = swap(node, parent=to, name=name, **changes)
    addresses.settle(now)
    return now


def _stay_legal(nodes: Sequence[Node], to: Node, by: User) -> None:
    """Refusal if what visitors have read in a legal section would leave it: elsewhere one person could change it, and the
    old address would lead there. An administrator says where two people publish, and may."""
    leaves = legal(nodes[0]) and not (nodes[0].legal or legal(to))
    if leaves and any(node.first_public_at for node in nodes) and not may(by, Permission.GOVERN_SECTIONS):
        raise Refusal("Здесь публикуют вдвоём: опубликованное отсюда переносит администратор, попросите его.")


def legal(node: Node) -> bool:
    """Whether it takes two people to publish here; one query."""
    return any(step.legal for step in node.chain())


def led_to(node: Node) -> frozenset[str]:
    """Where a link leads: by its newest text and by those that visitors read; one query."""
    return frozenset(revision.target for revision in node.revisions if revision.number in {node.head, node.live, node.previous})
