"""The appointment for a paper folder in the cabinet: free times by day, booking, moving, cancelling, a file for calendars."""

from urllib.parse import urlsplit

from flask import Response, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ....models import Application, utc_now
from ...cases import appointments, moves
from ...cases.rights import Part
from ...dates import CITY
from ..acting import done
from ..layout import parts
from .case import as_seen
from .cases import LARGEST_ID, clause_address, mine, today
from .room import Answer, page, person, public, whole


@public.route("/applications/<int:id>/appointment", methods=["GET", "POST"])
def appointment(id: int) -> Answer:
    """Free times; a chosen one is booked, in place of the former."""
    case = _case(id)
    if request.method == "GET":
        return _page(case)
    chosen = request.form.get("slot", type=int)
    if chosen is None or not 0 < chosen < LARGEST_ID:
        flash("Выберите день и время.", "error")
        return _page(case), 422
    if not done(lambda: appointments.book(as_seen(case), chosen, by=person(), on=utc_now())):
        return _page(case), 409
    flash(moves.move_of(case, appointments.BOOK).done, "success")
    return redirect(url_for("account.appointment", id=case.id), 303)


@public.post("/applications/<int:id>/appointment/cancel")
def cancel_appointment(id: int) -> Answer:
    """Give the time back."""
    case = _case(id)
    if not done(lambda: appointments.cancel(as_seen(case), by=person(), on=utc_now())):
        return _page(case), 409
    flash(moves.move_of(case, appointments.CANCEL).done, "success")
    return redirect(url_for("account.appointment", id=case.id), 303)


@public.get("/applications/<int:id>/appointment.ics")
def appointment_file(id: int) -> AnyResponse:
    """The appointment for a calendar."""
    case = _case(id)
    slot = appointments.booked(case)
    if slot is None:
        abort(404, "Записи на приём нет: выберите время на странице записи.")
    address = whole(url_for("account.appointment", id=case.id))
    host = urlsplit(parts().settings.site_url).hostname or "localhost"
    data = appointments.invitation(case, slot, host=host, url=address, on=utc_now())
    headers = {"Content-Disposition": "attachment; filename=appointment.ics"}
    return Response(data, mimetype="text/calendar", headers=headers)


def _case(id: int) -> Application:
    case = mine(id, Part.PORTFOLIO)
    if not appointments.taken_by_appointment(case.edition):
        abort(404, "В этом порядке папку на приём не приносят: документы прикладывают в кабинете.")
    return case


def _page(case: Application) -> str:
    case = Application.get_by_id(case.id)
    verbs = {move.verb for move in moves.open_moves(case, person(), today())}
    received = appointments.received(case)
    may_book = appointments.BOOK in verbs and not received
    slot, now = appointments.booked(case), utc_now()
    return page(
        "appointment.html",
        case=case,
        slot=slot,
        past=bool(slot and slot.starts_at <= now),
        ends=slot.starts_at + appointments.length(case.edition) if slot else None,
        offer=appointments.offer(case, on=now) if may_book else None,
        received=received,
        minutes=int(appointments.length(case.edition).total_seconds() // 60),
        may_cancel=bool(slot and slot.starts_at > now and appointments.CANCEL in verbs and not received),
        city=CITY,
        clause_address=lambda clause: clause_address(case.edition, clause),
    )
