# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The agenda of a sitting: on the screen with the conflicts of members, and to be printed."""

from dataclasses import asdict
from io import BytesIO

from flask import send_file
from flask_admin import expose

from ....models import utc_now
from ....procedure.terms import TermState
from ....site.cases.calendar import counting_calendar
from ....site.dates import day_of
from ....site.printing import press
from ....site.printing.agenda import Row, Sheet
from ....site.printing.agenda import Section as Printed
from ....site.views.layout import parts
from ....site.views.phrases import long_date, moment
from ...acts.commission import sittings as acts
from ...acts.commission.agenda import Agenda, Line, agenda
from ...acts.commission.invitations import time_of, uninvited
from ..base import Answer, Desk, capitalize_first
from ..cases.due import due
from .lookup import impartial


class AgendaPages(Desk):
    """Pages under `/admin/sittings/<id>/agenda/`."""

    @expose("/<int:id>/agenda/")
    def agenda(self, id: int) -> Answer:
        """The cases by category, position and conclusion."""
        sitting, today = impartial(id), day_of(utc_now())
        whole, calendar = agenda(sitting, today), counting_calendar()
        return self.render(
            "desk/commission/agenda.html",
            sitting=sitting,
            agenda=whole,
            uninvited=len(uninvited(whole)),
            changeable=acts.changeable(sitting),
            time_of=time_of,
            late={line.case.id for line in whole.lines if acts.too_late(sitting, line.case)},
            due_of=lambda case: due(case.edition, case.due_term, case.due_on, today, calendar),
            TermState=TermState,
        )

    @expose("/<int:id>/agenda.pdf")
    def agenda_pdf(self, id: int) -> Answer:
        """The agenda on paper: no contacts of teachers."""
        sitting, now = impartial(id), utc_now()
        sheet = _sheet(agenda(sitting, day_of(now)), parts().settings.authority_name, f"Составлена {moment(now)}")
        name = f"povestka-{sitting.held_on:%Y-%m-%d}.pdf"
        return send_file(BytesIO(press.agenda_apart(asdict(sheet))), mimetype="application/pdf", download_name=name)


def _sheet(agenda: Agenda, authority: str, foot: str) -> Sheet:
    sitting = agenda.sitting
    hour = f"начало в {sitting.begins_at:%H:%M}" if sitting.begins_at else ""
    commission = f"Состав комиссии: {sitting.commission}." if sitting.commission_id else ""
    return Sheet(
        authority=authority,
        day=long_date(sitting.held_on),
        where=", ".join(filter(None, (hour, sitting.place))),
        commission=commission,
        total=len(agenda.lines),
        kinds=", ".join(f"{kind.label} – {count}" for kind, count in agenda.kinds),
        sections=tuple(
            Printed(
                title=f"{capitalize_first(part.category.label)} категория" if part.category else "Категория не указана",
                count=part.count,
                rows=tuple(_row(line) for group in part.groups for line in group.lines),
            )
            for part in agenda.parts
        ),
        foot=foot,
    )


def _row(line: Line) -> Row:
    time = time_of(line.hearing)
    return Row(
        number=str(line.case),
        person=line.case.person,
        position=line.case.position,
        organization=line.case.organization,
        conclusion=line.outcome.words,
        present=f"приглашён на {time:%H:%M}" if time else "просит присутствовать" if line.asked_to_come else "",
        against="; ".join(f"{member}: {', '.join(reasons)}" for member, reasons in line.against),
    )
