"""What is true in a case: the facts that moves of both roads ask for, each where the record says so (`holds` in the data).

They stand here and not in `models.py`: some need the season, the limits and the rule of conflicts besides the record.
"""

import datetime as dt
from collections.abc import Set
from dataclasses import dataclass
from functools import cached_property

from peewee import prefetch

from ...models import (
    Application,
    Approval,
    CaseEvent,
    CaseFile,
    CheckMark,
    Conclusion,
    ConflictPermit,
    Dissent,
    DissentSignature,
    Expert,
    Identity,
    Paper,
    Representative,
    Review,
    Sitting,
    Slot,
    User,
    UserRole,
)
from ...procedure.road import road
from ...procedure.terms import Terms, terms
from ...procedure.words import CaseRole, Category, Channel, Role
from . import conflicts

NEGATIVE, POSITIVE, OPEN = "negative", "positive", "open"


def observe(application: Application, today: dt.date, wanted: Set[str] | None = None) -> frozenset[str]:
    """The facts of the case's own road that hold today, of those `wanted`; about fifteen queries for all of them."""
    known = road("application", application.edition).facts
    observed = _Observed(application, today)
    return frozenset(name for name in known if (wanted is None or name in wanted) and getattr(observed, name))


@dataclass(frozen=True)
class _Observed:
    """A case with what belongs to it, asked for once and only when a fact wants it. Every fact is a property of its name."""

    application: Application
    today: dt.date

    # --- What it is asked of ---

    @cached_property
    def terms(self) -> Terms:
        return terms(self.application.edition)

    @cached_property
    def marks(self) -> frozenset[str]:
        return frozenset(
            mark.fact for mark in CheckMark.select(CheckMark.fact).where(CheckMark.application == self.application)
        )

    @cached_property
    def events(self) -> frozenset[str]:
        mine = CaseEvent.select(CaseEvent.name).where(CaseEvent.application == self.application)
        return frozenset(event.name for event in mine)

    @cached_property
    def papers(self) -> list[Paper]:
        mine = Paper.select().where(Paper.application == self.application)
        found: list[Paper] = prefetch(mine, CaseFile.select().where(CaseFile.removed_at.is_null()))
        return found

    @cached_property
    def booked(self) -> bool:
        return bool(Slot.select().where(Slot.application == self.application, ~Slot.missed).exists())

    @cached_property
    def representative(self) -> Representative | None:
        mine = Representative.application == self.application, Representative.ended_at.is_null()
        found: Representative | None = Representative.select().where(*mine).first()
        return found

    @cached_property
    def reviews(self) -> list[Review]:
        mine = Review.select().where(Review.application == self.application, Review.ended_at.is_null()).order_by(Review.id)
        found: list[Review] = prefetch(mine, Conclusion.select().order_by(Conclusion.number))
        return found

    @property
    def main(self) -> Review | None:
        return self._review(CaseRole.MAIN_EXPERT)

    @property
    def second(self) -> Review | None:
        return self._review(CaseRole.SECOND_EXPERT)

    @property
    def additional(self) -> list[Review]:
        return [review for review in self.reviews if review.role == CaseRole.ADDITIONAL_EXPERT]

    def _review(self, role: CaseRole) -> Review | None:
        return next((review for review in self.reviews if review.role == role), None)

    @cached_property
    def experts(self) -> dict[int, Expert]:
        """By account; only those of the bank who still may act."""
        wanted = Expert.user.in_([review.expert_id for review in self.reviews]), Expert.active
        return {expert.user_id: expert for expert in conflicts.known(Expert.select().where(*wanted))}

    @cached_property
    def permitted(self) -> frozenset[int]:
        mine = ConflictPermit.select(ConflictPermit.expert).where(ConflictPermit.application == self.application)
        return frozenset(permit.expert_id for permit in mine)

    # --- Facts of the intake ---

    @property
    def application_complete(self) -> bool:
        return self.application.complete

    @property
    def previous_category_attached(self) -> bool:
        # The oblast asks for the paper with an application for the highest category, the city of whoever had a category.
        return self.application.category == Category.FIRST or self._category_proved

    @property
    def held_category_attached(self) -> bool:
        return not self.application.held_category or self._category_proved

    @property
    def form_checked(self) -> bool:
        return "form_checked" in self.marks

    @property
    def previous_category_checked(self) -> bool:
        return self.application.category == Category.FIRST or "previous_category_checked" in self.marks

    @property
    def group_leader_named(self) -> bool:
        return _acts(self.application.group_leader_id, Role.LEADER)

    @property
    def filed_in_season(self) -> bool:
        season = self.terms.season
        return season is None or season.is_open(self.application.filed_on or self.today)

    @property
    def applicant_named(self) -> bool:
        asked = self.application
        return all((asked.surname, asked.name, asked.position, asked.category))

    @cached_property
    def identity_proved(self) -> bool:
        # What came by post proves nobody's identity: it is checked when the folder is brought (2.9.1).
        by_itself = Channel(self.application.channel) is not Channel.PORTAL or "identity_proved" in self.marks
        return by_itself or self._identified()

    @cached_property
    def authority_proved(self) -> bool:
        acting = self.representative
        if acting is None:
            return True
        return "authority_proved" in self.marks and (acting.expires_on is None or acting.expires_on >= self.today)

    @property
    def ground_to_decline(self) -> bool:
        return not (self.identity_proved and self.authority_proved)

    # --- Facts of the folder ---

    @property
    def portfolio_filled(self) -> bool:
        return bool(self.papers) and all(list(paper.files) for paper in self.papers)

    @property
    def portfolio_way_chosen(self) -> bool:
        if self._on_paper:
            return self.booked
        return self._electronic and self.portfolio_filled

    @property
    def sheets_within_limit(self) -> bool:
        sheets = self.application.mfc_sheets
        most = next((limit.number for limit in self.terms.limits if limit.name == "mfc_sheets"), 0)
        return self._on_paper or (sheets is not None and sheets <= most)

    @property
    def appointment_booked(self) -> bool:
        return self.booked or self.portfolio_received or (self._electronic and self.portfolio_filled)

    @property
    def bearer_identified(self) -> bool:
        return "bearer_identified" in self.marks

    @property
    def inventory_copy_kept(self) -> bool:
        return "inventory_copy_kept" in self.marks

    @property
    def portfolio_received(self) -> bool:
        return "portfolio_received" in self.events

    # --- Facts of the individual term ---

    @property
    def considered(self) -> bool:
        return self.application.considered_on is not None

    @property
    def term_named(self) -> bool:
        longest = next((term.number for term in self.terms.terms if term.name == "attestation"), 0)
        begins, ends = self.application.term_begins, self.application.term_ends
        return begins is not None and ends is not None and (ends - begins).days <= longest

    @property
    def place_named(self) -> bool:
        return bool(self.application.term_place)

    # --- Facts of the experts ---

    @property
    def review_day_set(self) -> bool:
        day = self.application.review_day
        return day is not None and day >= self.today

    @property
    def main_expert_named(self) -> bool:
        return self.main is not None

    @property
    def additional_experts_named(self) -> bool:
        return len(self.additional) == self._wanted()

    @property
    def experts_in_bank(self) -> bool:
        day = self.application.review_day or self.today
        return all(self._listed(review, day) for review in self._first)

    @property
    def no_conflict(self) -> bool:
        return self._without_conflict(self._first)

    @property
    def expert_named(self) -> bool:
        return self.main is not None

    @property
    def expert_listed(self) -> bool:
        return self.main is not None and self._listed(self.main, self.today)

    @property
    def second_expert_named(self) -> bool:
        return self.second is not None

    @property
    def second_expert_listed(self) -> bool:
        return self.second is not None and self._listed(self.second, self.today)

    @property
    def second_no_conflict(self) -> bool:
        return self._without_conflict([self.second] if self.second else [])

    @property
    def additional_experts_commented(self) -> bool:
        return len([review for review in self.additional if review.commented_at]) == self._wanted()

    # --- Facts of the judgement ---

    @property
    def rubric_scored(self) -> bool:
        return bool(self.main and self.main.scored)

    @property
    def outcome_follows_points(self) -> bool:
        return _follows(self.main)

    @property
    def conclusion_signed(self) -> bool:
        return bool(self.main and _current(self.main))

    @property
    def second_rubric_scored(self) -> bool:
        return bool(self.second and self.second.scored)

    @property
    def second_outcome_follows_points(self) -> bool:
        return _follows(self.second)

    @property
    def second_conclusion_signed(self) -> bool:
        return bool(self.second and _current(self.second))

    @property
    def outcome_stated(self) -> bool:
        return bool(self.main and self.main.outcome and self.application.position)

    @property
    def conclusion_uploaded(self) -> bool:
        last = _current(self.main) if self.main else None
        return last is not None and last.file_id is not None

    @property
    def conclusion_positive(self) -> bool:
        return bool(self.main and self.main.outcome == POSITIVE)

    @property
    def conclusion_negative(self) -> bool:
        return bool(self.main and self.main.outcome == NEGATIVE)

    @property
    def single_conclusion(self) -> bool:
        return not self.second_conclusion_given

    @property
    def second_conclusion_given(self) -> bool:
        return bool(self.second and list(self.second.conclusions))

    @property
    def conclusion_read(self) -> bool:
        given = [_current(review) for review in (self.main, self.second) if review and list(review.conclusions)]
        return bool(given) and all(one is not None and one.read_at for one in given)

    @property
    def dissent_drawn_up(self) -> bool:
        return not self.conclusion_negative or self._dissent is not None

    @property
    def dissent_signed(self) -> bool:
        if not self.conclusion_negative:
            return True
        if self._dissent is None:
            return False
        signatures = DissentSignature.select(DissentSignature.expert).where(DissentSignature.dissent == self._dissent)
        return {review.expert_id for review in self.reviews} <= {signature.expert_id for signature in signatures}

    # --- Facts of the sitting ---

    @property
    def sitting_day_chosen(self) -> bool:
        return self._sitting is not None and self._sitting.held_on >= self.today

    @property
    def sitting_named(self) -> bool:
        return self.sitting_day_chosen

    @property
    def sitting_place_named(self) -> bool:
        return self._sitting is not None and bool(self._sitting.place)

    @property
    def sitting_held(self) -> bool:
        return self._sitting is not None and self._sitting.held_on <= self.today

    @property
    def decision_minuted(self) -> bool:
        return bool(self.application.decision) and self._decided(self.application.decision)

    @property
    def decided_to_establish(self) -> bool:
        return self._decided("establish")

    @property
    def decided_to_refuse(self) -> bool:
        return self._decided("refuse")

    # --- Inside ---

    @cached_property
    def _category_proved(self) -> bool:
        """By a row of our own archive or by a file."""
        if self.application.held_ruling_id is not None:
            return True
        kept = CaseFile.application == self.application, CaseFile.removed_at.is_null()
        return bool(CaseFile.select().where(*kept, CaseFile.kind == "previous_category").exists())

    @property
    def _on_paper(self) -> bool:
        return self.application.portfolio_way == "paper"

    @property
    def _electronic(self) -> bool:
        return self.application.portfolio_way == "electronic"

    @property
    def _first(self) -> list[Review]:
        """The reviews of the first round, additional experts included."""
        return [review for review in self.reviews if review.role != CaseRole.SECOND_EXPERT]

    @cached_property
    def _dissent(self) -> Dissent | None:
        found: Dissent | None = Dissent.get_or_none(Dissent.application == self.application)
        return found

    @property
    def _sitting(self) -> Sitting | None:
        sitting = self.application.sitting if self.application.sitting_id else None
        return sitting if sitting is not None and sitting.status != "cancelled" else None

    def _decided(self, decision: str) -> bool:
        asked = self.application
        return asked.decision == decision and bool(asked.minutes_number and asked.minutes_on)

    def _identified(self) -> bool:
        """Whether the teacher signed in through a state provider, which knows who they are."""
        return bool(Identity.select().where(Identity.user == self.application.applicant_id).exists())

    def _wanted(self) -> int:
        return next((limit.number for limit in self.terms.limits if limit.name == "additional_experts"), 0)

    def _listed(self, review: Review, day: dt.date) -> bool:
        expert = self.experts.get(review.expert_id)
        return expert is not None and _acts(review.expert_id, Role.EXPERT) and (expert.department or approved(expert, day))

    def _without_conflict(self, reviews: list[Review]) -> bool:
        judging = [self.experts[review.expert_id] for review in reviews if review.expert_id in self.experts]
        return set(conflicts.conflicts(self.application, judging, self.today)) <= self.permitted


def approved(expert: Expert, day: dt.date) -> bool:
    """Whether an order keeps this expert on the list on this day."""
    on_list = Approval.expert == expert, Approval.valid_from <= day, Approval.valid_until >= day
    return bool(Approval.select().where(*on_list).exists())


def _follows(review: Review | None) -> bool:
    """Whether the outcome is what the points give, or was chosen with a reason where they leave it open (3.3.4)."""
    if review is None or not review.outcome:
        return False
    return review.implied == review.outcome or (review.implied == OPEN and bool(review.outcome_reason))


def _current(review: Review) -> Conclusion | None:
    """The last version of the conclusion, unless it was returned for rework after it was given."""
    last: Conclusion | None = max(review.conclusions, key=lambda one: one.number, default=None)
    return last if last and stands(review, last) else None


def stands(review: Review, conclusion: Conclusion) -> bool:
    """Whether this version was given after the conclusion was last returned for rework."""
    return review.returned_at is None or conclusion.given_at > review.returned_at


def _acts(user_id: int | None, role: Role) -> bool:
    """Whether there is such a person, whose account is open and holds the role."""
    if user_id is None:
        return False
    held = UserRole.select().join(User).where(User.id == user_id, User.active, UserRole.role == role)
    return bool(held.exists())
