"""Pages of accounts as a browser meets them. They do not depend on the kind of database: the embedded one is enough."""

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from attestation.models import Letter, User
from attestation.site import passwords
from attestation.tests.conftest import NOON, PASSWORD, csrf_token
from attestation.tests.inspection import OpenedPage, faults, read

VERA = "vera@example.org"
NAME = "Чернильницына Вера Павловна"
NEW = "совсем другая фраза"
SITE = "http://127.0.0.1:8000"


@pytest.fixture
def database_url(tmp_path: Path, sqlite_template: Path) -> str:
    """A fresh embedded database."""
    shutil.copy(sqlite_template, tmp_path / "attestation.sqlite")
    return f"sqlite:///{tmp_path / 'attestation.sqlite'}"


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The real hashing, with parameters that cost a millisecond."""
    monkeypatch.setattr(passwords, "HASHER", type(passwords.HASHER)(time_cost=1, memory_cost=8, parallelism=1))
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


@pytest.fixture
def vera(app: Flask) -> User:
    """A teacher with an account; the password is PASSWORD."""
    hashed = passwords.hashed(PASSWORD)
    return User.create(login=VERA, email=VERA, email_confirmed_at=NOON, full_name=NAME, password_hash=hashed, created_at=NOON)


@pytest.fixture
def enter(app: Flask) -> Callable[..., FlaskClient]:
    """Sign somebody in through the page of the cabinet: a browser of their own."""

    def entered(user: User, password: str = PASSWORD) -> FlaskClient:
        browser = app.test_client()
        answer = fill(browser, "/account/login", login=user.login, password=password)
        assert (answer.status_code, answer.location) == (302, "/account/"), answer.text
        return browser

    return entered


def fill(browser: FlaskClient, path: str, /, page: str = "", origin: str = "192.0.2.7", **fields: Any) -> TestResponse:
    """Fill in the form of a page (the address itself if not named) and send it to this address."""
    form = {"csrf_token": csrf_token(browser, page or path), **fields}
    answer = browser.post(path, data=form, environ_base={"REMOTE_ADDR": origin})
    if answer.mimetype == "text/html" and answer.status_code not in (301, 302, 303):
        assert faults(answer.text, "Аттестация педагогов") == [], path
    return answer


def shown(answer: TestResponse) -> OpenedPage:
    """An answer as a page that was read."""
    return OpenedPage(answer, read(answer.text)[0])


def messages(answer: TestResponse | OpenedPage) -> list[str]:
    """What the page says above everything."""
    opened = answer if isinstance(answer, OpenedPage) else shown(answer)
    return [message.text for message in opened.root.all("p", class_="message")]


def mailed() -> str:
    """The path of the link in the latest letter."""
    body = Letter.select().order_by(Letter.id.desc()).get().body
    found = re.search(rf"{re.escape(SITE)}(/\S+)", body)
    assert found, body
    return found[1]


def inside(browser: FlaskClient) -> bool:
    """Whether this browser is signed in."""
    return browser.get("/account/security").status_code == 200
