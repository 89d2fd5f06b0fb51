"""Signing in and out: what a session is worth, how wrong passwords are slowed down, where one may be sent afterwards."""

import datetime as dt
import hashlib
import io
import unicodedata
from collections.abc import Callable

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from attestation.admin import login
from attestation.admin.acts import users
from attestation.models import FailedSignIn, SignIn, User
from attestation.procedure.refusal import Refusal
from attestation.procedure.words import Role
from attestation.site import passwords
from attestation.tests.conftest import NOON, PASSWORD, Cast, csrf_token

from .conftest import send

SignInAs = Callable[[User], FlaskClient]
WRONG = "Имя или пароль неверны. Проверьте раскладку клавиатуры и Caps Lock."


def try_password(client: FlaskClient, name: str, password: str, origin: str = "192.0.2.7", query: str = "") -> TestResponse:
    """Fill in the sign-in page from this address."""
    token = csrf_token(client, "/admin/login")
    form = {"login": name, "password": password, "csrf_token": token}
    return client.post(f"/admin/login{query}", data=form, environ_base={"REMOTE_ADDR": origin})


def lets_in(client: FlaskClient) -> bool:
    return client.get("/admin/").status_code == 200


def test_right_password(client: FlaskClient, cast: Cast) -> None:
    answer = try_password(client, "  SEKRETAR ", PASSWORD)
    assert (answer.status_code, answer.location) == (302, "/admin/")
    assert "Секретарева Анна Петровна" in client.get("/admin/").text
    assert client.get("/admin/login").status_code == 302


def test_a_name_with_a_nul_is_a_wrong_name(client: FlaskClient, cast: Cast) -> None:
    answer = try_password(client, "seccretar\0", "\0")
    assert (answer.status_code, WRONG in answer.text) == (403, True)


def test_files_are_no_name_and_no_password(client: FlaskClient, cast: Cast) -> None:
    form = {
        "csrf_token": csrf_token(client, "/admin/login"),
        "login": (io.BytesIO(b"x"), "x"),
        "password": (io.BytesIO(b"x"), "x"),
    }
    assert client.post("/admin/login", data=form, content_type="multipart/form-data").status_code == 403


@pytest.mark.parametrize(
    ("name", "password"), [("sekretar", "не тот пароль"), ("nobody", PASSWORD), ("sekretar", ""), ("", "")]
)
def test_wrong_password(client: FlaskClient, cast: Cast, name: str, password: str) -> None:
    """The same page and sentence, whether or not there is such an account; the name stays in its field."""
    answer = try_password(client, name, password)
    assert answer.status_code == 403
    assert WRONG in answer.text
    assert f'value="{name}"' in answer.text
    assert not lets_in(client)


def test_an_unknown_name_costs_a_verification_too(client: FlaskClient, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    verified = []

    class Counting(passwords.PasswordHasher):
        def verify(self, kept: str, password: str) -> bool:  # type: ignore[override]
            verified.append(kept)
            return super().verify(kept, password)

    monkeypatch.setattr(passwords, "HASHER", Counting(time_cost=1, memory_cost=8, parallelism=1))
    for name in ("sekretar", "nobody", "ushedshij"):
        try_password(client, name, "не тот пароль")
    assert len(verified) == 3


def test_the_cookie_holds_a_token_and_the_table_its_hash(client: FlaskClient, cast: Cast) -> None:
    try_password(client, "sekretar", PASSWORD)
    with client.session_transaction() as session:
        token = session["_user_id"]
    assert len(token) >= 43
    assert [row.token_hash for row in SignIn.select()] == [hashlib.sha256(token.encode()).hexdigest()]


def test_a_copied_cookie_is_dead_after_signing_out(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    client, thief = sign_in(cast.secretary), app.test_client()
    thief.set_cookie("attestation", client.get_cookie("attestation").value)  # type: ignore[union-attr]
    assert lets_in(thief)
    answer = send(client, "/admin/logout", page="/admin/")
    assert (answer.status_code, answer.location) == (302, "/admin/login")
    assert not lets_in(client)
    assert not lets_in(thief)
    assert SignIn.get().ended_at is not None


def test_signing_out_asks_for_a_form(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    client = sign_in(cast.secretary)
    assert client.get("/admin/logout").status_code == 404
    assert client.post("/admin/logout").status_code == 400
    assert lets_in(client)


def test_nobody_can_fix_a_session_beforehand(app: Flask, cast: Cast) -> None:
    """A cookie slipped to somebody before they sign in does not become theirs."""
    attacker, victim = app.test_client(), app.test_client()
    attacker.get("/admin/login")
    victim.set_cookie("attestation", attacker.get_cookie("attestation").value)  # type: ignore[union-attr]
    try_password(victim, "sekretar", PASSWORD)
    assert lets_in(victim)
    assert not lets_in(attacker)
    with victim.session_transaction() as session:
        first = session["_user_id"]
    login_again = app.test_client()
    try_password(login_again, "sekretar", PASSWORD)
    with login_again.session_transaction() as session:
        assert session["_user_id"] != first


def test_signing_in_throws_away_what_the_cookie_held(client: FlaskClient, cast: Cast) -> None:
    with client.session_transaction() as session:
        session["planted"] = "by somebody else"
    before = csrf_token(client, "/admin/login")
    with client.session_transaction() as session:
        secret = session["csrf_token"]
    try_password(client, "sekretar", PASSWORD)
    assert client.post("/admin/logout", data={"csrf_token": before}).status_code == 400
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != secret


def test_an_account_closed_past_the_act_is_closed_all_the_same(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    client = sign_in(cast.secretary)
    User.update(active=False).where(User.id == cast.secretary.id).execute()
    assert not lets_in(client)


def test_a_token_of_ones_own_making_is_nobody(client: FlaskClient, cast: Cast) -> None:
    with client.session_transaction() as session:
        session["_user_id"] = str(cast.admin.id)
    assert not lets_in(client)


def test_deactivated(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    client = sign_in(cast.secretary)
    users.deactivate(cast.secretary, by=cast.admin, on=NOON)
    assert not lets_in(client)
    assert try_password(app.test_client(), "sekretar", PASSWORD).status_code == 403
    users.activate(cast.secretary, by=cast.admin, on=NOON)
    assert not lets_in(client)


def test_a_new_password_ends_the_sessions(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    client = sign_in(cast.secretary)
    users.set_password(cast.secretary, "совсем другая фраза", by=cast.admin, on=NOON)
    assert not lets_in(client)
    assert try_password(app.test_client(), "sekretar", PASSWORD).status_code == 403
    assert try_password(app.test_client(), "sekretar", "совсем другая фраза").status_code == 302


def test_a_form_sent_after_the_session_has_ended_is_not_lost(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    """The page says what to do; once the same person has signed in again, the very same form is taken."""
    client = sign_in(cast.admin)
    page = f"/admin/users/{cast.editor.id}/"
    form = {"csrf_token": csrf_token(client, page), "full_name": "Словесная Вера", "roles": "editor"}
    SignIn.update(ended_at=NOON).execute()
    answer = client.post(page, data=form)
    assert (answer.status_code, "Сеанс закончился" in answer.text, 'href="/admin/login"' in answer.text) == (403, True, True)
    # A script that saves by itself is sent to sign in, as it knows.
    saving = client.post(page, data=form, headers={"Accept": "application/json"})
    assert (saving.status_code, saving.location) == (302, "/admin/login")
    try_password(client, "admin", PASSWORD)
    assert client.post(page, data=form).location == page
    assert User.get_by_id(cast.editor.id).full_name == "Словесная Вера"


@pytest.mark.parametrize(
    ("clicks", "in_at_the_end"),
    [
        ([dt.timedelta(hours=11, minutes=59)], True),
        ([dt.timedelta(hours=12, minutes=1)], False),
        ([dt.timedelta(hours=11)] * 15, True),
        ([dt.timedelta(hours=11)] * 16, False),
    ],
)
def test_sessions_end(app: Flask, cast: Cast, sign_in: SignInAs, clicks: list[dt.timedelta], in_at_the_end: bool) -> None:
    """After twelve hours without a click, and after seven days in any case."""
    with time_machine.travel(NOON, tick=False) as clock:
        client = sign_in(cast.secretary)
        for pause in clicks:
            clock.shift(pause)
            inside = lets_in(client)
    assert inside == in_at_the_end


# --- The throttle -----------------------------------------------------------------------------------------------------------


def test_ten_wrong_passwords(client: FlaskClient, cast: Cast) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        answers = []
        for _ in range(10):
            answers.append(try_password(client, "sekretar", "не тот пароль"))
            clock.shift(dt.timedelta(minutes=1))
    assert [answer.status_code for answer in answers] == [403] * 5 + [429] * 5
    assert "Слишком много неудачных попыток входа. Попробуйте снова после 12:16 (через 10 мин.)." in answers[5].text
    assert [answer.headers.get("Retry-After") for answer in answers[5:]] == ["600", "540", "480", "420", "360"]
    assert 'value="sekretar"' in answers[5].text


def test_even_the_right_password_has_to_wait_and_then_clears(app: Flask, client: FlaskClient, cast: Cast) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(5):
            try_password(client, "sekretar", "не тот пароль")
        assert try_password(client, "sekretar", PASSWORD).status_code == 429
        assert try_password(client, "SEKRETAR", PASSWORD).status_code == 429
        # Another person at the same router and the same person elsewhere are not locked out.
        assert try_password(app.test_client(), "publikator", PASSWORD).status_code == 302
        assert try_password(app.test_client(), "redaktor", PASSWORD, origin="198.51.100.1").status_code == 302
        clock.shift(dt.timedelta(minutes=15))
        assert try_password(client, "sekretar", PASSWORD).status_code == 302
    assert FailedSignIn.select().count() == 0


def test_success_forgets_the_wrong_ones(app: Flask, cast: Cast) -> None:
    for _ in range(3):
        for _ in range(4):
            assert try_password(app.test_client(), "sekretar", "не тот пароль").status_code == 403
        assert try_password(app.test_client(), "sekretar", PASSWORD).status_code == 302


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        ("192.0.2.7", "192.0.2.250", True),
        ("192.0.2.7", "192.0.3.7", False),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True),
        ("2001:db8:1:2::1", "2001:db8:1:3::1", False),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.250", True),
        ("::ffff:192.0.2.7", "::ffff:198.51.100.1", False),
        ("fe80::1%eth0", "fe80::2%eth0", True),
    ],
)
def test_a_network_is_one_origin(app: Flask, cast: Cast, first: str, second: str, same: bool) -> None:
    for _ in range(5):
        try_password(app.test_client(), "sekretar", "не тот пароль", origin=first)
    answer = try_password(app.test_client(), "sekretar", PASSWORD, origin=second)
    assert answer.status_code == (429 if same else 302)


def test_success_elsewhere_gives_a_guesser_no_new_tries(app: Flask, cast: Cast) -> None:
    for _ in range(5):
        try_password(app.test_client(), "sekretar", "не тот пароль", origin="198.51.100.1")
    assert try_password(app.test_client(), "sekretar", PASSWORD).status_code == 302
    assert try_password(app.test_client(), "sekretar", "не тот пароль", origin="198.51.100.1").status_code == 429


def test_many_names_from_one_origin(app: Flask, cast: Cast) -> None:
    client = app.test_client()
    statuses = [try_password(client, f"name{i}", "не тот пароль").status_code for i in range(32)]
    assert statuses == [403] * 30 + [429] * 2
    assert try_password(client, "sekretar", PASSWORD, origin="198.51.100.1").status_code == 302


def test_the_throttle_keeps_no_names_and_no_addresses(client: FlaskClient, cast: Cast) -> None:
    try_password(client, "sekretar", "не тот пароль")
    (row,) = FailedSignIn.select().dicts()
    assert {len(row["account_hash"]), len(row["origin_hash"])} == {64}
    for plain in ("sekretar", "192.0.2.7", "192.0.2.0/24"):
        assert hashlib.sha256(plain.encode()).hexdigest() not in row.values()


# --- Where to go afterwards -------------------------------------------------------------------------------------------------


def test_back_to_where_one_wanted(client: FlaskClient, cast: Cast) -> None:
    sent = client.get("/admin/orders/?search=Иванова&page=1")
    assert sent.status_code == 302
    answer = try_password(client, "sekretar", PASSWORD, query="?" + sent.location.partition("?")[2])
    assert answer.status_code == 302
    assert client.get(answer.location).status_code == 200
    assert answer.location.startswith("/admin/orders/?search=")


OUTSIDE = [
    "https://example.org/",
    "//example.org/admin/",
    "/\\example.org",
    "\\\\example.org",
    "/admin/\\example.org",
    "https:/admin/",
    "javascript:alert(1)",
    "/admin/\r\nSet-Cookie: a=b",
    "/orders/",
    "/adminx/",
    "admin/",
    "/admin/login",
    "/admin/logout",
    "/admin/../orders/",
    "//[",
    "http://[::1",
    "",
]
INSIDE = ["/admin/orders/?search=x&page=2", "/admin/journal/", "/admin/orders/5/sign/"]


def test_nowhere_else(app: Flask) -> None:
    with app.test_request_context("/admin/login"):
        sent = {wanted: login.local_path(wanted) for wanted in OUTSIDE + INSIDE}
    assert sent == dict.fromkeys(OUTSIDE, "/admin/") | {wanted: wanted for wanted in INSIDE}


# --- Passwords --------------------------------------------------------------------------------------------------------------


def test_one_password_however_it_is_typed() -> None:
    """«й» as one sign and as two is the same password."""
    composed = unicodedata.normalize("NFC", "мой тайный ёжик")
    apart = unicodedata.normalize("NFD", composed)
    assert apart != composed
    assert passwords.matches(passwords.hashed(apart), composed)
    assert passwords.matches(passwords.hashed(composed), apart)
    assert not passwords.matches(passwords.hashed(composed), composed.upper())


@pytest.mark.parametrize(
    ("password", "told"),
    [
        ("одиннадцать", "Пароль короче 12 знаков: придумайте длиннее, лучше фразу из нескольких слов."),
        ("а" * 12, "Пароль слишком прост: одни и те же знаки повторяются. Придумайте другой."),
        ("абвгд" * 41, "Пароль длиннее 200 знаков: сократите его."),
    ],
)
def test_password_rules(password: str, told: str) -> None:
    with pytest.raises(Refusal) as refused:
        passwords.hashed(password)
    assert refused.value.sentence == told


def test_a_broken_hash_lets_nobody_in() -> None:
    assert not passwords.matches("", PASSWORD)
    assert not passwords.matches("!", PASSWORD)
    assert not passwords.matches(None, PASSWORD)


def test_an_old_hash_is_made_anew(client: FlaskClient, cast: Cast) -> None:
    old = type(passwords.HASHER)(time_cost=2, memory_cost=16, parallelism=1).hash(PASSWORD)
    User.update(password_hash=old).where(User.id == cast.secretary.id).execute()
    assert try_password(client, "sekretar", PASSWORD).status_code == 302
    kept = User.get_by_id(cast.secretary.id).password_hash
    assert kept != old
    assert passwords.matches(kept, PASSWORD)


def test_a_person_with_several_roles(app: Flask, cast: Cast, sign_in: SignInAs) -> None:
    users.set_roles(cast.editor, {Role.EDITOR, Role.SECRETARY}, by=cast.admin, on=NOON)
    client = sign_in(cast.editor)
    assert [client.get(path).status_code for path in ("/admin/regulation/", "/admin/orders/new/", "/admin/users/")] == [
        200,
        200,
        403,
    ]
