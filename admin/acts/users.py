"""Accounts of the office: add, rename, give roles, give a password, close, open. Each is one transaction with its journal."""

import datetime as dt
import re
import unicodedata
from collections.abc import Set

from peewee import IntegrityError

from ...models import SignIn, User, UserRole, database
from ...procedure.refusal import Refusal
from ...procedure.words import Role
from ...site import fields, journal, passwords
from ..access import Permission, require

_LOGIN = re.compile(r"[^\W_][\w.@-]{1,79}")


def login_key(text: str) -> str:
    """The name for signing in as it is kept and looked up: case and spaces around do not matter."""
    return unicodedata.normalize("NFKC", text).strip().lower()


def add_user(
    *, login: str, full_name: str, password: str, roles: Set[Role], by: User | None, on: dt.datetime, demo: bool = False
) -> User:
    """Add an account; `by` is None when an operator does it from a shell."""
    _require(by)
    login = login_key(login)
    if not _LOGIN.fullmatch(login):
        raise Refusal("Имя для входа: от 2 до 80 знаков, буквы, цифры и знаки . _ - @, первой — буква или цифра.")
    named = fields.line(User.full_name, full_name)
    kept = passwords.hashed(password)
    _some(roles)
    try:
        with database.atomic():
            user = User.create(login=login, full_name=named, password_hash=kept, demo=demo, created_at=on)
            _give(user, roles)
            journal.write(by=by, on=on, verb="add_user", subject="user", subject_id=user.id, details=_labels(roles))
    except IntegrityError:
        raise Refusal(f"Имя для входа «{login}» уже занято: выберите другое.") from None
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
        User.update(password_hash=kept).where(User.id == user.id).execute()
        end_sessions(user, on=on)
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
        end_sessions(user, on=on)
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


def end_sessions(user: User, *, on: dt.datetime) -> None:
    """Make every copy of this person's session cookies worthless."""
    SignIn.update(ended_at=on).where(SignIn.user == user, SignIn.ended_at.is_null()).execute()


def _require(by: User | None) -> None:
    # Without a person it is an operator at the shell of the server, who may everything.
    if by is not None:
        require(by, Permission.MANAGE_USERS)


def _some(roles: Set[Role]) -> None:
    if not roles:
        raise Refusal("Отметьте хотя бы одну роль.")


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
