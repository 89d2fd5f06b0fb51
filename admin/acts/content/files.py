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
    # The file first: a record without its file would be a broken page, a file without a record is only a file.
    sha256 = uploads.keep(folder, checked)
    with database.atomic():
        facts = {"media_type": checked.media_type, "size": len(checked.data), "width": checked.width, "height": checked.height}
        Blob.insert(sha256=sha256, created_at=on, **facts).on_conflict_ignore().execute()
        note(node, "keep_file", by, on, f"{checked.kind.label}, байт: {len(checked.data)}, SHA-256 {sha256}")
    found: Blob = Blob.get(Blob.sha256 == sha256)
    return found
