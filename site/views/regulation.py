"""The regulation: the whole document, what matters to one kind of reader, one clause."""

from flask import Blueprint, abort, render_template, url_for

from .. import forms, markup, regulation
from ..regulation import AUDIENCES, Clause, Edition
from .ready import ready

public = Blueprint("regulation", __name__)

# The documents by the word in their addresses; the first has none.
DOCUMENTS = {"": regulation.SPB, "lenobl": regulation.LENOBL}


@public.get("/regulation/")
@public.get("/regulation/<any(lenobl):document>/")
@ready
def index(document: str = "") -> str:
    """The whole document with its contents."""
    return _whole(document, "")


@public.get("/regulation/for/<audience>/")
@public.get("/regulation/<any(lenobl):document>/for/<audience>/")
@ready
def matters(audience: str, document: str = "") -> str:
    """The clauses that matter to somebody."""
    if audience not in AUDIENCES:
        abort(404, "Такого круга читателей нет: выберите из списка над содержанием.")
    return _whole(document, audience)


@public.get("/regulation/<clause>")
@public.get("/regulation/<any(lenobl):document>/<clause>")
@ready
def clause(clause: str, document: str = "") -> str:
    """One clause with those nested in it, the way up, back and on."""
    edition = regulation.edition(DOCUMENTS[document])
    try:
        found = edition.clause(clause)
    except regulation.UnknownClause as unknown:
        abort(404, str(unknown))
    before, after = edition.neighbours(found.number)
    return render_template(
        "regulation/clause.html",
        edition=edition,
        document=document,
        clause=found,
        parent=edition.parent(found.number),
        nested=edition.children(found.number),
        before=before,
        after=after,
        audiences=AUDIENCES,
        body=lambda clause: _body(clause, edition, document),
        address=lambda number: address(document, number),
        forms=forms.needed_by(found.number, document),
    )


def address(document: str, number: str) -> str:
    """The address of a clause."""
    return url_for("regulation.clause", clause=number, document=document or None)


def _whole(document: str, audience: str) -> str:
    edition = regulation.edition(DOCUMENTS[document])
    known = {word for clause in edition.by_number.values() for word in clause.audiences}
    return render_template(
        "regulation/index.html",
        edition=edition,
        document=document,
        documents={word: regulation.edition(slug) for word, slug in DOCUMENTS.items()},
        audience=audience,
        audiences={word: words for word, words in AUDIENCES.items() if word in known and word != "everyone"},
        shown=[clause.number for clause in edition.by_number.values() if not audience or clause.matters_to(audience)],
        body=lambda clause: _body(clause, edition, document),
        lead=lambda section: markup.html(section.lead),
        address=lambda number: address(document, number),
    )


def _body(clause: Clause, edition: Edition, document: str) -> str:
    return markup.html(regulation.linked(clause.text, edition, lambda number: address(document, number)))
