# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""What a material said before: its revisions, what changed between any two, an old text once more."""

import math

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from markupsafe import Markup
from peewee import JOIN

from ....models import Node, Revision, User, utc_now
from ....procedure.words import LocalRole
from ....site import journal
from ....site.content import diff, media
from ....site.views.paging import NoSuchPage, Pages, page_number
from ...acts import content
from ..base import ROWS_PER_PAGE, Answer, Desk, done, person
from .editing import as_read
from .forms import RevisionForm
from .looking import revision
from .place import place, shown_version

# Fields that are compared line by line.
COMPARED = ("title", "summary", "target", "query", "file_name", "body")
ENTRIES = 50


class HistoryPages(Desk):
    """Pages of the desk for revisions."""

    @expose("/<int:id>/history/")
    def history(self, id: int) -> Answer:
        """All revisions, newest first, and what happened to the material."""
        here = place(id, LocalRole.AUTHOR)
        query = Revision.select(Revision, User).join(User, JOIN.LEFT_OUTER).where(Revision.node == here.node)
        last = max(math.ceil(query.count() / ROWS_PER_PAGE), 1)
        try:
            page = page_number(request.args.get("page", ""))
        except NoSuchPage:
            page = last + 1
        if page > last:
            abort(404, "Такой страницы в истории нет: откройте первую.")
        query = query.order_by(Revision.number.desc()).limit(ROWS_PER_PAGE).offset((page - 1) * ROWS_PER_PAGE)
        return self.render(
            "desk/content/history.html",
            here=here,
            revisions=list(query),
            pages=Pages(page, last, lambda number: url_for(".history", id=id, page=number if number > 1 else None)),
            history_entries=list(journal.history("node", id).limit(ENTRIES)),
            verbs=journal.VERBS,
        )

    @expose("/<int:id>/history/compare/")
    def compare(self, id: int) -> Answer:
        """What changed from one revision to another: in the text as it is typed, and in the page as it is read."""
        here = place(id, LocalRole.AUTHOR)
        old, new = (revision(here, request.args.get(name, 0, type=int)) for name in ("old", "new"))
        if old.number > new.number:
            old, new = new, old
        changes = [
            (getattr(Revision, name).verbose_name, diff.lines(getattr(old, name), getattr(new, name)))
            for name in COMPARED
            if getattr(old, name) != getattr(new, name)
        ]
        return self.render(
            "desk/content/compare.html",
            here=here,
            old=old,
            new=new,
            changes=changes,
            files=[_file(old), _file(new)] if old.blob_id != new.blob_id else None,
            rendered=diff.rendered(str(as_read(old.body)), str(as_read(new.body))) if old.body != new.body else Markup(""),
        )

    @expose("/<int:id>/history/<int:number>/restore/", methods=("GET", "POST"))
    def restore_revision(self, id: int, number: int) -> Answer:
        """Make an old text the newest again, with a reason."""
        here = place(id, LocalRole.AUTHOR)
        old, form = revision(here, number), RevisionForm()
        if request.method == "POST" and done(lambda: _restored(here.node, number, form.reason.data or "")):
            flash(f"Редакция {number} возвращена как новая.", "success")
            return redirect(url_for(".history", id=id))
        here = place(id, LocalRole.AUTHOR)
        page = self.render(
            "desk/content/restore_revision.html",
            here=here,
            old=old,
            form=form,
            changes=diff.lines(here.said.body, old.body) if here.said.body != old.body else Markup(""),
        )
        return page, 409 if request.method == "POST" else 200


def _restored(node: Node, number: int, reason: str) -> Node:
    restored: Node = content.restore_revision(
        node, version=shown_version(), number=number, reason=reason, by=person(), on=utc_now()
    )
    return restored


def _file(said: Revision) -> str:
    return f"{said.file_name} ({media.said(said.blob.media_type, said.blob.size)})" if said.blob else "—"
