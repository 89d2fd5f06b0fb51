"""What the office does with a request to correct an order (3.7.2): written down, registered, answered by an amending order."""

import datetime as dt
from collections.abc import Mapping, Sequence

from ...models import Correction, Order, User, database
from ...procedure.refusal import Refusal
from ...site.corrections import filing, moves
from ..access import Permission, require
from . import amendments, publication


def enter(said: Mapping[str, str], *, received_on: dt.date, edition: str, by: User, on: dt.datetime) -> Correction:
    """Write down a request that came on paper."""
    require(by, Permission.KEEP_CORRECTIONS)
    return filing.enter(said, received_on=received_on, edition=edition, by=by, on=on)


def register(correction: Correction, order: Order | None, *, by: User, on: dt.datetime) -> Correction:
    """Register the request about the order that it means; from today its term runs."""
    return moves.make(correction, "register", by=by, on=on, order=order)


def prepare(correction: Correction, lines: Sequence[int], *, by: User, on: dt.datetime) -> Order:
    """Draft the amending order with these rows of the order that the request is about."""
    with database.atomic():
        if correction.order is None:
            raise Refusal("Сначала укажите распоряжение, о котором запрос.", "3.7.1")
        basis = f"запрос об исправлении ошибки № {correction.number} от {correction.received_on:%d.%m.%Y}"
        drafted = amendments.draft(correction.order, lines, basis=basis, by=by, on=on)
        moves.make(correction, "prepare", by=by, on=on, amending=drafted)
    return drafted


def put_back(correction: Correction, *, reason: str, by: User, on: dt.datetime) -> Correction:
    """The draft is not the answer: the request waits for another one. The draft stays among the orders."""
    return moves.make(correction, "put_back", by=by, on=on, reason=reason, amending=None)


def decline(correction: Correction, *, reason: str, by: User, on: dt.datetime) -> Correction:
    """Answer that there is no error."""
    return moves.make(correction, "decline", by=by, on=on, reason=reason)


def published(order: Order, *, on: dt.datetime) -> int:
    """Close the requests that a published amending order answers; gives how many. Doing it twice does no harm."""
    waiting = Correction.select().where(Correction.amending == order, Correction.closed_on.is_null())
    for correction in list(waiting):
        moves.follow(correction, publication.CAUSE, by=None, on=on)
    return len(waiting)
