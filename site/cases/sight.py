"""Which cases somebody has to do with at a desk: the condition for lists. What they see of one case says `rights`."""

import datetime as dt

from peewee import Expression

from ...models import Application, Representative, Review, User
from ...procedure.words import Role
from .people import APPLICANTS, everywhere, roles_in

DRAFT = "draft"


def within_sight(user: User, today: dt.date) -> Expression:
    """The condition for the cases in which `roles_in` makes this person somebody of the office or an expert; one query.

    What a teacher has not filed yet is nobody's business, what a clerk has begun to enter is the office's.
    """
    held = user.role_set() if user.active else frozenset()
    found: Expression = Application.id.is_null()
    if everywhere(user):
        found = ~Application.id.is_null()
    if Role.LEADER in held:
        found = found | (Application.group_leader == user)
    if Role.EXPERT in held:
        judged = Review.select(Review.application).where(Review.expert == user, Review.ended_at.is_null())
        found = found | Application.id.in_(judged)
    sight: Expression = found & begun() & _nobody_decides_in_their_own_matter(user, today)
    return sight


def begun() -> Expression:
    """The condition for cases that have reached the office: filed at least once, or entered by it."""
    reached: Expression = (
        (Application.status != DRAFT) | Application.number.is_null(False) | Application.entered_by.is_null(False)
    )
    return reached


def at_desk(application: Application, user: User, today: dt.date) -> bool:
    """Whether this person meets the case at a desk: what `within_sight` asks of one case; four queries at most."""
    if application.status == DRAFT and application.number is None and application.entered_by_id is None:
        return False
    roles = roles_in(application, user, today)
    return bool(roles) and not roles <= APPLICANTS


def _nobody_decides_in_their_own_matter(user: User, today: dt.date) -> Expression:
    acting = Representative.select(Representative.application).where(
        Representative.user == user,
        Representative.ended_at.is_null(),
        Representative.expires_on.is_null() | (Representative.expires_on >= today),
    )
    others: Expression = (Application.applicant.is_null() | (Application.applicant != user)) & Application.id.not_in(acting)
    return others
