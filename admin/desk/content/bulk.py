# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""The same for several materials of a section: first what would happen and to which, then all of it or nothing."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import flash, redirect, request, url_for
from flask_admin import expose

from ....models import Node, User, database, utc_now
from ....procedure.road import Move
from ....procedure.words import LocalRole, NodeKind
from ....site.content import links
from ...access import local_roles
from ...acts import content
from ...acts.content.addresses import reach
from .. import forms as shared
from ..base import LARGEST_ID, Answer, done, found, person
from .contents import ACTIONS, ContentsPages
from .forms import PlaceForm
from .place import ROAD, Place, chosen, place, sections, titles

# More are told from each other by nobody.
MOST = 200


@dataclass(frozen=True)
class Candidate:
    """A chosen material: its newest title, what keeps it from the action if anything, how many materials stand below it."""

    node: Node
    title: str
    obstacle: str
    below: int

    @property
    def kind(self) -> NodeKind:
        """The kind of the material."""
        return NodeKind(self.node.kind)


class BulkPages(ContentsPages):
    """Pages of the desk for several materials at once."""

    @expose("/<int:id>/bulk/", methods=("POST",))
    def bulk(self, id: int) -> Answer:
        """Ask, then do."""
        here = place(id, LocalRole.AUTHOR)
        name = request.form.get("do", "")
        ids = [int(one) for one in request.form.getlist("chosen")[:MOST] if one.isascii() and one.isdigit()]
        nodes = [node for node in chosen([id for id in ids if id < LARGEST_ID]) if node.parent_id == here.node.id]
        if name not in ACTIONS or not nodes:
            flash("Отметьте материалы и выберите, что с ними сделать.", "error")
            return self._contents(here), 422
        if "confirmed" not in request.form:
            return self._asked(here, name, nodes)
        if done(lambda: _all(name, nodes, person())):
            flash(f"{ACTIONS[name].done}: {len(nodes)}.", "success")
            return redirect(url_for(".contents", id=id))
        return self._asked(here, name, chosen([node.id for node in nodes])), 409

    def _asked(self, here: Place, name: str, nodes: list[Node]) -> str:
        names, by = titles(node.id for node in nodes), person()
        candidates = [Candidate(node, names[node.id], _obstacle(name, node, by), _below(node)) for node in nodes]
        going = [one for one in candidates if not one.obstacle]
        ids = {row.id for one in going for row in Node.select(Node.id).where(reach(one.node))} if name == "trash" else ()
        form = PlaceForm()
        form.to.choices = sections(LocalRole.AUTHOR)
        return self.render(
            "desk/content/bulk.html",
            here=here,
            name=name,
            action=ACTIONS[name],
            going=going,
            staying=[one for one in candidates if one.obstacle],
            total=sum(one.below + 1 for one in going),
            breaking=links.pointing_at(ids, utc_now()) if ids else (),
            form=form,
            reason=shared.ReasonForm(),
        )


def _all(name: str, nodes: list[Node], by: User) -> bool:
    """All of them or, when one is refused, none."""
    act: Callable[[Node, int], object] = _ACTS[name](by)
    with database.atomic():
        for node in nodes:
            act(node, request.form.get(f"version-{node.id}", 0, type=int))
    return True


def _step(name: str) -> Callable[[User], Callable[[Node, int], object]]:
    def by_person(by: User) -> Callable[[Node, int], object]:
        reason = request.form.get("reason", "")

        def act(node: Node, version: int) -> object:
            return content.step(node, _move(name, node).verb, version=version, reason=reason, by=by, on=utc_now())

        return act

    return by_person


def _to_section(by: User) -> Callable[[Node, int], object]:
    to = found(Node, request.form.get("to", 0, type=int))
    return lambda node, version: content.move(node, version=version, to=to, by=by, on=utc_now())


_ACTS: dict[str, Callable[[User], Callable[[Node, int], object]]] = {
    "publish": _step("publish"),
    "withdraw": _step("withdraw"),
    "move": _to_section,
    "trash": lambda by: lambda node, version: content.trash(node, version=version, by=by, on=utc_now()),
}


def _move(name: str, node: Node) -> Move:
    """The move that the action means for this material: the one that is open, or the first to say why none is."""
    moves = [ROAD.move(verb) for verb in ACTIONS[name].verbs]
    return next((move for move in moves if node.status in move.sources), moves[0])


def _obstacle(name: str, node: Node, by: User) -> str:
    """What keeps a material from the action; empty when nothing does that can be told before."""
    roles = local_roles(by, node)
    if not ACTIONS[name].verbs:
        return "" if content.mover(node) in roles else "у вас нет права на это здесь"
    move = _move(name, node)
    if not move.roles & roles:
        return "у вас нет права на это здесь"
    if node.status not in move.sources:
        return f"сейчас в состоянии «{ROAD.statuses[node.status]}»"
    return "; ".join(ROAD.missing(move, node.observe(by)))


def _below(node: Node) -> int:
    return Node.below(node).count() if node.kind == NodeKind.FOLDER else 0
