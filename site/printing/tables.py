"""Which header belongs to which cell of a tagged table: WeasyPrint loses count after cells that span rows, so here it is."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any


def tell_headers(_document: Any, pdf: Any) -> None:
    """A finisher for `write_pdf`: every header cell gets its scope, every cell the headers of its columns and of its row."""
    for element in pdf.objects:
        if isinstance(element, dict) and element.get("S") == "/Table":
            _tell(list(_rows(pdf, element)))


def _rows(pdf: Any, element: Any, part: str = "") -> Iterator[tuple[str, list[Any]]]:
    """The rows of a table on one page: the part they stand in and their cells."""
    for kid in element["K"]:
        child = pdf.objects[int(kid.split()[0])]
        if child["S"] == "/TR":
            yield part, [pdf.objects[int(cell.split()[0])] for cell in child["K"]]
        elif child["S"] in {"/THead", "/TBody", "/TFoot"}:
            yield from _rows(pdf, child, child["S"])


def _tell(rows: list[tuple[str, list[Any]]]) -> None:
    taken: set[tuple[int, int]] = set()
    heads: defaultdict[int, list[Any]] = defaultdict(list)
    for number, (part, cells) in enumerate(rows):
        own: list[Any] = []
        column = 0
        for cell in cells:
            while (number, column) in taken:
                column += 1
            about = cell["A"]
            columns = range(column, column + about.get("ColSpan", 1))
            taken.update((row, at) for row in range(number, number + about.get("RowSpan", 1)) for at in columns)
            if cell["S"] == "/TD":
                about["Headers"][:] = own + [head for at in columns for head in heads[at]]
            elif part == "/THead":
                about["Scope"] = "/Column"
                for at in columns:
                    heads[at].append(cell["ID"])
            else:
                about["Scope"] = "/Row"
                own.append(cell["ID"])
            column = columns.stop
