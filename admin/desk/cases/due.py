"""Terms in lists: how near the last working day of a term is, said in words and never by colour alone."""

import datetime as dt
from dataclasses import dataclass

from flask import g
from markupsafe import Markup

from ....procedure.terms import CASE, TermState, terms
from ....procedure.working_days import Calendar
from ....site.cases.calendar import counting_calendar

# The state of a term as pages mark it.
MARKS = {TermState.FAR: "", TermState.SOON: "soon", TermState.LAST_DAY: "failed", TermState.BROKEN: "failed"}


@dataclass(frozen=True)
class Due:
    """The last working day on which a term can be met, seen today."""

    day: dt.date
    title: str
    clause: str
    state: TermState

    @property
    def mark(self) -> str:
        """The class of its badge."""
        return MARKS[self.state]

    @property
    def said(self) -> str:
        """What the badge says; nothing while there is time."""
        return "" if self.state is TermState.FAR else self.state.label


def due(edition: str, name: str, day: dt.date | None, today: dt.date, calendar: Calendar, record: str = CASE) -> Due | None:
    """The term of this name in a case, a duty or another kind of record; None when none runs."""
    if day is None or not name:
        return None
    term = terms(edition, record).term(name)
    if today > day:
        # Days off between the last working day and the end leave nobody at work to act.
        state = TermState.BROKEN
    elif today == day:
        state = TermState.LAST_DAY
    else:
        state = TermState.SOON if calendar.working_days(today, day) <= term.soon else TermState.FAR
    return Due(day, term.title, term.clause, state)


def calendar_at_hand() -> Calendar:
    """The calendar for the rows of a list, asked for once in a request."""
    if "calendar" not in g:
        g.calendar = counting_calendar()
    found: Calendar = g.calendar
    return found


def badge(found: Due | None) -> Markup:
    """The term in a cell of a list: its day, and in words how near it is."""
    if found is None:
        return Markup("")
    day = Markup('<span title="{}">{:%d.%m.%Y}</span>').format(found.title, found.day)
    return day + Markup(' <span class="badge {}">{}</span>').format(found.mark, found.said) if found.said else day
