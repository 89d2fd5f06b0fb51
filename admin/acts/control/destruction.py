"""Destruction of what is over its time: a list as of a day, confirmed by the head of the department, carried out, an act.

Orders, the journal, conclusions and acts stand in no store and cannot be reached from here. Whatever is killed in between is
taken up again line by line: a record that is gone counts as destroyed, a file is removed only after its record.
"""

import datetime as dt
from collections.abc import Callable, Collection
from pathlib import Path
from typing import Any

from peewee import IntegrityError, ModelSelect, fn

from ....models import Destruction, DestructionItem, User, database, embedded
from ....procedure.control import Store, store, stores
from ....procedure.refusal import Refusal
from ....site import jobs, journal
from ....site.cases import attachments
from ....site.control.stores import SHELVES, Counted, Listed
from ....site.dates import day_of
from ...access import Permission, require

JOB = "destruction"
SUBJECT = "destruction"
STATES = {"prepared": "ждёт утверждения", "confirmed": "исполняется", "done": "исполнен", "dropped": "отклонён"}
OVERTAKEN = "С этим списком уже что-то сделали в другом окне. Посмотрите на него ещё раз."
ONE_AT_A_TIME = "Есть список на уничтожение, который ещё не исполнен: сначала закончите с ним."
# An act is read by people: what is left is listed by the next one.
MOST_ITEMS = 5_000

Watch = Callable[[], None]


# --- List, confirmation -----------------------------------------------------------------------------------------------------


def prepare(names: Collection[str], *, by: User, on: dt.datetime) -> Destruction:
    """List what is over its time today in these stores; nothing is destroyed yet.

    Refusal when there is nothing, or while another list waits. Of very many records the list holds the first `MOST_ITEMS`.
    """
    require(by, Permission.DESTROY)
    today = day_of(on)
    wanted = [one for one in stores() if one.name in names]
    if not wanted:
        raise Refusal("Отметьте, что уничтожить.")
    if Destruction.select().where(Destruction.state.in_(["prepared", "confirmed"])).exists():
        raise Refusal(ONE_AT_A_TIME)
    try:
        with database.atomic():
            made: Destruction = Destruction.create(day=today, prepared_by=by, prepared_at=on)
            count = sum(_list(made, one, today) for one in wanted)
            if not count:
                raise Refusal("Уничтожать нечего: сроки хранения не вышли.")
            _note("prepare_destruction", made, by, on, f"записей: {count}")
    except IntegrityError:
        raise Refusal(ONE_AT_A_TIME) from None
    return made


def _list(destruction: Destruction, one: Store, today: dt.date) -> int:
    """The lines of one store; how many records they stand for."""
    shelf, since = SHELVES[one.name], one.kept_since(today)
    line = {"destruction": destruction.id, "store": one.name, "target": None, "about": "", "sha256": "", "size": 0}
    if isinstance(shelf, Counted):
        count = shelf.count(since)
        if count:
            DestructionItem.insert({**line, "about": one.title[:200], "count": count}).execute()
        return count
    room = MOST_ITEMS - destruction.items.count()
    rows = []
    for item, _place in zip(shelf.items(since), range(room), strict=False):
        said = {"target": item.target, "about": item.about[:200], "sha256": item.sha256, "size": item.size}
        rows.append({**line, **said})
    for start in range(0, len(rows), 100):
        DestructionItem.insert_many(rows[start : start + 100]).execute()
    return len(rows)


def drop(destruction: Destruction, *, by: User, on: dt.datetime) -> None:
    """Do not destroy what was listed; the list stays as it was."""
    require(by, Permission.DESTROY)
    with database.atomic():
        _change(destruction, "prepared", state="dropped")
        _note("drop_destruction", destruction, by, on)


def confirm(destruction: Destruction, *, count: int, by: User, on: dt.datetime) -> None:
    """Have the list destroyed. `count`: how many lines the person saw; there is no way back."""
    require(by, Permission.DESTROY)
    with database.atomic():
        if destruction.items.count() != count:
            raise Refusal(OVERTAKEN)
        _change(destruction, "prepared", state="confirmed", confirmed_by=by, confirmed_at=on)
        jobs.queue(JOB, destruction.id)
        _note("confirm_destruction", destruction, by, on, f"строк: {count}")


def as_seen(destruction: Destruction, version: int | None) -> Destruction:
    """The list, if it is still the version that the screen showed."""
    if destruction.version != version:
        raise Refusal(OVERTAKEN)
    return destruction


# --- Carrying out -----------------------------------------------------------------------------------------------------------


def carry_out(destruction: Destruction, folder: Path, *, on: dt.datetime, watch: Watch = lambda: None) -> None:
    """Destroy what a confirmed list holds, line by line, files in `folder` (`settings.cases_dir`); the system does it.

    Begun anew after whatever broke it off; does nothing to a list that is not confirmed or is done. `watch` may stop it.
    """
    if destruction.state != "confirmed":
        return
    for item in list(_pending(destruction)):
        watch()
        one, shelf = store(item.store), SHELVES[item.store]
        since = one.kept_since(destruction.day)
        if isinstance(shelf, Listed):
            _destroy_one(item, shelf, since, folder, on)
        else:
            _destroy_all(item, shelf, since, on, watch)
    with database.atomic():
        values = {"state": "done", "done_at": on, "version": destruction.version + 1}
        same = Destruction.id == destruction.id, Destruction.state == "confirmed"
        if Destruction.update(values).where(*same).execute():
            _note("destroy", destruction, None, on, _told(destruction))
    destruction.state, destruction.done_at = "done", on
    if embedded():
        # Pages from before must not stay readable in the write-ahead log; whoever reads at this moment puts it off, not more.
        database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")


def _destroy_one(item: DestructionItem, shelf: Listed, since: dt.date, folder: Path, on: dt.datetime) -> None:
    destroyed = shelf.destroy(item.target or 0, since, folder)
    if destroyed and item.sha256:
        # The record is gone for good: only now its content, unless another case holds the same.
        attachments.throw_away({item.sha256}, folder)
    _settle(item, "destroyed" if destroyed else "kept", item.count if destroyed else 0, on)


def _destroy_all(item: DestructionItem, shelf: Counted, since: dt.date, on: dt.datetime, watch: Watch) -> None:
    gone = 1
    while gone:
        watch()
        with database.atomic():
            gone = shelf.destroy_some(since)
            DestructionItem.update(done=DestructionItem.done + gone).where(DestructionItem.id == item.id).execute()
    _settle(item, "destroyed", DestructionItem.get_by_id(item.id).done, on)


def _settle(item: DestructionItem, outcome: str, done: int, on: dt.datetime) -> None:
    values = {"outcome": outcome, "done": done, "settled_at": on}
    DestructionItem.update(values).where(DestructionItem.id == item.id).execute()


def _pending(destruction: Destruction) -> "ModelSelect[DestructionItem]":
    return destruction.items.where(DestructionItem.outcome == "").order_by(DestructionItem.id)


def waiting() -> "ModelSelect[Destruction]":
    """Confirmed lists that are not carried out yet."""
    return Destruction.select().where(Destruction.state == "confirmed").order_by(Destruction.id)


def freeze_act(destruction: Destruction, *, sha256: str, size: int, on: dt.datetime) -> None:
    """Keep the printed act; the system does it. Nothing happens for an act that is there already."""
    with database.atomic():
        there = Destruction.id == destruction.id, Destruction.state == "done", Destruction.act_sha256.is_null()
        if Destruction.update(act_sha256=sha256, act_size=size).where(*there).execute():
            _note("freeze_act", destruction, None, on, f"SHA-256 {sha256}")


def print_again(destruction: Destruction, *, by: User, on: dt.datetime) -> None:
    """Go on with a confirmed list, or have the act of a finished one printed, after the work has failed."""
    require(by, Permission.DESTROY)
    if destruction.state not in {"confirmed", "done"} or destruction.act_sha256:
        raise Refusal("Этот список не исполняется, или акт уже изготовлен.")
    jobs.queue(JOB, destruction.id)


def _told(destruction: Destruction) -> str:
    """How many of each store were destroyed, for the journal."""
    sums: Any = destruction.items.select(DestructionItem.store, fn.SUM(DestructionItem.done)).group_by(DestructionItem.store)
    done = dict(sums.tuples())
    return "; ".join(f"{one.title}: {done[one.name]}" for one in stores() if one.name in done)


def _change(destruction: Destruction, before: str, **values: object) -> None:
    same = Destruction.id == destruction.id, Destruction.version == destruction.version, Destruction.state == before
    values["version"] = destruction.version + 1
    if not Destruction.update(values).where(*same).execute():
        raise Refusal(OVERTAKEN)
    for name, value in values.items():
        setattr(destruction, name, value)


def _note(verb: str, destruction: Destruction, by: User | None, on: dt.datetime, details: str = "") -> None:
    journal.write(by=by, on=on, verb=verb, subject=SUBJECT, subject_id=destruction.id, details=details)
