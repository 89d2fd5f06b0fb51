"""Links that work once. The letter carries the token, the table knows only its hash."""

import datetime as dt
import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from peewee import Expression

from ...models import OneTimeToken, User
from ...procedure.refusal import Refusal
from ..dates import CITY


class Purpose(StrEnum):
    """What a link is for."""

    CONFIRM = "confirm"
    RESET = "reset"
    CHANGE_EMAIL = "change_email"

    @property
    def lives(self) -> dt.timedelta:
        """How long the link works."""
        return dt.timedelta(hours=1) if self is Purpose.RESET else dt.timedelta(hours=24)


@dataclass(frozen=True)
class Links:
    """Where letters about accounts lead: whole addresses, those of a token made from it."""

    confirm: Callable[[str], str]
    reset: Callable[[str], str]
    sign_in: str
    forgotten: str
    register: str


def hash_of(token: str) -> str:
    """What the tables keep of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def issue(purpose: Purpose, email: str, *, on: dt.datetime, user: User | None = None, full_name: str = "") -> str:
    """A new token sent to this address; what has expired goes. Call inside the transaction of the act."""
    OneTimeToken.delete().where(OneTimeToken.expires_at <= on).execute()
    token = secrets.token_urlsafe(32)
    OneTimeToken.create(
        user=user,
        purpose=purpose.value,
        token_hash=hash_of(token),
        email=email,
        full_name=full_name,
        expires_at=on + purpose.lives,
    )
    return token


def living(token: str, *purposes: Purpose, on: dt.datetime) -> OneTimeToken:
    """The token if it may still be used for one of these; Refusal."""
    found: OneTimeToken | None = OneTimeToken.get_or_none(
        OneTimeToken.token_hash == hash_of(token), OneTimeToken.purpose.in_(list(purposes)), *_unspent(on)
    )
    if found is None:
        raise Refusal("Ссылка не действует: она устарела, уже использована или заменена новой. Запросите новую.")
    return found


def spend(token: str, purpose: Purpose, *, on: dt.datetime) -> OneTimeToken:
    """Use the token up; Refusal if it cannot be. Of two at one moment one is refused."""
    found = living(token, purpose, on=on)
    if not OneTimeToken.update(used_at=on).where(OneTimeToken.id == found.id, *_unspent(on)).execute():
        raise Refusal("Эта ссылка только что использована.")
    return found


def drop(user: User, *purposes: Purpose) -> None:
    """Make links of this person that were not used worthless."""
    mine = OneTimeToken.user == user, OneTimeToken.purpose.in_(list(purposes)), OneTimeToken.used_at.is_null()
    OneTimeToken.delete().where(*mine).execute()


def until(purpose: Purpose, on: dt.datetime) -> str:
    """When a link issued now stops working, as letters say it."""
    return f"{(on + purpose.lives).astimezone(CITY):%d.%m.%Y %H:%M}"


def _unspent(on: dt.datetime) -> tuple[Expression, Expression]:
    return OneTimeToken.used_at.is_null(), OneTimeToken.expires_at > on
