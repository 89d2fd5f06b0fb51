"""Numbers about published decisions by year, category, position and district; cells that would name somebody are left out."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from peewee import fn

from ..models import Order, OrganizationDistrict, Ruling, embedded, russian_key
from ..procedure.words import Category
from .search.russian import tokens

# A count below this is not told: so few people are known by name to those around them.
SMALLEST = 5
REFUSED = "refused"
TOTAL = "total"
# The name of the line of totals.
ALL = ""
# Totals by the name of their line and their column.
Untold = frozenset[tuple[Any, str]]
NO_DISTRICT = "не указан"
COLUMNS = (*(category.value for category in Category), REFUSED)


@dataclass(frozen=True)
class Counted:
    """Counts by line and column; a column that a line does not name is none in it.

    `secret`: the column whose numbers nobody can count for themselves, while the archive shows the people of all others.
    """

    columns: tuple[str, ...]
    lines: Mapping[Any, Mapping[str, int]]
    secret: str = ""


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
    def of(cls, counted: Counted, untold: Untold = frozenset()) -> "Table":
        """The table of these counts. `untold`: the totals, of lines and of columns, that are not told elsewhere either."""
        columns, names = (*counted.columns, TOTAL), (*counted.lines, ALL)
        whole = [[cells.get(column, 0) for column in counted.columns] for cells in counted.lines.values()]
        whole.append([sum(line[place] for line in whole) for place in range(len(counted.columns))])
        kept = _Grid([[*line, sum(line)] for line in whole], columns.index(counted.secret) if counted.secret else None)
        kept.hide_small()
        kept.hide(
            [(names.index(name), columns.index(column)) for name, column in untold if name in names and column in columns]
        )
        kept.hide_what_gives_away()
        told = [
            Line(name, dict(zip(counted.columns, line, strict=False)), line[-1])
            for name, line in zip(names, kept.told(), strict=True)
        ]
        return cls(counted.columns, tuple(told[:-1]), told[-1])

    def untold(self) -> Untold:
        """The totals that are left out."""
        lines = {(line.name, TOTAL) for line in (*self.lines, self.totals) if line.total is None}
        return frozenset(lines | {(ALL, column) for column, total in self.totals.cells.items() if total is None})


def together(counted: Mapping[str, Counted]) -> dict[str, Table]:
    """Tables of the same decisions, by name: a total that one of them leaves out is told by none."""
    untold: Untold = frozenset()
    while True:
        tables = {name: Table.of(one, untold) for name, one in counted.items()}
        found = untold.union(*(table.untold() for table in tables.values()))
        if found == untold:
            return tables
        untold = found


class _Grid:
    """Lines of cells, each line with its total last, the last line with the totals of the columns; some are hidden.

    `secret`: the column that can be worked out by whoever knows the total of its line.
    """

    def __init__(self, numbers: list[list[int]], secret: int | None = None) -> None:
        self.numbers, self.secret = numbers, secret
        self.hidden: set[tuple[int, int]] = set()
        self.last_line, self.last_column = len(numbers) - 1, len(numbers[0]) - 1

    def hide_small(self) -> None:
        """None is nobody, and may be told."""
        self.hidden |= {
            (line, column)
            for line, row in enumerate(self.numbers)
            for column, number in enumerate(row)
            if 0 < number < SMALLEST
        }

    def hide(self, places: Iterable[tuple[int, int]]) -> None:
        self.hidden |= {place for place in places if self._number(place)}

    def hide_what_gives_away(self) -> None:
        """Hide more until no sum, along a line or down a column, gives away what is hidden."""
        before = -1
        while before != len(self.hidden):
            before = len(self.hidden)
            self.hide([(line, self.last_column) for line, column in self.hidden if column == self.secret])
            for column in range(self.last_column + 1):
                places = [(line, column) for line in range(self.last_line)]
                self._guard(places, (self.last_line, column), [])
            for line in range(self.last_line + 1):
                places = [(line, column) for column in range(self.last_column)]
                # The total of a line may be left out in place of a cell, those of columns rather not: all tables share them.
                spare = [(line, self.last_column)] if line < self.last_line else []
                self._guard(places, (line, self.last_column), spare)

    def told(self) -> list[list[int | None]]:
        """The cells, None for the hidden ones."""
        return [
            [None if (line, column) in self.hidden else number for column, number in enumerate(row)]
            for line, row in enumerate(self.numbers)
        ]

    def _guard(self, parts: list[tuple[int, int]], total: tuple[int, int], spare: list[tuple[int, int]]) -> None:
        """Parts and their total: what is hidden among them must not follow from the rest."""
        while self._given_away(parts, total):
            left = [place for place in (*parts, *spare) if place not in self.hidden and self._number(place)]
            self.hidden.add(min(left, key=self._cost) if left else total)

    def _given_away(self, parts: list[tuple[int, int]], total: tuple[int, int]) -> bool:
        kept = [self._number(place) for place in parts if place in self.hidden]
        if total in self.hidden:
            return not kept and self._number(total) > 0
        # Several that make up few together are as good as told; so are those that can only be one each.
        return bool(kept) and (len(kept) == 1 or sum(kept) < SMALLEST or sum(kept) == len(kept))

    def _cost(self, place: tuple[int, int]) -> tuple[int, int]:
        """What is lost by hiding a cell: most where nothing beside it is hidden yet, for then more has to follow."""
        line, column = place
        beside = any((line, other) in self.hidden for other in range(self.last_column + 1))
        above = any((other, column) in self.hidden for other in range(self.last_line + 1))
        return 2 - beside - above, self._number(place)

    def _number(self, place: tuple[int, int]) -> int:
        return self.numbers[place[0]][place[1]]


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


def by_year(counts: Counts) -> dict[int, Counter[str]]:
    """Decisions by the year of their order, the newest first."""
    lines = _lines((year, column, count) for (year, _position, column), count in counts.items())
    return dict(sorted(lines.items(), reverse=True))


def by_position(counts: Counts) -> dict[str, Counter[str]]:
    """Decisions by position as it is written in the orders, by the alphabet.

    Not by their number: the place in such a list would tell how large a cell is that is not told.
    """
    lines = _lines((position, column, count) for (_year, position, column), count in counts.items())
    return {position: lines[position] for position in sorted(lines, key=russian_key)}


def by_district() -> dict[str, Counter[str]]:
    """Decisions by the district of the organisation, by the alphabet, those of which the office has said none at the end.

    Two queries, one of which reads all rows. Orders know no district: it is that of the office's own list.
    """
    known = {row.key: row.district for row in OrganizationDistrict.select()}
    lines = _lines((known.get(folded_name(name), NO_DISTRICT), column, count) for name, column, count in _by_organization())
    return {district: lines[district] for district in sorted(lines, key=lambda name: (name == NO_DISTRICT, russian_key(name)))}


def folded_name(name: str) -> str:
    """The name of an organisation as names are compared: letter case, ё, signs and spaces do not matter."""
    return " ".join(tokens(name))


def _by_organization() -> Iterable[tuple[str, str, int]]:
    organization = Ruling.organization.collate("BINARY" if embedded() else '"C"')
    keys = (organization, Ruling.category, Ruling.established)
    published = Ruling.select(*keys, fn.COUNT(Ruling.id)).join(Order).where(Order.status == "published")
    found: Any = published.group_by(*keys).tuples()
    return ((name, category if established else REFUSED, count) for name, category, established, count in found)


def _lines(counts: Iterable[tuple[Any, str, int]]) -> dict[Any, Counter[str]]:
    lines: defaultdict[Any, Counter[str]] = defaultdict(Counter)
    for name, column, count in counts:
        lines[name][column] += count
    return lines
