# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The desk «Заседания»: the list from which sittings are chosen for cases."""

from typing import Any

from flask import flash, redirect, request, url_for
from flask_admin import expose

from ....models import Sitting, utc_now
from ....site.dates import day_of
from ...access import Permission
from ...acts.cases import sittings as acts
from ..base import Answer, Desk, done, found, invalid, person, refused_status, seen_version
from . import forms

PAST_SHOWN = 50


class SittingDesk(Desk):
    """Sittings to come, the nearest first, and those that are over."""

    permission = Permission.KEEP_SITTINGS

    @expose("/")
    def index(self) -> Answer:
        """The list."""
        today = day_of(utc_now())
        ahead = list(acts.ahead(today))
        over = (Sitting.status != "planned") | (Sitting.held_on < today)
        past = list(Sitting.select().where(over).order_by(Sitting.held_on.desc()).limit(PAST_SHOWN))
        return self.render(
            "desk/cases/sittings.html", ahead=ahead, past=past, heard=acts.heard([one.id for one in ahead + past])
        )

    @expose("/new", methods=("GET", "POST"))
    def new(self) -> Answer:
        """A sitting more."""
        form = forms.DatesForm()
        if request.method == "GET":
            return self.render("desk/cases/sitting.html", form=form, sitting=None)
        if not invalid(form) and done(lambda: acts.add(**_values(form), by=person(), on=utc_now())):
            flash("Заседание внесено в список.", "success")
            return redirect(url_for(".index"))
        return self.render("desk/cases/sitting.html", form=form, sitting=None), refused_status(form)

    @expose("/<int:id>/", methods=("GET", "POST"))
    def sitting(self, id: int) -> Answer:
        """Another time or place."""
        sitting = found(Sitting, id)
        form = forms.DatesForm(obj=sitting)
        if request.method == "GET":
            return self._page(sitting, form)
        version = seen_version()
        if not invalid(form) and done(
            lambda: acts.change(acts.as_seen(sitting, version), **_values(form), by=person(), on=utc_now())
        ):
            flash("Сохранено.", "success")
            return redirect(url_for(".index"))
        return self._page(found(Sitting, id), form), refused_status(form)

    @expose("/<int:id>/cancel", methods=("POST",))
    def cancel(self, id: int) -> Answer:
        """Cancel a sitting to which nothing is bound."""
        sitting, version = found(Sitting, id), seen_version()
        if done(lambda: acts.cancel(acts.as_seen(sitting, version), by=person(), on=utc_now())):
            flash(f"Заседание {sitting} отменено.", "success")
            return redirect(url_for(".index"))
        sitting = found(Sitting, id)
        return self._page(sitting, forms.DatesForm(formdata=None, obj=sitting)), 409

    def _page(self, sitting: Sitting, form: forms.DatesForm) -> str:
        count = acts.heard([sitting.id]).get(sitting.id, 0)
        closed = sitting.status != "planned" or sitting.held_on < day_of(utc_now())
        return self.render("desk/cases/sitting.html", form=form, sitting=sitting, count=count, closed=closed)


def _values(form: forms.DatesForm) -> dict[str, Any]:
    return {"held_on": form.held_on.data, "begins_at": form.begins_at.data, "place": form.place.data or ""}
