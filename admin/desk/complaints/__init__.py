"""The desk of complaints. What is on it is confidential: nobody but its own roles reads it."""

from flask import Flask, request

from ....site.evidence import MEGABYTE
from .desk import ComplaintDesk

__all__ = ["ComplaintDesk", "init_app"]

WITH_FILES = frozenset({"office_complaints.files"})
# The largest file that is taken, and the fields around it.
LARGEST_REQUEST = 21 * MEGABYTE


def init_app(app: Flask) -> None:
    """Let pages that take files take large ones. Before anything reads the request: the form's token stands in it."""
    app.url_value_preprocessor(_accept_files)


def _accept_files(endpoint: str | None, _values: object) -> None:
    if endpoint in WITH_FILES and request.method == "POST":
        request.max_content_length = LARGEST_REQUEST
