"""Markdown of pages: what an editor means gets through, what harms does not."""

import pytest

from attestation.site.markup import Target, as_typed, html, nothing

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
    assert [cell.attributes for cell in root.all("th")] == [
        {"align": "left", "scope": "col"},
        {"align": "right", "scope": "col"},
    ]


def test_footnotes_and_notes_are_in_russian() -> None:
    made = html('Текст[^1]\n\n[^1]: сноска\n\n!!! note "Важно"\n    Прочтите.')
    assert 'title="Вернуться к тексту, к сноске 1"' in made
    assert '<p class="admonition-title">Важно</p>' in made


# --- References -------------------------------------------------------------------------------------------------------------

PHOTO = Target("/a.jpg", "Фото", "JPEG, 1,0 МБ", 800, 600, (("/a.jpg?v=1&width=320", 320), ("/a.jpg?v=1", 800)))
MEANINGS = {
    "node:17": Target("/b/", "Порядок"),
    "node:17#part": Target("/b/#part", "Порядок"),
    "node:18": PHOTO,
    "node:19": Target("/plan.pdf", "План", "PDF, 1,2 МБ"),
    "node:20": Target("/icon.png", "Знак", "PNG, 1 КБ", 16, 16, (("/icon.png?v=2", 16),)),
}


def line(text: str, *, staff: bool = False) -> str:
    """What stands inside the one paragraph that the text makes."""
    return html(text, MEANINGS.get, staff=staff).removeprefix("<p>").removesuffix("</p>")


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ("[туда](node:17)", '<a href="/b/" rel="noopener">туда</a>'),
        ("[туда][о]\n\n[о]: node:17#part", '<a href="/b/#part" rel="noopener">туда</a>'),
        ("[](node:17)", '<a href="/b/" rel="noopener">Порядок</a>'),
        ("[план](node:19)", '<a href="/plan.pdf" rel="noopener">план (PDF, 1,2 МБ)</a>'),
        ("[**план**](node:19)", '<a href="/plan.pdf" rel="noopener"><strong>план</strong> (PDF, 1,2 МБ)</a>'),
        ("[](node:19)", '<a href="/plan.pdf" rel="noopener">План (PDF, 1,2 МБ)</a>'),
        ("[план, pdf, 2 мб](node:19)", '<a href="/plan.pdf" rel="noopener">план, pdf, 2 мб</a>'),
        ("[план в PDF](node:19)", '<a href="/plan.pdf" rel="noopener">план в PDF (PDF, 1,2 МБ)</a>'),
        ('<a href="node:17">туда</a>', '<a href="/b/" rel="noopener">туда</a>'),
        ("[сайт](https://example.org/a?b=1&c)", '<a href="https://example.org/a?b=1&amp;c" rel="noopener">сайт</a>'),
        ("[раздел](/b/) [часть](#part)", '<a href="/b/" rel="noopener">раздел</a> <a href="#part" rel="noopener">часть</a>'),
        ("`[туда](node:17)`", "<code>[туда](node:17)</code>"),
    ],
)
def test_links(typed: str, made: str) -> None:
    assert line(typed) == made
    assert line(typed, staff=True) == made


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("[был *тут*](node:99)", "был <em>тут</em>"),
        ("[был](NODE:17)", "был"),
        ("![вид](node:99)", "вид"),
        ("![страница](node:17)", "страница"),
        ("[код](javascript:alert)", "код"),
    ],
)
def test_what_leads_nowhere_is_plain_for_visitors_and_marked_for_staff(typed: str, words: str) -> None:
    assert line(f"До {typed} после") == f"До {words} после"
    said = "Ссылка никуда не ведёт: материал удалён или ещё не показан посетителям"
    assert line(f"До {typed} после", staff=True) == f'До <span class="broken-link" title="{said}">{words}</span> после'


def test_a_picture_is_offered_in_several_widths() -> None:
    (image,) = read(line("![Вход & двор](node:18)"))[0].all()
    assert (image.tag, image.attributes) == (
        "img",
        {
            "src": "/a.jpg?v=1",
            "alt": "Вход & двор",
            "width": "800",
            "height": "600",
            "srcset": "/a.jpg?v=1&width=320 320w, /a.jpg?v=1 800w",
            "sizes": "(min-width: 44rem) 42rem, 100vw",
            "loading": "lazy",
            "decoding": "async",
        },
    )


def test_a_small_picture_has_one_width() -> None:
    (image,) = read(line("![Знак](node:20)"))[0].all()
    expected = {"src": "/icon.png?v=2", "alt": "Знак", "width": "16", "height": "16", "loading": "lazy", "decoding": "async"}
    assert image.attributes == expected


def test_an_id_does_not_change_with_what_a_reference_means() -> None:
    typed = "## Смотрите [план](node:19)"
    ids = [read(html(typed, resolve))[0].one("h2").attributes["id"] for resolve in (MEANINGS.get, nothing)]
    assert ids == ["смотрите-план", "смотрите-план"]


def test_a_table_has_a_box_and_its_headers_say_of_what() -> None:
    root, mistakes = read(html("До\n\n| Год |  |\n|-----|--|\n| 2025 | 3 |\n\nПосле"))
    assert mistakes == []
    assert [element.tag for element in root.children] == ["p", "div", "p"]
    box = root.children[1]
    assert box.attributes == {"class": "table-scroll", "role": "group", "tabindex": "0", "aria-label": "Таблица"}
    assert [child.tag for child in box.children] == ["table"]
    head = box.one("thead")
    assert [(cell.tag, cell.text, cell.attributes) for cell in head.one("tr").children] == [
        ("th", "Год", {"scope": "col"}),
        ("td", "", {}),
    ]


def test_attributes_without_a_value_are_passed_over() -> None:
    assert line("[туда](/b/){: title= }") == '<a href="/b/" rel="noopener">туда</a>'


def test_the_text_as_typed_keeps_levels_and_addresses() -> None:
    made = as_typed("# А\n\n#### Б\n\n[туда](node:17#part) ![вид](node:18) <script>x</script>")
    assert made == '<h1>А</h1>\n<h4>Б</h4>\n<p><a href="node:17#part">туда</a> <img alt="вид" src="node:18"> </p>'
