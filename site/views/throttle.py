"""How often somebody may try: wrong passwords and codes, letters asked for, links guessed."""

import datetime as dt
import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from math import ceil
from typing import Any

from flask import current_app, request

from ...models import FailedSignIn, utc_now
from ..dates import CITY

WINDOW = dt.timedelta(minutes=15)
# Within the window: at one account (or mailbox), and from one network at all of them.
TRIES_PER_ACCOUNT = 5
TRIES_PER_ORIGIN = 30


@dataclass(frozen=True)
class Door:
    """Something that is tried. `everywhere`: tries at one account count whichever network they come from."""

    name: str
    everywhere: bool = False


# A stranger must not be able to lock somebody out of their account: wrong passwords count by network.
PASSWORD = Door("account")
# Whoever types codes knows the password already; a mailbox is to be spared whoever has letters sent to it.
CODE = Door("code", everywhere=True)
REGISTER = Door("register", everywhere=True)
RESET = Door("reset", everywhere=True)
# Whoever found somebody signed in must not find out the password there.
PROOF = Door("proof", everywhere=True)
# Whoever guesses surnames at one number must not keep its owner from asking.
STATUS = Door("status")
# Whether somebody has an account is not to be found out by trying one address after another.
REPRESENTATIVE = Door("representative", everywhere=True)
# Whoever sends one complaint after another waits; nobody else's are counted.
COMPLAINT = Door("complaint")
CORRECTION = Door("correction")
# A mailbox is to be spared whoever has letters sent to it.
SUBSCRIBE = Door("subscribe", everywhere=True)
COMPLAINT_STATUS = Door("complaint status")


class Wait(Exception):
    """Too many tries: `pause` until the next one."""

    def __init__(self, pause: dt.timedelta) -> None:
        super().__init__(pause)
        self.pause = pause


class Attempt:
    """One try, written down before it is judged, so that tries at the same moment count each other."""

    def __init__(self, door: Door, account: str) -> None:
        self.door = door
        self.now = utc_now()
        FailedSignIn.delete().where(FailedSignIn.at <= self.now - WINDOW).execute()
        # Sign-ins keep the plain kind of key for the network; every other door counts its own.
        origin = "origin" if door is PASSWORD else f"{door.name} origin"
        self.row = FailedSignIn.create(
            account_hash=keyed(door.name, account), origin_hash=keyed(origin, network(request.remote_addr or "")), at=self.now
        )

    def wait(self) -> dt.timedelta | None:
        """How long to wait before the next try; a refused try is not counted itself."""
        before = FailedSignIn.select().where(FailedSignIn.id < self.row.id)
        near = before.where(FailedSignIn.origin_hash == self.row.origin_hash)
        same = (before if self.door.everywhere else near).where(FailedSignIn.account_hash == self.row.account_hash)
        waits = [_wait(query, tries, self.now) for query, tries in ((same, TRIES_PER_ACCOUNT), (near, TRIES_PER_ORIGIN))]
        longest = max(filter(None, waits), default=None)
        if longest:
            self.drop()
        return longest

    def drop(self) -> None:
        """It was no try at all."""
        FailedSignIn.delete().where(FailedSignIn.id == self.row.id).execute()

    def forgive(self) -> None:
        """It was right: the account's wrong tries from here are forgotten, those of somebody elsewhere are not."""
        mine = FailedSignIn.account_hash == self.row.account_hash, FailedSignIn.origin_hash == self.row.origin_hash
        FailedSignIn.delete().where(*mine).execute()


def tried(door: Door, account: str) -> Attempt:
    """A try at this door; raises Wait if it is one too many."""
    attempt = Attempt(door, account)
    if pause := attempt.wait():
        raise Wait(pause)
    return attempt


def sentence(wait: dt.timedelta, what: str) -> str:
    """What is said to who has to wait: «Слишком много неудачных попыток входа. …»."""
    minutes = ceil(wait.total_seconds() / 60)
    until = (utc_now() + wait).astimezone(CITY) + dt.timedelta(minutes=1)
    return f"Слишком много {what}. Попробуйте снова после {until:%H:%M} (через {minutes} мин.)."


def retry_after(wait: dt.timedelta) -> dict[str, str]:
    """The header of a refused try."""
    return {"Retry-After": str(ceil(wait.total_seconds()))}


def network(address: str, ipv4_prefix: int = 24) -> str:
    """The network an address belongs to: people behind one router are one origin, a house with IPv6 is too."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        # A server that listens on :: sees IPv4 visitors as ::ffff:192.0.2.1: all of them would be one origin.
        found = found.ipv4_mapped or found
    prefix = ipv4_prefix if found.version == 4 else 64
    return str(ipaddress.ip_network(f"{found}/{prefix}", strict=False))


def _wait(query: Any, tries: int, now: dt.datetime) -> dt.timedelta | None:
    """When the oldest of the last so many tries leaves the window."""
    last = list(query.order_by(FailedSignIn.id.desc()).limit(tries))
    return last[-1].at + WINDOW - now if len(last) == tries else None


def keyed(kind: str, text: str) -> str:
    """What stands in a table for a name or an address: nobody without the key can tell which."""
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"{kind}:{text}".encode(), hashlib.sha256).hexdigest()
