"""The page of a published order: requisites, rows with filters, a page for each row; its PDF, its rows for spreadsheets."""

import datetime as dt
import io
import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import IO, Any, cast, get_args
from urllib.parse import unquote, urlencode

from flask import Response, abort, make_response, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response as AnyResponse

from ...models import Order, utc_now
from ...procedure.words import Category, OrderKind
from .. import amendments, files, queries, sheets
from ..citation import citation
from ..corrections import moves as corrections
from ..queries import Narrowing, Row, Sort
from . import phrases
from .headers import A_YEAR
from .layout import parts
from .orders import naming_people, no_such_page, public
from .paging import NoSuchPage, Pages, page_number
from .ready import ready

ORDER = "/orders/<int(fixed_digits=4):year>/<path:number>/"
ROWS_PER_PAGE = 100
LONGEST_FILTER = 200

SORTS: dict[Sort, str] = {
    "number": "№ п/п",
    "surname": "фамилия",
    "position": "должность",
    "organization": "организация",
    "category": "категория",
}
RESULTS = {"established": True, "refused": False}
COLUMNS = (
    ("number", "№ п/п"),
    ("surname", "Фамилия"),
    ("name", "Имя"),
    ("patronymic", "Отчество"),
    ("position", "Должность"),
    ("organization", "Организация"),
    ("category", "Категория"),
    ("decision", "Решение"),
    ("until", "Действует по"),
    ("page", "Страница PDF"),
    ("address", "Постоянный адрес строки"),
)
MEDIA_TYPES = {"csv": "text/csv", "xlsx": sheets.XLSX}
WIDTHS = {"number": 7, "surname": 22, "position": 34, "organization": 48, "category": 12, "address": 60}


@dataclass(frozen=True)
class Asked:
    """What the address of an order's page asks of its rows, as typed; knows its own address. Unknown words ask nothing."""

    q: str = ""
    surname: str = ""
    position: str = ""
    organization: str = ""
    category: str = ""
    result: str = ""
    sort: str = ""

    @classmethod
    def read(cls, *, refusals: bool) -> "Asked":
        """From the address of this request; where refusals are not shown there is nothing to choose between."""
        asked = cls(
            **{name: " ".join(request.args.get(name, "").replace("\0", "").split()) for name in cls.__dataclass_fields__}
        )
        return replace(
            asked,
            category=asked.category if asked.category in set(Category) else "",
            result=asked.result if refusals and asked.result in RESULTS else "",
            sort=asked.sort if asked.sort.removeprefix("-") in get_args(Sort) and asked.sort != "number" else "",
        )

    @property
    def texts(self) -> dict[str, str]:
        """The parts that are typed by hand."""
        return {name: getattr(self, name) for name in ("q", "surname", "position", "organization")}

    @property
    def refusals(self) -> dict[str, str]:
        """What is wrong with a field, by its name."""
        told = f"Слишком длинный запрос: оставьте не больше {LONGEST_FILTER} знаков."
        return {name: told for name, text in self.texts.items() if len(text) > LONGEST_FILTER}

    @property
    def narrowing(self) -> Narrowing:
        """The same for the records."""
        category = Category(self.category) if self.category else None
        return Narrowing(self.q, self.surname, self.position, self.organization, category, RESULTS.get(self.result))

    @property
    def column(self) -> Sort:
        """What the rows are sorted by."""
        return cast(Sort, self.sort.removeprefix("-") or "number")

    @property
    def down(self) -> bool:
        return self.sort.startswith("-")

    @property
    def finely(self) -> bool:
        """Whether more than the first field asks something."""
        return bool(replace(self.narrowing, words=""))

    def sorted(self, column: Sort) -> "Asked":
        """The same sorted by this column; asked of the column in force, the other way round."""
        down = column == self.column and not self.down
        return replace(self, sort=f"-{column}" if down else "" if column == "number" else column)

    def query(self, page: int = 1) -> str:
        """What stands in the address, with its «?»; empty parts are left out."""
        asked = {name: value for name, value in asdict(self).items() if value}
        if page > 1:
            asked["page"] = str(page)
        return f"?{urlencode(asked)}" if asked else ""


@public.get(ORDER)
def order(year: int, number: str) -> AnyResponse:
    """The page of a published order: requisites, rows, the files."""
    found = queries.order_at(year, number)
    if found is None:
        return _other_address(year, number, "orders.order")
    settings = parts().settings
    refusals = settings.show_refusals
    # A link to a row opens the annex as it is printed.
    asked = Asked() if request.args.get("row") else Asked.read(refusals=refusals)
    address = url_for("orders.order", year=year, number=number)
    counts = queries.counts(found)
    replaced = amendments.replaced_rows(found) if found.kind == OrderKind.AMENDMENT else {}
    shown = counts.rows if refusals else counts.rows - counts.refused
    narrowing = asked.narrowing
    narrowed = bool(narrowing) and not asked.refusals
    total = queries.count_rows(found, refusals=refusals, narrowing=narrowing) if narrowed else shown

    def page_address(page: int) -> str:
        return address + asked.query(page)

    try:
        page = _page_of_row(found, refusals) or page_number(request.args.get("page", ""))
        last = max(math.ceil(total / ROWS_PER_PAGE), 1)
        if page > last and not asked.refusals:
            raise NoSuchPage
    except NoSuchPage:
        return no_such_page(page_address(1))
    text = render_template(
        "orders/order.html",
        order=found,
        rows=[] if asked.refusals else _rows(found, asked, page),
        asked=asked,
        narrowed=narrowed,
        sorts=SORTS,
        categories=Category,
        counts=counts,
        amending=amendments.amending(found),
        changed=amendments.changed_rows(found),
        replaced=replaced,
        shown=shown,
        total=total,
        pages=Pages(page, last, page_address),
        refusals=refusals,
        kind=OrderKind(found.kind).label,
        signature=queries.signature_of(found),
        until=_until(found),
        permanent=settings.site_url + address,
        # As people read it: the browser shows Cyrillic letters of an address, so do we.
        permanent_shown=unquote(settings.site_url + address),
        today=phrases.local_day(utc_now()),
        citation=_cited(found),
        correctable=corrections.taken(settings.procedure),
    )
    answer = naming_people(make_response(text, 400 if asked.refusals else 200))
    answer.vary.add("Cookie")
    return answer if asked.refusals else _tagged(answer)


def _rows(found: Order, asked: Asked, page: int | None = None) -> list[Row]:
    """The rows that are asked for: those of a page, or all."""
    refusals = parts().settings.show_refusals
    stretch = {"offset": (page - 1) * ROWS_PER_PAGE, "limit": ROWS_PER_PAGE} if page else {}
    return queries.rows(found, refusals=refusals, narrowing=asked.narrowing, sort=asked.column, down=asked.down, **stretch)


def _page_of_row(order: Order, refusals: bool) -> int | None:
    """The page on which the row asked for by `?row=` stands; links of search results use it."""
    asked = request.args.get("row", "")
    if not asked:
        return None
    if not (asked.isascii() and asked.isdigit() and 1 <= len(asked) <= 6):
        raise NoSuchPage
    return queries.rows_before(order, int(asked), refusals=refusals) // ROWS_PER_PAGE + 1


# ── one row ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@public.get(f"{ORDER[:-1]}/<int:row>")
@ready
def row(year: int, number: str, row: int) -> AnyResponse:
    """The lasting page of one row: who, which category, where in the PDF."""
    found = queries.order_at(year, number)
    if found is None:
        return _other_address(year, number, "orders.row", row)
    settings = parts().settings
    shown = queries.row_at(found, row, refusals=settings.show_refusals)
    if shown is None:
        abort(404, f"Строки {row} распоряжения № {found.number} на сайте нет. Полный текст распоряжения — в файле PDF.")
    permanent = settings.site_url + url_for("orders.row", year=year, number=number, row=row)
    text = render_template(
        "orders/row.html",
        order=found,
        row=shown,
        amending=[],
        changed=amendments.changed_rows(found),
        replaced=amendments.replaced_rows(found) if found.kind == OrderKind.AMENDMENT else {},
        until=settings.validity.until(_registered_on(found), established=shown.established),
        permanent=permanent,
        permanent_shown=unquote(permanent),
        today=phrases.local_day(utc_now()),
        citation=_cited(found, row),
        correctable=corrections.taken(settings.procedure),
    )
    return naming_people(make_response(text))


# ── files ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@public.get(f"{ORDER}order.pdf")
def file(year: int, number: str) -> AnyResponse:
    """The frozen file of a published order, byte for byte; ranges and conditional requests are answered."""
    found = queries.order_at(year, number)
    if found is None:
        return _other_address(year, number, "orders.file")
    assert found.pdf_sha256 and found.published_at  # the table's own constraint
    answer = send_file(
        files.path_of(parts().settings.files_dir, found.pdf_sha256),
        mimetype="application/pdf",
        download_name=f"{_named(found)}.pdf",
        etag=found.pdf_sha256,
        last_modified=found.published_at.astimezone(dt.UTC),
        max_age=A_YEAR,
    )
    answer.headers["Cache-Control"] = f"public, max-age={A_YEAR}, immutable"
    return naming_people(answer)


@public.get(f"{ORDER}signature.sig")
def signature(year: int, number: str) -> AnyResponse:
    """The detached signature of a published order, as it was brought."""
    found = queries.order_at(year, number)
    if found is None:
        return _other_address(year, number, "orders.signature")
    mark = queries.signature_of(found)
    if mark is None or not mark.sha256:
        abort(404, "Файла электронной подписи у этого распоряжения нет.")
    path = files.path_of(parts().settings.files_dir, mark.sha256, files.SIGNATURE)
    name = f"{_named(found)}{files.SIGNATURE}"
    return naming_people(
        send_file(path, mimetype=files.SIGNATURE_TYPE, as_attachment=True, download_name=name, etag=mark.sha256)
    )


@public.get(f"{ORDER}rows.<any(csv, xlsx):kind>")
def rows(year: int, number: str, kind: str) -> AnyResponse:
    """The rows as a file for a spreadsheet: those that the same address without `rows.csv` shows, on all its pages."""
    found = queries.order_at(year, number)
    if found is None:
        return _other_address(year, number, "orders.rows", kind=kind)
    asked = Asked.read(refusals=parts().settings.show_refusals)
    if asked.refusals:
        abort(400, next(iter(asked.refusals.values())))
    columns = [column for column in COLUMNS if column[0] != "until" or _until(found)]
    lines = (_line(found, one, columns) for one in _rows(found, asked))
    if kind == "csv":
        titles = [title for _name, title in columns]
        text = sheets.csv_lines([titles, *([sheets.harmless(_as_text(cell)) for cell in line] for line in lines)])
        book: IO[bytes] = io.BytesIO("".join(text).encode())
    else:
        book = sheets.workbook("Строки", columns, lines, WIDTHS)
    answer = send_file(book, mimetype=MEDIA_TYPES[kind], as_attachment=True, download_name=f"{_named(found)}.{kind}")
    return naming_people(answer)


def _line(order: Order, row: Row, columns: Sequence[tuple[str, str]]) -> list[Any]:
    told = {
        **row._asdict(),
        "category": row.category_label,
        "decision": "установлена" if row.established else "отказ",
        "until": _until(order) if row.established else None,
        "address": parts().settings.site_url + url_for("orders.row", year=order.year, number=order.number, row=row.number),
    }
    return [told[name] for name, _title in columns]


def _as_text(cell: Any) -> str:
    return phrases.short_date(cell) if isinstance(cell, dt.date) else "" if cell is None else str(cell)


# ── inside ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _cited(order: Order, row: int | None = None) -> str:
    """The reference by ГОСТ Р 7.0.5-2008 to the order, or to a row of it, seen today."""
    settings = parts().settings
    assert order.number and order.published_at
    where: dict[str, Any] = {"year": order.year, "number": order.number}
    address = url_for("orders.row", row=row, **where) if row else url_for("orders.order", **where)
    return citation(
        title=order.title,
        number=order.number,
        registered_on=_registered_on(order),
        authority=settings.authority_name,
        site=settings.service_name,
        year=phrases.local_day(order.published_at).year,
        address=unquote(settings.site_url + address),
        seen_on=phrases.local_day(utc_now()),
        row=row,
    )


def _named(order: Order) -> str:
    """What the order's files are called when they are saved."""
    return f"Распоряжение {order.number} от {phrases.short_date(_registered_on(order))}"


def _registered_on(order: Order) -> dt.date:
    assert order.registered_on  # the table's own constraint
    return order.registered_on


def _until(order: Order) -> dt.date | None:
    return parts().settings.validity.until(_registered_on(order))


def _tagged(answer: Response) -> Response:
    """Sent again only when it has changed."""
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _notice(order: Order, status: int) -> AnyResponse:
    """In the place of a withdrawn order: that it was there, since when it is not, and why."""
    return naming_people(make_response(render_template("orders/withdrawn.html", order=order), status))


def _other_address(year: int, number: str, endpoint: str, row: int | None = None, **rest: str) -> AnyResponse:
    """The notice of a withdrawn order; the way to the address as registered, if it was only written otherwise; else 404.

    A number may hold a slash: «12/3» is an order, or row 3 of order 12, and whichever is there is meant.
    """
    if withdrawn := amendments.withdrawn_at(year, number):
        return _notice(withdrawn, 200 if endpoint in ("orders.order", "orders.row") else 410)
    if row is not None and queries.order_at(year, f"{number}/{row}"):
        return redirect(url_for("orders.order", year=year, number=f"{number}/{row}"), 308)
    head, _, tail = number.rpartition("/")
    if endpoint == "orders.order" and tail.isascii() and tail.isdigit() and len(tail) <= 6 and queries.order_at(year, head):
        return redirect(url_for("orders.row", year=year, number=head, row=int(tail)), 308)
    registered = queries.order_spelled(year, number)
    if registered is None or registered == number:
        abort(404, f"Опубликованного распоряжения № {number[:40]} за {year} год нет. Проверьте номер и год.")
    asked = request.query_string.decode("ascii", "ignore")
    place = {"row": row} if row is not None else rest
    return redirect(url_for(endpoint, year=year, number=registered, **place) + (f"?{asked}" if asked else ""), 301)
