"""The accounts of a demonstration: one for each role and a teacher's, with passwords that everybody may know. Never made by
`init`.
"""

from dataclasses import dataclass

from ...procedure.words import Role


@dataclass(frozen=True)
class Account:
    """An account of the demonstration. A teacher's has no role in the office and an address of its own."""

    login: str
    password: str
    full_name: str
    roles: frozenset[Role] = frozenset()

    @property
    def title(self) -> str:
        """Whose account it is, in a few words."""
        return ", ".join(role.label for role in sorted(self.roles)) or "педагог"


TEACHER = Account("teacher@example.org", "demo-teacher-2026", "Мелова Нина Сергеевна")
EXPERTS = (
    Account("expert", "demo-expert-2026", "Оценкина Мария Львовна", frozenset({Role.EXPERT})),
    Account("expert2", "demo-expert2-2026", "Сверялова Дарья Олеговна", frozenset({Role.EXPERT})),
    Account("expert3", "demo-expert3-2026", "Взвешин Пётр Ильич", frozenset({Role.EXPERT})),
)
ACCOUNTS = (
    Account("publisher", "demo-publisher-2026", "Печатнова Вера Андреевна", frozenset({Role.PUBLISHER})),
    Account("secretary", "demo-secretary-2026", "Записнова Инна Павловна", frozenset({Role.SECRETARY})),
    Account("editor", "demo-editor-2026", "Словеснов Пётр Ильич", frozenset({Role.EDITOR})),
    Account("admin", "demo-admin-2026", "Настройнова Алла Юрьевна", frozenset({Role.ADMIN})),
    Account("reception", "demo-reception-2026", "Приёмова Ольга Игоревна", frozenset({Role.REGISTRAR})),
    Account("leader", "demo-leader-2026", "Ведущев Антон Маркович", frozenset({Role.LEADER})),
    Account("deputy", "demo-deputy-2026", "Замкова Елена Романовна", frozenset({Role.DEPUTY_CHAIR})),
    Account("chair", "demo-chair-2026", "Председова Анна Глебовна", frozenset({Role.CHAIR})),
    Account("endorser", "demo-endorser-2026", "Согласова Ирина Викторовна", frozenset({Role.ENDORSER})),
    Account("complaints", "demo-complaints-2026", "Разборова Юлия Степановна", frozenset({Role.COMPLAINTS})),
    Account("controller", "demo-controller-2026", "Проверяев Игорь Денисович", frozenset({Role.CONTROLLER})),
    *EXPERTS,
    TEACHER,
)
