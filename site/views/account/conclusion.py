"""The conclusions of a case, explained row by row, and the mark that the teacher's side has read them."""

from flask import abort, flash, redirect, request, url_for

from ....models import utc_now
from ....procedure.road import road
from ...cases import moves
from ...cases.conclusions import versions
from ...cases.judgement import OUTCOMES
from ...cases.reading import VERB, read_conclusion
from ...cases.rights import CONCLUSIONS, parts_seen
from ..acting import done
from .cases import NOT_HERE, mine, today
from .home import category
from .room import Answer, page, person, public


@public.route("/applications/<int:id>/conclusion", methods=["GET", "POST"])
def conclusion(id: int) -> Answer:
    """What the experts have concluded and why; 404 while that is not for the teacher's side to see (3.3.2)."""
    case = mine(id)
    if CONCLUSIONS.isdisjoint(parts_seen(case, person(), today())):
        abort(404, NOT_HERE)
    version = request.form.get("version", type=int)
    if request.method == "POST" and done(lambda: read_conclusion(moves.as_seen(case, version), by=person(), on=utc_now())):
        flash(moves.move_of(case, VERB).done, "success")
        return redirect(url_for("account.conclusion", id=case.id))
    case = mine(id)
    found = versions(case, person(), today())
    current = [one for one in found if one.current]
    reading = next((move for move in moves.open_moves(case, person(), today()) if move.verb == VERB), None)
    shown = page(
        "conclusion.html",
        case=case,
        category=category(case),
        current=current,
        former=[one for one in found if not one.current],
        outcomes=OUTCOMES,
        title_of=road("application", case.edition).title_of,
        reading=reading if any(one.conclusion.read_at is None for one in current) else None,
    )
    return shown, 409 if request.method == "POST" else 200
