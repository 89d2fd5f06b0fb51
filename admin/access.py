"""Who may do what in the office: one table, read from top to bottom. Moves of an order take their roles from the procedure."""

from collections.abc import Iterable
from enum import StrEnum

from peewee import Expression

from ..models import Node, Share, User
from ..procedure.refusal import Refusal
from ..procedure.road import road
from ..procedure.words import LocalRole, Role


class Permission(StrEnum):
    """Something that roles allow; the value finishes the sentence «Вам недоступно: …»."""

    ENTER = "вход в рабочее место"
    READ_ORDERS = "просмотр распоряжений"
    WRITE_ORDERS = "подготовка распоряжений"
    READ_CONTENT = "просмотр материалов сайта"
    EDIT_CONTENT = "ведение материалов сайта"
    GOVERN_SECTIONS = "управление разделами: кто в них правит и где публикуют вдвоём"
    IMPORT_REGULATION = "загрузка официального текста регламента"
    READ_JOURNAL = "просмотр журнала"
    MANAGE_USERS = "управление учётными записями"
    READ_CASES = "просмотр заявлений"
    ENTER_CASES = "внесение заявлений с бумаги и объединение повторных"
    READ_EXPERTS = "просмотр банка экспертов"
    MANAGE_EXPERTS = "ведение банка экспертов"
    GOVERN_GROUPS = "ведение экспертных групп и экспертов всех групп"
    TAKE_PART = "собственное участие в экспертизе"
    KEEP_CALENDAR = "ведение производственного календаря"
    KEEP_DISTRICTS = "ведение списка организаций по районам"
    KEEP_SITTINGS = "ведение списка заседаний и составов комиссии"
    READ_SITTINGS = "ход заседаний и протоколы"
    RUN_SITTINGS = "ведение заседания"
    RUN_RECEPTION = "приём папок по записи"
    KEEP_LETTERS = "ведение писем"
    KEEP_OUTGOING = "ведение записей для внешних систем"
    READ_CORRECTIONS = "просмотр запросов об исправлении"
    KEEP_CORRECTIONS = "работа с запросами об исправлении"
    READ_COMPLAINTS = "просмотр жалоб"
    KEEP_COMPLAINTS = "рассмотрение жалоб"
    READ_TODAY = "просмотр дел на сегодня"
    READ_CONTROL = "раздел контроля"
    INSPECT = "проверки дел"
    WATCH_TERMS = "отчёт о сроках"
    VERIFY_JOURNAL = "проверка целостности журнала"
    DESTROY = "уничтожение по срокам хранения"


EVERYBODY = frozenset(Role)
# Who comes for cases only: experts from schools, the leaders of their groups.
VISITING = frozenset({Role.EXPERT, Role.LEADER})

ALLOWED: dict[Permission, frozenset[Role]] = {
    Permission.ENTER: EVERYBODY,
    Permission.READ_ORDERS: EVERYBODY - VISITING,
    # Create, edit, fill, import, delete a draft; ask for its PDF again.
    Permission.WRITE_ORDERS: frozenset({Role.SECRETARY, Role.PUBLISHER, Role.ADMIN}),
    Permission.READ_CONTENT: EVERYBODY - VISITING,
    # Write and publish wherever a section is not restricted; see `local_roles`.
    Permission.EDIT_CONTENT: frozenset({Role.EDITOR, Role.ADMIN}),
    Permission.GOVERN_SECTIONS: frozenset({Role.ADMIN}),
    Permission.IMPORT_REGULATION: frozenset({Role.EDITOR, Role.ADMIN}),
    # What of it about cases, only whoever reads the case: `admin/desk/journal.py`.
    Permission.READ_JOURNAL: frozenset({Role.PUBLISHER, Role.CONTROLLER, Role.ADMIN}),
    Permission.MANAGE_USERS: frozenset({Role.ADMIN}),
    # Which cases, and what of them, says `site/cases/`: an administrator has no business with them.
    Permission.READ_CASES: frozenset(
        {Role.REGISTRAR, Role.SECRETARY, Role.DEPUTY_CHAIR, Role.CHAIR, Role.LEADER, Role.EXPERT, Role.CONTROLLER}
    ),
    Permission.ENTER_CASES: frozenset({Role.REGISTRAR, Role.SECRETARY}),
    Permission.READ_EXPERTS: frozenset({Role.REGISTRAR, Role.SECRETARY, Role.DEPUTY_CHAIR, Role.CHAIR, Role.LEADER}),
    # A leader keeps the experts of their own groups: `admin/acts/experts/keeping.py`.
    Permission.MANAGE_EXPERTS: frozenset({Role.REGISTRAR, Role.SECRETARY, Role.DEPUTY_CHAIR, Role.LEADER}),
    Permission.GOVERN_GROUPS: frozenset({Role.REGISTRAR, Role.SECRETARY, Role.DEPUTY_CHAIR}),
    Permission.TAKE_PART: frozenset({Role.EXPERT}),
    Permission.KEEP_CALENDAR: frozenset({Role.REGISTRAR, Role.SECRETARY, Role.DEPUTY_CHAIR, Role.ADMIN}),
    Permission.KEEP_DISTRICTS: frozenset({Role.REGISTRAR, Role.SECRETARY, Role.DEPUTY_CHAIR, Role.ADMIN}),
    Permission.KEEP_SITTINGS: frozenset({Role.SECRETARY, Role.DEPUTY_CHAIR}),
    # Who voted how, before it is announced.
    Permission.READ_SITTINGS: frozenset({Role.SECRETARY, Role.DEPUTY_CHAIR, Role.CHAIR, Role.CONTROLLER}),
    Permission.RUN_SITTINGS: frozenset({Role.SECRETARY}),
    Permission.RUN_RECEPTION: frozenset({Role.REGISTRAR, Role.SECRETARY}),
    # Whoever leads a case through the office also carries it over into КАИС КРО and МАИС ЭГУ.
    Permission.KEEP_OUTGOING: frozenset({Role.REGISTRAR, Role.SECRETARY}),
    # An administrator sees whether letters go; what letters about cases say, only whoever sees the case.
    Permission.KEEP_LETTERS: frozenset({Role.REGISTRAR, Role.SECRETARY, Role.ADMIN}),
    Permission.READ_CORRECTIONS: frozenset(
        {Role.REGISTRAR, Role.SECRETARY, Role.DEPUTY_CHAIR, Role.CHAIR, Role.COMPLAINTS, Role.CONTROLLER}
    ),
    Permission.KEEP_CORRECTIONS: frozenset({Role.REGISTRAR, Role.SECRETARY}),
    # Control is the head of the department's (4.1, 4.2); whoever leads the work sees what is late.
    Permission.READ_CONTROL: frozenset({Role.SECRETARY, Role.DEPUTY_CHAIR, Role.CHAIR, Role.CONTROLLER, Role.ADMIN}),
    Permission.INSPECT: frozenset({Role.CONTROLLER}),
    Permission.WATCH_TERMS: frozenset({Role.SECRETARY, Role.DEPUTY_CHAIR, Role.CHAIR, Role.CONTROLLER}),
    Permission.VERIFY_JOURNAL: frozenset({Role.CONTROLLER, Role.ADMIN}),
    Permission.DESTROY: frozenset({Role.CONTROLLER}),
    # Confidential: an administrator has no business with them either.
    Permission.READ_COMPLAINTS: frozenset({Role.COMPLAINTS, Role.CHAIR, Role.CONTROLLER}),
    Permission.KEEP_COMPLAINTS: frozenset({Role.COMPLAINTS}),
}

ALLOWED[Permission.READ_TODAY] = ALLOWED[Permission.READ_CASES] | ALLOWED[Permission.KEEP_COMPLAINTS]
# Whoever has orders to approve, or to publish in time.
ALLOWED[Permission.READ_TODAY] |= {Role.ENDORSER, Role.PUBLISHER}


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


def local_roles(user: User | None, node: Node) -> frozenset[LocalRole]:
    """What this person may do with a material: by their role in the office, or because a section of its chain is shared with
    them. A restricted section is open only to administrators and to those it is shared with. Three queries at most."""
    if user is None or not user.active:
        return frozenset()
    roles = user.role_set()
    if roles & ALLOWED[Permission.GOVERN_SECTIONS]:
        return frozenset(LocalRole)
    chain = node.chain()
    if roles & ALLOWED[Permission.EDIT_CONTENT] and not any(step.restricted for step in chain):
        return frozenset(LocalRole)
    shared = {share.role for share in Share.select(Share.role).where(Share.user == user, Share.node.in_(chain))}
    # Who approves also writes.
    return frozenset(LocalRole) if LocalRole.APPROVER in shared else frozenset(map(LocalRole, shared))


def within_reach(user: User, role: LocalRole) -> Expression:
    """The condition for the materials at which `local_roles` gives this role to this person; two queries at most."""
    if not user.active:
        return _below_any([])
    roles = user.role_set()
    if roles & ALLOWED[Permission.GOVERN_SECTIONS]:
        everything: Expression = ~_below_any([])
        return everything
    # Who approves also writes.
    enough = (role.value, LocalRole.APPROVER.value)
    shared = _below_any(Node.kept().join(Share).where(Share.user == user, Share.role.in_(enough)))
    if not roles & ALLOWED[Permission.EDIT_CONTENT]:
        return shared
    reached: Expression = shared | ~_below_any(Node.kept().where(Node.restricted))
    return reached


def _below_any(sections: Iterable[Node]) -> Expression:
    """The condition for these sections and all that is below them; for none of them it never holds."""
    found: Expression = Node.id.is_null()
    for section in sections:
        below = Node.path.startswith(f"{section.path}/") if section.path else ~Node.id.is_null()
        found = found | (Node.path == section.path) | below
    return found


def require_local(user: User | None, node: Node, role: LocalRole) -> None:
    """Raise Refusal unless this person has the role at this material."""
    if role not in local_roles(user, node):
        raise Refusal(f"Вам недоступно: этот раздел сайта. Нужно право «{role.label}», его даёт администратор.")
