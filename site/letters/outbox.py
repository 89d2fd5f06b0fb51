"""The outbox: letters are written in the transaction of the act that sends them, and go when a worker takes them.

While letters of cases are held, each waits until somebody of the office releases it (`admin/acts/letters.py`).
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from ...models import Application, Letter, User, database
from ...procedure.road import road
from ...procedure.words import CaseRole
from .. import jobs
from ..cases.people import holders
from ..dates import day_of
from .figures import figures_of
from .texts import Text, text

JOB = "letter"
MESSAGE = "message_received"


@dataclass
class Policy:
    """What an installation does with letters of cases; set once, when the application is made."""

    hold: bool = False


policy = Policy()


def post(application: Application, name: str, *, on: dt.datetime, figures: Mapping[str, str]) -> None:
    """Write a letter of the road to everybody it is for, by every way they chose; the cabinet always."""
    letter = road("application", application.edition).letter(name)
    filled = text(name, application.edition).filled({**figures_of(application), **figures})
    seen: set[int] = set()
    for role in letter.to:
        for user in holders(application, CaseRole(role), day_of(on)):
            if user.id not in seen:
                seen.add(user.id)
                _post_to(user, role.value, application, name, filled, on)


def post_message(application: Application, *, on: dt.datetime) -> None:
    """Tell the teacher's side that a message of the office waits for it; the office has messages among its duties."""
    filled = text(MESSAGE).filled(figures_of(application))
    for role in (CaseRole.TEACHER, CaseRole.REPRESENTATIVE):
        for user in holders(application, role, day_of(on)):
            _post_to(user, role.value, application, MESSAGE, filled, on)


def post_private(user: User | None, name: str, *, address: str, on: dt.datetime, **figures: str) -> None:
    """Write a letter about an account to an address; nobody else sees its text, which is wiped once it is sent."""
    filled = text(name).filled(figures)
    with database.atomic():
        _queue(
            user=user,
            name=name,
            channel="email",
            address=address,
            subject=filled.subject,
            body=filled.body,
            private=True,
            created_at=on,
        )


def ways(user: User) -> list[tuple[str, str]]:
    """The channels that this person chose, each with its address."""
    found = [("cabinet", "")]
    if user.notify_email and user.email:
        found.append(("email", user.email))
    if user.phone:
        found += [(channel, user.phone) for channel, wanted in (("sms", user.notify_sms), ("push", user.notify_push)) if wanted]
    return found


def let_go(letter: Letter, *, on: dt.datetime) -> dict[str, object]:
    """What a letter that nothing holds becomes: one of the cabinet has arrived at once, any other waits for the worker.

    It goes under a new Message-ID, so that nobody takes it for a copy of one that went before.
    """
    if letter.channel == "cabinet":
        return {"state": "sent", "sent_at": on}
    return {"state": "queued", "next_try_at": on, "attempts": 0, "error": "", "message_id": ""}


def _post_to(user: User, role: str, application: Application, name: str, filled: Text, on: dt.datetime) -> None:
    for channel, address in ways(user):
        _queue(
            application=application,
            user=user,
            name=name,
            role=role,
            channel=channel,
            address=address,
            subject=filled.subject,
            body=filled.body,
            created_at=on,
        )


def _queue(*, created_at: dt.datetime, private: bool = False, **values: object) -> None:
    """Write a letter: held, or on its way."""
    letter = Letter(created_at=created_at, private=private, **values)
    held = policy.hold and not private
    for name, value in ({"state": "held"} if held else let_go(letter, on=created_at)).items():
        setattr(letter, name, value)
    letter.save()
    if letter.state == "queued":
        jobs.queue(JOB, letter.id)
