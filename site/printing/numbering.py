"""«стр. N из M» on the pages of a joined document: drawn here, because nobody knows M while the parts are printed.

WeasyPrint prints the letters once, on a page of their own; from it come the font and the code and width of each letter.
"""

import re
from collections.abc import Iterable

from pikepdf import Object, Page, Pdf

LETTERS = "стр. из 0123456789"
SIZE = 9.5
MILLIMETRE = 72 / 25.4
# Where the line stands, in millimetres: the middle of a standing page between its fields of 30 and 10 mm (style.css).
MIDDLE, RIGHT_FIELD = 115, 10
FROM_TOP, FROM_TOP_OF_ANNEX, FROM_BOTTOM = 11.2, 13.7, 8.7
FONT = "/Numerals"
# A page number is no part of the text: PDF/A wants it marked so, a screen reader passes it over (ISO 32000-1, 14.8.2.2).
LINE = b"/Artifact <</Type /Pagination>> BDC BT .2 .2 .2 rg %s %.1f Tf %.2f %.2f Td <%s> Tj ET EMC"


class Numerals:
    """A font as it came on the page of `LETTERS`."""

    def __init__(self, leaf: Page) -> None:
        (self.font,) = leaf.resources.Font.values()
        told = self.font.ToUnicode.read_bytes()
        pairs = re.findall(rb"^<([0-9a-f]{4})> <([0-9a-f]{4})>$", told, re.MULTILINE)
        self.codes = {chr(int(letter, 16)): int(code, 16) for code, letter in pairs}
        self.widths = dict(_widths(self.font.DescendantFonts[0].W))

    def hexadecimal(self, text: str) -> bytes:
        """The text as codes of the font. KeyError for a letter that it lacks."""
        return b"".join(b"%04x" % self.codes[letter] for letter in text)

    def width(self, text: str) -> float:
        """How wide the text is, in points."""
        return sum(self.widths[self.codes[letter]] for letter in text) * SIZE / 1000


def _widths(array: Object) -> Iterable[tuple[int, float]]:
    """Widths by code; WeasyPrint writes the first code of a run and the list of its widths (ISO 32000-1, 9.7.4.3)."""
    members = list(array)
    for first, run in zip(members[::2], members[1::2], strict=True):
        yield from ((int(first) + place, float(width)) for place, width in enumerate(run))


def number_pages(whole: Pdf, leaf: Pdf) -> None:
    """Draw its number on each page: at the foot of the first, at the top of all others."""
    numerals = Numerals(leaf.pages[0])
    font = whole.copy_foreign(numerals.font)
    for number, page in enumerate(whole.pages, 1):
        text = f"стр. {number} из {len(whole.pages)}"
        x, y = _place(page, number, numerals.width(text))
        page.resources.Font[FONT] = font
        page.contents_add(b"q\n", prepend=True)
        page.contents_add(b"Q\n" + LINE % (FONT.encode(), SIZE, x, y, numerals.hexadecimal(text)))


def _place(page: Page, number: int, width: float) -> tuple[float, float]:
    """Where the line begins, in points from the lower left corner."""
    *_, right, top = (float(edge) for edge in page.mediabox)
    if number == 1:
        return right - RIGHT_FIELD * MILLIMETRE - width, FROM_BOTTOM * MILLIMETRE
    lies = right > top
    middle = right / 2 if lies else MIDDLE * MILLIMETRE
    return middle - width / 2, top - (FROM_TOP_OF_ANNEX if lies else FROM_TOP) * MILLIMETRE
