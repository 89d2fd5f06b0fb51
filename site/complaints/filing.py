"""Filing a complaint on the site (5.4.1.2): whole, with its papers, once for each filled form, whoever files it."""

import datetime as dt
import re
from pathlib import Path

from peewee import IntegrityError

from ...models import Application, Complaint, ComplaintKind, User, database
from ...procedure.complaints import RECORD
from ...procedure.refusal import Refusal
from ...procedure.road import road
from ...procedure.words import ComplaintChannel
from ..dates import day_of
from ..evidence import Examined
from ..fields import Mistakes
from . import contents as texts
from . import files, moves, numbers
from .contents import Contents
from .files import Brought

_TOKEN = re.compile(r"[0-9a-f]{32}")


def submit(
    contents: Contents,
    *,
    papers: list[Brought],
    authority: list[Brought],
    token: str,
    folder: Path,
    edition: str,
    by: User | None,
    on: dt.datetime,
    application: Application | None = None,
) -> Complaint:
    """The complaint with its number; the one that is there already when the same form (`token`) is sent again.

    `application`: a case of whoever is signed in. Mistakes for what is missing or wrong, Refusal for a file that is not taken.
    """
    if present := sent(token):
        return present
    if not _TOKEN.fullmatch(token):
        raise Refusal("Форма устарела: откройте её заново.")
    columns = texts.columns(contents, edition, whole=True)
    if application is not None and (by is None or application.applicant_id != by.id):
        raise Refusal("Выберите своё заявление.")
    if columns["representative"] and not authority:
        raise Mistakes({"scan": "Приложите документ, по которому действует представитель."}, "5.1.2")
    found = {files.PAPER: files.examined(papers, edition), files.AUTHORITY: files.examined(authority, edition)}
    try:
        with database.atomic():
            made = begin(
                columns, contents.kinds, edition=edition, channel=ComplaintChannel.FORM, on=on, token=token, author=by,
                application=application,
            )  # fmt: skip
            _attach(made, found, folder, by, on)
            # Others read the journal: it does not say who complained.
            return moves.make(made, "submit", by=None, on=on, roles=moves.COMPLAINANT)
    except IntegrityError:
        # The other of two presses was quicker.
        if present := sent(token):
            return present
        raise


def sent(token: str) -> Complaint | None:
    """The complaint that came by the form of this key."""
    found: Complaint | None = Complaint.get_or_none(Complaint.token == token) if _TOKEN.fullmatch(token) else None
    return found


def begin(
    columns: dict[str, object],
    kinds: tuple[str, ...],
    *,
    edition: str,
    channel: ComplaintChannel,
    on: dt.datetime,
    received_on: dt.date | None = None,
    **others: object,
) -> Complaint:
    """A complaint at the beginning of its road, numbered; call inside the transaction that makes its first move."""
    day = received_on or day_of(on)
    made: Complaint = Complaint.create(
        edition=edition,
        number=numbers.next_number(day_of(on).year),
        channel=channel.value,
        status=road(RECORD, edition).states[0].name,
        received_on=day,
        created_at=on,
        changed_at=on,
        **columns,
        **others,
    )
    if kinds:
        ComplaintKind.insert_many([{"complaint": made, "kind": kind} for kind in dict.fromkeys(kinds)]).execute()
    return made


def _attach(complaint: Complaint, found: dict[str, list[Examined]], folder: Path, by: User | None, on: dt.datetime) -> None:
    for kind, papers in found.items():
        for paper in papers:
            files.keep(complaint, kind, folder, paper, by=by, on=on)
