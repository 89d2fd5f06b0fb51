"""Passwords: what is accepted, how they are kept (Argon2id) and how they are compared."""

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from ..procedure.refusal import Refusal

SHORTEST = 12
LONGEST = 200

HASHER = PasswordHasher()


def hashed(password: str) -> str:
    """What the table keeps; Refusal if the password breaks the rules."""
    password = _normalised(password)
    if len(password) < SHORTEST:
        raise Refusal(f"Пароль короче {SHORTEST} знаков: придумайте длиннее, лучше фразу из нескольких слов.")
    if len(password) > LONGEST:
        raise Refusal(f"Пароль длиннее {LONGEST} знаков: сократите его.")
    if len(set(password)) < 5:
        raise Refusal("Пароль слишком прост: одни и те же знаки повторяются. Придумайте другой.")
    return HASHER.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether the password is the one kept. Without a kept one (unknown name) the same time is spent for nothing."""
    password = _normalised(password)[:LONGEST]
    try:
        return HASHER.verify(kept or _nobodys(), password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def outdated(kept: str) -> bool:
    """Whether this password should be hashed anew with today's parameters."""
    return HASHER.check_needs_rehash(kept)


def _normalised(password: str) -> str:
    # «й» may be typed as one sign or as two; both must be the same password.
    return unicodedata.normalize("NFKC", password)


@cache
def _nobodys() -> str:
    return HASHER.hash(secrets.token_urlsafe(24))
