"""Filled in sheets of form 1 for the teacher of the world: 170 points are the first category for a teacher of subjects."""

from typing import Any

from attestation.admin.acts.cases import reviews
from attestation.admin.acts.cases.reviews import Entered
from attestation.models import Application, Paper, Review, User
from attestation.procedure.words import CaseRole
from attestation.rubrics.forms import form
from attestation.tests.cases import NEGATIVE, POSITIVE, World

FORM = form(1)
HEAD = {"position": "Учитель прочих предметов"}
GONE = {f"s-{section.number}": "1" for section in FORM.sections}
# 180 points; 10; between 160 and 170, because form 1 does not say whether the options of row 2.1 are added.
ENOUGH = {"c-1.1-3": "1", "c-1.2-3": "1", "c-1.6-1": "1", "c-2.7-1": "1"}
LITTLE = {"c-1.1-1": "1"}
BETWEEN = {"c-1.1-3": "1", "c-1.2-3": "1", "c-1.6-1": "1", "c-2.1-2": "1", "c-2.1-3": "1"}


def sheet(case: Application, rows: dict[str, str], **words: Any) -> Entered:
    """The sheet with these rows, each proved by the first line of the inventory; the outcome that is asked for in `words`."""
    paper = str(Paper.get(Paper.application == case, Paper.number == 1).id)
    clauses = {name.split("-")[1] for name in rows}
    papers = {f"p-{clause}": [paper] for clause in clauses}
    return Entered({**HEAD, **GONE, **rows}, papers, **words)


def good(case: Application) -> Entered:
    return sheet(case, ENOUGH, outcome=POSITIVE, recommendations="Делиться опытом.")


def bad(case: Application) -> Entered:
    return sheet(case, LITTLE, outcome=NEGATIVE)


def review(case: Application, role: CaseRole = CaseRole.MAIN_EXPERT) -> Review:
    """The review of this role as the table holds it."""
    return Review.get(Review.application == case, Review.role == role, Review.ended_at.is_null())


def scored(world: World, case: Application, entered: Entered, *, by: User | None = None) -> Review:
    """The review of the main expert, or of `by`, with this sheet kept in it."""
    expert = by or world.cast.expert
    found = reviews.review_of(case, expert)
    assert found
    return reviews.save(case, found, entered, by=expert, on=world.now, quietly=True)
