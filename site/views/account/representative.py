"""Who acts for the teacher in a case, and by which document."""

from flask import abort, flash, redirect, request, url_for
from wtforms import EmailField, StringField

from ....models import Application, Representative, utc_now
from ...application import day
from ...cases import applying
from ..acting import done
from ..signing import TypedForm
from ..throttle import REPRESENTATIVE, tried
from .case import as_seen
from .cases import mine
from .room import Answer, page, person, public


class RepresentativeForm(TypedForm):
    """A representative and the document."""

    full_name = StringField(str(Representative.full_name.verbose_name))
    document = StringField(
        str(Representative.document.verbose_name),
        description="Например, доверенность от 01.03.2026 № 5. Сам документ покажут на приёме.",
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


def _asked(id: int) -> Application:
    case = mine(id)
    if not applying.represented(case.edition):
        abort(404, "По этому порядку заявление подаёт только сам педагог.")
    return case


def _page(case: Application, form: RepresentativeForm) -> str:
    own = case.applicant_id == person().id
    return page("representative.html", case=case, form=form, acting=applying.acting(case), own=own)
