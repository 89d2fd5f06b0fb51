"""The restated regulation on paper: the whole, a section, an appendix or a clause as a tagged PDF with the edition's stamp."""

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from .. import markup, regulation
from ..figures import plural
from ..files import kept
from ..regulation import Appendix, Clause, Edition, Section, Term
from . import press
from .conclusions import digest
from .orders import qr_code
from .paper import print_document, template_text
from .press import Watch
from .russian import date_in_words

VARIANT = "pdf/ua-1"
# Raise it when this module puts other things on the paper: files kept from before are then made anew.
LOOK = 1
NOTICE = "Изложение своими словами, не официальный текст."

Address = Callable[[str], str]
"""The full permanent address of a clause, `section-2` or `appendix-1`; of the whole document for an empty word."""


@dataclass(frozen=True)
class Extract:
    """What is printed of an edition. `target` is the last word of its address, empty for the whole."""

    edition: Edition
    target: str
    heading: str
    sections: tuple[Section, ...]
    clauses: tuple[Clause, ...]
    appendices: tuple[Appendix, ...]

    @classmethod
    def of(cls, edition: Edition, target: str) -> "Extract":
        """The part of this name. Raises UnknownClause when the edition has no such part."""
        if not target:
            return cls(edition, target, "", edition.sections, tuple(edition.by_number.values()), edition.appendices)
        kind, _, name = target.partition("-")
        if kind == "section":
            section = edition.section(name)
            word = section.number or section.place
            return cls(edition, target, f"Раздел {word}. {section.title}", (section,), section.clauses, ())
        if kind == "appendix":
            appendix = edition.appendix(name)
            return cls(edition, target, appendix.heading, (), (), (appendix,))
        clause = edition.clause(target)
        heading = f"Пункт {clause.number}. {clause.title}"
        return cls(edition, clause.number, heading, (), edition.within(clause.number), ())

    @property
    def file_name(self) -> str:
        """What the file is called when it is saved."""
        head = self.heading.partition(". ")[0]
        return f"{self.edition.name}, {head[:1].lower()}{head[1:]}" if head else self.edition.name

    def holds(self, target: str) -> bool:
        """Whether this part is printed here, so that a reference to it leads down the page and not to the site."""
        names = {f"section-{section.place}" for section in self.sections} | {clause.number for clause in self.clauses}
        return target in names | {f"appendix-{appendix.number}" for appendix in self.appendices}


@dataclass(frozen=True)
class Passage:
    """A clause or an appendix as printed; `html`, facts and remarks are HTML. `level` is that of its heading, 0 for none."""

    anchor: str
    title: str
    level: int
    html: str
    facts: tuple[tuple[str, str], ...]
    remarks: tuple[str, ...]


@dataclass(frozen=True)
class Chapter:
    """A section, or the appendices, or a clause alone, which has no heading of its own."""

    anchor: str
    heading: str
    lead: str
    passages: tuple[Passage, ...]


@dataclass(frozen=True)
class Sheet:
    """Everything the PDF shows, in plain values, so that it can be printed in another process."""

    name: str
    title: str
    heading: str
    stamp: str
    notice: str
    address: str
    identity: str
    contents: bool
    chapters: tuple[Chapter, ...]


def permanent(site_url: str, edition: Edition) -> Address:
    """The addresses under which this edition stays when a newer one comes into force."""
    return lambda target: f"{site_url}/regulation/edition/{edition.slug}/{target}"


def kept_regulation(extract: Extract, site_url: str, cache_dir: Path, watch: Watch | None = None) -> Path:
    """The file of this extract, made at the first call for these words, addresses and look.

    The printing happens in a process of its own. Raises `press.PressFailed`, OSError, or whatever `watch` raises.
    """
    address = permanent(site_url, extract.edition)
    name = f"{extract.edition.slug}-{extract.target or 'regulation'}"
    state = digest(LOOK, template_text("regulation"), _fingerprint(extract.edition), address(extract.target))
    path = cache_dir / "regulation" / f"{name}-{state}.pdf"
    return kept(path, lambda: press.regulation_apart(asdict(sheet(extract, address)), watch))


@lru_cache(maxsize=16)
def _fingerprint(edition: Edition) -> str:
    """The whole content of an edition in a short word."""
    return sha256(repr(edition).encode()).hexdigest()


def sheet(extract: Extract, address: Address) -> Sheet:
    """What the PDF of this extract shows."""
    edition = extract.edition

    def leads(target: str) -> str:
        return f"#{anchor(target)}" if extract.holds(target) else address(target)

    return Sheet(
        name=edition.name,
        title=edition.title,
        heading=extract.heading,
        stamp=stamp(edition),
        notice=f"{NOTICE} Официальный текст опубликован {edition.published_at}.",
        address=address(extract.target),
        identity=f"regulation {edition.slug} {extract.target} {_fingerprint(edition)}",
        contents=len(extract.clauses) > len(edition.by_number) // 20 and len(extract.clauses) > 5,
        chapters=tuple(_chapters(extract, leads)),
    )


def stamp(edition: Edition) -> str:
    """The edition, as it stands on every page: jurisdiction, act, days in force."""
    until = f" по {date_in_words(edition.in_force_until)}" if edition.in_force_until else ""
    told = f"{edition.jurisdiction}: {edition.act}. Редакция действует с {date_in_words(edition.in_force_from)}{until}"
    # «13 апреля 2021 г.» ends with a dot of its own.
    return f"{told.rstrip('.')}."


def anchor(target: str) -> str:
    """The id of a clause, section or appendix on the page."""
    return target if target.startswith(("section-", "appendix-")) else f"p-{target}"


def _chapters(extract: Extract, leads: Address) -> Iterator[Chapter]:
    edition = extract.edition
    if not extract.sections and extract.clauses:
        # The clause's own title is that of the page; those nested in it stand under it.
        root = extract.clauses[0].depth
        nested = (_clause(one, edition, leads, one.depth - root + 1 if one.depth > root else 0) for one in extract.clauses)
        yield Chapter("", "", "", tuple(nested))
    whole = len(extract.sections) > 1
    for section in extract.sections:
        heading = section.heading if whole else ""
        passages = tuple(_clause(one, edition, leads, one.depth + (2 if whole else 1)) for one in section.clauses)
        yield Chapter(f"section-{section.place}", heading, _html(section.lead, edition, leads), passages)
    if extract.appendices:
        level = 3 if extract.sections else 0
        passages = tuple(_appendix(one, edition, leads, level) for one in extract.appendices)
        yield Chapter("appendices" if level else "", "Приложения" if level else "", "", passages)


def _clause(clause: Clause, edition: Edition, leads: Address, level: int) -> Passage:
    facts = [("Кто", "; ".join(clause.actors))] if clause.actors else []
    facts += [("Срок", _term(term)) for term in clause.terms]
    facts += [("Документы", "; ".join(clause.documents))] if clause.documents else []
    return _passage(clause.number, clause, edition, leads, level, facts)


def _appendix(appendix: Appendix, edition: Edition, leads: Address, level: int) -> Passage:
    facts = [("Кто", "; ".join(appendix.actors))] if appendix.actors else []
    facts += [("Требует", ", ".join(f"пункт {number}" for number in appendix.required_by))] if appendix.required_by else []
    return _passage(f"appendix-{appendix.number}", appendix, edition, leads, level, facts)


def _passage(
    target: str, one: Clause | Appendix, edition: Edition, leads: Address, level: int, facts: list[tuple[str, str]]
) -> Passage:
    title = f"{one.number}. {one.title}" if isinstance(one, Clause) else one.heading
    lines = tuple((name, regulation.linked_line(value, edition, leads)) for name, value in facts)
    remarks = tuple(regulation.linked_line(remark, edition, leads) for remark in one.remarks)
    # Headings go no deeper than the six levels there are.
    return Passage(anchor(target), title, min(level, 6), _html(one.text, edition, leads), lines, remarks)


def _html(text: str, edition: Edition, leads: Address) -> str:
    return markup.html(regulation.linked(text, edition, leads))


def _term(term: Term) -> str:
    season = term.season
    length = f"с {season[0]} до {season[1]}" if season else plural(term.count, *term.forms)
    return f"{', '.join(filter(None, (length, term.since)))} — {term.purpose}"


def print_regulation(plain: dict[str, Any]) -> bytes:
    """Print a sheet, given as `asdict` makes it. The same sheet gives the same bytes."""
    made = print_document(
        "regulation",
        {"sheet": plain, "qr": qr_code(plain["address"])},
        variant=VARIANT,
        identity=plain["identity"],
        expected_pages=60 if plain["contents"] else 2,
    )
    return made.data
