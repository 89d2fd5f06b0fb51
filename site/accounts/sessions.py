"""Sessions live in the database: a cookie carries a token, and an ended one is worth nothing, however often it was copied."""

import datetime as dt
import secrets

from peewee import ModelSelect, prefetch

from ...models import SignIn, User, UserRole, database
from ...procedure.refusal import Refusal
from .. import journal
from .own import require_own
from .tokens import hash_of

# A session ends after this long without a click, and in any case after that long.
IDLE = dt.timedelta(hours=12)
ABSOLUTE = dt.timedelta(days=7)
# How long the table remembers that somebody signed in.
REMEMBERED = dt.timedelta(days=365)
# How exactly "last seen" is kept: not every click is written.
SEEN_EVERY = dt.timedelta(minutes=1)


def begin(user: User, *, device: str, network: str, on: dt.datetime) -> str:
    """Begin a session; its token."""
    token = secrets.token_urlsafe(32)
    SignIn.create(token_hash=hash_of(token), user=user, started_at=on, seen_at=on, device=device, network=network)
    SignIn.delete().where(SignIn.started_at < on - REMEMBERED).execute()
    return token


def whose(token: str, *, on: dt.datetime) -> User | None:
    """The person of a living session, with roles, if the account is open; two queries, and one more each minute."""
    session = _living(on).where(SignIn.token_hash == hash_of(token)).first()
    if session is None:
        return None
    people = prefetch(User.select().where(User.id == session.user_id, User.active), UserRole.select())
    if not people:
        return None
    if session.seen_at < on - SEEN_EVERY:
        SignIn.update(seen_at=on).where(SignIn.id == session.id).execute()
    person: User = people[0]
    return person


def of(user: User, *, on: dt.datetime) -> "ModelSelect[SignIn]":
    """The living sessions of a person, the latest seen first."""
    return _living(on).where(SignIn.user == user).order_by(SignIn.seen_at.desc(), SignIn.id.desc())


def sign_out(token: str, *, on: dt.datetime) -> None:
    """End the session of this token."""
    SignIn.update(ended_at=on).where(SignIn.token_hash == hash_of(token), SignIn.ended_at.is_null()).execute()


def end(user: User, session_id: int, *, by: User | None, on: dt.datetime) -> None:
    """End one of one's own sessions; Refusal if it is not there."""
    require_own(user, by)
    with database.atomic():
        mine = SignIn.id == session_id, SignIn.user == user, SignIn.ended_at.is_null()
        if not SignIn.update(ended_at=on).where(*mine).execute():
            raise Refusal("Этот сеанс уже завершён.")
        journal.write(by=by, on=on, verb="end_session", subject="user", subject_id=user.id)


def end_others(user: User, token_hash: str, *, by: User | None, on: dt.datetime) -> int:
    """End every session but the one of this token; how many."""
    require_own(user, by)
    with database.atomic():
        others = SignIn.user == user, SignIn.token_hash != token_hash, SignIn.ended_at.is_null()
        ended = SignIn.update(ended_at=on).where(*others).execute()
        journal.write(by=by, on=on, verb="end_other_sessions", subject="user", subject_id=user.id)
    return int(ended)


def end_everywhere(user: User, *, by: User | None, on: dt.datetime) -> None:
    """«Выйти везде»: end every session, this one too."""
    require_own(user, by)
    with database.atomic():
        end_all(user, on=on)
        journal.write(by=by, on=on, verb="end_sessions", subject="user", subject_id=user.id)


def end_all(user: User, *, on: dt.datetime) -> None:
    """Make every copy of this person's session cookies worthless. Part of other acts."""
    SignIn.update(ended_at=on).where(SignIn.user == user, SignIn.ended_at.is_null()).execute()


def _living(on: dt.datetime) -> "ModelSelect[SignIn]":
    living = SignIn.ended_at.is_null(), SignIn.seen_at > on - IDLE, SignIn.started_at > on - ABSOLUTE
    return SignIn.select().where(*living)
