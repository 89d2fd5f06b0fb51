"""A sitting from its opening to its close: the agenda gets its numbers, decisions become minutes, cases go on.

Closing writes a version of the minutes; what is found wrong afterwards is put right by opening them again for a reason, and the
next version says why. Where no order follows (the oblast), decisions are announced when the minutes are signed.
"""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from peewee import Case as Choose

from ....models import Application, Commission, Hearing, Job, Minutes, Recusal, Sitting, User, database, locked
from ....procedure.refusal import Refusal
from ....procedure.road import road
from ....procedure.words import Decision
from ....site import fields, jobs
from ....site.cases import conflicts
from ....site.cases import moves as case_moves
from ....site.dates import day_of
from . import moves
from .agenda import agenda
from .minutes import JOB, told
from .proceedings import Case, Proceedings, own
from .voting import of_cases

# What the road of a sitting calls these.
OPEN, RELEASE = "open", "release"
TAKE_OFF = "move_sitting"


# --- Opening ----------------------------------------------------------------------------------------------------------------


def open_session(sitting: Sitting, *, by: User, on: dt.datetime) -> Sitting:
    """Open the sitting: cases get their numbers. Those that need a word of their own stand apart from the vote for all at once:
    where conclusions are missing or differ, where something speaks against a member. Nobody votes in their own case; of a
    namesake without an account that is presumed, and the secretary may end the recusal."""
    with database.atomic():
        # The composition is frozen from now on.
        list(locked(Commission.select(Commission.id).where(Commission.id == sitting.commission_id)))
        moves.make(sitting, OPEN, by=by, on=on, opened_at=on)
        lines = agenda(sitting, day_of(on)).lines
        _number([line.hearing.id for line in lines])
        whole = Proceedings.of(sitting, on)
        suspected = {line.hearing.id for line in lines if line.against}
        apart = [case.hearing.id for case in whole.cases if case.proposed is None or case.hearing.id in suspected]
        Hearing.update(roll_call=True, version=Hearing.version + 1).where(Hearing.id.in_(apart)).execute()
        _recuse(whole, day_of(on))
    return sitting


def _number(hearing_ids: Sequence[int]) -> None:
    """Give the lines of the agenda their numbers, from one."""
    numbers = Choose(Hearing.id, [(id, number) for number, id in enumerate(hearing_ids, 1)])
    Hearing.update(number=numbers).where(Hearing.id.in_(list(hearing_ids))).execute()


def _recuse(whole: Proceedings, today: dt.date) -> None:
    hearings = {case.application.id: case.hearing.id for case in whole.cases}
    same = {
        (case.application.id, member.id): conflicts.NAMESAKE
        for case in whole.cases
        for member in whole.members
        if conflicts.namesakes(case.application, member)
    }
    found = same | own(whole.members, [case.application for case in whole.cases], today)
    rows = [{"hearing": hearings[case], "member": member, "reason": reason} for (case, member), reason in found.items()]
    if rows:
        Recusal.insert_many(rows).execute()


# --- Closing ----------------------------------------------------------------------------------------------------------------


def close_session(sitting: Sitting, number: str, *, by: User, on: dt.datetime) -> Minutes:
    """Close the sitting: its minutes are drawn up and printed by the worker, the cases go on as their road says.

    Refusal says in sentences what is missing: a quorum in which cases, who presides.
    """
    named = fields.line(Sitting.minutes_number, number)
    with database.atomic():
        whole = Proceedings.of(sitting, on)
        if lacking := unfinished(whole):
            raise Refusal(" ".join(lacking), moves.move_of(sitting, moves.CLOSE).clause)
        _require_number(sitting, named)
        # The members parted when it was closed first: what is put right later does not prolong the sitting.
        moves.make(sitting, moves.CLOSE, by=by, on=on, minutes_number=named, closed_at=sitting.closed_at or on)
        version = sitting.minutes.count() + 1
        minutes: Minutes = Minutes.create(
            sitting=sitting,
            number=version,
            reason=sitting.reason if version > 1 else "",
            told=told(whole, by),
            made_at=on,
            made_by=by,
        )
        jobs.queue(JOB, minutes.id)
        held = _held(whole)
        for case in held:
            if case.hearing.put_off:
                case_moves.make(case.application, TAKE_OFF, by=by, on=on, reason=case.hearing.motive)
        _follow(held, moves.CLOSE, sitting, by, on)
    return minutes


def unfinished(whole: Proceedings) -> list[str]:
    """What keeps the sitting from being closed besides the number of the minutes, as sentences."""
    found = [] if whole.sitting.presiding_id else ["Не указано, кто председательствует."]
    waiting = [case for case in whole.cases if case.here and not case.settled]
    if silent := [case for case in waiting if not case.votes]:
        found.append(f"Не голосовали: {of_cases(silent)}.")
    for voted in sorted({case.tally.voted for case in waiting if case.votes}):
        short = [case for case in waiting if case.tally.voted == voted]
        found.append(f"Нет кворума: {of_cases(short)} – голосовало {voted}, нужно {whole.needed}.")
    if found and waiting:
        found.append("Проголосуйте или отложите эти дела с указанием причины.")
    return found


def _require_number(sitting: Sitting, number: str) -> None:
    """Refusal for a number that the minutes of another sitting of the year have."""
    first, last = dt.date(sitting.held_on.year, 1, 1), dt.date(sitting.held_on.year, 12, 31)
    same = Sitting.select().where(Sitting.edition == sitting.edition, Sitting.minutes_number != "", Sitting.id != sitting.id)
    for other in same.where(Sitting.held_on.between(first, last)):
        if fields.folded(other.minutes_number) == fields.folded(number):
            raise Refusal(f"Протокол № {number} в {sitting.held_on.year} году уже есть: у заседания {other}. Проверьте номер.")


# --- After it ---------------------------------------------------------------------------------------------------------------


def reopen(sitting: Sitting, reason: str, *, by: User, on: dt.datetime) -> Sitting:
    """Open the minutes again for a reason, while nothing has been issued on them; the version that is there stays readable."""
    with database.atomic():
        moves.make(sitting, moves.REOPEN, by=by, on=on, reason=reason)
        said = fields.line(moves.REASON, reason)
        Sitting.update(reason=said).where(Sitting.id == sitting.id).execute()
        sitting.reason = said
        decided = [case.application for case in Proceedings.of(sitting, on).cases if case.decision]
        _go_on(decided, moves.REOPEN, by, on, details=said)
    return sitting


def release(sitting: Sitting, *, by: User, on: dt.datetime) -> int:
    """Announce the decisions: only now do letters leave; gives how many cases."""
    with database.atomic():
        moves.make(sitting, RELEASE, by=by, on=on)
        cases = [case for case in _held(Proceedings.of(sitting, on)) if case.decision]
        _follow(cases, RELEASE, sitting, by, on)
    return len(cases)


def _held(whole: Proceedings) -> list[Case]:
    """The cases still before this sitting, as they are now: nobody else changes them until the transaction ends."""
    here = [case for case in whole.cases if case.here]
    asked = Application.select().where(Application.id.in_([case.application.id for case in here])).order_by(Application.id)
    held = {application.id: application for application in locked(asked)}
    for case in here:
        case.hearing.application = held[case.application.id]
    return here


def _follow(cases: Iterable[Case], verb: str, sitting: Sitting, by: User, on: dt.datetime) -> None:
    """The decided ones of these cases go on, with decision and minutes, as their road says."""
    minuted = {"minutes_number": sitting.minutes_number, "minutes_on": sitting.held_on}
    for decision in Decision:
        decided = [case.application for case in cases if case.decision is decision]
        _go_on(decided, verb, by, on, decision=decision.value, **minuted)


def _go_on(applications: Iterable[Application], verb: str, by: User, on: dt.datetime, **told: Any) -> None:
    """What follows in these cases, where anything does. Refusal of the first that cannot follow: then nothing has happened."""
    going = [one for one in applications if _follows(one, verb)]
    refused = case_moves.follow_all(going, f"{moves.SUBJECT}.{verb}", by=by, on=on, **told) if going else {}
    for id, refusal in refused.items():
        named = next(one for one in going if one.id == id)
        raise Refusal(f"Заявление {named}: {refusal.sentence}", refusal.clause)


def _follows(application: Application, verb: str) -> bool:
    """Whether anything happens to the case with this move of the sitting."""
    cause = f"{moves.SUBJECT}.{verb}"
    whole = road("application", application.edition)
    return any(move.follows == cause and application.status in move.sources for move in whole.moves)


# --- The file ---------------------------------------------------------------------------------------------------------------


def request_minutes(minutes: Minutes, *, by: User, on: dt.datetime) -> None:
    """Have the file of the minutes made again, after it failed."""
    with database.atomic():
        # The write locks the version: of two clicks the second sees the job of the first.
        waiting = Minutes.update(made_at=Minutes.made_at).where(Minutes.id == minutes.id, Minutes.pdf_sha256.is_null())
        if not waiting.execute():
            raise Refusal("Протокол уже изготовлен: обновите страницу.")
        job = Job.latest(JOB, minutes.id)
        if job and job.state in {"queued", "running"}:
            raise Refusal("Протокол уже изготавливается: подождите, страница покажет ход работы.")
        jobs.queue(JOB, minutes.id)
        moves.note(minutes.sitting, "request_minutes", by=by, on=on, details=f"версия {minutes.number}")
