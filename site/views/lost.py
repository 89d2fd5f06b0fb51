"""Addresses where nothing is shown: what stood there may be elsewhere now, or gone for a reason that is told."""

from flask import redirect
from werkzeug.wrappers import Response

from ..content import Item, store
from . import errors, problems
from .layout import Way, seen
from .phrases import local_day, long_date


def answer(path: str, item: Item | None) -> Response:
    """The way to where it is now (301), the reason why it is gone (410), or 404; `item` is what stands at the path unshown.

    Of what visitors have never seen nothing is told. One query.
    """
    tree, now = seen()
    if item and (gone := tree.gone(item, now)):
        return _gone(path, gone)
    id = store.former(path) if path else None
    moved = tree.by_id.get(id) if id else None
    if moved and tree.showing(moved, now):
        return redirect(moved.address, 301)
    if moved and (gone := tree.gone(moved, now)):
        return _gone(path, gone)
    if id and moved is None:
        return errors.page(410, "Материал удалён", "Раньше здесь был материал сайта. Его удалили.", near=_near(path))
    return problems.problem(404) if problems.expected() else errors.page(404, *errors.SENTENCES[404], near=_near(path))


def _gone(path: str, through: Item) -> Response:
    """What is told of something that is gone because of this node: itself or a section above it."""
    if through.reason:
        return errors.page(410, "Материал снят с публикации", f"Причина: {through.reason}", near=_near(path))
    assert through.expires_at is not None
    day = long_date(local_day(through.expires_at))
    return errors.page(410, "Срок публикации истёк", f"Материал был доступен до {day}.", near=_near(path))


def _near(path: str) -> Way | None:
    """A way to the section in which it was looked for."""
    tree, now = seen()
    section = tree.nearest(path, now)
    words = section.showing(now) if section else None
    return Way(f"Раздел «{words.title}»", section.address, False) if section and words else None
