"""Signing in with a code, sessions, and what a stolen cookie or a found session is worth."""

import datetime as dt
import time
from collections.abc import Callable

import pyotp
import pytest
import time_machine
from flask import Flask
from flask.testing import FlaskClient

from attestation.models import FailedSignIn, JournalEntry, SignIn, User
from attestation.site.views.account.entrance import local_path
from attestation.tests.conftest import NOON, PASSWORD, Cast, csrf_token
from attestation.tests.inspection import OpenedPage, open_page

from .conftest import NEW, VERA, fill, inside, mailed, messages, shown

Enter = Callable[..., FlaskClient]
SECURITY, TOTP = "/account/security", "/account/security/totp"
WRONG_PASSWORD = "Текущий пароль неверен. Проверьте раскладку клавиатуры и Caps Lock."


def secret_on(page: OpenedPage) -> str:
    return page.main.one("code", class_="totp-secret").text.replace(" ", "")


def code_now(secret: str) -> str:

    return pyotp.TOTP(secret).at(int(time.time()))


def turn_on(browser: FlaskClient) -> tuple[str, list[str]]:
    """Turn codes on: the secret and the recovery codes."""
    secret = secret_on(open_page(browser, TOTP))
    answer = fill(browser, TOTP, code=code_now(secret), password=PASSWORD)
    assert (answer.status_code, shown(answer).h1) == (200, "Резервные коды"), answer.text
    return secret, [code.text for code in shown(answer).main.all("code")]


def test_right_and_wrong_passwords(client: FlaskClient, vera: User) -> None:
    assert open_page(client, "/account/login").links()["Забыли пароль?"] == "/account/reset"
    for login, password in (
        (VERA, "не тот пароль"),
        ("nobody@example.org", PASSWORD),
        ("", ""),
        ("\0", "\0"),
        ("я" * 9999, "x"),
    ):
        answer = fill(client, "/account/login", login=login, password=password)
        assert answer.status_code == 403
        assert messages(answer) == ["Имя или пароль неверны. Проверьте раскладку клавиатуры и Caps Lock."]
    answer = fill(client, "/account/login", login=f" {VERA.upper()}", password=PASSWORD)
    assert (answer.status_code, answer.location) == (302, "/account/")
    assert client.get("/account/login").location == client.get("/account/register").location == "/account/"


def test_wrong_passwords_have_to_wait(app: Flask, client: FlaskClient, vera: User) -> None:
    with time_machine.travel(NOON, tick=False):
        answers = [fill(client, "/account/login", login=VERA, password="не тот пароль") for _ in range(6)]
        assert [answer.status_code for answer in answers] == [403] * 5 + [429]
        assert answers[5].headers["Retry-After"] == "900"
        # The office's own page counts with it, and the other way round.
        assert fill(client, "/admin/login", login=VERA, password=PASSWORD).status_code == 429


def test_staff_sign_in_here_with_their_login(app: Flask, client: FlaskClient, cast: Cast) -> None:
    fill(client, "/account/login", login="sekretar", password=PASSWORD)
    page = open_page(client, "/account/profile")
    assert page.root.one("nav", aria_label="Личный кабинет").all("a")[-1].attributes["href"] == "/admin/"
    header = open_page(client, "/admin/orders/").root.one("header")
    assert header.one("a", class_="me-name").attributes["href"] == SECURITY


def test_teachers_are_shown_no_office(vera: User, enter: Enter) -> None:
    browser = enter(vera)
    assert "/admin/" not in [
        a.attributes["href"] for a in open_page(browser, SECURITY).root.one("main").parent.all("nav")[0].all("a")
    ]
    assert browser.get("/admin/").status_code == 403


# --- The second step --------------------------------------------------------------------------------------------------------


def test_codes_from_turning_on_to_turning_off(app: Flask, vera: User, enter: Enter) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        browser = enter(vera)
        page = open_page(browser, TOTP)
        picture = page.main.one("img").attributes["src"]
        assert picture.startswith("data:image/svg+xml")
        # The same secret until it is used: the page may be opened again.
        assert secret_on(page) == secret_on(open_page(browser, TOTP))
        secret, codes = turn_on(browser)
        assert len(codes) == 10
        assert browser.get(TOTP).location == SECURITY
        assert "Неиспользованных резервных кодов: 10." in open_page(browser, SECURITY).text

        clock.shift(dt.timedelta(seconds=30))
        other = app.test_client()
        answer = fill(other, "/account/login?next=/account/profile", login=VERA, password=PASSWORD)
        assert (answer.location, inside(other)) == ("/account/code", False)
        assert open_page(other, "/account/code").h1 == "Код подтверждения"
        assert fill(other, "/account/code", code="000000").status_code == 403
        assert fill(other, "/account/code", code=code_now(secret)).location == "/account/profile"
        assert inside(other)

        third = app.test_client()
        fill(third, "/account/login", login=VERA, password=PASSWORD)
        assert fill(third, "/account/code", code=code_now(secret)).status_code == 403, "a code is worth one sign-in"
        assert fill(third, "/account/code", code=codes[0]).location == "/account/"
        fourth = app.test_client()
        fill(fourth, "/account/login", login=VERA, password=PASSWORD)
        assert fill(fourth, "/account/code", code=codes[0]).status_code == 403

        clock.shift(dt.timedelta(seconds=30))
        answer = fill(browser, "/account/security/codes", page=SECURITY, code=code_now(secret))
        fresh = [code.text for code in shown(answer).main.all("code")]
        assert (len(fresh), set(fresh) & set(codes)) == (10, set())
        refused = fill(browser, "/account/security/totp/off", page=SECURITY, code=codes[1], password=PASSWORD)
        assert (refused.status_code, messages(refused)[0][:12]) == (409, "Код неверен ")
        answer = fill(browser, "/account/security/totp/off", page=SECURITY, code=fresh[0], password=PASSWORD)
        assert answer.location == SECURITY
    assert User.get().totp_secret == ""
    assert inside(enter(vera))


def test_the_office_asks_for_the_code_too(app: Flask, cast: Cast, enter: Enter) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        secret, _ = turn_on(enter(cast.secretary))
        clock.shift(dt.timedelta(seconds=30))
        browser = app.test_client()
        answer = fill(browser, "/admin/login?next=/admin/orders/", login="sekretar", password=PASSWORD)
        assert answer.location == "/account/code"
        assert browser.get("/admin/orders/").status_code == 302
        assert fill(browser, "/account/code", code=code_now(secret)).location == "/admin/orders/"
        assert browser.get("/admin/orders/").status_code == 200


def test_an_administrator_takes_the_second_factor_away(app: Flask, cast: Cast, vera: User, enter: Enter) -> None:
    browser, admin = enter(vera), enter(cast.admin)
    turn_on(browser)
    page = f"/admin/users/{vera.id}/"
    answer = fill(admin, f"{page}second-factor/", page=page)
    assert (answer.location, User.get_by_id(vera.id).totp_secret, inside(browser)) == (page, "", False)
    assert inside(enter(vera))
    refused = fill(admin, f"{page}second-factor/", page=page)
    assert refused.status_code == 409


def test_an_administrator_gives_an_address(app: Flask, cast: Cast, enter: Enter) -> None:
    admin, page = enter(cast.admin), f"/admin/users/{cast.secretary.id}/"
    assert fill(admin, f"{page}email/", page=page, email=" Anna@example.org").location == page
    kept = User.get_by_id(cast.secretary.id)
    assert (kept.email, kept.email_confirmed_at, kept.login) == ("anna@example.org", None, "sekretar")
    refused = fill(admin, f"{page}email/", page=page, email="nonsense")
    assert (refused.status_code, 'value="nonsense"' in refused.text) == (409, True)
    # The secretary confirms it from the profile.
    secretary = enter(cast.secretary)
    assert "не подтверждён" in open_page(secretary, "/account/profile").text
    fill(secretary, "/account/profile/email", page="/account/profile", email="anna@example.org", password=PASSWORD)
    link = mailed()
    assert open_page(app.test_client(), link).h1 == "Новый адрес электронной почты"
    assert fill(secretary, link).location == "/account/profile"
    assert User.get_by_id(cast.secretary.id).email_confirmed_at is not None
    assert fill(admin, f"{page}email/", page=page, email="").location == page
    assert User.get_by_id(cast.secretary.id).email is None


def test_nobody_waits_for_a_code(client: FlaskClient, vera: User, enter: Enter) -> None:
    assert client.get("/account/code").location == "/account/login"
    assert "Время на ввод кода вышло." in messages(open_page(client, "/account/login"))[0]
    with time_machine.travel(NOON, tick=False) as clock:
        turn_on(enter(vera))
        fill(client, "/account/login", login=VERA, password=PASSWORD)
        clock.shift(dt.timedelta(minutes=5, seconds=1))
        assert client.get("/account/code").location == "/account/login"


def test_a_new_password_ends_the_waiting(app: Flask, client: FlaskClient, vera: User, enter: Enter) -> None:
    browser = enter(vera)
    turn_on(browser)
    fill(client, "/account/login", login=VERA, password=PASSWORD)
    fill(browser, "/account/security/password", page=SECURITY, current=PASSWORD, password=NEW)
    assert client.get("/account/code").location == "/account/login"


def test_codes_are_not_guessed(app: Flask, vera: User, enter: Enter) -> None:
    with time_machine.travel(NOON, tick=False):
        turn_on(enter(vera))
        statuses = []
        for number in range(6):
            browser = app.test_client()
            fill(browser, "/account/login", login=VERA, password=PASSWORD)
            statuses.append(fill(browser, "/account/code", origin=f"198.51.{number}.1", code="000000"))
        assert [answer.status_code for answer in statuses] == [403] * 5 + [429]
        assert statuses[5].headers["Retry-After"] == "900"


def test_turning_on_takes_code_and_password(vera: User, enter: Enter) -> None:
    browser = enter(vera)
    secret = secret_on(open_page(browser, TOTP))
    for code, password in (("000000", PASSWORD), (code_now(secret), "не тот пароль"), ("", "")):
        answer = fill(browser, TOTP, code=code, password=password)
        assert (answer.status_code, secret_on(shown(answer))) == (409, secret)
    assert User.get().totp_secret == ""


# --- Sessions ---------------------------------------------------------------------------------------------------------------


def test_the_list_of_sessions(app: Flask, vera: User, enter: Enter) -> None:
    agents = {
        "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox, Linux",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1 Version/17.0 Safari/604.1": "Safari, iPhone",
    }
    for agent in agents:
        browser = app.test_client()
        form = {"csrf_token": csrf_token(browser, "/account/login"), "login": VERA, "password": PASSWORD}
        browser.post("/account/login", data=form, headers={"User-Agent": agent}, environ_base={"REMOTE_ADDR": "203.0.113.9"})
    rows = open_page(browser, SECURITY).main.one("tbody").all("tr")
    assert [row.one("th").text for row in rows] == ["Safari, iPhone это устройство", "Firefox, Linux"]
    assert [row.all("td")[0].text for row in rows] == ["203.0.113.0/24"] * 2
    assert [len(row.all("button")) for row in rows] == [0, 1]


def sessions(browser: FlaskClient) -> int:
    return len(open_page(browser, SECURITY).main.one("tbody").all("tr"))


def test_ending_one_the_others_and_all(app: Flask, vera: User, enter: Enter) -> None:
    here, second, third = enter(vera), enter(vera), enter(vera)
    assert sessions(here) == 3
    action = open_page(here, SECURITY).main.one("tbody").all("form")[0].attributes["action"]
    assert fill(here, action, page=SECURITY).location == SECURITY
    assert sorted([inside(second), inside(third)]) == [False, True]
    gone = fill(here, action, page=SECURITY)
    assert (gone.status_code, messages(gone)) == (409, ["Этот сеанс уже завершён."])
    fourth = enter(vera)
    assert fill(here, "/account/security/sessions/end-others", page=SECURITY).location == SECURITY
    assert [inside(browser) for browser in (here, second, third, fourth)] == [True, False, False, False]
    fifth = enter(vera)
    assert fill(here, "/account/security/sessions/end-all", page=SECURITY).location == "/account/login"
    assert messages(open_page(here, "/account/login")) == ["Вы вышли на всех устройствах, и на этом."]
    assert not inside(here)
    assert not inside(fifth)


def test_nobody_ends_sessions_of_others(app: Flask, cast: Cast, vera: User, enter: Enter) -> None:
    theirs, mine = enter(cast.secretary), enter(vera)
    (foreign,) = SignIn.select().where(SignIn.user == cast.secretary)
    assert fill(mine, f"/account/security/sessions/{foreign.id}/end", page=SECURITY).status_code == 409
    assert inside(theirs)


def test_a_copied_cookie_is_dead_after_signing_out(app: Flask, vera: User, enter: Enter) -> None:
    browser, thief = enter(vera), app.test_client()
    thief.set_cookie("attestation", browser.get_cookie("attestation").value)  # type: ignore[union-attr]
    assert inside(thief)
    assert fill(browser, "/account/logout", page=SECURITY).location == "/account/login"
    assert not inside(thief)


def test_nobody_can_fix_a_session_beforehand(app: Flask, vera: User) -> None:
    attacker, victim = app.test_client(), app.test_client()
    attacker.get("/account/login")
    victim.set_cookie("attestation", attacker.get_cookie("attestation").value)  # type: ignore[union-attr]
    with attacker.session_transaction() as session:
        before = session["csrf_token"]
    fill(victim, "/account/login", login=VERA, password=PASSWORD)
    assert (inside(victim), inside(attacker)) == (True, False)
    with victim.session_transaction() as session:
        assert session["csrf_token"] != before


# --- The password -----------------------------------------------------------------------------------------------------------


def test_a_new_password_ends_the_other_sessions_and_keeps_this_one(app: Flask, vera: User, enter: Enter) -> None:
    here, elsewhere, copy = enter(vera), enter(vera), app.test_client()
    copy.set_cookie("attestation", here.get_cookie("attestation").value)  # type: ignore[union-attr]
    answer = fill(here, "/account/security/password", page=SECURITY, current=PASSWORD, password=NEW)
    assert answer.location == SECURITY
    assert [inside(browser) for browser in (here, elsewhere, copy)] == [True, False, False]
    assert fill(app.test_client(), "/account/login", login=VERA, password=PASSWORD).status_code == 403


def test_a_found_session_does_not_give_the_password_away(vera: User, enter: Enter) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        browser = enter(vera)
        answers = [
            fill(browser, "/account/security/password", page=SECURITY, current=f"попытка {n}", password=NEW) for n in range(6)
        ]
        assert [answer.status_code for answer in answers] == [409] * 5 + [429]
        assert (messages(answers[0]), answers[5].headers["Retry-After"]) == ([WRONG_PASSWORD], "900")
        # Nor by another door of the same room.
        for path, page in (("/account/profile/email", "/account/profile"), (TOTP, TOTP)):
            assert fill(browser, path, page=page, email="thief@example.org", code="0", password=PASSWORD).status_code == 429
        clock.shift(dt.timedelta(minutes=15))
        good = fill(browser, "/account/security/password", page=SECURITY, current=PASSWORD, password=NEW)
        assert good.status_code == 302
    assert FailedSignIn.select().count() == 0


def test_an_act_that_proves_nothing_washes_no_guesses_away(vera: User, enter: Enter) -> None:
    browser, told = enter(vera), []
    for n in range(5):
        guess = fill(browser, "/account/security/password", page=SECURITY, current=f"попытка {n}", password=NEW)
        # Codes are off: refused before anything is looked at.
        told += [guess.status_code, fill(browser, "/account/security/codes", page=SECURITY, code="0").status_code]
    assert told == [409] * 9 + [429]


def test_a_weak_new_password_is_no_wrong_one(vera: User, enter: Enter) -> None:
    browser = enter(vera)
    for _ in range(7):
        answer = fill(browser, "/account/security/password", page=SECURITY, current=PASSWORD, password="коротко")
        assert (answer.status_code, messages(answer)[0][:12]) == (409, "Пароль короч")


# --- The profile ------------------------------------------------------------------------------------------------------------


def test_the_profile(vera: User, enter: Enter) -> None:
    browser = enter(vera)
    answer = fill(browser, "/account/profile", full_name="Другая Вера", phone="+7 (000) 000-00-00", notify_sms="y")
    assert answer.location == "/account/profile"
    kept = User.get()
    assert (kept.full_name, kept.phone, kept.notify_email, kept.notify_sms, kept.notify_push) == (
        "Другая Вера",
        "+7 (000) 000-00-00",
        False,
        True,
        False,
    )
    refused = fill(browser, "/account/profile", full_name="Вера\0", phone="много цифр", notify_push="y")
    assert refused.status_code == 409
    assert shown(refused).main.one("input", id="phone").attributes["value"] == "много цифр"
    assert User.get().full_name == "Другая Вера"


def test_staff_do_not_rename_themselves(cast: Cast, enter: Enter) -> None:
    browser = enter(cast.secretary)
    page = open_page(browser, "/account/profile")
    assert "Имя сотрудника меняет администратор." in page.text
    assert page.main.all("input", id="full_name") == []
    assert fill(browser, "/account/profile", phone="12345").status_code == 302
    assert fill(browser, "/account/profile", full_name="Кто-то Другой").status_code == 409


def test_a_new_address(app: Flask, vera: User, enter: Enter) -> None:
    browser = enter(vera)
    answer = fill(browser, "/account/profile/email", page="/account/profile", email="new@example.org", password=PASSWORD)
    assert answer.location == "/account/profile"
    assert "new@example.org" in messages(open_page(browser, "/account/profile"))[0]
    link = mailed()
    assert User.get().email == VERA
    # The letter may be opened on the telephone, where nobody is signed in.
    phone = app.test_client()
    assert fill(phone, link).location == "/account/profile"
    assert (User.get().email, User.get().login) == ("new@example.org", "new@example.org")
    assert open_page(phone, link, 410).h1 == "Ссылка не действует"
    assert "use_recovery_code" not in {entry.verb for entry in JournalEntry.select()}


# --- Where to go, and forms that come too late --------------------------------------------------------------------------------

OUTSIDE = ["https://example.org/", "//example.org/account/", "/\\example.org", "/account/\\example.org", "javascript:alert(1)"]
OUTSIDE += ["/account/\r\nSet-Cookie: a=b", "/admin/", "/accountant/", "/account/../admin/", "//[", "", "/account/login"]
OUTSIDE += ["/account/logout", "/account/code"]


def test_nowhere_else(app: Flask) -> None:
    with app.test_request_context("/account/login"):
        assert {wanted: local_path(wanted) for wanted in OUTSIDE} == dict.fromkeys(OUTSIDE, "/account/")


@pytest.mark.parametrize("wanted", ["https://example.org/", "//example.org", "/account/profile"])
def test_back_to_where_one_wanted(client: FlaskClient, vera: User, wanted: str) -> None:
    answer = fill(client, f"/account/login?next={wanted}", login=VERA, password=PASSWORD)
    assert answer.location == ("/account/profile" if wanted == "/account/profile" else "/account/")


def test_a_form_sent_after_the_session_has_ended_is_not_lost(app: Flask, vera: User, enter: Enter) -> None:
    """The page says what to do; after signing in in another tab the very same form is taken when it is sent again."""
    with time_machine.travel(NOON, tick=False) as clock:
        browser = enter(vera)
        form = {
            "csrf_token": csrf_token(browser, "/account/profile"),
            "full_name": "Долго Печатавшая",
            "phone": "",
            "notify_email": "y",
        }
        clock.shift(dt.timedelta(hours=12, minutes=1))
        answer = browser.post("/account/profile", data=form)
        assert (answer.status_code, shown(answer).h1) == (403, "Сеанс закончился")
        assert User.get().full_name != "Долго Печатавшая"
        fill(browser, "/account/login", login=VERA, password=PASSWORD)
        assert browser.post("/account/profile", data=form).location == "/account/profile"
    assert User.get().full_name == "Долго Печатавшая"


def test_a_form_of_one_person_is_not_taken_from_another(app: Flask, cast: Cast, vera: User, enter: Enter) -> None:
    token = csrf_token(enter(vera), "/account/profile")
    other = enter(cast.secretary)
    assert other.post("/account/profile", data={"csrf_token": token, "phone": "12345"}).status_code == 400
