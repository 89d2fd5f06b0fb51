"""References by identity: what they mean now, who points at what, what leads nowhere."""

import datetime as dt
from typing import Any

import pytest
from playhouse.test_utils import assert_query_count

from attestation.models import Database, Node, Revision
from attestation.procedure.words import NodeKind
from attestation.site.content import links, store
from attestation.site.content.links import Reference
from attestation.site.content.tree import FileFacts, Tree, Words
from attestation.site.markup import Target

from .test_tree import DAY, NOW, ROOT, item, said

SHA = "0123456789" + "a" * 54


def file(width: int | None = None, height: int | None = None, media_type: str = "application/pdf") -> Words:
    return Words(1, "План", "", "", "", FileFacts(SHA, media_type, 1_258_291, width, height, "План.pdf"), NOW - DAY)


TREE = Tree(
    [
        ROOT,
        item(2, 1, "a"),
        item(3, 2, "a/b", kind=NodeKind.PAGE),
        item(4, 2, "a/plan.pdf", kind=NodeKind.FILE, live=file()),
        item(5, 2, "a/photo.jpg", kind=NodeKind.FILE, live=file(1_300, 700, "image/jpeg")),
        item(6, 2, "a/icon.png", kind=NodeKind.FILE, live=file(16, 16, "image/png")),
        item(7, 1, "draft", kind=NodeKind.PAGE, status="draft", live=None, live_from=None),
        item(8, 7, "draft/c", kind=NodeKind.PAGE),
        item(9, 1, "later", kind=NodeKind.PAGE, live_from=NOW + DAY),
        item(10, 1, "out", kind=NodeKind.LINK, live=said(target="https://example.org/")),
        item(11, 1, "in", kind=NodeKind.LINK, live=said(target="node:3#part")),
        item(12, 1, "chain", kind=NodeKind.LINK, live=said(target="node:11")),
        item(13, 1, "round", kind=NodeKind.LINK, live=said(target="node:13")),
        item(14, 1, "lost", kind=NodeKind.LINK, live=said(target="node:7")),
    ]
)
PHOTO = "/a/photo.jpg?v=0123456789"


@pytest.mark.parametrize(
    ("reference", "target"),
    [
        ("node:3", Target("/a/b/", "Заголовок")),
        ("node:3#part", Target("/a/b/#part", "Заголовок")),
        ("node:4", Target("/a/plan.pdf", "План", "PDF, 1,2 МБ")),
        ("node:5", Target("/a/photo.jpg", "План", "JPEG, 1,2 МБ", 1_300, 700, (
            (f"{PHOTO}&width=320", 320), (f"{PHOTO}&width=640", 640), (f"{PHOTO}&width=1280", 1_280), (PHOTO, 1_300)))),
        ("node:6", Target("/a/icon.png", "План", "PNG, 1,2 МБ", 16, 16, (("/a/icon.png?v=0123456789", 16),))),
        ("node:7", None),
        ("node:8", None),
        ("node:9", None),
        ("node:10", Target("https://example.org/", "Заголовок")),
        ("node:11", Target("/a/b/#part", "Заголовок")),
        ("node:12", Target("/a/b/#part", "Заголовок")),
        ("node:13", None),
        ("node:14", None),
        ("node:99", None),
        ("node:", None),
        ("node:3x", None),
        ("node:" + "9" * 5_000, None),
        ("/a/b/", None),
    ],
)  # fmt: skip
def test_what_a_reference_means(reference: str, target: Target | None) -> None:
    found = links.resolver(TREE, NOW)(reference)
    if found is not None:
        found = Target(found.address, found.title, found.file.replace("\xa0", " "), found.width, found.height, found.sources)
    assert found == target


def test_what_is_not_shown_yet_may_mean_something_to_staff() -> None:
    asked: list[int] = []

    def unshown(item: Any) -> Target:
        asked.append(item.id)
        return Target(f"/admin/{item.id}")

    resolve = links.resolver(TREE, NOW, unshown)
    assert [resolve(reference) for reference in ("node:8", "node:14", "node:99")] == [
        Target("/admin/8"),
        Target("/admin/7"),
        None,
    ]
    assert asked == [8, 7]
    assert links.resolver(TREE, NOW + DAY)("node:9") == Target("/later/", "Заголовок")


BODY = """[Порядок](node:17#part), ещё раз
[порядок *подачи*](node:17) и [сайт][с].

![Вход](node:18) [![Двор](/dvor.png)](/dvor/)

<a href="node:19">HTML</a> `[код](node:20)` <!-- [нет](node:21) -->

    [код](node:22)

<https://example.org/a>

[с]: https://example.org/ "Сайт"
"""


def test_references_of_a_text() -> None:
    assert links.references(BODY) == (
        Reference("node:17#part", "Порядок", 1, False),
        Reference("node:17", "порядок подачи", 2, False),
        Reference("https://example.org/", "сайт", 2, False),
        Reference("/dvor/", "Двор", 4, False),
        Reference("node:19", "HTML", 6, False),
        Reference("https://example.org/a", "https://example.org/a", 10, False),
        Reference("node:18", "Вход", 4, True),
        Reference("/dvor.png", "Двор", 4, True),
    )
    assert [reference.node for reference in links.references(BODY)] == [17, 17, None, None, 19, None, 18, None]


# --- In the records ---------------------------------------------------------------------------------------------------------


def make(path: str, body: str = "", kind: str = "page", **fields: Any) -> Node:
    """A published material with one text."""
    given = {"status": "published", "live": 1, "live_from": NOW - DAY, "first_public_at": NOW - DAY, **fields}
    parent = Node.get(Node.path == path.rpartition("/")[0])
    node = Node.create(parent=parent, kind=kind, name=path.rpartition("/")[2], path=path, **given)
    say(node, 1, body)
    return node


def say(node: Node, number: int, body: str = "", target: str = "") -> None:
    Revision.create(node=node, number=number, title=f"{node.path} {number}", body=body, target=target, created_at=NOW)


@pytest.fixture
def wanted(database: Database) -> Node:
    """The root shown, and a page at which others point."""
    Node.update(live_from=NOW - DAY, first_public_at=NOW - DAY).where(Node.path == "").execute()
    return make("wanted")


def pointers(*nodes: Node) -> list[tuple[str, str, bool, str]]:
    found = links.pointing_at([node.id for node in nodes], NOW)
    return [(pointer.path, pointer.title, pointer.live, pointer.reference.address) for pointer in found]


def test_who_points_at_a_material(wanted: Node) -> None:
    here = f"[туда](node:{wanted.id})"
    make("a", here)
    draft = make("b", "прежний текст", status="published_draft", head=2)
    say(draft, 2, here)
    scheduled = make("c", live=2, previous=1, head=2, live_from=NOW + DAY, body=here)
    say(scheduled, 2, "новый текст")
    before = make("d", here, live=2, head=2)
    say(before, 2, "ссылки больше нет")
    make("e", f"`{here}` [другое](node:{wanted.id}1)")
    link = make("f", kind="link", live=2, head=2)
    say(link, 2, target=f"node:{wanted.id}#part")
    gone = make("g", here)
    Node.update(trashed_with=gone, trashed_at=NOW).where(Node.id == gone.id).execute()
    make("wanted/inside", here)
    with assert_query_count(1):
        found = links.pointing_at([wanted.id], NOW)
    assert [(pointer.id, pointer.to) for pointer in found[:1]] == [(Node.get(Node.path == "a").id, wanted.id)]
    address = f"node:{wanted.id}"
    assert pointers(wanted) == [
        ("a", "a 1", True, address),
        ("b", "b 2", False, address),
        ("c", "c 1", True, address),
        ("f", "f 2", True, f"{address}#part"),
        ("wanted/inside", "wanted/inside 1", True, address),
    ]
    # What goes together breaks nothing between itself.
    inside = Node.get(Node.path == "wanted/inside")
    assert [path for path, *_ in pointers(wanted, inside)] == ["a", "b", "c", "f"]
    assert pointers() == []


def test_references_that_lead_nowhere(wanted: Node) -> None:
    hidden = make("hidden", status="draft", live=None, live_from=None, first_public_at=None)
    body = "\n\n".join(
        [
            f"[есть](node:{wanted.id})",
            "[удалён](node:9999)",
            f"[не показан](node:{hidden.id})",
            f"![не картинка](node:{wanted.id})",
            "[есть](/wanted/) [есть](/wanted) [есть](/rubrics/3/?x=1#y) [есть](../wanted/)",
            "[нет](/nothing/)",
            "[не показан](/hidden/)",
            "[нет](nothing)",
            "[другой сайт](https://example.org/nothing) <office@example.org> [часть](#part)",
            "[нет](//[)",
        ]
    )
    page = make("page", body)
    make("draft", "[удалён](node:9999)", status="draft", live=None, live_from=None, first_public_at=None)
    link = make("link", kind="link", live=2, head=2)
    say(link, 2, target="/nothing/")
    tree = store.read_tree()
    with assert_query_count(1):
        found = links.broken(tree, NOW, lambda path: path == "/rubrics/3/")
    assert [(broken.item.id, broken.reference.address, broken.reference.line, broken.why) for broken in found] == [
        (link.id, "/nothing/", None, "такой страницы на сайте нет"),
        (page.id, "node:9999", 3, "материал удалён"),
        (page.id, f"node:{hidden.id}", 5, "материал ещё не показан посетителям"),
        (page.id, "/nothing/", 11, "такой страницы на сайте нет"),
        (page.id, "/hidden/", 13, "материал ещё не показан посетителям"),
        (page.id, "nothing", 15, "такой страницы на сайте нет"),
        (page.id, f"node:{wanted.id}", 7, "это не картинка"),
    ]
    assert {broken.title for broken in found} == {"page 1", "link 2"}


def test_files_that_no_text_refers_to(wanted: Node) -> None:
    files = [make(f"{name}.pdf", kind="file") for name in ("identity", "address", "relative", "draft", "trash", "code", "none")]
    ids = dict(
        zip(("identity", "address", "relative", "draft", "trash", "code", "none"), (node.id for node in files), strict=True)
    )
    make("page", f"[план](node:{ids['identity']}) [план](/address.pdf) [план](../relative.pdf) `[план](node:{ids['code']})`")
    working = make("working", "", status="published_draft", head=2)
    say(working, 2, f"[план](node:{ids['draft']})")
    gone = make("gone", f"[план](node:{ids['trash']})")
    Node.update(trashed_with=gone, trashed_at=NOW).where(Node.id == gone.id).execute()
    tree = store.read_tree()
    with assert_query_count(1):
        found = links.orphans(tree, NOW)
    assert sorted(item.path for item in found) == ["code.pdf", "none.pdf", "trash.pdf"]


def test_moments_are_those_of_the_reader(wanted: Node) -> None:
    here = f"[туда](node:{wanted.id})"
    page = make("page", here, live=2, previous=1, head=2, live_from=NOW + DAY)
    say(page, 2, "без ссылки")
    assert [len(links.pointing_at([wanted.id], moment)) for moment in (NOW, NOW + DAY, NOW + dt.timedelta(days=2))] == [1, 0, 0]
