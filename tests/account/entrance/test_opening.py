"""Opening an account and a forgotten password, from page to letter and back."""

import datetime as dt
from collections.abc import Callable

import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from attestation.models import Letter, OneTimeToken, SignIn, User
from attestation.site import passwords
from attestation.tests.conftest import NOON, PASSWORD, Cast
from attestation.tests.inspection import open_page

from .conftest import NAME, NEW, SITE, VERA, fill, inside, mailed, messages, shown

Enter = Callable[..., FlaskClient]
OVER = "Ссылка не действует"


def register(browser: FlaskClient, email: str = VERA, **more: str) -> str:
    answer = fill(browser, "/account/register", email=email, full_name=NAME, **more)
    assert (answer.status_code, answer.location) == (302, "/account/sent"), answer.text
    return open_page(browser, answer.location).text


def test_from_page_to_letter_to_account(client: FlaskClient) -> None:
    assert open_page(client, "/account/register").h1 == "Новая учётная запись"
    assert f"Письмо отправлено на адрес {VERA}." in register(client)
    link = mailed()
    page = open_page(client, link)
    assert (page.h1, page.main.one("input", id="full_name").attributes["value"]) == ("Придумайте пароль", NAME)
    answer = fill(client, link, full_name=NAME, password=PASSWORD)
    assert (answer.status_code, answer.location) == (302, "/account/")
    home = open_page(client, "/account/")
    assert messages(home) == ["Учётная запись открыта, вы вошли."]
    assert User.get().login == VERA
    assert open_page(client, link, 410).h1 == OVER


def test_who_only_looks_uses_nothing_up(app: Flask, client: FlaskClient) -> None:
    """Scanners of mail open every link: GET and HEAD change nothing."""
    register(client)
    link = mailed()
    for _ in range(3):
        assert app.test_client().get(link).status_code == app.test_client().head(link).status_code == 200
    assert (OneTimeToken.get().used_at, User.select().count()) == (None, 0)
    assert fill(app.test_client(), link, full_name=NAME, password=PASSWORD).status_code == 302


def test_the_letter_leads_to_the_site_whatever_the_request_calls_it(app: Flask, client: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = False  # the cookie of this browser belongs to the right name
    form = {"email": VERA, "full_name": NAME}
    assert client.post("/account/register", data=form, headers={"Host": "evil.example.org"}).status_code == 302
    assert "evil" not in Letter.get().body
    assert f"{SITE}/account/confirm/" in Letter.get().body


def test_nothing_tells_who_has_an_account(app: Flask, vera: User) -> None:
    """Register and reset answer alike for a known and an unknown address: the same pages but for the address itself."""
    pages = []
    for path, fields in (("/account/register", {"full_name": NAME}), ("/account/reset", {})):
        for email in (VERA, "nina@example.org"):
            browser = app.test_client()
            answer = fill(browser, path, email=email, **fields)
            sent = open_page(browser, answer.location)
            pages.append(
                (path, answer.status_code, answer.location, sent.text.replace(email, "…"), sorted(sent.links().items()))
            )
    assert pages[0] == pages[1]
    assert pages[2] == pages[3]
    assert [letter.name for letter in Letter.select().order_by(Letter.id)] == [
        "account_known",
        "account_confirm",
        "account_reset",
        "account_unknown",
    ]


def test_no_time_tells_either(app: Flask, vera: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing slow happens for one of them alone: no password is hashed or compared."""
    monkeypatch.setattr(passwords, "HASHER", None)
    for email in (VERA, "nina@example.org"):
        assert fill(app.test_client(), "/account/reset", email=email).status_code == 302


def test_what_was_typed_stays(client: FlaskClient) -> None:
    answer = fill(client, "/account/register", email="nonsense", full_name="Вера <b>")
    page = shown(answer)
    assert answer.status_code == 409
    assert messages(page) == ["Проверьте адрес электронной почты: он выглядит как name@example.org."]
    assert [page.main.one("input", id=name).attributes["value"] for name in ("email", "full_name")] == ["nonsense", "Вера <b>"]
    assert Letter.select().count() == 0


@pytest.mark.parametrize("email", ["\0", "vera@example.org\0", "я" * 10_000, "\ud83d", "\U0001f4a9@example.org", ""])
def test_strange_addresses(client: FlaskClient, email: str) -> None:
    typed = email.encode("utf-8", "surrogatepass")
    for path in ("/account/register", "/account/reset"):
        assert fill(client, path, email=typed, full_name=NAME).status_code == 409


def test_too_much(client: FlaskClient) -> None:
    assert fill(client, "/account/reset", email="x" * 7_000_000).status_code == 413


def test_a_weak_password_leaves_the_link(client: FlaskClient) -> None:
    register(client)
    link = mailed()
    answer = fill(client, link, full_name=NAME, password="коротко")
    assert (answer.status_code, messages(answer)[0][:24]) == (409, "Пароль короче 12 знаков:")
    assert "коротко" not in answer.text
    assert fill(client, link, full_name=NAME, password=PASSWORD).status_code == 302


def test_links_end(client: FlaskClient) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        register(client)
        link = mailed()
        clock.shift(dt.timedelta(hours=24))
        page = open_page(client, link, 410)
        assert page.links()["начните заново"] == "/account/register"
        assert fill(client, link, page="/account/login").status_code == 410
    assert User.select().count() == 0


def test_nobody_waits_inside(app: Flask, client: FlaskClient) -> None:
    """Whoever registers somebody else's mailbox holds nothing: without the letter there is no account."""
    register(client)
    assert not inside(client)
    assert fill(client, "/account/login", login=VERA, password=PASSWORD).status_code == 403


def test_many_letters_to_one_mailbox(app: Flask) -> None:
    for path, more in (("/account/register", {"full_name": NAME}), ("/account/reset", {})):
        answers = [fill(app.test_client(), path, origin=f"192.0.{n}.1", email=VERA, **more) for n in range(6)]
        assert [answer.status_code for answer in answers] == [302] * 5 + [429]
        assert 0 < int(answers[5].headers["Retry-After"]) <= 900
        assert shown(answers[5]).h1 == "Слишком много попыток"
        # Other spellings of the address are the same mailbox; another one is not held up.
        assert fill(app.test_client(), path, email=f" {VERA.upper()}", **more).status_code == 429
        assert fill(app.test_client(), path, email="other@example.org", **more).status_code == 302
    assert Letter.select().where(Letter.address == VERA).count() == 10


def test_many_mailboxes_from_one_network(app: Flask) -> None:
    client = app.test_client()
    statuses = [fill(client, "/account/reset", email=f"name{n}@example.org").status_code for n in range(32)]
    assert statuses == [302] * 30 + [429] * 2


def reset(browser: FlaskClient, email: str = VERA) -> str:
    assert fill(browser, "/account/reset", email=email).status_code == 302
    return mailed()


def test_a_forgotten_password(app: Flask, client: FlaskClient, vera: User, enter: Enter) -> None:
    elsewhere = enter(vera)
    link = reset(client)
    assert open_page(client, link).h1 == "Новый пароль"
    answer = fill(client, link, password=NEW)
    assert (answer.status_code, answer.location) == (302, "/account/login")
    assert messages(open_page(client, "/account/login"))[0].startswith("Новый пароль задан")
    assert not inside(client)
    assert not inside(elsewhere)
    assert fill(client, "/account/login", login=VERA, password=PASSWORD).status_code == 403
    assert inside(enter(vera, NEW))
    assert open_page(client, link, 410).h1 == OVER
    assert fill(client, link, page="/account/login", password=PASSWORD).status_code == 410


def test_a_link_forgotten_for_an_hour(client: FlaskClient, vera: User) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        link = reset(client)
        clock.shift(dt.timedelta(hours=1))
        assert open_page(client, link, 410).h1 == OVER


def test_staff_set_a_forgotten_password(app: Flask, client: FlaskClient, cast: Cast) -> None:
    login = open_page(client, "/admin/login")
    assert login.links()["Задайте новый по письму"] == "/account/reset"
    User.update(email="anna@example.org", email_confirmed_at=NOON).where(User.id == cast.secretary.id).execute()
    assert fill(client, reset(client, "anna@example.org"), password=NEW).status_code == 302
    answer = fill(client, "/admin/login", login="sekretar", password=NEW)
    assert (answer.status_code, answer.location) == (302, "/admin/")


@pytest.mark.parametrize("path", ["/account/confirm/x", "/account/confirm/" + "я" * 500, "/account/reset/x"])
def test_links_of_ones_own_making(client: FlaskClient, path: str) -> None:
    assert open_page(client, path, 410).h1 == OVER
    assert client.get(path + "%00").status_code == 404


def test_a_session_of_somebody_else_is_replaced(client: FlaskClient, vera: User, enter: Enter) -> None:
    """Who opens an account in a browser where somebody is signed in goes on as themselves."""
    browser = enter(vera)
    register(client, "nina@example.org")
    fill(browser, mailed(), full_name="Новая Нина", password=PASSWORD)
    assert "Новая Нина" in browser.get("/account/").text
    assert SignIn.select().where(SignIn.ended_at.is_null()).count() == 2
