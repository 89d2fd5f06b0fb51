"""The chain over the journal: sealed once and in order, and every way to tamper with it is told, on both databases."""

import datetime as dt
import hashlib
import threading

import pytest
from peewee import IntegrityError, SqliteDatabase

from attestation import models
from attestation.models import JournalCheck, JournalEntry, JournalSeal
from attestation.site import journal, seals
from attestation.tests.conftest import NOON, Cast

pytestmark = pytest.mark.usefixtures("database")
LATER = NOON + dt.timedelta(hours=1)


def told(count: int) -> list[int]:
    """So many entries of the system, a minute apart; their ids."""
    for minute in range(count):
        moment = NOON + dt.timedelta(minutes=minute)
        journal.write(by=None, on=moment, verb="publish", subject="order", subject_id=minute, details=f"№ {minute}")
    return [entry.id for entry in JournalEntry.select().order_by(JournalEntry.id)][-count:]


def tamper(*statements: str) -> None:
    """What the owner of the database could do: past the triggers and the foreign keys."""
    opened = models.database.obj
    if isinstance(opened, SqliteDatabase):
        opened.execute_sql("PRAGMA foreign_keys = OFF")
        for name in ("journal_kept", "journal_frozen", "journal_seal_kept", "journal_seal_frozen"):
            opened.execute_sql(f"DROP TRIGGER IF EXISTS {name}")
    else:
        opened.execute_sql("SET session_replication_role = replica")
    for statement in statements:
        opened.execute_sql(statement)


def finding(since: str = "") -> str:
    return seals.verify(on=LATER, since=since).finding


def test_an_empty_journal_is_whole() -> None:
    assert seals.seal() == 0
    assert seals.verify(on=LATER) == seals.Verified(seals.Head(0, "0" * 64), 0, "")


def test_the_hash_is_over_the_one_before_and_all_columns(cast: Cast) -> None:
    """Counted here by hand, so that an office can count it with other tools."""
    moment = dt.datetime(2026, 3, 10, 9, 0, 0, 250, tzinfo=dt.UTC)
    journal.write(by=cast.admin, on=moment, verb="edit", subject="order", subject_id=7, details="Ёлка «№ 1»")
    entry = JournalEntry.get()
    assert seals.seal() == 1
    text = (
        f'[{entry.id},"2026-03-10T09:00:00.000250+00:00",{cast.admin.id},'
        '"Настройкин Пётр Олегович (admin)","edit","order",7,"Ёлка «№ 1»"]'
    )
    first = hashlib.sha256(("0" * 64 + "\n" + text).encode()).hexdigest()
    assert seals.head() == seals.Head(1, first)
    told(1)
    seals.seal()
    assert JournalSeal.get_by_id(2).previous == first


def test_each_entry_is_sealed_once_in_order() -> None:
    ids = told(5)
    assert [seals.seal(2), seals.seal(2), seals.seal(2), seals.seal(2)] == [2, 2, 1, 0]
    assert [seal.entry_id for seal in JournalSeal.select().order_by(JournalSeal.number)] == ids
    assert seals.verify(on=LATER).whole
    told(3)
    assert (seals.seal_all(), seals.head().number) == (3, 8)


def test_an_entry_of_a_slow_transaction_is_sealed_behind_later_ones() -> None:
    """Its number was given before those of the others, it is seen after them."""
    first, second, third = told(3)
    tamper(f"DELETE FROM journal WHERE id = {second}")
    seals.seal()
    JournalEntry.insert(id=second, at=NOON, who="Система", verb="publish", subject="order", details="").execute()
    assert seals.seal() == 1
    assert [seal.entry_id for seal in JournalSeal.select().order_by(JournalSeal.number)] == [first, third, second]
    assert seals.verify(on=LATER).whole


def test_seals_are_added_only() -> None:
    told(2)
    seals.seal()
    for act in (JournalSeal.delete(), JournalSeal.update(hash="b" * 64)):
        with pytest.raises(IntegrityError), models.database.atomic():
            act.execute()
    assert seals.verify(on=LATER).whole


def test_two_sealers_at_once_seal_everything_once() -> None:
    told(40)
    done: list[int] = []

    def run() -> None:
        with models.connection():
            done.append(seals.seal_all())

    threads = [threading.Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert (sum(done), JournalSeal.select().count(), finding()) == (40, 40, "")


# --- Tampering --------------------------------------------------------------------------------------------------------------

CHANGED = "Звено 3: запись журнала {2} от 10.03.2026 09:02 UTC изменена или стоит не на своём месте."


@pytest.mark.parametrize(
    "change",
    [
        "details = 'иное'",
        "verb = 'edit'",
        "who = 'Другой'",
        "subject = 'user'",
        "subject_id = 99",
        "subject_id = NULL",
        "at = '2026-03-10 09:02:00.000001'",
    ],
)
def test_a_changed_entry_is_told(change: str) -> None:
    ids = told(5)
    seals.seal()
    tamper(f"UPDATE journal SET {change} WHERE id = {ids[2]}")
    assert finding() == CHANGED.replace("{2}", str(ids[2]))
    assert seals.verify(on=LATER).head.number == 2


def test_a_removed_entry_is_told() -> None:
    ids = told(4)
    seals.seal()
    tamper(f"DELETE FROM journal WHERE id = {ids[1]}")
    assert finding() == f"Звено 2: записи журнала {ids[1]}, которую оно скрепляет, больше нет."


def test_an_entry_removed_with_its_seal_is_told() -> None:
    ids = told(4)
    seals.seal()
    tamper(f"DELETE FROM journal_seal WHERE entry_id = {ids[1]}", f"DELETE FROM journal WHERE id = {ids[1]}")
    assert finding() == "Звено 2: его нет в цепочке, за звеном 1 сразу идёт 3."


def test_seals_put_together_again_are_told() -> None:
    ids = told(4)
    seals.seal()
    tamper(
        f"DELETE FROM journal_seal WHERE entry_id = {ids[1]}",
        f"DELETE FROM journal WHERE id = {ids[1]}",
        "UPDATE journal_seal SET number = 2 WHERE number = 3",
        "UPDATE journal_seal SET number = 3 WHERE number = 4",
    )
    assert finding() == "Звено 2: оно продолжает не то звено, которое стоит перед ним. Порядок записей изменён."


def test_reordered_entries_are_told() -> None:
    ids = told(4)
    seals.seal()
    free = ids[-1] + 1
    tamper(
        f"UPDATE journal_seal SET entry_id = {free} WHERE number = 2",
        f"UPDATE journal_seal SET entry_id = {ids[1]} WHERE number = 3",
        f"UPDATE journal_seal SET entry_id = {ids[2]} WHERE number = 2",
    )
    assert finding() == f"Звено 2: запись журнала {ids[2]} от 10.03.2026 09:02 UTC изменена или стоит не на своём месте."


def test_an_entry_slipped_in_between_is_told() -> None:
    ids = told(3)
    tamper(f"UPDATE journal SET id = {ids[2] + 20_000} WHERE id = {ids[2]}")
    seals.seal()
    JournalEntry.insert(id=ids[2], at=NOON, who="Кто-то", verb="publish", subject="order", details="").execute()
    assert seals.seal() == 0
    assert finding() == (f"Запись журнала {ids[2]} стоит между скреплёнными, но сама не скреплена: она вставлена мимо цепочки.")


def test_entries_that_nobody_seals_are_told() -> None:
    told(2)
    assert seals.verify(on=NOON + dt.timedelta(minutes=9)) == seals.Verified(seals.Head(0, "0" * 64), 0, "")
    found = seals.verify(on=NOON + dt.timedelta(minutes=10))
    first = JournalEntry.select().order_by(JournalEntry.id).get().id
    assert (found.waiting, found.finding) == (
        1,
        f"Не скреплено записей: 1, первая из них {first}. Проверьте, работает ли обработчик заданий.",
    )


def test_a_chain_made_anew_does_not_hold_the_head_kept_on_paper() -> None:
    """Whoever owns the database can write journal and chain anew; the paper knows."""
    told(5)
    seals.seal()
    kept = seals.head()
    told(2)
    seals.seal()
    assert finding(kept.hash) == ""
    tamper("DELETE FROM journal_seal", "UPDATE journal SET details = 'иное' WHERE subject_id = 4")
    seals.seal_all()
    assert finding() == ""
    assert finding(kept.hash) == f"Головы {kept.hash[:16]}… в цепочке нет: после того как её записали, журнал переписан."


def test_a_journal_cut_off_at_its_end_does_not_hold_the_head_kept_on_paper() -> None:
    ids = told(5)
    seals.seal()
    kept = seals.head()
    tamper(f"DELETE FROM journal_seal WHERE entry_id >= {ids[3]}", f"DELETE FROM journal WHERE id >= {ids[3]}")
    assert (finding(), bool(finding(kept.hash))) == ("", True)


def test_a_journal_cut_off_after_a_verification_is_told_without_paper(cast: Cast) -> None:
    ids = told(5)
    seals.seal()
    head = seals.check(by=None, on=LATER).head
    tamper(f"DELETE FROM journal_seal WHERE entry_id >= {ids[3]}", f"DELETE FROM journal WHERE id >= {ids[3]}")
    moment = f"{LATER:%d.%m.%Y %H:%M} UTC"
    said = f"Головы {head[:16]}… прошлой проверки ({moment}) в цепочке нет: журнал укорочен или переписан."
    assert finding() == said
    seals.check(by=cast.controller, on=LATER)
    told(1)
    seals.seal()
    # The head that is whole now does not hide what was found before.
    assert finding() == said


def test_an_entry_slipped_in_from_the_future_is_told() -> None:
    """A moment that has not come does not make an entry behind the sealer's reach one that merely waits."""
    ids = told(3)
    tamper(f"UPDATE journal SET id = {ids[2] + 20_000} WHERE id = {ids[2]}")
    seals.seal()
    far = dt.datetime(2099, 1, 1, tzinfo=dt.UTC)
    JournalEntry.insert(id=ids[2], at=far, who="Кто-то", verb="publish", subject="order", details="").execute()
    assert finding().startswith(f"Запись журнала {ids[2]} стоит между скреплёнными")


def test_a_long_chain_is_walked_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seals, "READ_AT_ONCE", 3)
    ids = told(10)
    seals.seal()
    assert seals.verify(on=LATER) == seals.Verified(seals.head(), 0, "")
    tamper(f"UPDATE journal SET details = 'иное' WHERE id = {ids[6]}")
    assert finding().startswith("Звено 7: ")


def test_a_check_is_kept(cast: Cast) -> None:
    told(2)
    seals.seal()
    seals.check(by=cast.controller, on=LATER)
    last = seals.last_check()
    assert last is not None
    assert (last.by, last.at, last.sealed, last.head, last.waiting, last.finding) == (
        cast.controller,
        LATER,
        2,
        seals.head().hash,
        0,
        "",
    )
    assert JournalCheck.select().count() == 1
