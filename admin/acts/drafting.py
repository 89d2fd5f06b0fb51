"""Orders out of minutes (3.5.1, 3.5.2): drafts whose rows are the decisions of a sitting, and a draft brought to them again."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from peewee import IntegrityError, chunked

from ...models import Minutes, Order, Ruling, Sitting, User, database, locked, russian_key
from ...procedure.refusal import Refusal
from ...procedure.words import Category, OrderKind
from ...site import fields
from ..access import Permission, require
from . import comparison, orders
from .comparison import Decided, in_force
from .rows import Row

# What an order on the results of a sitting is called (3.5.6).
TITLE = "Об установлении (отказе в установлении) квалификационной категории педагогическим работникам"
OVERTAKEN = "Заседание уже изменено другим сотрудником. Посмотрите, что изменилось, и, если нужно, повторите."
STATED = "Все решения этого заседания уже стоят в распоряжениях."


@dataclass(frozen=True)
class Split:
    """How decisions are put into several orders: each category into its own, at most so many rows in each (0: any number)."""

    by_category: bool = False
    most_rows: int = 0

    def __str__(self) -> str:
        groups = "каждая категория в своём распоряжении" if self.by_category else "обе категории вместе"
        return f"{groups}, строк в распоряжении {f'не больше {self.most_rows}' if self.most_rows else 'сколько угодно'}"


def portions(decided: Iterable[Decided], split: Split) -> list[list[Decided]]:
    """The decisions of each order, by the alphabet; the highest category comes first where categories are split."""
    ordered = alphabetical(decided)
    groups = [ordered]
    if split.by_category:
        groups = [[one for one in ordered if one.row.category is each] for each in (Category.HIGHEST, Category.FIRST)]
    size = split.most_rows or orders.MOST_ROWS
    return [list(part) for group in groups for part in chunked(group, size)]


def alphabetical(decided: Iterable[Decided]) -> list[Decided]:
    """The decisions by the Russian alphabet."""
    return sorted(decided, key=lambda one: (russian_key(comparison.person(one.row)), one.place or 0, one.hearing))


def free(minutes: Minutes) -> list[Decided]:
    """The decisions of these minutes that no order states yet; one query."""
    return [one for one in comparison.decisions(minutes) if not one.taken]


def draft(
    sitting: Sitting,
    split: Split,
    *,
    signatory_position: str,
    signatory_name: str,
    by: User,
    on: dt.datetime,
) -> list[Order]:
    """Begin orders for the decisions of a sitting that stand in none yet; several where they are split."""
    require(by, Permission.WRITE_ORDERS)
    if not 0 <= split.most_rows <= orders.MOST_ROWS:
        raise Refusal(f"Строк в одном распоряжении может быть от 1 до {orders.MOST_ROWS}.")
    requisites = orders.requisites(OrderKind.DECISION, TITLE, "", signatory_position, signatory_name)
    try:
        with database.atomic():
            held = _held(sitting)
            minutes = _minutes(held)
            found = [
                _one(held, minutes, part, split, {**requisites, "basis": basis(held)}, by, on)
                for part in portions(free(minutes), split)
            ]
            if not found:
                raise Refusal(STATED, "3.5.2")
    except IntegrityError:  # somebody put one of the decisions into an order meanwhile
        raise Refusal(STATED, "3.5.2") from None
    return found


def align(order: Order, *, by: User, on: dt.datetime) -> Order:
    """Bring the rows of a draft to what the minutes say now: its own decisions, and those that no order states."""
    require(by, Permission.WRITE_ORDERS)
    if order.sitting_id is None:
        raise Refusal("Это распоряжение подготовлено не по протоколу: сличать его не с чем.", "3.5.2")
    try:
        with database.atomic():
            minutes = _minutes(_held(order.sitting, seen=False))
            orders.hold_draft(order, minutes=minutes, basis=basis(order.sitting))
            mine = {one.hearing for one in comparison.stated(order)}
            decided = comparison.decisions(minutes)
            rows = alphabetical(one for one in decided if one.hearing in mine or not one.taken)
            before = Ruling.delete().where(Ruling.order == order).execute()
            _insert(order, rows)
            orders.note(order, "align", by, on, f"было строк: {before}, стало {len(rows)}")
    except IntegrityError:
        raise Refusal(orders.OVERTAKEN) from None
    return orders.seen(order, minutes=minutes, basis=basis(order.sitting))


def basis(sitting: Sitting) -> str:
    """What an order says of the minutes it rests on."""
    return f"протокол заседания аттестационной комиссии от {sitting.held_on:%d.%m.%Y} № {sitting.minutes_number}"


def _one(
    sitting: Sitting,
    minutes: Minutes,
    part: Sequence[Decided],
    split: Split,
    requisites: dict[str, str],
    by: User,
    on: dt.datetime,
) -> Order:
    order = Order.create(**requisites, sitting=sitting, minutes=minutes, created_at=on, created_by=by, demo=sitting.demo)
    _insert(order, part)
    orders.note(order, "draft_order", by, on, f"заседание {sitting.held_on:%d.%m.%Y}, строк: {len(part)}; {split}")
    return order


def _insert(order: Order, decided: Sequence[Decided]) -> None:
    rows = [_fit(one.row) for one in decided]
    orders.insert(order, rows, first=1, hearings=[one.hearing for one in decided])


def _fit(row: Row) -> Row:
    """The row, if every text of it has room in an order."""

    def text(name: str) -> str:
        return fields.line(getattr(Ruling, name), getattr(row, name), required=name != "patronymic")

    try:
        person = text("surname"), text("name"), text("patronymic")
        return Row(*person, text("position"), text("organization"), row.category, row.established)
    except Refusal as refusal:
        raise Refusal(f"{comparison.person(row)}: {refusal.sentence} Исправьте заявление.", "3.5.2") from None


def _held(sitting: Sitting, *, seen: bool = True) -> Sitting:
    """The sitting as the table holds it, locked; Refusal if it is no longer the one that was seen."""
    held: Sitting = locked(Sitting.select().where(Sitting.id == sitting.id)).get()
    if seen and held.version != sitting.version:
        raise Refusal(OVERTAKEN)
    return held


def _minutes(sitting: Sitting) -> Minutes:
    minutes = in_force(sitting)
    if minutes is None:
        raise Refusal("Протокола заседания ещё нет, или он открыт для исправления: сначала завершите заседание.", "3.5.1")
    return minutes
