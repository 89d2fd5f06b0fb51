"""What is done to a published order: an amending one is drafted from its rows (3.7.2), or it is withdrawn."""

import datetime as dt
from collections.abc import Sequence

from ...models import Order, Ruling, User, database
from ...procedure.refusal import Refusal
from ...procedure.words import OrderKind
from ...site import jobs, journal
from ...site.amendments import SAID
from ...site.subscriptions import notices
from ..access import Permission, require
from . import orders
from .orders import AT_ONCE


def draft(amended: Order, lines: Sequence[int], *, basis: str, by: User, on: dt.datetime) -> Order:
    """A draft that repeats these rows (by their numbers) of a published order, to be put right there row by row.

    A row that was changed before is taken as it stands now, in the latest amending order.
    """
    require(by, Permission.WRITE_ORDERS)
    if amended.status != "published":
        raise Refusal("Изменения вносят только в опубликованное распоряжение.", "3.7.1")
    wanted = sorted(set(lines))
    if not 0 < len(wanted) <= AT_ONCE:
        raise Refusal(f"Отметьте строки, в которых есть ошибка, не больше {AT_ONCE} за один раз.", "3.7.1")
    with database.atomic():
        rows = list(Ruling.select().where(Ruling.order == amended, Ruling.number.in_(wanted)).order_by(Ruling.number))
        if len(rows) < len(wanted):
            raise Refusal("Таких строк в распоряжении нет: обновите страницу.")
        made: Order = Order.create(
            kind=OrderKind.AMENDMENT.value,
            title=f"О внесении изменений в распоряжение {amended}",
            basis=basis,
            signatory_position=amended.signatory_position,
            signatory_name=amended.signatory_name,
            amends=amended,
            created_at=on,
            created_by=by,
            demo=amended.demo,
        )
        for number, row in enumerate(map(standing, rows), 1):
            told = {name: getattr(row, name) for name in SAID}
            Ruling.create(order=made, number=number, amends=row, **told)
        details = f"изменяет {amended}, строк: {len(rows)}"
        journal.write(by=by, on=on, verb="create", subject="order", subject_id=made.id, details=details)
    return made


def withdraw(order: Order, *, reason: str, by: User, on: dt.datetime) -> Order:
    """Take a published order off the site for a reason that everybody reads in its place; its rows leave the search.

    The decisions that it stated may stand in another order again.
    """
    with database.atomic():
        orders.move(order, "withdraw", by, on, reason=reason, withdrawn_at=on, withdrawal_reason=reason.strip())
        Ruling.update(hearing=None).where(Ruling.order == order, Ruling.hearing.is_null(False)).execute()
        jobs.queue("search", order.id)
        jobs.queue(notices.JOB, order.id)
    return order


def standing(row: Ruling) -> Ruling:
    """The row as it stands now: the last of those published in its place."""
    while later := _in_place_of(row):
        row = later
    return row


def _in_place_of(row: Ruling) -> Ruling | None:
    found: Ruling | None = (
        Ruling.select(Ruling, Order)
        .join(Order, on=Ruling.order == Order.id)
        .where(Ruling.amends == row, Order.status == "published")
        .order_by(Ruling.id.desc())
        .first()
    )
    return found
