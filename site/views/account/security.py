"""«Безопасность»: one's own password, the second factor, the provider of identities, sessions. The office uses it too."""

from typing import Any

import segno
from flask import flash, redirect, request, session, url_for
from wtforms import PasswordField, StringField

from ....models import utc_now
from ...accounts import identities, resets, second_factor, sessions
from .. import signing
from ..acting import attempt, done
from ..layout import parts
from ..signing import TypedForm
from .opening import NEW_PASSWORD_HINT
from .room import Answer, links, page, person, prove, proved, public

_OFFERED = "offered_secret"
CODE_HINT = "Шесть цифр из приложения."
ANY_CODE_HINT = "Шесть цифр из приложения или один из резервных кодов."


class ChangePasswordForm(TypedForm):
    """The old password and the new one."""

    current = PasswordField("Текущий пароль")
    password = PasswordField("Новый пароль", description=NEW_PASSWORD_HINT)


class TurnOnForm(TypedForm):
    """The first code of the application, and the password."""

    code = StringField("Код из приложения", description=CODE_HINT)
    password = PasswordField("Текущий пароль")


class TurnOffForm(TypedForm):
    """A code and the password."""

    code = StringField("Код", id="off-code", description=ANY_CODE_HINT)
    password = PasswordField("Текущий пароль", id="off-password")


class RenewForm(TypedForm):
    """A code."""

    code = StringField("Код", id="renew-code", description=ANY_CODE_HINT)


class LinkForm(TypedForm):
    """The password before a provider is tied."""

    password = PasswordField("Текущий пароль", id="link-password")


@public.get("/security")
def security() -> str:
    """The page with all of it."""
    return security_page()


@public.post("/security/password")
def change_password() -> Answer:
    """A new password; the sessions elsewhere end, the one here begins anew."""
    user, form = person(), ChangePasswordForm()
    given = {"current": form.current.data or "", "password": form.password.data or ""}
    if proved(lambda: resets.change_password(user, **given, links=links(), by=user, on=utc_now())):
        signing.begin(user)
        flash("Пароль изменён. На остальных устройствах нужно войти заново.", "success")
        return redirect(url_for("account.security"))
    return security_page(password_form=form), 409


@public.route("/security/totp", methods=["GET", "POST"])
def turn_on() -> Answer:
    """Offer a secret; after the first right code show the recovery codes, once."""
    user, form = person(), TurnOnForm()
    if user.totp_secret:
        return redirect(url_for("account.security"))
    key = signing.secret_key()
    offered = session.get(_OFFERED) or ""
    if not second_factor.shown(offered, key=key):
        offered = session[_OFFERED] = second_factor.new_secret(key=key)
    status = 200
    if request.method == "POST":
        given = {"code": form.code.data or "", "password": form.password.data or ""}
        codes = prove(lambda: second_factor.turn_on(user, offered, **given, key=key, by=user, on=utc_now()))
        if codes:
            session.pop(_OFFERED)
            return page("recovery_codes.html", codes=codes)
        status = 409
    address = second_factor.address(offered, user, parts().settings.service_name, key=key)
    picture = segno.make(address, error="l").svg_data_uri(scale=5, border=4, light="white")
    return page("totp.html", form=form, picture=picture, secret=second_factor.shown(offered, key=key)), status


@public.post("/security/totp/off")
def turn_off() -> Answer:
    """No codes any longer."""
    user, form = person(), TurnOffForm()
    given = {"code": form.code.data or "", "password": form.password.data or ""}
    if proved(lambda: second_factor.turn_off(user, **given, key=signing.secret_key(), by=user, on=utc_now())):
        flash("Подтверждение входа кодом выключено, резервные коды больше не действуют.", "success")
        return redirect(url_for("account.security"))
    return security_page(off_form=form), 409


@public.post("/security/codes")
def renew_codes() -> Answer:
    """New recovery codes, shown once."""
    user, form = person(), RenewForm()
    given = {"code": form.code.data or "", "key": signing.secret_key()}
    codes = prove(lambda: second_factor.renew_codes(user, **given, by=user, on=utc_now()))
    return page("recovery_codes.html", codes=codes) if codes else (security_page(renew_form=form), 409)


@public.post("/security/sessions/<int:id>/end")
def end_session(id: int) -> Answer:
    """End one session."""
    user = person()
    if not done(lambda: sessions.end(user, id, by=user, on=utc_now())):
        return security_page(), 409
    flash("Сеанс завершён.", "success")
    return redirect(url_for("account.security"))


@public.post("/security/sessions/end-others")
def end_other_sessions() -> Answer:
    """End every session but this one."""
    user = person()
    attempt(lambda: sessions.end_others(user, signing.this_session(), by=user, on=utc_now()))
    flash("Вы вышли на всех устройствах, кроме этого.", "success")
    return redirect(url_for("account.security"))


@public.post("/security/sessions/end-all")
def end_all_sessions() -> Answer:
    """«Выйти везде»: this one too."""
    user = person()
    attempt(lambda: sessions.end_everywhere(user, by=user, on=utc_now()))
    signing.end()
    flash("Вы вышли на всех устройствах, и на этом.", "success")
    return redirect(url_for("account.login"))


def security_page(**forms: TypedForm) -> str:
    """The page, with the form that was refused as it was sent."""
    user = person()
    fresh: dict[str, Any] = {
        "password_form": ChangePasswordForm,
        "off_form": TurnOffForm,
        "renew_form": RenewForm,
        "link_form": LinkForm,
    }
    given = {name: forms.get(name) or kind(formdata=None) for name, kind in fresh.items()}
    return page(
        "security.html",
        **given,
        sessions=list(sessions.of(user, on=utc_now())),
        this_session=signing.this_session(),
        codes_left=second_factor.codes_left(user) if user.totp_secret else 0,
        tied=identities.of(user),
        may_link=signing.proved_lately(),
    )
