"""Markdown of public pages into safe HTML: whatever an editor types, no script, style or foreign frame gets out.

Links and pictures that name a material by its identity (`node:17`) become what a `Resolve` says they mean.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from xml.etree.ElementTree import Element

import nh3
from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.tables import TableExtension
from markdown.extensions.toc import TocExtension, slugify_unicode
from markdown.treeprocessors import Treeprocessor

from .content.tree import IDENTITY
from .patience import Patience

TAGS = {
    *("h2", "h3", "h4", "h5", "h6", "p", "div", "section", "blockquote", "pre", "hr", "br"),
    *("ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tfoot", "tr", "th", "td"),
    *("a", "abbr", "b", "code", "del", "em", "i", "img", "ins", "kbd", "q", "s", "small", "strong", "sub", "sup"),
}
ATTRIBUTES: dict[str, set[str]] = {
    "*": {"id", "lang", "title"},
    "a": {"href", "class"},
    "div": {"class", "role", "tabindex", "aria-label"},
    "p": {"class"},
    "span": {"class"},
    "img": {"src", "alt", "width", "height", "srcset", "sizes", "loading", "decoding"},
    "ol": {"start"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
}
SCHEMES = frozenset({"http", "https", "mailto", "tel"})
# Ids of the layout: a heading of a page may not take them, or the skip link would lead astray.
LAYOUT_IDS = frozenset({"main", "top", "header-search", "viewing", "viewing-title"})
# A picture is as wide as the column of text, at most 42rem: --measure of site.css.
SIZES = "(min-width: 44rem) 42rem, 100vw"
# A wide table moves sideways in a box of its own, by keyboard too, and stays a table for those who listen.
TABLE_BOX = {"class": "table-scroll", "role": "group", "tabindex": "0", "aria-label": "Таблица"}
LEADS_NOWHERE = "Ссылка никуда не ведёт: материал удалён или ещё не показан посетителям"
BROKEN = {"class": "broken-link", "title": LEADS_NOWHERE}

# Attributes with which an element of the layout could be imitated: nothing but what is written here itself.
_FIXED = {
    ("div", "role"): {"group"},
    ("div", "tabindex"): {"0"},
    ("div", "aria-label"): {TABLE_BOX["aria-label"]},
    ("img", "sizes"): {SIZES},
    ("img", "loading"): {"lazy"},
    ("img", "decoding"): {"async"},
}
# Addresses of this site alone, each with its width: the sanitiser itself asks nothing of them.
_SRCSET = re.compile(r"/(?!/)[^\s,]+ \d+w(?:, /(?!/)[^\s,]+ \d+w)*")
_SCHEME = re.compile(r"([^/?#]*?):")
# Signs that browsers leave out of an address before they read it.
_PASSED_OVER = re.compile(r"[\x00-\x20\x7f]")
_SAYS_SIZE = re.compile(r"\d\s*(?:байт|[КМГ]Б|[KMG]B)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """What a reference means when it is shown: where it leads, and of a file what it is.

    `file` is what is said after a link to it, «PDF, 1,2 МБ»; a picture has its size in pixels and its sources, narrower ones
    first, itself last, each an address and a width.
    """

    address: str
    title: str = ""
    file: str = ""
    width: int | None = None
    height: int | None = None
    sources: tuple[tuple[str, int], ...] = ()


Resolve = Callable[[str], Target | None]
"""What `node:17#part` means; None when it leads to nothing that may be shown."""


def nothing(_reference: str) -> Target | None:
    """For texts that refer to no material of the tree."""
    return None


def html(text: str, resolve: Resolve = nothing, *, staff: bool = False) -> str:
    """The page's body as HTML. Headings begin with h2 (the page's title is the h1) and never skip a level.

    A reference that leads nowhere is plain text for visitors and marked for `staff`.
    """
    extensions = [*_reading(), _Headings(), TocExtension(slugify=slugify_unicode, marker=""), _Meanings(resolve)]
    made = _converted(text, extensions)
    return cleaned(made, resolve, staff=staff)


def cleaned(made: str, resolve: Resolve = nothing, *, staff: bool = False) -> str:
    """HTML without anything that could harm a reader or imitate the layout; for `staff` spans stay."""
    return nh3.clean(
        made,
        tags=TAGS | {"span"} if staff else TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_Filter(resolve),
        # In HTML that was typed, an identity is still there: the filter resolves it.
        url_schemes={*SCHEMES, IDENTITY.rstrip(":")},
        link_rel="noopener",
    )


def as_typed(text: str) -> str:
    """The same text as HTML with levels of headings and addresses as the editor typed them: to be examined, not to be shown."""
    made = _converted(text, _reading())
    attributes = {"a": {"href"}, "img": {"src", "alt"}}
    schemes = {*SCHEMES, IDENTITY.rstrip(":")}
    return nh3.clean(made, tags=TAGS | {"h1"}, attributes=attributes, url_schemes=schemes, link_rel=None)


def says_file(text: str, kind: str) -> bool:
    """Whether the words of a link name the kind of file it leads to (`PDF`) and a size."""
    return kind.casefold() in text.casefold() and bool(_SAYS_SIZE.search(text))


def _converted(text: str, extensions: list[Extension | str]) -> str:
    try:
        made: str = Markdown(extensions=extensions, output_format="html").convert(text)
    except RecursionError:  # hundreds of lists or quotations, each in the one before
        made = f"<pre>{escape(text)}</pre>"
    return made


def _reading() -> list[Extension | str]:
    return [
        # Alignment as an attribute: a style attribute would be refused by the content security policy.
        TableExtension(use_align_attribute=True),
        "attr_list",
        "admonition",
        FootnoteExtension(BACKLINK_TITLE="Вернуться к тексту, к сноске %d"),
        "abbr",
        "def_list",
        "sane_lists",
        Patience(),
        _Valued(),
    ]


class _Filter:
    """The last word on each attribute; None takes it away."""

    def __init__(self, resolve: Resolve) -> None:
        self.resolve = resolve

    def __call__(self, tag: str, attribute: str, value: str) -> str | None:
        if attribute == "id":
            return f"{value}-1" if value in LAYOUT_IDS else value
        if attribute == "srcset":
            return value if _SRCSET.fullmatch(value) else None
        if attribute in {"href", "src"} and _is_reference(value):
            target = self.resolve(value)
            # The sanitiser has asked about the address that was typed, not about this one.
            return target.address if target and _leads_somewhere(target.address) else None
        return value if value in _FIXED.get((tag, attribute), {value}) else None


class _Valued(Extension):  # type: ignore[misc]
    """Registers the mending of attributes, after those in braces are read (attr_list has priority 8)."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(_Values(md), "values", 6)


class _Values(Treeprocessor):  # type: ignore[misc]
    def run(self, root: Element) -> None:
        """Takes away attributes that were typed without a value, `{: href= }`: nothing could read or write them."""
        for element in root.iter():
            for name in [name for name, value in element.attrib.items() if value is None]:
                del element.attrib[name]


class _Headings(Extension):  # type: ignore[misc]
    """Registers the treatment of headings before the ids are given out (toc has priority 5)."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(_Levels(md), "levels", 15)


class _Levels(Treeprocessor):  # type: ignore[misc]
    def run(self, root: Element) -> None:
        """Moves headings to h2…h6 so that each is at most one level deeper than the one before."""
        typed_above: list[tuple[int, int]] = []  # (level as typed, level as shown) of the headings this one stands under
        for heading in [element for element in root.iter() if element.tag in {"h1", "h2", "h3", "h4", "h5", "h6"}]:
            typed = int(heading.tag[1])
            while typed_above and typed_above[-1][0] >= typed:
                typed_above.pop()
            shown = min((typed_above[-1][1] if typed_above else 1) + 1, 6)
            typed_above.append((typed, shown))
            heading.tag = f"h{shown}"


class _Meanings(Extension):  # type: ignore[misc]
    """Registers what needs the finished tree, after ids are given out: an id does not change with the size of a file."""

    def __init__(self, resolve: Resolve) -> None:
        super().__init__()
        self.resolve = resolve

    def extendMarkdown(self, md: Markdown) -> None:
        md.treeprocessors.register(_References(md, self.resolve), "references", 4)
        md.treeprocessors.register(_Tables(md), "tables", 3)


class _References(Treeprocessor):  # type: ignore[misc]
    """Puts what references mean in their place."""

    def __init__(self, md: Markdown, resolve: Resolve) -> None:
        super().__init__(md)
        self.resolve = resolve

    def run(self, root: Element) -> None:
        for link in list(root.iter("a")):
            if _is_reference(link.get("href", "")):
                self._link(link)
            elif not _leads_somewhere(link.get("href", "")):
                _mark_broken(link)  # the sanitiser would leave a link without an address
        for image in list(root.iter("img")):
            if _is_reference(image.get("src", "")):
                self._picture(image)

    def _link(self, link: Element) -> None:
        target = self.resolve(link.attrib.pop("href"))
        if target is None:
            _mark_broken(link)
            return
        link.set("href", target.address)
        text = "".join(link.itertext())
        if not text.strip() and link.find(".//img") is None:
            link.text = target.title
        if target.file and not says_file(text, target.file.partition(",")[0]):
            _append(link, f" ({target.file})")

    def _picture(self, image: Element) -> None:
        target = self.resolve(image.attrib.pop("src"))
        if target is None or not target.sources:
            image.text = image.attrib.pop("alt", "")
            _mark_broken(image)
            return
        image.set("src", target.sources[-1][0])
        if len(target.sources) > 1:
            image.set("srcset", ", ".join(f"{address} {width}w" for address, width in target.sources))
            image.set("sizes", SIZES)
        image.set("width", str(target.width))
        image.set("height", str(target.height))
        image.set("loading", "lazy")
        image.set("decoding", "async")


class _Tables(Treeprocessor):  # type: ignore[misc]
    def run(self, root: Element) -> None:
        """Says what each header is a header of, and gives every table its box."""
        for parent in list(root.iter()):
            for place, table in enumerate(parent):
                if table.tag == "table":
                    _name_headers(table)
                    box = Element("div", TABLE_BOX)
                    box.append(table)
                    box.tail, table.tail = table.tail, None
                    parent[place] = box


def _name_headers(table: Element) -> None:
    for cell in table.iter("th"):
        if "".join(cell.itertext()).strip() or len(cell):
            cell.set("scope", "col")
        else:
            cell.tag = "td"  # an empty header names nothing


def _is_reference(address: str) -> bool:
    return address.strip().lower().startswith(IDENTITY)


def _leads_somewhere(address: str) -> bool:
    """Whether browsers may be given this address: no scheme but the few allowed ones, however it is hidden."""
    scheme = _SCHEME.match(_PASSED_OVER.sub("", address))
    return scheme is None or scheme[1].lower() in SCHEMES


def _mark_broken(element: Element) -> None:
    """Leaves the words: the sanitiser takes a span away for visitors and keeps it for staff."""
    element.tag = "span"
    element.attrib.clear()
    element.attrib.update(BROKEN)


def _append(element: Element, text: str) -> None:
    if len(element):
        element[-1].tail = (element[-1].tail or "") + text
    else:
        element.text = (element.text or "") + text
