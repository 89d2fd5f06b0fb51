"""Who else may work in a section: staff named one by one, whatever their role in the office."""

import datetime as dt

from ....models import Node, Share, User
from ....procedure.refusal import Refusal
from ....procedure.words import LocalRole
from ...access import require_local
from .holding import held, note


def share(node: Node, user: User, role: LocalRole, *, by: User, on: dt.datetime) -> None:
    """Let this person write, or write and publish, here and in all that is below, in place of what they might before."""
    with held(node) as node:
        require_local(by, node, LocalRole.APPROVER)
        if not user.active:
            raise Refusal("Вход для этого сотрудника закрыт: выберите другого.")
        kept = Share.get_or_none(Share.node == node, Share.user == user)
        if kept is None or kept.role != role:
            given = Share.insert(node=node, user=user, role=role.value)
            given.on_conflict(conflict_target=[Share.node, Share.user], preserve=[Share.role]).execute()
            note(node, "share", by, on, f"/{node.path}", f"{user.login}: {role.label}")


def unshare(node: Node, user: User, *, by: User, on: dt.datetime) -> None:
    """Take from this person what was given here; what they may by their role or by a section above stays."""
    with held(node) as node:
        require_local(by, node, LocalRole.APPROVER)
        if not Share.delete().where(Share.node == node, Share.user == user).execute():
            raise Refusal("Доступ этому сотруднику уже закрыт: обновите страницу.")
        note(node, "unshare", by, on, f"/{node.path}", user.login)
