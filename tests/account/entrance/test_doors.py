"""Every address of the cabinet, and which of them a stranger may open."""

import re

from flask import Flask
from flask.testing import FlaskClient

# What leads into the cabinet; everything else sends a stranger to sign in.
OPEN = {
    "GET /account/login",
    "POST /account/login",
    "GET /account/code",
    "POST /account/code",
    "POST /account/logout",
    "GET /account/register",
    "POST /account/register",
    "GET /account/sent",
    "GET /account/confirm/*",
    "POST /account/confirm/*",
    "GET /account/reset",
    "POST /account/reset",
    "GET /account/reset/*",
    "POST /account/reset/*",
    "GET /account/oidc/start",
    "GET /account/oidc/return",
}
# Addresses of one's own account behind the door.
OWN = {
    "GET /account/",
    "GET /account/appeals",
    "GET /account/profile",
    "POST /account/profile",
    "POST /account/profile/email",
    "GET /account/security",
    "POST /account/security/password",
    "GET /account/security/totp",
    "POST /account/security/totp",
    "POST /account/security/totp/off",
    "POST /account/security/codes",
    "POST /account/security/sessions/*/end",
    "POST /account/security/sessions/end-others",
    "POST /account/security/sessions/end-all",
    "POST /account/oidc/link",
    "POST /account/oidc/unlink",
}


def doors(app: Flask) -> dict[str, str]:
    """Every address below /account with a path to knock at."""
    found = {}
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/account"):
            path = re.sub(r"<any\((\w+)[^>]+>", r"\1", rule.rule)
            path = re.sub(r"<[^>]+>", "x", re.sub(r"<int:[^>]+>", "1", path))
            shape = re.sub(r"<[^>]+>", "*", rule.rule)
            found |= {f"{method} {shape}": path for method in rule.methods - {"HEAD", "OPTIONS"}}
    return found


def test_strangers_are_sent_to_sign_in(app: Flask, client: FlaskClient) -> None:
    """Reading leads to the sign-in page and back; what a form brought is answered with a page that says how not to lose it."""
    app.config["WTF_CSRF_ENABLED"] = False
    closed = {door: path for door, path in doors(app).items() if door not in OPEN}
    answers = {door: client.open(path, method=door.partition(" ")[0]) for door, path in closed.items()}
    told = {door: (answer.status_code, (answer.location or "").partition("?")[0]) for door, answer in answers.items()}
    assert told == {door: (302, "/account/login") if door.startswith("GET") else (403, "") for door in closed}
    assert closed.keys() >= OWN


def test_open_doors_are_all_there(app: Flask) -> None:
    assert doors(app).keys() >= OPEN


def test_every_form_asks_for_the_token(app: Flask, client: FlaskClient) -> None:
    posts = {door: path for door, path in doors(app).items() if door.startswith("POST")}
    assert {door: client.post(path).status_code for door, path in posts.items()} == dict.fromkeys(posts, 400)


def test_nothing_of_the_cabinet_is_kept_by_browsers_or_found_by_searches(client: FlaskClient) -> None:
    for path in ("/account/login", "/account/", "/account/confirm/x"):
        headers = client.get(path).headers
        assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("private, no-store", "noindex, nofollow")


def test_public_pages_are_the_same_for_everybody(app: Flask, client: FlaskClient) -> None:
    """The way into the cabinet is on every page and looks at no cookie."""
    plain = client.get("/orders/")
    client.get("/account/login")
    known = client.get("/orders/")
    assert plain.text == known.text
    assert 'href="/account/"' in plain.text
    assert "Cookie" not in known.headers.get("Vary", "")
    assert "Set-Cookie" not in known.headers
