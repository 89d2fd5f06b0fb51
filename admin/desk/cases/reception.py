# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The reception's desk: hours for paper folders, who comes on a day, who did not come, an hour for somebody else."""

import datetime as dt

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response as AnyResponse
from wtforms import DateField, IntegerField, StringField, TimeField
from wtforms.validators import InputRequired

from ....models import Application, Slot, utc_now
from ....site.cases import appointments, moves
from ....site.cases.rights import Part, parts_seen
from ....site.dates import CITY, day_of
from ....site.figures import plural
from ....site.views.layout import parts
from ...access import Permission
from ...acts.cases import reception
from ...acts.cases.calendar import YEARS
from ..base import LARGEST_ID, Answer, Desk, attempt, done, found, invalid, person, refused_status, seen_version
from ..forms import ConfirmForm
from .moves import address_of

WEEKDAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")
# Days with hours that the list of days shows at once.
DAYS_SHOWN = 40
NEEDED = InputRequired("Заполните поле.")


class HoursForm(FlaskForm):
    """Hours to be opened."""

    first_day = DateField("Первый день", [NEEDED])
    last_day = DateField("Последний день", [NEEDED])
    begins = TimeField("Приём с", [NEEDED])
    ends = TimeField("Приём до", [NEEDED])
    windows = IntegerField("Окон", [NEEDED])
    place = StringField("Место", description="Адрес и кабинет: так их увидит педагог.")

    def hours(self) -> reception.Hours:
        """What was typed."""
        return reception.Hours(
            self.first_day.data,
            self.last_day.data,
            self.begins.data,
            self.ends.data,
            self.windows.data,
            self.place.data or "",
        )


class ReceptionDesk(Desk):
    """Hours by day. Only where the procedure of this installation takes folders by appointment."""

    permission = Permission.RUN_RECEPTION

    def is_accessible(self) -> bool:
        return super().is_accessible() and appointments.taken_by_appointment(_edition())

    def _handle_view(self, name: str, **values: object) -> AnyResponse | None:
        refused = super()._handle_view(name, **values)
        if refused is None and not appointments.taken_by_appointment(_edition()):
            abort(404, "В этом порядке папку на приём не приносят.")
        return refused

    @expose("/")
    def index_view(self) -> Answer:
        """The hours of a day, who comes, and the days that have any."""
        return self._day(_wanted_day())

    @expose("/open", methods=("GET", "POST"))
    def open_hours(self) -> Answer:
        """Open hours for a range of days."""
        form = HoursForm() if request.method == "POST" else HoursForm(formdata=None, **_usual())
        if request.method == "POST" and not invalid(form):
            hours = form.hours()
            opened = attempt(lambda: reception.open_slots(hours, edition=_edition(), by=person(), on=utc_now()))
            if opened:
                flash(_said(opened), "success" if opened.made else "warning")
                return redirect(url_for(".index_view", day=hours.first_day.isoformat()))
        page = self.render("desk/cases/hours.html", form=form, minutes=_minutes())
        return page, refused_status(form) if request.method == "POST" else 200

    @expose("/close", methods=("POST",))
    def close_hours(self) -> Answer:
        """Close the marked free hours."""
        marked = [int(text) for text in request.form.getlist("slot") if text.isascii() and text.isdigit() and len(text) < 10]
        closed = attempt(lambda: reception.close_slots(marked, by=person(), on=utc_now()))
        if closed is None:
            return self._day(_wanted_day()), 409
        flash(f"Закрыто: {plural(closed, 'час приёма', 'часа приёма', 'часов приёма')}.", "success")
        return _to_day(_wanted_day())

    @expose("/<int:id>/missed", methods=("POST",))
    def missed(self, id: int) -> Answer:
        """Nobody came."""
        slot = found(Slot, id)
        day = day_of(slot.starts_at)
        if not done(lambda: reception.miss(slot.id, by=person(), on=utc_now())):
            return self._day(day), 409
        flash("Отмечено: не пришли. Педагог может записаться снова.", "success")
        return _to_day(day)

    @expose("/cases/<int:id>", methods=("GET", "POST"))
    def book(self, id: int) -> Answer:
        """An hour for a case: whoever telephones or wrote by post is booked by the clerk."""
        case = _case(id)
        if request.method == "GET":
            return self._booking(case)
        chosen = request.form.get("slot", type=int)
        if chosen is None or not 0 < chosen < LARGEST_ID:
            flash("Выберите день и время.", "error")
            return self._booking(case), 422
        if not done(lambda: appointments.book(_as_seen(case), chosen, by=person(), on=utc_now())):
            return self._booking(case), 409
        return _to_case(case, appointments.BOOK)

    @expose("/cases/<int:id>/cancel", methods=("POST",))
    def cancel(self, id: int) -> Answer:
        """Give the hour of a case back."""
        case = _case(id)
        if not done(lambda: appointments.cancel(_as_seen(case), by=person(), on=utc_now())):
            return self._booking(case), 409
        return _to_case(case, appointments.CANCEL)

    def _day(self, day: dt.date) -> str:
        now = utc_now()
        slots = list(reception.of_day(day))
        arrived = appointments.received_of(slot.application_id for slot in slots if slot.application_id)
        return self.render(
            "desk/cases/reception.html",
            day=day,
            weekday=WEEKDAYS[day.weekday()],
            slots=slots,
            arrived=arrived,
            now=now,
            city=CITY,
            days=reception.days(day_of(now), DAYS_SHOWN),
            weekdays=WEEKDAYS,
            address_of=address_of,
            form=ConfirmForm(),
        )

    def _booking(self, case: Application) -> str:
        case, now = Application.get_by_id(case.id), utc_now()
        verbs = {move.verb for move in moves.open_moves(case, person(), day_of(now))}
        received = appointments.received(case)
        slot = appointments.booked(case)
        return self.render(
            "desk/cases/booking.html",
            case=case,
            slot=slot,
            received=received,
            offer=appointments.offer(case, on=now) if appointments.BOOK in verbs and not received else None,
            may_cancel=bool(slot and slot.starts_at > now and appointments.CANCEL in verbs and not received),
            weekdays=WEEKDAYS,
            city=CITY,
            form=ConfirmForm(),
        )


def _edition() -> str:
    return parts().settings.procedure


def _minutes() -> int:
    return int(appointments.length(_edition()).total_seconds() // 60)


def _wanted_day() -> dt.date:
    """The day of the address or the form; today without one, or for one of no year that the office knows."""
    try:
        asked = dt.date.fromisoformat(request.values.get("day", ""))
    except ValueError:
        return day_of(utc_now())
    return asked if asked.year in YEARS else day_of(utc_now())


def _to_day(day: dt.date) -> AnyResponse:
    return redirect(url_for(".index_view", day=day.isoformat()), 303)


def _to_case(case: Application, verb: str) -> AnyResponse:
    flash(moves.move_of(case, verb).done, "success")
    return redirect(url_for("office_cases.case", id=case.id), 303)


def _usual() -> dict[str, object]:
    """What is usually opened: the hours and the place of the last ones, for the week after them."""
    last: Slot | None = Slot.select().order_by(Slot.starts_at.desc()).first()
    first_day = max(day_of(last.starts_at) if last else dt.date.min, day_of(utc_now())) + dt.timedelta(days=1)
    return {
        "first_day": first_day,
        "last_day": first_day + dt.timedelta(days=6),
        "begins": dt.time(10),
        "ends": dt.time(13),
        "windows": 1,
        "place": last.place if last else parts().settings.contact_address,
    }


def _said(opened: reception.Opened) -> str:
    made = f"Открыто приёмов: {opened.made}."
    present = f" Уже было открыто: {opened.present}." if opened.present else ""
    off = f" Выходных пропущено: {opened.days_off}." if opened.days_off else ""
    return made + present + off


def _case(id: int) -> Application:
    """The case of this id, if it is for this person and by the procedure of appointments; otherwise 404."""
    case = found(Application, id)
    seen = parts_seen(case, person(), day_of(utc_now()))
    if Part.PORTFOLIO not in seen or not appointments.taken_by_appointment(case.edition):
        abort(404)
    return case


def _as_seen(case: Application) -> Application:
    return moves.as_seen(case, seen_version())
