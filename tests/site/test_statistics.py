"""Counting published decisions, and what of the counts is not told."""

import datetime as dt

import pytest
from playhouse.test_utils import assert_query_count

from attestation.site import statistics
from attestation.site.statistics import Table

from ..conftest import MakeOrder, Row


def told(table: Table) -> list[list[int | None]]:
    """The cells of each line with its total, then the totals."""
    return [[*line.cells.values(), line.total] for line in (*table.lines, table.totals)]


def test_small_cells_are_left_out_with_the_totals_that_give_them_away() -> None:
    counts = {"a": {"x": 10, "y": 4}, "b": {"x": 20, "y": 30}, "c": {"x": 5}}
    assert told(Table.of(("x", "y"), counts)) == [
        [10, None, None],  # 14 − 10
        [20, 30, 50],
        [5, 0, 5],
        [35, None, None],  # 34 − 30; 69 − 50 − 5
    ]


def test_two_small_cells_hide_each_other() -> None:
    counts = {"a": {"x": 4, "y": 3}, "b": {"x": 3, "y": 4}, "c": {"x": 9, "y": 9}}
    assert told(Table.of(("x", "y"), counts)) == [[None, None, 7], [None, None, 7], [9, 9, 18], [16, 16, 32]]


@pytest.mark.parametrize(("count", "cell"), [(0, 0), (1, None), (4, None), (5, 5)])
def test_fewer_than_five_are_not_told_and_nobody_is(count: int, cell: int | None) -> None:
    assert Table.of(("x", "y"), {"a": {"x": count, "y": 9}}).lines[0].cells["x"] == cell


def test_a_small_total_is_not_told() -> None:
    assert told(Table.of(("x", "y"), {"a": {"x": 2, "y": 2}})) == [[None, None, None], [None, None, None]]


def test_nothing_is_counted_where_nothing_is_published() -> None:
    assert told(Table.of(("x",), {})) == [[0, 0]]


def rows(amount: int, position: str, category: str, established: bool = True) -> tuple[Row, ...]:
    return tuple((f"Фамилия{i}", "Анна", "", position, "ДОУ", category, established) for i in range(amount))


def test_published_decisions_are_counted_by_year_and_position(make_order: MakeOrder) -> None:
    make_order(
        "1-р", rows=rows(6, "Ёжик", "first") + rows(7, "Воспитатель", "highest") + rows(5, "Воспитатель", "first", False)
    )
    make_order("2-р", dt.date(2022, 4, 1), rows=rows(8, "Жонглёр", "first") + rows(2, "Воспитатель", "first"))
    make_order("3-р", dt.date(2022, 5, 1), rows=rows(9, "Методист", "first"), status="registered")
    with assert_query_count(1):
        counts = statistics.counts()
    years = statistics.by_year(counts)
    assert [(line.name, line.cells, line.total) for line in years.lines] == [
        (2022, {"first": 10, "highest": 0, "refused": 0}, 10),
        (2021, {"first": 6, "highest": 7, "refused": 5}, 18),
    ]
    assert (years.totals.cells, years.totals.total) == ({"first": 16, "highest": 7, "refused": 5}, 28)
    positions = statistics.by_position(counts)
    assert [(line.name, line.cells, line.total) for line in positions.lines] == [
        ("Воспитатель", {"first": None, "highest": 7, "refused": 5}, None),
        ("Ёжик", {"first": 6, "highest": 0, "refused": 0}, 6),
        ("Жонглёр", {"first": 8, "highest": 0, "refused": 0}, 8),
    ]
    assert (positions.totals.cells, positions.totals.total) == ({"first": None, "highest": 7, "refused": 5}, None)
