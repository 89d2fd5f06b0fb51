"""A real server with its worker, and a real Chromium that accepts no silent error."""

import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, sync_playwright

from attestation.procedure.road import EDITION

CHROMIUM = "/usr/bin/chromium"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
FLAGS += ["--disable-component-update", "--disable-sync"]
ATTESTATION = Path(sys.executable).with_name("attestation")
CHECKOUT = Path(__file__).parents[2]
SECONDS_TO_START = 60


@dataclass(frozen=True)
class Installation:
    """A running installation with demo data: its address and data directory."""

    url: str
    data_dir: Path


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """An installation for every test that needs none of its own."""
    with running(tmp_path_factory) as made:
        yield made


@contextmanager
def running(folders: pytest.TempPathFactory, procedure: str = EDITION) -> Iterator[Installation]:
    """An installation of its own with a small demonstration, served on a free loopback port. `procedure`: its edition."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data_dir = folders.mktemp("installation") / "data"
    shutil.copytree(_filled(folders, procedure), data_dir, symlinks=True)
    environ = _environment(data_dir, procedure) | {"PORT": str(port)}
    with (data_dir / "log").open("w") as log:
        # From the checkout, as `make run` does.
        server = subprocess.Popen([ATTESTATION, "serve"], env=environ, stdout=log, stderr=log, cwd=CHECKOUT)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(f"{url}/healthz", server, data_dir / "log")
        yield Installation(url, data_dir)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def _environment(data_dir: Path, procedure: str) -> dict[str, str]:
    given = {"DATA_DIR": str(data_dir), "PROCEDURE": procedure, "SECRET_KEY": "a key for tests only", "WORKERS": "1"}
    return given | {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}


def _filled(folders: pytest.TempPathFactory, procedure: str) -> Path:
    """A data directory after `attestation init` and `demo` (small), made once for all processes of this run of the tests."""
    own = folders.getbasetemp()
    shared = own.parent if "PYTEST_XDIST_WORKER" in os.environ else own
    made = shared / f"filled-{procedure}"
    with (shared / "filling").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            filling = folders.mktemp("filling")
            for command in (["init"], ["demo", "--orders", "3", "--rows", "8", "30", "--cases", "20"]):
                environ = _environment(filling, procedure)
                done = subprocess.run(
                    [ATTESTATION, *command], env=environ, capture_output=True, text=True, timeout=300, cwd=filling
                )
                assert done.returncode == 0, done.stdout + done.stderr
            filling.rename(made)
    return made


def _wait_for(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(SECONDS_TO_START * 5):
        assert server.poll() is None, log.read_text()
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                assert answer.status == 200
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise AssertionError(f"the server did not answer: {log.read_text()}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield opened
        opened.close()


@contextmanager
def visiting(browser: Browser, installation: Installation) -> Iterator[Page]:
    """A page of a fresh visitor; at the end its console must be empty, policy violations included."""
    context = browser.new_context(base_url=installation.url, locale="ru-RU", viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.set_default_timeout(15_000)
    complaints: list[str] = []

    def note(message: ConsoleMessage) -> None:
        # Chromium notes the status of a page that honestly answers 4xx; everything else is a fault of ours.
        if not re.search(r"status of 4\d\d", message.text):
            complaints.append(f"{message.type}: {message.text}")

    opened.on("console", note)
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield opened
    finally:
        context.close()
    assert complaints == []


@pytest.fixture
def page(browser: Browser, installation: Installation) -> Iterator[Page]:
    """A page of a fresh visitor who accepts no silent error."""
    with visiting(browser, installation) as opened:
        yield opened


@pytest.fixture
def accessible(page: Page) -> Callable[[], None]:
    """Check the page as it is now with axe, and that it does not scroll sideways."""
    return lambda: audit(page)


def audit(page: Page) -> None:
    """Nothing for axe to find on the page as it is now, and no scrolling sideways."""
    # What is in order is not described element by element: that took half of the time.
    violations = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    told = [(found["id"], [node["html"][:200] for node in found["nodes"]]) for found in violations]
    assert told == [], page.url
    fits_the_width(page)


def fits_the_width(page: Page) -> None:
    """No scrolling sideways at the width that the page has now."""
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), page.url
