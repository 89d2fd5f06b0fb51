"""The content tree as visitors walk it: each kind of material, one address each, menus, what is not shown."""

import datetime as dt

import pytest
import time_machine
from flask.testing import FlaskClient
from playhouse.test_utils import assert_query_count

from attestation.models import Node
from attestation.procedure.words import NodeKind
from attestation.site.content import listing

from ...conftest import NOON
from .conftest import MakeFile, MakeNode, Open

HOUR = dt.timedelta(hours=1)
ABOUT = [("/about/", "О сервисе"), ("/accessibility", "Доступность"), ("/privacy/", "Персональные данные")]
STATES = {
    "draft": {"status": "draft"},
    "review": {"status": "review"},
    "withdrawn": {"status": "withdrawn"},
    "scheduled": {"live_from": NOON + HOUR, "first_public_at": NOON + HOUR},
    "expired": {"expires_at": NOON},
}


# --- The first texts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("path", "heading"), ABOUT)
def test_the_first_texts_are_sound_pages(open_: Open, first_texts: None, path: str, heading: str) -> None:
    page = open_(path)
    assert (page.h1, page.title) == (heading, f"{heading} — Аттестация педагогов")


def test_links_of_the_first_texts_lead_somewhere(open_: Open, client: FlaskClient, first_texts: None) -> None:
    inside = [href for path, _ in ABOUT for href in open_(path).links().values()]
    assert inside and [href for href in inside if href.startswith("/") and client.get(href).status_code != 200] == []


# --- Addresses --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "canonical"),
    [
        ("/about", "/about/"),
        ("/about//", "/about/"),
        ("/About/", "/about/"),
        ("/accessibility/", "/accessibility"),
        ("/privacy", "/privacy/"),
    ],
)
def test_a_page_has_one_address(client: FlaskClient, first_texts: None, path: str, canonical: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.location) == (301, canonical)


@pytest.mark.parametrize(
    "path", ["/nichego", "/nichego/", "/about/x/", "/%00", "/orders/2021/%00/", "/..%2f..%2fetc/passwd", "/" + "д" * 3000]
)
def test_an_unknown_path_says_so(open_: Open, first_texts: None, path: str) -> None:
    page = open_(path, status=404)
    assert (page.h1, list(page.links())) == (
        "Страница не найдена",
        ["Распоряжения", "Экспертные заключения", "Главная страница"],
    )


def test_below_a_section_the_section_is_offered(open_: Open, make_node: MakeNode) -> None:
    make_node("priyom", "folder", title="Приём")
    make_node("priyom/skryto", "folder", status="draft")
    for path in ("/priyom/nichego/", "/priyom/skryto/nichego/", "/priyom/skryto/"):
        assert open_(path, status=404).links()["Раздел «Приём»"] == "/priyom/"


# --- Kinds ------------------------------------------------------------------------------------------------------------------


def test_a_page_shows_its_text_at_once_and_safely(open_: Open, make_node: MakeNode) -> None:
    make_node("leto", title="Лето & <отпуск>", body="# Один\n\n### Два\n\n<script>alert(1)</script>")
    page = open_("/leto/")
    assert page.h1 == "Лето & <отпуск>"
    assert [(heading.tag, heading.text) for heading in page.main.all("h2", "h3")] == [("h2", "Один"), ("h3", "Два")]
    assert "alert" not in page.answer.text


def test_an_edit_is_seen_at_once(open_: Open, make_node: MakeNode) -> None:
    node = make_node("leto", title="Лето", next={"title": "Осень"})
    assert open_("/leto/").h1 == "Лето"
    Node.update(live=2).where(Node.id == node.id).execute()
    assert open_("/leto/").h1 == "Осень"


def test_a_page_tells_when_it_was_published_and_changed(open_: Open, make_node: MakeNode) -> None:
    make_node("novaya")
    make_node("staraya", live_from=NOON + 24 * HOUR)
    assert open_("/novaya/").main.one("p", class_="changed").text == "Страница опубликована 10 марта 2026 года"
    assert (
        open_("/staraya/").main.one("p", class_="changed").text
        == "Страница опубликована 10 марта 2026 года, изменена 11 марта 2026 года"
    )


def test_a_section_lists_what_is_in_it(open_: Open, make_node: MakeNode, make_file: MakeFile) -> None:
    make_node("priyom", "folder", title="Приём", body="Как подать заявление.")
    make_node("priyom/adresa", title="Адреса", summary="Где принимают", position=2)
    make_node("priyom/chasy", title="Часы", position=1)
    make_node("priyom/bez-menyu", title="Не для меню", in_navigation=False)
    make_node("priyom/portal", "link", title="Портал", target="https://example.org/?a=1&b=2", position=3)
    make_file("priyom/plan.pdf", b"%PDF-" + b"0" * 2000, "application/pdf", title="План", position=4)
    page = open_("/priyom/")
    assert page.main.one("article").text == "Приём Как подать заявление."
    assert [item.text for item in page.main.one("ul", class_="entries").all("li")] == [
        "Часы",
        "Адреса Где принимают",
        "Портал",
        "План (PDF, 2 КБ)",
    ]
    assert page.links() == {
        "Часы": "/priyom/chasy/",
        "Адреса": "/priyom/adresa/",
        "Портал": "https://example.org/?a=1&b=2",
        "План": "/priyom/plan.pdf",
    }


def test_an_empty_section_says_so(open_: Open, make_node: MakeNode) -> None:
    make_node("priyom", "folder", title="Приём")
    assert "В этом разделе пока ничего нет." in open_("/priyom/").text


def test_a_link_leads_on(client: FlaskClient, make_node: MakeNode) -> None:
    page = make_node("stranitsa")
    make_node("portal", "link", target="https://example.org/")
    make_node("tuda", "link", target=f"node:{page.id}#chast")
    assert [(client.get(path).status_code, client.get(path).location) for path in ("/portal/", "/tuda/")] == [
        (302, "https://example.org/"),
        (302, "/stranitsa/#chast"),
    ]


def test_a_link_to_what_is_not_shown_leads_nowhere(open_: Open, make_node: MakeNode) -> None:
    page = make_node("tajna", status="draft")
    make_node("tuda", "link", title="Туда", target=f"node:{page.id}")
    assert open_("/tuda/", status=404).h1 == "Страница не найдена"
    assert "Туда" not in open_("/").answer.text


def test_a_listing_shows_what_it_gathers(open_: Open, make_node: MakeNode) -> None:
    make_node("razdel", "folder", title="Раздел")
    make_node("razdel/yolka", title="Ёлка")
    make_node("razdel/elka", title="Ель", summary="Дерево")
    query = listing.ListingQuery(kinds=(NodeKind.PAGE,), order=listing.Order.ALPHABET)
    make_node("podborka", "listing", title="Подборка", body="Всё по алфавиту.", query=listing.dump(query))
    page = open_("/podborka/")
    assert page.main.one("article").text == "Подборка Всё по алфавиту."
    assert list(page.links().items()) == [("Ель", "/razdel/elka/"), ("Ёлка", "/razdel/yolka/")]


def test_links_by_identity_follow_the_material(open_: Open, make_node: MakeNode) -> None:
    there = make_node("tam", title="Там")
    make_node("zdes", body=f"[идите](node:{there.id}#chast)")
    assert open_("/zdes/").links() == {"идите": "/tam/#chast"}
    Node.update(path="sovsem-tam", name="sovsem-tam").where(Node.id == there.id).execute()
    assert open_("/zdes/").links() == {"идите": "/sovsem-tam/#chast"}


# --- Ways -------------------------------------------------------------------------------------------------------------------


def test_where_one_is(open_: Open, make_node: MakeNode) -> None:
    make_node("priyom", "folder", title="Приём")
    make_node("priyom/adresa", "folder", title="Адреса", position=1)
    make_node("priyom/chasy", title="Часы", position=2)
    make_node("priyom/adresa/tsentr", title="Центр")
    page = open_("/priyom/adresa/tsentr/")
    trail = page.main.one("nav", aria_label="Вы здесь")
    assert [(link.text, link.attributes["href"]) for link in trail.all("a")] == [
        ("Приём", "/priyom/"),
        ("Адреса", "/priyom/adresa/"),
    ]
    assert page.root.one("nav", aria_label="Разделы сайта").one("a", aria_current="true").text == "Приём"
    section = open_("/priyom/chasy/").main.one("nav", class_="section-menu")
    assert section.text == "Приём Адреса Часы"
    assert section.one("a", aria_current="page").text == "Часы"
    # The section's own page lists the same, and the first level stands in the header.
    assert open_("/priyom/").main.all("nav") == []


# --- What is not shown ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", STATES)
def test_what_is_not_shown_is_named_nowhere(client: FlaskClient, make_node: MakeNode, make_file: MakeFile, state: str) -> None:
    """Of each kind one, in a section and on the first level, with a listing and a page that refer to them."""
    said = {"title": "Тайное", "summary": "Тайное", **STATES[state]}
    with time_machine.travel(NOON, tick=False):
        make_node("razdel", "folder")
        make_node("podborka", "listing")
        nodes = [make_file("razdel/tajnoe.txt", b"secret", "text/plain", **said)]
        for kind in ("page", "news", "folder", "link", "listing"):
            target = "https://example.org/tajnoe" if kind == "link" else ""
            nodes += [make_node(f"{above}tajnoe-{kind}", kind, target=target, **said) for above in ("", "razdel/")]
        make_node("ssylka", body=" ".join(f"[слова](node:{node.id})" for node in nodes))
        answers = {path: client.get(path) for path in ("/", "/razdel/", "/podborka/", "/ssylka/", "/feed.xml", "/sitemap.xml")}
        assert [answer.status_code for answer in answers.values()] == [200] * 6
        own = {f"/{node.path}": client.get(f"/{node.path}") for node in nodes}
        assert {answer.status_code for answer in own.values()} == {410 if state in {"withdrawn", "expired"} else 404}
        named = {path for path, answer in (answers | own).items() if "Тайное" in answer.text or "secret" in answer.text}
        assert named | {path for path, answer in answers.items() if "tajnoe" in answer.text} == set()


def test_below_what_is_not_shown_nothing_is(client: FlaskClient, make_node: MakeNode) -> None:
    make_node("razdel", "folder", status="draft")
    make_node("razdel/stranitsa", title="Страница раздела")
    assert client.get("/razdel/stranitsa/").status_code == 404
    assert "stranitsa" not in client.get("/sitemap.xml").text


def test_a_working_copy_is_not_shown(open_: Open, make_node: MakeNode) -> None:
    make_node("leto", title="Лето", status="published_draft", next={"title": "Осень"})
    assert open_("/leto/").h1 == "Лето"


# --- Dates ------------------------------------------------------------------------------------------------------------------


def test_a_material_appears_changes_and_expires_by_the_clock(client: FlaskClient, make_node: MakeNode) -> None:
    make_node(
        "leto",
        title="Лето",
        next={"title": "Осень"},
        previous=1,
        live=2,
        live_from=NOON + 2 * HOUR,
        first_public_at=NOON + HOUR,
        expires_at=NOON + 3 * HOUR,
    )
    make_node("zima", title="Зима", live_from=NOON + 2 * HOUR, first_public_at=NOON + 2 * HOUR)

    def seen(hours: float) -> tuple[int, bool, bool, int]:
        with time_machine.travel(NOON + hours * HOUR, tick=False):
            leto = client.get("/leto/")
            return leto.status_code, "<h1>Лето" in leto.text, "<h1>Осень" in leto.text, client.get("/zima/").status_code

    assert seen(1.9) == (200, True, False, 404)
    assert seen(2) == (200, False, True, 200)
    assert seen(2.9) == (200, False, True, 200)
    assert seen(3) == (410, False, False, 200)
    # A clock that is set back.
    assert seen(1.9) == (200, True, False, 404)


# --- Cost -------------------------------------------------------------------------------------------------------------------


def test_a_page_costs_the_text_alone(open_: Open, client: FlaskClient, make_node: MakeNode) -> None:
    make_node("priyom", "folder", title="Приём")
    for name in ("adresa", "chasy", "vopros"):
        make_node(f"priyom/{name}")
    open_("/priyom/adresa/")
    with assert_query_count(1):
        assert client.get("/priyom/chasy/").status_code == 200
    with assert_query_count(0):  # ready
        assert client.get("/priyom/chasy/").status_code == 200
