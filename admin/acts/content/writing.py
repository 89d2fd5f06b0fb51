"""Writing: a new material, its next revision, an old revision once more."""

import datetime as dt

from peewee import CharField, fn

from ....models import Node, Revision, User
from ....procedure.refusal import Refusal
from ....procedure.words import LocalRole, NodeKind
from ....site import fields
from ...access import require_local
from . import addresses, editing, holding, names, steps
from .holding import held
from .places import last, section
from .texts import Texts, checked

REASON = CharField(250, verbose_name="Причина")

# Who may save in which status; in the others nobody may. What waits for review is changed only by who reviews.
SAVING = {
    "draft": LocalRole.AUTHOR,
    "review": LocalRole.APPROVER,
    "published": LocalRole.AUTHOR,
    "published_draft": LocalRole.AUTHOR,
    "published_review": LocalRole.APPROVER,
}


class Overtaken(Refusal):
    """Somebody changed the material while its text was being written; `newer` is the text as it is now."""

    def __init__(self, newer: Revision) -> None:
        super().__init__(
            "Пока вы правили, материал изменился. Ваш текст не потерян: сравните его с последней редакцией и сохраните ещё раз."
        )
        self.newer = newer


def create(
    parent: Node, *, kind: NodeKind, name: str, texts: Texts, by: User, on: dt.datetime, in_navigation: bool = True
) -> Node:
    """Begin a draft in a section; without a name it gets one made from its title."""
    with held(parent) as parent:
        require_local(by, parent, LocalRole.AUTHOR)
        parent, said = section(parent), checked(kind, texts)
        name = names.checked(kind, name or _name(parent, kind, said), said.file_name)
        path = names.settle(parent, kind, name, {said.target})
        stands = {"parent": parent, "kind": kind.value, "name": name, "path": path, "position": last(parent)}
        node = Node.create(**stands, in_navigation=in_navigation, created_at=on, created_by=by)
        Revision.create(node=node, number=1, **said.columns(), created_at=on, author=by)
        addresses.settle(node)
        holding.note(node, "create", by, on, f"/{path}", kind.label)
    return Node.get_by_id(node.id)


def save(node: Node, *, version: int, texts: Texts, note: str = "", by: User, on: dt.datetime) -> Node:
    """Keep the texts as the newest revision, of a published material in its working copy. Texts that are the newest already
    change nothing. `Overtaken` if somebody changed the material meanwhile; then what was typed stays autosaved."""
    with held(node) as node:
        _may_save(node, by)
        said, newest = _checked(node, texts), node.revision()
        comment = fields.line(Revision.note, note, required=False)
        if said != Texts.of(newest):
            if node.version != version:
                raise Overtaken(newest)
            node = _revise(node, said, comment, by, on)
            holding.note(node, "save", by, on, f"/{node.path}", f"редакция {node.head}", comment)
        editing.forget_autosave(node, by=by)
    return node


def restore_revision(node: Node, *, version: int, number: int, reason: str, by: User, on: dt.datetime) -> Node:
    """Make what revision `number` says the newest text again: as a new revision that names the reason."""
    with held(node, version) as node:
        _may_save(node, by)
        reason = fields.line(REASON, reason)
        old = node.revisions.where(Revision.number == number).first()
        if old is None:
            raise Refusal(f"Редакции {number} у материала нет: обновите страницу.")
        said = _checked(node, Texts.of(old))
        if said == Texts.of(node.revision()):
            raise Refusal(f"Редакция {number} ничем не отличается от последней.")
        node = _revise(node, said, f"Возвращена редакция {number}: {reason}", by, on)
        holding.note(node, "restore_revision", by, on, f"/{node.path}", f"редакция {number} как {node.head}", reason)
    return node


def _may_save(node: Node, by: User) -> None:
    require_local(by, node, SAVING.get(node.status, LocalRole.AUTHOR))
    if node.status not in SAVING:
        raise Refusal("Материал снят с публикации: сначала верните его в работу.")


def _checked(node: Node, texts: Texts) -> Texts:
    """The texts as this node may keep them, its address being what it is."""
    kind = NodeKind(node.kind)
    said = checked(kind, texts)
    if kind is NodeKind.FILE:
        names.checked(kind, node.name, said.file_name)
    names.reserve(node.parent, kind, node.name, {said.target})
    return said


def _revise(node: Node, said: Texts, comment: str, by: User, on: dt.datetime) -> Node:
    """Add a revision to a held node, in a working copy if it is published."""
    if node.status in steps.ROAD.move("begin_copy").sources:
        node = steps.take(node, "begin_copy", by=by, on=on)
    # After a copy was discarded the newest text is not the one with the highest number.
    number = Revision.select(fn.MAX(Revision.number)).where(Revision.node == node).scalar() + 1
    Revision.create(node=node, number=number, **said.columns(), created_at=on, author=by, note=comment)
    return holding.swap(node, head=number)


def _name(parent: Node, kind: NodeKind, said: Texts) -> str:
    """A free name for somebody who gave none."""
    made = names.made_from_file(said.file_name) if kind is NodeKind.FILE else names.made_from(said.title)
    if not made:
        raise Refusal("Имя в адресе из заголовка не получается: введите его сами латинскими буквами.")
    return names.free(parent, made)
