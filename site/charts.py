"""Bars of a chart, measured: how long each piece is. Templates draw them as SVG; the numbers stand beside as a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .yearbook import Row, Sheet, Stretch

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


def stacked(sheet: Sheet, *, longest_first: bool, most: int) -> Chart:
    """A bar for each line whose total is told, its cells one behind another; where cells are left out, a bar in one piece."""
    told = [row for row in sheet.rows if row.total]
    if longest_first:
        # Numbers that are told may set the order; lines without one are not drawn at all.
        told.sort(key=lambda row: -(row.total or 0))
    drawn = told[:most]
    scale = LONGEST / max((row.total or 0 for row in drawn), default=1)
    bars = [_bar(row, sheet.columns, place, scale) for place, row in enumerate(drawn)]
    return Chart(tuple(bars), len(sheet.rows) - len(drawn))


def spans(days: Sequence[Stretch]) -> Chart:
    """A bar from the lower to the upper quarter of each stretch, crossed at the median."""
    told = [one for one in days if one.median is not None]
    scale = LONGEST / max((one.upper or 0 for one in told), default=1) if any(one.upper for one in told) else 1
    return Chart(tuple(_span(one, place, scale) for place, one in enumerate(told)), len(days) - len(told))


def _bar(row: Row, columns: Sequence[str], place: int, scale: float) -> Bar:
    total = row.total or 0
    pieces: list[Piece] = []
    if None in row.cells.values():
        pieces.append(Piece(0, round(total * scale, 2), "unknown"))
    else:
        done = 0
        for column in columns:
            count = row.cells[column] or 0
            if count:
                pieces.append(Piece(round(done * scale, 2), round(count * scale, 2), column))
            done += count
    return Bar(_label(row.name), place * STEP, tuple(pieces), str(total), round(total * scale, 2))


def _span(one: Stretch, place: int, scale: float) -> Bar:
    lower, median, upper = (round((value or 0) * scale, 2) for value in (one.lower, one.median, one.upper))
    # Where half of the cases took the same time, the bar is still to be seen.
    pieces = (Piece(lower, max(round(upper - lower, 2), 2), "span"),)
    return Bar(_label(one.title), place * STEP, pieces, days_of(one.median), max(upper, lower + 2), median)


def days_of(value: float | None) -> str:
    """A number of days as people write it."""
    return "" if value is None else f"{value:.1f}".rstrip("0").rstrip(".").replace(".", ",")


def told_in_words(sheet: Sheet, chart: Chart, titles: Mapping[str, str]) -> str:
    """What the picture shows, for who does not see it."""
    named = "; ".join(f"{bar.label} – {bar.number}" for bar in chart.bars[:5])
    kinds = ", ".join(titles[column] for column in sheet.columns)
    return f"Полосы по числу решений ({kinds}). {named}. Все числа – в таблице под рисунком."


def _label(text: str) -> str:
    return text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1].rstrip() + "…"
