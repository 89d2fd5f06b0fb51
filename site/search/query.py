"""What a visitor may have meant: text → readings, each a set of conditions that a row must meet all together.

Pure and ignorant of the index. Where a text can be read in several ways («45» of a school or of an order, «2021» as a year),
the readings come in the order of likelihood, and an engine takes the first that finds something.
"""

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from .interface import MAX_LENGTH, Matched, QueryRefused
from .russian import cyrillic_lookalikes, fold, names_organization, tokens

Field = Literal["surname", "name", "patronymic", "position", "organization"]
NAMES: tuple[Field, ...] = ("surname", "name", "patronymic")
EVERYWHERE: tuple[Field, ...] = (*NAMES, "position", "organization")
ORGANIZATION: tuple[Field, ...] = ("organization",)


@dataclass(frozen=True, slots=True)
class Words:
    """These folded words side by side in one value of one of the fields; a single word is the usual case."""

    words: tuple[str, ...]
    fields: tuple[Field, ...] = EVERYWHERE


@dataclass(frozen=True, slots=True)
class Beginning:
    """A word that begins so: «Иванов*»; one letter of one field is an initial."""

    letters: str
    fields: tuple[Field, ...] = EVERYWHERE


@dataclass(frozen=True, slots=True)
class FullName:
    """A quoted name: these words and no others are the parts of one person's name, side by side."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OrderNumber:
    """An order's number, normalised by `number_key`; digits alone also stand for the number with letters after it."""

    key: str


@dataclass(frozen=True, slots=True)
class OrderDate:
    """An order's date, wholly or in part."""

    year: int | None = None
    month: int | None = None
    day: int | None = None

    def holds(self, date: dt.date) -> bool:
        return self.year in (None, date.year) and self.month in (None, date.month) and self.day in (None, date.day)

    def __str__(self) -> str:
        if self.month is None:
            return f"{self.year} год"
        if self.day is None:
            return f"{self.month:02}.{self.year}"
        return f"{self.day:02}.{self.month:02}" + (f".{self.year}" if self.year else "")


@dataclass(frozen=True, slots=True)
class Either:
    """One of these conditions is enough; of none, nothing is."""

    conditions: "tuple[Condition, ...]"


Condition = Words | Beginning | FullName | OrderNumber | OrderDate | Either


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read the text. No conditions: the whole archive."""

    conditions: tuple[Condition, ...]
    matched: tuple[Matched, ...]


_MONTHS = ("январ", "феврал", "март", "апрел", "ма", "июн", "июл", "август", "сентябр", "октябр", "ноябр", "декабр")
_MONTH = r"(январ[ьяе]|феврал[ьяе]|март[ае]?|апрел[ьяе]|ма[йяе]|июн[ьяе]|июл[ьяе]|август[ае]?|(?:сент|окт|но|дек)[ая]бр[ьяе])"
_YEAR_WORD = r"(?:\s*(?:г\.|г\b|год[ау]?\b))?"
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"\b(?P<year>\d{4})-(?P<month>\d\d)-(?P<day>\d\d)\b",
        rf"\b(?P<day>\d\d?)[./](?P<month>\d\d?)[./](?P<year>\d{{4}}|\d\d)\b{_YEAR_WORD}",
        rf"\b(?P<day>\d\d?)\s+(?P<name>{_MONTH})(?:\s+(?P<year>\d{{4}})\b{_YEAR_WORD})?(?!\w)",
        rf"\b(?P<name>{_MONTH})\s+(?P<year>\d{{4}})\b{_YEAR_WORD}",
        rf"(?<![\w.])(?P<month>\d\d?)\.(?P<year>\d{{4}})\b{_YEAR_WORD}",
        r"\b(?P<year>\d{4})\s*(?:г\.|г\b|год[ау]?\b)",
    )
)
_QUOTED = re.compile(r"[«„“\"]([^«»„“”\"]*)[»“”\"]")
_NUMBER_SUFFIX = re.compile(r"(?<=\d)\s*[-–—‑]\s*([рp])(?!\w)", re.IGNORECASE)
_PIECE = re.compile(r"№|[^\W_]+(?:[-–—‑/’'][^\W_]+)*[*.]*")
_ORDER_WORD = re.compile(r"(распоряжени|приказ)(е|я|и|ю|ем|ям|й|а|у|ом|ы|ов|)")
_NUMBER_WORDS = frozenset(("номер", "n", "no"))
_DATE_WORDS = frozenset(("от", "за", "в", "г", "год", "года"))
_CONNECTORS = frozenset("ивскоуая")
_ORDINAL = re.compile(r"(\d+)-?(?:я|й|ая|ой|ый|е|ое|го|ой)?")


def number_key(number: str) -> str:
    """An order's number without what is spelled in several ways: «1016-р», «1016р» and «№ 1016 - Р» are one."""
    return "".join(re.findall(r"[^\W_]|/", fold(cyrillic_lookalikes(number.strip("№ ")))))


def same_number(asked: str, number: str) -> bool:
    """Whether a normalised number answers to the one asked: «1016» to «1016р», not to «10161р»."""
    return number == asked or (asked.isdigit() and number.startswith(asked) and number[len(asked) :].isalpha())


@lru_cache(maxsize=1024)
def understand(text: str) -> tuple[Reading, ...]:
    """The readings of a text, the likeliest first; at least one. Raises QueryRefused when it is longer than MAX_LENGTH."""
    text = unicodedata.normalize("NFC", " ".join(text.split()))
    if len(text) > MAX_LENGTH:
        raise QueryRefused(
            f"Запрос слишком длинный: {len(text)} знаков, а можно не больше {MAX_LENGTH}. "
            "Оставьте главное: фамилию, номер распоряжения, дату или организацию."
        )
    return _Parser(text).readings()


_Meaning = tuple[Condition, Matched]


class _Parser:
    """Takes a text apart. Each piece has one or more meanings; the k-th reading takes the k-th meaning of each."""

    def __init__(self, text: str) -> None:
        self.meanings: list[tuple[_Meaning, ...]] = []
        self.dated = False
        rest = self._take_dates(_NUMBER_SUFFIX.sub(r"-\1", self._take_phrases(text)))
        self.pieces: list[str] = _PIECE.findall(rest)
        self.shouting = text == text.upper()
        self._take_pieces()
        if text and not self.meanings and not any(_ORDER_WORD.fullmatch(fold(piece)) for piece in self.pieces):
            self._add((Either(()), Matched("word", text)))

    def readings(self) -> tuple[Reading, ...]:
        count = max(map(len, self.meanings), default=1)
        chosen = ([meanings[min(turn, len(meanings) - 1)] for meanings in self.meanings] for turn in range(count))
        return tuple(Reading(tuple(c for c, _ in taken), tuple(dict.fromkeys(m for _, m in taken))) for taken in chosen)

    def _add(self, *meanings: _Meaning) -> None:
        self.meanings.append(meanings)

    def _take_phrases(self, text: str) -> str:
        for match in _QUOTED.finditer(text):
            words = tuple(tokens(match[1]))
            if words:
                matched = Matched("phrase", " ".join(words))
                self._add((Words(words), matched), (FullName(words), matched))
        return _QUOTED.sub(" ", text)

    def _take_dates(self, text: str) -> str:
        for pattern in _DATES:
            lowered = fold(text)
            if len(lowered) != len(text):  # a letter whose lower case is two letters: not a date in Russian
                return text
            for match in pattern.finditer(lowered):
                date = _read_date(match.groupdict())
                if date:
                    self.dated = True
                    self._add((date, Matched("date", str(date))))
                    text = text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
        return text

    def _take_pieces(self) -> None:
        initials: list[str] = []
        words = 0
        plain = [fold(piece).strip("*.") for piece in self.pieces]
        numbers: list[int] = []
        for place, piece in enumerate(self.pieces):
            word = fold(cyrillic_lookalikes(piece)).strip("*.")
            if piece == "№" or not word or self._is_noise(plain, place):
                continue
            if piece.rstrip(".").endswith("*"):
                words += 1
                self._add_beginning(word)
            elif any(letter.isdigit() for letter in word):
                numbers.append(place)
            elif len(word) > 1:
                words += 1
                self._add_word(word)
            elif not self._is_connector(place):
                initials.append(word)
        others = any(not isinstance(meanings[0][0], OrderDate) for meanings in self.meanings) or bool(initials)
        if initials:
            self._add_initials(initials, beside_name=words >= 2, alone=not words)
        for place in numbers:
            self._add_number(plain, place, others=others)

    def _is_noise(self, plain: list[str], place: int) -> bool:
        """«распоряжение №», «от 13.04.2021»: words that only announce what follows."""
        word = plain[place]
        after = plain[place + 1] if place + 1 < len(plain) else ""
        if _ORDER_WORD.fullmatch(word):
            return True
        if word in _NUMBER_WORDS:
            return after[:1].isdigit()
        if word == "от":
            return self.dated or after[:1].isdigit()
        return self.dated and word in _DATE_WORDS and "." not in self.pieces[place]

    def _is_connector(self, place: int) -> bool:
        """«и» of «истории и обществознания», not the «И.» of a name."""
        piece = self.pieces[place]
        after = self.pieces[place + 1].strip("*.") if place + 1 < len(self.pieces) else ""
        small = piece == piece.lower() or self.shouting
        return fold(piece) in _CONNECTORS and small and place > 0 and len(after) > 1

    def _add_word(self, word: str) -> None:
        parts = tuple(tokens(word))
        self._add((Words(parts), Matched("word", word)))

    def _add_beginning(self, word: str) -> None:
        *whole, last = tokens(word)
        for part in whole:
            self._add_word(part)
        self._add((Beginning(last), Matched("beginning", last)))

    def _add_initials(self, letters: list[str], *, beside_name: bool, alone: bool) -> None:
        shown = " ".join(f"{letter.upper()}." for letter in letters)
        meanings = [NAMES if alone and len(letters) == 3 else NAMES[1:]]
        if len(letters) == 1 and beside_name:
            meanings.append(("patronymic",))
        for turn, letter in enumerate(letters):
            takes: list[_Meaning] = [
                (Beginning(letter, (fields[turn],)), Matched("initials", shown))
                for fields in meanings
                if turn < len(fields) and len(letters) <= len(fields)
            ]
            self._add(*takes, (Words((letter,), ORGANIZATION), Matched("word", letter)))

    def _add_number(self, plain: list[str], place: int, *, others: bool) -> None:
        word = fold(cyrillic_lookalikes(self.pieces[place])).strip("*.")
        parts = tuple(tokens(word))
        announced = place > 0 and plain[place - 1] == "№"
        before = plain[place - 2 if announced else place - 1] if place > announced else ""
        after = plain[place + 1] if place + 1 < len(plain) else ""
        ordinal = _ORDINAL.fullmatch(word)
        organization = (Words(parts, ORGANIZATION), Matched("organization number", word))
        order = (OrderNumber(number_key(word)), Matched("number", word))
        year = (OrderDate(int(word)), Matched("date", f"{word} год")) if re.fullmatch(r"(19|20)\d\d", word) else None
        if before and names_organization(before):
            self._add(organization)
        elif ordinal and after and names_organization(after):
            self._add((Words((ordinal[1],), ORGANIZATION), Matched("organization number", ordinal[1])))
        elif year and not announced and not _ORDER_WORD.fullmatch(before):
            self._add(year, organization, order)
        elif not parts[0].isdigit() or not word.isdigit() or announced or self.dated or _ORDER_WORD.fullmatch(before):
            self._add(order, organization)
        elif others:
            self._add(organization, order)
        else:
            both = Either((order[0], organization[0]))
            self._add((both, Matched("number of anything", word)))


def _read_date(parts: dict[str, str | None]) -> OrderDate | None:
    """A date from the groups of a pattern, None for one that the calendar does not have."""
    name, year, month, day = (parts.get(key) for key in ("name", "year", "month", "day"))
    if name:
        month = str(_month_of(name))
    number = int(year) + (2000 if len(year) == 2 else 0) if year else None
    try:
        dt.date(number or 2000, int(month or 1), int(day or 1))
    except ValueError:
        return None
    if number is not None and not 1900 <= number < 2100:
        return None
    return OrderDate(number, int(month) if month else None, int(day) if day else None)


def _month_of(name: str) -> int:
    """Number of a month by its name in any case, by the longest beginning: «ма» begins «март» too."""
    return max(range(1, 13), key=lambda number: len(_MONTHS[number - 1]) if name.startswith(_MONTHS[number - 1]) else 0)
