"""Messages in a case between the teacher's side and the office."""

import datetime as dt
from typing import Any

from peewee import ModelSelect, fn

from ...models import Application, Message, User, database
from ...procedure.refusal import Refusal
from .. import fields
from ..dates import day_of
from ..letters import outbox
from . import moves
from .people import APPLICANTS, roles_in
from .rights import Part, parts_seen

LONGEST = 5000
# Nobody has more to say before the other side has looked; keeps a mistaken program from filling the disk.
MOST_UNREAD = 50


def write(application: Application, text: str, *, by: User, on: dt.datetime) -> Message:
    """Send a message to the other side. Refusal for who has no part in the correspondence, for an empty or too long text."""
    if Part.MESSAGES not in parts_seen(application, by, day_of(on)):
        raise Refusal("Переписка по этому делу вам недоступна.")
    said = fields.paragraph(Message.text, text, required=True)
    if len(said) > LONGEST:
        raise Refusal(f"Сообщение длиннее {LONGEST} знаков: сократите его или отправьте по частям.")
    from_office = not _of_applicant(application, by, on)
    if unread([application.id], from_office=from_office).get(application.id, 0) >= MOST_UNREAD:
        raise Refusal(f"{MOST_UNREAD} ваших сообщений ещё не прочитаны: дождитесь ответа.")
    with database.atomic():
        # One letter tells of all that has not been read yet.
        told = not from_office or unread([application.id], from_office=True)
        made: Message = Message.create(application=application, author=by, from_office=from_office, text=said, sent_at=on)
        if not told:
            outbox.post_message(application, on=on)
        moves.note(application, "write_message", by=by, on=on)
    return made


def of(application: Application) -> "ModelSelect[Message]":
    """All messages of the case with their authors, the oldest first; one query."""
    return Message.select(Message, User).join(User).where(Message.application == application).order_by(Message.id)


def mark_read(application: Application, *, by: User, on: dt.datetime) -> None:
    """What the other side has written is read: this person has seen it."""
    if Part.MESSAGES in parts_seen(application, by, day_of(on)):
        theirs = Message.from_office == _of_applicant(application, by, on)
        unread = Message.application == application, theirs, Message.read_at.is_null()
        Message.update(read_at=on).where(*unread).execute()


def unread(cases: list[int], *, from_office: bool) -> dict[int, int]:
    """How many messages of one side the other has not read yet, by id of the case; cases without any are left out."""
    waiting = Message.application.in_(cases), Message.from_office == from_office, Message.read_at.is_null()
    found: Any = Message.select(Message.application, fn.COUNT(Message.id)).where(*waiting).group_by(Message.application)
    return dict(found.tuples())


def _of_applicant(application: Application, by: User, on: dt.datetime) -> bool:
    return bool(roles_in(application, by, day_of(on)) & APPLICANTS)
