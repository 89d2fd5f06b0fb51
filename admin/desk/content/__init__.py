# mypy: disallow-subclassing-any=False
"""The desk «Материалы»: the content tree of the site. All staff see what there is; who writes where is asked at each place."""

from flask import Flask, request

from ....site import uploads
from ...access import Permission
from .bulk import BulkPages
from .creating import CreatingPages
from .editing import EditingPages
from .history import HistoryPages
from .looking import LookingPages
from .places import PlacePages
from .removal import RemovalPages
from .reports import ReportPages
from .searching import SearchingPages
from .sharing import SharingPages

# A file with the few fields of its form.
LARGEST_REQUEST = uploads.LARGEST + 1024 * 1024
WITH_FILES = {"office_content.new", "office_content.edit", "office_content.upload"}


class ContentDesk(
    BulkPages,
    CreatingPages,
    EditingPages,
    LookingPages,
    HistoryPages,
    PlacePages,
    RemovalPages,
    SharingPages,
    SearchingPages,
    ReportPages,
):
    """All pages of the desk; each family has a file of its own."""

    permission = Permission.READ_CONTENT


def init_app(app: Flask) -> None:
    """Let pages that take files take large ones. Before anything reads the request: the form's token stands in it."""
    app.url_value_preprocessor(_accept_files)


def _accept_files(endpoint: str | None, _values: object) -> None:
    if endpoint in WITH_FILES and request.method == "POST":
        request.max_content_length = LARGEST_REQUEST
