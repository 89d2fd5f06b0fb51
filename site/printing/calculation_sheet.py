"""The sheet «Расчёт» of a scoring form: counts in, points by formulas out.

Columns A–J are for people, K–N are hidden: usable results, points of the row before «only the best row of the section», the
same read strictly, and the price of every next result. No array formulas and no macros: only functions that both Excel and
LibreOffice have had for twenty years.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from xlsxwriter.worksheet import Worksheet

from ...rubrics.scoring import CATEGORIES, MOST
from ...rubrics.shape import Counting, Criterion, Form, Group, Option, Section, SectionThreshold
from ..worksheet import counts
from .conclusions import lines, printed_clause
from .spreadsheet import HEADER, SHADE, Grid, Styles, height, lay_out

FIRST, HIGHEST = CATEGORIES["first"], CATEGORIES["highest"]
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
POINTS = "FG"
"""The columns with points: as counted, and when read strictly."""
WAITING = "закрыто: сначала выберите должность"
THRESHOLDS = "Пороги"
FIRST_THRESHOLD = 4
"""The row (from 1) of the first threshold on its sheet."""


@dataclass(frozen=True)
class Filling:
    """What is entered already: `counts` by clause and option; empty strings leave the choice to whoever opens the sheet."""

    position: str = ""
    category: str = FIRST
    role: str = ""
    discipline: str = ""
    counts: Mapping[tuple[str, int], int] = field(default_factory=dict)


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


class CalculationSheet:
    """One sheet «Расчёт»; `here` is the next row to write."""

    def __init__(self, form: Form, filling: Filling, sheet: Worksheet, styles: Styles) -> None:
        self.form = form
        self.filling = filling
        self.sheet = sheet
        self.styles = styles
        self.grid = Grid(sheet, styles, [width for _, width in COLUMNS], small="IJ")
        self.here = 1
        self.minima = [row for row in form.section_thresholds if row.numbers]
        self.header = 7 + len(self.minima)
        self.roles = tuple(dict.fromkeys(role for row in form.thresholds for role in row.roles))
        self.role_is_chosen = any(len(row.roles) > 1 for row in form.thresholds)
        self.subtotals: dict[str, list[int]] = {}
        self.options: list[tuple[int, Option]] = []
        self.position = filling.position or (form.positions[0] if len(form.positions) == 1 else "")

    def write(self, title: str) -> None:
        """Write the whole sheet; `title` is the form's."""
        self._page()
        self.here = self.header
        header = self.styles.cell(bold=True, bg_color=HEADER, align="center", valign="vcenter")
        self.grid.line(self.here, [name for name, _ in COLUMNS], header)
        self.here += 1
        for section in self.form.sections:
            self._section(section)
        self._grey_out(self.here - 1)
        self.grid.put(self.here, "B", self.form.conclusion.total, self.styles.cell(bold=True, align="right"))
        for column in POINTS:
            self.grid.formula(self.here, column, self._sum(column, list(self.subtotals)), self.styles.number(bold=True))
        self._head(title, self.here)

    # ── the page and the head ───────────────────────────────────────────────────────────────────────────────────────

    def _page(self) -> None:
        sheet = self.sheet
        for column, (_, width) in enumerate(COLUMNS):
            sheet.set_column(column, column, width)
        sheet.set_column(len(COLUMNS), len(COLUMNS) + HIDDEN - 1, None, None, {"hidden": True})
        sheet.freeze_panes(self.header, 2)
        sheet.repeat_rows(self.header - 1)
        sheet.set_margins(left=0.6, right=0.4, top=0.5, bottom=0.6)
        lay_out(sheet, f"Форма {self.form.number}")

    def _grey_out(self, last: int) -> None:
        """Rows marked «закрыто» are grey, down to this one."""
        closed = self.styles(font_color="#6B6B6B", bg_color="#E4E4E4", italic=True)
        rule = {"type": "formula", "criteria": f'=LEFT($H{self.header + 1},7)="закрыто"', "format": closed}
        self.sheet.conditional_format(self.header, 0, last - 1, len(COLUMNS) - 1, rule)

    def _head(self, title: str, total: int) -> None:
        """Choices on the left, results on the right; `total` is the row with the sums."""
        form, styles = self.form, self.styles
        self.sheet.merge_range("A1:H1", f"Форма {form.number}. {title}: расчёт баллов", styles(bold=True, font_size=14))
        self.sheet.set_row(0, 38 if len(title) > 70 else 22)
        told = "Заполняйте жёлтые клетки. Как считается и чего таблица не умеет, сказано на листе «Пояснения»."
        self.sheet.merge_range("A2:H2", told, styles())
        # Where the thresholds are by sections, their sheet does not list the positions.
        listed = f"='{THRESHOLDS}'!$A${FIRST_THRESHOLD}:$A${self._last_threshold}"
        self._choice(3, "Должность", self.position, list(form.positions) if self.minima else listed)
        self._choice(4, "Категория", self.filling.category, [FIRST, HIGHEST])
        if self.role_is_chosen:
            self._choice(5, "Роль", self.filling.role, list(self.roles))
        elif self.roles:
            self._label(5, "Роль")
            chosen = f"INDEX('{THRESHOLDS}'!$D${FIRST_THRESHOLD}:$D${self._last_threshold},$K$3)"
            self.grid.formula(5, "B", f'=IF($K$3=0,"",{chosen})', styles.cell(), "")
        if form.disciplines:
            self._choice(6, "Дисциплины", self.filling.discipline, [kind.name for kind in form.disciplines])
        position = f"IFERROR(MATCH($B$3,'{THRESHOLDS}'!$A${FIRST_THRESHOLD}:$A${self._last_threshold},0),0)"
        known = form.positions.index(self.position) + 1 if self.position else 0
        self.grid.formula(3, "K", f'=IF($B$3="",0,{"1" if self.minima else position})', styles(), known)
        self.grid.formula(4, "K", f'=IF($B$4="{FIRST}",1,IF($B$4="{HIGHEST}",2,0))', styles(), 1)
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
        for column in POINTS:
            self.grid.formula(3, column, f"={column}{total}", points)
            self.grid.formula(4, column, f'=IF(OR($K$3=0,$K$4=0),"",{required})', points, "")
            self.grid.formula(5, column, f'=IF({column}4="","",MAX(0,{column}4-{column}3))', points, "")
        for place, part in enumerate(self.minima):
            self._minimum(7 + place, part, FIRST_THRESHOLD + place)
        self.sheet.merge_range("F6:H6", "", self.styles.cell(bold=True))
        verdict, value = self._verdict()
        self.grid.formula(6, "F", verdict, self.styles.cell(bold=True), value)

    def _minimum(self, row: int, part: SectionThreshold, threshold: int) -> None:
        """A section with a minimum of its own: its points, and how many are missing."""
        self._result_label(row, part.label.split(" (")[0])
        for column in POINTS:
            self.grid.formula(row, column, self._sum(column, list(part.numbers)), self.styles.number(bold=True))
        needed = f"INDEX('{THRESHOLDS}'!$B${threshold}:$C${threshold},1,$K$4)"
        text = f'=IF($K$4=0,"",IF(F{row}>={needed},"достаточно, нужно "&{needed},"не хватает "&({needed}-F{row})))'
        self.grid.formula(row, "H", text, self.styles.cell(), "")

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
        self.grid.put(row, "B", value, self.styles.entry(bold=True))
        self.grid.choice(row, "B", name, choices)
        if row == 3:
            self.sheet.set_row(row - 1, max(height(position, COLUMNS[1][1] * 0.85) for position in self.form.positions))

    def _label(self, row: int, name: str) -> None:
        self.grid.put(row, "A", name, self.styles.cell(bg_color=SHADE))

    def _result_label(self, row: int, name: str) -> None:
        self.sheet.merge_range(f"C{row}:E{row}", name, self.styles.cell(bg_color=SHADE, align="right"))

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
            total = self.styles.number(bold=True, bg_color=SHADE)
            for column in POINTS:
                self.grid.formula(heading, column, f"=SUM({column}{start}:{column}{end})", total)
            self.subtotals[section.number] = [heading]
        else:
            self.subtotals[section.number] = [item.first for item in counted]

    def _band(self, section: Section) -> None:
        texts = (section.number, section.title, *[""] * 7, section.note or section.words)
        self.grid.line(self.here, texts, self.styles.cell(bold=True, bg_color=SHADE))
        self.here += 1

    def _group(self, group: Group) -> None:
        plain = self.styles.cell()
        texts = (group.clause, group.label, *[""] * 6, group.evidence, group.note)
        self.grid.line(self.here, texts, plain, self.styles.cell(italic=True), *[plain] * 8)
        self.here += 1

    def _criterion(self, row: Criterion) -> _Counted:
        """The lines of a row; the formulas of its points follow when the section is known."""
        head = self.here
        self._line(printed_clause(row), row.full_label, row.evidence, row.note)
        if row.plain:
            self._option(head, row, row.options[0], head, head)
            return self._counted(row, head, head, head)
        below = list(lines(row))
        first = head + 1 + next(place for place, line in enumerate(below) if isinstance(line, Option))
        last = head + len(below) - next(place for place, line in enumerate(reversed(below)) if isinstance(line, Option))
        for line in below:
            place = self.here
            if isinstance(line, Option):
                self._line("", line.label, "", line.note, indent=1)
                self._option(place, row, line, first, last)
                if row.restriction:
                    mark = f'=IF(LEFT(H{head},7)="закрыто","закрыто","")'
                    self.grid.formula(place, "H", mark, self.styles.cell(font_size=9), "" if self.position else "закрыто")
            else:
                self._line("", line, "", "", indent=1, italic=True)
        return self._counted(row, head, first, last)

    def _line(self, clause: str, label: str, evidence: str, note: str, **look: object) -> None:
        plain, small = self.styles.cell(), self.styles.cell(font_size=9)
        texts = (clause, label, *[""] * 6, evidence, note)
        self.grid.line(self.here, texts, plain, self.styles.cell(**look), *[plain] * 6, small, small)
        self.here += 1

    def _option(self, place: int, row: Criterion, option: Option, first: int, last: int) -> None:
        """One scored line: price, entry, usable results, counted results."""
        self.options.append((place, option))
        prices = dict(option.points_by_role)
        if prices:
            price = _chosen("$B$5", prices, option.points)
            self.grid.formula(place, "C", f"={price}", self.styles.number(), option.points)
        else:
            self.grid.put(place, "C", option.points, self.styles.number())
        count = self.filling.counts.get((row.clause, option.index))
        self.grid.put(place, "D", count if count is not None else "", self.styles.entry(align="center", num_format="0"))
        self.grid.whole(place, "D", "Сколько у вас", MOST)
        usable = f"MAX(0,INT(N(D{place})))"
        if not counts(row):
            usable = f"MIN(1,{usable})"
        conditions = self._open(row, option)
        if conditions:
            usable = f"IF(AND({','.join(conditions)}),{usable},0)"
        self.grid.formula(place, "K", f"={usable}", self.styles())
        if option.next_by_discipline:
            self.grid.formula(place, "N", f"={_chosen('$B$6', dict(option.next_by_discipline), 0)}", self.styles())
        elif option.next:
            self.grid.put(place, "N", option.next, self.styles())
        self.grid.formula(place, "E", f"={_taken(row, place, first, last)}", self.styles.quiet())
        if option.role and not row.plain:
            words = f'=IF($B$5="","закрыто: сначала выберите роль",IF($B$5="{option.role}","","закрыто: не для этой роли"))'
            self.grid.formula(place, "H", words, self.styles.cell(font_size=9), "закрыто: сначала выберите роль")

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
            self.grid.formula(place, "L", f"={item.points}", self.styles())
            self.grid.formula(place, "M", f"={item.strict}", self.styles())
            conditions = [f"L{place}>0", f"L{place}=MAX(L${start}:L${end})"]
            if place > start:
                conditions.append(f"COUNTIF(L${start}:L{place - 1},L{place})=0")
            self.grid.formula(place, "F", f"=IF(AND({','.join(conditions)}),L{place},0)", self.styles.quiet(bold=True))
            self.grid.formula(place, "G", f"=IF(F{place}<>0,M{place},0)", self.styles.quiet())
            mark = f'IF(AND(L{place}>0,F{place}=0),"в разделе засчитывается лучшая строка",{mark})'
        else:
            self.grid.formula(place, "F", f"={item.points}", self.styles.quiet(bold=True))
            self.grid.formula(place, "G", f"={item.strict}", self.styles.quiet())
        self.grid.formula(place, "H", f"={mark}", self.styles.cell(font_size=9), item.waiting)

    def _sum(self, column: str, sections: list[str]) -> str:
        rows = [row for section in sections for row in self.subtotals[section]]
        return "=" + "+".join(f"{column}{row}" for row in rows)


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
