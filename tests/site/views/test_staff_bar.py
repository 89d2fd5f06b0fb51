"""What signed-in staff see around a page they may work on, and what nobody else does."""

import datetime as dt
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient

from attestation.admin.acts import content
from attestation.models import Node, User
from attestation.procedure.words import LocalRole

from ...conftest import NOON, Cast
from ...inspection import OpenedPage, open_page
from .conftest import MakeFile, MakeNode, Open

SignIn = Callable[[User], FlaskClient]
DAY = dt.timedelta(days=1)


def bar(page: OpenedPage) -> dict[str, str]:
    ways = page.root.all("nav", aria_label="Работа с материалом")
    return {link.text: link.attributes["href"] for way in ways for link in way.all("a")}


def band(page: OpenedPage) -> list[str]:
    return [line.text for line in page.root.all("p", class_="staff-band")]


def ways(node: Node, contents: int, *more: tuple[str, str], state: str = "Опубликован") -> dict[str, str]:
    desk = f"/admin/content/{node.id}/"
    first = {
        "Править": f"{desk}edit/",
        "Содержание раздела": f"/admin/content/{contents}/",
        "История": f"{desk}history/",
        f"Состояние: {state}": f"{desk}state/",
    }
    return first | {title: f"{desk}{place}" for title, place in more}


def test_the_bar_for_each_role(cast: Cast, sign_in: SignIn, make_node: MakeNode) -> None:
    section = make_node("razdel", "folder")
    page = make_node("razdel/stranitsa")
    content.share(section, cast.secretary, LocalRole.AUTHOR, by=cast.admin, on=NOON)
    everything = ways(section, section.id, ("Доступ", "share/"), ("+ Добавить", "new/"))
    for user in (cast.admin, cast.editor):
        client = sign_in(user)
        assert bar(open_page(client, "/razdel/")) == everything
        assert bar(open_page(client, "/razdel/stranitsa/")) == ways(page, section.id, ("Доступ", "share/"))
    author = sign_in(cast.secretary)
    assert bar(open_page(author, "/razdel/")) == ways(section, section.id, ("+ Добавить", "new/"))
    assert bar(open_page(author, "/razdel/stranitsa/")) == ways(page, section.id)
    assert bar(open_page(author, "/")) == {}
    assert bar(open_page(sign_in(cast.publisher), "/razdel/")) == {}


def test_a_restricted_section_is_for_those_it_is_shared_with(cast: Cast, sign_in: SignIn, make_node: MakeNode) -> None:
    make_node("razdel", "folder", restricted=True)
    make_node("razdel/chernovik", status="draft")
    editor = sign_in(cast.editor)
    assert bar(open_page(editor, "/razdel/")) == {}
    assert editor.get("/razdel/chernovik/").status_code == 404
    assert bar(open_page(sign_in(cast.admin), "/razdel/")) != {}


def test_the_home_page_has_a_bar(cast: Cast, sign_in: SignIn) -> None:
    root = Node.get(Node.path == "")
    assert bar(open_page(sign_in(cast.editor), "/"))["Содержание раздела"] == f"/admin/content/{root.id}/"


def test_pages_of_staff_are_kept_by_nobody(cast: Cast, sign_in: SignIn, client: FlaskClient, make_node: MakeNode) -> None:
    make_node("stranitsa")
    before = client.get("/stranitsa/")
    editor = sign_in(cast.editor)
    for path in ("/stranitsa/", "/"):
        assert editor.get(path).headers["Cache-Control"] == "private, no-store"
    after = client.get("/stranitsa/")
    assert after.data == before.data and "/admin/content/" not in after.text
    assert after.headers["Cache-Control"] == "no-cache"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"status": "draft"}, "Черновик, посетители не видят"),
        ({"status": "review"}, "Черновик, посетители не видят"),
        ({"status": "withdrawn", "reason": "Устарело"}, "Снято с публикации, посетители видят только причину: Устарело"),
        ({"expires_at": NOON}, "Срок публикации истёк, посетители не видят"),
        (
            {"live_from": dt.datetime(2096, 3, 10, 9, 5, tzinfo=dt.UTC)},
            "Посетители увидят 10.03.2096 в 12:05",
        ),
    ],
)
def test_staff_see_what_visitors_do_not(
    cast: Cast, sign_in: SignIn, client: FlaskClient, make_node: MakeNode, fields: dict[str, object], sentence: str
) -> None:
    make_node("stranitsa", title="Готовится", body="Текст черновика.", **fields)
    assert "Готовится" not in client.get("/stranitsa/").text
    page = open_page(sign_in(cast.editor), "/stranitsa/")
    assert (page.h1, band(page)) == ("Готовится", [sentence])
    assert "Текст черновика." in page.text
    assert page.answer.headers["Cache-Control"] == "private, no-store"
    assert sign_in(cast.publisher).get("/stranitsa/").status_code in {404, 410}


def test_below_a_hidden_section(cast: Cast, sign_in: SignIn, make_node: MakeNode) -> None:
    make_node("razdel", "folder", status="draft")
    make_node("razdel/stranitsa")
    page = open_page(sign_in(cast.editor), "/razdel/stranitsa/")
    assert band(page) == ["Посетители не видят: не показывается раздел /razdel/"]


def test_a_working_copy_is_announced(cast: Cast, sign_in: SignIn, open_: Open, make_node: MakeNode) -> None:
    node = make_node("stranitsa", title="Прежнее", status="published_draft", next={"title": "Новое"})
    page = open_page(sign_in(cast.editor), "/stranitsa/")
    assert (page.h1, band(page)) == (
        "Прежнее",
        ["Есть рабочая копия, посетители видят прежний текст. Посмотреть рабочую копию"],
    )
    link = page.root.one("p", class_="staff-band").one("a")
    assert link.attributes["href"] == f"/admin/content/{node.id}/preview/"
    assert "рабочая копия" not in open_("/stranitsa/").answer.text


def test_staff_read_where_a_link_leads(cast: Cast, sign_in: SignIn, make_node: MakeNode) -> None:
    make_node("portal", "link", title="Портал", target="https://example.org/")
    page = open_page(sign_in(cast.editor), "/portal/")
    assert page.links() == {"https://example.org/": "https://example.org/"}
    assert sign_in(cast.publisher).get("/portal/").location == "https://example.org/"


def test_staff_see_files_and_links_of_drafts(
    cast: Cast, sign_in: SignIn, client: FlaskClient, make_node: MakeNode, make_file: MakeFile
) -> None:
    file = make_file("a.txt", b"draft", "text/plain", status="draft", title="Файл")
    make_node("stranitsa", body=f"[файл](node:{file.id})", status="draft")
    editor = sign_in(cast.editor)
    answer = editor.get("/a.txt")
    assert (answer.data, answer.headers["Cache-Control"]) == (b"draft", "private, no-store")
    assert open_page(editor, "/stranitsa/").links() == {"файл (TXT, 5 байт)": "/a.txt"}
    assert [other.get("/a.txt").status_code for other in (client, sign_in(cast.publisher))] == [404, 404]


def test_a_session_that_is_over_is_a_visitor(cast: Cast, sign_in: SignIn, make_node: MakeNode) -> None:
    make_node("chernovik", status="draft")
    editor = sign_in(cast.editor)
    User.update(active=False).where(User.id == cast.editor.id).execute()
    assert editor.get("/chernovik/").status_code == 404
    assert bar(open_page(editor, "/")) == {}


def test_the_ways_of_the_bar_lead_to_the_desk(cast: Cast, sign_in: SignIn, make_node: MakeNode) -> None:
    make_node("razdel", "folder", status="published_draft", next={"title": "Новое"})
    admin = sign_in(cast.admin)
    page = open_page(admin, "/razdel/")
    copy = page.root.one("p", class_="staff-band").one("a").attributes["href"]
    addresses = [*bar(page).values(), copy]
    assert {address: admin.get(address).status_code for address in addresses} == dict.fromkeys(addresses, 200)
