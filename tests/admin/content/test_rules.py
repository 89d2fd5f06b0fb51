"""Settings, the mark of being up to date, sharing: what is changed, who is told."""

import datetime as dt
from typing import Any

from attestation.admin.access import local_roles
from attestation.admin.acts import content
from attestation.models import Database, Node, Share
from attestation.procedure.words import LocalRole, NodeKind
from attestation.tests.admin.conftest import everything, sentence
from attestation.tests.conftest import NOON

from .conftest import Staff, again, at, entries, make, root

AUTHOR, APPROVER = LocalRole.AUTHOR, LocalRole.APPROVER


def rules(node: Node, by: Any, **changed: Any) -> Node:
    node = again(node)
    kept = {name: getattr(node, name) for name in ("in_navigation", "legal", "restricted", "expires_at")}
    return content.settings(node, version=node.version, **{**kept, **changed}, by=by, on=NOON)


def test_settings(database: Database, staff: Staff) -> None:
    node = make(staff.editor)
    changed = rules(node, staff.admin, in_navigation=False, legal=True, restricted=True, expires_at=NOON + dt.timedelta(days=1))
    assert (changed.in_navigation, changed.legal, changed.restricted) == (False, True, True)
    assert (changed.expires_at, changed.version) == (NOON + dt.timedelta(days=1), 2)
    assert entries(node)[-1] == (
        "settings",
        "Настройкин Пётр Олегович (admin)",
        "/razdel/stranica; Показывать в меню, Публикуют только вдвоём, Правят только указанные сотрудники, Показывать до",
    )
    before = everything()
    rules(node, staff.admin)
    assert everything() == before


def test_an_expiry_that_has_passed_does_not_block_other_settings(database: Database, staff: Staff) -> None:
    node = make(staff.editor)
    rules(node, staff.editor, expires_at=NOON + dt.timedelta(hours=1))
    later = NOON + dt.timedelta(days=1)
    now = again(node)
    kept = {"legal": False, "restricted": False, "expires_at": now.expires_at}
    assert content.settings(now, version=now.version, in_navigation=False, **kept, by=staff.editor, on=later).version == 3


def test_confirm(database: Database, staff: Staff) -> None:
    node = at("published", staff.editor)
    # The day is that of the city of the authority.
    evening = dt.datetime(2026, 3, 10, 22, 30, tzinfo=dt.UTC)
    confirmed = content.confirm(node, by=staff.author, on=evening)
    assert (confirmed.reviewed_on, confirmed.version) == (dt.date(2026, 3, 11), node.version)
    assert entries(node)[-1] == ("confirm", "Писалова Ия Глебовна (avtor)", "/razdel/stranica")
    draft = make(staff.editor, name="draft")
    assert sentence(lambda: content.confirm(draft, by=staff.author, on=NOON)) == (
        "Актуальность подтверждают у того, что опубликовано."
    )


def test_share_goes_down_and_not_up(database: Database, staff: Staff) -> None:
    a = make(staff.editor, NodeKind.FOLDER, "a")
    b = make(staff.editor, NodeKind.FOLDER, "b", parent=a)
    content.share(a, staff.nobody, AUTHOR, by=staff.approver, on=NOON)
    assert entries(a)[-1] == ("share", "Одобрялов Ян Ильич (odobr)", "/razdel/a; nikto: пишет и правит")
    assert [local_roles(staff.nobody, node) for node in (root(), staff.section, a, b)] == [
        *(frozenset(), frozenset(), {AUTHOR}, {AUTHOR}),
    ]
    content.share(b, staff.nobody, APPROVER, by=staff.approver, on=NOON)
    assert [local_roles(staff.nobody, node) for node in (a, b)] == [{AUTHOR}, {AUTHOR, APPROVER}]
    # Another role takes the place of the first; the same changes nothing.
    content.share(a, staff.nobody, APPROVER, by=staff.editor, on=NOON)
    assert [share.role for share in Share.select().where(Share.node == a)] == ["approver"]
    before = everything()
    content.share(a, staff.nobody, APPROVER, by=staff.editor, on=NOON)
    assert everything() == before
    content.unshare(a, staff.nobody, by=staff.editor, on=NOON)
    assert [local_roles(staff.nobody, node) for node in (a, b)] == [frozenset(), {AUTHOR, APPROVER}]
    assert entries(a)[-1][::2] == ("unshare", "/razdel/a; nikto")


def test_nobody_who_has_left_is_given_anything(database: Database, staff: Staff) -> None:
    told = "Вход для этого сотрудника закрыт: выберите другого."
    assert sentence(lambda: content.share(staff.section, staff.departed, AUTHOR, by=staff.admin, on=NOON)) == told
    staff.author.active = False
    assert local_roles(staff.author, staff.section) == frozenset()
    assert local_roles(None, staff.section) == frozenset()


def test_sharing_changes_nothing_that_visitors_see(database: Database, staff: Staff) -> None:
    from attestation.models import ContentVersion

    before = ContentVersion.current()
    content.share(staff.section, staff.nobody, AUTHOR, by=staff.admin, on=NOON)
    content.lock(staff.section, by=staff.nobody, on=NOON)
    content.autosave(staff.section, version=1, title="А", summary="", body="", by=staff.nobody, on=NOON)
    assert ContentVersion.current() == before
