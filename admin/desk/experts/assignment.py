# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""Giving cases to experts: one case with its candidates, the chair's word about a conflict, many cases at once."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from werkzeug.datastructures import MultiDict

from ....models import Application, Expert, ExpertGroup, Review, User, utc_now
from ....procedure.road import Move, road
from ....procedure.words import CaseRole
from ....site.cases import moves
from ....site.cases.people import roles_in
from ....site.cases.sight import at_desk
from ....site.cases.workload import assigning, seats
from ...access import Permission
from ...acts.cases import assignment, candidates, distribution
from ..base import LARGEST_ID, Answer, Desk, done, found, invalid, person, refused_status, seen_version
from .bank import today
from .forms import AssignForm, PermitForm

# Candidates on one page; a search finds the others.
SHOWN = 30
# Cases given at once.
MOST = 50
LONGEST_SEARCH = 100


class AssignmentDesk(Desk):
    """Cases that wait for experts."""

    permission = Permission.READ_EXPERTS

    def __init__(self, **names: Any) -> None:
        # Its pages stand under the addresses of two other desks: none of them is «/».
        self._default_view = "index"
        super().__init__(**names)

    # Many cases

    @expose("/experts/assign")
    def index(self) -> Answer:
        """What waits: cases to give, and experts who have declared a conflict of interest."""
        user = person()
        waiting = distribution.waiting(user)
        return self.render(
            "desk/experts/waiting.html",
            waiting=[(case, moves.move_of(case, verb)) for case, verb in waiting[:MOST]],
            more=max(len(waiting) - MOST, 0),
            sets_day=any(assignment.REVIEW_DAY in moves.move_of(case, verb).sets for case, verb in waiting),
            stopped=distribution.stopped(user, today()),
            permits=lambda case: assignment.permitting_move(case, user, today()),
            today=today(),
        )

    @expose("/experts/assign/proposal", methods=("GET", "POST"))
    def proposal(self) -> Answer:
        """How the chosen cases would be distributed; sent, each of them is given to its experts."""
        wanted = set(request.values.getlist("case", type=int)[:MOST])
        chosen = [(case, verb) for case, verb in distribution.waiting(person()) if case.id in wanted]
        day = _day(request.values.get("review_day", ""))
        sets_day = any(assignment.REVIEW_DAY in moves.move_of(case, verb).sets for case, verb in chosen)
        if request.method == "POST":
            return self._given(chosen, day)
        if not chosen:
            flash("Отметьте хотя бы одно заявление.", "error")
            return redirect(url_for(".index"))
        if sets_day and (day is None or day < today()):
            flash("Назначьте дату экспертизы: сегодняшнюю или более позднюю.", "error")
            return redirect(url_for(".index"))
        known = candidates.dossiers(Expert.select().where(Expert.active))
        proposals = distribution.propose(chosen, known, day=day or today(), today=today())
        return self.render(
            "desk/experts/proposal.html",
            proposals=proposals,
            ready=sum(not one.trouble for one in proposals),
            shares=distribution.shares(proposals, known),
            day=day if sets_day else None,
        )

    def _given(self, waiting: Sequence[tuple[Application, str]], day: dt.date | None) -> Answer:
        chosen = [
            distribution.Chosen(
                case,
                request.form.get(f"version-{case.id}", type=int),
                verb,
                {role: _ids(request.form, f"{role.value}-{case.id}") for role in seats(case.edition, verb)},
            )
            for case, verb in waiting
        ]
        results = distribution.give(chosen, review_day=day, by=person(), on=utc_now())
        gone = set(request.form.getlist("case", type=int)) - {case.id for case, _verb in waiting}
        return self.render("desk/experts/given.html", results=results, gone=len(gone))

    # One case

    @expose("/cases/<int:id>/experts", methods=("GET", "POST"))
    def assign(self, id: int) -> Answer:
        """The candidates of a case, and who gets it."""
        case = _case(id, {role for move in assigning(found(Application, id).edition) for role in move.roles})
        move = assignment.assigning_move(case, person(), today())
        if move is None:
            return self.render("desk/experts/closed.html", case=case, status=_status(case), team=_team(case))
        form = AssignForm(review_day=case.review_day)
        if assignment.REVIEW_DAY not in move.sets:
            del form.review_day
        if not move.reason:
            del form.reason
        if request.method == "GET":
            return self._assign_page(case, move, form)
        seen = seen_version()
        if not invalid(form) and done(lambda: _assign(moves.as_seen(case, seen), move, form, person())):
            flash(move.done, "success")
            return redirect(url_for("office_cases.case", id=id))
        return self._assign_page(found(Application, id), move, form), refused_status(form)

    @expose("/cases/<int:id>/conflict", methods=("GET", "POST"))
    def conflict(self, id: int) -> Answer:
        """Experts in conflict with the teacher, one of whom the chair may let judge the case."""
        case = _case(id, {CaseRole.CHAIR})
        move = assignment.permitting_move(case, person(), today())
        if move is None:
            return self.render("desk/experts/closed.html", case=case, status=_status(case), team=_team(case))
        form = PermitForm()
        wanted = next(iter(_ids(request.values, "expert")), None)
        if request.method == "POST" and not invalid(form):
            seen = seen_version()
            expert = Expert.get_or_none(Expert.user == wanted) if wanted else None
            if expert is None:
                flash("Выберите эксперта, о котором решаете.", "error")
            elif done(lambda: _permit(moves.as_seen(case, seen), expert, form, person())):
                flash(f"{move.done} Теперь этого эксперта можно назначить или оставить.", "success")
                return redirect(url_for("office_cases.case", id=id))
        case = found(Application, id)
        known = candidates.dossiers(_shown(case, _search()))
        seen_by_case = _candidates(case, known, next(iter(_roles_of(move))))
        page = self.render(
            "desk/experts/conflict.html",
            case=case,
            move=move,
            form=form,
            search=_search(),
            wanted=wanted,
            team=_team(case),
            rows=[one for one in seen_by_case if one.conflicts and one.user_id != case.applicant_id],
        )
        return page, refused_status(form) if request.method == "POST" else 200

    def _assign_page(self, case: Application, move: Move, form: AssignForm) -> str:
        wanted = seats(case.edition, move.verb)
        known = candidates.dossiers(_shown(case, _search()))
        rows = _candidates(case, known, next(iter(wanted)), form.review_day.data if form.review_day else None)
        now = assignment.seated(case)
        marked = _marked(case, move, wanted, now, rows)
        taken = {user_id for role in wanted for user_id in (*marked[role], *now.get(role, ()))}
        # Who is chosen or at work stands first, whatever the search says.
        rows.sort(key=lambda one: one.user_id not in taken)
        return self.render(
            "desk/experts/assign.html",
            case=case,
            status=_status(case),
            move=move,
            form=form,
            missing=assignment.missing(case, move, today()),
            seats=wanted,
            marked=marked,
            now=now,
            rows=rows[:SHOWN],
            more=max(len(rows) - SHOWN, 0),
            search=_search(),
            all=bool(request.args.get("all")),
            permits=assignment.permitting_move(case, person(), today()),
            today=today(),
        )


# --- Inside -----------------------------------------------------------------------------------------------------------------


def _case(id: int, roles: set[Any]) -> Application:
    """The case of this id: 404 if it is not the person's business, 403 if they have another part in it."""
    case = found(Application, id)
    user = person()
    if not at_desk(case, user, today()):
        abort(404)
    if roles.isdisjoint(roles_in(case, user, today())):
        abort(403)
    return case


def _assign(case: Application, move: Move, form: AssignForm, by: User) -> Application:
    experts = {role: _ids(request.form, role.value) for role in seats(case.edition, move.verb)}
    day = form.review_day.data if form.review_day else None
    reason = form.reason.data or "" if form.reason else ""
    return assignment.assign(case, move.verb, experts, review_day=day, reason=reason, by=by, on=utc_now())


def _permit(case: Application, expert: Expert, form: PermitForm, by: User) -> Application:
    return assignment.allow_conflict(case, expert, reason=form.reason.data or "", by=by, on=utc_now())


def _ids(typed: MultiDict[str, str], name: str) -> list[int]:
    """The accounts that a form names; what cannot be one is passed over."""
    return [id for id in typed.getlist(name, type=int) if 0 < id < LARGEST_ID]


def _search() -> str:
    return " ".join(request.args.get("search", "").replace("\0", "").split())[:LONGEST_SEARCH]


def _shown(case: Application, search: str) -> Any:
    """The experts that a page compares with the case: who judges its form, or whom the search finds; always who has a seat."""
    seated = Review.select(Review.expert).where(Review.application == case, Review.ended_at.is_null())
    if search:
        named = User.select(User.id).where(*(User.full_name.contains(word) for word in search.split()))
        wanted: Any = Expert.active & Expert.user.in_(named)
    elif request.args.get("all"):
        wanted = Expert.active
    else:
        wanted = Expert.id.in_(candidates.fitting(case).select(Expert.id))
    with_groups = Expert.select(Expert, ExpertGroup).left_outer_join(ExpertGroup)
    return with_groups.where(wanted | Expert.user.in_(seated))


def _candidates(
    case: Application, known: Sequence[candidates.Dossier], role: CaseRole, day: dt.date | None = None
) -> list[candidates.Candidate]:
    return candidates.candidates(
        case,
        known,
        role=role,
        # A day that has passed is refused; until another is named, experts are seen as they are today.
        day=max(day or case.review_day or today(), today()),
        today=today(),
        permitted=candidates.permitted_in(case),
        strangers=candidates.judged_first(case),
    )


def _marked(
    case: Application,
    move: Move,
    wanted: Mapping[CaseRole, int],
    now: Mapping[CaseRole, Sequence[int]],
    rows: Sequence[candidates.Candidate],
) -> dict[CaseRole, list[int]]:
    """Who is marked on the page: what was sent, else who has the seats and may stay, else whom the office would choose."""
    if request.method == "POST":
        return {role: _ids(request.form, role.value) for role in wanted}
    if move.reason:
        staying = {one.user_id for one in rows if one.may_stay}
        return {role: [user_id for user_id in now.get(role, ()) if user_id in staying] for role in wanted}
    free = [one.user_id for one in rows if one.suggested]
    found: dict[CaseRole, list[int]] = {}
    for role, count in wanted.items():
        found[role], free = free[:count], free[count:]
    return found


def _team(case: Application) -> list[tuple[str, str]]:
    """Who judges the case now: seat and name; one query."""
    query = Review.select(Review, User).join(User).where(Review.application == case, Review.ended_at.is_null())
    return [(CaseRole(review.role).label, review.expert.full_name) for review in query.order_by(Review.id)]


def _roles_of(move: Move) -> tuple[CaseRole, ...]:
    return (assignment.PERMITS[move.verb],)


def _status(case: Application) -> str:
    return road("application", case.edition).statuses[case.status]


def _day(text: str) -> dt.date | None:
    """The day of an address, 2026-04-13 or 13.04.2026; None for anything else."""
    for shape in ("%Y-%m-%d", "%d.%m.%Y"):
        try:
            return dt.datetime.strptime(text.strip(), shape).date()
        except ValueError:
            continue
    return None
