"""How a sitting goes: who is in the room, which cases are before the commission, who voted how. Read at once for all cases."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from peewee import ModelSelect

from ....models import Application, Attendance, Hearing, Member, Recusal, Representative, Sitting, Vote
from ....procedure.road import EDITIONS, road
from ....procedure.voting import Tally, Voting, voting
from ....procedure.words import Category, Choice, Decision
from ....site.cases.facts import NEGATIVE, POSITIVE
from ....site.cases.outcomes import Outcome, outcomes
from .compositions import in_order

# What the commission decides when it agrees with a conclusion.
AGREED = {POSITIVE: Decision.ESTABLISH, NEGATIVE: Decision.REFUSE}
# What members vote when they agree with that: for or against establishing the category.
CHOICES = {Decision.ESTABLISH: Choice.FOR, Decision.REFUSE: Choice.AGAINST}
# A case is before the commission while it stands where a decision begins.
HEARD = frozenset(
    status
    for edition in EDITIONS
    for move in road("application", edition).moves
    if move.follows in {"sitting.close", "sitting.release"}
    for status in move.sources
)


@dataclass(frozen=True)
class Case:
    """A case before the commission. `votes`: member → choice; `recused`: member → reason.

    `here`: still before this sitting, not taken off it.
    """

    hearing: Hearing
    outcome: Outcome
    votes: Mapping[int, Choice]
    recused: Mapping[int, str]
    tally: Tally
    here: bool

    @property
    def application(self) -> Application:
        found: Application = self.hearing.application
        return found

    @property
    def category(self) -> str:
        """The category that is asked for, in words."""
        return Category(self.application.category).label if self.application.category else "не указана"

    @property
    def decision(self) -> Decision | None:
        """What was decided, if it was."""
        return Decision(self.hearing.decision) if self.hearing.decision else None

    @property
    def proposed(self) -> Decision | None:
        """What the conclusions lead to; None when there is none, or two that differ (3.3.2 does not say which one counts)."""
        said = {self.outcome.first, self.outcome.second} - {""}
        return AGREED[said.pop()] if len(said) == 1 else None

    @property
    def settled(self) -> bool:
        """Whether nothing is left to do about it at this sitting."""
        return bool(self.hearing.decision) or self.hearing.put_off

    @property
    def consented(self) -> bool:
        """Whether it waits for the vote for all at once."""
        return self.here and not self.settled and not self.hearing.roll_call and self.proposed is not None

    def eligible(self, present: Iterable[int]) -> list[int]:
        """Who may vote on it: those present, and whoever voted on it before leaving; nobody recused."""
        return [member for member in dict.fromkeys([*present, *self.votes]) if member not in self.recused]


@dataclass(frozen=True)
class Proceedings:
    """A sitting with all that belongs to it. `moment`: as of when the members in the room are counted."""

    sitting: Sitting
    members: tuple[Member, ...]
    attendances: tuple[Attendance, ...]
    cases: tuple[Case, ...]
    moment: dt.datetime

    @classmethod
    def of(cls, sitting: Sitting, moment: dt.datetime, only: Sequence[int] = ()) -> "Proceedings":
        """The sitting with all cases, or `only` these hearings; seven queries."""
        members = tuple(in_order(sitting.commission.members)) if sitting.commission else ()
        attendances = sitting.attendances.order_by(Attendance.arrived_at, Attendance.id)
        rules = voting(sitting.edition)
        cases = tuple(_cases(sitting, rules, len(members), only))
        return cls(sitting, members, tuple(attendances), cases, moment)

    @property
    def rules(self) -> Voting:
        return voting(self.sitting.edition)

    @property
    def needed(self) -> int:
        """How many must vote on a case."""
        return self.rules.needed(len(self.members))

    @property
    def by_id(self) -> dict[int, Member]:
        return {member.id: member for member in self.members}

    def stretches(self, member: Member) -> tuple[Attendance, ...]:
        """When this member was in the room."""
        return tuple(one for one in self.attendances if one.member_id == member.id)

    @property
    def present(self) -> tuple[int, ...]:
        """Who is in the room at the moment, in the order of the composition."""
        here = {one.member_id for one in self.attendances if covers(one, self.moment)}
        return tuple(member.id for member in self.members if member.id in here)

    @property
    def attended(self) -> tuple[int, ...]:
        """Who has been in the room at all."""
        came = {one.member_id for one in self.attendances}
        return tuple(member.id for member in self.members if member.id in came)

    @property
    def quorate(self) -> bool:
        """Whether enough members are in the room to decide anything."""
        return len(self.present) >= self.needed

    def consent(self, decision: Decision) -> tuple[Case, ...]:
        """The cases for which a vote for all at once would decide so."""
        return tuple(case for case in self.cases if case.consented and case.proposed is decision)

    @property
    def separate(self) -> tuple[Case, ...]:
        """The cases that wait to be voted on one by one."""
        return tuple(case for case in self.cases if case.here and not case.settled and not case.consented)

    @property
    def settled(self) -> tuple[Case, ...]:
        return tuple(case for case in self.cases if case.settled)


def heard(application: Application) -> list[Case]:
    """The case at each sitting that was opened with it, the latest first; a few queries for each."""
    lines = Hearing.select(Hearing, Sitting).join(Sitting).where(Hearing.application == application)
    found: list[Case] = []
    for line in lines.where(Sitting.opened_at.is_null(False)).order_by(Sitting.held_on.desc(), Hearing.id.desc()):
        composition = Member.select().where(Member.commission == line.sitting.commission_id).count()
        found += _cases(line.sitting, voting(line.sitting.edition), composition, [line.id])
    return found


def covers(one: Attendance, moment: dt.datetime) -> bool:
    """Whether a stretch includes the moment."""
    return one.arrived_at <= moment and (one.left_at is None or one.left_at > moment)


def _cases(sitting: Sitting, rules: Voting, composition: int, only: Sequence[int]) -> Iterable[Case]:
    mine: ModelSelect[Hearing] = Hearing.select(Hearing, Application).join(Application).where(Hearing.sitting == sitting)
    if only:
        mine = mine.where(Hearing.id.in_(list(only)))
    hearings = list(mine.order_by(Hearing.number.asc(nulls="LAST"), Hearing.id))
    votes: dict[int, dict[int, Choice]] = {hearing.id: {} for hearing in hearings}
    recused: dict[int, dict[int, str]] = {hearing.id: {} for hearing in hearings}
    asked = Hearing.select(Hearing.id).where(Hearing.sitting == sitting) if not only else list(only)
    for vote in Vote.select(Vote.hearing, Vote.member, Vote.choice).where(Vote.hearing.in_(asked)):
        votes[vote.hearing_id][vote.member_id] = Choice(vote.choice)
    for recusal in Recusal.select().where(Recusal.hearing.in_(asked)):
        recused[recusal.hearing_id][recusal.member_id] = recusal.reason
    said = outcomes([hearing.application_id for hearing in hearings])
    for hearing in hearings:
        given = votes[hearing.id]
        votes_for = sum(choice is Choice.FOR for choice in given.values())
        case = hearing.application
        yield Case(
            hearing=hearing,
            outcome=said[hearing.application_id],
            votes=given,
            recused=recused[hearing.id],
            tally=rules.tally(composition, votes_for, len(given) - votes_for),
            here=case.sitting_id == sitting.id and case.status in HEARD,
        )


# --- What speaks against a member's vote ------------------------------------------------------------------------------------


def own(members: Sequence[Member], applications: Sequence[Application], today: dt.date) -> dict[tuple[int, int], str]:
    """(case, member) → why the system recuses the member: nobody decides in their own matter. One query."""
    seats = {member.user_id: member for member in members if member.user_id}
    found = {
        (case.id, seats[case.applicant_id].id): "подал это заявление" for case in applications if case.applicant_id in seats
    }
    acting = Representative.select(Representative.application, Representative.user).where(
        Representative.application.in_([case.id for case in applications]),
        Representative.user.in_(list(seats)),
        Representative.ended_at.is_null(),
        Representative.expires_on.is_null() | (Representative.expires_on >= today),
    )
    return found | {(one.application_id, seats[one.user_id].id): "представляет педагога" for one in acting if one.user_id}
