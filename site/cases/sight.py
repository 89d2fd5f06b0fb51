"""Which cases somebody has to do with at a desk: the condition for lists. What they see of one case says `rights`."""

import datetime as dt

from peewee import Expression, ModelSelect

from ...models import Application, Representative, Review, User
from ...procedure.words import Role
from .people import APPLICANTS, everywhere, roles_in

DRAFT = "draft"


def within_sight(user: User, today: dt.date) -> Expression:
    """The condition for the filed cases in which `roles_in` makes this person somebody of the office or an expert.

    Two queries at once, whatever the list: what is theirs as a teacher or a representative is named by its ids, because hardly
    anybody has any.
    """
    held = user.role_set() if user.active else frozenset()
    everything: Expression = Application.status != DRAFT
    mine: Expression = Application.id.is_null()
    if Role.LEADER in held:
        mine = mine | (Application.group_leader == user)
    if Role.EXPERT in held:
        judged = Review.select(Review.application).where(Review.expert == user, Review.ended_at.is_null())
        mine = mine | Application.id.in_(judged)
    sight = everything if everywhere(user) else everything & mine
    own = own_cases(user, today)
    return sight & Application.id.not_in(own) if own else sight


def entered() -> "ModelSelect[Application]":
    """What the office has begun to enter from paper and has not taken over yet, the newest first; for its own desks alone."""
    begun = Application.status == DRAFT, Application.entered_by.is_null(False), Application.number.is_null()
    return Application.select().where(*begun, Application.merged_into.is_null()).order_by(Application.id.desc())


def unfiled(application: Application) -> bool:
    """Whether a teacher is still writing it: nobody's business but theirs. What a clerk has begun to enter is the office's."""
    return application.status == DRAFT and application.number is None and application.entered_by_id is None


def at_desk(application: Application, user: User, today: dt.date) -> bool:
    """Whether this person meets the case at a desk; four queries at most."""
    if unfiled(application):
        return False
    roles = roles_in(application, user, today)
    return bool(roles) and not roles <= APPLICANTS


def own_cases(user: User, today: dt.date) -> list[int]:
    """The cases in which this person is the teacher or acts for one: nobody decides in their own matter."""
    acting = Representative.select(Representative.application).where(
        Representative.user == user,
        Representative.ended_at.is_null(),
        Representative.expires_on.is_null() | (Representative.expires_on >= today),
    )
    theirs = Application.select(Application.id).where((Application.applicant == user) | Application.id.in_(acting))
    return [row.id for row in theirs]
