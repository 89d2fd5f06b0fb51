"""A list of applications as a file for a spreadsheet: read and written piece by piece, whatever its length."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import IO, Any

from ....site import sheets

AT_ONCE = 1_000
WIDTHS = {"number": 15, "person": 36, "position": 30, "organization": 44, "status": 34}


def pieces(ids: Iterable[int], size: int = AT_ONCE) -> Iterator[list[int]]:
    """The ids in their order, so many at once."""
    rest = iter(ids)
    while piece := list(islice(rest, size)):
        yield piece


def workbook(columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """An XLSX file of these columns (name, title) and rows, at its beginning; the caller closes it."""
    return sheets.workbook("Заявления", columns, rows, WIDTHS)
