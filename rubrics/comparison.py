"""Two forms, or two positions of forms, side by side: what counts in both, what in one only. Pure functions."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from typing import TypeVar

from .shape import Criterion, Form, Option, Range, SectionThreshold, Threshold, squeezed

# Rows whose labels share at least this part of their words are one row; found by reading all pairs of the 15 forms.
ROWS_ALIKE = 0.66
OPTIONS_ALIKE = 0.6

Thing = TypeVar("Thing")


@dataclass(frozen=True)
class Side:
    """A form, and the row of its threshold table when only what this row may claim is compared."""

    form: Form
    position: str = ""

    @property
    def thresholds(self) -> tuple[Threshold | SectionThreshold, ...]:
        """The rows of the threshold table that apply."""
        if not self.form.thresholds:
            return self.form.section_thresholds
        return tuple(row for row in self.form.thresholds if self.position in ("", row.position))

    @property
    def rows(self) -> tuple[Criterion, ...]:
        """The rows that this position may claim, priced for its only role if it has one."""
        return tuple(self._priced(row) for row in self.form.criteria if not self.position or row.open_to(self.position))

    def _priced(self, row: Criterion) -> Criterion:
        roles = self.form.roles(self.position) if self.position else ()
        if len(roles) != 1:
            return row
        kept = (option for option in row.options if option.role in ("", roles[0]))
        return replace(
            row, options=tuple(replace(one, points=one.points_for(roles[0]), points_by_role=(), role="") for one in kept)
        )


@dataclass(frozen=True)
class OptionPair:
    """The same scored line on both sides, or a line of one side."""

    left: Option | None
    right: Option | None

    @property
    def same(self) -> bool:
        return self.left is not None and self.right is not None and _price(self.left) == _price(self.right)


@dataclass(frozen=True)
class RowPair:
    """The same row on both sides, with its scored lines."""

    left: Criterion
    right: Criterion
    options: tuple[OptionPair, ...]

    @property
    def wording_differs(self) -> bool:
        return _words(self.left.full_label) != _words(self.right.full_label)

    @property
    def points_differ(self) -> bool:
        return not all(pair.same for pair in self.options)

    @property
    def limits_differ(self) -> bool:
        """Whether the rows are summed or capped in another way."""
        left, right = self.left.rule, self.right.rule
        return replace(left, words="") != replace(right, words="")

    @property
    def period_differs(self) -> bool:
        return self.left.period != self.right.period

    @property
    def same(self) -> bool:
        """Equal in points, limits and period; wording may differ."""
        return not (self.points_differ or self.limits_differ or self.period_differs)


@dataclass(frozen=True)
class ThresholdPair:
    """A row of the threshold tables on both sides, or on one. `name` is the position, or the label of sections."""

    name: str
    left: Threshold | SectionThreshold | None
    right: Threshold | SectionThreshold | None

    @property
    def same(self) -> bool:
        """Whether both categories ask for the same points."""
        return bool(self.left and self.right) and _asked(self.left) == _asked(self.right)


@dataclass(frozen=True)
class Comparison:
    """Rows of both sides in the order of the left one, and rows that one side has alone."""

    left: Side
    right: Side
    pairs: tuple[RowPair, ...]
    left_only: tuple[Criterion, ...]
    right_only: tuple[Criterion, ...]

    @property
    def thresholds(self) -> tuple["ThresholdPair", ...]:
        """The rows of both threshold tables that differ, those that one side has alone included."""
        mine, theirs = ({_row_name(row): row for row in side.thresholds} for side in (self.left, self.right))
        pairs = (ThresholdPair(name, mine.get(name), theirs.get(name)) for name in {**mine, **theirs})
        return tuple(pair for pair in pairs if not pair.same)

    @property
    def nothing_differs(self) -> bool:
        """Whether points, limits, periods and thresholds are the same on both sides."""
        return not (self.differing or self.left_only or self.right_only or self.thresholds)

    @property
    def differing(self) -> tuple[RowPair, ...]:
        return tuple(pair for pair in self.pairs if not pair.same)

    @property
    def same(self) -> tuple[RowPair, ...]:
        return tuple(pair for pair in self.pairs if pair.same)


def compare(left: Form, right: Form, left_position: str = "", right_position: str = "") -> Comparison:
    """Compare forms whole, or only what a row of the threshold table may claim. LookupError for a row that is not there."""
    sides = _side(left, left_position), _side(right, right_position)
    rows = sides[0].rows, sides[1].rows
    same_form = (left.number, left.edition) == (right.number, right.edition)
    return _compared(sides, _pairs(rows[0], rows[1], _same_clause if same_form else _likeness))


def compare_editions(old: Form, new: Form) -> Comparison:
    """What became of a form in a later edition: rows of like words are one, then those that kept their number."""
    sides = Side(old), Side(new)
    found = _pairs(sides[0].rows, sides[1].rows, _likeness_in_time)
    taken = {i for i, _ in found}, {j for _, j in found}
    rest = [(i, j) for i, j in _pairs(sides[0].rows, sides[1].rows, _same_clause) if i not in taken[0] and j not in taken[1]]
    return _compared(sides, found + rest)


def _compared(sides: tuple[Side, Side], found: list[tuple[int, int]]) -> Comparison:
    """The comparison of these sides, with the places of the rows that are the same."""
    rows = sides[0].rows, sides[1].rows
    partners = dict(found)
    return Comparison(
        left=sides[0],
        right=sides[1],
        pairs=tuple(
            RowPair(row, rows[1][partners[place]], _option_pairs(row, rows[1][partners[place]]))
            for place, row in enumerate(rows[0])
            if place in partners
        ),
        left_only=tuple(row for place, row in enumerate(rows[0]) if place not in partners),
        right_only=tuple(row for place, row in enumerate(rows[1]) if place not in partners.values()),
    )


def _side(form: Form, position: str) -> Side:
    if not position:
        return Side(form)
    spelled = form.position(position)
    if spelled is None:
        raise LookupError(f"В таблице баллов формы {form.number} нет строки «{position}».")
    return Side(form, spelled)


# ── what is the same ────────────────────────────────────────────────────────────────────────────────────────────────


def _same_clause(left: Criterion, right: Criterion) -> float:
    return float(left.clause == right.clause)


def _likeness(left: Criterion, right: Criterion) -> float:
    """How much of their words two rows share, 0 below the border. Equal labels are told apart by their scored lines."""
    mine, theirs = _words(left.full_label), _words(right.full_label)
    alike = _shared(mine, theirs)
    # A single common word («Подготовка …») says too little.
    if len(mine & theirs) < 2 and squeezed(left.full_label) != squeezed(right.full_label):
        return 0
    if alike < ROWS_ALIKE or _awards(left.full_label) != _awards(right.full_label):
        return 0
    lines = 0.0 if left.plain or right.plain else _shared(_all_words(left.options), _all_words(right.options))
    return alike + lines / 1000


def _likeness_in_time(left: Criterion, right: Criterion) -> float:
    """As `_likeness`; of rows with equal words the one that kept its number is the same."""
    alike = 1.0 if left.full_label == right.full_label else _likeness(left, right)
    return alike and alike + _same_clause(left, right) / 100


def _option_pairs(left: Criterion, right: Criterion) -> tuple[OptionPair, ...]:
    if left.plain and right.plain:
        return (OptionPair(left.options[0], right.options[0]),)
    found = [] if left.plain or right.plain else _pairs(left.options, right.options, _option_likeness)
    partners = dict(found)
    mine = (OptionPair(one, right.options[partners[i]] if i in partners else None) for i, one in enumerate(left.options))
    theirs = (OptionPair(None, other) for i, other in enumerate(right.options) if i not in partners.values())
    return (*mine, *theirs)


def _option_likeness(left: Option, right: Option) -> float:
    """Options are the same only with the same levels, places and figures; «районного» and «городского» differ in a word."""
    mine, theirs = _words(left.full_label), _words(right.full_label)
    if _telling(left.full_label) != _telling(right.full_label):
        return 0
    alike = _shared(mine - FILLERS, theirs - FILLERS)
    return alike if alike >= OPTIONS_ALIKE else 0


def _pairs(left: Sequence[Thing], right: Sequence[Thing], likeness: Callable[[Thing, Thing], float]) -> list[tuple[int, int]]:
    """Places of partners, one to one: the most alike first, among equals those nearest in order."""
    scored = ((-likeness(one, other), abs(i - j), i, j) for (i, one), (j, other) in product(enumerate(left), enumerate(right)))
    taken: tuple[set[int], set[int]] = set(), set()
    found = []
    for alike, _, i, j in sorted(scored):
        if alike < 0 and i not in taken[0] and j not in taken[1]:
            found.append((i, j))
            taken[0].add(i)
            taken[1].add(j)
    return found


# ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────────

WORD = re.compile(r"[а-яa-z0-9]+")
# Words that say nothing about what is counted, and those that only say whose form it is.
SILENT = frozenset(
    ["а", "в", "для", "до", "за", "и", "из", "или", "к", "на", "не", "но", "о", "от", "по", "при", "с", "со", "у"]
)
OWNERS = re.compile(r"педагог|преподавател|концертмейстер|методист|библиотекар")
PUPILS = re.compile(r"обучающ|воспитанник|учащ")
LEVELS = re.compile(r"район|город|регион|федерал|всеросс|междунар|северо|лауреат|дипломант|призер|победител|участ|\d+")

# Two awards are never one row, however alike the words around them.
AWARDS = re.compile(r"благодарственн|благодарност|грамот|знак|преми|диплом|диссертац")


@cache
def _words(text: str) -> frozenset[str]:
    """What a label is about: its words without endings, silent words and owners; pupils of every kind are one word."""
    words = WORD.findall(squeezed(text))
    kept = ("ученик" if PUPILS.match(word) else _stem(word) for word in words if word not in SILENT and not OWNERS.match(word))
    return frozenset(kept)


def _stem(word: str) -> str:
    return word[:-2] if len(word) > 5 else word


# An option names its level with or without these.
FILLERS = frozenset(
    ["уровен", "уровня", "уров", "конкур", "конкурса", "соревнован", "мероприят", "муниципальн", "муниципально"]
)


@cache
def _telling(text: str) -> frozenset[str]:
    return frozenset(LEVELS.findall(squeezed(text)))


@cache
def _awards(text: str) -> frozenset[str]:
    return frozenset(AWARDS.findall(squeezed(text)))


def _all_words(options: Iterable[Option]) -> frozenset[str]:
    return frozenset().union(*(_words(option.full_label) for option in options))


def _shared(left: frozenset[str], right: frozenset[str]) -> float:
    """The part of common words, from 0 to 1; two labels without words of their own are equal."""
    return 2 * len(left & right) / (len(left) + len(right)) if left or right else 1.0


def _price(option: Option) -> tuple[object, ...]:
    return option.points, option.points_by_role, option.role, option.next, option.next_by_discipline


def _row_name(row: Threshold | SectionThreshold) -> str:
    return row.position if isinstance(row, Threshold) else row.label


def _asked(row: Threshold | SectionThreshold | None) -> tuple[Range, Range] | None:
    return (row.first, row.highest) if row else None
