"""The teacher's side of a filed application: submit it, withdraw it, let somebody else act."""

import datetime as dt

from peewee import CharField

from ...models import Application, CheckMark, Representative, User, database
from ...procedure.refusal import Refusal
from ...procedure.road import road
from ...procedure.words import CaseRole
from .. import fields
from ..accounts.addresses import login_key
from ..application import YES
from ..dates import day_of
from . import answers, duties, moves
from .numbers import next_number
from .people import APPLICANTS, roles_in
from .steps import SUBMIT

EMAIL = CharField(254, verbose_name="Адрес электронной почты представителя")


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
    by: User,
    on: dt.datetime,
) -> Representative:
    """Let somebody act for the teacher by a document (1.2); with `email`, from an account of theirs.

    The office checks the document anew. Refusal for anybody but the teacher, for a second representative at a time, for a
    document that has expired, for an address without an account.
    """
    _require_teacher(application, by, on)
    today = day_of(on)
    full_name = fields.line(Representative.full_name, full_name)
    document = fields.line(Representative.document, document)
    account = _account(application, fields.line(EMAIL, email, required=False), by, today)
    if expires_on is not None and expires_on < today:
        raise Refusal("Срок действия документа уже прошёл: укажите действующую доверенность.", "1.2")
    with database.atomic():
        moves.hold(application, on=on)
        if acting(application):
            raise Refusal("Представитель уже указан. Сначала прекратите его полномочия.", "1.2")
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
    """End the powers of whoever acts for the teacher. Refusal for anybody but the teacher, or when nobody does."""
    _require_teacher(application, by, on)
    with database.atomic():
        moves.hold(application, on=on)
        mine = Representative.application == application, Representative.ended_at.is_null()
        if not Representative.update(ended_at=on).where(*mine).execute():
            raise Refusal("Представителя сейчас нет.")
        _changed(application, "end_representative", by, on)


def _changed(application: Application, verb: str, by: User, on: dt.datetime) -> None:
    """Another person, another document: what the office has checked was the former one."""
    CheckMark.delete().where(CheckMark.application == application, CheckMark.fact == "authority_proved").execute()
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
