"""What a file for a system of others says of each record: as a table for people, as JSON for programs."""

import json
from collections.abc import Iterable
from typing import Any

from ...models import OutgoingBatch, OutgoingRecord
from ...procedure.words import Category
from ..dates import day_of
from ..sheets import harmless
from .outgoing import road_of, row_of, systems

# What each record says: the key in JSON, the title in the table.
FIELDS = {
    "record": "Запись",
    "what": "Что передать",
    "status": "Состояние",
    "happened_on": "Дата события",
    "due_on": "Внести до",
    "application": "Заявление",
    "filed_on": "Подано",
    "surname": "Фамилия",
    "name": "Имя",
    "patronymic": "Отчество",
    "born_on": "Дата рождения",
    "position": "Должность",
    "organization": "Организация",
    "category": "Категория",
    "order_number": "Распоряжение",
    "order_on": "Дата распоряжения",
    "amends": "Какое распоряжение изменено",
}


def said(record: OutgoingRecord) -> dict[str, Any]:
    """What is said of a record, by the keys of FIELDS: text, days and numbers; None for what there is not."""
    case, order = record.application, record.order
    whole = road_of(record)
    target = whole.move(record.verb).target
    return {
        "record": record.id,
        "what": row_of(record).title,
        "status": whole.statuses[target] if target else None,
        "happened_on": day_of(record.made_at),
        "due_on": record.due_on,
        "application": case.number if case else None,
        "filed_on": case.filed_on if case else None,
        "surname": case.surname if case else None,
        "name": case.name if case else None,
        "patronymic": case.patronymic if case else None,
        "born_on": case.born_on if case else None,
        "position": case.position if case else None,
        "organization": case.organization if case else None,
        "category": Category(case.category).label if case and case.category else None,
        "order_number": order.number if order else None,
        "order_on": order.registered_on if order else None,
        "amends": str(order.amends) if order and order.amends else None,
    }


def table(records: Iterable[OutgoingRecord]) -> list[list[str]]:
    """The titles and a line for each record, as a spreadsheet takes them."""
    return [list(FIELDS.values()), *([_cell(value) for value in said(record).values()] for record in records)]


def as_json(batch: OutgoingBatch, records: Iterable[OutgoingRecord]) -> str:
    """The file for programs; days as 2026-03-31."""
    whole = {
        "system": systems()[batch.system].title,
        "batch": batch.id,
        "made_at": batch.made_at.isoformat(),
        "records": [said(record) for record in records],
    }
    return json.dumps(whole, ensure_ascii=False, indent=1, default=lambda day: day.isoformat())


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return harmless(f"{value:%d.%m.%Y}" if hasattr(value, "year") else value)
