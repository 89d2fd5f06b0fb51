"""Reading the content tree from the records, on both databases: what is read, and by how many queries."""

import datetime as dt

from playhouse.test_utils import assert_query_count

from attestation.models import Blob, ContentVersion, Database, FormerAddress, Node, Revision
from attestation.procedure.words import NodeKind
from attestation.site.content import Content, FileFacts, Words, store

MOMENT = dt.datetime(2026, 3, 10, 9, 0, tzinfo=dt.UTC)


def make(path: str = "a", **fields: object) -> Node:
    """A draft on the first level with one revision."""
    root = Node.get(Node.path == "")
    node = Node.create(parent=root, kind="page", name=path, path=path, **fields)
    write(node, 1)
    return node


def write(node: Node, number: int, **fields: object) -> Revision:
    given = {"title": f"Редакция {number}", "body": f"текст {number}", "created_at": MOMENT, **fields}
    return Revision.create(node=node, number=number, **given)


def words(number: int) -> Words:
    return Words(number, f"Редакция {number}", "", "", "", None, MOMENT)


def test_an_item_is_read_whole(database: Database) -> None:
    """Moments aware, flags true or false, both texts and their files, by one query."""
    node = make(position=7, in_navigation=False, reason="Причина")
    blob = Blob.create(sha256="ab" * 32, media_type="image/png", size=10, width=3, height=2)
    write(node, 2, blob=blob, file_name="Фото.png", target="/x/", query="q", summary="Кратко")
    later = MOMENT + dt.timedelta(days=1)
    shown = {"status": "published", "live": 2, "live_from": later, "previous": 1, "expires_at": later + dt.timedelta(days=1)}
    Node.update(**shown, first_public_at=MOMENT).where(Node.id == node.id).execute()
    with assert_query_count(1):
        item = store.read_tree().by_path["a"]
    file = FileFacts("ab" * 32, "image/png", 10, 3, 2, "Фото.png")
    assert (item.id, item.parent_id, item.kind, item.name, item.position) == (node.id, node.parent_id, NodeKind.PAGE, "a", 7)
    assert (item.status, item.reason, item.in_navigation) == ("published", "Причина", False)
    assert (item.live_from, item.expires_at, item.first_public_at) == (later, later + dt.timedelta(days=1), MOMENT)
    assert item.previous == words(1)
    assert item.live == Words(2, "Редакция 2", "Кратко", "/x/", "q", file, MOMENT)
    assert [item.showing(moment) for moment in (MOMENT, later)] == [item.previous, item.live]


def test_a_draft_shows_nothing_and_the_trash_is_left_out(database: Database) -> None:
    make("draft")
    gone = make("gone")
    Node.update(trashed_with=gone, trashed_at=MOMENT).where(Node.id == gone.id).execute()
    tree = store.read_tree()
    assert sorted(tree.by_path) == ["", "draft"]
    assert (tree.by_path["draft"].live, tree.by_path["draft"].showing(MOMENT)) == (None, None)


def test_the_tree_is_read_once_per_version(database: Database) -> None:
    content = Content()
    with assert_query_count(2):
        first = content.tree()
    with assert_query_count(1):
        assert content.tree() is first
    make("new")
    with assert_query_count(2):
        second = content.tree()
    assert ("new" in first.by_path, "new" in second.by_path) == (False, True)


def test_a_version_told_by_others_saves_the_query(database: Database) -> None:
    told: list[object] = [5]
    content = Content(lambda: told[0])
    with assert_query_count(1):
        first = content.tree()
    with assert_query_count(0):
        assert content.tree() is first
    # Whoever cannot tell has the database asked.
    told[0] = None
    with assert_query_count(2):
        assert content.tree() is not first


def test_every_change_of_a_node_is_a_new_version(database: Database) -> None:
    versions = [ContentVersion.current()]
    node = make()
    versions.append(ContentVersion.current())
    Node.update(position=3).where(Node.id == node.id).execute()
    versions.append(ContentVersion.current())
    assert versions == sorted(set(versions))


def test_bodies_and_the_newest_text(database: Database) -> None:
    a, b = make("a"), make("b")
    blob = Blob.create(sha256="ab" * 32, media_type="application/pdf", size=10)
    write(a, 2, blob=blob, file_name="a.pdf")
    Node.update(head=2).where(Node.id == a.id).execute()
    with assert_query_count(1):
        assert store.body(a.id, 1) == "текст 1"
    with assert_query_count(1):
        assert store.bodies({(a.id, 2), (b.id, 1)}) == {a.id: "текст 2", b.id: "текст 1"}
    with assert_query_count(0):
        assert store.bodies(()) == {}
    with assert_query_count(1):
        newest, text = store.newest(a.id)
    assert (newest.number, newest.file, text) == (
        2,
        FileFacts("ab" * 32, "application/pdf", 10, None, None, "a.pdf"),
        "текст 2",
    )


def test_former(database: Database) -> None:
    node = make()
    FormerAddress.create(path="old/a", node=node, left_at=MOMENT)
    with assert_query_count(1):
        assert store.former("old/a") == node.id
    assert store.former("a") is None
