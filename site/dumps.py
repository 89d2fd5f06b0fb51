"""Bulk dumps: everything that is published of orders, as CSV and JSON Lines, in versions that never change.

A version is a folder of `DATA_DIR/dumps`: the files, their checksums, and `manifest.json`, which says what is in them. It is
made under another name and renamed when it is whole: visitors see it whole or not at all. The last versions are kept.
"""

import csv
import datetime as dt
import gzip
import hashlib
import io
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from peewee import fn

from ..models import Order
from . import amendments, files, open_data, queries
from .open_data import Column
from .settings import Settings
from .sheets import harmless

JOB = "dumps"
# Told how many orders are done, and of how many.
Progress = Callable[[int, int], None]
# How many versions are kept, the newest among them.
KEPT = 5
ORDERS_AT_ONCE = 200
TABLES: dict[str, tuple[Column, ...]] = {"orders": open_data.ORDER, "rulings": open_data.RULING}
MANIFEST = "manifest.json"
CHECKSUMS = "SHA256SUMS"
LICENCE = (
    "Распоряжения — официальные документы органа власти и не объекты авторских прав (статья 1259 Гражданского кодекса РФ):"
    " данные можно свободно копировать, хранить, перерабатывать и передавать. В них названы люди: кто обрабатывает эти сведения"
    " дальше, сам соблюдает закон о персональных данных (№ 152-ФЗ)."
)
_NAME = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}")


@dataclass(frozen=True)
class File:
    """A file of a version: `table` is its key in TABLES, `size` its bytes."""

    name: str
    table: str
    rows: int
    size: int
    sha256: str


@dataclass(frozen=True)
class Version:
    """One version. `state`: what it was made of; `refusals`: whether it tells of refusals too."""

    name: str
    made_at: dt.datetime
    state: str
    refusals: bool
    files: tuple[File, ...]

    def file(self, name: str) -> File | None:
        """The file of this name."""
        return next((file for file in self.files if file.name == name), None)

    def as_json(self) -> dict[str, Any]:
        """What the manifest says of it: its files, and for each the meaning of every column."""
        return {
            "version": self.name,
            "made_at": f"{self.made_at:%Y-%m-%dT%H:%M:%SZ}",
            "state": self.state,
            "refusals": self.refusals,
            "licence": LICENCE,
            "files": [asdict(file) for file in self.files],
            "columns": {table: [_told(column) for column in columns] for table, columns in TABLES.items()},
        }


# ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def versions(settings: Settings) -> list[Version]:
    """The versions that visitors may have, newest first; one query.

    One with refusals stays back where they are not shown, and one that was made before the last withdrawal of an order.
    """
    withdrawn_at = Order.select(fn.MAX(Order.withdrawn_at)).scalar()
    found = (_read(folder) for folder in _folders(settings.dumps_dir))
    return [
        version
        for version in found
        if version
        and (settings.show_refusals or not version.refusals)
        and (withdrawn_at is None or version.made_at > withdrawn_at)
    ]


def path_of(settings: Settings, version: Version, name: str) -> Path:
    """Where a file of the version stands."""
    return settings.dumps_dir / version.name / name


def level(settings: Settings) -> bool:
    """Whether the newest version tells what is published now; two queries. Where nothing was ever published there is none."""
    state, newest = _state(settings), versions(settings)[:1]
    return newest[0].state == state if newest else state.startswith("0 ")


def _folders(dumps_dir: Path) -> list[Path]:
    """The folders of whole versions, newest first."""
    if not dumps_dir.is_dir():
        return []
    return sorted((folder for folder in dumps_dir.iterdir() if _NAME.fullmatch(folder.name)), reverse=True)


def _read(folder: Path) -> Version | None:
    """The version of a folder; None when it is being removed."""
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    made_at = dt.datetime.fromisoformat(told["made_at"])
    return Version(folder.name, made_at, told["state"], told["refusals"], tuple(File(**file) for file in told["files"]))


def _state(settings: Settings) -> str:
    """What the dumps depend on, in a line: how many orders are published, the last publication, columns, settings."""
    published = Order.select(fn.COUNT(Order.id), fn.MAX(Order.published_at)).where(Order.status == "published")
    count, last = published.scalar(as_tuple=True)
    shape = hashlib.sha256(repr(TABLES).encode()).hexdigest()[:8]
    rule = settings.validity
    given = f"refusals={settings.show_refusals} term={rule.years} before={rule.before} site={settings.site_url}"
    return f"{count} {last} columns={shape} {given}"


# ── making ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def make(settings: Settings, progress: Progress, *, on: dt.datetime) -> Version:
    """Make a version of what is published now, and drop those beyond the last ones; the newest stays when nothing is new.

    OSError when there is no room: everything that was there is still there.
    """
    folder = settings.dumps_dir
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob(".*"):  # of a process that was killed
        shutil.rmtree(left, ignore_errors=True)
    state = _state(settings)
    draft = folder / f".draft.{os.getpid()}"
    draft.mkdir()
    try:
        made = _written(draft, settings, progress)
        newest = next(iter(versions(settings)), None)
        if newest and newest.files == made and newest.refusals == settings.show_refusals:
            version = Version(newest.name, newest.made_at, state, newest.refusals, newest.files)
            _describe(folder / version.name, version)
        else:
            version = Version(_named(on, made), on, state, settings.show_refusals, made)
            _describe(draft, version)
            files.sync_folder(draft)
            draft.rename(folder / version.name)
            files.sync_folder(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    for old in _folders(folder)[KEPT:]:
        shutil.rmtree(old, ignore_errors=True)
    return version


def _named(on: dt.datetime, made: Sequence[File]) -> str:
    digest = hashlib.sha256("".join(file.sha256 for file in made).encode()).hexdigest()
    return f"{on.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}-{digest[:8]}"


def _describe(folder: Path, version: Version) -> None:
    """Write the checksums and the manifest of a version."""
    sums = "".join(f"{file.sha256}  {file.name}\n" for file in version.files)
    files.write_whole(folder / CHECKSUMS, sums.encode())
    files.write_whole(folder / MANIFEST, json.dumps(version.as_json(), ensure_ascii=False, indent=1).encode())


def _written(draft: Path, settings: Settings, progress: Progress) -> tuple[File, ...]:
    """Write the files of all tables in one walk through the orders."""
    with ExitStack() as stack:
        writers = {
            table: [stack.enter_context(kind(draft, table, columns)) for kind in (CsvWriter, LinesWriter)]
            for table, columns in TABLES.items()
        }
        total = Order.published().count()
        for done, order in enumerate(_orders(settings)):
            progress(done, total)
            for writer in writers["orders"]:
                writer.write(open_data.order_record(order, settings.site_url))
            for record in _rulings(order, settings):
                for writer in writers["rulings"]:
                    writer.write(record)
    return tuple(writer.file(table) for table, pair in writers.items() for writer in pair)


def _orders(settings: Settings) -> Iterator[queries.Published]:
    """All published orders, newest publication first; one query for some hundred."""
    after = None
    while found := queries.published(ORDERS_AT_ONCE, refusals=settings.show_refusals, after=after):
        yield from found
        after = found[-1].published_at, found[-1].id


def _rulings(order: queries.Published, settings: Settings) -> Iterator[Mapping[str, Any]]:
    """The rows of an order as its annex has them; two queries."""
    known = Order(id=order.id)
    changed = amendments.changed_rows(known)
    for row in queries.rows(known, refusals=settings.show_refusals):
        yield open_data.ruling_record(
            row,
            order.year,
            order.number,
            order.registered_on,
            changed.get(row.number),
            settings.validity,
            settings.site_url,
        )


class Writer:
    """A compressed file being written, by the columns of its table; equal records give equal bytes."""

    suffix = ""

    def __init__(self, folder: Path, table: str, columns: Sequence[Column]) -> None:
        self.path = folder / f"{table}.{self.suffix}.gz"
        self.columns = columns
        self.rows = 0
        self._raw = self.path.open("xb")
        packed: IO[bytes] = gzip.GzipFile("", "wb", 6, self._raw, mtime=0)  # type: ignore[assignment]
        self.text = io.TextIOWrapper(packed, encoding="utf-8", newline="")
        self.begin()

    def __enter__(self) -> "Writer":
        return self

    def __exit__(self, *_exc: object) -> None:
        try:
            self.text.close()
            self._raw.flush()
            os.fchmod(self._raw.fileno(), files.READ_ONLY)
            os.fsync(self._raw.fileno())
        finally:
            self._raw.close()

    def begin(self) -> None:
        """Write what stands before the first record."""

    def write(self, record: Mapping[str, Any]) -> None:
        """Write one record."""
        raise NotImplementedError

    def file(self, table: str) -> File:
        """The finished file."""
        with self.path.open("rb") as written:
            sha256 = hashlib.file_digest(written, "sha256").hexdigest()
        return File(self.path.name, table, self.rows, self.path.stat().st_size, sha256)


class CsvWriter(Writer):
    """RFC 4180 in UTF-8: commas, a line of names first. Before what a spreadsheet would take for a formula is an apostrophe."""

    suffix = "csv"

    def begin(self) -> None:
        self._csv = csv.writer(self.text)
        self._csv.writerow([column.name for column in self.columns])

    def write(self, record: Mapping[str, Any]) -> None:
        self._csv.writerow([_cell(record[column.name]) for column in self.columns])
        self.rows += 1


class LinesWriter(Writer):
    """JSON Lines: an object in each line, exactly as the programming interface gives it."""

    suffix = "jsonl"

    def write(self, record: Mapping[str, Any]) -> None:
        told = {column.name: record[column.name] for column in self.columns}
        self.text.write(json.dumps(told, ensure_ascii=False, separators=(",", ":")) + "\n")
        self.rows += 1


def _cell(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return harmless(value) if isinstance(value, str) else "" if value is None else str(value)


def _told(column: Column) -> dict[str, Any]:
    """A column in the dictionary of the manifest."""
    told = {"name": column.name, "type": column.kind.value, "meaning": column.meaning, "nullable": column.empty}
    return {**told, "values": dict(column.words)} if column.words else told
