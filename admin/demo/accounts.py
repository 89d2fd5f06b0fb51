"""The accounts of a demonstration: one for each role, with passwords that everybody may know. Never made by `init`."""

from dataclasses import dataclass

from ...procedure.words import Role


@dataclass(frozen=True)
class Account:
    """An account of the demonstration."""

    login: str
    password: str
    full_name: str
    roles: frozenset[Role]


ACCOUNTS = (
    Account("publisher", "demo-publisher-2026", "Печатнова Вера Андреевна", frozenset({Role.PUBLISHER})),
    Account("secretary", "demo-secretary-2026", "Записнова Инна Павловна", frozenset({Role.SECRETARY})),
    Account("editor", "demo-editor-2026", "Словеснов Пётр Ильич", frozenset({Role.EDITOR})),
    Account("admin", "demo-admin-2026", "Настройнова Алла Юрьевна", frozenset({Role.ADMIN})),
)
