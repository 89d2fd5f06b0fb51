"""The trash: with all that is below, back with exactly that, to where it was or elsewhere."""

import pytest

from attestation.admin.acts import content
from attestation.models import Database, FormerAddress, Node
from attestation.procedure.words import NodeKind
from attestation.tests.admin.conftest import sentence
from attestation.tests.conftest import NOON

from .conftest import Staff, again, at, entries, make, paths, root, step


@pytest.fixture
def branch(staff: Staff) -> list[Node]:
    """/razdel/a with /razdel/a/b and a public page /razdel/a/b/c."""
    a = make(staff.editor, NodeKind.FOLDER, "a")
    b = make(staff.editor, NodeKind.FOLDER, "b", parent=a)
    return [a, b, at("published", staff.editor, make(staff.editor, name="c", parent=b))]


def trash(node: Node, staff: Staff) -> int:
    return content.trash(node, version=again(node).version, by=staff.editor, on=NOON)


def restore(node: Node, staff: Staff, **where: object) -> Node:
    return content.restore(node, **where, by=staff.editor, on=NOON)


def former() -> dict[str, int]:
    return {row.path: row.node_id for row in FormerAddress.select()}


def test_trash_and_restore(database: Database, staff: Staff, branch: list[Node]) -> None:
    a, b, c = branch
    d = make(staff.editor, name="d", parent=b)
    assert trash(d, staff) == 1
    assert trash(a, staff) == 3
    assert paths() == ["", "razdel"]
    assert [again(node).trashed_with_id for node in (a, b, c, d)] == [a.id, a.id, a.id, d.id]
    assert again(a).trashed_at == NOON
    # Where something public stood is remembered, so that its visitors can be told.
    assert former() == {"razdel/a/b/c": c.id}
    assert entries(a)[-1][::2] == ("trash", "/razdel/a; материалов: 3")
    back = restore(a, staff)
    assert (back.path, back.status, back.trashed_with_id, back.trashed_at) == ("razdel/a", "draft", None, None)
    # What went there before stays there.
    assert paths() == ["", "razdel", "razdel/a", "razdel/a/b", "razdel/a/b/c"]
    assert (again(c).status, former()) == ("published", {})
    assert entries(a)[-1][::2] == ("restore", "/razdel/a; материалов: 3")
    assert restore(d, staff).path == "razdel/a/b/d"


def test_restore_elsewhere(database: Database, staff: Staff, branch: list[Node]) -> None:
    a, b, c = branch
    trash(b, staff)
    trash(a, staff)
    told = "Раздела, где стоял материал, больше нет: выберите раздел, в который его вернуть."
    assert sentence(lambda: restore(b, staff)) == told
    other = make(staff.editor, NodeKind.FOLDER, "other", parent=root())
    make(staff.editor, name="first", parent=other)
    back = restore(b, staff, to=other)
    assert (back.path, back.parent_id, back.position) == ("other/b", other.id, 2)
    assert paths() == ["", "other", "other/b", "other/b/c", "other/first", "razdel"]
    # The old address leads to the new one.
    assert former() == {"razdel/a/b/c": c.id}
    page = make(staff.editor)
    trash(other, staff)
    for wrong in (page, other):
        assert sentence(lambda wrong=wrong: restore(a, staff, to=wrong)) == (
            "Материалы стоят только в разделах: выберите раздел, который не в корзине."
        )


def test_the_section_moved_meanwhile(database: Database, staff: Staff, branch: list[Node]) -> None:
    """What comes back comes to where its section is now."""
    a, b, c = branch
    trash(b, staff)
    content.rename(a, version=again(a).version, name="a2", by=staff.editor, on=NOON)
    assert restore(b, staff).path == "razdel/a2/b"
    assert again(c).path == "razdel/a2/b/c"
    assert former() == {"razdel/a/b/c": c.id}


def test_the_address_was_taken_meanwhile(database: Database, staff: Staff, branch: list[Node]) -> None:
    a, _, c = branch
    trash(a, staff)
    make(staff.editor, NodeKind.FOLDER, "a")
    with pytest.raises(content.Taken) as taken:
        restore(a, staff)
    assert taken.value.suggestion == "a-2"
    back = restore(a, staff, name=taken.value.suggestion)
    assert (back.name, back.path, again(c).path) == ("a-2", "razdel/a-2", "razdel/a-2/b/c")


def test_the_trash_keeps_any_number_of_namesakes(database: Database, staff: Staff) -> None:
    pages = []
    for _ in range(3):
        pages.append(make(staff.editor))
        trash(pages[-1], staff)
    assert paths() == ["", "razdel"]
    assert restore(pages[1], staff).path == "razdel/stranica"


def test_only_the_whole_comes_back(database: Database, staff: Staff, branch: list[Node]) -> None:
    a, b, _ = branch
    trash(a, staff)
    assert sentence(lambda: restore(b, staff)) == "Материал удалён вместе с разделом /razdel/a: восстановите раздел."
    restore(a, staff)
    assert sentence(lambda: restore(a, staff)) == "Материал уже не в корзине: обновите страницу."


def test_a_section_for_two_is_not_trashed(database: Database, staff: Staff, branch: list[Node]) -> None:
    a, b, _ = branch
    kept = {"in_navigation": True, "restricted": False, "expires_at": None}
    content.settings(b, version=again(b).version, legal=True, **kept, by=staff.admin, on=NOON)
    told = "Здесь есть раздел, где публикуют вдвоём: сначала администратор снимает эту отметку."
    for node in (a, b):
        assert sentence(lambda node=node: trash(node, staff)) == told
    content.settings(b, version=again(b).version, legal=False, **kept, by=staff.admin, on=NOON)
    assert trash(a, staff) == 3


def test_nothing_but_restore_touches_the_trash(database: Database, staff: Staff) -> None:
    node = make(staff.editor)
    trash(node, staff)
    told = "Материал в корзине: сначала восстановите его."
    by = {"by": staff.editor, "on": NOON}
    version = again(node).version
    for act in (
        lambda: step(node, "submit", staff.editor),
        lambda: content.save(node, version=version, texts=content.Texts("А"), **by),
        lambda: content.rename(node, version=version, name="b", **by),
        lambda: content.move(node, version=version, to=root(), **by),
        lambda: content.trash(node, version=version, **by),
        lambda: content.confirm(node, **by),
        lambda: content.lock(node, **by),
        lambda: content.autosave(node, version=version, title="", summary="", body="", **by),
        lambda: content.share(node, staff.nobody, "author", **by),
        lambda: content.reorder(node, [], **by),
    ):
        assert sentence(act) == told


def test_a_restricted_section_in_the_trash_stays_restricted(database: Database, staff: Staff, branch: list[Node]) -> None:
    """Its address may be somebody else's by then: rights go by parents, not by paths."""
    a, b, _ = branch
    trash(b, staff)
    kept = {"in_navigation": True, "legal": False, "expires_at": None}
    content.settings(a, version=again(a).version, restricted=True, **kept, by=staff.admin, on=NOON)
    content.trash(a, version=again(a).version, by=staff.admin, on=NOON)
    make(staff.editor, NodeKind.FOLDER, "a")
    assert "недоступно" in sentence(lambda: restore(b, staff, to=staff.section))
    assert "недоступно" in sentence(lambda: restore(a, staff, name="a-2"))
