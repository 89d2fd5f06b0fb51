"""What a material says, as somebody typed it, made fit to be kept: which fields its kind has, where a link may lead."""

import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from ....models import Blob, Node, Revision
from ....procedure.refusal import Refusal
from ....procedure.words import NodeKind
from ....site import fields
from ....site.content import IDENTITY, listing
from ....site.content.tree import identity
from .names import FIXED

# What a kind says beside title and summary.
FIELDS: dict[NodeKind, frozenset[str]] = {
    NodeKind.FOLDER: frozenset({"body"}),
    NodeKind.PAGE: frozenset({"body"}),
    NodeKind.NEWS: frozenset({"body"}),
    NodeKind.FILE: frozenset({"blob", "file_name"}),
    NodeKind.LINK: frozenset({"target"}),
    NodeKind.LISTING: frozenset({"body", "query"}),
}
_ADDRESSED = re.compile(r"mailto:[^\s@/]+@[^\s@/]+\.[^\s@/]+|tel:\+?[0-9()-]{3,20}")
# Signs of which each browser makes something of its own.
_READ_DIFFERENTLY = re.compile(r"[\s\\\"<>]")
NOWHERE = (
    "Ссылка ведёт на адрес вида https://…, mailto:…, tel:…, на адрес этого сайта, который начинается с «/», "
    "или на материал сайта: выберите его из списка."
)


@dataclass(frozen=True)
class Texts:
    """What a revision says; fields that the kind does not have stay empty."""

    title: str
    summary: str = ""
    body: str = ""
    target: str = ""
    query: str = ""
    blob: Blob | None = None
    file_name: str = ""

    @classmethod
    def of(cls, revision: Revision) -> "Texts":
        """What this revision says."""
        return cls(**{name: getattr(revision, name) for name in cls.__dataclass_fields__})

    def columns(self) -> dict[str, Any]:
        """The fields of a revision."""
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


def checked(kind: NodeKind, texts: Texts) -> Texts:
    """The texts as they are kept. Refusal for what is missing, too long, not of this kind, or leads nowhere."""
    for name in ("body", "target", "query", "blob", "file_name"):
        if name not in FIELDS[kind] and getattr(texts, name):
            label = getattr(Revision, name).verbose_name
            raise Refusal(f"У материала вида «{kind.label}» нет поля «{label}»: очистите его.")
    if kind is NodeKind.FILE and not (texts.blob and texts.file_name.strip()):
        raise Refusal("Приложите файл.")
    listing.parse(texts.query)
    return replace(
        texts,
        title=fields.line(Revision.title, texts.title),
        summary=fields.line(Revision.summary, texts.summary, required=False),
        body=fields.paragraph(Revision.body, texts.body),
        target=_target(fields.line(Revision.target, texts.target, required=False)),
        query=fields.paragraph(Revision.query, texts.query),
        file_name=fields.line(Revision.file_name, texts.file_name, required=False),
    )


def _target(target: str) -> str:
    """Where a link leads. Refusal for an address that a reader cannot follow, or that leads to one more link."""
    if not target or _ADDRESSED.fullmatch(target):
        return target
    if _READ_DIFFERENTLY.search(target):
        raise Refusal(NOWHERE)
    if target.startswith(IDENTITY):
        named = identity(target)
        led_to = Node.get_or_none(Node.id == named[0], Node.trashed_with.is_null()) if named else None
        if led_to is None:
            raise Refusal("Материала, на который ведёт ссылка, на сайте нет: выберите другой.")
    elif not _readable(target):
        raise Refusal(NOWHERE)
    else:
        path = re.split(r"[?#]", target)[0].strip("/")
        led_to = Node.get_or_none(Node.path == path, Node.trashed_with.is_null()) if target.startswith("/") else None
    # From link to link a reader could be sent round for ever.
    if led_to is not None and led_to.kind == NodeKind.LINK and led_to.path not in FIXED:
        raise Refusal("Ссылка ведёт на другую ссылку: укажите то, на что ведёт та.")
    return target


def _readable(target: str) -> bool:
    """Whether this is a local address or a whole one of the web."""
    if target.startswith("/"):
        return not target.startswith("//")
    try:
        parts = urlsplit(target)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return False
