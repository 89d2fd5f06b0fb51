"""Whatever people do with places, in whatever order: the tree stays one."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from attestation.admin.acts import content
from attestation.models import Database, FormerAddress, Node
from attestation.procedure.refusal import Refusal
from attestation.procedure.words import NodeKind
from attestation.tests.conftest import NOON, Cast

from .conftest import Texts

WHICH = st.integers(0, 9)
NAME = st.sampled_from(["a", "b", "c"])
DEED = st.one_of(
    st.tuples(st.just("create"), WHICH, NAME, st.sampled_from([NodeKind.FOLDER, NodeKind.FOLDER, NodeKind.PAGE])),
    st.tuples(st.just("rename"), WHICH, NAME),
    st.tuples(st.just("move"), WHICH, WHICH),
    st.tuples(st.just("trash"), WHICH),
    st.tuples(st.just("restore"), WHICH, st.none() | WHICH),
    st.tuples(st.just("publish"), WHICH),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(deeds=st.lists(DEED, max_size=25))
def test_the_tree_stays_one(database: Database, cast: Cast, deeds: list[tuple[Any, ...]]) -> None:
    with database.atomic() as transaction:
        for deed in deeds:
            with suppress(Refusal):
                do(*deed, by=cast.admin)
        check()
        transaction.rollback()


def do(verb: str, which: int, *rest: Any, by: Any) -> None:
    """Do it to one of the nodes there are."""
    nodes = list(Node.select().order_by(Node.id))
    node = nodes[which % len(nodes)]
    seen = {"version": node.version, "by": by, "on": NOON}
    if verb == "create":
        content.create(node, name=rest[0], kind=rest[1], texts=Texts("З", body="т"), by=by, on=NOON)
    elif verb == "rename":
        content.rename(node, name=rest[0], **seen)
    elif verb == "move":
        content.move(node, to=nodes[rest[0] % len(nodes)], **seen)
    elif verb == "trash":
        content.trash(node, **seen)
    elif verb == "publish":
        content.publish(node, **seen)
    else:
        to = None if rest[0] is None else nodes[rest[0] % len(nodes)]
        content.restore(node, to=to, by=by, on=NOON)


def check() -> None:
    """Paths are names joined, no two are the same, what is kept stands in a kept section, an old address is nobody's new."""
    nodes = {node.id: node for node in Node.select()}
    kept = [node for node in nodes.values() if node.trashed_with_id is None]
    for node in kept:
        if node.parent_id is None:
            continue
        parent = nodes[node.parent_id]
        assert (parent.trashed_with_id, parent.kind) == (None, "folder")
        assert node.path == (f"{parent.path}/{node.name}" if parent.path else node.name)
    assert len({node.path for node in kept}) == len(kept)
    former = {row.path for row in FormerAddress.select()}
    assert former.isdisjoint(node.path for node in kept)
    for node in nodes.values():
        if node.trashed_with_id is not None:
            assert nodes[node.trashed_with_id].trashed_with_id == node.trashed_with_id


def test_the_check_would_notice(database: Database, cast: Cast) -> None:
    root = Node.get(Node.path == "")
    node = content.create(root, kind=NodeKind.FOLDER, name="a", texts=Texts("А"), by=cast.admin, on=NOON)
    check()
    Node.update(path="b").where(Node.id == node.id).execute()
    with pytest.raises(AssertionError):
        check()
