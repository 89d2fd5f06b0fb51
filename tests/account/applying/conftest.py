"""Applications in the cabinet, at NOON of a day in season. The pages do not depend on the kind of database."""

import datetime as dt
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from attestation.models import Application, User
from attestation.site.views import status
from attestation.site.views.account import case, cases, correspondence, filing, representative, steps
from attestation.tests.cases import World
from attestation.tests.conftest import NOON
from attestation.tests.inspection import OpenedPage, faults, open_page, read

SUMMER = dt.datetime(2026, 7, 1, 9, tzinfo=dt.UTC)
SERVICE = "Аттестация педагогов"


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """A fresh embedded database."""
    shutil.copy(sqlite_template, tmp_path / "attestation.sqlite")
    return f"sqlite:///{tmp_path / 'attestation.sqlite'}"


SetClock = Callable[[dt.datetime], None]


@pytest.fixture(autouse=True)
def set_clock(monkeypatch: pytest.MonkeyPatch) -> SetClock:
    """Set the clock of these pages; NOON to begin with."""

    def put(moment: dt.datetime) -> None:
        for module in (case, cases, correspondence, filing, representative, steps, status):
            monkeypatch.setattr(module, "utc_now", lambda: moment, raising=False)

    put(NOON)
    return put


@dataclass
class Visitor:
    """Somebody in the cabinet: opens pages through the inspector and presses buttons of the forms on them."""

    client: FlaskClient

    def open(self, path: str, status: int = 200) -> OpenedPage:
        return open_page(self.client, path, status)

    def fields(self, path: str) -> dict[str, str]:
        """The fields of the page's own form (the first one, if there are several), filled in as they are shown."""
        form = next(form for form in self.open(path).main.all("form") if form.all("input", name="csrf_token"))
        found = {}
        for field in form.all("input", "textarea"):
            ticked = field.attributes.get("type") not in {"radio", "checkbox"} or "checked" in field.attributes
            if ticked:
                found[field.attributes["name"]] = field.text if field.tag == "textarea" else field.attributes.get("value", "")
        return found

    def send(self, path: str, to: str = "", **changes: Any) -> TestResponse:
        """Fill in the form of a page and send it (to another address)."""
        return self.client.post(to or path, data={**self.fields(path), **changes})

    def token(self) -> str:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.client.get("/account/").text)
        assert found
        return found[1]

    def post(self, path: str, **fields: Any) -> TestResponse:
        """Post fields without opening a page first."""
        return self.client.post(path, data={"csrf_token": self.token(), **fields})


def page_of(answer: TestResponse, status: int) -> OpenedPage:
    """The page that a form came back on, sound and read."""
    assert answer.status_code == status, answer.text
    assert faults(answer.text, SERVICE) == []
    return OpenedPage(answer, read(answer.text)[0])


@pytest.fixture
def visitor(sign_in: Callable[[User], FlaskClient]) -> Callable[[User], Visitor]:
    """A person in the cabinet."""
    return lambda user: Visitor(sign_in(user))


@pytest.fixture
def teacher(visitor: Callable[[User], Visitor], world: World) -> Visitor:
    """The teacher of the world, signed in."""
    return visitor(world.teacher)


def at(case: Application, rest: str = "") -> str:
    """An address below the page of the case."""
    return f"/account/applications/{case.id}/{rest}"
