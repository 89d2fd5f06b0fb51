"""A form of the procedure as an editable document: the same words in the same order as the PDF."""

from collections.abc import Iterator, Mapping

from docx.document import Document

from ..forms import Form, Kind, Part, form
from . import word
from .forms import edition_words
from .word import Cell, Line, blank

WIDTH = 175.0
WIDTHS = (11.0, 82.0, 82.0)
SHADE = "F4F4F4"
EMPTY, TICKED = "☐", "☒"
# Between the lines of a blank: a hand needs seven millimetres, and the first page of the act ends after its first finding.
LEADING = 6.5
NO_BREAK = "\N{NO-BREAK SPACE}"

Answers = Mapping[str, str]


def form_docx(name: str, answers: Answers | None = None) -> bytes:
    """The form of this name for a word processor, blank or with these answers; the same answers give the same bytes."""
    found = form(name)
    document = word.new(found.title, found.act, found.edition, size=11.5, landscape=False)
    word.footer(document, edition_words(found), WIDTH)
    for text, size in ((found.appendix, 10), (found.regulation, 8)):
        if text:
            word.say(document, text, size=size, left=70, bold=text == found.appendix or None)
    if found.kind:
        word.say(document, found.kind, align="center", before=4)
    if not any(part.kind is Kind.TITLE for part in found.parts):
        word.say(document, found.heading, style="Heading 1", align="center", before=2, after=4)
    if found.layout == "table":
        lines = list(_rows(found, answers or {}))
        word.table(document, WIDTHS, found.columns, lines, size=9.5, title=found.title)
        if found.footnote:
            word.say(document, found.footnote, size=9.5, before=4)
    for part in found.parts:
        if found.layout != "table" or part.kind in (Kind.WORDS, Kind.ROW):
            _say(document, part, answers or {})
    if found.addition:
        word.say(document, found.addition, size=8.5, before=5)
    return word.saved(document)


def _rows(found: Form, answers: Answers) -> Iterator[Line]:
    for part in found.parts:
        if part.kind is Kind.HEADING:
            yield Line((Cell(part.text, columns=3, bold=True, shade=SHADE),), with_next=True)
        elif part.number:
            yield Line((Cell(str(part.number), align="center"), Cell(part.text), Cell(_value(part, answers))))


def _value(part: Part, answers: Answers) -> str:
    """What stands in the cell of the answer; boxes to tick where there is something to choose."""
    answer = answers.get(part.name, "")
    if part.kind is Kind.CHECKBOX:
        return TICKED if answer else EMPTY
    if part.kind is Kind.CHOICE:
        marks = (TICKED if answer == said else EMPTY for said in part.answers)
        pairs = (f"{mark} {option}" for mark, option in zip(marks, part.options, strict=True))
        return "    ".join(pair.replace(" ", NO_BREAK) for pair in pairs)
    return answer + "\n" * (part.rows - 2) if part.kind is Kind.LINES else answer


def _say(document: Document, part: Part, answers: Answers) -> None:
    match part.kind:
        case Kind.TITLE:
            word.say(document, part.text, style="Heading 1", align="center", before=6)
        case Kind.HEADING:
            word.say(document, part.text, style="Heading 2", before=10, with_next=True)
        case Kind.WORDS:
            word.say(document, part.text, align=part.align, before=8)
        case Kind.ROW:
            word.side_by_side(document, [(answers.get(cell.name, ""), cell.under) for cell in part.cells], WIDTH)
        case Kind.DATE:
            word.say(document, answers.get(part.name) or f"«{blank(4)}» {blank(18)} 20{blank(3)} г.", before=8)
        case _:
            _field(document, part, answers)


def _field(document: Document, part: Part, answers: Answers) -> None:
    """A field of the whole width: the words before it, its line or lines, the words under it."""
    if answer := answers.get(part.name, ""):
        word.say(document, f"{part.text} {answer}".strip(), before=8, with_next=bool(part.under))
        word.say(document, part.under, size=8.5, align="center")
        return
    lines = part.rows if part.kind is Kind.LINES else 1
    for number in range(1, lines + 1):
        last = number == lines
        label = part.text if number == 1 else ""
        under = part.under if last else ""
        word.line_to_fill(document, under, label=label, width=WIDTH, before=LEADING, with_next=not last)
