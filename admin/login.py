"""Signing in to the office and out of it: sessions that live in the database, a throttle for wrong passwords."""

import datetime as dt
import hashlib
import hmac
import ipaddress
import secrets
from math import ceil
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from flask import Blueprint, Flask, Response, current_app, flash, redirect, render_template, request, session, url_for
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user
from flask_wtf import FlaskForm
from peewee import prefetch
from werkzeug.wrappers import Response as AnyResponse
from wtforms import PasswordField, StringField

from ..models import FailedSignIn, SignIn, User, UserRole, utc_now
from ..site import passwords
from .acts.users import login_key

hash_password = passwords.hashed

# A session ends after this long without a click, and in any case after that long.
IDLE = dt.timedelta(hours=12)
ABSOLUTE = dt.timedelta(days=7)
# How long the table remembers that somebody signed in.
REMEMBERED = dt.timedelta(days=365)
# How exactly "last seen" is kept: not every click is written.
SEEN_EVERY = dt.timedelta(minutes=1)

# Wrong passwords within the window: for one account from one network, and from one network for all accounts.
WINDOW = dt.timedelta(minutes=15)
TRIES_PER_ACCOUNT = 5
TRIES_PER_ORIGIN = 30

WRONG = "Имя или пароль неверны. Проверьте раскладку клавиатуры и Caps Lock."

entrance = Blueprint("entrance", __name__, template_folder="templates")


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


class SignInForm(TypedForm):
    """Name and password."""

    login = StringField("Имя для входа")
    password = PasswordField("Пароль")


def init_app(app: Flask) -> None:
    """Put signing in and out into the application."""
    manager = LoginManager()
    # No context processor: public pages must not look at the session, they are the same for everybody.
    manager.init_app(app, add_context_processor=False)
    # «Remember me» is not offered; its hook would look at the session and put `Vary: Cookie` on every public page.
    app.after_request_funcs[None].remove(manager._update_remember_cookie)
    manager.user_loader(_member)
    app.register_blueprint(entrance)


def signed_in() -> User | None:
    """The person of this request, with roles; None for a stranger."""
    return current_user.user if current_user.is_authenticated else None


def to_login() -> AnyResponse:
    """Send a stranger to the sign-in page and, after it, back to where they wanted to go."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("entrance.login", next=wanted))


@entrance.route("/admin/login", methods=["GET", "POST"])
def login() -> Response | AnyResponse | tuple[str, int]:
    """The sign-in page."""
    if signed_in():
        return redirect(local_path(request.args.get("next")))
    form = SignInForm()
    if request.method == "GET":
        return _page(form, 200)
    attempt = _Attempt(form.login.data or "")
    if wait := attempt.wait():
        return _too_many(form, wait)
    user = User.get_or_none(User.login == attempt.login, User.active)
    if not passwords.matches(user.password_hash if user else None, form.password.data or ""):
        flash(WRONG, "error")
        return _page(form, 403)
    attempt.forgive()
    assert user is not None
    if passwords.outdated(user.password_hash):
        User.update(password_hash=hash_password(form.password.data)).where(User.id == user.id).execute()
    begin(user)
    return redirect(local_path(request.args.get("next")))


@entrance.route("/admin/logout", methods=["POST"])
def logout() -> AnyResponse:
    """End the session on the server: a copy of its cookie is worth nothing afterwards."""
    if current_user.is_authenticated:
        SignIn.update(ended_at=utc_now()).where(SignIn.token_hash == _hash(current_user.token)).execute()
    logout_user()
    session.clear()
    flash("Вы вышли из рабочего места.", "success")
    return redirect(url_for("entrance.login"))


def begin(user: User) -> None:
    """Begin a session with a token of its own; whatever the cookie held before is thrown away."""
    now = utc_now()
    token = secrets.token_urlsafe(32)
    SignIn.create(token_hash=_hash(token), user=user, started_at=now, seen_at=now)
    SignIn.delete().where(SignIn.started_at < now - REMEMBERED).execute()
    session.clear()
    login_user(Member(user, token))


def local_path(wanted: str | None) -> str:
    """Where to go after signing in: an address inside the office, or its first page."""
    home = url_for("admin.index")
    if not wanted or "\\" in wanted or any(ord(sign) < 33 for sign in wanted) or not wanted.startswith(home):
        return home
    parts = urlsplit(wanted)  # only now: it raises ValueError for «//[»
    outside = parts.scheme or parts.netloc or "/../" in wanted
    return home if outside or parts.path in {url_for("entrance.login"), url_for("entrance.logout")} else wanted


def _member(token: str) -> Member | None:
    """Whose session this is, if it lives and the account is open; two queries."""
    now = utc_now()
    living = SignIn.ended_at.is_null(), SignIn.seen_at > now - IDLE, SignIn.started_at > now - ABSOLUTE
    mine = SignIn.select().where(SignIn.token_hash == _hash(token), *living)
    found = mine.first()
    if found is None:
        return None
    people = prefetch(User.select().where(User.id == found.user_id, User.active), UserRole.select())
    if not people:
        return None
    if found.seen_at < now - SEEN_EVERY:
        SignIn.update(seen_at=now).where(SignIn.id == found.id).execute()
    return Member(people[0], token)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def _page(form: SignInForm, status: int) -> tuple[str, int]:
    return render_template("desk/login.html", form=form), status


def _too_many(form: SignInForm, wait: dt.timedelta) -> Response:
    minutes = ceil(wait.total_seconds() / 60)
    until = (utc_now() + wait).astimezone(ZoneInfo("Europe/Moscow")) + dt.timedelta(minutes=1)
    flash(f"Слишком много неудачных попыток входа. Попробуйте снова после {until:%H:%M} (через {minutes} мин.).", "error")
    text, status = _page(form, 429)
    return Response(text, status, headers={"Retry-After": str(ceil(wait.total_seconds()))})


class _Attempt:
    """One try of a password, written down before it is checked, so that tries at the same moment count each other."""

    def __init__(self, login: str) -> None:
        # No name holds the character NUL, and PostgreSQL takes no text that does.
        self.login = login_key(login.replace("\0", ""))[:80]
        self.now = utc_now()
        FailedSignIn.delete().where(FailedSignIn.at <= self.now - WINDOW).execute()
        origin = _network(request.remote_addr or "")
        self.row = FailedSignIn.create(
            account_hash=_keyed("account", self.login), origin_hash=_keyed("origin", origin), at=self.now
        )

    def wait(self) -> dt.timedelta | None:
        """How long to wait before the next try; a refused try is not counted itself."""
        before = FailedSignIn.select().where(FailedSignIn.id < self.row.id, FailedSignIn.origin_hash == self.row.origin_hash)
        here = before.where(FailedSignIn.account_hash == self.row.account_hash)
        waits = [_wait(query, tries, self.now) for query, tries in ((here, TRIES_PER_ACCOUNT), (before, TRIES_PER_ORIGIN))]
        longest = max(filter(None, waits), default=None)
        if longest:
            FailedSignIn.delete().where(FailedSignIn.id == self.row.id).execute()
        return longest

    def forgive(self) -> None:
        """The password was right: the account's wrong ones from here are forgotten, those of somebody elsewhere are not."""
        mine = FailedSignIn.account_hash == self.row.account_hash, FailedSignIn.origin_hash == self.row.origin_hash
        FailedSignIn.delete().where(*mine).execute()


def _wait(query: Any, tries: int, now: dt.datetime) -> dt.timedelta | None:
    """When the oldest of the last so many tries leaves the window."""
    last = list(query.order_by(FailedSignIn.id.desc()).limit(tries))
    return last[-1].at + WINDOW - now if len(last) == tries else None


def _keyed(kind: str, text: str) -> str:
    key = str(current_app.config["SECRET_KEY"]).encode()
    return hmac.new(key, f"{kind}:{text}".encode(), hashlib.sha256).hexdigest()


def _network(address: str) -> str:
    """The network an address belongs to: people behind one router are one origin, a house with IPv6 is too."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(found, ipaddress.IPv6Address):
        # A server that listens on :: sees IPv4 visitors as ::ffff:192.0.2.1: all of them would be one origin.
        found = found.ipv4_mapped or found
    prefix = 24 if found.version == 4 else 64
    return str(ipaddress.ip_network(f"{found}/{prefix}", strict=False))
