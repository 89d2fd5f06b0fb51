"""How a file that somebody brings becomes one that a material may show."""

import datetime as dt
from pathlib import Path

from ....models import Blob, Node, User, database
from ....procedure.words import LocalRole
from ....site import uploads
from ...access import require_local
from .holding import note


def keep_file(folder: Path, node: Node, *, data: bytes, name: str, by: User, on: dt.datetime) -> Blob:
    """Check a file by its content and keep it for this material or section; the same content is kept once.

    `folder` is where the installation keeps uploads. Refusal says what is wrong with the file. OSError when the disk is full.
    """
    require_local(by, node, LocalRole.AUTHOR)
    checked = uploads.check(data, name)
    with database.atomic():
        blob = kept(folder, checked, on)
        note(node, "keep_file", by, on, f"{checked.kind.label}, байт: {blob.size}, SHA-256 {blob.sha256}")
    return blob


def kept(folder: Path, checked: uploads.Checked, on: dt.datetime) -> Blob:
    """The record of a checked file, made with the file when it is new. OSError when the disk is full."""
    # The file first: a record without its file would be a broken page, a file without a record is only a file.
    sha256 = uploads.keep(folder, checked)
    facts = {"media_type": checked.media_type, "size": len(checked.data), "width": checked.width, "height": checked.height}
    Blob.insert(sha256=sha256, created_at=on, **facts).on_conflict_ignore().execute()
    found: Blob = Blob.get(Blob.sha256 == sha256)
    return found
