"""The terms of one order over the office's calendar: those that run, and those that were met too late (3.5.2, 3.6.2)."""

import datetime as dt
from dataclasses import dataclass

from peewee import JOIN, ModelSelect, fn

from ..models import Hearing, Order, Ruling, Sitting
from ..procedure.road import EDITION, EDITIONS, road
from ..procedure.terms import Dated, Deadline, Term, seen, terms
from ..procedure.working_days import Calendar
from .dates import day_of

RECORD = "order"


@dataclass(frozen=True)
class Late:
    """A term that was met after its end."""

    term: Term
    ends: dt.date
    met: dt.date


def deadlines(order: Order, today: dt.date, calendar: Calendar) -> tuple[Deadline, ...]:
    """The terms that run today, the nearest first. The sitting is read from the order."""
    return terms(EDITION, RECORD).running(order.status, None, dates_of(order), today, calendar)


def late(order: Order, calendar: Calendar) -> tuple[Late, ...]:
    """The terms that this order broke, in the order of the data."""
    known = {dated.name: dated.on for dated in dates_of(order)}
    met = [
        Late(term, term.end(known[term.since], calendar), known[term.until])
        for term in terms(EDITION, RECORD).terms
        if {term.since, term.until} <= known.keys()
    ]
    return tuple(one for one in met if one.met > one.ends)


def without_order() -> "ModelSelect[Sitting]":
    """Sittings with minutes whose decisions are to become orders and stand in none, the oldest first; `decided`: how many."""
    going = {status for one in EDITIONS for status in road("sitting", one).move("close").sources}
    followed = [one for one in EDITIONS if any(move.follows == "order.publish" for move in road("application", one).moves)]
    asked = Sitting.select(Sitting, fn.COUNT(Hearing.id).alias("decided")).join(Hearing)
    asked = asked.join(Ruling, JOIN.LEFT_OUTER, on=(Ruling.hearing == Hearing.id))
    asked = asked.where(Sitting.edition.in_(followed), Sitting.closed_at.is_null(False), Sitting.status.not_in(sorted(going)))
    missing = asked.where(Hearing.decision != "", Ruling.id.is_null())
    return missing.group_by(Sitting).order_by(Sitting.held_on, Sitting.id)


def undrafted(sitting: Sitting, today: dt.date, calendar: Calendar) -> Deadline:
    """The term of the draft of an order that nobody has begun yet."""
    term = terms(EDITION, RECORD).term("draft")
    return seen(term, sitting.held_on, term.end(sitting.held_on, calendar), today, calendar)


def dates_of(order: Order) -> tuple[Dated, ...]:
    """What has happened to the order, by the names of its road."""
    happened = {
        "opened": order.sitting.held_on if order.sitting_id else None,
        "signed": order.signed_on,
        "registered": order.registered_on,
        "published": day_of(order.published_at) if order.published_at else None,
    }
    return tuple(Dated(name, day) for name, day in happened.items() if day)
