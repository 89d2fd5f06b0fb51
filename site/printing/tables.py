"""Tagged tables: which header belongs to which cell (WeasyPrint loses count after cells that span rows), and lean cells."""

from collections import defaultdict
from collections.abc import Iterator
from hashlib import sha256
from typing import Any


def tell_headers(pdf: Any, identity: str) -> None:
    """Every header cell gets its scope and a name of its own, every cell the headers of its columns and of its row.

    `identity` of the document goes into the names, so that they stay different when documents are joined.
    """
    elements = [element for element in pdf.objects if isinstance(element, dict)]
    _name(pdf, [element for element in elements if element.get("S") == "/TH"], sha256(identity.encode()).hexdigest()[:8])
    for element in elements:
        if element.get("S") == "/Table":
            _tell(list(_rows(pdf, element)))


def hold_words(pdf: Any) -> None:
    """A cell holds its words itself: WeasyPrint puts an element between that says nothing, a third of all objects of a table.

    Those elements are left out by marking them as free, which pydyf writes right only in an uncompressed file.
    """
    holders: dict[bytes, bytes] = {}
    elements: Iterator[Any] = (element for element in pdf.objects if isinstance(element, dict))
    for cell in elements:
        if cell.get("S") in {"/TD", "/TH"}:
            kids = []
            for kid in cell["K"]:
                inner = pdf.objects[int(kid.split()[0])] if isinstance(kid, bytes) else None
                if inner and inner["S"] == "/Span" and all(isinstance(mark, int) for mark in inner["K"]):
                    holders[kid] = cell.reference
                    inner.free = "f"
                    kids += inner["K"]
                else:
                    kids.append(kid)
            cell["K"][:] = kids
    root = pdf.objects[int(pdf.catalog["StructTreeRoot"].split()[0])]
    for owners in pdf.objects[int(root["ParentTree"].split()[0])]["Nums"][1::2]:
        if isinstance(owners, list):
            owners[:] = [holders.get(owner, owner) for owner in owners]


def _name(pdf: Any, heads: list[Any], mark: str) -> None:
    """WeasyPrint names a header that is repeated on the next page like the first one, and writes no index of names."""
    import pydyf

    names = []
    for number, head in enumerate(heads):
        head["ID"] = pydyf.String(f"{mark}-{number:06}")
        names += [head["ID"], head.reference]
    if names:
        root = pdf.objects[int(pdf.catalog["StructTreeRoot"].split()[0])]
        root["IDTree"] = pydyf.Dictionary({"Names": pydyf.Array(names)})


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
