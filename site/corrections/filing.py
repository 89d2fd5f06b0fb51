"""Filing a request for correction: on the site by whoever found the error (3.7.1), or by the office from paper."""

import datetime as dt
import re
import secrets
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from peewee import IntegrityError

from ...models import Correction, Order, User, database
from ...procedure.refusal import Refusal
from ...procedure.road import road
from ...procedure.words import CorrectionChannel
from .. import fields
from ..application import day as day_typed
from ..application import looks_like_email
from ..dates import day_of
from ..fields import Mistakes
from . import moves, numbers

CLAUSE = "3.7.1"
# The fields of the form in its order, and those that have to be filled in.
LINES = ("full_name", "representative", "email", "phone", "postal_address", "order_number")
FIELDS = (*LINES, "order_on", "line", "errors")
NEEDED = frozenset({"full_name", "order_number", "order_on", "errors"})
LONGEST_ERRORS = 5000
LARGEST_LINE = 100_000
_TOKEN = re.compile(r"[0-9a-f]{32}")


def submit(said: Mapping[str, str], *, token: str, edition: str, by: User | None, on: dt.datetime) -> Correction:
    """The request with its number; the one that is there already when the same form (`token`) is sent again.

    Mistakes for what is missing or wrong.
    """
    if present := sent(token):
        return present
    if not _TOKEN.fullmatch(token):
        raise Refusal("Форма устарела: откройте её заново.")
    values = columns(said, day_of(on))
    if not (values["email"] or values["phone"] or values["postal_address"]):
        raise Mistakes({"email": "Укажите, куда ответить: почту, телефон или почтовый адрес."}, CLAUSE)
    try:
        with database.atomic():
            made = _begin(values, edition=edition, channel=CorrectionChannel.FORM, token=token, on=on, author=by)
            return moves.make(made, "submit", by=by, on=on, roles=moves.ASKING)
    except IntegrityError:
        # The other of two presses was quicker.
        if present := sent(token):
            return present
        raise


def enter(said: Mapping[str, str], *, received_on: dt.date, edition: str, by: User, on: dt.datetime) -> Correction:
    """Write down a request that came on paper. Mistakes for what is missing or wrong, Refusal for the wrong person."""
    today = day_of(on)
    values = columns(said, today)
    if received_on > today:
        raise Mistakes({"received_on": "Этот день ещё не наступил: проверьте дату."}, CLAUSE)
    with database.atomic():
        made = _begin(
            values,
            edition=edition,
            channel=CorrectionChannel.PAPER,
            token=secrets.token_hex(16),
            on=on,
            received_on=received_on,
            entered_by=by,
        )
        return moves.make(made, "enter", by=by, on=on)


def sent(token: str) -> Correction | None:
    """The request that came by the form of this key."""
    found: Correction | None = Correction.get_or_none(Correction.token == token) if _TOKEN.fullmatch(token) else None
    return found


def columns(said: Mapping[str, str], today: dt.date) -> dict[str, Any]:
    """The columns of a request that says this. Mistakes, field by field, for what cannot be kept or is missing."""
    errors: dict[str, str] = {}
    values: dict[str, Any] = {name: _told(errors, name, partial(_line, name, said)) for name in LINES}
    values["order_on"] = _told(errors, "order_on", lambda: _day(said, today))
    values["line"] = _told(errors, "line", lambda: _row(said))
    values["errors"] = _told(errors, "errors", lambda: _errors(said))
    if values["email"] and not looks_like_email(values["email"]):
        errors["email"] = "Проверьте адрес электронной почты: он выглядит как name@example.org."
    if errors:
        raise Mistakes({name: errors[name] for name in FIELDS if name in errors}, CLAUSE)
    return values


def meant(order_number: str, order_on: dt.date) -> Order | None:
    """The published order of this number and date, as people write them."""
    found: Order | None = Order.published().where(Order.number == order_number, Order.registered_on == order_on).first()
    return found


def _begin(
    values: Mapping[str, Any],
    *,
    edition: str,
    channel: CorrectionChannel,
    token: str,
    on: dt.datetime,
    received_on: dt.date | None = None,
    author: User | None = None,
    entered_by: User | None = None,
) -> Correction:
    """A request at the beginning of its road, numbered; call inside the transaction that makes its first move."""
    made: Correction = Correction.create(
        **values,
        order=meant(values["order_number"], values["order_on"]),
        edition=edition,
        number=numbers.next_number(day_of(on).year),
        token=token,
        channel=channel.value,
        status=road(moves.RECORD, edition).states[0].name,
        received_on=received_on or day_of(on),
        author=author,
        entered_by=entered_by,
        created_at=on,
    )
    return made


def _told(errors: dict[str, str], name: str, read: Callable[[], Any]) -> Any:
    try:
        return read()
    except Refusal as refusal:
        errors[name] = refusal.sentence
        return None


def _line(name: str, said: Mapping[str, str]) -> str:
    typed = said.get(name, "")
    if name == "order_number":
        return fields.order_number(typed)
    return fields.line(getattr(Correction, name), typed, required=name in NEEDED)


def _day(said: Mapping[str, str], today: dt.date) -> dt.date:
    found = day_typed(said.get("order_on", ""))
    if found is None:
        raise Refusal("Укажите дату распоряжения: день, месяц и год.")
    if found > today:
        raise Refusal("Этот день ещё не наступил: проверьте дату распоряжения.")
    return found


def _row(said: Mapping[str, str]) -> int | None:
    typed = said.get("line", "").strip()
    if not typed:
        return None
    if not typed.isascii() or not typed.isdecimal() or len(typed) > 9 or not 1 <= int(typed) <= LARGEST_LINE:
        raise Refusal("Номер строки приложения – целое число, например 12.")
    return int(typed)


def _errors(said: Mapping[str, str]) -> str:
    found = fields.paragraph(Correction.errors, said.get("errors", ""), required=True)
    if len(found) > LONGEST_ERRORS:
        raise Refusal(f"Текст длиннее {LONGEST_ERRORS} знаков: сократите его.")
    return found
