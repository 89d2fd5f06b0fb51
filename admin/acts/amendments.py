"""What is done to a published order: an amending one is drafted from its rows (3.7.2), or it is withdrawn."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from ...models import Order, Ruling, User, database, locked
from ...procedure.refusal import Refusal
from ...procedure.road import EDITION
from ...procedure.words import OrderKind
from ...site import fields, jobs, journal
from ...site.amendments import SAID, overtaken_rows, standing
from ...site.cases import outgoing
from ...site.subscriptions import notices
from ..access import Permission, require
from . import orders
from .orders import AT_ONCE

# Rows that are named when they are not there.
NAMED = 10


def draft(amended: Order, lines: Sequence[int], *, basis: str, by: User, on: dt.datetime) -> Order:
    """A draft that repeats these rows (by their numbers) of a published order, to be put right there row by row.

    A row that was changed before is taken as it stands now, in the latest amending order.
    """
    require(by, Permission.WRITE_ORDERS)
    if amended.status != "published":
        raise Refusal("Изменения вносят только в опубликованное распоряжение.", "3.7.1")
    wanted = sorted(set(lines))
    if not 0 < len(wanted) <= AT_ONCE:
        raise Refusal(f"Укажите строки, в которых есть ошибка, не больше {AT_ONCE} за один раз.", "3.7.1")
    with database.atomic():
        rows = list(Ruling.select().where(Ruling.order == amended, Ruling.number.in_(wanted)).order_by(Ruling.number))
        if missing := sorted(set(wanted) - {row.number for row in rows}):
            raise Refusal(f"Таких строк в распоряжении нет: {', '.join(map(str, missing[:NAMED]))}. Проверьте номера.")
        made: Order = Order.create(
            kind=OrderKind.AMENDMENT.value,
            title=f"О внесении изменений в распоряжение {amended}",
            basis=fields.paragraph(Order.basis, basis, required=True),
            signatory_position=amended.signatory_position,
            signatory_name=amended.signatory_name,
            amends=amended,
            created_at=on,
            created_by=by,
            demo=amended.demo,
        )
        for number, row in enumerate(map(standing, rows), 1):
            Ruling.create(order=made, number=number, amends=row, **_said(row))
        details = f"изменяет {amended}, строк: {len(rows)}"
        journal.write(by=by, on=on, verb="create", subject="order", subject_id=made.id, details=details)
    return made


def renew(order: Order, *, by: User, on: dt.datetime) -> Order:
    """Put the rows of an amending draft that do not stand any more in the place of those that do, with what these say now."""
    require(by, Permission.WRITE_ORDERS)
    if order.amends is None or order.amends.status != "published":
        raise Refusal("Распоряжения, в которое вносят изменения, на сайте нет: обновлять строки не по чему.", "3.7.1")
    with database.atomic():
        orders.hold_draft(order)
        numbers = overtaken_rows(order)
        if not numbers:
            raise Refusal("Все строки проекта стоят вместо действующих: обновлять нечего.", "3.7.2")
        for row in Ruling.select().where(Ruling.order == order, Ruling.number.in_(numbers)):
            now = standing(_origin(row.amends, order.amends))
            Ruling.update(amends=now, **_said(now)).where(Ruling.id == row.id).execute()
        orders.note(order, "renew", by, on, f"строки: {', '.join(map(str, numbers))}")
    return orders.seen(order)


def withdraw(order: Order, *, reason: str, by: User, on: dt.datetime, edition: str = EDITION) -> Order:
    """Take a published order off the site for a reason that everybody reads in its place; its rows leave the search.

    The decisions that it stated may stand in another order again. Whatever changes it is withdrawn before.
    """
    with database.atomic():
        list(locked(Order.select(Order.id).where(Order.id == order.id)))
        if changing := _changing(order):
            named = ", ".join(f"№ {one.number} от {one.registered_on:%d.%m.%Y}" for one in changing)
            raise Refusal(f"Это распоряжение изменено другими ({named}): сначала отзовите их.", "3.7.1")
        orders.move(order, "withdraw", by, on, reason=reason, withdrawn_at=on, withdrawal_reason=reason.strip())
        Ruling.update(hearing=None).where(Ruling.order == order, Ruling.hearing.is_null(False)).execute()
        outgoing.ask_of(order, "withdraw", edition, on)
        jobs.queue("search", order.id)
        jobs.queue(notices.JOB, order.id)
    return order


def _changing(order: Order) -> list[Order]:
    """The published orders that stand on this one, or on one of its rows."""
    former = Ruling.alias("former")
    theirs = Ruling.select(Ruling.order).join(former, on=Ruling.amends == former.id).where(former.order == order)
    return list(Order.published().where((Order.amends == order) | Order.id.in_(theirs)))


def _origin(row: Ruling, amended: Order) -> Ruling:
    """The row of the amended order that stands at the beginning of what has been made of it."""
    while row.order_id != amended.id and row.amends is not None:
        row = row.amends
    return row


def _said(row: Ruling) -> dict[str, Any]:
    return {name: getattr(row, name) for name in SAID}
