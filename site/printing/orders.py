"""The PDF of an order after the office layout of ГОСТ Р 7.0.97-2016: requisites, text, signature, annex with the rows."""

import gc
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from functools import partial
from itertools import accumulate
from math import ceil
from urllib.parse import unquote

from . import parallel
from .paper import Print, Progress, identifier, print_document

# PDF/A-2a: kept for good, and tagged, so that it is read aloud as it is meant (decision 0006).
VARIANT = "pdf/a-2a"
ROWS_ON_A_PAGE = 18
# A long annex is printed in sections, several at a time (decision 0020); each has a heading and a place in the outline.
ROWS_OF_A_SECTION = 250


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


def print_order(sheet: OrderSheet, progress: Progress | None = None, printers: int = 1) -> PrintedOrder:
    """Print what the sheet says, by so many processes at once (1: in this one). The same sheet gives the same bytes, however
    many print it."""
    from .joining import join  # with pikepdf, like WeasyPrint: only for who prints

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
    and the fonts at hand already."""
    from .numbering import LETTERS

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
