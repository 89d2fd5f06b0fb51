# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The record of disagreement of a case: drawn up, signed, printed."""

import datetime as dt

from flask import Response, abort, flash, redirect, request, url_for
from flask_admin import expose
from wtforms import DateTimeLocalField, StringField, TextAreaField
from wtforms.validators import InputRequired

from ....models import Application, Dissent, utc_now
from ....procedure.road import Move, road
from ....site.cases import moves
from ....site.cases.people import roles_in
from ....site.cases.rights import Part, seen_by
from ....site.dates import CITY, day_of
from ....site.printing import press
from ...acts.cases import dissents as acts
from ...login import TypedForm
from ..base import Answer, Desk, done, invalid, person, refused_status, seen_version
from ..forms import ConfirmForm, text
from .finding import seen_case

DRAW_UP, SIGN = "draw_up_dissent", "sign_dissent"


class DissentForm(TypedForm):
    """The five facts of the record."""

    analysed_at = DateTimeLocalField(
        "Дата и время анализа",
        format=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M", "%d.%m.%Y %H:%M"],
        validators=[InputRequired("Укажите дату и время.")],
        description="Когда проведён анализ деятельности педагога.",
    )
    person = text(Dissent.person)
    position = text(Dissent.position)
    organization = StringField("Наименование образовательной организации")
    reasons = TextAreaField("Причины конфликтной ситуации", description="Почему педагогу отказывают в этой категории.")


class DissentPages(Desk):
    """Pages under `/admin/cases/<id>/` about the record of disagreement."""

    @expose("/<int:id>/dissent", methods=("GET", "POST"))
    def dissent(self, id: int) -> Answer:
        """The record with its signatures; the main expert draws it up here."""
        application = _reading(id)
        drawing = _open(application, DRAW_UP)
        if request.method == "POST" and drawing is None:
            abort(403)
        form = DissentForm(data=_known(application))
        if request.method == "GET":
            return self._dissent_page(application, form)
        version = seen_version()
        record_version = request.form.get("record", type=int)
        if not invalid(form) and done(
            lambda: acts.draw_up(
                moves.as_seen(application, version), _record(form), version=record_version, by=person(), on=utc_now()
            )
        ):
            flash(moves.move_of(application, DRAW_UP).done, "success")
            return redirect(url_for(".dissent", id=id), 303)
        return self._dissent_page(_reading(id), form), refused_status(form)

    @expose("/<int:id>/dissent/sign", methods=("POST",))
    def sign_dissent(self, id: int) -> Answer:
        """An expert signs the record as it stands."""
        application = _reading(id)
        dissent = acts.dissent_of(application)
        if dissent is None:
            abort(404, "Протокол разногласий ещё не составлен.")
        record_version, version = request.form.get("record", type=int), seen_version()
        if done(
            lambda: acts.sign(
                moves.as_seen(application, version), acts.as_seen(dissent, record_version), by=person(), on=utc_now()
            )
        ):
            flash(moves.move_of(application, SIGN).done, "success")
            return redirect(url_for(".dissent", id=id), 303)
        application = _reading(id)
        return self._dissent_page(application, DissentForm(formdata=None, data=_known(application))), 409

    @expose("/<int:id>/dissent.pdf")
    def dissent_pdf(self, id: int) -> Answer:
        """The record printed, with the marks of those who have signed."""
        application = _reading(id)
        dissent = acts.dissent_of(application)
        if dissent is None:
            abort(404, "Протокол разногласий ещё не составлен.")
        answers = acts.printed_answers(dissent, acts.signatories(application, dissent))
        try:
            data = press.form_apart("dissent", answers)
        except press.PressFailed:
            abort(503, "Не удалось изготовить PDF. Повторите через минуту.")
        return Response(data, mimetype="application/pdf", headers={"Content-Disposition": "inline; filename=dissent.pdf"})

    def _dissent_page(self, application: Application, form: DissentForm) -> str:
        dissent = acts.dissent_of(application)
        signing = acts.signatories(application, dissent)
        mine = next((one for one in signing if one.user.id == person().id), None)
        return self.render(
            "desk/cases/dissent.html",
            case=application,
            dissent=dissent,
            needed=acts.needed(application),
            signing=signing,
            title_of=road("application", application.edition).title_of,
            drawing=_open(application, DRAW_UP),
            may_sign=bool(dissent and mine and mine.signed_at is None and _open(application, SIGN)),
            form=form,
            confirm=ConfirmForm(formdata=None),
        )


def _reading(id: int) -> Application:
    """The case, for whoever may read its record of disagreement; 404 for others and where the road knows none."""
    application = seen_case(id)
    known = {move.verb for move in road("application", application.edition).moves}
    if DRAW_UP not in known or Part.DISSENT not in seen_by(application, roles_in(application, person(), day_of(utc_now()))):
        abort(404)
    return application


def _open(application: Application, verb: str) -> Move | None:
    """The move, if the person may try it now."""
    return next((move for move in moves.open_moves(application, person(), day_of(utc_now())) if move.verb == verb), None)


def _known(application: Application) -> dict[str, object]:
    """What stands in the record, or what the application tells for a new one."""
    dissent = acts.dissent_of(application)
    source = dissent or application
    return {
        "analysed_at": dissent.analysed_at.astimezone(CITY).replace(tzinfo=None) if dissent else None,
        "person": source.person,
        "position": source.position,
        "organization": source.organization,
        "reasons": dissent.reasons if dissent else "",
    }


def _record(form: DissentForm) -> acts.Record:
    moment: dt.datetime = form.analysed_at.data
    return acts.Record(
        analysed_at=moment.replace(tzinfo=CITY),
        person=form.person.data or "",
        position=form.position.data or "",
        organization=form.organization.data or "",
        reasons=form.reasons.data or "",
    )
