"""Who is expected to do what in a case now, by which term: derived from road, facts and terms, written anew after each move."""

import datetime as dt

from ...models import Application, Dissent, DissentSignature, Duty, Review, User
from ...procedure.road import Move, road
from ...procedure.shape import AnyRole
from ...procedure.terms import Deadline
from ...procedure.words import CaseRole
from ...procedure.working_days import Calendar
from .calendar import deadlines, office_calendar
from .facts import observe
from .people import APPLICANTS, EXPERTS, holders


def refresh(application: Application, today: dt.date, calendar: Calendar | None = None) -> None:
    """Write the duties of a case and its nearest term; call inside the transaction that changed it."""
    running = deadlines(application, today, calendar or office_calendar())
    nearest = running[0] if running else None
    application.due_on = nearest.act_by if nearest else None
    application.due_term = nearest.term.name if nearest else ""
    due = {"due_on": application.due_on, "due_term": application.due_term}
    Application.update(due).where(Application.id == application.id).execute()
    Duty.delete().where(Duty.application == application).execute()
    if rows := _rows(application, today, running):
        Duty.insert_many(rows).execute()


def refresh_open(today: dt.date) -> int:
    """Write the duties of all cases on the road anew, after the calendar has changed; gives how many there are."""
    calendar = office_calendar()
    running = [row.id for row in Application.select(Application.id).where(Application.due_on.is_null(False))]
    for case_id in running:
        with Application._meta.database.atomic():
            refresh(Application.get_by_id(case_id), today, calendar)
    return len(running)


def _rows(application: Application, today: dt.date, running: tuple[Deadline, ...]) -> list[dict[str, object]]:
    whole = road("application", application.edition)
    facts = observe(application, today)
    expected = whole.status(application.status).turn
    rows: list[dict[str, object]] = []
    for move in whole.awaited(application.status, facts):
        for role in expected:
            if role not in move.roles or not isinstance(role, CaseRole):
                continue
            term = _term(move, role, running)
            row = {
                "application": application.id,
                "role": role.value,
                "verb": move.verb,
                "term": term.term.name if term else "",
                "due_on": term.act_by if term else None,
            }
            rows += [{**row, "user": user_id} for user_id in _who(application, role, move)]
    return rows


def _who(application: Application, role: CaseRole, move: Move) -> list[int | None]:
    """Whose duty it is: the people of the case by account, or nobody in particular for a role of the office."""
    if role in EXPERTS:
        return [user.id for user in holders(application, role) if not _done(application, user, move)]
    if role in APPLICANTS or role is CaseRole.GROUP_LEADER:
        return [user.id for user in holders(application, role)]
    return [None]


def _done(application: Application, user: User, move: Move) -> bool:
    """Whether this expert has done their part of a deed that is complete only when all have."""
    if move.makes == "additional_experts_commented":
        mine = Review.application == application, Review.expert == user, Review.ended_at.is_null()
        return bool(Review.select().where(*mine, Review.commented_at.is_null(False)).exists())
    if move.makes == "dissent_signed":
        signed = DissentSignature.select().join(Dissent).where(Dissent.application == application)
        return bool(signed.where(DissentSignature.expert == user).exists())
    return False


def _term(move: Move, role: AnyRole, running: tuple[Deadline, ...]) -> Deadline | None:
    """The term that this move keeps: one that it ends, else the nearest for which the role answers."""
    ends = [deadline for deadline in running if deadline.term.until in move.marks]
    answers = [deadline for deadline in running if role in deadline.term.responsible]
    return next(iter(ends or answers), None)
