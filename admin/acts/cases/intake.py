"""Applications on their way in: taken over from paper, registered, returned, declined, withdrawn on paper, the folder taken.

Every act takes the case as the person's screen showed it and raises Refusal when the move may not be made.
"""

import datetime as dt
from collections.abc import Collection
from typing import Any

from peewee import CharField

from ....models import Application, Slot, User, UserRole, database, russian_key
from ....procedure.refusal import Refusal
from ....procedure.words import Channel, Role
from ....site import fields
from ....site.cases import moves
from ....site.cases.numbers import next_number
from ....site.dates import day_of
from . import checks

BASIS = CharField(300, verbose_name="Чем отозвано")
ACCEPTS = {Channel.MFC: "accept_from_mfc", Channel.POST: "accept_from_post"}


def accept(application: Application, *, filed_on: dt.date, by: User, on: dt.datetime) -> Application:
    """Take over what came through the MFC or by post, under a number; `filed_on`: the day there, for a letter its postmark.

    Out of season nothing is filed and no number is spent: the draft waits (2.6.7).
    """
    verb = ACCEPTS[Channel(application.channel)]
    today = day_of(on)
    if filed_on > today:
        raise Refusal("День подачи ещё не наступил: проверьте дату.")
    with database.atomic():
        moves.allow(application, verb, by=by, on=on)
        number = application.number or str(next_number(today.year))
        return moves.make(application, verb, by=by, on=on, days={"filed": filed_on, "received": today}, number=number)


def register(
    application: Application,
    *,
    stated: Collection[str] = (),
    note: str = "",
    group_leader: User | None = None,
    by: User,
    on: dt.datetime,
) -> Application:
    """Register the application with what was checked; where the road asks for one, with the leader of the group."""
    with database.atomic():
        moves.allow(application, "register", by=by, on=on)
        checks.state(application, checks.asked(application, "register"), stated, by=by, on=on, note=note)
        named: dict[str, Any] = {} if group_leader is None else {"group_leader": _leading(group_leader)}
        return moves.make(application, "register", by=by, on=on, **named)


def change_group_leader(application: Application, *, group_leader: User, reason: str, by: User, on: dt.datetime) -> Application:
    """Put another leader in charge of the case; Refusal for the one who has it already."""
    if group_leader.id == application.group_leader_id:
        raise Refusal("Этот руководитель уже назначен: выберите другого.")
    leader = _leading(group_leader)
    return moves.make(application, "change_group_leader", reason=reason, by=by, on=on, group_leader=leader)


def receive_portfolio(
    application: Application, *, stated: Collection[str], remarks: str = "", by: User, on: dt.datetime
) -> Application:
    """Take the folder on paper; what is wrong with it is written down, it cannot be turned away for that (2.9)."""
    with database.atomic():
        moves.allow(application, "receive_portfolio", by=by, on=on)
        checks.state(application, checks.asked(application, "receive_portfolio"), stated, by=by, on=on, note=remarks)
        details = f"замечания: {remarks.strip()}" if remarks.strip() else ""
        return moves.make(application, "receive_portfolio", by=by, on=on, details=details)


def withdraw(application: Application, *, basis: str, by: User, on: dt.datetime) -> Application:
    """Write down that the teacher has withdrawn on paper; a booked hour of the reception is free again."""
    told = fields.line(BASIS, basis, required=False)
    if not told:
        raise Refusal("Укажите, каким документом отозвано заявление: его дату и откуда он поступил.")
    with database.atomic():
        moves.make(application, "withdraw", by=by, on=on, details=told)
        ahead = Slot.application == application, Slot.starts_at > on
        Slot.update(application=None, booked_at=None).where(*ahead).execute()
    return application


def leaders() -> list[User]:
    """Everybody who leads a group of experts and can sign in, in alphabetical order; one query."""
    leading = UserRole.select(UserRole.user).where(UserRole.role == Role.LEADER)
    return sorted(User.select().where(User.active, User.id.in_(leading)), key=lambda user: russian_key(user.full_name))


def _leading(user: User) -> User:
    """The person, if they lead a group; one query."""
    if Role.LEADER not in user.role_set() or not user.active:
        raise Refusal("Этот сотрудник не руководит экспертной группой: выберите другого.")
    return user
