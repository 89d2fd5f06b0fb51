"""What changed, as people read and hear it; safe whatever stands in the texts, quick whatever their size."""

import pytest
from markupsafe import Markup

from attestation.site.content import diff
from attestation.site.markup import html

from ...inspection import read


def shown(made: Markup) -> str:
    """The comparison with what went in {-…-} and what came in {+…+}."""
    text = str(made).replace('<span class="unseen">удалено: </span>', "").replace('<span class="unseen">добавлено: </span>', "")
    for tag, sign in (("<del>", "{-"), ("</del>", "-}"), ("<ins>", "{+"), ("</ins>", "+}")):
        text = text.replace(tag, sign)
    return text


def lines(old: str, new: str) -> str:
    return shown(diff.lines(old, new)).removeprefix('<div class="diff">').removesuffix("</div>")


def rendered(old: str, new: str) -> str:
    """The comparison of two texts in Markdown, without line ends between blocks."""
    return shown(diff.rendered(html(old), html(new))).replace("\n", "")


@pytest.mark.parametrize(
    ("old", "new", "made"),
    [
        ("а", "а", ""),
        ("", "", ""),
        ("Срок — 60 дней со дня подачи.", "Срок — 30 дней со дня подачи.", "<p>Срок — {-60-}{+30+} дней со дня подачи.</p>"),
        ("Срок — 60 дней.", "Срок — 60 рабочих дней.", "<p>Срок — 60 {+рабочих +}дней.</p>"),
        ("Заявление подают лично.", "Заявление подают.", "<p>Заявление подают{- лично-}.</p>"),
        ("а\nб", "а\nб\nв", "<p>а</p><p>б</p><p>{+в+}</p>"),
        ("а\nб\nв", "а\nв", "<p>а</p><p>{-б-}</p><p>в</p>"),
        ("Старое", "Новое содержание", "<p>{-Старое-}</p><p>{+Новое содержание+}</p>"),
        ("а", "а\n", "<p>а</p><p>{+пустая строка+}</p>"),
        ("", "а", "<p>{-пустая строка-}</p><p>{+а+}</p>"),
        ("<b>", "<script>alert(1)</script>", "<p>{-&lt;b&gt;-}</p><p>{+&lt;script&gt;alert(1)&lt;/script&gt;+}</p>"),
        (
            "Первое предложение остаётся. Второе",
            "Первое предложение остаётся. <i>",
            "<p>Первое предложение остаётся. {-Второе-}{+&lt;i&gt;+}</p>",
        ),
    ],
)
def test_lines(old: str, new: str, made: str) -> None:
    assert lines(old, new) == made


def test_what_is_said_to_those_who_listen() -> None:
    said = diff.lines("а\nб", "а\nв")
    assert said == Markup(
        '<div class="diff"><p>а</p><p><del><span class="unseen">удалено: </span>б</del></p>'
        '<p><ins><span class="unseen">добавлено: </span>в</ins></p></div>'
    )


def test_long_stretches_are_folded() -> None:
    old = [f"строка {number}" for number in range(30)]
    new = [*old[:15], "вставлена", *old[15:]]
    root, mistakes = read(diff.lines("\n".join(old), "\n".join(new)))
    assert mistakes == []
    assert [summary.text for summary in root.all("summary")] == ["Без изменений: 13 строк", "Без изменений: 13 строк"]
    assert [line.text for line in root.all("p") if not line.within("details")] == [
        *("строка 13", "строка 14", "добавлено: вставлена", "строка 15", "строка 16"),
    ]
    assert [line.text for line in root.all("p") if line.text.startswith("строка")] == old


PAGE = "## Порядок\n\nСрок — 60 дней.\n\n- лично\n- почтой\n\n| Год | Число |\n|---|---|\n| 2025 | 3 |\n| 2026 | 4 |\n"


@pytest.mark.parametrize(
    ("before", "after", "made"),
    [
        ("60 дней", "30 дней", "<p>Срок — {-60-}{+30+} дней.</p>"),
        ("60 дней", "60 **рабочих** дней", "<p>Срок — 60 {+<strong>рабочих</strong> +}дней.</p>"),
        ("Порядок", "Новый порядок", '<h2 id="порядок">{-Порядок-}</h2>'.replace(' id="порядок"', "")),
        ("- почтой", "- почтой\n- через портал", "<ul><li>лично</li><li>почтой</li><li>{+через портал+}</li></ul>"),
        ("- лично\n", "", "<ul><li>{-лично-}</li><li>почтой</li></ul>"),
        ("| 2025 | 3 |", "| 2025 | 5 |", "<tr><td>2025</td><td>{-3-}{+5+}</td></tr>"),
        ("| 2025 | 3 |\n", "", "<tr><td>{-2025-}</td><td>{-3-}</td></tr><tr><td>2026</td><td>4</td></tr>"),
        ("60 дней.", "60 дней.\n\n![Вход](/a.png)", '<p>{+<img alt="Вход" src="/a.png">+}</p>'),
        ("60 дней.", "60 дней.\n\n---", "<hr>"),
    ],
)
def test_a_page(before: str, after: str, made: str) -> None:
    assert before in PAGE
    result = rendered(PAGE, PAGE.replace(before, after))
    assert made in result
    assert read(result)[1] == []


def test_a_page_without_changes_is_that_page() -> None:
    assert rendered(PAGE, PAGE) == html(PAGE).replace("\n", "")


def test_no_id_stands_twice() -> None:
    result = diff.rendered(html("## Порядок\n\nа[^1]\n\n[^1]: б"), html("# Порядок\n\n## Порядок\n\nв[^1]\n\n[^1]: г"))
    ids = [element.attributes["id"] for element in read(result)[0].all() if "id" in element.attributes]
    assert sorted(ids) == sorted(set(ids))


@pytest.mark.parametrize(
    "text", ["<b>&lt;script&gt;", "a < b > c & d \"'", "`<script>alert(1)</script>`", "&amp;lt;script&amp;gt;"]
)
def test_text_stays_text(text: str) -> None:
    for old, new in ((text, "другое"), ("другое", text), (text, f"{text} ещё одно слово"), (f"- {text}", f"- {text}\n- б")):
        root, mistakes = read(diff.rendered(html(old), html(new)))
        assert mistakes == []
        assert root.all("script") == []
        gone = "".join(node.text for node in root.all("del")) + "".join(node.text for node in root.all("ins"))
        assert "&lt;" not in gone or "lt;" in read(html(text))[0].text


def test_a_page_that_nests_too_deep_is_compared_as_text() -> None:
    deep = "<div>" * 5_000 + "слово" + "</div>" * 5_000
    assert diff.rendered(deep, "<p>слово два</p>") == Markup(
        '<div class="diff"><p>слово<ins><span class="unseen">добавлено: </span> два</ins></p></div>'
    )


WORDS = [f"слово{number}" for number in range(3_000)]
PROSE = "\n\n".join(" ".join(WORDS[(place * 37 + word) % 3_000] for word in range(60)) for place in range(330))
LARGE = {
    "the other way round": (PROSE, "\n\n".join(reversed(PROSE.split("\n\n")))),
    "something else": (PROSE, PROSE.replace("слово", "речь")),
    "every tenth word": (PROSE, PROSE.replace("0 ", "00 ")),
    "one line": (PROSE.replace("\n", " "), PROSE.replace("\n", " ").replace("7 ", "77 ")),
    "two signs": ("а\nб\n" * 5_000, "б\nа\n" * 5_000),
    "one sign": ("а " * 100_000, "а " * 40_000 + "б " + "а " * 50_000),
    "from nothing": ("", PROSE),
    "to nothing": (PROSE, ""),
}


@pytest.mark.parametrize("name", LARGE)
def test_no_pair_of_texts_keeps_the_comparison_busy_for_ever(name: str) -> None:
    old, new = LARGE[name]
    for made in (diff.lines(old, new), diff.rendered(html(old), html(new))):
        assert read(made)[1] == []


@pytest.mark.parametrize("name", LARGE)
def test_stretches_hold_both_texts_whole(name: str) -> None:
    old, new = (text.split() for text in LARGE[name])
    found = diff.stretches(old, new)
    assert [word for stretch in found for word in old[stretch.old]] == old
    assert [word for stretch in found for word in new[stretch.new]] == new
    assert all(old[stretch.old] == new[stretch.new] for stretch in found if stretch.same)
    assert [stretch.same for stretch in found] == [(place % 2 == 0) == found[0].same for place in range(len(found))]
