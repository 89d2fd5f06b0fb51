# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""Rows of a draft's annex, one at a time: add, change, take out."""

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose

from ...models import Order, Ruling, utc_now
from ..acts import orders as acts
from ..acts.rows import Row, read_row
from . import forms
from .base import Answer, Desk, done, found, person, seen_version, to_order


class RowPages(Desk):
    """Pages of the desk «Распоряжения» for single rows."""

    @expose("/<int:id>/rows/new/", methods=("GET", "POST"))
    def add_row(self, id: int) -> Answer:
        """A new row at the end."""
        order = found(Order, id)
        form = forms.RowForm()
        if request.method == "GET":
            return self._row_page(id, form)
        row = _row(form)
        if row and done(lambda: acts.append_rows(acts.as_seen(order, seen_version()), [row], by=person(), on=utc_now())):
            flash("Строка добавлена.", "success")
            return redirect(url_for(".add_row", id=id)) if "more" in request.form else to_order(order)
        return self._row_page(id, form), 409 if row else 422

    @expose("/<int:id>/rows/<int:number>/", methods=("GET", "POST"))
    def edit_row(self, id: int, number: int) -> Answer:
        """A row to change."""
        order = found(Order, id)
        ruling = _ruling(order, number)
        form = forms.RowForm(obj=ruling, decision="установить" if ruling.established else "отказать")
        if request.method == "GET":
            return self._row_page(id, form, number)
        row = _row(form)
        if row and done(lambda: acts.edit_row(acts.as_seen(order, seen_version()), number, row, by=person(), on=utc_now())):
            flash(f"Строка {number} сохранена.", "success")
            return to_order(order)
        return self._row_page(id, form, number), 409 if row else 422

    @expose("/<int:id>/rows/<int:number>/delete/", methods=("GET", "POST"))
    def remove_row(self, id: int, number: int) -> Answer:
        """Take a row out, after a question."""
        order = found(Order, id)
        ruling = _ruling(order, number)
        if request.method == "POST" and done(
            lambda: acts.remove_row(acts.as_seen(order, seen_version()), number, by=person(), on=utc_now())
        ):
            flash(f"Строка {number} удалена.", "success")
            return to_order(order)
        order = found(Order, id)
        page = self.render(
            "desk/delete_row.html",
            form=forms.ConfirmForm(),
            order=order,
            ruling=ruling,
            changeable=order.status == acts.BEGINNING,
        )
        return page, 409 if request.method == "POST" else 200

    def _row_page(self, id: int, form: forms.RowForm, number: int | None = None) -> str:
        order = found(Order, id)
        return self.render(
            "desk/row_form.html", form=form, order=order, number=number, changeable=order.status == acts.BEGINNING
        )


def _row(form: forms.RowForm) -> Row | None:
    """The row that the form describes; every reason against it is shown."""
    row, reasons = read_row({field.name: field.data or "" for field in form if field.name != "csrf_token"})
    for reason in reasons:
        flash(reason, "error")
    return row


def _ruling(order: Order, number: int) -> Ruling:
    ruling: Ruling | None = Ruling.get_or_none(Ruling.order == order, Ruling.number == number) if number < 2**31 else None
    if ruling is None:
        abort(404, "Такой строки в распоряжении нет: возможно, её уже удалили.")
    return ruling
