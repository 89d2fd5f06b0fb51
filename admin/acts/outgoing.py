"""What the office does with records for systems of others: take them out in a file, mark what is entered there, take back.

Each is one transaction with its journal. Records of cases in which a clerk takes part are left to others, as letters are.
"""

import datetime as dt
from typing import Any

from peewee import CharField, Expression, ModelSelect, chunked

from ...models import Application, Order, OutgoingBatch, OutgoingRecord, User, database, locked
from ...procedure.refusal import Refusal
from ...procedure.road import Move, road
from ...site import fields, journal
from ...site.cases.outgoing import ROAD, systems
from ..access import Permission, require
from .letters import not_own

SUBJECT = "outgoing"
EXPORT, MARK, TAKE_BACK = "export_record", "mark_recorded", "take_record_back"
CHANGED = "Пока вы смотрели, с этой записью уже что-то сделали. Посмотрите на неё ещё раз."
LIST_CHANGED = "Пока вы смотрели, список записей изменился. Проверьте его ещё раз."
REASON = CharField(300, verbose_name="Причина")
AT_ONCE = 500


def within_reach(user: User) -> Expression:
    """The condition for records that this person may look after."""
    reach: Expression = OutgoingRecord.application.is_null() | not_own(OutgoingRecord.application, user)
    return reach


def seen_by(user: User) -> "ModelSelect[OutgoingRecord]":
    """The records that this person may look after, with case, order and the order that it changes; one query."""
    amended = Order.alias("amended")
    found = OutgoingRecord.select(OutgoingRecord, Application, Order, amended).left_outer_join(Application)
    found = found.switch(OutgoingRecord).left_outer_join(Order).left_outer_join(amended, on=Order.amends, attr="amends")
    return found.where(within_reach(user))


def fit_for(records: "ModelSelect[OutgoingRecord]", verb: str) -> "ModelSelect[OutgoingRecord]":
    """Those of the records from which this move can be made, the most pressing first."""
    sources = road(ROAD).move(verb).sources
    return records.where(OutgoingRecord.status.in_(sources)).order_by(OutgoingRecord.due_on, OutgoingRecord.id)


def waiting_for(system: str, user: User) -> "ModelSelect[OutgoingRecord]":
    """What would go out in the next file for this system."""
    return fit_for(seen_by(user).where(OutgoingRecord.system == system), EXPORT)


def export(system: str, *, last: int, count: int, by: User, on: dt.datetime) -> OutgoingBatch:
    """Take out all that waits for this system, up to the last record that the person has seen, as one file (2.4)."""
    if system not in systems():
        raise Refusal("Такой системы нет: выберите её из списка.")
    with database.atomic():
        batch: OutgoingBatch = OutgoingBatch.create(system=system, made_at=on, made_by=by)
        found = waiting_for(system, by)
        _move_all(found, EXPORT, last, count, by, on, f"выгрузка {batch.id}", batch=batch)
    return batch


def mark(record: OutgoingRecord, *, by: User, on: dt.datetime) -> OutgoingRecord:
    """Mark that a record is entered in its system."""
    return _move_one(record, MARK, by, on, settled_at=on, settled_by=by)


def mark_all(records: "ModelSelect[OutgoingRecord]", *, last: int, count: int, by: User, on: dt.datetime) -> int:
    """Mark these records, up to the last one that the person has seen; Refusal if there are not as many any more."""
    return _move_all(fit_for(records, MARK), MARK, last, count, by, on, "", settled_at=on, settled_by=by)


def take_back(record: OutgoingRecord, *, reason: str, by: User, on: dt.datetime) -> OutgoingRecord:
    """Undo a mark, or take a record out of the file in which it went: it waits again."""
    return _move_one(record, TAKE_BACK, by, on, reason, batch=None, settled_at=None, settled_by=None)


def take_back_all(batch: OutgoingBatch, *, reason: str, count: int, by: User, on: dt.datetime) -> int:
    """The file was lost or not accepted: whatever of it was not marked yet waits again."""
    told = fields.line(REASON, reason)
    return _move_all(unmarked(batch, by), TAKE_BACK, None, count, by, on, told, batch=None)


def unmarked(batch: OutgoingBatch, user: User) -> "ModelSelect[OutgoingRecord]":
    """What of a file is not marked as entered yet."""
    whole = seen_by(user).where(OutgoingRecord.batch == batch, OutgoingRecord.status == road(ROAD).move(EXPORT).target)
    return whole.order_by(OutgoingRecord.due_on, OutgoingRecord.id)


def _move_one(record: OutgoingRecord, verb: str, by: User, on: dt.datetime, reason: str = "", **changes: Any) -> OutgoingRecord:
    with database.atomic():
        move = _allowed(verb, record.status, by, reason)
        if not seen_by(by).where(OutgoingRecord.id == record.id).exists():
            raise Refusal("Это запись по делу, в котором вы участвуете сами: ею занимается другой сотрудник.")
        told = fields.line(REASON, reason, required=move.reason)
        same = OutgoingRecord.id == record.id, OutgoingRecord.status == record.status
        if not OutgoingRecord.update(status=move.target, **changes).where(*same).execute():
            raise Refusal(CHANGED)
        journal.write(by=by, on=on, verb=verb, subject=SUBJECT, subject_id=record.id, details=told)
    found: OutgoingRecord = OutgoingRecord.get_by_id(record.id)
    return found


def _move_all(
    records: "ModelSelect[OutgoingRecord]",
    verb: str,
    last: int | None,
    count: int,
    by: User,
    on: dt.datetime,
    details: str,
    **changes: Any,
) -> int:
    """Move all of these records that stand where the move begins, if they are as many as the person has seen."""
    move = _allowed(verb, road(ROAD).move(verb).sources[0], by, details)
    with database.atomic():
        wanted = records if last is None else records.where(OutgoingRecord.id <= last)
        unchanged = _locked_in([row.id for row in wanted.select(OutgoingRecord.id)], move)
        if not unchanged or len(unchanged) != count:
            raise Refusal(LIST_CHANGED)
        for part in chunked(unchanged, AT_ONCE):
            OutgoingRecord.update(status=move.target, **changes).where(OutgoingRecord.id.in_(list(part))).execute()
            journal.write_all(by=by, on=on, verb=verb, subject=SUBJECT, subject_ids=part, details=details)
    return count


def _locked_in(ids: list[int], move: Move) -> list[int]:
    """Keep these records as they are until the transaction ends; those from which the move can be made."""
    found: list[int] = []
    for part in chunked(sorted(ids), AT_ONCE):
        fit = OutgoingRecord.id.in_(list(part)), OutgoingRecord.status.in_(move.sources)
        found += [row.id for row in locked(OutgoingRecord.select(OutgoingRecord.id).where(*fit).order_by(OutgoingRecord.id))]
    return found


def _allowed(verb: str, status: str, by: User, reason: str) -> Move:
    require(by, Permission.KEEP_OUTGOING)
    return road(ROAD).check(verb, status, by.role_set(), frozenset(), reason)
