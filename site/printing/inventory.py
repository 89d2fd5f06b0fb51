"""The inventory of a portfolio (опись, приложение № 2) as PDF and as an editable document: empty, or filled from the papers."""

import datetime as dt
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from ...rubrics.forms import CURRENT, edition
from ...rubrics.inventory import Entry, Holder, inventory
from ..files import kept
from ..forms import offer
from . import press, word
from .conclusions import digest, source
from .forms import edition_words
from .paper import print_document, template_text
from .word import Cell, Line, blank

VARIANT = "pdf/ua-1"
# Raise it when this module puts other things on the paper: files kept from before are then made anew.
LOOK = 3
WIDTH = 262.0
SIGNATURES = 180.0
WIDTHS = (11.0, 27.0, 32.0, 87.0, 54.0, 22.0, 29.0)
EMPTY_ROWS = 14
SPARE_ROWS = 3
"""Empty rows after the filled ones: every paper of several results wants a row of its own."""


def rows(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """The rows to print: the entries and some to fill in."""
    return (*entries, *[Entry("")] * (SPARE_ROWS if entries else EMPTY_ROWS))


def inventory_pdf(entries: Sequence[Entry] = (), holder: Holder | None = None) -> bytes:
    """The inventory as a tagged PDF with fields for what is not known yet; the same entries give the same bytes.

    With a holder it is that of a folder in the cabinet, which has all its rows already.
    """
    shown = tuple(entries) if holder and entries else rows(entries)
    identity = sha256(repr((shown, holder) if holder else shown).encode()).hexdigest()
    values = {"words": inventory(), "rows": shown, "holder": holder, "edition": edition_words(offer("inventory"))}
    identity = f"inventory {CURRENT} {LOOK} {identity}"
    return print_document("inventory", values, variant=VARIANT, identity=identity, fillable=True).data


def inventory_docx(entries: Sequence[Entry] = ()) -> bytes:
    """The same for a word processor."""
    found, words = edition(CURRENT), inventory()
    document = word.new(words.title, source(found).act, dt.date.fromisoformat(found.date), size=11.5, landscape=True)
    word.footer(document, edition_words(offer("inventory")), WIDTH)
    word.say(document, words.appendix, size=10, bold=True, left=130)
    word.say(document, words.regulation, size=8.5, left=130)
    word.say(document, words.title, style="Heading 1", align="center", before=14)
    word.line_to_fill(document, words.person_hint, width=WIDTH)
    word.line_to_fill(document, words.work_hint, width=WIDTH)
    word.say(document, "", size=6)
    lines = [
        Line((Cell(str(number), align="center"), Cell(), Cell(), Cell(row.name), Cell(), Cell(), Cell(row.state)))
        for number, row in enumerate(rows(entries), 1)
    ]
    word.table(document, WIDTHS, words.columns, lines, size=9.5, title=words.title)
    for hint in (words.applicant_hint, words.organization_hint):
        word.side_by_side(document, [("", hint), ("", words.name_hint)], SIGNATURES)
    word.flowing(document, words.stamp, blank(20), f"({words.date_hint})", before=12, with_next=True)
    word.say(document, words.footnote, size=9.5, before=10)
    return word.saved(document)


def kept_inventory(kind: str, cache_dir: Path) -> Path:
    """The file of the empty inventory (`pdf` or `docx`), made at the first call for these words and look."""
    path = cache_dir / "forms" / f"{CURRENT}-inventory-{digest(LOOK, template_text('inventory'), inventory())}.{kind}"
    return kept(path, lambda: press.inventory_apart(()) if kind == "pdf" else inventory_docx())
