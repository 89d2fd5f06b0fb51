# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""What in the site wants looking after: broken links, texts nobody has reviewed, files nobody refers to, former addresses,
texts that shut somebody out."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import current_app
from flask_admin import expose
from werkzeug.exceptions import HTTPException

from ....models import FormerAddress, Node
from ....site.content import Item, findings, links, store
from ....site.content.tree import Tree
from ....site.dates import CITY
from ....site.views.layout import seen
from ..base import Answer, Desk

# A text that nobody has looked at for so long may no longer be true.
REVIEWED_EVERY = dt.timedelta(days=183)
# Addresses of the content tree itself: everything that nothing else takes ends there.
OF_THE_TREE = {"pages.page", "pages.news_page"}


@dataclass(frozen=True)
class Stale:
    """A shown material and the day since which nobody has said that it is still true."""

    item: Item
    title: str
    since: dt.date


@dataclass(frozen=True)
class Shutting:
    """A shown material and what in its text would shut somebody out."""

    item: Item
    title: str
    faults: tuple[findings.Finding, ...]


class ReportPages(Desk):
    """The reports of the desk."""

    @expose("/reports/")
    def reports(self) -> Answer:
        """All reports, each with its count."""
        tree, now = seen()
        return self.render(
            "desk/content/reports.html",
            broken=links.broken(tree, now, serves),
            stale=stale(tree, now),
            orphans=links.orphans(tree, now),
            former=former(),
            shutting=shutting(tree, now),
            now=now,
        )


def serves(path: str) -> bool:
    """Whether the site answers at a path without the content tree."""
    try:
        endpoint, _ = current_app.url_map.bind("").match(path, method="GET")
    except HTTPException as error:
        # A path that lacks its slash is led to the one that has it.
        return error.code == 308 and serves(f"{path}/")
    return endpoint not in OF_THE_TREE


def stale(tree: Tree, now: dt.datetime) -> list[Stale]:
    """Shown texts that nobody has reviewed or published for half a year, the longest first; one query."""
    reviewed: Any = Node.kept().select(Node.id, Node.reviewed_on).where(Node.reviewed_on.is_null(False))
    days = dict(reviewed.tuples())
    found = []
    for item in tree.items:
        words = tree.showing(item, now)
        changed = item.changed_at(now)
        if words is None or changed is None:
            continue
        since = max(filter(None, (days.get(item.id), changed.astimezone(CITY).date())))
        if now.astimezone(CITY).date() - since > REVIEWED_EVERY and item.kind.value in {"page", "folder", "listing"}:
            found.append(Stale(item, words.title, since))
    return sorted(found, key=lambda one: one.since)


def former() -> list[FormerAddress]:
    """Former addresses, newest first, each with its material; one query."""
    return list(FormerAddress.select(FormerAddress, Node).join(Node).order_by(FormerAddress.left_at.desc(), FormerAddress.path))


def shutting(tree: Tree, now: dt.datetime) -> list[Shutting]:
    """Shown texts that would shut somebody out; one query."""
    shown = {item.id: words for item in tree.items if (words := tree.showing(item, now))}
    bodies = store.bodies([(id, words.number) for id, words in shown.items()])
    found = [
        Shutting(tree.by_id[id], shown[id].title, findings.findings(body, tree)) for id, body in bodies.items() if body.strip()
    ]
    return sorted((one for one in found if one.faults), key=lambda one: one.item.path)
