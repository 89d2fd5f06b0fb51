"""An application (приложение № 1) as typed on the page: the fields of a web form in, answers and sentences out. No Flask."""

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from .forms import Form, Kind, Part, form

NAME = "application"
LONGEST_LINE = 160
LONGEST_LINES = 400
YES = "да"
OLDEST_YEAR = 1900

# What is said at an empty field, by its kind.
ASKING = {Kind.CHOICE: "Выберите ответ.", Kind.CHECKBOX: "Отметьте, если всё верно.", Kind.DATE: "Укажите дату."}
# Eight digits without dots too: the keyboard of digits that telephones show may have no dot.
_DAY_FIRST = re.compile(r"(\d{1,2})[.,/ -](\d{1,2})[.,/ -](\d{4})|(\d{2})(\d{2})(\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


@dataclass(frozen=True)
class Typed:
    """What was typed and what came of it. `entered` keeps fields as typed; `answers` is what goes on paper."""

    form: Form
    entered: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)

    def value(self, name: str) -> str:
        """A field as it was typed."""
        return self.entered.get(name, "")

    @property
    def shown(self) -> tuple[Part, ...]:
        """The parts asked on the page: all but the lines for the signature."""
        return tuple(part for part in self.form.parts if not part.own)


def blank() -> Typed:
    """An application that nobody has filled in yet."""
    return Typed(form(NAME))


def read(fields: Mapping[str, str], today: dt.date) -> Typed:
    """The application of these fields; unknown fields are left alone. `today` bounds the dates."""
    found = form(NAME)
    entered = {part.name: _clean(fields.get(part.name, "")) for part in found.numbered}
    errors: dict[str, str] = {}
    answers = {part.name: _answer(part, entered[part.name], today, errors) for part in found.numbered}
    _repeat(found, answers, errors)
    for part in found.numbered:
        if not answers[part.name] and part.name not in errors and part.needed(answers):
            errors[part.name] = "Выберите ответ." if part.offers else ASKING.get(part.kind, "Заполните эту строку.")
    in_order = {part.name: errors[part.name] for part in found.numbered if part.name in errors}
    return Typed(found, {name: text for name, text in entered.items() if text}, {} if errors else answers, in_order)


def _clean(text: str) -> str:
    """One line of printable signs: what no font draws and no document may hold becomes a space."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _answer(part: Part, typed: str, today: dt.date, errors: dict[str, str]) -> str:
    """The answer as it is printed; what is wrong with it goes to `errors`."""
    longest = LONGEST_LINES if part.kind is Kind.LINES else LONGEST_LINE
    if len(typed) > longest:
        errors[part.name] = f"Слишком длинно: помещается {longest} знаков, сейчас {len(typed)}. Сократите."
    elif part.kind is Kind.CHECKBOX:
        return YES if typed else ""
    elif not typed:
        return ""
    elif part.kind is Kind.DATE:
        return _date(part, typed, today, errors)
    elif (allowed := part.answers or part.offers) and typed not in allowed:
        errors[part.name] = "Выберите один из предложенных ответов."
    elif part.check == "phone" and not 5 <= sum(sign.isdigit() for sign in typed) <= 20:
        errors[part.name] = "Проверьте телефон: в номере должно быть от 5 до 20 цифр."
    elif part.check == "email" and not looks_like_email(typed):
        errors[part.name] = "Проверьте адрес электронной почты: он выглядит как name@example.org."
    return typed


def _date(part: Part, typed: str, today: dt.date, errors: dict[str, str]) -> str:
    """The day as ДД.ММ.ГГГГ; browsers may send it the other way round."""
    day = _written(typed)
    if day is None:
        errors[part.name] = "Такой даты нет: напишите день, месяц и год цифрами, например 07.03.1985."
        return typed
    if day.year < OLDEST_YEAR or day > today:
        errors[part.name] = f"Проверьте год: дата должна быть не раньше {OLDEST_YEAR} года и не позже сегодняшней."
    return f"{day:%d.%m.%Y}"


def looks_like_email(text: str) -> bool:
    """Whether this may be an address of e-mail."""
    return _EMAIL.fullmatch(text) is not None


def day(text: str) -> dt.date | None:
    """The day of a date as it is typed into the form; None for no date."""
    return _written(_clean(text))


def _written(typed: str) -> dt.date | None:
    numbers = [int(piece) for piece in found.groups() if piece] if (found := _DAY_FIRST.fullmatch(typed)) else []
    if found := _YEAR_FIRST.fullmatch(typed):
        numbers = [int(piece) for piece in reversed(found.groups())]
    try:
        return dt.date(numbers[2], numbers[1], numbers[0])
    except (IndexError, ValueError):
        return None


def _repeat(found: Form, answers: dict[str, str], errors: dict[str, str]) -> None:
    """A field that repeats another takes its answer; another answer is refused (строки 7 и 13)."""
    for part in found.numbered:
        if not part.same_as:
            continue
        first = found.field(part.same_as)
        if answers[part.name] and answers[part.name].casefold() != answers[first.name].casefold():
            errors.setdefault(
                part.name, f"Должность должна быть той же, что в строке {first.number}: исправьте или оставьте пустым."
            )
        answers[part.name] = answers[first.name]
