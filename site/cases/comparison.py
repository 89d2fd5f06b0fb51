"""An uploaded conclusion beside the data: whether its text names the teacher, the position, the sum and the outcome.

A file may be right all the same (a scan without text, a position in other words): a person decides, having seen what differs.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from ...models import Application, Review
from ...rubrics.shape import Form
from ..regulation.documents import DocumentRefused, pdf_pages
from .facts import NEGATIVE

# A page of text has more letters than that; a scan has none, or the few of a stamp.
LETTERS_OF_A_TEXT = 200
NO_TEXT = (
    "В файле нет текста, который можно сверить: похоже, это скан. Проверьте сами фамилию, должность, сумму баллов и вывод."
)
_NUMBER = re.compile(r"\d+")
# How far behind «Общее количество баллов:» its figure may stand.
_NEAR = 60


@dataclass(frozen=True)
class Expected:
    """What the file has to say. Without `points` nothing was scored, and no sum is looked for."""

    surname: str
    name: str
    patronymic: str
    position: str
    points: tuple[int, ...]
    total: str
    negative: bool


def expected_of(application: Application, review: Review, form: Form | None) -> Expected:
    """What the conclusion of this review has to say."""
    low, high = review.points_low, review.points_high
    return Expected(
        surname=application.surname,
        name=application.name,
        patronymic=application.patronymic,
        position=application.position,
        points=tuple(sorted({low, high})) if low is not None and high is not None else (),
        total=form.conclusion.total if form else "",
        negative=review.outcome == NEGATIVE,
    )


def differences(data: bytes, expected: Expected) -> tuple[str, ...]:
    """What the PDF does not say, or says otherwise, as sentences; none when everything is found. About half a second."""
    try:
        text = _folded(" ".join(pdf_pages(data)))
    except DocumentRefused:
        return (NO_TEXT,)
    if sum(sign.isalpha() for sign in text) < LETTERS_OF_A_TEXT:
        return (NO_TEXT,)
    return tuple(_compared(text, expected))


def _compared(text: str, expected: Expected) -> Iterable[str]:
    if not _named(text, (expected.surname, expected.name, expected.patronymic)):
        person = " ".join(filter(None, (expected.surname, expected.name, expected.patronymic)))
        yield f"В файле не найден педагог: {person}."
    if not _says(text, expected.position):
        yield f"В файле не найдена должность: {expected.position}."
    if expected.points and (wrong := _sum(text, expected)):
        yield wrong
    found_negative = "несоответствует" in _joined(text)
    if found_negative and not expected.negative:
        yield "В файле сказано «не соответствует», а вывод оценки — «соответствует»."
    elif expected.negative and not found_negative:
        yield "В файле не найдено «не соответствует», а вывод оценки — «не соответствует»."
    elif not expected.negative and "соответствует" not in _joined(text):
        yield "В файле не найден вывод «соответствует»."


def _named(text: str, names: Iterable[str]) -> bool:
    """Whether the names stand one after another, in whatever case of the grammar."""
    stems = [re.escape(_stem(_folded(name))) + r"[а-я-]{0,4}" for name in names if name]
    return bool(re.search(r"(?<![а-я])" + r"\s+".join(stems) + r"(?![а-я])", text))


def _stem(name: str) -> str:
    """A name without the ending that the grammar changes."""
    return name[:-2] if len(name) > 4 else name[:-1] if len(name) > 2 else name


def _says(text: str, words: str) -> bool:
    """Whether the words stand there one after another, in whatever case of the grammar; lines may break anywhere."""
    stems = [re.escape(_stem(word)) + r"[а-я-]{0,4}" for word in re.findall(r"[0-9a-zа-я-]+", _folded(words))]
    return not stems or bool(re.search(r"[^0-9a-zа-я]+".join(stems), text))


def _sum(text: str, expected: Expected) -> str:
    """What is wrong with the sum; empty when it is there."""
    wanted = " – ".join(map(str, expected.points))
    label = _folded(expected.total)
    at = text.rfind(label) if label else -1
    found = {int(figure) for figure in _NUMBER.findall(text[at + len(label) : at + len(label) + _NEAR] if at >= 0 else text)}
    if set(map(abs, expected.points)) <= found:
        return ""
    if at >= 0 and found:
        return f"Сумма баллов в файле другая: по оценке {wanted}."
    return f"В файле не найдена сумма баллов: {wanted}."


def _folded(text: str) -> str:
    """Text as it is compared: small letters, ё as е, words that a line has broken made whole."""
    whole = text.replace("\u00ad", "").replace("\u2010", "-").replace("\u2011", "-")
    return " ".join(re.sub(r"-\s*\n\s*", "-", whole).casefold().replace("ё", "е").split())


def _joined(text: str) -> str:
    return re.sub(r"[\s-]+", "", text)
