# mypy: disallow-subclassing-any=False, disallow-untyped-decorators=False
"""Finding materials by their titles: for whoever looks for one, and for the editor's dialogs that insert links and pictures."""

from dataclasses import dataclass
from typing import Any

from flask import jsonify, request
from flask_admin import expose
from peewee import JOIN

from ....models import Blob, Node, Revision, utc_now
from ....procedure.refusal import Refusal
from ....procedure.words import LocalRole, NodeKind
from ....site.content.tree import BARE, IDENTITY
from ...acts import content
from ..base import LONGEST_SEARCH, Answer, Desk, person
from .creating import brought, kept, refusal_as_json
from .place import ROAD, place, state_of

SHOWN = 30
PICTURES = "image/%"


@dataclass(frozen=True)
class Match:
    """A material that was looked for."""

    node: Node
    title: str
    state: str
    picture: bool

    @property
    def kind(self) -> NodeKind:
        """The kind of the material."""
        return NodeKind(self.node.kind)

    @property
    def address(self) -> str:
        """Its address on the site."""
        bare = self.kind is NodeKind.FILE or self.node.path in BARE or not self.node.path
        return f"/{self.node.path}" if bare else f"/{self.node.path}/"

    @property
    def reference(self) -> str:
        """What stands in a text for it, whatever becomes of its address."""
        return f"{IDENTITY}{self.node.id}"

    @property
    def inserted(self) -> str:
        """What to put into a text."""
        title = self.title.replace("[", "").replace("]", "")
        return f"![{title}]({self.reference})" if self.picture else f"[{title}]({self.reference})"


class SearchingPages(Desk):
    """Pages of the desk for finding materials."""

    @expose("/find/")
    def find(self) -> Answer:
        """Materials by words of the title or the address, each with what to put into a text."""
        words = asked()
        found = matches(words, pictures="pictures" in request.args)
        return self.render("desk/content/find.html", words=words, found=found, shown=SHOWN, pictures="pictures" in request.args)

    @expose("/lookup")
    def lookup(self) -> Answer:
        """The same for the editor's dialogs."""
        found = matches(asked(), files="files" in request.args)
        return jsonify(found=[as_json(match) for match in found])

    @expose("/<int:id>/upload/", methods=("POST",))
    def upload(self, id: int) -> Answer:
        """A new file for a section, brought from the editor's dialog."""
        here = place(id, LocalRole.AUTHOR)
        file = brought()
        if file is None:
            return refusal_as_json("Выберите файл.", 422)
        title = request.form.get("title", "").strip() or (file.filename or "").rpartition(".")[0]
        try:
            texts = content.Texts(title=title, **kept(here.node, file))
            said: dict[str, Any] = {"kind": NodeKind.FILE, "name": "", "texts": texts, "in_navigation": False}
            node = content.create(here.node, **said, by=person(), on=utc_now())
        except Refusal as refusal:
            return refusal_as_json(refusal.sentence)
        (match,) = _read(Node.select().where(Node.id == node.id))
        return jsonify(as_json(match))


def asked() -> str:
    """The words that the address asks for."""
    return " ".join(request.args.get("q", "").replace("\0", "").split())[:LONGEST_SEARCH]


def matches(words: str, *, pictures: bool = False, files: bool = False) -> list[Match]:
    """Materials outside the trash whose newest title or address hold all the words, those changed last first; one query.

    All of them, files alone, or of these pictures alone.
    """
    query = Node.kept().order_by(Revision.created_at.desc(), Node.id.desc()).limit(SHOWN)
    for word in words.split():
        query = query.where(Revision.title.contains(word) | Node.path.contains(word))
    if files:
        query = query.where(Node.kind == NodeKind.FILE)
    return _read(query.where(Blob.media_type**PICTURES) if pictures else query)


def _read(nodes: Any) -> list[Match]:
    now = utc_now()
    query = (
        nodes.select(Node, Revision.title, Blob.media_type)
        .join(Revision, on=(Revision.node == Node.id) & (Revision.number == Node.head))
        .join(Blob, JOIN.LEFT_OUTER, on=Revision.blob == Blob.id)
    )
    return [Match(row, row.title, state_of(row, now), (row.media_type or "").startswith("image/")) for row in query.objects()]


def as_json(match: Match) -> dict[str, Any]:
    """A found material for the page's script."""
    return {
        "id": match.node.id,
        "title": match.title,
        "kind": match.kind.label,
        "address": match.address,
        "state": match.state,
        "reference": match.reference,
        "picture": match.picture,
        "seen": match.node.status in ROAD.public,
    }
