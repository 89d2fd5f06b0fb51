"""«Где моё заявление»: stage, next term and clause by number and surname, without signing in. Nothing asked is kept."""

from dataclasses import dataclass

from flask import Blueprint, Response
from flask.blueprints import BlueprintSetupState

from ...models import Application, utc_now
from ...procedure.numbers import parse
from ...procedure.road import road
from ...procedure.shape import Status
from ...procedure.terms import Deadline
from ..cases import story
from ..cases.calendar import deadlines, office_calendar
from ..dates import day_of
from .asking import Question
from .phrases import sitting_words
from .ready import ready
from .throttle import STATUS

public = Blueprint("status", __name__)


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
    return QUESTION.page()


@public.post("/status")
def answer() -> Response:
    """The answer."""
    return QUESTION.answer()


def _stage(case: Application) -> Stage:
    """What is told of a case; of a merged one, where it went."""
    while case.merged_into_id:
        case = case.merged_into
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


QUESTION = Question(
    template="status.html",
    door=STATUS,
    read=lambda typed: str(parse(typed)),
    find=lambda number: Application.get_or_none(Application.number == number),
    stage=_stage,
    nameless="Введите фамилию педагога.",
    nobody=(
        "Заявления с таким номером и фамилией нет. Сверьте номер с распиской;"
        " фамилию введите так, как она написана в заявлении."
    ),
)
