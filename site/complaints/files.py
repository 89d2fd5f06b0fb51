"""Files of a complaint: what is taken, where they are kept, what the office freezes. Read through the office alone."""

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from ...models import Complaint, ComplaintFile, User
from ...procedure.complaints import RECORD
from ...procedure.refusal import Refusal
from ...procedure.terms import terms
from .. import evidence, files
from ..evidence import Bounds, Examined
from ..figures import plural

PAPER, AUTHORITY, SCAN, FORWARDING, GIVEN, ACT, ANSWER = "paper", "authority", "scan", "forwarding", "given", "act", "answer"
TITLES = {
    PAPER: "Документ к жалобе",
    AUTHORITY: "Документ представителя",
    SCAN: "Скан жалобы",
    FORWARDING: "Сопроводительное письмо",
    GIVEN: "Выдано заявителю",
    ACT: "Акт о рассмотрении жалобы",
    ANSWER: "Ответ заявителю",
}
# What the office brings; act and answer the system makes.
BROUGHT = (SCAN, PAPER, AUTHORITY, FORWARDING, GIVEN)
PDF = "application/pdf"
# The form of the act, by its name in content/forms/.
FORM = "complaint"


@dataclass(frozen=True)
class Brought:
    """A file as it came: its content and its name."""

    data: bytes
    name: str


def bounds_of(edition: str) -> Bounds:
    """Which files are taken."""
    limit = terms(edition, RECORD).limit("paper_file")
    return Bounds(limit.formats, limit.number)


def most_of(edition: str) -> int:
    """How many files one form brings at most."""
    return terms(edition, RECORD).limit("papers").number


def examined(brought: list[Brought], edition: str) -> list[Examined]:
    """The files, fit to be kept; Refusal names the first that is not, or says that they are too many."""
    most = most_of(edition)
    if len(brought) > most:
        raise Refusal(
            f"Файлов больше, чем принимаем за один раз ({plural(most, 'файл', 'файла', 'файлов')}): приложите главные."
        )
    return [evidence.examine(one.data, one.name, bounds_of(edition)) for one in brought]


def keep(complaint: Complaint, kind: str, folder: Path, found: Examined, *, by: User | None, on: dt.datetime) -> ComplaintFile:
    """Freeze an examined file in `folder` (`settings.complaints_dir`) and put it into the complaint."""
    sha256 = files.freeze(folder, found.data, suffix="", mode=files.PRIVATE)
    made: ComplaintFile = ComplaintFile.create(
        complaint=complaint,
        kind=kind,
        name=found.name,
        media_type=found.kind.media_type,
        sha256=sha256,
        size=len(found.data),
        pages=found.pages,
        added_by=by,
        added_at=on,
    )
    return made


def keep_made(
    complaint: Complaint, kind: str, name: str, sha256: str, size: int, *, by: User, on: dt.datetime
) -> ComplaintFile:
    """Put a PDF that the system made and froze into the complaint."""
    made: ComplaintFile = ComplaintFile.create(
        complaint=complaint, kind=kind, name=name, media_type=PDF, sha256=sha256, size=size, added_by=by, added_at=on
    )
    return made
