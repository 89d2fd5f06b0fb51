# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The desk «Страницы»: texts of the public site in Markdown, with a preview. Nobody's text is lost to somebody quicker."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose
from markupsafe import Markup

from ...models import Page, utc_now
from ...procedure.refusal import Refusal
from ...site import markup
from .. import journal
from ..access import Permission
from ..acts import pages as acts
from . import forms
from .base import Answer, ListDesk, Query, attempt, found, invalid, link, person, refused_status, seen_version


class PageDesk(ListDesk):
    """Pages in the order of their addresses."""

    permission = Permission.EDIT_PAGES
    model_class = Page
    heading = "Страницы"
    list_template = "desk/pages.html"
    search_label = "Заголовок, адрес или текст"
    column_list = ("title", "path", "updated_at")
    sortable = ("title", "path", "updated_at")
    cells = {  # noqa: RUF012
        "title": lambda page: link(page.title, url_for("office_pages.edit", id=page.id)),
        "path": lambda page: f"/{page.path}/",
    }

    def matching(self, query: Query, word: str) -> Query:
        return query.where(Page.title.contains(word) | Page.path.contains(word) | Page.body.contains(word))

    def default_order(self) -> list[Any]:
        return [Page.path]

    @expose("/new/", methods=("GET", "POST"))
    def new(self) -> Answer:
        """A new page."""
        form = forms.NewPageForm()
        if request.method == "GET":
            return self._edit_page(form)
        if "preview" in request.form:
            return self._edit_page(form, preview=True)
        if not invalid(form):
            texts = {name: form[name].data or "" for name in ("path", "title", "body")}
            page = attempt(lambda: acts.create(**texts, by=person(), on=utc_now()))
            if page:
                flash("Страница создана.", "success")
                return redirect(url_for(".edit", id=page.id))
        return self._edit_page(form), refused_status(form)

    @expose("/<int:id>/", methods=("GET", "POST"))
    def edit(self, id: int) -> Answer:
        """A page to change."""
        page = found(Page, id)
        form = forms.PageForm(obj=page)
        if request.method == "GET":
            return self._edit_page(form, page)
        if "preview" in request.form:
            return self._edit_page(form, page, version=seen_version(), preview=True)
        texts = {name: form[name].data or "" for name in ("title", "body")}
        try:
            acts.edit(page, version=seen_version() or 0, **texts, by=person(), on=utc_now())
        except acts.Overtaken as overtaken:
            flash(overtaken.sentence, "error")
            return self._edit_page(form, overtaken.newer, newer=overtaken.newer), 409
        except Refusal as refusal:
            flash(refusal.sentence, "error")
            return self._edit_page(form, page, version=seen_version()), 409
        flash("Страница сохранена.", "success")
        return redirect(url_for(".edit", id=id))

    def _edit_page(
        self,
        form: forms.PageForm,
        page: Page | None = None,
        *,
        version: int | None = None,
        preview: bool = False,
        newer: Page | None = None,
    ) -> str:
        return self.render(
            "desk/page_form.html",
            form=form,
            page=page,
            version=version or (page.version if page else None),
            preview=Markup(markup.html(form.body.data or "")) if preview else None,
            newer=newer,
            history_entries=list(journal.history("page", page.id).limit(20)) if page else [],
            verbs=journal.VERBS,
        )
