# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The desk «Регламент»: official texts beside our restatement. A dry run first, then all clauses or none."""

from pathlib import Path

from flask import flash, redirect, request, url_for
from flask_admin import expose
from markupsafe import Markup
from peewee import JOIN

from ...models import OfficialText, User, utc_now
from ...procedure.refusal import Refusal
from ...site import journal, markup, regulation
from ...site.regulation import Edition, Shelf, UnknownClause
from ...site.regulation.documents import DocumentRefused
from ...site.regulation.official import Official
from ...site.views.layout import parts
from ..access import Permission
from ..acts import regulation as acts
from ..acts import uploads
from . import forms
from .base import Answer, ListDesk, Query, attempt, done, found, invalid, link, person, refused_status


class RegulationDesk(ListDesk):
    """Imported official texts, newest first."""

    permission = Permission.IMPORT_REGULATION
    model_class = OfficialText
    heading = "Официальные тексты регламента"
    list_template = "desk/regulation.html"
    nothing = "Официальных текстов пока нет: на сайте показано только изложение."
    column_list = ("file_name", "edition", "clauses_placed", "active", "imported_at", "imported_by")
    sortable = ("file_name", "edition", "imported_at")
    cells = {  # noqa: RUF012
        "file_name": lambda text: link(text.file_name, url_for("office_regulation.text", id=text.id)),
        "edition": lambda text: named(text.edition),
        "clauses_placed": lambda text: placed(text),
        "active": lambda text: "показан" if text.active else "",
        "imported_by": lambda text: text.imported_by.full_name if text.imported_by else journal.SYSTEM,
    }

    def get_query(self) -> Query:
        return OfficialText.select(OfficialText, User).join(User, JOIN.LEFT_OUTER)

    @expose("/import/", methods=("GET", "POST"))
    def upload(self) -> Answer:
        """Choose a file and the edition it belongs to."""
        form = upload_form()
        if request.method == "GET":
            return self._upload_page(form)
        file = request.files.get("file")
        if not file or not file.filename:
            flash("Выберите файл с официальным текстом.", "error")
            return self._upload_page(form), 422
        if invalid(form):
            return self._upload_page(form), 422
        try:
            reading = acts.read(file.read(), file.filename, shelf().edition(form.edition.data))
        except DocumentRefused as refusal:
            flash(refusal.sentence, "error")
            return self._upload_page(form), refusal.status
        token = acts.keep(imports_dir(), reading, by=person(), on=utc_now())
        return redirect(url_for(".uploaded", token=token), 303)

    @expose("/import/<token>/", methods=("GET", "POST"))
    def uploaded(self, token: str) -> Answer:
        """What was found in the file, clause by clause, and the button that shows it on the site."""
        try:
            reading = acts.kept(imports_dir(), token, shelf(), by=person(), on=utc_now())
        except Refusal as refusal:
            flash(refusal.sentence, "error")
            return self._upload_page(upload_form()), 410
        if request.method == "POST":
            text = attempt(lambda: acts.import_official(reading, by=person(), on=utc_now()))
            if text:
                uploads.drop(imports_dir(), token)
                flash("Официальный текст показан на сайте рядом с изложением.", "success")
                return redirect(url_for(".text", id=text.id))
        page = self.render(
            "desk/regulation_checked.html",
            form=forms.ConfirmForm(),
            reading=reading,
            official=reading.official,
            edition=named(reading.official.edition.slug),
            pairs=pairs(reading.official.edition, wordings(reading.official)),
            replaced=OfficialText.get_or_none(OfficialText.edition == reading.official.edition.slug, OfficialText.active),
        )
        return page, 409 if request.method == "POST" else 200

    @expose("/<int:id>/")
    def text(self, id: int) -> Answer:
        """One imported text: its clauses, its history, what can be done with it."""
        return self._text_page(found(OfficialText, id), forms.ReasonForm())

    @expose("/<int:id>/show/", methods=("POST",))
    def show(self, id: int) -> Answer:
        """Show a text that was imported before."""
        text = found(OfficialText, id)
        if done(lambda: acts.show_official(text, by=person(), on=utc_now())):
            flash("Текст показан на сайте.", "success")
            return redirect(url_for(".text", id=id))
        return self._text_page(found(OfficialText, id), forms.ReasonForm()), 409

    @expose("/<int:id>/withdraw/", methods=("POST",))
    def withdraw(self, id: int) -> Answer:
        """Take the text off the site, with a reason."""
        text = found(OfficialText, id)
        form = forms.ReasonForm()
        reason = form.reason.data or ""
        if not invalid(form) and done(lambda: acts.withdraw_official(text, reason=reason, by=person(), on=utc_now())):
            flash("Текст снят с сайта: на страницах осталось изложение.", "success")
            return redirect(url_for(".text", id=id))
        return self._text_page(found(OfficialText, id), form), refused_status(form)

    def _upload_page(self, form: forms.OfficialForm) -> str:
        return self.render("desk/regulation_upload.html", form=form)

    def _text_page(self, text: OfficialText, form: forms.ReasonForm) -> str:
        edition = edition_of(text.edition)
        wording = {clause.number: clause.paragraphs for clause in text.clauses}
        return self.render(
            "desk/regulation_text.html",
            text=text,
            form=form,
            edition=named(text.edition),
            count=placed(text),
            pairs=pairs(edition, wording) if edition else None,
            history_entries=list(journal.history("official", text.id).limit(20)),
            verbs=journal.VERBS,
        )


def upload_form() -> forms.OfficialForm:
    """The form for a file, with the editions there are."""
    form = forms.OfficialForm()
    form.edition.choices = [(edition.slug, named(edition.slug)) for edition in shelf().editions]
    return form


Pair = tuple[str, str, Markup, list[str]]


def pairs(edition: Edition, wording: dict[str, list[str]]) -> list[Pair]:
    """Clause by clause: number, title, our text, paragraphs of the official one (none when the file lacks the clause)."""
    return [
        (clause.number, clause.title, Markup(markup.html(clause.text)), wording.get(clause.number, []))
        for clause in edition.by_number.values()
    ]


def wordings(official: Official) -> dict[str, list[str]]:
    """Number → paragraphs of what was read."""
    return {clause.number: clause.text.split("\n\n") for clause in official.clauses}


def named(slug: str) -> str:
    """An edition as people call it: whose, of which day."""
    edition = edition_of(slug)
    return f"{edition.jurisdiction}, с {edition.in_force_from:%d.%m.%Y}" if edition else slug


def placed(text: OfficialText) -> str:
    """How many clauses of the edition the text has."""
    edition = edition_of(text.edition)
    return f"{text.clauses_placed} из {len(edition.by_number)}" if edition else str(text.clauses_placed)


def edition_of(slug: str) -> Edition | None:
    """The edition, unless the office has taken it away."""
    try:
        return shelf().edition(slug)
    except UnknownClause:
        return None


def shelf() -> Shelf:
    """All editions of this installation."""
    return regulation.shelf(parts().settings.editions_dir)


def imports_dir() -> Path:
    """Where read files wait to be confirmed."""
    return parts().settings.data_dir / "imports"
