"""Markdown of pages: what an editor means gets through, what harms does not."""

import pytest

from attestation.site.markup import html

from ..inspection import read


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[a](javascript:alert(1))",
        "[a](data:text/html;base64,PHNjcmlwdD4=)",
        "<style>body{display:none}</style>",
        "<iframe src='https://example.org'></iframe>",
        "<p style='position:fixed'>x</p>",
        "текст\n{: onclick=alert(1) }",
        "<form action='https://example.org'><input name=password></form>",
        "<svg><a xlink:href='javascript:alert(1)'>x</a></svg>",
        "<base href='https://example.org'>",
    ],
)
def test_nothing_harmful_gets_out(hostile: str) -> None:
    made = html(hostile).lower()
    words = ("<script", "onerror", "onclick", "javascript:", "data:", "<style", "style=", "<iframe", "<form", "<input", "<base")
    assert [word for word in words if word in made] == []


def test_headings_begin_under_the_title_and_skip_no_level() -> None:
    root, _ = read(html("# А\n\n### Б\n\n###### В\n\n## Г\n\n# Д"))
    assert [(heading.tag, heading.text) for heading in root.all()] == [
        ("h2", "А"),
        ("h3", "Б"),
        ("h4", "В"),
        ("h3", "Г"),
        ("h2", "Д"),
    ]


def test_headings_have_russian_ids_that_are_not_the_layouts() -> None:
    root, _ = read(html("# Как искать\n\n# Как искать\n\n# main"))
    assert [heading.attributes["id"] for heading in root.all("h2")] == ["как-искать", "как-искать_1", "main-1"]


def test_tables_align_without_styles() -> None:
    root, _ = read(html("|а|б|\n|:--|--:|\n|1|2|"))
    assert [cell.attributes for cell in root.all("th")] == [{"align": "left", "scope": "col"}, {"align": "right", "scope": "col"}]


def test_footnotes_and_notes_are_in_russian() -> None:
    made = html('Текст[^1]\n\n[^1]: сноска\n\n!!! note "Важно"\n    Прочтите.')
    assert 'title="Вернуться к тексту, к сноске 1"' in made
    assert '<p class="admonition-title">Важно</p>' in made
