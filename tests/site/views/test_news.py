"""News: the section by date, the item, the latest on the home page, the Atom feed."""

import datetime as dt
from xml.etree import ElementTree

import pytest
from flask.testing import FlaskClient
from playhouse.test_utils import assert_query_count

from attestation.models import Node
from attestation.site.views.entries import NEWS_PER_PAGE

from ...conftest import NOON
from ...inspection import Element
from .conftest import MakeNode, Open

DAY = dt.timedelta(days=1)
ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.fixture
def news(make_node: MakeNode) -> None:
    """The section with three news, the newest added first."""
    make_node("news", "folder", title="Новости", body="Что нового.")
    for day, name in ((2, "tretya"), (0, "pervaya"), (1, "vtoraya")):
        moment = NOON + day * DAY
        make_node(f"news/{name}", "news", summary=f"День {day}", live_from=moment, first_public_at=moment)


def listed(page: Element) -> list[str]:
    return [item.text for item in page.one("ul", class_="entries").all("li")]


def test_a_section_lists_its_news_by_date(open_: Open, news: None) -> None:
    page = open_("/news/")
    assert listed(page.main) == [
        "12 марта 2026 года Tretya День 2",
        "11 марта 2026 года Vtoraya День 1",
        "10 марта 2026 года Pervaya День 0",
    ]
    assert page.main.all("time")[0].attributes == {"datetime": "2026-03-12"}
    assert page.links()["Лента новостей (Atom)"] == "/feed.xml"


def test_a_news_item_has_its_date_and_neighbours(open_: Open, news: None) -> None:
    page = open_("/news/vtoraya/")
    assert page.main.one("time").text == "11 марта 2026 года"
    assert page.main.one("p", class_="lead").text == "День 1"
    assert page.links() == {"Новости": "/news/", "Tretya": "/news/tretya/", "Pervaya": "/news/pervaya/"}
    assert page.main.all("p", class_="changed") == []
    assert "Следующая" not in open_("/news/tretya/").text
    assert "Предыдущая" not in open_("/news/pervaya/").text


def test_a_news_item_says_when_it_was_changed(open_: Open, make_node: MakeNode) -> None:
    make_node("news", "folder")
    make_node("news/chasy", "news", live_from=NOON + DAY)
    assert open_("/news/chasy/").main.one("p", class_="changed").text == "Новость изменена 11 марта 2026 года"


def test_many_news_stand_on_several_pages(open_: Open, client: FlaskClient, make_node: MakeNode) -> None:
    make_node("news", "folder", title="Новости", body="Что нового.")
    for number in range(NEWS_PER_PAGE + 1):
        moment = NOON + number * DAY
        make_node(f"news/n{number}", "news", live_from=moment, first_public_at=moment)
    first, second = open_("/news/"), open_("/news/page/2/")
    assert [len(listed(page.main)) for page in (first, second)] == [NEWS_PER_PAGE, 1]
    assert first.root.one("link", rel="next").attributes["href"] == "/news/page/2/"
    assert second.title == "Новости, страница 2 — Аттестация педагогов"
    assert second.root.one("link", rel="canonical").attributes["href"] == "http://127.0.0.1:8000/news/page/2/"
    assert "Что нового." not in second.text
    assert open_("/news/page/3/", status=404).links() == {"Открыть первую страницу списка": "/news/"}
    lost = ("/news/page/0/", "/news/page/1/", "/news/n1/page/2/", "/nichego/page/2/")
    assert [client.get(path).status_code for path in lost] == [404] * 4


def test_a_material_may_stand_where_a_page_would(open_: Open, make_node: MakeNode) -> None:
    make_node("news", "folder")
    make_node("news/page", "folder")
    make_node("news/page/2", title="Вторая")
    assert open_("/news/page/2/").h1 == "Вторая"


def test_the_home_page_shows_the_three_latest(open_: Open, news: None, make_node: MakeNode) -> None:
    make_node("drugoe", "folder")
    make_node("drugoe/vazhno", "news", first_public_at=NOON + 5 * DAY, live_from=NOON + 5 * DAY)
    page = open_("/")
    assert listed(page.main) == [
        "15 марта 2026 года Vazhno",
        "12 марта 2026 года Tretya День 2",
        "11 марта 2026 года Vtoraya День 1",
    ]
    assert page.links()["Все новости"] == "/news/"


def test_a_home_page_without_news_says_nothing_of_them(open_: Open) -> None:
    assert "Новости" not in open_("/").text


# --- The feed ---------------------------------------------------------------------------------------------------------------

ENTRY = """\
<entry xmlns="http://www.w3.org/2005/Atom">
    <id>tag:127.0.0.1,2026-03-10:node/{id}</id>
    <title>Часы &amp; &lt;дни&gt;</title>
    <link rel="alternate" type="text/html" href="http://127.0.0.1:8000/news/chasy/" />
    <published>2026-03-10T09:00:00Z</published>
    <updated>2026-03-12T09:00:00Z</updated>
    <summary>Приём &amp; часы</summary>
    <content type="html" xml:base="http://127.0.0.1:8000/news/chasy/">{content}</content>
  </entry>"""
CONTENT = '&lt;p&gt;Идите &lt;a href="/tam/" rel="noopener"&gt;туда&lt;/a&gt;.&lt;/p&gt;'


def test_the_feed_is_atom(client: FlaskClient, make_node: MakeNode) -> None:
    there = make_node("tam")
    make_node("news", "folder", title="Новости")
    one = make_node(
        "news/chasy",
        "news",
        title="Часы & <дни>",
        summary="Приём & часы",
        body=f"Идите [туда](node:{there.id}).",
        live_from=NOON + 2 * DAY,
    )
    answer = client.get("/feed.xml")
    assert answer.mimetype == "application/atom+xml"
    feed = ElementTree.fromstring(answer.data)
    ElementTree.register_namespace("", ATOM[1:-1])
    head = [(part.tag.removeprefix(ATOM), part.text or dict(part.attrib)) for part in feed if part.tag != f"{ATOM}entry"]
    assert head == [
        ("id", "http://127.0.0.1:8000/feed.xml"),
        ("title", "Новости — Аттестация педагогов"),
        ("updated", "2026-03-12T09:00:00Z"),
        ("link", {"rel": "self", "type": "application/atom+xml", "href": "http://127.0.0.1:8000/feed.xml"}),
        ("link", {"rel": "alternate", "type": "text/html", "href": "http://127.0.0.1:8000/"}),
        ("icon", "http://127.0.0.1:8000/favicon.ico"),
        ("author", head[-1][1]),
    ]
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "Комитет по образованию"
    (entry,) = feed.findall(f"{ATOM}entry")
    assert ElementTree.tostring(entry, "unicode").strip() == ENTRY.format(id=one.id, content=CONTENT)


def test_the_name_of_an_entry_survives_a_move_and_an_edit(client: FlaskClient, news: None) -> None:
    def names() -> list[str | None]:
        return [name.text for name in ElementTree.fromstring(client.get("/feed.xml").data).iter(f"{ATOM}id")][1:]

    before = names()
    Node.update(path="news/inache", name="inache", live_from=NOON + 9 * DAY).where(Node.path == "news/pervaya").execute()
    assert (names(), len(set(before))) == (before, 3)


def test_an_empty_feed_is_a_feed(client: FlaskClient) -> None:
    feed = ElementTree.fromstring(client.get("/feed.xml").data)
    assert (feed.tag, feed.findall(f"{ATOM}entry")) == (f"{ATOM}feed", [])
    assert feed.findtext(f"{ATOM}updated")


def test_the_feed_holds_the_newest_fifty(client: FlaskClient, make_node: MakeNode) -> None:
    make_node("news", "folder")
    for number in range(52):
        moment = NOON + number * DAY
        make_node(f"news/n{number}", "news", live_from=moment, first_public_at=moment)
    client.get("/news/")  # the tree is read
    with assert_query_count(1):
        feed = ElementTree.fromstring(client.get("/feed.xml").data)
    assert [entry.findtext(f"{ATOM}title") for entry in feed.iter(f"{ATOM}entry")] == [
        f"N{number}" for number in range(51, 1, -1)
    ]


def test_a_reader_that_has_the_feed_gets_304(client: FlaskClient, news: None) -> None:
    first = client.get("/feed.xml")
    assert first.headers["Last-Modified"] == "Thu, 12 Mar 2026 09:00:00 GMT"
    again = client.get("/feed.xml", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_every_page_tells_of_the_feed(open_: Open) -> None:
    assert open_("/rubrics/").root.one("link", rel="alternate").attributes == {
        "rel": "alternate",
        "type": "application/atom+xml",
        "href": "/feed.xml",
        "title": "Новости — Аттестация педагогов",
    }
