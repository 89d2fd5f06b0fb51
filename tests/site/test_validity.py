"""The last day of a category, by the rule of the setting."""

import datetime as dt

import pytest

from attestation.site.validity import NO_TERM, Validity

DAY = dt.date


@pytest.mark.parametrize(
    ("registered", "last"),
    [
        (DAY(2021, 4, 13), DAY(2026, 4, 13)),
        (DAY(2020, 2, 29), DAY(2025, 2, 28)),  # a month without that day gives its last one
        (DAY(2019, 12, 31), DAY(2024, 12, 31)),
    ],
)
def test_it_is_the_same_day_years_later(registered: dt.date, last: dt.date) -> None:
    assert Validity(5).until(registered) == last


def test_a_leap_day_meets_a_leap_day() -> None:
    assert Validity(4).until(DAY(2020, 2, 29)) == DAY(2024, 2, 29)


def test_nothing_is_said_without_the_setting_nor_of_a_refusal() -> None:
    assert NO_TERM.until(DAY(2021, 4, 13)) is None
    assert Validity(5).until(DAY(2021, 4, 13), established=False) is None


def test_orders_from_a_day_on_give_no_term() -> None:
    rule = Validity(5, before=DAY(2023, 9, 1))
    assert rule.until(DAY(2023, 8, 31)) == DAY(2028, 8, 31)
    assert rule.until(DAY(2023, 9, 1)) is None
