"""The one writer of a complaint's status, and of its version: asks the road, writes, tells the journal and the letters.

An act takes the complaint as the person saw it; whatever it writes besides, it writes in the same transaction.
"""

import datetime as dt
from collections.abc import Mapping, Set
from typing import Any

from ...models import Complaint, ComplaintEvent, User
from ...procedure.complaints import RECORD
from ...procedure.refusal import Refusal
from ...procedure.road import Move, road
from ...procedure.shape import AnyRole
from ...procedure.words import CaseRole, Role
from .. import journal, versions
from ..dates import day_of
from . import letters, terms

SUBJECT = "complaint"
OVERTAKEN = "Жалоба уже изменена другим сотрудником или в другом окне. Посмотрите, что изменилось, и, если нужно, повторите."
# Whoever complains needs no account; what they may do the road gives the teacher.
COMPLAINANT: frozenset[AnyRole] = frozenset({CaseRole.TEACHER})


def roles_of(user: User) -> frozenset[Role]:
    """What somebody is to complaints; nothing once the account is closed."""
    return user.role_set() if user.active else frozenset()


def move_of(complaint: Complaint, verb: str) -> Move:
    """The move of this verb; KeyError if the road has none."""
    return road(RECORD, complaint.edition).move(verb)


def as_seen(complaint: Complaint, version: int | None) -> Complaint:
    """The complaint, if it is still the version that the person's screen showed; Refusal if somebody was quicker."""
    if complaint.version != version:
        raise Refusal(OVERTAKEN)
    return complaint


def allow(complaint: Complaint, verb: str, *, by: User) -> Move:
    """The move, if this person may try it in this status, whether or not the facts are there."""
    return _fitting(complaint, verb, roles_of(by))


def lock(complaint: Complaint) -> None:
    """Keep the complaint as it is until the transaction ends; Refusal if it is no longer as the person saw it.

    Acts that write before they move ask this first: until their end nobody else changes the complaint.
    """
    versions.lock(complaint, OVERTAKEN)


def make(
    complaint: Complaint,
    verb: str,
    *,
    by: User | None,
    on: dt.datetime,
    roles: Set[AnyRole] | None = None,
    details: str = "",
    days: Mapping[str, dt.date] | None = None,
    **changes: Any,
) -> Complaint:
    """Make a move or a deed with these changes of columns. Refusal leaves everything as it was.

    `roles`: what the person is, if not what their account says; `days`: days of events other than today. `details` go to the
    journal, which others read: no word of the complaint.
    """
    with versions.whole(complaint):
        return _made(complaint, verb, by, on, roles if roles is not None else _held(by), details, days or {}, changes)


def _held(by: User | None) -> Set[AnyRole]:
    return roles_of(by) if by else frozenset()


def _made(
    complaint: Complaint,
    verb: str,
    by: User | None,
    on: dt.datetime,
    roles: Set[AnyRole],
    details: str,
    days: Mapping[str, dt.date],
    changes: Mapping[str, Any],
) -> Complaint:
    status = complaint.status
    move = _fitting(complaint, verb, roles)
    versions.hold(complaint, OVERTAKEN, changed_at=on, **changes)
    road(RECORD, complaint.edition).check(verb, status, roles, complaint.observe())
    for name in move.marks:
        _mark(complaint, name, days.get(name, day_of(on)))
    Complaint.update(status=move.leads_from(status)).where(Complaint.id == complaint.id).execute()
    complaint.status = move.leads_from(status)
    for letter in move.letters:
        letters.post(complaint, letter, on=on)
    terms.refresh(complaint, day_of(on))
    note(complaint, verb, by=by, on=on, details=details)
    return complaint


def note(complaint: Complaint, verb: str, *, by: User | None, on: dt.datetime, details: str = "") -> None:
    """Tell the journal what was done."""
    journal.write(by=by, on=on, verb=journal.complaint_verb(verb), subject=SUBJECT, subject_id=complaint.id, details=details)


def _fitting(complaint: Complaint, verb: str, roles: Set[AnyRole]) -> Move:
    whole = road(RECORD, complaint.edition)
    return whole.check(verb, complaint.status, roles, frozenset(whole.move(verb).needs))


def _mark(complaint: Complaint, event: str, day: dt.date) -> None:
    values = {"complaint": complaint.id, "name": event, "day": day}
    ComplaintEvent.insert(values).on_conflict(
        conflict_target=[ComplaintEvent.complaint, ComplaintEvent.name], update={ComplaintEvent.day: day}
    ).execute()
