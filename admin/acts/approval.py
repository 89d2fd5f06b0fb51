"""The approval of a draft: sent to people one after the other, each approves or returns it with a remark (3.5.3, 3.7.2)."""

import datetime as dt
from collections.abc import Mapping

from peewee import CharField

from ...models import Endorsement, JournalEntry, Order, User, UserRole, database
from ...procedure.refusal import Refusal
from ...procedure.shape import Approval
from ...site import fields
from . import order_facts, orders

RETURNED = "returned"
REMARK = CharField(1000, verbose_name="Замечание")
# Acts whose author has written the draft.
WRITING = ("create", "draft_order", "align", "renew", "edit", "append_rows", "replace_rows", "edit_row", "remove_row")


def send(order: Order, people: Mapping[str, User], *, by: User, on: dt.datetime) -> Order:
    """Send a draft to these people (name of the step → person), in the order of the data."""
    writers = authors(order) | {by.id}
    with database.atomic():
        orders.move(order, "send_for_approval", by, on, details=f"круг {order.round}")
        chosen = [(step, _fitting(step, people.get(step.name), writers)) for step in order_facts.chain(order)]
        _refuse_twice([person for _step, person in chosen])
        for place, (step, person) in enumerate(chosen, 1):
            came = on if place == 1 else None
            Endorsement.create(order=order, round=order.round, place=place, name=step.name, user=person, came_at=came)
    return order


def approve(order: Order, *, by: User, on: dt.datetime) -> Order:
    """Approve as the one whose step it is; the next one has the draft from now on."""
    with database.atomic():
        step = order_facts.waiting(order)
        orders.move(order, "approve", by, on, details=f"круг {order.round}")
        assert step is not None  # the move needs it
        _settle(step, order_facts.APPROVED, on)
        after = Endorsement.order == order, Endorsement.round == step.round, Endorsement.place == step.place + 1
        Endorsement.update(came_at=on).where(*after).execute()
    return order


def return_for_revision(order: Order, *, remark: str, by: User, on: dt.datetime) -> Order:
    """Return the draft with a remark: it can be changed, and its approval begins anew."""
    told = fields.paragraph(REMARK, remark, required=True)
    with database.atomic():
        step = order_facts.waiting(order)
        # The journal is told that there is a remark; what it says stands in the history of the approval.
        orders.move(order, "return_for_revision", by, on, reason="с замечанием", round=order.round + 1)
        assert step is not None
        _settle(step, RETURNED, on, told)
        orders.drop_steps(order, on)
    return order


# --- Who may be named ---------------------------------------------------------------------------------------------------------


def candidates(step: Approval) -> list[User]:
    """Whom the office may name for a step, by name; one query."""
    roles = [role.value for role in step.roles]
    holders = UserRole.select(UserRole.user).where(UserRole.role.in_(roles))
    return list(User.select().where(User.active, User.id.in_(holders)).order_by(User.full_name, User.id))


def usual(names: list[str]) -> dict[str, int]:
    """Who had these steps the last time (name of the step → id of the person); one query."""
    latest = Endorsement.select(Endorsement.name, Endorsement.user).where(Endorsement.name.in_(names)).order_by(Endorsement.id)
    return {step.name: step.user_id for step in latest.limit(1000)}


def authors(order: Order) -> set[int]:
    """Who has written the draft; one query."""
    mine = JournalEntry.subject == "order", JournalEntry.subject_id == order.id, JournalEntry.verb.in_(WRITING)
    found = JournalEntry.select(JournalEntry.user).where(*mine, JournalEntry.user.is_null(False)).distinct()
    return {entry.user_id for entry in found if entry.user_id}


def _fitting(step: Approval, person: User | None, writers: set[int]) -> User:
    if person is None:
        raise Refusal(f"Не выбрано, кто согласует: {step.title}.", step.clause)
    if not person.active or person.role_set().isdisjoint(step.roles):
        roles = ", ".join(role.label for role in step.roles)
        raise Refusal(f"{person.full_name} не может согласовать как {step.title}: нужна роль ({roles}).", step.clause)
    if person.id in writers:
        raise Refusal(f"{person.full_name} готовит этот проект сам(а), согласовать его должен другой сотрудник.", step.clause)
    return person


def _refuse_twice(people: list[User]) -> None:
    seen: set[int] = set()
    for person in people:
        if person.id in seen:
            raise Refusal(f"{person.full_name} указан(а) дважды: каждую ступень согласует отдельный сотрудник.", "3.7.2")
        seen.add(person.id)


def _settle(step: Endorsement, outcome: str, on: dt.datetime, remark: str = "") -> None:
    Endorsement.update(outcome=outcome, settled_at=on, remark=remark).where(Endorsement.id == step.id).execute()
