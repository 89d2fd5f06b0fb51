"""The outbox: letters are written in the transaction of the act that sends them, and go when a worker takes them."""

import datetime as dt
from collections.abc import Mapping

from ...models import Application, Letter, User, database
from ...procedure.road import road
from ...procedure.words import CaseRole
from .. import jobs
from ..cases.people import holders
from ..dates import day_of
from .figures import figures_of
from .texts import text

JOB = "letter"


def post(application: Application, name: str, *, on: dt.datetime, figures: Mapping[str, str]) -> None:
    """Write a letter of the road to everybody it is for, by every way they chose; the cabinet always."""
    letter = road("application", application.edition).letter(name)
    filled = text(name, application.edition).filled({**figures_of(application), **figures})
    seen: set[int] = set()
    for role in letter.to:
        for user in holders(application, CaseRole(role), day_of(on)):
            if user.id in seen:
                continue
            seen.add(user.id)
            for channel, address in ways(user):
                _queue(
                    application=application,
                    user=user,
                    name=name,
                    role=role.value,
                    channel=channel,
                    address=address,
                    subject=filled.subject,
                    body=filled.body,
                    created_at=on,
                )


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


def _queue(*, channel: str, created_at: dt.datetime, **values: object) -> None:
    """A letter of the cabinet has arrived at once; any other waits for the worker."""
    if channel == "cabinet":
        Letter.create(channel=channel, created_at=created_at, state="sent", sent_at=created_at, **values)
    else:
        letter = Letter.create(channel=channel, created_at=created_at, state="queued", **values)
        jobs.queue(JOB, letter.id)
