# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The trash: into it after a question that names the links that will break, out of it to any section."""

from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from peewee import fn

from ....models import Node, Revision, utc_now
from ....procedure.words import LocalRole, NodeKind
from ....site.content import links
from ...access import local_roles, within_reach
from ...acts import content
from ...acts.content.addresses import reach
from .. import forms as shared
from ..base import Answer, Desk, attempt, done, found, person
from .forms import RestoreForm
from .place import Place, place, sections, shown_version


@dataclass(frozen=True)
class Trashed:
    """A material in the trash: its newest title, how many went there with it, itself included, whether its section is
    still there, and whether the person at the desk may restore it."""

    node: Node
    title: str
    count: int
    home: bool
    mine: bool

    @property
    def kind(self) -> NodeKind:
        """The kind of the material."""
        return NodeKind(self.node.kind)


class RemovalPages(Desk):
    """Pages of the desk for the trash."""

    @expose("/<int:id>/trash/", methods=("GET", "POST"))
    def trash(self, id: int) -> Answer:
        """Ask, then put it into the trash."""
        here = place(id, LocalRole.AUTHOR)
        if request.method == "POST":
            count = attempt(lambda: content.trash(here.node, version=shown_version(), by=person(), on=utc_now()))
            if count is not None:
                flash(f"В корзине, материалов: {count}. Оттуда их можно восстановить.", "success")
                return redirect(url_for(".contents", id=here.node.parent_id))
            here = place(id, LocalRole.AUTHOR)
        return self._question(here), 409 if request.method == "POST" else 200

    def _question(self, here: Place) -> str:
        ids = [row.id for row in Node.select(Node.id).where(reach(here.node))]
        return self.render(
            "desk/content/trash.html",
            here=here,
            count=len(ids),
            breaking=links.pointing_at(ids, utc_now()),
            mover=content.mover(here.node) in here.roles and not here.is_root,
            form=shared.ConfirmForm(),
        )

    @expose("/trash/")
    def trashed(self) -> Answer:
        """What is in the trash, newest first."""
        return self.render("desk/content/trashed.html", found=_in_trash())

    @expose("/trash/<int:id>/restore/", methods=("GET", "POST"))
    def restore(self, id: int) -> Answer:
        """Out of the trash: to where it was, or to another section, or under another name."""
        node = found(Node, id)
        if node.trashed_with_id is None:
            abort(404, "Материал уже не в корзине.")
        if LocalRole.AUTHOR not in local_roles(person(), node):
            abort(403)
        form = RestoreForm()
        if request.method == "POST" and done(lambda: _restored(node, form)):
            flash("Материал восстановлен вместе с тем, что было в корзине с ним.", "success")
            return redirect(url_for(".state", id=id))
        home = node.parent.trashed_with_id is None
        form.to.choices = [("", f"Туда, где был: /{node.parent.path}")] if home else []
        form.to.choices += sections(LocalRole.AUTHOR)
        page = self.render("desk/content/restore.html", node=node, title=node.revision().title, home=home, form=form)
        return page, 409 if request.method == "POST" else 200


def _restored(node: Node, form: RestoreForm) -> Node:
    to = found(Node, int(form.to.data)) if (form.to.data or "").isdigit() else None
    restored: Node = content.restore(node, to=to, name=form.name.data or "", by=person(), on=utc_now())
    return restored


def _in_trash() -> list[Trashed]:
    """What went into the trash by itself, not with a section above; two queries and those of `within_reach`."""
    reached = within_reach(person(), LocalRole.AUTHOR)
    mine = {row.id for row in Node.select(Node.id).where(Node.trashed_with == Node.id, reached)}
    with_it = Node.alias("with_it")
    count = with_it.select(fn.COUNT(with_it.id)).where(with_it.trashed_with == Node.id)
    above = Node.alias("above")
    query: Any = (
        Node.select(Node, Revision.title, count.alias("count"), above.trashed_with.alias("lost"))
        .join(Revision, on=(Revision.node == Node.id) & (Revision.number == Node.head))
        .join_from(Node, above, on=Node.parent == above.id)
        .where(Node.trashed_with == Node.id)
        .order_by(Node.trashed_at.desc(), Node.id.desc())
    )
    return [Trashed(row, row.title, row.count, row.lost is None, row.id in mine) for row in query.objects()]
