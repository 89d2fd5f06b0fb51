"""What the office does with an order, from the first draft to publication. Each act is one transaction with its journal.

`order` is the order as the person saw it, its version says which: if somebody was quicker, the act is refused, nothing changes.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any

from peewee import CharField, IntegrityError, chunked

from ...models import Endorsement, Job, Order, OrderSignature, Ruling, Sitting, User, database, locked
from ...procedure.refusal import Refusal
from ...procedure.road import EDITION, road
from ...procedure.words import OrderKind
from ...site import fields, jobs, journal
from ...site.cases import outgoing
from ...site.dates import CITY
from ..access import Permission, require
from . import order_facts, publication
from .rows import Row, repeated
from .signatures import Certificate, SignatureFile

EARLIEST = dt.date(1990, 1, 1)
MOST_ROWS = 10_000
AT_ONCE = 500

# The status in which the road begins is the one in which an order may be changed.
BEGINNING = next(iter(road("order").statuses))
OVERTAKEN = "Распоряжение уже изменено другим сотрудником. Посмотрите, что изменилось, и, если нужно, повторите."
REASON = CharField(300, verbose_name="Причина")


# --- Preparing --------------------------------------------------------------------------------------------------------------


def create(
    *,
    title: str,
    signatory_position: str,
    signatory_name: str,
    by: User,
    on: dt.datetime,
    kind: OrderKind = OrderKind.DECISION,
    basis: str = "",
    demo: bool = False,
) -> Order:
    """Begin a draft."""
    require(by, Permission.WRITE_ORDERS)
    given = requisites(kind, title, basis, signatory_position, signatory_name)
    with database.atomic():
        order = Order.create(**given, created_at=on, created_by=by, demo=demo)
        note(order, "create", by, on)
    return order


def edit(
    order: Order,
    *,
    title: str,
    signatory_position: str,
    signatory_name: str,
    by: User,
    on: dt.datetime,
    kind: OrderKind = OrderKind.DECISION,
    basis: str = "",
) -> Order:
    """Change the requisites of a draft."""
    require(by, Permission.WRITE_ORDERS)
    given = requisites(kind, title, basis, signatory_position, signatory_name)
    if given["kind"] != order.kind and (order.sitting_id or order.amends_id):
        raise Refusal("Вид этого распоряжения не меняют: он следует из того, по чему подготовлен проект.", "3.5.1")
    changed = [name for name, value in given.items() if getattr(order, name) != value]
    with database.atomic():
        hold_draft(order, **given)
        note(order, "edit", by, on, ", ".join(getattr(Order, name).verbose_name for name in changed))
    return seen(order, **given)


def append_rows(order: Order, rows: Sequence[Row], *, by: User, on: dt.datetime) -> Order:
    """Add rows at the end of a draft's annex: all of them or none."""
    require(by, Permission.WRITE_ORDERS)
    with database.atomic():
        hold_draft(order)
        _refuse_amending(order)
        present = rows_of(order)
        _refuse_repeated(rows, present)
        insert(order, rows, first=len(present) + 1)
        note(order, "append_rows", by, on, f"строк: {len(rows)}, стало {len(present) + len(rows)}")
    return seen(order)


def replace_rows(order: Order, rows: Sequence[Row], *, by: User, on: dt.datetime) -> Order:
    """Put these rows in place of all rows of a draft: all of them or none."""
    require(by, Permission.WRITE_ORDERS)
    with database.atomic():
        hold_draft(order)
        _refuse_amending(order)
        _refuse_repeated(rows, ())
        before = Ruling.delete().where(Ruling.order == order).execute()
        insert(order, rows, first=1)
        note(order, "replace_rows", by, on, f"было строк: {before}, стало {len(rows)}")
    return seen(order)


def edit_row(order: Order, number: int, row: Row, *, by: User, on: dt.datetime) -> Order:
    """Put this row in place of row `number` of a draft."""
    require(by, Permission.WRITE_ORDERS)
    with database.atomic():
        hold_draft(order)
        _refuse_repeated([row], [other for other in rows_of(order) if other.line != number])
        changed = Ruling.update(**_columns(row)).where(Ruling.order == order, Ruling.number == number).execute()
        if not changed:
            raise Refusal(f"Строки {number} в распоряжении нет: обновите страницу.")
        note(order, "edit_row", by, on, f"строка {number}")
    return seen(order)


def remove_row(order: Order, number: int, *, by: User, on: dt.datetime) -> Order:
    """Take row `number` out of a draft; the rows after it move up."""
    require(by, Permission.WRITE_ORDERS)
    with database.atomic():
        hold_draft(order)
        mine = Ruling.order == order
        if not Ruling.delete().where(mine, Ruling.number == number).execute():
            raise Refusal(f"Строки {number} в распоряжении нет: обновите страницу.")
        # In two steps, because numbers are unique at every moment: first far away, then one less.
        away = 10 * MOST_ROWS
        Ruling.update(number=Ruling.number + away).where(mine, Ruling.number > number).execute()
        Ruling.update(number=Ruling.number - away - 1).where(mine, Ruling.number > away).execute()
        note(order, "remove_row", by, on, f"строка {number}")
    return seen(order)


def delete(order: Order, *, by: User, on: dt.datetime) -> Order:
    """Delete a draft with its rows."""
    require(by, Permission.WRITE_ORDERS)
    with database.atomic():
        hold_draft(order)
        if order.signatures.exists():
            raise Refusal("Распоряжение уже подписывали, поэтому его не удаляют: исправьте его и подпишите снова.", "3.5.2")
        if asked := order.answers.first():
            raise Refusal(f"Проект отвечает на запрос об исправлении {asked}: сначала откажитесь от него на странице запроса.")
        rows = Ruling.delete().where(Ruling.order == order).execute()
        Order.delete().where(Order.id == order.id).execute()
        note(order, "delete", by, on, f"строк: {rows}")
    return order


# --- The road ---------------------------------------------------------------------------------------------------------------


def sign(
    order: Order,
    *,
    signed_on: dt.date,
    by: User,
    on: dt.datetime,
    certificate: Certificate | None = None,
    file: SignatureFile | None = None,
) -> Order:
    """Mark that the order was signed on this day (3.5.2), with the certificate and the kept file of an electronic signature."""
    _plausible(signed_on, on, "Дата подписания")
    if order.sitting_id and signed_on < order.sitting.held_on:
        raise Refusal(f"Дата подписания раньше дня заседания ({order.sitting.held_on:%d.%m.%Y}): исправьте дату.", "3.5.2")
    told = certificate.told(signed_on) if certificate else {}
    with database.atomic():
        if order.sitting_id:
            # Whoever is about to mend the minutes at this moment has seen another sitting, and is refused.
            Sitting.update(version=Sitting.version + 1).where(Sitting.id == order.sitting_id).execute()
        move(order, "sign", by, on, details=f"подписано {signed_on:%d.%m.%Y}", signed_on=signed_on)
        kept = {"file_name": file.name, "sha256": file.sha256, "size": file.size} if file else {}
        OrderSignature.create(order=order, signed_on=signed_on, marked_by=by, marked_at=on, **told, **kept)
    return order


def return_to_draft(order: Order, *, reason: str, by: User, on: dt.datetime) -> Order:
    """Take the order back from approval or from signing, so that it can be changed; it is approved and signed anew (3.5.2)."""
    with database.atomic():
        drop_steps(order, on)
        OrderSignature.update(dropped_at=on).where(OrderSignature.order == order, OrderSignature.dropped_at.is_null()).execute()
        move(order, "return_to_draft", by, on, reason=reason, signed_on=None, round=order.round + 1)
    return order


def register(order: Order, *, number: str, registered_on: dt.date, by: User, on: dt.datetime) -> Order:
    """Give number and date (3.6.2) and have the PDF made."""
    kept = fields.order_number(number)
    _plausible(registered_on, on, "Дата регистрации")
    if order.signed_on and registered_on < order.signed_on:
        raise Refusal(f"Дата регистрации раньше даты подписания ({order.signed_on:%d.%m.%Y}): исправьте дату.")
    given: dict[str, Any] = {"number": kept, "registered_on": registered_on, "year": registered_on.year}
    taken = f"Номер {kept} в {registered_on.year} году уже занят: проверьте номер и дату."
    if Order.select().where(Order.year == registered_on.year, Order.number == kept, Order.id != order.id).exists():
        raise Refusal(taken)
    try:
        with database.atomic():
            move(order, "register", by, on, details=f"№ {kept} от {registered_on:%d.%m.%Y}", **given)
            jobs.queue("order_pdf", order.id)
    except IntegrityError:  # somebody took the number between the question and the answer
        raise Refusal(taken) from None
    return order


def unregister(order: Order, *, reason: str, by: User, on: dt.datetime) -> Order:
    """Take number and date back (3.6.2); the PDF made for them is no longer this order's."""
    emptied: dict[str, Any] = dict.fromkeys(("number", "registered_on", "year", "pdf_sha256", "pdf_size", "pdf_pages"))
    with database.atomic():
        was = f"был № {order.number}"
        move(order, "unregister", by, on, reason=reason, details=was, **emptied)
        Ruling.update(page=None).where(Ruling.order == order).execute()
    return order


def publish(order: Order, *, by: User, on: dt.datetime, edition: str = EDITION) -> Order:
    """Publish for good (3.6.2): afterwards neither the order nor its file can be changed. What follows is done by jobs.

    `edition`: the procedure by which the office works, for what it says of systems of others.
    """
    with database.atomic():
        _hold_amended(order)
        move(order, "publish", by, on, details=f"№ {order.number}", published_at=on)
        outgoing.ask_of(order, "publish", edition, on)
        publication.release(order, by=by, on=on)
    return order


def request_pdf(order: Order, *, by: User, on: dt.datetime) -> Order:
    """Have the PDF of a registered order made again, after it failed."""
    require(by, Permission.WRITE_ORDERS)
    with database.atomic():
        # The write locks the order: of two clicks the second sees the job of the first.
        waiting = Order.update(version=Order.version).where(
            Order.id == order.id, Order.status == "registered", Order.pdf_sha256.is_null()
        )
        if not waiting.execute():
            raise Refusal("Изготовить PDF можно только для зарегистрированного распоряжения, у которого его ещё нет.")
        job = Job.latest("order_pdf", order.id)
        if job and job.state in {"queued", "running"}:
            raise Refusal("PDF уже изготавливается: подождите, страница покажет ход работы.")
        jobs.queue("order_pdf", order.id)
        note(order, "request_pdf", by, on)
    return order


def freeze_pdf(order: Order, *, sha256: str, size: int, pages: int, row_pages: Mapping[int, int], on: dt.datetime) -> Order:
    """Take the finished file (size in bytes) as this order's, and where each row stands in it (row number → page).

    Refused unless the order is registered, still without a file and unchanged since the one the file was made from.
    """
    frozen = {"pdf_sha256": sha256, "pdf_size": size, "pdf_pages": pages}
    by_page: dict[int, list[int]] = {}
    for number, page in row_pages.items():
        by_page.setdefault(page, []).append(number)
    with database.atomic():
        # The version stays: what people see and may do has not changed, only the file has arrived.
        same = Order.id == order.id, Order.version == order.version, Order.status == "registered", Order.pdf_sha256.is_null()
        if not Order.update(**frozen).where(*same).execute():
            raise Refusal("Распоряжение изменилось, пока изготавливался PDF: этот файл ему больше не подходит.")
        for page, numbers in by_page.items():
            for part in chunked(numbers, AT_ONCE):
                Ruling.update(page=page).where(Ruling.order == order, Ruling.number.in_(list(part))).execute()
        note(order, "freeze_pdf", None, on, f"страниц: {pages}, байт: {size}, SHA-256 {sha256}")
    return _take(order, frozen)


# --- Reading ----------------------------------------------------------------------------------------------------------------


def as_seen(order: Order, version: int | None) -> Order:
    """The order, if it is still the version that the person's screen showed; Refusal if somebody was quicker."""
    if order.version != version:
        raise Refusal(OVERTAKEN)
    return order


def rows_of(order: Order) -> list[Row]:
    """All rows of an order; one query."""
    return [Row.of(ruling) for ruling in Ruling.select().where(Ruling.order == order).order_by(Ruling.number)]


# --- What every act goes through -------------------------------------------------------------------------------------------


def move(order: Order, verb: str, by: User, on: dt.datetime, *, reason: str = "", details: str = "", **changes: Any) -> Order:
    """The one writer of status: asks the procedure, swaps status and version if nobody was quicker, writes the journal."""
    with database.atomic():
        proposed = Order(**{**order.__data__, **changes})
        facts = order_facts.observe(proposed, by, road("order").move(verb).needs)
        found = road("order").check(verb, order.status, by.role_set() if by.active else frozenset(), facts, reason)
        reason = fields.line(REASON, reason, required=found.reason)
        status = found.leads_from(order.status)
        _swap(order, status=status, **changes)
        note(order, verb, by, on, "; ".join(filter(None, (details, reason))))
    return seen(order, status=status, **changes)


def _swap(order: Order, **changes: Any) -> None:
    """Write, if status and version are still those the person saw."""
    same = Order.id == order.id, Order.version == order.version, Order.status == order.status
    if not Order.update(version=order.version + 1, **changes).where(*same).execute():
        raise Refusal(OVERTAKEN)


def drop_steps(order: Order, on: dt.datetime) -> None:
    """Nobody is waited for any more who has not approved; call inside the transaction of the move."""
    left = Endorsement.order == order, Endorsement.outcome == ""
    Endorsement.update(outcome="dropped", settled_at=on).where(*left).execute()


def hold_draft(order: Order, **changes: Any) -> None:
    """Take a draft for changing in this transaction."""
    if order.status != BEGINNING:
        state = road("order").statuses[order.status]
        raise Refusal(f"Менять можно только проект, а распоряжение в состоянии «{state}».", "3.5.2")
    _swap(order, **changes)


def seen(order: Order, **changes: Any) -> Order:
    """After the transaction: the object in hand becomes what the table holds."""
    return _take(order, {"version": order.version + 1, **changes})


def _take(order: Order, changes: Mapping[str, Any]) -> Order:
    for name, value in changes.items():
        setattr(order, name, value)
    return order


def note(order: Order, verb: str, by: User | None, on: dt.datetime, details: str = "") -> None:
    journal.write(by=by, on=on, verb=verb, subject="order", subject_id=order.id, details=details)


def requisites(kind: OrderKind, title: str, basis: str, signatory_position: str, signatory_name: str) -> dict[str, str]:
    return {
        "kind": OrderKind(kind).value,
        "title": fields.line(Order.title, title),
        "basis": fields.paragraph(Order.basis, basis),
        "signatory_position": fields.line(Order.signatory_position, signatory_position, required=False),
        "signatory_name": fields.line(Order.signatory_name, signatory_name, required=False),
    }


def _plausible(day: dt.date, on: dt.datetime, what: str) -> None:
    if day > on.astimezone(CITY).date():
        raise Refusal(f"{what} ещё не наступила: проверьте день, месяц и год.")
    if day < EARLIEST:
        raise Refusal(f"{what} раньше {EARLIEST.year} года: проверьте год.")


def _hold_amended(order: Order) -> None:
    """Nobody else changes or withdraws what this order changes until the transaction ends: of two orders that would put
    something in the place of one row, the second sees the first."""
    former = Ruling.alias("former")
    theirs = former.select(former.order).join(Ruling, on=Ruling.amends == former.id).where(Ruling.order == order)
    amended = (Order.id == order.amends_id) | Order.id.in_(theirs)
    list(locked(Order.select(Order.id).where(amended).order_by(Order.id)))


def _refuse_amending(order: Order) -> None:
    """A row of an amending order stands in the place of another; a new one would stand in nobody's."""
    if order.amends_id:
        raise Refusal(
            "Строки в это распоряжение не добавляют: каждая стоит вместо строки другого. Чтобы изменить ещё одну строку,"
            " подготовьте проект заново.",
            "3.7.2",
        )


def _refuse_repeated(rows: Sequence[Row], present: Sequence[Row]) -> None:
    if len(rows) + len(present) > MOST_ROWS:
        raise Refusal(f"В распоряжении не может быть больше {MOST_ROWS} строк: разделите его на несколько.")
    if problems := repeated(rows, present):
        more = f" И ещё повторов: {len(problems) - 1}." if len(problems) > 1 else ""
        raise Refusal(problems[0].reason + more)


def insert(order: Order, rows: Sequence[Row], first: int, hearings: Sequence[int] = ()) -> None:
    """Write rows of a draft that is held, each with the decision it states if there are any."""
    lines = [
        {"order": order.id, "number": number, **_columns(row), "hearing": hearing}
        for number, (row, hearing) in enumerate(zip_longest(rows, hearings), first)
    ]
    for part in chunked(lines, AT_ONCE):
        Ruling.insert_many(list(part)).execute()


def _columns(row: Row) -> dict[str, Any]:
    return {
        "surname": row.surname,
        "name": row.name,
        "patronymic": row.patronymic,
        "position": row.position,
        "organization": row.organization,
        "category": row.category.value,
        "established": row.established,
    }
