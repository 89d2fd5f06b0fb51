"""What ties an expert to teachers: former employers and conflicts of interest that they declare. Each act with its journal."""

import datetime as dt

from ....models import (
    Application,
    ConflictPermit,
    DeclaredConflict,
    Employment,
    Expert,
    Review,
    User,
    database,
)
from ....procedure.refusal import Refusal
from ....site import fields
from ....site.cases import duties, moves
from ....site.cases.workload import at_work
from ....site.dates import day_of
from .keeping import hold, note, require_keeper, require_keeper_or_self, seen

EARLIEST = dt.date(1950, 1, 1)
GONE = "Этой строки у эксперта уже нет: обновите страницу."


def add_employment(expert: Expert, *, organization: str, until: dt.date, by: User, on: dt.datetime) -> Expert:
    """Enter where the expert worked before; the expert may as well."""
    require_keeper_or_self(by, expert)
    place = fields.line(Employment.organization, organization)
    if not EARLIEST <= until <= day_of(on):
        raise Refusal("Прежнее место работы: день увольнения должен быть не позже сегодняшнего.")
    with database.atomic():
        hold(expert)
        Employment.create(expert=expert, organization=place, until=until)
        note(expert, "add_employment", by=by, on=on)
    return seen(expert)


def remove_employment(expert: Expert, row: int, *, by: User, on: dt.datetime) -> Expert:
    """Take back a former employer that was entered by mistake."""
    require_keeper(by, expert.group)
    with database.atomic():
        hold(expert)
        if not Employment.delete().where(Employment.id == row, Employment.expert == expert).execute():
            raise Refusal(GONE)
        note(expert, "remove_employment", by=by, on=on)
    return seen(expert)


def declare(expert: Expert, *, person: str = "", organization: str = "", reason: str = "", by: User, on: dt.datetime) -> Expert:
    """Declare a conflict with a person or an organisation, for all cases to come."""
    require_keeper_or_self(by, expert)
    values = {
        "person": fields.line(DeclaredConflict.person, person, required=False),
        "organization": fields.line(DeclaredConflict.organization, organization, required=False),
        "reason": fields.line(DeclaredConflict.reason, reason, required=False),
    }
    if not (values["person"] or values["organization"]):
        raise Refusal("Назовите педагога или организацию, с которыми у эксперта конфликт интересов.")
    with database.atomic():
        hold(expert)
        DeclaredConflict.create(expert=expert, declared_at=on, **values)
        note(expert, "declare_conflict", by=by, on=on)
    return seen(expert)


def declare_in(application: Application, expert: Expert, *, reason: str, by: User, on: dt.datetime) -> Expert:
    """The expert declares a conflict in a case that was given to them: its review stops until they are replaced.

    What the chair permitted before, without knowing of this, holds no longer.
    """
    if expert.user_id != by.id:
        raise Refusal("Заявить о конфликте интересов по делу может только сам эксперт.")
    why = fields.line(DeclaredConflict.reason, reason)
    with database.atomic():
        if not _given(application, expert):
            raise Refusal("Это заявление вам уже не поручено: обновите страницу.")
        if DeclaredConflict.select().where(DeclaredConflict.expert == expert, DeclaredConflict.application == application):
            raise Refusal("Вы уже заявили о конфликте интересов по этому заявлению.")
        moves.hold(application, on=on)
        DeclaredConflict.create(expert=expert, application=application, reason=why, declared_at=on)
        permits = ConflictPermit.application == application, ConflictPermit.expert == expert.user_id
        ConflictPermit.delete().where(*permits).execute()
        duties.refresh(application, day_of(on))
        note(expert, "declare_conflict", by=by, on=on, details=str(application))
        moves.note(application, "declare_conflict", by=by, on=on)
    return expert


def take_back(expert: Expert, row: int, *, by: User, on: dt.datetime) -> Expert:
    """Take back a declaration: the expert who made it, or who keeps their entry."""
    require_keeper_or_self(by, expert)
    with database.atomic():
        hold(expert)
        declared = DeclaredConflict.get_or_none(DeclaredConflict.id == row, DeclaredConflict.expert == expert)
        if declared is None:
            raise Refusal(GONE)
        declared.delete_instance()
        note(expert, "take_back_conflict", by=by, on=on)
        if application := declared.application:
            duties.refresh(application, day_of(on))
            moves.note(application, "take_back_conflict", by=by, on=on)
    return seen(expert)


def _given(application: Application, expert: Expert) -> bool:
    mine = Review.select().join(Application).where(Review.application == application, Review.expert == expert.user_id)
    return bool(mine.where(at_work()).exists())
