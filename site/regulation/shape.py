"""The shape of a restated regulation: terms, clauses, sections, appendices, an edition. Frozen values, no files, no pages."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property

from ..dates import MONTHS

AUDIENCES = {
    "teacher": "педагогу",
    "expert": "эксперту",
    "secretary": "секретарю комиссии",
    "publisher": "тем, кто публикует",
    "mfc": "сотруднику МФЦ",
    "everyone": "всем",
}
UNITS = {
    "calendar_days": ("календарный день", "календарных дня", "календарных дней"),
    "working_days": ("рабочий день", "рабочих дня", "рабочих дней"),
    "days": ("день", "дня", "дней"),
    "hours": ("час", "часа", "часов"),
    "minutes": ("минута", "минуты", "минут"),
    "weeks": ("неделя", "недели", "недель"),
    "months": ("месяц", "месяца", "месяцев"),
    "years": ("год", "года", "лет"),
}
DOCUMENTS = {
    "application": "заявление",
    "inventory": "опись индивидуальной папки",
    "portfolio": "индивидуальная папка",
    "conclusion": "экспертное заключение",
    "complaint": "жалоба",
    "decision-act": "акт о решении по жалобе",
    "dissent": "протокол разногласий",
    "consent": "согласие на обработку персональных данных",
    "order": "распоряжение",
    "minutes": "протокол заседания комиссии",
}


class UnknownClause(LookupError):
    """No such edition, clause, section or appendix; the sentence is for people."""


@dataclass(frozen=True)
class Term:
    """A deadline: how long (`number` and `unit`, or a season of two days), from when, for what."""

    number: str
    unit: str
    since: str
    purpose: str

    @property
    def season(self) -> tuple[str, str] | None:
        """First and last day of a season, «15 августа» and «15 мая»; None for a length of time."""
        if self.unit != "date":
            return None
        first, _, last = self.number.partition("-")
        return _day(first), _day(last)

    @property
    def count(self) -> int:
        """How many units the length of time has."""
        return int(self.number)

    @property
    def forms(self) -> tuple[str, str, str]:
        """The unit after one, two and five."""
        return UNITS[self.unit]


@dataclass(frozen=True)
class Clause:
    """One numbered clause. `text` is Markdown without references made into links."""

    number: str
    title: str
    text: str
    actors: tuple[str, ...] = ()
    terms: tuple[Term, ...] = ()
    documents: tuple[str, ...] = ()
    audiences: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()

    @property
    def depth(self) -> int:
        """How deep it is nested: 1 for 2.6, 2 for 2.6.1."""
        return max(self.number.count("."), 1)

    def matters_to(self, audience: str) -> bool:
        """Whether somebody of this audience should read it."""
        return audience in self.audiences or "everyone" in self.audiences


@dataclass(frozen=True)
class Section:
    """A section with its lead text, if it has one. `place` is where it stands, «2» or «3-1»: the last word of its address."""

    number: str
    title: str
    lead: str
    clauses: tuple[Clause, ...]
    place: str

    @property
    def heading(self) -> str:
        """The number, where the source gives one, and the title."""
        return f"{self.number}. {self.title}" if self.number else self.title


@dataclass(frozen=True)
class Appendix:
    """An appendix in our own words. `required_by`: clauses that ask for it; `form`: the word of «Бланки», if it is a form."""

    number: str
    title: str
    text: str
    actors: tuple[str, ...]
    required_by: tuple[str, ...]
    audiences: tuple[str, ...]
    form: str = ""
    remarks: tuple[str, ...] = ()

    @property
    def heading(self) -> str:
        """Приложение № 1. Title."""
        return f"Приложение №\N{NO-BREAK SPACE}{self.number}. {self.title}"

    def matters_to(self, audience: str) -> bool:
        """Whether somebody of this audience should read it."""
        return audience in self.audiences or "everyone" in self.audiences


@dataclass(frozen=True, eq=False)
class Edition:
    """One document in one edition; two are the same only as objects, so that what is made of one can be kept by it.

    `in_force_until` is the last day, None while no later edition and no end are known.
    """

    slug: str
    name: str
    jurisdiction: str
    title: str
    act: str
    in_force_from: dt.date
    published_at: str
    sections: tuple[Section, ...]
    appendices: tuple[Appendix, ...] = ()
    in_force_until: dt.date | None = None
    remark: str = ""

    @property
    def document(self) -> str:
        """Which document this is an edition of: the first word of the name, `spb`."""
        return self.slug.partition("-")[0]

    def in_force_on(self, day: dt.date) -> bool:
        """Whether it was, is or will be in force that day; the first and the last day belong to it."""
        return self.in_force_from <= day and (self.in_force_until is None or day <= self.in_force_until)

    @cached_property
    def by_number(self) -> dict[str, Clause]:
        """All clauses by their numbers, in the document's order."""
        return {clause.number: clause for section in self.sections for clause in section.clauses}

    @cached_property
    def numbered_plainly(self) -> bool:
        """Whether the clauses have no dots in their numbers, so that «пункт 5» means one of them."""
        return all("." not in number for number in self.by_number)

    def clause(self, number: str) -> Clause:
        """The clause of this number; a trailing dot does not matter. Raises UnknownClause."""
        found = self.by_number.get(number.rstrip("."))
        if found is None:
            raise UnknownClause(f"Пункта {number} в этом документе нет: выберите номер из содержания.")
        return found

    def section(self, place: str) -> Section:
        """The section that stands at this place, «2» or «3-1». Raises UnknownClause."""
        for section in self.sections:
            if section.place == place:
                return section
        raise UnknownClause("Такого раздела в этом документе нет: выберите его из содержания.")

    def section_of(self, number: str) -> Section:
        """The section in which the clause stands; the clause must be one of this edition."""
        return next(section for section in self.sections if any(clause.number == number for clause in section.clauses))

    def appendix(self, number: str) -> Appendix:
        """The appendix of this number. Raises UnknownClause."""
        for appendix in self.appendices:
            if appendix.number == number:
                return appendix
        raise UnknownClause("Такого приложения в этом документе нет: выберите его из содержания.")

    def parent(self, number: str) -> Clause | None:
        """The clause this one is nested in."""
        return self.by_number.get(number.rpartition(".")[0])

    def children(self, number: str) -> tuple[Clause, ...]:
        """The clauses nested directly in this one."""
        return tuple(clause for clause in self.by_number.values() if clause.number.rpartition(".")[0] == number)

    def within(self, number: str) -> tuple[Clause, ...]:
        """The clause of this number and all that are nested in it, however deep, in order."""
        return tuple(
            clause for clause in self.by_number.values() if clause.number == number or clause.number.startswith(f"{number}.")
        )

    def neighbours(self, number: str) -> tuple[Clause | None, Clause | None]:
        """The clause before and the clause after."""
        numbers = list(self.by_number)
        place = numbers.index(number)
        before = self.by_number[numbers[place - 1]] if place else None
        after = self.by_number[numbers[place + 1]] if place + 1 < len(numbers) else None
        return before, after

    def between(self, first: str, last: str) -> tuple[Clause, ...]:
        """The clauses of a range, ends included, that stand under the same heading; empty when it is no range."""
        heads = {first.rpartition(".")[0], last.rpartition(".")[0]}
        if len(heads) != 1 or not {first, last} <= self.by_number.keys():
            return ()
        (head,) = heads
        siblings = [number for number in self.by_number if number.rpartition(".")[0] == head]
        ends = siblings.index(first), siblings.index(last)
        return tuple(self.by_number[number] for number in siblings[ends[0] : ends[1] + 1])


def _day(day: str) -> str:
    number, _, month = day.partition(".")
    return f"{int(number)} {MONTHS[int(month) - 1]}"
