"""Counting published decisions, and what of the counts is not told."""

import datetime as dt
import random
from collections.abc import Mapping

import pytest
from playhouse.test_utils import assert_query_count

from attestation.models import OrganizationDistrict
from attestation.site import statistics
from attestation.site.statistics import Counted, Table, together

from ..conftest import MakeOrder, Row


def told(table: Table) -> list[list[int | None]]:
    """The cells of each line with its total, then the totals."""
    return [[*line.cells.values(), line.total] for line in (*table.lines, table.totals)]


def test_what_gives_a_small_cell_away_is_left_out_too() -> None:
    counts = {"a": {"x": 10, "y": 4}, "b": {"x": 20, "y": 30}, "c": {"x": 5}}
    assert told(Table.of(Counted(("x", "y"), counts))) == [
        [None, None, 14],  # 14 − 10
        [None, None, 50],  # 34 − 30, then 50 − 20
        [5, 0, 5],
        [35, 34, 69],
    ]


def test_hidden_cells_that_can_only_be_one_each_are_given_away_by_their_sum() -> None:
    counts = {name: {"x": 1, "y": 9} for name in "abcde"} | {"f": {"x": 6, "y": 9}}
    assert [line.cells["x"] for line in Table.of(Counted(("x", "y"), counts)).lines] == [None] * 6


def xy(lines: Mapping[str, Mapping[str, int]]) -> Counted:
    return Counted(("x", "y"), lines)


def test_a_total_that_one_table_leaves_out_is_told_by_none() -> None:
    tables = together(
        {"one": xy({"a": {"x": 7, "y": 20}, "b": {"y": 20}}), "other": xy({"k": {"x": 3, "y": 20}, "l": {"x": 4, "y": 20}})}
    )
    assert tables["other"].totals.cells == tables["one"].totals.cells == {"x": 7, "y": 40}
    assert [line.cells["x"] for line in tables["other"].lines] == [None, None]
    tables = together({"one": xy({"a": {"x": 5, "y": 20}}), "other": xy({name: {"x": 1, "y": 20} for name in "klmno"})})
    assert (tables["one"].totals.cells["x"], tables["one"].lines[0].cells["x"]) == (None, None)


def test_lines_of_the_same_cases_share_their_totals() -> None:
    refused = Counted(("granted", "refused"), {2026: {"granted": 60, "refused": 3}}, "refused")
    twice = Counted(("once", "twice"), {2026: {"once": 40, "twice": 23}})
    tables = together({"outcomes": refused, "reviews": twice})
    assert told(tables["outcomes"]) == [[60, None, None], [60, None, None]]
    # 40 and 23 would add up to the 63 that is left out above.
    assert told(tables["reviews"]) == [[40, None, None], [40, None, None]]


def test_a_secret_column_does_not_follow_from_what_the_archive_counts() -> None:
    """Who knows all but the refusals, because the archive shows those people, takes them from no total."""
    lines = {"a": {"first": 30, "refused": 2}, "b": {"first": 40, "refused": 9}, "c": {"first": 50, "refused": 7}}
    assert told(Table.of(Counted(("first", "refused"), lines, "refused"))) == [
        [30, None, None],
        [40, 9, 49],
        [50, None, None],
        [120, 18, 138],
    ]


@pytest.mark.parametrize("seed", range(40))
def test_no_hidden_cell_follows_from_what_is_told(seed: int) -> None:
    """Whatever is hidden could have been another number: each sum, along a line or down a column, leaves a choice."""
    chance = random.Random(seed)
    columns = ("x", "y", "z")
    counts = {n: {c: chance.choice((0, 0, 1, 2, 3, 6, 9, 40)) for c in columns} for n in range(chance.randint(1, 7))}
    table = Table.of(Counted(columns, counts))
    grid = told(table)
    true = [[*line.values(), sum(line.values())] for line in counts.values()]
    true.append([sum(column) for column in zip(*true, strict=True)])
    assert all(
        cell in (None, number) for line, row in zip(grid, true, strict=True) for cell, number in zip(line, row, strict=True)
    )
    assert not any(0 < number < 5 for line in grid for number in line if number is not None)
    for line in (*grid, *zip(*grid, strict=True)):
        assert list(line).count(None) != 1


def test_two_small_cells_hide_each_other() -> None:
    counts = {"a": {"x": 4, "y": 3}, "b": {"x": 3, "y": 4}, "c": {"x": 9, "y": 9}}
    assert told(Table.of(Counted(("x", "y"), counts))) == [[None, None, 7], [None, None, 7], [9, 9, 18], [16, 16, 32]]


@pytest.mark.parametrize(("count", "cell"), [(0, 0), (1, None), (4, None), (5, 5)])
def test_fewer_than_five_are_not_told_and_nobody_is(count: int, cell: int | None) -> None:
    assert Table.of(Counted(("x", "y"), {"a": {"x": count, "y": 9}})).lines[0].cells["x"] == cell


def test_a_small_total_is_not_told() -> None:
    assert told(Table.of(Counted(("x", "y"), {"a": {"x": 2, "y": 2}}))) == [[None, None, None], [None, None, None]]


def test_nothing_is_counted_where_nothing_is_published() -> None:
    assert told(Table.of(Counted(("x",), {}))) == [[0, 0]]


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
    assert [(year, dict(cells)) for year, cells in statistics.by_year(counts).items()] == [
        (2022, {"first": 10}),
        (2021, {"first": 6, "highest": 7, "refused": 5}),
    ]
    assert [(position, dict(cells)) for position, cells in statistics.by_position(counts).items()] == [
        ("Воспитатель", {"first": 2, "highest": 7, "refused": 5}),
        ("Ёжик", {"first": 6}),
        ("Жонглёр", {"first": 8}),
    ]


def test_districts_are_those_of_the_list_of_the_office(make_order: MakeOrder) -> None:
    for name, district in (("ГБОУ школа № 2", "Ясный"), ("Ёлочка", "Береговой")):
        OrganizationDistrict.create(key=statistics.folded_name(name), organization=name, district=district)
    people = [
        ("ГБОУ Школа №2", "first", True),
        ("ЕЛОЧКА", "highest", True),
        ("Лицей", "first", False),
        ("елочка", "first", True),
    ]
    make_order(rows=tuple((f"Фамилия{i}", "Анна", "", "Учитель", *said) for i, said in enumerate(people)))
    make_order("2-р", dt.date(2022, 5, 1), status="registered")
    with assert_query_count(2):
        found = statistics.by_district()
    assert [(name, dict(cells)) for name, cells in found.items()] == [
        ("Береговой", {"highest": 1, "first": 1}),
        ("Ясный", {"first": 1}),
        ("не указан", {"refused": 1}),
    ]
