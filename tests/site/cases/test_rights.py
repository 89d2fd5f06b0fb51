"""Who sees which part of a case: part × person for both roads, typed by hand.

Whoever is not in a table sees nothing at all, and so cannot tell the case from one that is not there.
"""

import datetime as dt

import pytest

from attestation.models import Application, Review, User, UserRole
from attestation.procedure.words import CaseRole, Channel, Role
from attestation.site.cases.people import everywhere, roles_in
from attestation.site.cases.rights import Part, parts_seen
from attestation.site.dates import day_of
from attestation.tests.cases import LENOBL, NEGATIVE, SPB, World

from .telling import names

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

TEACHER = "application contacts portfolio self_score messages letters"
READABLE = f"{TEACHER} first_conclusion second_conclusion"
OFFICE = "application portfolio experts history checks"
RECEPTION = f"{OFFICE} contacts messages letters"
JUDGEMENT = "comments first_conclusion second_conclusion dissent"
SECRETARY = f"{RECEPTION} {JUDGEMENT} hearing"
LEADER = f"{OFFICE} {JUDGEMENT}"
CHAIR = f"{LEADER} hearing"
DEPUTY = f"{CHAIR} contacts"
# No telephone, no address, no day of birth, no letters.
JUDGE = "application portfolio experts comments first_conclusion dissent"
# Neither the first conclusion nor who wrote it (3.3.2).
SECOND = "application portfolio second_conclusion"

CLERKS = {"reception": RECEPTION, "secretary": SECRETARY, "deputy": DEPUTY, "chairperson": CHAIR, "controller": CHAIR}
LED = {**CLERKS, "leader": LEADER}
JUDGED = {**LED, "expert": JUDGE, "expert2": JUDGE, "expert3": JUDGE}
FIRST = {**CLERKS, "expert": JUDGE}
BOTH = {**FIRST, "expert2": SECOND}
SILENT = {"teacher": TEACHER, "proxy": TEACHER}
SPOKEN = {"teacher": READABLE, "proxy": READABLE}

TABLES: dict[str, dict[str, dict[str, str]]] = {
    LENOBL: {
        "submitted": {**CLERKS, "teacher": TEACHER},
        "registered": {**LED, "teacher": TEACHER},
        "review": {**JUDGED, "teacher": TEACHER},
        "review_done": {**JUDGED, "teacher": READABLE},
        "sitting": {**JUDGED, "teacher": READABLE},
        "refused": {**JUDGED, "teacher": READABLE},
    },
    SPB: {
        "received": {**CLERKS, **SILENT},
        "review": {**FIRST, **SILENT},
        "second_review_due": {**FIRST, **SILENT},
        # The teacher must not carry the first conclusion to the second expert.
        "second_review": {**BOTH, **SILENT},
        "reviewed": {**BOTH, **SPOKEN},
        "sitting": {**BOTH, **SPOKEN},
    },
}


def seen(world: World, case: Application, user: User | None) -> set[str]:
    return {part.name.lower() for part in parts_seen(case, user, day_of(world.now))}


@pytest.mark.parametrize("edition", TABLES)
def test_everybody_sees_what_is_theirs(world: World, edition: str) -> None:
    called = names(world)
    case = world.filled(edition)
    if edition == SPB:
        world.represent(case)
    for status, table in TABLES[edition].items():
        world.walk(case, status, outcome=NEGATIVE)
        for user in world.people():
            expected = set(table.get(called[user.id], "").split())
            assert (status, called[user.id], seen(world, case, user)) == (status, called[user.id], expected)
        assert seen(world, case, None) == set()


def test_the_words_of_the_tables_are_all_parts(world: World) -> None:
    typed = {
        word for tables in TABLES.values() for table in tables.values() for words in table.values() for word in words.split()
    }
    assert typed == {part.name.lower() for part in Part}


def test_while_a_conclusion_is_reworked_the_teacher_waits(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "review_done")
    assert seen(world, case, world.teacher) == set(READABLE.split())
    world.step(case, "return_conclusion")
    assert seen(world, case, world.teacher) == set(TEACHER.split())


@pytest.mark.parametrize("edition", TABLES)
def test_what_a_teacher_is_still_writing_nobody_else_sees(world: World, edition: str) -> None:
    draft = world.filled(edition)
    assert {user.login for user in world.people() if seen(world, draft, user)} == {world.teacher.login}
    # What a clerk enters from paper is the office's from the first line.
    if edition == SPB:
        assert seen(world, world.filled(SPB, channel=Channel.POST, way="paper"), world.cast.reception) == set(RECEPTION.split())


# --- People who are more than one thing, and people who are nothing any more ------------------------------------------------


def test_a_replaced_expert_sees_nothing(world: World) -> None:
    case = world.walk(world.filled(SPB), "review")
    Review.update(ended_at=world.now).where(Review.application == case).execute()
    world.entrust(case, world.experts[2], CaseRole.MAIN_EXPERT)
    assert seen(world, case, world.cast.expert) == set()
    assert seen(world, case, world.experts[2].user) == set(JUDGE.split())


@pytest.mark.parametrize("name", ["teacher", "expert", "secretary", "chairperson"])
def test_a_closed_account_sees_nothing(world: World, name: str) -> None:
    case = world.walk(world.filled(SPB), "reviewed")
    user = world.teacher if name == "teacher" else getattr(world.cast, name)
    assert seen(world, case, user)
    user.active = False
    user.save()
    assert seen(world, case, User.get_by_id(user.id)) == set()
    assert everywhere(user) == frozenset()


def test_a_second_expert_who_is_the_secretary_too_is_a_second_expert_here(world: World) -> None:
    case = world.walk(world.filled(SPB), "second_review")
    UserRole.create(user=world.experts[1].user, role=Role.SECRETARY)
    both = User.get_by_id(world.experts[1].user_id)
    assert seen(world, case, both) == set(SECOND.split())
    assert roles_in(case, both, day_of(world.now)) == {CaseRole.SECOND_EXPERT}
    # In another case the same person is the secretary; in this one only when their review is over.
    other = world.walk(world.filled(SPB), "received")
    assert seen(world, other, both) == set(SECRETARY.split())
    Review.update(ended_at=world.now).where(Review.application == case, Review.expert == both).execute()
    assert seen(world, case, both) == set(SECRETARY.split())


def test_an_expert_in_the_office_only_is_nobody_in_a_case(world: World) -> None:
    case = world.walk(world.filled(SPB), "review")
    UserRole.delete().where(UserRole.user == world.cast.expert, UserRole.role == Role.EXPERT).execute()
    assert seen(world, case, User.get_by_id(world.cast.expert.id)) == set()


def test_nobody_is_a_clerk_in_their_own_matter(world: World) -> None:
    own = world.filled(SPB, teacher=world.cast.secretary)
    assert seen(world, own, world.cast.secretary) == set(TEACHER.split())
    for_another = world.filled(SPB)
    UserRole.create(user=world.proxy, role=Role.CHAIR)
    world.represent(for_another)
    assert seen(world, for_another, User.get_by_id(world.proxy.id)) == set(TEACHER.split())


@pytest.mark.parametrize(("expires", "sees"), [("2026-03-09", False), ("2026-03-10", True), (None, True)])
def test_a_representative_sees_the_case_until_the_document_ends(world: World, expires: str | None, sees: bool) -> None:
    case = world.filled(SPB)
    acting = world.represent(case, expires_on=dt.date.fromisoformat(expires) if expires else None)
    assert seen(world, case, world.proxy) == (set(TEACHER.split()) if sees else set())
    acting.ended_at = world.now
    acting.save()
    assert seen(world, case, world.proxy) == set()


def test_a_leader_sees_the_cases_that_are_theirs(world: World) -> None:
    case = world.walk(world.filled(LENOBL), "registered")
    assert seen(world, case, world.second_leader) == set()
    case.group_leader = world.second_leader
    case.save()
    assert seen(world, case, world.second_leader) == set(LEADER.split())
    assert seen(world, case, world.cast.leader) == set()


def test_without_an_account_nobody_is_the_teacher(world: World) -> None:
    """A visitor has no account, what was entered from paper has none either: that does not make them one."""
    case = world.walk(world.filled(SPB), "reviewed")
    case.applicant = None
    case.entered_by = world.cast.reception
    case.save()
    assert seen(world, case, None) == seen(world, case, world.teacher) == set()
