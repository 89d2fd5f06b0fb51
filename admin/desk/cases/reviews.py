# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The desk of an expert: the folder beside the form, the check before the end, the signing and the uploading."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Response, abort, flash, jsonify, make_response, redirect, request, url_for
from flask_admin import expose

from ....models import Application, Paper, Review, User, utc_now
from ....procedure.refusal import Refusal
from ....procedure.road import Move, road
from ....procedure.words import CaseRole, Category
from ....rubrics import advice
from ....rubrics import forms as rubrics
from ....rubrics.portable import portable
from ....rubrics.shape import Criterion, Form
from ....site import evidence, worksheet
from ....site.cases import attachments, moves
from ....site.cases.conclusions import current_of, explained, printed
from ....site.cases.facts import observe
from ....site.cases.folder import form_of, note_reading, papers_of
from ....site.cases.judgement import OUTCOMES, answers_in, of_review, papers_field, proofs_in, remarks_in
from ....site.dates import CITY, day_of
from ....site.printing.press import PressFailed
from ....site.views.layout import parts
from ...access import Permission
from ...acts import uploads
from ...acts.cases import conclusions as giving
from ...acts.cases import reviews as acts
from ..base import Answer, attempt, done, person
from ..forms import ConfirmForm
from ..uploads import imports_dir
from .conclusions import ConclusionPages
from .dissents import DissentPages
from .finding import seen_case

START = "start_review"
LONGEST_OPTION = 90


@dataclass(frozen=True)
class Said:
    """What an additional expert says: as a whole and by clause of the form."""

    name: str
    whole: str
    rows: Mapping[str, str]
    spoken: bool


class ReviewDesk(ConclusionPages, DissentPages):
    """Cases that somebody judges."""

    permission = Permission.READ_CASES

    def __init__(self, **names: Any) -> None:
        # Its pages stand under the addresses of the desk of applications: none of them is «/».
        self._default_view = "review"
        super().__init__(**names)

    def is_accessible(self) -> bool:
        """The menu has the desk of applications: a review is opened from its case."""
        return False

    # The sheet

    @expose("/<int:id>/review", methods=("GET", "POST"))
    def review(self, id: int) -> Answer:
        """The folder beside the form: filled in by whoever judges, commented by additional experts."""
        application, review = _mine(id)
        if review.role == CaseRole.ADDITIONAL_EXPERT:
            return self._commenting(application, review)
        if not acts.may_score(application, review, person(), day_of(utc_now())):
            return self._closed(application, review)
        form = form_of(application)
        if form is None:
            return self.render("desk/cases/review_form.html", case=application, forms=rubrics.edition().forms)
        if request.method == "GET":
            note_reading(application, by=person(), on=utc_now())
            return self._sheet(application, review, form)
        entered = _entered()
        if done(lambda: acts.save(application, acts.as_seen(review, _seen()), entered, by=person(), on=utc_now())):
            if "check" in request.form:
                return redirect(url_for(".check", id=id), 303)
            flash("Оценка сохранена.", "success")
            return redirect(url_for(".review", id=id), 303)
        return self._sheet(application, _mine(id)[1], form, entered), 409

    @expose("/<int:id>/review/draft", methods=("POST",))
    def draft(self, id: int) -> Answer:
        """What the page saves by itself while one types."""
        application, review = _mine(id)
        now = utc_now()
        try:
            kept = acts.save(application, acts.as_seen(review, _seen()), _entered(), by=person(), on=now, quietly=True)
        except Refusal as refusal:
            return make_response(jsonify(sentence=refusal.sentence), 409)
        return jsonify(version=kept.version, at=f"{now.astimezone(CITY):%H:%M}")

    @expose("/<int:id>/review/start", methods=("POST",))
    def start(self, id: int) -> Answer:
        """Take the case up."""
        application, _review = _mine(id)
        if done(lambda: acts.start(moves.as_seen(application, _seen()), by=person(), on=utc_now())):
            flash(moves.move_of(application, START).done, "success")
            return redirect(url_for(".review", id=id), 303)
        return self._closed(*_mine(id)), 409

    @expose("/<int:id>/review/form", methods=("POST",))
    def name_form(self, id: int) -> Answer:
        """Say by which form the case is scored."""
        application, _review = _mine(id)
        number = request.form.get("form", type=int) or 0
        done(lambda: acts.name_form(moves.as_seen(application, _seen()), number, by=person(), on=utc_now()))
        return redirect(url_for(".review", id=id), 303)

    # The end

    @expose("/<int:id>/review/check")
    def check(self, id: int) -> Answer:
        """What is missing, what the conclusion will say, and how it is given."""
        return self._check(*_judging(id))

    @expose("/<int:id>/review/preview.pdf")
    def preview(self, id: int) -> Answer:
        """The conclusion made from the data, not signed: to be read, or printed and signed by hand."""
        application, review, form = _judging(id)
        try:
            data = printed(application, review, form, on=utc_now())
        except PressFailed:
            abort(503, "Не удалось изготовить PDF. Повторите через минуту.")
        return Response(data, mimetype="application/pdf", headers={"Content-Disposition": "inline; filename=conclusion.pdf"})

    @expose("/<int:id>/review/sign", methods=("POST",))
    def sign(self, id: int) -> Answer:
        """Sign electronically, which ends the review."""
        application, review, _form = _judging(id)
        move = giving.signing_move(application, review, person(), day_of(utc_now()))
        version, now = _seen(), utc_now()
        if move is None or not done(
            lambda: giving.sign(application, acts.as_seen(review, version), _folder(), by=person(), on=now)
        ):
            return self._check(*_judging(id)), 409
        flash(move.done, "success")
        return redirect(url_for(".conclusion", id=id), 303)

    @expose("/<int:id>/review/upload", methods=("POST",))
    def upload(self, id: int) -> Answer:
        """Take a signed PDF; where it differs from the data, ask first."""
        application, review, form = _judging(id)
        sent = request.files.get("file")
        if sent is None or not sent.filename:
            flash("Выберите файл с подписанным заключением.", "error")
            return self._check(application, review, form), 422
        data, name = sent.read(), sent.filename
        limits = attachments.bounds_of(application.edition, attachments.CONCLUSION)
        if not done(lambda: evidence.examine(data, name, limits)):
            return self._check(application, review, form), 413 if len(data) > limits.most else 422
        if not done(lambda: acts.as_seen(review, _seen())):
            return self._check(application, review, form), 409
        differences = giving.compared(application, review, data)
        if differences:
            content = {
                "name": name,
                "data": base64.b64encode(data).decode(),
                "version": review.version,
                "differences": differences,
            }
            token = uploads.keep(imports_dir(), _subject(review), content, by=person(), on=utc_now())
            return redirect(url_for(".uploaded", id=id, token=token), 303)
        return self._give_uploaded(application, review, data, name)

    @expose("/<int:id>/review/upload/<token>", methods=("GET", "POST"))
    def uploaded(self, id: int, token: str) -> Answer:
        """In what the file differs from the data, and the button that takes it all the same."""
        application, review, form = _judging(id)
        kept = attempt(lambda: uploads.kept(imports_dir(), token, _subject(review), by=person(), on=utc_now()))
        if kept is None:
            return self._check(application, review, form), 410
        if request.method == "POST":
            if not done(lambda: acts.as_seen(review, kept["version"])):
                return self._check(application, review, form), 409
            # How many, not which: they tell points and names, and the journal is read by those who see no conclusion.
            details = f"подтверждено расхождений файла и данных: {len(kept['differences'])}"
            answer = self._give_uploaded(application, review, base64.b64decode(kept["data"]), kept["name"], details)
            uploads.drop(imports_dir(), token)
            return answer
        return self.render(
            "desk/cases/review_uploaded.html",
            case=application,
            name=kept["name"],
            differences=kept["differences"],
            form=ConfirmForm(),
        )

    @expose("/<int:id>/review/finish", methods=("POST",))
    def finish(self, id: int) -> Answer:
        """Hand over what was uploaded."""
        application, review, _form = _judging(id)
        move = giving.finishing_move(application, person(), day_of(utc_now()))
        if done(lambda: giving.finish(application, acts.as_seen(review, _seen()), by=person(), on=utc_now())) and move:
            flash(move.done, "success")
            return redirect(url_for(".conclusion", id=id), 303)
        return self._check(*_judging(id)), 409

    # Shared by the pages above

    def _sheet(self, application: Application, review: Review, form: Form, typed: acts.Entered | None = None) -> str:
        """The sheet as it is kept, or as it was `typed` when keeping it was refused."""
        papers = papers_of(application)
        shown = _overlaid(review, form, papers, typed) if typed else review
        said = _said(application, form) if review.role == CaseRole.MAIN_EXPERT else ()
        return self.render(
            "desk/cases/review.html",
            case=application,
            review=review,
            shown=shown,
            told=of_review(form, application, shown, papers),
            papers=papers,
            said=said,
            noted={clause for one in said for clause in one.rows},
            newer=typed is not None,
            **_of_form(application, form, papers),
        )

    def _commenting(self, application: Application, review: Review) -> Answer:
        """An additional expert reads the form as the main one has filled it in so far, and comments."""
        form = form_of(application)
        move = next((move for move in _open(application) if move.verb == "comment"), None)
        if move is None or form is None:
            return self._closed(application, review)
        if request.method == "POST":
            text, nothing = request.form.get("comment", ""), "nothing" in request.form
            entered, seen = _entered(), _seen()
            if done(
                lambda: acts.comment(
                    application, acts.as_seen(review, seen), text, entered, nothing=nothing, by=person(), on=utc_now()
                )
            ):
                flash(move.done, "success")
                return redirect(url_for(".review", id=application.id), 303)
            review = _mine(application.id)[1]
            review.comment, review.answers = text, answers_in(form, entered.fields)
        else:
            note_reading(application, by=person(), on=utc_now())
        papers = papers_of(application)
        main: Review | None = _main(application)
        told = of_review(form, application, main, papers) if main else None
        page = self.render(
            "desk/cases/review_comment.html",
            case=application,
            review=review,
            rows=explained(told, papers) if told else (),
            told=told,
            main=main,
            papers=papers,
            move=move,
            **_of_form(application, form, papers),
        )
        return (page, 409) if request.method == "POST" else page

    def _closed(self, application: Application, review: Review) -> str:
        """Before the review and after it there is nothing to fill in."""
        note_reading(application, by=person(), on=utc_now())
        opening = next((move for move in _open(application) if move.verb == START), None)
        return self.render(
            "desk/cases/review_closed.html",
            case=application,
            status=road("application", application.edition).status(application.status),
            opening=opening,
            missing=giving.missing(application, opening, day_of(utc_now())) if opening else (),
            papers=papers_of(application),
            given=bool(review.conclusions.count()),
            form=ConfirmForm(),
        )

    def _check(self, application: Application, review: Review, form: Form) -> str:
        user, today = person(), day_of(utc_now())
        papers = papers_of(application)
        told = of_review(form, application, review, papers)
        signing = giving.signing_move(application, review, user, today)
        uploading = giving.uploading_move(application, review, user, today)
        finishing = giving.finishing_move(application, user, today)
        return self.render(
            "desk/cases/review_check.html",
            case=application,
            review=review,
            told=told,
            rows=explained(told, papers),
            outcomes=OUTCOMES,
            advice=advice,
            signing=signing,
            uploading=uploading,
            finishing=finishing,
            missing=giving.missing(application, uploading, today) if uploading else (),
            unfinished=_unfinished(application, finishing) if finishing else (),
            uploaded=current_of(review),
            limits=attachments.bounds_of(application.edition, attachments.CONCLUSION),
            required={fact for move in (signing, uploading, finishing) if move for fact in move.needs},
            form=ConfirmForm(),
        )

    def _give_uploaded(self, application: Application, review: Review, data: bytes, name: str, details: str = "") -> Answer:
        move = giving.uploading_move(application, review, person(), day_of(utc_now()))
        if move is None or not done(
            lambda: giving.upload(application, review, _folder(), data, name, by=person(), on=utc_now(), details=details)
        ):
            return self._check(*_judging(application.id)), 409
        flash(move.done, "success")
        return redirect(url_for(".check" if move.makes else ".conclusion", id=application.id), 303)


# --- What the pages show ----------------------------------------------------------------------------------------------------


def _of_form(application: Application, form: Form, papers: list[Paper]) -> dict[str, Any]:
    """What templates need of the form besides what was filled in."""
    return {
        "form": form,
        "entry": rubrics.edition(form.edition).entry(form.number),
        "engine": portable(form),
        "advice": advice,
        "counts": worksheet.counts,
        "names_pupils": worksheet.names_pupils,
        "outcomes": OUTCOMES,
        "category": Category(application.category or "first").label,
        "papers_field": papers_field,
        "offered": lambda row: _offered(row, papers),
        "shortened": _shortened,
        "token_form": ConfirmForm(),
    }


def _offered(row: Criterion, papers: list[Paper]) -> list[tuple[str, list[Paper]]]:
    """The lines of the inventory to choose from: first those that the teacher has tied to the row."""
    tied = [paper for paper in papers if paper.criterion == row.clause]
    others = [paper for paper in papers if paper.criterion != row.clause]
    return [(title, found) for title, found in (("Педагог указал к этой строке", tied), ("Остальная опись", others)) if found]


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_OPTION else f"{text[: LONGEST_OPTION - 1]}…"


def _said(application: Application, form: Form) -> tuple[Said, ...]:
    """What additional experts say; one query."""
    mine = Review.application == application, Review.role == CaseRole.ADDITIONAL_EXPERT, Review.ended_at.is_null()
    reviews = Review.select(Review, User).join(User).where(*mine).order_by(Review.id)
    return tuple(
        Said(
            name=review.expert.full_name,
            whole=review.comment,
            rows=remarks_in(form, review.answers),
            spoken=review.commented_at is not None,
        )
        for review in reviews
    )


def _overlaid(review: Review, form: Form, papers: list[Paper], typed: acts.Entered) -> Review:
    """The review as it was typed, not kept."""
    return Review(
        answers=answers_in(form, typed.fields),
        proofs=proofs_in(form, typed.papers, papers),
        outcome=typed.outcome,
        outcome_reason=typed.outcome_reason,
        recommendations=typed.recommendations,
        version=review.version,
        role=review.role,
    )


def _unfinished(application: Application, finishing: Move) -> tuple[str, ...]:
    """What is missing before the conclusion is handed over, the uploading included."""
    whole = road("application", application.edition)
    return whole.missing(finishing, observe(application, day_of(utc_now())))


# --- Inside -----------------------------------------------------------------------------------------------------------------


def _mine(id: int) -> tuple[Application, Review]:
    """The case and this person's own review in it; 404 for whoever judges nothing there."""
    application = seen_case(id)
    review = acts.review_of(application, person())
    if review is None:
        abort(404)
    return application, review


def _judging(id: int) -> tuple[Application, Review, Form]:
    """The case, the review and the form, as long as the sheet may be written in; otherwise the page of the conclusion."""
    application, review = _mine(id)
    form = form_of(application)
    if form is None or not acts.may_score(application, review, person(), day_of(utc_now())):
        abort(409, "Экспертиза ещё не начата или уже завершена: оценку сейчас изменить нельзя.")
    return application, review, form


def _open(application: Application) -> tuple[Move, ...]:
    return moves.open_moves(application, person(), day_of(utc_now()))


def _main(application: Application) -> Review | None:
    mine = Review.application == application, Review.role == CaseRole.MAIN_EXPERT, Review.ended_at.is_null()
    found: Review | None = Review.select().where(*mine).first()
    return found


def _entered() -> acts.Entered:
    """What was typed on the page."""
    typed = request.form
    return acts.Entered(
        fields=typed.to_dict(),
        papers={name: typed.getlist(name) for name in typed if name.startswith("p-")},
        outcome=typed.get("outcome", ""),
        outcome_reason=typed.get("outcome_reason", ""),
        recommendations=typed.get("recommendations", ""),
    )


def _seen() -> int | None:
    return request.form.get("version", type=int)


def _folder() -> Path:
    return parts().settings.cases_dir


def _subject(review: Review) -> str:
    return f"conclusion of review {review.id}"
