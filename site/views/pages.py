"""The home page, and every address that no fixed part of the site takes: it is looked up in the content tree."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, make_response, redirect, render_template
from markupsafe import Markup
from werkzeug.wrappers import Response

from ...procedure.words import NodeKind
from .. import markup, queries
from ..content import Item, Words, links, store
from ..content.listing import parse
from . import described, files, lost, staff
from .entries import entries, latest_news, news_of, news_on_page
from .layout import parts, seen, ways
from .paging import NoSuchPage
from .phrases import MOSCOW
from .ready import ready

public = Blueprint("pages", __name__)

# What a template is given, by name.
Values = dict[str, Any]

LATEST = 5
LATEST_NEWS = 3
NEWS = "news"
"""The path of the section to which the home page leads for all news."""
SUMMARY = (
    "Официальный архив распоряжений об установлении квалификационных категорий педагогическим работникам"
    " и формы экспертных заключений."
)


@public.get("/")
@ready
def home() -> Response:
    """One search box and the short ways in, the latest orders and news."""
    tree, now = seen()
    section = tree.at(NEWS)
    text = render_template(
        "pages/home.html",
        latest=queries.latest_orders(LATEST, refusals=parts().settings.show_refusals),
        news=entries(latest_news(LATEST_NEWS)),
        all_news=section.address if section and tree.showing(section, now) else "",
        about=described.home("Распоряжения о категориях педагогов", SUMMARY),
        bar=staff.bar(tree.root),
    )
    return _answer(text)


@public.get("/<path:path>")
def page(path: str) -> Response:
    """What stands at this address of the content tree."""
    # Not `seen()`: what is ready must begin by noting the version of what it reads.
    item = parts().content.tree().at(plain(path))
    return files.answer(path, item) if item and item.kind is NodeKind.FILE else _read(path, 1)


@public.get("/<path:path>/page/<int:number>/")
def news_page(path: str, number: int) -> Response:
    """A further page of the news of a section, unless a material stands at this address itself."""
    whole = f"{path}/page/{number}/"
    return _read(whole, 1) if number < 2 or parts().content.tree().at(plain(whole)) else _read(f"{path}/", number)


@ready
def _read(path: str, number: int) -> Response:
    """A page of the tree, or the end of a request for what is not one; `number` is the page of a section's news."""
    tree, now = seen()
    item = tree.at(plain(path))
    words = tree.showing(item, now) if item else None
    bar = staff.bar(item) if item else None
    if item is None or not (words or bar):
        return lost.answer(plain(path), item)
    if f"/{path}" != item.address:
        return redirect(item.address, 301)
    if item.kind is NodeKind.LINK and bar is None:
        return _followed(item)
    said, text = (words, store.body(item.id, words.number)) if words else store.newest(item.id)
    return _answer(rendered(item, said, text, number=number, bar=bar, band="" if words else hidden(item)))


def plain(path: str) -> str:
    """A path as the tree knows it: small letters, one slash between names, none at the ends."""
    return "/".join(filter(None, path.lower().split("/")))


def _followed(link: Item) -> Response:
    tree, now = seen()
    address = tree.destination(link, now)
    return redirect(address, 302) if address else lost.answer(link.path, None)


def _answer(text: str) -> Response:
    """A page; what may show more to staff is kept by nobody."""
    answer = make_response(text)
    return staff.private(answer) if staff.looking() else answer


def rendered(item: Item, words: Words, text: str, *, number: int = 1, bar: staff.Bar | None = None, band: str = "") -> str:
    """The page of a material that says this; `band` tells its staff why visitors do not see it.

    `number` is the page of a section's news. No query for what visitors see.
    """
    tree, now = seen()
    address = item.address
    more: Values = {}
    if item.kind is NodeKind.FOLDER:
        address, more = _folder(item, number)
    elif number > 1:
        abort(404)
    elif item.kind in MORE:
        more = MORE[item.kind](item, words)
    resolve = links.resolver(tree, now, unshown) if bar else links.resolver(tree, now)
    pictures = (resolve(reference.address) for reference in links.references(text) if reference.picture)
    picture = next((target.address for target in pictures if target and target.width), "")
    return render_template(
        f"pages/{item.kind.value}.html",
        item=item,
        words=words,
        body=Markup(markup.html(text, resolve, staff=bar is not None)),
        about=described.material(item, words, address, picture),
        trail=[(said.title, step.address) for step in tree.chain(item)[1:-1] if (said := step.showing(now))],
        section=_section(item),
        changed_at=item.changed_at(now),
        bar=bar,
        band=band,
        **more,
    )


def hidden(item: Item) -> str:
    """Why visitors do not see a material, said to its staff; empty when they do."""
    tree, now = seen()
    blocking = tree.blocking(item, now)
    if blocking is None:
        return ""
    if blocking is not item:
        return f"Посетители не видят: не показывается раздел {blocking.address}"
    if item.reason:
        return f"Снято с публикации, посетители видят только причину: {item.reason}"
    if item.expired(now):
        return "Срок публикации истёк, посетители не видят"
    if item.live and item.live_from and item.live_from > now:
        return f"Посетители увидят {item.live_from.astimezone(MOSCOW):%d.%m.%Y в %H:%M}"
    return "Черновик, посетители не видят"


def _section(item: Item) -> tuple[str, tuple[Any, ...]] | None:
    """The menu of the section in which a material stands: its title and its ways; the first level stands in the header."""
    tree, now = seen()
    parent = tree.by_id.get(item.parent_id) if item.parent_id else None
    words = parent.showing(now) if parent and parent.parent_id else None
    if parent is None or words is None or item.kind is NodeKind.NEWS:
        return None
    found = ways(child for child in tree.menu(parent, now) if child.kind is not NodeKind.FILE)
    return (words.title, found) if len(found) > 1 else None


def unshown(item: Item) -> markup.Target:
    """What visitors do not see has a meaning for those who prepare it."""
    words, _ = store.newest(item.id)
    return links.target(item.address, words.title, words.file)


# --- What pages of a kind show besides their text ---------------------------------------------------------------------------


def _folder(item: Item, number: int) -> tuple[str, Values]:
    """The address of a page of the section, and what it lists: the first all that stands there, the others news alone."""
    tree, now = seen()
    try:
        news, pages = news_on_page(item, number)
    except NoSuchPage:
        abort(make_response(render_template("errors/no_page.html", first=item.address), 404))
    children = entries(tree.menu(item, now)) if number == 1 else ()
    return pages.address(number), {"children": children, "news": news, "pages": pages}


def _listing(item: Item, words: Words) -> Values:
    return {"found": entries(parse(words.query).select(*seen()))}


def _news(item: Item, words: Words) -> Values:
    tree, _ = seen()
    siblings = news_of(tree.chain(item)[-2])
    at = siblings.index(item) if item in siblings else len(siblings)
    newer, older = entries(siblings[max(at - 1, 0) : at]), entries(siblings[at + 1 : at + 2])
    return {"newer": next(iter(newer), None), "older": next(iter(older), None)}


def _link(item: Item, words: Words) -> Values:
    tree, _ = seen()
    found = tree.resolve(words.target)
    return {"target": found[0].address + found[1] if found else words.target}


MORE: dict[NodeKind, Callable[[Item, Words], Values]] = {
    NodeKind.LISTING: _listing,
    NodeKind.NEWS: _news,
    NodeKind.LINK: _link,
}
