"""Who keeps the bank: the office the whole of it, a leader their own groups, an expert their own absences and conflicts.

And the one way to write about an expert: over the version that the person saw, with an entry in the journal.
"""

import datetime as dt
from typing import Any

from ....models import Expert, ExpertGroup, User
from ....procedure.refusal import Refusal
from ....site import journal
from ...access import Permission, may, require

OVERTAKEN = "Запись эксперта уже изменил кто-то другой. Посмотрите, что изменилось, и, если нужно, повторите."
FOREIGN = "Вам недоступно: вы ведёте только экспертов своей группы."
SUBJECT = "expert"


def keeps(user: User, group: ExpertGroup | None) -> bool:
    """Whether this person may change experts of this group; without a group only who keeps the whole bank."""
    leads = group is not None and group.leader_id == user.id
    return may(user, Permission.MANAGE_EXPERTS) and (leads or may(user, Permission.GOVERN_GROUPS))


def require_keeper(by: User, group: ExpertGroup | None) -> None:
    """Raise Refusal unless this person may change experts of this group."""
    require(by, Permission.MANAGE_EXPERTS)
    if not keeps(by, group):
        raise Refusal(FOREIGN)


def require_keeper_or_self(by: User, expert: Expert) -> None:
    """Raise Refusal unless this person keeps the expert's entry or is the expert, whose account is open."""
    if not (expert.user_id == by.id and may(by, Permission.TAKE_PART)):
        require_keeper(by, expert.group)


def as_seen(expert: Expert, version: int | None) -> Expert:
    """The expert, if it is still the version that the person's screen showed; Refusal if somebody was quicker."""
    if expert.version != version:
        raise Refusal(OVERTAKEN)
    return expert


def hold(expert: Expert, **changes: Any) -> None:
    """Write these columns and take the next version, if the expert is still as the person saw them; Refusal if not."""
    written = {"version": expert.version + 1, **changes}
    if not Expert.update(written).where(Expert.id == expert.id, Expert.version == expert.version).execute():
        raise Refusal(OVERTAKEN)


def seen(expert: Expert, **changes: Any) -> Expert:
    """The expert as it is after `hold`, once the transaction is over."""
    for name, value in {"version": expert.version + 1, **changes}.items():
        setattr(expert, name, value)
    return expert


def note(expert: Expert, verb: str, *, by: User, on: dt.datetime, details: str = "") -> None:
    """Tell the journal what was done with the expert."""
    journal.write(by=by, on=on, verb=verb, subject=SUBJECT, subject_id=expert.id, details=details)
