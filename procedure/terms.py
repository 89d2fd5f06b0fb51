"""Terms of a procedure: when they end, how much is left, what is red before it is broken.

The data is `procedure/<edition>/terms.toml` for cases, `<record>-terms.toml` for any other record. The day of the event is not
counted: one day from Monday ends on Tuesday.
"""

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files
from typing import Any

from .road import EDITION, role_of
from .shape import AnyRole
from .words import Channel
from .working_days import Calendar, UnloadedYear

CASE = "application"
FILE = "terms.toml"


class Unit(StrEnum):
    """What a term is counted in."""

    CALENDAR_DAYS = "calendar_days"
    WORKING_DAYS = "working_days"


class DayOff(StrEnum):
    """What happens to a term that would end on a day off: it keeps its day, or ends on the next working day."""

    KEEP = "keep"
    NEXT = "next_working_day"


class TermState(StrEnum):
    """How near the end is. `last_day` is red: whoever does not act today breaks the term."""

    FAR = "far"
    SOON = "soon"
    LAST_DAY = "last_day"
    BROKEN = "broken"

    @property
    def label(self) -> str:
        return {"far": "время есть", "soon": "скоро", "last_day": "последний день", "broken": "срок нарушен"}[self.value]


@dataclass(frozen=True)
class Season:
    """The days of the year on which applications are taken, from `first` to `last` (month, day), over the turn of the year."""

    first: tuple[int, int]
    last: tuple[int, int]
    clause: str
    remark: str

    def is_open(self, day: dt.date) -> bool:
        """Whether documents filed on this day are taken (2.6.7)."""
        here = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last

    def opens(self, day: dt.date) -> dt.date:
        """The first day from this one on that is in season: this very day, or the next opening."""
        if self.is_open(day):
            return day
        opening = dt.date(day.year, *self.first)
        return opening if opening > day else dt.date(day.year + 1, *self.first)

    def closes(self, day: dt.date) -> dt.date:
        """The last day of the season that is open on this day, or of the next one."""
        begins = self.opens(day)
        closing = dt.date(begins.year, *self.last)
        return closing if closing >= begins else dt.date(begins.year + 1, *self.last)


@dataclass(frozen=True)
class Dated:
    """An event of a case that has happened, or a day that was named for it, by its name in the road, and the date."""

    name: str
    on: dt.date


@dataclass(frozen=True)
class Term:
    """A term of the data: `number` of `unit` from `since`, or until the named `day`. It is met when `until` happens.

    `channels`: the ways in that it is for; empty means all. `soon`: working days before its last one when it is called soon.
    """

    name: str
    title: str
    since: str
    until: str
    runs_in: tuple[str, ...]
    responsible: tuple[AnyRole, ...]
    number: int
    unit: Unit | None
    day: str
    channels: tuple[Channel, ...]
    day_off: DayOff
    soon: int
    clause: str
    remark: str

    def end(self, begins: dt.date, calendar: Calendar) -> dt.date:
        """The last day of the term that began with an event of this day. ValueError for a term that lasts until a named day."""
        if self.unit is None:
            raise ValueError(f"term {self.name} has no length")
        if self.unit is Unit.WORKING_DAYS:
            return calendar.working_day_after(begins, self.number)
        return self._moved(begins + dt.timedelta(days=self.number), calendar)

    def _moved(self, end: dt.date, calendar: Calendar) -> dt.date:
        return calendar.first_working(end) if self.day_off is DayOff.NEXT else end


@dataclass(frozen=True)
class Deadline:
    """A term that runs in one case, seen on one day.

    `act_by`: the last working day on which it can still be met; before long holidays it is earlier than `ends`.
    `left`: days to the end in the term's own unit, 0 on the last day, negative when it is broken.
    `unloaded`: years in between whose production calendar is not known yet.
    """

    term: Term
    begins: dt.date
    ends: dt.date
    act_by: dt.date
    state: TermState
    left: int
    unloaded: tuple[UnloadedYear, ...]


@dataclass(frozen=True)
class Limit:
    """A figure of the regulation that is no term: minutes of an appointment, sheets, megabytes."""

    name: str
    title: str
    number: int
    unit: str
    formats: tuple[str, ...]
    clause: str
    remark: str


@dataclass(frozen=True)
class Terms:
    """All terms and figures of an edition. `season` is None where documents are taken all year."""

    season: Season | None
    terms: tuple[Term, ...]
    limits: tuple[Limit, ...]

    def term(self, name: str) -> Term:
        """The term of this name; KeyError for one the data does not know."""
        return {term.name: term for term in self.terms}[name]

    def limit(self, name: str) -> Limit:
        """The figure of this name; KeyError for one the data does not know."""
        return {limit.name: limit for limit in self.limits}[name]

    def for_status(self, status: str, channel: Channel | None) -> tuple[Term, ...]:
        """The terms that can run while a record that came in this way, if there are several, stands in this status."""
        return tuple(term for term in self.terms if status in term.runs_in and (not term.channels or channel in term.channels))

    def running(
        self, status: str, channel: Channel | None, dates: Iterable[Dated], today: dt.date, calendar: Calendar
    ) -> tuple[Deadline, ...]:
        """The terms that run in a case today, the nearest first: begun, and not yet met."""
        known = {dated.name: dated.on for dated in dates}
        found = [
            seen(
                term, known[term.since], known[term.day] if term.day else term.end(known[term.since], calendar), today, calendar
            )
            for term in self.for_status(status, channel)
            if term.since in known and term.until not in known and (not term.day or term.day in known)
        ]
        return tuple(sorted(found, key=lambda deadline: deadline.act_by))


def seen(term: Term, begins: dt.date, ends: dt.date, today: dt.date, calendar: Calendar) -> Deadline:
    """How a term from one day to another looks today."""
    act_by = calendar.last_working(ends)
    working = term.unit is Unit.WORKING_DAYS
    return Deadline(
        term=term,
        begins=begins,
        ends=ends,
        act_by=act_by,
        state=_state(term, ends, act_by, today, calendar),
        left=calendar.working_days(today, ends) if working else (ends - today).days,
        unloaded=calendar.unloaded(begins, ends),
    )


def _state(term: Term, ends: dt.date, act_by: dt.date, today: dt.date, calendar: Calendar) -> TermState:
    if today > ends:
        return TermState.BROKEN
    if today >= act_by:
        return TermState.LAST_DAY
    return TermState.SOON if calendar.working_days(today, act_by) <= term.soon else TermState.FAR


@cache
def terms(edition: str = EDITION, record: str = CASE) -> Terms:
    """The terms of a kind of record in an edition; FileNotFoundError if it has none."""
    return read(tomllib.loads((files(__package__) / edition / file_of(record)).read_text(encoding="utf-8")))


def file_of(record: str) -> str:
    """The name of the file with the terms of a kind of record."""
    return FILE if record == CASE else f"{record}-{FILE}"


def read(data: Mapping[str, Any]) -> Terms:
    """Terms from their TOML table. The data is trusted: `check.py` is what doubts it."""
    soon = data["attention"]["soon"]
    return Terms(
        season=_season(data["season"]) if "season" in data else None,
        terms=tuple(_term(row, soon) for row in data["term"]),
        limits=tuple(_limit(row) for row in data.get("limit", ())),
    )


def _season(row: Mapping[str, Any]) -> Season:
    first, last = (dt.date.fromisoformat(f"2000-{row[key]}") for key in ("first", "last"))
    if not row["last_included"]:
        last -= dt.timedelta(days=1)
    return Season((first.month, first.day), (last.month, last.day), row["clause"], row.get("remark", ""))


def _term(row: Mapping[str, Any], soon: int) -> Term:
    return Term(
        name=row["name"],
        title=row["title"],
        since=row["since"],
        until=row["until"],
        runs_in=tuple(row["runs_in"]),
        responsible=tuple(map(role_of, row["responsible"])),
        number=row.get("number", 0),
        unit=Unit(row["unit"]) if "unit" in row else None,
        day=row.get("day", ""),
        channels=tuple(map(Channel, row.get("channels", ()))),
        day_off=DayOff(row.get("day_off", DayOff.KEEP)),
        soon=row.get("soon", soon),
        clause=row["clause"],
        remark=row.get("remark", ""),
    )


def _limit(row: Mapping[str, Any]) -> Limit:
    return Limit(
        row["name"],
        row["title"],
        row["number"],
        row["unit"],
        tuple(row.get("formats", ())),
        row["clause"],
        row.get("remark", ""),
    )
