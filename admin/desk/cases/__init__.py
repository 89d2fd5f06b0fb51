"""The desks over cases: what is to be done today, registries, the page of a case and its moves, the calendar."""

from flask import Flask, request

from ....site.uploads import LARGEST
from .calendar import CalendarDesk
from .desk import CaseDesk
from .reception import ReceptionDesk
from .reviews import ReviewDesk
from .today import TodayDesk

__all__ = ["CalendarDesk", "CaseDesk", "ReceptionDesk", "ReviewDesk", "TodayDesk"]

WITH_FILES = frozenset({"office_reviews.upload", "office_cases.scan"})
# The file itself and the fields around it.
LARGEST_REQUEST = LARGEST + 64 * 1024


def init_app(app: Flask) -> None:
    """Let pages that take files take large ones. Before anything reads the request: the form's token stands in it."""
    app.url_value_preprocessor(_accept_files)


def _accept_files(endpoint: str | None, _values: object) -> None:
    if endpoint in WITH_FILES and request.method == "POST":
        request.max_content_length = LARGEST_REQUEST
