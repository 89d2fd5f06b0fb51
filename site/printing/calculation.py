"""A scoring form as a spreadsheet: counts in, points by formulas out, for Excel and LibreOffice alike.

Columns A–J are for people, K–N are hidden: usable results, points of the row before «only the best row of the section», the
same read strictly, and the price of every next result. No array formulas and no macros: only functions that both programs
have had for twenty years.
"""

import datetime as dt
import io
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from ...rubrics.forms import edition
from ...rubrics.scoring import MOST
from ...rubrics.shape import Counting, Criterion, Form, Group, Option, Section, SectionThreshold
from ..files import kept
from .conclusions import source

# Raise it whenever the sheet changes: kept files of older looks are then made anew.
LOOK = 1
FONT = "Arial"
CATEGORIES = ("первая", "высшая")
COLUMNS = (
    ("№", 11),
    ("Критерии и показатели", 50),
    ("Баллы", 7),
    ("Сколько у вас", 9),
    ("Засчитано результатов", 12.5),
    ("Баллы засчитаны", 11),
    ("При строгом прочтении", 12.5),
    ("Отметка", 21),
    ("Подтверждающие документы", 46),
    ("Примечания", 31),
)
HIDDEN = 4
# Rows in which every result counts; elsewhere an option counts once however many papers there are.
REPEATED = {Counting.SUM_EVENTS, Counting.SUM_CAPPED_POINTS, Counting.PER_ITEM}
THRESHOLDS = "Пороги"
FIRST_THRESHOLD = 4
"""The row (from 1) of the first threshold on its sheet."""


@dataclass(frozen=True)
class Filling:
    """What is entered already: `counts` by clause and option; empty strings leave the choice to whoever opens the sheet."""

    position: str = ""
    category: str = CATEGORIES[0]
    role: str = ""
    discipline: str = ""
    counts: Mapping[tuple[str, int], int] = field(default_factory=dict)


def calculation_xlsx(form: Form, fillings: Sequence[Filling] = (Filling(),)) -> bytes:
    """The workbook: a sheet «Расчёт» for each filling, the thresholds, explanations. The same form gives the same bytes."""
    data = io.BytesIO()
    book = Workbook(data, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    found = edition(form.edition)
    entry = found.entry(form.number)
    book.set_properties(
        {
            "title": f"Форма {form.number}. {entry.title if entry else form.title}: расчёт баллов",
            "subject": source(found).act,
            "created": dt.datetime.fromisoformat(found.date),
        }
    )
    styles = _Styles(book)
    for number, filling in enumerate(fillings, 1):
        name = "Расчёт" if number == 1 else f"Расчёт {number}"
        _Calculation(form, filling, book.add_worksheet(name), styles).write(entry.title if entry else form.title)
    _write_thresholds(form, book.add_worksheet(THRESHOLDS), styles)
    _write_explanations(form, book.add_worksheet("Пояснения"), styles)
    book.close()
    return data.getvalue()


def kept_calculation(form: Form, cache_dir: Path) -> Path:
    """The file of the empty workbook, made at the first call for this edition and look."""
    path = cache_dir / "calculations" / f"{form.edition}-{form.number:02}-look{LOOK}.xlsx"
    return kept(path, lambda: calculation_xlsx(form))


class _Styles:
    """The cell formats of a workbook, each made once."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, object], ...], Any] = {}

    def __call__(self, **properties: object) -> Any:
        key = tuple(sorted(properties.items()))
        if key not in self._made:
            usual = {"font_name": FONT, "font_size": 10, "valign": "top", "text_wrap": True, **properties}
            self._made[key] = self._book.add_format(usual)
        return self._made[key]

    def cell(self, **properties: object) -> Any:
        """A cell of the table."""
        return self(border=1, border_color="#999999", **properties)

    def number(self, **properties: object) -> Any:
        """Points: a true minus, digits in groups as the reader's country writes them; zero is shown where it is a result."""
        return self.cell(align="center", num_format="#,##0;\N{EN DASH}#,##0;0", **properties)

    def quiet(self, **properties: object) -> Any:
        """Points where zero only means that nothing is entered."""
        return self.cell(align="center", num_format="#,##0;\N{EN DASH}#,##0;;@", **properties)

    def entry(self, **properties: object) -> Any:
        """A cell to fill in: not locked, yellow."""
        return self.cell(locked=False, bg_color="#FFF8D6", **properties)


@dataclass(frozen=True)
class _Counted:
    """A scored row: where its figures stand (rows from 1, `first`…`last`), and its formulas before the rule of the section."""

    row: Criterion
    first: int
    last: int
    points: str
    strict: str
    mark: str
    waiting: str


class _Calculation:
    """One sheet «Расчёт». Rows are counted from 1, as formulas do; `here` is the next row to write."""

    def __init__(self, form: Form, filling: Filling, sheet: Worksheet, styles: _Styles) -> None:
        self.form = form
        self.filling = filling
        self.sheet = sheet
        self.styles = styles
        self.here = 1
        self.minima = [row for row in form.section_thresholds if row.numbers]
        self.header = 7 + len(self.minima)
        self.roles = tuple(dict.fromkeys(role for row in form.thresholds for role in row.roles))
        self.role_is_chosen = any(len(row.roles) > 1 for row in form.thresholds)
        self.subtotals: dict[str, list[int]] = {}
        self.options: list[tuple[int, Option]] = []
        self.position = filling.position or (form.positions[0] if len(form.positions) == 1 else "")

    def write(self, title: str) -> None:
        self._page()
        self.here = self.header
        for column, (name, _) in enumerate(COLUMNS):
            self._put(
                self.here, column, name, self.styles.cell(bold=True, bg_color="#E6EEEE", align="center", valign="vcenter")
            )
        self._height(self.here, [name for name, _ in COLUMNS])
        self.here += 1
        for section in self.form.sections:
            self._section(section)
        last = self.here - 1
        self._put(self.here, 1, self.form.conclusion.total, self.styles.cell(bold=True, align="right"))
        for figures in "FG":
            self._formula(self.here, figures, self._sum(figures, list(self.subtotals)), self.styles.number(bold=True))
        self._head(title, self.here)
        closed = self.styles(font_color="#6B6B6B", bg_color="#E4E4E4", italic=True)
        self.sheet.conditional_format(
            self.header,
            0,
            last - 1,
            len(COLUMNS) - 1,
            {"type": "formula", "criteria": f'=LEFT($H{self.header + 1},7)="закрыто"', "format": closed},
        )

    # ── the page and the head ───────────────────────────────────────────────────────────────────────────────────────

    def _page(self) -> None:
        sheet = self.sheet
        for column, (_, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
        sheet.set_column(len(COLUMNS), len(COLUMNS) + HIDDEN - 1, None, None, {"hidden": True})
        sheet.freeze_panes(self.header, 2)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(self.header - 1)
        sheet.set_margins(left=0.6, right=0.4, top=0.5, bottom=0.6)
        sheet.set_footer(f"&L&8Форма {self.form.number}&R&8стр. &P из &N")
        sheet.hide_gridlines(2)
        sheet.protect("", {"format_columns": True, "format_rows": True})

    def _head(self, title: str, total: int) -> None:
        """Choices on the left, results on the right; `total` is the row with the sums."""
        form, styles = self.form, self.styles
        self.sheet.merge_range(0, 0, 0, 7, f"Форма {form.number}. {title}: расчёт баллов", styles(bold=True, font_size=14))
        self.sheet.set_row(0, 38 if len(title) > 70 else 22)
        self.sheet.merge_range(
            1,
            0,
            1,
            7,
            "Заполняйте жёлтые клетки. Как считается и чего таблица не умеет, сказано на листе «Пояснения».",
            styles(),
        )
        # Where the thresholds are by sections, their sheet does not list the positions.
        listed = f"='{THRESHOLDS}'!$A${FIRST_THRESHOLD}:$A${self._last_threshold}"
        self._choice(3, "Должность", self.position, list(form.positions) if self.minima else listed)
        self._choice(4, "Категория", self.filling.category, list(CATEGORIES))
        if self.role_is_chosen:
            self._choice(5, "Роль", self.filling.role, list(self.roles))
        elif self.roles:
            self._label(5, "Роль")
            chosen = f"INDEX('{THRESHOLDS}'!$D${FIRST_THRESHOLD}:$D${self._last_threshold},$K$3)"
            self._formula(5, "B", f'=IF($K$3=0,"",{chosen})', styles.cell(), "")
        if form.disciplines:
            self._choice(6, "Дисциплины", self.filling.discipline, [kind.name for kind in form.disciplines])
        position = f"IFERROR(MATCH($B$3,'{THRESHOLDS}'!$A${FIRST_THRESHOLD}:$A${self._last_threshold},0),0)"
        known = form.positions.index(self.position) + 1 if self.position else 0
        self._formula(3, "K", f'=IF($B$3="",0,{"1" if self.minima else position})', styles(), known)
        self._formula(4, "K", f'=IF($B$4="{CATEGORIES[0]}",1,IF($B$4="{CATEGORIES[1]}",2,0))', styles(), 1)
        self._results(total)

    @property
    def _last_threshold(self) -> int:
        return FIRST_THRESHOLD + len(self.form.thresholds or self.form.section_thresholds) - 1

    def _results(self, total: int) -> None:
        where = f"$B${FIRST_THRESHOLD}:$C${self._last_threshold}"
        if self.minima:
            required = f"INDEX('{THRESHOLDS}'!$B${self._last_threshold}:$C${self._last_threshold},1,$K$4)"
        else:
            required = f"INDEX('{THRESHOLDS}'!{where},$K$3,$K$4)"
        points = self.styles.number(bold=True)
        for row, name in ((3, "Всего баллов"), (4, "Нужно баллов"), (5, "Не хватает"), (6, "Вывод")):
            self._result_label(row, name)
        for column in "FG":
            self._formula(3, column, f"={column}{total}", points)
            self._formula(4, column, f'=IF(OR($K$3=0,$K$4=0),"",{required})', points, "")
            self._formula(5, column, f'=IF({column}4="","",MAX(0,{column}4-{column}3))', points, "")
        for place, part in enumerate(self.minima):
            self._minimum(7 + place, part, FIRST_THRESHOLD + place)
        self.sheet.merge_range(5, 5, 5, 7, "", self.styles.cell(bold=True))
        verdict, value = self._verdict()
        self._formula(6, "F", verdict, self.styles.cell(bold=True), value)

    def _minimum(self, row: int, part: SectionThreshold, threshold: int) -> None:
        """A section with a minimum of its own: its points, and how many are missing."""
        self._result_label(row, part.label.split(" (")[0])
        for column in "FG":
            self._formula(row, column, self._sum(column, list(part.numbers)), self.styles.number(bold=True))
        needed = f"INDEX('{THRESHOLDS}'!$B${threshold}:$C${threshold},1,$K$4)"
        text = f'=IF($K$4=0,"",IF(F{row}>={needed},"достаточно, нужно "&{needed},"не хватает "&({needed}-F{row})))'
        self._formula(row, "H", text, self.styles.cell(), "")

    def _verdict(self) -> tuple[str, str]:
        """The formula of the verdict, and its value for a sheet without counts."""
        questions = [("$K$3=0", "выберите должность"), ("$K$4=0", "выберите категорию")]
        if self.role_is_chosen:
            questions.append(('$B$5=""', "выберите роль"))
        questions += self._missing_discipline()

        def meets(column: str) -> str:
            parts = [f"{column}3>={column}4"]
            for place, _ in enumerate(self.minima):
                threshold = FIRST_THRESHOLD + place
                parts.append(f"{column}{7 + place}>=INDEX('{THRESHOLDS}'!$B${threshold}:$C${threshold},1,$K$4)")
            return f"AND({','.join(parts)})"

        unsure = "соответствует, если варианты складываются: решает эксперт"
        formula = f'IF({meets("F")},IF({meets("G")},"соответствует","{unsure}"),"не соответствует")'
        for condition, words in reversed(questions):
            formula = f'IF({condition},"{words}",{formula})'
        value = "не соответствует"
        if self.role_is_chosen and not self.filling.role:
            value = "выберите роль"
        return "=" + formula, value if self.position else "выберите должность"

    def _missing_discipline(self) -> list[tuple[str, str]]:
        rows = [place for place, option in self.options if option.next_by_discipline]
        return [(f'AND($K${place}>1,$B$6="")', "укажите вид дисциплин") for place in rows]

    def _choice(self, row: int, name: str, value: str, choices: str | list[str]) -> None:
        self._label(row, name)
        self._put(row, 1, value, self.styles.entry(bold=True))
        if row == 3:
            self.sheet.set_row(row - 1, max(_height(position, COLUMNS[1][1] * 0.85) for position in self.form.positions))
        self.sheet.data_validation(
            row - 1,
            1,
            row - 1,
            1,
            {
                "validate": "list",
                "source": choices,
                "error_title": name,
                "error_message": "Выберите значение из списка.",
            },
        )

    def _label(self, row: int, name: str) -> None:
        self._put(row, 0, name, self.styles.cell(bg_color="#F2F2F2"))

    def _result_label(self, row: int, name: str) -> None:
        self.sheet.merge_range(row - 1, 2, row - 1, 4, name, self.styles.cell(bg_color="#F2F2F2", align="right"))

    # ── the table ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _section(self, section: Section) -> None:
        heading = self.here
        if section.heading:
            self._band(section)
        start = self.here
        told: set[str] = set()
        counted = []
        for row in section.criteria:
            group = section.group(row.group) if row.group else None
            if group and group.clause not in told:
                told.add(group.clause)
                self._group(group)
            counted.append(self._criterion(row))
        end = self.here - 1
        for item in counted:
            self._points(item, start, end, best=section.rule == "best" and not item.row.negative)
        if section.heading:
            for column in "FG":
                self._formula(heading, column, f"=SUM({column}{start}:{column}{end})", self.styles.number(bold=True, **BAND))
            self.subtotals[section.number] = [heading]
        else:
            self.subtotals[section.number] = [item.first for item in counted]

    def _band(self, section: Section) -> None:
        style = self.styles.cell(bold=True, **BAND)
        texts = (section.number, section.title, "", "", "", "", "", "", "", section.note or section.words)
        for column, text in enumerate(texts):
            self._put(self.here, column, text, style)
        self._height(self.here, texts)
        self.here += 1

    def _group(self, group: Group) -> None:
        texts = (group.clause, group.label, "", "", "", "", "", "", group.evidence, group.note)
        for column, text in enumerate(texts):
            self._put(self.here, column, text, self.styles.cell(italic=column == 1))
        self._height(self.here, texts)
        self.here += 1

    def _criterion(self, row: Criterion) -> _Counted:
        """The lines of a row; the formulas of its points follow when the section is known."""
        head = self.here
        self._line(row.clause.removesuffix("bis"), row.full_label, row.evidence, row.note)
        if row.plain:
            self._option(head, row, row.options[0], head, head)
            return self._counted(row, head, head, head)
        lines = list(_lines(row))
        first = head + 1 + next(place for place, line in enumerate(lines) if isinstance(line, Option))
        last = head + len(lines) - next(place for place, line in enumerate(reversed(lines)) if isinstance(line, Option))
        for line in lines:
            place = self.here
            if isinstance(line, Option):
                self._line("", line.label, "", line.note, indent=1)
                self._option(place, row, line, first, last)
                if row.restriction:
                    mark = f'=IF(LEFT(H{head},7)="закрыто","закрыто","")'
                    self._formula(place, "H", mark, self.styles.cell(font_size=9), "" if self.position else "закрыто")
            else:
                self._line("", line, "", "", indent=1, italic=True)
        return self._counted(row, head, first, last)

    def _line(self, clause: str, label: str, evidence: str, note: str, **look: object) -> None:
        for column in range(len(COLUMNS)):
            self._put(self.here, column, "", self.styles.cell())
        self._put(self.here, 0, clause, self.styles.cell())
        self._put(self.here, 1, label, self.styles.cell(**look))
        self._put(self.here, 8, evidence, self.styles.cell(font_size=9))
        self._put(self.here, 9, note, self.styles.cell(font_size=9))
        self._height(self.here, (clause, label, "", "", "", "", "", "", evidence, note))
        self.here += 1

    def _option(self, place: int, row: Criterion, option: Option, first: int, last: int) -> None:
        """One scored line: price, entry, usable results, counted results."""
        self.options.append((place, option))
        prices = dict(option.points_by_role)
        if prices:
            price = _chosen("$B$5", prices, option.points)
            self._formula(place, "C", f"={price}", self.styles.number(), option.points)
        else:
            self._put(place, 2, option.points, self.styles.number())
        count = self.filling.counts.get((row.clause, option.index))
        self._put(place, 3, count if count is not None else "", self.styles.entry(align="center", num_format="0"))
        self.sheet.data_validation(
            place - 1,
            3,
            place - 1,
            3,
            {
                "validate": "integer",
                "criteria": "between",
                "minimum": 0,
                "maximum": MOST,
                "error_title": "Сколько у вас",
                "error_message": f"Введите целое число от 0 до {MOST}.",
            },
        )
        usable = f"MAX(0,INT(N(D{place})))"
        if row.rule.type not in REPEATED:
            usable = f"MIN(1,{usable})"
        conditions = self._open(row, option)
        self._formula(place, "K", f"=IF(AND({','.join(conditions)}),{usable},0)" if conditions else f"={usable}", self.styles())
        if option.next_by_discipline:
            self._formula(place, "N", f"={_chosen('$B$6', dict(option.next_by_discipline), 0)}", self.styles())
        elif option.next:
            self._put(place, 13, option.next, self.styles())
        self._formula(place, "E", f"={_taken(row, place, first, last)}", self.styles.quiet())
        if option.role and not row.plain:
            words = f'=IF($B$5="","закрыто: сначала выберите роль",IF($B$5="{option.role}","","закрыто: не для этой роли"))'
            self._formula(place, "H", words, self.styles.cell(font_size=9), "закрыто: сначала выберите роль")

    def _open(self, row: Criterion, option: Option) -> list[str]:
        """Conditions under which the results of an option may be claimed."""
        conditions = self._open_position(row)
        return [*conditions, f'$B$5="{option.role}"'] if option.role else conditions

    def _open_position(self, row: Criterion) -> list[str]:
        open_to = self.form.open_positions(row)
        if open_to is None:
            return []
        places = [self.form.positions.index(position) + 1 for position in open_to]
        return [f"OR({','.join(f'$K$3={place}' for place in places)})" if places else "FALSE"]

    def _counted(self, row: Criterion, head: int, first: int, last: int) -> _Counted:
        price, usable, taken = f"C{first}:C{last}", f"K{first}:K{last}", f"E{first}:E{last}"
        points = f"SUMPRODUCT({taken},{price})"
        if row.rule.type is Counting.PER_ITEM:
            points = f"SUMPRODUCT(({usable}>0)*({price}+({usable}-1)*N{first}:N{last}))"
        mark = f'IF(SUM(D{first}:D{last})>SUM({taken}),"{_limit(row)}","")'
        strict = points
        if row.rule.max_points is not None:
            mark = f'IF({points}>{row.rule.max_points},"{_limit(row)}","")'
            points = strict = f"MIN({row.rule.max_points},{points})"
        elif row.rule.type is Counting.PER_ITEM:
            mark = '""'
        if row.unstated:
            strict = f"SUMPRODUCT(MAX(({usable}>0)*{price}))"
            mark = f'IF(F{head}<>G{head},"складывать ли, решает эксперт",{mark})'
        waiting = ""
        conditions = self._open_position(row)
        if conditions:
            mark = f'IF($K$3=0,"{WAITING}",IF({conditions[0]},{mark},"закрыто: не для этой должности"))'
            waiting = "" if self.position else WAITING
        return _Counted(row, head, last, points, strict, mark, waiting)

    def _points(self, item: _Counted, start: int, end: int, *, best: bool) -> None:
        """The points of a row: its own, or those of the best row of the section (the first of equals)."""
        place, mark = item.first, item.mark
        if best:
            self._formula(place, "L", f"={item.points}", self.styles())
            self._formula(place, "M", f"={item.strict}", self.styles())
            conditions = [f"L{place}>0", f"L{place}=MAX(L${start}:L${end})"]
            if place > start:
                conditions.append(f"COUNTIF(L${start}:L{place - 1},L{place})=0")
            self._formula(place, "F", f"=IF(AND({','.join(conditions)}),L{place},0)", self.styles.quiet(bold=True))
            self._formula(place, "G", f"=IF(F{place}<>0,M{place},0)", self.styles.quiet())
            mark = f'IF(AND(L{place}>0,F{place}=0),"в разделе засчитывается лучшая строка",{mark})'
        else:
            self._formula(place, "F", f"={item.points}", self.styles.quiet(bold=True))
            self._formula(place, "G", f"={item.strict}", self.styles.quiet())
        self._formula(place, "H", f"={mark}", self.styles.cell(font_size=9), item.waiting)

    # ── cells ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _sum(self, column: str, sections: list[str]) -> str:
        rows = [row for section in sections for row in self.subtotals[section]]
        return "=" + "+".join(f"{column}{row}" for row in rows)

    def _height(self, row: int, texts: Sequence[str], size: float = 10) -> None:
        """As tall as its longest text: programs that open the sheet without a screen do not fit rows themselves."""
        fitted = (
            _height(text, width, size if column < 8 else 9)
            for column, (text, (_, width)) in enumerate(zip(texts, COLUMNS, strict=True))
        )
        self.sheet.set_row(row - 1, max(fitted))

    def _put(self, row: int, column: int, value: str | int, style: Any) -> None:
        if value == "":
            self.sheet.write_blank(row - 1, column, None, style)
        elif isinstance(value, int):
            self.sheet.write_number(row - 1, column, value, style)
        else:
            self.sheet.write_string(row - 1, column, value, style)

    def _formula(self, row: int, column: str, formula: str, style: Any, value: str | int = 0) -> None:
        """A formula and what it gives before anything is entered, for programs that do not calculate."""
        self.sheet.write_formula(row - 1, ord(column) - ord("A"), formula, style, value)


BAND: dict[str, object] = {"bg_color": "#F2F2F2"}
WAITING = "закрыто: сначала выберите должность"


def _lines(row: Criterion) -> Iterator[Option | str]:
    """What stands under the label of a row: its options, their headings, the text after them."""
    heading = ""
    for option in row.options:
        if option.context and option.context != heading:
            yield option.context
        heading = option.context
        yield option
    if row.tail:
        yield row.tail


def _taken(row: Criterion, place: int, first: int, last: int) -> str:
    """How many results of the option count: what the limit of the row leaves after the dearer ones (of equals, the upper)."""
    limit = 1 if row.rule.type in {Counting.SINGLE, Counting.BEST_OF} else row.rule.max_events
    if limit is None or first == last:
        return f"K{place}" if limit is None else f"MIN({limit},K{place})"
    dearer = f"SUMPRODUCT((C${first}:C${last}>C{place})*K${first}:K${last})"
    if place > first:
        dearer += f"-SUMPRODUCT((C${first}:C{place - 1}=C{place})*K${first}:K{place - 1})"
    return f"MAX(0,MIN(K{place},{limit}-{dearer}))"


def _limit(row: Criterion) -> str:
    """Why not everything counted, in a few words."""
    match row.rule.type:
        case Counting.BEST_OF:
            return "засчитан только лучший вариант"
        case Counting.SUM_EVENTS:
            return f"засчитано не более {row.rule.max_events}"
        case Counting.SUM_OPTIONS if row.rule.max_events is not None:
            return f"разных вариантов не более {row.rule.max_events}, каждый один раз"
        case Counting.SUM_CAPPED_POINTS | Counting.PER_ITEM:
            return f"не более {row.rule.max_points} баллов"
        case Counting.SINGLE:
            return "засчитано один раз"
        case _:
            return "каждый вариант засчитан один раз"


def _chosen(cell: str, figures: Mapping[str, int], otherwise: int) -> str:
    """The figure for the word in the cell."""
    formula = str(otherwise)
    for name, figure in reversed(list(figures.items())):
        formula = f'IF({cell}="{name}",{figure},{formula})'
    return formula


def _height(text: str, width: float, size: float = 10) -> float:
    """Points that a wrapped text takes in a column of this width (in digits)."""
    letters = max(8, int(width * 12 / size))
    lines = sum(max(1, len(textwrap.wrap(line, letters))) for line in text.split("\n"))
    return 4 + lines * size * 1.3


# ── the other sheets ────────────────────────────────────────────────────────────────────────────────────────────────────


def _write_thresholds(form: Form, sheet: Worksheet, styles: _Styles) -> None:
    sheet.set_column(0, 0, 90)
    sheet.set_column(1, 3, 26)
    sheet.merge_range(0, 0, 0, 3, form.conclusion.thresholds, styles(bold=True, font_size=12))
    header = styles.cell(bold=True, bg_color="#E6EEEE", align="center")
    titles = [*form.conclusion.thresholds_columns, *(["Роль"] if any(row.roles for row in form.thresholds) else [])]
    for column, title in enumerate(titles):
        sheet.write_string(2, column, title, header)
    rows = [(row.position, row.first, row.highest, row.roles) for row in form.thresholds]
    rows += [(row.label, row.first, row.highest, ()) for row in form.section_thresholds]
    sheet.set_row(2, 32)
    for place, (name, first, highest, roles) in enumerate(rows, FIRST_THRESHOLD - 1):
        sheet.set_row(place, _height(name, 90))
        sheet.write_string(place, 0, name, styles.cell())
        for column, asked in enumerate((first, highest), 1):
            upper = f'"–{asked.max}"' if asked.max is not None else '" и выше"'
            sheet.write_number(place, column, asked.min, styles.cell(align="center", num_format=f"0{upper}"))
        if roles:
            sheet.write_string(place, 3, roles[0] if len(roles) == 1 else "на выбор", styles.cell())
    _finish(sheet, form)
    sheet.freeze_panes(3, 0)


def _write_explanations(form: Form, sheet: Worksheet, styles: _Styles) -> None:
    sheet.set_column(0, 0, 110)
    found = edition(form.edition)
    where = source(found)
    sheet.write_string(0, 0, "Пояснения", styles(bold=True, font_size=12))
    for place, text in enumerate(_explanations(form), 1):
        sheet.write_string(place, 0, text, styles())
        sheet.set_row(place, _height(text, 110))
    sheet.set_row(place + 2, 30)
    sheet.write_string(place + 2, 0, f"Источник: {where.appendix}. {where.act}.".replace("\N{NO-BREAK SPACE}", " "), styles())
    _finish(sheet, form)


def _explanations(form: Form) -> Iterator[str]:
    yield "Выберите должность и категорию, впишите в жёлтые клетки, сколько у вас результатов. Пустая клетка — ноль."
    yield "Остальные клетки защищены от случайных правок, пароля нет: защиту можно снять в меню программы."
    yield (
        "«Засчитано результатов» показывает, что осталось после ограничений: лучший вариант, не более стольких-то мероприятий "
        "(первыми берутся самые дорогие), не более стольких-то баллов."
    )
    if any(row.unstated for row in form.criteria):
        yield (
            "Где регламент не говорит, складываются ли варианты, таблица складывает их, каждый по одному разу. «При строгом "
            "прочтении» засчитан только лучший из них. Решает эксперт."
        )
    best = [section.number for section in form.sections if section.rule == "best"]
    if best:
        yield f"Засчитывается только лучшая строка раздела: раздел {', '.join(best)}."
    if any(row.restriction for row in form.criteria):
        yield "Серые строки с отметкой «закрыто» — не для выбранной должности: что в них вписано, не считается."
    if form.disciplines:
        yield "Вид дисциплин нужен там, где баллы за каждого следующего обучающегося зависят от него."
    pupils = [row.clause for row in form.criteria if row.rule.distinct_students]
    if pupils:
        yield (
            f"Чего таблица не умеет: в строках {', '.join(pupils)} результаты должны быть у разных обучающихся. "
            "Одного обучающегося впишите один раз, с лучшим результатом."
        )
    yield "Отрицательные баллы (взыскания, жалобы) вычитаются один раз, если вписать 1."
    yield "Расчёт предварительный: баллы выставляет эксперт по документам индивидуальной папки."
    for row in form.criteria:
        if row.remark:
            yield f"Строка {row.clause.removesuffix('bis')}. {row.remark}"


def _finish(sheet: Worksheet, form: Form) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L&8Форма {form.number}&R&8стр. &P из &N")
    sheet.hide_gridlines(2)
    sheet.protect("", {"format_columns": True, "format_rows": True})
