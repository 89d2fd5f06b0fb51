"""What a person says about themselves: name, telephone, how letters reach them, and the address they come to."""

import datetime as dt
from dataclasses import dataclass

from peewee import IntegrityError

from ...models import Identity, User, database
from ...procedure.refusal import Refusal
from .. import fields, journal
from ..letters import outbox
from .addresses import LONGEST, email_address, taken
from .own import hold, require_own, require_password
from .tokens import Links, Purpose, drop, issue, living, spend, until


@dataclass(frozen=True)
class Profile:
    """What the page of a profile asks for."""

    full_name: str
    phone: str
    notify_email: bool
    notify_sms: bool
    notify_push: bool


def name_kept_by(user: User) -> str:
    """Who alone may change the person's name, as a sentence; empty when they may themselves."""
    if user.role_set():
        return "Имя сотрудника меняет администратор."
    if Identity.select().where(Identity.user == user).exists():
        return "Имя подтверждено государственной системой: оно обновится при следующем входе через неё."
    return ""


def edit(user: User, profile: Profile, *, by: User | None, on: dt.datetime) -> None:
    """Keep what the profile says."""
    require_own(user, by)
    named = fields.line(User.full_name, profile.full_name)
    if named != user.full_name and (keeper := name_kept_by(user)):
        raise Refusal(keeper)
    phone = phone_number(profile.phone)
    if (profile.notify_sms or profile.notify_push) and not phone:
        raise Refusal("Чтобы получать СМС и уведомления на телефон, укажите номер.")
    ways = {"notify_email": profile.notify_email, "notify_sms": profile.notify_sms, "notify_push": profile.notify_push}
    with database.atomic():
        User.update(full_name=named, phone=phone, **ways).where(User.id == user.id).execute()
        journal.write(by=by, on=on, verb="edit_profile", subject="user", subject_id=user.id)


def phone_number(text: str) -> str:
    """A telephone as it is kept; Refusal."""
    phone = fields.line(User.phone, text, required=False)
    if phone and not 5 <= sum(sign.isdigit() for sign in phone) <= 20:
        raise Refusal("Проверьте телефон: в номере должно быть от 5 до 20 цифр.")
    return phone


def ask_change_email(user: User, email: str, *, password: str, links: Links, by: User | None, on: dt.datetime) -> str:
    """Send a link to the new address: the old one stays until it is opened. Nothing tells whether the new one is known."""
    require_own(user, by)
    require_password(user, password)
    address = email_address(email, longest=_longest(user))
    if address == user.email and user.email_confirmed_at:
        raise Refusal("Это и есть ваш нынешний адрес.")
    with database.atomic():
        drop(user, Purpose.CHANGE_EMAIL)
        if taken(address, but=user):
            outbox.post_private(None, "account_known", address=address, on=on, sign_in=links.sign_in, forgotten=links.forgotten)
        else:
            token = issue(Purpose.CHANGE_EMAIL, address, on=on, user=user)
            figures = {"link": links.confirm(token), "until": until(Purpose.CHANGE_EMAIL, on)}
            outbox.post_private(user, "account_new_email", address=address, on=on, **figures)
        journal.write(by=by, on=on, verb="ask_email", subject="user", subject_id=user.id)
    return address


def change_email(token: str, *, on: dt.datetime) -> User:
    """Put the confirmed address in the place of the old one, which is told. A login that was the address follows it."""
    found = living(token, Purpose.CHANGE_EMAIL, on=on)
    try:
        with database.atomic():
            hold(found.user_id)
            spent = spend(token, Purpose.CHANGE_EMAIL, on=on)
            user: User = User.get_by_id(spent.user_id)
            if taken(spent.email, but=user):
                raise IntegrityError
            before = user.email
            values = {"email": spent.email, "email_confirmed_at": on}
            if _login_is_address(user):
                values["login"] = spent.email
            User.update(values).where(User.id == user.id).execute()
            # A link for a new password that went to the old mailbox.
            drop(user, Purpose.RESET)
            if before and before != spent.email:
                outbox.post_private(user, "account_email_changed", address=before, on=on)
            journal.write(by=user, on=on, verb="change_email", subject="user", subject_id=user.id)
    except IntegrityError:
        raise Refusal("Этот адрес уже занят другой учётной записью: укажите другой.") from None
    return User.get_by_id(user.id)


def _login_is_address(user: User) -> bool:
    return user.login == user.email


def _longest(user: User) -> int:
    return LONGEST if _login_is_address(user) else int(User.email.max_length)
