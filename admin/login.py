"""The office's own page for signing in and out; sessions, tries and codes are the site's (`site/views/signing.py`)."""

from flask import Blueprint, Flask, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse
from wtforms import PasswordField, StringField

from ..site.views import signing, throttle
from ..site.views.signing import TypedForm, signed_in, wanted_path

__all__ = ["TypedForm", "signed_in", "to_login"]

entrance = Blueprint("entrance", __name__, template_folder="templates")


class SignInForm(TypedForm):
    """Name and password."""

    login = StringField("Имя для входа")
    password = PasswordField("Пароль")


def init_app(app: Flask) -> None:
    """Put the page into the application."""
    app.register_blueprint(entrance)


def to_login() -> AnyResponse:
    """Send a stranger to the sign-in page and, after it, back to where they wanted to go; what a form brought is not lost."""
    if request.method == "POST" and request.accept_mimetypes.best != "application/json":
        text = render_template("account/expired.html", login=url_for("entrance.login"))
        return Response(text, 403)
    return redirect(url_for("entrance.login", next=wanted_path()))


@entrance.route("/admin/login", methods=["GET", "POST"])
def login() -> Response | AnyResponse | tuple[str, int]:
    """The sign-in page; the second step is the cabinet's."""
    wanted = local_path(request.args.get("next"))
    if signed_in():
        return redirect(wanted)
    form = SignInForm()
    if request.method == "GET":
        return _page(form, 200)
    try:
        user = signing.by_password(form.login.data or "", form.password.data or "")
    except throttle.Wait as wait:
        flash(throttle.sentence(wait.pause, "неудачных попыток входа"), "error")
        text, status = _page(form, 429)
        return Response(text, status, headers=throttle.retry_after(wait.pause))
    if user is None:
        flash(signing.WRONG, "error")
        return _page(form, 403)
    if user.totp_secret:
        signing.begin_second_step(user, wanted)
        return redirect(url_for("account.code"))
    signing.begin(user)
    return redirect(wanted)


@entrance.route("/admin/logout", methods=["POST"])
def logout() -> AnyResponse:
    """Sign out."""
    signing.end()
    flash("Вы вышли из рабочего места.", "success")
    return redirect(url_for("entrance.login"))


def local_path(wanted: str | None) -> str:
    """Where to go after signing in: an address inside the office, or its first page."""
    never = frozenset({url_for("entrance.login"), url_for("entrance.logout")})
    return signing.local_path(wanted, home=url_for("admin.index"), never=never)


def _page(form: SignInForm, status: int) -> tuple[str, int]:
    return render_template("desk/login.html", form=form), status
