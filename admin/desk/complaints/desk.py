# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The desk «Жалобы»: the list by term, entry from paper, the pages of a complaint."""

import datetime as dt
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from markupsafe import Markup
from peewee import prefetch
from werkzeug.wrappers import Response as AnyResponse

from ....models import Complaint, ComplaintKind, utc_now
from ....procedure.complaints import RECORD, Listed, lists, taken, title_of
from ....procedure.numbers import WrongNumber
from ....procedure.road import EDITION, road
from ....procedure.words import ComplaintChannel
from ....site.complaints.numbers import read_number
from ....site.dates import day_of
from ....site.fields import Mistakes, folded
from ....site.views.layout import parts
from ...access import Permission
from ...acts.complaints import entering
from ..base import Answer, Choice, ListDesk, Query, invalid, link, person
from ..cases.due import badge, calendar_at_hand, due
from . import forms
from .pages import ComplaintPages

TERMS = {"overdue": "срок прошёл", "today": "последний день сегодня", "week": "до конца недели", "none": "без срока"}


def _kinds() -> tuple[Listed, ...]:
    edition = parts().settings.procedure
    return lists(edition if taken(edition) else EDITION).kinds


def _by_status(query: Query, name: str) -> Query:
    return query.where(Complaint.status == name)


def _by_kind(query: Query, name: str) -> Query:
    return query.where(Complaint.id.in_(ComplaintKind.select(ComplaintKind.complaint).where(ComplaintKind.kind == name)))


def _by_term(query: Query, which: str) -> Query:
    today = day_of(utc_now())
    sunday = today + dt.timedelta(days=6 - today.weekday())
    return {
        "overdue": query.where(Complaint.due_on < today),
        "today": query.where(Complaint.due_on == today),
        "week": query.where(Complaint.due_on >= today, Complaint.due_on <= sunday),
    }.get(which, query.where(Complaint.due_on.is_null()))


class ComplaintDesk(ComplaintPages, ListDesk):
    """Complaints, the most pressing first, those that are closed after them."""

    permission = Permission.READ_COMPLAINTS
    stricter = dict.fromkeys(("enter", "move", "files", "preview"), Permission.KEEP_COMPLAINTS)
    model_class = Complaint
    heading = "Жалобы"
    list_template = "desk/complaints/list.html"
    search_label = "Номер, фамилия или организация"
    nothing = "Ни одной жалобы не нашлось."
    column_list = ("number", "surname", "kinds", "status", "received_on", "due_on")
    column_labels = {"surname": "Кто жалуется", "kinds": "Вид нарушения"}  # noqa: RUF012
    sortable = ("surname", "received_on", "due_on")
    choices = (
        Choice("status", "Состояние", lambda: list(road(RECORD).statuses.items())[1:], _by_status),
        Choice("kind", "Вид нарушения", lambda: [(one.name, one.title) for one in _kinds()], _by_kind),
        Choice("term", "Срок", lambda: list(TERMS.items()), _by_term),
        Choice(
            "channel",
            "Как поступила",
            lambda: [(one.value, one.label) for one in ComplaintChannel],
            lambda query, name: query.where(Complaint.channel == name),
        ),
    )

    def is_accessible(self) -> bool:
        return super().is_accessible() and taken(parts().settings.procedure)

    def _handle_view(self, name: str, **values: Any) -> AnyResponse | None:
        refused = super()._handle_view(name, **values)
        if refused is None and not taken(parts().settings.procedure):
            abort(404, "Этот порядок о жалобах не говорит: их рассматривают вне сайта.")
        return refused

    # The list

    def matching(self, query: Query, word: str) -> Query:
        try:
            return query.where(Complaint.number == read_number(word))
        except WrongNumber:
            return query.where(Complaint.search_text.contains(folded(word)))

    def default_order(self) -> list[Any]:
        return [Complaint.due_on.asc(nulls="LAST"), Complaint.id.desc()]

    def read(self, query: Query) -> list[Any]:
        """The rows with their kinds; two queries."""
        found: list[Complaint] = prefetch(query, ComplaintKind.select().order_by(ComplaintKind.id))
        return found

    def cell(self, row: Any, name: str) -> Any:
        """What a column shows of a complaint; the term with its state in words."""
        if name == "number":
            return link(str(row), url_for(".complaint", id=row.id))
        if name == "surname":
            signed = row.person if row.organization else ""
            return Markup('{} <span class="hint">{}</span>').format(row.complainant or "не прочитано", signed)
        if name == "kinds":
            return "; ".join(title_of(lists(row.edition).kinds, one.kind) for one in row.kinds)
        if name == "status":
            return road(RECORD, row.edition).statuses[row.status]
        if name == "due_on":
            return badge(due(row.edition, row.due_term, row.due_on, day_of(utc_now()), calendar_at_hand(), RECORD))
        return super().cell(row, name)

    # From paper

    @expose("/enter", methods=("GET", "POST"))
    def enter(self) -> Answer:
        """A complaint that came on paper."""
        edition = parts().settings.procedure
        known = lists(edition)
        form = forms.EnterForm(received_on=day_of(utc_now()))
        form.kinds.choices, form.respondent.choices = forms.listed(known.kinds), forms.listed(known.respondents, "не указано")
        if request.method == "GET":
            return self.render("desk/complaints/enter.html", form=form)
        if invalid(form):
            return self.render("desk/complaints/enter.html", form=form), 422
        try:
            made = entering.enter(
                form.contents(),
                channel=ComplaintChannel(form.channel.data),
                received_on=form.received_on.data,
                edition=edition,
                by=person(),
                on=utc_now(),
            )
        except Mistakes as mistakes:
            for name, sentence in mistakes.errors.items():
                form[name].errors = [sentence]
            flash("Исправьте отмеченные поля.", "error")
            return self.render("desk/complaints/enter.html", form=form), 422
        flash(f"Жалоба внесена под номером {made.number}. Приложите её скан.", "success")
        return redirect(url_for(".complaint", id=made.id))
