# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The page of a complaint: what is to be done, what it says, what has happened; pages of its moves, its files and letters."""

import io
from dataclasses import dataclass

from flask import abort, flash, redirect, request, send_file, url_for
from flask_admin import expose
from flask_wtf import FlaskForm
from werkzeug.datastructures import FileStorage
from wtforms.fields.choices import SelectChoice

from ....models import Complaint, ComplaintFile, PaperRequest, Remedy, User, utc_now
from ....procedure.complaints import RECORD, lists, title_of
from ....procedure.road import Move, road
from ....procedure.words import ComplaintChannel
from ....site import journal
from ....site.cases.calendar import office_calendar
from ....site.complaints import files as papers
from ....site.complaints import letters, moves, terms
from ....site.complaints.files import Brought
from ....site.complaints.printing import answer_sheet
from ....site.dates import day_of
from ....site.files import path_of
from ....site.letters.words import STATES
from ....site.printing import press
from ....site.views.headers import POLICY_OF_UPLOADS, in_words
from ....site.views.layout import parts
from ....site.views.papers import in_turn
from ...access import Permission, may
from ...acts.complaints import deciding, entering
from ..base import Answer, Desk, attempt, done, found, invalid, person, refused_status, seen_version
from ..cases.due import MARKS
from . import forms
from .steps import STEPS

# The act is worth a page as wide as its lines.
WIDE = frozenset({"write_act"})
LETTERS_OF_ANSWER = {"answer_granted": letters.GRANTED, "answer_refused": letters.REFUSED}


@dataclass(frozen=True)
class Ahead:
    """A move that the official may make: what is missing, and whether the complaint waits for it."""

    move: Move
    missing: tuple[str, ...]
    awaited: bool


def ahead(complaint: Complaint, user: User, facts: frozenset[str], outcome: str) -> list[Ahead]:
    """The moves open to the person: what the complaint waits for first. Of the decisions only the one that the draft says."""
    whole = road(RECORD, complaint.edition)
    awaited, decisions = whole.awaited(complaint.status, facts), {row.name for row in lists(complaint.edition).outcomes}
    # What the drafted decision lacks is the next thing to do.
    lacking = set(whole.move(outcome).needs) - facts if outcome else set()
    made = []
    for move in whole.open_moves(complaint.status, moves.roles_of(user)):
        if move.verb in decisions - {outcome} or (move.makes in facts and move.verb in LETTERS_OF_ANSWER):
            continue
        missing = whole.missing(move, facts | STEPS[move.verb].given)
        made.append(Ahead(move, missing, (move in awaited or move.makes in lacking) and not missing))
    return sorted(made, key=lambda one: (not one.awaited, bool(one.missing)))


class ComplaintPages(Desk):
    """The pages under `/admin/complaints/<id>/`."""

    @expose("/<int:id>/")
    def complaint(self, id: int) -> Answer:
        """The complaint."""
        return self._page(found(Complaint, id))

    @expose("/<int:id>/do/<verb>", methods=("GET", "POST"))
    def move(self, id: int, verb: str) -> Answer:
        """One move: what it means, what it needs, the button."""
        complaint = found(Complaint, id)
        if verb not in STEPS:
            abort(404)
        move, step = moves.move_of(complaint, verb), STEPS[verb]
        form = step.form(complaint)
        if request.method == "POST" and not invalid(form):
            version = seen_version()
            if done(lambda: step.act(moves.as_seen(complaint, version), form, person())):
                flash(move.done, "success")
                return redirect(url_for(".complaint", id=id))
        status = refused_status(form) if request.method == "POST" else 200
        return self._move_page(found(Complaint, id), move, form, step.given), status

    @expose("/<int:id>/act.pdf")
    def preview(self, id: int) -> Answer:
        """The draft of the act as it will be printed."""
        complaint = found(Complaint, id)
        authority = parts().settings.authority_name
        data = attempt(lambda: in_turn(lambda: deciding.preview(complaint, authority=authority)))
        return _shown(data, "Проект акта.pdf") if data else (self._page(found(Complaint, id)), 409)

    @expose("/<int:id>/letters/<chosen>.pdf")
    def letter(self, id: int, chosen: str) -> Answer:
        """A letter to the complainant, for the post."""
        complaint = found(Complaint, id)
        if chosen not in letters.sent_by(complaint):
            abort(404, "Такого письма по этой жалобе нет.")
        frozen = complaint.files.where(ComplaintFile.kind == papers.ANSWER).first() if chosen in letters.ANSWERS else None
        if frozen:
            return redirect(url_for(".file", file_id=frozen.id))
        sheet = answer_sheet(complaint, chosen, authority=parts().settings.authority_name, on=day_of(utc_now()))
        return _shown(in_turn(lambda: press.letter_apart(sheet)), f"{sheet['title']}.pdf")

    @expose("/<int:id>/files", methods=("GET", "POST"))
    def files(self, id: int) -> Answer:
        """Bring a file."""
        complaint, form = found(Complaint, id), forms.FileForm(kind=papers.SCAN)
        form.kind.choices = [SelectChoice(kind, papers.TITLES[kind]) for kind in papers.BROUGHT]
        bounds = papers.bounds_of(complaint.edition)
        if request.method == "GET":
            return self.render("desk/complaints/files.html", complaint=complaint, form=form, bounds=bounds)
        upload = request.files.get("file")
        if not invalid(form):
            if not upload or not upload.filename:
                form.file.errors = ["Выберите файл."]
            elif done(lambda: _attach(complaint, form.kind.data, upload)):
                flash("Файл приложен.", "success")
                return redirect(url_for(".complaint", id=id, _anchor="papers"))
        page = self.render("desk/complaints/files.html", complaint=complaint, form=form, bounds=bounds)
        return page, refused_status(form)

    @expose("/files/<int:file_id>")
    def file(self, file_id: int) -> Answer:
        """A file of a complaint; who read it stands in the journal."""
        file = found(ComplaintFile, file_id)
        path = path_of(parts().settings.complaints_dir, file.sha256, suffix="")
        if not path.exists():
            abort(404, "Файла нет в хранилище: сообщите администратору.")
        moves.note(file.complaint, "read_file", by=person(), on=utc_now(), details=papers.TITLES[file.kind])
        answer = send_file(path, file.media_type, download_name=file.name, conditional=False, etag=False)
        answer.headers["Content-Security-Policy"] = in_words(POLICY_OF_UPLOADS)
        answer.headers["Cache-Control"] = "no-store"
        del answer.headers["Last-Modified"]
        return answer

    def _page(self, complaint: Complaint) -> str:
        user, today = person(), day_of(utc_now())
        whole, known, act = road(RECORD, complaint.edition), lists(complaint.edition), complaint.act()
        facts = complaint.observe()
        moving = ahead(complaint, user, facts, act.outcome if act else "") if may(user, Permission.KEEP_COMPLAINTS) else []
        kinds = set(complaint.kind_names())
        titles = {event.name: event.title for event in whole.events}
        return self.render(
            "desk/complaints/complaint.html",
            complaint=complaint,
            status=whole.status(complaint.status),
            main=[one for one in moving if one.awaited],
            waiting=[one for one in moving if one.missing and not one.move.aside],
            others=[one for one in moving if not one.awaited and not one.missing],
            remarks=[one.move for one in moving if one.move.remark],
            deadlines=terms.deadlines(complaint, today, office_calendar()),
            marks=MARKS,
            channel=ComplaintChannel(complaint.channel).label,
            kinds=[row for row in known.kinds if row.name in kinds],
            respondent=title_of(known.respondents, complaint.respondent),
            silence=title_of(known.silences, complaint.silence),
            act=act,
            outcome=title_of(known.outcomes, act.outcome) if act else "",
            ground=title_of(known.grounds, act.ground) if act else "",
            remedies=list(complaint.remedies.order_by(Remedy.id)),
            requests=list(complaint.requests.order_by(PaperRequest.id)),
            files=list(complaint.files.order_by(ComplaintFile.id)),
            titles=papers.TITLES,
            events=[(titles[one.name], one.day) for one in sorted(complaint.events, key=lambda one: (one.day, one.id))],
            letters=[(whole.letter(name).title, name) for name in letters.sent_by(complaint)],
            mails={one.name: STATES[one.state] for one in complaint.letters},
            history_entries=list(journal.history(moves.SUBJECT, complaint.id).limit(200)),
            verbs=journal.VERBS,
        )

    def _move_page(self, complaint: Complaint, move: Move, form: FlaskForm, given: frozenset[str]) -> str:
        whole = road(RECORD, complaint.edition)
        closed = complaint.status not in move.sources
        answer = LETTERS_OF_ANSWER.get(move.verb)
        return self.render(
            "desk/complaints/move.html",
            complaint=complaint,
            move=move,
            form=form,
            wide=move.verb in WIDE,
            closed=whole.statuses[complaint.status] if closed else "",
            missing=whole.missing(move, complaint.observe() | given),
            answer=letters.written(complaint, answer) if answer and not closed else None,
            mailed=bool(answer) and letters.by_email(complaint, answer or ""),
        )


def _attach(complaint: Complaint, kind: str, upload: FileStorage) -> ComplaintFile:
    brought = Brought(upload.read(), upload.filename or "")
    return entering.attach(complaint, kind, brought, parts().settings.complaints_dir, by=person(), on=utc_now())


def _shown(data: bytes, name: str) -> Answer:
    answer = send_file(io.BytesIO(data), papers.PDF, download_name=name, max_age=0)
    answer.headers["Cache-Control"] = "no-store"
    return answer
