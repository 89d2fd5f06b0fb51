"""The search over what the site says: words in any form, order, corrections, texts that change, and what is packaged."""

import datetime as dt
from pathlib import Path

import pytest

from attestation.models import Database, Node
from attestation.procedure.words import NodeKind
from attestation.site.content import Content, Tree
from attestation.site.content.portable import Document
from attestation.site.content.portable import Text as Words
from attestation.site.search.said import BLANKS, CLAUSES, GROUPS, PAGES, RUBRICS, Materials, packaged, spoken
from attestation.site.search.texts import Found, Text, TextIndex
from attestation.tests.conftest import NOON

FIXED = (
    Text("clauses", "/regulation/2.6.7", "Пункт 2.6.7.", "Когда принимают заявления", "С 15 августа до 15 мая."),
    Text("clauses", "/regulation/2.4", "Пункт 2.4.", "Сроки", "Заявление рассматривают 30 дней."),
    Text("rubrics", "/rubrics/1/#row-1.1", "Форма 1, строка 1.1.", "Олимпиады", "Победители олимпиад, приём не важен."),
)
PAGE = Text("pages", "/about/", "", "О приёме заявлений", "Ёлка стоит в приёмной.")


def search(query: str, *moving: Text, group: str = "", limit: int = 5) -> Found:
    return TextIndex(lambda: FIXED).search(query, {text.address: text for text in moving}, group, limit)


def addresses(found: Found) -> dict[str, list[str]]:
    return {group: [hit.address for hit in hits] for group, hits in found.hits.items()}


def test_words_are_found_in_any_form_and_all_of_them() -> None:
    found = search("приём заявления", PAGE)
    assert addresses(found) == {"pages": ["/about/"]}
    assert found.whole
    assert addresses(search("заявлений", PAGE)) == {"pages": ["/about/"], "clauses": ["/regulation/2.6.7", "/regulation/2.4"]}
    assert addresses(search("елка", PAGE)) == {"pages": ["/about/"]}


def test_a_word_in_the_title_counts_more() -> None:
    assert addresses(search("заявление")) == {"clauses": ["/regulation/2.6.7", "/regulation/2.4"]}


def test_words_found_are_marked() -> None:
    (hit,) = search("заявлений принимают").hits["clauses"]
    assert [(piece.text, piece.found) for piece in hit.title] == [
        ("Когда ", False),
        ("принимают", True),
        (" ", False),
        ("заявления", True),
    ]
    assert (hit.label, "".join(piece.text for piece in hit.snippet)) == ("Пункт 2.6.7.", "С 15 августа до 15 мая.")


def test_the_other_keyboard_layout_and_some_of_the_words_come_last() -> None:
    retyped = search("jkbvgbflf")
    assert (retyped.query, addresses(retyped), retyped.whole) == ("олимпиада", {"rubrics": ["/rubrics/1/#row-1.1"]}, True)
    some = search("олимпиада марсиан")
    assert (some.query, addresses(some), some.whole) == ("олимпиада марсиан", {"rubrics": ["/rubrics/1/#row-1.1"]}, False)


def test_silent_words_are_asked_for_only_when_alone() -> None:
    assert addresses(search("как до мая")) == {"clauses": ["/regulation/2.6.7"]}
    assert addresses(search("когда")) == {"clauses": ["/regulation/2.6.7"]}


def test_nothing_is_found_without_an_error() -> None:
    for query in ("", "   ", "…", "марсиане", "а" * 5000, 'AND OR NOT title:* "', "\\"):
        found = search(query, PAGE)
        assert (found.totals, found.hits) == ({}, {}), query


def test_one_group_and_a_limit() -> None:
    found = search("заявление приём", PAGE, group="clauses")
    assert (found.totals, found.whole) == ({"clauses": 2}, False)
    limited = search("заявлений", PAGE, limit=1)
    assert (limited.totals, addresses(limited)) == (
        {"pages": 1, "clauses": 2},
        {"pages": ["/about/"], "clauses": ["/regulation/2.6.7"]},
    )


def test_texts_that_change_are_found_at_once_as_they_are() -> None:
    index = TextIndex(lambda: FIXED)
    assert addresses(index.search("ёлка", {"1": PAGE})) == {"pages": ["/about/"]}
    moved = Text("pages", "/new/", "", "Новое имя", "Здесь теперь сосна.")
    assert addresses(index.search("ёлка", {"2": moved})) == {}
    assert addresses(index.search("сосна", {"2": moved})) == {"pages": ["/new/"]}
    assert addresses(index.search("сосна", {})) == {}


def test_what_is_packaged_has_addresses_of_its_own() -> None:
    texts = list(packaged())
    assert len({text.address for text in texts}) == len(texts)
    counts = {group: sum(text.group == group for text in texts) for group in GROUPS}
    assert counts[CLAUSES] > 187
    assert counts[RUBRICS] == 515
    assert (counts[PAGES], counts[BLANKS] > 5) == (0, True)


def test_a_body_is_shown_as_people_read_it() -> None:
    body = "## Часть\n\nТекст **важный** & [ссылка](node:5).\n\n- раз\n- два\n\n| а | б |\n|---|---|\n| 1 | 2 |\n"
    assert spoken(body) == "Часть\nТекст важный & ссылка.\nраз\nдва\nа\nб\n1\n2"


def test_materials_are_those_that_visitors_read(database: Database) -> None:
    from attestation.admin.acts.content.portable import bring_in
    from attestation.models import Blob

    def keep(_data: bytes, _text: Words) -> Blob:
        raise AssertionError

    def bring(*documents: Document) -> None:
        bring_in(documents, keep=keep, by=None, on=NOON)

    later = NOON + dt.timedelta(days=30)
    bring(
        Document(path="a", kind=NodeKind.PAGE, text=Words("Открытая", body="Текст **сосны**."), status="published"),
        Document(path="b", kind=NodeKind.PAGE, text=Words("Черновик", body="Тайна.")),
        Document(path="c", kind=NodeKind.PAGE, text=Words("Будущая", body="Скоро."), status="published", live_from=later),
        Document(path="d", kind=NodeKind.LINK, text=Words("Ссылка", target="/orders/"), status="published"),
    )
    content, materials = Content(), Materials()
    now = {text.address: text.body for text in materials.texts(content.tree(), NOON).values()}
    assert now == {"/a/": "Текст сосны."}
    then = {text.address: text.title for text in materials.texts(content.tree(), later).values()}
    assert then == {"/a/": "Открытая", "/c/": "Будущая"}
    before = set(materials.texts(content.tree(), NOON))
    bring(Document(path="a", kind=NodeKind.PAGE, text=Words("Открытая", body="Другой текст."), status="published"))
    after = materials.texts(content.tree(), NOON)
    assert before.isdisjoint(after)
    assert [text.body for text in after.values()] == ["Другой текст."]
    assert Node.kept().count() == 5


def test_a_picture_that_is_out_of_date_makes_no_text_without_its_body(database: Database) -> None:
    """Another thread may read what was published in between; under the key of the old text nothing else is ever indexed."""
    from attestation.admin.acts.content.portable import bring_in

    def bring(body: str) -> Tree:
        page = Document(path="a", kind=NodeKind.PAGE, text=Words("Сосна", body=body), status="published")
        bring_in([page], keep=lambda _data, _text: None, by=None, on=NOON)  # type: ignore[arg-type,return-value]
        return Content().tree()

    materials = Materials()
    before, after = bring("Раз"), bring("Два")
    assert [text.body for text in materials.texts(before, NOON).values()] == []
    assert [text.body for text in materials.texts(after, NOON).values()] == ["Два"]
    assert [text.body for text in materials.texts(before, NOON).values()] == []


def test_writing_keeps_to_memory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Processes that index at the same moment would meet in a shared folder."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    assert addresses(search("ёлка", PAGE)) == {"pages": ["/about/"]}
