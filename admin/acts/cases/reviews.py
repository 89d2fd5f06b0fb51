"""The work of experts on a case: taking it up, scoring, the comments of additional experts.

What is scored is kept in the review at each save, under a version of its own: a case is not held up by somebody's typing.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from peewee import CharField

from ....models import Application, Paper, Review, User, database
from ....procedure.refusal import Refusal
from ....procedure.words import CaseRole
from ....rubrics import forms
from ....rubrics.shape import Form
from ....site import fields, journal
from ....site.cases import moves
from ....site.cases.folder import form_of
from ....site.cases.judgement import OUTCOMES, answers_in, of_review, proofs_in, remark_field
from ....site.dates import day_of

# Moves by which an expert ends the scoring: as long as one of them is open, the sheet may be written in.
CONCLUDING = frozenset({"conclude", "conclude_against", "conclude_second", "upload_conclusion", "finish_review"})
SCORING = (CaseRole.MAIN_EXPERT, CaseRole.SECOND_EXPERT)
REASON, ADVICE, COMMENT = (
    CharField(4000, verbose_name=name) for name in ("Обоснование вывода", "Рекомендации", "Комментарий к экспертизе")
)
OVERTAKEN = "Оценка уже изменена в другом окне. Откройте её заново и повторите то, чего не хватает."
NO_FORM = "Не выбрана форма оценки: без неё экспертизу не начать."


@dataclass(frozen=True)
class Entered:
    """What was typed on the sheet: its fields, the ids of papers by field, the conclusion in words."""

    fields: Mapping[str, str] = field(default_factory=dict)
    papers: Mapping[str, Sequence[str]] = field(default_factory=dict)
    outcome: str = ""
    outcome_reason: str = ""
    recommendations: str = ""


def review_of(application: Application, user: User) -> Review | None:
    """This person's own review in the case; one query."""
    mine = Review.application == application, Review.expert == user, Review.ended_at.is_null()
    found: Review | None = Review.select().where(*mine).first()
    return found


def may_score(application: Application, review: Review, user: User, today: dt.date) -> bool:
    """Whether this person writes in the sheet of the review now."""
    mine = review.expert_id == user.id and review.ended_at is None and review.role in SCORING
    return mine and any(move.verb in CONCLUDING for move in moves.open_moves(application, user, today))


def as_seen(review: Review, version: int | None) -> Review:
    """The review, if it is still the version that the person's screen showed; Refusal if another window was quicker."""
    if review.version != version:
        raise Refusal(OVERTAKEN)
    return review


def start(application: Application, *, by: User, on: dt.datetime) -> Application:
    """The main expert takes up the case."""
    return moves.make(application, "start_review", by=by, on=on)


def name_form(application: Application, number: int, *, by: User, on: dt.datetime) -> Application:
    """Say by which form the case is scored, where nobody has said it; Refusal for a form that there is not."""
    try:
        forms.form(number)
    except forms.UnknownForm as unknown:
        raise Refusal(str(unknown)) from None
    review = review_of(application, by)
    if review is None or not may_score(application, review, by, day_of(on)):
        raise Refusal("Форму оценки выбирает эксперт, который ведёт экспертизу, пока она не завершена.")
    if application.form:
        raise Refusal(f"Форма оценки уже выбрана: {application.form}.")
    with database.atomic():
        moves.hold(application, on=on, form=number)
        _note(application, "name_form", by, on, f"форма {number}")
    return application


def save(
    application: Application, review: Review, entered: Entered, *, by: User, on: dt.datetime, quietly: bool = False
) -> Review:
    """Keep the sheet as it was typed, finished or not, with what it counts to; the review takes its next version.

    Figures that cannot be counted are kept as they are: they only keep the sheet from being finished. `quietly`: the page
    saves by itself while one types, which the journal does not tell.
    """
    if not may_score(application, review, by, day_of(on)):
        raise Refusal("Сейчас оценку изменить нельзя: экспертиза не начата, завершена или передана другому эксперту.")
    form = form_of(application)
    if form is None:
        raise Refusal(NO_FORM)
    if entered.outcome and entered.outcome not in OUTCOMES:
        raise Refusal("Такого вывода нет: выберите «соответствует» или «не соответствует».")
    written = {
        "outcome": entered.outcome,
        "outcome_reason": fields.paragraph(REASON, entered.outcome_reason),
        "recommendations": fields.paragraph(ADVICE, entered.recommendations),
        **_counted(application, form, entered),
    }
    with database.atomic():
        hold(review, **written)
        if not quietly:
            _note(application, "save_review", by, on)
    return review


def comment(
    application: Application, review: Review, text: str, entered: Entered, *, nothing: bool, by: User, on: dt.datetime
) -> Application:
    """An additional expert says what they think of the scoring, as a whole and row by row, or that there is `nothing`."""
    form = form_of(application)
    said = fields.paragraph(COMMENT, text)
    answers = _remarks(form, entered) if form else {}
    if nothing and (said or answers):
        raise Refusal("Отмечено, что замечаний нет, но замечание написано: оставьте что-то одно.")
    if not nothing and not (said or answers):
        raise Refusal("Напишите замечание или отметьте, что замечаний нет.")
    with database.atomic():
        moves.allow(application, "comment", by=by, on=on)
        hold(review, comment=said, answers=answers, commented_at=on)
        return moves.make(application, "comment", by=by, on=on)


def hold(review: Review, **changes: Any) -> None:
    """Write these columns and take the next version, if the review is still as the person saw it; Refusal if not."""
    same = Review.id == review.id, Review.version == review.version, Review.ended_at.is_null()
    written = {"version": review.version + 1, **changes}
    if not Review.update(written).where(*same).execute():
        raise Refusal(OVERTAKEN)
    for name, value in written.items():
        setattr(review, name, value)


def _counted(application: Application, form: Form, entered: Entered) -> dict[str, Any]:
    """The columns that follow from the sheet."""
    papers = list(Paper.select().where(Paper.application == application))
    answers, proofs = answers_in(form, entered.fields), proofs_in(form, entered.papers, papers)
    told = of_review(form, application, Review(answers=answers, proofs=proofs), papers)
    return {
        "answers": answers,
        "proofs": proofs,
        "scored": told.scored,
        "points_low": told.low,
        "points_high": told.high,
        "implied": told.implied,
    }


def _remarks(form: Form, entered: Entered) -> dict[str, str]:
    """The remarks alone: an additional expert scores nothing."""
    rows = {remark_field(row) for row in form.criteria}
    return {name: text for name, text in answers_in(form, entered.fields).items() if name in rows}


def _note(application: Application, verb: str, by: User, on: dt.datetime, details: str = "") -> None:
    journal.write(by=by, on=on, verb=verb, subject=moves.SUBJECT, subject_id=application.id, details=details)
