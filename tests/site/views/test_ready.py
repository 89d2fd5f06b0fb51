"""Pages answered from memory: the same as rendered, and rendered anew when something they depend on differs."""

import datetime as dt
import gzip
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import brotli
import pytest
from flask import Flask
from flask.testing import FlaskClient

from attestation import models
from attestation.models import ContentVersion, Node, Order, Revision, User
from attestation.site.view_mode import COOKIE
from attestation.site.views import ready
from attestation.site.views.phrases import MOSCOW
from attestation.site.views.ready import ReadyPages

from ...conftest import NOON, Cast
from .conftest import MakeNode

PATHS = ["/", "/rubrics/", "/rubrics/1/", "/regulation/", "/regulation/2.6.2", "/forms/", "/forms/application", "/about/"]
FOR_MACHINES = ["/sitemap.xml", "/feed.xml"]
LARGE = "s1f0c0w0i1"


@pytest.fixture
def client(app: Flask, first_texts: None) -> FlaskClient:
    """A visitor of an installation with its first texts, whose cookies are what each request says."""
    return app.test_client(use_cookies=False)


@pytest.fixture
def layer(app: Flask, first_texts: None) -> ReadyPages:
    """The layer before the application, the first texts loaded."""
    found: Any = app.wsgi_app
    assert isinstance(found, ReadyPages)
    return found


@pytest.fixture
def rendered(layer: ReadyPages, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The addresses that reached Flask since."""
    asked: list[str] = []
    flask = layer.wsgi_app

    def counted(environ: dict[str, Any], start_response: Any) -> Any:
        asked.append(environ["PATH_INFO"])
        return flask(environ, start_response)

    monkeypatch.setattr(layer, "wsgi_app", counted)
    return asked


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> list[dt.datetime]:
    """The clock of the site: a list of one moment, to be moved."""
    now = [dt.datetime(2026, 3, 10, 9, 0, tzinfo=dt.UTC)]
    monkeypatch.setattr(models, "utc_now", lambda: now[0])
    return now


def retitle(path: str, title: str) -> None:
    """Let the page at this path say something else, as an act of the office does."""
    node = Node.get(Node.path == path, Node.trashed_with.is_null())
    Revision.create(node=node, number=node.head + 1, title=title, body="Новый текст.", created_at=NOON)
    Node.update(head=node.head + 1, live=node.head + 1).where(Node.id == node.id).execute()


# --- Once -------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PATHS + FOR_MACHINES)
def test_a_page_is_rendered_once(client: FlaskClient, rendered: list[str], path: str) -> None:
    first, second, head = client.get(path), client.get(path), client.head(path)
    assert (first.status_code, second.status_code, head.status_code) == (200, 200, 200)
    assert first.data == second.data and head.data == b""
    assert [*first.headers] == [*second.headers] == [*head.headers]
    assert rendered == [path]


@pytest.mark.parametrize("path", PATHS + FOR_MACHINES)
def test_a_page_knows_neither_what_follows_the_question_mark_nor_the_host(
    layer: ReadyPages, client: FlaskClient, path: str
) -> None:
    strange = client.get(f"{path}?q=poison&page=7", headers={"Host": "poison.example", "X-Forwarded-Host": "poison.example"})
    assert b"poison" not in strange.data
    layer.ordinary.drop(("", path, ""))
    assert client.get(path).data == strange.data


def test_a_question_about_a_page_that_is_not_kept_makes_it(client: FlaskClient, rendered: list[str]) -> None:
    head, page = client.head("/rubrics/1/"), client.get("/rubrics/1/")
    assert (head.status_code, head.data) == (200, b"")
    assert [*head.headers] == [*page.headers] and len(page.data) > 60_000
    assert rendered == ["/rubrics/1/", "/rubrics/1/"]  # for the head, then for what is kept


def test_only_reading_is_answered_from_memory(client: FlaskClient) -> None:
    client.get("/rubrics/1/")
    assert client.post("/rubrics/1/").status_code == 405


def test_pages_are_not_mixed_up(client: FlaskClient, layer: ReadyPages) -> None:
    tags = {client.get(path).headers["ETag"] for path in [*PATHS, *FOR_MACHINES, "/rubrics/2/"]}
    assert len(tags) == len(layer.ordinary) == len(PATHS) + 3


def test_a_refusal_is_not_kept(layer: ReadyPages, client: FlaskClient) -> None:
    for path in (
        "/rubrics/16/",
        "/regulation/9.9",
        "/regulation/for/nobody/",
        "/news/page/9/",
        "/sitemap/7.xml",
        "/no/such/page/",
    ):
        assert client.get(path).status_code == 404, path
    assert client.get("/about").status_code == 301
    assert (len(layer.ordinary), layer.ordinary.weight) == (0, 0)


def test_one_page_under_many_addresses_is_not_kept_many_times(layer: ReadyPages, client: FlaskClient) -> None:
    assert client.get("/regulation/2.6.2...").headers["Location"] == "/regulation/2.6.2"
    for path in ("/news/page/01/", "/sitemap/0001.xml", "/sitemap/00001.xml"):
        client.get(path)
    assert len(layer.ordinary) == 0


def test_many_pages_do_not_fill_memory(layer: ReadyPages, client: FlaskClient) -> None:
    layer.ordinary.limit = 300_000
    for number in range(1, 16):
        assert client.get(f"/rubrics/{number}/").status_code == 200
        assert layer.ordinary.weight <= 300_000
    assert ("", "/rubrics/15/", "") in layer.ordinary._things
    assert ("", "/rubrics/1/", "") not in layer.ordinary._things


# --- What leaves ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PATHS + FOR_MACHINES)
def test_a_browser_that_has_it_gets_304(client: FlaskClient, path: str) -> None:
    first = client.get(path)
    assert first.headers["Cache-Control"] == "no-cache"  # kept, and asked about each time
    again = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert {"Content-Type", "Content-Length", "Content-Encoding"}.isdisjoint(again.headers.keys())
    for name in ("ETag", "Vary", "Cache-Control", "Content-Security-Policy", "X-Content-Type-Options"):
        assert again.headers[name] == first.headers[name]


def test_a_page_leaves_as_the_browser_wants_it(client: FlaskClient) -> None:
    plain, zipped, brotlied = (
        client.get("/regulation/", headers={"Accept-Encoding": accepted}) for accepted in ("identity", "gzip", "gzip, br")
    )
    assert gzip.decompress(zipped.data) == brotli.decompress(brotlied.data) == plain.data
    assert [answer.headers.get("Content-Encoding") for answer in (plain, zipped, brotlied)] == [None, "gzip", "br"]
    assert len({answer.headers["ETag"] for answer in (plain, zipped, brotlied)}) == 3
    for answer in (plain, zipped, brotlied):
        assert answer.headers["Vary"] == "Accept-Encoding, Cookie"
        assert answer.headers["Content-Length"] == str(len(answer.data))
        assert answer.headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("path", ["/orders/", "/search?q=педагог", "/rubrics/1/calculator", "/admin/login", "/no/such/page/"])
def test_what_is_made_for_one_visitor_is_not_compressed(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept-Encoding": "gzip, br"})
    assert "Content-Encoding" not in answer.headers


@pytest.mark.parametrize(
    "headers", [{"Set-Cookie": "a=b"}, {"Cache-Control": "private"}, {"Cache-Control": "max-age=5, no-store"}]
)
def test_a_view_that_says_something_to_one_visitor_is_not_kept(
    app: Flask, layer: ReadyPages, client: FlaskClient, headers: dict[str, str]
) -> None:
    view = app.view_functions["rubrics.index"]
    app.view_functions["rubrics.index"] = ready.ready(lambda: ("secret", headers))
    answer = client.get("/rubrics/", headers={"Accept-Encoding": "br"})
    assert (answer.text, answer.headers.get("Content-Encoding"), len(layer.ordinary)) == ("secret", None, 0)
    app.view_functions["rubrics.index"] = view


# --- Who asks ---------------------------------------------------------------------------------------------------------------


def test_somebody_with_a_session_is_answered_by_flask_and_leaves_nothing_behind(
    client: FlaskClient, layer: ReadyPages, rendered: list[str], cast: Cast, sign_in: Callable[[User], FlaskClient]
) -> None:
    editor = sign_in(cast.admin)
    rendered.clear()
    for_staff = [editor.get("/about/") for _ in range(2)]
    assert rendered == ["/about/", "/about/"]
    assert len(layer.ordinary) == 0
    visitor = client.get("/about/")
    assert visitor.data != for_staff[0].data  # staff see their bar
    assert editor.get("/about/").data == for_staff[0].data
    assert for_staff[0].headers["Cache-Control"] == "private, no-store"
    assert editor.get("/rubrics/1/").data == client.get("/rubrics/1/").data


@pytest.mark.parametrize(
    "cookie", ["attestation=x", "view=s1f0c0w0i1; attestation=x", "attestation =x", 'a="b";attestation="x"']
)
def test_a_session_is_seen_however_its_cookie_is_written(client: FlaskClient, layer: ReadyPages, cookie: str) -> None:
    assert client.get("/about/", headers={"Cookie": cookie}).status_code == 200
    assert (len(layer.ordinary), len(layer.others)) == (0, 0)


def test_each_look_has_pages_of_its_own(client: FlaskClient, layer: ReadyPages, rendered: list[str]) -> None:
    ordinary = client.get("/rubrics/1/")
    large = [client.get("/rubrics/1/", headers={"Cookie": f"{COOKIE}={LARGE}"}) for _ in range(2)]
    assert large[0].data == large[1].data != ordinary.data
    assert large[0].headers["ETag"] != ordinary.headers["ETag"]
    assert (len(layer.ordinary), len(layer.others), rendered) == (1, 1, ["/rubrics/1/"] * 2)


def test_cookies_that_mean_nothing_make_no_pages(client: FlaskClient, layer: ReadyPages, rendered: list[str]) -> None:
    ordinary = client.get("/rubrics/1/")
    for number in range(50):
        strange = client.get("/rubrics/1/", headers={"Cookie": f"{COOKIE}=s{number + 3}f0c0w0i1; junk={number}"})
        assert strange.data == ordinary.data
    assert (len(layer.ordinary), len(layer.others), rendered) == (1, 0, ["/rubrics/1/"])


def test_all_other_looks_together_push_out_no_ordinary_page(client: FlaskClient, layer: ReadyPages) -> None:
    layer.others.limit = 300_000
    client.get("/rubrics/1/")
    for size in range(3):
        for scheme in range(4):
            client.get("/rubrics/1/", headers={"Cookie": f"{COOKIE}=s{size}f0c{scheme}w0i1"})
    assert layer.others.weight <= 300_000 and 0 < len(layer.others) < 12
    assert ("", "/rubrics/1/", "") in layer.ordinary._things


# --- What changes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/about/", "/rubrics/1/", "/regulation/", "/forms/application"])
def test_an_edit_is_seen_by_the_next_request(client: FlaskClient, layer: ReadyPages, path: str) -> None:
    """The page about the service stands in the navigation of every page."""
    for number in range(3):
        retitle("about", f"О сервисе, {number}")
        before = client.get(path)
        assert f"О сервисе, {number}" in before.text
        assert client.get(path, headers={"If-None-Match": before.headers["ETag"]}).status_code == 304


def test_an_edit_of_the_text_changes_the_tag(client: FlaskClient, layer: ReadyPages) -> None:
    before = client.get("/about/").headers["ETag"]
    retitle("about", "О сервисе")
    assert client.get("/about/", headers={"If-None-Match": before}).status_code == 200


def test_a_page_that_was_withdrawn_is_gone_at_once_and_from_memory_too(client: FlaskClient, layer: ReadyPages) -> None:
    assert client.get("/about/").status_code == 200
    Node.update(status="withdrawn", reason="Устарела").where(Node.path == "about").execute()
    assert client.get("/about/").status_code == 410
    assert (len(layer.ordinary), layer.ordinary.weight) == (0, 0)


def test_a_published_order_is_on_the_home_page_at_once(
    client: FlaskClient, layer: ReadyPages, make_order: Callable[..., Order]
) -> None:
    assert "2044-р" not in client.get("/").text
    make_order("2044-р")
    assert "2044-р" in client.get("/").text


def test_the_demonstration_band_appears_and_goes_at_once(
    client: FlaskClient, layer: ReadyPages, make_order: Callable[..., Order]
) -> None:
    assert "Демонстрационные данные" not in client.get("/rubrics/1/").text
    order = Order.create(title="Об установлении", demo=True, created_at=NOON)
    assert "Демонстрационные данные" in client.get("/rubrics/1/").text
    order.delete_instance()
    assert "Демонстрационные данные" not in client.get("/rubrics/1/").text


def test_other_settings_are_shown_at_once(client: FlaskClient, layer: ReadyPages, change_settings: Callable[..., None]) -> None:
    client.get("/rubrics/1/")
    change_settings(service_name="Другое название")
    assert "Другое название" in client.get("/rubrics/1/").text


def test_what_is_scheduled_appears_and_expires_in_its_moment(
    client: FlaskClient, rendered: list[str], moment: list[dt.datetime], make_node: MakeNode
) -> None:
    start, end = moment[0] + dt.timedelta(hours=1), moment[0] + dt.timedelta(hours=2)
    make_node("summer", title="Летний приём", in_navigation=True, live_from=start, expires_at=end)
    second = dt.timedelta(seconds=1)
    shown = {}
    for now in (moment[0], start - second, start, end - second, end, end + second):
        moment[0] = now
        shown[now] = "Летний приём" in client.get("/rubrics/").text, client.get("/summer/").status_code
    assert list(shown.values()) == [(False, 404), (False, 404), (True, 200), (True, 200), (False, 410), (False, 410)]
    assert rendered.count("/rubrics/") == 3
    assert rendered.count("/summer/") == 5  # refusals are not kept


def test_a_new_text_of_a_shown_page_takes_its_place_in_its_moment(
    client: FlaskClient, layer: ReadyPages, moment: list[dt.datetime], make_node: MakeNode
) -> None:
    start = moment[0] + dt.timedelta(minutes=10)
    make_node("hours", title="Приём", body="С девяти.", next={"body": "С десяти."}, live=2, previous=1, live_from=start)
    seen = []
    for now in (moment[0], start - dt.timedelta(microseconds=1), start):
        moment[0] = now
        seen.append("С десяти." in client.get("/hours/").text)
    assert seen == [False, False, True]


def test_a_page_lives_until_midnight_in_moscow(client: FlaskClient, rendered: list[str], moment: list[dt.datetime]) -> None:
    midnight = dt.datetime(2026, 3, 11, tzinfo=MOSCOW).astimezone(dt.UTC)
    for now in (moment[0], midnight - dt.timedelta(seconds=1), midnight, midnight + dt.timedelta(hours=5)):
        moment[0] = now
        client.get("/regulation/")
    assert rendered == ["/regulation/"] * 2


def test_a_clock_that_is_set_back_keeps_nothing(client: FlaskClient, rendered: list[str], moment: list[dt.datetime]) -> None:
    client.get("/rubrics/")
    moment[0] -= dt.timedelta(seconds=5)
    client.get("/rubrics/")
    assert rendered == ["/rubrics/"] * 2


def test_an_edit_while_a_page_is_made_is_in_the_next_answer(
    app: Flask, client: FlaskClient, layer: ReadyPages, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page is made under the version before the edit, so that it can never stand for the one after."""
    from attestation.site.views import rubrics

    really = rubrics.render_template

    def slow(name: str, **values: Any) -> str:
        page = really(name, **values)
        monkeypatch.setattr(rubrics, "render_template", really)
        retitle("about", "Правка между чтением и ответом")
        return page

    monkeypatch.setattr(rubrics, "render_template", slow)
    assert "Правка между" not in client.get("/rubrics/").text
    assert "Правка между" in client.get("/rubrics/").text


def test_without_a_version_each_page_is_made_and_answered_all_the_same(
    app: Flask, client: FlaskClient, rendered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/rubrics/")
    monkeypatch.setattr(app.extensions["attestation"].content, "version", lambda: None)
    for _ in range(2):
        answer = client.get("/rubrics/", headers={"Accept-Encoding": "br"})
        assert (answer.status_code, answer.headers["Content-Encoding"]) == (200, "br")
        assert "ETag" in answer.headers
    assert rendered == ["/rubrics/"] * 3


def test_of_many_who_ask_for_a_page_out_of_date_one_makes_it(
    app: Flask, layer: ReadyPages, rendered: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    app.test_client().get("/regulation/")
    ContentVersion.update(value=ContentVersion.value + 1).execute()
    rendered.clear()
    together = threading.Barrier(8)

    def ask(_: int) -> tuple[int, str]:
        together.wait()
        answer = app.test_client().get("/regulation/")
        return answer.status_code, answer.headers["ETag"]

    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(ask, range(8)))
    assert len(answers) == 1
    assert rendered == ["/regulation/"]
