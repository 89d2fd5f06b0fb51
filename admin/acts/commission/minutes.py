"""The minutes of a sitting (3.4.2, 3.4.6): what a version says, its frozen file, the marks of signatures."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from ....models import Minutes, MinutesSignature, Sitting, User, database
from ....procedure.refusal import Refusal
from ....procedure.words import Choice, Seat
from ....site.dates import CITY, day_of
from ...access import Permission, require
from . import moves
from .proceedings import Case, Proceedings

JOB = "minutes_pdf"
SIGN = "sign_minutes"
# The seats whose signature is asked for even of those who did not vote.
LEADING = frozenset({Seat.CHAIR, Seat.DEPUTY, Seat.SECRETARY})


# --- What a version says ----------------------------------------------------------------------------------------------------


def told(whole: Proceedings, by: User) -> dict[str, Any]:
    """All that the minutes say, in plain values; members are named by their ids."""
    sitting = whole.sitting
    attended, signers = set(whole.attended), _signers(whole)
    secretary = next((member for member in whole.members if member.seat == Seat.SECRETARY and member.id in attended), None)
    return {
        "edition": sitting.edition,
        "number": sitting.minutes_number,
        "held_on": sitting.held_on.isoformat(),
        "place": sitting.place,
        "opened": _time(sitting.opened_at, sitting),
        "closed": _time(sitting.closed_at, sitting),
        "order": str(sitting.commission),
        "needed": whole.needed,
        "members": [
            {
                "id": member.id,
                "name": member.full_name,
                "position": member.position,
                "organization": member.organization,
                "seat": member.seat,
                "stretches": [[_time(one.arrived_at, sitting), _time(one.left_at, sitting)] for one in whole.stretches(member)],
            }
            for member in whole.members
        ],
        "presiding": sitting.presiding_id,
        "secretary": secretary.full_name if secretary else by.full_name,
        "cases": [_case(case) for case in whole.cases],
        "signers": signers,
    }


def _signers(whole: Proceedings) -> list[int]:
    """Who signs, by role: chair, deputies, secretary if they came, whoever presided, the members who voted (3.4.6)."""
    voted = {member for case in whole.cases for member in case.votes}
    leading = {member.id for member in whole.members if Seat(member.seat) in LEADING and member.id in whole.attended}
    asked = voted | leading | {whole.sitting.presiding_id}
    return [member.id for member in whole.members if member.id in asked]


def _case(case: Case) -> dict[str, Any]:
    application, hearing = case.application, case.hearing
    return {
        "number": hearing.number,
        "application": application.number,
        "person": application.person,
        "position": application.position,
        "organization": application.organization,
        "category": case.category,
        "conclusion": case.outcome.words,
        "came": hearing.came,
        "for": _voted(case.votes, Choice.FOR),
        "against": _voted(case.votes, Choice.AGAINST),
        "recused": [[member, reason] for member, reason in sorted(case.recused.items())],
        "tied": case.tally.tied,
        "roll_call": hearing.roll_call,
        "put_off": hearing.put_off,
        "decision": hearing.decision,
        "motive": hearing.motive,
    }


def _voted(votes: Mapping[int, Choice], choice: Choice) -> list[int]:
    return sorted(member for member, one in votes.items() if one is choice)


def _time(moment: dt.datetime | None, sitting: Sitting) -> str:
    """The time of day; with its date when that is not the day of the sitting."""
    if moment is None:
        return ""
    local = moment.astimezone(CITY)
    return f"{local:%H:%M}" if local.date() == sitting.held_on else f"{local:%d.%m.%Y %H:%M}"


# --- Its file ---------------------------------------------------------------------------------------------------------------


def freeze(minutes: Minutes, *, sha256: str, size: int, pages: int, on: dt.datetime) -> None:
    """Keep the printed file of a version; the system does it. Nothing happens when there is one already."""
    with database.atomic():
        there = Minutes.id == minutes.id, Minutes.pdf_sha256.is_null()
        if Minutes.update(pdf_sha256=sha256, pdf_size=size, pdf_pages=pages).where(*there).execute():
            details = f"версия {minutes.number}, страниц: {pages}, SHA-256 {sha256}"
            moves.note(minutes.sitting, "freeze_minutes", by=None, on=on, details=details)


# --- Signatures -------------------------------------------------------------------------------------------------------------


def sign(sitting: Sitting, members: Sequence[int], signed_on: dt.date, *, by: User, on: dt.datetime) -> int:
    """Mark that these members have signed the newest version on this day; gives how many marks were new."""
    last = _last(sitting)
    if signed_on > day_of(on):
        raise Refusal("День подписания ещё не наступил: проверьте дату.")
    if signed_on < day_of(last.made_at):
        raise Refusal(f"Протокол составлен {day_of(last.made_at):%d.%m.%Y}: раньше его подписать не могли.")
    awaited = last.unsigned()
    if not set(members) <= set(last.told["signers"]):
        raise Refusal("Подпись этого человека в протоколе не нужна: обновите страницу.")
    fresh = [member for member in awaited if member in set(members)]
    if not fresh:
        raise Refusal("Выберите, кто подписал протокол: среди отмеченных нет никого, чьей подписи ещё не было.")
    with database.atomic():
        moves.make(sitting, SIGN, by=by, on=on, details=f"версия {last.number}: {names(last, fresh)}, {signed_on:%d.%m.%Y}")
        rows = [{"minutes": last.id, "member": member, "signed_on": signed_on, "marked_by": by.id} for member in fresh]
        MinutesSignature.insert_many(rows).execute()
        _complete(last)
    return len(fresh)


def take_back_signature(sitting: Sitting, member: int, *, by: User, on: dt.datetime) -> None:
    """Take a mark back that was made by mistake, while nothing has been issued on the minutes."""
    require(by, Permission.RUN_SITTINGS)
    last = _last(sitting)
    if sitting.status not in moves.move_of(sitting, SIGN).sources:
        raise Refusal("Решения уже объявлены: отметки о подписях больше не меняются.")
    if kept := moves.missing(sitting, moves.REOPEN, day_of(on)):
        raise Refusal(f"Отметки о подписях больше не меняются: {'; '.join(kept)}.")
    with database.atomic():
        same = MinutesSignature.minutes == last, MinutesSignature.member == member
        if not MinutesSignature.delete().where(*same).execute():
            raise Refusal("Отметки об этой подписи нет: обновите страницу.")
        _complete(last)
        moves.note(sitting, "unsign_minutes", by=by, on=on, details=f"версия {last.number}: {names(last, [member])}")


def _complete(minutes: Minutes) -> None:
    """Keep the day on which the last signature came; none while one is missing."""
    days = [mark.signed_on for mark in minutes.signatures]
    signed_on = None if minutes.unsigned() else max(days)
    Minutes.update(signed_on=signed_on).where(Minutes.id == minutes.id).execute()


def names(minutes: Minutes, members: Iterable[int]) -> str:
    """The names of these members in one line."""
    known = {member["id"]: member["name"] for member in minutes.told["members"]}
    return ", ".join(known[member] for member in members)


def _last(sitting: Sitting) -> Minutes:
    last = sitting.last_minutes()
    if last is None:
        raise Refusal("Протокола ещё нет: сначала завершите заседание.")
    return last
