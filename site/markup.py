"""Markdown of public pages into safe HTML: whatever an editor types, no script, style or foreign frame gets out."""

from xml.etree.ElementTree import Element

import nh3
from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.footnotes import FootnoteExtension
from markdown.extensions.tables import TableExtension
from markdown.extensions.toc import TocExtension, slugify_unicode
from markdown.treeprocessors import Treeprocessor

TAGS = {
    *("h2", "h3", "h4", "h5", "h6", "p", "div", "section", "blockquote", "pre", "hr", "br"),
    *("ul", "ol", "li", "dl", "dt", "dd", "table", "thead", "tbody", "tfoot", "tr", "th", "td"),
    *("a", "abbr", "b", "code", "del", "em", "i", "img", "ins", "kbd", "q", "s", "small", "strong", "sub", "sup"),
}
ATTRIBUTES: dict[str, set[str]] = {
    "*": {"id", "lang", "title"},
    "a": {"href", "class"},
    "div": {"class"},
    "p": {"class"},
    "img": {"src", "alt", "width", "height"},
    "ol": {"start"},
    "td": {"align", "colspan", "rowspan"},
    "th": {"align", "colspan", "rowspan", "scope"},
}
# Ids of the layout: a heading of a page may not take them, or the skip link would lead astray.
LAYOUT_IDS = frozenset({"main", "top", "header-search"})


def html(text: str) -> str:
    """The page's body as HTML. Headings begin with h2 (the page's title is the h1) and never skip a level."""
    made = Markdown(
        extensions=[
            # Alignment as an attribute: a style attribute would be refused by the content security policy.
            TableExtension(use_align_attribute=True),
            "attr_list",
            "admonition",
            FootnoteExtension(BACKLINK_TITLE="Вернуться к тексту, к сноске %d"),
            "abbr",
            "def_list",
            "sane_lists",
            _Headings(),
            TocExtension(slugify=slugify_unicode, marker=""),
        ],
        output_format="html",
    ).convert(text)
    return nh3.clean(
        made,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=_own_id,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener",
    )


def _own_id(_tag: str, attribute: str, value: str) -> str | None:
    return f"{value}-1" if attribute == "id" and value in LAYOUT_IDS else value


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
