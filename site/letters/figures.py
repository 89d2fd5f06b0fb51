"""What a case tells its letters: numbers and days as they are written in them."""

import datetime as dt

from ...models import Application, CaseEvent, Slot
from ...procedure.words import Category
from ..dates import CITY
from .declension import Kind, genitives

LATER = "не назначено"


def figures_of(application: Application) -> dict[str, str]:
    """Every placeholder that letters about this case may have, but `reason`; four queries at most."""
    events = {event.name: event.day for event in CaseEvent.select().where(CaseEvent.application == application)}
    sitting = application.sitting if application.sitting_id else None
    booked = Slot.select().where(Slot.application == application, ~Slot.missed).first()
    declined = genitives(application)
    starts = booked.starts_at.astimezone(CITY) if booked else None
    return {
        "number": application.number or "без номера",
        "person": application.person,
        "person_genitive": declined[Kind.PERSON],
        "position": application.position,
        "position_genitive": declined[Kind.POSITION],
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
        "sitting_time": f"{sitting.begins_at:%H:%M}" if sitting and sitting.begins_at else LATER,
        "sitting_place": (sitting.place if sitting else "") or LATER,
        "appointment_day": _day(starts.date() if starts else None),
        "appointment_time": f"{starts:%H:%M}" if starts else LATER,
        "appointment_place": booked.place if booked else LATER,
    }


def _day(day: dt.date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else LATER
