"""Opening an account: a name and an address first, the password when the link of the letter proves the address.

The account begins to exist only then: nobody can open one over somebody else's address and wait for them inside.
"""

import datetime as dt

from peewee import IntegrityError

from ...models import OneTimeToken, User, database
from ...procedure.refusal import Refusal
from .. import fields, journal, passwords
from ..letters import outbox
from .addresses import email_address, taken
from .tokens import Links, Purpose, issue, living, spend, until


def register(email: str, full_name: str, *, links: Links, on: dt.datetime) -> str:
    """Send a link to this address; where there is an account, a letter that says so. Nothing tells which. The address."""
    address = email_address(email)
    named = fields.line(User.full_name, full_name)
    with database.atomic():
        if taken(address):
            outbox.post_private(None, "account_known", address=address, on=on, sign_in=links.sign_in, forgotten=links.forgotten)
        else:
            token = issue(Purpose.CONFIRM, address, on=on, full_name=named)
            outbox.post_private(
                None, "account_confirm", address=address, on=on, link=links.confirm(token), until=until(Purpose.CONFIRM, on)
            )
    return address


def confirm(token: str, *, full_name: str, password: str, on: dt.datetime) -> User:
    """Open the account of a confirmed address."""
    # A link that is worth nothing costs nothing.
    living(token, Purpose.CONFIRM, on=on)
    named = fields.line(User.full_name, full_name)
    kept = passwords.hashed(password)
    try:
        with database.atomic():
            address = spend(token, Purpose.CONFIRM, on=on).email
            if taken(address):
                raise IntegrityError
            user = User.create(
                login=address, email=address, email_confirmed_at=on, full_name=named, password_hash=kept, created_at=on
            )
            journal.write(by=user, on=on, verb="open_account", subject="user", subject_id=user.id)
    except IntegrityError:
        raise Refusal("Учётная запись с этим адресом уже есть: войдите в неё или задайте новый пароль.") from None
    # Other letters to the same address would only lead to a refusal. Not before: two links used at one moment would each hold
    # the row that the other one is to delete.
    OneTimeToken.delete().where(
        OneTimeToken.email == address, OneTimeToken.purpose == Purpose.CONFIRM.value, OneTimeToken.used_at.is_null()
    ).execute()
    return user
