"""Numbers about finished cases: how many were refused, how many were reviewed twice, how many days each stretch took."""

import statistics
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from peewee import fn

from ...models import Application, CaseEvent, Review
from ...procedure.spans import Stretch, stretches
from ...procedure.words import CaseRole, Decision
from ..statistics import SMALLEST

FINISHED = "published"
GRANTED, REFUSED, ONCE, TWICE = "granted", "refused", "once", "twice"
OUTCOMES, REVIEWS = (GRANTED, REFUSED), (ONCE, TWICE)


class Days(NamedTuple):
    """How many days a stretch of a case took: a quarter of the cases at most `lower`, half `median`, three quarters `upper`.

    All None when there are too few cases to tell.
    """

    name: str
    title: str
    cases: int | None
    lower: float | None
    median: float | None
    upper: float | None


def by_year() -> tuple[Mapping[int, Counter[str]], Mapping[int, Counter[str]]]:
    """Cases whose decision was announced, by that year: by outcome, and by how often they were reviewed. Two queries."""
    outcomes: dict[int, Counter[str]] = {}
    reviews: dict[int, Counter[str]] = {}
    second = Review.select(Review.application).where(Review.role == CaseRole.SECOND_EXPERT)
    twice = set(_column(second.distinct()))
    year = CaseEvent.day.year.alias("year")
    found: Any = (
        CaseEvent.select(year, Application.id, Application.decision)
        .join(Application)
        .where(CaseEvent.name == FINISHED, Application.decision != "")
        .order_by(CaseEvent.day.desc())
        .tuples()
    )
    for when, case_id, decision in found:
        outcomes.setdefault(int(when), Counter())[GRANTED if decision == Decision.ESTABLISH else REFUSED] += 1
        reviews.setdefault(int(when), Counter())[TWICE if case_id in twice else ONCE] += 1
    return outcomes, reviews


def days() -> list[Days]:
    """How long each stretch took in finished cases; one query each."""
    return [_days(stretch) for stretch in stretches()]


def _days(stretch: Stretch) -> Days:
    begin, end = CaseEvent.alias("begin"), CaseEvent.alias("end")
    finished = CaseEvent.select(CaseEvent.application).where(CaseEvent.name == FINISHED)
    found: Any = (
        begin.select(begin.day, end.day, fn.COUNT(begin.id))
        .join(end, on=begin.application == end.application)
        .where(begin.name == stretch.begins, end.name == stretch.ends, begin.application.in_(finished))
        .group_by(begin.day, end.day)
        .tuples()
    )
    lengths: list[int] = []
    for began, ended, count in found:
        lengths += [max((ended - began).days, 0)] * count
    if len(lengths) < SMALLEST:
        return Days(stretch.name, stretch.title, 0 if not lengths else None, None, None, None)
    return Days(stretch.name, stretch.title, len(lengths), *statistics.quantiles(lengths, n=4, method="inclusive"))


def _column(select: Any) -> list[int]:
    return [value for (value,) in select.tuples()]
