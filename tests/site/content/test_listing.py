"""Listings: what a saved query finds, how it is kept."""

import datetime as dt

import pytest

from attestation.procedure.refusal import Refusal
from attestation.procedure.words import NodeKind
from attestation.site.content import Item, Tree, Words
from attestation.site.content.listing import ListingQuery, Order, dump, parse

NOW = dt.datetime(2026, 3, 10, 9, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
SECTIONS = {"": 1, "a": 2, "b": 3, "a/c": 4}


def item(id: int, path: str, kind: NodeKind, title: str, summary: str = "", age: int = 0, **fields: object) -> Item:
    above, _, name = path.rpartition("/")
    words = Words(1, title, summary, "", "", None, NOW)
    first = NOW - age * DAY
    values = {"status": "published", "live": words, "previous": None, "expires_at": None, "live_from": first} | fields
    return Item(
        id=id,
        parent_id=SECTIONS[above] if path else None,
        kind=kind,
        name=name,
        path=path,
        position=0,
        first_public_at=first,
        reason="",
        in_navigation=True,
        **values,
    )


TREE = Tree(
    [
        item(1, "", NodeKind.FOLDER, "Главная", age=99),
        item(2, "a", NodeKind.FOLDER, "Азбука", age=50),
        item(3, "b", NodeKind.FOLDER, "Берег", age=40, status="draft"),
        item(4, "a/c", NodeKind.FOLDER, "Центр", age=30),
        item(5, "a/c/elka", NodeKind.PAGE, "Ель", "Всё о приёме документов", age=3),
        item(6, "a/yolka", NodeKind.PAGE, "Ёлка", age=2),
        item(7, "a/zhuk", NodeKind.NEWS, "Жук", "Приём закрыт", age=1),
        item(8, "a/draft", NodeKind.PAGE, "Ещё черновик", age=0, status="draft"),
        item(9, "b/inside", NodeKind.PAGE, "В закрытом разделе", age=0),
    ]
)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (ListingQuery(), [7, 6, 5, 4, 2]),
        (ListingQuery(order=Order.OLDEST), [2, 4, 5, 6, 7]),
        (ListingQuery(order=Order.ALPHABET), [2, 5, 6, 7, 4]),
        (ListingQuery(limit=2), [7, 6]),
        (ListingQuery(under=2), [7, 6, 5, 4]),
        (ListingQuery(under=4), [5]),
        (ListingQuery(under=3), []),
        (ListingQuery(under=77), []),
        (ListingQuery(kinds=(NodeKind.NEWS,)), [7]),
        (ListingQuery(kinds=(NodeKind.NEWS, NodeKind.PAGE)), [7, 6, 5]),
        (ListingQuery(words="ПРИЕМ"), [7, 5]),
        (ListingQuery(words="ель документ"), [5]),
        (ListingQuery(words="ель закрыт"), []),
    ],
)
def test_a_query_finds_what_is_shown(query: ListingQuery, found: list[int]) -> None:
    assert [one.id for one in query.select(TREE, NOW)] == found


@pytest.mark.parametrize(
    ("query", "text"),
    [
        (ListingQuery(), '{"under": null, "kinds": [], "words": "", "order": "newest", "limit": 20}'),
        (
            ListingQuery(17, (NodeKind.NEWS, NodeKind.PAGE), "приём", Order.ALPHABET, 200),
            '{"under": 17, "kinds": ["news", "page"], "words": "приём", "order": "alphabet", "limit": 200}',
        ),
    ],
)
def test_a_query_is_kept_as_text(query: ListingQuery, text: str) -> None:
    assert (dump(query), parse(text)) == (text, query)


def test_without_text_everything_is_gathered() -> None:
    assert parse("") == ListingQuery()


@pytest.mark.parametrize(
    "text",
    [
        "все новости",
        "[]",
        "17",
        "{}",
        '{"under": "17", "kinds": [], "words": "", "order": "newest", "limit": 20}',
        '{"under": true, "kinds": [], "words": "", "order": "newest", "limit": 20}',
        '{"under": null, "kinds": ["order"], "words": "", "order": "newest", "limit": 20}',
        '{"under": null, "kinds": [], "words": null, "order": "newest", "limit": 20}',
        '{"under": null, "kinds": [], "words": "", "order": "best", "limit": 20}',
        r'{"under": null, "kinds": [], "words": "\ud800", "order": "newest", "limit": 20}',
        '{"under": null, "kinds": [], "words": "", "order": "newest", "limit": "20"}',
    ],
)
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse(text)
    assert refused.value.sentence == "Условия подборки не читаются: откройте её в редакторе и задайте их заново."


@pytest.mark.parametrize("limit", [0, 201, -1])
def test_a_listing_has_its_limits(limit: int) -> None:
    with pytest.raises(Refusal) as refused:
        parse(dump(ListingQuery(limit=limit)))
    assert refused.value.sentence == "В подборке показывают от 1 до 200 материалов: измените число."
