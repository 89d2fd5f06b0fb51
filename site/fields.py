"""What people type, made fit to be kept: one sentence for each thing that is wrong."""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping

from peewee import Field

from ..procedure.refusal import Refusal

_SPACES = re.compile(r"\s+")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]|[\ud800-\udfff]")
_NUMBER_PREFIX = re.compile(r"^(?:№|n°|no\.?|n)\s*", re.IGNORECASE)
# A number is often copied with its day, which has a field of its own.
_NUMBER_DAY = re.compile(r"\s+от\s.*$", re.IGNORECASE)
_NUMBER = re.compile(r"[0-9а-яё](?:[0-9а-яё.-]{0,38}[0-9а-яё])?")
# Latin letters that look like Cyrillic ones: typed by mistake they would make another number that looks the same.
_LOOKALIKES = str.maketrans("abcehkmoptxy–—−‑", "авсенкмортху----")
# The longest text of many lines (a page, the basis of an order), in characters.
LONGEST = 200_000
# How far ahead anything is planned.
FARTHEST = dt.timedelta(days=3 * 366)


class Mistakes(Refusal):
    """What is wrong with a form, field by field, in its order."""

    def __init__(self, errors: Mapping[str, str], clause: str = "") -> None:
        super().__init__("Исправьте отмеченное: " + " ".join(errors.values()), clause)
        self.errors = dict(errors)


def line(field: Field, text: str, *, required: bool = True) -> str:
    """One line for this field: spaces collapsed, Unicode composed. Refusal if empty, too long or with control characters."""
    return _checked(field, _SPACES.sub(" ", _composed(text)).strip(), required)


def paragraph(field: Field, text: str, *, required: bool = False) -> str:
    """Text of many lines for this field, with plain line ends. Refusal as for `line`."""
    return _checked(field, _composed(text).replace("\r\n", "\n").replace("\r", "\n").strip(), required)


def soon(day: dt.date, today: dt.date) -> None:
    """Refusal for a day to come that only a slip in the year explains."""
    if day - today > FARTHEST:
        raise Refusal(f"Проверьте год: {day:%d.%m.%Y} слишком далеко впереди.")


def folded(text: str) -> str:
    """Text as it is compared: letter case, ё/е and spaces do not matter."""
    return _SPACES.sub(" ", text).strip().casefold().replace("ё", "е")


def order_number(text: str) -> str:
    """A number as it is kept: «№ 1016-Р от 13.04.2021» is «1016-р». Refusal for signs that a number does not have."""
    number = _NUMBER_DAY.sub("", _NUMBER_PREFIX.sub("", " ".join(text.split()))).replace(" ", "").lower().translate(_LOOKALIKES)
    if not number:
        raise Refusal("Укажите номер распоряжения.")
    if len(number) > 40 or not _NUMBER.fullmatch(number) or not any(sign.isdigit() for sign in number):
        raise Refusal("Номер состоит из цифр, русских букв, точки и дефиса и не длиннее 40 знаков, например 1016-р.")
    return number


def _composed(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _checked(field: Field, text: str, required: bool) -> str:
    longest = getattr(field, "max_length", None) or LONGEST
    if required and not text:
        raise Refusal(f"Заполните поле «{field.verbose_name}».")
    if len(text) > longest:
        raise Refusal(f"Поле «{field.verbose_name}» длиннее {longest} знаков: сократите его.")
    if _CONTROL.search(text):
        raise Refusal(f"В поле «{field.verbose_name}» есть непечатаемые знаки: наберите его заново.")
    return text
