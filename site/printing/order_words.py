"""What the PDF of an order says: the order and its rows in plain values, the operative text put into words.

Apart from the printing (`orders.py`), which knows no records: the press starts without a database.
"""

import datetime as dt
import tomllib
from collections.abc import Iterable
from urllib.parse import quote

from ...models import Order, Ruling
from ...procedure.words import Category, OrderKind
from ..amendments import Change, replaced_rows
from ..settings import Settings
from .orders import Line, OrderSheet
from .paper import TEMPLATES
from .russian import date_in_words, to_teachers

ESTABLISHED, REFUSED = "установлена", "отказано"

# A basis that opens with one of these words is a preamble; otherwise it names a document and stands below as «Основание:».
PREAMBLE_WORDS = frozenset({"в", "во", "на", "по", "с", "со", "руководствуясь", "рассмотрев", "учитывая"})
USUAL_PREAMBLE = {
    OrderKind.DECISION: "По результатам аттестации педагогических работников в целях установления квалификационных категорий",
    OrderKind.AMENDMENT: "В связи с необходимостью внести изменения в сведения о квалификационных категориях",
}


def order_sheet(order: Order, rulings: Iterable[Ruling], settings: Settings) -> OrderSheet:
    """What the order's PDF shows. ValueError for an order without number or date."""
    if not order.number or not order.registered_on:
        raise ValueError("only an order with a number and a date is printed")
    former = replaced_rows(order) if order.amends_id else {}
    lines = tuple(
        Line(
            ruling.number,
            ruling.person,
            ruling.position,
            ruling.organization,
            Category(ruling.category).label,
            ESTABLISHED if ruling.established else REFUSED,
            _instead(former[ruling.number], order.amends) if ruling.number in former else "",
        )
        for ruling in rulings
    )
    amends = str(order.amends) if order.amends_id else ""
    kind = OrderKind(order.kind)
    basis = order.basis.strip().rstrip(".:;")
    opens = bool(basis) and basis.split()[0].lower() in PREAMBLE_WORDS
    return OrderSheet(
        authority=settings.authority_name,
        title=order.title.strip(),
        day=date_in_words(order.registered_on),
        number=order.number,
        registered_on=order.registered_on.isoformat(),
        preamble=basis if opens else USUAL_PREAMBLE[kind],
        points=_amending(lines, amends) if amends else _points(kind, lines),
        basis="" if opens else basis,
        signatory_position=order.signatory_position.strip(),
        signatory_name=order.signatory_name.strip(),
        address=permanent_address(settings.site_url, order.registered_on.year, order.number),
        demo=order.demo,
        refusals=any(line.decision == REFUSED for line in lines),
        lines=lines,
        amends=amends,
    )


def _instead(row: Change, amends: Order) -> str:
    """The row that is put anew, as the annex names it; one of an amending order before this one with its order."""
    own = (row.year, row.number) == (amends.year, amends.number)
    return f"строка {row.row}" if own else f"строка {row.row} распоряжения № {row.number} от {row.registered_on:%d.%m.%Y}"


def _amending(lines: tuple[Line, ...], amends: str) -> tuple[str, ...]:
    """The operative text of an order that amends another (3.7.2)."""
    what = "строку" if len(lines) == 1 else "строки"
    annex = "согласно приложению к настоящему распоряжению."
    return (f"Внести изменения в распоряжение {amends}: изложить {what} приложения к нему в новой редакции {annex}",)


def permanent_address(site_url: str, year: int, number: str) -> str:
    """The public address of an order, ready for a QR code."""
    return f"{site_url}/orders/{year}/{quote(number, safe='')}/"


def _points(kind: OrderKind, lines: tuple[Line, ...]) -> tuple[str, ...]:
    """The operative text, point by point."""
    refused = sum(line.decision == REFUSED for line in lines)
    established = len(lines) - refused
    marked = "с отметкой «{}» в графе «Решение» согласно приложению к настоящему распоряжению."
    annex = "согласно приложению к настоящему распоряжению."
    points = []
    if kind is OrderKind.AMENDMENT:
        points.append("Внести изменения в сведения о квалификационных категориях, изложив их согласно приложению.")
    if established:
        where = marked.format(ESTABLISHED) if refused else annex
        points.append(f"Установить квалификационные категории {to_teachers(established)} {where}")
    if refused:
        where = marked.format(REFUSED)
        points.append(f"Отказать в установлении квалификационных категорий {to_teachers(refused)} {where}")
    return tuple(points)


def example_sheet(rows: int = 3) -> OrderSheet:
    """The invented order beside the template, with as many rows: every seventeenth from the third on is refused."""
    plain = tomllib.loads((TEMPLATES / "order" / "example.toml").read_text(encoding="utf-8"))
    people, positions, organizations = (plain.pop(name) for name in ("people", "positions", "organizations"))
    day: dt.date = plain.pop("registered_on")
    lines = tuple(
        Line(
            number,
            people[number % 3],
            positions[number // 2 % 3],
            organizations[number // 3 % 3],
            ("первая", "высшая")[number % 2],
            REFUSED if number % 17 == 3 else ESTABLISHED,
        )
        for number in range(1, rows + 1)
    )
    return OrderSheet(
        **plain,
        day=date_in_words(day),
        registered_on=day.isoformat(),
        points=_points(OrderKind.DECISION, lines),
        basis="",
        demo=True,
        refusals=any(line.decision == REFUSED for line in lines),
        lines=lines,
    )
