# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The desk «Заявления»: registries, the page of a case, the pages of its moves."""

from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_admin import expose

from ....models import Application, utc_now
from ....procedure.road import road
from ....procedure.words import Category
from ....site.cases import moves as case_moves
from ....site.cases.people import roles_in
from ....site.cases.rights import parts_seen
from ....site.cases.sight import at_desk, begun, within_sight
from ....site.dates import day_of
from ...access import Permission
from ..base import Answer, ListDesk, Query, done, found, invalid, link, person, refused_status, seen_version
from .moves import address_of
from .steps import STEPS


class CaseDesk(ListDesk):
    """Applications, the latest first."""

    permission = Permission.READ_CASES
    model_class = Application
    heading = "Заявления"
    can_export = True
    nothing = "Ни одного заявления не нашлось."
    column_list = ("number", "surname", "position", "category", "status", "filed_on", "due_on")
    column_labels = {"surname": "Педагог"}  # noqa: RUF012
    cells = {  # noqa: RUF012
        "number": lambda case: link(str(case), url_for("office_cases.case", id=case.id)),
        "surname": lambda case: case.person,
        "category": lambda case: Category(case.category).label if case.category else "",
        "status": lambda case: road("application", case.edition).statuses[case.status],
    }

    def get_query(self) -> Query:
        return Application.select().where(within_sight(person(), day_of(utc_now())), begun(), Application.merged_into.is_null())

    def default_order(self) -> list[Any]:
        return [Application.filed_on.desc(nulls="FIRST"), Application.id.desc()]

    @expose("/<int:id>/")
    def case(self, id: int) -> Answer:
        """The page of a case."""
        return self._case_page(_seen(id))

    @expose("/<int:id>/<verb>", methods=("GET", "POST"))
    def move(self, id: int, verb: str) -> Answer:
        """One move: what it means, what it needs, the button."""
        application = _seen(id)
        try:
            move = case_moves.move_of(application, verb)
        except KeyError:
            abort(404)
        if move.roles.isdisjoint(roles_in(application, person(), day_of(utc_now()))):
            abort(403)
        step = STEPS.get(application.edition, {}).get(verb)
        if step is None:
            abort(404)
        form = step.form(application)
        if request.method == "POST" and not invalid(form):
            seen = seen_version()
            if done(lambda: step.act(case_moves.as_seen(application, seen), form, person())):
                flash(move.done, "success")
                return redirect(url_for(".case", id=id))
        status = refused_status(form) if request.method == "POST" else 200
        return self.render("desk/cases/move.html", case=_seen(id), move=move, form=form), status

    def _case_page(self, application: Application) -> str:
        today = day_of(utc_now())
        user = person()
        steps = [(move, address_of(application, move.verb)) for move in case_moves.open_moves(application, user, today)]
        return self.render(
            "desk/cases/case.html",
            case=application,
            parts=parts_seen(application, user, today),
            status=road("application", application.edition).status(application.status),
            steps=steps,
        )


def _seen(id: int) -> Application:
    """The case of this id, if the person meets it at the desk; otherwise 404, as if it were not there."""
    application = found(Application, id)
    if not at_desk(application, person(), day_of(utc_now())):
        abort(404)
    return application
