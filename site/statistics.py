"""Numbers about published decisions by year, category and position; cells so small that they name somebody are left out."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from peewee import fn

from ..models import Order, Ruling, embedded, russian_key
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


# How many decisions there are by year, position and column.
Counts = Mapping[tuple[int, str, str], int]


def counts() -> Counts:
    """Rows of published orders, counted; one query that reads all of them: some tenths of a second for 200,000."""
    # Letter by letter: by the alphabet's own rules it would take ten times as long on SQLite.
    position = Ruling.position.collate("BINARY" if embedded() else '"C"')
    keys = (Order.year, position, Ruling.category, Ruling.established)
    published = Ruling.select(*keys, fn.COUNT(Ruling.id)).join(Order).where(Order.status == "published")
    found: Any = published.group_by(*keys).tuples()
    total: Counter[tuple[int, str, str]] = Counter()
    for year, place, category, established, count in found:
        total[year, place, category if established else REFUSED] += count
    return total


def by_year(counts: Counts) -> Table:
    """Decisions by the year of their order, the newest first."""
    lines = _lines((year, column, count) for (year, _position, column), count in counts.items())
    return Table.of(COLUMNS, dict(sorted(lines.items(), reverse=True)))


def by_position(counts: Counts) -> Table:
    """Decisions by position as it is written in the orders, by the alphabet.

    Not by their number: the place in such a list would tell how large a cell is that is not told.
    """
    lines = _lines((position, column, count) for (_year, position, column), count in counts.items())
    return Table.of(COLUMNS, {position: lines[position] for position in sorted(lines, key=russian_key)})


def _lines(counts: Iterable[tuple[Any, str, int]]) -> dict[Any, Counter[str]]:
    lines: defaultdict[Any, Counter[str]] = defaultdict(Counter)
    for name, column, count in counts:
        lines[name][column] += count
    return lines
