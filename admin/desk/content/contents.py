# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""What stands in a section: kind, title, state, dates, who is editing; the order of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import redirect, request, url_for
from flask_admin import expose
from peewee import JOIN

from ....models import EditLock, Node, Revision, User, utc_now
from ....procedure.words import LocalRole, NodeKind
from ...acts import content
from ..base import Answer, Desk, done, person
from .place import Place, place, state_of


@dataclass(frozen=True)
class Action:
    """Something done to several materials: the words of its choice and button, what is said afterwards, and the moves of the
    road that it means, of which each material takes the one that is open to it."""

    title: str
    done: str
    verbs: tuple[str, ...] = ()


ACTIONS = {
    "publish": Action("Опубликовать", "Опубликовано", ("publish", "publish_copy")),
    "withdraw": Action("Снять с публикации", "Снято с публикации", ("withdraw",)),
    "move": Action("Перенести в другой раздел", "Перенесено"),
    "trash": Action("Убрать в корзину", "Убрано в корзину"),
}


@dataclass(frozen=True)
class Line:
    """A material in the contents of its section."""

    node: Node
    title: str
    changed_at: Any
    state: str
    editor: str

    @property
    def kind(self) -> NodeKind:
        """The kind of the material."""
        return NodeKind(self.node.kind)


def lines(section: Node) -> list[Line]:
    """What stands directly in a section, in its order; one query."""
    now, query = utc_now(), _with_editors(Node.kept().where(Node.parent == section).order_by(Node.position, Node.id))
    return [Line(row, row.title, row.changed_at, state_of(row, now), _editor(row, now)) for row in query.objects()]


def _with_editors(nodes: Any) -> Any:
    """These nodes with their newest title, since when it stands, and who holds the lock until when."""
    return (
        nodes.select(
            Node,
            *(Revision.title, Revision.created_at.alias("changed_at")),
            *(EditLock.until, EditLock.user.alias("editor_id"), User.full_name.alias("editor")),
        )
        .join(Revision, on=(Revision.node == Node.id) & (Revision.number == Node.head))
        .join_from(Node, EditLock, JOIN.LEFT_OUTER, on=EditLock.node == Node.id)
        .join(User, JOIN.LEFT_OUTER, on=EditLock.user == User.id)
    )


def _editor(row: Any, now: Any) -> str:
    held = row.until is not None and row.until > now
    if not held:
        return ""
    return "вы" if row.editor_id == person().id else str(row.editor)


class ContentsPages(Desk):
    """Pages of the desk for a section as a whole."""

    @expose("/")
    def index(self) -> Answer:
        """The first level of the site."""
        return self._contents(place(Node.get(Node.path == "").id))

    @expose("/<int:id>/")
    def contents(self, id: int) -> Answer:
        """What stands in a section; of anything else its state."""
        here = place(id)
        if not here.is_folder:
            return redirect(url_for(".state", id=id))
        return redirect(url_for(".index")) if here.is_root else self._contents(here)

    @expose("/<int:id>/order/", methods=("POST",))
    def order(self, id: int) -> Answer:
        """Another order: one material a step up or down, or all as they were dragged."""
        here = place(id, LocalRole.APPROVER)
        ids = [line.node.id for line in lines(here.node)]
        if done(lambda: content.reorder(here.node, _wanted(ids), by=person(), on=utc_now())):
            moved = request.form.get("up") or request.form.get("down") or ""
            return redirect(url_for(".contents", id=id, _anchor=f"n-{moved}" if moved.isdigit() else None))
        return self._contents(place(id)), 409

    def _contents(self, here: Place) -> str:
        found = lines(here.node)
        return self.render(
            "desk/content/contents.html",
            here=here,
            lines=found,
            actions=ACTIONS,
        )


def _wanted(ids: Sequence[int]) -> list[int]:
    """The order that the submitted form asks for."""
    named = request.form.get("ids", "")
    if named:
        return [int(id) for id in named.split(",") if id.isascii() and id.isdigit() and len(id) < 10]
    wanted = list(ids)
    for name, step in (("up", -1), ("down", 1)):
        id = request.form.get(name, type=int)
        if id in wanted and 0 <= wanted.index(id) + step < len(wanted):
            at = wanted.index(id)
            wanted[at], wanted[at + step] = wanted[at + step], wanted[at]
    return wanted
