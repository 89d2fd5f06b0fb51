"""Who may do what in the office: one table, read from top to bottom. Moves of an order take their roles from the procedure."""

from enum import StrEnum

from ..models import User
from ..procedure.refusal import Refusal
from ..procedure.road import road
from ..procedure.words import Role


class Permission(StrEnum):
    """Something that roles allow; the value finishes the sentence «Вам недоступно: …»."""

    ENTER = "вход в рабочее место"
    READ_ORDERS = "просмотр распоряжений"
    WRITE_ORDERS = "подготовка распоряжений"
    EDIT_CONTENT = "ведение материалов сайта"
    READ_JOURNAL = "просмотр журнала"
    MANAGE_USERS = "управление учётными записями"


EVERYBODY = frozenset(Role)

ALLOWED: dict[Permission, frozenset[Role]] = {
    Permission.ENTER: EVERYBODY,
    Permission.READ_ORDERS: EVERYBODY,
    # Create, edit, fill, import, delete a draft; ask for its PDF again.
    Permission.WRITE_ORDERS: frozenset({Role.SECRETARY, Role.PUBLISHER, Role.ADMIN}),
    Permission.EDIT_CONTENT: frozenset({Role.EDITOR, Role.ADMIN}),
    Permission.READ_JOURNAL: frozenset({Role.PUBLISHER, Role.ADMIN}),
    Permission.MANAGE_USERS: frozenset({Role.ADMIN}),
}


def may(user: User | None, permission: Permission) -> bool:
    """Whether this person may; a stranger and a closed account may nothing."""
    return user is not None and user.active and not ALLOWED[permission].isdisjoint(user.role_set())


def may_move(user: User | None, verb: str) -> bool:
    """Whether this person's roles allow this move of an order, whatever the order's state; KeyError for an unknown verb."""
    return user is not None and user.active and not road("order").move(verb).roles.isdisjoint(user.role_set())


def require(user: User | None, permission: Permission) -> None:
    """Raise Refusal, naming the roles that may, unless this person may."""
    if not may(user, permission):
        roles = ", ".join(role.label for role in Role if role in ALLOWED[permission])
        raise Refusal(f"Вам недоступно: {permission}. Нужна роль: {roles}.")
