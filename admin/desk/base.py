# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""What all desks share. Flask-Admin shows lists and guards the way in; everything that writes is a page of our own over an act.

Its generated screens for creating, editing, deleting and looking up are taken away, their addresses with them (decision 0004).
"""

import datetime as dt
import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar
from urllib.parse import urlencode

from flask import Response, abort, redirect, request, url_for
from flask_admin import BaseView, expose
from flask_admin.contrib.peewee import ModelView
from flask_wtf import FlaskForm
from markupsafe import Markup
from peewee import ModelSelect
from werkzeug.wrappers import Response as AnyResponse

from ...models import Order, Record, User
from ...site.dates import CITY
from ...site.queries import alphabetical as alphabetical
from ...site.sheets import csv_lines as csv_lines
from ...site.sheets import harmless as harmless
from ...site.views.acting import attempt as attempt
from ...site.views.acting import done as done
from ...site.views.acting import invalid as invalid
from ...site.views.acting import refused_status as refused_status
from ...site.views.paging import NoSuchPage, Pages, page_number
from ...site.views.phrases import moment
from ..access import Permission, may, may_move
from ..login import signed_in, to_login

if TYPE_CHECKING:
    Query = ModelSelect[Any]
else:  # generic in its stubs only
    Query = ModelSelect

Answer = str | tuple[str, int] | Response | AnyResponse
Found = TypeVar("Found", bound=Record)
# PostgreSQL refuses such numbers for an id, SQLite those beyond 2**63.
LARGEST_ID = 2**31
ROWS_PER_PAGE = 50
LONGEST_SEARCH = 200


# --- The way in -------------------------------------------------------------------------------------------------------------


class Desk(BaseView):
    """A page or pages of the office. A stranger is sent to sign in, a person without the permission gets 403."""

    permission: ClassVar[Permission] = Permission.ENTER
    # Pages (by method name) that ask for more than the desk itself.
    stricter: ClassVar[Mapping[str, Permission]] = {}

    def is_accessible(self) -> bool:
        """Whether the menu shows this desk to the person."""
        return may(signed_in(), self.permission)

    def _handle_view(self, name: str, **_values: Any) -> AnyResponse | None:
        user = signed_in()
        if user is None:
            return to_login()
        if not (may(user, self.permission) and may(user, self.stricter.get(name, self.permission))):
            abort(403)
        return None

    def _run_view(self, page: Callable[..., Any], *values: Any, **named: Any) -> Any:
        # Flask-Admin's own swallows every TypeError and calls again with other arguments.
        return page(self, *values, **named)

    def render(self, template: str, **values: Any) -> str:
        """A page of the office; knows who looks at it and what they may."""
        values |= {"user": signed_in(), "may": may, "may_move": may_move, "Permission": Permission}
        shown: str = super().render(template, **values)
        return shown


def person() -> User:
    """Who is at the desk; only pages behind the guard ask."""
    user = signed_in()
    if user is None:
        abort(403)
    return user


def found(record: type[Found], id: int) -> Found:
    """The record of this id or 404."""
    one: Found | None = record.get_or_none(record.id == id) if 0 < id < LARGEST_ID else None
    if one is None:
        abort(404)
    return one


def within_ids(number: int) -> int:
    """The number as a database takes it: those that no id can be become one that none is."""
    return min(max(number, 0), LARGEST_ID - 1)


def to_order(order: Order) -> AnyResponse:
    """Back to the page of the order."""
    return redirect(url_for("office_orders.order", id=order.id))


def seen_version() -> int | None:
    """The version of the record that the submitted page showed; None for what no page ever shows."""
    version = request.form.get("version", type=int)
    # One less than the largest: an act writes the next one.
    return version if version is not None and 0 < version < LARGEST_ID - 1 else None


# --- Lists ------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Choice:
    """A filter of a list: its name in addresses, its title, its values with titles, and what it keeps of a query.

    `typed`: the kind of field for a value that is typed in (text, date) instead of chosen.
    """

    name: str
    title: str
    values: Callable[[], Iterable[tuple[str, str]]]
    narrow: Callable[[Query, str], Query]
    typed: str = ""


@dataclass(frozen=True)
class Wanted:
    """What the address of a list asks for; knows the address of the same with changes."""

    endpoint: str
    search: str
    chosen: dict[str, str]
    sort: str
    down: bool
    page: int

    def address(self, endpoint: str = "", **changes: Any) -> str:
        """The address with these changes (of another endpoint if named); without the page unless it is among them."""
        values = {"search": self.search, **self.chosen, "sort": self.sort, "desc": "1" if self.down else ""} | changes
        kept = {name: value for name, value in values.items() if value and (name, value) != ("page", 1)}
        return url_for(endpoint or self.endpoint) + (f"?{urlencode(kept)}" if kept else "")


class ListDesk(Desk, ModelView):
    """A desk that begins with a list of records: search, filters, order, pages, export to CSV."""

    list_template = "desk/list.html"
    # Nothing is written but through acts: the generated screens and their addresses do not exist.
    create_view = edit_view = details_view = delete_view = action_view = ajax_lookup = ajax_update = None
    can_create = can_edit = can_delete = can_view_details = False
    form = form_base_class = FlaskForm

    model_class: ClassVar[Any]
    heading: ClassVar[str]
    search_label: ClassVar[str] = ""
    sortable: ClassVar[tuple[str, ...]] = ()
    choices: ClassVar[tuple[Choice, ...]] = ()
    nothing: ClassVar[str] = "Пока ничего нет."
    # Columns that need no title: what is shown when the list is exported.
    cells: ClassVar[Mapping[str, Callable[[Any], Any]]] = {}

    def __init__(self, **names: Any) -> None:
        super().__init__(self.model_class, **names)

    # What a desk says about its list

    def get_query(self) -> Query:
        """All records, with whatever the columns show joined in: the number of queries does not depend on the rows."""
        return self.model_class.select()  # type: ignore[no-any-return]

    def matching(self, query: Query, word: str) -> Query:
        """The records of the query that this word finds."""
        return query

    def default_order(self) -> list[Any]:
        """How the list is ordered when nothing else is asked for."""
        return [self.model_class.id.desc()]

    def read(self, query: Query) -> list[Any]:
        """The records of the query, with what belongs to them; a fixed number of queries."""
        return list(query)

    def count(self, query: Query) -> int:
        """How many records the query finds; one query."""
        return query.select(self.model_class.id).order_by().count()

    def more(self, query: Query, wanted: Wanted) -> Mapping[str, Any]:
        """What else the page of the list shows, for its template."""
        return {}

    # The list

    @expose("/")
    def index_view(self) -> Answer:
        """The list."""
        wanted = self._wanted()
        query = self._found(wanted)
        count = self.count(query)
        last = max(math.ceil(count / ROWS_PER_PAGE), 1)
        if wanted.page > last:
            abort(404, "Такой страницы в списке нет: откройте первую.")
        rows = self.read(query.limit(ROWS_PER_PAGE).offset((wanted.page - 1) * ROWS_PER_PAGE))
        return self.render(
            self.list_template,
            heading=self.heading,
            desk=self,
            columns=[(name, self.get_column_name(name)) for name in self.column_list],
            rows=[[self.cell(row, name) for name in self.column_list] for row in rows],
            count=count,
            wanted=wanted,
            choices=[(choice, [(value, title) for value, title in choice.values()]) for choice in self.choices],
            pages=Pages(wanted.page, last, lambda page: wanted.address(page=page)),
            export=wanted.address(endpoint=f"{self.endpoint}.export_view") if self.can_export else None,
            **self.more(query, wanted),
        )

    @expose("/export.csv")
    def export_view(self) -> Answer:
        """The list as CSV for Excel, without pages."""
        if not self.can_export:
            abort(404)
        titles = [self.get_column_name(name) for name in self.column_list]
        lines = [
            [harmless(self.cell(row, name)) for name in self.column_list] for row in self.read(self._found(self._wanted()))
        ]
        name = f"{self.endpoint}-{dt.datetime.now(CITY):%Y-%m-%d}.csv"
        headers = {"Content-Disposition": f"attachment; filename={name}"}
        return Response(csv_lines([titles, *lines]), mimetype="text/csv", headers=headers)

    # Flask-Admin's own export writes formulas as they are and no mark for Excel.
    export = None

    def cell(self, row: Any, name: str) -> Any:
        """What a column shows of a record."""
        value = self.cells[name](row) if name in self.cells else getattr(row, name)
        return plain(value)

    def get_column_name(self, field: str) -> str:
        """The title of a column: its own, or the label of the record's field."""
        titles: dict[str, str] = self.column_labels or {}
        return titles.get(field) or str(getattr(self.model_class, field).verbose_name)

    def init_search(self) -> bool:
        """Whether the list can be searched."""
        return bool(self.search_label)

    def scaffold_sortable_columns(self) -> dict[str, Any]:
        """Columns by which the list can be ordered."""
        return {name: getattr(self.model_class, name) for name in self.sortable}

    def _wanted(self) -> Wanted:
        try:
            page = page_number(request.args.get("page", ""))
        except NoSuchPage:
            abort(404, "Номер страницы в адресе неверен: откройте первую страницу списка.")
        sort = request.args.get("sort", "")
        return Wanted(
            endpoint=f"{self.endpoint}.index_view",
            search=_asked("search"),
            chosen={choice.name: _asked(choice.name) for choice in self.choices},
            sort=sort if sort in self.sortable else "",
            down=request.args.get("desc") == "1",
            page=page,
        )

    def _found(self, wanted: Wanted) -> Query:
        query = self.get_query()
        for word in wanted.search.split():
            query = self.matching(query, word)
        for choice in self.choices:
            value = wanted.chosen[choice.name]
            # A value that the list does not offer finds everything, as if it had not been asked for.
            if value and (choice.typed or value in dict(choice.values())):
                query = choice.narrow(query, value)
        return query.order_by(*self._order(wanted), *self.default_order())

    def _order(self, wanted: Wanted) -> list[Any]:
        if not wanted.sort:
            return []
        field = alphabetical(getattr(self.model_class, wanted.sort))
        return [field.desc(nulls="LAST") if wanted.down else field.asc(nulls="LAST")]


def _asked(name: str) -> str:
    """What the address says of this name, in one line."""
    return " ".join(request.args.get(name, "").replace("\0", "").split())[:LONGEST_SEARCH]


# --- Words ------------------------------------------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """A value as people read it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, dt.datetime):
        return moment(value)
    if isinstance(value, dt.date):
        return f"{value:%d.%m.%Y}"
    return value


def capitalize_first(text: str) -> str:
    """The text as the beginning of a sentence; the rest of its letters stay as they are."""
    return text[:1].upper() + text[1:]


def link(text: str, address: str) -> Markup:
    """A link in a cell of a list."""
    return Markup('<a href="{}">{}</a>').format(address, text)


def formatted() -> dict[str, Callable[..., Any]]:
    """Words offered to the templates as filters."""
    return {"plain": plain, "capitalize_first": capitalize_first}
