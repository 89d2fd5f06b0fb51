"""The terms of a sitting: by when its minutes are drawn up and signed (3.4.2)."""

import datetime as dt
from collections.abc import Iterable

from peewee import JOIN, fn

from ....models import Minutes, Sitting
from ....procedure.road import EDITIONS, road
from ....procedure.terms import Dated, Deadline, terms
from ....procedure.working_days import Calendar
from ....site.cases.calendar import office_calendar
from ....site.dates import day_of
from .moves import CLOSE, SUBJECT

Due = tuple[Sitting, tuple[Deadline, ...]]


def deadlines(sitting: Sitting, today: dt.date) -> tuple[Deadline, ...]:
    """What is due of a sitting today, the nearest first; a few queries."""
    return _running(sitting, sitting.last_minutes(), today, office_calendar())


def due(today: dt.date) -> list[Due]:
    """The sittings that go on, and those whose minutes are not signed by everybody yet; a few queries."""
    status = {status for edition in EDITIONS for term in terms(edition, SUBJECT).terms for status in term.runs_in}
    version = Minutes.alias()
    last = version.select(fn.MAX(version.number)).where(version.sitting == Sitting.id)
    newest = (Minutes.sitting == Sitting.id) & (Minutes.number == last)
    shown = (Minutes.id, Minutes.number, Minutes.made_at, Minutes.signed_on)
    asked = Sitting.select(Sitting, *shown).join(Minutes, JOIN.LEFT_OUTER, on=newest, attr="last")
    going = {source for edition in EDITIONS for source in road(SUBJECT, edition).move(CLOSE).sources}
    unfinished = Sitting.status.in_(sorted(going)) | Minutes.signed_on.is_null()
    rows = asked.where(Sitting.status.in_(sorted(status)), unfinished).order_by(Sitting.held_on, Sitting.id)
    calendar = office_calendar()
    return [(sitting, _running(sitting, getattr(sitting, "last", None), today, calendar)) for sitting in rows]


def _running(sitting: Sitting, last: Minutes | None, today: dt.date, calendar: Calendar) -> tuple[Deadline, ...]:
    return terms(sitting.edition, SUBJECT).running(sitting.status, None, _dates(sitting, last), today, calendar)


def _dates(sitting: Sitting, last: Minutes | None) -> Iterable[Dated]:
    yield Dated("held_on", sitting.held_on)
    if sitting.opened_at:
        yield Dated("opened", day_of(sitting.opened_at))
    if last is not None and last.made_at:
        yield Dated("minuted", day_of(last.made_at))
    if last is not None and last.signed_on:
        yield Dated("minutes_signed", last.signed_on)
