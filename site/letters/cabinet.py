"""The cabinet's side of letters: every letter of a case comes there, whatever other ways a person chose."""

import datetime as dt

from peewee import ModelSelect

from ...models import Application, Letter, User


def of(user: User) -> "ModelSelect[Letter]":
    """The letters that have come to this person's cabinet, with their cases, the newest first."""
    query = Letter.select(Letter, Application).left_outer_join(Application)
    here = Letter.user == user, Letter.channel == "cabinet", Letter.state == "sent"
    return query.where(*here).order_by(Letter.sent_at.desc(), Letter.id.desc())


def mark_read(letter: Letter, *, on: dt.datetime) -> None:
    """The addressee has opened the letter; the first time counts."""
    if Letter.update(read_at=on).where(Letter.id == letter.id, Letter.read_at.is_null()).execute():
        letter.read_at = on
