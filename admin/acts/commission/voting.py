"""The open voting (3.4.2, 3.4.4): for all cases at once where nobody objects, one by one where somebody does.

A vote is for or against establishing the category: to agree with a negative conclusion is to vote against. Every act writes
to the database at once; a case is held by its own version, the vote for all at once by that of the sitting.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from peewee import chunked

from ....models import Hearing, Member, Recusal, Sitting, User, Vote, database
from ....procedure.refusal import Refusal
from ....procedure.words import Choice, Decision
from ....site import fields, journal
from ....site.cases import moves as case_moves
from ....site.dates import day_of
from ....site.figures import spans
from . import moves
from .proceedings import CHOICES, Case, Proceedings, own

OVERTAKEN = "По этому делу уже что-то записали в другом окне. Посмотрите, что изменилось, и, если нужно, повторите."
CLAUSE = "3.4.2"
LONGEST_MOTIVE = 4000
AT_ONCE = 500
# What the journal calls what is recorded of one case here.
RECORDED = tuple(journal.case_verb(verb) for verb in ("vote", "put_off", "take_up", "recuse", "end_recusal"))


# --- All at once ------------------------------------------------------------------------------------------------------------


def agree(sitting: Sitting, decision: Decision, *, by: User, on: dt.datetime) -> int:
    """Everybody present agrees with the conclusions that lead to this decision, in every case not pulled out; gives how many.

    Refusal without a quorum, in the room or in one of the cases for recusals.
    """
    with database.atomic():
        moves.take_as_seen(sitting, by=by)
        whole = Proceedings.of(sitting, on)
        cases = whole.consent(decision)
        if not cases:
            raise Refusal("В общем списке таких дел нет: все они уже рассмотрены или вынесены на поимённое голосование.")
        if not whole.quorate:
            raise Refusal(no_quorum(len(whole.present), whole.needed), CLAUSE)
        voters = {case.hearing.id: [member for member in whole.present if member not in case.recused] for case in cases}
        if short := [case for case in cases if len(voters[case.hearing.id]) < whole.needed]:
            raise Refusal(
                f"Из-за самоотводов нет кворума: {of_cases(short)}. Вынесите на поимённое голосование или отложите.", CLAUSE
            )
        choice = CHOICES[decision].value
        rows = [{"hearing": id, "member": member, "choice": choice} for id, voting in voters.items() for member in voting]
        Vote.delete().where(Vote.hearing.in_(list(voters))).execute()
        for part in chunked(rows, AT_ONCE):
            Vote.insert_many(list(part)).execute()
        decided = {"decision": decision.value, "decided_at": on, "motive": "", "version": Hearing.version + 1}
        Hearing.update(decided).where(Hearing.id.in_(list(voters))).execute()
        moves.note(sitting, "agree", by=by, on=on, details=f"{of_cases(cases)}; голосовали {len(whole.present)}")
    return len(cases)


# --- One by one -------------------------------------------------------------------------------------------------------------


def pull_out(hearing: Hearing, *, by: User, on: dt.datetime) -> Hearing:
    """Take a case out of the vote for all at once."""
    return _sort(hearing, "pull_out", True, by, on)


def put_back(hearing: Hearing, *, by: User, on: dt.datetime) -> Hearing:
    """Put a case back into the vote for all at once."""
    return _sort(hearing, "put_back", False, by, on)


def vote(hearing: Hearing, choices: Mapping[int, Choice], *, motive: str = "", by: User, on: dt.datetime) -> Hearing:
    """Record how members voted on a case (member → choice), in place of what was recorded; without votes the decision is gone.

    Members who are in the room or have voted on it already; nobody recused. The motive is needed when the decision is not the
    one of the conclusion. Without a quorum the votes stand, and nothing is decided.
    """
    said = _motive(motive, required=False)
    with database.atomic():
        case, whole = _take(hearing, by, on)
        names = {member.id: member.full_name for member in whole.members}
        for member in choices:
            if member in case.recused:
                raise Refusal(f"{names[member]}: самоотвод, в голосовании по этому делу не участвует.")
            if member not in case.eligible(whole.present):
                raise Refusal(f"{names.get(member, 'Этот человек')}: сейчас не в зале, голос записать нельзя.", CLAUSE)
        votes_for = sum(choice is Choice.FOR for choice in choices.values())
        tally = whole.rules.tally(len(whole.members), votes_for, len(choices) - votes_for)
        if tally.decision and tally.decision is not case.proposed and not said:
            raise Refusal(
                "Решение расходится с заключением эксперта: запишите мотивы."
                if case.proposed
                else "Заключения нет или заключения двух экспертов расходятся: запишите мотивы решения.",
                "3.4.4",
            )
        Vote.delete().where(Vote.hearing == hearing).execute()
        if choices:
            rows = [{"hearing": hearing.id, "member": member, "choice": choice.value} for member, choice in choices.items()]
            Vote.insert_many(rows).execute()
        decided = tally.decision.value if tally.decision else ""
        values = {"decision": decided, "decided_at": on if decided else None, "motive": said, "put_off": False}
        _hold(hearing, **values, roll_call=True)
        told = f"дело {hearing.number}. {_changes(names, case.votes, choices)}"
        case_moves.note(case.application, "vote", by=by, on=on, details=told)
    return hearing


def put_off(hearing: Hearing, motive: str, *, by: User, on: dt.datetime) -> Hearing:
    """Hear a case without deciding it, and say why; it is taken off the agenda when the sitting closes."""
    said = fields.line(moves.REASON, motive)
    with database.atomic():
        case, _ = _take(hearing, by, on)
        Vote.delete().where(Vote.hearing == hearing).execute()
        _hold(hearing, decision="", decided_at=None, put_off=True, motive=said)
        case_moves.note(case.application, "put_off", by=by, on=on, details=said)
    return hearing


def take_up(hearing: Hearing, *, by: User, on: dt.datetime) -> Hearing:
    """Take a case that was put off up again, at the same sitting."""
    with database.atomic():
        case, _ = _take(hearing, by, on)
        if not hearing.put_off:
            raise Refusal("Это дело не отложено.")
        _hold(hearing, put_off=False, motive="")
        case_moves.note(case.application, "take_up", by=by, on=on)
    return hearing


def recuse(hearing: Hearing, member: Member, reason: str, *, by: User, on: dt.datetime) -> Recusal:
    """A member takes no part in the vote on a case, and says why. The quorum is of the whole composition all the same."""
    said = fields.line(Recusal.reason, reason)
    with database.atomic():
        case, whole = _take(hearing, by, on)
        if member.id not in whole.by_id:
            raise Refusal("Этот человек не входит в состав комиссии, которым проводится заседание.")
        if member.id in case.recused:
            raise Refusal(f"{member.full_name}: самоотвод уже записан.")
        if member.id in case.votes:
            raise Refusal(f"{member.full_name}: голос по этому делу уже записан. Сначала отметьте «не голосовал».")
        made: Recusal = Recusal.create(hearing=hearing, member=member, reason=said)
        _hold(hearing)
        case_moves.note(case.application, "recuse", by=by, on=on, details=f"{member.full_name}: {said}")
    return made


def end_recusal(hearing: Hearing, member: Member, *, by: User, on: dt.datetime) -> None:
    """Take a recusal back; not in the member's own case."""
    with database.atomic():
        case, whole = _take(hearing, by, on)
        if own([one for one in whole.members if one.id == member.id], [case.application], day_of(on)):
            raise Refusal(f"{member.full_name} – сторона этого дела: голосовать по нему не может.")
        if not Recusal.delete().where(Recusal.hearing == hearing, Recusal.member == member).execute():
            raise Refusal(f"{member.full_name}: самоотвода нет.")
        _hold(hearing)
        case_moves.note(case.application, "end_recusal", by=by, on=on, details=member.full_name)


# --- Sentences --------------------------------------------------------------------------------------------------------------


def no_quorum(present: int, needed: int) -> str:
    """Why nothing can be decided."""
    return f"Кворума нет: присутствуют {present}, для решения нужно {needed}."


def of_cases(cases: Iterable[Case]) -> str:
    """«дела 1–3, 7» by their numbers in the agenda."""
    numbers = [case.hearing.number or 0 for case in cases]
    return f"{'дело' if len(numbers) == 1 else 'дела'} {spans(numbers)}"


# --- Inside -----------------------------------------------------------------------------------------------------------------


def as_seen(hearing: Hearing, version: int | None) -> Hearing:
    """The line of the agenda, if it is still the version that the screen showed; Refusal if somebody was quicker."""
    if hearing.version != version:
        raise Refusal(OVERTAKEN)
    return hearing


def _take(hearing: Hearing, by: User, on: dt.datetime) -> tuple[Case, Proceedings]:
    """The case before the open sitting, held until the transaction ends."""
    sitting: Sitting = hearing.sitting
    moves.take(sitting, by=by)
    whole = Proceedings.of(sitting, on, only=[hearing.id])
    case = whole.cases[0]
    if not case.here:
        raise Refusal("Это дело снято с заседания: записать по нему ничего нельзя.")
    return case, whole


def _hold(hearing: Hearing, **changes: Any) -> None:
    """Write these columns and take the next version, if the line is still as the person saw it."""
    written = {**changes, "version": hearing.version + 1}
    if not Hearing.update(written).where(Hearing.id == hearing.id, Hearing.version == hearing.version).execute():
        raise Refusal(OVERTAKEN)
    for name, value in written.items():
        setattr(hearing, name, value)


def _sort(hearing: Hearing, verb: str, roll_call: bool, by: User, on: dt.datetime) -> Hearing:
    with database.atomic():
        case, _ = _take(hearing, by, on)
        if case.settled or case.votes:
            raise Refusal("По этому делу уже голосовали или оно отложено: откройте его, чтобы исправить запись.")
        if not roll_call and case.proposed is None:
            raise Refusal("Заключения нет или заключения двух экспертов расходятся: по делу голосуют отдельно.", "3.4.4")
        _hold(hearing, roll_call=roll_call)
        moves.note(hearing.sitting, verb, by=by, on=on, details=f"дело {hearing.number}")
    return hearing


def _motive(text: str, *, required: bool) -> str:
    said = fields.paragraph(Hearing.motive, text, required=required)
    if len(said) > LONGEST_MOTIVE:
        raise Refusal(f"Мотивы длиннее {LONGEST_MOTIVE} знаков: сократите.")
    return said


def _changes(names: Mapping[int, str], before: Mapping[int, Choice], after: Mapping[int, Choice]) -> str:
    """Who votes how now, and of a correction how it was; for the history of the case."""
    changed = [member for member in names if before.get(member) is not after.get(member)]
    if not before:
        return "; ".join(f"{names[member]}: {after[member].label}" for member in changed)
    words = {member: (_word(before.get(member)), _word(after.get(member))) for member in changed}
    return "; ".join(f"{names[member]}: было {was}, стало {now}" for member, (was, now) in words.items()) or "без изменений"


def _word(choice: Choice | None) -> str:
    return choice.label if choice else "не голосовал"
