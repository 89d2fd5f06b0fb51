"""The portfolio in the cabinet: lines of the inventory, their files, the teacher's own score, the inventory as PDF."""

import io
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from flask import abort, flash, redirect, request, send_file, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice

from ....models import Application, Paper, utc_now
from ....procedure.refusal import Refusal
from ....rubrics import advice
from ....rubrics.inventory import Holder
from ....rubrics.papers import State
from ....rubrics.portable import portable
from ....rubrics.shape import Form
from ... import worksheet
from ...cases import attachments, folder, moves
from ...cases.folder import Folder, Line, form_of
from ...cases.rights import Part
from ...cases.steps import PAPER
from ...evidence import MEGABYTE
from ...figures import file_size
from ..acting import attempt, done, invalid, refused_status
from ..layout import parts
from ..papers import in_turn
from ..signing import TypedForm
from .case import as_seen
from .cases import clause_address, mine, today
from .room import Answer, page, person, public

AT_ONCE = 10
# Ten files of the largest size, and the rest of the form.
LARGEST_REQUEST = (AT_ONCE * 3 + 1) * MEGABYTE
# A file that is too large for a field is refused on its page, beside what was typed there: it has to arrive first.
WITH_FILES = frozenset(
    f"account.{view}" for view in ("add_paper", "bring_files", "bring_previous", "representative", "bring_authority")
)
UNSAID = "не указано"
STEPS = {"up": -1, "down": 1}


class LineForm(TypedForm):
    """A line of the inventory."""

    title = StringField("Документ", description="Как он называется в описи: вид, номер, дата, о чём.")
    state = SelectField(
        "Что лежит в папке",
        description="Как в последнем столбце описи.",
        choices=[SelectChoice(state.value, state.value or UNSAID) for state in (State.UNSAID, *tuple(State)[:-1])],
    )
    sheets = StringField("Листов", description="Если не указать, посчитаем страницы файлов.")
    criterion = SelectField("Что подтверждает", validate_choice=False)

    def offer(self, form: Form | None) -> "LineForm":
        """The rows of the scoring form to choose from, section by section."""
        rows = [SelectChoice("", "не связан со строкой формы")]
        for section in form.sections if form else ():
            group = f"{section.number}. {section.title}"[:90]
            rows += [
                SelectChoice(row.clause, f"{row.clause} {row.full_label}"[:110], optgroup=group) for row in section.criteria
            ]
        self.criterion.choices = rows
        return self

    def line(self) -> Line:
        """What was typed; Refusal for a number of sheets that is none."""
        typed = (self.sheets.data or "").strip()
        if typed and not (typed.isascii() and typed.isdigit() and len(typed) < 6):
            raise Refusal(f"Укажите число листов от 0 до {folder.MOST_SHEETS}.")
        state = self.state.data or ""
        return Line(self.title.data or "", state, int(typed) if typed else 1, self.criterion.data or "")

    @property
    def counts_itself(self) -> bool:
        """Whether the sheets are left to be counted from the files."""
        return not (self.sheets.data or "").strip()


@public.url_value_preprocessor
def take_files(endpoint: str | None, _values: object) -> None:
    """Let the pages that take files take several at once. Before anything reads the request: the token stands in it."""
    if endpoint not in WITH_FILES or request.method != "POST":
        return
    request.max_content_length = LARGEST_REQUEST
    if (request.content_length or 0) > LARGEST_REQUEST:
        sent, most = file_size(request.content_length or 0), file_size(LARGEST_REQUEST)
        abort(413, f"Вы отправили {sent}, а за один раз принимаем до {most}. Вернитесь и приложите файлы по частям.")


@public.get("/applications/<int:id>/portfolio/")
def portfolio(id: int) -> str:
    """The folder."""
    case = mine(id, Part.PORTFOLIO)
    return _page(case)


@public.post("/applications/<int:id>/portfolio/lines")
def add_paper(id: int) -> Answer:
    """A new line, with its files if some were chosen."""
    case = mine(id, Part.PORTFOLIO)
    form = LineForm().offer(form_of(case))
    paper = None
    if not invalid(form):
        paper = attempt(lambda: folder.add(as_seen(case), form.line(), by=person(), on=utc_now()))
    if paper is None:
        return _page(case, form), refused_status(form)
    files = brought()
    kept = _bring(case, paper.id, files)
    if kept and form.counts_itself:
        attempt(lambda: folder.count_sheets(case, paper.id, by=person(), on=utc_now()))
    if not files:
        flash("Строка добавлена." if case.portfolio_way == PAPER else "Строка добавлена. Приложите к ней файлы.", "success")
    return _back(case, paper.id)


@public.route("/applications/<int:id>/portfolio/lines/<int:paper_id>", methods=["GET", "POST"])
def edit_paper(id: int, paper_id: int) -> Answer:
    """A line to be written anew."""
    case = mine(id, Part.PORTFOLIO)
    paper = _paper(case, paper_id)
    form = LineForm(obj=paper).offer(form_of(case))
    if request.method == "POST" and not invalid(form):
        line = attempt(form.line)
        if line and form.counts_itself:
            line = replace(line, sheets=paper.sheets)
        if line and done(lambda: folder.edit(as_seen(case), paper.id, line, by=person(), on=utc_now())):
            return _back(case, paper.id)
    text = page("paper.html", case=case, paper=paper, form=form, open=folder.may_change(case, person(), today()))
    return text, refused_status(form) if request.method == "POST" else 200


@public.post("/applications/<int:id>/portfolio/lines/<int:paper_id>/remove")
def remove_paper(id: int, paper_id: int) -> Answer:
    """Take a line out, with its files."""
    case = mine(id, Part.PORTFOLIO)
    if not done(lambda: folder.remove(as_seen(case), paper_id, by=person(), on=utc_now())):
        return _page(case), 409
    flash("Строка и её файлы убраны из папки.", "success")
    return _back(case)


@public.post("/applications/<int:id>/portfolio/lines/<int:paper_id>/<any(up, down):where>")
def shift_paper(id: int, paper_id: int, where: str) -> Answer:
    """Move a line by one."""
    case = mine(id, Part.PORTFOLIO)
    if not done(lambda: folder.shift(as_seen(case), paper_id, STEPS[where], by=person(), on=utc_now())):
        return _page(case), 409
    return _back(case, paper_id)


@public.post("/applications/<int:id>/portfolio/lines/<int:paper_id>/files")
def bring_files(id: int, paper_id: int) -> Answer:
    """Attach files to a line."""
    case = mine(id, Part.PORTFOLIO)
    files = brought()
    if not files:
        flash("Выберите файлы.", "error")
        return _page(case), 422
    if not (done(lambda: as_seen(case)) and _bring(case, paper_id, files)):
        return _page(case), 409
    return _back(case, paper_id)


@public.post("/applications/<int:id>/portfolio/files/<int:file_id>/remove")
def remove_file(id: int, file_id: int) -> Answer:
    """Take a file out of the folder."""
    case = mine(id, Part.PORTFOLIO)
    if not done(lambda: folder.take_out(as_seen(case), file_id, by=person(), on=utc_now())):
        return _page(case), 409
    flash("Файл убран из папки.", "success")
    return _back(case)


@public.post("/applications/<int:id>/portfolio/previous")
def bring_previous(id: int) -> Answer:
    """Attach the paper on the previous category."""
    case = mine(id, Part.PORTFOLIO)
    files = brought()
    if not files:
        flash("Выберите файлы.", "error")
        return _page(case), 422
    if not (done(lambda: as_seen(case)) and _keep(files, lambda file: _previous(case, file))):
        return _page(case), 409
    return redirect(url_for("account.portfolio", id=case.id, _anchor="previous"), 303)


@public.post("/applications/<int:id>/portfolio/previous/<int:file_id>/remove")
def remove_previous(id: int, file_id: int) -> Answer:
    """Take the paper on the previous category out."""
    case = mine(id, Part.PORTFOLIO)
    if not done(lambda: folder.take_out_previous(as_seen(case), file_id, by=person(), on=utc_now())):
        return _page(case), 409
    flash("Файл убран.", "success")
    return redirect(url_for("account.portfolio", id=case.id, _anchor="previous"), 303)


@public.route("/applications/<int:id>/portfolio/score", methods=["GET", "POST"])
def score(id: int) -> Answer:
    """The teacher's own scoring by the form; experts do not see it."""
    case = mine(id, Part.SELF_SCORE)
    whole = folder.folder_of(case)
    if whole.form is None or whole.sheet is None:
        abort(404, "Форма оценки ещё не выбрана: укажите в заявлении должность.")
    sheet = whole.sheet
    if request.method == "POST":
        saved = attempt(lambda: folder.score(as_seen(case), request.form, by=person(), on=utc_now()))
        if saved and not saved.errors:
            flash("Самооценка сохранена.", "success")
            return redirect(url_for("account.portfolio", id=case.id))
        typed = {**request.form.to_dict(), "category": case.category or "first"}
        sheet = saved or worksheet.read(whole.form, typed)
    text = page(
        "score.html",
        case=case,
        folder=whole,
        form=whole.form,
        sheet=sheet,
        engine=portable(whole.form),
        advice=advice,
        counts=worksheet.counts,
        names_pupils=worksheet.names_pupils,
    )
    return text, 200 if request.method == "GET" else 422 if sheet.errors else 409


@public.get("/applications/<int:id>/inventory.pdf")
def inventory(id: int) -> Response:
    """The inventory of the folder to be printed and signed."""
    from ...printing.press import inventory_apart

    case = mine(id, Part.PORTFOLIO)
    rows = folder.entries(folder.papers_of(case))
    holder = Holder(case.person, ", ".join(filter(None, (case.position, case.organization))))
    data = in_turn(lambda: inventory_apart(rows, holder))
    return send_file(io.BytesIO(data), "application/pdf", download_name="Опись.pdf", etag=False)


@public.post("/applications/<int:id>/portfolio/confirm")
def confirm_portfolio(id: int) -> Answer:
    """The folder is complete: from now on it is closed."""
    case = mine(id, Part.PORTFOLIO)
    if not any(move.verb == folder.CONFIRM for move in moves.open_moves(case, person(), today())):
        abort(404, "Сейчас портфолио подтверждать не нужно. Посмотрите на странице заявления, чей ход.")
    if not done(lambda: folder.confirm(as_seen(case), by=person(), on=utc_now())):
        return _page(case), 409
    flash(moves.move_of(case, folder.CONFIRM).done, "success")
    return redirect(url_for("account.application", id=case.id))


def brought() -> list[FileStorage]:
    """The files that the submitted form carries."""
    return [file for file in request.files.getlist("files") if file.filename]


def _bring(case: Application, paper_id: int, files: list[FileStorage]) -> int:
    """Attach these files to a line; how many were kept."""
    cases_dir = parts().settings.cases_dir

    def bring(file: FileStorage) -> object:
        name, data = file.filename or "", file.read()
        return folder.bring(case, paper_id, cases_dir, data=data, name=name, by=person(), on=utc_now())

    return _keep(files, bring)


def _previous(case: Application, file: FileStorage) -> object:
    name, data = file.filename or "", file.read()
    return folder.bring_previous(case, parts().settings.cases_dir, data=data, name=name, by=person(), on=utc_now())


def _keep(files: list[FileStorage], bring: Callable[[FileStorage], object]) -> int:
    """Bring these files one by one, each refusal told; how many were kept. A file that is refused stops no other."""
    if len(files) > AT_ONCE:
        flash(f"За один раз прикладывают до {AT_ONCE} файлов: первые {AT_ONCE} взяты, остальные приложите ещё раз.", "error")
    kept = sum(done(partial(bring, file)) for file in files[:AT_ONCE])
    if kept:
        flash("Файл приложен." if kept == 1 else f"Приложено файлов: {kept}.", "success")
    return kept


def _paper(case: Application, paper_id: int) -> Paper:
    found = next((paper for paper in folder.papers_of(case) if paper.id == paper_id), None)
    return found or abort(404, "Этой строки в описи нет. Откройте папку заново.")


def _back(case: Application, paper_id: int = 0) -> Response:
    return redirect(url_for("account.portfolio", id=case.id, _anchor=f"line-{paper_id}" if paper_id else None), 303)


def _page(case: Application, form: LineForm | None = None) -> str:
    case = Application.get_by_id(case.id)
    whole: Folder = folder.folder_of(case)
    bounds = attachments.bounds_of(case.edition, attachments.PORTFOLIO)
    confirming = next((move for move in moves.open_moves(case, person(), today()) if move.verb == folder.CONFIRM), None)
    return page(
        "portfolio.html",
        case=case,
        folder=whole,
        open=folder.may_change(case, person(), today()),
        form=form or LineForm(formdata=None).offer(whole.form),
        bounds=bounds,
        at_once=AT_ONCE,
        mfc=folder.sheets_remark(case, whole.sheets),
        confirming=confirming,
        previous=folder.previous_category(case),
        proving=any(move.verb == folder.SUBMIT for move in moves.open_moves(case, person(), today())),
        advice=advice,
        clause_address=lambda clause: clause_address(case.edition, clause),
    )
