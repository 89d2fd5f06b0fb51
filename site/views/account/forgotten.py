"""A forgotten password: a letter with a link, and the page of that link."""

from flask import flash, redirect, request, url_for
from wtforms import EmailField, PasswordField

from ....models import User, utc_now
from ....procedure.refusal import Refusal
from ...accounts import resets, tokens
from ...accounts.addresses import login_key
from ...accounts.tokens import Purpose
from .. import signing
from ..acting import attempt
from ..signing import TypedForm
from ..throttle import RESET, tried
from .opening import NEW_PASSWORD_HINT, sent
from .room import Answer, links, open_to_strangers, page, public


class ResetForm(TypedForm):
    """Whose password is forgotten."""

    email = EmailField(str(User.email.verbose_name), description="Адрес, который указан в вашей учётной записи.")


class NewPasswordForm(TypedForm):
    """The new one."""

    password = PasswordField("Новый пароль", description=NEW_PASSWORD_HINT)


@public.route("/reset", methods=["GET", "POST"])
@open_to_strangers
def reset() -> Answer:
    """Ask for a link. The answer is the same for every address, and five tries at one tell nothing by their time either."""
    form = ResetForm()
    if request.method == "GET":
        return page("reset.html", form=form)
    email = form.email.data or ""
    tried(RESET, login_key(email)[:254])
    address = attempt(lambda: resets.ask_reset(email, links=links(), on=utc_now()))
    return sent(address, Purpose.RESET) if address else (page("reset.html", form=form), 409)


@public.route("/reset/<token>", methods=["GET", "POST"])
@open_to_strangers
def new_password(token: str) -> Answer:
    """The page of the link: signing in follows, with a code where that is turned on."""
    try:
        email = tokens.living(token, Purpose.RESET, on=utc_now()).email
    except Refusal as refusal:
        return page("link_over.html", sentence=refusal.sentence), 410
    form = NewPasswordForm()
    if request.method == "GET":
        return page("new_password.html", form=form, email=email)
    if attempt(lambda: resets.reset(token, password=form.password.data or "", links=links(), on=utc_now())):
        signing.end()
        flash("Новый пароль задан, все прежние сеансы завершены. Войдите с новым паролем.", "success")
        return redirect(url_for("account.login"))
    return page("new_password.html", form=form, email=email), 409
