"""Compare-and-swap of records with a status and a version: the second of two clicks is refused (decision 0005)."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from peewee import Expression

from ..models import Record, database, locked
from ..procedure.refusal import Refusal


def lock(record: Any, overtaken: str) -> None:
    """Keep the record as it is until the transaction ends; Refusal if it is no longer as the person saw it."""
    table = type(record)
    if not locked(table.select(table.id).where(*_as_in_hand(record))).first():
        raise Refusal(overtaken)


def hold(record: Any, overtaken: str, **changes: Any) -> None:
    """Write these columns and take the next version, if the record is still as the person saw it; Refusal if not."""
    written = {"version": record.version + 1, **changes}
    if not type(record).update(written).where(*_as_in_hand(record)).execute():
        raise Refusal(overtaken)
    for name, value in written.items():
        setattr(record, name, value)


@contextmanager
def whole(*records: Record) -> Iterator[None]:
    """All of it or nothing, in the tables and in the objects in hand."""
    with restored(*records), database.atomic():
        yield


@contextmanager
def restored(*records: Record) -> Iterator[None]:
    """After a failure the objects in hand are again what the table holds."""
    before = [(dict(one.__data__), dict(one.__rel__)) for one in records]
    try:
        yield
    except BaseException:
        for record, (data, related) in zip(records, before, strict=True):
            record.__data__, record.__rel__ = data, related
        raise


def _as_in_hand(record: Any) -> tuple[Expression, ...]:
    table = type(record)
    return table.id == record.id, table.version == record.version, table.status == record.status
