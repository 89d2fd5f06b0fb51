"""Several cases at once: which experts they would best go to, so that everybody has about as much to do; and giving them."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from peewee import fn

from ....models import Application, ConflictPermit, DeclaredConflict, Duty, Expert, Review, User
from ....procedure.refusal import Refusal
from ....procedure.words import CaseRole
from ....site.cases import moves
from ....site.cases.people import OFFICE, everywhere
from ....site.cases.workload import at_work, seats
from ..letters import case_within_reach
from . import assignment, candidates
from .candidates import Candidate, Dossier


@dataclass(frozen=True)
class Proposal:
    """A case and the experts proposed for its seats; `trouble` says why some seat stays empty."""

    application: Application
    verb: str
    experts: Mapping[CaseRole, tuple[Candidate, ...]]
    trouble: str = ""


@dataclass(frozen=True)
class Chosen:
    """A case as the person saw it (its version), and the accounts that they confirmed for its seats."""

    application: Application
    version: int | None
    verb: str
    experts: assignment.Seated


@dataclass(frozen=True)
class Result:
    """What became of one case: `refusal` is the sentence, empty if the case was given."""

    application: Application
    refusal: str = ""


@dataclass(frozen=True)
class Share:
    """How many cases wait for an expert now, and how many would with the proposal."""

    name: str
    before: int
    after: int


def propose(
    cases: Sequence[tuple[Application, str]], known: Sequence[Dossier], *, day: dt.date, today: dt.date
) -> list[Proposal]:
    """Experts for the cases, each given with its move, in the order in which they came.

    Each seat goes to the suitable expert who would have the least to do; cases for which few are suitable choose first.
    Two queries for each case: whom the chair permitted and who judged before.
    """
    loads = {dossier.user_id: dossier.load for dossier in known}
    suitable = {application.id: _suitable(application, verb, known, day, today) for application, verb in cases}
    made = {
        application.id: _one(application, verb, suitable[application.id], loads)
        for application, verb in sorted(cases, key=lambda one: (len(suitable[one[0].id]), one[0].id))
    }
    return [made[application.id] for application, _verb in cases]


def give(chosen: Sequence[Chosen], *, review_day: dt.date | None, by: User, on: dt.datetime) -> list[Result]:
    """Give the cases one by one, each in a transaction of its own: one that is refused does not hold up the others."""
    results = []
    for one in chosen:
        try:
            seen = moves.as_seen(one.application, one.version)
            assignment.assign(seen, one.verb, one.experts, review_day=review_day, by=by, on=on)
            results.append(Result(one.application))
        except Refusal as refusal:
            results.append(Result(one.application, refusal.sentence))
    return results


def shares(proposals: Sequence[Proposal], known: Sequence[Dossier]) -> list[Share]:
    """What the proposals would change for each expert who gets something, the busiest first."""
    given: dict[int, int] = {}
    for proposal in proposals:
        for chosen in proposal.experts.values():
            for one in chosen:
                given[one.user_id] = given.get(one.user_id, 0) + 1
    found = [
        Share(dossier.expert.user.full_name, dossier.load, dossier.load + given[dossier.user_id])
        for dossier in known
        if dossier.user_id in given
    ]
    return sorted(found, key=lambda share: (-share.after, share.name))


def _suitable(application: Application, verb: str, known: Sequence[Dossier], day: dt.date, today: dt.date) -> list[Candidate]:
    role = next(iter(seats(application.edition, verb)))
    # Who judges another form is nobody's suggestion: a large bank is not compared with every case.
    mine = [dossier for dossier in known if application.form in {None, *(row.form for row in dossier.specialities)}]
    found = candidates.candidates(
        application,
        mine,
        role=role,
        day=day,
        today=today,
        permitted=candidates.permitted_in(application),
        strangers=candidates.judged_first(application),
    )
    return [one for one in found if one.suggested]


def _one(application: Application, verb: str, suitable: Sequence[Candidate], loads: dict[int, int]) -> Proposal:
    """Fill the seats of one case and count them as given."""
    free, chosen = list(suitable), {}
    wanted = seats(application.edition, verb)
    for role, count in wanted.items():
        best = sorted(free, key=lambda one: (loads[one.user_id], -one.fit, one.user_id))[:count]
        chosen[role] = tuple(best)
        free = [one for one in free if one not in best]
    if sum(map(len, chosen.values())) < sum(wanted.values()):
        trouble = f"подходящих экспертов {len(suitable)}, нужно {sum(wanted.values())}: назначьте вручную"
        return Proposal(application, verb, {}, trouble)
    for one in (one for some in chosen.values() for one in some):
        loads[one.user_id] += 1
    return Proposal(application, verb, chosen)


# --- What there is to give --------------------------------------------------------------------------------------------------


def waiting(user: User) -> list[tuple[Application, str]]:
    """The cases that wait for this person to give them to experts, with the move, the nearest term first; two queries.

    None in which they ask, act for somebody or judge: there they have no part in the choice.
    """
    mine = (Duty.user == user) | (Duty.user.is_null() & Duty.role.in_([role.value for role in everywhere(user)]))
    found = (
        Duty.select(Duty, Application)
        .join(Application)
        .where(mine, Duty.role.in_([role.value for role in OFFICE]), case_within_reach(user))
        .order_by(Duty.due_on.asc(nulls="LAST"), Application.filed_on, Application.id)
    )
    own = {duty.application_id: (duty.application, duty.verb) for duty in found if seats(duty.application.edition, duty.verb)}
    return list(own.values())


def stopped(user: User, today: dt.date) -> list[Review]:
    """Reviews whose expert has declared a conflict of interest, where this person may replace them or let them stay.

    Each with its case, its expert and the declaration as `review.declared`. Few at any time: the rights are asked one by one.
    """
    allowed = ConflictPermit.select().where(
        ConflictPermit.application == Review.application, ConflictPermit.expert == Review.expert
    )
    found = (
        Review.select(Review, Application, User, DeclaredConflict)
        .join(Application)
        .switch(Review)
        .join(User)
        .join(Expert, on=(Expert.user == User.id))
        .join_from(
            Review,
            DeclaredConflict,
            on=(DeclaredConflict.expert == Expert.id) & (DeclaredConflict.application == Review.application),
            attr="declared",
        )
        .where(at_work(), ~fn.EXISTS(allowed))
        .order_by(DeclaredConflict.declared_at, Review.id)
    )
    may_end = (assignment.assigning_move, assignment.permitting_move)
    return [review for review in found if any(move(review.application, user, today) for move in may_end)]
