"""Giving a case to experts: the first time, in place of others, in spite of a conflict that the chair allows.

Which seats a move fills says the road (`site/cases/workload.py`): one main and two additional experts in the oblast, one
expert and then a second one in the city. All of it is one transaction; if anything is refused, nobody has been seated.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from peewee import IntegrityError

from ....models import Application, ConflictPermit, Expert, Review, User, database
from ....procedure.refusal import Refusal
from ....procedure.road import Move, road
from ....procedure.words import CaseRole
from ....site import fields
from ....site.cases import moves
from ....site.cases.facts import observe
from ....site.cases.people import represents
from ....site.cases.workload import SETTLED, assigning, seats
from ....site.dates import day_of
from . import candidates
from .candidates import Candidate

REVIEW_DAY = "review_day"
# Moves by which the chair lets an expert stay, and the seat of which they speak first of all.
ALLOW = "allow_conflict"
PERMITS = {ALLOW: CaseRole.MAIN_EXPERT, "allow_second_conflict": CaseRole.SECOND_EXPERT}

Seated = Mapping[CaseRole, Sequence[int]]


def assigning_move(application: Application, user: User | None, today: dt.date) -> Move | None:
    """The move by which this person may seat experts in the case now, at first or in place of others."""
    known = assigning(application.edition)
    return next((move for move in moves.open_moves(application, user, today) if move in known), None)


def permitting_move(application: Application, user: User | None, today: dt.date) -> Move | None:
    """The move by which this person may let an expert stay in the case in spite of a conflict."""
    return next((move for move in moves.open_moves(application, user, today) if move.verb in PERMITS), None)


def missing(application: Application, move: Move, today: dt.date) -> tuple[str, ...]:
    """What must become true before anybody can be seated by this move, as sentences."""
    others = frozenset(move.needs) - SETTLED
    known = observe(application, today, others) if others else frozenset()
    return road("application", application.edition).missing(move, known | SETTLED)


def seated(application: Application) -> dict[CaseRole, list[int]]:
    """Accounts of the experts who judge the case now, by their seats; one query."""
    found: dict[CaseRole, list[int]] = {}
    for review in Review.select().where(Review.application == application, Review.ended_at.is_null()).order_by(Review.id):
        found.setdefault(CaseRole(review.role), []).append(review.expert_id)
    return found


def assign(
    application: Application,
    verb: str,
    experts: Seated,
    *,
    review_day: dt.date | None = None,
    reason: str = "",
    by: User,
    on: dt.datetime,
) -> Application:
    """Seat these experts by account. Who had a seat and is not named loses it, and with it all access to the case.

    `review_day` for a move that sets it, `reason` for one that replaces. Experts who keep their seat keep their work.
    """
    today = day_of(on)
    wanted = seats(application.edition, verb)
    columns: dict[str, Any] = {REVIEW_DAY: review_day} if REVIEW_DAY in moves.move_of(application, verb).sets else {}
    try:
        with database.atomic():
            moves.allow(application, verb, by=by, on=on)
            if columns:
                _day(review_day, today)
            _able(application, wanted, experts, review_day or today, today)
            told = _seat(application, wanted, experts, on)
            moves.make(application, verb, by=by, on=on, reason=reason, details=told, **columns)
    except IntegrityError:
        # Two who seat experts at the same moment: the table lets one of them have each seat.
        raise Refusal(moves.OVERTAKEN) from None
    return application


def allow_conflict(application: Application, expert: Expert, *, reason: str, by: User, on: dt.datetime) -> Application:
    """The chair lets this expert judge the case in spite of a conflict, and says why (no source has such a rule)."""
    today = day_of(on)
    open_now = permitting_move(application, by, today)
    move = moves.allow(application, open_now.verb if open_now else ALLOW, by=by, on=on)
    why = fields.line(ConflictPermit.reason, reason)
    _in_conflict(application, expert, PERMITS[move.verb], today)
    try:
        with database.atomic():
            ConflictPermit.create(application=application, expert=expert.user_id, by=by, reason=why, at=on)
            moves.make(application, move.verb, by=by, on=on, reason=why, details=expert.user.full_name)
    except IntegrityError:
        raise Refusal("Решение об этом эксперте по этому заявлению уже записано.") from None
    return application


# --- Inside -----------------------------------------------------------------------------------------------------------------


def _day(review_day: dt.date | None, today: dt.date) -> None:
    if review_day is None:
        raise Refusal("Назначьте дату экспертизы.")
    if review_day < today:
        raise Refusal("Дата экспертизы уже прошла: назначьте другую.")
    fields.soon(review_day, today)


def _in_conflict(application: Application, expert: Expert, role: CaseRole, today: dt.date) -> None:
    """Refusal if there is nothing for the chair to decide: no conflict, or one that nobody may allow."""
    if expert.user_id == application.applicant_id:
        raise Refusal("Это сам педагог: своё заявление не оценивает никто.")
    known = candidates.dossiers(Expert.select().where(Expert.id == expert.id, Expert.active))
    if not any(one.conflicts for one in candidates.candidates(application, known, role=role, day=today, today=today)):
        raise Refusal("Признаков конфликта интересов у этого эксперта нет: разрешение не нужно.")


def _able(application: Application, wanted: Mapping[CaseRole, int], experts: Seated, day: dt.date, today: dt.date) -> None:
    """Refusal that names each expert who cannot be seated and says why. Less is asked of who keeps a seat: they are at work."""
    chosen = [user_id for role in wanted for user_id in experts.get(role, ())]
    if len(set(chosen)) < len(chosen):
        raise Refusal("Один и тот же эксперт выбран дважды: на каждое место нужен свой.")
    for role, count in wanted.items():
        if len(experts.get(role, ())) != count:
            raise Refusal(f"Выбрано не столько экспертов, сколько нужно: {role.label} – {count}.")
    known = candidates.dossiers(Expert.select().where(Expert.user.in_(chosen)))
    if len(known) < len(chosen):
        raise Refusal("Среди выбранных есть тот, кого нет в банке экспертов: обновите страницу.")
    permitted, judged, now = candidates.permitted_in(application), candidates.judged_first(application), seated(application)
    troubles = []
    for role in wanted:
        seen = candidates.candidates(application, known, role=role, day=day, today=today, permitted=permitted, strangers=judged)
        for one in seen:
            trouble = _trouble(application, one, now.get(role, ()), today) if one.user_id in experts[role] else ()
            troubles += [f"{one.name}: {', '.join(trouble)}"] if trouble else []
    if troubles:
        raise Refusal(f"Этих экспертов назначить нельзя. {'; '.join(troubles)}.")


def _trouble(application: Application, candidate: Candidate, keep: Iterable[int], today: dt.date) -> tuple[str, ...]:
    if represents(application, candidate.expert.user, today):
        return ("представляет педагога по доверенности",)
    # A leave that comes while the work is going on takes nobody's seat away.
    bars = candidate.bars if candidate.user_id in keep else (*candidate.bars, *candidate.away)
    if bars or candidate.permitted or not candidate.conflicts:
        return bars
    return (*candidate.conflicts, "оставить такого эксперта может только председатель комиссии")


def _seat(application: Application, wanted: Mapping[CaseRole, int], experts: Seated, on: dt.datetime) -> str:
    """End the seats of those who are not named, give theirs to the new ones; what was done, for the journal."""
    now, told = seated(application), []
    for role in wanted:
        gone = [user_id for user_id in now.get(role, ()) if user_id not in experts[role]]
        ended = Review.application == application, Review.role == role, Review.ended_at.is_null(), Review.expert.in_(gone)
        Review.update(ended_at=on, version=Review.version + 1).where(*ended).execute()
    for role in wanted:
        new = [user_id for user_id in experts[role] if user_id not in now.get(role, ())]
        for user_id in new:
            Review.create(application=application, role=role, expert=user_id, assigned_at=on)
        if new:
            names = User.select(User.full_name).where(User.id.in_(new)).order_by(User.full_name, User.id)
            told.append(f"{role.label}: {', '.join(user.full_name for user in names)}")
    return "; ".join(told)
