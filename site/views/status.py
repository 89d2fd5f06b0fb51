"""«Где моё заявление»: stage, next term and clause by number and surname, without signing in. Nothing asked is kept."""

from dataclasses import dataclass

from flask import Blueprint, Response, make_response, render_template, request
from flask.blueprints import BlueprintSetupState

from ...models import Application, utc_now
from ...procedure.numbers import WrongNumber, parse
from ...procedure.road import road
from ...procedure.shape import Status
from ...procedure.terms import Deadline
from ..cases import story
from ..cases.calendar import deadlines, office_calendar
from ..cases.conflicts import plain
from ..dates import day_of
from . import throttle
from .account.cases import clause_address
from .phrases import sitting_words
from .ready import ready
from .throttle import STATUS, Wait, tried

public = Blueprint("status", __name__)

LONGEST = 200
NOT_FOUND = (
    "Заявления с таким номером и фамилией нет. Сверьте номер с распиской; фамилию введите так, как она написана в заявлении."
)


@public.record_once
def no_token(state: BlueprintSetupState) -> None:
    """An answer without any effect needs no token, and a visitor of the public site no cookie."""
    state.app.extensions["csrf"].exempt(public)


@dataclass(frozen=True)
class Stage:
    """Where an application stands; says nobody's name."""

    number: str
    status: Status
    turn: story.Turn
    term: Deadline | None
    last: story.Happened | None
    sitting: str
    edition: str


@public.get("/status")
@ready
def index() -> str:
    """The question."""
    return _page()


@public.post("/status")
def answer() -> Response:
    """The answer; whoever knows only the number learns nothing, not even whether there is such an application."""
    typed = {name: request.form.get(name, "").strip()[:LONGEST] for name in ("number", "surname")}
    errors = {} if typed["surname"] else {"surname": "Введите фамилию педагога."}
    try:
        number = str(parse(typed["number"]))
    except WrongNumber as wrong:
        errors["number"] = wrong.sentence
    if errors:
        return _answered(_page(typed, errors), 422)
    try:
        attempt = tried(STATUS, number)
    except Wait as wait:
        told = throttle.sentence(wait.pause, "попыток")
        refused = _answered(_page(typed, refusal=told), 429)
        refused.headers.update(throttle.retry_after(wait.pause))
        return refused
    found = _found(number, typed["surname"])
    if found is None:
        return _answered(_page(typed, refusal=NOT_FOUND), 404)
    attempt.forgive()
    return _answered(_page(typed, stage=_stage(found)), 200)


def _found(number: str, surname: str) -> Application | None:
    """The application of this number, if the surname is the one in it; a merged one leads to where it went."""
    case: Application | None = Application.get_or_none(Application.number == number)
    if case is None or plain(case.surname) != plain(surname):
        return None
    while case.merged_into_id:
        case = case.merged_into
    return case


def _stage(case: Application) -> Stage:
    today = day_of(utc_now())
    running = deadlines(case, today, office_calendar())
    happened = story.happened(case)
    return Stage(
        number=case.number or "",
        status=road("application", case.edition).status(case.status),
        turn=story.turn(case, story.duties_of([case])[case.id]),
        term=running[0] if running else None,
        last=happened[-1] if happened else None,
        # Day and place of the sitting are no secret; when the teacher is due there, only the cabinet says.
        sitting=sitting_words(sitting) if (sitting := story.sitting_told(case)) else "",
        edition=case.edition,
    )


def _page(
    typed: dict[str, str] | None = None,
    errors: dict[str, str] | None = None,
    refusal: str = "",
    stage: Stage | None = None,
) -> str:
    return render_template(
        "status.html", typed=typed or {}, errors=errors or {}, refusal=refusal, stage=stage, clause_address=clause_address
    )


def _answered(text: str, status: int) -> Response:
    made = make_response(text, status)
    made.headers["Cache-Control"] = "no-store"
    made.headers["X-Robots-Tag"] = "noindex"
    return made
