"""Who is expected to do what in a case now, by which term: derived from road, facts and terms, written anew after each move."""

import datetime as dt
from collections.abc import Sequence

from peewee import ModelSelect

from ...models import Application, Dissent, DissentSignature, Duty, Review, User, database, locked
from ...procedure.road import EDITIONS, Move, expected_of, road
from ...procedure.shape import AnyRole
from ...procedure.terms import Deadline
from ...procedure.words import CaseRole
from ...procedure.working_days import Calendar
from .calendar import deadlines, office_calendar
from .facts import observe
from .people import APPLICANTS, EXPERTS, holders

Row = dict[str, object]


def refresh(application: Application, today: dt.date, calendar: Calendar | None = None) -> None:
    """Write the duties of a case and its nearest term; call inside the transaction that changed it."""
    due, rows = _expected(application, today, calendar or office_calendar())
    Application.update(due).where(Application.id == application.id).execute()
    for name, value in due.items():
        setattr(application, name, value)
    Duty.delete().where(Duty.application == application).execute()
    if rows:
        Duty.insert_many(rows).execute()


def refresh_all(applications: Sequence[Application], today: dt.date) -> None:
    """The same for many cases; those whose road has ended have nothing before them and are written together."""
    ended = [case for case in applications if road("application", case.edition).status(case.status).final]
    ids = [case.id for case in ended]
    if ended:
        Application.update(due_on=None, due_term="").where(Application.id.in_(ids)).execute()
        Duty.delete().where(Duty.application.in_(ids)).execute()
    for case in ended:
        case.due_on, case.due_term = None, ""
    calendar = office_calendar() if len(ended) < len(applications) else None
    for case in applications:
        if case.id not in ids:
            refresh(case, today, calendar)


def refresh_open(today: dt.date) -> int:
    """Write anew what a new day or a corrected calendar has changed in the cases on the road; gives in how many it has.

    Whether it has is read outside of a transaction, and each case is written in one of its own: others go on working.
    """
    calendar, changed = office_calendar(), 0
    for row in list(_on_the_road()):
        if _outdated(Application.get_by_id(row.id), today, calendar):
            with database.atomic():
                refresh(locked(Application.select().where(Application.id == row.id)).get(), today, calendar)
            changed += 1
    return changed


def _on_the_road() -> "ModelSelect[Application]":
    """The ids of filed cases that have not come to an end."""
    ends = {status.name for edition in EDITIONS for status in road("application", edition).states if status.final}
    filed = Application.number.is_null(False), Application.merged_into.is_null()
    return Application.select(Application.id).where(*filed, Application.status.not_in(sorted(ends))).order_by(Application.id)


def _outdated(application: Application, today: dt.date, calendar: Calendar) -> bool:
    due, rows = _expected(application, today, calendar)
    wanted = {tuple(row[name] for name in ("role", "user", "verb", "term", "due_on")) for row in rows}
    mine = Duty.select().where(Duty.application == application)
    written = {(duty.role, duty.user_id, duty.verb, duty.term, duty.due_on) for duty in mine}
    return wanted != written or any(getattr(application, name) != value for name, value in due.items())


def _expected(application: Application, today: dt.date, calendar: Calendar) -> tuple[Row, list[Row]]:
    """The columns of the nearest term, and the duties."""
    running = deadlines(application, today, calendar)
    nearest = running[0] if running else None
    due: Row = {"due_on": nearest.act_by if nearest else None, "due_term": nearest.term.name if nearest else ""}
    return due, _rows(application, today, running)


def _rows(application: Application, today: dt.date, running: tuple[Deadline, ...]) -> list[Row]:
    whole = road("application", application.edition)
    deeds = frozenset(move.makes for move in whole.moves if application.status in move.sources)
    facts = observe(application, today, deeds)
    expected = whole.status(application.status).turn
    awaited = whole.awaited(application.status, facts)
    rows: list[Row] = []
    # To choose is one thing to do: the first of the moves stands for it.
    for move in (one for one in awaited if whole.choice(one)[0] is one):
        for role in expected:
            if not expected_of(move, role) or not isinstance(role, CaseRole):
                continue
            term = _term(move, role, awaited, running)
            row: Row = {
                "application": application.id,
                "role": role.value,
                "verb": move.verb,
                "term": term.term.name if term else "",
                "due_on": term.act_by if term else None,
            }
            rows += [{**row, "user": user_id} for user_id in _who(application, role, move, today)]
    return rows


def _who(application: Application, role: CaseRole, move: Move, today: dt.date) -> list[int | None]:
    """Whose duty it is: the people of the case by account, or nobody in particular for a role of the office."""
    if role in EXPERTS:
        return [user.id for user in holders(application, role, today) if not _done(application, user, move)]
    if role in APPLICANTS or role is CaseRole.GROUP_LEADER:
        return [user.id for user in holders(application, role, today)]
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


def _term(move: Move, role: AnyRole, awaited: tuple[Move, ...], running: tuple[Deadline, ...]) -> Deadline | None:
    """The term that this move keeps: one that it ends, else the nearest for which the role answers and has no other move."""
    kept = {event for other in awaited if role in other.roles for event in other.marks}
    ends = [deadline for deadline in running if deadline.term.until in move.marks]
    answers = [one for one in running if role in one.term.responsible and one.term.until not in kept]
    return next(iter(ends or answers), None)
