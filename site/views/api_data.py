"""The programming interface to what is published: orders, rulings, clauses of the regulation, statistics."""

import datetime as dt
from functools import lru_cache
from typing import Any, NoReturn
from urllib.parse import quote, urlencode

from flask import Response, abort, request

from ...procedure.words import Category, OrderKind
from .. import amendments, open_data, queries, regulation, statistics, yearbook
from ..queries import Published
from ..regulation import Clause, Edition
from ..search import Filters, Query, QueryRefused, RowGone
from . import api_asked as asked
from . import problems
from .api import fresh, lasting, public, written
from .layout import parts
from .quota import counted
from .regulation import named, part, shelf, today

ORDERS = "/api/v1/orders"
ORDER = "/api/v1/orders/<int(fixed_digits=4):year>/<path:number>"
RULINGS = "/api/v1/rulings"
EDITIONS = "/api/v1/editions"
CLAUSES = "/api/v1/clauses"
CLAUSE = "/api/v1/clauses/<string(maxlength=40):clause>"
STATISTICS = "/api/v1/statistics"
# The tables of statistics, and what a line of each is about.
TABLES = {
    yearbook.YEARS: "year",
    yearbook.DISTRICTS: "district",
    yearbook.POSITIONS: "position",
    yearbook.OUTCOMES: "year",
    yearbook.REVIEWS: "year",
}


@public.errorhandler(asked.Misasked)
def misasked(wrong: asked.Misasked) -> Response:
    """What is wrong with which parameter."""
    error = {"field": wrong.field, "kind": "parameter", "detail": wrong.sentence}
    return problems.problem(400, wrong.sentence, title="Параметр запроса не подходит", errors=[error])


# ── orders ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@public.get(ORDERS)
@counted
def orders() -> Response:
    """Published orders, newest publication first."""
    limit = asked.limit()
    found = queries.published(
        limit + 1,
        refusals=parts().settings.show_refusals,
        after=_after_order(),
        year=asked.year(),
        kind=asked.word("kind", OrderKind),
    )
    page, more = found[:limit], len(found) > limit
    last = page[-1] if more else None
    items = [_order(order) for order in page]
    return paged({"items": items}, asked.cursor(last.published_at.isoformat(), last.id) if last else None)


@public.get(ORDER)
@counted
def order(year: int, number: str) -> Response:
    """A published order with its rows in the order of the annex."""
    limit, refusals, place = asked.limit(), parts().settings.show_refusals, asked.place(int)
    found = queries.order_at(year, number)
    if found is None:
        _refuse(year, number)
    (told,) = queries.published(1, refusals=refusals, year=year, number=number)
    rows = queries.rows(found, refusals=refusals, after=place[0] if place else 0, limit=limit + 1)
    page, more = rows[:limit], len(rows) > limit
    changed = amendments.changed_rows(found)
    document = {
        **_order(told),
        "basis": found.basis,
        "signatory_position": found.signatory_position,
        "signatory_name": found.signatory_name,
        "rulings": [_ruling(row, year, told.number, told.registered_on, changed.get(row.number)) for row in page],
    }
    return paged(document, asked.cursor(page[-1].number) if more else None)


def _refuse(year: int, number: str) -> NoReturn:
    """Say that an order is not there, or not any more."""
    if amendments.withdrawn_at(year, number):
        abort(410, f"Распоряжение № {number} за {year} год отозвано: причина названа на его странице.")
    abort(404, f"Опубликованного распоряжения № {number[:40]} за {year} год нет: проверьте номер и год.")


def _order(order: Published) -> dict[str, Any]:
    record = open_data.order_record(order, parts().settings.site_url)
    return {**record, "href": f"{ORDERS}/{order.year}/{quote(order.number)}"}


def _ruling(
    row: queries.Row, year: int, number: str, registered_on: dt.date, changed: amendments.Change | None
) -> dict[str, Any]:
    settings = parts().settings
    return open_data.ruling_record(row, year, number, registered_on, changed, settings.validity, settings.site_url)


def _after_order() -> tuple[dt.datetime, int] | None:
    known = asked.place(str, int)
    if not known:
        return None
    try:
        moment = dt.datetime.fromisoformat(known[0])
    except ValueError:
        raise asked.Misasked("cursor", asked.NO_CURSOR) from None
    if moment.utcoffset() != dt.timedelta():
        raise asked.Misasked("cursor", asked.NO_CURSOR)
    return moment, known[1]


# ── rulings ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@public.get(RULINGS)
@counted
def rulings() -> Response:
    """Rows of published orders found as the site finds them: by words, by filters, newest order first."""
    limit, after = asked.limit(), asked.place(int)
    query = Query(
        text=asked.text("q"),
        filters=Filters(
            year=asked.year(),
            category=asked.word("category", Category),
            position=asked.text("position") or None,
            organization=asked.text("organization") or None,
            kind=asked.word("kind", OrderKind),
        ),
        sort="old" if asked.word("sort", asked.Sort) is asked.Sort.OLD else "new",
        per_page=limit,
        facets=(),
        after=after[0] if after else None,
    )
    try:
        answer = parts().index.search(query)
    except RowGone as gone:
        raise asked.Misasked("cursor", str(gone)) from None
    except QueryRefused as refused:
        raise asked.Misasked("q", str(refused)) from None
    hits = queries.hits(answer.ruling_ids)
    correction = answer.correction
    document = {
        "total": answer.total,
        "understood": [str(one) for one in answer.matched],
        "correction": {"typed": correction.typed, "words": list(correction.words)} if correction else None,
        "items": [_ruling(hit.row, hit.year, hit.order_number, hit.registered_on, hit.changed) for hit in hits],
    }
    return paged(document, asked.cursor(answer.ruling_ids[-1]) if len(answer.ruling_ids) == limit else None)


# ── the regulation ──────────────────────────────────────────────────────────────────────────────────────────────────


@public.get(EDITIONS)
def editions() -> Response:
    """The editions of the regulation that the site holds."""
    known = shelf()
    return lasting(written({"editions": [_edition(edition, known) for edition in known.editions]}))


@public.get(CLAUSES)
def clauses() -> Response:
    """All clauses of an edition, restated in our own words."""
    edition, known = _asked_edition()
    return lasting(_clauses(edition, known, today()))


@public.get(CLAUSE)
def clause(clause: str) -> Response:
    """One clause of an edition."""
    edition, _known = _asked_edition()
    return lasting(written(_clause(part(edition.clause, clause), edition)))


def _asked_edition() -> tuple[Edition, regulation.Shelf]:
    known, slug = shelf(), asked.text("edition")
    if not slug:
        return known.current(regulation.ACTS[0], today()), known
    found = next((edition for edition in known.editions if edition.slug == slug), None)
    if found is None:
        raise asked.Misasked("edition", f"Такой редакции нет: имена редакций перечислены в {EDITIONS}.")
    return found, known


@lru_cache(maxsize=16)
def _clauses(edition: Edition, known: regulation.Shelf, _day: dt.date) -> bytes:
    return written(
        {"edition": _edition(edition, known), "clauses": [_clause(clause, edition) for clause in edition.by_number.values()]}
    )


def _edition(edition: Edition, known: regulation.Shelf) -> dict[str, Any]:
    until = edition.in_force_until
    return {
        "name": edition.slug,
        "title": edition.title,
        "jurisdiction": edition.jurisdiction,
        "act": edition.act,
        "in_force_from": edition.in_force_from.isoformat(),
        "in_force_until": until.isoformat() if until else None,
        "clauses": len(edition.by_number),
        "page": named(edition, known).canonical(),
        "href": f"{CLAUSES}?{urlencode({'edition': edition.slug})}",
    }


def _clause(clause: Clause, edition: Edition) -> dict[str, Any]:
    section = edition.section_of(clause.number)
    return {
        "number": clause.number,
        "title": clause.title,
        "text": clause.text,
        "section": section.heading,
        "nested": [nested.number for nested in edition.children(clause.number)],
        "actors": list(clause.actors),
        "audiences": list(clause.audiences),
        "documents": list(clause.documents),
        "terms": [
            {"number": term.number, "unit": term.unit, "since": term.since, "purpose": term.purpose} for term in clause.terms
        ],
        "remarks": list(clause.remarks),
        "edition": edition.slug,
        "page": named(edition, shelf()).permanent(clause.number),
        "href": f"{CLAUSES}/{clause.number}?{urlencode({'edition': edition.slug})}",
    }


# ── statistics ──────────────────────────────────────────────────────────────────────────────────────────────────────


@public.get(STATISTICS)
def numbers() -> Response:
    """The tables of the page of statistics as the worker has counted them; no query. What is not told is null."""
    book = yearbook.read(parts().settings)
    if book is None:
        return problems.problem(503, "Числа ещё не посчитаны: повторите через минуту.", headers={"Retry-After": "60"})
    document = {
        "made_at": f"{book.made_at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}",
        "smallest": statistics.SMALLEST,
        **{name: _table(book.tables[name], line) for name, line in TABLES.items()},
        "days": [one._asdict() for one in book.days],
    }
    return fresh(document)


def _table(table: statistics.Table, name: str) -> dict[str, Any]:
    lines = [{name: line.name, **line.cells, "total": line.total} for line in table.lines]
    return {"lines": lines, "total": {**table.totals.cells, "total": table.totals.total}}


# ── pages ───────────────────────────────────────────────────────────────────────────────────────────────────────────────


def paged(document: dict[str, Any], cursor: str | None) -> Response:
    """The answer with the address of the page after it, in the document and in the header Link (RFC 8288)."""
    following = None
    if cursor:
        again = {**request.args.to_dict(), "cursor": cursor}
        following = f"{parts().settings.site_url}{quote(request.path)}?{urlencode(again)}"
    answer = fresh({**document, "next": following})
    if following:
        answer.headers["Link"] = f'<{following}>; rel="next"'
    return answer
