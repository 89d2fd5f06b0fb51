"""The archive of orders: search, the page of an order, its PDF."""

import datetime as dt
import math
from dataclasses import asdict, dataclass, replace
from urllib.parse import unquote, urlencode

from flask import Blueprint, Response, abort, make_response, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from ...models import Order
from ...procedure.words import Category, OrderKind
from .. import files, queries
from ..search import FACETS, Answer, Facet, Filters, Query, QueryRefused
from . import phrases
from .headers import A_YEAR
from .layout import parts
from .paging import NoSuchPage, Pages, page_number

public = Blueprint("orders", __name__)

ROWS_PER_PAGE = 100
LONGEST_FILTER = 200

FACET_TITLES: dict[Facet, str] = {
    "year": "Год",
    "category": "Категория",
    "position": "Должность",
    "organization": "Организация",
    "kind": "Вид распоряжения",
}
LABELS: dict[str, dict[str, str]] = {
    "category": {category.value: category.label for category in Category},
    "kind": {kind.value: kind.label for kind in OrderKind},
}
VALUES_SHOWN = 6
"""How many values of a filter are shown before «ещё»."""


@dataclass(frozen=True)
class Choice:
    """A value of a filter: its name, how many rows it would leave, the address that sets or removes it."""

    label: str
    count: int | None
    address: str
    chosen: bool


@dataclass(frozen=True)
class Asked:
    """What the address of the archive asks, as typed; knows its own address."""

    q: str = ""
    year: str = ""
    category: str = ""
    position: str = ""
    organization: str = ""
    kind: str = ""
    sort: str = ""

    @classmethod
    def read(cls) -> "Asked":
        """From the address of this request."""
        return cls(**{name: request.args.get(name, "").replace("\0", "").strip() for name in cls.__dataclass_fields__})

    def address(self, page: int = 1) -> str:
        """The address that asks the same, without empty parts."""
        asked = {name: value for name, value in asdict(self).items() if value}
        if page > 1:
            asked["page"] = str(page)
        return url_for("orders.index") + (f"?{urlencode(asked)}" if asked else "")

    def query(self, page: int) -> Query:
        """The query for the index."""
        return Query(
            text=self.q,
            filters=Filters(
                # A year that is no number is a year without orders: an empty answer, not an error.
                year=_year(self.year),
                category=self.category or None,
                position=self.position or None,
                organization=self.organization or None,
                kind=self.kind or None,
            ),
            sort="old" if self.sort_kept else "new",
            page=page,
        )

    def sorted(self, sort: str) -> str:
        """The address of the same in another order."""
        return replace(self, sort=sort).address()

    @property
    def sort_kept(self) -> str:
        """The order of the rows that is in force: an unknown word means newest first."""
        return "old" if self.sort == "old" else ""

    @property
    def active(self) -> list[tuple[str, str, str]]:
        """Filters that are set: title, value as people say it, the address without it."""
        return [
            (FACET_TITLES[facet], _label(facet, getattr(self, facet)), replace(self, **{facet: ""}).address())
            for facet in FACETS
            if getattr(self, facet)
        ]


def _year(text: str) -> int | None:
    if not text:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) == 4 else 0


def _label(facet: str, value: str | int) -> str:
    return LABELS.get(facet, {}).get(str(value), str(value))


@public.get("/orders/")
def index() -> Response:
    """The archive: rows of published orders found by text and filters, newest first."""
    asked = Asked.read()
    refusal = ""
    answer: Answer | None = None
    try:
        number = page_number(request.args.get("page", ""))
        answer = parts().index.search(asked.query(number))
        if number > max(answer.pages, 1):
            raise NoSuchPage
    except NoSuchPage:
        return _no_such_page(asked.address())
    except QueryRefused as refused:
        refusal = str(refused)
    text = render_template(
        "orders/index.html",
        asked=asked,
        refusal=refusal,
        answer=answer,
        hits=queries.hits(answer.ruling_ids) if answer else [],
        choices=_choices(asked, answer) if answer else {},
        pages=Pages(answer.page, answer.pages, asked.address) if answer else None,
        titles=FACET_TITLES,
        shown=VALUES_SHOWN,
    )
    return _naming_people(make_response(text, 400 if refusal else 200))


def _choices(asked: Asked, answer: Answer) -> dict[Facet, list[Choice]]:
    made = {}
    for facet in FACETS:
        chosen = getattr(asked, facet)
        made[facet] = [
            Choice(
                label=_label(facet, value),
                count=count,
                address=replace(asked, **{facet: "" if str(value) == chosen else str(value)}).address(),
                chosen=str(value) == chosen,
            )
            for value, count in answer.facets.get(facet, [])
        ]
    return made


@public.get("/orders/<int(fixed_digits=4):year>/<path:number>/")
def order(year: int, number: str) -> AnyResponse:
    """The page of a published order: requisites, rows, the file."""
    found = queries.order_at(year, number)
    if found is None:
        return _other_spelling(year, number, "orders.order")
    refusals = parts().settings.show_refusals
    words = " ".join(request.args.get("q", "").replace("\0", "").split())
    address = url_for("orders.order", year=year, number=number)
    refusal = f"Слишком длинный запрос: оставьте не больше {LONGEST_FILTER} знаков." if len(words) > LONGEST_FILTER else ""
    counts = queries.counts(found)
    shown = counts.rows if refusals else counts.rows - counts.refused
    total = 0 if refusal else queries.count_rows(found, refusals=refusals, words=words) if words else shown

    def page_address(page: int) -> str:
        asked = {name: value for name, value in (("q", words), ("page", str(page) if page > 1 else "")) if value}
        return address + (f"?{urlencode(asked)}" if asked else "")

    try:
        page = _page_of_row(found, refusals) or page_number(request.args.get("page", ""))
        last = max(math.ceil(total / ROWS_PER_PAGE), 1)
        if page > last and not refusal:
            raise NoSuchPage
    except NoSuchPage:
        return _no_such_page(page_address(1))
    rows = queries.rows(found, refusals=refusals, words=words, offset=(page - 1) * ROWS_PER_PAGE, limit=ROWS_PER_PAGE)
    text = render_template(
        "orders/order.html",
        order=found,
        rows=[] if refusal else rows,
        words=words,
        refusal=refusal,
        counts=counts,
        shown=shown,
        total=total,
        first=(page - 1) * ROWS_PER_PAGE + 1,
        pages=Pages(page, last, page_address),
        refusals=refusals,
        kind=OrderKind(found.kind).label,
        permanent=parts().settings.site_url + address,
        # As people read it: the browser shows Cyrillic letters of an address, so do we.
        permanent_shown=unquote(parts().settings.site_url + address),
    )
    return _naming_people(make_response(text, 400 if refusal else 200))


def _page_of_row(order: Order, refusals: bool) -> int | None:
    """The page on which the row asked for by `?row=` stands; links of search results use it."""
    asked = request.args.get("row", "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and 1 <= len(asked) <= 6):
        raise NoSuchPage
    return queries.rows_before(order, int(asked), refusals=refusals) // ROWS_PER_PAGE + 1


@public.get("/orders/<int(fixed_digits=4):year>/<path:number>/order.pdf")
def file(year: int, number: str) -> AnyResponse:
    """The frozen file of a published order, byte for byte; ranges and conditional requests are answered."""
    found = queries.order_at(year, number)
    if found is None:
        return _other_spelling(year, number, "orders.file")
    assert found.pdf_sha256 and found.published_at and found.registered_on  # the table's own constraint
    answer = send_file(
        files.path_of(parts().settings.files_dir, found.pdf_sha256),
        mimetype="application/pdf",
        download_name=f"Распоряжение {found.number} от {phrases.short_date(found.registered_on)}.pdf",
        etag=found.pdf_sha256,
        last_modified=found.published_at.astimezone(dt.UTC),
        max_age=A_YEAR,
    )
    answer.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return _naming_people(answer)


def _other_spelling(year: int, number: str, endpoint: str) -> AnyResponse:
    """The way to the address as registered, if the number was only spelled otherwise; else 404."""
    registered = queries.order_spelled(year, number)
    if registered is None or registered == number:
        abort(404, f"Опубликованного распоряжения № {number[:40]} за {year} год нет. Проверьте номер и год.")
    asked = request.query_string.decode("ascii", "ignore")
    return redirect(url_for(endpoint, year=year, number=registered) + (f"?{asked}" if asked else ""), 301)


def _no_such_page(first: str) -> Response:
    text = render_template("errors/no_page.html", first=first)
    return _naming_people(make_response(text, 404))


def _naming_people(answer: Response) -> Response:
    """Pages that name people are not for search engines."""
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
