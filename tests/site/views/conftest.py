"""A visitor of the public site: opens pages through the inspector."""

import datetime as dt
import hashlib
import io
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from attestation import models
from attestation.admin import first_pages
from attestation.models import Blob, Node, Revision
from attestation.site.files import path_of
from attestation.site.search.sources import sync
from attestation.site.settings import Settings

from ...conftest import NOON
from ...inspection import OpenedPage, open_page

Open = Callable[..., OpenedPage]


@pytest.fixture
def open_(client: FlaskClient) -> Open:
    """Open a public page: `open_("/orders/", status=200)`."""
    return lambda path, status=200: open_page(client, path, status)


@pytest.fixture
def index(app: Flask) -> Callable[[], None]:
    """Bring the search in line with the orders of this test."""
    return lambda: sync(app.extensions["attestation"].index) and None


@pytest.fixture
def first_texts(app: Flask) -> None:
    """The pages a new installation has."""
    with models.connection():
        first_pages.load()


MakeNode = Callable[..., Node]


@pytest.fixture
def make_node(app: Flask) -> MakeNode:
    """Write a material straight into the database: `make_node("news/leto", "news", title=…)`; published at NOON by default.

    Fields of the revision and of the node are told apart by their names; `next` is what revision 2, the head, says otherwise.
    """

    # The tests set the clock to days before the tables were made.
    Node.update(live_from=NOON - dt.timedelta(days=1)).where(Node.path == "").execute()

    def make(
        path: str, kind: str = "page", *, status: str = "published", next: dict[str, Any] | None = None, **fields: Any
    ) -> Node:
        above, _, name = path.rpartition("/")
        text = {key: fields.pop(key) for key in TEXT if key in fields}
        text = {"title": name.capitalize(), "body": "Текст." if kind in {"page", "news"} else "", "created_at": NOON, **text}
        public = status.startswith("published")
        shown = {"live": 1, "live_from": NOON, "first_public_at": NOON} if public or status == "withdrawn" else {}
        if status == "withdrawn":
            shown["reason"] = "Сведения устарели"
        values = {**shown, "head": 2 if next else 1, **fields}
        node = Node.create(parent=Node.get(Node.path == above), kind=kind, name=name, path=path, status=status, **values)
        Revision.create(node=node, number=1, **text)
        if next:
            Revision.create(node=node, number=2, **{**text, **next})
        return node

    return make


TEXT = ("title", "summary", "body", "target", "query", "blob", "file_name", "created_at")
MakeFile = Callable[..., Node]


@pytest.fixture
def make_file(make_node: MakeNode, settings: Settings) -> MakeFile:
    """Keep a file and write its material: `make_file("plan.pdf", b"…", "application/pdf")`."""

    def make(path: str, data: bytes, media_type: str, **fields: Any) -> Node:
        sha256 = hashlib.sha256(data).hexdigest()
        size: tuple[int | None, int | None] = (None, None)
        if media_type.startswith("image/"):
            with Image.open(io.BytesIO(data)) as image:
                size = image.size
        place = path_of(settings.uploads_dir, sha256, suffix="")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        blob = Blob.create(sha256=sha256, media_type=media_type, size=len(data), width=size[0], height=size[1])
        return make_node(path, "file", blob=blob, **{"file_name": path.rpartition("/")[2], **fields})

    return make
