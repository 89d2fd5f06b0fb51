"""Integers as sets, compared with Python's own sets."""

from array import array
from itertools import compress

from hypothesis import given
from hypothesis import strategies as st

from attestation.site.search import bitmaps
from attestation.site.search.kept import Kept

SIZE = 9_000
numbers = st.sets(st.integers(0, SIZE - 1), max_size=60)
ranges = st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1)).map(sorted)


@given(numbers)
def test_numbers_come_back_from_the_highest_down(chosen: set[int]) -> None:
    assert list(bitmaps.descending(bitmaps.from_ids(chosen, SIZE))) == sorted(chosen, reverse=True)


@given(ranges)
def test_a_span_is_all_numbers_between(bounds: list[int]) -> None:
    first, last = bounds
    assert list(bitmaps.descending(bitmaps.span(first, last))) == list(range(last, first - 1, -1))


@given(numbers, st.data())
def test_the_highest_can_be_skipped(chosen: set[int], data: st.DataObject) -> None:
    count = data.draw(st.integers(0, len(chosen)))
    rest = bitmaps.without_highest(bitmaps.from_ids(chosen, SIZE), count)
    assert list(bitmaps.descending(rest)) == sorted(chosen, reverse=True)[count:]


@given(numbers)
def test_packing_loses_nothing(chosen: set[int]) -> None:
    ids = array("I", sorted(chosen))
    for size in (SIZE, SIZE * 100):
        assert bitmaps.unpack(bitmaps.pack(ids, size), size) == bitmaps.from_ids(chosen, size)


@given(numbers)
def test_flags_mark_the_numbers(chosen: set[int]) -> None:
    assert set(compress(range(SIZE), bitmaps.flags(bitmaps.from_ids(chosen, SIZE), SIZE))) == chosen


@given(st.lists(st.integers(0, 5), max_size=50), st.sets(st.integers(0, 5)))
def test_documents_are_found_by_their_values(column: list[int], chosen: set[int]) -> None:
    found = bitmaps.from_column(array("B", column), chosen, 6)
    assert list(bitmaps.descending(found)) == [n for n in reversed(range(len(column))) if column[n] in chosen]


def test_the_least_recently_used_is_let_go() -> None:
    kept = Kept(budget=2 * bitmaps.weight(1))
    made: list[str] = []

    def get(key: str) -> None:
        kept.get("segment", key, lambda: made.append(key) or 1)  # type: ignore[func-returns-value]

    for key in ("a", "b", "a", "c", "a", "b"):
        get(key)
    assert made == ["a", "b", "c", "b"]
    kept.forget("segment")
    assert kept.bytes == 0
