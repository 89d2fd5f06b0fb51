"""The one writer of a case's status, and of its version: asks the road, writes, tells the journal, the letters and the duties.

An act takes the application as the person saw it, `hold`s it, writes what it has to write and makes the move, all in one
transaction: if anything is refused, nothing of it has happened.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from peewee import CharField, Expression

from ...models import Application, CaseEvent, CheckMark, Slot, User, locked
from ...procedure.refusal import Refusal
from ...procedure.road import Move, road
from .. import fields, journal, versions
from ..dates import day_of
from ..letters import outbox
from . import duties, outgoing
from .facts import observe
from .people import roles_in

OVERTAKEN = "Заявление уже изменено другим человеком или в другом окне. Посмотрите, что изменилось, и, если нужно, повторите."
REASON = CharField(300, verbose_name="Причина")
SUBJECT = "application"
# An electronic folder that is there when the application comes in has come in with it.
COMES_ALONG = "portfolio_way_chosen"
# Columns that a move empties, so that somebody names them anew.
DROPS: dict[str, dict[str, Any]] = {
    "move_sitting": {"sitting": None},
    "reopen_decision": {"decision": "", "minutes_number": "", "minutes_on": None},
}


def move_of(application: Application, verb: str) -> Move:
    """The move of this verb on the road of the case; KeyError if its road has none."""
    return road("application", application.edition).move(verb)


def open_moves(application: Application, user: User | None, today: dt.date) -> tuple[Move, ...]:
    """What this person may try in the case now, whether or not everything needed is there."""
    roles = roles_in(application, user, today)
    return road("application", application.edition).open_moves(application.status, roles)


def allow(application: Application, verb: str, *, by: User, on: dt.datetime) -> Move:
    """The move, if this person may try it now: role and status fit, and the case is still as the person saw it.

    Acts that write before they move ask this first, in their transaction: until its end nobody else changes the case.
    """
    found = _fitting(application, verb, by, on)
    lock(application)
    return found


def lock(application: Application) -> None:
    """Keep the case as it is until the transaction ends; Refusal if it is no longer as the person saw it."""
    versions.lock(application, OVERTAKEN)


def _fitting(application: Application, verb: str, by: User, on: dt.datetime) -> Move:
    if application.merged_into_id:
        raise Refusal(f"Заявление объединено с заявлением {application.merged_into}: откройте его.")
    found = move_of(application, verb)
    needs = frozenset(found.needs)
    reason = "есть" if found.reason else ""
    roles = roles_in(application, by, day_of(on))
    return road("application", application.edition).check(verb, application.status, roles, needs, reason)


def hold(application: Application, *, on: dt.datetime, **changes: Any) -> None:
    """Write these columns and take the next version, if the case is still as the person saw it; Refusal if not."""
    versions.hold(application, OVERTAKEN, changed_at=on, **changes)


def as_seen(application: Application, version: int | None) -> Application:
    """The case, if it is still the version that the person's screen showed; Refusal if somebody was quicker."""
    if application.version != version:
        raise Refusal(OVERTAKEN)
    return application


def make(
    application: Application,
    verb: str,
    *,
    by: User,
    on: dt.datetime,
    reason: str = "",
    details: str = "",
    days: Mapping[str, dt.date] | None = None,
    figures: Mapping[str, str] | None = None,
    **changes: Any,
) -> Application:
    """Make a move or a deed with these changes of columns. Refusal leaves everything as it was.

    `days`: days of events other than today (a postmark); `figures`: placeholders of letters that the record does not tell.
    """
    with versions.whole(application):
        return _made(application, verb, by, on, reason, details, days or {}, figures or {}, changes)


def follow(
    application: Application,
    cause: str,
    *,
    by: User,
    on: dt.datetime,
    details: str = "",
    figures: Mapping[str, str] | None = None,
    **changes: Any,
) -> Application:
    """Make the move that a move of another road brings with it (`sitting.close`), with these changes of columns.

    Call inside the transaction of that move. Refusal when the case is not where the move begins, or its facts are missing.
    """
    refused = follow_all([application], cause, by=by, on=on, details=details, figures=figures, **changes)
    for refusal in refused.values():
        raise refusal
    return application


def follow_all(
    applications: Sequence[Application],
    cause: str,
    *,
    by: User,
    on: dt.datetime,
    details: str = "",
    figures: Mapping[str, str] | None = None,
    days: Mapping[str, dt.date] | None = None,
    **changes: Any,
) -> dict[int, Refusal]:
    """The same in some hundreds of cases at once, in as many queries as in one; all get the same changes and figures.

    Gives the refusals by the ids of the cases in which nothing was done: the others do not suffer from them.
    """
    refused: dict[int, Refusal] = {}
    alike: dict[tuple[Move, str], list[Application]] = {}
    with versions.whole(*applications):
        unchanged = _lock_all(applications)
        for application in applications:
            status = application.status
            try:
                move = _following(application, cause, application.id in unchanged, on, changes)
            except Refusal as refusal:
                refused[application.id] = refusal
            else:
                alike.setdefault((move, status), []).append(application)
        for (move, _status), cases in alike.items():
            _write(cases, version=Application.version + 1, changed_at=on, **changes)
            for application in cases:
                application.version += 1
            _done(cases, move, by, on, details, days or {}, figures or {}, frozenset())
    return refused


def _lock_all(applications: Sequence[Application]) -> set[int]:
    """Keep these cases as they are until the transaction ends; the ids of those that are still as they are in hand."""
    columns = Application.select(Application.id, Application.version, Application.status)
    rows = locked(columns.where(Application.id.in_(_ids(applications))).order_by(Application.id))
    now = {id: (version, status) for id, version, status in rows.tuples()}
    return {case.id for case in applications if now.get(case.id) == (case.version, case.status)}


def _following(application: Application, cause: str, unchanged: bool, on: dt.datetime, changes: Mapping[str, Any]) -> Move:
    """The move that follows in this case, which takes the changes on; Refusal leaves it as it was."""
    if not unchanged:
        raise Refusal(OVERTAKEN)
    whole = road("application", application.edition)
    needs = frozenset(need for move in whole.moves if move.follows == cause for need in move.needs)
    with versions.restored(application):
        for name, value in changes.items():
            setattr(application, name, value)
        return whole.following(cause, application.status, observe(application, day_of(on), needs))


def _made(
    application: Application,
    verb: str,
    by: User,
    on: dt.datetime,
    reason: str,
    details: str,
    days: Mapping[str, dt.date],
    figures: Mapping[str, str],
    changes: Mapping[str, Any],
) -> Application:
    today = day_of(on)
    status = application.status
    move = _fitting(application, verb, by, on)
    # Whether the season is open is asked of the day of filing, not of the day on which a letter came.
    filed = {"filed_on": days.get("filed", today)} if "filed" in move.marks else {}
    hold(application, on=on, **changes, **filed)
    facts = observe(application, today, {*move.needs, COMES_ALONG} if "received" in move.marks else frozenset(move.needs))
    # The role is known to fit by now.
    road("application", application.edition).check(verb, status, move.roles, facts, reason)
    reason = fields.line(REASON, reason, required=move.reason)
    told = {**({"reason": reason} if reason else {}), **figures}
    _done([application], move, by, on, "; ".join(filter(None, (details, reason))), days, told, facts)
    return application


def _done(
    applications: Sequence[Application],
    move: Move,
    by: User,
    on: dt.datetime,
    details: str,
    days: Mapping[str, dt.date],
    figures: Mapping[str, str],
    facts: frozenset[str],
) -> None:
    """What every move does, once it is known that it may be made in these held cases, which stand in the same status."""
    today, first = day_of(on), applications[0]
    whole = road("application", first.edition)
    for name in move.marks:
        _mark(applications, name, days.get(name, today))
    _write(applications, status=move.leads_from(first.status))
    for letter in move.letters:
        outbox.post_all(applications, letter, on=on, figures=figures)
    outgoing.ask(applications, move, on)
    # What a move brings with it, whichever screen makes it, comes after the letters, which may still tell what is dropped.
    if "received" in move.marks and COMES_ALONG in facts and first.portfolio_way == "electronic":
        _mark(applications, "portfolio_received", days.get("received", today))
    if move.target == whole.states[0].name:
        # What was checked may have been mended since: it is checked again.
        CheckMark.delete().where(CheckMark.application.in_(_ids(applications))).execute()
    if whole.status(first.status).final:
        _write(applications, closed_on=today)
        # Nobody will bring a folder any more: the hour is free for others.
        ahead = Slot.application.in_(_ids(applications)), Slot.starts_at > on
        Slot.update(application=None, booked_at=None).where(*ahead).execute()
    if dropped := DROPS.get(move.verb):
        _write(applications, **dropped)
    duties.refresh_all(applications, today)
    verb = journal.case_verb(move.verb)
    journal.write_all(by=by, on=on, verb=verb, subject=SUBJECT, subject_ids=_ids(applications), details=details)


def mark(application: Application, event: str, day: dt.date) -> None:
    """The day of an event, in place of an earlier one."""
    _mark([application], event, day)


def _mark(applications: Sequence[Application], event: str, day: dt.date) -> None:
    rows = [{"application": id, "name": event, "day": day} for id in _ids(applications)]
    CaseEvent.insert_many(rows).on_conflict(
        conflict_target=[CaseEvent.application, CaseEvent.name], update={CaseEvent.day: day}
    ).execute()


def note(application: Application, verb: str, *, by: User | None, on: dt.datetime, details: str = "") -> None:
    """Tell the journal what was done in the case."""
    journal.write(by=by, on=on, verb=journal.case_verb(verb), subject=SUBJECT, subject_id=application.id, details=details)


def _write(applications: Sequence[Application], **changes: Any) -> None:
    """Columns of cases that are held."""
    Application.update(changes).where(Application.id.in_(_ids(applications))).execute()
    for application in applications:
        for name, value in changes.items():
            if not isinstance(value, Expression):
                setattr(application, name, value)


def _ids(applications: Sequence[Application]) -> list[int]:
    return [application.id for application in applications]
