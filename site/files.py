"""Frozen files: written once under the SHA-256 of their content, never changed. Who may read them says their mode."""

import hashlib
import os
import secrets
from collections.abc import Callable
from pathlib import Path

READ_ONLY = 0o444
PRIVATE = 0o600
"""Nobody but the application: papers of people."""
# A detached signature of an order.
SIGNATURE, SIGNATURE_TYPE = ".sig", "application/pkcs7-signature"
_FOLDERS = {READ_ONLY: 0o777, PRIVATE: 0o700}


class DamagedFile(OSError):
    """The content of a frozen file no longer gives the hash it is named by."""


def freeze(files_dir: Path, data: bytes, suffix: str = ".pdf", mode: int = READ_ONLY) -> str:
    """Write the content as `<first two digits>/<sha256><suffix>`, mode READ_ONLY or PRIVATE, and give its SHA-256.

    The file appears whole or not at all; content that is there already is left alone. OSError when it cannot be written.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    path = path_of(files_dir, sha256, suffix)
    if path.exists() and verify(files_dir, sha256, suffix):
        return sha256
    for folder in (files_dir, path.parent):
        folder.mkdir(mode=_FOLDERS[mode], parents=True, exist_ok=True)
    write_whole(path, data, mode)
    sync_folder(files_dir)  # the two-digit folder may be new
    return sha256


def path_of(files_dir: Path, sha256: str, suffix: str = ".pdf") -> Path:
    """Where the file of this hash stands, whether or not it is there; ValueError for text that is no SHA-256."""
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise ValueError(f"not a SHA-256: {sha256!r}")
    return files_dir / sha256[:2] / f"{sha256}{suffix}"


def verify(files_dir: Path, sha256: str, suffix: str = ".pdf") -> bool:
    """Whether the file is there and its content still gives its name."""
    try:
        with path_of(files_dir, sha256, suffix).open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == sha256
    except FileNotFoundError:
        return False


def read(files_dir: Path, sha256: str) -> bytes:
    """The content, checked against its name; FileNotFoundError or DamagedFile."""
    data = path_of(files_dir, sha256).read_bytes()
    if hashlib.sha256(data).hexdigest() != sha256:
        raise DamagedFile(f"the content of {sha256}.pdf has changed")
    return data


def discard(files_dir: Path, sha256: str) -> None:
    """Remove a file that no record names; nothing happens when it is not there."""
    path_of(files_dir, sha256).unlink(missing_ok=True)


def kept(path: Path, make: Callable[[], bytes]) -> Path:
    """The file at this path, made at the first call; two processes at once are fine, the later one writes the same again."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, make())
    return path


def write_whole(path: Path, data: bytes, mode: int = READ_ONLY) -> None:
    """Put a file of this mode in place atomically and durably: a draft beside it, synced, then renamed over the name."""
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the new name itself survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
