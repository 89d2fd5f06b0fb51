"""What tests of the desk of materials share: the people and materials of the acts' tests, pictures, forms as they are sent."""

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import Image

from attestation.models import User
from attestation.tests.admin.conftest import quick_passwords
from attestation.tests.admin.content.conftest import Staff, staff
from attestation.tests.inspection import OpenedPage, open_page

__all__ = ["quick_passwords", "staff"]

SignInAs = Callable[[User], FlaskClient]


class Desk:
    """The desk of materials as one person sees it."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def open(self, path: str = "", status: int = 200) -> OpenedPage:
        """Open a page of the desk through the inspector: `open("17/state/")`."""
        return open_page(self.client, f"/admin/content/{path}", status)

    def send(self, path: str, page: str = "", **fields: Any) -> Any:
        """Send a form that stands on `page` (the address itself if not named), its version as it stands there."""
        text = self.client.get(f"/admin/content/{page or path}").text
        token = re.search(r'name="csrf_token" value="([^"]+)"', text)
        version = re.search(r'name="version" value="([^"]+)"', text)
        assert token
        hidden = {"csrf_token": token[1], **({"version": version[1]} if version else {})}
        return self.client.post(f"/admin/content/{path}", data=hidden | fields)


@pytest.fixture
def desk(app: Flask, sign_in: SignInAs) -> Callable[[User], Desk]:
    """The desk of a person: `desk(staff.editor)`. Everybody of these tests has the cast's password."""
    from attestation.site import passwords
    from attestation.tests.conftest import PASSWORD

    def of(user: User) -> Desk:
        if user.password_hash == "-":
            User.update(password_hash=passwords.hashed(PASSWORD)).where(User.id == user.id).execute()
        return Desk(sign_in(user))

    return of


def picture(colour: str = "teal", size: tuple[int, int] = (400, 300)) -> bytes:
    """A PNG of one colour."""
    made = io.BytesIO()
    Image.new("RGB", size, colour).save(made, "PNG")
    return made.getvalue()


Opened = Callable[[User], Desk]
assert Staff
