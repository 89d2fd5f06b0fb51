"""The whole content tree out to documents and in again: for keeping a site in git, moving it, and its first texts.

Histories, shares and the trash stay behind: what travels is what the site says and how it stands.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

from ....models import Blob, FormerAddress, Node, Revision, User, database
from ....procedure.refusal import Refusal
from ....procedure.road import OFFICE, road
from ....procedure.words import NodeKind
from ....site import fields, journal
from ....site.content.portable import (
    DRAFT,
    PREVIOUS,
    Document,
    Text,
    by_identity,
    by_path,
    query_by_identity,
    query_by_path,
)
from . import names, texts
from .holding import take_turn
from .steps import REASON

Keep = Callable[[bytes, Text], Blob]
"""Keeps the bytes of a file that this text describes; Refusal for what the site does not take."""
Read = Callable[[str], bytes]
"""The bytes of a kept file by their SHA-256."""

NOTE = "Загружено из папки"


@dataclass(frozen=True)
class Change:
    """What bringing in did, or would do, with one material."""

    path: str
    what: Literal["added", "changed", "same"]


# --- Out --------------------------------------------------------------------------------------------------------------------


def take_out(*, read: Read, on: dt.datetime) -> Iterator[Document]:
    """All materials outside the trash as they stand at this moment, each section before its content."""
    nodes = list(Node.kept())
    paths = {node.id: node.path for node in nodes}
    for node in nodes:
        document = _document(node, paths.get, on)
        texts = {"": document.text, DRAFT: document.draft, PREVIOUS: document.previous}
        yield replace(document, data={suffix: read(text.sha256) for suffix, text in texts.items() if text and text.sha256})


def _document(node: Node, path_of: Callable[[int], str | None], on: dt.datetime) -> Document:
    """The node as a document without the bytes of its files."""
    public = node.status in road("content", OFFICE).public
    numbers = {"": node.live if public and node.live else node.head}
    if public and node.head != node.live:
        numbers[DRAFT] = node.head
    if public and node.previous and node.live_from and node.live_from > on:
        numbers[PREVIOUS] = node.previous
    texts = {suffix: _text(node.revision(number), path_of) for suffix, number in numbers.items()}
    return Document(
        path=node.path,
        kind=NodeKind(node.kind),
        text=texts[""],
        status=node.status,
        position=node.position,
        in_navigation=node.in_navigation,
        legal=node.legal,
        restricted=node.restricted,
        live_from=node.live_from,
        expires_at=node.expires_at,
        first_public_at=node.first_public_at,
        reviewed_on=node.reviewed_on,
        reason=node.reason,
        draft=texts.get(DRAFT),
        previous=texts.get(PREVIOUS),
    )


def _text(revision: Revision, path_of: Callable[[int], str | None]) -> Text:
    return Text(
        title=revision.title,
        summary=revision.summary,
        target=by_path(revision.target, path_of),
        query=query_by_path(revision.query, path_of),
        file_name=revision.file_name,
        sha256=revision.blob.sha256 if revision.blob else "",
        body=by_path(revision.body, path_of).strip(),
    )


# --- In ---------------------------------------------------------------------------------------------------------------------


def bring_in(
    documents: Iterable[Document],
    *,
    keep: Keep,
    by: User | None,
    on: dt.datetime,
    only_new: bool = False,
    trial: bool = False,
) -> list[Change]:
    """Add what the site does not have and write new revisions of what differs; nothing is removed. All or nothing.

    `only_new` leaves alone every address that the site has or had. `trial` tells what would be done and does nothing.
    Refusal names the material that cannot be taken.
    """
    with database.atomic() as transaction:
        take_turn()
        changes = _bring_in(list(documents), _Hands(keep, by, on), only_new)
        if trial:
            transaction.rollback()
    return changes


@dataclass(frozen=True)
class _Hands:
    """Who brings in, when, and how bytes are kept."""

    keep: Keep
    by: User | None
    on: dt.datetime


def _bring_in(documents: list[Document], hands: _Hands, only_new: bool) -> list[Change]:
    nodes = {node.path: node for node in Node.kept()}
    if only_new:
        had = {row.path for row in Node.select(Node.path)} | {row.path for row in FormerAddress.select(FormerAddress.path)}
        documents = [document for document in documents if document.path not in had]
    # First every place, then the texts: they may refer to each other.
    added = {document.path for document in documents if document.path not in nodes}
    for document in documents:
        if document.path in added:
            nodes[document.path] = _place(document, nodes, hands)
        elif nodes[document.path].kind != document.kind:
            kind = NodeKind(nodes[document.path].kind).label
            raise Refusal(f"«{document.path}»: на сайте здесь {kind}, в папке {document.kind.label}. Уберите одно из двух.")
    ids = {path: node.id for path, node in nodes.items()}
    return [_write(document, nodes[document.path], ids, hands, new=document.path in added) for document in documents]


def _place(document: Document, nodes: dict[str, Node], hands: _Hands) -> Node:
    """An empty place for a new material; its text follows."""
    parent = nodes.get(document.parent)
    if parent is None or parent.kind != NodeKind.FOLDER:
        raise Refusal(f"«{document.path}»: на сайте и в папке нет раздела «{document.parent}».")
    name = document.path.rpartition("/")[2]
    try:
        named = names.checked(document.kind, name, document.text.file_name)
        path = names.settle(parent, document.kind, named, {document.text.target} - {""})
    except Refusal as refusal:
        raise Refusal(f"«{document.path}»: {refusal.sentence}") from None
    FormerAddress.delete().where(FormerAddress.path == path).execute()
    return Node.create(parent=parent, kind=document.kind, name=name, path=path, created_at=hands.on, created_by=hands.by)


def _write(document: Document, node: Node, ids: dict[str, int], hands: _Hands, *, new: bool) -> Change:
    """The settings and the texts that differ from what the site has."""
    try:
        document = _dated(replace(document, reason=fields.line(REASON, document.reason, required=False)), node, hands.on)
        document, blobs = _with_files(document, hands)
        paths = {id: path for path, id in ids.items()}
        if not new and _document(node, paths.get, hands.on) == document:
            return Change(document.path, "same")
        _refuse_hidden_root(document, hands.on)
        told = {PREVIOUS: document.previous, "": document.text, DRAFT: document.draft}
        numbers = {suffix: _revise(node, text, blobs.get(suffix), ids, hands) for suffix, text in told.items() if text}
        _refuse_incomplete(node, document.status, numbers)
    except Refusal as refusal:
        raise Refusal(f"«{document.path or '/'}»: {refusal.sentence}") from None
    settings: dict[str, Any] = {name: getattr(document, name) for name in _SETTINGS}
    settings |= {"head": numbers.get(DRAFT, numbers[""]), "live": numbers[""] if document.live_from else None}
    settings |= {"previous": numbers.get(PREVIOUS), "version": Node.version + 1}
    Node.update(settings).where(Node.id == node.id).execute()
    journal.write(by=hands.by, on=hands.on, verb="bring_in", subject="node", subject_id=node.id, details=str(node))
    return Change(document.path, "added" if new else "changed")


def _dated(document: Document, node: Node, on: dt.datetime) -> Document:
    """A public material whose file names no moment is public from the moment the site knows, or from now on."""
    if document.status not in road("content", OFFICE).public:
        return document
    start = document.live_from or node.live_from or on
    return replace(document, live_from=start, first_public_at=document.first_public_at or node.first_public_at or start)


_SETTINGS = (
    *("status", "position", "in_navigation", "legal", "restricted"),
    *("live_from", "expires_at", "first_public_at", "reviewed_on", "reason"),
)


def _with_files(document: Document, hands: _Hands) -> tuple[Document, dict[str, Blob]]:
    """The document with its files kept and known by their hashes alone."""
    if document.kind is not NodeKind.FILE:
        return replace(document, data={}), {}
    told = {"text": document.text, DRAFT: document.draft, PREVIOUS: document.previous}
    texts: dict[str, Any] = {}
    blobs: dict[str, Blob] = {}
    for name, text in told.items():
        suffix = "" if name == "text" else name
        if text is None:
            continue
        if suffix not in document.data:
            raise Refusal("рядом с описанием нет самого файла.")
        blobs[suffix] = hands.keep(document.data[suffix], text)
        texts[name] = replace(text, sha256=blobs[suffix].sha256)
    return replace(document, data={}, **texts), blobs


def _refuse_hidden_root(document: Document, on: dt.datetime) -> None:
    """Without the home page no other can be opened."""
    shown = document.status in road("content", OFFICE).public and document.expires_at is None
    begun = document.previous is not None or document.live_from is None or document.live_from <= on
    if not document.path and not (shown and begun):
        raise Refusal('главная страница не скрывается: поставьте ей status = "published" и уберите сроки показа.')


def _refuse_incomplete(node: Node, status: str, numbers: dict[str, int]) -> None:
    """What visitors see has to say what its kind says, as when it is published at the desk."""
    seen = [number for suffix, number in numbers.items() if suffix != DRAFT]
    if status in road("content", OFFICE).public and not all(
        node.revision(number).complete(NodeKind(node.kind)) for number in seen
    ):
        raise Refusal("опубликованный материал не заполнен: нужен текст, файл или адрес ссылки (target).")


def _revise(node: Node, text: Text, blob: Blob | None, ids: dict[str, int], hands: _Hands) -> int:
    """The number of the revision that says this: one that the node has, or a new one."""
    said = {name: by_identity(getattr(text, name), ids.get) for name in ("body", "target")}
    said |= {"query": query_by_identity(text.query, ids.get)}
    said |= {"title": text.title, "summary": text.summary, "file_name": text.file_name}
    kept = texts.checked(NodeKind(node.kind), texts.Texts(**said, blob=blob))
    last = 0
    for revision in node.revisions.order_by(Revision.number.desc()):
        if texts.Texts.of(revision) == kept:
            return int(revision.number)
        last = max(last, revision.number)
    Revision.create(node=node, number=last + 1, author=hands.by, created_at=hands.on, note=NOTE, **kept.columns())
    return last + 1
