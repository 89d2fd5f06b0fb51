"""Opening an account and confirming an address: the page of a link asks, its form does; who only looks uses nothing up."""

from flask import flash, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import EmailField, PasswordField, StringField

from ....models import User, utc_now
from ....procedure.refusal import Refusal
from ...accounts import profile, registration, tokens
from ...accounts.addresses import login_key
from ...accounts.tokens import Purpose
from ...passwords import SHORTEST
from .. import signing
from ..acting import attempt, done
from ..signing import TypedForm, signed_in
from ..throttle import REGISTER, tried
from .room import Answer, links, open_to_strangers, page, public

NEW_PASSWORD_HINT = f"Не короче {SHORTEST} знаков, лучше фраза из нескольких слов."
ADDRESS_HINT = "На этот адрес придёт письмо со ссылкой. Он станет именем для входа."
_SENT = "letter_sent"


class RegisterForm(TypedForm):
    """Who wants an account."""

    full_name = StringField(str(User.full_name.verbose_name), description="Как в паспорте.")
    email = EmailField(str(User.email.verbose_name), description=ADDRESS_HINT)


class OpenForm(TypedForm):
    """What opens the account of a proved address."""

    full_name = StringField(str(User.full_name.verbose_name))
    password = PasswordField("Пароль", description=NEW_PASSWORD_HINT)


@public.route("/register", methods=["GET", "POST"])
@open_to_strangers
def register() -> Answer:
    """Ask for an account."""
    if signed_in():
        return redirect(url_for("account.home"))
    form = RegisterForm()
    if request.method == "GET":
        return page("register.html", form=form)
    email = form.email.data or ""
    tried(REGISTER, login_key(email)[:254])
    address = attempt(lambda: registration.register(email, form.full_name.data or "", links=links(), on=utc_now()))
    return sent(address, Purpose.CONFIRM) if address else (page("register.html", form=form), 409)


@public.get("/sent")
@open_to_strangers
def letter_sent() -> Answer:
    """Where to look for the letter that was asked for, whether or not there is an account."""
    address, purpose = session.get(_SENT) or ("", "")
    if not address:
        return redirect(url_for("account.login"))
    return page("sent.html", address=address, purpose=Purpose(purpose))


@public.route("/confirm/<token>", methods=["GET", "POST"])
@open_to_strangers
def confirm(token: str) -> Answer:
    """The link of a letter that proves an address: of a new account, or a new one of an account there is."""
    try:
        found = tokens.living(token, Purpose.CONFIRM, Purpose.CHANGE_EMAIL, on=utc_now())
    except Refusal as refusal:
        return page("link_over.html", sentence=refusal.sentence), 410
    return _open(token, found.email, found.full_name) if found.purpose == Purpose.CONFIRM else _change_email(token, found.email)


def sent(address: str, purpose: Purpose) -> AnyResponse:
    """Send the visitor to the page that tells where to look for the letter."""
    session[_SENT] = [address, purpose.value]
    return redirect(url_for("account.letter_sent"))


def _open(token: str, email: str, full_name: str) -> Answer:
    form = OpenForm(full_name=full_name)
    if request.method == "POST":
        given = {"full_name": form.full_name.data or "", "password": form.password.data or ""}
        user = attempt(lambda: registration.confirm(token, **given, on=utc_now()))
        if user:
            signing.begin(user)
            flash("Учётная запись открыта, вы вошли.", "success")
            return redirect(url_for("account.home"))
    return page("open.html", form=form, email=email), 409 if request.method == "POST" else 200


def _change_email(token: str, email: str) -> Answer:
    if request.method == "POST" and done(lambda: profile.change_email(token, on=utc_now())):
        flash(f"Адрес {email} подтверждён: письма теперь приходят на него.", "success")
        return redirect(url_for("account.profile"))
    return page("new_email.html", email=email), 409 if request.method == "POST" else 200
