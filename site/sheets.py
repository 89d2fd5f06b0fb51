"""Rows of a list as a file for a spreadsheet, CSV or XLSX: written piece by piece, and nothing in it ever calculates."""

import csv
import datetime as dt
import io
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any

from markupsafe import Markup, escape
from xlsxwriter import Workbook

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
USUAL_WIDTH = 16


def harmless(value: Any) -> str:
    """A cell that a spreadsheet takes as text, never as a formula."""
    text = str(Markup(escape(value)).striptags() if isinstance(value, Markup) else value)
    formula = text.startswith(("\t", "\r")) or text.lstrip().startswith(("=", "+", "-", "@"))
    return f"'{text}" if formula else text


def csv_lines(lines: Iterable[Iterable[str]]) -> Iterator[str]:
    """CSV as Russian Excel opens it: a mark of UTF-8 first, semicolons between the cells."""
    yield "\ufeff"
    for line in lines:
        text = io.StringIO(newline="")
        csv.writer(text, delimiter=";").writerow(line)
        yield text.getvalue()


def workbook(
    title: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[Any]], widths: Mapping[str, int]
) -> IO[bytes]:
    """An XLSX file with one sheet of these columns (name, title) and rows, at its beginning; the caller closes it.

    `widths`: by the name of a column, in digits. Text stays text, whatever it begins with; numbers are numbers, days are days.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 – whoever asked sends and closes it
    book = Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(title)
    heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "dd.mm.yyyy", "align": "left"})
    for column, (name, words) in enumerate(columns):
        sheet.set_column(column, column, widths.get(name, USUAL_WIDTH))
        sheet.write_string(0, column, words, heading)
    sheet.freeze_panes(1, 0)
    last = 0
    for last, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, dt.date):
                sheet.write_datetime(last, column, dt.datetime.combine(value, dt.time()), day)
            elif isinstance(value, int):
                sheet.write_number(last, column, value)
            elif value not in (None, ""):
                sheet.write_string(last, column, str(value))
    sheet.autofilter(0, 0, last, len(columns) - 1)
    book.close()
    file.seek(0)
    return file
