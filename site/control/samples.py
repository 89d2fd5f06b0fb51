"""The sample of a quarter: which cases were closed in it, and how some are drawn so that anybody can draw them again."""

import datetime as dt
import hashlib
from collections.abc import Iterable

from peewee import ModelSelect

from ...models import Application, User
from ..cases.sight import own_cases

METHOD = (
    "Номера дел, закрытых в квартале, упорядочены по SHA-256 от строки «зерно:номер», взяты первые по порядку. "
    "По тому же зерну выборка всегда получится та же."
)
QUARTERS = ("I", "II", "III", "IV")


def quarter_of(day: dt.date) -> tuple[int, int]:
    """Year and quarter of a day."""
    return day.year, (day.month + 2) // 3


def days_of(year: int, quarter: int) -> tuple[dt.date, dt.date]:
    """The first and the last day of a quarter."""
    after = dt.date(year + quarter // 4, quarter % 4 * 3 + 1, 1)
    return dt.date(year, quarter * 3 - 2, 1), after - dt.timedelta(days=1)


def closed(year: int, quarter: int, *, to: User, today: dt.date) -> "ModelSelect[Application]":
    """The cases that were closed in the quarter, without those in which the person has a part of their own; by number."""
    first, last = days_of(year, quarter)
    found = Application.kept().where(Application.closed_on >= first, Application.closed_on <= last)
    own = own_cases(to, today)
    return (found.where(Application.id.not_in(own)) if own else found).order_by(Application.number)


def draw(numbers: Iterable[str], seed: str, size: int) -> list[str]:
    """So many of the numbers as the seed draws them: the same ones in the same order, whenever and by whatever program."""
    return sorted(numbers, key=lambda number: hashlib.sha256(f"{seed}:{number}".encode()).hexdigest())[:size]
