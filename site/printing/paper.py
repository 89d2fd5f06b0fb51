"""From a template and plain values to a tagged PDF: WeasyPrint confined, repeatable and watched.

WeasyPrint costs half a second and 40 MB to import, so it is imported inside the functions that print: a process that only
serves pages never loads it. A template reads nothing from outside: no file, no address, only what is inside the page.
"""

import gc
import logging
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from .choices import tell_choices
from .fields import let_text_shrink
from .tables import hold_words, tell_headers

if TYPE_CHECKING:
    from weasyprint.urls import URLFetcher

TEMPLATES = Path(__file__).parents[1] / "templates" / "print"

Progress = Callable[[int, int], None]
"""Told (steps done, steps in all) while a document is made; the second figure is an estimate until the pages are laid out."""


@dataclass(frozen=True)
class Print:
    """A finished document: its bytes, how many pages, and on which page (from 1) each `id` of the template landed."""

    data: bytes
    pages: int
    places: Mapping[str, int]


@cache
def environment() -> Environment:
    """Jinja of the printed documents: every value is escaped, a name the template misses is an error."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters["together"] = together
    made.filters["keep_numbers"] = keep_numbers
    return made


def together(text: str) -> str:
    """Keep «№ 5», initials with the surname and short words with the next one on one line."""
    text = re.sub(r"\b([А-ЯЁ]\.) ?([А-ЯЁ]\.) ?(?=[А-ЯЁ])", "\\1\\2\N{NO-BREAK SPACE}", text)
    return re.sub(r"(?<!\w)(\w{1,2}|\d+) (?=\S)", "\\1\N{NO-BREAK SPACE}", keep_numbers(text))


def keep_numbers(text: str) -> str:
    """Keep «№ 5» on one line."""
    return text.replace("№ ", "№\N{NO-BREAK SPACE}")


def template_text(document: str) -> str:
    """The page and the style of a document as they are written: a kept print depends on them."""
    return "\0".join((TEMPLATES / document / name).read_text(encoding="utf-8") for name in ("page.html", "style.css"))


def fetcher() -> "URLFetcher":
    """What a template may fetch: only what is written inside it as a `data:` address. Files and hosts are refused."""
    from weasyprint.urls import URLFetcher

    return URLFetcher(allowed_protocols={"data"}, allow_redirects=False)


def print_document(
    document: str,
    values: Mapping[str, Any],
    *,
    variant: str | None,
    identity: str,
    page: str = "page",
    to_join: bool = False,
    expected_pages: int = 1,
    progress: Progress | None = None,
    fillable: bool = False,
) -> Print:
    """Print the document of this name (a folder of `templates/print/`) with these plain values.

    `variant` is WeasyPrint's (`pdf/a-2a`, `pdf/ua-1`; None: neither standard nor tags); `identity` names the document in the
    world: the same values and identity give the same bytes, today and in a year. `page`: the template in the folder, for a
    document of several parts. `to_join`: a part, which `joining.join` will compress and identify. `fillable`: inputs of the
    template become fields to type in.
    """
    from weasyprint import CSS, HTML

    text = environment().get_template(f"{document}/{page}.html").render(values)
    style = "".join(file.read_text(encoding="utf-8") for file in _styles(document, page))
    with _uninterrupted(), _watched(progress, expected_pages):
        fetch = fetcher()
        sheet = HTML(string=text, url_fetcher=fetch)
        laid_out = sheet.render(stylesheets=[CSS(string=style, url_fetcher=fetch)], pdf_variant=variant, pdf_forms=fillable)
        pages = len(laid_out.pages)
        if progress:
            progress(pages, pages * 2)
        data: bytes = laid_out.write_pdf(
            pdf_variant=variant,
            pdf_forms=fillable,
            pdf_identifier=None if to_join else identifier(identity),
            uncompressed_pdf=to_join,
            finisher=partial(_finish, identity, to_join),
        )
    places = {name: number for number, leaf in enumerate(laid_out.pages, 1) for name in leaf.anchors}
    if progress:
        progress(pages * 2, pages * 2)
    return Print(data, pages, places)


def identifier(identity: str) -> bytes:
    """The first half of a file's identifier (ISO 32000-1, 14.4): the same for every print of the document."""
    return sha256(identity.encode()).digest()[:16].hex().encode()


def _styles(document: str, page: str) -> list[Path]:
    """The style of the document, and the template's own after it when there is one."""
    own = TEMPLATES / document / f"{page}.css"
    return [TEMPLATES / document / "style.css", *([own] if own.exists() else [])]


def _finish(identity: str, to_join: bool, _document: Any, pdf: Any) -> None:
    tell_headers(pdf, identity)
    if to_join and "StructTreeRoot" in pdf.catalog:
        hold_words(pdf)
    tell_choices(pdf)
    let_text_shrink(pdf)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Keep the collector away from the millions of boxes of a long table: they all live until the end (a third of the time)."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class _PageCount(logging.Handler):
    """Hears WeasyPrint say that it lays out a page. Drawing takes about as long as laying out, so that is half of the way."""

    def __init__(self, progress: Progress, expected: int) -> None:
        super().__init__(logging.INFO)
        self.progress = progress
        self.expected = expected

    def emit(self, record: logging.LogRecord) -> None:
        found = re.search(r"Page (\d+)$", record.getMessage())
        if found:
            page = int(found[1])
            self.progress(page - 1, max(self.expected, page) * 2)


@contextmanager
def _watched(progress: Progress | None, expected: int) -> Iterator[None]:
    """Report WeasyPrint's progress messages; one document at a time in a process, as everywhere here."""
    if progress is None:
        yield
        return
    logger = logging.getLogger("weasyprint.progress")
    handler = _PageCount(progress, expected)
    level, propagate = logger.level, logger.propagate
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(handler)
        logger.setLevel(level)
        logger.propagate = propagate
