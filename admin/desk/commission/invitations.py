# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""Whom a sitting expects at what time: proposed in the order of the agenda, set by hand, told by letter."""

import datetime as dt
from dataclasses import dataclass

from flask import flash, redirect, request, url_for
from flask_admin import expose

from ....models import Sitting, utc_now
from ....site.dates import day_of
from ...acts.commission import invitations as acts
from ...acts.commission import moves, sittings
from ...acts.commission.agenda import Line, agenda
from ..base import Answer, Desk, attempt, person, seen_version
from .lookup import impartial

NO_TIME = "Такого времени нет. Напишите часы и минуты, например, 15:10."


@dataclass(frozen=True)
class Place:
    """A line of the page: a case, the time in its field as it is typed, the one that was told, what is wrong with the typed."""

    line: Line
    typed: str
    told: dt.time | None
    fault: str

    @property
    def name(self) -> str:
        return f"time-{self.line.hearing.id}"


class InvitationPages(Desk):
    """The page `/admin/sittings/<id>/invitations/`."""

    @expose("/<int:id>/invitations/", methods=("GET", "POST"))
    def invitations(self, id: int) -> Answer:
        """Times of those who asked to be present, and of others; whoever gets a new one gets a letter."""
        sitting = impartial(id)
        whole = agenda(sitting, day_of(utc_now()))
        if request.method == "GET":
            offered = acts.offered(whole)
            typed = {line.hearing.id: f"{offered[line.hearing.id]:%H:%M}" for line in whole.lines if line.hearing.id in offered}
            return self._invitations_page(sitting, whole.lines, typed, {})
        typed = {line.hearing.id: request.form.get(f"time-{line.hearing.id}", "").strip() for line in whole.lines}
        times, faults = _read(typed)
        if faults:
            flash("Исправьте отмеченные поля.", "error")
            return self._invitations_page(sitting, whole.lines, typed, faults), 422
        seen = seen_version()
        told = attempt(lambda: acts.invite(moves.as_seen(sitting, seen), times, by=person(), on=utc_now()))
        if told is not None:
            flash(f"Приглашений отправлено: {len(told)}.", "success")
            return redirect(url_for(".agenda", id=id))
        return self._invitations_page(impartial(id), whole.lines, typed, {}), 409

    def _invitations_page(
        self, sitting: Sitting, lines: tuple[Line, ...], typed: dict[int, str], faults: dict[int, str]
    ) -> str:
        places = [
            Place(line, typed.get(line.hearing.id, ""), acts.time_of(line.hearing), faults.get(line.hearing.id, ""))
            for line in lines
        ]
        wanted = [one for one in places if one.line.asked_to_come or one.told]
        return self.render(
            "desk/commission/invitations.html",
            sitting=sitting,
            wanted=wanted,
            others=[one for one in places if one not in wanted],
            new=sum(one.told is None and bool(one.typed) for one in wanted),
            changeable=sittings.changeable(sitting),
        )


def _read(typed: dict[int, str]) -> tuple[dict[int, dt.time], dict[int, str]]:
    """The times that were typed, and what is wrong with the others; an empty field asks for nothing."""
    times, faults = {}, {}
    for id, text in typed.items():
        try:
            if text:
                times[id] = dt.datetime.strptime(text, "%H:%M").time()
        except ValueError:
            faults[id] = NO_TIME
    return times, faults
