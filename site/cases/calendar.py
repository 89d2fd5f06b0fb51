"""The terms of one case over the production calendar and the days that the office has corrected."""

import datetime as dt

from ...models import Application, CalendarException, CalendarYear, CaseEvent
from ...procedure.terms import Dated, Deadline, terms
from ...procedure.words import Channel
from ...procedure.working_days import Calendar, Exceptional


def office_calendar() -> Calendar:
    """The calendar of this office; two queries."""
    rows = CalendarException.select()
    years = CalendarYear.select()
    return Calendar(
        exceptions=tuple(Exceptional(row.day, row.working) for row in rows), complete=frozenset(row.year for row in years)
    )


def counting_calendar() -> Calendar:
    """The calendar by which days are counted, without a word on which years are complete; one query."""
    return Calendar(exceptions=tuple(Exceptional(row.day, row.working) for row in CalendarException.select()))


def dates_of(application: Application) -> tuple[Dated, ...]:
    """What has happened in the case and which days are named for it; two queries at most."""
    happened = [Dated(event.name, event.day) for event in CaseEvent.select().where(CaseEvent.application == application)]
    sitting = application.sitting if application.sitting_id else None
    named = {
        "review_day": application.review_day,
        "term_begins": application.term_begins,
        "term_ends": application.term_ends,
        "sitting_day": sitting.held_on if sitting else None,
    }
    return (*happened, *(Dated(name, day) for name, day in named.items() if day))


def deadlines(application: Application, today: dt.date, calendar: Calendar) -> tuple[Deadline, ...]:
    """The terms that run in the case today, the nearest first."""
    known = terms(application.edition)
    return known.running(application.status, Channel(application.channel), dates_of(application), today, calendar)
