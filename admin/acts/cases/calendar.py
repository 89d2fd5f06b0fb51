"""The production calendar as the office corrects it: days against the rule, years that are entered in full.

Whatever changes here changes terms: duties are written anew by the worker, not by whoever waits for the page.
"""

import datetime as dt

from peewee import IntegrityError

from ....models import CalendarException, CalendarYear, Job, User, database
from ....procedure.refusal import Refusal
from ....site import fields, jobs, journal
from ...access import Permission, require

SUBJECT = "calendar"
JOB = "duties"
YEARS = range(2000, 2100)


def add_exception(day: dt.date, *, working: bool, note: str, by: User, on: dt.datetime) -> CalendarException:
    """Make a day working or off, by a decree that the note names; Refusal when the table has that day already."""
    require(by, Permission.KEEP_CALENDAR)
    _require_year(day.year)
    said = fields.line(CalendarException.note, note)
    try:
        with database.atomic():
            made: CalendarException = CalendarException.create(day=day, working=working, note=said)
            _changed(day.year, "add_exception", f"{day:%d.%m.%Y}: {'рабочий' if working else 'выходной'}", by, on)
    except IntegrityError:
        raise Refusal(f"День {day:%d.%m.%Y} уже есть в таблице: уберите его и внесите заново.") from None
    return made


def remove_exception(exception: CalendarException, *, by: User, on: dt.datetime) -> None:
    """Let a day follow the rule again."""
    require(by, Permission.KEEP_CALENDAR)
    with database.atomic():
        if not CalendarException.delete().where(CalendarException.id == exception.id).execute():
            raise Refusal("Этого дня в таблице уже нет.")
        _changed(exception.day.year, "remove_exception", f"{exception.day:%d.%m.%Y}", by, on)


def mark_year(year: int, *, complete: bool, by: User, on: dt.datetime) -> None:
    """State that all transfers of a year are in the table, or take it back. Nothing happens when it is so already."""
    require(by, Permission.KEEP_CALENDAR)
    _require_year(year)
    with database.atomic():
        stands = CalendarYear.select().where(CalendarYear.year == year).exists()
        if stands == complete:
            return
        if complete:
            CalendarYear.insert(year=year).on_conflict_ignore().execute()
        else:
            CalendarYear.delete().where(CalendarYear.year == year).execute()
        _changed(year, "complete_year" if complete else "reopen_year", str(year), by, on)


def _require_year(year: int) -> None:
    if year not in YEARS:
        raise Refusal(f"Укажите год от {YEARS.start} до {YEARS.stop - 1}.")


def _changed(year: int, verb: str, details: str, by: User, on: dt.datetime) -> None:
    journal.write(by=by, on=on, verb=verb, subject=SUBJECT, subject_id=year, details=details)
    count_anew()


def count_anew() -> None:
    """Have the worker write terms and duties of all open cases anew; one waiting job is enough, whoever asks for it."""
    if not Job.select().where(Job.kind == JOB, Job.state == "queued").exists():
        jobs.queue(JOB, 0)
