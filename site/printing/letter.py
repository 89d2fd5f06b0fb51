"""A letter of the authority as a tagged PDF, for whoever is written to by post."""

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from .paper import print_document

VARIANT = "pdf/ua-1"


def letter_pdf(sheet: Mapping[str, Any]) -> bytes:
    """The letter of these plain values: authority, day, to, address, title, paragraphs of lines, position, signatory."""
    identity = sha256(repr(sorted(sheet.items())).encode()).hexdigest()
    return print_document("letter", {"sheet": sheet}, variant=VARIANT, identity=f"letter {identity}").data
