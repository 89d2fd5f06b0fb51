"""What follows from the publication of an order: asked for in its transaction, done by the worker afterwards.

Each step is a kind of job. It may be begun again after any failure, and does not do twice what it has done.
"""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from peewee import ModelSelect

from ...models import (
    Application,
    Hearing,
    Job,
    Order,
    OutgoingRecord,
    Publication,
    PublicationStep,
    Ruling,
    User,
    database,
    locked,
)
from ...procedure.refusal import Refusal
from ...procedure.road import EDITIONS, road
from ...procedure.words import Decision
from ...site import dumps, jobs, journal
from ...site.cases import moves
from ...site.dates import day_of
from ...site.subscriptions import notices
from ..access import Permission, require

CAUSE = "order.publish"
CLOSE_CASES = "close_cases"
ANSWER_CORRECTIONS = "answer_corrections"
SEARCH = "search"
# What follows from a publication, by the kind of job that does it.
STEPS = {
    CLOSE_CASES: "Дела закрыты, письма педагогам составлены",
    ANSWER_CORRECTIONS: "Запросы об исправлении закрыты",
    SEARCH: "Строки находит поиск",
    dumps.JOB: "Открытые данные обновлены",
    notices.JOB: "Подписчикам составлены письма",
}
# Cases closed in one transaction: others write in between.
AT_ONCE = 300
# Cases that are named when they cannot be closed.
NAMED = 5

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Shown:
    """A step as people see it: `done`, `queued`, `running` or `failed`, and what went wrong."""

    name: str
    title: str
    state: str
    error: str = ""
    done_at: dt.datetime | None = None
    done: int = 0
    total: int = 0


def release(order: Order, *, by: User, on: dt.datetime) -> None:
    """Write down that the order was published and ask for what follows; call inside the transaction of the publication."""
    publication = Publication.create(order=order, by=by, at=on)
    PublicationStep.insert_many([{"publication": publication, "name": name} for name in STEPS]).execute()
    for name in STEPS:
        jobs.queue(name, order.id)


def close_cases(order: Order, *, on: dt.datetime, progress: Progress) -> int:
    """Announce the decisions that a published order states: close the cases, write to the teachers; gives how many.

    A few hundred at a time, so that whatever comes in between leaves only whole cases behind. Refusal names the cases that
    cannot be closed; all the others are. An order that was withdrawn meanwhile announces nothing more.
    """
    publication = Publication.get(Publication.order == order)
    told = {"order_number": str(order.number), "order_on": f"{order.registered_on:%d.%m.%Y}"}
    days = {"published": day_of(publication.at)}
    total, closed, last = _open_cases(order).count(), 0, 0
    refused: dict[int, str] = {}
    while True:
        with database.atomic():
            cases = list(_open_cases(order).where(Application.id > last).order_by(Application.id).limit(AT_ONCE))
            if not cases or not _stands(order):
                break
            stated = _stated(order, cases)
            differing = {case.id for case in cases if case.decision not in {stated[case.id], ""}}
            agreeing = [case for case in cases if case.id not in differing]
            found = moves.follow_all(agreeing, CAUSE, by=publication.by, on=on, figures=told, days=days)
            _tell_order(order, [case.id for case in agreeing if case.id not in found])
        last = cases[-1].id
        for case in cases:
            if case.id in differing:
                refused[case.id] = f"{case}: решение в деле не то, что в строке распоряжения"
            elif case.id in found:
                refused[case.id] = f"{case}: {found[case.id].sentence}"
        closed += len(cases) - sum(case.id in refused for case in cases)
        progress(closed, total)
    if refused:
        raise Refusal(_not_closed(list(refused.values())))
    return closed


def settle(order_id: int, name: str, *, on: dt.datetime) -> None:
    """A job has done this step; nothing for a job that belongs to no publication."""
    mine = PublicationStep.publication.in_(Publication.select(Publication.id).where(Publication.order == order_id))
    PublicationStep.update(done_at=on).where(mine, PublicationStep.name == name, PublicationStep.done_at.is_null()).execute()


def retry(order: Order, name: str, *, by: User, on: dt.datetime) -> None:
    """Have a step that failed begun again."""
    require(by, Permission.WRITE_ORDERS)
    with database.atomic():
        # Locked: of two clicks the second sees the job of the first.
        if not locked(_left().where(Publication.order == order, PublicationStep.name == name)).exists():
            raise Refusal("Этот шаг публикации уже сделан: обновите страницу.")
        if _asked(name, order.id):
            raise Refusal("Этот шаг уже выполняется: подождите, страница покажет ход работы.")
        jobs.queue(name, order.id)
        journal.write(by=by, on=on, verb="retry_step", subject="order", subject_id=order.id, details=STEPS[name])


def take_up() -> int:
    """Ask again for steps that nobody is at work on, after whatever has stopped them; gives how many."""
    forgotten = [(step.name, step.publication.order_id) for step in _left() if not _asked(step.name, step.publication.order_id)]
    for name, order_id in forgotten:
        jobs.queue(name, order_id)
    return len(forgotten)


def shown(order: Order) -> list[Shown]:
    """The steps of an order's publication, in their order; none for one that was brought in as published. Two queries."""
    steps = {step.name: step for step in PublicationStep.select().join(Publication).where(Publication.order == order)}
    if not steps:
        return []
    newest = {job.kind: job for job in Job.select().where(Job.kind.in_(list(steps)), Job.target == order.id).order_by(Job.id)}
    return [_shown(steps[name], title, newest.get(name)) for name, title in STEPS.items() if name in steps]


def _shown(step: PublicationStep, title: str, job: Job | None) -> Shown:
    if step.done_at:
        return Shown(step.name, title, "done", done_at=step.done_at)
    if job is None or job.state in {"failed", "done"}:
        return Shown(step.name, title, "failed", error=job.error if job else "")
    return Shown(step.name, title, job.state, done=job.done, total=job.total)


def _left() -> "ModelSelect[PublicationStep]":
    return PublicationStep.select(PublicationStep, Publication).join(Publication).where(PublicationStep.done_at.is_null())


def _asked(name: str, order_id: int) -> bool:
    waiting = Job.kind == name, Job.target == order_id, Job.state.in_(["queued", "running"])
    return bool(Job.select().where(*waiting).exists())


def _open_cases(order: Order) -> "ModelSelect[Application]":
    """The cases whose decisions the order states and whose road has not ended."""
    ended = {status.name for edition in EDITIONS for status in road("application", edition).states if status.final}
    stated = Application.select().join(Hearing).join(Ruling).where(Ruling.order == order)
    return stated.where(Application.status.not_in(sorted(ended)))


def _stands(order: Order) -> bool:
    """Whether the order is published still; it stays so until the transaction ends."""
    same = Order.id == order.id, Order.status == road("order").move("publish").target
    return locked(Order.select(Order.id).where(*same)).first() is not None


def _stated(order: Order, cases: list[Application]) -> dict[int, Decision]:
    """The decision that the order states on each of these cases."""
    rows: Any = Ruling.select(Hearing.application, Ruling.established).join(Hearing)
    mine = rows.where(Ruling.order == order, Hearing.application.in_([case.id for case in cases])).tuples()
    return {case_id: Decision.ESTABLISH if established else Decision.REFUSE for case_id, established in mine}


def _tell_order(order: Order, case_ids: list[int]) -> None:
    """What is carried over about the results names the order that states them."""
    verbs = [move.verb for edition in EDITIONS for move in road("application", edition).moves if move.follows == CAUSE]
    mine = OutgoingRecord.application.in_(case_ids), OutgoingRecord.verb.in_(verbs)
    OutgoingRecord.update(order=order).where(*mine, OutgoingRecord.order.is_null()).execute()


def _not_closed(reasons: list[str]) -> str:
    more = f" И ещё дел: {len(reasons) - NAMED}." if len(reasons) > NAMED else ""
    named = "; ".join(reason.rstrip(".") for reason in reasons[:NAMED])
    return f"Закрыты не все дела. {named}.{more} Откройте эти дела, устраните расхождение и повторите шаг."
