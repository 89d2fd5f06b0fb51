"""The PDF of an order after the office layout of ГОСТ Р 7.0.97-2016: requisites, text, signature, annex with the rows."""

import datetime as dt
import gc
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import accumulate
from math import ceil
from urllib.parse import quote, unquote

from ...models import Order, Ruling
from ...procedure.words import Category, OrderKind
from ..amendments import Change, replaced_rows
from ..settings import Settings
from . import parallel
from .joining import join
from .numbering import LETTERS
from .paper import TEMPLATES, Print, Progress, identifier, print_document
from .russian import date_in_words, to_teachers

# PDF/A-2a: kept for good, and tagged, so that it is read aloud as it is meant (decision 0006).
VARIANT = "pdf/a-2a"
ROWS_ON_A_PAGE = 18
# A long annex is printed in sections, several at a time (decision 0020); each has a heading and a place in the outline.
ROWS_OF_A_SECTION = 250
ESTABLISHED, REFUSED = "установлена", "отказано"

# A basis that opens with one of these words is a preamble; otherwise it names a document and stands below as «Основание:».
PREAMBLE_WORDS = frozenset({"в", "во", "на", "по", "с", "со", "руководствуясь", "рассмотрев", "учитывая"})
USUAL_PREAMBLE = {
    OrderKind.DECISION: "По результатам аттестации педагогических работников в целях установления квалификационных категорий",
    OrderKind.AMENDMENT: "В связи с необходимостью внести изменения в сведения о квалификационных категориях",
}


@dataclass(frozen=True)
class Line:
    """A row of the annex as printed. `number` is the ruling's own; `instead`: the row in whose place an amending one stands."""

    number: int
    person: str
    position: str
    organization: str
    category: str
    decision: str
    instead: str = ""


@dataclass(frozen=True)
class OrderSheet:
    """Everything an order's PDF shows, in plain values, so that it can be printed in another process.

    `amends`: the order whose rows an amending one puts anew, as it is named in a text; empty for any other.
    """

    authority: str
    title: str
    day: str
    number: str
    registered_on: str
    preamble: str
    points: tuple[str, ...]
    basis: str
    signatory_position: str
    signatory_name: str
    address: str
    demo: bool
    refusals: bool
    lines: tuple[Line, ...]
    amends: str = ""

    @property
    def readable_address(self) -> str:
        """The permanent address for people: Russian letters as letters."""
        return unquote(self.address)


@dataclass(frozen=True)
class Section:
    """Some of an order's rows, printed together: the order with these rows only, which section it is and of how many."""

    sheet: OrderSheet
    number: int
    of: int

    @property
    def heading(self) -> str:
        """What stands above the rows; nothing when there is one section."""
        lines = self.sheet.lines
        return f"Строки {lines[0].number}–{lines[-1].number}" if self.of > 1 else ""

    @property
    def expected_pages(self) -> int:
        """An estimate, for the progress."""
        return (self.number == 1) + ceil(len(self.sheet.lines) / ROWS_ON_A_PAGE)


class Tally:
    """The progress of several sections as that of one document."""

    def __init__(self, expected: Sequence[int], progress: Progress | None) -> None:
        self.steps = [(0, total) for total in expected]
        self.progress = progress

    def told(self, section: int, done: int, total: int) -> None:
        """A section (from 0) has come so far."""
        self.steps[section] = (done, total)
        if self.progress:
            self.progress(sum(done for done, _ in self.steps), sum(total for _, total in self.steps))


@dataclass(frozen=True)
class PrintedOrder:
    """A printed order: the file, its pages, and the page (from 1) on which each ruling (by its number) begins."""

    data: bytes
    pages: int
    row_pages: dict[int, int]


def order_pdf(order: Order, rulings: Iterable[Ruling], settings: Settings, progress: Progress | None = None) -> PrintedOrder:
    """Print a registered order with these rows here, about 8 ms a row. ValueError for an order without number or date."""
    return print_order(order_sheet(order, rulings, settings), progress)


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


def print_order(sheet: OrderSheet, progress: Progress | None = None, printers: int = 1) -> PrintedOrder:
    """Print what the sheet says, by so many processes at once (1: in this one). The same sheet gives the same bytes, however
    many print it."""
    sections = sections_of(sheet)
    numerals = _numerals()
    printed = _printed(sections, Tally([section.expected_pages * 2 for section in sections], progress), printers)
    starts = list(accumulate((part.pages for part in printed), initial=0))
    places = {name: start + page for start, part in zip(starts, printed, strict=False) for name, page in part.places.items()}
    row_pages = {line.number: places[f"row-{line.number}"] for line in sheet.lines}
    headings = [section.heading for section in sections[1:]]
    data = join([part.data for part in printed], numerals, headings, identifier=identifier(f"order {sheet.address}"))
    return PrintedOrder(data, starts[-1], row_pages)


def sections_of(sheet: OrderSheet) -> list[Section]:
    """The sheet cut into what is printed at once: every section begins on a page of its own, a short annex has one only."""
    cut = [sheet.lines[at : at + ROWS_OF_A_SECTION] for at in range(0, len(sheet.lines), ROWS_OF_A_SECTION)] or [()]
    return [Section(replace(sheet, lines=lines), number, len(cut)) for number, lines in enumerate(cut, 1)]


def _printed(sections: Sequence[Section], tally: Tally, printers: int) -> list[Print]:
    if printers > 1 and len(sections) > 1:
        return parallel.run(print_section, sections, min(printers, len(sections)), tally.told)
    printed = []
    for at, section in enumerate(sections):
        printed.append(print_section(section, partial(tally.told, at)))
        gc.collect()  # the boxes of a long table are one large cycle, and the next section needs the room
    return printed


def _numerals() -> bytes:
    """The letters of the page numbers. Printed before anything else: whoever is forked afterwards has WeasyPrint, its styles
    and the fonts at hand, which is a fifth of the work of a section."""
    letters = {"letters": LETTERS}
    return print_document("order", letters, variant=None, identity="numerals", page="numerals", to_join=True).data


def print_section(section: Section, progress: Progress | None = None) -> Print:
    """Print a section without page numbers: the first with the text of the order before it."""
    first = section.number == 1
    order = section.sheet
    return print_document(
        "order",
        {"order": order, "heading": section.heading, **({"qr": qr_code(order.address)} if first else {})},
        variant=VARIANT,
        identity=f"order {order.address}" + ("" if first else f" section {section.number}"),
        page="page" if first else "section",
        to_join=True,
        expected_pages=section.expected_pages,
        progress=progress,
    )


def qr_code(address: str) -> str:
    """A QR code of the address as a `data:` image, for the template to place."""
    import segno

    uri: str = segno.make(address, error="m", micro=False).svg_data_uri(border=0, scale=4)
    return uri


def sheet_to_plain(sheet: OrderSheet) -> dict[str, object]:
    """The sheet as JSON can carry it."""
    return asdict(sheet)


def sheet_from_plain(plain: dict[str, object]) -> OrderSheet:
    """The sheet back from JSON."""
    lines = plain.pop("lines")
    points = plain.pop("points")
    assert isinstance(lines, list | tuple) and isinstance(points, list | tuple)
    return OrderSheet(**plain, points=tuple(points), lines=tuple(Line(**line) for line in lines))  # type: ignore[arg-type]


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
