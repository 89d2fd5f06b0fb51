# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""Where a material stands: its state with every open move, its settings, whether it is still true."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, url_for
from flask_admin import expose

from ....models import Node, utc_now
from ....procedure.road import Move
from ....procedure.words import LocalRole
from ....site.content import links
from ....site.content.findings import Severity
from ....site.views.layout import seen
from ....site.views.pages import hidden
from ...access import Permission, may
from ...acts import content
from .. import forms as shared
from ..base import Answer, Desk, done, invalid, person, refused_status
from .editing import faults
from .forms import NameForm, PlaceForm, SettingsForm, StepForm
from .place import ROAD, Place, place, sections, shown_version

# The act of saving makes this move; nobody has to press a button for it.
BY_ITSELF = {"begin_copy"}


@dataclass(frozen=True)
class Step:
    """A move that the person may try: what it still needs, and its form."""

    move: Move
    missing: tuple[str, ...]
    form: StepForm

    @property
    def starts(self) -> bool:
        """Whether it asks from when the text is shown."""
        return self.move.verb in {"publish", "publish_copy"}


class StatePages(Desk):
    """Pages of the desk for the state of a material."""

    @expose("/<int:id>/state/")
    def state(self, id: int) -> Answer:
        """The state, and what may be done about it."""
        return self.state_page(place(id))

    @expose("/<int:id>/steps/<verb>/", methods=("POST",))
    def step(self, id: int, verb: str) -> Answer:
        """One move of the road."""
        here = place(id, LocalRole.AUTHOR)
        move = next((move for move in ROAD.moves if move.verb == verb and verb not in BY_ITSELF), None)
        if move is None:
            abort(404)
        if not move.roles & here.roles:
            abort(403)
        form = _form_of(verb)
        if not invalid(form):
            start: dt.datetime | None = form.start.data
            if done(lambda: _stepped(here.node, verb, form)):
                later = " Посетители увидят его в назначенное время." if start and start > utc_now() else ""
                flash(move.done + later, "success")
                return redirect(url_for(".state", id=id))
        return self.state_page(place(id), step=(verb, form)), refused_status(form)

    @expose("/<int:id>/settings/", methods=("POST",))
    def settings(self, id: int) -> Answer:
        """Menu, term, who publishes."""
        here, form = place(id, LocalRole.APPROVER), SettingsForm()
        if not invalid(form):
            given = {name: form[name].data for name in ("in_navigation", "expires_at")}
            flags = {name: form[name].data if _governs() else getattr(here.node, name) for name in ("legal", "restricted")}
            version = shown_version()
            if done(lambda: content.settings(here.node, version=version, **given, **flags, by=person(), on=utc_now())):
                flash("Настройки сохранены.", "success")
                return redirect(url_for(".state", id=id, _anchor="settings"))
        return self.state_page(place(id), settings=form), refused_status(form)

    @expose("/<int:id>/confirm/", methods=("POST",))
    def confirm(self, id: int) -> Answer:
        """It was read today and is still true."""
        here = place(id, LocalRole.AUTHOR)
        if done(lambda: content.confirm(here.node, by=person(), on=utc_now())):
            flash("Отмечено: текст проверен сегодня и актуален.", "success")
            return redirect(url_for(".state", id=id))
        return self.state_page(place(id)), 409

    def state_page(
        self,
        here: Place,
        *,
        step: tuple[str, StepForm] | None = None,
        settings: SettingsForm | None = None,
        name: NameForm | None = None,
        to: PlaceForm | None = None,
    ) -> str:
        """The page, with a form that was refused as it was filled in."""
        name = name or NameForm(formdata=None, name=here.node.name)
        to = to or PlaceForm(formdata=None, to=str(here.node.parent_id))
        to.to.choices = sections(LocalRole.AUTHOR, without=here.node) if here.writes and not here.is_root else []
        return self.render(
            "desk/content/state.html",
            here=here,
            hidden=hidden(here.item),
            steps=_steps(here, step),
            mover=content.mover(here.node) in here.roles,
            settings=settings or SettingsForm(formdata=None, obj=here.node),
            name_form=name,
            to_form=to,
            confirm_form=shared.ConfirmForm(),
            is_admin=_governs(),
            errors=[one for one in faults(here.said.body) if one.severity is Severity.ERROR],
            unseen=_unseen(here),
            public=here.node.status in ROAD.public,
        )


def _stepped(node: Node, verb: str, form: StepForm) -> Node:
    told: dict[str, Any] = {"reason": form.reason.data or "", "start": form.start.data}
    return content.step(node, verb, version=shown_version(), **told, by=person(), on=utc_now())


def _steps(here: Place, tried: tuple[str, StepForm] | None) -> list[Step]:
    """The moves that the person may try from here; those with a reason, which lead back, stand last."""
    moves = [move for move in ROAD.open_moves(here.node.status, here.roles) if move.verb not in BY_ITSELF]
    facts = here.node.observe(person()) if moves else frozenset()
    return [
        Step(move, ROAD.missing(move, facts), tried[1] if tried and tried[0] == move.verb else _form_of(move.verb, sent=False))
        for move in sorted(moves, key=lambda move: move.reason)
    ]


def _form_of(verb: str, *, sent: bool = True) -> StepForm:
    # Several stand on one page: their fields must not share an id.
    return StepForm(prefix=f"{verb}-") if sent else StepForm(formdata=None, prefix=f"{verb}-")


def _governs() -> bool:
    return may(person(), Permission.GOVERN_SECTIONS)


def _unseen(here: Place) -> Sequence[tuple[int, str]]:
    """Materials that the newest text refers to and visitors do not see: id and address."""
    tree, now = seen()
    named = {reference.node for reference in links.references(here.said.body)} - {None}
    items = (tree.by_id.get(id) for id in sorted(filter(None, named)))
    return [(item.id, item.address) for item in items if item and not tree.showing(item, now)]
