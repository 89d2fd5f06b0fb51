"""The teacher's side of a filed application: submit it, withdraw it, let somebody else act."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from peewee import CharField

from ...models import Application, CaseFile, CheckMark, Representative, User, database
from ...procedure.refusal import Refusal
from ...procedure.road import road
from ...procedure.words import CaseRole
from .. import fields
from ..accounts.addresses import login_key
from ..application import YES
from ..dates import day_of
from . import answers, attachments, duties, moves
from .numbers import next_number
from .people import APPLICANTS, roles_in
from .steps import SUBMIT
from .transaction import all_or_nothing

AUTHORITY_PROVED = "authority_proved"
CHECKED = "Документ представителя уже проверен. Если он другой, прекратите полномочия и укажите представителя заново."
EMAIL = CharField(254, verbose_name="Адрес электронной почты представителя")


@dataclass(frozen=True)
class Scan:
    """A document as a file, to be kept in `folder` (`settings.cases_dir`)."""

    folder: Path
    data: bytes
    name: str


def submit(application: Application, *, confirmed: bool, by: User, on: dt.datetime) -> Application:
    """File the application, with its number: a new one, or its own if it came back to be corrected.

    Refusal when something is missing, out of season, or when the case has been changed or filed meanwhile: then no number is
    spent. `confirmed` is line 19 of the form.
    """
    today = day_of(on)
    said = {**application.answers, answers.CONFIRMED: YES if confirmed else ""}
    with database.atomic():
        moves.allow(application, SUBMIT, by=by, on=on)
        number = application.number or str(next_number(today.year))
        return moves.make(application, SUBMIT, by=by, on=on, number=number, **answers.columns(said, today))


def withdraw(application: Application, *, by: User, on: dt.datetime) -> Application:
    """Take the application back."""
    return moves.make(application, "withdraw", by=by, on=on)


def represented(edition: str) -> bool:
    """Whether somebody may act for the teacher in this procedure: only where its source says so."""
    return any(actor.role is CaseRole.REPRESENTATIVE for actor in road("application", edition).actors)


def acting(application: Application) -> Representative | None:
    """Who acts for the teacher in the case, whether or not the document is still valid."""
    mine = Representative.application == application, Representative.ended_at.is_null()
    found: Representative | None = Representative.select().where(*mine).first()
    return found


def add_representative(
    application: Application,
    *,
    full_name: str,
    document: str,
    expires_on: dt.date | None,
    email: str = "",
    scan: Scan | None = None,
    by: User,
    on: dt.datetime,
) -> Representative:
    """Let somebody act for the teacher by a document (1.2); with `email`, from an account of theirs.

    The office checks the document anew, by its scan or when it is shown. Refusal for anybody but the teacher, for a second
    representative at a time, for a document that has expired, for an address without an account, for a scan that is not taken.
    """
    _require_teacher(application, by, on)
    today = day_of(on)
    full_name = fields.line(Representative.full_name, full_name)
    document = fields.line(Representative.document, document)
    account = _account(application, fields.line(EMAIL, email, required=False), by, today)
    if expires_on is not None and expires_on < today:
        raise Refusal("Срок действия документа уже прошёл: укажите действующую доверенность.", "1.2")
    with all_or_nothing(application):
        if acting(application):
            raise Refusal("Представитель уже указан. Сначала прекратите его полномочия.", "1.2")
        # The scan first: it is looked through before anything is written.
        if scan:
            _attach(application, scan, by, on)
        moves.hold(application, on=on)
        made: Representative = Representative.create(
            application=application,
            user=account,
            full_name=full_name,
            document=document,
            expires_on=expires_on,
            added_at=on,
        )
        _changed(application, "add_representative", by, on)
    return made


def end_representative(application: Application, *, by: User, on: dt.datetime) -> None:
    """End the powers of whoever acts for the teacher and take the scan of the document out of the case.

    Refusal for anybody but the teacher, or when nobody acts.
    """
    _require_teacher(application, by, on)
    with all_or_nothing(application):
        moves.hold(application, on=on)
        mine = Representative.application == application, Representative.ended_at.is_null()
        if not Representative.update(ended_at=on).where(*mine).execute():
            raise Refusal("Представителя сейчас нет.")
        for file in authority(application):
            attachments.remove(file, application, by=by, on=on)
        _changed(application, "end_representative", by, on)


def authority(application: Application) -> list[CaseFile]:
    """The scans of the document by which somebody acts for the teacher."""
    return list(attachments.kept(application).where(CaseFile.kind == attachments.AUTHORITY))


def bring_authority(application: Application, scan: Scan, *, by: User, on: dt.datetime) -> CaseFile:
    """Put a scan of the representative's document into the case; Refusal when nobody acts or the document was checked."""
    _require_unchecked(application, by, on)
    return _attach(application, scan, by, on)


def take_out_authority(application: Application, file_id: int, *, by: User, on: dt.datetime) -> None:
    """Take such a scan out of the case; Refusal when it is out already or the document was checked."""
    _require_unchecked(application, by, on)
    file = next((file for file in authority(application) if file.id == file_id), None)
    if file is None:
        raise Refusal("Этот файл уже убран.")
    attachments.remove(file, application, by=by, on=on)


def authority_checked(application: Application) -> bool:
    """Whether the office has looked at the representative's document."""
    mark = CheckMark.select().where(CheckMark.application == application, CheckMark.fact == AUTHORITY_PROVED)
    return bool(mark.exists())


def _attach(application: Application, scan: Scan, by: User, on: dt.datetime) -> CaseFile:
    kind, kept_in = attachments.AUTHORITY, scan.folder
    return attachments.attach(application, kind, kept_in, data=scan.data, name=scan.name, by=by, on=on)


def _require_unchecked(application: Application, by: User, on: dt.datetime) -> None:
    _require_teacher(application, by, on)
    if acting(application) is None:
        raise Refusal("Сначала укажите представителя.", "1.2")
    if authority_checked(application):
        raise Refusal(CHECKED, "2.9.1")


def _changed(application: Application, verb: str, by: User, on: dt.datetime) -> None:
    """Another person, another document: what the office has checked was the former one."""
    CheckMark.delete().where(CheckMark.application == application, CheckMark.fact == AUTHORITY_PROVED).execute()
    duties.refresh(application, day_of(on))
    moves.note(application, verb, by=by, on=on)


def _require_teacher(application: Application, by: User, on: dt.datetime) -> None:
    whole = road("application", application.edition)
    if CaseRole.TEACHER not in roles_in(application, by, day_of(on)) or not represented(application.edition):
        raise Refusal("Представителя указывает сам педагог.", "1.2")
    if whole.status(application.status).final:
        raise Refusal("Дело закрыто: представитель уже не нужен.")


def _account(application: Application, email: str, by: User, today: dt.date) -> User | None:
    if not email:
        return None
    found: User | None = User.get_or_none(User.email == login_key(email), User.active)
    if found is None:
        raise Refusal("Учётной записи с такой почтой нет. Попросите представителя открыть её или оставьте поле пустым.")
    if found == by:
        raise Refusal("Это ваша учётная запись: представителем указывают другого человека.")
    # A representative has no other part in the case (`people.roles_in`): the teacher must not choose who judges or decides.
    if roles_in(application, found, today) - APPLICANTS:
        raise Refusal("Этот человек ведёт или оценивает ваше дело: укажите представителем другого.")
    return found
