"""Russian of the printed documents: dates in words and nouns after figures."""

import datetime as dt

from ..dates import MONTHS


def date_in_words(day: dt.date) -> str:
    """13 апреля 2021 г. (ГОСТ Р 7.0.97-2016, 5.10), its parts kept on one line."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year} г.".replace(" ", "\N{NO-BREAK SPACE}")


def to_teachers(count: int) -> str:
    """To how many teachers, in the dative: 1 педагогическому работнику, 5 педагогическим работникам."""
    one = count % 10 == 1 and count % 100 != 11
    return f"{count}\N{NO-BREAK SPACE}" + ("педагогическому работнику" if one else "педагогическим работникам")
