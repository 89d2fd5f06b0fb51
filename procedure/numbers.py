"""Numbers of applications: «2026-000123-8», the year, the sequence within it, a check digit by the scheme of H. M. Damm.

The check digit finds every single wrong digit and every pair of neighbours that changed places.
"""

import re
import unicodedata
from dataclasses import dataclass

YEARS = range(2000, 10_000)
MOST = 999_999

# A totally anti-symmetric quasigroup of order 10 (Damm 2004): zeros on the diagonal, and x·c·d never equals x·d·c.
_TABLE = (
    "0317598642",
    "7092154863",
    "4206871359",
    "1750983426",
    "6123045978",
    "3674209581",
    "5869720134",
    "8945362017",
    "9438617205",
    "2581436790",
)
_WRITTEN = re.compile(r"(\d{4})(\d{6})(\d)", re.ASCII)


class WrongNumber(ValueError):
    """What was typed is no number of an application; the sentence is for people."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, order=True)
class CaseNumber:
    """The number of an application: year, sequence from 1. ValueError outside of what eleven digits can hold."""

    year: int
    sequence: int

    def __post_init__(self) -> None:
        if self.year not in YEARS or not 1 <= self.sequence <= MOST:
            raise ValueError(f"no number for {self.year}, {self.sequence}")

    @property
    def check_digit(self) -> str:
        """The last digit."""
        return check_digit(f"{self.year:04}{self.sequence:06}")

    def __str__(self) -> str:
        return f"{self.year:04}-{self.sequence:06}-{self.check_digit}"


def check_digit(digits: str) -> str:
    """The digit to put behind these, so that the check of all gives 0."""
    interim = 0
    for digit in digits:
        interim = int(_TABLE[interim][int(digit)])
    return str(interim)


def parse(text: str) -> CaseNumber:
    """The number that somebody typed: with dashes of any kind, with spaces, or without. WrongNumber says what is wrong."""
    plain = unicodedata.normalize("NFKC", text.replace("№", ""))
    digits = "".join(sign for sign in plain if not (sign.isspace() or _is_dash(sign)))
    written = _WRITTEN.fullmatch(digits)
    if written is None:
        raise WrongNumber("Номер заявления состоит из одиннадцати цифр, например 2026-000123-8. Проверьте, все ли они введены.")
    year, sequence, check = int(written[1]), int(written[2]), written[3]
    if check_digit(digits[:-1]) != check:
        raise WrongNumber("В номере заявления опечатка: контрольная цифра не сходится. Сверьте номер с распиской.")
    if year not in YEARS or not sequence:
        raise WrongNumber("Такого номера заявления не бывает. Сверьте номер с распиской.")
    return CaseNumber(year, sequence)


def _is_dash(sign: str) -> bool:
    return unicodedata.category(sign) == "Pd" or sign == "−"
