# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The page of a case: what is to be done, what it holds, what has happened; the pages of its moves and of its messages."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_wtf import FlaskForm
from peewee import prefetch

from ....models import (
    Application,
    CaseEvent,
    CaseFile,
    CheckMark,
    Conclusion,
    JournalEntry,
    Letter,
    Paper,
    Review,
    User,
    utc_now,
)
from ....procedure.road import Move, Road, road
from ....procedure.words import CaseRole, Category, Channel
from ....site import journal
from ....site.application import NAME as FORM
from ....site.cases import attachments, messages
from ....site.cases import moves as case_moves
from ....site.cases.applying import acting
from ....site.cases.calendar import deadlines, office_calendar
from ....site.cases.facts import observe
from ....site.cases.people import OFFICE, roles_in
from ....site.cases.rights import Part, seen_by
from ....site.dates import day_of
from ....site.forms import form as form_of
from ...acts.cases import checks, entering, reading
from ...acts.commission import voting
from ...acts.commission.proceedings import heard
from ..base import Answer, Desk, done, invalid, person, refused_status, seen_version
from . import forms
from .due import MARKS
from .enter import kinds_brought
from .finding import seen_case
from .moves import address_of, followed, opened, settled
from .steps import STEPS

# Answers that belong to the contacts of a teacher, not to the application that an expert may read.
CONTACTS = frozenset({"born_on", "phone_work", "phone_home", "phone_mobile", "email"})
# Where a conclusion belongs by the role of whoever gave it.
CONCLUSIONS = {CaseRole.MAIN_EXPERT: Part.FIRST_CONCLUSION, CaseRole.SECOND_EXPERT: Part.SECOND_CONCLUSION}
# Every saving of a draft stands in the journal; whoever opens the case wants to know what happened in it.
UNTOLD = (journal.case_verb("save_draft"), "score_self")
HISTORY_SHOWN = 200


@dataclass(frozen=True)
class Ahead:
    """A move that the person may make: where; what is opened there, if that is more than the move; what is missing; whether the
    case waits for it.
    """

    move: Move
    address: str | None
    opened: str
    missing: tuple[str, ...]
    awaited: bool


@dataclass(frozen=True)
class Seen:
    """A case as one person meets it today."""

    case: Application
    today: dt.date
    road: Road
    roles: frozenset[Any]
    parts: frozenset[Part]
    facts: frozenset[str]

    @classmethod
    def of(cls, application: Application, user: User, today: dt.date) -> "Seen":
        """About twenty queries: the facts of a case stand in many tables."""
        roles = roles_in(application, user, today)
        return cls(
            case=application,
            today=today,
            road=road("application", application.edition),
            roles=roles,
            parts=seen_by(application, roles),
            facts=observe(application, today),
        )

    def ahead(self) -> list[Ahead]:
        """The moves open to the person: first what the case waits for and can be done, asides last."""
        awaited = self.road.awaited(self.case.status, self.facts)
        found = []
        for move in self.road.open_moves(self.case.status, self.roles):
            if move.makes and move.makes in self.facts and not move.aside:
                continue  # the deed is done
            missing = self.road.missing(move, self.facts | settled(self.case, move.verb))
            address, words = address_of(self.case, move.verb), opened(self.case, move.verb)
            found.append(Ahead(move, address, words, missing, move in awaited))
        return sorted(found, key=lambda one: (not one.awaited, bool(one.missing), one.move.reason))


class CasePages(Desk):
    """The pages under `/admin/cases/<id>/`."""

    @expose("/<int:id>/")
    def case(self, id: int) -> Answer:
        """The page of a case; of one that was merged, the page of the other. That it was opened is in the journal."""
        application = seen_case(id)
        if application.merged_into_id:
            flash(f"Заявление {application} объединено с заявлением {application.merged_into}: открыто оно.", "success")
            return redirect(url_for(".case", id=application.merged_into_id))
        reading.note(application, by=person(), on=utc_now())
        messages.mark_read(application, by=person(), on=utc_now())
        return self._case_page(application, forms.MessageForm(formdata=None))

    @expose("/<int:id>/messages", methods=("POST",))
    def write(self, id: int) -> Answer:
        """A message to the teacher."""
        application = seen_case(id)
        form = forms.MessageForm()
        if Part.MESSAGES not in seen_by(application, roles_in(application, person(), day_of(utc_now()))):
            abort(403)
        if not invalid(form) and done(lambda: messages.write(application, form.text.data or "", by=person(), on=utc_now())):
            flash("Сообщение отправлено.", "success")
            return redirect(url_for(".case", id=id, _anchor="messages"))
        return self._case_page(application, form), refused_status(form)

    @expose("/<int:id>/<verb>", methods=("GET", "POST"))
    def move(self, id: int, verb: str) -> Answer:
        """One move: what it means, what it needs, the button."""
        application = seen_case(id)
        if verb not in {move.verb for move in road("application", application.edition).moves}:
            abort(404)
        move = case_moves.move_of(application, verb)
        if move.roles.isdisjoint(roles_in(application, person(), day_of(utc_now()))):
            abort(403)
        step = STEPS.get(application.edition, {}).get(verb)
        if step is None:
            address = address_of(application, verb)
            return redirect(address) if address else abort(404)
        form = step.form(application)
        if request.method == "POST" and not invalid(form):
            version = seen_version()
            if done(lambda: step.act(case_moves.as_seen(application, version), form, person())):
                flash(move.done, "success")
                return redirect(url_for(".case", id=id))
        status = refused_status(form) if request.method == "POST" else 200
        return self._move_page(seen_case(id), move, form, step.given), status

    def _move_page(self, application: Application, move: Move, form: FlaskForm, given: frozenset[str]) -> str:
        seen = Seen.of(application, person(), day_of(utc_now()))
        closed = application.status not in move.sources
        return self.render(
            "desk/cases/move.html",
            case=application,
            move=move,
            form=form,
            closed=seen.road.statuses[application.status] if closed else "",
            missing=seen.road.missing(move, seen.facts | given),
            sitting=application.sitting,
            told=forms.told,
        )

    def _case_page(self, application: Application, message_form: FlaskForm) -> str:
        user, now = person(), utc_now()
        seen = Seen.of(application, user, day_of(now))
        parts = seen.parts
        ahead = seen.ahead()
        main = next((one for one in ahead if one.awaited), None)
        # The case may wait for either of two, as for the one decision or the other.
        also = [one for one in ahead if main and one is not main and one.awaited and one.address and not one.missing]
        untold = UNTOLD if Part.HEARING in parts else (*UNTOLD, *voting.RECORDED)
        told = journal.history(case_moves.SUBJECT, application.id).where(JournalEntry.verb.not_in(untold))
        history = told.limit(HISTORY_SHOWN)
        files = _files(application, parts)
        return self.render(
            "desk/cases/case.html",
            case=application,
            Part=Part,
            parts=parts,
            status=seen.road.status(application.status),
            turn=[seen.road.title_of(role) for role in seen.road.turn(application.status, seen.facts)],
            main=main,
            also=also,
            following=_following(seen),
            others=[one for one in ahead if one is not main and one not in also and not _same_work(one, main)],
            remarks=_remarks(seen, ahead),
            deadlines=deadlines(application, seen.today, office_calendar()),
            marks=MARKS,
            answers=_answers(application, parts),
            people=_people(seen),
            represented=seen.road.title_of(CaseRole.REPRESENTATIVE),
            folder=_folder(application),
            files=files,
            authority=[file for _, file in files if file.kind == attachments.AUTHORITY],
            conclusions=_conclusions(seen),
            brings=bool(kinds_brought(application)),
            hearings=heard(application) if Part.HEARING in parts else (),
            checks=_checks(application) if Part.CHECKS in parts else (),
            events=_events(seen) if Part.HISTORY in parts else (),
            dialogue=list(messages.of(application)) if Part.MESSAGES in parts else (),
            message_form=message_form,
            letters=_letters(application) if Part.LETTERS in parts else (),
            alike=_alike(application) if Part.CONTACTS in parts else (),
            history_entries=list(history) if Part.HISTORY in parts else None,
            verbs=journal.VERBS,
            category=Category(application.category).label if application.category else "не указана",
            held=Category(application.held_category).label if application.held_category else "нет",
            channel=Channel(application.channel).label,
            sitting=forms.told(sitting) if (sitting := application.sitting) else "",
        )


def _following(seen: Seen) -> tuple[str, str | None] | None:
    """What the person does for all cases of the sitting at once, and where, when the case waits for that."""
    if CaseRole.SECRETARY not in seen.roles:
        return None
    awaited = seen.road.awaited(seen.case.status, seen.facts)
    move = next((one for one in awaited if one.follows), None)
    return followed(move, seen.case.sitting) if move else None


def _same_work(one: Ahead, main: Ahead | None) -> bool:
    """Whether the move is made at the end of the same work as the main one, which says all about it."""
    return bool(main and main.opened and one.address == main.address)


# --- What the page shows ----------------------------------------------------------------------------------------------------


def _remarks(seen: Seen, ahead: Iterable[Ahead]) -> list[tuple[str, str, str]]:
    """Where the source is silent or contradicts itself about this stage: what it is about, the clause, what was chosen."""
    status = seen.road.status(seen.case.status)
    found = [(f"Состояние «{status.title}»", status.clause, status.remark)] if status.remark else []
    return found + [(one.move.title, one.move.clause, one.move.remark) for one in ahead if one.move.remark]


def _answers(application: Application, parts: frozenset[Part]) -> list[tuple[int, str, str]]:
    """The lines of the application as they were filled in; without contacts for whoever may not see them."""
    numbered = form_of(FORM).numbered
    shown = [part for part in numbered if Part.CONTACTS in parts or part.name not in CONTACTS]
    said = application.answers
    return [(part.number, part.text, said[part.name]) for part in shown if said.get(part.name)]


def _people(seen: Seen) -> list[tuple[str, str]]:
    """Who takes part: what the source calls them, and their names."""
    case, title = seen.case, seen.road.title_of
    found = [(title(CaseRole.TEACHER), case.person or "не указан")]
    if representative := acting(case):
        until = f", документ действует по {representative.expires_on:%d.%m.%Y}" if representative.expires_on else ""
        found.append((title(CaseRole.REPRESENTATIVE), f"{representative.full_name}: {representative.document}{until}"))
    if Part.EXPERTS not in seen.parts:
        return found
    if clerk := case.entered_by:
        found.append(("внёс с бумаги", clerk.full_name))
    if leader := case.group_leader:
        found.append((title(CaseRole.GROUP_LEADER), leader.full_name))
    judging = Review.select(Review, User).join(User).where(Review.application == case, Review.ended_at.is_null())
    return found + [(title(CaseRole(one.role)), one.expert.full_name) for one in judging.order_by(Review.id)]


def _folder(application: Application) -> list[Paper]:
    """The lines of the inventory with the files that are in the case; two queries."""
    lines = Paper.select().where(Paper.application == application).order_by(Paper.number)
    found: list[Paper] = prefetch(lines, CaseFile.select().where(CaseFile.removed_at.is_null()).order_by(CaseFile.id))
    return found


def _files(application: Application, parts: frozenset[Part]) -> list[tuple[str, CaseFile]]:
    """Files of the case outside of folder and conclusions that the person may open, each with what it is."""
    kinds = {name: kind for name, kind in attachments.KINDS.items() if name != attachments.CONCLUSION and kind.part in parts}
    loose = [file for file in attachments.kept(application) if not file.paper_id]
    return [(kinds[file.kind].title, file) for file in loose if file.kind in kinds]


def _conclusions(seen: Seen) -> list[Conclusion]:
    """The conclusions that the person may read, each with its review, the newest version last; one query.

    Those of an expert who was replaced are only for the office (`site/cases/conclusions.versions`).
    """
    roles = [role for role, part in CONCLUSIONS.items() if part in seen.parts]
    given = Conclusion.select(Conclusion, Review).join(Review).where(Review.application == seen.case)
    if seen.roles.isdisjoint(OFFICE):
        given = given.where(Review.ended_at.is_null())
    return list(given.where(Review.role.in_(roles)).order_by(Review.id, Conclusion.number))


def _checks(application: Application) -> list[tuple[str, CheckMark]]:
    marks = CheckMark.select(CheckMark, User).join(User).where(CheckMark.application == application).order_by(CheckMark.id)
    return [(checks.STATED.get(mark.fact, mark.fact), mark) for mark in marks]


def _events(seen: Seen) -> list[tuple[str, dt.date]]:
    """What has happened in the case, by day."""
    titles = {event.name: event.title for event in seen.road.events}
    days = CaseEvent.select().where(CaseEvent.application == seen.case).order_by(CaseEvent.day, CaseEvent.id)
    return [(titles[one.name], one.day) for one in days if one.name in titles]


def _letters(application: Application) -> list[Letter]:
    mine = Letter.select(Letter, User).join(User).where(Letter.application == application, ~Letter.private)
    return list(mine.order_by(Letter.id.desc()))


def _alike(application: Application) -> list[Application]:
    """Other applications of the same person for the same position."""
    asked = application.surname, application.name, application.born_on, application.position
    return entering.alike(*asked, but=application.id) if application.surname else []
