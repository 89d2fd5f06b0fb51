# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The sitting as it goes, for one secretary in a room: who is there, one vote for all, cases apart, the close.

Every press writes at once and leads back to the page: a browser that is closed loses nothing, and whoever opens the page sees
what another secretary has done.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from werkzeug.wrappers import Response as AnyResponse
from wtforms import SelectField, StringField, TextAreaField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from ....models import Hearing, JournalEntry, Member, Recusal, Sitting, utc_now
from ....procedure.road import road
from ....procedure.words import Choice, Decision, Seat
from ....site import journal
from ....site.cases.moves import SUBJECT as CASE
from ....site.dates import day_of
from ....site.figures import plural
from ...access import Permission, may
from ...acts.commission import attendance, moves, session, voting
from ...acts.commission.agenda import agenda, asked_to_come
from ...acts.commission.proceedings import Case, Proceedings
from ...login import TypedForm
from ..base import Answer, Desk, attempt, done, found, invalid, person, refused_status, seen_version, within_ids
from .lookup import impartial

# What is told of the last changes, so that whoever was overtaken sees by what.
CHANGES_SHOWN = 8
VOTER = "member-"


class AttendanceForm(TypedForm):
    """When somebody came or left; now, when nothing is typed."""

    time = TimeField("Время, если не сейчас", format=["%H:%M", "%H:%M:%S"], validators=[Optional()])


class PresidingForm(TypedForm):
    """Who presides."""

    presiding = SelectField("Председательствует", coerce=int, validate_choice=False)


class CloseForm(TypedForm):
    """The number of the minutes."""

    number = StringField("Номер протокола", description="Например, 12 или 12-к. В одном году номера не повторяются.")


class VoteForm(TypedForm):
    """Why it was decided so. The votes stand beside: a choice for each member."""

    motive = TextAreaField(
        "Мотивы", description="Обязательны, если решение расходится с заключением эксперта. Войдут в протокол."
    )


class PutOffForm(TypedForm):
    """Why a case is put off."""

    why = StringField("Почему отложено", description="Войдёт в протокол и в письмо педагогу.")


class RecusalForm(TypedForm):
    """Who takes no part in the vote, and why."""

    member = SelectField("Член комиссии", coerce=int, validate_choice=False)
    reason = StringField("Причина", description=f"До {Recusal.reason.max_length} знаков, войдёт в протокол.")


class RunningPages(Desk):
    """Pages under `/admin/sittings/<id>/run/`."""

    RUNNING = (
        *("open_session", "attend", "preside", "receive", "agree", "sort", "close_session"),
        *("vote", "put_off", "take_up", "recuse", "end_recusal"),
    )

    # --- The whole sitting ---

    @expose("/<int:id>/run/")
    def run(self, id: int) -> Answer:
        """The page of the secretary; others who read sittings see it without buttons."""
        return self._run_page(impartial(id))

    @expose("/<int:id>/run/open", methods=("POST",))
    def open_session(self, id: int) -> Answer:
        """Open the sitting."""
        sitting, seen = impartial(id), seen_version()
        if done(lambda: session.open_session(moves.as_seen(sitting, seen), by=person(), on=utc_now())):
            return self._back(sitting, "attendance")
        return self._run_page(impartial(id)), 409

    @expose("/<int:id>/run/attendance", methods=("POST",))
    def attend(self, id: int) -> Answer:
        """Everybody has come; one has come, has left; the last mark about one is taken back."""
        sitting, form = impartial(id), AttendanceForm()
        if not invalid(form):
            at = attendance.moment_of(sitting, form.time.data) if form.time.data else None
            if done(lambda: _attend(sitting, at)):
                return self._back(sitting, "attendance")
        return self._run_page(impartial(id), attendance_form=form), refused_status(form)

    @expose("/<int:id>/run/presiding", methods=("POST",))
    def preside(self, id: int) -> Answer:
        """Name who presides."""
        sitting, form = impartial(id), PresidingForm()
        if not invalid(form):
            member = found(Member, form.presiding.data or 0)
            if done(lambda: attendance.preside(sitting, member, by=person(), on=utc_now())):
                return self._back(sitting, "consent")
        return self._run_page(impartial(id)), 409

    @expose("/<int:id>/run/guests", methods=("POST",))
    def receive(self, id: int) -> Answer:
        """A teacher has come, or was marked by mistake."""
        sitting = impartial(id)
        came = "came" in request.form
        hearing = _hearing(sitting, request.form.get("came" if came else "undo", 0, type=int))
        if done(lambda: attendance.receive(hearing, came, by=person(), on=utc_now())):
            return self._back(sitting, "guests")
        return self._run_page(impartial(id)), 409

    @expose("/<int:id>/run/agree", methods=("POST",))
    def agree(self, id: int) -> Answer:
        """The vote for all at once: everybody present agrees with the conclusions."""
        sitting, seen = impartial(id), seen_version()
        decision = _word(Decision, request.form.get("decision", ""))
        count = attempt(lambda: voting.agree(moves.as_seen(sitting, seen), decision, by=person(), on=utc_now()))
        if count:
            flash(f"Единогласно: {plural(count, 'дело', 'дела', 'дел')}. Решение: {decision.label}.", "success")
            return self._back(sitting, "separate")
        return self._run_page(impartial(id)), 409

    @expose("/<int:id>/run/sort", methods=("POST",))
    def sort(self, id: int) -> Answer:
        """Take one case out of the vote for all at once, or put it back."""
        sitting = impartial(id)
        pulled = "pull" in request.form
        hearing, version = _hearing_pressed(sitting, request.form.get("pull") or request.form.get("back") or "")
        act = voting.pull_out if pulled else voting.put_back
        if done(lambda: act(voting.as_seen(hearing, version), by=person(), on=utc_now())):
            return self._back(sitting, "consent" if pulled else "separate")
        return self._run_page(impartial(id)), 409

    @expose("/<int:id>/run/close", methods=("POST",))
    def close_session(self, id: int) -> Answer:
        """Close the sitting: its minutes are made."""
        sitting, seen, form = impartial(id), seen_version(), CloseForm()
        if not invalid(form):
            number = form.number.data or ""
            if done(lambda: session.close_session(moves.as_seen(sitting, seen), number, by=person(), on=utc_now())):
                flash(moves.move_of(sitting, moves.CLOSE).done, "success")
                return redirect(url_for(".minutes", id=id), 303)
        return self._run_page(impartial(id), close_form=form), refused_status(form)

    # --- One case ---

    @expose("/<int:id>/run/<int:number>/")
    def roll_call(self, id: int, number: int) -> Answer:
        """The vote on one case by name."""
        sitting = impartial(id)
        return self._case_page(sitting, _hearing(sitting, number))

    @expose("/<int:id>/run/<int:number>/vote", methods=("POST",))
    def vote(self, id: int, number: int) -> Answer:
        """Record the votes; then to the next case that waits for a vote of its own."""
        sitting, form = impartial(id), VoteForm()
        hearing, seen = _hearing(sitting, number), seen_version()
        given = _given(request.form)
        if not invalid(form):
            motive = form.motive.data or ""
            if done(lambda: voting.vote(voting.as_seen(hearing, seen), given, motive=motive, by=person(), on=utc_now())):
                return self._after_vote(impartial(id), number)
        return self._case_page(impartial(id), _hearing(sitting, number), vote_form=form, given=given), refused_status(form)

    @expose("/<int:id>/run/<int:number>/put-off", methods=("POST",))
    def put_off(self, id: int, number: int) -> Answer:
        """Put a case off."""
        form = PutOffForm()
        return self._on_case(
            id,
            number,
            lambda hearing: voting.put_off(hearing, form.why.data or "", by=person(), on=utc_now()),
            put_off_form=form,
        )

    @expose("/<int:id>/run/<int:number>/take-up", methods=("POST",))
    def take_up(self, id: int, number: int) -> Answer:
        """Take a case that was put off up again."""
        return self._on_case(id, number, lambda hearing: voting.take_up(hearing, by=person(), on=utc_now()), stay=True)

    @expose("/<int:id>/run/<int:number>/recuse", methods=("POST",))
    def recuse(self, id: int, number: int) -> Answer:
        """A member takes no part in the vote."""
        form = RecusalForm()
        member = found(Member, form.member.data or 0)
        reason = form.reason.data or ""
        return self._on_case(
            id,
            number,
            lambda hearing: voting.recuse(hearing, member, reason, by=person(), on=utc_now()),
            stay=True,
            recusal_form=form,
        )

    @expose("/<int:id>/run/<int:number>/end-recusal", methods=("POST",))
    def end_recusal(self, id: int, number: int) -> Answer:
        """A member takes part after all."""
        member = found(Member, request.form.get("member", 0, type=int))
        return self._on_case(
            id, number, lambda hearing: voting.end_recusal(hearing, member, by=person(), on=utc_now()), stay=True
        )

    # --- Pages ---

    def _run_page(
        self,
        sitting: Sitting,
        attendance_form: AttendanceForm | None = None,
        close_form: CloseForm | None = None,
    ) -> str:
        now = utc_now()
        whole = Proceedings.of(sitting, now)
        presiding = PresidingForm(formdata=None, presiding=sitting.presiding_id or _suggested(whole))
        presiding.presiding.choices = [SelectChoice(str(id), whole.by_id[id].full_name) for id in whole.attended]
        going = moves.under_way(sitting)
        return self.render(
            "desk/commission/run.html",
            sitting=sitting,
            status=road(moves.SUBJECT, sitting.edition).status(sitting.status),
            whole=whole,
            guests=_guests(whole),
            going=going,
            runs=going and may(person(), Permission.RUN_SITTINGS),
            opens=[move for move in moves.open_moves(sitting, person()) if move.verb == session.OPEN],
            missing=moves.missing(sitting, session.OPEN, day_of(now)) if not sitting.opened_at else (),
            Seat=Seat,
            Decision=Decision,
            attendance_form=attendance_form or AttendanceForm(formdata=None),
            presiding_form=presiding,
            close_form=close_form or CloseForm(formdata=None, number=sitting.minutes_number),
            unfinished=session.unfinished(whole) if going else [],
            changes=_changes(whole),
            verbs=journal.VERBS,
        )

    def _case_page(
        self,
        sitting: Sitting,
        hearing: Hearing,
        vote_form: VoteForm | None = None,
        given: Mapping[int, Choice] | None = None,
        put_off_form: PutOffForm | None = None,
        recusal_form: RecusalForm | None = None,
    ) -> str:
        now = utc_now()
        whole = Proceedings.of(sitting, now)
        case = next(one for one in whole.cases if one.hearing.id == hearing.id)
        may_vote = [whole.by_id[member] for member in case.eligible(whole.present)]
        recusal = recusal_form or RecusalForm(formdata=None)
        recusal.member.choices = [
            SelectChoice(str(one.id), one.full_name) for one in whole.members if one.id not in {*case.recused, *case.votes}
        ]
        against = agenda(sitting, day_of(now), only=[hearing.id]).lines[0].against
        return self.render(
            "desk/commission/roll_call.html",
            sitting=sitting,
            whole=whole,
            case=case,
            runs=moves.under_way(sitting) and case.here and may(person(), Permission.RUN_SITTINGS),
            may_vote=[one for one in whole.members if one in may_vote],
            choices=case.votes if given is None else given,
            Choice=Choice,
            Decision=Decision,
            suspected=[(member, reasons) for member, reasons in against if member.id not in case.recused],
            vote_form=vote_form or VoteForm(formdata=None, motive="" if hearing.put_off else hearing.motive),
            put_off_form=put_off_form or PutOffForm(formdata=None),
            recusal_form=recusal,
            following=_following(whole, hearing.number or 0),
        )

    # --- Inside ---

    def _back(self, sitting: Sitting, anchor: str) -> AnyResponse:
        return redirect(url_for(".run", id=sitting.id, _anchor=anchor), 303)

    def _on_case(
        self, id: int, number: int, act: Callable[[Hearing], object], *, stay: bool = False, **forms: TypedForm
    ) -> Answer:
        """Do something about one case as the person saw it; stay at the case or go back to the sitting."""
        sitting = impartial(id)
        hearing, seen = _hearing(sitting, number), seen_version()
        if all(not invalid(form) for form in forms.values()) and done(lambda: act(voting.as_seen(hearing, seen))):
            return redirect(url_for(".roll_call", id=id, number=number), 303) if stay else self._back(sitting, "separate")
        typed: Any = forms
        return self._case_page(impartial(id), _hearing(sitting, number), **typed), 409

    def _after_vote(self, sitting: Sitting, number: int) -> AnyResponse:
        whole = Proceedings.of(sitting, utc_now())
        case = next(one for one in whole.cases if one.hearing.number == number)
        if case.decision:
            flash(f"Дело {number}: {case.decision.label}.", "success")
        else:
            flash(f"Дело {number}: решения нет, голосовало {case.tally.voted}, нужно {whole.needed}.", "warning")
        if following := _following(whole, number):
            return redirect(url_for(".roll_call", id=sitting.id, number=following), 303)
        return self._back(sitting, "close")


def _hearing(sitting: Sitting, number: int) -> Hearing:
    line: Hearing | None = sitting.hearings.where(Hearing.number == within_ids(number)).first()
    return line or abort(404, "Дела с таким номером в повестке нет.")


def _hearing_pressed(sitting: Sitting, value: str) -> tuple[Hearing, int]:
    """The line of the button that was pressed, «number-version»."""
    number, _, version = value.partition("-")
    if not (number.isdecimal() and version.isdecimal() and len(value) < 20):
        abort(400)
    return _hearing(sitting, int(number)), int(version)


def _word(kind: type[Decision], value: str) -> Decision:
    return kind(value) if value in set(kind) else abort(400)


def _attend(sitting: Sitting, at: dt.datetime | None) -> object:
    """What the pressed button of the list of members says."""
    by, on = person(), utc_now()
    for name, act in (("arrived", attendance.arrive), ("left", attendance.leave)):
        if name in request.form:
            return act(sitting, _member(name), at=at, by=by, on=on)
    if "undo" in request.form:
        attendance.take_back(sitting, _member("undo"), by=by, on=on)
        return None
    return attendance.arrive_all(sitting, at=at, by=by, on=on)


def _member(name: str) -> Member:
    return found(Member, request.form.get(name, 0, type=int))


def _given(fields: Mapping[str, str]) -> dict[int, Choice]:
    """The votes of a submitted form: member → choice; whoever did not vote is left out."""
    votes = ((name.removeprefix(VOTER), value) for name, value in fields.items() if name.startswith(VOTER))
    return {int(id): Choice(value) for id, value in votes if id.isdecimal() and len(id) < 10 and value in set(Choice)}


def _suggested(whole: Proceedings) -> int | None:
    """Who usually presides of those in the room: the chair, or else a deputy."""
    leading = [id for id in whole.present if whole.by_id[id].seat in {Seat.CHAIR, Seat.DEPUTY}]
    return leading[0] if leading else None


def _guests(whole: Proceedings) -> list[Case]:
    """The cases whose teachers asked to be present, are invited or have come; by their time."""
    late = dt.datetime.max.replace(tzinfo=dt.UTC)
    mine = [case for case in whole.cases if case.hearing.came or case.hearing.slot_at or asked_to_come(case.application)]
    return sorted(mine, key=lambda case: (case.hearing.slot_at or late, case.hearing.number or 0))


def _following(whole: Proceedings, number: int) -> int | None:
    """The next case that waits for a vote of its own: after this one, or else from the beginning."""
    waiting = [case.hearing.number or 0 for case in whole.separate if case.hearing.number != number]
    return next((one for one in waiting if one > number), waiting[0] if waiting else None)


def _changes(whole: Proceedings) -> list[JournalEntry]:
    """The last things recorded about the sitting and its cases; one query."""
    ids = [case.application.id for case in whole.cases]
    of_sitting = (JournalEntry.subject == moves.SUBJECT) & (JournalEntry.subject_id == whole.sitting.id)
    of_cases = (JournalEntry.subject == CASE) & JournalEntry.subject_id.in_(ids) & JournalEntry.verb.in_(voting.RECORDED)
    return list(JournalEntry.select().where(of_sitting | of_cases).order_by(JournalEntry.id.desc()).limit(CHANGES_SHOWN))
