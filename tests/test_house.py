"""The house itself: which way imports go, what is packaged, what the lock files hold."""

import configparser
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OUTSIDE = {"tests", "bench", "docs", "build"}


def test_imports_go_one_way_down_the_staircase() -> None:
    done = subprocess.run([Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_every_room_is_packaged_and_nothing_else() -> None:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg", encoding="utf-8")
    listed = set(setup["options"]["packages"].split())
    rooms = {path.parent.relative_to(ROOT) for path in ROOT.glob("*/**/__init__.py")}
    found = {
        ".".join(("attestation", *room.parts)) for room in rooms if room.parts[0] not in OUTSIDE and room.parts[0][0] != "."
    }
    assert listed == found | {"attestation"}


def test_the_top_level_is_the_agreed_one() -> None:
    tracked = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\n")
    folders = {name.split("/")[0] for name in tracked if "/" in name and not name.startswith(".")}
    modules = {name for name in tracked if name.endswith(".py") and "/" not in name}
    assert folders == {"site", "admin", "rubrics", "content", "static", "tests", "procedure", "bench", "docs"}
    assert modules == {"__init__.py", "models.py", "wsgi.py"}


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-signing.txt", "requirements-dev.txt"])
def test_locks_have_hashes_and_no_addresses(name: str) -> None:
    text = (ROOT / name).read_text()
    pinned = re.findall(r"^[a-z0-9._-]+(?:\[[a-z,]+\])?==\S+", text, re.M | re.I)
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.M | re.I)[1:]
    assert len(pinned) == len(entries) > 30
    assert all("--hash=sha256:" in entry for entry in entries)
    assert "://" not in text
