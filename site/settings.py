"""Settings of an installation, read from the environment once. README lists them; nothing else reads the environment."""

import datetime as dt
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from ..procedure.road import EDITION, EDITIONS
from .validity import NO_TERM, Validity

# The port that a server of mail listens on, by how the connection is protected.
TLS_PORTS = {"none": 25, "starttls": 587, "tls": 465}
_SENDER = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")


class SettingError(ValueError):
    """A setting with an unusable value; the sentence names the setting and what it takes."""


@dataclass(frozen=True)
class Mail:
    """By which server letters go, and from whom. Without a host they are written as files. `tls`: none, starttls, tls."""

    host: str = ""
    port: int = 25
    user: str = ""
    password: str = field(default="", repr=False)
    tls: str = "none"
    sender: str = "noreply@localhost"


@dataclass(frozen=True)
class Certificate:
    """What printed orders are signed with: a PKCS#12 file of certificate, chain and private key, and its password. Without a
    file nothing is signed."""

    file: Path | None = None
    password: str = field(default="", repr=False)


@dataclass(frozen=True)
class Settings:
    """Every setting with its value. Paths are absolute; `site_url` has no trailing slash."""

    data_dir: Path
    database_url: str
    secret_key: str
    host: str
    port: int
    site_url: str
    workers: int
    service_name: str
    authority_name: str
    contact_address: str
    contact_phone: str
    contact_email: str
    show_refusals: bool
    trusted_proxies: int
    oidc_issuer: str
    oidc_client_id: str
    oidc_client_secret: str
    oidc_name: str
    procedure: str
    mail: Mail = Mail()
    certificate: Certificate = Certificate()
    hold_letters: bool = False
    validity: Validity = NO_TERM
    orders_by_category: bool = False
    order_rows: int = 0
    api_limit: int = 120

    @property
    def index_dir(self) -> Path:
        """Where the search index lives: derived data, private, disposable."""
        return self.data_dir / "search"

    @property
    def files_dir(self) -> Path:
        """Where frozen files live, named by their SHA-256."""
        return self.data_dir / "files"

    @property
    def uploads_dir(self) -> Path:
        """Where files brought by the office live, named by their SHA-256 and nothing else."""
        return self.data_dir / "uploads"

    @property
    def cases_dir(self) -> Path:
        """Where files of cases live, named by their SHA-256; nobody but the application reads them."""
        return self.data_dir / "cases"

    @property
    def control_dir(self) -> Path:
        """Where acts of inspections and of destruction live, named by their SHA-256; they outlive what they are about."""
        return self.data_dir / "control"

    @property
    def minutes_dir(self) -> Path:
        """Where minutes of sittings live, named by their SHA-256; nobody but whoever reads them in the office."""
        return self.data_dir / "minutes"

    @property
    def complaints_dir(self) -> Path:
        """Where files of complaints live, named by their SHA-256; nobody but the office of complaints reads them."""
        return self.data_dir / "complaints"

    @property
    def dumps_dir(self) -> Path:
        """Where the bulk dumps of what is published live, a folder for each version; made anew by the worker."""
        return self.data_dir / "dumps"

    @property
    def outbox_dir(self) -> Path:
        """Where letters are written that have no other way out."""
        return self.data_dir / "outbox"

    @property
    def cache_dir(self) -> Path:
        """Where files that can be made anew are kept, such as blank conclusion forms."""
        return self.data_dir / "cache"

    @property
    def editions_dir(self) -> Path:
        """Where an office puts editions of the regulation that the package does not hold."""
        return self.data_dir / "editions"

    @property
    def secure(self) -> bool:
        """Whether the site is served over HTTPS, so that cookies may be marked Secure."""
        return self.site_url.startswith("https://")


def read_settings(environ: Mapping[str, str] = os.environ) -> Settings:
    """The settings of this environment; makes the data directory and, without SECRET_KEY, a key file of mode 0600.

    Raises SettingError with a Russian sentence for a value that cannot be used.
    """
    data_dir = Path(environ.get("DATA_DIR") or ".var").expanduser().resolve()
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o750)
    host = environ.get("HOST") or "127.0.0.1"
    port = _whole(environ, "PORT", 8000, 1, 65535)
    return Settings(
        data_dir=data_dir,
        database_url=_database_url(environ.get("DATABASE_URL"), data_dir),
        secret_key=environ.get("SECRET_KEY") or _kept_key(_key_file(environ)),
        host=host,
        port=port,
        site_url=_site_url(environ.get("SITE_URL") or f"http://{host}:{port}"),
        workers=_whole(environ, "WORKERS", 2, 1, 64),
        service_name=environ.get("SERVICE_NAME") or "Аттестация педагогов",
        authority_name=environ.get("AUTHORITY_NAME") or "Комитет по образованию",
        contact_address=environ.get("CONTACT_ADDRESS") or "",
        contact_phone=environ.get("CONTACT_PHONE") or "",
        contact_email=environ.get("CONTACT_EMAIL") or "",
        show_refusals=_flag(environ, "SHOW_REFUSALS"),
        trusted_proxies=_whole(environ, "TRUSTED_PROXIES", 0, 0, 5),
        **_provider(environ),
        procedure=_procedure(environ.get("PROCEDURE") or EDITION),
        mail=_mail(environ),
        certificate=_certificate(environ),
        hold_letters=_flag(environ, "HOLD_LETTERS"),
        validity=Validity(_whole(environ, "CATEGORY_VALID_YEARS", 0, 0, 50), _day(environ, "CATEGORY_VALID_BEFORE")),
        orders_by_category=_flag(environ, "ORDERS_BY_CATEGORY"),
        order_rows=_whole(environ, "ORDER_ROWS", 0, 0, 10_000),
        api_limit=_whole(environ, "API_LIMIT", 120, 0, 100_000),
    )


def protected(address: str) -> bool:
    """Whether nobody on the way can read or change what goes to this address: HTTPS, or this very machine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in {"127.0.0.1", "::1", "localhost"}))


def _provider(environ: Mapping[str, str]) -> dict[str, str]:
    """The provider of identities; without OIDC_ISSUER there is none, and nothing else of it is needed."""
    issuer = environ.get("OIDC_ISSUER") or ""
    if issuer and not protected(issuer):
        raise SettingError(f"OIDC_ISSUER={issuer!r}: нужен адрес с https:// (с http:// — только для 127.0.0.1).")
    client = environ.get("OIDC_CLIENT_ID") or ""
    if issuer and not client:
        raise SettingError("OIDC_CLIENT_ID: задайте имя, под которым сайт зарегистрирован у поставщика входа.")
    return {
        "oidc_issuer": issuer,
        "oidc_client_id": client,
        "oidc_client_secret": (environ.get("OIDC_CLIENT_SECRET") or _client_secret(environ)) if issuer else "",
        "oidc_name": environ.get("OIDC_NAME") or "Госуслуги (ЕСИА)",
    }


def _mail(environ: Mapping[str, str]) -> Mail:
    """The server of mail; without SMTP_HOST only the sender counts."""
    host = environ.get("SMTP_HOST") or ""
    tls = (environ.get("SMTP_TLS") or "none").lower()
    if tls not in TLS_PORTS:
        raise SettingError(f"SMTP_TLS={tls!r}: нужно none, starttls или tls.")
    sender = environ.get("MAIL_FROM") or ("" if host else Mail.sender)
    if not _SENDER.fullmatch(sender):
        raise SettingError(f"MAIL_FROM={sender!r}: нужен адрес, с которого уходят письма, например noreply@example.org.")
    user, password = environ.get("SMTP_USER") or "", _mail_password(environ) if host else ""
    if user and tls == "none" and not protected(f"http://{host}"):
        raise SettingError("SMTP_USER: пароль уйдёт по сети открыто. Задайте SMTP_TLS=starttls или SMTP_TLS=tls.")
    if not (user + password).isascii():
        raise SettingError("SMTP_USER, SMTP_PASSWORD: почтовые серверы понимают здесь только латинские буквы, цифры и знаки.")
    return Mail(host, _whole(environ, "SMTP_PORT", TLS_PORTS[tls], 1, 65535), user, password, tls, sender)


def _certificate(environ: Mapping[str, str]) -> Certificate:
    """The certificate for printed orders; whether it is good for signing is found out by who signs."""
    named = environ.get("SIGNING_CERTIFICATE_FILE")
    if not named:
        return Certificate()
    file = Path(named).expanduser().resolve()
    if not file.is_file():
        raise SettingError(f"SIGNING_CERTIFICATE_FILE={named!r}: такого файла нет.")
    in_file = environ.get("SIGNING_KEY_PASSWORD_FILE")
    password = environ.get("SIGNING_KEY_PASSWORD") or (_read_secret("SIGNING_KEY_PASSWORD_FILE", in_file) if in_file else "")
    return Certificate(file, password)


def _mail_password(environ: Mapping[str, str]) -> str:
    named = environ.get("SMTP_PASSWORD_FILE")
    if environ.get("SMTP_PASSWORD") or not named:
        return environ.get("SMTP_PASSWORD") or ""
    return _read_secret("SMTP_PASSWORD_FILE", named)


def _client_secret(environ: Mapping[str, str]) -> str:
    named = environ.get("OIDC_CLIENT_SECRET_FILE")
    if not named:
        raise SettingError("OIDC_CLIENT_SECRET: задайте секрет у поставщика входа или файл с ним: OIDC_CLIENT_SECRET_FILE.")
    return _read_secret("OIDC_CLIENT_SECRET_FILE", named)


def _read_secret(name: str, path: str) -> str:
    try:
        return Path(path).expanduser().read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingError(f"{name}={path!r}: файл не читается.") from None


def _database_url(given: str | None, data_dir: Path) -> str:
    """The address of the database; a relative path to an SQLite file is made absolute."""
    if not given:
        return f"sqlite:///{data_dir / 'attestation.sqlite'}"
    scheme, _, path = given.partition(":///")
    return f"sqlite:///{Path(path).resolve()}" if scheme == "sqlite" else given


def _procedure(given: str) -> str:
    if given not in EDITIONS:
        raise SettingError(f"PROCEDURE={given!r}: нужен один из порядков: {', '.join(EDITIONS)}.")
    return given


def _site_url(given: str) -> str:
    """The address of the site with its scheme in small letters: cookies are marked Secure by it, printed QR codes carry it."""
    scheme, _, rest = given.strip().rstrip("/").partition("://")
    if scheme.lower() not in {"http", "https"} or not rest or any(sign.isspace() or sign in "?#" for sign in rest):
        raise SettingError(f"SITE_URL={given!r}: нужен адрес сайта с http:// или https://, например https://example.org.")
    return f"{scheme.lower()}://{rest}"


def _key_file(environ: Mapping[str, str]) -> Path:
    named = environ.get("SECRET_KEY_FILE")
    if named:
        return Path(named).expanduser().resolve()
    home = Path(environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return home / "attestation" / "secret-key"


def _kept_key(path: Path) -> str:
    """The key in the file, generated at the first call; two processes starting at once agree on one key."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    if not path.exists():
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first: its key is the key
        finally:
            draft.unlink()
    return path.read_text().strip()


def _whole(environ: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = environ.get(name) or str(default)
    if not (text.isascii() and text.isdigit() and low <= int(text) <= high):
        raise SettingError(f"{name}={text!r}: нужно целое число от {low} до {high}.")
    return int(text)


def _day(environ: Mapping[str, str], name: str) -> dt.date | None:
    text = environ.get(name) or ""
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise SettingError(f"{name}={text!r}: нужна дата вида 2023-09-01.") from None


def _flag(environ: Mapping[str, str], name: str) -> bool:
    text = (environ.get(name) or "0").lower()
    if text not in {"0", "1", "false", "true", "no", "yes"}:
        raise SettingError(f"{name}={text!r}: нужно 1 или 0.")
    return text in {"1", "true", "yes"}
