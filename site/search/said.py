"""What the site itself says, as texts to be found: clauses, scoring forms, blanks; and the materials of the content tree."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from html import unescape

import nh3

from ...models import Node, Revision
from ...procedure.words import NodeKind
from ...rubrics import forms as rubrics
from .. import forms, markup, regulation
from ..content import Item, Tree, Words
from ..regulation.search import plain
from .texts import Text

PAGES, CLAUSES, RUBRICS, BLANKS = "pages", "clauses", "rubrics", "forms"
GROUPS = {PAGES: "Страницы и новости", CLAUSES: "Регламент", RUBRICS: "Заключения: что и сколько баллов", BLANKS: "Бланки"}

_BLOCK_END = re.compile(r"</(?:h[1-6]|p|li|td|th|dt|dd|pre|blockquote)>|<br>")
_ADDRESSES = {regulation.SPB: "/regulation/", regulation.LENOBL: "/regulation/lenobl/"}


def packaged() -> Iterator[Text]:
    """What changes with a release only."""
    for slug, address in _ADDRESSES.items():
        edition = regulation.edition(slug)
        for clause in edition.by_number.values():
            told = (plain(clause.text), *clause.actors, *clause.documents, *clause.remarks)
            label = f"{edition.jurisdiction}, пункт {clause.number}."
            yield Text(CLAUSES, f"{address}{clause.number}", label, clause.title, "\n".join(told))
    for entry in rubrics.edition().forms:
        form = rubrics.form(entry.number)
        address = f"/rubrics/{form.number}/"
        yield Text(RUBRICS, address, f"Форма {form.number}.", form.title, "\n".join((form.covers, *form.positions)))
        for row in form.criteria:
            told = (*(option.full_label for option in row.options), row.evidence, row.note)
            label = f"Форма {form.number}, строка {row.clause}."
            yield Text(RUBRICS, f"{address}#row-{row.clause}", label, row.full_label, "\n".join(filter(None, told)))
    for offer in forms.offers():
        yield Text(BLANKS, f"/forms/#{offer.name}", offer.appendix, offer.title, f"{offer.purpose}\n{offer.who}")


Said = tuple[int, int]
"""A revision: the id of its node, its number."""


class Materials:
    """The materials that visitors may read, as texts; bodies are read once for each revision."""

    def __init__(self) -> None:
        self._bodies: dict[Said, str] = {}

    def texts(self, tree: Tree, now: dt.datetime) -> dict[str, Text]:
        """The texts by a key that changes whenever one of them does; a query only after a change."""
        shown = [(item, words) for item in tree.below(tree.root, now) if (words := item.showing(now))]
        shown = [(item, words) for item, words in shown if item.kind is not NodeKind.LINK]
        bodies = self._read({(item.id, words.number) for item, words in shown})
        return {_key(item, words): _text(item, words, bodies) for item, words in shown if (item.id, words.number) in bodies}

    def _read(self, wanted: set[Said]) -> dict[Said, str]:
        """The bodies of these revisions, kept until they are no longer asked for; one query when something is new."""
        kept = self._bodies
        bodies = {said: kept[said] for said in wanted & kept.keys()}
        if missing := {id for id, number in wanted - bodies.keys()}:
            query = Revision.select(Revision.node, Revision.number, Revision.body).join(Node)
            found = query.where(Revision.node.in_(list(missing)), Revision.number.in_([Node.live, Node.previous]))
            bodies |= {(revision.node_id, revision.number): spoken(revision.body) for revision in found}
        # In one step: another thread may be here with an older picture of the tree.
        self._bodies = bodies
        return bodies


def _text(item: Item, words: Words, bodies: Mapping[Said, str]) -> Text:
    file = words.file.name if words.file else ""
    body = "\n".join(filter(None, (words.summary, bodies[item.id, words.number], file)))
    return Text(PAGES, item.address, "", words.title, body)


def spoken(body: str) -> str:
    """A body as people read it, a line for each heading, paragraph, item and cell."""
    lines = _BLOCK_END.sub("\n", markup.html(body))
    return "\n".join(line for text in unescape(nh3.clean(lines, tags=set())).splitlines() if (line := " ".join(text.split())))


def _key(item: Item, words: Words) -> str:
    return f"{item.id}:{words.number}:{item.path}"
