"""The one writer of a request's status, and of its version: asks the road, writes, tells the journal and the letters."""

import datetime as dt
from collections.abc import Set
from typing import Any

from ...models import Correction, User
from ...procedure.refusal import Refusal
from ...procedure.road import Move, has_road, road
from ...procedure.shape import AnyRole
from ...procedure.terms import Dated, Deadline, terms
from ...procedure.words import CaseRole
from ...procedure.working_days import Calendar
from .. import fields, journal, versions
from ..cases.calendar import office_calendar
from ..dates import day_of
from . import letters

RECORD = "correction"
OVERTAKEN = "Запрос уже изменён другим сотрудником или в другом окне. Посмотрите, что изменилось, и, если нужно, повторите."
# Whoever found an error needs no account; what they may do the road gives the teacher.
ASKING: frozenset[AnyRole] = frozenset({CaseRole.TEACHER})
# What each event is kept in.
DAYS = {"received": "received_on", "registered": "registered_on", "closed": "closed_on"}


def taken(edition: str) -> bool:
    """Whether this procedure says how orders are corrected: the oblast's letter does not."""
    return has_road(RECORD, edition)


def as_seen(correction: Correction, version: int | None) -> Correction:
    """The request, if it is still the version that the person's screen showed; Refusal if somebody was quicker."""
    if correction.version != version:
        raise Refusal(OVERTAKEN)
    return correction


def make(
    correction: Correction,
    verb: str,
    *,
    by: User | None,
    on: dt.datetime,
    roles: Set[AnyRole] | None = None,
    reason: str = "",
    **changes: Any,
) -> Correction:
    """Make a move with these changes of columns. `roles`: what the person is, if not what their account says."""
    whole, status = road(RECORD, correction.edition), correction.status
    held = roles if roles is not None else by.role_set() if by and by.active else frozenset()
    with versions.whole(correction):
        proposed = Correction(**{**correction.__data__, **changes})
        move = whole.check(verb, status, held, proposed.observe(), reason)
        kept = {"reason": fields.line(Correction.reason, reason, required=move.reason)} if reason or move.reason else {}
        return _made(correction, move, by, on, {**changes, **kept})


def follow(correction: Correction, cause: str, *, by: User | None, on: dt.datetime) -> Correction:
    """Make the move that a move of another road brings with it; call inside its transaction."""
    with versions.whole(correction):
        move = road(RECORD, correction.edition).following(cause, correction.status, correction.observe())
        return _made(correction, move, by, on, {})


def deadlines(correction: Correction, today: dt.date, calendar: Calendar) -> tuple[Deadline, ...]:
    """The terms that run today."""
    days = ((event, getattr(correction, column)) for event, column in DAYS.items())
    dates = [Dated(event, day) for event, day in days if day]
    return terms(correction.edition, RECORD).running(correction.status, None, dates, today, calendar)


def refresh_open(today: dt.date) -> int:
    """Write anew the last days that a corrected calendar has changed; gives in how many requests it has."""
    calendar, changed = office_calendar(), 0
    for correction in Correction.select().where(Correction.due_on.is_null(False)):
        due = deadlines(correction, today, calendar)[0].act_by
        if due != correction.due_on:
            same = Correction.id == correction.id, Correction.version == correction.version
            changed += Correction.update(due_on=due).where(*same).execute()
    return changed


def note(correction: Correction, verb: str, *, by: User | None, on: dt.datetime, details: str = "") -> None:
    """Tell the journal what was done."""
    journal.write(by=by, on=on, verb=journal.correction_verb(verb), subject=RECORD, subject_id=correction.id, details=details)


def _made(correction: Correction, move: Move, by: User | None, on: dt.datetime, changes: dict[str, Any]) -> Correction:
    today = day_of(on)
    marked = {DAYS[event]: today for event in move.marks if event != "received"}
    written = {"status": move.leads_from(correction.status), **changes, **marked}
    running = deadlines(Correction(**{**correction.__data__, **written}), today, office_calendar())
    written["due_on"] = running[0].act_by if running else None
    versions.hold(correction, OVERTAKEN, **written)
    for letter in move.letters:
        letters.post(correction, letter, ends=running[0].ends if running else None, on=on)
    note(correction, move.verb, by=by, on=on)
    return correction
