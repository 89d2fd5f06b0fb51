"""The outbox: letters are written in the transaction of the act that sends them, and go when a worker takes them.

While letters of cases are held, each waits until somebody of the office releases it (`admin/acts/letters.py`).
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from peewee import chunked, fn

from ...models import Application, Complaint, Letter, Subscriber, User, database
from ...procedure.road import road
from ...procedure.words import CaseRole
from .. import jobs
from ..cases.people import holders, holders_in
from ..dates import day_of
from .figures import figures_of, figures_of_all
from .texts import Text, text

JOB = "letter"
MESSAGE = "message_received"
# Letters written by one statement.
AT_ONCE = 500


@dataclass
class Policy:
    """What an installation does with letters of cases; set once, when the application is made."""

    hold: bool = False


policy = Policy()


def post_all(applications: Sequence[Application], name: str, *, on: dt.datetime, figures: Mapping[str, str]) -> None:
    """Write a letter of the road in each of these cases of one road to everybody it is for, by every way they chose; the
    cabinet always."""
    edition, today = applications[0].edition, day_of(on)
    letter, words = road("application", edition).letter(name), text(name, edition)
    known = figures_of_all(applications, declined=any(one.endswith("_genitive") for one in words.placeholders))
    addressees = {role: holders_in(applications, CaseRole(role), today) for role in letter.to}
    letters: list[Letter] = []
    for application in applications:
        filled = words.filled({**known[application.id], **figures})
        seen: set[int] = set()
        for role in letter.to:
            for user in addressees[role][application.id]:
                if user.id not in seen:
                    seen.add(user.id)
                    letters += _to(user, role.value, application, name, filled, on)
    _queue_all(letters)


def post_message(application: Application, *, on: dt.datetime) -> None:
    """Tell the teacher's side that a message of the office waits for it; the office has messages among its duties."""
    filled = text(MESSAGE).filled(figures_of(application))
    for role in (CaseRole.TEACHER, CaseRole.REPRESENTATIVE):
        for user in holders(application, role, day_of(on)):
            _queue_all(_to(user, role.value, application, MESSAGE, filled, on))


def post_private(user: User | None, name: str, *, address: str, on: dt.datetime, **figures: str) -> None:
    """Write a letter about an account to an address; nobody else sees its text, which is wiped once it is sent."""
    with database.atomic():
        _post_private(name, text(name).filled(figures), address, on, user=user)


def post_out(name: str, filled: Text, *, address: str, path: str, on: dt.datetime) -> None:
    """Write a letter to somebody who needs no account; it leads to this path of the site."""
    _post_private(name, filled, address, on, path=path)


def post_subscriber(subscriber: Subscriber, name: str, filled: Text, *, on: dt.datetime) -> None:
    """Write a letter to a subscribed mailbox; it goes with a way to be written to no more."""
    _post_private(name, filled, subscriber.email, on, subscriber=subscriber)


def post_complaint(complaint: Complaint, name: str, filled: Text, *, on: dt.datetime) -> None:
    """Write a letter to the address of whoever complained: confidential, so that it is private like those about accounts."""
    _post_private(name, filled, complaint.email, on, complaint=complaint)


def _post_private(name: str, filled: Text, address: str, on: dt.datetime, **about: object) -> None:
    """A letter by e-mail that nobody but its addressee reads. `about`: the record, or the path, that it concerns."""
    _queue(
        name=name,
        channel="email",
        address=address,
        subject=filled.subject,
        body=filled.body,
        private=True,
        created_at=on,
        **about,
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


def _to(user: User, role: str, application: Application, name: str, filled: Text, on: dt.datetime) -> list[Letter]:
    """The letter to this person, by every way they chose."""
    told = {"application": application, "user": user, "name": name, "role": role, "created_at": on}
    return [
        Letter(channel=channel, address=address, subject=filled.subject, body=filled.body, **told)
        for channel, address in ways(user)
    ]


def _queue(**values: object) -> None:
    """Write one letter: held, or on its way."""
    letter = _settled(Letter(**values))
    letter.save()
    if letter.state == "queued":
        jobs.queue(JOB, letter.id)


def _queue_all(letters: Sequence[Letter]) -> None:
    """Write letters of cases: held, or on their way."""
    if not letters:
        return
    with database.atomic():
        before = Letter.select(fn.MAX(Letter.id)).scalar() or 0
        for part in chunked(map(_settled, letters), AT_ONCE):
            Letter.insert_many([{"next_try_at": None, "sent_at": None, **letter.__data__} for letter in part]).execute()
        written = Letter.id > before, Letter.application.in_({letter.application_id for letter in letters})
        queued = Letter.select(Letter.id).where(*written, Letter.state == "queued").order_by(Letter.id)
        jobs.queue_all(JOB, [letter.id for letter in queued])


def _settled(letter: Letter) -> Letter:
    """The letter as it is when it has been written: held, or let go."""
    held = policy.hold and not letter.private
    for name, value in ({"state": "held"} if held else let_go(letter, on=letter.created_at)).items():
        setattr(letter, name, value)
    return letter
