"""Settings: defaults, the key that is made once, values that cannot be used."""

import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from attestation.site.settings import Certificate, Mail, SettingError, read_settings


def test_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = read_settings({"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config")})
    assert settings.data_dir == tmp_path / ".var"
    assert settings.database_url == f"sqlite:///{tmp_path}/.var/attestation.sqlite"
    assert settings.site_url == "http://127.0.0.1:8000"
    assert (settings.show_refusals, settings.secure) == (False, False)


def test_the_environment_wins(tmp_path: Path) -> None:
    settings = read_settings(
        {
            "DATA_DIR": str(tmp_path),
            "DATABASE_URL": "postgresql://db/attestation",
            "SECRET_KEY": "given",
            "PORT": "9000",
            "SITE_URL": "https://attestation.example.org/",
            "SHOW_REFUSALS": "yes",
            "ORDERS_BY_CATEGORY": "1",
            "ORDER_ROWS": "500",
        }
    )
    assert settings.database_url == "postgresql://db/attestation"
    assert (settings.secret_key, settings.port) == ("given", 9000)
    assert (settings.site_url, settings.secure) == ("https://attestation.example.org", True)
    assert settings.show_refusals
    assert (settings.orders_by_category, settings.order_rows) == (True, 500)


def test_the_key_is_made_once_and_is_private(tmp_path: Path) -> None:
    environ = {"DATA_DIR": str(tmp_path / "data"), "XDG_CONFIG_HOME": str(tmp_path / "config")}
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: read_settings(environ).secret_key, range(16)))
    kept = tmp_path / "config" / "attestation" / "secret-key"
    assert keys == {kept.read_text()}
    assert len(kept.read_text()) >= 48
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in kept.parent.iterdir()] == ["secret-key"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "80a"), ("PORT", "0"), ("PORT", "70000"), ("WORKERS", "-1"), ("SHOW_REFUSALS", "maybe"), ("ORDER_ROWS", "все")]
    + [
        ("SITE_URL", address) for address in ("example.org", "ftp://example.org", "https://", "https://a b", "https://a.org/?x")
    ],
)
def test_an_unusable_value_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingError, match=name):
        read_settings({"DATA_DIR": str(tmp_path), "SECRET_KEY": "k", name: value})


def test_cookies_are_secure_however_https_is_written(tmp_path: Path) -> None:
    settings = read_settings({"DATA_DIR": str(tmp_path), "SECRET_KEY": "k", "SITE_URL": "HTTPS://example.org/"})
    assert (settings.site_url, settings.secure) == ("https://example.org", True)


def test_relative_paths_are_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    settings = read_settings({"DATA_DIR": "data", "DATABASE_URL": "sqlite:///office.sqlite", "SECRET_KEY_FILE": "key"})
    assert (settings.data_dir, settings.database_url) == (tmp_path / "data", f"sqlite:///{tmp_path}/office.sqlite")
    assert (tmp_path / "key").exists()


# --- Signing ----------------------------------------------------------------------------------------------------------------


def test_orders_are_signed_only_when_a_certificate_is_given(tmp_path: Path) -> None:
    environ = {"DATA_DIR": str(tmp_path), "SECRET_KEY": "k", "SIGNING_KEY_PASSWORD": "тайна"}
    assert read_settings(environ).certificate == Certificate()
    (tmp_path / "office.p12").touch()
    environ["SIGNING_CERTIFICATE_FILE"] = str(tmp_path / "office.p12")
    assert read_settings(environ).certificate == Certificate(tmp_path / "office.p12", "тайна")
    assert "тайна" not in repr(read_settings(environ))


def test_the_password_of_the_key_may_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "office.p12").touch()
    (tmp_path / "password").write_text("тайна\n", encoding="utf-8")
    environ = {"DATA_DIR": str(tmp_path), "SECRET_KEY": "k", "SIGNING_CERTIFICATE_FILE": str(tmp_path / "office.p12")}
    environ["SIGNING_KEY_PASSWORD_FILE"] = str(tmp_path / "password")
    assert read_settings(environ).certificate.password == "тайна"


@pytest.mark.parametrize("name", ["SIGNING_CERTIFICATE_FILE", "SIGNING_KEY_PASSWORD_FILE"])
def test_a_file_for_signing_that_is_not_there_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "office.p12").touch()
    environ = {"DATA_DIR": str(tmp_path), "SECRET_KEY": "k", "SIGNING_CERTIFICATE_FILE": str(tmp_path / "office.p12")}
    with pytest.raises(SettingError, match=name):
        read_settings({**environ, name: str(tmp_path / "missing")})


# --- Mail -------------------------------------------------------------------------------------------------------------------


TLS = {"starttls": 587, "tls": 465}


def test_without_a_server_of_mail_letters_become_files(tmp_path: Path) -> None:
    settings = read_settings({"DATA_DIR": str(tmp_path), "SECRET_KEY": "x"})
    assert (settings.mail, settings.hold_letters, settings.outbox_dir) == (Mail(), False, tmp_path / "outbox")


def test_a_server_of_mail(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("secret-word\n")
    told = {
        "SMTP_HOST": "mx.example.org",
        "SMTP_USER": "site",
        "SMTP_PASSWORD_FILE": str(tmp_path / "password"),
        "SMTP_TLS": "STARTTLS",
        "MAIL_FROM": "noreply@example.org",
        "HOLD_LETTERS": "1",
    }
    settings = read_settings({"DATA_DIR": str(tmp_path), "SECRET_KEY": "x", **told})
    assert settings.mail == Mail("mx.example.org", 587, "site", "secret-word", "starttls", "noreply@example.org")
    assert settings.hold_letters
    assert "secret-word" not in repr(settings)
    ports = {
        tls: read_settings({"DATA_DIR": str(tmp_path), "SECRET_KEY": "x", **told, "SMTP_TLS": tls}).mail.port for tls in TLS
    }
    assert ports == TLS
    chosen = read_settings(
        {"DATA_DIR": str(tmp_path), "SECRET_KEY": "x", **told, "SMTP_PORT": "2525", "SMTP_PASSWORD": "other"}
    )
    assert (chosen.mail.port, chosen.mail.password) == (2525, "other")


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        ({"SMTP_TLS": "ssl"}, "SMTP_TLS='ssl'"),
        ({"MAIL_FROM": ""}, "MAIL_FROM=''"),
        ({"MAIL_FROM": "a@b\nBcc: c@d"}, "MAIL_FROM="),
        ({"MAIL_FROM": "Сайт <a@example.org>"}, "MAIL_FROM="),
        ({"SMTP_PORT": "0"}, "SMTP_PORT='0'"),
        ({"SMTP_USER": "site"}, "SMTP_USER: пароль уйдёт по сети открыто"),
        ({"SMTP_PASSWORD_FILE": "/nonexistent"}, "SMTP_PASSWORD_FILE='/nonexistent': файл не читается"),
        ({"SMTP_PASSWORD": "тайна"}, "SMTP_USER, SMTP_PASSWORD:"),
        ({"HOLD_LETTERS": "maybe"}, "HOLD_LETTERS='maybe'"),
    ],
)
def test_mail_that_cannot_be_used(tmp_path: Path, told: dict[str, str], sentence: str) -> None:
    usable = {"DATA_DIR": str(tmp_path), "SECRET_KEY": "x", "SMTP_HOST": "mx.example.org", "MAIL_FROM": "noreply@example.org"}
    with pytest.raises(SettingError, match=re.escape(sentence)):
        read_settings({**usable, **told})


PROVIDER = {"OIDC_ISSUER": "https://id.example.org", "OIDC_CLIENT_ID": "attestation", "OIDC_CLIENT_SECRET": "secret"}


def test_a_provider_of_identities(tmp_path: Path) -> None:
    plain = {"DATA_DIR": str(tmp_path), "SECRET_KEY": "k"}
    assert read_settings(plain).oidc_issuer == ""
    settings = read_settings(plain | PROVIDER)
    assert (settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret, settings.oidc_name) == (
        "https://id.example.org",
        "attestation",
        "secret",
        "Госуслуги (ЕСИА)",
    )
    kept = tmp_path / "client-secret"
    kept.write_text("from a file\n")
    from_file = plain | PROVIDER | {"OIDC_CLIENT_SECRET": "", "OIDC_CLIENT_SECRET_FILE": str(kept)}
    assert read_settings(from_file).oidc_client_secret == "from a file"


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"OIDC_ISSUER": "http://id.example.org"}, "OIDC_ISSUER"),
        ({"OIDC_ISSUER": "id.example.org"}, "OIDC_ISSUER"),
        ({"OIDC_ISSUER": "https://["}, "OIDC_ISSUER"),
        ({"OIDC_CLIENT_ID": ""}, "OIDC_CLIENT_ID"),
        ({"OIDC_CLIENT_SECRET": ""}, "OIDC_CLIENT_SECRET"),
        ({"OIDC_CLIENT_SECRET": "", "OIDC_CLIENT_SECRET_FILE": "/no/such/file"}, "OIDC_CLIENT_SECRET_FILE"),
    ],
)
def test_a_provider_that_cannot_be_used(tmp_path: Path, changes: dict[str, str], named: str) -> None:
    with pytest.raises(SettingError, match=f"^{named}[:=]"):
        read_settings({"DATA_DIR": str(tmp_path), "SECRET_KEY": "k", **PROVIDER, **changes})
