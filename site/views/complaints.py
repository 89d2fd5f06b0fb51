"""«Жалобы»: the right to complain, the form, what became of a complaint by number and surname."""

import datetime as dt
import secrets
from dataclasses import dataclass

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as AnyResponse

from ...models import Application, Complaint, User, utc_now
from ...procedure.complaints import RECORD, lists, taken
from ...procedure.refusal import Refusal
from ...procedure.road import road
from ...procedure.shape import Status
from ...procedure.terms import Deadline, terms
from ..cases.calendar import office_calendar
from ..complaints import contents as texts
from ..complaints import files, filing
from ..complaints.contents import Contents
from ..complaints.files import Brought
from ..complaints.numbers import read_number
from ..complaints.terms import awaited, deadlines
from ..dates import day_of
from ..evidence import MEGABYTE
from ..fields import Mistakes
from ..figures import file_size
from . import throttle
from .account.cases import clause_address
from .asking import Question
from .layout import parts
from .personal import STALE, personal, token_holds, too_often
from .ready import ready
from .signing import signed_in
from .throttle import COMPLAINT, COMPLAINT_STATUS, Wait, tried

public = Blueprint("complaints", __name__)

# Two fields of files of the largest number and size, and the words around them.
LARGEST_REQUEST = 2 * 8 * 3 * MEGABYTE + MEGABYTE
TOO_LARGE = (
    "Вы отправили {sent}, а за один раз принимаем до {most}. Вернитесь и приложите меньше файлов: остальные пришлите почтой."
)


@public.record_once
def no_token(state: BlueprintSetupState) -> None:
    """An answer without any effect needs no token; the form itself asks for its own, or a long text would be lost."""
    for view in (answer, submit):
        state.app.extensions["csrf"].exempt(f"{__name__}.{view.__name__}")


@public.before_request
def only_where_taken() -> None:
    """Only where the procedure of this installation says how complaints are considered."""
    if not taken(_edition()):
        abort(404, "По этому порядку жалобы на сайте не подают: напишите нам или позвоните.")


@public.url_value_preprocessor
def take_files(endpoint: str | None, _values: object) -> None:
    """Let the form bring its files. Before anything reads the request: the token stands in it."""
    if endpoint != "complaints.submit" or request.method != "POST":
        return
    request.max_content_length = LARGEST_REQUEST
    if (request.content_length or 0) > LARGEST_REQUEST:
        abort(413, TOO_LARGE.format(sent=file_size(request.content_length or 0), most=file_size(LARGEST_REQUEST)))


# --- The right --------------------------------------------------------------------------------------------------------------


@public.get("/complaints/")
@ready
def index() -> str:
    """Who may complain of what, how, and until when it is answered."""
    known = terms(_edition(), RECORD)
    return render_template(
        "complaints/index.html",
        lists=lists(_edition()),
        long=known.term("consideration"),
        short=known.term("short_consideration"),
        terms=known,
        clause=lambda number: clause_address(_edition(), number),
    )


# --- The form ---------------------------------------------------------------------------------------------------------------


@public.get("/complaints/new")
def new() -> Response:
    """The form, with what is known of whoever is signed in."""
    user = signed_in()
    return personal(_form(user, _known(user) if user else Contents(), key=secrets.token_hex(16)))


@public.post("/complaints/new")
def submit() -> AnyResponse:
    """File the complaint; a second press finds it filed."""
    user, key, said = signed_in(), request.form.get("key", "")[:64], _typed()
    if present := filing.sent(key):
        return _to(present)
    if not token_holds():
        return personal(_form(user, said, key=key, refusal=STALE), 400)
    try:
        texts.columns(said, _edition(), whole=True)
        attempt = tried(COMPLAINT, "form")
    except Mistakes as mistakes:
        return personal(_form(user, said, key=key, errors=mistakes.errors), 422)
    except Wait as wait:
        return too_often(_form(user, said, key=key, refusal=throttle.sentence(wait.pause, "жалоб подряд")), wait)
    try:
        made = filing.submit(
            said,
            papers=_brought("papers"),
            authority=_brought("scan"),
            token=key,
            folder=parts().settings.complaints_dir,
            edition=_edition(),
            by=user,
            on=utc_now(),
            application=_chosen(user),
        )
    except Mistakes as mistakes:
        attempt.drop()
        return personal(_form(user, said, key=key, errors=mistakes.errors), 422)
    except Refusal as refusal:
        attempt.drop()
        return personal(_form(user, said, key=key, refusal=refusal.sentence), 422)
    return _to(made)


@public.get("/complaints/accepted/<key>")
def accepted(key: str) -> Response:
    """The number, and what happens next; only whoever filled the form in knows this address."""
    complaint = filing.sent(key)
    if complaint is None:
        abort(404, "Жалобы по этому адресу нет. Если она подана, узнайте о ней по номеру и фамилии.")
    running = deadlines(complaint, day_of(utc_now()), office_calendar())
    page = render_template(
        "complaints/accepted.html",
        complaint=complaint,
        running=running,
        terms=terms(complaint.edition, RECORD),
        clause=lambda number: clause_address(complaint.edition, number),
    )
    return personal(page)


def _to(complaint: Complaint) -> AnyResponse:
    return redirect(url_for("complaints.accepted", key=complaint.token), 303)


def _typed() -> Contents:
    said = {name: request.form.get(name, "") for name in (*texts.LINES, *texts.TEXTS, "respondent")}
    return Contents(said, tuple(request.form.getlist("kinds")[:50]), "electronic_answer" in request.form)


def _brought(name: str) -> list[Brought]:
    chosen: list[FileStorage] = [file for file in request.files.getlist(name) if file.filename]
    return [Brought(file.read(), file.filename or "") for file in chosen]


def _own(user: User | None) -> list[Application]:
    """The applications that somebody signed in may point to, the newest first."""
    return list(Application.kept().where(Application.applicant == user).order_by(Application.id.desc())) if user else []


def _chosen(user: User | None) -> Application | None:
    """The application that was chosen; one that is not theirs is none."""
    return next((one for one in _own(user) if str(one.id) == request.form.get("application")), None)


def _known(user: User) -> Contents:
    """What the cabinet knows of a teacher; a member of staff without applications types everything."""
    said = {"email": user.email or "", "phone": user.phone}
    if own := _own(user):
        last = own[0]
        said |= {"surname": last.surname, "name": last.name, "patronymic": last.patronymic}
        said |= {"residence": last.home_address, "postal_address": last.home_address}
    return Contents(said)


def _form(user: User | None, said: Contents, *, key: str, errors: dict[str, str] | None = None, refusal: str = "") -> str:
    edition = _edition()
    return render_template(
        "complaints/new.html",
        typed=said,
        key=key,
        errors=errors or {},
        refusal=refusal,
        lists=lists(edition),
        bounds=files.bounds_of(edition),
        most=files.most_of(edition),
        own=_own(user),
        chosen=request.values.get("application", ""),
        clause=lambda number: clause_address(edition, number),
    )


# --- What became of it ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Happened:
    """The last thing that happened to a complaint."""

    title: str
    day: dt.date


@dataclass(frozen=True)
class Stage:
    """Where a complaint stands; says nobody's name."""

    number: str
    status: Status
    term: Deadline | None
    last: Happened | None
    edition: str


@public.get("/complaints/status")
@ready
def status() -> str:
    """The question."""
    return QUESTION.page()


@public.post("/complaints/status")
def answer() -> Response:
    """The answer."""
    return QUESTION.answer()


def _stage(complaint: Complaint) -> Stage:
    whole = road(RECORD, complaint.edition)
    titles = {event.name: event.title for event in whole.events}
    happened = [Happened(titles[one.name], one.day) for one in sorted(complaint.events, key=lambda one: (one.day, one.id))]
    return Stage(
        number=complaint.number,
        status=whole.status(complaint.status),
        term=awaited(deadlines(complaint, day_of(utc_now()), office_calendar())),
        last=happened[-1] if happened else None,
        edition=complaint.edition,
    )


QUESTION = Question(
    template="complaints/status.html",
    door=COMPLAINT_STATUS,
    read=read_number,
    find=lambda number: Complaint.get_or_none(Complaint.number == number),
    stage=_stage,
    nameless="Введите фамилию того, кто подал жалобу.",
    nobody=(
        "Жалобы с таким номером и фамилией нет. Сверьте номер с подтверждением; фамилию введите так, как она написана в жалобе."
    ),
)


def _edition() -> str:
    return parts().settings.procedure
