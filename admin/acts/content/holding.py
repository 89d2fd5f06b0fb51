"""How an act holds the tree while it works: one act after another, each on what the tables say now."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from ....models import ContentVersion, Node, User, database
from ....procedure.refusal import Refusal
from ....site import journal

OVERTAKEN = "Материал уже изменён другим сотрудником. Посмотрите, что изменилось, и, если нужно, повторите."
GONE = "Такого материала больше нет: обновите страницу."
IN_TRASH = "Материал в корзине: сначала восстановите его."


@contextmanager
def held(node: Node, version: int | None = None, *, trashed: bool = False) -> Iterator[Node]:
    """A transaction in which no other act changes the tree, and the node as it is now. Refusal if it is in the trash (or is
    not, when looked for there), or is no longer this version."""
    with database.atomic():
        take_turn()
        yield unchanged(node, version, trashed=trashed)


def take_turn() -> None:
    """Wait until no other act changes the tree; the transaction around keeps the turn."""
    # Every change of a node ends in this row. Taken first, it lets two acts wait for each other and never lock each other.
    ContentVersion.update(value=ContentVersion.value).execute()


def unchanged(node: Node, version: int | None = None, *, trashed: bool = False) -> Node:
    """The node as it is now; Refusal as for `held`, within which it is asked about one more node."""
    now = Node.get_or_none(Node.id == node.id)
    if now is None:
        raise Refusal(GONE)
    if now.trashed_with_id is not None and not trashed:
        raise Refusal(IN_TRASH)
    if now.trashed_with_id is None and trashed:
        raise Refusal("Материал уже не в корзине: обновите страницу.")
    if version is not None and now.version != version:
        raise Refusal(OVERTAKEN)
    return now


def swap(node: Node, **changes: Any) -> Node:
    """Write into a held node, if version and status are still what they were: the node as it is then."""
    same = Node.id == node.id, Node.version == node.version, Node.status == node.status
    if not Node.update(version=node.version + 1, **changes).where(*same).execute():
        raise Refusal(OVERTAKEN)
    return Node.get_by_id(node.id)


def note(node: Node, verb: str, by: User, on: dt.datetime, *details: str) -> None:
    """Write into the journal what was done; empty details are left out."""
    said = "; ".join(filter(None, details))
    journal.write(by=by, on=on, verb=verb, subject="node", subject_id=node.id, details=said)
