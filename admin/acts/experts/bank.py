"""Experts of the bank: taken in, corrected, taken out, taken back. Each act is one transaction with its journal."""

import datetime as dt
from typing import Any

from peewee import IntegrityError

from ....models import Application, Expert, ExpertGroup, Review, User, UserRole, database
from ....procedure.refusal import Refusal
from ....procedure.words import Role
from ....site import fields
from ....site.cases.workload import at_work
from .keeping import hold, note, require_keeper, seen

TAKEN = "Эта учётная запись уже есть в банке экспертов."
# How many cases a refusal names.
NAMED = 5


def add(
    user: User,
    *,
    surname: str,
    position: str = "",
    organization: str = "",
    address: str = "",
    group: ExpertGroup | None = None,
    department: bool = False,
    by: User,
    on: dt.datetime,
    demo: bool = False,
) -> Expert:
    """Take the person of an account into the bank; the account holds the role of an expert."""
    require_keeper(by, group)
    _group_open(group)
    requisites = _requisites(surname, position, organization, address)
    if not user.active or Role.EXPERT not in user.role_set():
        raise Refusal("У этой учётной записи нет роли «эксперт», или вход закрыт: роль даёт администратор.")
    if Expert.select().where(Expert.user == user).exists():
        raise Refusal(TAKEN)
    try:
        with database.atomic():
            expert = Expert.create(user=user, group=group, department=department, demo=demo, **requisites)
            note(expert, "add_expert", by=by, on=on)
    except IntegrityError:
        raise Refusal(TAKEN) from None
    return expert


def edit(
    expert: Expert,
    *,
    surname: str,
    position: str,
    organization: str,
    address: str,
    group: ExpertGroup | None,
    department: bool,
    by: User,
    on: dt.datetime,
) -> Expert:
    """Correct what conflicts and suggestions go by; an expert moves only between groups that this person keeps."""
    require_keeper(by, expert.group)
    require_keeper(by, group)
    if group != expert.group:
        _group_open(group)
    requisites = {**_requisites(surname, position, organization, address), "group": group, "department": department}
    changed = [name for name, value in requisites.items() if getattr(expert, name) != value]
    with database.atomic():
        hold(expert, **requisites)
        note(expert, "edit", by=by, on=on, details=", ".join(str(getattr(Expert, name).verbose_name) for name in changed))
    return seen(expert, **requisites)


def leave(expert: Expert, *, by: User, on: dt.datetime) -> Expert:
    """Take an expert out of the bank: nothing new goes to them. Refused while cases wait for their work."""
    require_keeper(by, expert.group)
    with database.atomic():
        hold(expert, active=False)
        if waiting := [str(review.application) for review in cases_of(expert)]:
            more = f" и ещё {len(waiting) - NAMED}" if len(waiting) > NAMED else ""
            raise Refusal(f"Эксперт работает по заявлениям: {', '.join(waiting[:NAMED])}{more}. Сначала замените его в них.")
        note(expert, "leave_bank", by=by, on=on)
    return seen(expert, active=False)


def come_back(expert: Expert, *, by: User, on: dt.datetime) -> Expert:
    """Take an expert into the bank again, with all that was known of them."""
    require_keeper(by, expert.group)
    with database.atomic():
        hold(expert, active=True)
        note(expert, "return_to_bank", by=by, on=on)
    return seen(expert, active=True)


def cases_of(expert: Expert) -> list[Review]:
    """The reviews that wait for this expert's work, with their cases, the oldest first; one query."""
    mine = Review.select(Review, Application).join(Application).where(Review.expert == expert.user_id, at_work())
    return list(mine.order_by(Review.id))


def free_accounts() -> list[User]:
    """Open accounts with the role of an expert that are not in the bank yet; one query."""
    known = Expert.select(Expert.user)
    wanted = User.active, UserRole.role == Role.EXPERT, User.id.not_in(known)
    return list(User.select().join(UserRole).where(*wanted).order_by(User.full_name, User.id))


def _requisites(surname: str, position: str, organization: str, address: str) -> dict[str, Any]:
    return {
        "surname": fields.line(Expert.surname, surname),
        "position": fields.line(Expert.position, position, required=False),
        "organization": fields.line(Expert.organization, organization, required=False),
        "address": fields.line(Expert.address, address, required=False),
    }


def _group_open(group: ExpertGroup | None) -> None:
    if group is not None and not group.active:
        raise Refusal(f"Группа «{group}» больше не действует: выберите другую.")
