"""The text of a PDF, page by page: a program of its own with limits of memory and time, because files may be hostile.

Standard input is the PDF; standard output is JSON: `pages`, a list of texts, or `refused`: `locked`, `broken` or `large`.
It imports nothing of the product, so that it starts quickly and holds nothing worth stealing.
"""

import io
import json
import logging
import resource
import sys

import pikepdf
from pypdf import PdfReader
from pypdf.errors import LimitReachedError

LARGEST_MEMORY = 1024 * 1024 * 1024
MOST_SECONDS = 25
MOST_PAGES = 400
MOST_SIGNS = 3_000_000


def told(data: bytes) -> dict[str, object]:
    """What standard output says."""
    try:
        readable = _rewritten(data)
    except pikepdf.PasswordError:
        return {"refused": "locked"}
    except (pikepdf.PdfError, ValueError, RecursionError):
        return {"refused": "broken"}
    try:
        return _pages(readable)
    except (MemoryError, LimitReachedError):
        return {"refused": "large"}
    except Exception:  # pypdf raises whatever a broken file breaks in it
        return {"refused": "broken"}


def _rewritten(data: bytes) -> bytes:
    """The file as qpdf writes it: mended where it can be, without the restrictions that need no password."""
    clean = io.BytesIO()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        pdf.save(clean)
    return clean.getvalue()


def _pages(data: bytes) -> dict[str, object]:
    reader = PdfReader(io.BytesIO(data))
    if len(reader.pages) > MOST_PAGES:
        return {"refused": "large"}
    texts = []
    signs = 0
    for page in reader.pages:
        texts.append(page.extract_text())
        signs += len(texts[-1])
        if signs > MOST_SIGNS:
            return {"refused": "large"}
    return {"pages": texts}


if __name__ == "__main__":
    logging.disable()
    resource.setrlimit(resource.RLIMIT_AS, (LARGEST_MEMORY, LARGEST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    json.dump(told(sys.stdin.buffer.read()), sys.stdout)
