"""Pages for machines: robots.txt, the map of the site, the health check, the icon browsers ask for unasked."""

import datetime as dt

from flask import Blueprint, Response, current_app, jsonify, render_template, url_for

from ...models import Order, utc_now
from ...procedure.words import NodeKind
from .. import regulation
from .layout import parts
from .regulation import DOCUMENTS
from .regulation import address as clause_address
from .rubrics import ready_entries

public = Blueprint("signposts", __name__)


@public.get("/robots.txt")
def robots() -> Response:
    """Crawling is allowed everywhere but in the office: a crawler has to read a page to see its `noindex`."""
    lines = ["User-agent: *", "Disallow: /admin/", "", f"Sitemap: {parts().settings.site_url}/sitemap.xml", ""]
    return Response("\n".join(lines), mimetype="text/plain")


@public.get("/sitemap.xml")
def sitemap() -> Response:
    """Addresses that search engines may show: none that name people."""
    site = parts().settings.site_url
    paths = [url_for("pages.home"), url_for("rubrics.index"), url_for("rubric_tools.find")]
    paths += [url_for("rubrics.rubric", number=entry.number) for entry in ready_entries()]
    paths += [url_for("forms.index"), url_for("forms.fill_in")]
    for document, slug in DOCUMENTS.items():
        paths.append(url_for("regulation.index", document=document or None))
        paths += [clause_address(document, number) for number in regulation.edition(slug).by_number]
    entries: list[tuple[str, dt.datetime | None]] = [(site + path, None) for path in paths]
    tree, now = parts().content.tree(), utc_now()
    shown = ((item, item.showing(now)) for item in tree.below(tree.root, now))
    entries += [(site + item.address, words.written_at) for item, words in shown if words and item.kind is not NodeKind.LINK]
    return Response(render_template("sitemap.xml", entries=entries), mimetype="application/xml")


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
