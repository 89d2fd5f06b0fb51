"""Security headers of every answer."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

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


def test_static_files_of_the_server_are_strict_too(tmp_path: Path) -> None:
    """They are answered before Flask is asked; a process of its own, because the module reads the environment."""
    code = """
from werkzeug.test import Client
from attestation.wsgi import app
headers = Client(app).get("/static/site.css").headers
print(headers["Content-Security-Policy"], headers["X-Content-Type-Options"], headers["Strict-Transport-Security"], sep="\\n")
"""
    environ = {**os.environ, "DATA_DIR": str(tmp_path), "SECRET_KEY": "x", "SITE_URL": "HTTPS://example.org"}
    environ.pop("DATABASE_URL", None)
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [STRICT, "nosniff", "max-age=31536000; includeSubDomains"]


def test_the_office_is_not_kept_and_has_a_nonce_of_its_own(client: FlaskClient) -> None:
    first, second = (client.get("/admin/no-such-page").headers for _ in range(2))
    assert first["Cache-Control"] == "no-store"
    assert "script-src 'self' 'nonce-" in first["Content-Security-Policy"]
    assert first["Content-Security-Policy"] != second["Content-Security-Policy"]


def test_over_https_browsers_are_told_to_stay_there(client: FlaskClient, change_settings: Callable[..., None]) -> None:
    change_settings(site_url="https://example.org")
    assert client.get("/").headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
