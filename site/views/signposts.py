"""Pages for machines: robots.txt, the map of the site, the health check, the icon browsers ask for unasked."""

import datetime as dt
import math
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, url_for
from peewee import fn

from ...models import Order
from ...procedure.complaints import taken
from ...procedure.words import NodeKind
from . import regulation
from .layout import parts, seen
from .phrases import local_day
from .ready import ready
from .rubrics import ready_entries

public = Blueprint("signposts", __name__)

# So many addresses a map may hold by its own rules.
LONGEST_MAP = 50_000
Place = tuple[str, dt.date | None]


@public.get("/robots.txt")
def robots() -> Response:
    """Crawling is allowed everywhere but in office and cabinet: a crawler has to read a page to see its `noindex`."""
    closed = [f"Disallow: {room}" for room in ("/admin/", "/account/")]
    lines = ["User-agent: *", *closed, "", f"Sitemap: {parts().settings.site_url}/sitemap.xml", ""]
    return Response("\n".join(lines), mimetype="text/plain")


@public.get("/sitemap.xml")
@ready
def sitemap() -> Response:
    """Addresses that search engines may show: none that name people. When they are too many for one map, a map of maps."""
    entries = _places()
    if len(entries) <= LONGEST_MAP:
        return _map("sitemap.xml", entries=entries)
    return _map("sitemap_index.xml", maps=range(1, math.ceil(len(entries) / LONGEST_MAP) + 1), site=parts().settings.site_url)


@public.get("/sitemap/<int:number>.xml")
@ready
def part_of_sitemap(number: int) -> Response:
    """One of many maps."""
    entries = _places()[(number - 1) * LONGEST_MAP : number * LONGEST_MAP] if number else []
    return _map("sitemap.xml", entries=entries) if entries else abort(404)


def _map(template: str, **values: Any) -> Response:
    return Response(render_template(template, **values), mimetype="application/xml")


def _places() -> list[Place]:
    """The fixed parts, then the content tree; with the days on which they changed, where that is known."""
    site = parts().settings.site_url
    fixed = [(address, None) for address in _fixed_parts()]
    return [(site + address, day) for address, day in (*fixed, *_open_data(), *_materials())]


def _fixed_parts() -> list[str]:
    paths = [url_for("pages.home"), url_for("rubrics.index"), url_for("rubric_tools.find")]
    paths += [url_for("rubrics.rubric", number=entry.number) for entry in ready_entries()]
    paths += [url_for("forms.index"), url_for("forms.fill_in"), url_for("status.index")]
    paths += [url_for("verify.index"), url_for("subscriptions.index")]
    if taken(parts().settings.procedure):
        paths += [url_for("complaints.index"), url_for("complaints.status")]
    return paths + regulation.addresses()


def _open_data() -> list[Place]:
    """What an order changes when it is published or withdrawn, with that day: its own page names people. One query."""
    known: tuple[dt.datetime | None, ...] = Order.select(fn.MAX(Order.published_at), fn.MAX(Order.withdrawn_at)).scalar(
        as_tuple=True
    )
    changed = max((local_day(moment) for moment in known if moment), default=None)
    return [(url_for("data.index"), changed), (url_for("statistics.index"), changed)]


def _materials() -> Iterator[Place]:
    tree, now = seen()
    for item in tree.below(tree.root, now):
        changed = item.changed_at(now)
        if item.kind is not NodeKind.LINK and changed:
            yield item.address, local_day(changed)


@public.get("/healthz")
def health() -> Response:
    """Whether the process can serve: asks the database a question."""
    Order.select(Order.id).limit(1).scalar()
    return jsonify(status="ok", database="ok")


@public.get("/favicon.ico")
def favicon() -> Response:
    """Browsers ask for this address whatever the page says."""
    answer = current_app.send_static_file("icon.svg")
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer
