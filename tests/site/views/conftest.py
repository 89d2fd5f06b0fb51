"""A visitor of the public site: opens pages through the inspector."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from attestation import models
from attestation.admin import first_pages
from attestation.site.search.sources import sync

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
