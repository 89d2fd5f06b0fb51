"""Whether the rows of an order say what the minutes of its sitting say: decisions against rows, one by one (3.5.4)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any

from peewee import JOIN

from ...models import Application, Hearing, Minutes, Order, Ruling, Sitting
from ...procedure.words import Category, Decision
from .commission.moves import under_way
from .rows import Row

# Minutes write the category in words.
CATEGORIES = {category.label: category for category in Category}


class Kind(StrEnum):
    """Ways in which an order and the minutes disagree."""

    OUTDATED = "outdated"
    CHANGED = "changed"
    TWICE = "twice"
    EXTRA = "extra"
    MISSING = "missing"

    @property
    def label(self) -> str:
        return {
            "outdated": "протокол исправлен после подготовки проекта",
            "changed": "записано по-разному",
            "twice": "в распоряжении дважды",
            "extra": "такого решения в протоколе нет",
            "missing": "решения нет ни в одном распоряжении",
        }[self.value]


@dataclass(frozen=True)
class Decided:
    """What the commission decided on a case, as a row of an order says it. `taken`: an order states it already."""

    hearing: int
    place: int | None
    row: Row
    taken: bool = False


@dataclass(frozen=True)
class Stated:
    """A row of an order, and the decision it was made from."""

    row: Row
    hearing: int | None


@dataclass(frozen=True)
class Difference:
    """One disagreement. `line`: of the order, 0 when it has none; `field`: what differs, with both texts."""

    kind: Kind
    line: int = 0
    person: str = ""
    field: str = ""
    minutes: str = ""
    order: str = ""


def compare(decided: Iterable[Decided], stated: Sequence[Stated]) -> tuple[Difference, ...]:
    """All disagreements: of rows in their order, then decisions that no row of this or another order states."""
    known = {one.hearing: one for one in decided}
    times = Counter(one.row.identity() for one in stated)
    found: list[Difference] = []
    for one in stated:
        decision = known.get(one.hearing) if one.hearing else None
        if decision:
            found += _changed(decision.row, one.row)
        else:
            kind = Kind.TWICE if times[one.row.identity()] > 1 else Kind.EXTRA
            found.append(Difference(kind, one.row.line, person(one.row), order=_outcome(one.row)))
    here = {one.hearing for one in stated}
    found += [
        Difference(Kind.MISSING, person=person(one.row), minutes=_outcome(one.row))
        for one in known.values()
        if one.hearing not in here and not one.taken
    ]
    return tuple(found)


def of_order(order: Order) -> tuple[Difference, ...]:
    """The disagreements of an order with the minutes of its sitting, none for one without a sitting; four queries."""
    if order.sitting_id is None:
        return ()
    minutes = in_force(order.sitting)
    if minutes is None:
        return (Difference(Kind.OUTDATED, minutes="протокол открыт для исправления"),)
    outdated = [Difference(Kind.OUTDATED, minutes=f"версия {minutes.number}", order=f"версия {order.minutes.number}")] * (
        order.minutes_id != minutes.id
    )
    return (*outdated, *compare(decisions(minutes), stated(order)))


def decisions(minutes: Minutes) -> list[Decided]:
    """What these minutes say was decided, in the order of the agenda, put-off cases left out; one query."""
    told = {case["application"]: case for case in minutes.told["cases"] if case["decision"]}
    lines: Any = (
        Hearing.select(
            Hearing.id,
            Hearing.number,
            Application.number,
            *(Application.surname, Application.name, Application.patronymic),
            Ruling.id,
        )
        .join(Application)
        .switch(Hearing)
        .join(Ruling, JOIN.LEFT_OUTER, on=(Ruling.hearing == Hearing.id))
        .where(Hearing.sitting == minutes.sitting_id)
        .order_by(Hearing.number, Hearing.id)
    )
    return [
        Decided(id, place, _row(told[number], names), ruling is not None)
        for id, place, number, *names, ruling in lines.tuples()
        if number in told
    ]


def _row(case: Mapping[str, Any], names: Sequence[str]) -> Row:
    """The row of a case of the minutes, which write a name in one line; its parts are those of the application."""
    same = " ".join(filter(None, names)) == case["person"]
    surname, name, patronymic = names if same else (*case["person"].split(maxsplit=2), "", "")[:3]
    established = case["decision"] == Decision.ESTABLISH
    return Row(surname, name, patronymic, case["position"], case["organization"], CATEGORIES[case["category"]], established)


def stated(order: Order) -> list[Stated]:
    """The rows of an order with their decisions; one query."""
    rulings = Ruling.select().where(Ruling.order == order).order_by(Ruling.number)
    return [Stated(Row.of(ruling), ruling.hearing_id) for ruling in rulings]


def in_force(sitting: Sitting) -> Minutes | None:
    """The minutes that say what the sitting decided; none while it goes on or its minutes are being mended. One query."""
    return None if under_way(sitting) else sitting.last_minutes()


def person(row: Row) -> str:
    """Surname, name and patronymic in one line."""
    return " ".join(filter(None, (row.surname, row.name, row.patronymic)))


def _changed(decided: Row, written: Row) -> list[Difference]:
    """What differs, field by field."""
    return [
        Difference(
            Kind.CHANGED,
            written.line,
            person(written),
            _title(field.name),
            _told(decided, field.name),
            _told(written, field.name),
        )
        for field in fields(Row)
        if field.compare and getattr(decided, field.name) != getattr(written, field.name)
    ]


def _title(name: str) -> str:
    return "Решение" if name == "established" else str(getattr(Ruling, name).verbose_name)


def _told(row: Row, name: str) -> str:
    value = getattr(row, name)
    if name == "established":
        return "установить" if value else "отказать"
    return value.label if isinstance(value, Category) else str(value) or "—"


def _outcome(row: Row) -> str:
    return f"{_told(row, 'category')} категория: {_told(row, 'established')}"
