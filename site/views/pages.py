"""The home page, and every address that no fixed part of the site takes: it is looked up in the content tree."""

from flask import Blueprint, abort, redirect, render_template
from werkzeug.wrappers import Response

from ...models import utc_now
from .. import markup, queries
from ..content import store
from .layout import parts

public = Blueprint("pages", __name__)

LATEST = 5


@public.get("/")
def home() -> str:
    """One search box and the short ways in."""
    return render_template("pages/home.html", latest=queries.latest_orders(LATEST, refusals=parts().settings.show_refusals))


@public.get("/<path:path>")
def page(path: str) -> str | Response:
    """What stands at this address of the content tree."""
    tree, now = parts().content.tree(), utc_now()
    item = tree.at(path.strip("/"))
    words = tree.showing(item, now) if item else None
    if item is None or words is None:
        abort(404)
    if f"/{path}" != item.address:
        return redirect(item.address, 301)
    return render_template("pages/page.html", words=words, body=markup.html(store.body(item.id, words.number)))
