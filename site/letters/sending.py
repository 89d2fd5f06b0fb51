"""Sending: a waiting letter is claimed by one worker, carried, marked; what fails is tried again after ever longer rests.

A letter is claimed by putting its next try off: when the worker dies with it in its hands, that moment comes and it is sent
again under the same Message-ID. So a letter may arrive twice after an accident, but is never lost (decision 0016).
"""

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any

from peewee import Expression

from ...models import Job, Letter, database
from .. import jobs
from .carriers import Carrier
from .outbox import JOB
from .trouble import Refused, Undelivered

# The rests after the first, the second … failed try; after the last one the letter has failed. Two days in all.
RESTS = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 30, 60, 120, 240, 480, 720, 1440))
# How long a letter is nobody else's once it is claimed: longer than the most patient talk with a server of mail.
LEASE = dt.timedelta(minutes=10)
# A sweep brings no more at once: the rest waits for the next one.
SWEPT = 200


def send(letter_id: int, carriers: Mapping[str, Carrier], *, domain: str, on: dt.datetime) -> str:
    """Try to send a letter; what became of it, in a word for the log. Nothing when it is not waiting any more."""
    letter = claim(letter_id, domain=domain, on=on)
    if letter is None:
        return "not waiting"
    try:
        carriers[letter.channel].carry(letter)
    except Undelivered as trouble:
        return _failed(letter, trouble, on)
    _settle(letter, state="sent", sent_at=on, error="")
    return "sent"


def claim(letter_id: int, *, domain: str, on: dt.datetime) -> Letter | None:
    """Take a letter whose time has come, as the only one; None when it is not waiting, or somebody else has it."""
    mine = f"<{letter_id}.{secrets.token_hex(8)}@{domain}>"
    with database.atomic():
        letter: Letter | None = Letter.get_or_none(Letter.id == letter_id, *due(on))
        if letter is None:
            return None
        values = {"attempts": letter.attempts + 1, "next_try_at": on + LEASE, "message_id": letter.message_id or mine}
        if not Letter.update(values).where(Letter.id == letter_id, Letter.attempts == letter.attempts, *due(on)).execute():
            return None
        return Letter.get_by_id(letter_id)


def due(on: dt.datetime) -> tuple[Expression, Expression]:
    """The conditions of a letter that may be tried now."""
    return Letter.state == "queued", Letter.next_try_at.is_null() | (Letter.next_try_at <= on)


def sweep(on: dt.datetime) -> int:
    """Ask for the letters whose time has come and of which no job tells; gives how many."""
    asked = Job.select(Job.target).where(Job.kind == JOB, Job.state.in_(("queued", "running")))
    left = Letter.select(Letter.id).where(*due(on), Letter.id.not_in(asked)).order_by(Letter.id).limit(SWEPT)
    with database.atomic():
        for letter in (found := list(left)):
            jobs.queue(JOB, letter.id)
    return len(found)


def _failed(letter: Letter, trouble: Undelivered, on: dt.datetime) -> str:
    """Put the letter off, or give it up when there is no hope."""
    error = trouble.sentence[: Letter.error.max_length]
    if isinstance(trouble, Refused) or letter.attempts > len(RESTS):
        _settle(letter, state="failed", error=error)
        return "failed"
    _change(letter, next_try_at=on + RESTS[letter.attempts - 1], error=error)
    return "put off"


def _settle(letter: Letter, **values: Any) -> None:
    """The letter waits no more; nobody needs the text of a private one any longer."""
    _change(letter, next_try_at=None, **values, **({"body": ""} if letter.private else {}))


def _change(letter: Letter, **values: Any) -> None:
    """Write, if the letter is still in our hands: another attempt, or the office, may have been quicker."""
    mine = Letter.id == letter.id, Letter.state == "queued", Letter.attempts == letter.attempts
    Letter.update(values).where(*mine).execute()
