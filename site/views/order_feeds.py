"""The archive as Atom feeds (RFC 4287): published orders, and changes to what was published."""

import datetime as dt
from collections.abc import Iterable
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Response, make_response, render_template, request, url_for

from ...procedure.words import Category
from .. import feeds
from .described import whole
from .layout import parts, seen
from .phrases import local_day

public = Blueprint("order_feeds", __name__)

LONGEST_FILTER = 500


@public.get("/orders/feed.xml")
def published() -> Response:
    """The orders published last; `?organization=` and `?category=` keep those with such a row, as the archive's filters do."""
    asked = {name: " ".join(request.args.get(name, "").replace("\0", "").split()) for name in ("organization", "category")}
    if any(len(text) > LONGEST_FILTER for text in asked.values()):
        return _refused("Слишком длинный запрос: возьмите название организации из строки распоряжения.")
    if asked["category"] and asked["category"] not in set(Category):
        return _refused(f"Такой категории нет: category – одно из слов {', '.join(Category)}.")
    found = feeds.published(
        refusals=parts().settings.show_refusals,
        organization=asked["organization"],
        category=Category(asked["category"]) if asked["category"] else None,
    )
    kept = {name: text for name, text in asked.items() if text}
    return _feed(
        "orders/feed.xml",
        found,
        (one.updated for one in found),
        url_for("order_feeds.published") + (f"?{urlencode(kept)}" if kept else ""),
        url_for("orders.index") + (f"?{urlencode(kept)}" if kept else ""),
        about=[Category(text).label + " категория" if name == "category" else text for name, text in kept.items()],
        pdf=lambda one: whole(url_for("orders.order", year=one.year, number=one.number)) + "order.pdf",
    )


@public.get("/orders/changes.xml")
def changes() -> Response:
    """The last changes: rows put in the place of others, orders withdrawn. Both ends of a change are linked."""
    found = feeds.changes()
    return _feed(
        "orders/changes.xml", found, (one.at for one in found), url_for("order_feeds.changes"), url_for("orders.index")
    )


def _feed(template: str, told: object, moments: Iterable[dt.datetime], own: str, page: str, **more: object) -> Response:
    """The feed at this address, about this page; whoever has it already hears so."""
    site = whole("")
    updated = max(moments, default=seen().tree.root.live_from or seen().now)
    text = render_template(
        template,
        told=told,
        updated=updated,
        own=site + own,
        page=site + page,
        host=urlsplit(site).hostname,
        address=lambda one: whole(url_for("orders.order", year=one.year, number=one.number)),
        day=local_day,
        **more,
    )
    answer = make_response(text)
    answer.mimetype = "application/atom+xml"
    answer.headers["Cache-Control"] = "public, max-age=300"
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def _refused(sentence: str) -> Response:
    return Response(sentence + "\n", 400, mimetype="text/plain")
