"""Security headers of every answer."""

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

STRICT = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


@pytest.mark.parametrize("path", ["/", "/orders/", "/nichego", "/robots.txt", "/static/site.css", "/orders"])
def test_every_public_answer_is_strict(client: FlaskClient, path: str) -> None:
    headers = client.get(path).headers
    assert headers["Content-Security-Policy"] == STRICT
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "strict-origin-when-cross-origin"
    assert "Strict-Transport-Security" not in headers
    assert "Set-Cookie" not in headers


def test_the_office_is_not_kept_and_has_a_nonce_of_its_own(client: FlaskClient) -> None:
    first, second = (client.get("/admin/no-such-page").headers for _ in range(2))
    assert first["Cache-Control"] == "no-store"
    assert "script-src 'self' 'nonce-" in first["Content-Security-Policy"]
    assert first["Content-Security-Policy"] != second["Content-Security-Policy"]


def test_over_https_browsers_are_told_to_stay_there(client: FlaskClient, change_settings: Callable[..., None]) -> None:
    change_settings(site_url="https://example.org")
    assert client.get("/").headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
