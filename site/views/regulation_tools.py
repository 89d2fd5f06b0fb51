"""Questions to the regulation: search inside, which edition applies, what changed between two. Plain GET forms."""

import datetime as dt
import re
from dataclasses import dataclass

from flask import Blueprint, Response, make_response, redirect, render_template, request
from werkzeug.wrappers import Response as Redirect

from ..regulation import ACTS, Edition, Shelf, comparison, scoring_forms, search
from .layout import parts
from .regulation import everywhere, named, shelf, shown, today
from .rubric_tools import Question

public = Blueprint("regulation_tools", __name__)

_DAY_FIRST = re.compile(r"(\d{1,2})[./ -](\d{1,2})[./ -](\d{4})")
_YEAR_FIRST = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")


# ── search inside ───────────────────────────────────────────────────────────────────────────────────────────────────


@everywhere(public, "search")
def find(document: str = "", slug: str = "") -> Response | Redirect:
    """Clauses with all the words; a number leads to its clause at once."""
    here = shown(document, slug)
    query = " ".join(request.args.get("q", "").split())
    if target := search.target(here.edition, query):
        return redirect(here.address(target))
    refusal = _refusal(query)
    found = search.find(here.edition, query) if query and not refusal else None
    text = render_template("regulation/search.html", here=here, edition=here.edition, query=query, found=found, refusal=refusal)
    return make_response(text, 400 if refusal else 200)


def _refusal(query: str) -> str:
    """Why this cannot be searched for; empty when it can, or when nothing is asked."""
    if len(query) > search.LONGEST_QUERY:
        return f"Слишком длинный запрос: оставьте главные слова, до {search.LONGEST_QUERY} знаков."
    if query and not any(sign.isalnum() for sign in query):
        return "В запросе нет ни слова, ни числа: напишите, что ищете, или номер пункта."
    return ""


# ── which edition applies ───────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Answer:
    """Which edition applies to an application filed that day: `edition` is None when none was in force."""

    day: dt.date
    document: Edition
    edition: Edition | None
    before: Edition | None
    after: Edition | None


@public.get("/regulation/editions")
def editions() -> Response:
    """All editions, and which one applies to an application, by the day it was filed."""
    known = shelf()
    typed, word = request.args.get("date", "").strip(), request.args.get("document", "").strip()
    document = word if word in ACTS else ACTS[0]
    day = read_day(typed)
    refusal = ""
    if typed and day is None:
        refusal = "Такой даты нет: напишите день, месяц и год цифрами, например 01.09.2021."
    text = render_template(
        "regulation/editions.html",
        groups=[[named(edition, known) for edition in known.of(act)] for act in ACTS],
        documents=Question("document", "Какой документ", "Выберите документ", _documents(known), document),
        typed=day.isoformat() if day else typed,
        refusal=refusal,
        answer=_answer(known, document, day) if day else None,
        place=lambda edition: named(edition, known),
        today=today(),
    )
    return make_response(text, 400 if refusal else 200)


def read_day(text: str) -> dt.date | None:
    """The day of 2021-09-01 or 01.09.2021; None for what is no date."""
    numbers = [int(piece) for piece in found.groups()] if (found := _YEAR_FIRST.fullmatch(text)) else []
    if found := _DAY_FIRST.fullmatch(text):
        numbers = [int(piece) for piece in reversed(found.groups())]
    try:
        return dt.date(*numbers) if numbers else None
    except ValueError:
        return None


def _documents(known: Shelf) -> tuple[tuple[str, str], ...]:
    current = (known.current(act, today()) for act in ACTS)
    return tuple((edition.document, f"{edition.jurisdiction}: {edition.name}") for edition in current)


def _answer(known: Shelf, document: str, day: dt.date) -> Answer:
    own = known.of(document)
    earlier = [edition for edition in own if edition.in_force_from <= day]
    later = [edition for edition in own if edition.in_force_from > day]
    found = known.in_force(document, day)
    before = [edition for edition in earlier if edition is not found]
    return Answer(day, own[0], found, before[-1] if before else None, later[0] if later else None)


# ── what changed ────────────────────────────────────────────────────────────────────────────────────────────────────


@public.get("/regulation/compare")
def compare() -> Response:
    """Two editions of one document: clauses and, where both have them, scoring forms."""
    known = shelf()
    old, old_question = _chosen(known, "old", "Прежняя редакция")
    new, new_question = _chosen(known, "new", "Новая редакция")
    refusal = _cannot(old, new)
    compared = comparison.compare(old, new) if old and new and not refusal else None
    own = parts().settings.editions_dir
    scored = [scoring_forms.scoring_forms(edition, own) for edition in (old, new) if edition and compared]
    text = render_template(
        "regulation/compare.html",
        questions=(old_question, new_question),
        refusal=refusal,
        several=any(len(known.of(act)) > 1 for act in ACTS),
        sides=[named(edition, known) for edition in (old, new) if edition],
        compared=compared,
        blank=comparison.Listed(),
        scored=all(scored),
        changes=tuple(scoring_forms.changes(*scored)) if scored and all(scored) else (),
    )
    wrong = refusal or old_question.refusal or new_question.refusal
    return make_response(text, 400 if wrong else 200)


def _chosen(known: Shelf, name: str, label: str) -> tuple[Edition | None, Question]:
    slug = request.args.get(name, "").strip()
    found = next((edition for edition in known.editions if edition.slug == slug), None)
    refusal = "Такой редакции нет: выберите её из списка." if slug and not found else ""
    choices = tuple((edition.slug, _called(edition)) for edition in known.editions)
    return found, Question(name, label, "Выберите редакцию", choices, found.slug if found else "", "", refusal)


def _called(edition: Edition) -> str:
    return f"{edition.jurisdiction}, действует с {edition.in_force_from:%d.%m.%Y}"


def _cannot(old: Edition | None, new: Edition | None) -> str:
    if old and new and old is new:
        return "Выбрана одна и та же редакция: укажите две разные."
    if old and new and old.document != new.document:
        return "Это редакции разных документов: сравнить можно редакции одного."
    return ""
