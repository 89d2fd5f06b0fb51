"""Appointments for a paper folder (3-1.2): which free stretches of the office's time are offered, booking, moving, cancelling.

The office opens the stretches (`admin/acts/cases/reception.py`). Nobody is booked twice and no stretch twice: a stretch is
taken by compare-and-swap, and the table itself holds one coming appointment for a case.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from peewee import IntegrityError, ModelSelect

from ...models import Application, CaseEvent, JournalEntry, Slot, User
from ...procedure.refusal import Refusal
from ...procedure.road import road
from ...procedure.terms import Term, terms
from .. import calendars, journal
from ..dates import CITY, day_of
from . import duties, moves
from .calendar import office_calendar
from .folder import RECEIVED
from .transaction import all_or_nothing

BOOK, CANCEL = "book_appointment", "cancel_appointment"
TERM, LIMIT = "portfolio", "appointment"
PAPER = "paper"
# How far ahead is offered when the term sets no end any more.
AHEAD = dt.timedelta(days=60)
TAKEN = "Это время только что заняли. Выберите другое."
OVER = "Папка уже принята: приходить больше не нужно."


@dataclass(frozen=True)
class Day:
    """A day of the reception with its free stretches, one for each moment."""

    on: dt.date
    slots: tuple[Slot, ...]


@dataclass(frozen=True)
class Offer:
    """What a case is offered. `until`: the last day of the term of the folder; `late`: it is over, and any day will do."""

    days: tuple[Day, ...]
    term: Term
    until: dt.date
    late: bool


def taken_by_appointment(edition: str) -> bool:
    """Whether folders are brought by appointment in this procedure."""
    return any(move.verb == BOOK for move in road("application", edition).moves)


def length(edition: str) -> dt.timedelta:
    """How long one appointment is (2.17.2)."""
    return dt.timedelta(minutes=terms(edition).limit(LIMIT).number)


def booked(application: Application) -> Slot | None:
    """The appointment of the case that was not missed, coming or past; one query."""
    found: Slot | None = Slot.select().where(Slot.application == application, ~Slot.missed).first()
    return found


def received(application: Application) -> bool:
    """Whether the folder is in the office already."""
    there = CaseEvent.application == application, CaseEvent.name == RECEIVED
    return bool(CaseEvent.select().where(*there).exists())


def received_of(ids: Iterable[int]) -> frozenset[int]:
    """Which of these cases have their folders in the office; one query."""
    there = Application.id.in_(list(ids)), CaseEvent.name == RECEIVED
    return frozenset(one.id for one in Application.select(Application.id).join(CaseEvent).where(*there))


def offer(application: Application, *, on: dt.datetime) -> Offer:
    """The free stretches that this case may take: from now until the term of the folder ends; three queries.

    Who has missed the term is not turned away (2.9, 2.10): they are offered whatever comes next.
    """
    today = day_of(on)
    term = terms(application.edition).term(TERM)
    until = term.end(application.filed_on or today, office_calendar())
    late = until < today
    after = dt.datetime.combine(today + AHEAD if late else until + dt.timedelta(days=1), dt.time(), CITY)
    coming = _free(on).where(Slot.starts_at < after).order_by(Slot.starts_at, Slot.window)
    days = groupby(coming, key=lambda slot: day_of(slot.starts_at))
    return Offer(tuple(Day(day, tuple(_one_each(slots))) for day, slots in days), term, until, late)


def book(application: Application, slot_id: int, *, by: User, on: dt.datetime) -> Slot:
    """Take a free stretch for the folder of the case; one taken before is free again, or missed if its time has passed.

    The teacher's side keeps to the term. Refusal when the time is gone, when the folder is in the office already, or when the
    case has changed meanwhile.
    """
    former = booked(application)
    with all_or_nothing(application):
        moves.allow(application, BOOK, by=by, on=on)
        _require_wanted(application)
        # From here on a second window of the same person is refused: the case has its next version.
        moves.hold(application, on=on, portfolio_way=PAPER)
        wanted = _wanted(application, slot_id, on)
        _lock(slot.id for slot in (*wanted, former) if slot)
        if former:
            _leave(former, on)
        slot = _take(wanted, application, on)
        moves.make(application, BOOK, by=by, on=on, details=moment(slot))
    return slot


def cancel(application: Application, *, by: User, on: dt.datetime) -> None:
    """Give the appointment back; its time is free again. Refusal when there is none, or its time has come."""
    with all_or_nothing(application):
        moves.allow(application, CANCEL, by=by, on=on)
        _require_wanted(application)
        slot = booked(application)
        if slot is None:
            raise Refusal("Записи на приём нет.")
        if slot.starts_at <= on:
            raise Refusal("Время приёма уже наступило: отменить запись нельзя. Запишитесь на другое время, если не пришли.")
        # The letter still tells of the day that is given back.
        moves.make(application, CANCEL, by=by, on=on, details=moment(slot))
        _leave(slot, on)
        duties.refresh(application, day_of(on))


def invitation(application: Application, slot: Slot, *, host: str, url: str, on: dt.datetime) -> bytes:
    """The appointment for a calendar (RFC 5545): a later file of the same case takes the place of an earlier one."""
    bookings = JournalEntry.select().where(
        JournalEntry.subject == moves.SUBJECT,
        JournalEntry.subject_id == application.id,
        JournalEntry.verb == journal.case_verb(BOOK),
    )
    return calendars.event(
        uid=f"appointment-{application.id}@{host}",
        sequence=max(bookings.count() - 1, 0),
        stamp=on,
        begins=slot.starts_at,
        ends=slot.starts_at + length(application.edition),
        summary="Приём индивидуальной папки",
        place=f"{slot.place}, окно {slot.window}",
        description="Возьмите документ, удостоверяющий личность, прошитую папку и опись в двух экземплярах.",
        url=url,
    )


def moment(slot: Slot) -> str:
    """When and where, for the journal: «10.03.2026 12:15, окно 2»."""
    return f"{slot.starts_at.astimezone(CITY):%d.%m.%Y %H:%M}, окно {slot.window}"


# --- Inside -----------------------------------------------------------------------------------------------------------------


def _free(on: dt.datetime) -> "ModelSelect[Slot]":
    return Slot.select().where(Slot.application.is_null(), Slot.starts_at > on, ~Slot.missed)


def _one_each(slots: Iterable[Slot]) -> list[Slot]:
    """The first window of each moment: which of two free ones somebody gets is all the same to them."""
    return [next(same) for _, same in groupby(slots, key=lambda slot: slot.starts_at)]


def _require_wanted(application: Application) -> None:
    if received(application):
        raise Refusal(OVER)


def _wanted(application: Application, slot_id: int, on: dt.datetime) -> list[Slot]:
    """The stretch that was chosen, then those of other windows at the same moment and place. Refusal outside the term."""
    chosen: Slot | None = Slot.get_or_none(Slot.id == slot_id, Slot.starts_at > on)
    if chosen is None:
        raise Refusal("Этого времени в расписании уже нет. Выберите другое.")
    term = terms(application.edition).term(TERM)
    until = term.end(application.filed_on or day_of(on), office_calendar())
    if day_of(on) <= until < day_of(chosen.starts_at):
        raise Refusal(f"Папку приносят не позже {until:%d.%m.%Y}. Выберите время раньше.", term.clause)
    same = Slot.starts_at == chosen.starts_at, Slot.place == chosen.place, Slot.id != chosen.id, Slot.application.is_null()
    return [chosen, *Slot.select().where(*same).order_by(Slot.window)]


def _lock(ids: Iterable[int]) -> None:
    """Hold these rows, always in the same order: two people who swap their times wait for each other only once."""
    for slot_id in sorted(set(ids)):
        Slot.update(place=Slot.place).where(Slot.id == slot_id).execute()


def _leave(slot: Slot, on: dt.datetime) -> None:
    if slot.starts_at > on:
        Slot.update(application=None, booked_at=None).where(Slot.id == slot.id).execute()
    else:
        Slot.update(missed=True).where(Slot.id == slot.id).execute()


def _take(wanted: list[Slot], application: Application, on: dt.datetime) -> Slot:
    for slot in wanted:
        free = Slot.id == slot.id, Slot.application.is_null()
        try:
            if Slot.update(application=application, booked_at=on).where(*free).execute():
                taken: Slot = Slot.get_by_id(slot.id)
                return taken
        except IntegrityError:
            raise Refusal(moves.OVERTAKEN) from None
    raise Refusal(TAKEN)
