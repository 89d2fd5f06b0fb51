"""A scoring form filled in as a worksheet: fields of a web form in, claims, scores and sentences at the fields out. No Flask.

Fields: `position`, `category`, `role`, `discipline`; `c-<clause>-<option>` is a tick or a count, `n-<clause>-<option>` the
names of the pupils, where they must be different ones.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import cast

from ..rubrics.advice import Advice, advise, total_words
from ..rubrics.scoring import CATEGORIES, MOST, Claim, Explanation, InvalidClaims, Score, score
from ..rubrics.shape import Counting, Criterion, Form, Option, Section, SectionThreshold

# Rows in which repeated results of one option count; elsewhere a tick is enough.
REPEATED = {Counting.SUM_EVENTS, Counting.SUM_CAPPED_POINTS, Counting.PER_ITEM}
LONGEST_QUOTE = 40
LONGEST_COUNT = 9


def counts(row: Criterion) -> bool:
    """Whether the row asks how many results there are."""
    return row.rule.type in REPEATED


def names_pupils(row: Criterion) -> bool:
    """Whether it matters that the results belong to different pupils."""
    return row.rule.distinct_students


def count_field(row: Criterion, option: Option) -> str:
    """The name of the field with the tick or count of an option."""
    return f"c-{row.clause}-{option.index}"


def pupils_field(row: Criterion, option: Option) -> str:
    """The name of the field with the pupils of an option."""
    return f"n-{row.clause}-{option.index}"


@dataclass(frozen=True)
class Worksheet:
    """What was entered and what came of it. `entered` keeps fields as typed; `scores` is empty when something is refused."""

    form: Form
    position: str = ""
    category: str = "first"
    role: str = ""
    discipline: str = ""
    entered: Mapping[str, str] = field(default_factory=dict)
    claims: tuple[Claim, ...] = ()
    errors: Mapping[str, str] = field(default_factory=dict)
    scores: Mapping[str, Score] = field(default_factory=dict)
    advice: Advice | None = None

    @property
    def score(self) -> Score | None:
        """The score for the category asked for."""
        return self.scores.get(self.category)

    @property
    def said(self) -> dict[str, Explanation]:
        """Explanations by clause."""
        return {row.criterion: row for row in self.score.explanations} if self.score else {}

    def value(self, name: str) -> str:
        """A field as it was typed."""
        return self.entered.get(name, "")

    def closed(self, row: Criterion) -> bool:
        """Whether the row is not for the chosen position."""
        return bool(self.position) and not row.open_to(self.position)

    def closed_option(self, option: Option) -> bool:
        """Whether the option is for the other role only."""
        roles = self.form.roles(self.position)
        played = self.role or (roles[0] if len(roles) == 1 else "")
        return bool(option.role and played) and option.role != played

    def claimed(self, row: Criterion) -> bool:
        """Whether anything is entered in the row."""
        fields = (name(row, option) for option in row.options for name in (count_field, pupils_field))
        return any(name in self.entered or name in self.errors for name in fields)

    def unfolded(self, rows: Iterable[Criterion]) -> bool:
        """Whether any of these rows holds something to look at."""
        return any(self.claimed(row) for row in rows)

    def subtotal(self, section: Section) -> str:
        """Points of a section in words; nothing where nothing is claimed."""
        said = [self.said[row.clause] for row in section.criteria if row.clause in self.said]
        return total_words(sum(row.low for row in said), sum(row.points for row in said)) if said else ""

    def points(self, part: SectionThreshold) -> int:
        """Points of sections with a minimum of their own (forms 6, 7)."""
        return next((own.points for own in self.score.sections if own.section == part.section), 0) if self.score else 0


def read(form: Form, fields: Mapping[str, str]) -> Worksheet:
    """The worksheet of these fields, scored for both categories; unknown fields are left alone."""
    entered = {name: value for name, value in fields.items() if name[:2] in ("c-", "n-") and value.strip()}
    typed = fields.get("position", "").strip()
    category = fields.get("category", "first")
    role, discipline = fields.get("role", "").strip(), fields.get("discipline", "").strip()
    position = form.position(typed) or ""
    errors: dict[str, str] = {}
    if not typed:
        errors["position"] = "Выберите должность: от неё зависит, сколько баллов нужно."
    elif not position:
        sentence = f"Форма {form.number} не охватывает должность «{_short(typed)}»: выберите строку её таблицы баллов."
        errors["position"] = sentence
    if category not in CATEGORIES:
        errors["category"] = "Выберите категорию: первую или высшую."
        category = "first"
    asked = _claims(form, entered, errors)
    scores: dict[str, Score] = {}
    # Whoever has not said the position still learns what is wrong with the figures.
    who = position or form.positions[0]
    result = _scored(form, who, category, role, discipline, asked, errors, known=bool(position))
    if result and not errors:
        claims = [claim for _, claim in asked]
        scores = {key: score(form, who, key, claims, role=role or None, discipline=discipline or None) for key in CATEGORIES}
    claims = [claim for _, claim in asked]
    return Worksheet(
        form=form,
        position=position,
        category=category,
        role=role,
        discipline=discipline,
        entered=entered,
        claims=tuple(claims),
        errors=errors,
        scores=scores,
        advice=advise(form, who, category, claims, role=role or None, discipline=discipline or None) if scores else None,
    )


def blank(form: Form, fields: Mapping[str, str]) -> Worksheet:
    """An empty worksheet for whoever opens the page; an address may already name the position, category, role, discipline."""
    typed = fields.get("position", "").strip()
    position = form.position(typed) or ""
    if not typed and len(form.positions) == 1:
        position = form.positions[0]
    errors = {"position": f"Форма {form.number} не охватывает должность «{_short(typed)}»: выберите свою из списка."}
    category = fields.get("category", "first")
    return Worksheet(
        form=form,
        position=position,
        category=category if category in CATEGORIES else "first",
        role=fields.get("role", "").strip(),
        discipline=form.discipline(fields.get("discipline", "")) or "",
        errors=errors if typed and not position else {},
    )


def _claims(form: Form, entered: Mapping[str, str], errors: dict[str, str]) -> list[tuple[str, Claim]]:
    """Claims with the fields they come from, in the order of the form. A figure that is none is left for `score` to refuse."""
    found = []
    for row in form.criteria:
        for option in row.options:
            name = count_field(row, option)
            typed = entered.get(name, "").strip()
            pupils = entered.get(pupils_field(row, option), "") if names_pupils(row) else ""
            names = tuple(one.strip() for one in re.split(r"[,;\n]", pupils) if one.strip())
            if not counts(row):
                found += [(name, Claim(row.clause, option.index))] if typed else []
                continue
            count = _count(typed)
            if isinstance(count, int) and len(names) > max(count, 0):
                said = f"Обучающихся {len(names)}, а результатов {count}: укажите столько же результатов или больше."
                errors[pupils_field(row, option)] = said
                names = ()
            if names and isinstance(count, int):
                found.append((name, Claim(row.clause, option.index, len(names), names)))
                count -= len(names)
            if count != 0:
                found.append((name, Claim(row.clause, option.index, cast("int", count))))
    return found


def _count(typed: str) -> int | str:
    """A whole number, however large; anything else as it is."""
    if re.fullmatch(r"[-−+]?[0-9]+", typed) and len(typed) <= LONGEST_COUNT:
        count: int = int(typed.replace("−", "-"))
        return count
    if re.fullmatch(r"[0-9]+", typed):
        return MOST + 1
    return _short(typed) if typed else 0


def _scored(
    form: Form,
    position: str,
    category: str,
    role: str,
    discipline: str,
    asked: list[tuple[str, Claim]],
    errors: dict[str, str],
    *,
    known: bool,
) -> Score | None:
    """The score; whatever is refused is taken out of `asked` and named in `errors`, one after another."""
    while True:
        claims = [claim for _, claim in asked]
        try:
            return score(form, position, category, claims, role=role or None, discipline=discipline or None)
        except InvalidClaims as refused:
            place = re.match(r"claims\[(\d+)\]", refused.field)
            if place is None:
                if known:
                    errors.setdefault(refused.field, refused.sentence)
                return None
            name, _ = asked.pop(int(place[1]))
            if known or refused.field.endswith("count"):
                errors.setdefault(name, refused.sentence)


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"
