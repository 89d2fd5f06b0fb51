"""Passwords of one's own: a new one by a letter, a new one for the old one."""

import datetime as dt

from ...models import User, database
from .. import journal, passwords
from ..letters import outbox
from . import sessions
from .addresses import email_address
from .own import hold, require_own, require_password
from .tokens import Links, Purpose, drop, issue, living, spend, until


def ask_reset(email: str, *, links: Links, on: dt.datetime) -> str:
    """Send a link for a new password; where there is no open account, a letter that says so. Nothing tells which. The address.

    A newer link makes the older one worthless. Whoever has a role in the office must have confirmed the address before: a slip
    of the administrator's hand must not give a stranger the keys.
    """
    address = email_address(email, longest=User.email.max_length)
    with database.atomic():
        user: User | None = User.get_or_none(User.email == address, User.active)
        if user is None or (user.email_confirmed_at is None and user.role_set()):
            outbox.post_private(None, "account_unknown", address=address, on=on, register=links.register)
            return address
        drop(user, Purpose.RESET)
        token = issue(Purpose.RESET, address, on=on, user=user)
        outbox.post_private(
            user, "account_reset", address=address, on=on, link=links.reset(token), until=until(Purpose.RESET, on)
        )
        journal.write(by=None, on=on, verb="ask_reset", subject="user", subject_id=user.id)
    return address


def reset(token: str, *, password: str, links: Links, on: dt.datetime) -> User:
    """Set a new password by a link; whoever was signed in is signed out. The second factor stays as it is."""
    # A link that is worth nothing costs nothing.
    found = living(token, Purpose.RESET, on=on)
    kept = passwords.hashed(password)
    with database.atomic():
        hold(found.user_id)
        spent = spend(token, Purpose.RESET, on=on)
        user: User = User.get_by_id(spent.user_id)
        keep_password(user, kept, on=on)
        if user.email_confirmed_at is None and user.email == spent.email:
            User.update(email_confirmed_at=on).where(User.id == user.id).execute()
        _tell(user, links, on)
        journal.write(by=user, on=on, verb="reset_password", subject="user", subject_id=user.id)
    return user


def change_password(user: User, *, current: str, password: str, links: Links, by: User | None, on: dt.datetime) -> None:
    """Set a new password, knowing the old one; every session ends, this one too."""
    require_own(user, by)
    require_password(user, current)
    kept = passwords.hashed(password)
    with database.atomic():
        keep_password(user, kept, on=on)
        _tell(user, links, on)
        journal.write(by=by, on=on, verb="change_password", subject="user", subject_id=user.id)


def keep_password(user: User, kept: str, *, on: dt.datetime) -> None:
    """Write a new password's hash; its old sessions and the links for another one are worthless now. Part of other acts."""
    User.update(password_hash=kept).where(User.id == user.id).execute()
    drop(user, Purpose.RESET)
    sessions.end_all(user, on=on)
    user.password_hash = kept


def _tell(user: User, links: Links, on: dt.datetime) -> None:
    if user.email:
        outbox.post_private(user, "account_password_changed", address=user.email, on=on, forgotten=links.forgotten)
