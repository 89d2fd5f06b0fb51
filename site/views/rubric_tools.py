"""Finding one's form, and comparing two of them. Plain GET forms: every answer has an address that can be sent on."""

from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, render_template, request, url_for

from ...rubrics import comparison, finder, forms
from ...rubrics.comparison import Comparison
from ...rubrics.finder import Choice, Finder, Inquiry, Match, UnknownChoice
from ...rubrics.shape import Form

public = Blueprint("rubric_tools", __name__)


@dataclass(frozen=True)
class Question:
    """A list to choose from: pairs of value and words, what is chosen, a hint, and why the given word was not taken."""

    name: str
    label: str
    empty: str
    choices: tuple[tuple[str, str], ...]
    chosen: str = ""
    hint: str = ""
    refusal: str = ""


# ── the finder ──────────────────────────────────────────────────────────────────────────────────────────────────────


@public.get("/rubrics/find")
def find() -> str:
    """Position, kind of institution, founder; a question that would not change the answer is not asked."""
    known = finder.finder()
    position, no_position = _taken(known, "position")
    institution, no_institution = _taken(known, "institution")
    founder, no_founder = _taken(known, "founder")
    inquiry = _inquiry(position, institution, founder)
    questions = [
        _question("position", "Ваша должность", "Выберите должность", known.positions, position, refusal=no_position),
    ]
    if institution or no_institution or (position and not inquiry.answer):
        offered = inquiry.institutions if position else known.institutions
        hint = "Только те виды, для которых у этой должности есть форма." if len(offered) < len(known.institutions) else ""
        questions.append(
            _question("institution", "Вид учреждения", "Выберите вид учреждения", offered, institution, hint, no_institution)
        )
    if founder or no_founder or (position and institution and not inquiry.answer):
        offered = inquiry.founders if position else known.founders
        hint = "Только те, у кого для такой должности и учреждения есть форма." if len(offered) < len(known.founders) else ""
        questions.append(_question("founder", "Учредитель", "Выберите учредителя", offered, founder, hint, no_founder))
    return render_template(
        "rubrics/find.html",
        edition=forms.edition(),
        questions=questions,
        position=position,
        answer=inquiry.answer,
        form_of=forms.form,
        calculator=calculator_address,
        comparison=comparison_address,
    )


def _inquiry(position: Choice | None, institution: Choice | None, founder: Choice | None) -> Inquiry:
    if position is None:
        return Inquiry()
    return finder.inquire(position.key, institution.key if institution else "", founder.key if founder else "")


def _taken(known: Finder, field: str) -> tuple[Choice | None, str]:
    """The answer in the address, or nothing and the sentence why it was not taken."""
    text = request.args.get(field, "").strip()
    if not text:
        return None, ""
    read = {"position": known.position, "institution": known.institution, "founder": known.founder}
    try:
        return read[field](text), ""
    except UnknownChoice as unknown:
        return None, unknown.sentence


def _question(
    name: str,
    label: str,
    empty: str,
    offered: Iterable[Choice],
    chosen: Choice | None,
    hint: str = "",
    refusal: str = "",
) -> Question:
    """The question with its offered answers; what is chosen already stays in the list even if it leads nowhere."""
    listed = [*offered]
    if chosen and chosen not in listed:
        listed.append(chosen)
    words = tuple((choice.key, choice.label[:1].upper() + choice.label[1:]) for choice in listed)
    return Question(name, label, empty, words, chosen.key if chosen else "", hint, refusal)


def calculator_address(match: Match) -> str:
    """The calculator of a form with the position, and the role where the row stands for several."""
    asked = {"position": match.position} | ({"role": match.role} if match.role else {})
    return f"{url_for('rubrics.rubric', number=match.form)}calculator?{urlencode(asked)}"


def comparison_address(left: Match, right: Match | None = None) -> str:
    """The comparison of two rows, or of one with what will be chosen."""
    asked = {"left": str(left.form), "left_position": left.position}
    if right:
        asked |= {"right": str(right.form), "right_position": right.position}
    return f"{url_for('rubric_tools.compare')}?{urlencode(asked)}"


# ── the comparison ──────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Chosen:
    """One side of the comparison as the address names it; `questions`: the form, and its row when it has several."""

    form: Form | None
    position: str
    questions: tuple[Question, ...]


@public.get("/rubrics/compare")
def compare() -> str:
    """Two forms, or two rows of threshold tables, side by side."""
    left, right = _chosen("left", "Первая форма"), _chosen("right", "Вторая форма")
    compared: Comparison | None = None
    same = False
    if left.form and right.form:
        same = (left.form, left.position) == (right.form, right.position)
        compared = None if same else comparison.compare(left.form, right.form, left.position, right.position)
    return render_template("rubrics/compare.html", edition=forms.edition(), sides=(left, right), compared=compared, same=same)


def _chosen(side: str, label: str) -> Chosen:
    text, row = request.args.get(side, "").strip(), request.args.get(f"{side}_position", "").strip()
    entries = [entry for entry in forms.edition().forms if entry.ready]
    choices = tuple((str(entry.number), f"{entry.number}. {entry.title}") for entry in entries)
    found = next((entry for entry in entries if str(entry.number) == text), None)
    refusal = "Такой формы нет: выберите её из списка." if text and not found else ""
    first = Question(side, label, "Выберите форму", choices, str(found.number) if found else "", "", refusal)
    if found is None:
        return Chosen(None, "", (first,))
    form = forms.form(found.number)
    spelled = form.position(row) or ""
    refusal = (
        "" if spelled or not row else f"В форме {form.number} такой должности нет: выберите из списка или оставьте всю форму."
    )
    if len(form.positions) == 1 and not refusal:
        return Chosen(form, "", (first,))
    rows = tuple((position, position) for position in form.positions)
    second = Question(f"{side}_position", f"Должность, форма {form.number}", "Вся форма", rows, spelled, "", refusal)
    return Chosen(form, spelled, (first, second))
