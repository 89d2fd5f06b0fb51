"""What the head of the department asks of a case (`office/inspection.toml`), and what may be destroyed when
(`office/retention.toml`)."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from .road import OFFICE

INSPECTION, RETENTION = "inspection.toml", "retention.toml"


# --- Inspections ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sample:
    """How large a quarter's sample is: `percent` of the closed cases, but not fewer than `least` and not more than `most`."""

    percent: int
    least: int
    most: int
    clause: str
    remark: str

    def size(self, population: int, percent: int) -> int:
        """How many of so many cases are drawn; all of them when there are few."""
        wanted = -(-population * percent // 100)
        return min(max(wanted, self.least), self.most, population)


@dataclass(frozen=True)
class Answer:
    """An answer to a question of a check; an `explained` one needs remarks."""

    name: str
    title: str
    explained: bool


@dataclass(frozen=True)
class Question:
    """A question of a check."""

    name: str
    title: str
    clause: str
    remark: str


@dataclass(frozen=True)
class Checklist:
    """What is asked of every case, and what may be answered."""

    sample: Sample
    answers: tuple[Answer, ...]
    questions: tuple[Question, ...]

    def answer(self, name: str) -> Answer:
        """The answer of this name; KeyError for one the data does not know."""
        return {answer.name: answer for answer in self.answers}[name]


@cache
def checklist() -> Checklist:
    """The questions of this office."""
    data = _data(INSPECTION)
    sample = data["sample"]
    return Checklist(
        sample=Sample(sample["percent"], sample["least"], sample["most"], sample["clause"], sample.get("remark", "")),
        answers=tuple(Answer(row["name"], row["title"], row.get("explained", False)) for row in data["answer"]),
        questions=tuple(
            Question(row["name"], row["title"], row.get("clause", ""), row.get("remark", "")) for row in data["question"]
        ),
    )


# --- Retention --------------------------------------------------------------------------------------------------------------


class Span(StrEnum):
    """What a time of keeping is counted in."""

    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True)
class Store:
    """Something that is kept for a time: `number` of `unit` from an event that `since` names in words.

    `listed`: an act of destruction names each record, otherwise it tells how many there were.
    """

    name: str
    title: str
    since: str
    number: int
    unit: Span
    listed: bool
    clause: str
    remark: str

    def kept_since(self, today: dt.date) -> dt.date:
        """The first day that is still kept: what happened before it may be destroyed today.

        A month that lacks the day ends on its last one: it is kept a day longer rather than a day less.
        """
        if self.unit is Span.DAYS:
            return today - dt.timedelta(days=self.number)
        months = self.number * (12 if self.unit is Span.YEARS else 1)
        year, month = divmod(today.year * 12 + today.month - 1 - months, 12)
        for day in range(today.day, 27, -1):
            try:
                return dt.date(year, month + 1, day)
            except ValueError:
                continue
        return dt.date(year, month + 1, today.day)


@cache
def stores() -> tuple[Store, ...]:
    """All that is kept for a time, in the order in which it is destroyed."""
    return tuple(
        Store(
            name=row["name"],
            title=row["title"],
            since=row["since"],
            number=row["number"],
            unit=Span(row["unit"]),
            listed=row["listed"],
            clause=row.get("clause", ""),
            remark=row.get("remark", ""),
        )
        for row in _data(RETENTION)["store"]
    )


def store(name: str) -> Store:
    """The store of this name; KeyError for one the data does not know."""
    return {one.name: one for one in stores()}[name]


def _data(file: str) -> Mapping[str, Any]:
    return tomllib.loads((files(__package__) / OFFICE / file).read_text(encoding="utf-8"))
