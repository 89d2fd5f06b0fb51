"""How dates, amounts and sizes are said in Russian. Pure functions, offered to templates as filters and globals."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from ...models import Sitting
from ..dates import MONTHS
from ..figures import NO_BREAK, amount, file_size, plural

__all__ = ["amount", "file_size", "groups", "local_day", "long_date", "moment", "plural", "short_date", "sitting_words", "tied"]

MOSCOW = ZoneInfo("Europe/Moscow")
# A space that no line may break at: after №, between initials and a surname, between «от» and a date.
_TIE = re.compile(r"№ (?=\S)|\b[А-ЯЁ]\. (?=[А-ЯЁ])|\bот (?=\d)")


def long_date(day: dt.date) -> str:
    """13 апреля 2021 года, with the day kept by its month."""
    return f"{day.day}{NO_BREAK}{MONTHS[day.month - 1]} {day.year}{NO_BREAK}года"


def short_date(day: dt.date) -> str:
    """13.04.2021"""
    return f"{day:%d.%m.%Y}"


def sitting_words(sitting: Sitting) -> str:
    """Day, hour and place of a sitting in one line."""
    hour = f"{sitting.begins_at:%H:%M}" if sitting.begins_at else ""
    return ", ".join(filter(None, (long_date(sitting.held_on), hour, sitting.place)))


def local_day(moment: dt.datetime) -> dt.date:
    """The day of an aware moment in Moscow."""
    return moment.astimezone(MOSCOW).date()


def hour(value: dt.datetime) -> str:
    """15:40, in Moscow."""
    return f"{value.astimezone(MOSCOW):%H:%M}"


def moment(value: dt.datetime) -> str:
    """13.04.2021 12:30, in Moscow."""
    return f"{value.astimezone(MOSCOW):%d.%m.%Y %H:%M}"


def tied(text: str) -> str:
    """The text with «№ 5», «Е.С. Лугинина», «от 26.08.2026» kept on one line each."""
    return _TIE.sub(lambda found: found[0][:-1] + NO_BREAK, text)


def groups(text: str, size: int = 8) -> list[str]:
    """A long code in pieces that a line may break between."""
    return [text[start : start + size] for start in range(0, len(text), size)]
