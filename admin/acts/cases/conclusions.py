"""Conclusions: signed electronically, uploaded signed, handed over, returned for rework. Each version stays readable."""

import datetime as dt
from pathlib import Path

from ....models import Application, CaseFile, Conclusion, Dissent, DissentSignature, Review, User, database
from ....procedure.refusal import Refusal
from ....procedure.road import Move, road
from ....procedure.words import CaseRole
from ....site.cases import attachments, comparison, moves
from ....site.cases.conclusions import ELECTRONIC, UPLOADED, current_of, printed
from ....site.cases.facts import NEGATIVE, POSITIVE, observe
from ....site.cases.folder import form_of
from ....site.cases.people import roles_in
from ....site.dates import day_of
from ....site.printing.press import PressFailed
from . import reviews

# Facts that giving the conclusion makes true: they cannot be missing before.
GIVEN = frozenset({"conclusion_signed", "second_conclusion_signed", "second_conclusion_given", "conclusion_uploaded"})
SIGNED = frozenset({"conclusion_signed", "second_conclusion_signed"})
OUTCOME = frozenset({"conclusion_positive", "conclusion_negative"})
# A move that needs this fact is not for the other outcome.
_AGAINST = {POSITIVE: "conclusion_negative", NEGATIVE: "conclusion_positive"}
RETURNS = {"return_conclusion": CaseRole.MAIN_EXPERT, "return_second_conclusion": CaseRole.SECOND_EXPERT}


def signing_move(application: Application, review: Review, user: User, today: dt.date) -> Move | None:
    """The move by which this person signs, where the road asks for a signature; it depends on the outcome."""
    other = _AGAINST.get(review.outcome)
    signing = (move for move in moves.open_moves(application, user, today) if SIGNED & set(move.needs))
    return next((move for move in signing if other not in move.needs), None)


def uploading_move(application: Application, review: Review, user: User, today: dt.date) -> Move | None:
    """The move that an uploaded file makes: a deed of its own, or the signing."""
    deeds = (move for move in moves.open_moves(application, user, today) if move.makes == "conclusion_uploaded")
    return next(deeds, None) or signing_move(application, review, user, today)


def finishing_move(application: Application, user: User, today: dt.date) -> Move | None:
    """The move that hands over what was uploaded, where that is a move of its own."""
    handing = (move for move in moves.open_moves(application, user, today) if "conclusion_uploaded" in move.needs)
    return next(handing, None)


def missing(application: Application, move: Move, today: dt.date) -> tuple[str, ...]:
    """What is still not there before this move, as sentences. Not counted: the conclusion itself, and the outcome, by which the
    move was chosen."""
    return road("application", application.edition).missing(move, observe(application, today) | GIVEN | OUTCOME)


def sign(application: Application, review: Review, folder: Path, *, by: User, on: dt.datetime) -> Application:
    """Give the conclusion that is made from the data, with the mark of an electronic signature, and end the review.

    `folder`: where files of cases are kept. Nothing is printed for a conclusion that would be refused.
    """
    move = _ready(application, review, signing_move(application, review, by, day_of(on)), by, on)
    form = form_of(application)
    if form is None:
        raise Refusal(reviews.NO_FORM)
    try:
        data = printed(application, review, form, on=on, number=_next(review))
    except PressFailed:
        raise Refusal("Не удалось изготовить PDF заключения. Повторите через минуту; оценка сохранена.") from None
    return _give(application, review, move, ELECTRONIC, folder, data, _file_name(application, review), by, on)


def upload(
    application: Application,
    review: Review,
    folder: Path,
    data: bytes,
    name: str,
    *,
    by: User,
    on: dt.datetime,
    details: str = "",
) -> Application:
    """Give a conclusion that was signed elsewhere as a PDF. `details`: what differed from the data and was confirmed."""
    move = _ready(application, review, uploading_move(application, review, by, day_of(on)), by, on)
    return _give(application, review, move, UPLOADED, folder, data, name, by, on, details)


def compared(application: Application, review: Review, data: bytes) -> tuple[str, ...]:
    """In what the uploaded PDF differs from the data, as sentences to be confirmed."""
    return comparison.differences(data, comparison.expected_of(application, review, form_of(application)))


def finish(application: Application, review: Review, *, by: User, on: dt.datetime) -> Application:
    """Hand over the conclusion that was uploaded; Refusal when the sheet says something else by now."""
    move = finishing_move(application, by, day_of(on))
    if move is None:
        raise Refusal("Завершить экспертизу сейчас нельзя: она не начата или уже завершена.")
    given = current_of(review)
    if given and not _same(given, review):
        raise Refusal("После загрузки файла оценка изменена: загрузите заключение заново, чтобы файл и данные совпадали.")
    with database.atomic():
        moves.allow(application, move.verb, by=by, on=on)
        reviews.hold(review)
        return moves.make(application, move.verb, by=by, on=on)


def give_back(application: Application, verb: str, reason: str, *, by: User, on: dt.datetime) -> Application:
    """Return a conclusion for rework. Its version stays; signatures under a record of disagreement about it do not."""
    role = RETURNS[verb]
    with database.atomic():
        moves.allow(application, verb, by=by, on=on)
        mine = Review.application == application, Review.role == role, Review.ended_at.is_null()
        review: Review | None = Review.select().where(*mine).first()
        if review is None:
            raise Refusal("Возвращать некому: эксперт не назначен.")
        reviews.hold(review, returned_at=on, return_reason=reason.strip()[:300])
        about = Dissent.select(Dissent.id).where(Dissent.application == application)
        DissentSignature.delete().where(DissentSignature.dissent.in_(about)).execute()
        return moves.make(application, verb, by=by, on=on, reason=reason)


def _ready(application: Application, review: Review, move: Move | None, by: User, on: dt.datetime) -> Move:
    """The move, if nothing but the conclusion itself is missing; Refusal otherwise."""
    if move is None:
        raise Refusal("Дать заключение сейчас нельзя: экспертиза не начата, завершена или передана другому эксперту.")
    if not review.outcome:
        raise Refusal("Выберите вывод: соответствует или не соответствует.")
    today = day_of(on)
    facts = observe(application, today) | GIVEN
    roles = roles_in(application, by, today)
    return road("application", application.edition).check(move.verb, application.status, roles, facts)


def _give(
    application: Application,
    review: Review,
    move: Move,
    signature: str,
    folder: Path,
    data: bytes,
    name: str,
    by: User,
    on: dt.datetime,
    details: str = "",
) -> Application:
    before = dict(application.__data__)
    try:
        with database.atomic():
            moves.allow(application, move.verb, by=by, on=on)
            reviews.hold(review)
            number = _next(review)
            file = attachments.attach(application, attachments.CONCLUSION, folder, data=data, name=name, by=by, on=on)
            _write(review, number, file, signature, on)
            said = "; ".join(filter(None, (f"версия {number}", details)))
            return moves.make(application, move.verb, by=by, on=on, details=said)
    except BaseException:
        # The object in hand is again what the table holds: attaching has taken a version of its own.
        application.__data__.update(before)
        raise


def _write(review: Review, number: int, file: CaseFile, signature: str, on: dt.datetime) -> None:
    Conclusion.create(
        review=review,
        number=number,
        file=file,
        answers=review.answers,
        proofs=review.proofs,
        points_low=review.points_low,
        points_high=review.points_high,
        outcome=review.outcome,
        outcome_reason=review.outcome_reason,
        recommendations=review.recommendations,
        signature=signature,
        given_at=on,
    )


def _same(given: Conclusion, review: Review) -> bool:
    names = ("answers", "proofs", "outcome", "outcome_reason", "recommendations")
    return all(getattr(given, name) == getattr(review, name) for name in names)


def _next(review: Review) -> int:
    return int(review.conclusions.count()) + 1


def _file_name(application: Application, review: Review) -> str:
    return f"Заключение {application.number}, версия {_next(review)}.pdf"
