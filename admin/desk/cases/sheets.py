"""A list of applications as a file for a spreadsheet: read and written piece by piece, whatever its length."""

import datetime as dt
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import IO, Any

from xlsxwriter import Workbook

AT_ONCE = 1_000
WIDTHS = {"number": 15, "person": 36, "position": 30, "organization": 44, "status": 34}
USUAL_WIDTH = 16


def pieces(ids: Iterable[int], size: int = AT_ONCE) -> Iterator[list[int]]:
    """The ids in their order, so many at once."""
    rest = iter(ids)
    while piece := list(islice(rest, size)):
        yield piece


def workbook(columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """An XLSX file of these columns (name, title) and rows, at its beginning; the caller closes it.

    Text stays text, whatever it begins with; days are days.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 – whoever asked sends and closes it
    book = Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("Заявления")
    heading = book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
    day = book.add_format({"num_format": "dd.mm.yyyy", "align": "left"})
    for column, (name, title) in enumerate(columns):
        sheet.set_column(column, column, WIDTHS.get(name, USUAL_WIDTH))
        sheet.write_string(0, column, title, heading)
    sheet.freeze_panes(1, 0)
    last = 0
    for last, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            if isinstance(value, dt.date):
                sheet.write_datetime(last, column, dt.datetime.combine(value, dt.time()), day)
            elif value not in (None, ""):
                sheet.write_string(last, column, str(value))
    sheet.autofilter(0, 0, last, len(columns) - 1)
    book.close()
    file.seek(0)
    return file
