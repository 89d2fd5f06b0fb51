# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""Inspections: the list with its two forms, one inspection case by case, its act."""

import datetime as dt
import secrets
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from peewee import Case, fn
from wtforms import IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from ....models import Application, InspectedCase, Inspection, Job, utc_now
from ....procedure.control import Checklist, checklist
from ....procedure.numbers import WrongNumber, parse
from ....site.cases.sight import at_desk
from ....site.control import samples, scrutiny
from ....site.dates import day_of
from ...acts.control import inspections as acts
from ...login import TypedForm
from ..base import Answer, Desk, attempt, done, found, invalid, person, refused_status, seen_version
from ..forms import ConfirmForm
from .acts import pdf, printing

LISTED = 200
# The pages of this module by the names of their methods.
PAGES = (
    *("inspections", "appoint", "appoint_unscheduled", "inspection", "close", "print_inspection"),
    *("inspected_case", "inspection_act"),
)


class PlannedForm(TypedForm):
    """A sample of a quarter."""

    year = IntegerField("Год", validators=[InputRequired("Укажите год.")])
    quarter = SelectField("Квартал", choices=[SelectChoice(str(n), name) for n, name in enumerate(samples.QUARTERS, 1)])
    percent = IntegerField("Сколько дел, процентов", validators=[Optional()])


class UnscheduledForm(TypedForm):
    """A check of one case."""

    number = StringField("Номер заявления", validators=[InputRequired("Укажите номер заявления.")])
    basis = StringField(
        "Основание",
        validators=[InputRequired("Напишите, почему проверяется дело.")],
        description="Например, номер и дата жалобы. Фамилий не пишите: основание остаётся в журнале и в акте.",
    )


class CloseForm(TypedForm):
    """The end of an inspection."""

    proposals = TextAreaField("Предложения по устранению недостатков", description="Общие для всей проверки; войдут в акт.")


def answer_form(known: Checklist) -> type[TypedForm]:
    """A form with every question of the checklist."""
    choices = [SelectChoice(one.name, one.title) for one in known.answers]
    asked: dict[str, Any] = {
        one.name: RadioField(
            f"{one.title}{f' (пункт {one.clause})' if one.clause else ''}",
            choices=choices,
            description=one.remark,
            validators=[InputRequired("Ответьте на этот вопрос.")],
        )
        for one in known.questions
    }
    asked["remarks"] = TextAreaField("Выявленные недостатки", description="Обязательны, если найдено нарушение.")
    asked["proposals"] = TextAreaField("Предложения по устранению")
    return type("AnswerForm", (TypedForm,), asked)


class InspectionPages(Desk):
    """Pages under `/admin/control/inspections/`."""

    @expose("/inspections/")
    def inspections(self) -> Answer:
        """All inspections, the latest first, and the forms that appoint new ones."""
        begins, _ends = samples.days_of(*samples.quarter_of(day_of(utc_now())))
        year, quarter = samples.quarter_of(begins - dt.timedelta(days=1))
        planned = PlannedForm(formdata=None, year=year, quarter=str(quarter), percent=checklist().sample.percent)
        return self._inspections_page(planned, UnscheduledForm(formdata=None, number=request.args.get("case", "")[:20]))

    @expose("/inspections/", methods=("POST",))
    def appoint(self) -> Answer:
        """Draw a sample."""
        form = PlannedForm()
        if not invalid(form):
            made = attempt(
                lambda: acts.appoint_planned(
                    form.year.data or 0,
                    int(form.quarter.data),
                    percent=form.percent.data,
                    seed=secrets.token_hex(8),
                    by=person(),
                    on=utc_now(),
                )
            )
            if made:
                flash(f"Выбрано дел: {made.cases.count()} из {made.population}.", "success")
                return redirect(url_for(".inspection", id=made.id), 303)
        return self._inspections_page(form, UnscheduledForm(formdata=None)), refused_status(form)

    @expose("/inspections/unscheduled", methods=("POST",))
    def appoint_unscheduled(self) -> Answer:
        """Have one case checked."""
        form = UnscheduledForm()
        if not invalid(form):
            application = _numbered(form.number.data or "")
            if application is None:
                form.number.errors = ["Такого дела нет: проверьте номер."]
            else:
                basis = form.basis.data or ""
                made = attempt(lambda: acts.appoint_unscheduled(application, basis, by=person(), on=utc_now()))
                if made:
                    return redirect(url_for(".inspection", id=made.id), 303)
        return self._inspections_page(PlannedForm(formdata=None), form), refused_status(form)

    @expose("/inspections/<int:id>/")
    def inspection(self, id: int) -> Answer:
        """The cases of an inspection, checked and not."""
        inspection = found(Inspection, id)
        return self._inspection_page(inspection, CloseForm(formdata=None, proposals=inspection.proposals))

    @expose("/inspections/<int:id>/close", methods=("POST",))
    def close(self, id: int) -> Answer:
        """End it and have the act printed."""
        inspection, version, form = found(Inspection, id), seen_version(), CloseForm()
        if not invalid(form):
            said = form.proposals.data or ""
            if done(lambda: acts.close(acts.as_seen(inspection, version), said, by=person(), on=utc_now())):
                flash("Проверка закончена, акт изготавливается.", "success")
                return redirect(url_for(".inspection", id=id), 303)
        return self._inspection_page(found(Inspection, id), form), refused_status(form)

    @expose("/inspections/<int:id>/print", methods=("POST",))
    def print_inspection(self, id: int) -> Answer:
        """Print the act again after a failure."""
        inspection = found(Inspection, id)
        if done(lambda: acts.print_again(inspection, by=person(), on=utc_now())):
            return redirect(url_for(".inspection", id=id), 303)
        return self._inspection_page(inspection, CloseForm(formdata=None)), 409

    @expose("/inspections/<int:id>/act.pdf")
    def inspection_act(self, id: int) -> Answer:
        """The frozen act."""
        return pdf(found(Inspection, id).act_sha256, f"akt-proverki-{id}.pdf")

    @expose("/inspections/<int:id>/<int:place>/", methods=("GET", "POST"))
    def inspected_case(self, id: int, place: int) -> Answer:
        """One case: what the system notices, every question, remarks and proposals."""
        one = _placed(id, place)
        known = checklist()
        form = answer_form(known)(data={**one.answers, "remarks": one.remarks, "proposals": one.proposals})
        if request.method == "GET":
            return self._case_page(one, known, form)
        version = seen_version()
        if not invalid(form):
            given = {question.name: form[question.name].data for question in known.questions}
            said = {"remarks": form["remarks"].data or "", "proposals": form["proposals"].data or ""}
            if done(lambda: acts.answer(acts.case_as_seen(one, version), given, **said, by=person(), on=utc_now())):
                flash(f"Дело {one.application} проверено.", "success")
                following = acts.unanswered(one.inspection).first()
                if following:
                    return redirect(url_for(".inspected_case", id=id, place=following.place), 303)
                return redirect(url_for(".inspection", id=id), 303)
        return self._case_page(_placed(id, place), known, form), refused_status(form)

    # --- Pages ---

    def _inspections_page(self, planned: PlannedForm, unscheduled: UnscheduledForm) -> str:
        checked = fn.COALESCE(fn.SUM(Case(None, [(InspectedCase.checked_at.is_null(False), 1)], 0)), 0)
        rows = (
            Inspection.select(Inspection, fn.COUNT(InspectedCase.id).alias("cases_in_all"), checked.alias("cases_checked"))
            .join(InspectedCase)
            .group_by(Inspection)
            .order_by(Inspection.id.desc())
            .limit(LISTED)
        )
        return self.render(
            "desk/control/inspections.html",
            rows=list(rows),
            kinds=acts.KINDS,
            planned=planned,
            unscheduled=unscheduled,
            rules=checklist().sample,
        )

    def _inspection_page(self, inspection: Inspection, form: CloseForm) -> str:
        cases = inspection.cases.select(InspectedCase, Application).join(Application).order_by(InspectedCase.place)
        rows = list(cases)
        known = checklist()
        return self.render(
            "desk/control/inspection.html",
            inspection=inspection,
            kind=acts.KINDS[inspection.kind],
            rows=[(one, sum(known.answer(word).explained for word in one.answers.values())) for one in rows],
            left=sum(one.checked_at is None for one in rows),
            method=samples.METHOD,
            printing=printing(inspection.act_sha256, Job.latest(acts.JOB, inspection.id)) if inspection.closed_at else None,
            form=form,
            confirm=ConfirmForm(formdata=None),
        )

    def _case_page(self, one: InspectedCase, known: Checklist, form: TypedForm) -> str:
        application, today = one.application, day_of(utc_now())
        open_one = one.inspection.closed_at is None
        mine = at_desk(application, person(), today)
        if open_one and not mine:
            abort(404)
        noticed = scrutiny.noticed(application, today) if open_one else one.noticed
        return self.render(
            "desk/control/case.html",
            one=one,
            case=application,
            inspection=one.inspection,
            open=open_one,
            mine=mine,
            questions=known.questions,
            answers={answer.name: answer.title for answer in known.answers},
            noticed=noticed,
            form=form,
        )


def _placed(id: int, place: int) -> InspectedCase:
    found(Inspection, id)
    rows = InspectedCase.select(InspectedCase, Inspection, Application).join(Inspection).switch(InspectedCase)
    mine = rows.join(Application).where(InspectedCase.inspection == id, InspectedCase.place == min(place, acts.LONGEST_TEXT))
    one: InspectedCase | None = mine.first()
    if one is None:
        abort(404, "Такого дела в этой проверке нет.")
    return one


def _numbered(typed: str) -> Application | None:
    try:
        number = str(parse(typed))
    except WrongNumber:
        return None
    application: Application | None = Application.get_or_none(Application.number == number)
    if application is not None and application.merged_into_id:
        application = application.merged_into
    if application is None or not at_desk(application, person(), day_of(utc_now())):
        return None
    return application
