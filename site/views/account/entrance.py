"""The way into the cabinet and out of it: the password, then a code where the person has turned that on."""

import datetime as dt

from flask import Response, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import PasswordField, StringField

from ....models import User, utc_now
from ...accounts import second_factor
from .. import signing, throttle
from ..signing import TypedForm, signed_in
from ..throttle import CODE, tried
from .room import Answer, open_to_strangers, page, public


class SignInForm(TypedForm):
    """Address or name, and password."""

    login = StringField("Адрес электронной почты или имя для входа")
    password = PasswordField("Пароль")


class CodeForm(TypedForm):
    """The second step."""

    code = StringField("Код", description="Шесть цифр из приложения или один из резервных кодов.")


@public.route("/login", methods=["GET", "POST"])
@open_to_strangers
def login() -> Answer:
    """The sign-in page."""
    wanted = local_path(request.args.get("next"))
    if signed_in():
        return redirect(wanted)
    form = SignInForm()
    if request.method == "GET":
        return page("login.html", form=form), 200
    try:
        user = signing.by_password(form.login.data or "", form.password.data or "")
    except throttle.Wait as wait:
        return _wait("login.html", form, wait.pause, "неудачных попыток входа")
    if user is None:
        flash(signing.WRONG, "error")
        return page("login.html", form=form), 403
    return enter(user, wanted)


def enter(user: User, wanted: str) -> AnyResponse:
    """Let in whoever has proved who they are; a code first where the person has turned that on."""
    if user.totp_secret:
        signing.begin_second_step(user, wanted)
        return redirect(url_for("account.code"))
    signing.begin(user)
    return redirect(wanted)


@public.route("/code", methods=["GET", "POST"])
@open_to_strangers
def code() -> Answer:
    """The second step of signing in, to cabinet and office alike."""
    waiting = signing.second_step()
    if waiting is None:
        flash("Время на ввод кода вышло. Войдите заново.", "error")
        return redirect(url_for("account.login"))
    user, wanted = waiting
    form = CodeForm()
    if request.method == "GET":
        return page("code.html", form=form), 200
    try:
        attempt = tried(CODE, str(user.id))
    except throttle.Wait as wait:
        return _wait("code.html", form, wait.pause, "неверных кодов")
    if not second_factor.accepts(user, form.code.data or "", key=signing.secret_key(), on=utc_now()):
        flash("Код не подошёл. Проверьте время на телефоне и введите новый код.", "error")
        return page("code.html", form=form), 403
    attempt.forgive()
    signing.begin(user)
    return redirect(wanted)


@public.post("/logout")
@open_to_strangers
def logout() -> AnyResponse:
    """Sign out."""
    signing.end()
    flash("Вы вышли из личного кабинета.", "success")
    return redirect(url_for("account.login"))


def local_path(wanted: str | None) -> str:
    """Where to go after signing in: an address inside the cabinet, or its first page."""
    never = frozenset({url_for("account.login"), url_for("account.logout"), url_for("account.code")})
    return signing.local_path(wanted, home=url_for("account.home"), never=never)


def _wait(template: str, form: TypedForm, pause: dt.timedelta, what: str) -> AnyResponse:
    flash(throttle.sentence(pause, what), "error")
    return Response(page(template, form=form), 429, headers=throttle.retry_after(pause))
