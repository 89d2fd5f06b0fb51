"""What of orders waits for a person: drafts to approve, sittings without an order, terms that run."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from peewee import JOIN

from ...models import Endorsement, Order, Sitting, User
from ...procedure.road import road
from ...procedure.shape import Approval
from ...procedure.terms import Deadline
from ...procedure.working_days import Calendar
from ...site import order_terms
from ...site.cases.calendar import counting_calendar
from ..access import Permission, may
from .cases.due import Due

# Orders that are not published yet: few, whatever the age of the archive.
MOST = 200


@dataclass(frozen=True)
class Step:
    """A draft that somebody has for approval: which step, since when."""

    order: Order
    approval: Approval
    person: User
    since: dt.datetime


@dataclass(frozen=True)
class Undrafted:
    """A sitting of which so many decisions stand in no order yet."""

    sitting: Sitting
    count: int
    due: Due


@dataclass(frozen=True)
class Waiting:
    """What the person has to do: drafts to approve, sittings to draft orders for, orders whose terms are theirs."""

    steps: tuple[Step, ...]
    undrafted: tuple[Undrafted, ...]
    orders: tuple[tuple[Order, Due], ...]

    def __bool__(self) -> bool:
        return bool(self.steps or self.undrafted or self.orders)


def waiting(user: User, today: dt.date) -> Waiting:
    """What waits for the person; four queries besides those for the person."""
    calendar, writes = counting_calendar(), may(user, Permission.WRITE_ORDERS)
    mine = tuple(step for step in steps() if step.person.id == user.id)
    return Waiting(mine, undrafted(today, calendar) if writes else (), _pressing(user, today, calendar) if writes else ())


def steps() -> list[Step]:
    """All drafts that somebody has for approval, the longest waiting first; one query."""
    asked = Endorsement.select(Endorsement, Order, User).join(Order).switch(Endorsement).join(User)
    here = asked.where(Endorsement.outcome == "", Endorsement.came_at.is_null(False)).order_by(Endorsement.came_at)
    return [Step(one.order, _approval(one), one.user, one.came_at) for one in here]


def undrafted(today: dt.date, calendar: Calendar) -> tuple[Undrafted, ...]:
    """Sittings with minutes whose decisions are to become orders and stand in none, the oldest first; one query."""
    rows: Any = order_terms.without_order()
    return tuple(Undrafted(one, one.decided, due_of(order_terms.undrafted(one, today, calendar))) for one in rows)


def due_of(deadline: Deadline) -> Due:
    """A term as lists show it."""
    return Due(deadline.act_by, deadline.term.title, deadline.term.clause, deadline.state)


def _pressing(user: User, today: dt.date, calendar: Calendar) -> tuple[tuple[Order, Due], ...]:
    """Orders with a term that this person answers for, the nearest first."""
    under_way = [status.name for status in road("order").states if not status.public]
    asked = Order.select(Order, Sitting).join(Sitting, JOIN.LEFT_OUTER).where(Order.status.in_(under_way))
    roles = user.role_set()
    found = [
        (order, due_of(deadline))
        for order in asked.order_by(Order.id.desc()).limit(MOST)
        for deadline in order_terms.deadlines(order, today, calendar)
        if not roles.isdisjoint(deadline.term.responsible)
    ]
    return tuple(sorted(found, key=lambda row: row[1].day))


def _approval(step: Endorsement) -> Approval:
    return next(one for one in road("order").approvals if one.name == step.name)
