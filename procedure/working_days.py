"""Working days of Russia: the production calendar with its transfers, and the days that an office has corrected by hand."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property

import holidays

DAY = dt.timedelta(days=1)
SATURDAY = 5


@dataclass(frozen=True)
class Exceptional:
    """A day that is working or off whatever the package says: a decree that came later, a holiday of the region."""

    day: dt.date
    working: bool


@dataclass(frozen=True)
class UnloadedYear:
    """A year whose transfers are not known yet: days counted in it may be wrong."""

    year: int

    @property
    def sentence(self) -> str:
        return (
            f"Производственный календарь на {self.year} год ещё не загружен: праздники учтены, переносы выходных – нет. "
            "Обновите программу или внесите переносы в таблицу исключений."
        )


@dataclass(frozen=True)
class Calendar:
    """Which days are working. Of two exceptions for one day the later counts.

    `complete`: years whose transfers the office has entered among the exceptions itself.
    """

    exceptions: tuple[Exceptional, ...] = ()
    complete: frozenset[int] = frozenset()

    def is_working(self, day: dt.date) -> bool:
        """Whether the office works on this day; its own exceptions come first."""
        if day in self._by_hand:
            return self._by_hand[day]
        off, transferred = _year(day.year)
        return day in transferred or (day.weekday() < SATURDAY and day not in off)

    def working_day_after(self, day: dt.date, count: int) -> dt.date:
        """The working day number `count` (from 1) after this day, which itself is not counted."""
        for _ in range(count):
            day = self.first_working(day + DAY)
        return day

    def first_working(self, day: dt.date) -> dt.date:
        """This day, or the first working one after it."""
        while not self.is_working(day):
            day += DAY
        return day

    def last_working(self, day: dt.date) -> dt.date:
        """This day, or the last working one before it."""
        while not self.is_working(day):
            day -= DAY
        return day

    def working_days(self, after: dt.date, until: dt.date) -> int:
        """How many working days lie after one day up to another, which is counted; negative when the other is earlier."""
        if until < after:
            return -self.working_days(until, after)
        return sum(self.is_working(day) for day in _days(after + DAY, until))

    def unloaded(self, first: dt.date, last: dt.date) -> tuple[UnloadedYear, ...]:
        """The years between two days, both included, whose transfers are not known."""
        years = range(first.year, last.year + 1)
        return tuple(UnloadedYear(year) for year in years if year not in self.complete and not _loaded(year))

    @cached_property
    def _by_hand(self) -> dict[dt.date, bool]:
        return {one.day: one.working for one in self.exceptions}


@cache
def _year(year: int) -> tuple[frozenset[dt.date], frozenset[dt.date]]:
    """The holidays and days off of a year, and its weekend days that are working."""
    known = holidays.country_holidays("RU", years=[year])
    return frozenset(known), frozenset(known.weekend_workdays)


@cache
def _loaded(year: int) -> bool:
    """Whether the package knows this year's transfers: its rules alone know only the fixed holidays."""
    known = holidays.country_holidays("RU", years=[year])
    return year in known.special_public_holidays or year in known.special_public_holidays_observed


def _days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    while first <= last:
        yield first
        first += DAY
