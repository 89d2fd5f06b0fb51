"""What the experts have concluded in many cases at once, as a commission meets it (3.4.1)."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from ...models import Conclusion, Dissent, Review
from ...procedure.words import CaseRole
from .facts import NEGATIVE, POSITIVE, stands

WORDS = {POSITIVE: "соответствует", NEGATIVE: "не соответствует"}


class Kind(StrEnum):
    """Of which kind a case is for the commission: those that need to be talked over stand apart."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    SECOND = "second"
    DISSENT = "dissent"
    NONE = "none"

    @property
    def label(self) -> str:
        return {
            "positive": "соответствует",
            "negative": "не соответствует",
            "second": "после повторной экспертизы",
            "dissent": "с протоколом разногласий",
            "none": "заключения нет",
        }[self.value]


@dataclass(frozen=True)
class Outcome:
    """The conclusions that stand in a case: the first, the one of the second review, whether a dissent was drawn up."""

    first: str = ""
    second: str = ""
    dissent: bool = False

    @property
    def standing(self) -> str:
        """The latest conclusion: positive, negative, or empty."""
        return self.second or self.first

    @property
    def kind(self) -> Kind:
        if self.dissent:
            return Kind.DISSENT
        return Kind.SECOND if self.second else Kind(self.first or "none")

    @property
    def words(self) -> str:
        """The conclusions in a few words."""
        if self.second:
            return f"первое: {WORDS.get(self.first, 'нет')}, повторное: {WORDS[self.second]}"
        said = WORDS.get(self.first, Kind.NONE.label)
        return f"{said}, есть протокол разногласий" if self.dissent else said


def outcomes(case_ids: Collection[int]) -> dict[int, Outcome]:
    """The conclusions of each of these cases; two queries."""
    roles = [CaseRole.MAIN_EXPERT.value, CaseRole.SECOND_EXPERT.value]
    asked = Review.application.in_(list(case_ids)), Review.ended_at.is_null(), Review.role.in_(roles)
    shown = Conclusion.id, Conclusion.outcome, Conclusion.given_at, Review.application, Review.role, Review.returned_at
    given = Conclusion.select(*shown).join(Review).where(*asked).order_by(Conclusion.number)
    # The newest version is the last that is read; one that was returned since does not stand.
    said = {(one.review.application_id, one.review.role): one.outcome if stands(one.review, one) else "" for one in given}
    dissenting = Dissent.select(Dissent.application).where(Dissent.application.in_(list(case_ids)))
    with_dissent = {one.application_id for one in dissenting}
    return {id: Outcome(said.get((id, roles[0]), ""), said.get((id, roles[1]), ""), id in with_dissent) for id in case_ids}
