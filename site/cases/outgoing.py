"""What the office has to carry over into systems of others: asked for by moves of cases and orders, counted by its days."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from peewee import Case, ModelSelect, chunked, fn

from ...models import Application, Order, OutgoingRecord
from ...procedure.road import EDITIONS, Move, Road, has_road, road
from ...procedure.shape import Outgoing, System
from ..dates import day_of
from .calendar import counting_calendar

# The road of such records.
ROAD = "outgoing"
# The records whose moves ask for something to be carried over.
CASE, ORDER = "application", "order"
# Where it ends.
RECORDED = "recorded"
AT_ONCE = 500


@dataclass(frozen=True)
class Left:
    """How many records have not been entered yet: all, of them those whose last day is today, and those past it."""

    all: int
    today: int
    late: int


def ask(applications: Sequence[Application], move: Move, on: dt.datetime) -> None:
    """Write down what this move makes to carry over about each of these cases of one road; in the transaction of the move."""
    edition = applications[0].edition
    rows = road(CASE, edition).carried_over(move.verb)
    _write(rows, [{"application": one.id} for one in applications], edition, move.verb, on)


def ask_of(order: Order, verb: str, edition: str, on: dt.datetime) -> None:
    """Write down what this move of an order makes to carry over about the order itself; in the transaction of the move. Nothing
    by a procedure that says nothing of orders."""
    rows = road(ORDER, edition).carried_over(verb, order.kind) if has_road(ORDER, edition) else ()
    _write(rows, [{"order": order.id}], edition, verb, on)


def _write(rows: Sequence[Outgoing], about: Sequence[dict[str, int]], edition: str, verb: str, on: dt.datetime) -> None:
    if not rows:
        return
    calendar = counting_calendar()
    records = [
        {
            **whose,
            "edition": edition,
            "name": row.name,
            "verb": verb,
            "system": row.system,
            "made_at": on,
            "due_on": calendar.working_day_after(day_of(on), row.working_days),
        }
        for row in rows
        for whose in about
    ]
    for part in chunked(records, AT_ONCE):
        OutgoingRecord.insert_many(list(part)).execute()


def left() -> "ModelSelect[OutgoingRecord]":
    """What has not been entered yet."""
    return OutgoingRecord.select().where(OutgoingRecord.status != RECORDED)


def counted(records: "ModelSelect[OutgoingRecord]", today: dt.date) -> Left:
    """How many of these are left, by their last day; one query."""
    late = fn.SUM(Case(None, [(OutgoingRecord.due_on < today, 1)], 0))
    now = fn.SUM(Case(None, [(OutgoingRecord.due_on == today, 1)], 0))
    found = records.select(fn.COUNT(OutgoingRecord.id), now, late).order_by().tuples()[0]
    return Left(*(count or 0 for count in found))


def count_anew() -> int:
    """The last days by the calendar as it is now, of what has not been entered yet; gives how many have changed."""
    calendar, changed = counting_calendar(), 0
    days: dict[tuple[dt.date, int, dt.date], list[int]] = {}
    for record in left():
        key = (day_of(record.made_at), row_of(record).working_days, record.due_on)
        days.setdefault(key, []).append(record.id)
    for (made, length, due), ids in days.items():
        last = calendar.working_day_after(made, length)
        if last != due:
            for part in chunked(ids, AT_ONCE):
                open_still = OutgoingRecord.id.in_(list(part)), OutgoingRecord.status != RECORDED
                changed += OutgoingRecord.update(due_on=last).where(*open_still).execute()
    return changed


def road_of(record: OutgoingRecord) -> Road:
    """The road whose move asked for it: of a case, else of an order."""
    return road(CASE if record.application_id else ORDER, record.edition)


def row_of(record: OutgoingRecord) -> Outgoing:
    """The row of the data that asks for it."""
    return road_of(record).outgoing_of(record.name)


def systems() -> dict[str, System]:
    """The systems of all editions, by name."""
    return {system.name: system for edition in EDITIONS for system in road(CASE, edition).systems}


def kinds() -> dict[str, Outgoing]:
    """What is carried over under all editions, by name."""
    roads = [road(record, edition) for edition in EDITIONS for record in (CASE, ORDER) if has_road(record, edition)]
    return {row.name: row for one in roads for row in one.outgoing}
