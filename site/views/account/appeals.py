"""«Жалобы и запросы»: what a person sent while signed in, and where it stands; nothing of what it says."""

from dataclasses import dataclass

from flask import abort, url_for
from peewee import prefetch

from ....models import Complaint, ComplaintEvent, ComplaintKind, Correction, User
from ....procedure.complaints import RECORD, taken
from ....procedure.road import road
from ....procedure.shape import Status
from ....procedure.terms import Deadline
from ...cases.calendar import office_calendar
from ...complaints import terms as complaint_terms
from ...corrections import moves as corrections
from ..layout import parts
from .cases import clause_address, today
from .room import page, person, public


@dataclass(frozen=True)
class Sent:
    """A complaint or a request. `path`: its own page, if it has one."""

    title: str
    record: Complaint | Correction
    status: Status
    term: Deadline | None
    path: str = ""


@public.get("/appeals")
def appeals() -> str:
    """One's own complaints and requests for correction, the newest first; the same queries however many there are."""
    if not taken(parts().settings.procedure):
        abort(404, "По этому порядку жалобы на сайте не подают: напишите нам или позвоните.")
    user = person()
    sent = sorted((*_complaints(user), *_corrections(user)), key=lambda one: one.record.created_at, reverse=True)
    return page("appeals.html", sent=sent, clause_address=clause_address)


def _complaints(user: User) -> list[Sent]:
    own = Complaint.select().where(Complaint.author == user)
    calendar, now = office_calendar(), today()
    return [
        Sent(
            title=f"Жалоба {one}",
            record=one,
            status=road(RECORD, one.edition).status(one.status),
            term=complaint_terms.awaited(complaint_terms.deadlines(one, now, calendar)),
        )
        for one in prefetch(own, ComplaintEvent.select(), ComplaintKind.select())
    ]


def _corrections(user: User) -> list[Sent]:
    calendar, now = office_calendar(), today()
    return [
        Sent(
            title=f"Запрос об исправлении {one}",
            record=one,
            status=road(corrections.RECORD, one.edition).status(one.status),
            term=next(iter(corrections.deadlines(one, now, calendar)), None),
            path=url_for("corrections.told", key=one.token),
        )
        for one in Correction.select().where(Correction.author == user)
    ]
