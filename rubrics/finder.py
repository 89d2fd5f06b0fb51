"""Which form and which row of its threshold table is mine: three questions, an answer with its reason. Pure functions."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import product

from .forms import CURRENT, UnknownForm, folder
from .forms import edition as load_edition
from .reading import BrokenData, Finding, Table
from .shape import Edition, squeezed

FILE = "finder.toml"
MOST_NEAREST = 3


class UnknownChoice(LookupError):
    """A word that is not among the answers: `field` is the question, the sentence is for people."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
        self.sentence = sentence


class Rank(StrEnum):
    """`general` rows give way to `special` ones; a `beside` row overlaps all others and stands next to them."""

    SPECIAL = "special"
    GENERAL = "general"
    BESIDE = "beside"


@dataclass(frozen=True)
class Choice:
    """One answer to a question. `hint`: examples; `note`: a word to those for whom nothing fits; `founders`: possible ones."""

    key: str
    name: str
    hint: str = ""
    note: str = ""
    founders: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return f"{self.name} ({self.hint})" if self.hint else self.name


@dataclass(frozen=True)
class Match:
    """A form and a row of its threshold table, and why. `condition`: what else must be true; `role`: for forms 8 and 9."""

    form: int
    position: str
    reason: str
    condition: str = ""
    role: str = ""
    beside: bool = False


@dataclass(frozen=True)
class Answer:
    """The rows that fit. `why`: when several fit or none; `nearest`: rows to look at when none fits.

    `gap`: the source names a form for these people but no row; `impossible`: institution and founder exclude each other.
    """

    matches: tuple[Match, ...]
    why: str = ""
    nearest: tuple[Match, ...] = ()
    gap: bool = False
    impossible: bool = False


@dataclass(frozen=True)
class Inquiry:
    """The answers that still lead somewhere, and the answer itself once the questions left would not change it."""

    institutions: tuple[Choice, ...] = ()
    founders: tuple[Choice, ...] = ()
    answer: Answer | None = None


@dataclass(frozen=True)
class Scope:
    """Positions, institutions and founders; an empty set limits nothing."""

    positions: frozenset[str]
    institutions: frozenset[str] = frozenset()
    founders: frozenset[str] = frozenset()
    except_institutions: frozenset[str] = frozenset()

    def holds(self, position: str, institution: str, founder: str) -> bool:
        return (
            position in self.positions
            and (not self.institutions or institution in self.institutions)
            and (not self.founders or founder in self.founders)
            and institution not in self.except_institutions
        )


@dataclass(frozen=True)
class Rule:
    """A row and to whom it belongs."""

    scope: Scope
    rank: Rank
    match: Match


@dataclass(frozen=True)
class Gap:
    """People for whom the source names a form but gives no row."""

    scope: Scope
    why: str
    nearest: tuple[Match, ...]


@dataclass(frozen=True)
class Finder:
    """The three questions with their answers, and the rules of an edition."""

    positions: tuple[Choice, ...]
    institutions: tuple[Choice, ...]
    founders: tuple[Choice, ...]
    rules: tuple[Rule, ...]
    gaps: tuple[Gap, ...]

    def position(self, text: str) -> Choice:
        return _chosen(self.positions, text, "position", "Такой должности в формах нет: выберите должность из списка.")

    def institution(self, text: str) -> Choice:
        return _chosen(self.institutions, text, "institution", "Такого вида учреждения в списке нет: выберите другой.")

    def founder(self, text: str) -> Choice:
        return _chosen(self.founders, text, "founder", "Такого учредителя в списке нет: выберите другого.")

    def possible(self, institution: Choice) -> tuple[Choice, ...]:
        """The founders that an institution of this kind can have."""
        return tuple(one for one in self.founders if not institution.founders or one.key in institution.founders)


# ── asking ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def find(position: str, institution: str, founder: str, edition: str = CURRENT) -> Answer:
    """The form and row for these three answers (keys or names). UnknownChoice for a word that is no answer."""
    known = finder(edition)
    who, place, owner = known.position(position), known.institution(institution), known.founder(founder)
    return _answers(edition, who.key)[place.key, owner.key]


def inquire(position: str, institution: str = "", founder: str = "", edition: str = CURRENT) -> Inquiry:
    """What to ask next when some questions are not answered yet (an empty word). UnknownChoice as in `find`."""
    known = finder(edition)
    answers = _answers(edition, known.position(position).key)
    place = known.institution(institution).key if institution else None
    owner = known.founder(founder).key if founder else None
    leading = [key for key, answer in answers.items() if answer.matches or answer.gap]
    institutions = {kind for kind, body in leading if place is not None or owner in (None, body)}
    founders = {body for kind, body in leading if place in (None, kind)}
    left = [answer for (kind, body), answer in answers.items() if place in (None, kind) and owner in (None, body)]
    # A question whose answers all lead to the same row is not asked; combinations that do not exist have no say in it.
    existing = [answer for answer in left if not answer.impossible] or left
    return Inquiry(
        institutions=tuple(kind for kind in known.institutions if kind.key in institutions),
        founders=tuple(body for body in known.founders if body.key in founders),
        answer=existing[0] if all(answer == existing[0] for answer in existing) else None,
    )


@cache
def _answers(edition: str, position: str) -> dict[tuple[str, str], Answer]:
    """The answer for every kind of institution and every founder."""
    known = finder(edition)
    who = known.position(position)
    pairs = product(known.institutions, known.founders)
    return {(place.key, owner.key): _answer(known, who, place, owner) for place, owner in pairs}


def _answer(known: Finder, position: Choice, institution: Choice, founder: Choice) -> Answer:
    if founder not in known.possible(institution):
        why = f"Так не бывает: «{institution.name}» и «{founder.name}». Проверьте вид учреждения и учредителя."
        return Answer((), why, _nearest(known, position, institution, founder), impossible=True)
    asked = (position.key, institution.key, founder.key)
    held = [rule for rule in known.rules if rule.scope.holds(*asked)]
    gap = next((gap for gap in known.gaps if gap.scope.holds(*asked)), None)
    ranked = {rank: [rule.match for rule in held if rule.rank is rank] for rank in Rank}
    own = ranked[Rank.SPECIAL] or ([] if gap else ranked[Rank.GENERAL])
    matches = _distinct([*own, *ranked[Rank.BESIDE]])
    if matches:
        return Answer(matches, _why_several(matches))
    if gap:
        return Answer((), gap.why, gap.nearest, gap=True)
    why = f"Для должности «{position.name}» в учреждении такого вида с таким учредителем строки с баллами в формах нет."
    return Answer((), f"{why} {position.note}".strip(), _nearest(known, position, institution, founder))


def _why_several(matches: tuple[Match, ...]) -> str:
    if len(matches) == 1:
        return ""
    own = [match for match in matches if not match.beside]
    why = []
    if len(own) > 1 and all(match.condition for match in own):
        why.append("Какая строка ваша, зависит от условия, которое стоит при каждой.")
    elif len(own) > 1:
        why.append("Одна форма составлена для вида учреждения, другая для учредителя; какая важнее, источник не говорит.")
    if len(own) < len(matches):
        why.append("Строка казённых учреждений пересекается со строками должностей; какая из них важнее, источник не говорит.")
    return " ".join([*why, "Если сомневаетесь, спросите секретаря аттестационной комиссии."])


def _nearest(known: Finder, position: Choice, institution: Choice, founder: Choice) -> tuple[Match, ...]:
    """Rows of the same position: in the same kind of institution, else with the same founder, else anywhere."""
    rules = [rule for rule in known.rules if position.key in rule.scope.positions and rule.rank is not Rank.BESIDE]
    same_place = [rule for rule in rules if _anyhow(rule, position, [institution], known.founders)]
    same_owner = [rule for rule in rules if _anyhow(rule, position, known.institutions, [founder])]
    return _distinct(rule.match for rule in same_place or same_owner or rules)[:MOST_NEAREST]


def _anyhow(rule: Rule, position: Choice, institutions: Iterable[Choice], founders: Iterable[Choice]) -> bool:
    return any(rule.scope.holds(position.key, place.key, owner.key) for place, owner in product(institutions, founders))


def _distinct(matches: Iterable[Match]) -> tuple[Match, ...]:
    """The first match of every row."""
    found: dict[tuple[int, str], Match] = {}
    for match in matches:
        found.setdefault((match.form, match.position), match)
    return tuple(found.values())


def _chosen(choices: Iterable[Choice], text: str, field: str, sentence: str) -> Choice:
    wanted = squeezed(text)
    for choice in choices:
        if wanted in (choice.key, squeezed(choice.name)):
            return choice
    raise UnknownChoice(field, sentence)


# ── reading ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def finder(edition: str = CURRENT) -> Finder:
    """The questions and rules of an edition. UnknownForm for an edition without them, BrokenData when the file is wrong."""
    place = folder(edition) / FILE
    known = load_edition(edition)
    if not place.is_file():
        raise UnknownForm(f"Для редакции «{edition}» подбор формы не составлен.")
    found, findings = read_finder(tomllib.loads(place.read_text(encoding="utf-8")), known)
    if findings:
        raise BrokenData(findings)
    return found


def read_finder(data: Mapping[str, object], edition: Edition) -> tuple[Finder, list[Finding]]:
    """The finder from its TOML table, and what is wrong with the table."""
    table = Table(data, FILE, "", [])
    positions = tuple(_choice(item) for item in table.tables("position", required=True, name="key"))
    institutions = tuple(_choice(item) for item in table.tables("institution", required=True, name="key"))
    founders = tuple(_choice(item) for item in table.tables("founder", required=True, name="key"))
    names = _Names(_keys(positions), _keys(institutions), _keys(founders), edition)
    for kind in institutions:
        names.known(table, f"institution[{kind.key}].founders", kind.founders, names.founders)
    found = Finder(
        positions,
        institutions,
        founders,
        tuple(_rule(item, names) for item in table.tables("rule", required=True)),
        tuple(_gap(item, names) for item in table.tables("gap")),
    )
    table.close()
    return found, table.findings


@dataclass(frozen=True)
class _Names:
    """The keys that rules may use, and the rows that exist."""

    positions: set[str]
    institutions: set[str]
    founders: set[str]
    edition: Edition

    def known(self, table: Table, key: str, used: Iterable[str], there: set[str]) -> None:
        for word in used:
            if word not in there:
                table.complain(key, f"неизвестное слово «{word}»")

    def row(self, table: Table, form: int, row: str) -> None:
        entry = self.edition.entry(form)
        if entry is None or row not in entry.positions:
            table.complain("row", f"в таблице баллов формы {form} нет строки «{row}»")


def _keys(choices: Iterable[Choice]) -> set[str]:
    return {choice.key for choice in choices}


def _choice(table: Table) -> Choice:
    choice = Choice(
        key=table.text("key", required=True),
        name=table.text("name", required=True),
        hint=table.text("hint"),
        note=table.text("note"),
        founders=table.texts("founders"),
    )
    table.close()
    return choice


def _scope(table: Table, names: _Names) -> Scope:
    positions, institutions = table.texts("positions", required=True), table.texts("institutions")
    founders, excepted = table.texts("founders"), table.texts("except_institutions")
    names.known(table, "positions", positions, names.positions)
    names.known(table, "institutions", institutions, names.institutions)
    names.known(table, "founders", founders, names.founders)
    names.known(table, "except_institutions", excepted, names.institutions)
    return Scope(frozenset(positions), frozenset(institutions), frozenset(founders), frozenset(excepted))


def _rule(table: Table, names: _Names) -> Rule:
    rank = table.word("rank", Rank) or Rank.SPECIAL
    match = _match(table, names, table.text("reason", required=True), beside=rank is Rank.BESIDE)
    rule = Rule(_scope(table, names), rank, match)
    table.close()
    return rule


def _gap(table: Table, names: _Names) -> Gap:
    why = table.text("why", required=True)
    nearest = table.tables("nearest", required=True)
    gap = Gap(_scope(table, names), why, tuple(_match(item, names, "") for item in nearest))
    for item in (*nearest, table):
        item.close()
    return gap


def _match(table: Table, names: _Names, reason: str, *, beside: bool = False) -> Match:
    form, row = table.integer("form", required=True) or 0, table.text("row", required=True)
    names.row(table, form, row)
    return Match(form, row, reason, table.text("condition"), table.text("role"), beside)
