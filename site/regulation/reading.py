"""The regulation in our own words: files of `content/regulation/<edition>/` as typed objects, read once.

A file holds a section, a `##` heading begins a clause; under it stand `key: value` lines and, after an empty line, the text.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import pairwise

from ..dates import MONTHS

SPB = "spb-2021-04-13"
LENOBL = "lenobl-2022-03-01"
EDITIONS = (SPB, LENOBL)

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
KEYS = frozenset({"acts", "term", "document", "for", "remark"})

_HEADING = re.compile(r"^## (\d+(?:-\d+)?(?:\.\d+)*)\. (\S.*)$")
# «пункт 2.6», «пунктами 2.6.1–2.6.3», «пункта 5.1.1»: the numbers become links one by one.
REFERENCE = re.compile(
    r"(?<=[Пп]ункт)([а-я]{0,4}\s+)(\d+(?:-\d+)?(?:\.\d+)+(?:(?:\s*[,–—-]\s*|\s+и\s+)\d+(?:-\d+)?(?:\.\d+)+)*)"
)
NUMBER = re.compile(r"\d+(?:-\d+)?(?:\.\d+)+")


class BrokenText(ValueError):
    """A file of the regulation that cannot be read; the message names file, line and what is wrong."""


class UnknownClause(LookupError):
    """No such edition or clause; the sentence is for people."""


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

    @property
    def references(self) -> tuple[str, ...]:
        """The numbers of clauses that the text refers to, in order."""
        return tuple(number for found in REFERENCE.finditer(self.text) for number in NUMBER.findall(found[2]))

    def matters_to(self, audience: str) -> bool:
        """Whether somebody of this audience should read it."""
        return audience in self.audiences or "everyone" in self.audiences


@dataclass(frozen=True)
class Section:
    """A section with its lead text, if it has one."""

    number: str
    title: str
    lead: str
    clauses: tuple[Clause, ...]


@dataclass(frozen=True)
class Edition:
    """One document in one edition."""

    slug: str
    name: str
    jurisdiction: str
    title: str
    act: str
    in_force_from: dt.date
    published_at: str
    remark: str
    sections: tuple[Section, ...]

    @cached_property
    def by_number(self) -> dict[str, Clause]:
        """All clauses by their numbers, in the document's order."""
        return {clause.number: clause for section in self.sections for clause in section.clauses}

    def clause(self, number: str) -> Clause:
        """The clause of this number; a trailing dot does not matter. Raises UnknownClause."""
        found = self.by_number.get(number.rstrip("."))
        if found is None:
            raise UnknownClause(f"Пункта {number} в этом документе нет: выберите номер из содержания.")
        return found

    def parent(self, number: str) -> Clause | None:
        """The clause this one is nested in."""
        head, _, _ = number.rpartition(".")
        return self.by_number.get(head)

    def children(self, number: str) -> tuple[Clause, ...]:
        """The clauses nested directly in this one."""
        return tuple(clause for clause in self.by_number.values() if clause.number.rpartition(".")[0] == number)

    def neighbours(self, number: str) -> tuple[Clause | None, Clause | None]:
        """The clause before and the clause after."""
        numbers = list(self.by_number)
        place = numbers.index(number)
        before = self.by_number[numbers[place - 1]] if place else None
        after = self.by_number[numbers[place + 1]] if place + 1 < len(numbers) else None
        return before, after

    def dangling(self) -> tuple[tuple[str, str], ...]:
        """References that lead nowhere: (clause, number it names)."""
        return tuple(
            (clause.number, number)
            for clause in self.by_number.values()
            for number in clause.references
            if number not in self.by_number
        )


def linked(text: str, edition: Edition, address: Callable[[str], str]) -> str:
    """Markdown in which references to clauses of the edition are links that show the clause's title."""

    def link(number: re.Match[str]) -> str:
        clause = edition.by_number.get(number[0])
        return f'[{number[0]}]({address(number[0])} "{clause.title}")' if clause else number[0]

    return REFERENCE.sub(lambda found: found[1] + NUMBER.sub(link, found[2]), text)


@cache
def edition(slug: str = SPB) -> Edition:
    """The edition of this name. Raises UnknownClause for an unknown one, BrokenText for a file that cannot be read."""
    if slug not in EDITIONS:
        raise UnknownClause("Такого документа на сайте нет: выберите из списка.")
    folder = files("attestation") / "content" / "regulation" / slug
    about = tomllib.loads((folder / "edition.toml").read_text(encoding="utf-8"))
    parts = sorted((item for item in folder.iterdir() if item.name.endswith(".md")), key=_place)
    return Edition(slug=slug, **about, sections=tuple(_section(part) for part in parts))


def _place(file: Traversable) -> tuple[int, int]:
    """Where a section stands: `3-procedure.md` before `3-1-electronic.md` before `4-control.md`."""
    found = re.match(r"(\d+)(?:-(\d+))?-", file.name)
    if not found:
        raise BrokenText(f"{file.name}: the name does not begin with the section's number")
    return int(found[1]), int(found[2] or 0)


def _section(file: Traversable) -> Section:
    lines = file.read_text(encoding="utf-8").splitlines()
    heading = re.match(r"^# (?:(\S+)\. )?(\S.*)$", lines[0])
    if not heading:
        raise BrokenText(f"{file.name}:1: the first line is not the section's heading")
    starts = [place for place, line in enumerate(lines) if line.startswith("## ")] + [len(lines)]
    clauses = tuple(_clause(file.name, start, lines[start:end]) for start, end in pairwise(starts))
    return Section(heading[1] or "", heading[2], "\n".join(lines[1 : starts[0]]).strip(), clauses)


def _clause(file: str, start: int, lines: list[str]) -> Clause:
    heading = _HEADING.match(lines[0])
    if not heading:
        raise BrokenText(f"{file}:{start + 1}: the heading is not «## 2.4. Title»")
    split = next((place for place, line in enumerate(lines) if not line.strip()), len(lines))
    told = list(_pairs(file, start, lines[1:split]))
    audiences = tuple(word.strip() for value in _values(told, "for") for word in value.split(","))
    if not audiences or not AUDIENCES.keys() >= set(audiences):
        raise BrokenText(f"{file}:{start + 1}: `for` is missing or names somebody unknown")
    return Clause(
        number=heading[1],
        title=heading[2].strip(),
        text="\n".join(lines[split:]).strip(),
        actors=tuple(actor.strip() for value in _values(told, "acts") for actor in value.split(";")),
        terms=tuple(_term(file, start, value) for value in _values(told, "term")),
        documents=tuple(DOCUMENTS.get(value, value) for value in _values(told, "document")),
        audiences=audiences,
        remarks=_values(told, "remark"),
    )


def _pairs(file: str, start: int, lines: list[str]) -> Iterator[tuple[str, str]]:
    for place, line in enumerate(lines, start + 2):
        key, colon, value = line.partition(":")
        if not colon or key not in KEYS or not value.strip():
            raise BrokenText(f"{file}:{place}: a line of the kind `key: value` is expected, keys: {', '.join(sorted(KEYS))}")
        yield key, value.strip()


def _values(told: list[tuple[str, str]], key: str) -> tuple[str, ...]:
    return tuple(value for name, value in told if name == key)


def _term(file: str, start: int, value: str) -> Term:
    found = re.match(r"^([\d.-]+) (\w+);\s*([^;]*?)\s*;\s*(.+)$", value)
    if not found or found[2] not in {*UNITS, "date"}:
        raise BrokenText(f"{file}:{start + 1}: a term is `30 calendar_days; from when; for what`, not «{value}»")
    return Term(found[1], found[2], found[3], found[4].strip())


def _day(day: str) -> str:
    number, _, month = day.partition(".")
    return f"{int(number)} {MONTHS[int(month) - 1]}"
