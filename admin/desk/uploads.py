# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""Import of rows from a file: a dry run that names every bad line, then all rows or none."""

from collections import Counter
from pathlib import Path

from flask import Response, flash, redirect, request, url_for
from flask_admin import expose

from ...models import Order, utc_now
from ...procedure.refusal import Refusal
from ...site.views.layout import parts
from ..acts import orders as acts
from ..acts import rows, uploads
from . import forms
from .base import Answer, Desk, done, found, person, seen_version, to_order

PREVIEWED = 30
PROBLEMS_SHOWN = 200


class UploadPages(Desk):
    """Pages of the desk «Распоряжения» for importing rows."""

    @expose("/<int:id>/import/", methods=("GET", "POST"))
    def upload(self, id: int) -> Answer:
        """Choose a file; what is wrong with it is told line by line."""
        order = found(Order, id)
        form = forms.ImportForm()
        if request.method == "GET":
            return self._upload_page(order, form)
        file = request.files.get("file")
        if not file or not file.filename:
            flash("Выберите файл со строками приложения.", "error")
            return self._upload_page(order, form), 422
        replaces = form.mode.data == "replace"
        try:
            sheet = rows.check(rows.read_rows(file.read(), file.filename), [] if replaces else acts.rows_of(order))
        except rows.SheetRefused as refusal:
            flash(refusal.sentence, "error")
            return self._upload_page(order, form), refusal.status
        if sheet.problems:
            return self._upload_page(order, form, sheet), 422
        token = uploads.keep_rows(imports_dir(), order, sheet.rows, replaces=replaces, by=person(), on=utc_now())
        return redirect(url_for(".uploaded", id=id, token=token), 303)

    @expose("/<int:id>/import/<token>/", methods=("GET", "POST"))
    def uploaded(self, id: int, token: str) -> Answer:
        """What was read, checked against the order as it is now, and the button that imports it."""
        order = found(Order, id)
        try:
            kept = uploads.kept_rows(imports_dir(), token, order, by=person(), on=utc_now())
        except Refusal as refusal:
            flash(refusal.sentence, "error")
            return self._upload_page(order, forms.ImportForm()), 410
        if request.method == "POST":
            act = acts.replace_rows if kept.replaces else acts.append_rows
            if done(lambda: act(acts.as_seen(order, seen_version()), kept.rows, by=person(), on=utc_now())):
                uploads.drop(imports_dir(), token)
                flash(f"Строки загружены: {len(kept.rows)}.", "success")
                return to_order(order)
        order = found(Order, id)
        present = acts.rows_of(order)
        sheet = rows.check(rows.Sheet(kept.rows, ()), [] if kept.replaces else present)
        page = self.render(
            "desk/uploaded.html",
            order=order,
            sheet=sheet,
            replaces=kept.replaces,
            present=len(present),
            categories=Counter(row.category.label for row in kept.rows if row.established),
            refused=sum(not row.established for row in kept.rows),
            shown=PREVIEWED,
            changeable=order.status == acts.BEGINNING,
            form=forms.ConfirmForm(),
        )
        return page, 409 if request.method == "POST" else 200

    @expose("/sample.csv")
    def sample(self) -> Answer:
        """An example of a file with rows."""
        headers = {"Content-Disposition": "attachment; filename=rows-sample.csv"}
        return Response(rows.sample(), mimetype="text/csv", headers=headers)

    def _upload_page(self, order: Order, form: forms.ImportForm, sheet: rows.Sheet | None = None) -> str:
        return self.render(
            "desk/upload.html",
            order=order,
            form=form,
            sheet=sheet,
            shown=PROBLEMS_SHOWN,
            present=order.rulings.count(),
            changeable=order.status == acts.BEGINNING,
        )


def imports_dir() -> Path:
    """Where read files wait to be confirmed."""
    return parts().settings.data_dir / "imports"
