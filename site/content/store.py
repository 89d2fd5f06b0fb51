"""The picture of the content tree, read from the records once per content version."""

from collections.abc import Callable, Collection
from typing import Any

from peewee import JOIN

from ...models import Blob, ContentVersion, FormerAddress, Node, Revision
from ...procedure.words import NodeKind
from .tree import FileFacts, Item, Tree, Words

LIVE, PREVIOUS = Revision.alias("live_text"), Revision.alias("previous_text")
LIVE_BLOB, PREVIOUS_BLOB = Blob.alias("live_blob"), Blob.alias("previous_blob")


class Content:
    """The tree of this process, read anew when the content version says so.

    `version` tells the version more cheaply than a query does, or nothing when it cannot.
    """

    def __init__(self, version: Callable[[], object] = ContentVersion.current) -> None:
        self.version = version
        self._kept: tuple[Any, object, Tree] | None = None

    def tree(self) -> Tree:
        """The tree as it is now; one query after a change."""
        database, version = Node._meta.database.obj, self.version() or ContentVersion.current()
        if self._kept is None or self._kept[:2] != (database, version):
            # The version first: a change in between makes the picture newer than its number, never older.
            self._kept = database, version, read_tree()
        return self._kept[2]


def read_tree() -> Tree:
    """All nodes outside the trash; one query."""
    query: Any = (
        Node.select(
            *(Node.id, Node.parent, Node.kind, Node.name, Node.path, Node.position, Node.status, Node.live_from),
            *(Node.expires_at, Node.first_public_at, Node.reason, Node.in_navigation),
            *_words(LIVE, LIVE_BLOB),
            *_words(PREVIOUS, PREVIOUS_BLOB),
        )
        .join_from(Node, LIVE, JOIN.LEFT_OUTER, on=(LIVE.node == Node.id) & (LIVE.number == Node.live))
        .join_from(Node, PREVIOUS, JOIN.LEFT_OUTER, on=(PREVIOUS.node == Node.id) & (PREVIOUS.number == Node.previous))
        .join_from(LIVE, LIVE_BLOB, JOIN.LEFT_OUTER, on=LIVE.blob == LIVE_BLOB.id)
        .join_from(PREVIOUS, PREVIOUS_BLOB, JOIN.LEFT_OUTER, on=PREVIOUS.blob == PREVIOUS_BLOB.id)
        .where(Node.trashed_with.is_null())
    )
    return Tree(_item(row) for row in query.tuples())


def body(node_id: int, number: int) -> str:
    """The Markdown of a revision; one query."""
    found: str = Revision.select(Revision.body).where(Revision.node == node_id, Revision.number == number).scalar()
    return found


def bodies(texts: Collection[tuple[int, int]]) -> dict[int, str]:
    """The Markdown of revisions, each named by its node's id and its number; by node. One query."""
    if not texts:
        return {}
    rows: Any = Revision.select(Revision.node, Revision.number, Revision.body).where(Revision.node.in_([id for id, _ in texts]))
    return {id: text for id, number, text in rows.tuples() if (id, number) in texts}


def newest(node_id: int) -> tuple[Words, str]:
    """What the newest revision of a node says, shown or not, and its Markdown; one query."""
    head, blob = Revision.alias("head_text"), Blob.alias("head_blob")
    query: Any = (
        Node.select(*_words(head, blob), head.body)
        .join_from(Node, head, on=(head.node == Node.id) & (head.number == Node.head))
        .join_from(head, blob, JOIN.LEFT_OUTER, on=head.blob == blob.id)
        .where(Node.id == node_id)
    )
    ((*said, text),) = query.tuples()
    words = _said(tuple(said))
    assert words is not None  # a node has its newest revision
    return words, text


def former(path: str) -> int | None:
    """The id of the node that stood at this path when it was public and has left since; one query."""
    found: int | None = FormerAddress.select(FormerAddress.node).where(FormerAddress.path == path).scalar()
    return found


def _words(text: Any, blob: Any) -> tuple[Any, ...]:
    said = (text.number, text.title, text.summary, text.target, text.query, text.created_at, text.file_name)
    return *said, blob.sha256, blob.media_type, blob.size, blob.width, blob.height


def _item(row: tuple[Any, ...]) -> Item:
    id, parent, kind, name, path, position, status, live_from, expires_at, first_public_at, reason, in_navigation = row[:12]
    return Item(
        id=id,
        parent_id=parent,
        kind=NodeKind(kind),
        name=name,
        path=path,
        position=position,
        status=status,
        live=_said(row[12:24]),
        live_from=live_from,
        previous=_said(row[24:36]),
        expires_at=expires_at,
        first_public_at=first_public_at,
        reason=reason,
        in_navigation=in_navigation,
    )


def _said(row: tuple[Any, ...]) -> Words | None:
    number, title, summary, target, query, written_at, file_name, sha256, media_type, size, width, height = row
    if number is None:
        return None
    file = FileFacts(sha256, media_type, size, width, height, file_name) if sha256 else None
    return Words(number, title, summary, target, query, file, written_at)
