"""Statistics as pictures and tables: what the worker has counted; nothing is counted here."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask import Blueprint, Response, abort, make_response, render_template, request

from ...procedure.words import Category
from .. import charts, sheets, yearbook
from ..cases import statistics as cases
from ..statistics import NO_DISTRICT, REFUSED, SMALLEST, Table
from ..yearbook import Yearbook
from .layout import parts

public = Blueprint("statistics", __name__)

HIDDEN = "скрыто"
TITLES = {
    **{category.value: f"{category.label} категория" for category in Category},
    REFUSED: "отказы",
    cases.GRANTED: "категория установлена",
    cases.ONCE: "одна экспертиза",
    cases.TWICE: "повторная экспертиза",
}
MOST_YEARS, MOST_DISTRICTS, MOST_POSITIONS = 12, 30, 15


@dataclass(frozen=True)
class Part:
    """A part of the page: a table with its picture. `share`: the column whose share of the total is told."""

    name: str
    title: str
    of: str
    about: str
    share: str = ""
    longest_first: bool = False
    most: int = MOST_YEARS


PARTS = (
    Part(yearbook.YEARS, "Категории по годам", "Год", "Строки опубликованных распоряжений по году распоряжения."),
    Part(
        yearbook.DISTRICTS,
        "Категории по районам",
        "Район",
        "Района в распоряжениях нет. Он взят из списка организаций, который ведёт орган аттестации; "
        f"организации, которых в списке нет, собраны в строке «{NO_DISTRICT}».",
        longest_first=True,
        most=MOST_DISTRICTS,
    ),
    Part(
        yearbook.POSITIONS,
        "Категории по должностям",
        "Должность",
        "Должность – так, как она названа в распоряжении.",
        longest_first=True,
        most=MOST_POSITIONS,
    ),
    Part(
        yearbook.OUTCOMES,
        "Доля отказов",
        "Год",
        "Дела, которые прошли через этот сайт, по году публикации решения.",
        share=REFUSED,
    ),
    Part(
        yearbook.REVIEWS,
        "Доля повторных экспертиз",
        "Год",
        "Те же дела: сколько из них смотрел второй эксперт.",
        share=cases.TWICE,
    ),
)
DAYS = "days"


@public.get("/statistics/")
def index() -> Response:
    """All tables with their pictures; no query of its own."""
    book = yearbook.read(parts().settings)
    text = render_template(
        "statistics/index.html",
        book=book,
        parts=[(part, book.tables[part.name], _chart(part, book.tables[part.name])) for part in PARTS] if book else [],
        spans=charts.spans(book.days) if book else None,
        titles=TITLES,
        smallest=SMALLEST,
        hidden=HIDDEN,
        width=charts.WIDTH,
        percent=percent,
        days_of=charts.days_of,
        told_in_words=charts.told_in_words,
    )
    answer = make_response(text)
    answer.vary.add("Cookie")
    answer.add_etag()
    answer.make_conditional(request)
    return answer


@public.get("/statistics/<name>.csv")
def table(name: str) -> Response:
    """One table for a spreadsheet."""
    book = yearbook.read(parts().settings)
    known = {part.name: part for part in PARTS}
    if book is None or name not in {*known, DAYS}:
        abort(404, "Такой таблицы нет: все они перечислены на странице статистики.")
    lines = _days(book) if name == DAYS else _lines(known[name], book.tables[name])
    answer = Response("".join(sheets.csv_lines(lines)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="statistics-{name}.csv"'
    answer.add_etag()
    answer.make_conditional(request)
    return answer


def percent(part: int | None, whole: int | None) -> str:
    """A share in per cent, as people write it; empty when it is not told."""
    return "" if part is None or not whole else f"{100 * part / whole:.1f}".replace(".", ",") + " %"


def _chart(part: Part, table: Table) -> charts.Chart:
    return charts.stacked(table, longest_first=part.longest_first, most=part.most)


def _lines(part: Part, table: Table) -> Iterator[list[str]]:
    share = [f"доля: {TITLES[part.share]}"] if part.share else []
    yield [part.of, *(TITLES[column] for column in table.columns), "всего", *share]
    for line in (*table.lines, table.totals):
        cells = [HIDDEN if cell is None else str(cell) for cell in (*line.cells.values(), line.total)]
        shares = [percent(line.cells[part.share], line.total)] if part.share else []
        yield [sheets.harmless(str(line.name or "Всего")), *cells, *shares]


def _days(book: Yearbook) -> Iterator[list[str]]:
    yield ["Что", "дел", "четверть дел – до, дней", "половина дел – до, дней", "три четверти дел – до, дней"]
    for one in book.days:
        counted = HIDDEN if one.cases is None else str(one.cases)
        yield [one.title, counted, *map(charts.days_of, (one.lower, one.median, one.upper))]
