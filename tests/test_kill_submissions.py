"""The server is killed while teachers submit: what was acknowledged is there, nothing is there twice, nothing half."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from attestation.models import Application, JournalEntry, Letter, User, connection
from attestation.procedure.numbers import parse
from attestation.site.settings import Settings
from attestation.tests.cases import LENOBL, World
from attestation.tests.conftest import PASSWORD
from attestation.tests.test_serve import ATTESTATION, alive_in, answers

TEACHERS = 8
DRAFTS_EACH = 5
ACKNOWLEDGED_BEFORE_THE_KILL = 10
PATIENCE_SECONDS = 60


@contextmanager
def served(settings: Settings, port: int) -> Iterator[Path]:
    """The real server over this installation; whatever is left of it at the end is killed."""
    environ = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": settings.database_url,
        "DATA_DIR": str(settings.data_dir),
        "SECRET_KEY": settings.secret_key,
        "PORT": str(port),
        "WORKERS": "2",
    }
    started = subprocess.Popen([ATTESTATION, "serve"], env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while not answers(port):
            assert started.poll() is None and time.monotonic() < deadline, "the server did not start"
            time.sleep(0.1)
        yield settings.data_dir.resolve()
    finally:
        started.send_signal(signal.SIGTERM)
        started.wait(30)


def kill(folder: Path) -> None:
    """Kill every process of the installation at once, as a power cut does."""
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").resolve() == folder:
                os.kill(int(process.name), signal.SIGKILL)
        except OSError:
            continue  # it ended while we looked


class Teacher(threading.Thread):
    """A teacher with drafts who submits one after the other until the server is gone. `acknowledged`: ids of the filed."""

    def __init__(self, url: str, email: str, drafts: list[int]) -> None:
        super().__init__()
        self.url, self.email, self.drafts = url, email, drafts
        self.acknowledged: list[int] = []

    def run(self) -> None:
        try:
            with requests.Session() as browser:
                self._sign_in(browser)
                for draft in self.drafts:
                    self._submit(browser, draft)
        except requests.RequestException:
            return  # the server was killed

    def _sign_in(self, browser: requests.Session) -> None:
        page = browser.get(f"{self.url}/account/login", timeout=PATIENCE_SECONDS)
        form = {"login": self.email, "password": PASSWORD, "csrf_token": hidden(page.text, "csrf_token")}
        answer = browser.post(f"{self.url}/account/login", form, timeout=PATIENCE_SECONDS, allow_redirects=False)
        assert answer.status_code == 302, answer.status_code

    def _submit(self, browser: requests.Session, draft: int) -> None:
        address = f"{self.url}/account/applications/{draft}/check"
        page = browser.get(address, timeout=PATIENCE_SECONDS)
        form = {name: hidden(page.text, name) for name in ("csrf_token", "version")} | {"confirmed": "yes"}
        answer = browser.post(address, form, timeout=PATIENCE_SECONDS, allow_redirects=False)
        if answer.status_code == 302 and answer.headers["Location"].endswith("/submitted"):
            self.acknowledged.append(draft)


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]+)"', page)
    assert found, name
    return found[1]


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def started(url: str, people: list[tuple[User, list[int]]]) -> list[Teacher]:
    found = [Teacher(url, user.login, drafts) for user, drafts in people]
    for teacher in found:
        teacher.start()
    return found


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_nothing_acknowledged_is_lost_when_the_server_is_killed(world: World, settings: Settings) -> None:
    people = []
    for number in range(TEACHERS):
        email = f"pedagog-{number}@example.org"
        user = User.create(
            login=email,
            email=email,
            email_confirmed_at=world.now,
            full_name=f"Педагогов {number}",
            password_hash=world.cast.admin.password_hash,
            created_at=world.now,
        )
        people.append((user, [world.filled(LENOBL, teacher=user).id for _ in range(DRAFTS_EACH)]))
    port = free_port()
    with served(settings, port) as folder:
        teachers = started(f"http://127.0.0.1:{port}", people)
        deadline = time.monotonic() + PATIENCE_SECONDS
        while sum(len(teacher.acknowledged) for teacher in teachers) < ACKNOWLEDGED_BEFORE_THE_KILL:
            assert time.monotonic() < deadline, "nobody is served"
            time.sleep(0.005)
        kill(folder)
        for teacher in teachers:
            teacher.join(PATIENCE_SECONDS)
    acknowledged = {draft for teacher in teachers for draft in teacher.acknowledged}
    assert ACKNOWLEDGED_BEFORE_THE_KILL <= len(acknowledged) < TEACHERS * DRAFTS_EACH, "killed too late to tell anything"
    with connection():
        filed = whole()
    assert acknowledged <= filed
    # Whatever was on its way when the power went is either filed and told to nobody, or a draft to be submitted again.
    port = free_port()
    with served(settings, port):
        rest = [(user, [draft for draft in drafts if draft not in filed]) for user, drafts in people]
        again = started(f"http://127.0.0.1:{port}", rest)
        for teacher in again:
            teacher.join(PATIENCE_SECONDS)
    with connection():
        assert whole() == {draft for _, drafts in people for draft in drafts}
    assert alive_in(folder) == []


def whole() -> set[int]:
    """The ids of the filed cases; each has one number, one entry in the journal, one letter in the cabinet."""
    filed = list(Application.select().where(Application.status == "submitted"))
    drafts = list(Application.select().where(Application.status == "draft"))
    numbers = [case.number for case in filed]
    assert len(set(numbers)) == len(numbers)
    assert all(parse(number) for number in numbers)
    assert [case.number for case in drafts] == [None] * len(drafts)
    ids = sorted(case.id for case in filed)
    entries = JournalEntry.select(JournalEntry.subject_id).where(JournalEntry.verb == "case_submit")
    assert sorted(entry.subject_id for entry in entries) == ids
    letters = Letter.select(Letter.application).where(Letter.name == "application_submitted", Letter.channel == "cabinet")
    assert sorted(letter.application_id for letter in letters) == ids
    return set(ids)
