"""The material that a page of the desk is about, and what the person at the desk may do there."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from flask import abort

from ....models import Node, Revision, utc_now
from ....procedure.road import OFFICE, road
from ....procedure.words import LocalRole, NodeKind
from ....site.content import Item
from ....site.views.layout import seen
from ....site.views.phrases import moment
from ...access import local_roles, within_reach
from ..base import found, person, seen_version

ROAD = road("content", OFFICE)
IN_TRASH = "Материал в корзине: восстановите его, чтобы работать с ним."


@dataclass(frozen=True)
class Place:
    """A material outside the trash: its newest text, the roles of the person there, titles and ids of the sections above."""

    node: Node
    said: Revision
    roles: frozenset[LocalRole]
    above: tuple[tuple[str, int], ...]

    @property
    def kind(self) -> NodeKind:
        """The kind of the material."""
        return NodeKind(self.node.kind)

    @property
    def writes(self) -> bool:
        """Whether the person may write here."""
        return LocalRole.AUTHOR in self.roles

    @property
    def approves(self) -> bool:
        """Whether the person may publish here."""
        return LocalRole.APPROVER in self.roles

    @property
    def is_root(self) -> bool:
        """Whether it is the home page."""
        return self.node.parent_id is None

    @property
    def is_folder(self) -> bool:
        """Whether materials can stand in it."""
        return self.kind is NodeKind.FOLDER

    @cached_property
    def item(self) -> Item:
        """The same as visitors meet it."""
        return seen().tree.by_id[self.node.id]

    @property
    def state(self) -> str:
        """Its state in words."""
        return state_of(self.node, utc_now())


def place(id: int, role: LocalRole | None = None) -> Place:
    """The material of this id; 404 when there is none outside the trash, 403 when the person has not this role there."""
    node = found(Node, id)
    if node.trashed_with_id is not None:
        abort(404, IN_TRASH)
    roles = local_roles(person(), node)
    if role is not None and role not in roles:
        abort(403)
    chain = node.chain()[:-1]
    names = titles(step.id for step in chain)
    return Place(node, node.revision(), roles, tuple((names[step.id], step.id) for step in chain))


def shown_version() -> int:
    """The version of the material that the submitted page showed; 0, which no material has, for what no page shows."""
    return seen_version() or 0


def titles(ids: Iterable[int]) -> dict[int, str]:
    """The newest titles of these materials; one query."""
    newest: Any = (
        Node.select(Node.id, Revision.title)
        .join(Revision, on=(Revision.node == Node.id) & (Revision.number == Node.head))
        .where(Node.id.in_(list(ids)))
    )
    return dict(newest.tuples())


def sections(role: LocalRole, without: Node | None = None) -> list[tuple[str, str]]:
    """Sections in which the person at the desk has this role, as choices of a field: id and indented title. `without` leaves
    out a branch of the tree."""
    query: Any = (
        Node.kept()
        .select(Node.id, Node.path, Revision.title)
        .join(Revision, on=(Revision.node == Node.id) & (Revision.number == Node.head))
        .where(Node.kind == NodeKind.FOLDER, within_reach(person(), role))
    )
    inside = f"{without.path}/" if without else ""
    return [
        (str(id), f"{'— ' * (path.count('/') + 1) if path else ''}{title}")
        for id, path, title in query.tuples()
        if not (without and f"{path}/".startswith(inside))
    ]


def chosen(ids: Collection[int]) -> list[Node]:
    """These materials outside the trash, in the order of their section; one query."""
    return list(Node.kept().where(Node.id.in_(list(ids))).order_by(Node.position, Node.id))


def state_of(node: Node, now: dt.datetime) -> str:
    """The state of a material with its dates: «Опубликован, показ с 01.12.2026 09:00»."""
    told = [ROAD.statuses[node.status]]
    if node.status in ROAD.public:
        if node.live_from and node.live_from > now:
            told.append(f"новый текст с {moment(node.live_from)}" if node.previous else f"показ с {moment(node.live_from)}")
        if node.expires_at:
            over = node.expires_at <= now
            told.append(f"срок показа истёк {moment(node.expires_at)}" if over else f"показ до {moment(node.expires_at)}")
    return ", ".join(told)
