"""Files of a case: which kinds there are, who brings them, to which part of the case they belong, and what is taken.

An act brings a file with `attach` and takes it out with `remove`; whoever reads one asks `readable`. A removed file is out of
the case, its row and its content stay: an expert may already have judged by it.
"""

import datetime as dt
import secrets
from collections.abc import Set
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from peewee import Expression, ModelSelect

from ...models import Application, CaseFile, Conclusion, Paper, Review, User
from ...procedure.refusal import Refusal
from ...procedure.terms import terms
from ...procedure.words import CaseRole, Channel
from .. import evidence, files, journal, uploads
from ..dates import day_of
from ..evidence import Bounds
from . import moves
from .people import APPLICANTS, EXPERTS, OFFICE, roles_in
from .rights import Part, parts_seen
from .transaction import all_or_nothing

PORTFOLIO, PREVIOUS_CATEGORY, AUTHORITY, CONCLUSION = "portfolio", "previous_category", "authority", "conclusion"
RECEIPT, NOTICE, OTHER = "receipt", "notice", "other"
LIMIT = "portfolio_file"
# More than any folder has; keeps a mistaken program from filling the disk.
MOST_FILES = 400
# Those that were taken out again stay on the disk and count too.
MOST_BROUGHT = 1200
OF_THE_OFFICE = Bounds(("pdf", "jpg"), uploads.LARGEST // evidence.MEGABYTE)
_DESKS = frozenset({CaseRole.REGISTRAR, CaseRole.SECRETARY})


@dataclass(frozen=True)
class Kind:
    """A kind of file: what it is called, who brings it, to which part of the case it belongs, what is taken.

    Without roles of its own (`brought_by` is empty) the system alone makes it. `bounds`: those of the portfolio when left out.
    """

    title: str
    part: Part
    brought_by: frozenset[CaseRole]
    bounds: Bounds | None = None


KINDS: dict[str, Kind] = {
    PORTFOLIO: Kind("Документ папки", Part.PORTFOLIO, APPLICANTS | _DESKS),
    PREVIOUS_CATEGORY: Kind("Документ о прежней категории", Part.APPLICATION, APPLICANTS | _DESKS),
    AUTHORITY: Kind("Доверенность представителя", Part.CONTACTS, APPLICANTS | _DESKS),
    # To whose conclusion it belongs is known by the review: see `part_of`.
    CONCLUSION: Kind("Заключение", Part.FIRST_CONCLUSION, EXPERTS, Bounds(("pdf",), OF_THE_OFFICE.megabytes)),
    RECEIPT: Kind("Расписка", Part.LETTERS, frozenset()),
    NOTICE: Kind("Уведомление", Part.LETTERS, frozenset()),
    # Scans of an application on paper show telephone and address.
    OTHER: Kind("Скан бумажного документа", Part.CONTACTS, _DESKS, OF_THE_OFFICE),
}


def bounds_of(edition: str, kind: str) -> Bounds:
    """Which files of this kind are taken in cases of this edition."""
    limit = terms(edition).limit(LIMIT)
    return KINDS[kind].bounds or Bounds(limit.formats, limit.number, limit.clause)


def attach(
    application: Application,
    kind: str,
    folder: Path,
    *,
    data: bytes,
    name: str,
    by: User | None,
    on: dt.datetime,
    paper: Paper | None = None,
) -> CaseFile:
    """Check a file, keep it in `folder` (`settings.cases_dir`) and put it into the case, whose next version this is.

    The same content at the same place again is the file that is there already: a form sent twice harms nobody. `by` None: the
    system itself. Refusal for a file that is not taken, a person who may not bring it, a case that has changed meanwhile;
    OSError when it cannot be written.
    """
    _allow(application, kind, by, day_of(on))
    examined = evidence.examine(data, name, bounds_of(application.edition, kind))
    # The file first: a row without its file would be a broken page, a file without a row is only a file.
    sha256 = files.freeze(folder, data, suffix="", mode=files.PRIVATE)
    with all_or_nothing(application):
        same = CaseFile.kind == kind, CaseFile.sha256 == sha256, _at(paper)
        present: CaseFile | None = kept(application).where(*same).first()
        if present is not None:
            return present
        if kept(application).count() >= MOST_FILES:
            raise Refusal(f"В заявлении уже {MOST_FILES} файлов, больше не поместится: объедините страницы одного документа.")
        if CaseFile.select().where(CaseFile.application == application).count() >= MOST_BROUGHT:
            raise Refusal(f"В это заявление уже прикладывали {MOST_BROUGHT} файлов, вместе с убранными: больше нельзя.")
        moves.hold(application, on=on)
        made: CaseFile = CaseFile.create(
            application=application,
            kind=kind,
            paper=paper,
            name=examined.name,
            media_type=examined.kind.media_type,
            sha256=sha256,
            size=len(data),
            pages=examined.pages,
            added_by=by,
            added_at=on,
        )
        _note(made, "add_file", by, on)
    if not files.path_of(folder, sha256, suffix="").exists():
        # Somebody threw away a draft with the same content before this row was there to be seen.
        files.freeze(folder, data, suffix="", mode=files.PRIVATE)
    return made


def remove(file: CaseFile, application: Application, *, by: User, on: dt.datetime) -> None:
    """Take a file out of its case; Refusal for somebody who may not bring such files, or when it is out already."""
    _allow(application, file.kind, by, day_of(on))
    with all_or_nothing(application):
        moves.hold(application, on=on)
        there = CaseFile.id == file.id, CaseFile.application == application, CaseFile.removed_at.is_null()
        if not CaseFile.update(removed_at=on).where(*there).execute():
            raise Refusal("Этот файл уже убран.")
        _note(file, "remove_file", by, on)


def throw_away(hashes: Set[str], folder: Path) -> None:
    """Remove the contents that no file of a case is any more, after the transaction that took the files out of the table."""
    for sha256 in hashes - _named(hashes):
        _unlink(files.path_of(folder, sha256, suffix=""), sha256)


def _named(hashes: Set[str]) -> set[str]:
    """Those of these contents that some file of a case is."""
    return {file.sha256 for file in CaseFile.select(CaseFile.sha256).where(CaseFile.sha256.in_(list(hashes)))}


def _unlink(path: Path, sha256: str) -> None:
    """Remove a content that no file of a case is. Who brings the same one meanwhile either sees that it is gone (`attach`), or
    is seen here once it is out of the way: then it comes back. What a killed process had put out of the way goes too."""
    with suppress(FileNotFoundError):
        path.rename(path.with_name(f".{path.name}.{secrets.token_hex(4)}.gone"))
    asides = list(path.parent.glob(f".{path.name}.*.gone"))
    wanted = bool(_named({sha256}))
    for aside in asides:
        with suppress(FileNotFoundError):
            aside.rename(path) if wanted else aside.unlink()


def kept(application: Application) -> "ModelSelect[CaseFile]":
    """The files that are in the case, in the order in which they came."""
    return (
        CaseFile.select()
        .where(CaseFile.application == application, CaseFile.removed_at.is_null())
        .order_by(CaseFile.added_at, CaseFile.id)
    )


def part_of(file: CaseFile) -> Part:
    """The part of the case that this file belongs to; a query for a conclusion, whose part its review tells."""
    if file.kind != CONCLUSION:
        return KINDS[file.kind].part
    given = Review.select().join(Conclusion).where(Conclusion.file == file)
    # Before it is given a conclusion belongs to the review of whoever has brought it.
    brought = Review.select().where(Review.application == file.application_id, Review.expert == file.added_by_id)
    review = given.first() or brought.order_by(Review.id.desc()).first()
    second = review is not None and review.role == CaseRole.SECOND_EXPERT
    return Part.SECOND_CONCLUSION if second else Part.FIRST_CONCLUSION


def readable(file_id: int, user: User, *, on: dt.datetime) -> CaseFile | None:
    """The file, if this person may read it now, and a line in the journal unless it is the teacher's side that reads.

    None alike for a file that is not there, one that is out of its case and one that is not for this person.
    """
    there = CaseFile.id == file_id, CaseFile.removed_at.is_null()
    file: CaseFile | None = CaseFile.select(CaseFile, Application).join(Application).where(*there).first()
    today = day_of(on)
    if file is None or part_of(file) not in parts_seen(file.application, user, today):
        return None
    roles = roles_in(file.application, user, today)
    # What an expert who was replaced had given is only for the office.
    if roles.isdisjoint(OFFICE) and _of_former_expert(file):
        return None
    if not roles <= APPLICANTS:
        _note(file, "read_file", user, on)
    return file


def _allow(application: Application, kind: str, by: User | None, today: dt.date) -> None:
    """Raise Refusal unless this person may bring and take out files of this kind."""
    if by is None:
        return
    mine = roles_in(application, by, today) & KINDS[kind].brought_by
    # What the teacher files from the cabinet is the teacher's: the office adds to what came on paper only.
    if mine <= _DESKS and kind != OTHER and application.channel == Channel.PORTAL:
        mine = frozenset()
    if not mine:
        raise Refusal(f"Файлы этого вида («{KINDS[kind].title}») прикладываете не вы.")


def _of_former_expert(file: CaseFile) -> bool:
    given = Review.select().join(Conclusion).where(Conclusion.file == file, Review.ended_at.is_null(False))
    return file.kind == CONCLUSION and bool(given.exists())


def _at(paper: Paper | None) -> Expression:
    found: Expression = CaseFile.paper.is_null() if paper is None else CaseFile.paper == paper
    return found


def _note(file: CaseFile, verb: str, by: User | None, on: dt.datetime) -> None:
    # Names of files are the teacher's words and may name people: the journal has their numbers.
    details = f"{KINDS[file.kind].title}, файл {file.id}, SHA-256 {file.sha256[:16]}"
    journal.write(by=by, on=on, verb=verb, subject=moves.SUBJECT, subject_id=file.application_id, details=details)
