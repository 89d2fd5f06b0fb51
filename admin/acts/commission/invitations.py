"""Those who asked to be present at a sitting (line 14 of the form): a time for each, and a letter that tells it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from itertools import pairwise

from ....models import Application, Hearing, Sitting, User, database, locked
from ....procedure.refusal import Refusal
from ....site.cases import moves as case_moves
from ....site.dates import CITY
from ...access import Permission, require
from . import moves, sittings
from .agenda import Agenda, Line

INVITE = "invite"
# Nobody waits for a sitting into the night.
LATEST = dt.time(22)


def offered(agenda: Agenda) -> dict[int, dt.time]:
    """Id of the line of the agenda → the time to invite for: the one that was told, else the next that is free, in order.

    Empty while the sitting has no time to begin at; whoever finds no time before the night is left out.
    """
    sitting = agenda.sitting
    if sitting.begins_at is None:
        return {}
    found = {line.hearing.id: time for line in agenda.guests if (time := time_of(line.hearing))}
    step, free = dt.timedelta(minutes=sitting.slot_minutes), sittings.starts(sitting.held_on, sitting.begins_at)
    last = sittings.starts(sitting.held_on, LATEST)
    taken = sorted(sittings.starts(sitting.held_on, time) for time in found.values())
    for line in agenda.guests:
        if line.hearing.id in found:
            continue
        while clash := next((one for one in taken if abs(one - free) < step), None):
            free = clash + step
        if free > last:
            break
        found[line.hearing.id] = free.astimezone(CITY).time()
        free += step
    return found


def invite(sitting: Sitting, times: Mapping[int, dt.time], *, by: User, on: dt.datetime) -> list[Application]:
    """Give those lines of the agenda these times and write to whoever gets one, or another than before; gives their cases.

    Refusal when a time is before the beginning or two come at one time.
    """
    require(by, Permission.KEEP_SITTINGS)
    with database.atomic():
        moves.make(sitting, INVITE, by=by, on=on, details=f"{sitting}, приглашений: {len(times)}")
        here = {one.id: one for one in locked(sitting.hearings.order_by(Hearing.id))}
        if missing := set(times) - set(here):
            raise Refusal(f"Из повестки тем временем ушли дела ({len(missing)}): проверьте список и повторите.")
        changed = [here[id] for id, time in times.items() if time_of(here[id]) != time]
        if not changed:
            raise Refusal("Времена прежние: писать некому.")
        _require_apart(sitting, {**_told(here.values()), **times})
        # Emptied first: two may change places.
        ids = [one.id for one in changed]
        Hearing.update(slot_at=None).where(Hearing.id.in_(ids)).execute()
        for hearing in changed:
            moment = sittings.starts(sitting.held_on, times[hearing.id])
            Hearing.update(slot_at=moment, version=Hearing.version + 1).where(Hearing.id == hearing.id).execute()
        cases = list(Application.select().join(Hearing).where(Hearing.id.in_(ids)).order_by(Application.id))
        for refusal in case_moves.follow_all(cases, f"{moves.SUBJECT}.{INVITE}", by=by, on=on).values():
            raise refusal
    return cases


def time_of(hearing: Hearing) -> dt.time | None:
    """The time of day in the city at which the teacher is due."""
    return hearing.slot_at.astimezone(CITY).time() if hearing.slot_at else None


def uninvited(agenda: Agenda) -> list[Line]:
    """Those who asked to be present and have not been told a time."""
    return [line for line in agenda.guests if line.hearing.slot_at is None]


def _told(hearings: Iterable[Hearing]) -> dict[int, dt.time]:
    return {one.id: time for one in hearings if (time := time_of(one))}


def _require_apart(sitting: Sitting, times: Mapping[int, dt.time]) -> None:
    if sitting.begins_at is None:
        raise Refusal("Укажите, во сколько начнётся заседание: от этого зависит, когда приходить приглашённым.")
    moments = sorted(sittings.starts(sitting.held_on, time) for time in times.values())
    if moments and moments[0] < sittings.starts(sitting.held_on, sitting.begins_at):
        raise Refusal(f"Заседание начнётся в {sitting.begins_at:%H:%M}: раньше приглашать нельзя.")
    for earlier, later in pairwise(moments):
        if later - earlier < dt.timedelta(minutes=sitting.slot_minutes):
            raise Refusal(
                f"На каждого отведено {sitting.slot_minutes} мин., а двое приглашены на {earlier.astimezone(CITY):%H:%M} и"
                f" {later.astimezone(CITY):%H:%M}. Разведите их по времени."
            )
