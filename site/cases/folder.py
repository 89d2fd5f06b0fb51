"""The portfolio (индивидуальная папка): the lines of its inventory, their files, the teacher's own scoring by the form.

Every change is the case's next version, so that of two windows the second one learns of the first. Until when the folder may be
changed stands in the road (`folder_open`); a folder that was received is closed whatever the status.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path

from peewee import prefetch

from ...models import Application, CaseEvent, CaseFile, Paper, User
from ...procedure.refusal import Refusal
from ...procedure.road import road
from ...procedure.terms import Limit, terms
from ...procedure.words import CaseRole, Category, Channel
from ...rubrics import forms
from ...rubrics.inventory import Entry
from ...rubrics.papers import State
from ...rubrics.shape import Criterion, Form
from .. import fields, journal, worksheet
from ..dates import day_of
from ..worksheet import Worksheet
from . import attachments, moves
from .judgement import answers_in
from .people import APPLICANTS, roles_in
from .transaction import all_or_nothing

MOST_PAPERS = 200
MOST_SHEETS = 1000
MFC_SHEETS = "mfc_sheets"
CONFIRM = "confirm_portfolio"
SUBMIT = "submit"
RECEIVED = "portfolio_received"
CLOSED = "Папка уже закрыта: изменить её можно было до того, как она подтверждена или принята."
# While numbers are given anew they stand beyond all others: no two lines ever have the same one.
_APART = 1_000_000


@dataclass(frozen=True)
class Line:
    """What a line of the inventory says. `state`: a word of `State`; `criterion`: the clause of the form that it proves."""

    title: str
    state: str = ""
    sheets: int = 1
    criterion: str = ""


@dataclass(frozen=True)
class Folder:
    """A folder as it is: lines with their files (`paper.files`), the form by which it is judged, the teacher's own sheet."""

    papers: tuple[Paper, ...]
    form: Form | None
    sheet: Worksheet | None

    @property
    def sheets(self) -> int:
        """Sheets of paper of one side, all lines together."""
        return sum(paper.sheets for paper in self.papers)

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for paper in self.papers for file in paper.files)

    @property
    def count(self) -> int:
        """How many files there are."""
        return sum(len(list(paper.files)) for paper in self.papers)

    @property
    def bare(self) -> tuple[Paper, ...]:
        """Lines without a file."""
        return tuple(paper for paper in self.papers if not list(paper.files))

    def row(self, paper: Paper) -> Criterion | None:
        """The row of the form that a line proves; None for no row, or for one of another form than the present one."""
        return self.form.criterion(paper.criterion) if self.form and paper.criterion else None

    @cached_property
    def proofs(self) -> dict[str, tuple[Paper, ...]]:
        """Clause of the form → the lines that prove it."""
        clauses = dict.fromkeys(paper.criterion for paper in self.papers if paper.criterion)
        return {clause: tuple(paper for paper in self.papers if paper.criterion == clause) for clause in clauses}

    @property
    def unproved(self) -> tuple[str, ...]:
        """Clauses of rows that the teacher has scored and no line proves, in the order of the form."""
        scored = self.sheet.score.explanations if self.sheet and self.sheet.score else ()
        return tuple(row.criterion for row in scored if row.criterion not in self.proofs)


def papers_of(application: Application) -> list[Paper]:
    """The lines in their order, each with its files in `paper.files`; two queries."""
    mine = Paper.select().where(Paper.application == application).order_by(Paper.number)
    there = CaseFile.select().where(CaseFile.removed_at.is_null()).order_by(CaseFile.added_at, CaseFile.id)
    found: list[Paper] = prefetch(mine, there)
    return found


def folder_of(application: Application) -> Folder:
    """The whole folder; two queries."""
    form = form_of(application)
    return Folder(tuple(papers_of(application)), form, sheet_of(application, form) if form else None)


def form_of(application: Application) -> Form | None:
    """The form by which this case is judged; None until the application says which."""
    return forms.form(application.form) if application.form else None


def sheet_of(application: Application, form: Form) -> Worksheet:
    """The teacher's own scoring as it was saved, for the category asked for."""
    kept = {**application.worksheet, "category": application.category or "first"}
    kept["position"] = kept.get("position") or form.position(application.position) or ""
    return worksheet.read(form, kept) if application.worksheet else worksheet.blank(form, kept)


def is_open(application: Application) -> bool:
    """Whether the folder may still be changed; one query at most."""
    if not road("application", application.edition).status(application.status).folder_open:
        return False
    received = CaseEvent.select().where(CaseEvent.application == application, CaseEvent.name == RECEIVED)
    return not received.exists()


def may_change(application: Application, user: User, today: dt.date) -> bool:
    """Whether this person may change the folder now: the teacher's side, and the office what came to it on paper."""
    roles = roles_in(application, user, today)
    entered = CaseRole.REGISTRAR in roles and application.channel != Channel.PORTAL
    return (entered or not roles.isdisjoint(APPLICANTS)) and is_open(application)


def sheets_remark(application: Application, sheets: int) -> Limit | None:
    """The limit of sheets that the MFC scans, when this folder is beyond it (2.6.2); None where nobody asks or it is within."""
    limit = next((limit for limit in terms(application.edition).limits if limit.name == MFC_SHEETS), None)
    return limit if limit and sheets > limit.number else None


# --- Lines ------------------------------------------------------------------------------------------------------------------


def add(application: Application, line: Line, *, by: User, on: dt.datetime) -> Paper:
    """Put a line at the end of the inventory."""
    written = _checked(application, line)
    with all_or_nothing(application):
        _change(application, by, on, "добавлена строка")
        # Numbers have no gaps: the last one is how many there are.
        count = Paper.select().where(Paper.application == application).count()
        if count >= MOST_PAPERS:
            raise Refusal(f"В описи уже {MOST_PAPERS} строк: объедините документы одного вида.")
        made: Paper = Paper.create(application=application, number=count + 1, **asdict(written))
    return made


def edit(application: Application, paper_id: int, line: Line, *, by: User, on: dt.datetime) -> None:
    """Write a line anew."""
    written = _checked(application, line)
    with all_or_nothing(application):
        paper = _held(application, paper_id, by, on, "изменена")
        Paper.update(asdict(written)).where(Paper.id == paper.id).execute()


def remove(application: Application, paper_id: int, *, by: User, on: dt.datetime) -> None:
    """Take a line and its files out of the folder; the lines below move up."""
    with all_or_nothing(application):
        paper = _held(application, paper_id, by, on, "удалена")
        there = CaseFile.paper == paper, CaseFile.removed_at.is_null()
        CaseFile.update(removed_at=on).where(*there).execute()
        paper.delete_instance()
        _number(application, [one.id for one in _lines(application)])


def shift(application: Application, paper_id: int, step: int, *, by: User, on: dt.datetime) -> None:
    """Move a line up (-1) or down (+1); at the end of the list it stays."""
    with all_or_nothing(application):
        paper = _held(application, paper_id, by, on, "переставлена")
        order = [one.id for one in _lines(application)]
        place = order.index(paper.id)
        order.insert(max(place + step, 0), order.pop(place))
        _number(application, order)


# --- Files ------------------------------------------------------------------------------------------------------------------


def bring(
    application: Application, paper_id: int, folder: Path, *, data: bytes, name: str, by: User, on: dt.datetime
) -> CaseFile:
    """Attach a file to a line. Refusal as for `attachments.attach`, or when the folder is closed."""
    _require_open(application, by, on)
    paper = _line(application, paper_id)
    return attachments.attach(application, attachments.PORTFOLIO, folder, data=data, name=name, by=by, on=on, paper=paper)


def count_sheets(application: Application, paper_id: int, *, by: User, on: dt.datetime) -> None:
    """Take the pages of a line's files for its sheets: nobody has counted them."""
    with all_or_nothing(application):
        paper = _held(application, paper_id, by, on, "листы сосчитаны,")
        there = CaseFile.paper == paper, CaseFile.removed_at.is_null()
        pages = sum(file.pages or 1 for file in CaseFile.select().where(*there))
        Paper.update(sheets=min(pages, MOST_SHEETS)).where(Paper.id == paper.id).execute()


def previous_category(application: Application) -> list[CaseFile] | None:
    """The files that prove the previous category; None for a case of which nobody asks any."""
    if application.category != Category.HIGHEST and not application.held_category:
        return None
    return list(attachments.kept(application).where(CaseFile.kind == attachments.PREVIOUS_CATEGORY))


def bring_previous(application: Application, folder: Path, *, data: bytes, name: str, by: User, on: dt.datetime) -> CaseFile:
    """Attach the paper on the previous category; once the application is filed the office checks it as it is."""
    moves.allow(application, SUBMIT, by=by, on=on)
    return attachments.attach(application, attachments.PREVIOUS_CATEGORY, folder, data=data, name=name, by=by, on=on)


def take_out_previous(application: Application, file_id: int, *, by: User, on: dt.datetime) -> None:
    """Take such a file out again."""
    moves.allow(application, SUBMIT, by=by, on=on)
    attachments.remove(_file(application, file_id, attachments.PREVIOUS_CATEGORY), application, by=by, on=on)


def take_out(application: Application, file_id: int, *, by: User, on: dt.datetime) -> None:
    """Take a file out of the folder."""
    _require_open(application, by, on)
    attachments.remove(_file(application, file_id, attachments.PORTFOLIO), application, by=by, on=on)


# --- The whole folder -------------------------------------------------------------------------------------------------------


def score(application: Application, typed: Mapping[str, str], *, by: User, on: dt.datetime) -> Worksheet:
    """Save the teacher's own scoring as it was typed, right or wrong; the sheet read from it. Experts do not see it."""
    form = form_of(application)
    if form is None:
        raise Refusal("Сначала укажите в заявлении должность: от неё зависит форма оценки.")
    if roles_in(application, by, day_of(on)).isdisjoint(APPLICANTS):
        raise Refusal("Самооценку заполняет педагог.")
    with all_or_nothing(application):
        moves.hold(application, on=on, worksheet=answers_in(form, typed))
        journal.write(by=by, on=on, verb="score_self", subject=moves.SUBJECT, subject_id=application.id)
    return sheet_of(application, form)


def confirm(application: Application, *, by: User, on: dt.datetime) -> Application:
    """The teacher says that the folder is complete; from then on it is closed (letter of the oblast, 8)."""
    return moves.make(application, CONFIRM, by=by, on=on)


def entries(papers: Iterable[Paper]) -> tuple[Entry, ...]:
    """The lines as the inventory prints them."""
    return tuple(Entry(paper.title, paper.state, paper.sheets) for paper in papers)


def note_reading(application: Application, *, by: User, on: dt.datetime) -> None:
    """Tell the journal that somebody who is not of the teacher's side has looked at the folder."""
    journal.write(by=by, on=on, verb="read_folder", subject=moves.SUBJECT, subject_id=application.id)


# --- Inside -----------------------------------------------------------------------------------------------------------------


def _checked(application: Application, line: Line) -> Line:
    """The line fit to be kept; Refusal names the field."""
    if line.state not in set(State):
        raise Refusal("Выберите, что лежит в папке: копия, заверенная копия или оригинал.")
    if not 0 <= line.sheets <= MOST_SHEETS:
        raise Refusal(f"Укажите число листов от 0 до {MOST_SHEETS}.")
    form = form_of(application)
    if line.criterion and not (form and form.criterion(line.criterion)):
        raise Refusal("Такой строки в вашей форме оценки нет: выберите её из списка.")
    return replace(line, title=fields.line(Paper.title, line.title), state=str(line.state))


def _require_open(application: Application, by: User, on: dt.datetime) -> None:
    if not may_change(application, by, day_of(on)):
        raise Refusal(CLOSED if not is_open(application) else "Папку меняет только педагог или его представитель.")


def _change(application: Application, by: User, on: dt.datetime, details: str) -> None:
    """Take the next version of the case and tell the journal; Refusal when the folder is closed or the case has changed."""
    _require_open(application, by, on)
    moves.hold(application, on=on)
    journal.write(by=by, on=on, verb="edit_folder", subject=moves.SUBJECT, subject_id=application.id, details=details)


def _held(application: Application, paper_id: int, by: User, on: dt.datetime, what: str) -> Paper:
    paper = _line(application, paper_id)
    _change(application, by, on, f"{what} строка {paper.number}")
    return paper


def _file(application: Application, file_id: int, kind: str) -> CaseFile:
    found: CaseFile | None = CaseFile.get_or_none(
        CaseFile.id == file_id, CaseFile.application == application, CaseFile.kind == kind
    )
    if found is None:
        raise Refusal("Такого файла в папке нет.")
    return found


def _line(application: Application, paper_id: int) -> Paper:
    found: Paper | None = Paper.get_or_none(Paper.id == paper_id, Paper.application == application)
    if found is None:
        raise Refusal("Этой строки в описи уже нет.")
    return found


def _lines(application: Application) -> list[Paper]:
    return list(Paper.select(Paper.id).where(Paper.application == application).order_by(Paper.number))


def _number(application: Application, order: list[int]) -> None:
    """Give the lines their numbers in this order, without gaps."""
    Paper.update(number=Paper.number + _APART).where(Paper.application == application).execute()
    for number, paper_id in enumerate(order, 1):
        Paper.update(number=number).where(Paper.id == paper_id).execute()
