"""How dates, amounts and sizes are said in Russian. Pure functions, offered to templates as filters and globals."""

import datetime as dt
import re
from zoneinfo import ZoneInfo

from ..dates import MONTHS

NO_BREAK = "\N{NO-BREAK SPACE}"
MOSCOW = ZoneInfo("Europe/Moscow")
# A space that no line may break at: after №, between initials and a surname, between «от» and a date.
_TIE = re.compile(r"№ (?=\S)|\b[А-ЯЁ]\. (?=[А-ЯЁ])|\bот (?=\d)")


def long_date(day: dt.date) -> str:
    """13 апреля 2021 года, with the day kept by its month."""
    return f"{day.day}{NO_BREAK}{MONTHS[day.month - 1]} {day.year}{NO_BREAK}года"


def short_date(day: dt.date) -> str:
    """13.04.2021"""
    return f"{day:%d.%m.%Y}"


def local_day(moment: dt.datetime) -> dt.date:
    """The day of an aware moment in Moscow."""
    return moment.astimezone(MOSCOW).date()


def amount(number: int) -> str:
    """Thousands kept apart by a no-break space: 12 345; four digits stand together."""
    return f"{number:,}".replace(",", NO_BREAK) if abs(number) >= 10_000 else str(number)


def plural(number: int, one: str, few: str, many: str) -> str:
    """The number with its noun: 1 строка, 2 строки, 5 строк, 11 строк."""
    tens, units = abs(number) % 100, abs(number) % 10
    word = many if 11 <= tens <= 14 or units == 0 or units >= 5 else one if units == 1 else few
    return f"{amount(number)}{NO_BREAK}{word}"


def file_size(size: int) -> str:
    """Size of a file, given in bytes: 640 байт, 12 КБ, 1,4 МБ."""
    if size < 1024:
        return plural(size, "байт", "байта", "байт")
    if size < 1024 * 1024:
        return f"{round(size / 1024)}{NO_BREAK}КБ"
    return f"{size / 1024 / 1024:.1f}".replace(".", ",") + f"{NO_BREAK}МБ"


def tied(text: str) -> str:
    """The text with «№ 5», «Е.С. Лугинина», «от 26.08.2026» kept on one line each."""
    return _TIE.sub(lambda found: found[0][:-1] + NO_BREAK, text)


def groups(text: str, size: int = 8) -> list[str]:
    """A long code in pieces that a line may break between."""
    return [text[start : start + size] for start in range(0, len(text), size)]
