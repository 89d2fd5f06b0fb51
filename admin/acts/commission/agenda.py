"""The agenda of a sitting as the commission meets it: by category, position and conclusion; who may not vote."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from peewee import JOIN

from ....models import Application, Expert, Hearing, Member, Sitting, russian_key
from ....procedure.words import Category
from ....site.cases import conflicts
from ....site.cases.outcomes import Kind, Outcome, outcomes
from . import compositions
from .proceedings import own

# The answer to line 14 of the form (content/forms/application.toml) of those who ask to be present begins with this.
PRESENCE, PRESENT = "presence", "в моем присутствии"
CASE = (
    *(Application.id, Application.edition, Application.number, Application.status, Application.applicant),
    *(Application.surname, Application.name, Application.patronymic, Application.position, Application.organization),
    *(Application.category, Application.answers, Application.due_on, Application.due_term),
)


@dataclass(frozen=True)
class Line:
    """A case on the agenda: what the experts concluded, and what speaks against the vote of which member."""

    hearing: Hearing
    case: Application
    outcome: Outcome
    against: tuple[tuple[Member, tuple[str, ...]], ...]

    @property
    def asked_to_come(self) -> bool:
        return asked_to_come(self.case)


@dataclass(frozen=True)
class Group:
    """The cases of one position, and how many of them are of each kind."""

    position: str
    lines: tuple[Line, ...]
    kinds: tuple[tuple[Kind, int], ...]


@dataclass(frozen=True)
class Part:
    """The cases of one category, by position."""

    category: Category | None
    groups: tuple[Group, ...]

    @property
    def count(self) -> int:
        return sum(len(group.lines) for group in self.groups)


@dataclass(frozen=True)
class Agenda:
    """All cases of a sitting in their order, and the composition that hears them."""

    sitting: Sitting
    members: tuple[Member, ...]
    lines: tuple[Line, ...]

    @property
    def kinds(self) -> tuple[tuple[Kind, int], ...]:
        return _counted(self.lines)

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(
            Part(Category(category) if category else None, tuple(_groups(list(lines))))
            for category, lines in groupby(self.lines, lambda line: line.case.category)
        )

    @property
    def guests(self) -> tuple[Line, ...]:
        """The lines of those who asked to be present, and of those invited besides."""
        return tuple(line for line in self.lines if line.asked_to_come or line.hearing.slot_at)


def agenda(sitting: Sitting, today: dt.date, only: Sequence[int] = ()) -> Agenda:
    """The agenda of a sitting, or `only` these hearings; nine queries at most, however long it is."""
    members = compositions.seated(sitting.commission) if sitting.commission else []
    rows = Hearing.select(Hearing, *CASE).join(Application, JOIN.INNER).where(Hearing.sitting == sitting)
    if only:
        rows = rows.where(Hearing.id.in_(list(only)))
    hearings = list(rows.order_by(Hearing.id))
    said, bank = outcomes([hearing.application_id for hearing in hearings]), _bank(members)
    parties = own(members, [hearing.application for hearing in hearings], today)
    lines = []
    for hearing in hearings:
        case = hearing.application
        # Of whoever is a party nothing else needs to be said.
        party = {member.id: (parties[case.id, member.id],) for member in members if (case.id, member.id) in parties}
        against = [(one, party.get(one.id) or conflicts.of_member(case, one, bank, today)) for one in members]
        lines.append(Line(hearing, case, said[case.id], tuple(one for one in against if one[1])))
    return Agenda(sitting, tuple(members), tuple(sorted(lines, key=_place)))


def asked_to_come(case: Application) -> bool:
    """Whether the teacher asked to be present (line 14 of the form)."""
    return str(case.answers.get(PRESENCE, "")).startswith(PRESENT)


def _bank(members: Sequence[Member]) -> dict[int, Expert]:
    """Those of the members who are experts too, by account; three queries."""
    accounts = [member.user_id for member in members if member.user_id]
    return {expert.user_id: expert for expert in conflicts.known(Expert.select().where(Expert.user.in_(accounts)))}


def _place(line: Line) -> tuple[object, ...]:
    """Where a case stands: by the number given at the opening, before that by category, position, conclusion and name."""
    case = line.case
    return (
        line.hearing.number or 0,
        _rank(Category, case.category),
        russian_key(case.position),
        _rank(Kind, line.outcome.kind),
        russian_key(case.person),
        case.id,
    )


def _rank(words: Iterable[object], word: str | None) -> int:
    order = [str(one) for one in words]
    return order.index(word) if word in order else len(order)


def _groups(lines: list[Line]) -> Iterable[Group]:
    for _key, same in groupby(lines, lambda line: russian_key(line.case.position)):
        group = tuple(same)
        yield Group(group[0].case.position, group, _counted(group))


def _counted(lines: Sequence[Line]) -> tuple[tuple[Kind, int], ...]:
    counts = Counter(line.outcome.kind for line in lines)
    return tuple((kind, counts[kind]) for kind in Kind if counts[kind])
