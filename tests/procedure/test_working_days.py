"""The production calendar, compared with the decrees on transfers of days off, day by day."""

import datetime as dt

import pytest

from attestation.procedure.working_days import Calendar, Exceptional, UnloadedYear

CALENDAR = Calendar()
DAY = dt.timedelta(days=1)


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    "text",
    [
        *("2024-04-27", "2024-11-02", "2024-12-28", "2025-11-01", "2027-02-20"),
        *("2024-02-29", "2024-05-02", "2024-05-08", "2025-01-09", "2025-05-05", "2026-01-12", "2026-03-10"),
    ],
)
def test_working(text: str) -> None:
    """Saturdays made working by a decree, and plain days next to holidays."""
    assert CALENDAR.is_working(day(text))


@pytest.mark.parametrize(
    "text",
    [
        *("2024-04-29", "2024-04-30", "2024-05-01", "2024-05-09", "2024-05-10", "2024-12-30", "2024-12-31"),
        *("2025-01-01", "2025-01-07", "2025-01-08", "2025-05-01", "2025-05-02", "2025-05-08", "2025-05-09", "2025-06-13"),
        *("2025-11-03", "2025-11-04", "2025-12-31", "2026-01-09", "2026-03-09", "2026-05-11", "2024-04-28", "2025-11-08"),
    ],
)
def test_off(text: str) -> None:
    assert not CALENDAR.is_working(day(text))


@pytest.mark.parametrize(
    ("year", "count"), [(2021, 247), (2022, 247), (2023, 247), (2024, 248), (2025, 247), (2026, 247), (2027, 247)]
)
def test_working_days_of_a_year(year: int, count: int) -> None:
    """The sums of the published production calendars (five-day week)."""
    assert CALENDAR.working_days(dt.date(year - 1, 12, 31), dt.date(year, 12, 31)) == count


@pytest.mark.parametrize(
    ("begins", "count", "ends"),
    [
        # Over a year's end: the last working day may be a Saturday, the first is 9 January.
        ("2024-12-27", 1, "2024-12-28"),
        ("2024-12-27", 3, "2025-01-10"),
        ("2024-12-28", 1, "2025-01-09"),
        ("2025-12-30", 1, "2026-01-12"),
        # Transferred Saturdays and the May holidays.
        ("2024-04-26", 1, "2024-04-27"),
        ("2024-04-26", 3, "2024-05-03"),
        ("2024-05-08", 1, "2024-05-13"),
        ("2025-04-30", 3, "2025-05-07"),
        ("2024-11-01", 2, "2024-11-05"),
        ("2025-10-31", 1, "2025-11-01"),
        ("2025-10-31", 3, "2025-11-06"),
        # From a day off, and over a leap day.
        ("2025-11-02", 1, "2025-11-05"),
        ("2024-02-28", 1, "2024-02-29"),
        ("2024-02-28", 2, "2024-03-01"),
        ("2024-02-28", 0, "2024-02-28"),
    ],
)
def test_working_day_after(begins: str, count: int, ends: str) -> None:
    assert CALENDAR.working_day_after(day(begins), count) == day(ends)


def test_neighbours() -> None:
    """Before the long January holidays the last working day is 28 December, after them the first is 9 January."""
    inside = day("2025-01-04")
    assert (CALENDAR.last_working(inside), CALENDAR.first_working(inside)) == (day("2024-12-28"), day("2025-01-09"))
    assert CALENDAR.last_working(day("2024-12-28")) == CALENDAR.first_working(day("2024-12-28")) == day("2024-12-28")


def test_counting_there_and_back() -> None:
    """The first day is not counted, the second is; backwards the sum is the same with a minus."""
    assert CALENDAR.working_days(day("2024-12-27"), day("2025-01-10")) == 3
    assert CALENDAR.working_days(day("2025-01-10"), day("2024-12-27")) == -3
    assert CALENDAR.working_days(day("2025-01-10"), day("2025-01-10")) == 0


def test_counting_and_stepping_agree_over_two_years() -> None:
    begins = day("2024-01-01")
    for count in range(1, 496):
        assert CALENDAR.working_days(begins, CALENDAR.working_day_after(begins, count)) == count


def test_exceptions_of_the_office_come_first() -> None:
    """The days that the president gave in 2021 are not in the production calendar; a Saturday may be worked."""
    given = tuple(Exceptional(day("2021-05-04") + DAY * shift, working=False) for shift in range(4))
    own = Calendar((*given, Exceptional(day("2021-05-15"), working=True)))
    assert CALENDAR.working_day_after(day("2021-04-30"), 1) == day("2021-05-04")
    assert own.working_day_after(day("2021-04-30"), 1) == day("2021-05-11")
    assert (CALENDAR.is_working(day("2021-05-15")), own.is_working(day("2021-05-15"))) == (False, True)


def test_of_two_exceptions_for_a_day_the_later_counts() -> None:
    friday = day("2025-06-06")
    assert Calendar((Exceptional(friday, working=False), Exceptional(friday, working=True))).is_working(friday)


def test_years_without_transfers_are_told() -> None:
    assert CALENDAR.unloaded(day("2024-01-01"), day("2027-12-31")) == ()
    assert CALENDAR.unloaded(day("2027-12-01"), day("2102-01-31"))[-1] == UnloadedYear(2102)
    assert Calendar(complete=frozenset({2101})).unloaded(day("2100-12-01"), day("2102-01-31")) == (
        UnloadedYear(2100),
        UnloadedYear(2102),
    )
    assert UnloadedYear(2102).sentence.startswith("Производственный календарь на 2102 год ещё не загружен")


def test_holidays_of_an_unloaded_year_are_off_all_the_same() -> None:
    """In 2090 all three are Monday or Tuesday."""
    assert [CALENDAR.is_working(dt.date(2090, 1, number)) for number in (2, 3, 9)] == [False, False, True]
