"""Accounts as the office keeps them: add, rename, give an address, roles, a password, close, open, take the second factor away.

Each is one transaction with its journal. What people do with their own is in `site/accounts/`.
"""

import datetime as dt
import re
from collections.abc import Set

from peewee import IntegrityError

from ...models import User, UserRole, database
from ...procedure.refusal import Refusal
from ...procedure.words import Role
from ...site import fields, journal, passwords
from ...site.accounts import second_factor, sessions, tokens
from ...site.accounts.addresses import email_address, login_key, taken
from ...site.accounts.resets import keep_password
from ..access import Permission, require

_LOGIN = re.compile(r"[^\W_][\w.@-]{1,79}")


def add_user(
    *,
    login: str,
    full_name: str,
    password: str,
    roles: Set[Role],
    email: str = "",
    by: User | None,
    on: dt.datetime,
    demo: bool = False,
) -> User:
    """Add an account; `by` is None when an operator does it from a shell."""
    _require(by)
    login = login_key(login)
    if not _LOGIN.fullmatch(login):
        raise Refusal("Имя для входа: от 2 до 80 знаков, буквы, цифры и знаки . _ - @, первой — буква или цифра.")
    named = fields.line(User.full_name, full_name)
    address = _address(email)
    kept = passwords.hashed(password)
    _some(roles)
    _free(login, address)
    try:
        with database.atomic():
            user = User.create(login=login, full_name=named, email=address, password_hash=kept, demo=demo, created_at=on)
            _give(user, roles)
            journal.write(by=by, on=on, verb="add_user", subject="user", subject_id=user.id, details=_labels(roles))
    except IntegrityError:
        _free(login, address)
        raise
    return user


def set_email(user: User, email: str, *, by: User | None, on: dt.datetime) -> User:
    """Give the address that letters go to, or none; the person confirms it by the first letter that they answer."""
    _require(by)
    address = _address(email)
    if address and taken(address, but=user):
        raise Refusal(f"Адрес «{address}» уже занят другой учётной записью: укажите другой.")
    # A teacher signs in with the address: it is the login too.
    login = address if address and user.login == user.email else user.login
    try:
        with database.atomic():
            User.update(email=address, email_confirmed_at=None, login=login).where(User.id == user.id).execute()
            tokens.drop(user, tokens.Purpose.RESET, tokens.Purpose.CHANGE_EMAIL)
            journal.write(by=by, on=on, verb="set_email", subject="user", subject_id=user.id)
    except IntegrityError:
        raise Refusal(f"Адрес «{address}» уже занят другой учётной записью: укажите другой.") from None
    user.email, user.email_confirmed_at, user.login = address, None, login
    return user


def forget_second_factor(user: User, *, by: User | None, on: dt.datetime) -> User:
    """Let somebody in without codes who has lost both the telephone and the recovery codes; who signed in is signed out."""
    _require(by)
    if not user.totp_secret:
        raise Refusal("Подтверждение входа кодом у этой учётной записи не включено.")
    with database.atomic():
        second_factor.forget(user)
        sessions.end_all(user, on=on)
        journal.write(by=by, on=on, verb="totp_forgotten", subject="user", subject_id=user.id)
    user.totp_secret = ""
    return user


def rename(user: User, full_name: str, *, by: User | None, on: dt.datetime) -> User:
    """Correct the person's name."""
    _require(by)
    named = fields.line(User.full_name, full_name)
    with database.atomic():
        User.update(full_name=named).where(User.id == user.id).execute()
        journal.write(by=by, on=on, verb="rename", subject="user", subject_id=user.id)
    user.full_name = named
    return user


def set_roles(user: User, roles: Set[Role], *, by: User | None, on: dt.datetime) -> User:
    """Give exactly these roles. The last administrator stays one."""
    _require(by)
    _some(roles)
    with database.atomic():
        if Role.ADMIN not in roles:
            _keep_an_admin(user)
        UserRole.delete().where(UserRole.user == user).execute()
        _give(user, roles)
        journal.write(by=by, on=on, verb="set_roles", subject="user", subject_id=user.id, details=_labels(roles))
    return user


def set_password(user: User, password: str, *, by: User | None, on: dt.datetime) -> User:
    """Give a new password; whoever was signed in with the old one is signed out."""
    _require(by)
    kept = passwords.hashed(password)
    with database.atomic():
        keep_password(user, kept, on=on)
        journal.write(by=by, on=on, verb="set_password", subject="user", subject_id=user.id)
    return user


def deactivate(user: User, *, by: User | None, on: dt.datetime) -> User:
    """Close the account and end its sessions. Nobody closes their own account or the last administrator's."""
    _require(by)
    if by is not None and by.id == user.id:
        raise Refusal("Закрыть вход самому себе нельзя: попросите другого администратора.")
    with database.atomic():
        _keep_an_admin(user)
        User.update(active=False).where(User.id == user.id).execute()
        sessions.end_all(user, on=on)
        journal.write(by=by, on=on, verb="deactivate", subject="user", subject_id=user.id)
    user.active = False
    return user


def activate(user: User, *, by: User | None, on: dt.datetime) -> User:
    """Open a closed account again."""
    _require(by)
    with database.atomic():
        User.update(active=True).where(User.id == user.id).execute()
        journal.write(by=by, on=on, verb="activate", subject="user", subject_id=user.id)
    user.active = True
    return user


def _require(by: User | None) -> None:
    # Without a person it is an operator at the shell of the server, who may everything.
    if by is not None:
        require(by, Permission.MANAGE_USERS)


def _some(roles: Set[Role]) -> None:
    if not roles:
        raise Refusal("Отметьте хотя бы одну роль.")


def _address(email: str) -> str | None:
    return email_address(email, longest=int(User.email.max_length)) if email.strip() else None


def _free(login: str, address: str | None) -> None:
    """Refusal if somebody signs in with this login or address already."""
    if taken(login):
        raise Refusal(f"Имя для входа «{login}» уже занято: выберите другое.")
    if address and taken(address):
        raise Refusal(f"Адрес «{address}» уже занят другой учётной записью: укажите другой.")


def _give(user: User, roles: Set[Role]) -> None:
    for role in sorted(roles):
        UserRole.create(user=user, role=role.value)


def _keep_an_admin(user: User) -> None:
    """Refusal if without this person no active administrator is left."""
    # Writing the rows locks them: of two administrators who close each other at once, one waits and is refused.
    UserRole.update(role=UserRole.role).where(UserRole.role == Role.ADMIN.value).execute()
    others = User.select().join(UserRole).where(UserRole.role == Role.ADMIN.value, User.active, User.id != user.id)
    if not others.exists() and UserRole.select().where(UserRole.user == user, UserRole.role == Role.ADMIN.value).exists():
        raise Refusal("Это последний администратор: сначала дайте роль администратора другому сотруднику.")


def _labels(roles: Set[Role]) -> str:
    return ", ".join(role.label for role in Role if role in roles)
