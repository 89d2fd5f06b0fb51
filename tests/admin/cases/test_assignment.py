"""Giving cases to experts: both roads, replacements, conflicts and the chair's word, balance, two people at once."""

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest
from peewee import Database
from playhouse.test_utils import count_queries

from attestation.admin.acts.cases import assignment, candidates, distribution
from attestation.models import (
    Absence,
    Application,
    Approval,
    ConflictPermit,
    DeclaredConflict,
    Employment,
    Expert,
    JournalEntry,
    Letter,
    Review,
    Speciality,
    User,
    UserRole,
)
from attestation.procedure.refusal import Refusal
from attestation.procedure.words import CaseRole, Role
from attestation.site.cases import moves
from attestation.site.cases.people import roles_in
from attestation.site.cases.rights import parts_seen
from attestation.site.dates import day_of
from attestation.tests.admin.conftest import at_once
from attestation.tests.cases import LENOBL, NEGATIVE, SPB, World, enlisted
from attestation.tests.conftest import NOON

TODAY = day_of(NOON)
DAY = TODAY + dt.timedelta(days=7)
MAIN, ADDITIONAL, SECOND = CaseRole.MAIN_EXPERT, CaseRole.ADDITIONAL_EXPERT, CaseRole.SECOND_EXPERT
ALONE = "оставить такого эксперта может только председатель комиссии"


def trace() -> dict[str, list[Any]]:
    """All that a refused assignment could have left behind."""
    tables = (Application, Review, ConflictPermit, JournalEntry, Letter)
    return {table.__name__: list(table.select().order_by(table.id).dicts()) for table in tables}


def sentence(act: Callable[[], Any]) -> str:
    before = trace()
    with pytest.raises(Refusal) as refused:
        act()
    assert trace() == before
    return refused.value.sentence


def team(world: World, *numbers: int) -> dict[CaseRole, list[int]]:
    """The first of these experts of the bank as the main one, the others beside them."""
    main, *others = (world.experts[number].user_id for number in numbers)
    return {MAIN: [main], ADDITIONAL: others}


def assign(world: World, case: Application, verb: str, experts: dict[CaseRole, list[int]], **values: Any) -> Application:
    by = values.pop("by", world.cast.leader if case.edition == LENOBL else world.cast.deputy)
    days = {"review_day": DAY} if case.edition == LENOBL else {}
    return assignment.assign(case, verb, experts, **{**days, **values}, by=by, on=NOON)


def seats_of(case: Application) -> list[tuple[str, int, bool]]:
    """Every review of the case: seat, account, whether it has been ended."""
    return [
        (review.role, review.expert_id, review.ended_at is not None)
        for review in Review.select().where(Review.application == case).order_by(Review.id)
    ]


def registered(world: World, **columns: Any) -> Application:
    return world.walk(world.filled(LENOBL, **columns), "registered")


def accepted(world: World, **columns: Any) -> Application:
    return world.walk(world.filled(SPB, **columns), "accepted")


# --- Oblast -----------------------------------------------------------------------------------------------------------------


def test_leader_gives_a_case_to_three(world: World) -> None:
    case = registered(world)
    assign(world, case, "assign_review", team(world, 1, 0, 2))
    case = Application.get_by_id(case.id)
    ids = [expert.user_id for expert in world.experts]
    assert (case.status, case.review_day) == ("review_assigned", DAY)
    assert seats_of(case) == [
        ("main_expert", ids[1], False),
        ("additional_expert", ids[0], False),
        ("additional_expert", ids[2], False),
    ]
    told = {(letter.name, letter.user_id) for letter in case.letters.where(Letter.name.startswith("review_"))}
    assert told == {("review_assigned", case.applicant_id)} | {("review_entrusted", id) for id in ids[:3]}
    entry = JournalEntry.select().order_by(JournalEntry.id.desc()).get()
    assert entry.verb == "case_assign_review"
    assert entry.details == (
        "основной эксперт: Сличкина Дарья Олеговна; дополнительный эксперт: Замечанин Пётр Ильич, Оценкина Мария Львовна"
    )


@pytest.mark.parametrize(
    ("numbers", "values", "said"),
    [
        ((0, 1), {}, "Выбрано не столько экспертов, сколько нужно: дополнительный эксперт – 2."),
        ((0, 1, 1), {}, "Один и тот же эксперт выбран дважды: на каждое место нужен свой."),
        ((0, 1, 2), {"review_day": None}, "Назначьте дату экспертизы."),
        (
            (0, 1, 2),
            {"review_day": TODAY - dt.timedelta(days=1)},
            "Дата экспертизы уже прошла: назначьте другую.",
        ),
    ],
)
def test_refused_teams(world: World, numbers: tuple[int, ...], values: dict[str, Any], said: str) -> None:
    case = registered(world)
    assert sentence(lambda: assign(world, case, "assign_review", team(world, *numbers), **values)) == said


def test_only_the_leader_of_the_case_assigns(world: World) -> None:
    case = registered(world)
    for stranger in (world.second_leader, world.cast.secretary, world.cast.deputy, world.cast.expert, world.teacher):
        said = sentence(lambda by=stranger: assign(world, case, "assign_review", team(world, 0, 1, 2), by=by))
        assert said == "Действие «Назначить экспертизу» вам недоступно: нет нужной роли."


def test_what_bars_an_expert_is_said_by_name(world: World) -> None:
    case = registered(world)
    late, away, gone = (world.experts[number] for number in (0, 1, 2))
    Approval.update(valid_until=DAY - dt.timedelta(days=1)).where(Approval.expert == late).execute()
    Absence.create(expert=away, first_day=DAY, last_day=DAY + dt.timedelta(days=3), reason="отпуск")
    UserRole.delete().where(UserRole.user == gone.user, UserRole.role == Role.EXPERT).execute()
    said = sentence(lambda: assign(world, case, "assign_review", team(world, 0, 1, 2)))
    assert said.startswith("Этих экспертов назначить нельзя. ")
    assert set(said.removeprefix("Этих экспертов назначить нельзя. ").removesuffix(".").split("; ")) == {
        "Оценкина Мария Львовна: утверждён только по 16.03.2026",
        "Сличкина Дарья Олеговна: отпуск, до 20.03.2026",
        "Замечанин Пётр Ильич: вход закрыт, или нет роли эксперта",
    }


def test_replacing_takes_the_case_away_at_once(world: World) -> None:
    """Who stays keeps their work, who changes seats begins anew, who goes sees nothing of the case."""
    case = world.walk(world.filled(LENOBL), "review")
    first, second, third, fourth = world.experts
    Review.update(comment="Проверил.", commented_at=NOON).where(Review.expert == third.user).execute()
    assign(world, case, "change_review", team(world, 1, 2, 3), reason="Болезнь эксперта")
    assert seats_of(case) == [
        ("main_expert", first.user_id, True),
        ("additional_expert", second.user_id, True),
        ("additional_expert", third.user_id, False),
        ("main_expert", second.user_id, False),
        ("additional_expert", fourth.user_id, False),
    ]
    assert parts_seen(case, User.get_by_id(first.user_id), TODAY) == frozenset()
    assert roles_in(case, User.get_by_id(second.user_id), TODAY) == {MAIN}
    assert Review.get(Review.expert == third.user, Review.ended_at.is_null()).comment == "Проверил."
    assert Application.get_by_id(case.id).status == "review"


def test_replacing_asks_why(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "review_assigned")
    said = sentence(lambda: assign(world, case, "change_review", team(world, 1, 2, 3)))
    assert said == "Действие «Изменить дату или экспертов» требует указать причину."


def test_a_leave_takes_nobodys_seat_away(world: World) -> None:
    """An expert at work goes on leave: the day is moved with the same people, a new one on leave is refused."""
    case = world.walk(world.filled(LENOBL), "review_assigned")
    later = DAY + dt.timedelta(days=10)
    for number in (0, 3):
        Absence.create(expert=world.experts[number], first_day=TODAY, last_day=TODAY, reason="отпуск")
    refused = sentence(lambda: assign(world, case, "change_review", team(world, 0, 1, 3), review_day=later, reason="Отпуск"))
    assert refused == "Этих экспертов назначить нельзя. Свежевзгляд Раиса Яновна: отпуск, до 10.03.2026."
    assign(world, case, "change_review", team(world, 0, 1, 2), review_day=later, reason="Отпуск")
    assert Application.get_by_id(case.id).review_day == later


# --- City -------------------------------------------------------------------------------------------------------------------


def test_city_gives_a_case_to_one(world: World) -> None:
    case = accepted(world)
    for by in (world.cast.leader, world.cast.chairperson, world.cast.expert):
        assert "вам недоступно" in sentence(
            lambda by=by: assign(world, case, "start_review", {MAIN: [world.experts[0].user_id]}, by=by)
        )
    assign(world, case, "start_review", {MAIN: [world.experts[0].user_id]}, by=world.cast.reception)
    assert Application.get_by_id(case.id).status == "review"
    assert seats_of(case) == [("main_expert", world.experts[0].user_id, False)]


def test_the_second_expert_is_nobody_who_judged_first(world: World) -> None:
    """Neither the author of the first conclusion nor an expert who began and was replaced."""
    case = world.walk(world.filled(SPB), "review")
    assign(world, case, "replace_expert", {MAIN: [world.experts[2].user_id]}, reason="Болезнь")
    world.walk(case, "second_review_due", outcome=NEGATIVE)
    for number in (0, 2):
        one = world.experts[number]
        said = sentence(lambda one=one: assign(world, case, "start_second_review", {SECOND: [one.user_id]}))
        assert said == (
            f"Этих экспертов назначить нельзя. {one.user.full_name}: "
            "уже проводил экспертизу этого заявления: вторая независима от первой."
        )
    assign(world, case, "start_second_review", {SECOND: [world.experts[1].user_id]})
    assert Application.get_by_id(case.id).status == "second_review"
    assign(world, case, "replace_second_expert", {SECOND: [world.experts[3].user_id]}, reason="Болезнь")
    assert [row for row in seats_of(case) if not row[2]] == [
        ("main_expert", world.experts[2].user_id, False),
        ("second_expert", world.experts[3].user_id, False),
    ]


def test_the_department_needs_no_order(world: World) -> None:
    case, expert = accepted(world), world.experts[0]
    Approval.delete().where(Approval.expert == expert).execute()
    assert "не утверждён на день экспертизы" in sentence(lambda: assign(world, case, "start_review", {MAIN: [expert.user_id]}))
    Expert.update(department=True).where(Expert.id == expert.id).execute()
    assign(world, case, "start_review", {MAIN: [expert.user_id]})
    assert Application.get_by_id(case.id).status == "review"


# --- Conflicts --------------------------------------------------------------------------------------------------------------


def test_a_conflict_stops_until_the_chair_allows(world: World) -> None:
    case, expert = registered(world), world.experts[0]
    Expert.update(organization="гбоу  ШКОЛА №901 г. Образцова").where(Expert.id == expert.id).execute()
    said = sentence(lambda: assign(world, case, "assign_review", team(world, 0, 1, 2)))
    assert said == f"Этих экспертов назначить нельзя. Оценкина Мария Львовна: работает в той же организации, {ALONE}."
    expert = Expert.get_by_id(expert.id)
    for by in (world.cast.leader, world.cast.deputy, world.cast.secretary):
        assert sentence(lambda by=by: assignment.allow_conflict(case, expert, reason="Других нет", by=by, on=NOON)).startswith(
            "Действие «Разрешить оставить эксперта» вам недоступно"
        )
    assert sentence(lambda: assignment.allow_conflict(case, expert, reason=" ", by=world.cast.chairperson, on=NOON)).startswith(
        "Заполните поле «Причина»"
    )
    assignment.allow_conflict(case, expert, reason="Других экспертов по предмету нет", by=world.cast.chairperson, on=NOON)
    permit = ConflictPermit.get()
    assert (permit.expert_id, permit.by_id, permit.reason) == (
        expert.user_id,
        world.cast.chairperson.id,
        "Других экспертов по предмету нет",
    )
    assign(world, case, "assign_review", team(world, 0, 1, 2))
    assert Application.get_by_id(case.id).status == "review_assigned"


def test_there_must_be_something_to_allow(world: World) -> None:
    case, expert = registered(world), world.experts[0]
    act = lambda: assignment.allow_conflict(case, expert, reason="На всякий случай", by=world.cast.chairperson, on=NOON)  # noqa: E731
    assert sentence(act) == "Признаков конфликта интересов у этого эксперта нет: разрешение не нужно."
    DeclaredConflict.create(expert=expert, person=case.person, declared_at=NOON)
    act()
    assert sentence(act) == "Решение об этом эксперте по этому заявлению уже записано."


def test_nobody_judges_their_own(world: World) -> None:
    UserRole.create(user=world.teacher, role=Role.EXPERT)
    own = enlisted(world.teacher, world.group, "ГБОУ школа № 1", number=9, now=NOON)
    case = registered(world)
    assert "это сам педагог" in sentence(
        lambda: assign(world, case, "assign_review", {MAIN: [own.user_id], ADDITIONAL: team(world, 0, 1, 2)[ADDITIONAL]})
    )
    assert (
        sentence(lambda: assignment.allow_conflict(case, own, reason="Других нет", by=world.cast.chairperson, on=NOON))
        == "Это сам педагог: своё заявление не оценивает никто."
    )


@pytest.mark.parametrize(
    ("until", "known"),
    [(dt.date(2021, 3, 10), True), (dt.date(2021, 3, 9), False), (dt.date(2026, 3, 10), True)],
)
def test_five_years_after_leaving(world: World, until: dt.date, known: bool) -> None:
    """Today is 10.03.2026: who left on 10.03.2021 worked there within the last five years, who left a day before did not."""
    case, expert = accepted(world), world.experts[0]
    Employment.create(expert=expert, organization=case.organization, until=until)
    act = lambda: assign(world, case, "start_review", {MAIN: [expert.user_id]})  # noqa: E731
    if known:
        assert f"работал в той же организации до {until:%d.%m.%Y}" in sentence(act)
    else:
        act()
        assert Application.get_by_id(case.id).status == "review"


def test_second_expert_with_a_conflict(world: World) -> None:
    case = world.walk(world.filled(SPB), "second_review_due", outcome=NEGATIVE)
    second = world.experts[1]
    DeclaredConflict.create(expert=second, person=case.person, reason="соседи", declared_at=NOON)
    assert "эксперт сам заявил о конфликте интересов: соседи" in sentence(
        lambda: assign(world, case, "start_second_review", {SECOND: [second.user_id]})
    )
    assignment.allow_conflict(case, second, reason="Других нет", by=world.cast.chairperson, on=NOON)
    assert JournalEntry.select().order_by(JournalEntry.id.desc()).get().verb == "case_allow_second_conflict"
    assign(world, case, "start_second_review", {SECOND: [second.user_id]})
    assert Application.get_by_id(case.id).status == "second_review"


# --- Suggestions ------------------------------------------------------------------------------------------------------------


def suggestions(case: Application, role: CaseRole = MAIN) -> list[candidates.Candidate]:
    known = candidates.dossiers(Expert.select())
    permitted, judged = candidates.permitted_in(case), candidates.judged_first(case)
    return candidates.candidates(case, known, role=role, day=DAY, today=TODAY, permitted=permitted, strangers=judged)


def test_suggestions_are_ordered_and_say_why(world: World) -> None:
    """The closest speciality first, then the least load; who may not come last, each with the reason."""
    case = registered(world)
    closest, busy, away, related = world.experts
    Speciality.create(expert=closest, form=1, position="Учитель", subject="математика")
    world.entrust(world.walk(world.filled(LENOBL), "registered"), busy, MAIN)
    Application.update(status="review").where(Application.id != case.id).execute()
    Absence.create(expert=away, first_day=TODAY, last_day=DAY, reason="отпуск")
    Expert.update(organization=case.organization).where(Expert.id == related.id).execute()
    other = User.create(login="dalniy", full_name="Дальний Олег Ильич", password_hash="-", created_at=NOON)
    UserRole.create(user=other, role=Role.EXPERT)
    elsewhere = enlisted(other, world.group, "ГБОУ школа № 2", number=8, now=NOON)
    Speciality.update(form=5).where(Speciality.expert == elsewhere).execute()
    found = suggestions(case)
    assert [(one.name.split()[0], one.fit.name, one.possible, one.suggested, one.dossier.load) for one in found] == [
        ("Оценкина", "SUBJECT", True, True, 0),
        ("Сличкина", "POSITION", True, True, 1),
        ("Дальний", "NONE", True, False, 0),
        ("Свежевзгляд", "POSITION", False, False, 0),
        ("Замечанин", "POSITION", False, False, 0),
    ]
    assert found[0].praise == ("оценивает: форма 1, Учитель, математика", "утверждён по 09.03.2028")
    assert found[3].conflicts == ("работает в той же организации",)
    assert found[4].away == ("отпуск, до 17.03.2026",)


def test_work_that_is_done_is_no_load(world: World) -> None:
    world.walk(world.filled(LENOBL), "review")
    world.walk(world.filled(LENOBL), "review_done")
    world.walk(world.filled(SPB), "reviewed")
    assert candidates.loads_of() == {expert.user_id: 1 for expert in world.experts[:3]}


def test_reading_the_bank_costs_the_same_for_many(world: World) -> None:
    with count_queries() as few:
        candidates.dossiers(Expert.select().where(Expert.id == world.experts[0].id))
    with count_queries() as many:
        assert len(candidates.dossiers(Expert.select())) == 4
    assert few.count == many.count <= 8


def test_bulk_balances_loads(world: World) -> None:
    """Six cases of the city for four equal experts, one of whom has two already: in the end two for everybody."""
    for _ in range(2):
        assign(world, accepted(world), "start_review", {MAIN: [world.experts[3].user_id]})
    cases = [accepted(world) for _ in range(6)]
    known = candidates.dossiers(Expert.select())
    proposals = distribution.propose([(case, "start_review") for case in cases], known, day=TODAY, today=TODAY)
    assert [proposal.application for proposal in proposals] == cases
    for proposal in proposals:
        seats = {role: [one.user_id for one in chosen] for role, chosen in proposal.experts.items()}
        assign(world, proposal.application, proposal.verb, seats)
    assert candidates.loads_of() == {expert.user_id: 2 for expert in world.experts}
    shares = {share.name: (share.before, share.after) for share in distribution.shares(proposals, known)}
    assert shares == {expert.user.full_name: (0, 2) for expert in world.experts[:3]}


def test_bulk_leaves_open_what_it_cannot_fill(world: World) -> None:
    """Three suitable experts are enough for the oblast, two are not; nobody in conflict is proposed."""
    cases = [registered(world) for _ in range(2)]
    Expert.update(organization=cases[0].organization).where(Expert.id == world.experts[0].id).execute()
    known = sorted(candidates.dossiers(Expert.select()), key=lambda dossier: dossier.expert.id)
    filled = distribution.propose([(case, "assign_review") for case in cases], known, day=DAY, today=TODAY)
    everybody = {one.user_id for proposal in filled for chosen in proposal.experts.values() for one in chosen}
    assert everybody == {expert.user_id for expert in world.experts[1:]}
    lacking = distribution.propose([(case, "assign_review") for case in cases], known[2:], day=DAY, today=TODAY)
    assert {proposal.trouble for proposal in lacking} == {"подходящих экспертов 2, нужно 3: назначьте вручную"}


# --- At once ----------------------------------------------------------------------------------------------------------------


def test_two_assign_at_once(database: Database, world: World) -> None:
    case = registered(world)
    told = at_once(
        *(
            lambda numbers=numbers: assign(world, Application.get_by_id(case.id), "assign_review", team(world, *numbers))
            for numbers in ((0, 1, 2), (3, 1, 2))
        )
    )
    assert told[0] == "done"
    assert told[1] == moves.OVERTAKEN or told[1].startswith("Действие «Назначить экспертизу» сейчас невозможно")
    assert sorted(row[0] for row in seats_of(case)) == ["additional_expert", "additional_expert", "main_expert"]


def test_two_clerks_entrust_at_once(database: Database, world: World) -> None:
    case = accepted(world)
    clerks = (world.cast.deputy, world.cast.reception)
    told = at_once(
        *(
            lambda number=number: assign(
                world,
                Application.get_by_id(case.id),
                "start_review",
                {MAIN: [world.experts[number].user_id]},
                by=User.get_by_id(clerks[number].id),
            )
            for number in range(2)
        )
    )
    assert told[0] == "done"
    assert told[1] == moves.OVERTAKEN or told[1].startswith("Действие «Передать папку эксперту» сейчас невозможно")
    assert len(seats_of(case)) == 1
