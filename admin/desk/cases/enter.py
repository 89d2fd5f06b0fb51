# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""Applications that came on paper: the page that enters them, their scans, and two applications that are one."""

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from wtforms.fields.choices import SelectChoice

from ....models import Application, CaseFile, database, utc_now
from ....procedure.refusal import Refusal
from ....procedure.road import road
from ....procedure.terms import terms
from ....procedure.words import Channel
from ....site.cases import answers, attachments, folder
from ....site.cases import moves as case_moves
from ....site.cases.people import roles_in
from ....site.cases.sight import entered
from ....site.dates import day_of
from ....site.views.layout import parts
from ...acts.cases import entering, intake
from ..base import Answer, Desk, attempt, done, invalid, person, refused_status, seen_version
from . import forms
from .finding import seen_case


class EnterPages(Desk):
    """The pages on which the office writes for the teacher."""

    @expose("/enter", methods=("GET", "POST"))
    def enter(self) -> Answer:
        """An application from paper. Whoever looks the same is shown first; the same form sent again with a word enters it."""
        edition = parts().settings.procedure
        channels = entering.channels(edition)
        if not channels:
            abort(404, "По этому порядку заявления подают только через личный кабинет.")
        form = forms.EnterForm()
        form.channel.choices = [SelectChoice(one.value, one.label) for one in channels]
        if request.method == "GET":
            form.channel.data, form.way.data = channels[0].value, "electronic"
            return self._enter_page(form, [])
        if invalid(form):
            return self._enter_page(form, []), 422
        named = form.surname.data or "", form.name.data or "", form.born_on.data, form.position.data or ""
        alike = entering.alike(*named) if "anyway" not in request.form else []
        if alike:
            flash("Похоже, это заявление уже есть. Сверьте его с найденными и, если оно другое, внесите ещё раз.", "error")
            return self._enter_page(form, alike), 409
        made = attempt(lambda: entering.enter(form.brought(), edition=edition, by=person(), on=utc_now()))
        if made is None:
            return self._enter_page(form, []), 409
        return self._take_over(made)

    @expose("/<int:id>/files", methods=("GET", "POST"))
    def scan(self, id: int) -> Answer:
        """Put a scan into a case that came on paper."""
        application = seen_case(id)
        kinds = kinds_brought(application)
        if not kinds:
            abort(403)
        form = forms.ScanForm()
        form.kind.choices = [SelectChoice(name, attachments.KINDS[name].title) for name in kinds]
        if request.method == "GET":
            form.kind.data = kinds[0]
        elif not invalid(form) and done(lambda: _bring(application, form)):
            flash("Файл приложен.", "success")
            return redirect(url_for(".case", id=id, _anchor="files"))
        bounds = attachments.bounds_of(application.edition, kinds[0])
        page = self.render("desk/cases/scan.html", case=application, form=form, megabytes=bounds.megabytes)
        return page if request.method == "GET" else (page, refused_status(form))

    @expose("/<int:id>/merge/<int:other>", methods=("GET", "POST"))
    def merge(self, id: int, other: int) -> Answer:
        """Hand this application over to another one of the same person."""
        duplicate, into = seen_case(id), seen_case(other)
        form = forms.MergeForm()
        if request.method == "POST" and not invalid(form):
            seen = seen_version(), request.form.get("into_version", type=int)
            if done(lambda: _merge(duplicate, into, seen, form.reason.data or "")):
                flash(f"Заявление {duplicate} объединено с этим. Его номер теперь ведёт сюда.", "success")
                return redirect(url_for(".case", id=other))
        status = refused_status(form) if request.method == "POST" else 200
        pair = [(one, road("application", one.edition).statuses[one.status]) for one in (seen_case(id), seen_case(other))]
        return self.render("desk/cases/merge.html", pair=pair, form=form), status

    def _enter_page(self, form: forms.EnterForm, alike: list[Application]) -> str:
        edition = parts().settings.procedure
        whole = road("application", edition)
        return self.render(
            "desk/cases/enter.html",
            form=form,
            alike=[(one, whole.statuses[one.status]) for one in alike],
            positions=answers.positions(),
            limit=terms(edition).limit(entering.SHEETS),
            drafts=list(entered().limit(50)),
        )

    def _take_over(self, made: Application) -> Answer:
        """Take the draft over at once, if nothing is missing for that; otherwise its page says what to do first."""
        verb = intake.ACCEPTS[Channel(made.channel)]
        try:
            filed_on = made.filed_on or day_of(utc_now())
            intake.accept(made, filed_on=filed_on, by=person(), on=utc_now())
        except Refusal as refusal:
            flash(f"Внесённое сохранено как черновик. {refusal.sentence}", "warning")
        else:
            flash(f"{case_moves.move_of(made, verb).done} Номер {made.number}.", "success")
        return redirect(url_for(".case", id=made.id))


def kinds_brought(application: Application) -> list[str]:
    """The kinds of files that this person may bring into the case now, the folder's first."""
    user, today = person(), day_of(utc_now())
    roles = roles_in(application, user, today)
    if application.merged_into_id or road("application", application.edition).status(application.status).final:
        return []
    desk_kinds = {name: kind for name, kind in attachments.KINDS.items() if name != attachments.CONCLUSION}
    mine = [name for name, kind in desk_kinds.items() if roles & kind.brought_by]
    if application.channel == Channel.PORTAL:
        return [name for name in mine if name == attachments.OTHER]
    return [name for name in mine if name != attachments.PORTFOLIO or folder.may_change(application, user, today)]


def _bring(application: Application, form: forms.ScanForm) -> CaseFile:
    """The file in the case; a document of the folder as a new line of its inventory. Nothing of it when it is refused."""
    upload = request.files.get("file")
    if not upload or not upload.filename:
        raise Refusal("Выберите файл.")
    data, by, on = upload.read(), person(), utc_now()
    place = parts().settings.cases_dir
    if form.kind.data != attachments.PORTFOLIO:
        return attachments.attach(application, form.kind.data, place, data=data, name=upload.filename, by=by, on=on)
    with database.atomic():
        line = folder.add(application, folder.Line(title=form.title.data or ""), by=by, on=on)
        return folder.bring(application, line.id, place, data=data, name=upload.filename, by=by, on=on)


def _merge(duplicate: Application, into: Application, seen: tuple[int | None, int | None], reason: str) -> Application:
    one, two = case_moves.as_seen(duplicate, seen[0]), case_moves.as_seen(into, seen[1])
    return entering.merge(one, two, reason=reason, by=person(), on=utc_now())
