"""What a score means for the teacher: how far the category is, in a sentence, and what would close the gap soonest. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .scoring import Claim, InvalidClaims, Score, SectionScore, score
from .shape import Criterion, Form, Option

# «до первой», «для высшей»
GENITIVE = {"first": "первой", "highest": "высшей"}


@dataclass(frozen=True)
class Step:
    """`count` more results of one option and the points that they add to what is claimed and advised before."""

    criterion: str
    option: int
    count: int
    points: int


@dataclass(frozen=True)
class Advice:
    """The shortest list that a greedy choice finds. `closes`: with it every minimum of the category is met."""

    steps: tuple[Step, ...]
    closes: bool


@dataclass(frozen=True)
class Goal:
    """A minimum of points, of some sections together or of the whole form (`sections` is empty)."""

    sections: tuple[str, ...]
    required: int


@dataclass(frozen=True)
class Worth:
    """Points of a row counted by itself, by both readings of a silent source."""

    points: int
    low: int


def advise(
    form: Form,
    position: str,
    category: str,
    claims: Iterable[Claim],
    *,
    role: str | None = None,
    discipline: str | None = None,
) -> Advice:
    """The options with the largest gain still available under caps and restrictions, until the minima of the category are met.

    Where one more result is enough, the one that exceeds the gap least is taken. Raises InvalidClaims as `score` does.
    """
    own = list(claims)
    now = score(form, position, category, own, role=role, discipline=discipline)
    tree = _Worksheet(form, now, own)
    for goal in _goals(now):
        while (gap := goal.required - tree.points(goal)) > 0:
            found = tree.best(goal, gap)
            if found is None:
                break
            tree.take(*found)
    return Advice(tree.steps(), all(tree.points(goal) >= goal.required for goal in _goals(now)))


class _Worksheet:
    """A worksheet being filled: what each row is worth by itself now and with one more result of each of its options."""

    def __init__(self, form: Form, now: Score, claims: list[Claim]) -> None:
        self._form, self._now = form, now
        self._claims: dict[str, list[Claim]] = {row.clause: [] for row in form.criteria}
        for claim in claims:
            self._claims[claim.criterion.strip().rstrip(".")].append(claim)
        self._worth = {row.clause: self._alone(row) or Worth(0, 0) for row in form.criteria}
        self._next: dict[str, list[tuple[Option, Worth]]] = {}
        self._taken: dict[tuple[str, int], tuple[int, int]] = {}

    def points(self, goal: Goal) -> int:
        """Points of the goal's sections as they stand."""
        return sum(self._section(number) for number in self._numbers(goal))

    def best(self, goal: Goal, gap: int) -> tuple[Criterion, Option, Worth] | None:
        """The smallest gain that closes the gap, otherwise the largest; of equals the surer one, then the first in the form."""
        found: tuple[Criterion, Option, Worth] | None = None
        found_key: tuple[bool, int, int] = (False, 0, 0)
        for section in self._form.sections:
            if section.number not in self._numbers(goal):
                continue
            standing = self._section(section.number)
            for row in section.criteria:
                now = self._worth[row.clause]
                for option, worth in self._options(row):
                    gain = max(0, worth.points - standing) if section.rule == "best" else worth.points - now.points
                    key = (gain >= gap, -gain if gain >= gap else gain, worth.low - now.low)
                    if gain > 0 and (found is None or key > found_key):
                        found, found_key = (row, option, worth), key
        return found

    def take(self, row: Criterion, option: Option, worth: Worth) -> None:
        """Add one result of the option."""
        before = self._total()
        self._claims[row.clause].append(Claim(row.clause, option.index))
        self._worth[row.clause] = worth
        self._next.pop(row.clause)
        count, points = self._taken.get((row.clause, option.index), (0, 0))
        self._taken[row.clause, option.index] = (count + 1, points + self._total() - before)

    def steps(self) -> tuple[Step, ...]:
        """What was added, in the order of choice."""
        return tuple(Step(clause, index, count, points) for (clause, index), (count, points) in self._taken.items())

    def _numbers(self, goal: Goal) -> tuple[str, ...]:
        return goal.sections or tuple(section.number for section in self._form.sections)

    def _section(self, number: str) -> int:
        section = next(section for section in self._form.sections if section.number == number)
        points = [self._worth[row.clause].points for row in section.criteria if not row.negative]
        penalties = sum(self._worth[row.clause].points for row in section.criteria if row.negative)
        return penalties + (max(points, default=0) if section.rule == "best" else sum(points))

    def _total(self) -> int:
        return self.points(Goal((), 0))

    def _options(self, row: Criterion) -> list[tuple[Option, Worth]]:
        """The options of a row that this teacher may still add, with what the row would then be worth."""
        if row.clause not in self._next:
            options = row.options if row.open_to(self._now.position) and not row.negative else ()
            tried = ((option, self._alone(row, Claim(row.clause, option.index))) for option in options)
            self._next[row.clause] = [(option, worth) for option, worth in tried if worth]
        return self._next[row.clause]

    def _alone(self, row: Criterion, *more: Claim) -> Worth | None:
        """The row counted by itself; None when it cannot be claimed so (another role, no discipline named)."""
        claims = [*self._claims[row.clause], *more]
        if not claims:
            return None
        now = self._now
        try:
            counted = score(self._form, now.position, now.category, claims, role=now.role, discipline=now.discipline)
        except InvalidClaims:
            return None
        return Worth(counted.total, counted.low)


def _goals(now: Score) -> list[Goal]:
    parts = [Goal(tuple(part.section.split("+")), part.required) for part in now.sections if part.required is not None]
    return [*parts, Goal((), now.required)]


# ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def outlook(score: Score) -> str:
    """Where the teacher stands for the category: «До высшей категории не хватает 45 баллов.»"""
    name = GENITIVE[score.category]
    if score.meets_strictly:
        return f"Для {name} категории баллов достаточно."
    if score.meets:
        return (
            f"Для {name} категории баллов достаточно, если эксперт сложит варианты; "
            f"по лучшим вариантам не хватает {lacking(score.required - score.low)}."
        )
    short = [part for part in score.sections if not part.enough(part.points)]
    if not short:
        strictly = f", а если варианты не складывать — {score.required - score.low}" if score.low < score.total else ""
        return f"До {name} категории не хватает {lacking(score.missing)}{strictly}."
    named = [f"{_place(part)} — {lacking((part.required or 0) - part.points)}" for part in short]
    named += [f"всего — {lacking(score.missing)}"] if score.missing else []
    return f"До {name} категории не хватает: {', '.join(named)}."


def brief(score: Score) -> str:
    """The same in a few words: «до высшей не хватает 45»."""
    name = GENITIVE[score.category]
    if score.meets:
        return f"для {name} достаточно" + ("" if score.meets_strictly else ", если сложить варианты")
    if score.missing:
        return f"до {name} не хватает {score.missing}"
    return f"до {name} не хватает баллов {_place(next(part for part in score.sections if not part.enough(part.points)))}"


def total_words(low: int, high: int) -> str:
    """«120 баллов», or both readings where the source is silent: «от 120 до 135 баллов»."""
    if low < high:
        return f"от {signed(low)} до {signed(high)} {'балла' if _one(high) else 'баллов'}"
    return f"{signed(high)} {_noun(high)}"


def silence(rows: Sequence[str]) -> str:
    """Why the total is a range: `rows` are the clauses where adding and not adding differ. Empty without any."""
    if not rows:
        return ""
    where = f"в строке {rows[0]}" if len(rows) == 1 else f"в строках {', '.join(rows)}"
    return f"Регламент не уточняет, складываются ли варианты {where}: решает эксперт."


def uncertain(score: Score) -> tuple[str, ...]:
    """The clauses where both readings give different points."""
    return tuple(row.criterion for row in score.explanations if row.low != row.points)


def lacking(points: int) -> str:
    """«1 балла», «45 баллов»: how many are missing."""
    return f"{points} {'балла' if _one(points) else 'баллов'}"


def signed(points: int) -> str:
    """A figure with a real minus sign."""
    return str(points).replace("-", "−")


def _place(part: SectionScore) -> str:
    numbers = part.section.split("+")
    return f"в разделе {numbers[0]}" if len(numbers) == 1 else f"в разделах {' и '.join(numbers)}"


def _one(points: int) -> bool:
    return abs(points) % 10 == 1 and abs(points) % 100 != 11


def _noun(points: int) -> str:
    if _one(points):
        return "балл"
    few = abs(points) % 10 in (2, 3, 4) and abs(points) % 100 not in (12, 13, 14)
    return "балла" if few else "баллов"
