"""What an expert has scored so far: the sheet of a review counted by the rules of its form, its papers and remarks, row by row.

Fields beside those of the worksheet: `s-<section>` says that the expert has gone through a section, `r-<clause>` is a remark,
`p-<clause>` names the papers that prove a row.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from ...models import Application, Conclusion, Paper, Review
from ...rubrics.scoring import Explanation
from ...rubrics.shape import Criterion, Form, Section
from .. import worksheet
from ..worksheet import Worksheet
from .facts import NEGATIVE, OPEN, POSITIVE

# What an expert may conclude, in the words of the forms (3.3.2).
OUTCOMES = {POSITIVE: "соответствует", NEGATIVE: "не соответствует"}
LONGEST_REMARK = 1000
LONGEST_FIELD = 2000
_HEAD = ("position", "role", "discipline")

Proofs = Mapping[str, Sequence[int]]


def section_field(section: Section) -> str:
    """The name of the field that says that the section was gone through."""
    return f"s-{section.number}"


def remark_field(row: Criterion) -> str:
    """The name of the field with the remark on a row."""
    return f"r-{row.clause}"


def papers_field(row: Criterion) -> str:
    """The name of the fields with the papers that prove a row."""
    return f"p-{row.clause}"


@dataclass(frozen=True)
class Judgement:
    """A sheet as it was scored. `proofs` name papers of the case only; `remarks` by clause; `gone`: sections gone through."""

    form: Form
    sheet: Worksheet
    proofs: Proofs
    remarks: Mapping[str, str]
    gone: frozenset[str]

    @property
    def rows(self) -> tuple[Explanation, ...]:
        """The scored rows, in the order of the form."""
        return self.sheet.score.explanations if self.sheet.score else ()

    @property
    def unproved(self) -> tuple[str, ...]:
        """Clauses of rows with points but without a paper."""
        return tuple(row.criterion for row in self.rows if not self.proofs.get(row.criterion))

    @property
    def ahead(self) -> tuple[Section, ...]:
        """Sections that the expert has not gone through yet."""
        return tuple(section for section in self.form.sections if section.number not in self.gone)

    @property
    def scored(self) -> bool:
        """Every section was gone through, nothing in it is refused, and each row with points has its paper."""
        return self.sheet.score is not None and not (self.sheet.errors or self.unproved or self.ahead)

    @property
    def low(self) -> int | None:
        return self.sheet.score.low if self.sheet.score else None

    @property
    def high(self) -> int | None:
        return self.sheet.score.high if self.sheet.score else None

    @cached_property
    def implied(self) -> str:
        """What the points give: positive, negative, or open where the threshold lies within their range; "" without points."""
        score = self.sheet.score
        if score is None:
            return ""
        if score.meets_strictly:
            return POSITIVE
        return OPEN if score.meets else NEGATIVE


def judgement(
    form: Form, application: Application, answers: Mapping[str, str], proofs: Proofs, papers: Iterable[Paper]
) -> Judgement:
    """These answers counted for the position and category that the teacher asks for. No query."""
    present = {paper.id for paper in papers}
    fields = {**answers, "category": application.category or "first"}
    # Before the expert says otherwise the row of the threshold table is the position asked for, where the table has it.
    fields["position"] = answers.get("position") or form.position(application.position) or ""
    return Judgement(
        form=form,
        sheet=worksheet.read(form, fields) if answers else worksheet.blank(form, fields),
        proofs={clause: tuple(id for id in ids if id in present) for clause, ids in proofs.items()},
        remarks=remarks_in(form, answers),
        gone=frozenset(section.number for section in form.sections if answers.get(section_field(section))),
    )


def of_review(form: Form, application: Application, review: Review, papers: Iterable[Paper]) -> Judgement:
    """What stands in the review now."""
    return judgement(form, application, review.answers, review.proofs, papers)


def of_conclusion(form: Form, application: Application, conclusion: Conclusion, papers: Iterable[Paper]) -> Judgement:
    """What stood in the review when this version of the conclusion was given."""
    return judgement(form, application, conclusion.answers, conclusion.proofs, papers)


def answers_in(form: Form, fields: Mapping[str, str]) -> dict[str, str]:
    """The fields of a sheet that belong to the form, as they are kept; empty and foreign ones are left out."""
    names = [*_HEAD, *(section_field(section) for section in form.sections)]
    for row in form.criteria:
        names.append(remark_field(row))
        for option in row.options:
            names += [worksheet.count_field(row, option), worksheet.pupils_field(row, option)]
    typed = {name: fields.get(name, "").replace("\0", "").strip()[:LONGEST_FIELD] for name in names}
    return {name: text[:LONGEST_REMARK] if name.startswith("r-") else text for name, text in typed.items() if text}


def remarks_in(form: Form, answers: Mapping[str, str]) -> dict[str, str]:
    """Remarks by clause, in the order of the form."""
    return {row.clause: answers[remark_field(row)] for row in form.criteria if answers.get(remark_field(row))}


def proofs_in(form: Form, chosen: Mapping[str, Sequence[str]], papers: Iterable[Paper]) -> dict[str, list[int]]:
    """The papers chosen for each row, each once, of this case only."""
    present = {str(paper.id): paper.id for paper in papers}
    found = {
        row.clause: list(dict.fromkeys(present[id] for id in chosen.get(papers_field(row), ()) if id in present))
        for row in form.criteria
    }
    return {clause: ids for clause, ids in found.items() if ids}


def papers_named(proofs: Proofs, clause: str, papers: Iterable[Paper]) -> tuple[Paper, ...]:
    """The papers that prove a row, in the order of the inventory."""
    wanted = set(proofs.get(clause, ()))
    return tuple(paper for paper in papers if paper.id in wanted)
