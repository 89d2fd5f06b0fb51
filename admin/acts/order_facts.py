"""Whether the facts are true that moves of an order ask for; only those asked about are looked up."""

from collections.abc import Callable, Iterable

from ...models import Endorsement, Order, OrderSignature, User
from ...procedure.road import road
from ...procedure.shape import Approval
from ...procedure.words import OrderKind
from ...site import amendments
from . import comparison

APPROVED = "approved"


def observe(order: Order, by: User, needs: Iterable[str]) -> frozenset[str]:
    """Those of the facts that are true when this person makes the move; a few queries, five for the minutes."""
    own = order.observe()
    return frozenset(name for name in needs if (_OBSERVED[name](order, by) if name in _OBSERVED else name in own))


def chain(order: Order) -> tuple[Approval, ...]:
    """Who approves this order. A decision that comes from no sitting of ours, as those of an archive, needs nobody."""
    if order.kind == OrderKind.DECISION and order.sitting_id is None:
        return ()
    return road("order").chain(order.kind)


def steps(order: Order) -> list[Endorsement]:
    """The steps of the present round with their people, in order; one query."""
    mine = Endorsement.order == order, Endorsement.round == order.round
    return list(Endorsement.select(Endorsement, User).join(User).where(*mine).order_by(Endorsement.place))


def waiting(order: Order) -> Endorsement | None:
    """The step whose turn it is, if the draft is being approved; one query."""
    here = Endorsement.order == order, Endorsement.outcome == "", Endorsement.came_at.is_null(False)
    found: Endorsement | None = Endorsement.get_or_none(*here)
    return found


def signature(order: Order) -> OrderSignature | None:
    """The mark of signature that stands; one query."""
    found: OrderSignature | None = OrderSignature.get_or_none(
        OrderSignature.order == order, OrderSignature.dropped_at.is_null()
    )
    return found


def _approved(order: Order, _by: User) -> bool:
    taken = steps(order)
    return not chain(order) or (bool(taken) and all(step.outcome == APPROVED for step in taken))


def _your_step(order: Order, by: User) -> bool:
    step = waiting(order)
    return step is not None and step.user_id == by.id


def _second_person(order: Order, by: User) -> bool:
    mark = signature(order)
    return mark is None or mark.marked_by_id != by.id


def _minutes_signed(order: Order, _by: User) -> bool:
    last = order.sitting.last_minutes() if order.sitting else None
    return order.sitting is None or (last is not None and last.signed_on is not None)


def _rows_standing(order: Order, _by: User) -> bool:
    return order.amends is None or (order.amends.status == "published" and not amendments.overtaken_rows(order))


_OBSERVED: dict[str, Callable[[Order, User], bool]] = {
    "chained": lambda order, _by: bool(chain(order)),
    "approved": _approved,
    "your_step": _your_step,
    "matches_minutes": lambda order, _by: not comparison.of_order(order),
    "minutes_signed": _minutes_signed,
    "rows_amended": lambda order, _by: not (order.amends_id and amendments.unchanged_rows(order)),
    "rows_standing": _rows_standing,
    "second_person": _second_person,
}
