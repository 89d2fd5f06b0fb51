"""A small vocabulary for spreadsheets (.xlsx): cell formats, cells to fill in, heights of wrapped text, the page on paper.

Rows count from 1 and columns are letters, as in formulas. Widths are digits, as spreadsheets measure them, sizes points.
"""

import textwrap
from collections.abc import Sequence
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

FONT = "Arial"
HEADER = "#E6EEEE"
SHADE = "#F2F2F2"
A4 = 9


class Styles:
    """The cell formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def __call__(self, **properties: object) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            usual = {"font_name": FONT, "font_size": 10, "valign": "top", "text_wrap": True, **properties}
            self._made[key] = self._book.add_format(usual)
        return self._made[key]

    def cell(self, **properties: object) -> Any:
        """A cell of the table."""
        return self(border=1, border_color="#999999", **properties)

    def number(self, **properties: object) -> Any:
        """Points: a true minus, digits in groups as the reader's country writes them; zero is shown where it is a result."""
        return self.cell(align="center", num_format="#,##0;\N{EN DASH}#,##0;0", **properties)

    def quiet(self, **properties: object) -> Any:
        """Points where zero only means that nothing is entered."""
        return self.cell(align="center", num_format="#,##0;\N{EN DASH}#,##0;;@", **properties)

    def entry(self, **properties: object) -> Any:
        """A cell to fill in: not locked, yellow."""
        return self.cell(locked=False, bg_color="#FFF8D6", **properties)


class Grid:
    """The cells of a sheet whose columns have these widths; `small` names the columns set one point smaller."""

    def __init__(self, sheet: Worksheet, styles: Styles, widths: Sequence[float], small: str = "") -> None:
        self.sheet = sheet
        self.styles = styles
        self.widths = widths
        self.small = {_place(column) for column in small}

    def put(self, row: int, column: str, value: str | int, style: Any) -> None:
        """A value; an empty string leaves an empty cell with its format."""
        where = row - 1, _place(column)
        if value == "":
            self.sheet.write_blank(*where, None, style)
        elif isinstance(value, int):
            self.sheet.write_number(*where, value, style)
        else:
            self.sheet.write_string(*where, value, style)

    def line(self, row: int, texts: Sequence[str | int], *styles: Any) -> None:
        """A row of values from column A on, each with its style or all with the same, as tall as its longest text."""
        given = styles if len(styles) > 1 else styles * len(texts)
        for place, (text, style) in enumerate(zip(texts, given, strict=True)):
            self.put(row, chr(ord("A") + place), text, style)
        self.fit(row, [str(text) for text in texts])

    def formula(self, row: int, column: str, formula: str, style: Any, value: str | int = 0) -> None:
        """A formula and what it gives before anything is entered, for programs that do not calculate."""
        self.sheet.write_formula(row - 1, _place(column), formula, style, value)

    def choice(self, row: int, column: str, name: str, choices: str | list[str]) -> None:
        """Let the cell take one of these values only, given as a list or as a formula."""
        said = {"error_title": name, "error_message": "Выберите значение из списка."}
        self._limit(row, column, {"validate": "list", "source": choices, **said})

    def whole(self, row: int, column: str, name: str, most: int) -> None:
        """Let the cell take a whole number from 0 to `most` only."""
        bounds = {"validate": "integer", "criteria": "between", "minimum": 0, "maximum": most}
        said = {"error_title": name, "error_message": f"Введите целое число от 0 до {most}."}
        self._limit(row, column, {**bounds, **said})

    def fit(self, row: int, texts: Sequence[str]) -> None:
        """As tall as its longest text: programs that open the sheet without a screen do not fit rows themselves."""
        fitted = (
            height(text, width, 9 if place in self.small else 10)
            for place, (text, width) in enumerate(zip(texts, self.widths, strict=True))
        )
        self.sheet.set_row(row - 1, max(fitted))

    def _limit(self, row: int, column: str, rule: dict[str, object]) -> None:
        where = row - 1, _place(column)
        self.sheet.data_validation(*where, *where, rule)


def height(text: str, width: float, size: float = 10) -> float:
    """Points that a wrapped text of this size takes in a column of this width."""
    letters = max(8, int(width * 12 / size))
    lines = sum(max(1, len(textwrap.wrap(line, letters))) for line in text.split("\n"))
    return 4 + lines * size * 1.3


def lay_out(sheet: Worksheet, footer: str) -> None:
    """The sheet on paper, lying on its side and as wide as the page, and locked without a password."""
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L&8{footer}&R&8стр. &P из &N")
    sheet.hide_gridlines(2)
    sheet.protect("", {"format_columns": True, "format_rows": True})


def _place(column: str) -> int:
    return ord(column) - ord("A")
