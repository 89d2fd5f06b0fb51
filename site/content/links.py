"""Links and pictures of texts: what they mean now, who refers to a material, which of them lead nowhere."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from ...models import Node, Revision
from ...procedure.words import NodeKind
from ..markup import Resolve, Target
from . import media, pictures
from .outline import Line, outline
from .tree import IDENTITY, FileFacts, Item, Tree, identity


@dataclass(frozen=True, slots=True)
class Reference:
    """A link or a picture of a text: its address as typed, its words (of a picture, alt) and its line, 1 for the first."""

    address: str
    text: str
    line: Line
    picture: bool

    @property
    def node(self) -> int | None:
        """The id of the material it names by identity."""
        named = identity(self.address)
        return named[0] if named else None


@dataclass(frozen=True, slots=True)
class Pointer:
    """A material whose text refers to another one; `live` when visitors read that text now or at a set time."""

    id: int
    title: str
    path: str
    to: int
    live: bool
    reference: Reference


@dataclass(frozen=True, slots=True)
class Broken:
    """A reference that leads nowhere, in which material, and why."""

    item: Item
    title: str
    reference: Reference
    why: str


Unshown = Callable[[Item], Target | None]
HOPS = 5
HASH = 10


def nobody(_item: Item) -> Target | None:
    """For visitors, what is not shown has no meaning."""
    return None


def resolver(tree: Tree, now: dt.datetime, unshown: Unshown = nobody) -> Resolve:
    """What references mean at this moment; `unshown` may give a meaning to material that visitors do not see, for a preview."""

    def resolve(reference: str) -> Target | None:
        for _ in range(HOPS):  # a link of the tree may lead to another link
            found = tree.resolve(reference)
            if found is None:
                return None
            item, part = found
            words = tree.showing(item, now)
            if words is None:
                return unshown(item)
            if item.kind is not NodeKind.LINK:
                return target(item.address, words.title, words.file, part)
            if not words.target.startswith(IDENTITY):
                return Target(words.target, words.title)
            reference = words.target
        return None

    return resolve


def target(address: str, title: str, file: FileFacts | None = None, part: str = "") -> Target:
    """The meaning of a material at this address; `part` is `#heading` or nothing."""
    if file is None:
        return Target(address + part, title)
    said = media.said(file.media_type, file.size)
    if not (file.width and file.height):
        return Target(address, title, said)
    # The content's hash in the address lets browsers keep a picture for good.
    whole = f"{address}?v={file.sha256[:HASH]}"
    narrower = tuple((f"{whole}&width={width}", width) for width in pictures.narrower(file.width))
    return Target(address, title, said, file.width, file.height, (*narrower, (whole, file.width)))


def references(body: str) -> tuple[Reference, ...]:
    """All links of a text, then all its pictures; code and comments hold none."""
    found = outline(body)
    links = (Reference(link.address, link.text, link.line, picture=False) for link in found.links if link.address)
    shown = (Reference(picture.address, picture.alt, picture.line, picture=True) for picture in found.pictures)
    return *links, *shown


def pointing_at(ids: Iterable[int], now: dt.datetime) -> tuple[Pointer, ...]:
    """References to these materials in the texts of all others that are not in the trash, by address; one query.

    Looked at are the newest text, the published one, and the one that visitors read until a set time.
    """
    wanted = frozenset(ids)
    return tuple(
        Pointer(text.node, text.title, text.path, node, text.live, reference)
        for text in _texts(now)
        if text.node not in wanted
        for reference in text.references()
        if (node := reference.node) in wanted
    )


def broken(tree: Tree, now: dt.datetime, serves: Callable[[str], bool]) -> tuple[Broken, ...]:
    """References that lead nowhere in what visitors read at this moment; one query.

    `serves` tells whether this site answers at a path (`/rubrics/3/`) without the content tree. Other sites are not asked.
    """
    shown = {(item.id, words.number): item for item in tree.items if (words := tree.showing(item, now))}
    found = []
    for text in _texts(now):
        item = shown.get((text.node, text.number))
        if item is None:
            continue
        for reference in text.references():
            if why := _why_broken(reference, item, tree, now, serves):
                found.append(Broken(item, text.title, reference, why))
    return tuple(found)


def orphans(tree: Tree, now: dt.datetime) -> tuple[Item, ...]:
    """Files that no text refers to, by identity or by address; one query."""
    pointed = {node for text in _texts(now) for reference in text.references() if (node := _means(reference, text, tree))}
    return tuple(item for item in tree.items if item.kind is NodeKind.FILE and item.id not in pointed)


@dataclass(frozen=True, slots=True)
class _Text:
    """A revision that matters: the newest one, the published one or the one shown until a set time."""

    node: int
    path: str
    number: int
    title: str
    body: str
    target: str
    live: bool

    def references(self) -> tuple[Reference, ...]:
        own = (Reference(self.target, self.title, None, picture=False),) if self.target else ()
        return *own, *references(self.body)


def _texts(now: dt.datetime) -> Iterator[_Text]:
    """Those of all nodes outside the trash, in the order of their addresses."""
    until = (Revision.number == Node.previous) & (Node.live_from > now)
    mattering = (Revision.number == Node.head) | (Revision.number == Node.live) | until
    query: Any = (
        Node.select(
            *(Node.id, Node.path, Revision.number, Revision.title, Revision.body, Revision.target),
            *(Node.head, Node.live),
        )
        .join(Revision, on=(Revision.node == Node.id))
        .where(Node.trashed_with.is_null(), mattering)
        .order_by(Node.path, Revision.number)
    )
    for id, path, number, title, body, target, head, live in query.tuples():
        yield _Text(id, path, number, title, body, target, live=number == live or number != head)


def _why_broken(reference: Reference, item: Item, tree: Tree, now: dt.datetime, serves: Callable[[str], bool]) -> str:
    if reference.address.startswith(IDENTITY):
        return _why_unshown(reference, tree, now)
    path = local_path(reference.address, item)
    if path is None:
        return ""
    found = tree.at(path.strip("/"))
    if found is not None and tree.showing(found, now):
        return ""
    if serves(path):
        return ""
    return "материал ещё не показан посетителям" if found else "такой страницы на сайте нет"


def _why_unshown(reference: Reference, tree: Tree, now: dt.datetime) -> str:
    found = tree.resolve(reference.address)
    if found is None:
        return "материал удалён"
    words = tree.showing(found[0], now)
    if words is None:
        return "материал ещё не показан посетителям"
    if reference.picture and not (words.file and words.file.width):
        return "это не картинка"
    return ""


def local_path(address: str, item: Item) -> str | None:
    """The path on this site that an address in a material means; None for other sites, for mail and for parts of the page."""
    try:
        parts = urlsplit(urljoin(item.address, address))
    except ValueError:  # what browsers cannot read either
        return None
    if parts.scheme or parts.netloc or address.startswith("#"):
        return None
    return unquote(parts.path)


def _means(reference: Reference, text: _Text, tree: Tree) -> int | None:
    if reference.node is not None:
        return reference.node
    item = tree.by_id.get(text.node)
    path = local_path(reference.address, item) if item else None
    found = tree.at(path.strip("/")) if path else None
    return found.id if found else None
