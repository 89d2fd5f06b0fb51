"""The answers of an application, the 19 fields of appendix 1 by name, and the columns that follow from them.

They are kept as they were typed. Everybody who writes them, the teacher or an office that has them on paper, writes `columns`.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from ...procedure.words import Category
from ...rubrics import finder
from .. import application as form
from ..application import Typed
from ..fields import folded

CATEGORIES = {one.label: one.value for one in Category}
POSITION, REPEATED, CONFIRMED = "position", "asked_position", "confirmed"
# Not a field of the form: which scoring form is meant, where several judge the same position.
RUBRIC = "rubric"
# Longer than any field takes, so that too long an answer is kept and told, and no answer fills the disk.
LONGEST = 2000


def read(answers: Mapping[str, str], today: dt.date) -> Typed:
    """What is answered and what is still wrong or missing. Line 13 is not asked: it follows line 7."""
    return form.read({**answers, REPEATED: ""}, today)


def columns(answers: Mapping[str, str], today: dt.date) -> dict[str, Any]:
    """The columns of an application with these answers; what cannot be read stays in `answers` only."""
    typed = read(answers, today)
    sound = {name: text for name, text in typed.entered.items() if name not in typed.errors}
    said = {name: sound.get(name, "") for name in ("surname", "name", "patronymic", POSITION)}
    organization = sound.get("workplace", "")
    kept = {name: text[:LONGEST] for name, text in typed.entered.items()}
    chosen = rubric(said[POSITION], answers.get(RUBRIC, ""))
    return {
        **said,
        "organization": organization,
        "answers": {**kept, REPEATED: kept.get(POSITION, ""), RUBRIC: str(chosen or "")},
        "complete": not typed.errors,
        "born_on": form.day(sound.get("born_on", "")),
        "category": CATEGORIES.get(sound.get("category", "")),
        "held_category": CATEGORIES.get(sound.get("held_category", ""), ""),
        "search_text": folded(" ".join(filter(None, (*said.values(), organization)))),
        "form": chosen,
    }


def positions() -> tuple[str, ...]:
    """The positions that the scoring forms know, to be offered; any other may be typed."""
    return tuple(one.name.capitalize() for one in finder.finder().positions)


def rubric(position: str, chosen: str) -> int | None:
    """The number of the scoring form: the only one that judges the position, or the one of them that was chosen."""
    fitting = rubrics_of(position)
    if len(fitting) == 1:
        return fitting[0]
    return next((number for number in fitting if str(number) == chosen), None)


def rubrics_of(position: str) -> tuple[int, ...]:
    """The scoring forms that judge this position somewhere; all of them for a position that none names.

    «Учитель математики» is a teacher: the longest name that the position begins with counts.
    """
    known, typed = finder.finder(), folded(position)
    named = [one for one in known.positions if typed == folded(one.name) or typed.startswith(f"{folded(one.name)} ")]
    meant = max(named, key=lambda one: len(one.name), default=None)
    return tuple(sorted({rule.match.form for rule in known.rules if meant is None or meant.key in rule.scope.positions}))
