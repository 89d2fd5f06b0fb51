"""The official text of the regulation: import it from a document, show it on the site, take it off. Each with its journal."""

import datetime as dt
import hashlib
from dataclasses import asdict, dataclass
from pathlib import Path

from peewee import IntegrityError, chunked

from ...models import OfficialClause, OfficialText, User, database
from ...procedure.refusal import Refusal
from ...site import fields, journal
from ...site.regulation import Edition, Shelf, UnknownClause
from ...site.regulation.official import Official, Placed, Unplaced, split_file
from ..access import Permission, require
from . import uploads
from .orders import AT_ONCE, REASON

_SUBJECT = "official text"


@dataclass(frozen=True)
class Reading:
    """What was read from one file, before it is imported."""

    official: Official
    file_name: str
    sha256: str


def read(data: bytes, file_name: str, edition: Edition) -> Reading:
    """The document of this file split into the clauses of the edition. DocumentRefused if it cannot be."""
    official = split_file(data, file_name, edition)
    return Reading(official, fields.line(OfficialText.file_name, Path(file_name).name), hashlib.sha256(data).hexdigest())


def keep(folder: Path, reading: Reading, *, by: User, on: dt.datetime) -> str:
    """Keep the reading until it is confirmed; the token under which it is found."""
    pieces = {
        name: [asdict(piece) for piece in getattr(reading.official, name)] for name in ("clauses", "sections", "unplaced")
    }
    told = {"unknown": reading.official.unknown, "taken_out": reading.official.taken_out}
    about = {"edition": reading.official.edition.slug, "file_name": reading.file_name, "sha256": reading.sha256}
    return uploads.keep(folder, _SUBJECT, pieces | told | about, by=by, on=on)


def kept(folder: Path, token: str, editions: Shelf, *, by: User, on: dt.datetime) -> Reading:
    """The reading of this token. Refusal if it expired, was another person's, or the edition is not there any more."""
    content = uploads.kept(folder, token, _SUBJECT, by=by, on=on)
    try:
        edition = editions.edition(content["edition"])
    except UnknownClause as unknown:
        raise Refusal(str(unknown)) from None
    official = Official(
        edition=edition,
        clauses=tuple(Placed(**piece) for piece in content["clauses"]),
        sections=tuple(Placed(**piece) for piece in content["sections"]),
        unplaced=tuple(Unplaced(**piece) for piece in content["unplaced"]),
        unknown=tuple(content["unknown"]),
        taken_out=tuple(content["taken_out"]),
    )
    return Reading(official, content["file_name"], content["sha256"])


def import_official(reading: Reading, *, by: User | None, on: dt.datetime) -> OfficialText:
    """Show this text beside our restatement, in place of the one shown until now; `by` is None at the shell."""
    _require(by)
    official = reading.official
    shown = OfficialText.edition == official.edition.slug, OfficialText.active
    if OfficialText.select().where(*shown, OfficialText.sha256 == reading.sha256).exists():
        raise Refusal("Этот файл уже загружен, и его текст показан на сайте.")
    with database.atomic():
        text = OfficialText.create(
            edition=official.edition.slug,
            file_name=reading.file_name,
            sha256=reading.sha256,
            clauses_placed=len(official.clauses),
            active=False,
            imported_at=on,
            imported_by=by,
        )
        pieces = (*official.sections, *official.clauses)
        rows = [{"official": text, "number": piece.number, "text": piece.text} for piece in pieces]
        for part in chunked(rows, AT_ONCE):
            OfficialClause.insert_many(list(part)).execute()
        details = f"{reading.file_name}: {_count(official)}"
        journal.write(by=by, on=on, verb="import_official", subject="official", subject_id=text.id, details=details)
        return _show(text)


def show_official(text: OfficialText, *, by: User | None, on: dt.datetime) -> OfficialText:
    """Show a text that was imported before."""
    _require(by)
    if OfficialText.get_by_id(text.id).active:
        raise Refusal("Этот текст уже показан на сайте.")
    with database.atomic():
        journal.write(by=by, on=on, verb="show_official", subject="official", subject_id=text.id)
        return _show(text)


def withdraw_official(text: OfficialText, *, reason: str, by: User | None, on: dt.datetime) -> OfficialText:
    """Take the text off the site: the pages say again that they hold a restatement alone."""
    _require(by)
    why = fields.line(REASON, reason)
    with database.atomic():
        if not OfficialText.update(active=False).where(OfficialText.id == text.id, OfficialText.active).execute():
            raise Refusal("Этого текста на сайте уже нет.")
        journal.write(by=by, on=on, verb="withdraw_official", subject="official", subject_id=text.id, details=why)
    return OfficialText.get_by_id(text.id)


def _show(text: OfficialText) -> OfficialText:
    """Within the transaction of an act: this text and no other of its edition."""
    OfficialText.update(active=False).where(OfficialText.edition == text.edition, OfficialText.active).execute()
    try:
        OfficialText.update(active=True).where(OfficialText.id == text.id).execute()
    except IntegrityError:
        raise Refusal("Другой сотрудник только что показал другой текст этой редакции. Откройте список ещё раз.") from None
    return OfficialText.get_by_id(text.id)


def _count(official: Official) -> str:
    return f"размещено пунктов: {len(official.clauses)} из {len(official.edition.by_number)}"


def _require(by: User | None) -> None:
    # Without a person it is an operator at the shell of the server, who may everything.
    if by is not None:
        require(by, Permission.IMPORT_REGULATION)
