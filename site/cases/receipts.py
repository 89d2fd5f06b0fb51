"""Receipts: what a teacher has in hand after filing. Made when asked for, frozen, never made anew for the same filing."""

import datetime as dt
from pathlib import Path

from ...models import Application, CaseEvent, CaseFile, JournalEntry, database, embedded
from ...procedure.road import Move, road
from ...procedure.terms import Dated, terms
from ...procedure.words import Channel
from .. import files, journal, regulation
from ..application import YES
from ..dates import CITY, MONTHS, day_of
from ..figures import file_size
from ..printing import press
from ..printing.receipt import Answer, Brought, Next, Sheet
from . import answers, attachments, moves, story
from .calendar import office_calendar
from .steps import ELECTRONIC

FILED, FOLDER = "filed", "portfolio_received"
BROUGHT = (attachments.PORTFOLIO, attachments.PREVIOUS_CATEGORY, attachments.AUTHORITY, attachments.OTHER)
MEDIA_TYPE = "application/pdf"


def kept(application: Application) -> CaseFile | None:
    """The receipt of the last filing, if it was made; two queries."""
    made = CaseFile.kind == attachments.RECEIPT, CaseFile.added_at >= filed_at(application)
    found: CaseFile | None = attachments.kept(application).where(*made).first()
    return found


def make(application: Application, folder: Path, *, authority: str, site_url: str, on: dt.datetime) -> CaseFile:
    """Print the receipt of the last filing and freeze it in `folder` (`settings.cases_dir`).

    Raises PressFailed or OSError. Two who ask at once get the same file.
    """
    data = press.receipt_apart(sheet(application, authority=authority, site_url=site_url).plain())
    sha256 = files.freeze(folder, data, suffix="", mode=files.PRIVATE)
    with database.atomic():
        row = Application.select().where(Application.id == application.id)
        (row if embedded() else row.for_update()).get()
        if present := kept(application):
            return present
        made: CaseFile = CaseFile.create(
            application=application,
            kind=attachments.RECEIPT,
            name=f"Расписка {application.number}.pdf",
            media_type=MEDIA_TYPE,
            sha256=sha256,
            size=len(data),
            added_at=on,
        )
        moves.note(application, "make_receipt", by=None, on=on, details=f"файл {made.id}, SHA-256 {sha256[:16]}")
    return made


def filed_at(application: Application) -> dt.datetime:
    """The moment of the last filing, as the journal has it; one query."""
    verbs = [journal.case_verb(move.verb) for move in road("application", application.edition).moves if FILED in move.marks]
    told = journal.history(moves.SUBJECT, application.id).where(JournalEntry.verb.in_(verbs)).first()
    moment: dt.datetime = told.at if told else application.changed_at
    return moment


def sheet(application: Application, *, authority: str, site_url: str) -> Sheet:
    """What the receipt says: the case as it was at the moment of the last filing."""
    moment = filed_at(application)
    local = moment.astimezone(CITY)
    return Sheet(
        number=application.number or "",
        filed=f"{local.day} {MONTHS[local.month - 1]} {local.year} года в {local:%H:%M}",
        person=application.person,
        channel=Channel(application.channel).label,
        authority=authority,
        act=regulation.edition(application.edition).act,
        check_at=f"{site_url}/status",
        answers=_answers(application),
        files=_files(application, moment),
        ahead=tuple(_ahead(application)),
    )


def _answers(application: Application) -> tuple[Answer, ...]:
    """Every row of the form; line 13 follows line 7."""
    typed = answers.read(application.answers, application.filed_on or day_of(application.changed_at))
    said = {**typed.entered, answers.REPEATED: application.position}
    if said.get(answers.CONFIRMED):
        said[answers.CONFIRMED] = YES
    return tuple(Answer(part.number, part.text, said.get(part.name, "")) for part in typed.form.numbered)


def _files(application: Application, moment: dt.datetime) -> tuple[Brought, ...]:
    there = CaseFile.added_at <= moment, CaseFile.removed_at.is_null() | (CaseFile.removed_at > moment)
    mine = CaseFile.application == application, CaseFile.kind.in_(BROUGHT)
    found = CaseFile.select().where(*mine, *there).order_by(CaseFile.added_at, CaseFile.id)
    return tuple(Brought(one.name, attachments.KINDS[one.kind].title, file_size(one.size), one.sha256) for one in found)


def _ahead(application: Application) -> list[Next]:
    """The terms as they stood on the day of filing, before anything else had happened."""
    filing = _filing(application)
    known = {*filing.marks, *({FOLDER} if application.portfolio_way == ELECTRONIC else ())}
    happened = CaseEvent.select().where(CaseEvent.application == application, CaseEvent.name.in_(known))
    dates = [Dated(event.name, event.day) for event in happened]
    day = application.filed_on or day_of(application.changed_at)
    running = terms(application.edition).running(filing.target, Channel(application.channel), dates, day, office_calendar())
    return [
        Next(one.title, one.who, f"до {one.ends:%d.%m.%Y}" if one.ends else one.words, one.clause)
        for told in (story.ahead, story.besides)
        for one in told(application, running, filing.target)
    ]


def _filing(application: Application) -> Move:
    """The move that files an application."""
    return next(move for move in road("application", application.edition).moves if FILED in move.marks)
