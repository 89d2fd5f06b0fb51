"""The blank expert conclusion as an editable document: the same words in the same order as the PDF."""

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from docx.document import Document

from ...rubrics.forms import edition
from ...rubrics.shape import Conclusion, Form
from ..files import kept
from . import word
from .conclusions import Block, Row, blocks, digest, edition_words, limits, short_title, source
from .word import Cell, Line, blank

# Raise it when this module writes another document: files kept from before are then made anew.
LOOK = 2
WIDTH = 262.0
WIDTHS = (14.0, 86.0, 16.0, 30.0, 67.0, 49.0)
GIVEN = "Баллы, выставленные экспертом"
SHADE = "F4F4F4"
SHORT_BLOCK = 12
"""Blocks up to this many rows stay on one page."""


def conclusion_docx(form: Form) -> bytes:
    """The blank conclusion of this form for a word processor; the same form gives the same bytes."""
    found = edition(form.edition)
    title = f"Экспертное заключение, форма {form.number}. {short_title(form)}"
    document = word.new(title, source(found).act, dt.date.fromisoformat(found.date), size=11.5, landscape=True)
    word.footer(document, f"Форма {form.number}. {edition_words(found)}", WIDTH)
    _head(document, form)
    words = form.conclusion
    header = (*words.columns[:3], GIVEN, *words.columns[3:])
    word.table(document, WIDTHS, header, _lines(form), size=9.5, title=f"Форма {form.number}: критерии и баллы")
    if form.note:
        word.say(document, form.note, size=9.5, before=4)
    _verdict(document, words)
    _thresholds(document, form)
    return word.saved(document)


def kept_conclusion_docx(form: Form, cache_dir: Path) -> Path:
    """The file of the blank conclusion, made at the first call for this form and look."""
    path = cache_dir / "conclusions" / f"{form.edition}-{form.number:02}-{digest(LOOK, form)}.docx"
    return kept(path, lambda: conclusion_docx(form))


def _head(document: Document, form: Form) -> None:
    """Where the form comes from, whom it covers, who is reviewed by whom and when."""
    words, where = form.conclusion, source(edition(form.edition))
    word.say(document, f"Форма {form.number}", bold=True, left=150)
    for text in (where.appendix, where.act):
        word.say(document, text, size=9, left=150)
    word.say(document, form.title, style="Heading 1", align="center", before=14)
    if form.covers:
        word.say(document, f"({form.covers})", align="center", size=12, before=3)
    word.line_to_fill(document, words.person_hint, width=WIDTH, before=14)
    word.line_to_fill(document, words.expert_hint, label=words.expert, width=WIDTH)
    word.flowing(document, words.review, blank(40), words.date_hint, before=8)
    word.say(document, "", size=6)


def _verdict(document: Document, words: Conclusion) -> None:
    """What the expert concludes and recommends, and the signature."""
    opening = (words.opening, blank(45), words.opening_hint, words.verdict)
    position = (words.position, *((blank(45), words.position_hint) if words.position_hint else ()))
    demand = (words.demand, blank(25), words.category_hint, words.closing)
    word.flowing(document, *opening, *position, *demand, before=18)
    if words.recommendations:
        word.say(document, words.recommendations, before=12, with_next=True)
        for _ in range(3):
            word.line_to_fill(document, "", width=WIDTH, with_next=True)
    signature = (blank(25), "(подпись)", blank(35), "(инициалы, фамилия)", blank(18), "(дата)")
    word.flowing(document, words.signature, *signature, before=18)


def _thresholds(document: Document, form: Form) -> None:
    """The table of points that are needed, whole on one page."""
    words, rows = form.conclusion, limits(form)
    if not rows:
        return
    word.say(document, words.thresholds, style="Heading 2", before=20, after=6, with_next=True)
    lines = [
        Line((Cell(row.label), Cell(row.first, align="center"), Cell(row.highest, align="center")), with_next=row != rows[-1])
        for row in rows
    ]
    word.table(document, (138.0, 62.0, 62.0), words.thresholds_columns, lines, size=9.5, title=words.thresholds)
    word.say(document, "", size=2)  # word processors want a paragraph after the last table


def _lines(form: Form) -> Iterator[Line]:
    for block in blocks(form):
        heading = block.rows[0].kind in {"section", "group"}
        for place, row in enumerate(block.rows):
            last = place == len(block.rows) - 1
            yield Line(_cells(block, row, place), with_next=heading or (not last and len(block.rows) <= SHORT_BLOCK))
    total = form.conclusion.total
    yield Line((Cell(total, columns=3, bold=True, align="right"), Cell(), Cell(columns=2)))


def _cells(block: Block, row: Row, place: int) -> tuple[Cell, ...]:
    if row.kind == "section":
        name = Cell(row.label, columns=4 if row.note else 5, bold=True, shade=SHADE)
        note = (Cell(row.note, shade=SHADE),) if row.note else ()
        return (Cell(row.clause, bold=True, shade=SHADE), name, *note)
    first, more = place == 0, len(block.rows) > 1

    def shared(text: str) -> Cell:
        return Cell(text, above=more and not first, below=more and first)

    indent = {"option": 6.0, "heading": 4.0}.get(row.kind, 0.0)
    return (
        shared(row.clause),
        Cell(row.label, indent=indent, italic=row.kind == "heading"),
        Cell(row.points, align="center"),
        Cell(),
        shared(row.evidence),
        Cell(row.note) if block.own_notes else shared(row.note),
    )
