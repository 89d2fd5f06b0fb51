# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The desk «Заявления»: the registries of the road as lists, their exports, the filters that somebody keeps."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from flask import Response, flash, g, redirect, request, send_file, stream_with_context, url_for
from flask_admin import expose
from markupsafe import Markup
from peewee import JOIN, Case, fn

from ....models import Application, SavedView, User, utc_now
from ....procedure.road import road
from ....procedure.terms import terms
from ....procedure.words import Category, Channel
from ....site.cases.sight import within_sight
from ....site.dates import CITY, day_of
from ....site.views.layout import parts
from ...access import Permission, may
from ...acts.cases import entering, views
from ..base import Answer, Choice, ListDesk, Query, Wanted, alphabetical, attempt, csv_lines, done, harmless, link, person
from . import forms, registries, sheets
from .due import badge, calendar_at_hand, due
from .enter import EnterPages
from .page import CasePages

DESK = "cases"
# What every row of the list and of its exports is made of: not the answers, which are wide.
SHOWN = (
    *(Application.id, Application.edition, Application.number, Application.status, Application.surname, Application.name),
    *(Application.patronymic, Application.position, Application.organization, Application.category, Application.channel),
    *(Application.filed_on, Application.due_on, Application.due_term, Application.group_leader),
)
EXPORTED = (
    ("number", "Номер"),
    ("person", "Педагог"),
    ("position", "Должность"),
    ("organization", "Организация"),
    ("category", "Категория"),
    ("status", "Состояние"),
    ("channel", "Как поступило"),
    ("filed_on", "Подано"),
    ("due_on", "Срок"),
    ("term", "Какой срок"),
    ("leader", "Руководитель группы"),
)


class Totals(NamedTuple):
    """How many applications a list finds, how many of them for each category, how many are late."""

    found: int
    first: int
    highest: int
    late: int


class CaseDesk(EnterPages, CasePages, ListDesk):
    """Applications of a registry, the latest first."""

    permission = Permission.READ_CASES
    stricter = dict.fromkeys(("enter", "merge"), Permission.ENTER_CASES)
    model_class = Application
    heading = "Заявления"
    list_template = "desk/cases/list.html"
    search_label = "Номер, фамилия, должность или организация"
    nothing = "Ни одного заявления не нашлось."
    can_export = True
    column_list = ("number", "surname", "position", "category", "status", "filed_on", "due_on")
    column_labels = {"surname": "Педагог, организация"}  # noqa: RUF012
    sortable = ("surname", "filed_on", "due_on")

    # The list

    @property
    def choices(self) -> tuple[Choice, ...]:  # type: ignore[override]
        """The filters, the registry first: it has no field of its own, tabs choose it."""
        edition = parts().settings.procedure
        registry = Choice("registry", "", tuple, lambda query, _name: query, "tab")
        return (registry, *registries.filters(edition, person()))

    def get_query(self) -> Query:
        today, edition = day_of(utc_now()), parts().settings.procedure
        mine = within_sight(person(), today)
        return Application.select().where(registries.listed(edition, self._registry()), Application.merged_into.is_null(), mine)

    def matching(self, query: Query, word: str) -> Query:
        return registries.matching(query, word)

    def default_order(self) -> list[Any]:
        return [Application.filed_on.desc(), Application.id.desc()]

    def read(self, query: Query) -> list[Any]:
        """The rows of the query: which they are tell the indexes, then each is read once."""
        return _rows([row[0] for row in query.select(Application.id).tuples()])

    def count(self, query: Query) -> int:
        return self._totals(query).found

    def more(self, query: Query, wanted: Wanted) -> Mapping[str, Any]:
        user, edition = person(), parts().settings.procedure
        tabs = [(one.name, one.title) for one in registries.own(edition, user)] + [(registries.ALL, "Все заявления")]
        return {
            "totals": self._totals(query),
            "tabs": [(title, wanted.address(registry=name), name == self._registry()) for name, title in tabs],
            "registry": self._registry(),
            "views": list(SavedView.select().where(SavedView.user == user, SavedView.desk == DESK).order_by(SavedView.name)),
            "narrowed": wanted.search or any(value for name, value in wanted.chosen.items() if name != "registry"),
            "query": request.query_string.decode("ascii", "ignore"),
            "view_form": forms.ViewForm(formdata=None),
            "sheet": wanted.address(endpoint=".sheet"),
            "enters": may(user, Permission.ENTER_CASES) and entering.channels(edition),
        }

    def cell(self, row: Any, name: str) -> Any:
        """What a column shows of an application; the term with its state in words."""
        if name == "number":
            return link(str(row), url_for("office_cases.case", id=row.id))
        if name == "due_on":
            return self._due_badge(row)
        shown = _values(row)
        if name == "surname":
            # The organisation has a long name: below that of the teacher it needs no column of its own.
            return Markup('{}<span class="hint">{}</span>').format(shown["person"], shown["organization"])
        return _as_text(shown[name])

    def _order(self, wanted: Wanted) -> list[Any]:
        if wanted.sort == "due_on":
            field = Application.due_on
            return [field.desc(nulls="LAST") if wanted.down else field.asc(nulls="LAST")]
        if wanted.sort == "surname":
            columns = (alphabetical(Application.surname), alphabetical(Application.name))
            return [one.desc() if wanted.down else one.asc() for one in columns]
        return [Application.filed_on.asc()] if wanted.sort and not wanted.down else []

    def _registry(self) -> str:
        """The registry that the address names; the person's first one without a name, all for a name that is none."""
        edition = parts().settings.procedure
        mine = [one.name for one in registries.own(edition, person())]
        asked = request.args.get("registry", "")
        return asked if asked in mine else registries.ALL if asked or not mine else mine[0]

    def _totals(self, query: Query) -> Totals:
        """The totals of the list of this request, counted once."""
        if "case_totals" not in g:
            g.case_totals = _counted(query)
        found: Totals = g.case_totals
        return found

    def _due_badge(self, row: Any) -> Any:
        return badge(due(row.edition, row.due_term, row.due_on, day_of(utc_now()), calendar_at_hand()))

    # Files

    @expose("/export.csv")
    def export_view(self) -> Answer:
        """The list as CSV for Excel, row by row."""
        query = self._found(self._wanted())
        self._note_export(query)
        titles = [title for _name, title in EXPORTED]
        lines = ([harmless(_as_text(value)) for value in row] for row in _exported(query))
        headers = {"Content-Disposition": f"attachment; filename={_file_name('csv')}"}
        text = csv_lines(_after(titles, lines))
        return Response(stream_with_context(text), mimetype="text/csv", headers=headers)

    @expose("/export.xlsx")
    def sheet(self) -> Answer:
        """The list as a workbook."""
        query = self._found(self._wanted())
        self._note_export(query)
        file = sheets.workbook(EXPORTED, _exported(query))
        kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
        return send_file(file, mimetype=kind, as_attachment=True, download_name=_file_name("xlsx"))

    def _note_export(self, query: Query) -> None:
        views.note_export(self._totals(query).found, by=person(), on=utc_now())

    # Filters that somebody keeps

    @expose("/views", methods=("POST",))
    def keep_view(self) -> Answer:
        """Keep the filters of the list under a name."""
        # Written anew: what is typed must not get into a header as it came.
        query = urlencode(parse_qsl(request.form.get("query", "")))
        form = forms.ViewForm()
        kept = attempt(lambda: views.keep(DESK, form.name.data or "", query, by=person()))
        if kept:
            flash(f"Отбор «{kept.name}» сохранён.", "success")
        return redirect(url_for(".index_view") + (f"?{query}" if query else ""))

    @expose("/views/<int:view_id>/remove", methods=("POST",))
    def remove_view(self, view_id: int) -> Answer:
        """Forget filters that were kept."""
        if done(lambda: views.remove(view_id, by=person())):
            flash("Отбор удалён.", "success")
        return redirect(url_for(".index_view"))


# --- Rows -------------------------------------------------------------------------------------------------------------------


def _counted(query: Query) -> Totals:
    def of(condition: Any) -> Any:
        return fn.COALESCE(fn.SUM(Case(None, [(condition, 1)], 0)), 0)

    first, highest = of(Application.category == Category.FIRST), of(Application.category == Category.HIGHEST)
    late = of(Application.due_on < day_of(utc_now()))
    counted: Any = query.select(fn.COUNT(Application.id), first, highest, late).order_by().tuples()
    return Totals(*counted[0])


def _rows(ids: list[int]) -> list[Application]:
    """These applications in this order, each with the leader of its group; one query."""
    if not ids:
        return []
    read = Application.select(*SHOWN, User.id, User.full_name).join(User, JOIN.LEFT_OUTER, on=Application.group_leader)
    found = {row.id: row for row in read.where(Application.id.in_(ids))}
    return [found[id] for id in ids if id in found]


def _exported(query: Query) -> Iterator[list[Any]]:
    """The rows of a file: days as days, the rest as text. The ids first, then the rows in pieces."""
    ids = [row[0] for row in query.select(Application.id).tuples()]
    for piece in sheets.pieces(ids):
        for row in _rows(piece):
            shown = _values(row)
            yield [shown[name] for name, _title in EXPORTED]


def _values(row: Application) -> dict[str, Any]:
    """What lists and files say of an application, by column."""
    return {
        "number": row.number,
        "person": row.person,
        "position": row.position,
        "organization": row.organization,
        "category": Category(row.category).label if row.category else "",
        "status": road("application", row.edition).statuses[row.status],
        "channel": Channel(row.channel).label,
        "filed_on": row.filed_on,
        "due_on": row.due_on,
        "term": terms(row.edition).term(row.due_term).title if row.due_term else "",
        "leader": row.group_leader.full_name if row.group_leader else "",
    }


def _as_text(value: Any) -> str:
    return "" if value is None else f"{value:%d.%m.%Y}" if isinstance(value, dt.date) else str(value)


def _after(titles: Iterable[str], lines: Iterable[list[str]]) -> Iterator[Iterable[str]]:
    yield titles
    yield from lines


def _file_name(extension: str) -> str:
    return f"zayavleniya-{dt.datetime.now(CITY):%Y-%m-%d}.{extension}"
