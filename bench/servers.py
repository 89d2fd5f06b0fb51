"""Servers to be measured: the site and what it is compared with, under the flags of `attestation serve`."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPResponse
from pathlib import Path

# As `attestation serve` starts it.
SERVER = (sys.executable, "-P", "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1", "--workers", "2")
FLAGS = ("--blocking-threads", "1", "--respawn-failed-workers", "--no-access-log", "--log-level", "warning")
SITE = "attestation.wsgi:app"


def installation(folder: Path) -> dict[str, str]:
    """An empty installation of its own in this folder; the environment that names it."""
    settings = {"DATA_DIR": str(folder / "var"), "SECRET_KEY": "of this measurement only", "DATABASE_URL": ""}
    command = (sys.executable, "-P", "-c", "import attestation; attestation.main()", "init")
    subprocess.run(command, env={**os.environ, **settings}, check=True, stdout=subprocess.DEVNULL)
    return settings


@contextmanager
def served(target: str, settings: Mapping[str, str], path: str) -> Iterator[int]:
    """A server of this application at a free port until the block ends; it answers at `path` when the block begins."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
    # From this folder: granian takes a working folder inside a package for a part of the module's name.
    command = (*SERVER, "--port", str(port), *FLAGS, target)
    process = subprocess.Popen(command, env={**os.environ, **settings}, cwd=Path(__file__).parent)
    try:
        _wait_for(port, path, process)
        yield port
    finally:
        process.terminate()
        process.wait(20)


def ask(port: int, path: str, headers: Mapping[str, str] | None = None) -> HTTPResponse:
    """The answer at this address, its body still to be read."""
    answer: HTTPResponse = urllib.request.urlopen(
        urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=dict(headers or {})), timeout=60
    )
    return answer


def read(port: int, path: str) -> bytes:
    """The body at this address."""
    with ask(port, path) as answer:
        return answer.read()


def _wait_for(port: int, path: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            read(port, path)
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise SystemExit(f"Сервер на порту {port} не начал отвечать.")
