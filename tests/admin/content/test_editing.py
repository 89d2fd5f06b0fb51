"""Locks that expire and texts kept while they are typed."""

import datetime as dt

from attestation.admin.acts import content
from attestation.models import Autosave, Database, EditLock, JournalEntry
from attestation.tests.admin.conftest import sentence
from attestation.tests.conftest import NOON

from .conftest import Staff, make, save

MINUTE = dt.timedelta(minutes=1)


def test_a_lock_is_kept_prolonged_and_expires(database: Database, staff: Staff) -> None:
    node = make(staff.editor)

    def lock(by: object, minutes: int) -> tuple[int, dt.timedelta]:
        taken = content.lock(node, by=by, on=NOON + minutes * MINUTE)
        return taken.user_id, taken.until - NOON

    editor, author = staff.editor.id, staff.author.id
    assert lock(staff.editor, 0) == (editor, 15 * MINUTE)
    assert lock(staff.author, 5) == (editor, 15 * MINUTE)
    assert lock(staff.editor, 10) == (editor, 25 * MINUTE)
    assert lock(staff.author, 24) == (editor, 25 * MINUTE)
    # At the minute it ends it is free.
    assert lock(staff.author, 25) == (author, 40 * MINUTE)
    content.unlock(node, by=staff.editor)
    assert EditLock.get().user_id == author
    content.unlock(node, by=staff.author)
    assert EditLock.select().count() == 0


def test_a_lock_is_a_courtesy(database: Database, staff: Staff) -> None:
    node = make(staff.editor)
    content.lock(node, by=staff.author, on=NOON)
    assert save(node, staff.editor, body="Иначе").head == 2
    assert EditLock.get().user_id == staff.author.id


def test_autosave_keeps_the_last_of_each_person(database: Database, staff: Staff) -> None:
    node = make(staff.editor)

    def keep(by: object, title: str, body: str, minutes: int) -> Autosave:
        moment = NOON + minutes * MINUTE
        return content.autosave(node, version=1, title=title, summary=" к ", body=body, by=by, on=moment)

    keep(staff.editor, "", "", 0)
    kept = keep(staff.editor, " Черновик ", "раз\r\nдва", 1)
    keep(staff.author, "Другой", "", 2)
    assert (kept.title, kept.summary, kept.body) == ("Черновик", "к", "раз\nдва")
    assert (kept.version, kept.saved_at, kept.user_id) == (1, NOON + MINUTE, staff.editor.id)
    assert Autosave.select().count() == 2
    content.forget_autosave(node, by=staff.editor)
    assert [row.title for row in Autosave.select()] == ["Другой"]
    save(node, staff.author, body="Готово")
    assert Autosave.select().count() == 0


def test_an_autosave_has_to_fit_and_is_not_in_the_journal(database: Database, staff: Staff) -> None:
    node = make(staff.editor)
    before = JournalEntry.select().count()

    def keep(**typed: str) -> Autosave:
        typed = {"title": "", "summary": "", "body": "", **typed}
        return content.autosave(node, version=1, **typed, by=staff.editor, on=NOON)

    assert sentence(lambda: keep(title="а" * 201)) == "Поле «Заголовок» длиннее 200 знаков: сократите его."
    assert sentence(lambda: keep(body="а" * 200_001)) == "Поле «Текст (Markdown)» длиннее 200000 знаков: сократите его."
    keep(body="а" * 200_000)
    content.lock(node, by=staff.editor, on=NOON)
    assert JournalEntry.select().count() == before
