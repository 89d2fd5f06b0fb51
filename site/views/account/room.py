"""The room that all pages of the cabinet stand in: its guard, who is in it, how its pages are rendered."""

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Blueprint, Response, abort, current_app, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from ....models import User
from ....procedure.complaints import taken
from ....procedure.refusal import Refusal
from ...accounts.own import WrongProof
from ...accounts.tokens import Links
from .. import errors, throttle
from ..layout import parts
from ..signing import signed_in, wanted_path
from ..throttle import PROOF, tried

View = TypeVar("View", bound=Callable[..., Any])
Result = TypeVar("Result")
Answer = AnyResponse | str | tuple[str, int]

public = Blueprint("account", __name__, url_prefix="/account")
_OPEN = "open_to_strangers"


def open_to_strangers(view: View) -> View:
    """Mark a page of the cabinet that nobody has to sign in for: signing in, opening an account, a new password."""
    setattr(view, _OPEN, True)
    return view


@public.before_request
def guard() -> AnyResponse | tuple[str, int] | None:
    """Send a stranger to sign in, and after that back to where they wanted to go; what a form brought is not thrown away."""
    view = current_app.view_functions[request.endpoint or ""]
    if getattr(view, _OPEN, False) or signed_in():
        return None
    if request.method == "POST":
        return page("expired.html", login=url_for("account.login")), 403
    return redirect(url_for("account.login", next=wanted_path()))


@public.errorhandler(throttle.Wait)
def wait(error: throttle.Wait) -> Response:
    """The page of one try too many."""
    told = throttle.sentence(error.pause, "попыток")
    answer = errors.page(429, errors.SENTENCES[429][0], told)
    answer.headers.update(throttle.retry_after(error.pause))
    return answer


def person() -> User:
    """Who is in the cabinet; only pages behind the guard ask."""
    user = signed_in()
    if user is None:
        abort(403)
    return user


def page(template: str, **values: Any) -> str:
    """A page of the cabinet; knows who looks at it."""
    return render_template(f"account/{template}", user=signed_in(), cabinet_ways=ways(), **values)


def ways() -> list[tuple[str, str]]:
    """The navigation of the cabinet: address and title."""
    user = signed_in()
    found = [
        (url_for("account.home"), "Мои заявления"),
        *([(url_for("account.appeals"), "Жалобы и запросы")] if taken(parts().settings.procedure) else []),
        (url_for("account.mailbox"), "Письма"),
        (url_for("account.profile"), "Профиль"),
        (url_for("account.security"), "Безопасность"),
    ]
    return [*found, (url_for("admin.index"), "Рабочее место")] if user and user.role_set() else found


def links() -> Links:
    """Where letters about accounts lead; by the address of the site, whatever a request calls it."""
    return Links(
        confirm=lambda token: whole(url_for("account.confirm", token=token)),
        reset=lambda token: whole(url_for("account.new_password", token=token)),
        sign_in=whole(url_for("account.login")),
        forgotten=whole(url_for("account.reset")),
        register=whole(url_for("account.register")),
    )


def whole(path: str) -> str:
    """The whole address of a page."""
    return parts().settings.site_url + path


def prove(act: Callable[[], Result]) -> Result | None:
    """Do an act that asks for a password or code of one's own: wrong ones count. None after a refusal; raises Wait."""
    proof = tried(PROOF, str(person().id))
    try:
        result = act()
    except WrongProof as wrong:
        flash(wrong.sentence, "error")
        return None
    except Refusal as refusal:
        # Whatever else was refused is no wrong try; nor does it wash away those before, for nothing may have been proved.
        flash(refusal.sentence, "error")
        proof.drop()
        return None
    proof.forgive()
    return result


def proved(act: Callable[[], object]) -> bool:
    """Do such an act whose result is not needed; whether it was done."""
    return prove(lambda: (act(),)) is not None
