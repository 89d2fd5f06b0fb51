"""The second factor: codes of an application on the telephone (TOTP, RFC 6238), each worth one sign-in, and recovery codes."""

import base64
import datetime as dt
import hashlib
import hmac
import secrets

import pyotp
from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ...models import RecoveryCode, User, database
from ...procedure.refusal import Refusal
from .. import journal
from .own import WrongProof, require_own, require_password

# Seconds of a step of time, as every application counts them; a clock may be one step off.
STEP = 30
RECOVERY_CODES = 10
# No letter that is easily taken for another: 79 bits in four groups, so that a plain hash of a code tells nothing.
_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
_GROUPS, _GROUP = 4, 4

WRONG = "Код неверен или уже использован. Дождитесь следующего кода и введите его."


def new_secret(*, key: str) -> str:
    """A secret to be offered, sealed with the key of the installation: nobody reads it out of the database or a cookie."""
    return _seal(key).encrypt(pyotp.random_base32().encode()).decode()


def shown(sealed: str, *, key: str) -> str:
    """The secret as applications take it; empty when it was sealed with another key."""
    try:
        return _seal(key).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return ""


def address(sealed: str, user: User, service: str, *, key: str) -> str:
    """What the QR code says: the secret, whose it is and what for."""
    return pyotp.TOTP(shown(sealed, key=key)).provisioning_uri(name=user.login, issuer_name=service)


def turn_on(user: User, sealed: str, code: str, *, password: str, key: str, by: User | None, on: dt.datetime) -> list[str]:
    """Ask for codes from now on; Refusal unless this one is right. The recovery codes, which nobody can be shown again."""
    require_own(user, by)
    require_password(user, password)
    step = _step(shown(sealed, key=key), code, on)
    if step is None:
        raise Refusal("Код неверен. Проверьте, что время на телефоне выставлено точно, и введите новый код.")
    with database.atomic():
        off = User.id == user.id, User.totp_secret == ""
        if not User.update(totp_secret=sealed, totp_counter=step).where(*off).execute():
            raise Refusal("Подтверждение входа кодом уже включено.")
        codes = _new_codes(user)
        journal.write(by=by, on=on, verb="totp_on", subject="user", subject_id=user.id)
    return codes


def turn_off(user: User, code: str, *, password: str, key: str, by: User | None, on: dt.datetime) -> None:
    """Ask for codes no longer; takes the password and a code."""
    require_own(user, by)
    require_password(user, password)
    with database.atomic():
        _require_code(user, code, key=key, on=on)
        forget(user)
        journal.write(by=by, on=on, verb="totp_off", subject="user", subject_id=user.id)


def renew_codes(user: User, code: str, *, key: str, by: User | None, on: dt.datetime) -> list[str]:
    """New recovery codes in the place of the old ones."""
    require_own(user, by)
    with database.atomic():
        _require_code(user, code, key=key, on=on)
        codes = _new_codes(user)
        journal.write(by=by, on=on, verb="renew_codes", subject="user", subject_id=user.id)
    return codes


def accepts(user: User, code: str, *, key: str, on: dt.datetime) -> bool:
    """Whether this code of the application, or recovery code, lets the person in; either is used up by it."""
    step = _step(shown(user.totp_secret, key=key), code, on)
    if step is not None:
        newer = User.id == user.id, User.totp_secret == user.totp_secret, User.totp_counter < step
        return bool(User.update(totp_counter=step).where(*newer).execute())
    with database.atomic():
        unused = RecoveryCode.user == user, RecoveryCode.code_hash == _hash(code), RecoveryCode.used_at.is_null()
        if not RecoveryCode.update(used_at=on).where(*unused).execute():
            return False
        journal.write(by=user, on=on, verb="use_recovery_code", subject="user", subject_id=user.id)
    return True


def codes_left(user: User) -> int:
    """How many recovery codes are not used yet."""
    return RecoveryCode.select().where(RecoveryCode.user == user, RecoveryCode.used_at.is_null()).count()


def forget(user: User) -> None:
    """Take secret and recovery codes away. Part of other acts."""
    User.update(totp_secret="", totp_counter=0).where(User.id == user.id).execute()
    RecoveryCode.delete().where(RecoveryCode.user == user).execute()


def _require_code(user: User, code: str, *, key: str, on: dt.datetime) -> None:
    if not user.totp_secret:
        raise Refusal("Подтверждение входа кодом выключено.")
    if not accepts(user, code, key=key, on=on):
        raise WrongProof(WRONG)


def _step(secret: str, code: str, on: dt.datetime) -> int | None:
    """The step of time whose code this is, one to either side of now; None for a wrong code."""
    typed = _typed(code)
    if not secret or not typed.isascii() or not typed.isdigit():
        return None
    now = int(on.timestamp()) // STEP
    made = pyotp.TOTP(secret, interval=STEP)
    return next((step for step in (now, now - 1, now + 1) if hmac.compare_digest(made.generate_otp(step), typed)), None)


def _new_codes(user: User) -> list[str]:
    codes = ["-".join(_random_group() for _ in range(_GROUPS)) for _ in range(RECOVERY_CODES)]
    RecoveryCode.delete().where(RecoveryCode.user == user).execute()
    RecoveryCode.insert_many([{"user": user, "code_hash": _hash(code)} for code in codes]).execute()
    return codes


def _random_group() -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(_GROUP))


def _typed(code: str) -> str:
    return "".join(sign for sign in code.lower() if sign.isalnum())


def _hash(code: str) -> str:
    return hashlib.sha256(_typed(code).encode()).hexdigest()


def _seal(key: str) -> Fernet:
    derived = HKDF(SHA256(), length=32, salt=None, info=b"attestation: second factor").derive(key.encode())
    return Fernet(base64.urlsafe_b64encode(derived))
