"""The search over the whole site: decisions of orders, pages, clauses, scoring forms, blanks, each in a group of its own."""

from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, Response, make_response, render_template, request, url_for

from ...models import utc_now
from .. import queries, regulation
from ..regulation.search import target
from ..search import Answer, Query, QueryRefused
from ..search.said import GROUPS
from ..search.texts import LONGEST_QUERY, MOST_HITS, Found
from .layout import parts
from .regulation import address

public = Blueprint("search", __name__)

SHOWN = 5


@dataclass(frozen=True)
class Asked:
    """What the address asks: the words, and one group to be shown in full."""

    q: str
    group: str

    @classmethod
    def read(cls) -> "Asked":
        """From the address of this request; a group that is none shows all of them."""
        group = request.args.get("in", "")
        return cls(" ".join(request.args.get("q", "").replace("\0", "").split()), group if group in GROUPS else "")

    def address(self, group: str = "") -> str:
        """The address of the same words in one group or in all."""
        asked = {name: value for name, value in (("q", self.q), ("in", group)) if value}
        return url_for("search.index") + (f"?{urlencode(asked)}" if asked else "")


@public.get("/search")
def index() -> Response:
    """What was found, by group; a number of a clause leads there with one press."""
    asked = Asked.read()
    refusal = "" if len(asked.q) <= LONGEST_QUERY else f"Слишком длинный запрос: оставьте не больше {LONGEST_QUERY} знаков."
    edition = regulation.edition()
    clause = target(edition, asked.q) if asked.q and not refusal else None
    # The digits of a clause stand in many texts and mean nothing there.
    texts = _texts(asked) if asked.q and not refusal and not clause else None
    orders = _orders(asked) if asked.q and not refusal and not asked.group else None
    page = render_template(
        "search/index.html",
        asked=asked,
        refusal=refusal,
        texts=texts,
        orders=orders,
        rows=queries.hits(orders.ruling_ids) if orders else [],
        groups=GROUPS,
        until=parts().settings.validity.until,
        clause=(clause, address("", clause)) if clause else None,
        most=MOST_HITS,
    )
    answer = make_response(page, 400 if refusal else 200)
    # Rows of orders name people.
    answer.headers["X-Robots-Tag"] = "noindex"
    return answer


def _texts(asked: Asked) -> Found:
    now = utc_now()
    moving = parts().materials.texts(parts().content.tree(), now)
    return parts().texts.search(asked.q, moving, asked.group, MOST_HITS if asked.group else SHOWN)


def _orders(asked: Asked) -> Answer | None:
    """The newest decisions that match; None for a text that is not for the archive."""
    try:
        return parts().index.search(Query(text=asked.q, per_page=SHOWN, facets=()))
    except QueryRefused:
        return None
