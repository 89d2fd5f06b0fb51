"""Dates, amounts and sizes in Russian."""

import datetime as dt

import pytest

from attestation.site.views import phrases
from attestation.site.views.paging import NoSuchPage, Pages, page_number


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 строк"), (1, "1 строка"), (2, "2 строки"), (5, "5 строк"), (11, "11 строк"), (14, "14 строк"), (21, "21 строка"),
     (22, "22 строки"), (111, "111 строк"), (1_234, "1234 строки"), (12_345, "12 345 строк"), (1_000_001, "1 000 001 строка")],
)  # fmt: skip
def test_nouns_agree_with_numbers(number: int, said: str) -> None:
    assert phrases.plural(number, "строка", "строки", "строк").replace("\xa0", " ") == said


@pytest.mark.parametrize(
    ("size", "said"), [(1, "1 байт"), (1023, "1023 байта"), (1024, "1 КБ"), (234_567, "229 КБ"), (1_462_000, "1,4 МБ")]
)
def test_sizes(size: int, said: str) -> None:
    assert phrases.file_size(size).replace("\xa0", " ") == said


def test_dates() -> None:
    assert phrases.long_date(dt.date(2021, 4, 13)).replace("\xa0", " ") == "13 апреля 2021 года"
    assert phrases.short_date(dt.date(2021, 4, 3)) == "03.04.2021"


def test_the_day_is_that_of_moscow() -> None:
    assert phrases.local_day(dt.datetime(2021, 12, 31, 21, 30, tzinfo=dt.UTC)) == dt.date(2022, 1, 1)


@pytest.mark.parametrize(
    ("current", "last", "window"),
    [(1, 1, [1]), (1, 3, [1, 2, 3]), (1, 9, [1, 2, None, 9]), (4, 9, [1, 2, 3, 4, 5, None, 9]),
     (5, 9, [1, None, 4, 5, 6, None, 9]),
     (6, 9, [1, None, 5, 6, 7, 8, 9]), (9, 9, [1, None, 8, 9])],
)  # fmt: skip
def test_the_window_hides_only_what_saves_room(current: int, last: int, window: list[int | None]) -> None:
    assert Pages(current, last, str).window == window


def test_page_numbers() -> None:
    assert [page_number(text) for text in ("", "1", "07", "1234567")] == [1, 1, 7, 1234567]
    for text in ("0", "-1", "x", "1.0", " 1", "٣", "12345678"):
        with pytest.raises(NoSuchPage):
            page_number(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [("ГБОУ СОШ № 5", "ГБОУ СОШ №_5"), ("Председатель Е.С. Лугинина", "Председатель Е.С._Лугинина"),
     ("протокол от 26.08.2026 № 5", "протокол от_26.08.2026 №_5"), ("работа от кафедры", "работа от кафедры"), ("№ ", "№ ")],
)  # fmt: skip
def test_what_belongs_together_stays_on_one_line(text: str, kept: str) -> None:
    assert phrases.tied(text).replace(phrases.NO_BREAK, "_") == kept
