"""What follows invented sittings and orders: drafts out of minutes, one of them sent for approval; requests to correct."""

import datetime as dt
from dataclasses import replace

from ...models import Correction, Order, Sitting, User, database
from ...procedure.words import Role
from ...site.corrections import moves
from ...site.dates import CITY, day_of
from ..acts import approval, comparison, corrections, drafting, order_facts, orders
from .orders import CHAIR, chair, working_day

Staff = dict[Role, User]

# Who asks for what, and how far the office has come: nobody of them exists.
REQUESTS = (
    ("Опечаткина Лия Марковна", "Отчество напечатано с ошибкой.", "prepared", 4),
    ("Описова Роза Ильинична", "Название школы напечатано не полностью.", "registered", 2),
    ("Точкин Захар Львович", "Напечатана первая категория, а была высшая.", "declined", 6),
    ("Запятаева Ада Глебовна", "В фамилии пропущена буква.", "received", 0),
)
MENDED = "Марковна"
NO_ERROR = "В протоколе заседания стоит то же, что в распоряжении: технической ошибки нет."


def approvers(order: Order, staff: Staff) -> dict[str, User]:
    """Who approves the order, by the name of the step: somebody of the first role that may."""
    return {step.name: next(staff[role] for role in step.roles if isinstance(role, Role)) for step in order_facts.chain(order)}


def draft_from_minutes(staff: Staff, *, on: dt.datetime) -> int:
    """Draft the orders of the sittings that have none yet, each category its own; the first waits for approval. How many."""
    by, made = staff[Role.SECRETARY], 0
    held = Sitting.select().where(Sitting.demo, Sitting.closed_at.is_null(False), Sitting.id.not_in(_drafted()))
    for sitting in held.order_by(Sitting.held_on):
        minutes = comparison.in_force(sitting)
        if minutes is None or not drafting.free(minutes):
            continue
        with database.atomic():
            signatory = {"signatory_position": CHAIR, "signatory_name": chair(day_of(on))}
            drafts = drafting.draft(sitting, drafting.Split(by_category=True), **signatory, by=by, on=on)
            if people := approvers(drafts[0], staff):
                approval.send(drafts[0], people, by=by, on=on)
        made += len(drafts)
    return made


def _drafted() -> list[int | None]:
    """The sittings whose decisions stand in orders."""
    return [id for order in Order.select(Order.sitting).where(Order.sitting.is_null(False)) if (id := order.sitting_id)]


def file_corrections(edition: str, staff: Staff, *, on: dt.datetime) -> None:
    """Lead the invented requests along their road; nothing where there are some already, or the procedure knows none."""
    order = Order.published().where(Order.demo, Order.amends.is_null()).first()
    if order is None or not moves.taken(edition) or Correction.select().exists():
        return
    by = staff[Role.SECRETARY]
    for line, (full_name, errors, stage, days) in enumerate(REQUESTS, 1):
        day = working_day(day_of(on) - dt.timedelta(days=days), -1)
        moment = min(dt.datetime.combine(day, dt.time(11), CITY), on)
        said = {"full_name": full_name, "phone": "+7 000 000-00-00", "line": str(line), "errors": errors}
        said |= {"order_number": order.number, "order_on": f"{order.registered_on:%d.%m.%Y}"}
        with database.atomic():
            made = corrections.enter(said, received_on=day, edition=edition, by=by, on=moment)
            if stage == "received":
                continue
            corrections.register(made, order, by=by, on=moment)
            if stage == "prepared":
                drafted = corrections.prepare(made, [line], by=by, on=moment)
                row = orders.rows_of(drafted)[0]
                orders.edit_row(drafted, 1, replace(row, patronymic=MENDED), by=by, on=moment)
            elif stage == "declined":
                corrections.decline(made, reason=NO_ERROR, by=by, on=moment)
