"""«Проверьте ответы», submitting, and what a teacher has in hand afterwards."""

from dataclasses import dataclass

from flask import abort, flash, redirect, send_file, url_for
from flask import request as asked
from werkzeug.wrappers import Response as AnyResponse

from ....models import Application, utc_now
from ....procedure.refusal import Refusal
from ....procedure.road import road
from ...application import Typed
from ...cases import answers, applying, attachments, moves, receipts, story
from ...cases.calendar import deadlines, office_calendar
from ...cases.facts import observe
from ...cases.rights import Part
from ...cases.steps import HOME, RULING, SUBMIT, WAY, WAYS, Step, step_asking, steps
from ...files import path_of
from ...forms import Part as Row
from ..layout import parts
from ..papers import in_turn
from .case import as_seen
from .cases import clause_address, mine, today
from .home import closed_season
from .room import Answer, page, person, public
from .steps import fillable

# Which step mends what is missing, and what is said elsewhere on the page.
MENDED_IN = {"held_category_attached": "category", "previous_category_attached": "category", "portfolio_way_chosen": "folder"}
SAID_APART = frozenset({"application_complete", "filed_in_season"})


@dataclass(frozen=True)
class Said:
    """An answer on the check page: the question, what is answered, what is wrong with it."""

    name: str
    question: str
    answer: str
    fault: str


@public.get("/applications/<int:id>/check")
def check(id: int) -> Answer:
    """All answers once more, what is missing, the files, and the button."""
    case = mine(id)
    if not fillable(case):
        return redirect(url_for("account.application", id=case.id))
    return _page(case)


@public.post("/applications/<int:id>/check")
def submit(id: int) -> Answer:
    """File the application; a second press finds it filed."""
    case = mine(id)
    if fillable(case):
        if not asked.form.get(answers.CONFIRMED):
            return _page(case, "Отметьте, что сведения достоверны: без этого заявление не отправить."), 422
        try:
            applying.submit(as_seen(case), confirmed=True, by=person(), on=utc_now())
        except Refusal as refusal:
            case = mine(id)
            if fillable(case):
                flash(refusal.sentence, "error")
                return _page(case), 409
    return redirect(url_for("account.submitted", id=id))


@public.get("/applications/<int:id>/submitted")
def submitted(id: int) -> Answer:
    """The number, the receipt, what happens next."""
    case = mine(id)
    if fillable(case):
        return redirect(url_for("account.check", id=case.id))
    running = deadlines(case, today(), office_calendar())
    return page(
        "submitted.html",
        case=case,
        done=moves.move_of(case, SUBMIT).done,
        ahead=(*story.ahead(case, running), *story.besides(case, running)),
        clause_address=lambda clause: clause_address(case.edition, clause),
    )


@public.get("/applications/<int:id>/receipt.pdf")
def receipt(id: int) -> AnyResponse:
    """The receipt of the last filing, made when it is asked for the first time and the same ever after."""
    case = mine(id, Part.LETTERS)
    if not case.number or (fillable(case) and receipts.kept(case) is None):
        abort(404, "Расписка появится, когда вы подадите заявление.")
    settings = parts().settings
    folder, words = settings.cases_dir, {"authority": settings.authority_name, "site_url": settings.site_url}
    file = receipts.kept(case) or in_turn(lambda: receipts.make(case, folder, **words, on=utc_now()))
    return send_file(path_of(folder, file.sha256, suffix=""), file.media_type, download_name=file.name, etag=False)


def _page(case: Application, unconfirmed: str = "") -> str:
    typed = answers.read(case.answers, today())
    move = moves.move_of(case, SUBMIT)
    facts = observe(case, today())
    missing = [
        (fact.missing, MENDED_IN.get(fact.name, ""))
        for fact in road("application", case.edition).known_facts
        if fact.name in move.needs and fact.name not in facts and fact.name not in SAID_APART
    ]
    order = steps(case.edition)
    wrong = [
        (typed.form.field(name), sentence, step)
        for name, sentence in typed.errors.items()
        if (step := step_asking(case.edition, name))
    ]
    return page(
        "check.html",
        case=case,
        sections=[(step, _said(case, step, typed)) for step in order],
        wrong=wrong,
        missing=missing,
        files=list(attachments.kept(case)),
        kinds=attachments.KINDS,
        season=closed_season(case.edition),
        today=today(),
        confirmation=typed.form.field(answers.CONFIRMED),
        unconfirmed=unconfirmed,
        move=move,
    )


def _said(case: Application, step: Step, typed: Typed) -> list[Said]:
    """The answers of a step; line 13 follows line 7 and stands with it."""
    rows = [typed.form.field(name) for name in step.fields]
    found = [_row(row, typed) for row in rows]
    if answers.POSITION in step.fields:
        repeated = typed.form.field(answers.REPEATED)
        found.append(Said(repeated.name, f"{repeated.number}. {repeated.text}", case.position, ""))
    return found + [_beside(case, name) for name in step.beside]


def _row(row: Row, typed: Typed) -> Said:
    return Said(row.name, f"{row.number}. {row.text}", typed.value(row.name), typed.errors.get(row.name, ""))


def _beside(case: Application, name: str) -> Said:
    """What is asked besides the form."""
    if name == HOME:
        return Said(name, "Адрес проживания (в заявление не печатается)", case.home_address, "")
    if name == WAY:
        return Said(name, "Как подаётся папка", WAYS.get(case.portfolio_way, ""), "")
    if name == RULING:
        ruling = case.held_ruling
        told = f"распоряжение {ruling.order}, строка {ruling.number}" if ruling else ""
        return Said(name, "Запись нашего архива о прежней категории", told, "")
    return Said(name, "Форма оценки", f"форма {case.form}" if case.form else "", "")
