"""Who is in the room: members of the commission, from when until when, who presides; teachers who have come."""

import datetime as dt

from peewee import ModelSelect

from ....models import Attendance, Hearing, Member, Sitting, User, Vote, database
from ....procedure.refusal import Refusal
from ....site.dates import CITY, day_of
from ....site.figures import spans
from . import moves


def arrive(sitting: Sitting, member: Member, *, at: dt.datetime | None = None, by: User, on: dt.datetime) -> Attendance:
    """A member has come, now or at an earlier time of the day. Votes that were cast before do not change."""
    with database.atomic():
        moves.take(sitting, by=by)
        _require_member(sitting, member)
        stretches = list(_of(sitting, member))
        if any(one.left_at is None for one in stretches):
            raise Refusal(f"{member.full_name}: присутствие уже отмечено.")
        moment = _sound(sitting, at, on)
        if any(one.left_at and one.left_at > moment for one in stretches):
            raise Refusal(f"{member.full_name}: в это время уже отмечено присутствие. Укажите время после ухода.")
        made: Attendance = Attendance.create(sitting=sitting, member=member, arrived_at=moment)
        moves.note(sitting, "attend", by=by, on=on, details=f"{member.full_name}: присутствует с {_time(moment)}")
    return made


def arrive_all(sitting: Sitting, *, at: dt.datetime | None = None, by: User, on: dt.datetime) -> int:
    """Everybody of the composition who is not marked yet has come; gives how many."""
    with database.atomic():
        moves.take(sitting, by=by)
        moment = _sound(sitting, at, on)
        known = {one.member_id for one in sitting.attendances}
        absent = [member for member in _composition(sitting) if member.id not in known]
        if not absent:
            raise Refusal("Отмечать некого: каждый член комиссии уже отмечен.")
        Attendance.insert_many([{"sitting": sitting.id, "member": one.id, "arrived_at": moment} for one in absent]).execute()
        names = ", ".join(member.full_name for member in absent)
        moves.note(sitting, "attend", by=by, on=on, details=f"присутствуют с {_time(moment)}: {names}")
    return len(absent)


def leave(sitting: Sitting, member: Member, *, at: dt.datetime | None = None, by: User, on: dt.datetime) -> Attendance:
    """A member has left, now or at an earlier time of the day; Refusal when they voted later than that."""
    with database.atomic():
        moves.take(sitting, by=by)
        here: Attendance | None = _of(sitting, member).where(Attendance.left_at.is_null()).first()
        if here is None:
            raise Refusal(f"{member.full_name}: присутствие не отмечено, уход отметить нельзя.")
        moment = _sound(sitting, at, on)
        if moment < here.arrived_at:
            raise Refusal(f"{member.full_name}: уход раньше прихода ({_time(here.arrived_at)}). Проверьте время.")
        if voted := _voted_after(sitting, member, moment):
            raise Refusal(f"{member.full_name}: после этого времени записан голос (дело {spans(voted)}). Проверьте время.")
        here.left_at = moment
        here.save(only=[Attendance.left_at])
        moves.note(sitting, "attend", by=by, on=on, details=f"{member.full_name}: отсутствует с {_time(moment)}")
    return here


def take_back(sitting: Sitting, member: Member, *, by: User, on: dt.datetime) -> None:
    """Take back the last mark about a member: the departure, or else the arrival, if nothing was voted by it."""
    with database.atomic():
        moves.take(sitting, by=by)
        last: Attendance | None = _of(sitting, member).order_by(Attendance.id.desc()).first()
        if last is None:
            raise Refusal(f"{member.full_name}: отметок нет.")
        if last.left_at is not None:
            last.left_at = None
            last.save(only=[Attendance.left_at])
        else:
            if voted := _voted_after(sitting, member, last.arrived_at):
                raise Refusal(f"{member.full_name}: уже записан голос (дело {spans(voted)}). Отметьте уход.")
            last.delete_instance()
            if sitting.presiding_id == member.id and not _of(sitting, member).exists():
                _preside(sitting, None)
        moves.note(sitting, "attend", by=by, on=on, details=f"{member.full_name}: последняя отметка снята")


def preside(sitting: Sitting, member: Member, *, by: User, on: dt.datetime) -> Sitting:
    """Name who presides: somebody who is in the room."""
    with database.atomic():
        moves.take(sitting, by=by)
        if not _of(sitting, member).exists():
            raise Refusal(f"{member.full_name} на заседание не пришёл: председательствовать может тот, кто присутствует.")
        _preside(sitting, member)
        moves.note(sitting, "preside", by=by, on=on, details=member.full_name)
    return sitting


def receive(hearing: Hearing, came: bool, *, by: User, on: dt.datetime) -> Hearing:
    """The teacher of a case has come to the sitting; or has not, if that was marked by mistake."""
    with database.atomic():
        moves.take(hearing.sitting, by=by)
        if not Hearing.update(came=came).where(Hearing.id == hearing.id, Hearing.came != came).execute():
            raise Refusal(f"Дело {hearing.number}: это уже отмечено.")
        hearing.came = came
        told = "педагог пришёл" if came else "отметка о приходе педагога снята"
        moves.note(hearing.sitting, "receive", by=by, on=on, details=f"дело {hearing.number}: {told}")
    return hearing


def moment_of(sitting: Sitting, time: dt.time) -> dt.datetime:
    """The moment of a time that was typed in, on the day of the sitting."""
    return dt.datetime.combine(sitting.held_on, time, CITY)


def _preside(sitting: Sitting, member: Member | None) -> None:
    Sitting.update(presiding=member).where(Sitting.id == sitting.id).execute()
    sitting.presiding = member


def _of(sitting: Sitting, member: Member) -> "ModelSelect[Attendance]":
    return Attendance.select().where(Attendance.sitting == sitting, Attendance.member == member)


def _composition(sitting: Sitting) -> list[Member]:
    return list(Member.select().where(Member.commission == sitting.commission_id).order_by(Member.id))


def _require_member(sitting: Sitting, member: Member) -> None:
    if member.commission_id != sitting.commission_id:
        raise Refusal("Этот человек не входит в состав комиссии, которым проводится заседание.")


def _sound(sitting: Sitting, at: dt.datetime | None, on: dt.datetime) -> dt.datetime:
    moment = at or on
    if at is None and sitting.closed_at:
        raise Refusal("Заседание уже завершали: укажите время, когда это произошло.")
    if moment > on:
        raise Refusal("Это время ещё не наступило: проверьте часы и минуты.")
    if at is not None and day_of(at) != sitting.held_on:
        raise Refusal(f"Укажите время в день заседания, {sitting}.")
    return moment


def _voted_after(sitting: Sitting, member: Member, moment: dt.datetime) -> list[int]:
    """The numbers of the cases on which this member voted after the moment."""
    mine = Hearing.select(Hearing.number).join(Vote).where(Hearing.sitting == sitting, Vote.member == member)
    voted = mine.where(Hearing.decided_at > moment).order_by(Hearing.number)
    return [one.number for one in voted if one.number is not None]


def _time(moment: dt.datetime) -> str:
    return f"{moment.astimezone(CITY):%H:%M}"
