"""Bars of a chart, measured: how long each piece is. Templates draw them as SVG; the numbers stand beside as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .cases.statistics import Days
from .statistics import Line, Table

# In units of the picture: its width, the room for the number at the end of a bar, the height of a bar with its label.
WIDTH, NUMBER, STEP = 360, 52, 40
LONGEST = WIDTH - NUMBER
LONGEST_LABEL = 48


@dataclass(frozen=True)
class Piece:
    """A piece of a bar: its place, its kind (a column of the table, or `unknown`)."""

    x: float
    width: float
    kind: str


@dataclass(frozen=True)
class Bar:
    """A bar with its label above and its number behind. `mark`: where a line crosses it."""

    label: str
    y: int
    pieces: tuple[Piece, ...]
    number: str
    end: float
    mark: float | None = None


@dataclass(frozen=True)
class Chart:
    """Bars one under another. `left_out`: how many lines are too small, or too many, to be drawn."""

    bars: tuple[Bar, ...]
    left_out: int

    @property
    def height(self) -> int:
        return STEP * len(self.bars)


def stacked(table: Table, *, longest_first: bool, most: int) -> Chart:
    """A bar for each line: its cells one behind another, and what of its total they leave.

    Where the total is not told, the cells that are, and «+» behind their sum.
    """
    lengths = {line.name: length for line in table.lines if (length := _length(line))}
    told = [line for line in table.lines if line.name in lengths]
    if longest_first:
        # Numbers that are told may set the order; lines without one are not drawn at all.
        told.sort(key=lambda line: -lengths[line.name])
    drawn = told[:most]
    scale = LONGEST / max((lengths[line.name] for line in drawn), default=1)
    bars = [_bar(line, table.columns, place, scale) for place, line in enumerate(drawn)]
    return Chart(tuple(bars), len(table.lines) - len(drawn))


def spans(days: Sequence[Days]) -> Chart:
    """A bar from the lower to the upper quarter of each stretch, crossed at the median."""
    told = [one for one in days if one.median is not None]
    scale = LONGEST / max((one.upper or 0 for one in told), default=1) if any(one.upper for one in told) else 1
    return Chart(tuple(_span(one, place, scale) for place, one in enumerate(told)), len(days) - len(told))


def _length(line: Line) -> int:
    """What is told of a line: its total, or what its cells add up to."""
    return sum(cell or 0 for cell in line.cells.values()) if line.total is None else line.total


def _bar(line: Line, columns: Sequence[str], place: int, scale: float) -> Bar:
    pieces: list[Piece] = []
    done, length = 0, _length(line)
    for kind, count in (*((column, line.cells[column] or 0) for column in columns), ("unknown", None)):
        count = length - done if count is None else count
        if count:
            pieces.append(Piece(round(done * scale, 2), round(count * scale, 2), kind))
        done += count
    number = f"{length}+" if line.total is None else str(length)
    return Bar(_label(str(line.name)), place * STEP, tuple(pieces), number, round(length * scale, 2))


def _span(one: Days, place: int, scale: float) -> Bar:
    lower, median, upper = (round((value or 0) * scale, 2) for value in (one.lower, one.median, one.upper))
    # Where half of the cases took the same time, the bar is still to be seen.
    pieces = (Piece(lower, max(round(upper - lower, 2), 2), "span"),)
    return Bar(_label(one.title), place * STEP, pieces, days_of(one.median), max(upper, lower + 2), median)


def days_of(value: float | None) -> str:
    """A number of days as people write it."""
    return "" if value is None else f"{value:.1f}".rstrip("0").rstrip(".").replace(".", ",")


def told_in_words(table: Table, chart: Chart, titles: Mapping[str, str]) -> str:
    """What the picture shows, for who does not see it."""
    named = "; ".join(f"{bar.label} – {bar.number}" for bar in chart.bars[:5])
    kinds = ", ".join(titles[column] for column in table.columns)
    return f"Полосы по числу решений ({kinds}). {named}. Все числа – в таблице под рисунком."


def _label(text: str) -> str:
    return text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1].rstrip() + "…"
