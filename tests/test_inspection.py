"""The inspector finds what it is there to find."""

import pytest

from .inspection import faults

SOUND = """<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>Дом — Сайт</title></head><body>
<main><h1>Дом</h1><h2>Окна</h2><label for="a">Окно</label><input id="a"><a href="#a">К окну</a><img src="x" alt=""></main>
</body></html>"""


def test_a_sound_page_has_no_faults() -> None:
    assert faults(SOUND, "Сайт") == []


@pytest.mark.parametrize(
    ("sound", "broken", "fault"),
    [
        ('lang="ru"', 'lang="en"', "lang is not ru"),
        ("Дом — Сайт", "Дом", "the title does not name the page and the service: ['Дом']"),
        ("Дом — Сайт", " — Сайт", "the title does not name the page and the service: ['— Сайт']"),
        ("<h1>Дом</h1>", "", "0 h1"),
        ("<h1>Дом</h1>", "<h1>Дом</h1><h1>Дом</h1>", "2 h1"),
        ("<h2>Окна</h2>", "<h3>Окна</h3>", "h1 is followed by h3"),
        ("<h2>Окна</h2>", "<h2> </h2>", "empty h2"),
        ('<input id="a">', '<input id="b"><i id="a"></i>', "a field without a label: {'id': 'b'}"),
        ('<img src="x" alt="">', '<img src="x">', "a picture without alt: {'src': 'x'}"),
        ("К окну", "", "an empty a: {'href': '#a'}"),
        ("К окну", '<i id="a"></i>К', "id 'a' is given 2 times"),
        ('href="#a"', 'href="#b"', "the link #b leads nowhere"),
        ('href="#a"', "", "a link to nowhere: К окну"),
        ('href="#a"', 'href="javascript:1"', "an address with code: javascript:1"),
        ("<h2>", '<h2 style="x">', "an inline style in <h2>"),
        ("<h2>", '<h2 onclick="x">', "<h2 onclick>"),
        ("<h2>", "<script>1</script><h2>", "an inline script"),
        ("<h2>", '<h2 class="a" class="b">', "<h2> has class twice"),
        ("</h2>", "</h3>", "</h3> closes <h2>"),
        ("<h2>", "<table><tr><td>1</td></tr></table><h2>", "a table without a caption: {}"),
        ("<main>", "<main></main><main>", "not exactly one <main>"),
        ("<h2>", '<h2 aria-labelledby="z">', "aria-labelledby names no element: z"),
    ],
)
def test_each_fault_is_found(sound: str, broken: str, fault: str) -> None:
    assert sound in SOUND
    assert fault in faults(SOUND.replace(sound, broken, 1), "Сайт")
