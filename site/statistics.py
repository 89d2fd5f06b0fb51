"""Numbers about published decisions by year, category and position; cells so small that they name somebody are left out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import Field, fn

from ..models import Order, Ruling, russian_key
from ..procedure.words import Category

# A count below this is not told: so few people are known by name to those around them.
SMALLEST = 5
REFUSED = "refused"
COLUMNS = (*(category.value for category in Category), REFUSED)


@dataclass(frozen=True)
class Line:
    """A line of a table: what it counts, its cells by column, its total. None stands for what is not told."""

    name: Any
    cells: Mapping[str, int | None]
    total: int | None


@dataclass(frozen=True)
class Table:
    """Counts with totals. Nothing that is left out can be worked out from what is told by taking one number from another."""

    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    totals: Line

    @classmethod
    def of(cls, columns: Sequence[str], counts: Mapping[Any, Mapping[str, int]]) -> "Table":
        """The table of these counts by line and column; a column that a line does not name is none in it."""
        whole = {name: [cells.get(column, 0) for column in columns] for name, cells in counts.items()}
        lines = tuple(_line(name, columns, cells) for name, cells in whole.items())
        sums = [sum(cells[place] for cells in whole.values()) for place in range(len(columns))]
        totals = [_sum(total, [line.cells[column] for line in lines]) for column, total in zip(columns, sums, strict=True)]
        # The same number is the sum of the columns' totals and of the lines': it may give away none of either.
        told = {_sum(sum(sums), parts) for parts in (totals, [line.total for line in lines])}
        grand = None if None in told else sum(sums)
        return cls(tuple(columns), lines, Line("", dict(zip(columns, totals, strict=True)), grand))


def _line(name: Any, columns: Sequence[str], cells: Sequence[int]) -> Line:
    told = [_told(cell) for cell in cells]
    return Line(name, dict(zip(columns, told, strict=True)), _sum(sum(cells), told))


def _told(count: int) -> int | None:
    """The count, unless it is of a few: none is nobody, and may be told."""
    return count if count == 0 or count >= SMALLEST else None


def _sum(total: int, parts: Sequence[int | None]) -> int | None:
    """The sum, unless it is small itself or gives away the only part that is left out."""
    return None if parts.count(None) == 1 else _told(total)


def by_year() -> Table:
    """Decisions by the year of their order, the newest first; one query."""
    counts = _counts(Order.year)
    return Table.of(COLUMNS, {year: counts[year] for year in sorted(counts, reverse=True)})


def by_position() -> Table:
    """Decisions by position as it is written in the orders, by the alphabet; one query.

    Not by their number: the place in such a list would tell how large a cell is that is not told.
    """
    counts = _counts(Ruling.position)
    return Table.of(COLUMNS, {position: counts[position] for position in sorted(counts, key=russian_key)})


def _counts(field: Field) -> dict[Any, dict[str, int]]:
    """How many rows of published orders have each value of the field: by category, and refused; one query."""
    keys = (field, Ruling.category, Ruling.established)
    found: Any = Ruling.select(*keys, fn.COUNT(Ruling.id)).join(Order).where(Order.status == "published").group_by(*keys)
    counts: dict[Any, dict[str, int]] = {}
    for value, category, established, count in found.tuples():
        cells = counts.setdefault(value, {})
        column = category if established else REFUSED
        cells[column] = cells.get(column, 0) + count
    return counts
