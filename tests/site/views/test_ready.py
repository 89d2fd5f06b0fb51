"""Pages answered from memory: the same as rendered, and rendered anew when something they depend on differs."""

from collections.abc import Callable
from time import monotonic
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from attestation.models import Order, User

from ...conftest import Cast

PATHS = ["/rubrics/", "/rubrics/1/"]


@pytest.fixture
def rendered(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The templates rendered since."""
    from attestation.site.views import rubrics

    names: list[str] = []
    really = rubrics.render_template
    monkeypatch.setattr(rubrics, "render_template", lambda name, **values: names.append(name) or really(name, **values))
    return names


@pytest.mark.parametrize("path", PATHS)
def test_a_page_is_rendered_once(client: FlaskClient, rendered: list[str], path: str) -> None:
    first, second = client.get(path), client.get(f"{path}?from=elsewhere")
    assert first.data == second.data and first.mimetype == "text/html"
    assert len(rendered) == 1


def test_the_kept_answer_is_the_same_to_the_header(client: FlaskClient) -> None:
    first, second, head = client.get("/rubrics/1/"), client.get("/rubrics/1/"), client.head("/rubrics/1/")
    assert sorted(first.headers) == sorted(second.headers) == sorted(head.headers)
    assert (head.status_code, head.data) == (200, b"")


def test_only_reading_is_answered_from_memory(client: FlaskClient) -> None:
    client.get("/rubrics/1/")
    assert client.post("/rubrics/1/").status_code == 405


@pytest.mark.parametrize("path", PATHS)
def test_a_browser_that_has_it_gets_304(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    assert first.headers["Cache-Control"] == "no-cache"  # kept, and asked about each time
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert {"Content-Type", "Content-Length"}.isdisjoint(again.headers.keys())
    assert again.headers["Content-Security-Policy"] == first.headers["Content-Security-Policy"]


def test_pages_are_not_mixed_up(client: FlaskClient) -> None:
    assert len({client.get(path).headers["ETag"] for path in (*PATHS, "/rubrics/2/")}) == 3


def test_other_settings_are_shown_at_once(client: FlaskClient, change_settings: Callable[..., None]) -> None:
    client.get("/rubrics/1/")
    change_settings(service_name="Другое название")
    assert "Другое название" in client.get("/rubrics/1/").text


def test_the_demonstration_band_appears(
    app: Flask, client: FlaskClient, make_order: Callable[..., Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "Демонстрационные данные" not in client.get("/rubrics/1/").text
    make_order(demo=True)
    layer: Any = app.wsgi_app
    layer.clock = lambda: monotonic() + 31  # half a minute later
    monkeypatch.setattr(app.jinja_env.globals["demonstration"], "_clock", layer.clock)
    assert "Демонстрационные данные" in client.get("/rubrics/1/").text


def test_the_page_is_the_same_for_everybody(client: FlaskClient, cast: Cast, sign_in: Callable[[User], FlaskClient]) -> None:
    assert sign_in(cast.admin).get("/rubrics/1/").data == client.get("/rubrics/1/").data


def test_a_refusal_is_not_kept(app: Flask, client: FlaskClient) -> None:
    for number in range(16, 30):
        assert client.get(f"/rubrics/{number}/").status_code == 404
    client.get("/")
    layer: Any = app.wsgi_app
    assert layer.pages == {}
    client.get("/rubrics/1/")
    assert list(layer.pages) == [("", "/rubrics/1/")]
