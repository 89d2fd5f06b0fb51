"""Acts on the bank of experts: each does it and tells the journal, refuses the wrong person, leaves no trace then."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from peewee import Database

from attestation.admin.acts.experts import bank, groups, keeping, standing, ties
from attestation.models import (
    Absence,
    Application,
    Approval,
    ConflictPermit,
    DeclaredConflict,
    Duty,
    Employment,
    Expert,
    ExpertGroup,
    JournalEntry,
    Speciality,
    User,
    UserRole,
)
from attestation.procedure.refusal import Refusal
from attestation.procedure.words import Role
from attestation.site.cases.facts import observe
from attestation.site.dates import day_of
from attestation.tests.admin.conftest import at_once
from attestation.tests.cases import LENOBL, World
from attestation.tests.conftest import NOON

TODAY = day_of(NOON)
ROWS = (Speciality, Approval, Absence, Employment, DeclaredConflict)
FOREIGN = "Вам недоступно: вы ведёте только экспертов своей группы."


def trace() -> dict[str, list[Any]]:
    tables = (Expert, ExpertGroup, *ROWS, ConflictPermit, Application, JournalEntry)
    return {table.__name__: list(table.select().order_by(table.id).dicts()) for table in tables}


def sentence(act: Callable[[], Any]) -> str:
    before = trace()
    with pytest.raises(Refusal) as refused:
        act()
    assert trace() == before
    return refused.value.sentence


def told() -> tuple[str, str, str]:
    """The newest entry of the journal."""
    entry = JournalEntry.select().order_by(JournalEntry.id.desc()).get()
    return entry.subject, entry.verb, entry.details


def person(login: str, full_name: str, *roles: Role) -> User:
    user = User.create(login=login, full_name=full_name, password_hash="-", created_at=NOON)
    for role in roles:
        UserRole.create(user=user, role=role)
    return user


ROWS_TO_ADD: dict[str, tuple[Callable[..., Expert], dict[str, Any], type[Any], Callable[..., Expert], str]] = {
    "speciality": (
        standing.add_speciality,
        {"form": 2, "position": "Воспитатель", "subject": ""},
        Speciality,
        standing.remove_speciality,
        "форма 2",
    ),
    "approval": (
        standing.add_approval,
        {
            "order_number": "77-р",
            "order_on": dt.date(2026, 1, 12),
            "valid_from": dt.date(2026, 1, 15),
            "valid_until": dt.date(2027, 1, 14),
        },
        Approval,
        standing.remove_approval,
        "№ 77-р от 12.01.2026, действует с 15.01.2026 по 14.01.2027",
    ),
    "absence": (
        standing.add_absence,
        {"first_day": dt.date(2026, 4, 1), "last_day": dt.date(2026, 4, 14), "reason": "отпуск"},
        Absence,
        standing.remove_absence,
        "с 01.04.2026 по 14.04.2026",
    ),
    "employment": (
        ties.add_employment,
        {"organization": "ГБОУ школа № 1", "until": dt.date(2024, 8, 31)},
        Employment,
        ties.remove_employment,
        "",
    ),
    "conflict": (
        ties.declare,
        {"person": "Иванова Мария Петровна", "organization": "", "reason": "родственники"},
        DeclaredConflict,
        ties.take_back,
        "",
    ),
}
VERBS = {
    "speciality": ("add_speciality", "remove_speciality"),
    "approval": ("add_approval", "remove_approval"),
    "absence": ("add_absence", "remove_absence"),
    "employment": ("add_employment", "remove_employment"),
    "conflict": ("declare_conflict", "take_back_conflict"),
}


@pytest.mark.parametrize("kind", list(ROWS_TO_ADD))
def test_rows_come_and_go(world: World, kind: str) -> None:
    add, values, table, remove, details = ROWS_TO_ADD[kind]
    expert, known = world.experts[0], {row.id for row in table.select()}
    add(expert, **values, by=world.cast.leader, on=NOON)
    row = table.get(table.id.not_in(known))
    assert {name: getattr(row, name) for name in values} == values
    assert told() == ("expert", VERBS[kind][0], details)
    assert Expert.get_by_id(expert.id).version == expert.version == 2
    stale = Expert.get_by_id(expert.id)
    remove(expert, row.id, by=world.cast.leader, on=NOON)
    assert {row.id for row in table.select()} == known
    assert told() == ("expert", VERBS[kind][1], "")
    assert sentence(lambda: add(stale, **values, by=world.cast.leader, on=NOON)) == keeping.OVERTAKEN
    assert "уже нет: обновите страницу" in sentence(lambda: remove(expert, row.id, by=world.cast.leader, on=NOON))


@pytest.mark.parametrize("kind", list(ROWS_TO_ADD))
def test_whose_bank_it_is(world: World, kind: str) -> None:
    """The office keeps all, a leader their own group, an expert their own absences and ties."""
    add, values, *_ = ROWS_TO_ADD[kind]
    expert = world.experts[0]
    keepers = (world.cast.reception, world.cast.secretary, world.cast.deputy, world.cast.leader)
    for form, by in enumerate(keepers, 5):
        own = {"form": form} if kind == "speciality" else {}
        add(Expert.get_by_id(expert.id), **{**values, **own}, by=by, on=NOON)
    assert sentence(lambda: add(Expert.get_by_id(expert.id), **values, by=world.second_leader, on=NOON)) == FOREIGN
    for by in (world.cast.admin, world.cast.chairperson, world.experts[1].user, world.teacher):
        said = sentence(lambda by=by: add(Expert.get_by_id(expert.id), **values, by=by, on=NOON))
        assert said.startswith("Вам недоступно: ведение банка экспертов.")
    mine = lambda: add(Expert.get_by_id(expert.id), **values, by=world.cast.expert, on=NOON)  # noqa: E731
    if kind in {"absence", "employment", "conflict"}:
        mine()
        assert told()[1] == VERBS[kind][0]
    else:
        assert sentence(mine).startswith("Вам недоступно: ведение банка экспертов.")


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        ("speciality", {"form": 16}, "Такой формы оценки нет: выберите форму из списка."),
        ("speciality", {"form": 1, "position": "учитель  МАТЕМАТИКИ"}, "Такая специализация у эксперта уже есть."),
        ("approval", {"order_number": " "}, "Заполните поле «Номер распоряжения»."),
        (
            "approval",
            {"valid_until": dt.date(2026, 1, 14)},
            "Срок утверждения заканчивается раньше, чем начинается: поменяйте даты.",
        ),
        ("approval", {"order_on": dt.date(202, 1, 1)}, "Проверьте год в дате распоряжения."),
        ("absence", {"last_day": dt.date(2026, 3, 31)}, "Отсутствие заканчивается раньше, чем начинается: поменяйте даты."),
        ("absence", {"last_day": dt.date(2206, 3, 31)}, "Проверьте год в датах."),
        (
            "employment",
            {"until": dt.date(2026, 3, 11)},
            "Прежнее место работы: день увольнения должен быть не позже сегодняшнего.",
        ),
        ("conflict", {"person": ""}, "Назовите педагога или организацию, с которыми у эксперта конфликт интересов."),
    ],
)
def test_rows_that_cannot_be(world: World, kind: str, values: dict[str, Any], said: str) -> None:
    add, right, *_ = ROWS_TO_ADD[kind]
    assert sentence(lambda: add(world.experts[0], **{**right, **values}, by=world.cast.leader, on=NOON)) == said


# --- The entry itself -------------------------------------------------------------------------------------------------------

NEW = {"surname": "Новикова", "position": "Методист", "organization": "ГБОУ школа № 7", "address": "Новая ул., д. 1"}


def test_add_and_edit(world: World) -> None:
    user = person("novyj", "Новикова Юлия Игоревна", Role.EXPERT)
    assert bank.free_accounts() == [user]
    expert = bank.add(user, **NEW, group=world.group, by=world.cast.leader, on=NOON)
    assert told() == ("expert", "add_expert", "")
    assert bank.free_accounts() == []
    change = {**NEW, "organization": "ГБОУ школа № 8", "group": world.group, "department": True}
    bank.edit(expert, **change, by=world.cast.leader, on=NOON)
    assert told() == ("expert", "edit", "Место работы, Сотрудник отдела аттестации")
    kept = Expert.get_by_id(expert.id)
    assert {name: getattr(kept, name) for name in change} == change
    kept.version -= 1
    assert sentence(lambda: bank.edit(kept, **change, by=world.cast.leader, on=NOON)) == keeping.OVERTAKEN
    assert sentence(lambda: bank.add(user, **NEW, by=world.cast.secretary, on=NOON)) == bank.TAKEN


def test_who_cannot_be_an_expert(world: World) -> None:
    teacher = world.teacher
    said = "У этой учётной записи нет роли «эксперт», или вход закрыт: роль даёт администратор."
    assert sentence(lambda: bank.add(teacher, **NEW, by=world.cast.secretary, on=NOON)) == said


def test_a_leader_gives_no_expert_away(world: World) -> None:
    """A leader takes into their own group and moves nobody into or out of another."""
    user = person("novyj", "Новикова Юлия Игоревна", Role.EXPERT)
    foreign = ExpertGroup.create(name="Группа воспитателей", leader=world.second_leader)
    leader = world.cast.leader
    assert sentence(lambda: bank.add(user, **NEW, group=foreign, by=leader, on=NOON)) == FOREIGN
    assert sentence(lambda: bank.add(user, **NEW, by=leader, on=NOON)) == FOREIGN
    change = {**NEW, "group": foreign, "department": False}
    assert sentence(lambda: bank.edit(world.experts[0], **change, by=leader, on=NOON)) == FOREIGN
    bank.edit(world.experts[0], **change, by=world.cast.secretary, on=NOON)
    assert Expert.get_by_id(world.experts[0].id).group_id == foreign.id


def test_nobody_leaves_their_cases_behind(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "review")
    expert = world.experts[0]
    said = sentence(lambda: bank.leave(expert, by=world.cast.leader, on=NOON))
    assert said == f"Эксперт работает по заявлениям: {case}. Сначала замените его в них."
    world.walk(case, "review_done")
    bank.leave(expert, by=world.cast.leader, on=NOON)
    assert (Expert.get_by_id(expert.id).active, told()[1]) == (False, "leave_bank")
    bank.come_back(expert, by=world.cast.leader, on=NOON)
    assert (Expert.get_by_id(expert.id).active, told()[1]) == (True, "return_to_bank")


# --- Groups -----------------------------------------------------------------------------------------------------------------


def test_groups(world: World) -> None:
    by = world.cast.secretary
    group = groups.create("Группа воспитателей", leader=world.second_leader, by=by, on=NOON)
    assert told() == ("expert_group", "add_group", "Сменщикова Эльза Карловна")
    groups.edit(group, name="Группа дошкольного образования", leader=None, by=by, on=NOON)
    kept = ExpertGroup.get_by_id(group.id)
    assert (kept.name, kept.leader_id, kept.version) == ("Группа дошкольного образования", None, 2)
    taken = "Группа «группа УЧИТЕЛЕЙ математики» уже есть: выберите другое название."
    assert sentence(lambda: groups.create("группа УЧИТЕЛЕЙ математики", leader=None, by=by, on=NOON)) == taken
    unfit = "У этого сотрудника нет роли «руководитель экспертной группы»: роль даёт администратор."
    assert sentence(lambda: groups.edit(kept, name="Группа", leader=world.cast.expert, by=by, on=NOON)) == unfit
    groups.close(kept, by=by, on=NOON)
    assert told()[1] == "close_group"
    said = sentence(lambda: bank.add(world.cast.expert, **NEW, group=kept, by=by, on=NOON))
    assert said == "Группа «Группа дошкольного образования» больше не действует: выберите другую."
    groups.reopen(kept, by=by, on=NOON)
    assert ExpertGroup.get_by_id(group.id).active


def test_a_group_with_experts_stays(world: World) -> None:
    said = sentence(lambda: groups.close(world.group, by=world.cast.deputy, on=NOON))
    assert said == "В группе ещё есть эксперты (4): сначала переведите их в другую группу."
    for by in (world.cast.leader, world.cast.admin, world.cast.chairperson):
        assert sentence(lambda by=by: groups.close(world.group, by=by, on=NOON)).startswith("Вам недоступно: ведение")


# --- Conflicts in a case ----------------------------------------------------------------------------------------------------


def test_an_expert_declares_a_conflict_in_a_case(world: World) -> None:
    """The review stops, the chair's earlier word holds no longer, and the declaration can be taken back."""
    case = world.walk(world.filled(LENOBL), "portfolio_confirmed")
    expert = world.experts[0]
    ConflictPermit.create(application=case, expert=expert.user, by=world.cast.chairperson, reason="Других нет", at=NOON)
    version = case.version
    assert "start_review" in {duty.verb for duty in Duty.select().where(Duty.application == case)}
    ties.declare_in(case, expert, reason="Преподаём в одном классе", by=expert.user, on=NOON)
    assert "no_conflict" not in observe(case, TODAY)
    assert ConflictPermit.select().count() == 0
    assert Application.get_by_id(case.id).version == version + 1
    assert told() == ("application", "case_declare_conflict", "")
    again = lambda: ties.declare_in(case, expert, reason="Ещё раз", by=expert.user, on=NOON)  # noqa: E731
    assert sentence(again) == "Вы уже заявили о конфликте интересов по этому заявлению."
    ties.take_back(expert, DeclaredConflict.get().id, by=expert.user, on=NOON)
    assert "no_conflict" in observe(case, TODAY)


def test_who_declares_in_a_case(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "review")
    first, idle = world.experts[0], world.experts[3]
    by_leader = lambda: ties.declare_in(case, first, reason="Знакомы", by=world.cast.leader, on=NOON)  # noqa: E731
    assert sentence(by_leader) == "Заявить о конфликте интересов по делу может только сам эксперт."
    not_given = lambda: ties.declare_in(case, idle, reason="Знакомы", by=idle.user, on=NOON)  # noqa: E731
    assert sentence(not_given) == "Это заявление вам уже не поручено: обновите страницу."
    silent = lambda: ties.declare_in(case, first, reason=" ", by=first.user, on=NOON)  # noqa: E731
    assert sentence(silent) == "Заполните поле «В чём конфликт»."


# --- At once ----------------------------------------------------------------------------------------------------------------


def test_two_keep_the_same_entry_at_once(database: Database, world: World) -> None:
    values = {**NEW, "group": world.group, "department": False}
    by = (world.cast.secretary, world.cast.leader)
    results = at_once(
        *(
            lambda one=one: bank.edit(
                Expert.get_by_id(world.experts[0].id), **{**values, "surname": one.login}, by=User.get_by_id(one.id), on=NOON
            )
            for one in by
        )
    )
    assert results in (["done", keeping.OVERTAKEN], ["done", "done"])
    assert Expert.get_by_id(world.experts[0].id).version == 1 + results.count("done")


def test_the_same_account_at_once(database: Database, world: World) -> None:
    user = person("novyj", "Новикова Юлия Игоревна", Role.EXPERT)
    results = at_once(*(lambda: bank.add(User.get_by_id(user.id), **NEW, by=world.cast.secretary, on=NOON) for _ in range(2)))
    assert results == sorted(["done", bank.TAKEN])
