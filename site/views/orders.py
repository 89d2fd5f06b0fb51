"""The archive of orders: its search. The page of an order and its files stand in `order.py`."""

from dataclasses import asdict, dataclass, replace
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, render_template, request, url_for

from ...procedure.words import Category, OrderKind
from .. import queries
from ..search import FACETS, Answer, Facet, Filters, Query, QueryRefused
from .layout import parts
from .paging import NoSuchPage, Pages, page_number

public = Blueprint("orders", __name__)

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
        return no_such_page(asked.address())
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
        until=parts().settings.validity.until,
    )
    return naming_people(make_response(text, 400 if refusal else 200))


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


def no_such_page(first: str) -> Response:
    """The page that says that the list is not so long; `first`: the address of its first page."""
    text = render_template("errors/no_page.html", first=first)
    return naming_people(make_response(text, 404))


def naming_people(answer: Response) -> Response:
    """Pages that name people are not for search engines."""
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer
