"""The validator of the texts: what cannot be read, references that lead nowhere, dates that overlap; by file and line."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from itertools import pairwise
from pathlib import Path

from ...rubrics.check import check_folder
from .editions import ACTS, EDITIONS, PACKAGED, edition, own_folders, read_own
from .reading import BrokenText
from .references import leads_nowhere, references
from .scoring_forms import FOLDER
from .shape import Edition


@dataclass(frozen=True)
class Finding:
    """What is wrong with an edition, in a sentence that begins with the file and the line, if it is about one."""

    edition: str
    text: str

    def __str__(self) -> str:
        return f"{self.edition}: {self.text}"


def check(own: Path) -> tuple[list[Edition], list[Finding]]:
    """The editions that can be read and everything wrong with any: those of the package, those of the office in this folder."""
    read: list[Edition] = []
    findings: list[Finding] = []
    sources: list[tuple[str, Traversable]] = [(slug, PACKAGED / slug) for slug in EDITIONS]
    sources += [(folder.name, folder) for folder in own_folders(own)]
    for slug, folder in sources:
        try:
            found = read_own(folder) if isinstance(folder, Path) and folder.parent == own else edition(slug)
        except (BrokenText, OSError) as wrong:
            findings.append(Finding(slug, str(wrong)))
            continue
        read.append(found)
        findings += dangling(found, folder)
        if (scored := folder / FOLDER).is_dir():
            findings += (Finding(slug, f"{FOLDER}/{one}") for one in check_folder(scored, slug))
    return read, findings + list(_overlaps(read))


def dangling(edition: Edition, folder: Traversable) -> Iterator[Finding]:
    """The references of the edition's files that lead nowhere."""
    for file in sorted((item for item in folder.iterdir() if item.name.endswith(".md")), key=lambda item: item.name):
        text = file.read_text(encoding="utf-8")
        for reference in references(text, edition):
            if why := leads_nowhere(reference, edition):
                line = text.count("\n", 0, reference.start) + 1
                yield Finding(edition.slug, f"{file.name}:{line}: {why}")


def _overlaps(editions: list[Edition]) -> Iterator[Finding]:
    """Editions of one document that are in force at the same time as written."""
    for document in ACTS:
        own = sorted((one for one in editions if one.document == document), key=lambda one: one.in_force_from)
        for one, other in pairwise(own):
            if other.in_force_from == one.in_force_from:
                yield Finding(other.slug, f"edition.toml: in_force_from: с этого дня уже действует редакция {one.slug}")
            elif one.in_force_until and one.in_force_until >= other.in_force_from:
                yield Finding(one.slug, f"edition.toml: in_force_until: в этот день уже действует редакция {other.slug}")
