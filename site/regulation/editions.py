"""Which editions there are and which is in force: those of the package, and those an office has put into a folder."""

import datetime as dt
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from itertools import groupby, pairwise
from pathlib import Path
from threading import Lock

from .reading import BrokenText, read_edition
from .shape import Edition, UnknownClause

SPB = "spb-2021-04-13"
LENOBL = "lenobl-2022-03-01"
PACKAGED = files("attestation") / "content" / "regulation"
EDITIONS = tuple(sorted(item.name for item in PACKAGED.iterdir() if item.is_dir()))
"""The editions of the package."""

ACTS = ("spb", "lenobl")
"""The documents that have editions, in the order in which they are offered; the first word of an edition's name."""

log = logging.getLogger(__name__)


@cache
def edition(slug: str = SPB) -> Edition:
    """The packaged edition of this name. Raises UnknownClause for an unknown one, BrokenText for a file that cannot be read."""
    if slug not in EDITIONS:
        raise UnknownClause("Такой редакции на сайте нет: выберите из списка.")
    return read_edition(PACKAGED / slug, slug)


@dataclass(frozen=True, eq=False)
class Shelf:
    """All editions that can be read, by document and then by date; `broken` says what is wrong with the others."""

    editions: tuple[Edition, ...]
    broken: tuple[str, ...] = ()

    def of(self, document: str) -> tuple[Edition, ...]:
        """The editions of a document, the oldest first."""
        return tuple(edition for edition in self.editions if edition.document == document)

    def edition(self, slug: str) -> Edition:
        """The edition of this name. Raises UnknownClause."""
        for edition in self.editions:
            if edition.slug == slug:
                return edition
        raise UnknownClause("Такой редакции на сайте нет: выберите из списка редакций.")

    def in_force(self, document: str, day: dt.date) -> Edition | None:
        """The edition of the document in force that day; None before the first, after the last, and in a gap."""
        return next((edition for edition in self.of(document) if edition.in_force_on(day)), None)

    def current(self, document: str, today: dt.date) -> Edition:
        """The edition a reader should see: the one in force, else the last that was, else the first that will be."""
        editions = self.of(document)
        begun = [edition for edition in editions if edition.in_force_from <= today]
        return self.in_force(document, today) or (begun[-1] if begun else editions[0])


def arranged(editions: Iterable[Edition]) -> tuple[Edition, ...]:
    """Editions by document and date; one without a last day ends the day before the next of its document begins."""
    ordered = sorted(editions, key=lambda edition: (ACTS.index(edition.document), edition.in_force_from, edition.slug))
    return tuple(ended for _, group in groupby(ordered, lambda edition: edition.document) for ended in _ended([*group]))


def _ended(editions: list[Edition]) -> Iterator[Edition]:
    for edition, following in pairwise(editions):
        last = following.in_force_from - dt.timedelta(days=1)
        known = edition.in_force_until
        yield edition if known and known <= last else replace(edition, in_force_until=max(last, edition.in_force_from))
    yield editions[-1]


def own_folders(folder: Path) -> tuple[Path, ...]:
    """The folders of editions that an office has added here."""
    try:
        return tuple(sorted(item for item in folder.iterdir() if item.is_dir() and not item.name.startswith(".")))
    except FileNotFoundError:
        return ()


def read_own(folder: Path) -> Edition:
    """An edition that an office has added. Raises BrokenText, also for a name that is taken or says no known document."""
    if folder.name in EDITIONS:
        raise BrokenText("редакция с таким именем уже входит в состав программы: назовите папку иначе")
    if folder.name.partition("-")[0] not in ACTS or not set(folder.name) <= set("abcdefghijklmnopqrstuvwxyz0123456789-"):
        raise BrokenText(f"имя папки начинается с документа ({', '.join(ACTS)}) и даты, например spb-2027-09-01")
    return read_edition(folder, folder.name)


def shelf(folder: Path) -> Shelf:
    """All editions, with those of the office in this folder; read again when a file there has changed.

    An edition that cannot be read is left out, told in `broken` and in the log.
    """
    traces = _traces(folder)
    with _lock:
        kept = _kept.get(folder)
        if kept is None or kept[0] != traces:
            kept = _kept[folder] = traces, _read(folder)
    return kept[1]


_kept: dict[Path, tuple[object, Shelf]] = {}
_lock = Lock()


def _traces(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """What tells that a file has changed: name, moment and size of each."""
    paths = [path for own in own_folders(folder) for path in sorted(own.rglob("*"))]
    return tuple((str(path), found.st_mtime_ns, found.st_size) for path in paths if (found := path.stat()))


def _read(folder: Path) -> Shelf:
    read, broken = [edition(slug) for slug in EDITIONS], []
    for own in own_folders(folder):
        try:
            read.append(read_own(own))
        except (BrokenText, OSError) as wrong:
            broken.append(f"{own.name}: {wrong}")
            log.error("An edition is left out: %s: %s", own.name, wrong)
    return Shelf(arranged(read), tuple(broken))
