"""The expert conclusion (экспертное заключение) of a scoring form: blank, or made from what was scored."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from ...rubrics.forms import edition
from ...rubrics.shape import Criterion, Edition, Form, Group, Option, Range, Section
from ..files import kept
from . import press
from .paper import print_document, template_text
from .russian import date_in_words

VARIANT = "pdf/ua-1"
# Raise it when this module puts other things on the paper: files kept from before are then made anew.
LOOK = 5


@dataclass(frozen=True)
class Row:
    """A row of the table. `kind`: section, group, criterion, heading (of options) or option.

    `evidence` and `note` stand in the first row of a block and span the rest, unless the options have notes of their own.
    `key` names the row among the points given: `<clause>` for a whole row of the form, `<clause>-<option>` for an option.
    """

    kind: str
    key: str = ""
    clause: str = ""
    label: str = ""
    points: str = ""
    evidence: str = ""
    note: str = ""


@dataclass(frozen=True)
class Block:
    """Rows that stay on one page: a heading row, or a criterion with its options."""

    rows: tuple[Row, ...]
    own_notes: bool = False


@dataclass(frozen=True)
class Limit:
    """A row of the threshold table."""

    label: str
    first: str
    highest: str


@dataclass(frozen=True)
class Given:
    """What an expert has filled in, in words as they are printed: `points` by key of row, `papers` and `remarks` by clause.

    `mark`: lines of the mark of an electronic signature; without them a pen signs. A draft says so on every sheet.
    """

    about: str
    person: str
    teacher: str
    expert: str
    reviewed_on: str
    total: str
    position: str
    category: str
    meets: bool
    signatory: str
    signed_on: str = ""
    reason: str = ""
    recommendations: str = ""
    points: Mapping[str, str] = field(default_factory=dict)
    papers: Mapping[str, str] = field(default_factory=dict)
    remarks: Mapping[str, str] = field(default_factory=dict)
    mark: tuple[str, ...] = ()
    draft: bool = False


def conclusion_pdf(form: Form, given: Given | None = None) -> bytes:
    """The conclusion of this form as a tagged PDF: with fields to type in, or with what was given; the bytes are repeatable."""
    found = edition(form.edition)
    identity = f"conclusion {form.edition} {form.number}"
    made = print_document(
        "conclusion",
        {
            "form": form,
            "words": form.conclusion,
            "source": source(found),
            "blocks": tuple(blocks(form)),
            "limits": limits(form),
            "edition": edition_words(found),
            "given": given,
        },
        variant=VARIANT,
        fillable=given is None,
        identity=f"{identity} {given}" if given else identity,
    )
    return made.data


def kept_conclusion(form: Form, cache_dir: Path) -> Path:
    """The file of the blank conclusion, made at the first call for this form and look; two processes at once are fine.

    The printing happens in a process of its own. Raises `press.PressFailed` or OSError.
    """
    path = cache_dir / "conclusions" / f"{form.edition}-{form.number:02}-{look(form)}.pdf"
    return kept(path, lambda: press.conclusion_apart(form.number, form.edition))


def look(form: Form) -> str:
    """What the kept file depends on: this module's `LOOK`, the template, the words of the form."""
    return digest(LOOK, template_text("conclusion"), form)


def digest(*parts: object) -> str:
    """Everything that a kept file depends on in twelve signs, for its name: when one of the parts changes, it is made anew."""
    return sha256("\0".join(map(str, parts)).encode()).hexdigest()[:12]


def short_title(form: Form) -> str:
    """The title in the list of forms: the full one of form 8 is longer than the properties of a file may be."""
    entry = edition(form.edition).entry(form.number)
    return entry.title if entry else form.title


def edition_words(found: Edition) -> str:
    """What stands at the foot of every sheet: the edition and the number of its act."""
    return f"{found.title}, № {found.number}".replace("№ ", "№\N{NO-BREAK SPACE}")


@dataclass(frozen=True)
class Source:
    """Where a form comes from: the appendix, and the act with its date and number."""

    appendix: str
    act: str


def source(found: Edition) -> Source:
    """Where the forms of this edition come from."""
    day = date_in_words(dt.date.fromisoformat(found.date))
    return Source(found.appendix, f"{found.act} от {day} № {found.number}")


def blocks(form: Form) -> Iterator[Block]:
    """The table from top to bottom."""
    for section in form.sections:
        if section.heading:
            yield Block((_section_row(section),))
        told: set[str] = set()
        for criterion in section.criteria:
            group = section.group(criterion.group) if criterion.group else None
            if group and group.clause not in told:
                told.add(group.clause)
                yield Block((_group_row(group),))
            yield _criterion_block(criterion)


def _section_row(section: Section) -> Row:
    return Row("section", clause=section.number, label=section.title, note=section.note or section.words)


def _group_row(group: Group) -> Row:
    return Row("group", clause=group.clause, label=group.label, evidence=group.evidence, note=group.note)


def _criterion_block(criterion: Criterion) -> Block:
    """A criterion: one row when it is its own only option, otherwise a row for the label and one for each option."""
    head = {"clause": printed_clause(criterion), "evidence": criterion.evidence, "note": criterion.note}
    if criterion.plain:
        whole = Row("criterion", criterion.clause, label=criterion.full_label, points=points(criterion.options[0]), **head)
        return Block((whole,))
    rows = [Row("criterion", criterion.clause, label=criterion.full_label, **head)]
    for line in lines(criterion):
        if isinstance(line, Option):
            key = f"{criterion.clause}-{line.index}"
            rows.append(Row("option", key, label=line.label, points=points(line), note=line.note))
        else:
            rows.append(Row("heading", label=line))
    return Block(tuple(rows), own_notes=any(option.note for option in criterion.options))


def lines(criterion: Criterion) -> Iterator[Option | str]:
    """What stands under the label of a criterion: its options, a heading once above those it is for, the text after them."""
    heading = ""
    for option in criterion.options:
        if option.context and option.context != heading:
            yield option.context
        heading = option.context
        yield option
    if criterion.tail:
        yield criterion.tail


def printed_clause(criterion: Criterion) -> str:
    """The number as the source prints it: our data tells a number that the source gives twice by «bis»."""
    return criterion.clause.removesuffix("bis")


def points(option: Option) -> str:
    """Points as printed: 20, –100 or 15/30 when they depend on the role."""
    figures = [points for _, points in option.points_by_role] or [option.points]
    return "/".join(str(figure).replace("-", "–") for figure in figures)


def limits(form: Form) -> tuple[Limit, ...]:
    """The rows of the threshold table, by positions or by sections."""
    rows = [(row.position, row.first, row.highest) for row in form.thresholds]
    rows += [(row.label, row.first, row.highest) for row in form.section_thresholds]
    return tuple(Limit(label, _range(first), _range(highest)) for label, first, highest in rows)


def _range(asked: Range) -> str:
    return f"{asked.min}–{asked.max}" if asked.max is not None else f"{asked.min} и выше"
