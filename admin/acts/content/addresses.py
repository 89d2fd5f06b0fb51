"""Addresses of a whole branch, and former ones: where something public stood, so that an old link still leads to it."""

import datetime as dt
from collections.abc import Iterable

from peewee import Expression

from ....models import FormerAddress, Node


def reach(node: Node) -> Expression:
    """The condition for the node and all below it; of a node in the trash, for all that went there with it."""
    if node.trashed_with_id is not None:
        return Node.trashed_with == node
    inside = (Node.path == node.path) | Node.path.startswith(f"{node.path}/")
    return Node.trashed_with.is_null() & inside if node.path else Node.trashed_with.is_null()


def remember(nodes: Iterable[Node], on: dt.datetime) -> None:
    """These nodes leave their addresses: remember those that visitors may have seen."""
    left = [{"path": node.path, "node": node.id, "left_at": on} for node in nodes if was_public(node, on)]
    if left:
        # Whoever left the address last is whom its visitors look for.
        newest = [FormerAddress.node, FormerAddress.left_at]
        FormerAddress.insert_many(left).on_conflict(conflict_target=[FormerAddress.path], preserve=newest).execute()


def settle(node: Node) -> None:
    """Somebody stands at the addresses of this node and of all below it: they lead nowhere else any more."""
    FormerAddress.delete().where(FormerAddress.path.in_(Node.select(Node.path).where(reach(node)))).execute()


def was_public(node: Node, on: dt.datetime) -> bool:
    """Whether visitors may have seen it before this moment."""
    return node.first_public_at is not None and node.first_public_at <= on
