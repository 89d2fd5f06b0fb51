"""Who somebody is in one case. Roles in the office are not roles in a case: whom an office role makes there says this table."""

import datetime as dt
from collections.abc import Sequence

from peewee import Expression, prefetch

from ...models import Application, Representative, Review, User, UserRole
from ...procedure.words import CaseRole, Role

# Whoever has this role in the office has these in every case.
EVERYWHERE: dict[Role, frozenset[CaseRole]] = {
    Role.REGISTRAR: frozenset({CaseRole.REGISTRAR}),
    # The secretary of a small office takes the documents too.
    Role.SECRETARY: frozenset({CaseRole.SECRETARY, CaseRole.REGISTRAR}),
    Role.DEPUTY_CHAIR: frozenset({CaseRole.DEPUTY_CHAIR}),
    Role.CHAIR: frozenset({CaseRole.CHAIR}),
    # Reads what was done, and makes no move (4.1).
    Role.CONTROLLER: frozenset({CaseRole.INSPECTOR}),
}
EXPERTS = frozenset({CaseRole.MAIN_EXPERT, CaseRole.ADDITIONAL_EXPERT, CaseRole.SECOND_EXPERT})
APPLICANTS = frozenset({CaseRole.TEACHER, CaseRole.REPRESENTATIVE})
OFFICE = frozenset(CaseRole) - EXPERTS - APPLICANTS


def roles_in(application: Application, user: User | None, today: dt.date) -> frozenset[CaseRole]:
    """Who this person is in the case; nobody for a stranger and a closed account. Three queries at most.

    Whoever asks for a category, or judges somebody's, has no other part in that case: nobody decides in their own matter,
    and a second expert who is a clerk as well does not see the first one's score.
    """
    if user is None or not user.active:
        return frozenset()
    if application.applicant_id == user.id:
        return frozenset({CaseRole.TEACHER})
    if represents(application, user, today):
        return frozenset({CaseRole.REPRESENTATIVE})
    held = user.role_set()
    if Role.EXPERT in held and (judging := _reviews(application, user)):
        return judging
    found = frozenset(role for one in held for role in EVERYWHERE.get(one, ()))
    leads = Role.LEADER in held and application.group_leader_id == user.id
    return found | {CaseRole.GROUP_LEADER} if leads else found


def everywhere(user: User) -> frozenset[CaseRole]:
    """The roles that this person has in all cases but their own."""
    return frozenset(role for one in user.role_set() for role in EVERYWHERE.get(one, ())) if user.active else frozenset()


def represents(application: Application, user: User, today: dt.date) -> bool:
    """Whether this person acts for the teacher today: by a document that is still valid (2.9.1)."""
    acting = Representative.select().where(
        Representative.application == application, Representative.user == user, Representative.ended_at.is_null()
    )
    return acting.where(Representative.expires_on.is_null() | (Representative.expires_on >= today)).exists()


def _reviews(application: Application, user: User) -> frozenset[CaseRole]:
    mine = Review.select(Review.role).where(Review.application == application, Review.expert == user, Review.ended_at.is_null())
    return frozenset(CaseRole(review.role) for review in mine)


def holders(application: Application, role: CaseRole, today: dt.date) -> list[User]:
    """The people who are this in the case today, with their roles in the office: those of whom `roles_in` says the same.

    For an office role all who hold it, but for whoever asks or judges in this very case.
    """
    people = User.select().where(_candidates(application, role), User.active).order_by(User.id)
    return [user for user in prefetch(people, UserRole.select()) if role in roles_in(application, user, today)]


def holders_in(applications: Sequence[Application], role: CaseRole, today: dt.date) -> dict[int, list[User]]:
    """The same for many cases, by their ids; two queries at most for the teacher's side."""
    if role is CaseRole.TEACHER:
        asking = User.select().where(
            User.id.in_({case.applicant_id for case in applications if case.applicant_id}), User.active
        )
        accounts = {user.id: user for user in asking}
        return {case.id: [accounts[case.applicant_id]] if case.applicant_id in accounts else [] for case in applications}
    if role is CaseRole.REPRESENTATIVE:
        return _representatives(applications, today)
    return {case.id: holders(case, role, today) for case in applications}


def _representatives(applications: Sequence[Application], today: dt.date) -> dict[int, list[User]]:
    found: dict[int, list[User]] = {case.id: [] for case in applications}
    applicants = {case.id: case.applicant_id for case in applications}
    acting = (
        Representative.select(Representative, User)
        .join(User)
        .where(Representative.application.in_(list(found)), Representative.ended_at.is_null(), User.active)
    )
    valid = acting.where(Representative.expires_on.is_null() | (Representative.expires_on >= today))
    for row in valid:
        # Whoever asks for the category acts for themselves.
        if row.user and row.user_id != applicants[row.application_id]:
            found[row.application_id] = [row.user]
    return found


def _candidates(application: Application, role: CaseRole) -> Expression:
    """The accounts among which the holders of a role are looked for."""
    if role is CaseRole.TEACHER:
        return User.id == application.applicant_id
    if role is CaseRole.GROUP_LEADER:
        return User.id == application.group_leader_id
    if role is CaseRole.REPRESENTATIVE:
        acting = Representative.application == application, Representative.ended_at.is_null()
        return User.id.in_(Representative.select(Representative.user).where(*acting))
    if role in EXPERTS:
        judging = Review.application == application, Review.role == role, Review.ended_at.is_null()
        return User.id.in_(Review.select(Review.expert).where(*judging))
    office = [one.value for one, given in EVERYWHERE.items() if role in given]
    return User.id.in_(UserRole.select(UserRole.user).where(UserRole.role.in_(office)))
