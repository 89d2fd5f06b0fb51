"""Status × verb × person on real cases: every person of the cast tries every verb in every status.

What each verb's sources and roles are was typed by hand from the sources in tests/procedure; who is who in these cases
is typed here. Roles of the office become roles of a case only through that table.
"""

from collections.abc import Iterator

import pytest
from peewee import prefetch

from attestation.models import Application, User, UserRole
from attestation.procedure.refusal import Refusal
from attestation.procedure.words import CaseRole
from attestation.site.cases import moves
from attestation.site.cases.people import holders, roles_in
from attestation.site.dates import day_of
from attestation.tests.cases import LENOBL, NEGATIVE, SPB, World
from attestation.tests.procedure import test_lenobl, test_spb
from attestation.tests.procedure.matrix import Table

from .telling import names

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

# Person → (the statuses in which they are it, who they are). Whoever is not here is nobody in the case.
People = dict[str, tuple[str, str]]

LENOBL_ALL = " ".join(test_lenobl.STATUSES)
LED = "registered review_assigned portfolio_confirmed review review_done sitting_moved sitting established refused"
JUDGED = "review_assigned portfolio_confirmed review review_done sitting_moved sitting established refused"
LENOBL_PEOPLE: People = {
    "teacher": (LENOBL_ALL, "teacher"),
    "reception": (LENOBL_ALL, "registrar"),
    "secretary": (LENOBL_ALL, "commission_secretary registrar"),
    "deputy": (LENOBL_ALL, "deputy_chair"),
    "chairperson": (LENOBL_ALL, "chair"),
    "controller": (LENOBL_ALL, "inspector"),
    "leader": (LED, "group_leader"),
    "expert": (JUDGED, "main_expert"),
    "expert2": (JUDGED, "additional_expert"),
    "expert3": (JUDGED, "additional_expert"),
}
SPB_ALL = " ".join(test_spb.STATUSES)
SPB_PEOPLE: People = {
    "teacher": (SPB_ALL, "teacher"),
    "proxy": (SPB_ALL, "representative"),
    "reception": (SPB_ALL, "registrar"),
    "secretary": (SPB_ALL, "commission_secretary registrar"),
    "deputy": (SPB_ALL, "deputy_chair"),
    "chairperson": (SPB_ALL, "chair"),
    "controller": (SPB_ALL, "inspector"),
    "expert": ("review second_review_due second_review reviewed sitting decided established refused", "main_expert"),
    "expert2": ("second_review reviewed sitting decided established refused", "second_expert"),
}
ROADS = {LENOBL: (test_lenobl.TABLE, LENOBL_PEOPLE), SPB: (test_spb.TABLE, SPB_PEOPLE)}
NOBODY = {"other_teacher", "second_leader", "publisher", "editor", "admin", "departed"}

# One case goes along the road, others turn off it.
ALONG = {
    LENOBL: "draft submitted registered review_assigned portfolio_confirmed review review_done sitting established",
    SPB: "draft received registered accepted review second_review_due second_review reviewed sitting decided established",
}
ASIDE = {LENOBL: "sitting_moved refused withdrawn", SPB: "refused declined withdrawn"}


def cases(world: World, edition: str) -> Iterator[Application]:
    """A case in each status of the road, with everybody who can be in it."""

    def begun() -> Application:
        case = world.filled(edition)
        if edition == SPB:
            world.represent(case)
        return case

    case = begun()
    for status in ALONG[edition].split():
        yield world.walk(case, status, outcome=NEGATIVE)
    for status in ASIDE[edition].split():
        yield world.walk(begun(), status, outcome=NEGATIVE)


def roles_of(people: People, person: str, status: str) -> set[str]:
    """Who this person is in that status, as it is typed."""
    statuses, roles = people.get(person, ("", ""))
    return set(roles.split()) if status in statuses.split() else set()


def expected(table: Table, people: People, person: str, status: str) -> set[str]:
    """The verbs that are typed for this person in that status."""
    mine = roles_of(people, person, status)
    return {verb for verb, (sources, _, roles) in table.items() if status in sources.split() and mine & set(roles.split())}


def allowed(world: World, case: Application, user: User, verbs: Table) -> set[str]:
    """The verbs that the writer of the status lets this person try."""
    found = set()
    for verb in verbs:
        try:
            moves.allow(case, verb, by=user, on=world.now)
        except Refusal:
            continue
        found.add(verb)
    return found


@pytest.mark.parametrize("edition", ROADS)
def test_everybody_tries_everything_everywhere(world: World, edition: str) -> None:
    """And whom letters go to (`holders`) is who may act (`roles_in`)."""
    table, people = ROADS[edition]
    called = names(world)
    everybody = [user for user in prefetch(User.select(), UserRole.select()) if user.id in called]
    met = set()
    for case in cases(world, edition):
        for user in everybody:
            here = (case.status, called[user.id])
            verbs = expected(table, people, called[user.id], case.status)
            assert (here, allowed(world, case, user, table)) == (here, verbs)
            assert (here, {move.verb for move in moves.open_moves(case, user, day_of(world.now))}) == (here, verbs)
        assert moves.open_moves(case, None, day_of(world.now)) == ()
        held = {(user.id, role) for role in CaseRole for user in holders(case, role, day_of(world.now))}
        assert held == {(user.id, role) for user in everybody for role in roles_in(case, user, day_of(world.now))}
        met.add(case.status)
    assert met == {LENOBL: set(test_lenobl.STATUSES), SPB: set(test_spb.STATUSES)}[edition]
    assert set(called.values()) - set(people) > NOBODY
