"""Where materials stand: names, sections, order; what is below comes along, old addresses are remembered."""

import datetime as dt

import pytest

from attestation.admin.acts import content
from attestation.models import Database, FormerAddress, Node
from attestation.procedure.words import NodeKind
from attestation.tests.admin.conftest import sentence
from attestation.tests.conftest import NOON

from .conftest import Staff, again, at, entries, make, paths, root, save, step

LATER = NOON + dt.timedelta(days=1)


@pytest.fixture
def branch(staff: Staff) -> list[Node]:
    """/razdel/a, /razdel/a/b, /razdel/a/b/c: a and b public folders, c a public page."""
    a = step(make(staff.editor, NodeKind.FOLDER, "a"), "publish", staff.editor)
    b = step(make(staff.editor, NodeKind.FOLDER, "b", parent=a), "publish", staff.editor)
    c = at("published", staff.editor, make(staff.editor, name="c", parent=b))
    make(staff.editor, name="d", parent=b)
    return [a, b, c]


def former() -> dict[str, int]:
    """The former addresses and whose they are."""
    return {row.path: row.node_id for row in FormerAddress.select()}


def rename(node: Node, name: str, staff: Staff) -> Node:
    return content.rename(node, version=again(node).version, name=name, by=staff.editor, on=NOON)


def move(node: Node, to: Node, staff: Staff) -> Node:
    return content.move(node, version=again(node).version, to=to, by=staff.editor, on=NOON)


def test_rename_takes_all_below_along(database: Database, staff: Staff, branch: list[Node]) -> None:
    """Also what only looks alike stays: /razdel/ab is not below /razdel/a."""
    make(staff.editor, name="ab")
    a, b, c = branch
    renamed = rename(a, " novyy ", staff)
    assert (renamed.name, renamed.path, renamed.version) == ("novyy", "razdel/novyy", a.version + 1)
    assert paths() == [
        *("", "razdel", "razdel/ab", "razdel/novyy", "razdel/novyy/b", "razdel/novyy/b/c", "razdel/novyy/b/d"),
    ]
    # The draft d has never been public: its old address leads nowhere.
    assert former() == {"razdel/a": a.id, "razdel/a/b": b.id, "razdel/a/b/c": c.id}
    assert entries(a)[-1][::2] == ("rename", "/razdel/a → /razdel/novyy")
    # Below nothing but the address changed: whoever writes there goes on.
    assert again(c).version == c.version


def test_move_three_levels(database: Database, staff: Staff, branch: list[Node]) -> None:
    _, b, c = branch
    other = make(staff.editor, NodeKind.FOLDER, "other", parent=root())
    make(staff.editor, name="first", parent=other)
    moved = move(b, other, staff)
    assert (moved.path, moved.parent_id, moved.position) == ("other/b", other.id, 2)
    assert paths() == ["", "other", "other/b", "other/b/c", "other/b/d", "other/first", "razdel", "razdel/a"]
    assert [node.path for node in again(c).chain()] == ["", "other", "other/b", "other/b/c"]
    assert former() == {"razdel/a/b": b.id, "razdel/a/b/c": c.id}
    assert entries(b)[-1][::2] == ("move", "/razdel/a/b → /other/b")


def test_old_addresses_lead_to_where_it_is_now(database: Database, staff: Staff, branch: list[Node]) -> None:
    """Through any chain of names; back at an old address it is no former one any more."""
    a, b, c = branch
    for name in ("a2", "a3"):
        rename(a, name, staff)
    assert former() == {
        **{"razdel/a": a.id, "razdel/a/b": b.id, "razdel/a/b/c": c.id},
        **{"razdel/a2": a.id, "razdel/a2/b": b.id, "razdel/a2/b/c": c.id},
    }
    rename(a, "a", staff)
    assert former() == {
        **{"razdel/a2": a.id, "razdel/a2/b": b.id, "razdel/a2/b/c": c.id},
        **{"razdel/a3": a.id, "razdel/a3/b": b.id, "razdel/a3/b/c": c.id},
    }


def test_a_new_material_takes_an_old_address(database: Database, staff: Staff, branch: list[Node]) -> None:
    a, b, c = branch
    rename(a, "a2", staff)
    new = make(staff.editor, NodeKind.FOLDER, "a")
    assert former() == {"razdel/a/b": b.id, "razdel/a/b/c": c.id}
    other = step(make(staff.editor, NodeKind.FOLDER, "b", parent=new), "publish", staff.editor)
    assert former() == {"razdel/a/b/c": c.id}
    # Whoever left an address last is whom its visitors look for.
    rename(other, "b2", staff)
    assert former() == {"razdel/a/b": other.id, "razdel/a/b/c": c.id}


def test_what_is_to_appear_later_leaves_no_address(database: Database, staff: Staff) -> None:
    node = make(staff.editor)
    content.publish(node, version=1, start=LATER, by=staff.editor, on=NOON)
    rename(node, "other", staff)
    assert former() == {}
    content.rename(node, version=again(node).version, name="third", by=staff.editor, on=LATER)
    assert former() == {"razdel/other": node.id}


def test_moves_that_are_refused(database: Database, staff: Staff, branch: list[Node]) -> None:
    a, b, c = branch
    told = "Материалы стоят только в разделах: выберите раздел, который не в корзине."
    assert sentence(lambda: move(b, c, staff)) == told
    itself = "Раздел нельзя перенести в самого себя: выберите другой."
    assert sentence(lambda: move(a, a, staff)) == itself
    assert sentence(lambda: move(a, b, staff)) == itself
    assert sentence(lambda: move(b, a, staff)) == "Материал уже стоит в этом разделе: выберите другой."
    gone = make(staff.editor, NodeKind.FOLDER, "gone")
    content.trash(gone, version=1, by=staff.editor, on=NOON)
    assert sentence(lambda: move(b, gone, staff)) == told
    make(staff.editor, name="b")
    assert sentence(lambda: move(b, staff.section, staff)) == (
        "Адрес /razdel/b уже занят: выберите другое имя, например «b-2», или другой раздел."
    )
    assert sentence(lambda: rename(a, "b", staff)) == (
        "Адрес /razdel/b уже занят: выберите другое имя, например «b-2», или другой раздел."
    )
    assert sentence(lambda: rename(a, "a", staff)) == "Имя осталось прежним: введите другое."
    home = "Главную страницу нельзя переименовать, перенести или удалить."
    assert sentence(lambda: rename(root(), "x", staff)) == home
    assert sentence(lambda: move(root(), a, staff)) == home
    assert sentence(lambda: content.trash(root(), version=1, by=staff.admin, on=NOON)) == home
    stale = "Материал уже изменён другим сотрудником. Посмотрите, что изменилось, и, если нужно, повторите."
    assert sentence(lambda: content.rename(a, version=99, name="x", by=staff.editor, on=NOON)) == stale
    # Who may not write where it is to stand may not move it there, whatever they may where it stands.
    foreign = make(staff.editor, NodeKind.FOLDER, "foreign", parent=root())
    assert "недоступно" in sentence(
        lambda: content.move(again(b), version=again(b).version, to=foreign, by=staff.approver, on=NOON)
    )


def test_the_deepest_below_has_to_fit(database: Database, staff: Staff, branch: list[Node]) -> None:
    """Eight levels: /razdel/a/b takes one below it along, so that six levels above are the most."""
    told = "Разделы вкладываются не глубже 8 уровней: выберите раздел выше."
    deep = staff.section
    for name in ("2", "3", "4", "5", "6", "7"):
        deep = make(staff.editor, NodeKind.FOLDER, name, parent=deep)
    assert make(staff.editor, NodeKind.FOLDER, "8", parent=deep).path == "razdel/2/3/4/5/6/7/8"
    assert sentence(lambda: make(staff.editor, parent=Node.get(Node.path == "razdel/2/3/4/5/6/7/8"))) == told
    assert sentence(lambda: move(branch[1], deep, staff)) == told
    assert move(branch[1], deep.parent, staff).path == "razdel/2/3/4/5/6/b"
    assert again(branch[2]).path == "razdel/2/3/4/5/6/b/c"


def test_the_longest_below_has_to_fit(database: Database, staff: Staff) -> None:
    parent = staff.section
    for letter in "abcd":
        parent = make(staff.editor, NodeKind.FOLDER, letter * 80, parent=parent)
    page = make(staff.editor, name="e" * 69, parent=parent)
    assert len(page.path) == 400
    told = "Адрес получится длиннее 400 знаков: сократите имена разделов."
    assert sentence(lambda: make(staff.editor, name="f" * 70, parent=parent)) == told
    assert sentence(lambda: rename(staff.section, "razdely", staff)) == told
    assert rename(staff.section, "r", staff).path == "r"
    assert len(again(page).path) == 395


def test_names_that_cannot_stand_in_an_address(database: Database, staff: Staff) -> None:
    node = make(staff.editor)
    told = "Имя в адресе: строчные латинские буквы и цифры, между словами дефис, например poryadok-priyoma."
    for name in ("", "Приказ", "A", "a b", "a--b", "-a", "a-", "a.pdf", "a/b", "..", "a_b", "а", "a\0"):
        assert sentence(lambda name=name: rename(node, name, staff)) == told, name
    assert sentence(lambda: rename(node, "x" * 81, staff)) == "Имя в адресе длиннее 80 знаков: сократите его."
    # Spaces around are nobody's intention.
    assert rename(node, " a\n", staff).name == "a"


def test_names_of_fixed_parts(database: Database, staff: Staff) -> None:
    inside = make(staff.editor, NodeKind.FOLDER)
    for name in sorted(name for name in content.FIXED if "." not in name):
        told = f"Имя «{name}» занято постоянным разделом сайта: выберите другое."
        assert sentence(lambda name=name: make(staff.editor, name=name, parent=root())) == told
        assert sentence(lambda name=name: rename(staff.section, name, staff)) == told
        inside = rename(inside, name, staff)
        assert sentence(lambda inside=inside: move(inside, root(), staff)) == told


def test_reorder(database: Database, staff: Staff) -> None:
    a, b, c = (make(staff.editor, name=name) for name in "abc")

    def order() -> list[str]:
        return [node.name for node in Node.kept().where(Node.parent == staff.section).order_by(Node.position)]

    content.reorder(staff.section, [c.id, a.id, b.id], by=staff.approver, on=NOON)
    assert order() == ["c", "a", "b"]
    assert entries(staff.section)[-1] == ("reorder", "Одобрялов Ян Ильич (odobr)", "/razdel; переставлено: 3")
    count = len(entries(staff.section))
    content.reorder(staff.section, [c.id, a.id, b.id], by=staff.approver, on=NOON)
    assert len(entries(staff.section)) == count
    told = "Состав раздела изменился: обновите страницу и расставьте материалы ещё раз."
    for ids in ([c.id, a.id], [c.id, a.id, b.id, b.id], [c.id, a.id, root().id], []):
        assert sentence(lambda ids=ids: content.reorder(staff.section, ids, by=staff.approver, on=NOON)) == told


def test_who_moves_it_depends_on_what_visitors_see(database: Database, staff: Staff, branch: list[Node]) -> None:
    a, _, c = branch
    draft = make(staff.editor)
    assert (content.mover(draft).value, content.mover(a).value) == ("author", "approver")
    outer = make(staff.editor, NodeKind.FOLDER, "outer")
    move(c, outer, staff)
    # A draft section with something public below it.
    assert content.mover(again(outer)).value == "approver"


def test_a_link_moves_with_both_of_its_texts(database: Database, staff: Staff) -> None:
    """What visitors still read counts as much as the copy."""
    link = make(staff.editor, NodeKind.LINK, "orders", target="/orders/")
    step(link, "publish", staff.editor)
    save(link, staff.editor, target="/razdel/")
    assert sentence(lambda: move(link, root(), staff)) == ("Имя «orders» занято постоянным разделом сайта: выберите другое.")
    step(link, "discard_copy", staff.editor)
    assert move(link, root(), staff).path == "orders"
