"""Claims in, an immutable score out. One function per counting word of the data; no files, no clock, whole numbers only."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, cast

from .forms import CURRENT, UnknownForm
from .forms import form as load_form
from .shape import Counting, Criterion, Form, Option, Rule, Section, squeezed

CATEGORIES = {"first": "первая", "highest": "высшая"}
# No portfolio holds more results in one line; a larger count is a typing error.
MOST = 1000


class InvalidClaims(ValueError):
    """Claims that cannot be scored: `kind` for programs, `field` where it is, and a sentence for people.

    Kinds: negative_count, non_integer_count, count_too_large, unknown_option, unknown_criterion, unknown_form,
    unknown_category, position_not_covered, criterion_not_for_position, option_not_for_role, missing_role, unknown_role,
    missing_discipline, unknown_discipline, students_mismatch, malformed.
    """

    def __init__(self, kind: str, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.kind = kind
        self.field = field
        self.sentence = sentence


@dataclass(frozen=True)
class Claim:
    """`count` results of one option (index from 1) of a row; `students`: one id a result, where pupils must differ."""

    criterion: str
    option: int
    count: int = 1
    students: tuple[str, ...] = ()


@dataclass(frozen=True)
class Line:
    """All results claimed for one option, priced for this role and discipline. `next`: the price of every later result."""

    option: Option
    points: int
    count: int
    students: tuple[str, ...] = ()
    next: int = 0


class Share(NamedTuple):
    """What one option brought: how many of its results count and how many points they give together."""

    option: Option
    results: int
    points: int


class Counted(NamedTuple):
    """A row counted by its rule. `strict` is the other reading where the source is silent, otherwise the same figure.

    `cut`: a sentence on what was cut and by which rule; `note`: what was assumed.
    """

    points: int
    strict: int
    shares: tuple[Share, ...]
    cut: str = ""
    note: str = ""


class Explanation(NamedTuple):
    """One claimed row: its points, the low end of its range, and a Russian sentence: what counted, what was cut and why.

    `shares`: what each option brought; none where another row of the section counts instead.
    """

    criterion: str
    label: str
    points: int
    low: int
    unstated: bool
    text: str
    shares: tuple[Share, ...] = ()


@dataclass(frozen=True)
class SectionScore:
    """Points of a section, or of sections added together (`1+2`, form 7). `required`: its own minimum, if it has one."""

    section: str
    points: int
    low: int
    required: int | None = None

    def enough(self, points: int) -> bool:
        return self.required is None or points >= self.required


@dataclass(frozen=True)
class Score:
    """The result. `total` = `high` reads silence as «each option once, added», `low` as «the best option only»."""

    form: int
    edition: str
    position: str
    category: str
    role: str | None
    discipline: str | None
    points: tuple[tuple[str, int], ...]
    sections: tuple[SectionScore, ...]
    total: int
    low: int
    required: int
    meets: bool
    meets_strictly: bool
    explanations: tuple[Explanation, ...]

    @property
    def high(self) -> int:
        return self.total

    @property
    def missing(self) -> int:
        """Points still missing to the total; zero does not mean that every section has its minimum."""
        return max(0, self.required - self.total)

    @property
    def verdict(self) -> str:
        return "соответствует" if self.meets else "не соответствует"

    def as_json(self) -> dict[str, object]:
        """The answer of the public interface. Forms with section minima give `required` per section and in total."""
        minima = {_minimum_key(part.section): part.required for part in self.sections if part.required is not None}
        return {
            "points": dict(self.points),
            "sections": {part.section: part.points for part in self.sections},
            "total": self.total,
            "range": [self.low, self.high],
            "required": {**minima, "total": self.required} if minima else self.required,
            "meets": self.meets,
            "meets_strictly": self.meets_strictly,
            "verdict": self.verdict,
            "explanations": [
                {"criterion": row.criterion, "points": row.points, "range": [row.low, row.points], "text": row.text}
                for row in self.explanations
            ],
        }


@dataclass(frozen=True)
class Reach:
    """The lowest and the highest possible points; `high` is None where the source sets no limit."""

    low: int
    high: int | None


# ── the counting words ──────────────────────────────────────────────────────────────────────────────────────────────


def single(rule: Rule, lines: Sequence[Line]) -> Counted:
    """«Суммирование баллов не производится» for a row of one line, or nothing said: the line counts once."""
    line = lines[0]
    cut = _dropped(line.count - 1, "строка даёт баллы один раз", rule)
    return Counted(line.points, line.points, (Share(line.option, 1, line.points),), cut)


def best_of(rule: Rule, lines: Sequence[Line]) -> Counted:
    """«Суммирование баллов по данным показателям не производится»: the dearest claimed option, once."""
    line = max(lines, key=lambda line: (line.points, -line.option.index))
    cut = _dropped(_results(lines) - 1, "засчитывается только лучший вариант", rule)
    return Counted(line.points, line.points, (Share(line.option, 1, line.points),), cut)


def sum_options(rule: Rule, lines: Sequence[Line]) -> Counted:
    """«Суммирование баллов производится» for different indicators: each option once, the dearest `max_events` of them."""
    kept = _dearest_first(lines)[: rule.max_events]
    shares = tuple(Share(line.option, 1, line.points) for line in kept)
    total = sum(share.points for share in shares)
    limit = "каждый вариант засчитывается один раз"
    if rule.max_events is not None:
        limit += f", разных вариантов не более {rule.max_events}"
    return Counted(total, total, shares, _dropped(_results(lines) - len(kept), limit, rule))


def sum_events(rule: Rule, lines: Sequence[Line]) -> Counted:
    """«Может суммироваться … (но не более трех мероприятий)»: every result, the dearest first, up to `max_events` in the row.

    With `distinct_students` («в отношении разных обучающихся») a student counts once in the row, with the dearest result;
    results without a named student are taken to be of different ones.
    """
    kept, left = [], rule.max_events
    for line in _dearest_first(_one_per_student(lines) if rule.distinct_students else lines):
        results = line.count if left is None else min(line.count, left)
        left = None if left is None else left - results
        if results:
            kept.append(Share(line.option, results, results * line.points))
    total = sum(share.points for share in kept)
    limits = ["каждый обучающийся засчитывается один раз"] if rule.distinct_students else []
    limits += [f"результатов засчитывается не более {rule.max_events}"] if rule.max_events is not None else []
    dropped = _results(lines) - sum(share.results for share in kept)
    unnamed = rule.distinct_students and _results(lines) > 1 and any(line.count > len(line.students) for line in lines)
    note = "Обучающиеся не названы: результаты считаются достижениями разных обучающихся." if unnamed else ""
    return Counted(total, total, tuple(kept), _dropped(dropped, ", ".join(limits), rule), note)


def sum_capped_points(rule: Rule, lines: Sequence[Line]) -> Counted:
    """«Суммирование баллов производится, но не более 50 баллов»: every result, the sum cut at `max_points`."""
    return _capped(rule, [Share(line.option, line.count, line.count * line.points) for line in lines])


def per_item(rule: Rule, lines: Sequence[Line]) -> Counted:
    """«Из расчёта 5 баллов за каждого последующего, но не более 50»: first result, each next one, cut at `max_points`."""
    return _capped(rule, [Share(line.option, line.count, line.points + (line.count - 1) * line.next) for line in lines])


def unstated(rule: Rule, lines: Sequence[Line]) -> Counted:
    """Several options and not a word about summing: each claimed option once, added; strictly, the best option only."""
    shares = tuple(Share(line.option, 1, line.points) for line in lines)
    cut = _dropped(_results(lines) - len(lines), "каждый вариант засчитывается один раз", rule)
    return Counted(sum(share.points for share in shares), max(share.points for share in shares), shares, cut)


COUNTERS: Mapping[Counting, Callable[[Rule, Sequence[Line]], Counted]] = {
    Counting.SINGLE: single,
    Counting.BEST_OF: best_of,
    Counting.SUM_OPTIONS: sum_options,
    Counting.SUM_EVENTS: sum_events,
    Counting.SUM_CAPPED_POINTS: sum_capped_points,
    Counting.PER_ITEM: per_item,
    Counting.UNSTATED: unstated,
}


def _capped(rule: Rule, shares: list[Share]) -> Counted:
    earned = sum(share.points for share in shares)
    total = earned if rule.max_points is None else min(earned, rule.max_points)
    cut = f"Не засчитано {_points(earned - total)}: строка даёт не более {rule.max_points}{_quoted(rule.words)}."
    return Counted(total, total, tuple(shares), cut if earned > total else "")


def _one_per_student(lines: Sequence[Line]) -> list[Line]:
    """The same lines with every named student left only in his dearest one."""
    seen: set[str] = set()
    kept = []
    for line in _dearest_first(lines):
        new = {squeezed(student) for student in line.students} - seen
        seen |= new
        kept.append(Line(line.option, line.points, line.count - len(line.students) + len(new)))
    return kept


def _dearest_first(lines: Iterable[Line]) -> list[Line]:
    return sorted(lines, key=lambda line: (-line.points, line.option.index))


def _results(lines: Iterable[Line]) -> int:
    return sum(line.count for line in lines)


def _dropped(results: int, why: str, rule: Rule) -> str:
    return f"Не засчитано результатов: {results}; {why}{_quoted(rule.words)}." if results > 0 else ""


# ── scoring ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def score(
    form: Form,
    position: str,
    category: str,
    claims: Iterable[Claim],
    *,
    role: str | None = None,
    discipline: str | None = None,
) -> Score:
    """Score claims for a row of the threshold table and a category (`first`, `highest`). InvalidClaims says what is wrong."""
    place = form.position(position) if isinstance(position, str) else None
    if place is None:
        raise InvalidClaims(
            "position_not_covered",
            "position",
            f"Форма {form.number} не охватывает должность «{position}»: выберите строку её таблицы баллов.",
        )
    wanted = _category(category)
    played = _role(form, place, role)
    taught = _discipline(form, discipline)
    lines = _lines(form, place, played, taught, claims)
    counted = {row.clause: COUNTERS[row.rule.type](row.rule, lines[row.clause]) for row in form.criteria if row.clause in lines}
    best = {section.number: _best(section, counted) for section in form.sections if section.rule == "best"}
    explanations = tuple(
        _explanation(section, row, counted[row.clause], best.get(section.number))
        for section in form.sections
        for row in section.criteria
        if row.clause in counted
    )
    sections = _sections(form, explanations, wanted)
    total, low = sum(row.points for row in explanations), sum(row.low for row in explanations)
    required = _required(form, place, wanted)
    return Score(
        form=form.number,
        edition=form.edition,
        position=place,
        category=wanted,
        role=played,
        discipline=taught,
        points=tuple((row.criterion, row.points) for row in explanations),
        sections=sections,
        total=total,
        low=low,
        required=required,
        meets=total >= required and all(part.enough(part.points) for part in sections),
        meets_strictly=low >= required and all(part.enough(part.low) for part in sections),
        explanations=explanations,
    )


def score_request(number: int, body: object, edition: str = CURRENT) -> Score:
    """Score the JSON body of a request: position, category, claims, role?, discipline?. InvalidClaims for anything else."""
    try:
        form = load_form(number, edition)
    except UnknownForm as error:
        raise InvalidClaims("unknown_form", "form", str(error)) from error
    if not isinstance(body, dict):
        raise InvalidClaims("malformed", "", "Нужен объект JSON с полями position, category и claims.")
    for field in ("position", "category", "claims"):
        if field not in body:
            raise InvalidClaims("malformed", field, f"Не указано поле «{field}».")
    for field in ("position", "role", "discipline"):
        if not isinstance(body.get(field, ""), str | None):
            raise InvalidClaims("malformed", field, f"Поле «{field}» должно быть строкой.")
    claims = read_claims(body["claims"])
    return score(form, body["position"], body["category"], claims, role=body.get("role"), discipline=body.get("discipline"))


def read_claims(data: object) -> tuple[Claim, ...]:
    """Claims from parsed JSON: a list of `{"criterion", "option", "count", "students"?}`. Figures are checked by `score`."""
    if not isinstance(data, list):
        raise InvalidClaims("malformed", "claims", "Поле «claims» должно быть списком строк портфолио.")
    claims = []
    for place, item in enumerate(data):
        field = f"claims[{place}]"
        if not isinstance(item, dict):
            raise InvalidClaims("malformed", field, "Строка должна быть объектом с полями criterion, option и count.")
        for key in ("criterion", "option", "count"):
            if key not in item:
                raise InvalidClaims("malformed", f"{field}.{key}", f"Не указано поле «{key}».")
        for key in item:
            if key not in ("criterion", "option", "count", "students"):
                raise InvalidClaims("malformed", f"{field}.{key}", f"Неизвестное поле «{key}».")
        students = item.get("students")
        if students is not None and not _names(students):
            raise InvalidClaims("malformed", f"{field}.students", "Обучающиеся указываются списком непустых строк.")
        # `score` checks the figures themselves, whoever made the claim.
        claims.append(Claim(cast("str", item["criterion"]), cast("int", item["option"]), item["count"], tuple(students or ())))
    return tuple(claims)


def _names(students: object) -> bool:
    return isinstance(students, list) and all(isinstance(one, str) and one.strip() for one in students)


def _category(category: object) -> str:
    for key, title in CATEGORIES.items():
        if isinstance(category, str) and squeezed(category) in (key, title):
            return key
    raise InvalidClaims("unknown_category", "category", f"Категории «{category}» нет: укажите первую или высшую.")


def _role(form: Form, position: str, role: str | None) -> str | None:
    """The role asked for, or the only one that the row of the table stands for; None where roles play no part."""
    roles = form.roles(position)
    if role is None or not role.strip():
        return roles[0] if len(roles) == 1 else None
    if not roles:
        return None
    found = next((known for known in roles if squeezed(known) == squeezed(role)), None)
    if found is None:
        names = "» или «".join(roles)
        raise InvalidClaims("unknown_role", "role", f"Роль «{role}» не подходит к должности: укажите «{names}».")
    return found


def _discipline(form: Form, discipline: str | None) -> str | None:
    if discipline is None or not discipline.strip() or not form.disciplines:
        return None
    found = form.discipline(discipline)
    if found is None:
        names = "», «".join(kind.name for kind in form.disciplines)
        raise InvalidClaims("unknown_discipline", "discipline", f"Дисциплины «{discipline}» в форме нет: укажите «{names}».")
    return found


def _lines(
    form: Form, position: str, role: str | None, discipline: str | None, claims: Iterable[Claim]
) -> dict[str, tuple[Line, ...]]:
    """Claims of the same option joined, checked and priced: clause → lines in the order of the options. Zero counts vanish."""
    counts: dict[tuple[str, int], int] = {}
    students: dict[tuple[str, int], tuple[str, ...]] = {}
    for place, claim in enumerate(claims):
        field = f"claims[{place}]"
        row, option = _found(form, claim, field)
        if _count(claim, field) == 0:
            continue
        _allowed(row, option, position, role, field)
        key = (row.clause, option.index)
        counts[key] = counts.get(key, 0) + claim.count
        students[key] = students.get(key, ()) + claim.students
    lines: dict[str, tuple[Line, ...]] = {}
    for row in form.criteria:
        claimed = [option for option in row.options if (row.clause, option.index) in counts]
        if claimed:
            lines[row.clause] = tuple(
                Line(
                    option=option,
                    points=option.points_for(role or ""),
                    count=counts[row.clause, option.index],
                    students=students[row.clause, option.index],
                    next=_next(option, counts[row.clause, option.index], discipline),
                )
                for option in claimed
            )
    return lines


def _found(form: Form, claim: Claim, field: str) -> tuple[Criterion, Option]:
    row = form.criterion(claim.criterion.strip().rstrip(".")) if isinstance(claim.criterion, str) else None
    if row is None:
        sentence = f"В форме {form.number} нет строки «{claim.criterion}»."
        raise InvalidClaims("unknown_criterion", f"{field}.criterion", sentence)
    option = row.option(claim.option) if type(claim.option) is int else None
    if option is None:
        raise InvalidClaims(
            "unknown_option",
            f"{field}.option",
            f"В строке {row.clause} нет варианта «{claim.option}»: их {len(row.options)}, счёт с единицы.",
        )
    return row, option


def _count(claim: Claim, field: str) -> int:
    count: object = claim.count
    if type(count) is not int:
        sentence = f"Количество «{count}» — не целое число: укажите, сколько результатов."
        raise InvalidClaims("non_integer_count", f"{field}.count", sentence)
    if count < 0:
        sentence = "Количество не может быть отрицательным: укажите ноль или больше."
        raise InvalidClaims("negative_count", f"{field}.count", sentence)
    if count > MOST:
        sentence = f"Количество больше {MOST}: проверьте, нет ли опечатки."
        raise InvalidClaims("count_too_large", f"{field}.count", sentence)
    if claim.students and len(claim.students) != count:
        raise InvalidClaims(
            "students_mismatch",
            f"{field}.students",
            f"Результатов {count}, а обучающихся указано {len(claim.students)}: нужен один на каждый результат.",
        )
    return count


def _allowed(row: Criterion, option: Option, position: str, role: str | None, field: str) -> None:
    if not row.open_to(position):
        raise InvalidClaims(
            "criterion_not_for_position",
            f"{field}.criterion",
            f"Строка {row.clause} не для должности «{position}»: в примечании сказано {_bare_quote(row.restriction)}.",
        )
    if (option.role or option.by_role) and role is None:
        sentence = f"Баллы строки {row.clause} зависят от роли: укажите, преподаватель или концертмейстер."
        raise InvalidClaims("missing_role", "role", sentence)
    if option.role and option.role != role:
        sentence = f"Вариант «{option.full_label}» строки {row.clause} не для роли «{role}»."
        raise InvalidClaims("option_not_for_role", f"{field}.option", sentence)


def _next(option: Option, count: int, discipline: str | None) -> int:
    if not option.next_by_discipline:
        return option.next or 0
    if count > 1 and discipline is None:
        names = "», «".join(name for name, _ in option.next_by_discipline)
        sentence = f"Баллы за каждого следующего зависят от дисциплины: укажите «{names}»."
        raise InvalidClaims("missing_discipline", "discipline", sentence)
    return dict(option.next_by_discipline).get(discipline or "", 0)


def _best(section: Section, counted: Mapping[str, Counted]) -> str | None:
    """The row that stands for a section in which only the best one counts; the first of equals. A penalty is not a result."""
    rows = [row.clause for row in section.criteria if row.clause in counted and not row.negative]
    return max(rows, key=lambda clause: counted[clause].points, default=None)


def _explanation(section: Section, row: Criterion, counted: Counted, best: str | None) -> Explanation:
    if best is None or best == row.clause or row.negative:
        low = counted.strict
        cut = "Вычет применяется один раз." if row.negative and counted.cut else counted.cut
        parts = (_counted_text(row, counted), cut, counted.note, _unstated_text(counted))
        text = " ".join(part for part in parts if part)
        return Explanation(row.clause, row.full_label, counted.points, low, row.unstated, text, counted.shares)
    why = f"в разделе засчитывается только лучшая строка, здесь {best}{_quoted(section.words)}"
    text = f"Не засчитано {_points(counted.points)}: {why}."
    return Explanation(row.clause, row.full_label, 0, 0, row.unstated, text)


def _counted_text(row: Criterion, counted: Counted) -> str:
    if row.negative:
        return f"Вычтено {_points(-counted.points)}."
    if row.plain and all(share.results == 1 for share in counted.shares):
        return f"Засчитано {_points(counted.points)}."
    shares = "; ".join(_share_text(row, share) for share in counted.shares)
    return f"Засчитано {_points(counted.points)}: {shares}."


def _share_text(row: Criterion, share: Share) -> str:
    name = "" if row.plain else f"«{share.option.full_label}» — "
    return f"{name}{share.points}" if share.results == 1 else f"{name}{share.points} за {share.results}"


def _unstated_text(counted: Counted) -> str:
    if counted.points == counted.strict:
        return ""
    return (
        f"Складываются ли варианты, регламент не уточняет, решает эксперт: "
        f"при сложении {counted.points}, по лучшему варианту {counted.strict}."
    )


def _sections(form: Form, rows: Sequence[Explanation], category: str) -> tuple[SectionScore, ...]:
    """Points per section in the order of the form; forms 6 and 7 group the sections as their threshold table does."""
    homes = {row.clause: section.number for section in form.sections for row in section.criteria}
    parts = [(row.section, row.numbers, row.range(category).min) for row in form.section_thresholds if row.numbers]
    plain = [(section.number, (section.number,), None) for section in form.sections]
    return tuple(
        SectionScore(
            section=name,
            points=sum(row.points for row in rows if homes[row.criterion] in numbers),
            low=sum(row.low for row in rows if homes[row.criterion] in numbers),
            required=required,
        )
        for name, numbers, required in parts or plain
    )


def _required(form: Form, position: str, category: str) -> int:
    row = form.threshold(position) or next(row for row in form.section_thresholds if row.section == "total")
    return row.range(category).min


# ── what can be reached ─────────────────────────────────────────────────────────────────────────────────────────────


def reach(form: Form, position: str, sections: Iterable[str] | None = None) -> Reach:
    """The lowest and highest points of the form, or of some of its sections, for a row of the threshold table, in any role."""
    wanted = None if sections is None else set(sections)
    low, high = 0, cast("int | None", 0)
    for section in form.sections:
        if wanted is not None and section.number not in wanted:
            continue
        rows = [row for row in section.criteria if row.open_to(position)]
        low += sum(min(option.points for option in row.options) for row in rows if row.negative)
        tops = [_top(row, form.roles(position)) for row in rows if not row.negative]
        known = [top for top in tops if top is not None]
        if len(known) < len(tops) or high is None:
            high = None
        else:
            high += max(known, default=0) if section.rule == "best" else sum(known)
    return Reach(low, high)


def _top(row: Criterion, roles: Sequence[str]) -> int | None:
    """The most that a row can bring in any of the roles; None without a limit."""
    return max((_top_in_role(row, role) for role in roles or ("",)), key=lambda top: float("inf") if top is None else top)


def _top_in_role(row: Criterion, role: str) -> int | None:
    prices = sorted((option.points_for(role) for option in row.options if option.role in ("", role)), reverse=True)
    if not prices:
        return 0
    match row.rule.type:
        case Counting.SINGLE | Counting.BEST_OF:
            return prices[0]
        case Counting.SUM_OPTIONS:
            return sum(prices[: row.rule.max_events])
        case Counting.UNSTATED:
            return sum(prices)
        case Counting.SUM_EVENTS:
            return None if row.rule.max_events is None else row.rule.max_events * prices[0]
        case Counting.SUM_CAPPED_POINTS | Counting.PER_ITEM:
            return row.rule.max_points


# ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _points(number: int) -> str:
    """«1 балл», «2 балла», «5 баллов»."""
    tens, ones = number // 10 % 10, number % 10
    if tens == 1 or ones in (0, 5, 6, 7, 8, 9):
        return f"{number} баллов"
    return f"{number} балл" if ones == 1 else f"{number} балла"


def _bare_quote(words: str) -> str:
    return f"«{words.lstrip('* ')}»"


def _quoted(words: str) -> str:
    return f" {_bare_quote(words)}" if words else ""


def _minimum_key(section: str) -> str:
    return f"sections_{section.replace('+', '_')}" if "+" in section else f"section_{section}"
