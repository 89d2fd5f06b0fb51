"""The content tree as visitors walk it, at one moment and another; no database."""

import datetime as dt
from typing import Any

import pytest

from attestation.procedure.words import NodeKind
from attestation.site.content.tree import IDENTITY, Item, Tree, Words, identity

NOW = dt.datetime(2026, 3, 10, 9, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


def said(number: int = 1, title: str = "Заголовок", target: str = "") -> Words:
    """A revision written a day ago per number."""
    return Words(number, title, "", target, "", None, NOW - 100 * DAY + number * DAY)


def item(id: int, parent: int | None, path: str, **fields: Any) -> Item:
    """A published folder, unless the fields say otherwise."""
    given: dict[str, Any] = {
        "kind": NodeKind.FOLDER,
        "position": 0,
        "status": "published",
        "live": said(),
        "live_from": NOW - 10 * DAY,
        "previous": None,
        "expires_at": None,
        "first_public_at": NOW - 10 * DAY,
        "reason": "",
        "in_navigation": True,
    }
    return Item(id=id, parent_id=parent, name=path.rpartition("/")[2], path=path, **{**given, **fields})


ROOT = item(1, None, "")


def ids(items: Any) -> list[int]:
    return [item.id for item in items]


@pytest.mark.parametrize(
    ("path", "kind", "address"),
    [
        ("", NodeKind.FOLDER, "/"),
        ("a/b", NodeKind.FOLDER, "/a/b/"),
        ("a/b", NodeKind.PAGE, "/a/b/"),
        ("a/b.pdf", NodeKind.FILE, "/a/b.pdf"),
        ("accessibility", NodeKind.PAGE, "/accessibility"),
        ("a/accessibility", NodeKind.PAGE, "/a/accessibility/"),
    ],
)
def test_address(path: str, kind: NodeKind, address: str) -> None:
    assert item(2, 1 if path else None, path, kind=kind).address == address


@pytest.mark.parametrize(
    ("status", "shown"),
    [
        *(("draft", False), ("review", False), ("withdrawn", False)),
        *(("published", True), ("published_draft", True), ("published_review", True)),
    ],
)
def test_which_statuses_are_shown(status: str, shown: bool) -> None:
    assert (item(2, 1, "a", status=status).showing(NOW) is not None) is shown


def test_shown_from_and_until() -> None:
    old, new = said(1), said(2)
    page = item(2, 1, "a", live=new, previous=old, live_from=NOW, expires_at=NOW + DAY, first_public_at=NOW - 5 * DAY)
    moments = (NOW - DAY, NOW, NOW + DAY - dt.timedelta(seconds=1), NOW + DAY)
    assert [page.showing(moment) for moment in moments] == [old, new, new, None]
    assert [page.changed_at(moment) for moment in moments] == [NOW - 5 * DAY, NOW, NOW, None]
    assert [page.was_public(moment) for moment in (NOW - 6 * DAY, NOW - 5 * DAY)] == [False, True]
    first = item(2, 1, "a", live_from=NOW)
    assert [first.showing(moment) for moment in (NOW - DAY, NOW)] == [None, first.live]


def test_a_chain_is_shown_or_hidden_as_a_whole() -> None:
    middle = item(2, 1, "a", expires_at=NOW + DAY)
    page = item(3, 2, "a/b", kind=NodeKind.PAGE)
    tree = Tree([page, middle, ROOT])
    assert ids(tree.chain(page)) == [1, 2, 3]
    assert (tree.showing(page, NOW), tree.blocking(page, NOW)) == (page.live, None)
    assert (tree.showing(page, NOW + DAY), tree.blocking(page, NOW + DAY)) == (None, middle)
    assert (tree.at("a/b"), tree.at("a/c"), tree.root) == (page, None, ROOT)


def test_children_menu_and_all_below() -> None:
    tree = Tree(
        [
            item(5, 1, "e", position=1),
            item(2, 1, "a", position=2),
            item(4, 1, "d", position=2, in_navigation=False),
            item(3, 1, "c", position=3, status="draft"),
            item(6, 1, "n", position=4, kind=NodeKind.NEWS),
            item(7, 5, "e/x", kind=NodeKind.PAGE),
            item(8, 3, "c/x", kind=NodeKind.PAGE),
            ROOT,
        ]
    )
    assert ids(tree.children(ROOT, NOW)) == [5, 2, 4, 6]
    # News have a list of their own.
    assert ids(tree.navigation(NOW)) == ids(tree.menu(ROOT, NOW)) == [5, 2]
    assert ids(tree.below(ROOT, NOW)) == [5, 7, 2, 4, 6]


def test_what_is_gone() -> None:
    """Only what visitors could read, and only what was taken from them, not what has yet to come."""
    withdrawn = item(2, 1, "a", status="withdrawn", reason="Устарело")
    below = item(3, 2, "a/b", kind=NodeKind.PAGE)
    never = item(4, 2, "a/c", first_public_at=None, live=None, live_from=None, status="draft")
    expired = item(5, 1, "d", expires_at=NOW)
    reopened = item(6, 1, "e", status="draft", reason="Устарело")
    draft = item(7, 1, "f", status="draft")
    shown = item(8, 1, "g")
    tree = Tree([ROOT, withdrawn, below, never, expired, reopened, draft, shown])
    found = {node.path: tree.gone(node, NOW) for node in tree.items if node is not ROOT}
    assert found == {"a": withdrawn, "a/b": withdrawn, "a/c": None, "d": expired, "e": reopened, "f": None, "g": None}


def test_nearest() -> None:
    tree = Tree([ROOT, item(2, 1, "a"), item(3, 2, "a/b", kind=NodeKind.PAGE), item(4, 1, "c", status="draft")])
    nearest = {path: tree.nearest(path, NOW) for path in ("a/b/c", "a/x", "a", "c/x", "x")}
    assert {path: found and found.path for path, found in nearest.items()} == {
        **{"a/b/c": "a", "a/x": "a", "a": None, "c/x": None, "x": None},
    }


@pytest.mark.parametrize(
    ("reference", "named"),
    [
        ("node:17", (17, "")),
        ("node:17#srok", (17, "#srok")),
        *(
            (text, None)
            for text in ("", "17", "node:", "node:x", "node:-1", "node:1.5", "node:²", "node:" + "1" * 5000, "/node:1")
        ),
    ],
)
def test_identity(reference: str, named: tuple[int, str] | None) -> None:
    assert IDENTITY == "node:"
    assert identity(reference) == named


def test_where_ways_lead() -> None:
    def link(target: str) -> Item:
        return item(9, 1, "link", kind=NodeKind.LINK, live=said(target=target))

    page, draft = item(2, 1, "a", kind=NodeKind.PAGE), item(3, 1, "b", status="draft")
    tree = Tree([ROOT, page, draft])
    assert tree.resolve("node:2#x") == (page, "#x")
    assert (tree.resolve("node:77"), tree.resolve("/a/")) == (None, None)
    assert tree.destination(page, NOW) == "/a/"
    targets = ("node:2", "node:2#x", "/orders/", "https://example.org/", "node:3", "node:77")
    assert [tree.destination(link(target), NOW) for target in targets] == [
        *("/a/", "/a/#x", "/orders/", "https://example.org/", None, None),
    ]


def test_next_change() -> None:
    tree = Tree([ROOT, item(2, 1, "a", live_from=NOW + 3 * DAY), item(3, 1, "b", expires_at=NOW + 2 * DAY)])
    moments = (NOW, NOW + 2 * DAY, NOW + 3 * DAY)
    assert [tree.next_change(moment) for moment in moments] == [NOW + 2 * DAY, NOW + 3 * DAY, None]
