"""Numbers of applications: every slip of one digit and every change of neighbours is found."""

import pytest

from attestation.procedure.numbers import CaseNumber, WrongNumber, check_digit, parse

SAMPLE = [
    CaseNumber(year, sequence) for year in (2021, 2026, 2099) for sequence in (1, 2, 90, 123, 4567, 10_101, 998_877, 999_999)
]


def refused(text: str) -> str:
    with pytest.raises(WrongNumber) as wrong:
        parse(text)
    return wrong.value.sentence


def test_written() -> None:
    assert str(CaseNumber(2026, 123)) == "2026-000123-8"
    assert check_digit("572") == "4"


@pytest.mark.parametrize("number", SAMPLE)
def test_there_and_back(number: CaseNumber) -> None:
    assert parse(str(number)) == number


@pytest.mark.parametrize(
    "text",
    [
        "20260001238",
        " 2026-000123-8\n",
        "№ 2026–000123–8",
        "2026 000123 8",
        "2026—000123−8",
        "２０２６-000123-8",
        "2026-0001\u00a023-8",
    ],
)
def test_typed_as_people_type(text: str) -> None:
    assert parse(text) == CaseNumber(2026, 123)


@pytest.mark.parametrize("number", SAMPLE)
def test_every_wrong_digit_is_found(number: CaseNumber) -> None:
    right = str(number).replace("-", "")
    wrong = [right[:at] + digit + right[at + 1 :] for at in range(11) for digit in "0123456789" if digit != right[at]]
    assert len(wrong) == 99
    assert all(refused(text) for text in wrong)


@pytest.mark.parametrize("number", SAMPLE)
def test_every_change_of_neighbours_is_found(number: CaseNumber) -> None:
    right = str(number).replace("-", "")
    wrong = {right[:at] + right[at + 1] + right[at] + right[at + 2 :] for at in range(10)} - {right}
    assert all(refused(text) for text in wrong)


def test_no_pair_of_digits_escapes_at_any_state() -> None:
    """What the two tests above sample, in full: for each state of the check all single slips and all changed neighbours."""
    for state in "0123456789":
        prefix = next(str(lead) for lead in range(100) if check_digit(str(lead)) == state)
        after = {first + second: check_digit(prefix + first + second) for first in "0123456789" for second in "0123456789"}
        assert all(len({after[first + second] for second in "0123456789"}) == 10 for first in "0123456789")
        assert all(len({after[first + second] for first in "0123456789"}) == 10 for second in "0123456789")
        assert all(after[pair] != after[pair[::-1]] for pair in after if pair[0] != pair[1])


@pytest.mark.parametrize(
    "text", ["", "2026", "2026-000123", "2026-000123-88", "2026-000123-x", "АТ2026-000123-8", "2026-000123-²³"]
)
def test_no_number_at_all(text: str) -> None:
    assert (
        refused(text) == "Номер заявления состоит из одиннадцати цифр, например 2026-000123-8. Проверьте, все ли они введены."
    )


def test_slip_and_impossible_number_are_told_apart() -> None:
    assert refused("2026-000132-8") == "В номере заявления опечатка: контрольная цифра не сходится. Сверьте номер с распиской."
    assert refused(f"2026000000{check_digit('2026000000')}") == "Такого номера заявления не бывает. Сверьте номер с распиской."
    assert refused(f"0001000001{check_digit('0001000001')}") == "Такого номера заявления не бывает. Сверьте номер с распиской."


@pytest.mark.parametrize(("year", "sequence"), [(1999, 1), (10_000, 1), (2026, 0), (2026, 1_000_000), (2026, -1)])
def test_no_number_outside_of_its_digits(year: int, sequence: int) -> None:
    with pytest.raises(ValueError, match="no number for"):
        CaseNumber(year, sequence)


def test_numbers_sort_by_year_and_sequence() -> None:
    assert sorted([CaseNumber(2026, 2), CaseNumber(2025, 9), CaseNumber(2026, 1)]) == [
        *(CaseNumber(2025, 9), CaseNumber(2026, 1), CaseNumber(2026, 2))
    ]
