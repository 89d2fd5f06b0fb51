# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The desk «Календарь»: days against the rule of the production calendar, years that are entered in full."""

import datetime as dt
from dataclasses import dataclass

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose

from ....models import CalendarException, CalendarYear, Job, utc_now
from ....procedure.working_days import Calendar, UnloadedYear
from ....site.cases.calendar import office_calendar
from ....site.dates import day_of
from ...access import Permission
from ...acts.cases import calendar as acts
from ..base import Answer, Desk, attempt, done, found, invalid, person, refused_status
from . import forms

MONTHS = range(1, 13)


@dataclass(frozen=True)
class Month:
    """A month in figures: how many of its days are working, and on which of Monday to Friday nobody works."""

    first: dt.date
    working: int
    off: tuple[dt.date, ...]
    extra: tuple[dt.date, ...]


class CalendarDesk(Desk):
    """One year at a time."""

    permission = Permission.KEEP_CALENDAR

    @expose("/", methods=("GET", "POST"))
    def index(self) -> Answer:
        """A year: its days against the rule; a day more."""
        year = _year()
        form = forms.ExceptionForm()
        if request.method == "GET":
            return self._page(year, form)
        if not invalid(form):
            day, working = form.day.data, form.working.data == "yes"
            if attempt(lambda: acts.add_exception(day, working=working, note=form.note.data or "", by=person(), on=utc_now())):
                flash(f"День {day:%d.%m.%Y} внесён. Сроки пересчитываются.", "success")
                return redirect(url_for(".index", year=day.year))
        return self._page(year, form), refused_status(form)

    @expose("/<int:id>/remove", methods=("POST",))
    def remove(self, id: int) -> Answer:
        """Let a day follow the rule again."""
        exception = found(CalendarException, id)
        if done(lambda: acts.remove_exception(exception, by=person(), on=utc_now())):
            flash(f"День {exception.day:%d.%m.%Y} убран. Сроки пересчитываются.", "success")
        return redirect(url_for(".index", year=exception.day.year))

    @expose("/years", methods=("POST",))
    def mark(self) -> Answer:
        """State that a year is entered in full, or take it back."""
        year, complete = _year(), request.form.get("complete") == "yes"
        if done(lambda: acts.mark_year(year, complete=complete, by=person(), on=utc_now())):
            said = "отмечен заполненным" if complete else "снова не заполнен"
            flash(f"{year} год {said}. Сроки пересчитываются.", "success")
        return redirect(url_for(".index", year=year))

    def _page(self, year: int, form: forms.ExceptionForm) -> str:
        calendar, today = office_calendar(), day_of(utc_now())
        january, december = dt.date(year, 1, 1), dt.date(year, 12, 31)
        mine = CalendarException.day.between(january, december)
        ahead = calendar.unloaded(today, dt.date(today.year + 1, 12, 31))
        return self.render(
            "desk/cases/calendar.html",
            year=year,
            this_year=today.year,
            form=form,
            exceptions=list(CalendarException.select().where(mine).order_by(CalendarException.day)),
            complete=CalendarYear.select().where(CalendarYear.year == year).exists(),
            unloaded=calendar.unloaded(january, december),
            others=_others(ahead, year),
            months=[_month(calendar, year, month) for month in MONTHS],
            job=Job.latest(acts.JOB, 0),
        )


def _year() -> int:
    """The year that the address or the form names; this one without a name."""
    asked = request.values.get("year", "")
    if not asked:
        return day_of(utc_now()).year
    if not (asked.isascii() and asked.isdigit() and len(asked) == 4 and int(asked) in acts.YEARS):
        abort(404, f"Календарь ведётся за годы с {acts.YEARS.start} по {acts.YEARS.stop - 1}.")
    return int(asked)


def _others(ahead: tuple[UnloadedYear, ...], year: int) -> list[UnloadedYear]:
    return [one for one in ahead if one.year != year]


def _month(calendar: Calendar, year: int, month: int) -> Month:
    first = dt.date(year, month, 1)
    days = [day for n in range(31) if (day := first + dt.timedelta(days=n)).month == month]
    working = {day for day in days if calendar.is_working(day)}
    off = tuple(day for day in days if day.weekday() < 5 and day not in working)
    extra = tuple(day for day in days if day.weekday() >= 5 and day in working)
    return Month(first, len(working), off, extra)
