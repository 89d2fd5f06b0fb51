"""The regulation to keep and to print: the whole, a section, an appendix or a clause as tagged PDF, made once per edition."""

from flask import Blueprint, Response

from .layout import parts
from .regulation import everywhere, part, shown
from .rubric_files import kept_file

public = Blueprint("regulation_files", __name__)


@everywhere(public, "<name>.pdf")
def print_out(name: str, document: str = "", slug: str = "") -> Response:
    """`regulation.pdf`, `section-2.pdf`, `appendix-1.pdf` or `2.6.2.pdf`."""
    here = shown(document, slug)
    from ..printing.regulation import Extract, kept_regulation  # slow to load, needed once in a while

    extract = part(lambda name: Extract.of(here.edition, "" if name == "regulation" else name), name)
    path = kept_regulation(extract, parts().settings.site_url, parts().settings.cache_dir)
    return kept_file(path, extract.file_name)
