"""A small vocabulary for editable documents (.docx): page, headings, blanks to fill in, tables that repeat their header.

Lengths are millimetres, sizes points. The same content gives the same bytes: nothing here knows the time.
"""

import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from docx import Document
from docx.document import Document as Opened
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT, WD_TAB_LEADER
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

FONT = "PT Serif"
FALLBACK = "Times New Roman"
LANGUAGE = "ru-RU"
# Zip archives know no year before 1980; the date only keeps the bytes the same.
PACKED_AT = (1980, 1, 1, 0, 0, 0)
TWIPS_IN_MM = 1440 / 25.4
BLANK = "_"

ALIGNMENTS = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}


@dataclass(frozen=True)
class Cell:
    """A cell: its text and how many columns it spans. `above`: it continues the cell above; `below`: another continues it.

    `ruled`: a line to write on runs along its foot, in a table without lines of its own.
    """

    text: str = ""
    columns: int = 1
    above: bool = False
    below: bool = False
    bold: bool = False
    italic: bool = False
    align: str = "left"
    indent: float = 0
    shade: str = ""
    ruled: bool = False


@dataclass(frozen=True)
class Line:
    """A row of a table; `with_next` keeps it on the page of the next one."""

    cells: tuple[Cell, ...]
    with_next: bool = False


def new(title: str, subject: str, made_on: dt.date, *, size: float, landscape: bool) -> Opened:
    """An empty A4 document in Russian; `subject` names the act it follows, `made_on` stands in its properties."""
    document = Document()
    section = document.sections[0]
    width, height = Mm(210), Mm(297)
    section.orientation = WD_ORIENT.LANDSCAPE if landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = (height, width) if landscape else (width, height)
    section.left_margin, section.right_margin = Mm(20), Mm(15)
    section.top_margin, section.bottom_margin = Mm(15), Mm(18)
    section.footer_distance = Mm(9)
    _style(document, "Normal", size)
    for name in ("Heading 1", "Heading 2"):
        _style(document, name, size + 2, bold=True)
    _speak_russian(document)
    properties = document.core_properties
    properties.title, properties.subject, properties.language = title, subject, LANGUAGE
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.created = properties.modified = dt.datetime.combine(made_on, dt.time())
    return document


def saved(document: Opened) -> bytes:
    """The file, without the hour at which it was packed."""
    data = io.BytesIO()
    document.save(data)
    packed = io.BytesIO()
    with zipfile.ZipFile(data) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, PACKED_AT), source.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()


def say(
    document: Opened,
    text: str,
    *,
    style: str = "Normal",
    align: str = "left",
    size: float = 0,
    bold: bool | None = None,
    before: float = 0,
    after: float = 0,
    left: float = 0,
    with_next: bool = False,
) -> Paragraph:
    """A paragraph; line breaks in the text stay line breaks."""
    paragraph = document.add_paragraph(style=style)
    paragraph.alignment = ALIGNMENTS[align]
    shape = paragraph.paragraph_format
    shape.space_before, shape.space_after, shape.left_indent = Pt(before), Pt(after), Mm(left)
    shape.keep_with_next = with_next
    run = paragraph.add_run(text)
    run.bold = bold
    if size:
        run.font.size = Pt(size)
    return paragraph


def line_to_fill(
    document: Opened, hint: str, *, label: str = "", width: float, before: float = 8, with_next: bool = False
) -> None:
    """A ruled line over the whole width, with a small hint under it; `label` stands before the line."""
    paragraph = say(document, f"{label} \t" if label else "\t", before=before, with_next=bool(hint) or with_next)
    _leader(paragraph, width)
    if hint:
        say(document, hint, size=8.5, align="center", with_next=with_next)


def flowing(document: Opened, *parts: str, before: float = 0, with_next: bool = False) -> None:
    """A paragraph of words and blanks: a part in brackets is the hint of the blank before it and is set small."""
    paragraph = say(document, "", before=before, with_next=with_next)
    paragraph.paragraph_format.line_spacing = 1.5
    for part in filter(None, parts):
        run = paragraph.add_run(f"{part} ")
        if part.startswith("("):
            run.font.size = Pt(8.5)


def blank(letters: int) -> str:
    """A blank to write on, about this many letters long."""
    return BLANK * letters


def table(
    document: Opened, widths: Sequence[float], header: Sequence[str], lines: Iterable[Line], *, size: float, title: str
) -> None:
    """A table with fixed widths whose header row is told apart and repeated on every page; `title` is its alternative text."""
    made = _grid(widths, "single")
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), title)
    made.find(qn("w:tblPr")).append(caption)
    head = Line(tuple(Cell(name, bold=True, align="center", shade="EEEEEE") for name in header), with_next=True)
    made.append(_row(head, widths, size - 0.5, is_header=True))
    for line in lines:
        made.append(_row(line, widths, size))
    document.element.body.sectPr.addprevious(made)


def side_by_side(document: Opened, blanks: Sequence[tuple[str, str]], width: float) -> None:
    """Short lines to fill in, one beside the other: what is written on each already, and the small hint under it."""
    say(document, "", size=6, with_next=True)  # tables that touch would become one
    share = (width - GAP * (len(blanks) - 1)) / len(blanks)
    widths = [*(share, GAP) * len(blanks)][:-1]
    made = _grid(widths, "nil")
    for place, size in ((0, 10.5), (1, 8.5)):
        cells = [cell for blank in blanks for cell in (Cell(blank[place], ruled=not place, align="center"), Cell())]
        made.append(_row(Line(tuple(cells[:-1]), with_next=not place), widths, size))
    document.element.body.sectPr.addprevious(made)


def footer(document: Opened, text: str, width: float) -> None:
    """The text on the left and «стр. 1 из 9» on the right of every page."""
    paragraph = document.sections[0].footer.paragraphs[0]
    paragraph.style.paragraph_format.tab_stops.clear_all()
    stops = paragraph.paragraph_format.tab_stops
    stops.add_tab_stop(Mm(width), WD_TAB_ALIGNMENT.RIGHT)
    for part in (f"{text}\tстр. ", "PAGE", " из ", "NUMPAGES"):
        run = paragraph.add_run("" if part.isupper() and part.isascii() else part)
        run.font.size = Pt(9)
        if part.isupper() and part.isascii():
            run._r.addnext(_field(part))


CELL_MARGIN = 1.5
GAP = 5.0
SIDES = ("top", "left", "bottom", "right", "insideH", "insideV")


def _grid(widths: Sequence[float], rule: str) -> Any:
    """An empty table of these columns; `rule` is the word of the format for its lines: `single` or `nil`."""
    return parse_xml(
        f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{_twips(sum(widths))}" w:type="dxa"/>'
        + f'<w:tblInd w:w="{_twips(CELL_MARGIN)}" w:type="dxa"/><w:tblBorders>'
        + "".join(f'<w:{side} w:val="{rule}" w:sz="4" w:space="0" w:color="666666"/>' for side in SIDES)
        + '</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblCellMar>'
        + "".join(f'<w:{side} w:w="{_twips(CELL_MARGIN)}" w:type="dxa"/>' for side in ("left", "right"))
        + '</w:tblCellMar><w:tblLook w:val="0020" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
        + 'w:noHBand="1" w:noVBand="1"/></w:tblPr><w:tblGrid>'
        + "".join(f'<w:gridCol w:w="{_twips(width)}"/>' for width in widths)
        + "</w:tblGrid></w:tbl>"
    )


def _style(document: Opened, name: str, size: float, *, bold: bool = False) -> None:
    style: Any = document.styles[name]
    style.font.name, style.font.size, style.font.bold = FONT, Pt(size), bold or None
    style.font.color.rgb = None
    shape = style.paragraph_format
    shape.space_before = shape.space_after = Pt(0)
    shape.line_spacing = 1.15
    properties = style.element.get_or_add_rPr()
    fonts = properties.rFonts
    for kind in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{kind}"), FONT)
    for theme in ("asciiTheme", "hAnsiTheme", "cstheme", "eastAsiaTheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for unwanted in (qn("w:color"), qn("w:spacing"), qn("w:kern")):
        for found in properties.findall(unwanted):
            properties.remove(found)


def _speak_russian(document: Opened) -> None:
    """The language of every run, and what to take where PT Serif is not installed."""
    defaults = document.styles.element.find(f".//{qn('w:rPrDefault')}/{qn('w:rPr')}")
    language = defaults.find(qn("w:lang"))
    if language is None:
        language = OxmlElement("w:lang")
        defaults.append(language)
    language.set(qn("w:val"), LANGUAGE)
    for part in document.part.package.iter_parts():
        if part.partname == "/word/fontTable.xml":
            font = f'<w:font w:name="{FONT}"><w:altName w:val="{FALLBACK}"/><w:family w:val="roman"/></w:font></w:fonts>'
            part._blob = part.blob.replace(b"</w:fonts>", font.encode())


def _leader(paragraph: Paragraph, width: float) -> None:
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(width), WD_TAB_ALIGNMENT.RIGHT, WD_TAB_LEADER.LINES)


def _row(line: Line, widths: Sequence[float], size: float, *, is_header: bool = False) -> Any:
    row = OxmlElement("w:tr")
    properties = OxmlElement("w:trPr")
    properties.append(OxmlElement("w:cantSplit"))
    if is_header:
        properties.append(OxmlElement("w:tblHeader"))
    row.append(properties)
    column = 0
    for cell in line.cells:
        width = sum(widths[column : column + cell.columns])
        column += cell.columns
        row.append(_cell(cell, width, size, with_next=line.with_next))
    return row


def _cell(cell: Cell, width: float, size: float, *, with_next: bool) -> Any:
    made = OxmlElement("w:tc")
    properties = OxmlElement("w:tcPr")
    properties.append(_value("w:tcW", _twips(width), type="dxa", name="w"))
    if cell.columns > 1:
        properties.append(_value("w:gridSpan", cell.columns))
    if cell.above or cell.below:
        properties.append(OxmlElement("w:vMerge") if cell.above else _value("w:vMerge", "restart"))
    if cell.ruled:
        foot = OxmlElement("w:tcBorders")
        foot.append(_value("w:bottom", "single", sz="4", space="0", color="000000"))
        properties.append(foot)
    if cell.shade:
        properties.append(_value("w:shd", "clear", color="auto", fill=cell.shade))
    made.append(properties)
    for text in ("" if cell.above else cell.text).split("\n"):
        made.append(_paragraph(text, cell, size, with_next=with_next))
    return made


def _paragraph(text: str, cell: Cell, size: float, *, with_next: bool) -> Any:
    paragraph = OxmlElement("w:p")
    shape = OxmlElement("w:pPr")
    if with_next:
        shape.append(OxmlElement("w:keepNext"))
    shape.append(_value("w:spacing", 20, name="before", after="20", line="252", lineRule="auto"))
    if cell.indent:
        shape.append(_value("w:ind", _twips(cell.indent), name="left"))
    if cell.align != "left":
        shape.append(_value("w:jc", cell.align))
    paragraph.append(shape)
    run = OxmlElement("w:r")
    look = OxmlElement("w:rPr")
    for wanted, name in ((cell.bold, "w:b"), (cell.italic, "w:i")):
        if wanted:
            look.append(OxmlElement(name))
    look.append(_value("w:sz", round(size * 2)))
    run.append(look)
    words = OxmlElement("w:t")
    words.text = text
    words.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    run.append(words)
    if text:
        paragraph.append(run)
    return paragraph


def _field(name: str) -> Any:
    return parse_xml(
        f'<w:fldSimple {nsdecls("w")} w:instr="{name}"><w:r><w:rPr><w:sz w:val="18"/></w:rPr><w:t>1</w:t></w:r></w:fldSimple>'
    )


def _value(tag: str, value: int | str, *, name: str = "val", **others: str) -> Any:
    element = OxmlElement(tag)
    element.set(qn(f"w:{name}"), str(value))
    for key, other in others.items():
        element.set(qn(f"w:{key}"), other)
    return element


def _twips(millimetres: float) -> int:
    return round(millimetres * TWIPS_IN_MM)
