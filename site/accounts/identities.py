"""Signing in through a state provider of identities. What it says of a person is taken as proved; no account is ever handed
to whoever only bears its e-mail address: one's own account is tied to the provider from inside.
"""

import datetime as dt
import hashlib
from dataclasses import dataclass

from peewee import IntegrityError

from ...models import Identity, User, database
from ...procedure.refusal import Refusal
from .. import fields, journal
from .addresses import LONGEST, email_address, taken
from .own import require_own, require_password

OPENED = "Учётная запись только что открыта: войдите ещё раз."


@dataclass(frozen=True)
class Claims:
    """What the provider says of a person. `email` is empty unless the provider has verified it."""

    issuer: str
    subject: str
    surname: str
    name: str
    patronymic: str = ""
    born_on: dt.date | None = None
    email: str = ""

    @property
    def full_name(self) -> str:
        """Surname, name and patronymic in one line."""
        return " ".join(filter(None, (self.surname, self.name, self.patronymic)))


def sign_in(claims: Claims, *, on: dt.datetime) -> User:
    """The person's account; a new one for whoever comes for the first time. Refusal if theirs is closed or not tied yet."""
    known = _known(claims)
    if known is None:
        return _open(claims, on)
    user: User = known.user
    if not user.active:
        raise Refusal("Вход в эту учётную запись закрыт. Обратитесь в отдел аттестации.")
    with database.atomic():
        _keep_said(known, claims)
        _keep_name(user, claims, by=user, on=on)
    return user


def of(user: User) -> list[Identity]:
    """The providers tied to the person's account; one query."""
    return list(Identity.select().where(Identity.user == user).order_by(Identity.id))


def allow_link(user: User, password: str, *, by: User | None) -> None:
    """Refusal unless the person may tie a provider: it opens the account, so a session somebody left open is not enough."""
    require_own(user, by)
    require_password(user, password)


def link(user: User, claims: Claims, *, by: User | None, on: dt.datetime) -> None:
    """Tie the provider to one's own account, which is signed in to and was proved anew (`allow_link`)."""
    require_own(user, by)
    known = _known(claims)
    if known is not None and known.user_id != user.id:
        raise Refusal("Этот вход уже привязан к другой учётной записи: войдите через него и отвяжите его там.")
    if known is not None:
        return
    try:
        with database.atomic():
            _tie(user, claims, on)
            _keep_name(user, claims, by=by, on=on)
            journal.write(by=by, on=on, verb="link_identity", subject="user", subject_id=user.id)
    except IntegrityError:
        raise Refusal("Этот вход только что привязан к учётной записи.") from None


def unlink(user: User, *, by: User | None, on: dt.datetime) -> None:
    """Untie the provider; only who has a password and an address may, or they could not come back."""
    require_own(user, by)
    if not user.password_hash or not user.email:
        raise Refusal("Сначала укажите адрес электронной почты и задайте пароль: иначе войти будет нечем.")
    with database.atomic():
        if not Identity.delete().where(Identity.user == user).execute():
            raise Refusal("Вход через государственную систему не привязан.")
        journal.write(by=by, on=on, verb="unlink_identity", subject="user", subject_id=user.id)


def _known(claims: Claims) -> Identity | None:
    found: Identity | None = Identity.get_or_none(Identity.issuer == claims.issuer, Identity.subject == claims.subject)
    return found


def _open(claims: Claims, on: dt.datetime) -> User:
    address = _usable(claims.email)
    if address and taken(address):
        if _known(claims):  # the address is that of the account which another request has opened meanwhile
            raise Refusal(OPENED)
        raise Refusal(
            "Учётная запись с вашим адресом электронной почты уже есть. Войдите в неё с паролем и привяжите этот способ входа"
            " на странице «Безопасность»."
        )
    try:
        with database.atomic():
            user = User.create(
                login=address if address and len(address) <= LONGEST else _login_of(claims),
                email=address or None,
                email_confirmed_at=on if address else None,
                full_name=fields.line(User.full_name, claims.full_name),
                password_hash="",
                created_at=on,
            )
            _tie(user, claims, on)
            journal.write(by=user, on=on, verb="open_account", subject="user", subject_id=user.id)
    except IntegrityError:
        raise Refusal(OPENED) from None
    return user


def _usable(email: str) -> str:
    """The verified address as it is kept; one that no letter could be sent to is as good as none."""
    try:
        return email_address(email, longest=int(User.email.max_length)) if email else ""
    except Refusal:
        return ""


def _login_of(claims: Claims) -> str:
    """A login for whoever has no address: nobody types it, it only has to be their own."""
    return "id-" + hashlib.sha256(f"{claims.issuer}\n{claims.subject}".encode()).hexdigest()[:24]


def _tie(user: User, claims: Claims, on: dt.datetime) -> None:
    Identity.create(
        user=user,
        issuer=claims.issuer,
        subject=claims.subject,
        surname=fields.line(Identity.surname, claims.surname),
        name=fields.line(Identity.name, claims.name),
        patronymic=fields.line(Identity.patronymic, claims.patronymic, required=False),
        born_on=claims.born_on,
        linked_at=on,
    )


def _keep_said(known: Identity, claims: Claims) -> None:
    Identity.update(
        surname=fields.line(Identity.surname, claims.surname),
        name=fields.line(Identity.name, claims.name),
        patronymic=fields.line(Identity.patronymic, claims.patronymic, required=False),
        born_on=claims.born_on,
    ).where(Identity.id == known.id).execute()


def _keep_name(user: User, claims: Claims, *, by: User | None, on: dt.datetime) -> None:
    """The account bears the proved name; staff are called what the administrator calls them."""
    named = fields.line(User.full_name, claims.full_name)
    if named != user.full_name and not user.role_set():
        User.update(full_name=named).where(User.id == user.id).execute()
        journal.write(by=by, on=on, verb="rename", subject="user", subject_id=user.id)
        user.full_name = named
