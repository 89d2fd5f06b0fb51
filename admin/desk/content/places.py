# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""Where a material stands: another name, another section."""

from flask import flash, redirect, request, url_for
from flask_admin import expose

from ....models import Node, utc_now
from ....procedure.words import LocalRole
from ...acts import content
from ..base import Answer, done, found, invalid, person, refused_status
from .forms import NameForm, PlaceForm
from .place import place, shown_version
from .state import StatePages


class PlacePages(StatePages):
    """Pages of the desk that change addresses."""

    @expose("/<int:id>/rename/", methods=("POST",))
    def rename(self, id: int) -> Answer:
        """Another name in the address."""
        here, form = place(id, LocalRole.AUTHOR), NameForm()
        if not invalid(form):
            name, version = form.name.data or "", shown_version()
            if done(lambda: content.rename(here.node, version=version, name=name, by=person(), on=utc_now())):
                flash("Имя изменено. Со старого адреса посетители попадут на новый.", "success")
                return redirect(url_for(".state", id=id))
        return self.state_page(place(id), name=form), refused_status(form)

    @expose("/<int:id>/move/", methods=("POST",))
    def move(self, id: int) -> Answer:
        """Another section."""
        here, form = place(id, LocalRole.AUTHOR), PlaceForm()
        to = found(Node, request.form.get("to", 0, type=int))
        if done(lambda: content.move(here.node, version=shown_version(), to=to, by=person(), on=utc_now())):
            flash("Материал перенесён. Ссылки на него ведут на новое место.", "success")
            return redirect(url_for(".state", id=id))
        return self.state_page(place(id), to=form), 409
