"""What leads to the sitting: the term of the attestation, the choice of a sitting, the place in its agenda."""

import datetime as dt

from ....models import Application, Hearing, Sitting, User, database
from ....procedure.refusal import Refusal
from ....site import fields
from ....site.cases import moves
from ....site.dates import day_of
from ..commission import sittings


def set_term(
    application: Application,
    *,
    considered_on: dt.date,
    begins: dt.date,
    ends: dt.date,
    place: str,
    by: User,
    on: dt.datetime,
) -> Application:
    """Name the term and the place of the attestation after the commission has considered the application (3.2.3)."""
    if considered_on > day_of(on):
        raise Refusal("Заявление ещё не рассмотрено: день рассмотрения не может быть позже сегодняшнего.", "3.2.1")
    if ends < begins:
        raise Refusal("Последний день аттестации раньше первого: проверьте даты.", "3.2.3")
    if ends < day_of(on):
        raise Refusal("Срок аттестации уже прошёл: назначьте дни впереди.", "3.2.3")
    fields.soon(ends, day_of(on))
    return moves.make(
        application,
        "set_term",
        by=by,
        on=on,
        considered_on=considered_on,
        term_begins=begins,
        term_ends=ends,
        term_place=fields.line(Application.term_place, place),
    )


def choose_sitting(application: Application, sitting: Sitting, *, by: User, on: dt.datetime) -> Application:
    """Choose the day of the sitting from the list (13 of the oblast's letter)."""
    with database.atomic():
        moves.allow(application, "choose_sitting_day", by=by, on=on)
        held = sittings.hold_ahead(sitting, application.edition, more=1, on=on)
        return moves.make(application, "choose_sitting_day", by=by, on=on, sitting=held)


def appoint_sitting(
    application: Application, *, place: str = "", begins_at: dt.time | None = None, by: User, on: dt.datetime
) -> Application:
    """Confirm the day that was chosen. A sitting that has no place yet is given one, for all cases that it hears."""
    with database.atomic():
        moves.allow(application, "appoint_sitting", by=by, on=on)
        if application.sitting:
            sitting = sittings.hold_ahead(application.sitting, application.edition, more=0, on=on)
            if not sitting.place and place.strip():
                application.sitting = sittings.name_place(sitting, begins_at=begins_at, place=place, by=by, on=on)
        moves.make(application, "appoint_sitting", by=by, on=on)
        _enter(application)
    return application


def propose(application: Application, sitting: Sitting, *, by: User, on: dt.datetime) -> Application:
    """Put the reviewed application on the agenda of a sitting (3.4.1)."""
    with database.atomic():
        moves.allow(application, "propose_for_sitting", by=by, on=on)
        held = sittings.hold_ahead(sitting, application.edition, more=1, on=on)
        moves.make(application, "propose_for_sitting", by=by, on=on, sitting=held)
        _enter(application)
    return application


def take_off(application: Application, *, reason: str, by: User, on: dt.datetime) -> Application:
    """Take a case out of the agenda of its sitting; it waits for another one. While the commission sits, only one put off."""
    with database.atomic():
        moves.allow(application, "move_sitting", by=by, on=on)
        here = Hearing.get_or_none(Hearing.application == application, Hearing.sitting == application.sitting_id)
        if here is not None and not here.put_off and not sittings.changeable(here.sitting):
            raise Refusal("Заседание уже открыто: дело откладывают на его странице, с повестки оно уйдёт по завершении.")
        moves.make(application, "move_sitting", reason=reason, by=by, on=on)
        Hearing.delete().where(Hearing.application == application, Hearing.decision == "", ~Hearing.put_off).execute()
    return application


def _enter(application: Application) -> None:
    """A line of the agenda for the case; one that was put off at this very sitting is heard there again."""
    line = {"sitting": application.sitting_id, "application": application.id}
    Hearing.insert(line).on_conflict(
        conflict_target=[Hearing.sitting, Hearing.application], update={Hearing.put_off: False, Hearing.motive: ""}
    ).execute()
