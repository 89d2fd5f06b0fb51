"""Every act on a material: who may make it, and what happens when two people make it at once."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest

from attestation.admin.acts import content
from attestation.models import Database, EditLock, JournalEntry, Node, Share, User
from attestation.procedure.words import LocalRole, NodeKind
from attestation.tests.admin.conftest import at_once, sentence
from attestation.tests.conftest import NOON

from .conftest import PEOPLE, Staff, Texts, again, at, make, root, save

OVERTAKEN = "Материал уже изменён другим сотрудником. Посмотрите, что изменилось, и, если нужно, повторите."
WRITERS = {"admin", "editor", "author", "approver"}
PUBLISHERS = {"admin", "editor", "approver"}
ADMIN = {"admin"}


@dataclass(frozen=True)
class Act:
    """An act, what has to be there for it, who may make it, what the second of two at once is told."""

    prepare: Callable[[Staff], Node]
    make: Callable[[Node, User], Any]
    may: set[str]
    second: str = OVERTAKEN
    written: bool = True


def page(status: str = "draft") -> Callable[[Staff], Node]:
    """A page in this status, in a section of its own."""

    def prepare(staff: Staff) -> Node:
        folder = make(staff.admin, NodeKind.FOLDER, "papka")
        make(staff.admin, NodeKind.FOLDER, "kuda")
        return at(status, staff.admin, make(staff.admin, parent=folder))

    return prepare


def trashed(status: str) -> Callable[[Staff], Node]:
    def prepare(staff: Staff) -> Node:
        node = page(status)(staff)
        content.trash(node, version=node.version, by=staff.admin, on=NOON)
        return node

    return prepare


def two_revisions(staff: Staff) -> Node:
    return save(page()(staff), staff.admin, body="Второй текст")


def section(staff: Staff) -> Node:
    for name in ("a", "b"):
        make(staff.admin, name=name)
    return staff.section


def shared(staff: Staff) -> Node:
    node = page()(staff)
    content.share(node, staff.nobody, LocalRole.AUTHOR, by=staff.admin, on=NOON)
    return node


def nobody() -> User:
    return User.get(User.login == "nikto")


def rules(node: Node, by: User, **changed: Any) -> Node:
    kept = {name: getattr(node, name) for name in ("in_navigation", "legal", "restricted", "expires_at")}
    return content.settings(node, version=node.version, **{**kept, **changed}, by=by, on=NOON)


def reverse(node: Node, by: User) -> None:
    children = Node.kept().where(Node.parent == node).order_by(Node.position)
    content.reorder(node, [child.id for child in children][::-1], by=by, on=NOON)


def say(node: Node, by: User) -> Node:
    # Two people never write the same.
    return content.save(node, version=node.version, texts=Texts("З", "", f"Текст {id(node)}"), by=by, on=NOON)


def verb(name: str, reason: str = "") -> Callable[[Node, User], Node]:
    return lambda node, by: content.step(node, name, version=node.version, by=by, on=NOON, reason=reason)


def rename(node: Node, by: User) -> Node:
    return content.rename(node, version=node.version, name="y", by=by, on=NOON)


def move(node: Node, by: User) -> Node:
    return content.move(node, version=node.version, to=Node.get(Node.path == "razdel/kuda"), by=by, on=NOON)


def trash(node: Node, by: User) -> int:
    return content.trash(node, version=node.version, by=by, on=NOON)


def restore(node: Node, by: User) -> Node:
    return content.restore(node, by=by, on=NOON)


IN_TRASH = "Материал в корзине: сначала восстановите его."
RESTORED = "Материал уже не в корзине: обновите страницу."
TAKEN = "Адрес /razdel/novaya уже занят: выберите другое имя, например «novaya-2», или другой раздел."
SAVED = "Пока вы правили, материал изменился. Ваш текст не потерян: сравните его с последней редакцией и сохраните ещё раз."
ACTS: dict[str, Act] = {
    "create": Act(lambda staff: staff.section, lambda node, by: make(by, name="novaya", parent=node), WRITERS, TAKEN),
    "save a draft": Act(page(), say, WRITERS, SAVED),
    "save in review": Act(page("review"), say, PUBLISHERS, SAVED),
    "save published": Act(page("published"), say, WRITERS, SAVED),
    "save a copy": Act(page("published_draft"), say, WRITERS, SAVED),
    "save a copy in review": Act(page("published_review"), say, PUBLISHERS, SAVED),
    "restore_revision": Act(
        two_revisions,
        lambda node, by: content.restore_revision(node, version=node.version, number=1, reason="Ошибка", by=by, on=NOON),
        WRITERS,
    ),
    "rename a draft": Act(page(), rename, WRITERS),
    "rename published": Act(page("published"), rename, PUBLISHERS),
    "move a draft": Act(page(), move, WRITERS),
    "move published": Act(page("published"), move, PUBLISHERS),
    "reorder": Act(section, reverse, PUBLISHERS, "done"),
    "settings": Act(page(), lambda node, by: rules(node, by, in_navigation=False), PUBLISHERS),
    "settings of law": Act(page(), lambda node, by: rules(node, by, legal=True), ADMIN),
    "settings of access": Act(page(), lambda node, by: rules(node, by, restricted=True), ADMIN),
    "trash a draft": Act(page(), trash, WRITERS, IN_TRASH),
    "trash published": Act(page("published"), trash, PUBLISHERS, IN_TRASH),
    "restore a draft": Act(trashed("draft"), restore, WRITERS, RESTORED),
    "restore published": Act(trashed("published"), restore, PUBLISHERS, RESTORED),
    "submit": Act(page(), verb("submit"), WRITERS),
    "submit_copy": Act(page("published_draft"), verb("submit_copy"), WRITERS),
    "send_back": Act(page("review"), verb("send_back", "Дописать"), WRITERS),
    "send_back_copy": Act(page("published_review"), verb("send_back_copy", "Дописать"), WRITERS),
    "publish": Act(page("review"), verb("publish"), PUBLISHERS),
    "publish_copy": Act(page("published_draft"), verb("publish_copy"), PUBLISHERS),
    "begin_copy": Act(page("published"), verb("begin_copy"), WRITERS),
    "discard_copy": Act(page("published_draft"), verb("discard_copy"), WRITERS),
    "withdraw": Act(page("published"), verb("withdraw", "Устарело"), PUBLISHERS),
    "reopen": Act(page("withdrawn"), verb("reopen"), WRITERS),
    "confirm": Act(page("published"), lambda node, by: content.confirm(node, by=by, on=NOON), WRITERS, "done"),
    "share": Act(
        page(), lambda node, by: content.share(node, nobody(), LocalRole.APPROVER, by=by, on=NOON), PUBLISHERS, "done"
    ),
    "unshare": Act(
        shared,
        lambda node, by: content.unshare(node, nobody(), by=by, on=NOON),
        PUBLISHERS,
        "Доступ этому сотруднику уже закрыт: обновите страницу.",
    ),
    "autosave": Act(
        page(),
        lambda node, by: content.autosave(node, version=1, title="А", summary="", body="б", by=by, on=NOON),
        WRITERS,
        "done",
        written=False,
    ),
    "lock": Act(page(), lambda node, by: content.lock(node, by=by, on=NOON), WRITERS, "done", written=False),
}


@pytest.mark.parametrize("name", ACTS)
def test_who_may(database: Database, staff: Staff, name: str) -> None:
    act = ACTS[name]
    node = act.prepare(staff)
    for person in PEOPLE:
        by = getattr(staff, person)
        if person not in act.may:
            told = sentence(lambda by=by: act.make(again(node), by))
            # An approver may change settings, but not these.
            assert ("решает администратор" if act.may == ADMIN and person in PUBLISHERS else "недоступно") in told
            continue
        with database.atomic() as transaction:
            before = JournalEntry.select().count()
            act.make(again(node), by)
            written = [entry.who for entry in JournalEntry.select().order_by(JournalEntry.id)][before:]
            assert set(written) == ({str(by)} if act.written else set())
            transaction.rollback()


@pytest.mark.parametrize("name", [name for name in ACTS if name not in {"settings of law", "settings of access"}])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # each act meets PostgreSQL in test_who_may
def test_a_restricted_section_is_open_to_those_it_is_shared_with(database: Database, staff: Staff, name: str) -> None:
    """An editor, who may everything elsewhere, may nothing here until it is shared; those named may what they may."""
    act = ACTS[name]
    node = act.prepare(staff)
    rules(again(staff.section), staff.admin, restricted=True)
    assert "недоступно" in sentence(lambda: act.make(again(node), staff.editor))
    content.share(staff.section, staff.editor, LocalRole.APPROVER, by=staff.admin, on=NOON)
    for person in act.may:
        with database.atomic() as transaction:
            act.make(again(node), getattr(staff, person))
            transaction.rollback()


@pytest.mark.parametrize("name", ACTS)
def test_of_two_at_once_one_wins(database: Database, staff: Staff, name: str) -> None:
    act = ACTS[name]
    node = act.prepare(staff)
    seen = [again(node), again(node)]
    before = JournalEntry.select().count()
    assert at_once(*(lambda node=node: act.make(node, staff.admin) for node in seen)) == sorted(["done", act.second])
    verbs = [entry.verb for entry in JournalEntry.select().order_by(JournalEntry.id)][before:]
    if act.second != "done":
        assert len(verbs) == (2 if name == "save published" else 1), verbs


def test_of_two_editors_one_holds_the_lock(database: Database, staff: Staff) -> None:
    node = page()(staff)
    at_once(*(lambda by=by: content.lock(node, by=by, on=NOON) for by in (staff.editor, staff.author)))
    assert EditLock.select().count() == 1


def test_shared_at_once_is_shared_once(database: Database, staff: Staff) -> None:
    node = page()(staff)
    both = [lambda: content.share(node, staff.nobody, LocalRole.AUTHOR, by=staff.admin, on=NOON)] * 2
    assert at_once(*both) == ["done", "done"]
    assert Share.select().where(Share.user == staff.nobody).count() == 1
    assert JournalEntry.select().where(JournalEntry.verb == "share", JournalEntry.subject_id == node.id).count() == 1


@pytest.mark.parametrize("name", ["rename", "move", "trash"])
def test_a_restricted_section_goes_nowhere_without_those_who_may_touch_it(database: Database, staff: Staff, name: str) -> None:
    """Not even with the section above it, which is open to every editor."""
    outer = make(staff.editor, NodeKind.FOLDER, "outer", parent=root())
    inner = make(staff.admin, NodeKind.FOLDER, "inner", parent=outer)
    rules(inner, staff.admin, restricted=True)
    acts: dict[str, Callable[[User], Any]] = {
        "rename": lambda by: content.rename(outer, version=1, name="other", by=by, on=NOON),
        "move": lambda by: content.move(outer, version=1, to=staff.section, by=by, on=NOON),
        "trash": lambda by: content.trash(outer, version=1, by=by, on=NOON),
    }
    assert "недоступно" in sentence(lambda: acts[name](staff.editor))
    acts[name](staff.admin)
