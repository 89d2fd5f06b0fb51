"""«Версия для слабовидящих»: the way to it, its panel, what the cookie keeps, style sheets of its sizes, pictures in words."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from attestation.models import User
from attestation.site.view_mode import FIRST, ViewMode
from attestation.site.views import viewing

from ...conftest import Cast
from ...inspection import Element, OpenedPage, open_page

# How a page looks is written in a cookie: no database has a part in it.
pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

GROUPS = {
    "Размер текста": ["А обычный", "А крупный", "А самый крупный"],
    "Шрифт": ["Без засечек", "С засечками"],
    "Цвета": ["Обычные", "Чёрным по белому", "Белым по чёрному", "Синим по голубому"],
    "Интервалы": ["Обычные", "Широкие"],
    "Изображения": ["Показать", "Скрыть"],
}
Look = Callable[..., OpenedPage]


@pytest.fixture
def look(client: FlaskClient) -> Look:
    """Open a page in the mode of this cookie: `look("/rubrics/", "s1f0c1w0i1")`."""

    def opened(path: str, code: str, status: int = 200) -> OpenedPage:
        client.set_cookie("view", code)
        return open_page(client, path, status)

    return opened


def press(client: FlaskClient, choose: str, path: str = "/rubrics/", **headers: str) -> TestResponse:
    """Press a button of the panel on this page."""
    return client.post("/view", data={"choose": choose, "next": path}, headers=headers)


def pressed(panel: Element) -> list[str]:
    return [button.text for button in panel.all("button", aria_pressed="true")]


# --- The way and the panel --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/rubrics/6/", "/orders/", "/admin/login", "/nichego"])
def test_the_way_is_the_first_thing_after_the_skip_link(client: FlaskClient, path: str) -> None:
    root = open_page(client, path, 404 if path == "/nichego" else 200).root
    first, second = root.one("body").all("a", "button", "summary", "select")[:2]
    assert (first.attributes["href"], second.text) == ("#main", "Версия для слабовидящих")
    assert root.one("input", name="next").attributes["value"] == path
    assert "class" not in root.one("html").attributes
    assert root.all("form", id="viewing") == []
    assert [link for link in _sheets(root) if "viewing" in link] == []


@pytest.mark.parametrize("path", ["/", "/rubrics/6/", "/regulation/2.6.2", "/forms/application", "/orders/", "/admin/login"])
def test_the_panel_stands_on_the_same_page(look: Look, path: str) -> None:
    root = look(path, "s1f0c1w0i1").root
    panel = root.one("form", id="viewing")
    groups = {group.one("legend").text: [button.text for button in group.all("button")] for group in panel.all("fieldset")}
    assert groups == GROUPS
    assert pressed(panel) == ["А крупный", "Без засечек", "Чёрным по белому", "Обычные", "Показать"]
    assert root.one("html").attributes["class"] == "low-vision size-large scheme-black-on-white"
    assert "viewing.css" in _sheets(root)[-1]
    assert root.all("form", class_="to-viewing") == []
    assert panel.one("button", value="off").text == "Обычная версия"


def test_a_page_that_is_not_found_has_the_panel_too(look: Look) -> None:
    assert pressed(look("/nichego", "s2f1c3w1i0", 404).root.one("form", id="viewing")) == [
        "А самый крупный",
        "С засечками",
        "Синим по голубому",
        "Широкие",
        "Скрыть",
    ]


@pytest.mark.parametrize(("code", "bar", "scheme"), [("s0f0c2w0i1", "#000000", "dark"), ("s0f0c3w0i1", "#9dd1ff", "light")])
def test_the_browser_is_told_the_colours(look: Look, code: str, bar: str, scheme: str) -> None:
    root = look("/", code).root
    assert root.one("meta", name="theme-color").attributes["content"] == bar
    assert root.one("meta", name="color-scheme").attributes["content"] == scheme


def test_pages_that_are_kept_are_kept_by_their_look(look: Look, client: FlaskClient) -> None:
    plain = client.get("/rubrics/1/").data
    panel = look("/rubrics/1/", "s1f0c1w0i1").answer.data
    assert look("/rubrics/1/", "s0f0c2w0i1").answer.data != panel != plain
    assert look("/rubrics/1/", "s1f0c1w0i1").answer.data == panel
    assert look("/rubrics/1/", "nonsense").answer.data == plain


def test_the_office_obeys_it(cast: Cast, sign_in: Callable[[User], FlaskClient]) -> None:
    client = sign_in(cast.admin)
    client.set_cookie("view", "s2f0c2w0i0")
    root = open_page(client, "/admin/").root
    assert root.one("html").attributes["class"] == "low-vision size-largest scheme-white-on-black images-hidden"
    assert root.all("img") == []
    assert all(link.startswith("/view/s2/") for link in _sheets(root))


# --- Pressing its buttons ---------------------------------------------------------------------------------------------------


def test_the_way_turns_the_first_look_on_for_a_year(client: FlaskClient) -> None:
    answer = press(client, "on")
    assert (answer.status_code, answer.location) == (303, "/rubrics/#viewing")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith(f"view={FIRST.code};")
    assert {"HttpOnly", "Path=/", "SameSite=Lax", "Max-Age=31536000"} <= set(cookie.split("; "))


def test_the_cookie_of_a_secure_site_is_secure(client: FlaskClient, change_settings: Callable[..., None]) -> None:
    assert "Secure" not in press(client, "on").headers["Set-Cookie"]
    change_settings(site_url="https://example.org")
    assert "Secure" in press(client, "on").headers["Set-Cookie"].split("; ")


def test_a_button_changes_one_thing_and_the_rest_is_remembered(client: FlaskClient) -> None:
    codes = []
    for choose in ("on", "s2", "f1", "c3", "w1", "i0", "c0"):
        press(client, choose)
        kept = client.get_cookie("view")
        codes.append(kept.value if kept else "")
    assert codes == ["s1f0c1w0i1", "s2f0c1w0i1", "s2f1c1w0i1", "s2f1c3w0i1", "s2f1c3w1i1", "s2f1c3w1i0", "s2f1c0w1i0"]


def test_the_ordinary_version_leaves_no_cookie(client: FlaskClient) -> None:
    press(client, "on")
    answer = press(client, "off")
    assert (answer.status_code, answer.location) == (303, "/rubrics/")
    assert client.get_cookie("view") is None
    assert "class" not in open_page(client, "/rubrics/").root.one("html").attributes


@pytest.mark.parametrize("choose", ["", "s3", "s1f0c1w0i1", "ON", "c2 "])
def test_an_unknown_button_is_refused(client: FlaskClient, choose: str) -> None:
    answer = press(client, choose)
    assert answer.status_code == 400
    assert viewing.UNKNOWN in answer.text
    assert "Set-Cookie" not in answer.headers


def test_it_needs_no_token_and_no_session(app: Flask) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert press(app.test_client(), "on").status_code == 303


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example",
        "///evil.example",
        "https://evil.example/",
        "javascript:alert(1)",
        "evil.example",
        "",
        "\\\\evil.example",
    ],
)
def test_nobody_is_led_to_another_site(client: FlaskClient, path: str) -> None:
    assert press(client, "off", path).location == "/"


@pytest.mark.parametrize(
    ("path", "location"),
    [
        ("/\\evil.example", "/%5Cevil.example"),
        ("/\t/evil.example", "/%09/evil.example"),
        ("/a\r\nSet-Cookie: x=1", "/a%0D%0ASet-Cookie%3A%20x%3D1"),
        ("/a?b#c", "/a%3Fb%23c"),
        ("/orders/2026/17-р/", "/orders/2026/17-%D1%80/"),
    ],
)
def test_a_path_stays_a_path(client: FlaskClient, path: str, location: str) -> None:
    assert press(client, "off", path).location == location


@pytest.mark.parametrize(
    ("referrer", "location"),
    [
        ("http://localhost/orders/?q=%D0%98%D0%B2%D0%B0%D0%BD&page=2", "/orders/?q=%D0%98%D0%B2%D0%B0%D0%BD&page=2"),
        ("http://localhost/orders/", "/orders/"),
        ("http://localhost/rubrics/?q=1", "/orders/"),
        ("http://evil.example/orders/?q=1", "/orders/"),
        ("http://localhost.evil.example/orders/?q=1", "/orders/"),
        ("http://[", "/orders/"),
    ],
)
def test_a_search_is_not_lost(client: FlaskClient, referrer: str, location: str) -> None:
    assert press(client, "off", "/orders/", Referer=referrer).location == location


def test_the_address_answers_a_form_alone(client: FlaskClient) -> None:
    open_page(client, "/view", 404)


# --- Style sheets of the sizes ----------------------------------------------------------------------------------------------


def test_breakpoints_grow_with_the_text(look: Look, client: FlaskClient, app: Flask) -> None:
    address = _sheets(look("/rubrics/6/calculator", "s2f0c0w0i1").root)[1]
    answer = client.get(address)
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.mimetype == "text/css"
    written = (Path(str(app.static_folder)) / "calculator.css").read_text("utf-8")
    assert "@media (min-width: 40rem)" in written and "@media (max-width: 39.99rem)" in written
    assert re.findall(r"@media[^{]*rem\)", answer.text) == [
        re.sub(r"[\d.]+(?=rem)", lambda number: f"{float(number[0]) * 2:g}", media)
        for media in re.findall(r"@media[^{]*rem\)", written)
    ]
    assert re.sub(r"@media[^{]*", "", answer.text) == re.sub(r"@media[^{]*", "", written)


def test_the_ordinary_size_has_the_ordinary_sheets(look: Look) -> None:
    assert all(link.startswith("/static/") for link in _sheets(look("/", "s0f1c2w1i0").root))


@pytest.mark.parametrize(
    "path",
    [
        "/view/s2/absent.css",
        "/view/s9/site.css",
        "/view/c1/site.css",
        "/view/s2/..%2f..%2fsetup.css",
        f"/view/s2/{'я' * 200}.css",
    ],
)
def test_no_other_file_is_read(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


# --- Pictures in words ------------------------------------------------------------------------------------------------------


def test_pictures_are_told_by_their_words(app: Flask) -> None:
    page = (
        '<p><img src="/a.png" alt="План &quot;этажа&quot; &lt;1&gt;" width="2"><img class="x" alt="" src="/b.png"></p>'
        '<img data-alt="нет" src="/c.png">'
    )
    told = '<p><span class="told-image">Изображение: План &quot;этажа&quot; &lt;1&gt;</span></p>'
    assert _told(app, page, "s0f0c0w0i0") == told
    assert _told(app, page, "s0f0c0w0i1") == page
    assert _told(app, page, "") == page
    assert _told(app, page, "s0f0c0w0i0", "text/plain") == page


def test_a_page_without_images_has_none(look: Look) -> None:
    assert look("/", "s0f0c0w0i1").root.all("img") != []
    page = look("/", "s0f0c0w0i0")
    assert page.root.all("img") == []
    assert page.answer.headers["Content-Length"] == str(len(page.answer.data))


def _told(app: Flask, page: str, code: str, mimetype: str = "text/html") -> str:
    with app.test_request_context(headers={"Cookie": f"view={code}"}):
        return viewing.tell_images(Response(page, mimetype=mimetype)).get_data(as_text=True)


def _sheets(root: Element) -> list[str]:
    return [link.attributes["href"] for link in root.all("link", rel="stylesheet")]


def test_every_look_is_a_page_in_order(look: Look) -> None:
    """The whole page is read by the inspector in each of these."""
    for code in ("s0f0c0w0i1", "s1f1c1w0i0", "s2f0c2w1i1", "s2f1c3w1i0"):
        assert look("/rubrics/6/", code).root.one("html").attributes["class"] == ViewMode.from_cookie(code).classes
