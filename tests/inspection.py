"""The inspector: every page a test opens through it is read whole and must be sound for people and machines."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from html.parser import HTMLParser
from itertools import pairwise

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
UNLABELLED = {"hidden", "submit", "button", "reset", "image"}
# Blocks that browsers only carry: no policy stops them, because nothing in them runs.
DATA = {"application/ld+json"}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")


@dataclass
class Element:
    """An element: its tag, attributes, the text inside it, the elements inside it."""

    tag: str
    attributes: dict[str, str]
    parent: "Element | None" = None
    children: list["Element"] = field(default_factory=list)
    pieces: list["str | Element"] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text inside, white space squeezed."""
        return " ".join("".join(self._texts()).split())

    def _texts(self) -> list[str]:
        return [text for piece in self.pieces for text in ([piece] if isinstance(piece, str) else piece._texts())]

    def all(self, *tags: str, **wanted: str) -> list["Element"]:
        """All elements inside with one of these tags and these attributes (`class_` for class, as one of its words)."""
        found = []
        for child in self.children:
            if (not tags or child.tag in tags) and all(child.has(name, value) for name, value in wanted.items()):
                found.append(child)
            found += child.all(*tags, **wanted)
        return found

    def one(self, *tags: str, **wanted: str) -> "Element":
        """The only such element."""
        found = self.all(*tags, **wanted)
        assert len(found) == 1, f"{len(found)} × {tags} {wanted}"
        return found[0]

    def has(self, name: str, value: str) -> bool:
        name = name.rstrip("_").replace("_", "-")
        own = self.attributes.get(name)
        return own is not None and (value in own.split() if name == "class" else own == value)

    def within(self, tag: str) -> bool:
        return self.parent is not None and (self.parent.tag == tag or self.parent.within(tag))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.root = self.current = Element("document", {})
        self.mistakes: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = Counter(name for name, _ in attrs)
        self.mistakes += [f"<{tag}> has {name} twice" for name, times in names.items() if times > 1]
        element = Element(tag, {name: value or "" for name, value in attrs}, self.current)
        self.current.children.append(element)
        self.current.pieces.append(element)
        if tag not in VOID:
            self.current = element

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag != self.current.tag or self.current.parent is None:
            self.mistakes.append(f"</{tag}> closes <{self.current.tag}>")
            return
        self.current = self.current.parent

    def handle_data(self, data: str) -> None:
        self.current.pieces.append(data)


@dataclass
class OpenedPage:
    """A page with the answer it came in."""

    answer: TestResponse
    root: Element

    @property
    def status(self) -> int:
        return self.answer.status_code

    @property
    def title(self) -> str:
        return self.root.one("title").text

    @property
    def h1(self) -> str:
        return self.root.one("h1").text

    @property
    def main(self) -> Element:
        return self.root.one("main")

    @property
    def text(self) -> str:
        """The text of the page's own part."""
        return self.main.text

    def links(self) -> dict[str, str]:
        """Addresses of the page's own part by their words."""
        return {link.text: link.attributes["href"] for link in self.main.all("a")}


def read(html: str) -> tuple[Element, list[str]]:
    """The tree of a page and the mistakes of its writing."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    if reader.current.tag != "document":
        reader.mistakes.append(f"<{reader.current.tag}> is not closed")
    return reader.root, reader.mistakes


def faults(html: str, service: str) -> list[str]:
    """Everything that is wrong with a page, in words."""
    root, found = read(html)
    everything = root.all()
    found += [fault for check in CHECKS for fault in check(root, everything)]
    titles = [title.text for title in root.all("title") if not title.within("svg")]
    if len(titles) != 1 or not titles[0].endswith(f" — {service}"):
        found.append(f"the title does not name the page and the service: {titles}")
    return found


def _outline(root: Element, everything: list[Element]) -> list[str]:
    levels = [int(element.tag[1]) for element in everything if element.tag in HEADINGS]
    found = [f"{levels.count(1)} h1"] if levels.count(1) != 1 else []
    found += [f"h{before} is followed by h{after}" for before, after in pairwise(levels) if after > before + 1]
    return found + [f"empty {element.tag}" for element in everything if element.tag in HEADINGS and not element.text]


def _language(root: Element, everything: list[Element]) -> list[str]:
    return [] if [html.attributes.get("lang") for html in root.all("html")] == ["ru"] else ["lang is not ru"]


def _ids(root: Element, everything: list[Element]) -> list[str]:
    ids = Counter(element.attributes["id"] for element in everything if "id" in element.attributes)
    found = [f"id {name!r} is given {times} times" for name, times in ids.items() if times > 1]
    for element in everything:
        for name in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
            found += [f"{name} names no element: {id}" for id in element.attributes.get(name, "").split() if id not in ids]
        href = element.attributes.get("href", "")
        if element.tag == "a" and href.startswith("#") and href[1:] not in ids:
            found.append(f"the link {href} leads nowhere")
    return found


def _names(root: Element, everything: list[Element]) -> list[str]:
    labelled = {label.attributes.get("for") for label in root.all("label") if label.text}
    found = []
    for element in everything:
        named = element.attributes.get("aria-label") or element.attributes.get("aria-labelledby")
        field_of_form = element.tag in {"input", "select", "textarea"} and element.attributes.get("type") not in UNLABELLED
        if field_of_form and not (named or element.attributes.get("id") in labelled or element.within("label")):
            found.append(f"a field without a label: {element.attributes}")
        if element.tag in {"a", "button", "summary"} and not (named or element.text or _alt(element)):
            found.append(f"an empty {element.tag}: {element.attributes}")
        if element.tag == "a" and not element.attributes.get("href"):
            found.append(f"a link to nowhere: {element.text}")
        if element.tag == "img" and "alt" not in element.attributes:
            found.append(f"a picture without alt: {element.attributes}")
    return found


def _alt(element: Element) -> str:
    return "".join(image.attributes.get("alt", "") for image in element.all("img"))


def _policy(root: Element, everything: list[Element]) -> list[str]:
    """What the content security policy would block."""
    found = [f"an inline style in <{element.tag}>" for element in everything if "style" in element.attributes]
    found += [f"<{e.tag} {name}>" for e in everything for name in e.attributes if name.startswith("on")]
    found += ["a <style>" for _ in root.all("style")]
    found += [
        "an inline script"
        for script in root.all("script")
        if "src" not in script.attributes and "nonce" not in script.attributes and script.attributes.get("type") not in DATA
    ]
    links = [element.attributes.get(name, "") for element in everything for name in ("href", "src", "action")]
    return found + [f"an address with code: {link}" for link in links if link.lower().startswith("javascript:")]


def _landmarks(root: Element, everything: list[Element]) -> list[str]:
    found = [] if len(root.all("main")) == 1 else ["not exactly one <main>"]
    # Markdown knows no captions: a table of an article stands under its heading.
    bare = [table for table in root.all("table") if not table.all("caption") and not table.within("article")]
    return found + [f"a table without a caption: {table.attributes}" for table in bare]


CHECKS: tuple[Callable[[Element, list[Element]], list[str]], ...] = (_outline, _language, _ids, _names, _policy, _landmarks)


def open_page(client: FlaskClient, path: str, status: int = 200, service: str = "Аттестация педагогов") -> OpenedPage:
    """Open a page, see that it has this status and is sound, and give it back read."""
    answer = client.get(path)
    assert answer.status_code == status, f"{path}: {answer.status}"
    assert answer.mimetype == "text/html"
    assert faults(answer.text, service) == [], path
    return OpenedPage(answer, read(answer.text)[0])
