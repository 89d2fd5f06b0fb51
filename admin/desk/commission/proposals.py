# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""Cases that wait for a sitting, to be ticked and put on its agenda."""

from flask import flash, redirect, request, url_for
from flask_admin import expose

from ....models import Application, Sitting, utc_now
from ....site.cases.calendar import counting_calendar
from ....site.dates import day_of
from ...acts.commission import proposals as acts
from ...acts.commission import sittings
from ..base import LARGEST_ID, Answer, Desk, attempt, found, person
from ..cases.due import due

SHOWN = 200


class ProposalPages(Desk):
    """The page `/admin/sittings/<id>/propose`."""

    @expose("/<int:id>/propose", methods=("GET", "POST"))
    def propose(self, id: int) -> Answer:
        """What waits, the nearest end of a term first; what is ticked is asked about once more, with its count and list."""
        sitting = found(Sitting, id)
        if request.method == "GET":
            return self._propose_page(sitting)
        ticked = [case_id for case_id in request.form.getlist("case", type=int) if 0 < case_id < LARGEST_ID]
        if not ticked:
            flash("Отметьте хотя бы одно дело.", "error")
            return self._propose_page(sitting), 422
        if request.form.get("sure") != "yes":
            cases = list(acts.fitting(sitting, person(), day_of(utc_now())).where(Application.id.in_(ticked)))
            return self.render("desk/commission/propose_sure.html", sitting=sitting, **self._shown(sitting, cases))
        done = attempt(lambda: acts.put(sitting, ticked, by=person(), on=utc_now()))
        if done is None:
            return self._propose_page(sitting), 409
        if done.put:
            flash(f"Вынесено дел: {len(done.put)}. Педагогам отправлены письма.", "success")
        if not done.refused:
            return redirect(url_for(".sitting", id=id), 303)
        flash(f"Не вынесено дел: {len(done.refused)}. Почему, сказано ниже.", "error")
        return self._propose_page(sitting, done.refused), 200 if done.put else 409

    def _propose_page(self, sitting: Sitting, refused: tuple[tuple[Application, str], ...] = ()) -> str:
        waiting = acts.fitting(sitting, person(), day_of(utc_now()))
        cases = list(waiting.limit(SHOWN))
        more = waiting.count() - len(cases) if len(cases) == SHOWN else 0
        return self.render(
            "desk/commission/propose.html",
            sitting=sitting,
            more=more,
            refused=refused,
            # So many boxes, from the first, are ticked beforehand.
            ticked=request.args.get("first", 0, type=int),
            **self._shown(sitting, cases),
        )

    def _shown(self, sitting: Sitting, cases: list[Application]) -> dict[str, object]:
        today, calendar = day_of(utc_now()), counting_calendar()
        taken = sittings.heard([sitting.id]).get(sitting.id, 0)
        return {
            "rows": [
                (case, due(case.edition, case.due_term, case.due_on, today, calendar), sittings.too_late(sitting, case))
                for case in cases
            ],
            "taken": taken,
            "room": None if sitting.capacity is None else max(sitting.capacity - taken, 0),
            "open": sittings.changeable(sitting) and sitting.held_on >= today,
            "title": acts.entrance(sitting.edition).title,
        }
