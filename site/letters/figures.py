"""What a case tells its letters: numbers and days as they are written in them."""

import datetime as dt
from collections.abc import Mapping, Sequence

from peewee import ModelSelect

from ...models import Application, CaseEvent, Hearing, Sitting, Slot
from ...procedure.words import Category
from ..dates import CITY
from .declension import genitives

LATER = "не назначено"


def figures_of(application: Application) -> dict[str, str]:
    """Every placeholder that letters about this case may have, but `reason`; six queries at most."""
    return figures_of_all([application])[application.id]


def figures_of_all(applications: Sequence[Application], declined: bool = True) -> dict[int, dict[str, str]]:
    """The same for many cases, by their ids, in as many queries. Without `declined` no genitives, which are slow to make."""
    ids = [case.id for case in applications]
    events: dict[int, dict[str, dt.date]] = {id: {} for id in ids}
    for event in CaseEvent.select().where(CaseEvent.application.in_(ids)):
        events[event.application_id][event.name] = event.day
    # Of several hours the first.
    booked = {
        slot.application_id: slot
        for slot in Slot.select().where(Slot.application.in_(ids), ~Slot.missed).order_by(Slot.id.desc())
    }
    days = {case.sitting_id for case in applications if case.sitting_id}
    sittings = {one.id: one for one in Sitting.select().where(Sitting.id.in_(days))} if days else {}
    invited = {(one.application_id, one.sitting_id): one.slot_at for one in _invited(ids)} if days else {}
    genitive = genitives(applications) if declined else {}
    return {
        case.id: _figures(
            case,
            events[case.id],
            sittings.get(case.sitting_id or 0),
            invited.get((case.id, case.sitting_id or 0)),
            booked.get(case.id),
        )
        | {f"{kind}_genitive": words for kind, words in genitive.get(case.id, {}).items()}
        for case in applications
    }


def _figures(
    application: Application,
    events: Mapping[str, dt.date],
    sitting: Sitting | None,
    invited_at: dt.datetime | None,
    booked: Slot | None,
) -> dict[str, str]:
    starts = booked.starts_at.astimezone(CITY) if booked else None
    return {
        "number": application.number or "без номера",
        "person": application.person,
        "position": application.position,
        "category": Category(application.category).label if application.category else LATER,
        "filed_on": _day(application.filed_on),
        "registered_on": _day(events.get("registered")),
        "portfolio_received_on": _day(events.get("portfolio_received")),
        "decided_on": _day(events.get("decided")),
        "review_day": _day(application.review_day),
        "term_begins": _day(application.term_begins),
        "term_ends": _day(application.term_ends),
        "place": application.term_place or LATER,
        "sitting_day": _day(sitting.held_on if sitting else None),
        "sitting_time": _due_at(sitting, invited_at),
        "sitting_place": (sitting.place if sitting else "") or LATER,
        "appointment_day": _day(starts.date() if starts else None),
        "appointment_time": f"{starts:%H:%M}" if starts else LATER,
        "appointment_place": booked.place if booked else LATER,
    }


def _invited(ids: list[int]) -> "ModelSelect[Hearing]":
    """The lines of agendas by which the teachers of these cases were invited for a time."""
    columns = Hearing.select(Hearing.application, Hearing.sitting, Hearing.slot_at)
    return columns.where(Hearing.application.in_(ids), Hearing.slot_at.is_null(False))


def _due_at(sitting: Sitting | None, invited_at: dt.datetime | None) -> str:
    """When the teacher is due at the sitting: at the time that was given to them, else when it begins."""
    if sitting and invited_at:
        return f"{invited_at.astimezone(CITY):%H:%M}"
    return f"{sitting.begins_at:%H:%M}" if sitting and sitting.begins_at else LATER


def _day(day: dt.date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else LATER
