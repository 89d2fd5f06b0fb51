"""Documents of four kinds (TXT, Markdown, DOCX, PDF with a text layer) as plain lines, each knowing where it stood.

The lines are as the document has them, broken words and page numbers included: mending is the business of `mending`.
"""

import codecs
import io
import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import iterparse

from ...procedure.refusal import Refusal
from .. import archives

LARGEST_FILE = 5 * 1024 * 1024
MOST_LINES = 50_000
# How long the text of a PDF may be looked for, in a process of its own.
SECONDS_FOR_PDF = 30
# Fewer letters on a page than this, on average, and the PDF is a picture of text.
LETTERS_OF_A_PAGE = 40

KINDS = {"txt": "текст", "md": "текст", "docx": "документ Word", "pdf": "PDF"}
_WANTED = "Нужен документ TXT, MD, DOCX или PDF с текстовым слоем."


class DocumentRefused(Refusal):
    """A file that cannot be read as a document; `status` is the HTTP status that says so."""

    def __init__(self, sentence: str, status: int = 422) -> None:
        super().__init__(sentence)
        self.status = status


@dataclass(frozen=True)
class Line:
    """A line of a document, or a paragraph where the document knows its paragraphs. `page` is 0 where there are no pages."""

    text: str
    place: str
    page: int = 0


@dataclass(frozen=True)
class Document:
    """The lines of a document; `wrapped` says whether they end at the edge of the paper rather than with their paragraph."""

    lines: tuple[Line, ...]
    wrapped: bool


def read(data: bytes, filename: str) -> Document:
    """The document in a file of this name, at most 5 MB. DocumentRefused if it cannot be read."""
    if len(data) > LARGEST_FILE:
        raise DocumentRefused(f"Файл больше {LARGEST_FILE // 1024 // 1024} МБ: сохраните документ без рисунков.", 413)
    if not data.strip(b"\0 \r\n\t\xef\xbb\xbf"):
        raise DocumentRefused("Файл пуст: выберите файл с официальным текстом.")
    named = filename.lower().rpartition(".")[2]
    if named not in KINDS:
        raise DocumentRefused(f"{_WANTED} Сохраните документ в одном из этих видов и загрузите ещё раз.", 415)
    found = _kind(data)
    if KINDS[named] != KINDS[found]:
        other = f"Файл назван {named.upper()}, но внутри не {KINDS[named]}."
        raise DocumentRefused(f"{other} Сохраните документ как {named.upper()} и загрузите ещё раз.", 415)
    document = {"txt": _text, "docx": _word, "pdf": _pdf}[found](data)
    if not any(line.text for line in document.lines):
        raise DocumentRefused("В файле нет текста: выберите файл с официальным текстом.")
    return document


def _check_length(texts: Iterable[str]) -> None:
    """Refuse more lines than any regulation has, before a single one is made."""
    if sum(text.count("\n") + text.count("\r") for text in texts) > MOST_LINES:
        raise DocumentRefused(f"В документе больше {MOST_LINES} строк: оставьте в нём только текст регламента.", 413)


def _kind(data: bytes) -> str:
    """What the content is: `txt`, `docx` or `pdf`. DocumentRefused for what is known to be something else."""
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"PK\x03\x04"):
        return "docx"
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise DocumentRefused("Это документ старого вида (DOC) или с паролем: сохраните его как DOCX без пароля.", 415)
    if data.startswith(b"{\\rtf"):
        raise DocumentRefused("Это документ RTF: сохраните его как DOCX и загрузите ещё раз.", 415)
    return "txt"


# --- Plain text and Markdown ------------------------------------------------------------------------------------------------

_UNKNOWN = "Кодировка файла не распознана. Сохраните текст в кодировке UTF-8 и загрузите ещё раз."
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_USUAL = frozenset("абвгдеёжзийклмнопрстуфхцчшщъыьэюяАБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯ«»„“”’–—…№§•©\u00a0\u00ad\ufeff")
# Lines longer than this are paragraphs: nobody wraps text so wide.
LONGEST_WRAPPED = 140


def _text(data: bytes) -> Document:
    lines = _numbered(_decoded(data).split("\f"))
    long = sum(len(line.text) for line in lines if len(line.text) > LONGEST_WRAPPED)
    return Document(lines, wrapped=5 * long < sum(len(line.text) for line in lines))


def _numbered(pages: list[str]) -> tuple[Line, ...]:
    """Lines with their numbers in the whole file; pages are those between form feeds."""
    _check_length(pages)
    number = count(1)
    paged = len(pages) > 1
    return tuple(
        Line(plain(line), f"строка {next(number)}", at if paged else 0)
        for at, page in enumerate(pages, 1)
        for line in re.split(r"\r\n|\r|\n", page)
    )


def _decoded(data: bytes) -> str:
    """The text in UTF-8, UTF-16 or Windows-1251; DocumentRefused for another encoding."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strictly(data, encoding)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        return _russian(_strictly(data, "cp1251"))
    # A Russian text in UTF-16 has a zero for each space and full stop at least.
    return _russian(_strictly(data, "utf-16-be" if data.startswith(b"\0") else "utf-16-le")) if "\0" in text else text


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise DocumentRefused(_UNKNOWN) from None


def _russian(text: str) -> str:
    """The text if its letters are as frequent as in Russian; otherwise the encoding was guessed wrong."""
    letters = [sign for sign in text if sign.isalpha()]
    small = sum("а" <= sign <= "я" for sign in letters)
    vowels = sum(sign in "аеио" for sign in letters)
    strange = sum(not (sign.isascii() or sign in _USUAL) for sign in text)
    if not letters or 2 * small < len(letters) or 5 * vowels < len(letters) or 20 * strange > len(text):
        raise DocumentRefused(_UNKNOWN)
    return text


# --- DOCX -------------------------------------------------------------------------------------------------------------------

_BROKEN_WORD = "Документ DOCX повреждён и не читается. Откройте его в Word или LibreOffice, сохраните заново и загрузите снова."
_NOT_WORD = "Это не документ DOCX. Откройте его в Word или LibreOffice, сохраните как DOCX и загрузите ещё раз."
_HUGE_WORD = "Документ в развёрнутом виде слишком велик: сохраните его без рисунков и загрузите ещё раз."
_MACROS = "В документе есть макросы. Сохраните его как DOCX без макросов и загрузите ещё раз."
_MAIN_PART = "word/document.xml"
# What stands in the file twice, or was deleted by somebody who kept track of changes.
_LEFT_OUT = {"Fallback", "moveFrom", "del"}
_SIGNS = {"tab": " ", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011", "softHyphen": "\u00ad"}


def _word(data: bytes) -> Document:
    try:
        names = archives.checked(data)
        if any("vbaproject" in name.lower() for name in names):
            raise DocumentRefused(_MACROS)
        if _MAIN_PART not in names:
            raise DocumentRefused(_NOT_WORD, 415)
        lines = tuple(_paragraphs(archives.part(data, _MAIN_PART)))
    except archives.LockedArchive:
        raise DocumentRefused("Документ защищён паролем: снимите защиту и загрузите ещё раз.") from None
    except archives.HugeArchive:
        raise DocumentRefused(_HUGE_WORD, 413) from None
    except (archives.BrokenArchive, ParseError, DefusedXmlException):
        raise DocumentRefused(_BROKEN_WORD) from None
    return Document(lines, wrapped=False)


def _paragraphs(part: bytes) -> Iterator[Line]:
    """The paragraphs of the main part, those of tables and text boxes too; a line break inside makes two lines."""
    open_paragraphs: list[list[str]] = []
    left_out = 0
    number = count(1)
    for event, element in iterparse(io.BytesIO(part), events=("start", "end"), forbid_dtd=True):
        name = _local(element)
        if name in _LEFT_OUT:
            left_out += 1 if event == "start" else -1
        elif event == "start":
            open_paragraphs += [[]] if name == "p" else []
        elif name == "p":
            place = f"абзац {next(number)}"
            texts = "".join(open_paragraphs.pop())
            _check_length([texts])
            yield from (Line(plain(text), place) for text in texts.split("\n"))
            element.clear()
        elif open_paragraphs and not left_out:
            open_paragraphs[-1].append((element.text or "") if name == "t" else _SIGNS.get(name, ""))


def _local(element: Element) -> str:
    """The name without its namespace: there are two of them, of the same words."""
    return element.tag.rpartition("}")[2]


# --- PDF --------------------------------------------------------------------------------------------------------------------

_NO_TEXT = "В PDF нет текстового слоя: страницы в нём — изображения. Распознайте его (OCR) или возьмите документ DOCX либо TXT."
_PDF_REFUSALS = {
    "locked": "PDF защищён паролем: снимите защиту и загрузите ещё раз.",
    "broken": "PDF повреждён и не читается. Сохраните его заново или возьмите документ DOCX или TXT.",
    "large": "PDF слишком велик или сложен, чтобы прочитать из него текст. Возьмите документ DOCX или TXT.",
}


def pdf_pages(data: bytes) -> list[str]:
    """The text of a PDF page by page, read in a process of its own; empty where a page is a picture. Raises DocumentRefused."""
    told = _asked(data)
    if "refused" in told:
        raise DocumentRefused(_PDF_REFUSALS[told["refused"]], 413 if told["refused"] == "large" else 422)
    pages: list[str] = told["pages"]
    return pages


def _pdf(data: bytes) -> Document:
    pages = pdf_pages(data)
    _check_length(pages)
    letters = sum(sign.isalpha() for page in pages for sign in page)
    if letters < LETTERS_OF_A_PAGE * len(pages):
        raise DocumentRefused(_NO_TEXT)
    if 2 * sum("а" <= sign.lower() <= "я" for page in pages for sign in page) < letters:
        raise DocumentRefused("Текстовый слой PDF не читается как русский текст. Возьмите документ DOCX или TXT.")
    lines = (
        Line(plain(line), f"страница {at}, строка {number}", at)
        for at, page in enumerate(pages, 1)
        for number, line in enumerate(page.split("\n"), 1)
    )
    return Document(tuple(lines), wrapped=True)


def _asked(data: bytes) -> dict[str, Any]:
    """What the reading process says: `pages`, or why it `refused`."""
    reader = [sys.executable, "-I", str(Path(__file__).with_name("pdf_text.py"))]
    try:
        answer = subprocess.run(reader, input=data, capture_output=True, timeout=SECONDS_FOR_PDF, check=False)
    except subprocess.TimeoutExpired:
        return {"refused": "large"}
    # Killed by its limits of memory or time, it says nothing.
    return json.loads(answer.stdout) if answer.returncode == 0 else {"refused": "large" if answer.returncode < 0 else "broken"}


# --- Signs ------------------------------------------------------------------------------------------------------------------

_NOTHING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u200b-\u200f\u2060\ufeff\ufffe\uffff\ud800-\udfff]")
_SPACES = re.compile(r"\s+")
_HYPHENS = str.maketrans({"\u2010": "-", "\u2011": "-", "\u2012": "-"})
# A soft hyphen within a line shows nothing; at its end it is a hyphen.
_SOFT_HYPHEN = re.compile("\u00ad(?!\\s*$)")
# Of Markdown: emphasis, headings, quotes, escapes; addresses in angle brackets.
_MARKS = re.compile(r"\*\*|^\s*(?:#{1,6}\s+|>\s?)|\\(?=[.*_#+()\[\]-])")
_ADDRESS = re.compile(r"<(https?://[^\s<>]+)>")
_EMPHASIS = re.compile(r"(?<![\w*])[*_](?=[\w«])([^*_]+)(?<=\S)[*_](?![\w*])")
_BULLET = re.compile(r"^\s*[-*+]\s+(?=[а-я]\))")


def plain(line: str) -> str:
    """A line without marks of Markdown, without control signs and with single spaces."""
    text = _NOTHING.sub("", unicodedata.normalize("NFC", line)).translate(_HYPHENS)
    text = _SOFT_HYPHEN.sub("", text)
    text = _EMPHASIS.sub(r"\1", _MARKS.sub("", _ADDRESS.sub(r"\1", text)))
    return _SPACES.sub(" ", _BULLET.sub("", text)).strip()
