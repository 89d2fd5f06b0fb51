# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The minutes of a sitting: their versions as files, who has signed, opening them again, announcing what was decided."""

from flask import Response, abort, flash, jsonify, redirect, url_for
from flask_admin import expose
from wtforms import SelectMultipleField
from wtforms.fields.choices import SelectChoice
from wtforms.widgets import CheckboxInput, ListWidget

from ....models import Job, Minutes, MinutesSignature, Sitting, utc_now
from ....procedure.road import road
from ....site import files
from ....site.dates import day_of
from ....site.figures import plural
from ....site.views.layout import parts
from ...access import Permission, may
from ...acts.commission import minutes as acts
from ...acts.commission import moves, session
from ...acts.commission.terms import deadlines
from ...login import TypedForm
from ..base import Answer, Desk, attempt, done, invalid, person, refused_status, seen_version
from ..cases.due import MARKS
from ..forms import DayField, ReasonForm
from ..progress import Progress
from .lookup import impartial


class SignatureForm(TypedForm):
    """Who has signed, and when."""

    members = SelectMultipleField(
        "Подписали", coerce=int, validate_choice=False, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput()
    )
    signed_on = DayField("День подписания")


class MinutesPages(Desk):
    """Pages under `/admin/sittings/<id>/minutes/`."""

    KEEPING = ("sign", "take_back_signature", "print_minutes", "reopen", "release")

    @expose("/<int:id>/minutes/")
    def minutes(self, id: int) -> Answer:
        """All versions, the newest first."""
        return self._minutes_page(impartial(id))

    @expose("/<int:id>/minutes/<int:number>.pdf")
    def minutes_pdf(self, id: int, number: int) -> Answer:
        """The frozen file of a version."""
        version = _version(impartial(id), number)
        if not version.pdf_sha256:
            abort(404, "Протокол ещё не изготовлен.")
        try:
            data = files.read(parts().settings.minutes_dir, version.pdf_sha256)
        except OSError:
            abort(503, "Файл протокола не читается. Сообщите администратору.")
        name = f"protokol-{id}-{number}.pdf"
        return Response(data, mimetype="application/pdf", headers={"Content-Disposition": f"inline; filename={name}"})

    @expose("/<int:id>/minutes/progress")
    def minutes_progress(self, id: int) -> Answer:
        """How the making of the newest version goes, for the script of the page."""
        last = impartial(id).last_minutes()
        if last is None:
            abort(404)
        now = _progress(last)
        return jsonify(state=now.state, sentence=now.sentence, moving=now.moving, done=now.done, total=now.total)

    @expose("/<int:id>/minutes/sign", methods=("POST",))
    def sign(self, id: int) -> Answer:
        """Mark signatures."""
        sitting, form = impartial(id), SignatureForm()
        if not invalid(form):
            day, chosen = form.signed_on.data, form.members.data or []
            count = attempt(lambda: acts.sign(sitting, chosen, day, by=person(), on=utc_now()))
            if count:
                flash(f"Отмечено: {plural(count, 'подпись', 'подписи', 'подписей')}.", "success")
                return redirect(url_for(".minutes", id=id), 303)
        return self._minutes_page(impartial(id), signature_form=form), refused_status(form)

    @expose("/<int:id>/minutes/signatures/<int:member>/remove", methods=("POST",))
    def take_back_signature(self, id: int, member: int) -> Answer:
        """Take a mark back that was made by mistake."""
        sitting = impartial(id)
        if done(lambda: acts.take_back_signature(sitting, member, by=person(), on=utc_now())):
            return redirect(url_for(".minutes", id=id), 303)
        return self._minutes_page(impartial(id)), 409

    @expose("/<int:id>/minutes/print", methods=("POST",))
    def print_minutes(self, id: int) -> Answer:
        """Have the newest version printed again after a failure."""
        sitting = impartial(id)
        last = sitting.last_minutes() or abort(404)
        if done(lambda: session.request_minutes(last, by=person(), on=utc_now())):
            return redirect(url_for(".minutes", id=id), 303)
        return self._minutes_page(impartial(id)), 409

    @expose("/<int:id>/minutes/reopen", methods=("POST",))
    def reopen(self, id: int) -> Answer:
        """Open the minutes again for a reason."""
        sitting, seen, form = impartial(id), seen_version(), ReasonForm()
        if not invalid(form):
            reason = form.reason.data or ""
            if done(lambda: session.reopen(moves.as_seen(sitting, seen), reason, by=person(), on=utc_now())):
                flash(moves.move_of(sitting, moves.REOPEN).done, "success")
                return redirect(url_for(".run", id=id), 303)
        return self._minutes_page(impartial(id), reason_form=form), refused_status(form)

    @expose("/<int:id>/minutes/release", methods=("POST",))
    def release(self, id: int) -> Answer:
        """Announce what was decided; letters leave."""
        sitting, seen = impartial(id), seen_version()
        if session.RELEASE not in {move.verb for move in road(moves.SUBJECT, sitting.edition).moves}:
            abort(404)
        count = attempt(lambda: session.release(moves.as_seen(sitting, seen), by=person(), on=utc_now()))
        if count is not None:
            flash(f"Решения объявлены: {plural(count, 'дело', 'дела', 'дел')}. Педагогам отправлены письма.", "success")
            return redirect(url_for(".minutes", id=id), 303)
        return self._minutes_page(impartial(id)), 409

    def _minutes_page(
        self,
        sitting: Sitting,
        signature_form: SignatureForm | None = None,
        reason_form: ReasonForm | None = None,
    ) -> str:
        now = utc_now()
        versions = list(sitting.minutes.order_by(Minutes.number.desc()))
        last = versions[0] if versions else None
        form = signature_form or SignatureForm(formdata=None, signed_on=day_of(now))
        awaited = last.unsigned() if last else []
        form.members.choices = [SelectChoice(str(id), acts.names(last, [id])) for id in awaited if last]
        if signature_form is None:
            form.members.data = awaited
        opened = {move.verb: move for move in moves.open_moves(sitting, person())}
        facts = sitting.observe(day_of(now))
        whole = road(moves.SUBJECT, sitting.edition)
        return self.render(
            "desk/commission/minutes.html",
            sitting=sitting,
            status=whole.status(sitting.status),
            versions=versions,
            last=last,
            progress=_progress(last) if last else None,
            runs=may(person(), Permission.RUN_SITTINGS),
            signs=acts.SIGN in opened and last is not None and last.pdf_sha256 is not None,
            signatures=_signatures(last) if last else [],
            awaited=awaited,
            names=acts.names,
            form=form,
            reason_form=reason_form or ReasonForm(formdata=None),
            reopens=opened.get(moves.REOPEN),
            kept=whole.missing(opened[moves.REOPEN], facts) if moves.REOPEN in opened else (),
            releases=opened.get(session.RELEASE),
            lacking=whole.missing(opened[session.RELEASE], facts) if session.RELEASE in opened else (),
            deadlines=deadlines(sitting, day_of(now)),
            marks=MARKS,
        )


def _version(sitting: Sitting, number: int) -> Minutes:
    version: Minutes | None = sitting.minutes.where(Minutes.number == min(number, 2**31 - 1)).first()
    return version or abort(404, "Такой версии протокола нет.")


def _signatures(version: Minutes) -> list[MinutesSignature]:
    """The marks on a version, in the order of its sheet; one query."""
    order = {member: place for place, member in enumerate(version.told["signers"])}
    return sorted(version.signatures, key=lambda mark: order[mark.member_id])


def _progress(version: Minutes) -> Progress:
    if version.pdf_sha256:
        return Progress("ready", "Протокол изготовлен и зафиксирован.")
    job = Job.latest(acts.JOB, version.id)
    if job is None or job.state in {"done", "failed"}:
        return Progress("failed", f"Изготовить протокол не удалось. {job.error if job else ''}".strip())
    if job.state == "queued":
        return Progress("queued", "Протокол ждёт очереди на изготовление.")
    return Progress("running", "Протокол изготавливается.", job.done, job.total)
