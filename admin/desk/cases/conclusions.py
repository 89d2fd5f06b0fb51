# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The page of a case's conclusions: every version with its explanation and file, and the way to return one for rework."""

from flask import abort
from flask_admin import expose

from ....models import utc_now
from ....procedure.road import road
from ....site.cases import moves
from ....site.cases.conclusions import PARTS, versions
from ....site.cases.judgement import OUTCOMES
from ....site.cases.people import roles_in
from ....site.cases.rights import seen_by
from ....site.dates import day_of
from ...acts.cases.conclusions import RETURNS
from ..base import Answer, Desk, person
from .finding import seen_case
from .moves import address_of


class ConclusionPages(Desk):
    """Pages under `/admin/cases/<id>/` about what was concluded."""

    @expose("/<int:id>/conclusion")
    def conclusion(self, id: int) -> Answer:
        """All versions that this person may read, the newest first."""
        application, user, today = seen_case(id), person(), day_of(utc_now())
        if seen_by(application, roles_in(application, user, today)).isdisjoint(PARTS.values()):
            abort(404)
        whole = road("application", application.edition)
        returns = [move for move in moves.open_moves(application, user, today) if move.verb in RETURNS]
        return self.render(
            "desk/cases/conclusion.html",
            case=application,
            versions=versions(application, user, today),
            outcomes=OUTCOMES,
            title_of=whole.title_of,
            returns=[(move, address_of(application, move.verb)) for move in returns],
        )
