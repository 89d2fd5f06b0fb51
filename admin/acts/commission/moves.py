"""The one writer of a sitting's status once it is to be held: asks the road, writes, tells the journal.

Whoever changes anything of an open sitting takes its next version first (`take`): acts of two secretaries come one after the
other, and what depends on the whole picture (a vote for all at once, closing) is refused when the picture has changed.
"""

import datetime as dt
from typing import Any

from peewee import CharField, Expression

from ....models import Sitting, User, database
from ....procedure.refusal import Refusal
from ....procedure.road import Move, road
from ....site import fields, journal
from ....site.dates import day_of
from ...access import Permission, require

OVERTAKEN = (
    "Ход заседания уже изменён другим сотрудником или в другом окне. Посмотрите, что изменилось, и, если нужно, повторите."
)
SUBJECT = "sitting"
REASON = CharField(300, verbose_name="Причина")
CLOSE, REOPEN = "close", "reopen"


def as_seen(sitting: Sitting, version: int | None) -> Sitting:
    """The sitting, if it is still the version that the screen showed; Refusal if somebody was quicker."""
    if sitting.version != version:
        raise Refusal(OVERTAKEN)
    return sitting


def move_of(sitting: Sitting, verb: str) -> Move:
    """The move of this verb on the road of the sitting; KeyError if its road has none."""
    return road(SUBJECT, sitting.edition).move(verb)


def open_moves(sitting: Sitting, user: User) -> tuple[Move, ...]:
    """What this person may try now, whether or not everything needed is there."""
    return road(SUBJECT, sitting.edition).open_moves(sitting.status, user.role_set() if user.active else frozenset())


def missing(sitting: Sitting, verb: str, today: dt.date) -> tuple[str, ...]:
    """What still has to become true before a move, as sentences."""
    return road(SUBJECT, sitting.edition).missing(move_of(sitting, verb), sitting.observe(today))


def under_way(sitting: Sitting) -> bool:
    """Whether the members are in session: what is said and voted may be recorded."""
    return sitting.status in move_of(sitting, CLOSE).sources


def take(sitting: Sitting, *, by: User) -> None:
    """Take an open sitting for recording something of it, until the transaction ends; Refusal when it is not open.

    The version that the person saw does not matter here: what is narrower than the sitting has a version of its own.
    """
    require(by, Permission.RUN_SITTINGS)
    going = Sitting.id == sitting.id, Sitting.status.in_(move_of(sitting, CLOSE).sources)
    if not Sitting.update(version=Sitting.version + 1).where(*going).execute():
        raise Refusal("Заседание не открыто или уже завершено: обновите страницу.", move_of(sitting, CLOSE).clause)
    sitting.version = Sitting.select(Sitting.version).where(Sitting.id == sitting.id).scalar()


def take_as_seen(sitting: Sitting, *, by: User) -> None:
    """The same for what depends on the whole picture: Refusal when it is not the one that the person saw."""
    seen = sitting.version
    take(sitting, by=by)
    if sitting.version != seen + 1:
        raise Refusal(OVERTAKEN)


def make(
    sitting: Sitting, verb: str, *, by: User, on: dt.datetime, reason: str = "", details: str = "", **changes: Any
) -> Sitting:
    """Make a move or a deed with these changes of columns. Refusal leaves everything as it was."""
    whole = road(SUBJECT, sitting.edition)
    before, related = dict(sitting.__data__), dict(sitting.__rel__)
    status, roles = sitting.status, by.role_set() if by.active else frozenset()
    try:
        with database.atomic():
            # Role and status first: whoever may not try learns nothing of what is missing.
            whole.check(verb, status, roles, frozenset(whole.move(verb).needs), "есть")
            _write(sitting, *_as_in_hand(sitting), version=sitting.version + 1, **changes)
            move = whole.check(verb, status, roles, sitting.observe(day_of(on)), reason)
            said = fields.line(REASON, reason, required=move.reason)
            _write(sitting, Sitting.id == sitting.id, status=move.leads_from(status))
            note(sitting, verb, by=by, on=on, details="; ".join(filter(None, (details, said))))
    except BaseException:
        # The object in hand is again what the table holds.
        sitting.__data__, sitting.__rel__ = before, related
        raise
    return sitting


def note(sitting: Sitting, verb: str, *, by: User | None, on: dt.datetime, details: str = "") -> None:
    """Tell the journal what was done. No word of how anybody voted: the case's own history has that."""
    journal.write(
        by=by, on=on, verb=journal.sitting_verb(verb), subject=SUBJECT, subject_id=sitting.id, details=details or str(sitting)
    )


def _as_in_hand(sitting: Sitting) -> tuple[Expression, ...]:
    return Sitting.id == sitting.id, Sitting.version == sitting.version, Sitting.status == sitting.status


def _write(sitting: Sitting, *where: Expression, **changes: Any) -> None:
    if not Sitting.update(changes).where(*where).execute():
        raise Refusal(OVERTAKEN)
    for name, value in changes.items():
        setattr(sitting, name, value)
