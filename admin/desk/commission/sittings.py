# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The desk «Заседания»: the list and the calendar, the page of a sitting, what is settled before it is held."""

import calendar
import datetime as dt
import re
from collections.abc import Mapping
from typing import ClassVar

from flask import flash, redirect, request, url_for
from flask_admin import expose

from ....models import Hearing, Sitting, utc_now
from ....procedure.road import road
from ....site import journal
from ....site.dates import day_of
from ....site.letters.words import ROADS
from ....site.views.layout import parts
from ...access import Permission
from ...acts.commission import compositions, moves
from ...acts.commission import sittings as acts
from ..base import Answer, attempt, done, found, invalid, person, refused_status, seen_version
from . import forms
from .agenda import AgendaPages
from .invitations import InvitationPages
from .lookup import with_composition
from .minutes import MinutesPages
from .proposals import ProposalPages
from .running import RunningPages

PAST_SHOWN = 50
# The months that an address may ask for.
YEARS = {str(year) for year in range(2000, 2101)}
MONTHS = (
    *("январь", "февраль", "март", "апрель", "май", "июнь"),
    *("июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"),
)
_MONTH = re.compile("[0-9]{4}-(0[1-9]|1[0-2])")


class SittingDesk(AgendaPages, InvitationPages, ProposalPages, RunningPages, MinutesPages):
    """Sittings to come, the nearest first, and those that are over."""

    permission = Permission.READ_SITTINGS
    stricter: ClassVar[Mapping[str, Permission]] = {
        **dict.fromkeys(("new", "edit", "day", "cancel", "propose", "invitations"), Permission.KEEP_SITTINGS),
        **dict.fromkeys((*RunningPages.RUNNING, *MinutesPages.KEEPING), Permission.RUN_SITTINGS),
    }

    @expose("/")
    def index(self) -> Answer:
        """The list and a month of the calendar."""
        today = day_of(utc_now())
        ahead = list(acts.ahead(today))
        over = (Sitting.status != compositions.PLANNED) | (Sitting.held_on < today)
        past = list(Sitting.select().where(over).order_by(Sitting.held_on.desc(), Sitting.id.desc()).limit(PAST_SHOWN))
        month = _month(request.args.get("month", ""), today)
        weeks, shown = _calendar(month)
        return self.render(
            "desk/commission/sittings.html",
            ahead=ahead,
            past=past,
            taken=acts.taken([*ahead, *past, *shown]),
            month=month,
            weeks=weeks,
            earlier=_near(month, -1),
            later=_near(month, 1),
            month_of=_month_of,
            statuses=_statuses(),
            today=today,
        )

    @expose("/new", methods=("GET", "POST"))
    def new(self) -> Answer:
        """A sitting more."""
        form, offered = forms.SittingForm(slot_minutes=Sitting.slot_minutes.default), compositions.everyone()
        form.offer(offered)
        edition = parts().settings.procedure
        if request.method == "POST" and not invalid(form):
            made = attempt(lambda: acts.add(forms.plan(form, offered), edition=edition, by=person(), on=utc_now()))
            if made:
                flash("Заседание внесено в список.", "success")
                return redirect(url_for(".sitting", id=made.id))
        page = self.render("desk/commission/sitting_form.html", form=form, sitting=None, edition=ROADS[edition])
        return page, refused_status(form) if request.method == "POST" else 200

    @expose("/<int:id>/")
    def sitting(self, id: int) -> Answer:
        """How a sitting stands and what can be done about it."""
        return self._page(with_composition(id))

    @expose("/<int:id>/edit", methods=("GET", "POST"))
    def edit(self, id: int) -> Answer:
        """Settle a sitting otherwise."""
        sitting, offered = found(Sitting, id), compositions.everyone()
        form = self._settings(sitting)
        form.offer(offered)
        if request.method == "GET":
            return self._edit_page(sitting, form)
        seen = seen_version()
        if not invalid(form) and done(
            lambda: acts.change(moves.as_seen(sitting, seen), forms.plan(form, offered, sitting), by=person(), on=utc_now())
        ):
            flash("Сохранено.", "success")
            return redirect(url_for(".sitting", id=id))
        return self._edit_page(found(Sitting, id), form), refused_status(form)

    @expose("/<int:id>/day", methods=("GET", "POST"))
    def day(self, id: int) -> Answer:
        """Another day, time or place for the sitting and all its cases; says how many get a letter."""
        sitting = found(Sitting, id)
        form = forms.DayForm(obj=sitting)
        if request.method == "GET":
            return self._day_page(sitting, forms.DayForm(formdata=None, obj=sitting, reason=""))
        seen = seen_version()
        if not invalid(form):
            when = {"held_on": form.held_on.data, "begins_at": form.begins_at.data, "place": form.place.data or ""}
            reason = form.reason.data or ""
            told = attempt(
                lambda: acts.reschedule(moves.as_seen(sitting, seen), **when, reason=reason, by=person(), on=utc_now())
            )
            if told is not None:
                flash(f"Заседание перенесено на {sitting}. Писем педагогам: {len(told)}.", "success")
                return redirect(url_for(".sitting", id=id))
        return self._day_page(found(Sitting, id), form), refused_status(form)

    @expose("/<int:id>/cancel", methods=("POST",))
    def cancel(self, id: int) -> Answer:
        """Cancel a sitting to which nothing is bound."""
        sitting, seen = found(Sitting, id), seen_version()
        if done(lambda: acts.cancel(moves.as_seen(sitting, seen), by=person(), on=utc_now())):
            flash(f"Заседание {sitting} отменено.", "success")
            return redirect(url_for(".index"))
        return self._page(with_composition(id)), 409

    # --- Pages ---

    def _page(self, sitting: Sitting) -> str:
        taken = acts.on_agenda([sitting.id]).get(sitting.id, 0)
        bound = acts.heard([sitting.id]).get(sitting.id, 0)
        members = compositions.seated(sitting.commission) if sitting.commission else []
        return self.render(
            "desk/commission/sitting.html",
            sitting=sitting,
            status=road("sitting", sitting.edition).status(sitting.status),
            edition=ROADS[sitting.edition],
            taken=taken,
            bound=bound,
            members=members,
            lacks=compositions.wanting(members) if members else [],
            changeable=acts.changeable(sitting),
            over=sitting.held_on < day_of(utc_now()),
            history_entries=list(journal.history(moves.SUBJECT, sitting.id)),
            verbs=journal.VERBS,
        )

    def _settings(self, sitting: Sitting) -> forms.SettingsForm:
        """With cases on the agenda, day, time and place are another page's."""
        kind = forms.SettingsForm if acts.on_agenda([sitting.id]) else forms.SittingForm
        if request.method == "POST":
            return kind()
        return kind(
            formdata=None,
            held_on=sitting.held_on,
            begins_at=sitting.begins_at,
            place=sitting.place,
            capacity=sitting.capacity,
            slot_minutes=sitting.slot_minutes,
            commission=str(sitting.commission_id or ""),
        )

    def _edit_page(self, sitting: Sitting, form: forms.SettingsForm) -> str:
        return self.render(
            "desk/commission/sitting_form.html",
            form=form,
            sitting=sitting,
            changeable=acts.changeable(sitting),
            edition=ROADS[sitting.edition],
        )

    def _day_page(self, sitting: Sitting, form: forms.DayForm) -> str:
        here = Hearing.select(Hearing.id, Hearing.slot_at).where(Hearing.sitting == sitting)
        return self.render(
            "desk/commission/day.html",
            form=form,
            sitting=sitting,
            changeable=acts.changeable(sitting),
            cases=here.count(),
            invited=here.where(Hearing.slot_at.is_null(False)).count(),
        )


# --- The calendar -----------------------------------------------------------------------------------------------------------


def _month(asked: str, today: dt.date) -> dt.date:
    """The first day of the month that the address asks for; this month for anything else."""
    if _MONTH.fullmatch(asked) and asked[:4] in YEARS:
        return dt.date(int(asked[:4]), int(asked[5:]), 1)
    return today.replace(day=1)


def _near(month: dt.date, step: int) -> dt.date:
    """The month before or after."""
    year, place = divmod(month.year * 12 + month.month - 1 + step, 12)
    return dt.date(year, place + 1, 1)


def _month_of(day: dt.date) -> str:
    """март 2026"""
    return f"{MONTHS[day.month - 1]} {day.year}"


def _calendar(month: dt.date) -> tuple[list[list[tuple[dt.date, list[Sitting]]]], list[Sitting]]:
    """The weeks of a month, each day with its sittings; and these sittings. One query."""
    days = calendar.Calendar().monthdatescalendar(month.year, month.month)
    here = (Sitting.held_on >= days[0][0]) & (Sitting.held_on <= days[-1][-1])
    order = (Sitting.held_on, Sitting.begins_at.asc(nulls="LAST"), Sitting.id)
    shown = list(Sitting.select().where(here, Sitting.status != "cancelled").order_by(*order))
    return [[(day, [one for one in shown if one.held_on == day]) for day in week] for week in days], shown


def _statuses() -> dict[tuple[str, str], str]:
    """What each status of a sitting is called, by edition and name."""
    return {(edition, status.name): status.title for edition in ROADS for status in road("sitting", edition).states}
