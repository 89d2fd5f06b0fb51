"""The regulation: the whole document, a section, a clause, an appendix; in the edition of today or in one asked for by name."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from werkzeug.wrappers import Response

from ... import models
from ...models import OfficialClause, OfficialText
from .. import forms, markup, regulation
from ..regulation import AUDIENCES, Appendix, Clause, Edition, Section, Shelf, UnknownClause
from ..regulation.legislation import legislation
from .layout import parts
from .phrases import local_day
from .ready import ready

public = Blueprint("regulation", __name__)

# The documents by the word in their addresses; the first has none.
DOCUMENTS = dict(zip(("", *regulation.ACTS[1:]), regulation.ACTS, strict=True))
WORDS = {document: word for word, document in DOCUMENTS.items()}
# Under which addresses an edition stands: the one of today by its document, every one by its name.
PLACES = ("/regulation/", "/regulation/<any(lenobl):document>/", "/regulation/edition/<slug>/")

Where = tuple[tuple[str, Any], ...]
Found = TypeVar("Found")
View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


def everywhere(room: Blueprint, rest: str) -> Callable[[View], View]:
    """The view answers under all places of editions, followed by the rest of the address."""

    def registered(view: View) -> View:
        for place in PLACES:
            room.add_url_rule(f"{place}{rest}", view_func=view)
        return view

    return registered


@everywhere(public, "")
@ready
def index(document: str = "", slug: str = "") -> str:
    """The whole document with its contents."""
    return _whole(shown(document, slug), "")


@everywhere(public, "for/<audience>/")
@ready
def matters(audience: str, document: str = "", slug: str = "") -> str:
    """The clauses that matter to somebody."""
    if audience not in AUDIENCES:
        abort(404, "Такого круга читателей нет: выберите из списка над содержанием.")
    return _whole(shown(document, slug), audience)


@everywhere(public, "section-<place>")
@ready
def section(place: str, document: str = "", slug: str = "") -> str:
    """One section."""
    here = shown(document, slug)
    found = part(here.edition.section, place)
    return _page("section", here, f"section-{place}", found.heading, section=found)


@everywhere(public, "appendix-<number>")
@ready
def appendix(number: str, document: str = "", slug: str = "") -> str:
    """One appendix."""
    here = shown(document, slug)
    found = part(here.edition.appendix, number)
    return _page("appendix", here, f"appendix-{number}", found.heading, appendix=found)


@everywhere(public, "<clause>")
@ready
def clause(clause: str, document: str = "", slug: str = "") -> str | Response:
    """One clause with those nested in it, the way up, back and on."""
    here = shown(document, slug)
    edition = here.edition
    found = part(edition.clause, clause)
    if clause != found.number:
        return redirect(here.address(found.number), 301)
    before, after = edition.neighbours(found.number)
    return _page(
        "clause",
        here,
        found.number,
        f"Пункт {found.number}. {found.title}",
        clause=found,
        section=edition.section_of(found.number),
        parent=edition.parent(found.number),
        nested=edition.children(found.number),
        before=before,
        after=after,
        forms=forms.needed_by(found.number, WORDS[edition.document]) if here.is_current else (),
    )


@dataclass(frozen=True)
class Shown:
    """An edition as a page shows it: the words of its addresses, the other editions, the day it is."""

    edition: Edition
    where: Where
    shelf: Shelf
    today: dt.date

    @cached_property
    def current(self) -> Edition:
        """The edition of this document that a reader of today should see."""
        return self.shelf.current(self.edition.document, self.today)

    @property
    def is_current(self) -> bool:
        return self.edition is self.current

    @cached_property
    def official(self) -> Mapping[str, OfficialClause]:
        """The official wordings by the number of their clause or section; empty until they are imported. One query."""
        return {clause.number: clause for clause in OfficialClause.shown(self.edition.slug)}

    @property
    def official_text(self) -> OfficialText | None:
        """The document from which the official wordings come."""
        return next((clause.official for clause in self.official.values()), None)

    @property
    def word(self) -> str:
        """The word of the document in its addresses."""
        return WORDS[self.edition.document]

    @property
    def standing(self) -> str:
        """In one word for the template: current, over (shown for want of a newer one), past, future."""
        if self.edition.in_force_on(self.today):
            return "current"
        if self.edition.in_force_from > self.today:
            return "future"
        return "over" if self.is_current else "past"

    def address(self, target: str = "") -> str:
        """The address of a clause, `section-3-1` or `appendix-3` beside this page; of the whole without a target."""
        return address_in(self.where, target)

    def todays(self, target: str = "") -> str:
        """The same in the edition of today."""
        return address_in(_words(self.current, by_name=False), target)

    def permanent(self, target: str = "") -> str:
        """The full address under which this edition stays when a newer one comes into force."""
        return f"{parts().settings.site_url}{address_in(_words(self.edition, by_name=True), target)}"

    def canonical(self, target: str = "") -> str:
        """The full address to be found by: without the edition's name as long as it is the one of today."""
        path = self.todays(target) if self.is_current else address_in(_words(self.edition, by_name=True), target)
        return f"{parts().settings.site_url}{path}"

    def file(self, target: str = "regulation") -> str:
        """The address of the PDF of the whole, a section or a clause."""
        return url_for("regulation_files.print_out", name=target, **dict(self.where))

    @property
    def search(self) -> str:
        """The address of the search inside."""
        return url_for("regulation_tools.find", **dict(self.where))

    def body(self, passage: Clause | Appendix) -> Markup:
        """The text as HTML, references made into links."""
        return _body(passage.text, self.edition, self.where)

    def wording(self, clause: OfficialClause) -> Markup:
        """The official wording as HTML, references made into links."""
        return _wording(clause.text, self.edition, self.where)

    def lead(self, section: Section) -> Markup:
        """The words before the clauses of a section."""
        return _body(section.lead, self.edition, self.where)

    def line(self, text: str) -> Markup:
        """A line of plain words, references made into links."""
        return Markup(regulation.linked_line(text, self.edition, self.address))


def today() -> dt.date:
    """The day it is in the office."""
    return local_day(models.utc_now())


def shelf() -> Shelf:
    """All editions of this installation."""
    return regulation.shelf(parts().settings.editions_dir)


def shown(document: str, slug: str) -> Shown:
    """The edition of an address; ends with 404 for a name that no edition has."""
    editions, day = shelf(), today()
    if not slug:
        edition = editions.current(DOCUMENTS[document], day)
        return Shown(edition, _words(edition, by_name=False), editions, day)
    edition = part(editions.edition, slug)
    return Shown(edition, _words(edition, by_name=True), editions, day)


def named(edition: Edition, editions: Shelf) -> Shown:
    """An edition under the address to be found by: the short one when it is that of today."""
    day = today()
    by_name = edition is not editions.current(edition.document, day)
    return Shown(edition, _words(edition, by_name=by_name), editions, day)


def part(find: Callable[[str], Found], name: str) -> Found:
    """A part of an edition; ends with 404 and a sentence when there is none."""
    try:
        return find(name)
    except UnknownClause as unknown:
        abort(404, str(unknown))


def address(document: str, target: str) -> str:
    """The address of a clause, section or appendix in the edition of today; `document` is the word of addresses."""
    return address_in((("document", document),) if document else (), target)


def address_in(where: Where, target: str) -> str:
    """The address of a part of an edition; of the whole without a target."""
    kind, dash, name = target.partition("-")
    if dash and kind in ("section", "appendix"):
        words: dict[str, Any] = {"place" if kind == "section" else "number": name}
        return url_for(f"regulation.{kind}", **words, **dict(where))
    if not target:
        return url_for("regulation.index", **dict(where))
    return url_for("regulation.clause", clause=target, **dict(where))


def addresses() -> list[str]:
    """Every page of every edition that search engines may show, the editions of today under their short addresses."""
    editions, day = shelf(), today()
    paths = [url_for("regulation_tools.editions")]
    for edition in editions.editions:
        where = _words(edition, by_name=edition is not editions.current(edition.document, day))
        targets = ["", *(f"section-{section.place}" for section in edition.sections), *edition.by_number]
        targets += [f"appendix-{appendix.number}" for appendix in edition.appendices]
        paths += [address_in(where, target) for target in targets]
    return paths


def _words(edition: Edition, *, by_name: bool) -> Where:
    """The words of an edition's addresses: its own name, or that of its document, which the first one does not need."""
    if by_name:
        return (("slug", edition.slug),)
    word = WORDS[edition.document]
    return (("document", word),) if word else ()


@lru_cache(maxsize=2048)
def _body(text: str, edition: Edition, where: Where) -> Markup:
    return Markup(markup.html(regulation.linked(text, edition, lambda target: address_in(where, target))))


@lru_cache(maxsize=2048)
def _wording(text: str, edition: Edition, where: Where) -> Markup:
    lines = (regulation.linked_line(line, edition, lambda target: address_in(where, target)) for line in text.split("\n\n"))
    return Markup("".join(f"<p>{line}</p>" for line in lines))


def _whole(here: Shown, audience: str) -> str:
    edition = here.edition
    known = {word for clause in edition.by_number.values() for word in clause.audiences}
    clauses = {one.number for one in edition.by_number.values() if not audience or one.matters_to(audience)}
    return _page(
        "index",
        here,
        "",
        "",
        audience=audience,
        readers={word: words for word, words in AUDIENCES.items() if word in known and word != "everyone"},
        documents={word: here.shelf.current(document, here.today) for word, document in DOCUMENTS.items()},
        clauses=clauses,
        # The contents list the clauses of the first level, and those that stand here without the one above them.
        listed={number for number in clauses if number.rpartition(".")[0] not in clauses},
        appendices=[appendix for appendix in edition.appendices if not audience or appendix.matters_to(audience)],
    )


def _page(template: str, here: Shown, target: str, name: str, **values: object) -> str:
    return render_template(
        f"regulation/{template}.html",
        here=here,
        edition=here.edition,
        audiences=AUDIENCES,
        target=target,
        data=legislation(here.edition, here.canonical, here.today, target, name),
        blanks={offer.name: offer for offer in forms.offers()},
        **values,
    )
