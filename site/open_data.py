"""What the site gives to programs of its orders: each column with its kind and meaning, and a record made of a row.

The programming interface, its description, the bulk dumps and the page of open data all read this table.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any
from urllib.parse import quote

from ..procedure.words import Category, OrderKind
from .amendments import Change
from .queries import Published, Row
from .validity import Validity


class Kind(StrEnum):
    """Kinds of values; the value of each is its name for people."""

    TEXT = "текст"
    WHOLE = "целое число"
    DAY = "дата ГГГГ-ММ-ДД"
    MOMENT = "момент UTC, ГГГГ-ММ-ДДTчч:мм:ссZ"
    FLAG = "true или false"
    ADDRESS = "адрес (URL)"


@dataclass(frozen=True)
class Column:
    """A column: its name, the kind of its values, what they mean. `empty`: may be missing (null). `words`: all its values."""

    name: str
    kind: Kind
    meaning: str
    empty: bool = False
    words: Mapping[str, str] = field(default_factory=dict)


ORDER = (
    Column("year", Kind.WHOLE, "Год регистрации распоряжения."),
    Column("number", Kind.TEXT, "Номер, единственный в своём году."),
    Column("registered_on", Kind.DAY, "Дата распоряжения."),
    Column("published_at", Kind.MOMENT, "Когда опубликовано на сайте."),
    Column("kind", Kind.TEXT, "Вид распоряжения.", words={kind.value: kind.label for kind in OrderKind}),
    Column("title", Kind.TEXT, "Заголовок."),
    Column("rows", Kind.WHOLE, "Сколько строк распоряжения есть в этих данных."),
    Column("page", Kind.ADDRESS, "Страница распоряжения."),
    Column("pdf", Kind.ADDRESS, "Файл PDF, зафиксированный при публикации."),
    Column("pdf_sha256", Kind.TEXT, "Контрольная сумма SHA-256 этого файла."),
    Column("pdf_size", Kind.WHOLE, "Размер файла, байт."),
    Column("pdf_pages", Kind.WHOLE, "Страниц в файле."),
    Column("amends", Kind.ADDRESS, "Страница распоряжения, которое изменяется этим.", empty=True),
)
RULING = (
    Column("order_year", Kind.WHOLE, "Год распоряжения: вместе с номером указывает на него."),
    Column("order_number", Kind.TEXT, "Номер распоряжения."),
    Column("registered_on", Kind.DAY, "Дата распоряжения."),
    Column("row", Kind.WHOLE, "Номер строки в приложении к распоряжению."),
    Column("surname", Kind.TEXT, "Фамилия."),
    Column("name", Kind.TEXT, "Имя."),
    Column("patronymic", Kind.TEXT, "Отчество; пустой текст, если его нет."),
    Column("position", Kind.TEXT, "Должность, как в распоряжении."),
    Column("organization", Kind.TEXT, "Организация, как в распоряжении."),
    Column("category", Kind.TEXT, "Категория.", words={category.value: category.label for category in Category}),
    Column("established", Kind.FLAG, "true — категория установлена, false — отказано."),
    Column("valid_until", Kind.DAY, "Последний день действия категории, если у неё есть срок.", empty=True),
    Column("pdf_page", Kind.WHOLE, "Страница файла PDF, на которой стоит строка.", empty=True),
    Column("page", Kind.ADDRESS, "Постоянная страница строки."),
    Column("changed_by", Kind.ADDRESS, "Страница строки другого распоряжения, которая стоит теперь вместо этой.", empty=True),
)


def order_record(order: Published, site_url: str) -> dict[str, Any]:
    """The record of an order, by the columns of ORDER."""
    page = site_url + order_path(order.year, order.number)
    return {
        "year": order.year,
        "number": order.number,
        "registered_on": order.registered_on.isoformat(),
        "published_at": f"{order.published_at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}",
        "kind": order.kind,
        "title": order.title,
        "rows": order.rows,
        "page": page,
        "pdf": f"{page}order.pdf",
        "pdf_sha256": order.pdf_sha256,
        "pdf_size": order.pdf_size,
        "pdf_pages": order.pdf_pages,
        "amends": site_url + order_path(order.amended_year, order.amended_number)
        if order.amended_year and order.amended_number
        else None,
    }


def ruling_record(
    row: Row, year: int, number: str, registered_on: dt.date, changed: Change | None, validity: Validity, site_url: str
) -> dict[str, Any]:
    """The record of a row of this order, by the columns of RULING. `changed`: what stands in its place now."""
    until = validity.until(registered_on, established=row.established)
    return {
        "order_year": year,
        "order_number": number,
        "registered_on": registered_on.isoformat(),
        "row": row.number,
        "surname": row.surname,
        "name": row.name,
        "patronymic": row.patronymic,
        "position": row.position,
        "organization": row.organization,
        "category": row.category,
        "established": bool(row.established),
        "valid_until": until.isoformat() if until else None,
        "pdf_page": row.page,
        "page": f"{site_url}{order_path(year, number)}{row.number}",
        "changed_by": f"{site_url}{order_path(changed.year, changed.number)}{changed.row}" if changed else None,
    }


def order_path(year: int, number: str) -> str:
    """The path of an order's page; what stands behind its last slash are its files and rows."""
    return f"/orders/{year}/{quote(number)}/"
