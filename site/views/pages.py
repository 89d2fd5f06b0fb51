"""The home page, and every page kept as a record: found by its path."""

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from .. import markup, queries
from .layout import parts

public = Blueprint("pages", __name__)

LATEST = 5
# Addresses that others rely on and that stand without a slash at the end.
BARE = frozenset({"accessibility"})


@public.get("/")
def home() -> str:
    """One search box and the short ways in."""
    return render_template("pages/home.html", latest=queries.latest_orders(LATEST, refusals=parts().settings.show_refusals))


@public.get("/<path:path>")
def page(path: str) -> str | Response:
    """Any other path is looked up among the pages."""
    name = path.strip("/")
    found = queries.page(name) if len(name) <= 200 else None
    if found is None:
        abort(404)
    if path != canonical(name):
        return redirect(url_for("pages.page", path=canonical(name)), 301)
    return render_template("pages/page.html", page=found, body=markup.html(found.body))


def canonical(path: str) -> str:
    """The path as it stands in the one address of the page."""
    return path if path in BARE else f"{path}/"
