"""What pages say of themselves to machines: canonical address, Open Graph, schema.org."""

import io
import json
from typing import Any

from flask.testing import FlaskClient
from PIL import Image

from ...inspection import OpenedPage
from .conftest import MakeFile, MakeNode, Open

SITE = "http://127.0.0.1:8000"
AUTHORITY = {
    "@type": "GovernmentOrganization",
    "name": "Комитет по образованию",
    "address": "г. Образцов, Учебная ул., д. 1",
    "telephone": "+7 (000) 000-00-00",
    "email": "office@example.org",
}


def graph(page: OpenedPage) -> list[dict[str, Any]]:
    data = json.loads(
        "".join(piece for piece in page.root.one("script", type="application/ld+json").pieces if isinstance(piece, str))
    )
    assert data["@context"] == "https://schema.org"
    found: list[dict[str, Any]] = data["@graph"]
    return found


def meta(page: OpenedPage) -> dict[str, str]:
    wanted = (element.attributes for element in page.root.all("meta"))
    return {said["property"]: said["content"] for said in wanted if said.get("property", "").startswith("og:")}


def test_a_page_describes_itself(open_: Open, make_node: MakeNode) -> None:
    make_node("priyom", "folder", title="Приём")
    make_node("priyom/chasy", title="Часы", summary='Когда "приходить" & <куда>')
    page = open_("/priyom/chasy/")
    assert page.root.one("link", rel="canonical").attributes["href"] == f"{SITE}/priyom/chasy/"
    assert page.root.one("meta", name="description").attributes["content"] == 'Когда "приходить" & <куда>'
    assert meta(page) == {
        "og:site_name": "Аттестация педагогов",
        "og:locale": "ru_RU",
        "og:type": "website",
        "og:title": "Часы",
        "og:url": f"{SITE}/priyom/chasy/",
        "og:description": 'Когда "приходить" & <куда>',
    }
    assert graph(page) == [
        {
            "@type": "BreadcrumbList",
            "itemListElement": [
                {"@type": "ListItem", "position": 1, "name": "Главная", "item": f"{SITE}/"},
                {"@type": "ListItem", "position": 2, "name": "Приём", "item": f"{SITE}/priyom/"},
                {"@type": "ListItem", "position": 3, "name": "Часы", "item": f"{SITE}/priyom/chasy/"},
            ],
        }
    ]


def test_a_news_item_is_an_article_with_its_picture(open_: Open, make_node: MakeNode, make_file: MakeFile) -> None:
    made = io.BytesIO()
    Image.new("RGB", (8, 8)).save(made, "PNG")
    image = make_file("foto.png", made.getvalue(), "image/png")
    make_node("news", "folder", title="Новости")
    make_node("news/chasy", "news", title="Часы", body=f"![Часы на стене](node:{image.id})")
    page = open_("/news/chasy/")
    assert {name: value for name, value in meta(page).items() if name in {"og:type", "og:image"}} == {
        "og:type": "article",
        "og:image": f"{SITE}/foto.png",
    }
    assert graph(page)[1] == {
        "@type": "NewsArticle",
        "headline": "Часы",
        "url": f"{SITE}/news/chasy/",
        "mainEntityOfPage": f"{SITE}/news/chasy/",
        "image": f"{SITE}/foto.png",
        "datePublished": "2026-03-10T09:00:00+00:00",
        "dateModified": "2026-03-10T09:00:00+00:00",
        "inLanguage": "ru",
        "author": AUTHORITY,
        "publisher": AUTHORITY,
    }


def test_the_home_page_and_the_page_about_it_are_the_service(open_: Open, first_texts: None) -> None:
    home, about = graph(open_("/"))[-1], graph(open_("/about/"))[-1]
    assert home == about
    assert (home["@type"], home["url"], home["provider"]) == ("GovernmentService", f"{SITE}/", AUTHORITY)


def test_no_title_breaks_out_of_the_data(open_: Open, client: FlaskClient, make_node: MakeNode) -> None:
    title = "</script><script>alert('1')</script> & <!--"
    make_node("opasno", title=title)
    page = open_("/opasno/")
    assert graph(page)[0]["itemListElement"][-1]["name"] == title
    assert "<script>alert" not in page.answer.text
