"""Frozen files: whole or absent, never changed, checked against their names."""

import errno
import hashlib
import os
import stat
from pathlib import Path

import pytest

from attestation.site import files

DATA = b"%PDF-1.7 example"
SHA256 = hashlib.sha256(DATA).hexdigest()


def everything(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_a_file_is_named_by_its_content_and_read_only(tmp_path: Path) -> None:
    assert files.freeze(tmp_path, DATA) == SHA256
    path = tmp_path / SHA256[:2] / f"{SHA256}.pdf"
    assert files.path_of(tmp_path, SHA256) == path
    assert everything(tmp_path) == [path]
    assert path.read_bytes() == DATA
    assert stat.S_IMODE(path.stat().st_mode) == 0o444


def test_a_file_may_have_another_ending_or_none(tmp_path: Path) -> None:
    assert files.freeze(tmp_path, DATA, suffix="") == SHA256
    assert everything(tmp_path) == [files.path_of(tmp_path, SHA256, suffix="")] == [tmp_path / SHA256[:2] / SHA256]
    assert (files.verify(tmp_path, SHA256, suffix=""), files.verify(tmp_path, SHA256)) == (True, False)


def test_the_same_content_is_written_once(tmp_path: Path) -> None:
    files.freeze(tmp_path, DATA)
    before = files.path_of(tmp_path, SHA256).stat().st_ino
    assert files.freeze(tmp_path, DATA) == SHA256
    assert files.path_of(tmp_path, SHA256).stat().st_ino == before


def test_a_damaged_file_is_seen_and_mended(tmp_path: Path) -> None:
    files.freeze(tmp_path, DATA)
    path = files.path_of(tmp_path, SHA256)
    path.chmod(0o644)
    path.write_bytes(b"something else")
    assert not files.verify(tmp_path, SHA256)
    with pytest.raises(files.DamagedFile):
        files.read(tmp_path, SHA256)
    files.freeze(tmp_path, DATA)
    assert files.verify(tmp_path, SHA256)
    assert files.read(tmp_path, SHA256) == DATA


def test_a_missing_file_does_not_verify(tmp_path: Path) -> None:
    assert not files.verify(tmp_path, SHA256)
    with pytest.raises(FileNotFoundError):
        files.read(tmp_path, SHA256)
    files.discard(tmp_path, SHA256)


def test_a_discarded_file_is_gone(tmp_path: Path) -> None:
    files.freeze(tmp_path, DATA)
    files.discard(tmp_path, SHA256)
    assert everything(tmp_path) == []


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, SHA256[:-1], f"{SHA256}\n"])
def test_only_a_hash_is_a_name(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        files.path_of(tmp_path, name)


@pytest.mark.parametrize("step", ["fsync", "fchmod"])
def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, step, full)
        with pytest.raises(OSError, match="No space left"):
            files.freeze(tmp_path, DATA)
    assert everything(tmp_path) == []
    assert files.freeze(tmp_path, DATA) == SHA256
