"""Who acts for the teacher in a case, and by which document."""

from flask import abort, flash, redirect, request, url_for
from wtforms import EmailField, StringField

from ....models import Application, Representative, utc_now
from ...application import day
from ...cases import applying, attachments
from ...cases.applying import Scan
from ..acting import done
from ..layout import parts
from ..signing import TypedForm
from ..throttle import REPRESENTATIVE, tried
from .case import as_seen
from .cases import clause_address, mine
from .room import Answer, page, person, public


class RepresentativeForm(TypedForm):
    """A representative and the document."""

    full_name = StringField(str(Representative.full_name.verbose_name))
    document = StringField(
        str(Representative.document.verbose_name),
        description="Например, доверенность от 01.03.2026 № 5.",
    )
    expires_on = StringField(
        str(Representative.expires_on.verbose_name), description="Например, 01.03.2027. Если срока нет, оставьте пустым."
    )
    email = EmailField(
        "Электронная почта представителя",
        description="Если у представителя есть учётная запись, он увидит дело в своём кабинете. Можно не указывать.",
    )


@public.route("/applications/<int:id>/representative", methods=["GET", "POST"])
def representative(id: int) -> Answer:
    """Name a representative."""
    case, form = _asked(id), RepresentativeForm()
    if request.method == "POST":
        if (expires := day(form.expires_on.data or "")) is None and form.expires_on.data:
            form.expires_on.errors = ["Такой даты нет: напишите день, месяц и год цифрами, например 01.03.2027."]
            return _page(case, form), 422
        # Right ones count too, or an address that is known would wash away those that were guessed.
        if form.email.data:
            tried(REPRESENTATIVE, str(person().id))
        if done(
            lambda: applying.add_representative(
                as_seen(case),
                full_name=form.full_name.data or "",
                document=form.document.data or "",
                expires_on=expires,
                email=form.email.data or "",
                scan=_scan(),
                by=person(),
                on=utc_now(),
            )
        ):
            flash("Представитель указан. Документ проверят сотрудники.", "success")
            return redirect(url_for("account.representative", id=case.id))
        return _page(mine(id), form), 409
    return _page(case, form)


@public.post("/applications/<int:id>/representative/end")
def end_representative(id: int) -> Answer:
    """End the powers of the representative."""
    case = _asked(id)
    if done(lambda: applying.end_representative(as_seen(case), by=person(), on=utc_now())):
        flash("Полномочия представителя прекращены.", "success")
    return redirect(url_for("account.representative", id=id))


@public.post("/applications/<int:id>/representative/authority")
def bring_authority(id: int) -> Answer:
    """Attach a scan of the document of whoever acts already."""
    case, scan = _asked(id), _scan()
    if scan is None:
        flash("Выберите файл.", "error")
        return _page(case, RepresentativeForm(formdata=None)), 422
    if not done(lambda: applying.bring_authority(as_seen(case), scan, by=person(), on=utc_now())):
        return _page(mine(id), RepresentativeForm(formdata=None)), 409
    flash("Файл приложен. Документ проверят сотрудники.", "success")
    return redirect(url_for("account.representative", id=id), 303)


@public.post("/applications/<int:id>/representative/authority/<int:file_id>/remove")
def take_out_authority(id: int, file_id: int) -> Answer:
    """Take such a scan out."""
    case = _asked(id)
    if done(lambda: applying.take_out_authority(as_seen(case), file_id, by=person(), on=utc_now())):
        flash("Файл убран.", "success")
    return redirect(url_for("account.representative", id=id), 303)


def _scan() -> Scan | None:
    """The file that the submitted form carries; None for no file."""
    file = request.files.get("scan")
    return Scan(parts().settings.cases_dir, file.read(), file.filename) if file and file.filename else None


def _asked(id: int) -> Application:
    case = mine(id)
    if not applying.represented(case.edition):
        abort(404, "По этому порядку заявление подаёт только сам педагог.")
    return case


def _page(case: Application, form: RepresentativeForm) -> str:
    bounds = attachments.bounds_of(case.edition, attachments.AUTHORITY)
    return page(
        "representative.html",
        case=case,
        form=form,
        acting=applying.acting(case),
        own=case.applicant_id == person().id,
        scans=applying.authority(case),
        checked=applying.authority_checked(case),
        bounds=bounds,
        clause=clause_address(case.edition, bounds.clause),
    )
