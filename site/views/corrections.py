"""«Ошибка в распоряжении»: the request to correct a published order (3.7.1), and what has become of it."""

import secrets
from collections.abc import Mapping

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.wrappers import Response as AnyResponse
from wtforms import EmailField, StringField, TelField, TextAreaField

from ...models import Correction, Order, User, utc_now
from ...procedure.refusal import Refusal
from ...procedure.road import road
from ...procedure.terms import terms
from ..cases.calendar import office_calendar
from ..corrections import filing, moves
from ..dates import day_of
from ..fields import Mistakes
from . import throttle
from .account.cases import clause_address
from .layout import parts
from .personal import STALE, personal, token_holds, too_often
from .signing import TypedForm, signed_in
from .throttle import CORRECTION, Wait, tried

public = Blueprint("corrections", __name__)


class CorrectionForm(TypedForm):
    """What 3.7.1 asks for: who writes, which order, what is wrong in it; and where to answer."""

    full_name = StringField(str(Correction.full_name.verbose_name))
    representative = StringField(
        str(Correction.representative.verbose_name),
        description="Если пишете не за себя: фамилия, имя, отчество и документ о полномочиях. Можно не указывать.",
    )
    email = EmailField(
        str(Correction.email.verbose_name), description="Сюда придут номер и ответ. Нужен хотя бы один способ связи."
    )
    phone = TelField(str(Correction.phone.verbose_name), description="Можно не указывать.")
    postal_address = StringField(str(Correction.postal_address.verbose_name), description="Можно не указывать.")
    order_number = StringField(str(Correction.order_number.verbose_name), description="Например, 145-р.")
    order_on = StringField(str(Correction.order_on.verbose_name), description="Например, 26.03.2026.")
    line = StringField(str(Correction.line.verbose_name), description="Номер по порядку, если знаете.")
    errors_text = TextAreaField(
        str(Correction.errors.verbose_name), description="Например: «Напечатано „Иванва“, правильно „Иванова“».", name="errors"
    )

    def said(self) -> dict[str, str]:
        """The fields by the names of the columns."""
        return {name: request.form.get(name, "") for name in filing.FIELDS}

    def blame(self, errors: Mapping[str, str]) -> None:
        """Say at each field what is wrong with it."""
        for name, sentence in errors.items():
            self[_FIELD.get(name, name)].errors = [sentence]


# A form has errors of its own: the column of this name is another field there.
_FIELD = {"errors": "errors_text"}


@public.record_once
def no_token(state: BlueprintSetupState) -> None:
    """The form asks for its token itself, or a long text would be lost."""
    state.app.extensions["csrf"].exempt(f"{__name__}.{submit.__name__}")


@public.before_request
def only_where_taken() -> None:
    """Only where the procedure of this installation says how orders are corrected."""
    if not moves.taken(_edition()):
        abort(404, "По этому порядку запросы на сайте не принимают: напишите нам или позвоните.")


@public.get("/corrections/new")
def new() -> Response:
    """The form; of the order and the row that a page named, and with the name of whoever is signed in."""
    return personal(_page(CorrectionForm(data=_known(signed_in())), key=secrets.token_hex(16)))


@public.post("/corrections/new")
def submit() -> AnyResponse:
    """File the request; a second press finds it filed."""
    form, key = CorrectionForm(), request.form.get("key", "")[:64]
    if present := filing.sent(key):
        return _to(present)
    if not token_holds():
        return personal(_page(form, key=key, refusal=STALE), 400)
    try:
        attempt = tried(CORRECTION, "form")
    except Wait as wait:
        return too_often(_page(form, key=key, refusal=throttle.sentence(wait.pause, "запросов подряд")), wait)
    try:
        return _to(filing.submit(form.said(), token=key, edition=_edition(), by=signed_in(), on=utc_now()))
    except Mistakes as mistakes:
        attempt.drop()
        form.blame(mistakes.errors)
        return personal(_page(form, key=key, errors=mistakes.errors), 422)
    except Refusal as refusal:
        attempt.drop()
        return personal(_page(form, key=key, refusal=refusal.sentence), 422)


@public.get("/corrections/<key>")
def told(key: str) -> Response:
    """Where the request stands; only whoever sent it knows this address."""
    correction = filing.sent(key)
    if correction is None:
        abort(404, "Запроса по этому адресу нет: проверьте, весь ли адрес скопирован.")
    whole = road(moves.RECORD, correction.edition)
    amending = correction.amending if correction.amending_id else None
    page = render_template(
        "corrections/told.html",
        correction=correction,
        status=whole.status(correction.status),
        deadlines=moves.deadlines(correction, day_of(utc_now()), office_calendar()),
        days=[(event.title, day) for event in whole.events if (day := getattr(correction, moves.DAYS[event.name]))],
        amending=amending if amending and amending.status in road("order").public else None,
        clause=lambda number: clause_address(correction.edition, number),
    )
    return personal(page)


def _known(user: User | None) -> dict[str, str]:
    """What the address of the page and the cabinet say already."""
    known = {"full_name": user.full_name, "email": user.email or "", "phone": user.phone} if user else {}
    number, year, line = (request.args.get(name, "").replace("\0", "") for name in ("number", "year", "row"))
    if year.isdecimal() and len(year) == 4 and (order := Order.at(int(year), number[:40]).first()):
        known |= {"order_number": order.number or "", "order_on": f"{order.registered_on:%d.%m.%Y}", "line": line[:6]}
    return known


def _page(form: CorrectionForm, *, key: str, errors: Mapping[str, str] | None = None, refusal: str = "") -> str:
    return render_template(
        "corrections/new.html",
        form=form,
        key=key,
        faults=[(form[_FIELD.get(name, name)], sentence) for name, sentence in (errors or {}).items()],
        refusal=refusal,
        term=terms(_edition(), moves.RECORD).term("correction"),
        clause=lambda number: clause_address(_edition(), number),
    )


def _to(correction: Correction) -> AnyResponse:
    return redirect(url_for("corrections.told", key=correction.token), 303)


def _edition() -> str:
    return parts().settings.procedure
