"""A procedure as a table typed by hand, compared with the road move by move, status by status, role by role."""

from attestation.procedure.refusal import Refusal
from attestation.procedure.road import Road
from attestation.procedure.shape import AnyRole
from attestation.procedure.words import CaseRole, LocalRole, Role

STAYS = ""
EVERYBODY: tuple[AnyRole, ...] = (*CaseRole, *Role, *LocalRole)

# Verb → (statuses it may be made in, the status afterwards or STAYS, who may make it), words divided by spaces.
Table = dict[str, tuple[str, str, str]]


def typed(table: Table, verb: str) -> dict[tuple[str, str], str]:
    """What the table says of a verb: (status, role) → the status afterwards. Whatever is not in it must be refused."""
    sources, target, roles = table[verb]
    return {(status, role): target or status for status in sources.split() for role in roles.split()}


def reached(road: Road, verb: str) -> dict[tuple[str, str], str]:
    """What the road says of a verb when every fact is there, asked of every status and of every role there is."""
    found = {}
    for status in road.statuses:
        for role in EVERYBODY:
            try:
                found[status, str(role)] = road.check(verb, status, {role}, set(road.facts), "описка").leads_from(status)
            except Refusal:
                continue
    return found


def offered(road: Road, verb: str) -> set[tuple[str, str]]:
    """Where and to whom the desk shows the verb."""
    return {
        (status, str(role))
        for status in road.statuses
        for role in EVERYBODY
        if road.move(verb) in road.open_moves(status, {role})
    }


def walk(road: Road, steps: list[tuple[str, CaseRole]]) -> list[str]:
    """The statuses of a case that these people lead along the road, every fact being there."""
    status, statuses = road.states[0].name, []
    for verb, role in steps:
        status = road.check(verb, status, {role}, set(road.facts), "описка").leads_from(status)
        statuses.append(status)
    return statuses
