"""What is true in a case: the facts that moves of both roads ask for, each where the record says so (`holds` in the data).

They stand here and not in `models.py`: some need the season, the limits and the rule of conflicts besides the record.
"""

import datetime as dt
from collections.abc import Iterable
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
    Slot,
    User,
    UserRole,
)
from ...procedure.road import road
from ...procedure.terms import Terms, terms
from ...procedure.words import CaseRole, Category, Channel, Role
from . import conflicts

NEGATIVE, POSITIVE, OPEN = "negative", "positive", "open"


def observe(application: Application, today: dt.date) -> frozenset[str]:
    """The facts of the case's own road that hold today; about fifteen queries."""
    known = road("application", application.edition).facts
    return frozenset(name for name, holds in _Observed(application, today).facts() if name in known and holds)


@dataclass(frozen=True)
class _Observed:
    """A case with what belongs to it, each asked for once."""

    application: Application
    today: dt.date

    def facts(self) -> Iterable[tuple[str, bool]]:
        yield from self._intake()
        yield from self._folder()
        yield from self._term()
        yield from self._experts()
        yield from self._judgement("", self.main)
        yield from self._judgement("second_", self.second)
        yield from self._outcome()
        yield from self._sitting()

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

    # --- Facts ---

    def _intake(self) -> Iterable[tuple[str, bool]]:
        asked, channel = self.application, Channel(self.application.channel)
        yield "application_complete", asked.complete
        attached = asked.held_ruling_id is not None or self._has_file("previous_category")
        # The oblast asks for the paper with an application for the highest category, the city of whoever had a category.
        yield "previous_category_attached", asked.category == Category.FIRST or attached
        yield "held_category_attached", not asked.held_category or attached
        yield "form_checked", "form_checked" in self.marks
        checked = "previous_category_checked" in self.marks
        yield "previous_category_checked", asked.category == Category.FIRST or checked
        yield "group_leader_named", _acts(asked.group_leader_id, Role.LEADER)
        season = self.terms.season
        yield "filed_in_season", season is None or season.is_open(asked.filed_on or self.today)
        yield "applicant_named", all((asked.surname, asked.name, asked.position, asked.category))
        # What came by post proves nobody's identity: it is checked when the folder is brought (2.9.1).
        by_itself = channel is not Channel.PORTAL or self._identified()
        identity = by_itself or "identity_proved" in self.marks
        yield "identity_proved", identity
        acting = self.representative
        valid = acting is None or acting.expires_on is None or acting.expires_on >= self.today
        authority = acting is None or ("authority_proved" in self.marks and valid)
        yield "authority_proved", authority
        yield "ground_to_decline", not (identity and authority)

    def _folder(self) -> Iterable[tuple[str, bool]]:
        asked = self.application
        filled = bool(self.papers) and all(list(paper.files) for paper in self.papers)
        received = "portfolio_received" in self.events
        on_paper = asked.portfolio_way == "paper"
        electronic = asked.portfolio_way == "electronic"
        yield "portfolio_filled", filled
        yield "portfolio_way_chosen", (electronic and filled) or (on_paper and self.booked)
        most = next((limit.number for limit in self.terms.limits if limit.name == "mfc_sheets"), 0)
        yield "sheets_within_limit", on_paper or (asked.mfc_sheets is not None and asked.mfc_sheets <= most)
        yield "appointment_booked", self.booked or received or (electronic and filled)
        yield "bearer_identified", "bearer_identified" in self.marks
        yield "inventory_copy_kept", "inventory_copy_kept" in self.marks
        yield "portfolio_received", received

    def _term(self) -> Iterable[tuple[str, bool]]:
        asked = self.application
        yield "considered", asked.considered_on is not None
        longest = next((term.number for term in self.terms.terms if term.name == "attestation"), 0)
        begins, ends = asked.term_begins, asked.term_ends
        yield "term_named", begins is not None and ends is not None and (ends - begins).days <= longest
        yield "place_named", bool(asked.term_place)

    def _experts(self) -> Iterable[tuple[str, bool]]:
        day = self.application.review_day
        yield "review_day_set", day is not None and day >= self.today
        first = [review for review in self.reviews if review.role != CaseRole.SECOND_EXPERT]
        yield "main_expert_named", self.main is not None
        yield "additional_experts_named", len(self.additional) == self._wanted()
        yield "experts_in_bank", all(self._listed(review, day or self.today) for review in first)
        yield "no_conflict", self._without_conflict(first)
        yield "expert_named", self.main is not None
        yield "expert_listed", self.main is not None and self._listed(self.main, self.today)
        yield "second_expert_named", self.second is not None
        yield "second_expert_listed", self.second is not None and self._listed(self.second, self.today)
        yield "second_no_conflict", self._without_conflict([self.second] if self.second else [])
        commented = [review for review in self.additional if review.commented_at]
        yield "additional_experts_commented", len(commented) == self._wanted()

    def _judgement(self, prefix: str, review: Review | None) -> Iterable[tuple[str, bool]]:
        if review is None:
            return
        yield f"{prefix}rubric_scored", review.scored
        open_to_choice = review.implied == OPEN and bool(review.outcome_reason)
        yield f"{prefix}outcome_follows_points", bool(review.outcome) and (review.implied == review.outcome or open_to_choice)
        yield f"{prefix}conclusion_signed", _current(review) is not None

    def _outcome(self) -> Iterable[tuple[str, bool]]:
        main, second = self.main, self.second
        given = [_current(review) for review in (main, second) if review and list(review.conclusions)]
        yield "outcome_stated", bool(main and main.outcome and self.application.position)
        last = _current(main) if main else None
        yield "conclusion_uploaded", last is not None and last.file_id is not None
        yield "conclusion_positive", bool(main and main.outcome == POSITIVE)
        yield "conclusion_negative", bool(main and main.outcome == NEGATIVE)
        yield "single_conclusion", not (second and list(second.conclusions))
        yield "second_conclusion_given", bool(second and list(second.conclusions))
        yield "conclusion_read", bool(given) and all(one is not None and one.read_at for one in given)
        yield from self._dissent(bool(main and main.outcome == NEGATIVE))

    def _dissent(self, needed: bool) -> Iterable[tuple[str, bool]]:
        drawn_up = Dissent.get_or_none(Dissent.application == self.application) if needed else None
        yield "dissent_drawn_up", not needed or drawn_up is not None
        signatures = DissentSignature.select(DissentSignature.expert).where(DissentSignature.dissent == drawn_up)
        signed = {signature.expert_id for signature in signatures} if drawn_up else set()
        yield "dissent_signed", not needed or bool(drawn_up and {review.expert_id for review in self.reviews} <= signed)

    def _sitting(self) -> Iterable[tuple[str, bool]]:
        asked = self.application
        sitting = asked.sitting if asked.sitting_id else None
        if sitting is not None and not sitting.cancelled:
            yield "sitting_day_chosen", sitting.held_on >= self.today
            yield "sitting_named", sitting.held_on >= self.today
            yield "sitting_place_named", bool(sitting.place)
            yield "sitting_held", sitting.held_on <= self.today
        minutes = bool(asked.minutes_number and asked.minutes_on)
        yield "decided_to_establish", asked.decision == "establish" and minutes
        yield "decided_to_refuse", asked.decision == "refuse" and minutes

    # --- Inside ---

    def _has_file(self, kind: str) -> bool:
        kept = CaseFile.application == self.application, CaseFile.kind == kind, CaseFile.removed_at.is_null()
        return bool(CaseFile.select().where(*kept).exists())

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


def _current(review: Review) -> Conclusion | None:
    """The last version of the conclusion, unless it was returned for rework after it was given."""
    last: Conclusion | None = max(review.conclusions, key=lambda one: one.number, default=None)
    return last if last and (review.returned_at is None or last.given_at > review.returned_at) else None


def _acts(user_id: int | None, role: Role) -> bool:
    """Whether there is such a person, whose account is open and holds the role."""
    if user_id is None:
        return False
    held = UserRole.select().join(User).where(User.id == user_id, User.active, UserRole.role == role)
    return bool(held.exists())
