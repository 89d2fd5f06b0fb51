# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The desk «Моё участие»: what an expert has to do, and what they say of themselves."""

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose
from flask_wtf import FlaskForm

from ....models import Application, DeclaredConflict, Expert, Review, utc_now
from ....site.cases.workload import at_work
from ...access import Permission
from ...acts.cases.candidates import form_titles
from ...acts.experts import bank, ties
from ..base import LARGEST_ID, Answer, Desk, done, found, invalid, person, refused_status
from . import rows
from .bank import today, work_of
from .forms import DeclareForm


class ParticipationDesk(Desk):
    """An expert's own entry in the bank."""

    permission = Permission.TAKE_PART

    @expose("/")
    def index(self) -> Answer:
        """Own cases, approvals, absences, conflicts."""
        return self._page(_own())

    @expose(f"/<any({','.join(rows.OWN)}):kind>/", methods=("POST",))
    def add_row(self, kind: str) -> Answer:
        """Something the expert says of themselves."""
        expert, form = _required(), rows.typed(kind)
        if not invalid(form) and done(lambda: rows.add(expert, kind, form, person())):
            flash(rows.KINDS[kind].added, "success")
            return redirect(f"{url_for('.index')}#{kind}")
        return self._page(_own(), {kind: form}), refused_status(form)

    @expose(f"/<any({','.join(rows.OWN)}):kind>/<int:row>/remove/", methods=("POST",))
    def remove_row(self, kind: str, row: int) -> Answer:
        """Something taken back."""
        expert = _required()
        if done(lambda: rows.remove(expert, kind, min(row, LARGEST_ID - 1), person())):
            flash(rows.KINDS[kind].removed, "success")
            return redirect(f"{url_for('.index')}#{kind}")
        return self._page(_own()), 409

    @expose("/conflict/<int:id>", methods=("GET", "POST"))
    def conflict(self, id: int) -> Answer:
        """A conflict of interest in a case that was given to the expert."""
        expert, case = _required(), found(Application, id)
        mine = Review.select().join(Application).where(Review.application == case, Review.expert == person(), at_work())
        if not mine.exists():
            abort(404)
        form = DeclareForm()
        if request.method == "POST" and not invalid(form):
            reason = form.reason.data or ""
            if done(lambda: ties.declare_in(case, expert, reason=reason, by=person(), on=utc_now())):
                flash(
                    f"Вы заявили о конфликте интересов, {case}. Экспертиза остановлена: вас заменят, либо председатель "
                    "комиссии решит, что вы можете её продолжить.",
                    "success",
                )
                return redirect(url_for(".index"))
        page = self.render("desk/experts/declare.html", case=case, form=form)
        return page, refused_status(form) if request.method == "POST" else 200

    def _page(self, expert: Expert | None, typed: dict[str, FlaskForm] | None = None) -> str:
        if expert is None:
            return self.render("desk/experts/participation.html", expert=None)
        declared = DeclaredConflict.select(DeclaredConflict.application).where(
            DeclaredConflict.expert == expert, DeclaredConflict.application.is_null(False)
        )
        return self.render(
            "desk/experts/participation.html",
            expert=expert,
            work=[work_of(review) for review in bank.cases_of(expert)],
            declared={row.application_id for row in declared},
            kinds=rows.KINDS,
            own=rows.OWN,
            rows=rows.rows_of(expert),
            typed=typed or {},
            blank=rows.blank,
            titles=form_titles(),
            today=today(),
            address_of_row=lambda kind: lambda row: url_for(".remove_row", kind=kind, row=row),
        )


def _own() -> Expert | None:
    """The expert of the bank who is at the desk."""
    expert: Expert | None = Expert.get_or_none(Expert.user == person())
    return expert


def _required() -> Expert:
    """The same; 404 for whom the bank does not know."""
    return _own() or abort(404)
