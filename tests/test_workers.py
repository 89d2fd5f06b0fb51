"""Two real worker processes of the server: what is committed is in the next answer of both."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path
from socket import socket
from typing import NamedTuple

import pytest

from attestation import models
from attestation.admin import first_pages
from attestation.models import Node, Revision
from attestation.site.settings import Settings
from attestation.tests.conftest import NOON

EDITS = 12
REQUESTS_AFTER_EACH = 16
SERVER = ["--interface", "wsgi", "--workers", "2", "--blocking-threads", "1", "--no-access-log", "--log-level", "warning"]


class Answer(NamedTuple):
    status: int
    tag: str
    text: str


def ask(port: int, path: str, tag: str = "") -> Answer:
    """The answer to a request over a connection of its own, so that any worker may get it."""
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request("GET", path, headers={"If-None-Match": tag} if tag else {})
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers["ETag"], answer.read().decode())
    finally:
        connection.close()


@pytest.fixture
def port(settings: Settings, database: models.Database) -> Iterator[int]:
    """The port at which two workers serve this installation, over the database that this process edits."""
    first_pages.load()
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        found = free.getsockname()[1]
    told = {"DATABASE_URL": settings.database_url, "DATA_DIR": str(settings.data_dir), "SECRET_KEY": settings.secret_key}
    command = [sys.executable, "-P", "-m", "granian", *SERVER, "--port", str(found), "attestation.wsgi:app"]
    with subprocess.Popen(command, env={"PATH": os.environ["PATH"], **told}, cwd=settings.data_dir) as server:
        try:
            _wait_for_two(server, found)
            yield found
        finally:
            server.terminate()
            server.wait(30)


def _wait_for_two(server: "subprocess.Popen[bytes]", port: int) -> None:
    """Until it answers and has two workers; then each of them has most likely made its pages."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        assert server.poll() is None
        children = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
        try:
            if ask(port, "/about/").status == 200 and len(children) >= 2:
                break
        except OSError:
            pass
        time.sleep(0.1)
    else:
        pytest.fail("the server does not answer")
    time.sleep(1)
    for _ in range(20):
        ask(port, "/about/")


def test_an_edit_is_seen_by_every_request_after_it(port: int) -> None:
    node = Node.get(Node.path == "about")
    tag = ask(port, "/about/").tag
    for number in range(EDITS):
        Revision.create(node=node, number=number + 2, title=f"О сервисе, правка {number}", body="Текст.", created_at=NOON)
        Node.update(head=number + 2, live=number + 2).where(Node.id == node.id).execute()
        answers = [ask(port, "/about/", tag) for _ in range(REQUESTS_AFTER_EACH)]
        assert [answer.status for answer in answers] == [200] * REQUESTS_AFTER_EACH, number
        assert all(f"правка {number}" in answer.text for answer in answers), number
        assert len({answer.tag for answer in answers}) == 1
        tag = answers[0].tag
        # What stands in the navigation is seen on pages that have not changed themselves.
        assert f"правка {number}" in ask(port, "/rubrics/").text
    assert [ask(port, "/about/", tag).status for _ in range(REQUESTS_AFTER_EACH)] == [304] * REQUESTS_AFTER_EACH
