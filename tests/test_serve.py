"""`attestation serve`: told to stop at any moment, it leaves no process behind."""

import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ATTESTATION = Path(sys.executable).with_name("attestation")


def answers(port: int) -> bool:
    """Whether somebody listens there."""
    with socket.socket() as caller:
        caller.settimeout(1)
        return caller.connect_ex(("127.0.0.1", port)) == 0


def alive_in(folder: Path) -> list[str]:
    """Command lines of the processes that run in this folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").resolve() == folder:
                found.append((process / "cmdline").read_text().replace("\0", " "))
        except OSError:
            continue  # it ended while we looked
    return found


@pytest.mark.parametrize("pause", [0.0, 0.4, 0.8, 3.0])
def test_nothing_is_left_after_serve_was_told_to_stop(tmp_path: Path, pause: float) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    data = (tmp_path / "data").resolve()
    environ = {**os.environ, "DATA_DIR": str(data), "PORT": str(port), "SECRET_KEY": "a key for tests only"}
    environ.pop("DATABASE_URL", None)
    subprocess.run([ATTESTATION, "init"], env=environ, cwd=tmp_path, check=True, capture_output=True, timeout=60)
    serve = subprocess.Popen([ATTESTATION, "serve"], env=environ, cwd=tmp_path, stdout=subprocess.DEVNULL)
    try:
        for _ in range(600):
            if answers(port) or serve.poll() is not None:
                break
            time.sleep(0.05)
        assert answers(port)
        time.sleep(pause)
        assert len(alive_in(data)) >= 2
        serve.send_signal(signal.SIGTERM)
        assert serve.wait(30) == 0
    finally:
        serve.kill()
    assert alive_in(data) == []
    assert not answers(port)
