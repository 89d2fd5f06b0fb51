"""Signing in through a provider of identities: a real one, honest, lying, and away."""

import datetime as dt
import time
from collections.abc import Callable, Iterator

import pyotp
import pytest
import requests
import time_machine
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from attestation.models import Identity, User
from attestation.site import oidc
from attestation.tests.conftest import PASSWORD
from attestation.tests.identity_provider import CLIENT, SECRET, IdentityProvider, new_key, running, shared_secret
from attestation.tests.inspection import faults, open_page

from .conftest import NAME, SITE, VERA, fill, inside, messages, shown

Enter = Callable[..., FlaskClient]
SECURITY = "/account/security"
FAILED = "Государственная система не подтвердила, кто вы. Попробуйте ещё раз или войдите с паролем."


@pytest.fixture
def provider(change_settings: Callable[..., None]) -> Iterator[IdentityProvider]:
    """A provider that this installation trusts."""
    with running() as started:
        change_settings(oidc_issuer=started.issuer, oidc_client_id=CLIENT, oidc_client_secret=SECRET)
        yield started


def there(browser: FlaskClient, query: str = "") -> str:
    """Start, and come back from the provider: the path that it sends the browser to."""
    sent = browser.get(f"/account/oidc/start{query}")
    assert sent.status_code == 302, sent.text
    back = requests.get(sent.location, allow_redirects=False, timeout=5).headers["Location"]
    assert back.startswith(f"{SITE}/account/oidc/return?")
    return back.removeprefix(SITE)


def come(browser: FlaskClient, query: str = "") -> TestResponse:
    """The whole way there and back."""
    answer = browser.get(there(browser, query))
    assert answer.status_code == 302 or faults(answer.text, "Аттестация педагогов") == []
    return answer


def told(answer: TestResponse) -> tuple[int, str]:
    """The status of a page of refusal and its sentence."""
    return answer.status_code, shown(answer).main.one("p", class_="lead").text


def test_without_a_provider(client: FlaskClient, vera: User, enter: Enter) -> None:
    assert client.get("/account/oidc/start").status_code == client.get("/account/oidc/return").status_code == 404
    assert "Госуслуги" not in client.get("/account/login").text
    assert "Госуслуги" not in enter(vera).get(SECURITY).text


def test_somebody_new(client: FlaskClient, provider: IdentityProvider) -> None:
    page = open_page(client, "/account/login")
    assert page.links()["Войти через Госуслуги (ЕСИА)"] == "/account/oidc/start"
    answer = come(client, "?next=/account/profile")
    assert answer.location == "/account/profile"
    user = User.get()
    assert (user.full_name, user.email, user.password_hash) == (NAME, VERA, "")
    (known,) = Identity.select()
    assert (known.issuer, known.subject, known.born_on) == (provider.issuer, "17", dt.date(1985, 3, 7))
    assert "Имя подтверждено государственной системой" in open_page(client, "/account/profile").text
    assert "Пароля пока нет" in open_page(client, SECURITY).text
    assert provider.asked == ["/.well-known/openid-configuration", "/jwks", "/authorize", "/token"]


def test_the_same_person_again(app: Flask, client: FlaskClient, provider: IdentityProvider) -> None:
    come(client)
    assert come(app.test_client(), "?next=//example.org/").location == "/account/"
    assert (User.select().count(), Identity.select().count()) == (1, 1)
    # What the provider publishes about itself was asked once.
    assert provider.asked.count("/jwks") == 1


def test_an_equal_address_opens_nothing(client: FlaskClient, provider: IdentityProvider, vera: User) -> None:
    status, sentence = told(come(client))
    assert (status, sentence[:62]) == (409, "Учётная запись с вашим адресом электронной почты уже есть. Вой")
    assert not inside(client)
    assert (User.select().count(), Identity.select().count()) == (1, 0)


def test_an_address_that_is_not_verified_is_not_taken(client: FlaskClient, provider: IdentityProvider, vera: User) -> None:
    provider.says["email_verified"] = False
    assert come(client).location == "/account/"
    assert [user.email for user in User.select().order_by(User.id)] == [VERA, None]


def test_tying_and_untying(app: Flask, provider: IdentityProvider, vera: User, enter: Enter) -> None:
    browser = enter(vera)
    refused = fill(browser, "/account/oidc/link", page=SECURITY, password="не тот пароль")
    assert refused.status_code == 409
    assert browser.get("/account/oidc/start?link=1").location == SECURITY
    assert messages(open_page(browser, SECURITY)) == ["Прошло больше пяти минут. Введите пароль ещё раз и продолжите."]
    assert fill(browser, "/account/oidc/link", page=SECURITY, password=PASSWORD).location == f"{SECURITY}#provider"
    assert open_page(browser, SECURITY).links()["Продолжить: Госуслуги (ЕСИА)"] == "/account/oidc/start?link=1"
    assert come(browser, "?link=1").location == SECURITY
    assert messages(open_page(browser, SECURITY)) == [f"Вход привязан: {NAME}."]
    assert come(other := app.test_client()).location == "/account/"
    assert inside(other)
    assert fill(browser, "/account/oidc/unlink", page=SECURITY).location == SECURITY
    assert Identity.select().count() == 0
    assert fill(browser, "/account/oidc/unlink", page="/account/profile").status_code == 409


def test_a_stranger_ties_nothing(client: FlaskClient, provider: IdentityProvider) -> None:
    assert client.get("/account/oidc/start?link=1").location == "/account/login?next=/account/security"
    assert "/authorize" not in provider.asked


def test_tying_ends_with_the_session_it_began_in(provider: IdentityProvider, vera: User, enter: Enter) -> None:
    browser = enter(vera)
    fill(browser, "/account/oidc/link", page=SECURITY, password=PASSWORD)
    back = there(browser, "?link=1")
    fill(browser, "/account/logout", page=SECURITY)
    assert browser.get(back).status_code == 400
    assert Identity.select().count() == 0


def test_the_second_step_is_asked_for_all_the_same(app: Flask, provider: IdentityProvider, vera: User, enter: Enter) -> None:
    browser = enter(vera)
    fill(browser, "/account/oidc/link", page=SECURITY, password=PASSWORD)
    come(browser, "?link=1")
    secret = open_page(browser, "/account/security/totp").main.one("code").text.replace(" ", "")
    code = pyotp.TOTP(secret).at(int(time.time()))
    assert fill(browser, "/account/security/totp", code=code, password=PASSWORD).status_code == 200
    other = app.test_client()
    assert come(other).location == "/account/code"
    assert not inside(other)


# --- What must not be believed ----------------------------------------------------------------------------------------------

LIES: dict[str, dict[str, object]] = {
    "another issuer": {"iss": "https://evil.example.org"},
    "another addressee": {"aud": "somebody else"},
    "expired": {"exp": 1_000_000_000},
    "no end": {"exp": None},
    "another nonce": {"nonce": "planted"},
    "no nonce": {"nonce": None},
    "nobody": {"sub": None},
    "no name": {"family_name": ""},
    "a name of another type": {"given_name": {"x": 1}},
    "two addressees, the other acts": {"aud": [CLIENT, "other"], "azp": "other"},
    "another access token": {"at_hash": "AAAA"},
}


@pytest.mark.parametrize("lie", LIES)
def test_lies(client: FlaskClient, provider: IdentityProvider, lie: str) -> None:
    provider.instead = LIES[lie]
    assert told(come(client)) == (403, FAILED)
    assert not inside(client)
    assert User.select().count() == 0


def test_clocks_may_differ_by_a_minute(client: FlaskClient, provider: IdentityProvider) -> None:
    provider.instead = {"exp": int(time.time()) - 30}
    assert come(client).status_code == 302


def test_a_wrong_signature(client: FlaskClient, provider: IdentityProvider) -> None:
    other = new_key()
    provider.signs_with = type(other).import_key({**other.as_dict(private=True), "kid": provider.key.kid})
    assert told(come(client)) == (403, FAILED)


@pytest.mark.parametrize("offered", [["ES256"], ["HS256", "ES256"], ["none"]])
def test_a_signature_that_anybody_could_make(client: FlaskClient, provider: IdentityProvider, offered: list[str]) -> None:
    provider.algorithm, provider.signs_with = "HS256", shared_secret(provider.key.kid)
    provider.metadata = {"id_token_signing_alg_values_supported": offered}
    assert told(come(client)) == (403, FAILED)


def test_new_keys_are_asked_for(app: Flask, client: FlaskClient, provider: IdentityProvider) -> None:
    come(client)
    provider.key = new_key()
    assert come(app.test_client()).location == "/account/"
    assert provider.asked.count("/jwks") == 2


def test_a_key_that_the_provider_does_not_have(client: FlaskClient, provider: IdentityProvider) -> None:
    provider.published, provider.signs_with = provider.key, new_key()
    assert told(come(client)) == (403, FAILED)
    assert provider.asked.count("/jwks") == 2


def test_a_return_is_good_once_and_in_its_own_browser(app: Flask, client: FlaskClient, provider: IdentityProvider) -> None:
    back = there(client)
    assert app.test_client().get(back).status_code == 400
    assert client.get(back.replace("state=", "state=ё")).status_code == 400
    back = there(client)
    assert client.get(back).status_code == 302
    assert client.get(back).status_code == 400


def test_a_return_that_took_too_long(client: FlaskClient, provider: IdentityProvider) -> None:
    back = there(client)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=16)):
        assert client.get(back).status_code == 400


def test_a_code_of_somebody_else(app: Flask, client: FlaskClient, provider: IdentityProvider) -> None:
    """A code stolen on the way is worth nothing without the verifier that never left the other browser's session."""
    stolen = there(app.test_client()).partition("code=")[2].partition("&")[0]
    own = there(client)
    code = own.partition("code=")[2].partition("&")[0]
    assert told(client.get(own.replace(code, stolen))) == (403, FAILED)


def test_a_refusal_at_the_provider(client: FlaskClient, provider: IdentityProvider) -> None:
    state = there(client).partition("state=")[2].partition("&")[0]
    status, sentence = told(client.get(f"/account/oidc/return?error=access_denied&state={state}"))
    assert (status, sentence[:40]) == (403, "Вход не выполнен: вы отказались передать")


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", "/jwks"])
def test_away_before(client: FlaskClient, provider: IdentityProvider, path: str) -> None:
    provider.down = {path}
    answer = client.get("/account/oidc/start")
    assert told(answer) == (
        503,
        "Государственная система сейчас не отвечает. Попробуйте через несколько минут или войдите с паролем.",
    )
    assert answer.headers["Retry-After"] == "120"
    provider.down = set()
    assert come(client).status_code == 302


def test_away_in_between(client: FlaskClient, provider: IdentityProvider) -> None:
    back = there(client)
    provider.down = {"/token"}
    assert client.get(back).status_code == 503


def test_nobody_listens(client: FlaskClient, change_settings: Callable[..., None]) -> None:
    with running() as gone:
        change_settings(oidc_issuer=gone.issuer, oidc_client_id=CLIENT, oidc_client_secret=SECRET)
    assert client.get("/account/oidc/start").status_code == 503


def test_a_wrong_secret_of_ours(client: FlaskClient, provider: IdentityProvider, change_settings: Callable[..., None]) -> None:
    change_settings(oidc_client_secret="another")
    assert told(come(client)) == (403, FAILED)


@pytest.mark.parametrize(
    "metadata",
    [
        {"issuer": "https://other.example.org"},
        {"token_endpoint": "http://example.org/token"},
        {"jwks_uri": "http://example.org/jwks"},
        {"authorization_endpoint": None},
    ],
)
def test_a_provider_described_wrongly(client: FlaskClient, provider: IdentityProvider, metadata: dict[str, object]) -> None:
    provider.metadata = metadata
    assert client.get("/account/oidc/start").status_code == 503


def test_russian_days(client: FlaskClient, provider: IdentityProvider) -> None:
    provider.says["birthdate"] = "07.03.1985"
    come(client)
    assert Identity.get().born_on == dt.date(1985, 3, 7)


def test_one_provider_object_for_one_installation(app: Flask, provider: IdentityProvider) -> None:
    settings = app.extensions["attestation"].settings
    assert oidc.provider(settings) is oidc.provider(settings)
