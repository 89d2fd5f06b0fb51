"""What follows invented sittings and orders: orders out of minutes, one waiting for approval; requests to correct."""

import datetime as dt
from dataclasses import replace

from ...models import Correction, Order, Ruling, Sitting, User, database
from ...procedure.words import Role
from ...site.corrections import moves
from ...site.dates import CITY, day_of
from ...site.printing.order_words import order_sheet
from ...site.settings import Settings
from ..acts import approval, comparison, corrections, drafting, order_facts, orders
from .orders import CHAIR, chair, working_day
from .printing import print_and_freeze

Staff = dict[Role, User]

# Who asks for what, and how far the office has come: nobody of them exists.
REQUESTS = (
    ("Опечаткина Лия Марковна", "Отчество напечатано с ошибкой.", "prepared", 4),
    ("Описова Роза Ильинична", "Название школы напечатано не полностью.", "registered", 2),
    ("Точкин Захар Львович", "Напечатана первая категория, а была высшая.", "declined", 6),
    ("Запятаева Ада Глебовна", "В фамилии пропущена буква.", "received", 0),
)
# Of the orders out of minutes: beyond those of the archive.
FIRST_NUMBER = 9001
MENDED = "Марковна"
NO_ERROR = "В протоколе заседания стоит то же, что в распоряжении: технической ошибки нет."


def approvers(order: Order, staff: Staff) -> dict[str, User]:
    """Who approves the order, by the name of the step: somebody of the first role that may."""
    return {step.name: next(staff[role] for role in step.roles if isinstance(role, Role)) for step in order_facts.chain(order)}


def draft_from_minutes(settings: Settings, staff: Staff, *, on: dt.datetime) -> int:
    """Draft the orders of the sittings that have none yet, each category its own. How many.

    Of each sitting the first waits for approval, the others are published.
    """
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
            for order in drafts[1:]:
                _publish(order, settings, staff, on)
        made += len(drafts)
    return made


def _publish(order: Order, settings: Settings, staff: Staff, on: dt.datetime) -> None:
    """Lead a draft to its publication, which ends its cases; what follows is left to the worker, as always."""
    by, today = staff[Role.SECRETARY], day_of(on)
    people = approvers(order, staff)
    approval.send(order, people, by=by, on=on)
    for person in people.values():
        approval.approve(order, by=person, on=on)
    orders.sign(order, signed_on=today, by=by, on=on)
    orders.register(order, number=f"{FIRST_NUMBER + order.id}-р", registered_on=today, by=by, on=on)
    sheet = order_sheet(order, order.rulings.order_by(Ruling.number), settings)
    file = print_and_freeze(sheet, settings.files_dir)
    orders.freeze_pdf(order, sha256=file.sha256, size=file.size, pages=file.pages, row_pages=file.row_pages, on=on)
    orders.publish(order, by=staff[Role.PUBLISHER], on=on, edition=settings.procedure)


def _drafted() -> list[int | None]:
    """The sittings whose decisions stand in orders."""
    return [id for order in Order.select(Order.sitting).where(Order.sitting.is_null(False)) if (id := order.sitting_id)]


def file_corrections(edition: str, staff: Staff, *, on: dt.datetime) -> None:
    """Lead the invented requests along their road; nothing where there are some already, or the procedure knows none."""
    # One of the archive: those out of minutes are of today, and the requests are older.
    order = Order.published().where(Order.demo, Order.amends.is_null(), Order.sitting.is_null()).first()
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
