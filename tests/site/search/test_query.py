"""Text → readings, without any index: the shapes that the behaviours of `test_search.py` rest on."""

import datetime as dt

import pytest

from attestation.site.search.query import (
    NAMES,
    ORGANIZATION,
    Beginning,
    Either,
    FullName,
    OrderDate,
    OrderNumber,
    Words,
    number_key,
    same_number,
    understand,
)

IVANOVA = Words(("иванова",))
NUMBER_1016 = OrderNumber("1016р")
APRIL_13 = OrderDate(2021, 4, 13)


@pytest.mark.parametrize(
    ("text", "readings"),
    [
        ("", [()]),
        ("Иванова", [(IVANOVA,)]),
        ("Римская-Корсакова", [(Words(("римская", "корсакова")),)]),
        ("Иванов*", [(Beginning("иванов"),)]),
        (
            "Иванова М. П.",
            [
                (IVANOVA, Beginning("м", ("name",)), Beginning("п", ("patronymic",))),
                (IVANOVA, Words(("м",), ORGANIZATION), Words(("п",), ORGANIZATION)),
            ],
        ),
        (
            "Иванова Мария П.",
            [
                (IVANOVA, Words(("мария",)), Beginning("п", ("name",))),
                (IVANOVA, Words(("мария",)), Beginning("п", ("patronymic",))),
                (IVANOVA, Words(("мария",)), Words(("п",), ORGANIZATION)),
            ],
        ),
        ("1016-р от 13.04.2021", [(APRIL_13, NUMBER_1016), (APRIL_13, Words(("1016", "р"), ORGANIZATION))]),
        ("1016", [(Either((OrderNumber("1016"), Words(("1016",), ORGANIZATION))),)]),
        ("Иванова 1016", [(IVANOVA, Words(("1016",), ORGANIZATION)), (IVANOVA, OrderNumber("1016"))]),
        ("школа № 45", [(Words(("школа",)), Words(("45",), ORGANIZATION))]),
        ("2021", [(OrderDate(2021),), (Words(("2021",), ORGANIZATION),), (OrderNumber("2021"),)]),
        ("№ 2021", [(OrderNumber("2021"),), (Words(("2021",), ORGANIZATION),)]),
        ("школа 2021", [(Words(("школа",)), Words(("2021",), ORGANIZATION))]),
        ("май 2021", [(OrderDate(2021, 5),)]),
        ("«Иванова Мария»", [(Words(("иванова", "мария")),), (FullName(("иванова", "мария")),)]),
        ("И. М. П.", [tuple(Beginning(letter, (field,)) for letter, field in zip("имп", NAMES, strict=True))]),
        ("???", [(Either(()),)]),
    ],
)
def test_readings_in_order_of_likelihood(text: str, readings: list[tuple[object, ...]]) -> None:
    given = [reading.conditions for reading in understand(text)]
    assert given[: len(readings)] == readings
    assert len(given) == len(readings) or text == "И. М. П."


@pytest.mark.parametrize("spelled", ["1016-р", "1016р", "№ 1016-р", "1016 - Р", "1016–р", "1016-p", "№1016р"])
def test_spellings_of_a_number_have_one_key(spelled: str) -> None:
    assert number_key(spelled) == "1016р"


@pytest.mark.parametrize(
    ("asked", "number", "same"),
    [
        ("1016", "1016р", True),
        ("1016р", "1016р", True),
        ("1016", "10161р", False),
        ("016", "1016р", False),
        ("1016р", "1016", False),
        ("0312", "0312/345", False),
        ("03", "03/12", False),
    ],
)
def test_digits_stand_for_the_number_with_its_letters(asked: str, number: str, same: bool) -> None:
    assert same_number(asked, number) is same


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("январь 2021", 1),
        ("февраля 2021", 2),
        ("марта 2021", 3),
        ("в апреле 2021", 4),
        ("мая 2021", 5),
        ("июнь 2021", 6),
        ("июля 2021", 7),
        ("август 2021", 8),
        ("сентябрь 2021", 9),
        ("октября 2021 г.", 10),
        ("ноябре 2021 года", 11),
        ("декабрь 2021", 12),
    ],
)
def test_names_of_months(text: str, month: int) -> None:
    assert [reading.conditions for reading in understand(text)] == [(OrderDate(2021, month),)]


@pytest.mark.parametrize("text", ["31.02.2021", "00.04.2021", "2021-13-01", "45.45.2021"])
def test_a_date_that_the_calendar_lacks_is_no_date(text: str) -> None:
    dates = [one for one in understand(text)[0].conditions if isinstance(one, OrderDate)]
    assert all(date.month is None for date in dates)


@pytest.mark.parametrize(
    ("date", "day", "holds"),
    [
        (OrderDate(2021, 4, 13), dt.date(2021, 4, 13), True),
        (OrderDate(2021, 4), dt.date(2021, 4, 1), True),
        (OrderDate(2021), dt.date(2021, 12, 31), True),
        (OrderDate(month=4, day=13), dt.date(1999, 4, 13), True),
        (OrderDate(2021, 4, 13), dt.date(2021, 4, 14), False),
        (OrderDate(2021, 4), dt.date(2021, 5, 13), False),
        (OrderDate(2021), dt.date(2022, 4, 13), False),
    ],
)
def test_a_part_of_a_date_holds_for_the_whole_part(date: OrderDate, day: dt.date, holds: bool) -> None:
    assert date.holds(day) is holds
