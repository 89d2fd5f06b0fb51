"""The shape of a rubric: frozen objects in the order in which a form prints them. No reading of files and no counting here."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property


class Counting(StrEnum):
    """How the points of a row are counted; each word has its function in `scoring.py`."""

    SINGLE = "single"
    BEST_OF = "best_of"
    SUM_OPTIONS = "sum_options"
    SUM_EVENTS = "sum_events"
    SUM_CAPPED_POINTS = "sum_capped_points"
    PER_ITEM = "per_item"
    UNSTATED = "unstated"


class Period(StrEnum):
    """For which time a result counts."""

    INTER_ATTESTATION = "inter-attestation"
    PERMANENT = "permanent"
    ATTESTATION = "attestation"

    @property
    def wording(self) -> str:
        return _PERIOD_WORDS[self]


_PERIOD_WORDS = {
    Period.INTER_ATTESTATION: "в межаттестационный период",
    Period.PERMANENT: "независимо от года",
    Period.ATTESTATION: "на время прохождения аттестации",
}


def squeezed(text: str) -> str:
    """One spelling for comparing names typed by people: case, spaces, ё and dashes do not matter."""
    return " ".join(text.casefold().replace("ё", "е").replace("–", "-").replace("—", "-").split())


@dataclass(frozen=True)
class Rule:
    """The counting word of a row with its limits; `words` quotes the source."""

    type: Counting
    max_events: int | None = None
    max_points: int | None = None
    distinct_students: bool = False
    words: str = ""


@dataclass(frozen=True)
class Option:
    """One scored line of a row. `index` counts from 1 in the source's order; `context` is a heading printed once above it."""

    index: int
    label: str
    points: int
    context: str = ""
    note: str = ""
    period: Period | None = None
    role: str = ""
    points_by_role: tuple[tuple[str, int], ...] = ()
    next: int | None = None
    next_by_discipline: tuple[tuple[str, int], ...] = ()

    @cached_property
    def full_label(self) -> str:
        return _joined(self.context, self.label)

    @property
    def most_points(self) -> int:
        """The largest figure printed for any role."""
        return max((self.points, *(points for _, points in self.points_by_role)))

    @property
    def by_role(self) -> bool:
        return bool(self.points_by_role)

    def points_for(self, role: str) -> int:
        """Points of one result for this role (the printed figure, when it does not depend on the role)."""
        return dict(self.points_by_role).get(role, self.points) if self.points_by_role else self.points


@dataclass(frozen=True)
class Criterion:
    """One numbered row. `clause` is its key in the form, without the trailing dot; `tail` is printed after the options."""

    clause: str
    label: str
    options: tuple[Option, ...]
    rule: Rule
    context: str = ""
    tail: str = ""
    group: str = ""
    evidence: str = ""
    note: str = ""
    remark: str = ""
    counting: str = ""
    period: Period | None = None
    restriction: str = ""
    restricted_to: tuple[str, ...] | None = None
    not_for: tuple[str, ...] = ()

    @cached_property
    def full_label(self) -> str:
        return _joined(self.context, self.label)

    @cached_property
    def plain(self) -> bool:
        """True when the row itself is its only option, so that a table prints one line."""
        return len(self.options) == 1 and self.options[0].label == self.label

    @cached_property
    def negative(self) -> bool:
        return any(option.points < 0 for option in self.options)

    @property
    def unstated(self) -> bool:
        return self.rule.type is Counting.UNSTATED

    def option(self, index: int) -> Option | None:
        return self.options[index - 1] if 1 <= index <= len(self.options) else None

    def open_to(self, position: str) -> bool:
        """Whether a note of the row lets this position (a row of the threshold table) claim it."""
        return position not in self.not_for and (self.restricted_to is None or position in self.restricted_to)


@dataclass(frozen=True)
class Group:
    """A heading row without points above numbered rows (form 6, section 1)."""

    clause: str
    label: str
    evidence: str = ""
    note: str = ""
    remark: str = ""


@dataclass(frozen=True)
class Section:
    """A section of the table. `rule` is `sum` or `best` (only the best row counts). A section without a heading is one row."""

    number: str
    title: str
    heading: bool
    rule: str
    criteria: tuple[Criterion, ...]
    groups: tuple[Group, ...] = ()
    words: str = ""
    note: str = ""
    remark: str = ""

    def group(self, clause: str) -> Group | None:
        return next((group for group in self.groups if group.clause == clause), None)

    def evidence(self, row: Criterion) -> str:
        """The papers of a row, printed beside it or beside its heading row."""
        group = self.group(row.group)
        return row.evidence or (group.evidence if group else "")


@dataclass(frozen=True)
class Range:
    """Points asked for: a minimum, and the upper end where the source prints one (it excludes nobody)."""

    min: int
    max: int | None = None


@dataclass(frozen=True)
class Threshold:
    """One row of the threshold table. `roles`: which of преподаватель / концертмейстер the row stands for (forms 8, 9)."""

    position: str
    first: Range
    highest: Range
    roles: tuple[str, ...] = ()
    remark: str = ""

    def range(self, category: str) -> Range:
        return self.first if category == "first" else self.highest


@dataclass(frozen=True)
class SectionThreshold:
    """One row of a threshold table by sections (forms 6, 7): `section` is `1`, `1+2`, … or `total`."""

    section: str
    label: str
    first: Range
    highest: Range
    remark: str = ""

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers of the sections added for this row; empty for the total."""
        return () if self.section == "total" else tuple(self.section.split("+"))

    def range(self, category: str) -> Range:
        return self.first if category == "first" else self.highest


@dataclass(frozen=True)
class Discipline:
    """A kind of discipline on which the next results of a row depend (form 9, row 1.1), with other spellings."""

    name: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Conclusion:
    """The fixed words of the printed conclusion, top to bottom; a blank stands at every hint. An empty one is not printed."""

    person_hint: str
    expert: str
    expert_hint: str
    review: str
    date_hint: str
    columns: tuple[str, ...]
    total: str
    opening: str
    opening_hint: str
    verdict: str
    position: str
    position_hint: str
    demand: str
    category_hint: str
    closing: str
    recommendations: str
    signature: str
    thresholds: str
    thresholds_columns: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """One scoring form, complete. `covers` is the list of positions as printed in brackets under the title."""

    number: int
    edition: str
    title: str
    covers: str
    conclusion: Conclusion
    sections: tuple[Section, ...]
    positions: tuple[str, ...]
    thresholds: tuple[Threshold, ...] = ()
    section_thresholds: tuple[SectionThreshold, ...] = ()
    disciplines: tuple[Discipline, ...] = ()
    note: str = ""
    remark: str = ""

    @cached_property
    def criteria(self) -> tuple[Criterion, ...]:
        return tuple(criterion for section in self.sections for criterion in section.criteria)

    @cached_property
    def _by_clause(self) -> dict[str, Criterion]:
        return {criterion.clause: criterion for criterion in self.criteria}

    @property
    def options_count(self) -> int:
        return sum(len(criterion.options) for criterion in self.criteria)

    def criterion(self, clause: str) -> Criterion | None:
        return self._by_clause.get(clause)

    def position(self, name: str) -> str | None:
        """The position as the threshold table spells it, or None when the form does not cover it."""
        wanted = squeezed(name)
        return next((position for position in self.positions if squeezed(position) == wanted), None)

    def threshold(self, position: str) -> Threshold | None:
        return next((row for row in self.thresholds if row.position == position), None)

    def roles(self, position: str) -> tuple[str, ...]:
        row = self.threshold(position)
        return row.roles if row else ()

    def open_positions(self, row: Criterion) -> tuple[str, ...] | None:
        """The positions that may claim a restricted row; None when every position may."""
        if not row.restriction:
            return None
        return tuple(position for position in self.positions if row.open_to(position))

    def discipline(self, name: str) -> str | None:
        wanted = squeezed(name)
        found = (kind.name for kind in self.disciplines if wanted in map(squeezed, (kind.name, *kind.also)))
        return next(found, None)


@dataclass(frozen=True)
class FormEntry:
    """A form in the list of an edition. `ready`: its data is transcribed; `positions`: rows of its threshold table;
    `options`: how many scored lines a careful reading of the source counts.
    """

    number: int
    title: str
    positions: tuple[str, ...]
    options: int
    ready: bool


@dataclass(frozen=True)
class Edition:
    """A dated edition of the scoring forms and the act that approved it."""

    name: str
    title: str
    act: str
    number: str
    date: str
    appendix: str
    forms: tuple[FormEntry, ...]

    def entry(self, number: int) -> FormEntry | None:
        return next((entry for entry in self.forms if entry.number == number), None)


def _joined(context: str, label: str) -> str:
    return f"{context.rstrip(':')}: {label}" if context else label
