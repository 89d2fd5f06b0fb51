"""Signing in through the provider of identities, and tying it to an account: the way there and the way back."""

import datetime as dt
import hmac
from typing import Any

from flask import Response, abort, current_app, flash, redirect, request, session, url_for

from ....models import utc_now
from ....procedure.refusal import Refusal
from ...accounts import identities
from ...accounts.identities import Claims
from ...oidc import NotProved, Provider, ProviderDown, provider
from .. import errors, signing
from ..acting import done
from ..layout import Way, parts
from ..signing import signed_in
from .entrance import enter, local_path
from .room import Answer, open_to_strangers, person, proved, public, whole
from .security import LinkForm, security_page

# How long somebody may take at the provider.
PATIENCE = dt.timedelta(minutes=15)
_ERRAND = "provider_errand"
DENIED = "Вход не выполнен: вы отказались передать сведения о себе. Попробуйте ещё раз или войдите с паролем."
FAILED = "Государственная система не подтвердила, кто вы. Попробуйте ещё раз или войдите с паролем."
DOWN = "Государственная система сейчас не отвечает. Попробуйте через несколько минут или войдите с паролем."
BROKEN_OFF = "Вход был начат в другом браузере, слишком давно или уже завершён. Начните его заново."
NOT_PROVED_LATELY = "Прошло больше пяти минут. Введите пароль ещё раз и продолжите."


@public.get("/oidc/start")
@open_to_strangers
def oidc_start() -> Answer:
    """Send the visitor to the provider, to sign in, or (`link`) to tie it to the account that is signed in to."""
    trusted, tying, user = _trusted(), "link" in request.args, signed_in()
    if tying and user is None:
        return redirect(url_for("account.login", next=url_for("account.security")))
    if tying and not signing.proved_lately():
        flash(NOT_PROVED_LATELY, "error")
        return redirect(url_for("account.security"))
    try:
        errand = trusted.errand(_return_address())
    except ProviderDown as down:
        return _down(down)
    session[_ERRAND] = {
        "state": errand.state,
        "nonce": errand.nonce,
        "verifier": errand.verifier,
        "user": user.id if tying and user else None,
        "wanted": local_path(request.args.get("next")),
        "at": int(utc_now().timestamp()),
    }
    return redirect(errand.address)


@public.get("/oidc/return")
@open_to_strangers
def oidc_return() -> Answer:
    """Back from the provider; each errand is good for one return."""
    trusted, errand = _trusted(), session.pop(_ERRAND, None)
    if not errand or not _expected(errand):
        return _page(400, BROKEN_OFF)
    if request.args.get("error"):
        return _page(403, DENIED if request.args["error"] == "access_denied" else FAILED)
    try:
        claims = trusted.claims(
            request.args.get("code", ""), redirect_uri=_return_address(), nonce=errand["nonce"], verifier=errand["verifier"]
        )
    except ProviderDown as down:
        return _down(down)
    except NotProved as doubt:
        current_app.logger.warning("The provider of identities proved nothing: %s", doubt)
        return _page(403, FAILED)
    return _tie(claims, errand["user"]) if errand["user"] else _sign_in(claims, errand["wanted"])


@public.post("/oidc/link")
def allow_link() -> Answer:
    """The password before a provider is tied. The way there is a link: browsers let no form lead to another site here."""
    _trusted()
    user, form = person(), LinkForm()
    if not proved(lambda: identities.allow_link(user, form.password.data or "", by=user)):
        return security_page(link_form=form), 409
    signing.note_proof()
    return redirect(url_for("account.security", _anchor="provider"))


@public.post("/oidc/unlink")
def unlink() -> Answer:
    """Untie the provider."""
    user = person()
    if not done(lambda: identities.unlink(user, by=user, on=utc_now())):
        return security_page(), 409
    flash("Вход через государственную систему отвязан.", "success")
    return redirect(url_for("account.security"))


def _sign_in(claims: Claims, wanted: str) -> Answer:
    try:
        user = identities.sign_in(claims, on=utc_now())
    except Refusal as refusal:
        return _page(409, refusal.sentence)
    return enter(user, wanted)


def _tie(claims: Claims, user_id: int) -> Answer:
    user = signed_in()
    if user is None or user.id != user_id:
        return _page(400, BROKEN_OFF)
    if not done(lambda: identities.link(user, claims, by=user, on=utc_now())):
        return security_page(), 409
    flash(f"Вход привязан: {claims.full_name}.", "success")
    return redirect(url_for("account.security"))


def _trusted() -> Provider:
    """The provider of this installation; 404 without one."""
    return provider(parts().settings) or abort(404)


def _return_address() -> str:
    return whole(url_for("account.oidc_return"))


def _expected(errand: dict[str, Any]) -> bool:
    given = request.args.get("state", "")
    fresh = utc_now().timestamp() - errand["at"] <= PATIENCE.total_seconds()
    return fresh and hmac.compare_digest(given.encode(), errand["state"].encode())


def _down(down: ProviderDown) -> Response:
    current_app.logger.error("The provider of identities does not answer: %s", down)
    answer = _page(503, DOWN)
    answer.headers["Retry-After"] = "120"
    return answer


def _page(status: int, sentence: str) -> Response:
    title, endpoint = ("К странице «Безопасность»", "account.security") if signed_in() else ("Ко входу", "account.login")
    return errors.page(status, "Вход не выполнен", sentence, near=Way(title, url_for(endpoint), False))
