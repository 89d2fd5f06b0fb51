"""The content tree as a folder of Markdown files with front matter, so that a site can be kept in git and moved. Pure.

A section is `…/index.md`, anything else `….md`; an uploaded file stands beside its own description: `map.png` and `map.png.md`.
Of a published material with a working copy the copy is `….draft.md`; the text shown until a future start is `….previous.md`.
Front matter is TOML between two lines `+++`. Links by identity are written by path: `node:/about/contacts#part`.
"""

import datetime as dt
import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from ...procedure.road import OFFICE, road
from ...procedure.words import NodeKind
from ..uploads import LARGEST
from .tree import IDENTITY

FENCE = "+++"
INDEX = "index"
DRAFT, PREVIOUS = "draft", "previous"
LARGEST_TEXT = 1_000_000
"""Bytes of one Markdown file; a page holds at most 200,000 characters."""
# What both databases and all clocks of the site can hold.
PLACES = range(-(2**31), 2**31)
YEARS = range(1900, 9999)

_BY_IDENTITY = re.compile(rf"{IDENTITY}(\d+)")
_BY_PATH = re.compile(rf"{IDENTITY}/([a-z0-9./-]*)")
_SEGMENT = re.compile(r"[a-z0-9]+(?:[.-][a-z0-9]+)*")


class BrokenFile(ValueError):
    """A file that cannot be read; the message names it and says in Russian what is wrong."""


@dataclass(frozen=True)
class Text:
    """One text of a material: what a revision holds. `sha256` is that of the file beside it, as the site keeps it."""

    title: str
    summary: str = ""
    target: str = ""
    query: str = ""
    file_name: str = ""
    sha256: str = ""
    body: str = ""


@dataclass(frozen=True)
class Document:
    """A material with its settings and its one to three texts. `data` are the bytes of an uploaded file."""

    path: str
    kind: NodeKind
    text: Text
    status: str = "draft"
    position: int = 0
    in_navigation: bool = True
    legal: bool = False
    restricted: bool = False
    live_from: dt.datetime | None = None
    expires_at: dt.datetime | None = None
    first_public_at: dt.datetime | None = None
    reviewed_on: dt.date | None = None
    reason: str = ""
    draft: Text | None = None
    previous: Text | None = None
    data: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def parent(self) -> str:
        """The path of the section it stands in."""
        return self.path.rpartition("/")[0]


class Beside(Mapping[str, bytes]):
    """The files beside a description by their suffix, each read when it is asked for: a site need not fit into memory."""

    def __init__(self, places: Mapping[str, Path]) -> None:
        self._places = places

    def __getitem__(self, suffix: str) -> bytes:
        return self._places[suffix].read_bytes()

    def __contains__(self, suffix: object) -> bool:
        return suffix in self._places

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


_SETTINGS = (
    *("kind", "status", "position", "in_navigation", "legal", "restricted"),
    *("live_from", "expires_at", "first_public_at", "reviewed_on", "reason"),
)
_WORDS = tuple(one.name for one in fields(Text) if one.name != "body")
_DEFAULTS = {one.name: one.default for one in (*fields(Document), *fields(Text))} | {"kind": NodeKind.PAGE}


# --- Out --------------------------------------------------------------------------------------------------------------------


def files(document: Document) -> Iterator[tuple[str, bytes]]:
    """The files of a material: names relative to the folder, contents."""
    stem = f"{document.path}/{INDEX}".lstrip("/") if document.kind is NodeKind.FOLDER else document.path
    settings = {name: getattr(document, name) for name in _SETTINGS}
    yield f"{stem}.md", _written(settings, document.text)
    for suffix, text in ((DRAFT, document.draft), (PREVIOUS, document.previous)):
        if text:
            yield f"{stem}.{suffix}.md", _written({}, text)
    for suffix, data in document.data.items():
        yield (f"{stem}.{suffix}" if suffix else stem), data


def _written(settings: Mapping[str, object], text: Text) -> bytes:
    told = {**{name: getattr(text, name) for name in _WORDS}, **settings}
    head = [f"{name} = {_toml(value)}" for name, value in told.items() if value != _DEFAULTS.get(name, "") or name == "title"]
    body = f"\n{text.body.rstrip()}\n" if text.body.strip() else ""
    return "\n".join((FENCE, *head, FENCE, "")).encode() + body.encode()


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    if isinstance(value, int | dt.date):
        return str(value)
    # A JSON string is a TOML basic string, but for the character DEL, which no text here holds.
    return json.dumps(str(value), ensure_ascii=False)


# --- In ---------------------------------------------------------------------------------------------------------------------


def documents(folder: Path) -> list[Document]:
    """The materials of a folder, each section before its content. Raises BrokenFile."""
    named = [file.relative_to(folder).as_posix() for file in sorted(folder.rglob("*.md")) if file.is_file()]
    for name in named:
        if _companion(name) and f"{name.rsplit('.', 2)[0]}.md" not in named:
            raise BrokenFile(f"{name}: рядом нет файла самого материала.")
    found = [_document(folder, name) for name in named if not _companion(name)]
    return sorted(found, key=lambda document: document.path.split("/") if document.path else [])


def _companion(name: str) -> bool:
    return name.endswith((f".{DRAFT}.md", f".{PREVIOUS}.md"))


def _place(folder: Path, name: str) -> Path:
    """Where a file of the folder stands. BrokenFile for a link out of it: a folder of others must not bring in what is ours."""
    place = folder / name
    if not place.resolve().is_relative_to(folder.resolve()):
        raise BrokenFile(f"{name}: это ссылка на файл вне папки.")
    return place


def _document(folder: Path, name: str) -> Document:
    stem = name.removesuffix(".md")
    told, text = _read(name, _place(folder, name))
    kind = _kind(name, told.get("kind", NodeKind.PAGE))
    if (kind is NodeKind.FOLDER) != (stem.rpartition("/")[2] == INDEX):
        raise BrokenFile(f'{name}: раздел (kind = "folder") и только он описывается файлом {INDEX}.md.')
    path = stem.removesuffix(INDEX).rstrip("/") if kind is NodeKind.FOLDER else stem
    if not all(_SEGMENT.fullmatch(part) for part in filter(None, path.split("/"))):
        raise BrokenFile(f"{name}: имена файлов и папок состоят из латинских букв, цифр и дефисов.")
    others = {suffix: _place(folder, f"{stem}.{suffix}.md") for suffix in (DRAFT, PREVIOUS)}
    texts: dict[str, Any] = {suffix: _read(other.name, other)[1] for suffix, other in others.items() if other.is_file()}
    settings: dict[str, Any] = {key: told[key] for key in _SETTINGS if key in told and key != "kind"}
    document = Document(path=path, kind=kind, text=text, **settings, **texts, data=_uploads(folder, stem, kind))
    if document.status not in road("content", OFFICE).statuses:
        raise BrokenFile(f"{name}: неизвестное состояние «{document.status}».")
    if document.status == "withdrawn" and not document.reason.strip():
        raise BrokenFile(f"{name}: у снятого с публикации нужна причина (reason).")
    return document


def _uploads(folder: Path, stem: str, kind: NodeKind) -> Mapping[str, bytes]:
    """The bytes of a file material and of its other texts, by the suffix of the text they belong to."""
    if kind is not NodeKind.FILE:
        return {}
    names = {suffix: f"{stem}.{suffix}" if suffix else stem for suffix in ("", DRAFT, PREVIOUS)}
    places = {suffix: place for suffix, name in names.items() if (place := _place(folder, name)).is_file()}
    for suffix, place in places.items():
        if place.stat().st_size > LARGEST:
            raise BrokenFile(f"{names[suffix]}: файл больше {LARGEST // 1024 // 1024} МБ.")
    return Beside(places)


def _read(name: str, file: Path) -> tuple[dict[str, object], Text]:
    if file.stat().st_size > LARGEST_TEXT:
        raise BrokenFile(f"{name}: файл больше {LARGEST_TEXT // 1_000_000} МБ.")
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        raise BrokenFile(f"{name}: файл не в кодировке UTF-8.") from None
    if not lines or lines[0].strip() != FENCE or FENCE not in lines[1:]:
        raise BrokenFile(f"{name}: файл начинается не с описания между строками «{FENCE}».")
    end = lines.index(FENCE, 1)
    try:
        told = tomllib.loads("\n".join(lines[1:end]))
    except (tomllib.TOMLDecodeError, RecursionError) as wrong:
        raise BrokenFile(f"{name}: описание не читается ({wrong}).") from None
    for key, value in told.items():
        _check(name, key, value)
    if not str(told.get("title", "")).strip():
        raise BrokenFile(f"{name}: в описании нет заголовка (title).")
    words = {key: str(told[key]) for key in _WORDS if key in told}
    return told, Text(**words, body="\n".join(lines[end + 1 :]).strip())


def _check(name: str, key: str, value: object) -> None:
    """Refuse a key nobody knows and a value of another type."""
    if key not in (*_SETTINGS, *_WORDS):
        raise BrokenFile(f"{name}: неизвестный ключ «{key}».")
    types: dict[str, type] = {"position": int, "in_navigation": bool, "legal": bool, "restricted": bool, "reviewed_on": dt.date}
    types |= dict.fromkeys(("live_from", "expires_at", "first_public_at"), dt.datetime)
    wanted = types.get(key, str)
    if type(value) is not wanted or (isinstance(value, dt.datetime) and value.tzinfo is None):
        raise BrokenFile(f"{name}: значение ключа «{key}» не того вида.")
    if (isinstance(value, int) and value not in PLACES) or (isinstance(value, dt.date) and value.year not in YEARS):
        raise BrokenFile(f"{name}: значение ключа «{key}» слишком велико или мало.")


def _kind(name: str, word: object) -> NodeKind:
    try:
        return NodeKind(str(word))
    except ValueError:
        raise BrokenFile(f"{name}: неизвестный вид материала «{word}».") from None


# --- Links ------------------------------------------------------------------------------------------------------------------


def by_path(text: str, path_of: Callable[[int], str | None]) -> str:
    """The text with `node:17` written as `node:/about/contacts`; what leads nowhere stays as it is."""

    def written(found: re.Match[str]) -> str:
        path = path_of(int(found[1]))
        return found[0] if path is None else f"{IDENTITY}/{path}"

    return _BY_IDENTITY.sub(written, text)


def by_identity(text: str, id_of: Callable[[str], int | None]) -> str:
    """The text with `node:/about/contacts` written as `node:17`; what leads nowhere stays as it is."""

    def meant(found: re.Match[str]) -> str:
        id = id_of(found[1].strip("/"))
        return found[0] if id is None else f"{IDENTITY}{id}"

    return _BY_PATH.sub(meant, text)


def query_by_path(query: str, path_of: Callable[[int], str | None]) -> str:
    """The saved query of a listing with its section named by path; the whole site when the section is gone."""
    return _with_section(query, lambda under: None if (path := path_of(under)) is None else f"{IDENTITY}/{path}", int)


def query_by_identity(query: str, id_of: Callable[[str], int | None]) -> str:
    """The saved query of a listing with its section named by identity; the whole site when there is no such section."""
    return _with_section(query, lambda under: id_of(under.removeprefix(IDENTITY).strip("/")), str)


def _with_section(query: str, named: Callable[[Any], int | str | None], kind: type) -> str:
    try:
        kept = json.loads(query) if query else None
    except (ValueError, RecursionError):
        return query
    if not isinstance(kept, dict) or not isinstance(kept.get("under"), kind):
        return query
    return json.dumps(kept | {"under": named(kept["under"])}, ensure_ascii=False)
