"""Signing in and out, the same for office and cabinet: who is looking, how a session begins and ends, the second step."""

import datetime as dt
import hashlib
import hmac
from typing import Any
from urllib.parse import urlsplit

from flask import Flask, current_app, request, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf import FlaskForm

from ...models import User, utc_now
from .. import passwords
from ..accounts import sessions
from ..accounts.addresses import found, login_key
from ..accounts.tokens import hash_of
from .devices import device
from .throttle import PASSWORD, network, tried

WRONG = "Имя или пароль неверны. Проверьте раскладку клавиатуры и Caps Lock."
# How long the second step waits for its code, and a password given once more counts.
PATIENCE = dt.timedelta(minutes=5)
_PENDING = "second_step"
_PROVED = "proved_at"


class Member(UserMixin):  # type: ignore[misc]
    """A signed-in person. What the cookie carries is the session's token; the table knows only its hash."""

    def __init__(self, user: User, token: str) -> None:
        self.user = user
        self.token = token

    def get_id(self) -> str:
        return self.token


class TypedForm(FlaskForm):  # type: ignore[misc]
    """A form whose fields are text: a file or JSON sent in their place is no field at all, not a value of another type."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        def wrap_formdata(self, form: FlaskForm, formdata: Any) -> Any:
            if formdata is None or not form.is_submitted():
                return None
            return request.form or None


def init_app(app: Flask) -> None:
    """Put sessions into the application."""
    manager = LoginManager()
    # No context processor: public pages must not look at the session, they are the same for everybody.
    manager.init_app(app, add_context_processor=False)
    # «Remember me» is not offered; its hook would look at the session and put `Vary: Cookie` on every public page.
    app.after_request_funcs[None].remove(manager._update_remember_cookie)
    manager.user_loader(_member)


def signed_in() -> User | None:
    """The person of this request, with roles; None for a stranger."""
    return current_user.user if current_user.is_authenticated else None


def by_password(login: str, password: str) -> User | None:
    """Whose login (or address) and password these are; None if they are nobody's. Raises Wait before it even looks."""
    # No name holds the character NUL, and PostgreSQL takes no text that does.
    key = login_key(login.replace("\0", ""))[:254]
    attempt = tried(PASSWORD, key)
    user = found(key)
    user = user if user and user.active else None
    if not passwords.matches(user.password_hash if user else None, password) or user is None:
        return None
    attempt.forgive()
    if passwords.outdated(user.password_hash):
        User.update(password_hash=passwords.hashed(password)).where(User.id == user.id).execute()
    return user


def begin(user: User) -> None:
    """Begin a session with a token of its own; whatever the cookie held before is thrown away."""
    where = network(request.remote_addr or "")
    token = sessions.begin(user, device=device(request.user_agent.string), network=where[:50], on=utc_now())
    session.clear()
    # A form left open while the session ended is still good once the same person has signed in again in another tab.
    session["csrf_token"] = _forms_secret(user)
    login_user(Member(user, token))


def end() -> None:
    """End the session on the server: a copy of its cookie is worth nothing afterwards."""
    if current_user.is_authenticated:
        sessions.sign_out(current_user.token, on=utc_now())
    logout_user()
    session.clear()


def this_session() -> str:
    """The hash of this request's session, as the table has it; empty for a stranger."""
    return hash_of(current_user.token) if current_user.is_authenticated else ""


def begin_second_step(user: User, wanted: str) -> None:
    """Remember in the cookie who has given the password and waits for a code, and where they wanted to go."""
    session.clear()
    session[_PENDING] = [user.id, _stamp(user), int(utc_now().timestamp()), wanted]


def second_step() -> tuple[User, str] | None:
    """Who waits for a code and where they wanted to go; None for nobody, or after five minutes, or with another password."""
    pending = session.get(_PENDING)
    if not pending:
        return None
    user_id, stamp, at, wanted = pending
    if utc_now().timestamp() - at > PATIENCE.total_seconds():
        return None
    user = User.get_or_none(User.id == user_id, User.active)
    return (user, wanted) if user and _stamp(user) == stamp else None


def note_proof() -> None:
    """Remember that the person of this session has just given the password once more."""
    session[_PROVED] = int(utc_now().timestamp())


def proved_lately() -> bool:
    """Whether they have within the last five minutes."""
    at: int = session.get(_PROVED, 0)
    return utc_now().timestamp() - at <= PATIENCE.total_seconds()


def secret_key() -> str:
    """What secrets of people are sealed with."""
    return str(current_app.config["SECRET_KEY"])


def local_path(wanted: str | None, *, home: str, never: frozenset[str]) -> str:
    """Where to go after signing in: an address below this home, or home itself."""
    if not wanted or "\\" in wanted or any(ord(sign) < 33 for sign in wanted) or not wanted.startswith(home):
        return home
    parts = urlsplit(wanted)  # only now: it raises ValueError for «//[»
    outside = parts.scheme or parts.netloc or "/../" in wanted
    return home if outside or parts.path in never else wanted


def wanted_path() -> str | None:
    """Where a stranger wanted to go, to be sent there after signing in."""
    return request.full_path.rstrip("?") if request.method == "GET" else None


def _member(token: str) -> Member | None:
    user = sessions.whose(token, on=utc_now())
    return Member(user, token) if user else None


def _forms_secret(user: User) -> str:
    return hmac.new(secret_key().encode(), f"forms:{user.id}:{user.password_hash}".encode(), hashlib.sha256).hexdigest()


def _stamp(user: User) -> str:
    return hash_of(f"{user.password_hash}:{user.totp_secret}")[:16]
