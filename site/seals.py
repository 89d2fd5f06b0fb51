"""The chain of seals over the journal: whoever changes, removes or slips in an entry breaks it, and `verify` says where.

Acts write entries as they always did; what is committed is sealed a moment later by one sealer: no act waits for another.
A seal's hash covers the hash before it and every column of its entry. A head written down on paper proves the whole past.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from peewee import JOIN, ModelSelect, fn

from ..models import JournalCheck, JournalEntry, JournalSeal, User, database, embedded

GENESIS = "0" * 64
AT_ONCE = 1_000
# Entries get their numbers before they are committed: those of a slow transaction appear behind the last sealed one.
LATECOMERS = 10_000
# A sealer at work seals within seconds; an entry that waits longer tells that it does not work, or was passed by.
SEALED_WITHIN = dt.timedelta(minutes=10)
READ_AT_ONCE = 5_000
# The number by which sealers of one PostgreSQL database keep out of each other's way.
_LOCK = 7_301_604


@dataclass(frozen=True)
class Head:
    """The end of the chain: how many entries it holds, and the hash that stands for all of them."""

    number: int
    hash: str


@dataclass(frozen=True)
class Verified:
    """What a verification has found. `finding`: the first break, in words, or empty. `waiting`: not sealed yet."""

    head: Head
    waiting: int
    finding: str

    @property
    def whole(self) -> bool:
        return not self.finding


# --- Sealing ----------------------------------------------------------------------------------------------------------------


def seal(most: int = AT_ONCE) -> int:
    """Seal committed entries that have no seal yet, the oldest first; gives how many. One transaction, one sealer at a time.

    Where there is nothing to seal nobody is kept waiting: it is only read.
    """
    if not unsealed().exists():
        return 0
    with database.atomic():
        if not embedded():
            database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
        last = head()
        entries = list(unsealed().order_by(JournalEntry.id).limit(most))
        rows = [
            {"number": link.number, "entry": entry.id, "previous": before.hash, "hash": link.hash}
            for entry, (before, link) in zip(entries, pairwise(_links(last, entries)), strict=True)
        ]
        if rows:
            JournalSeal.insert_many(rows).execute()
    return len(rows)


def seal_all() -> int:
    """Seal everything that is committed, some at a time; gives how many."""
    sealed = 0
    while count := seal():
        sealed += count
    return sealed


def head() -> Head:
    """The end of the chain now; one query."""
    last = JournalSeal.select().order_by(JournalSeal.number.desc()).first()
    return Head(last.number, last.hash) if last else Head(0, GENESIS)


def unsealed() -> "ModelSelect[JournalEntry]":
    """Entries that the sealer has not taken yet: looked for at the end of the journal, not in the whole of it."""
    return _without_seal().where(JournalEntry.id > _last_sealed() - LATECOMERS)


def _last_sealed() -> int:
    """The highest number of an entry that has a seal."""
    return JournalSeal.select(fn.MAX(JournalSeal.entry)).scalar() or 0


def _without_seal() -> "ModelSelect[JournalEntry]":
    joined = JournalEntry.select().join(JournalSeal, JOIN.LEFT_OUTER, on=(JournalSeal.entry == JournalEntry.id))
    return joined.where(JournalSeal.number.is_null())


def _links(last: Head, entries: Iterable[JournalEntry]) -> Iterator[Head]:
    """The head as it is, and as it becomes with each of the entries."""
    yield last
    for entry in entries:
        last = Head(last.number + 1, digest(last.hash, entry))
        yield last


def digest(previous: str, entry: JournalEntry) -> str:
    """SHA-256 over the hash before it and all columns of the entry, as a JSON list in UTF-8."""
    # Each column as the table holds it: the account is a number here, not the person.
    moment = entry.at.astimezone(dt.UTC).isoformat(timespec="microseconds")
    columns = [entry.id, moment, entry.user_id, entry.who, entry.verb, entry.subject, entry.subject_id, entry.details]
    text = json.dumps(columns, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


# --- Verifying --------------------------------------------------------------------------------------------------------------


def verify(*, on: dt.datetime, since: str = "") -> Verified:
    """Walk the whole chain and say the first break; then look for entries that were slipped past it.

    `since`: a head that was written down earlier; it must still stand in the chain. Reads the journal once, some at a time.
    """
    last, finding = _walk()
    # Behind the sealer's reach an entry waits for ever, whatever moment it names.
    passed_by = JournalEntry.id <= _last_sealed() - LATECOMERS
    waiting = _without_seal().where((JournalEntry.at <= on - SEALED_WITHIN) | passed_by).order_by(JournalEntry.id)
    count = waiting.count()
    before = JournalCheck.select().where(JournalCheck.finding == "").order_by(JournalCheck.id.desc()).first()
    if not finding and since and not _stands(since):
        finding = f"Головы {since[:16]}… в цепочке нет: после того как её записали, журнал переписан."
    if not finding and before and not _stands(before.head):
        moment = f"{before.at:%d.%m.%Y %H:%M} UTC"
        finding = f"Головы {before.head[:16]}… прошлой проверки ({moment}) в цепочке нет: журнал укорочен или переписан."
    if not finding and count:
        finding = _passed_by(waiting.first(), count)
    return Verified(last, count, finding)


def check(*, by: User | None, on: dt.datetime, since: str = "") -> JournalCheck:
    """Verify and keep the result, so that the office sees when it was done last."""
    found = verify(on=on, since=since)
    told = {"sealed": found.head.number, "head": found.head.hash, "waiting": found.waiting, "finding": found.finding[:500]}
    kept: JournalCheck = JournalCheck.create(at=on, by=by, **told)
    return kept


def last_check() -> JournalCheck | None:
    """The latest verification."""
    found: JournalCheck | None = (
        JournalCheck.select(JournalCheck, User).left_outer_join(User).order_by(JournalCheck.id.desc()).first()
    )
    return found


def _walk() -> tuple[Head, str]:
    """The last link that is right, and what is wrong with the next one."""
    last = Head(0, GENESIS)
    while seals := _some_after(last.number):
        for link in seals:
            if broken := _wrong(link, last):
                return last, broken
            last = Head(link.number, link.hash)
    return last, ""


def _some_after(number: int) -> list[JournalSeal]:
    joined = JournalSeal.select(JournalSeal, JournalEntry).join(
        JournalEntry, JOIN.LEFT_OUTER, on=(JournalSeal.entry == JournalEntry.id), attr="sealed"
    )
    return list(joined.where(JournalSeal.number > number).order_by(JournalSeal.number).limit(READ_AT_ONCE))


def _wrong(link: JournalSeal, last: Head) -> str:
    if link.number != last.number + 1:
        return f"Звено {last.number + 1}: его нет в цепочке, за звеном {last.number} сразу идёт {link.number}."
    entry: JournalEntry | None = getattr(link, "sealed", None)
    if entry is None or entry.id is None:
        return f"Звено {link.number}: записи журнала {link.entry_id}, которую оно скрепляет, больше нет."
    if link.previous != last.hash:
        return f"Звено {link.number}: оно продолжает не то звено, которое стоит перед ним. Порядок записей изменён."
    if link.hash != digest(last.hash, entry):
        moment = f"{entry.at:%d.%m.%Y %H:%M} UTC"
        return f"Звено {link.number}: запись журнала {entry.id} от {moment} изменена или стоит не на своём месте."
    return ""


def _passed_by(entry: JournalEntry, count: int) -> str:
    if entry.id < _last_sealed():
        return f"Запись журнала {entry.id} стоит между скреплёнными, но сама не скреплена: она вставлена мимо цепочки."
    return f"Не скреплено записей: {count}, первая из них {entry.id}. Проверьте, работает ли обработчик заданий."


def _stands(since: str) -> bool:
    return since == GENESIS or bool(JournalSeal.select().where(JournalSeal.hash == since).exists())
