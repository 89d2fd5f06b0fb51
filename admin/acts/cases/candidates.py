"""Who could judge a case: every expert of the bank with what speaks for them, what forbids them, what only the chair may allow.

A bank is read once (`dossiers`), a case is compared with it in memory: a hundred cases cost no more queries than one.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, TypeVar

from peewee import ModelSelect, fn

from ....models import Absence, Application, Approval, ConflictPermit, Expert, Review, Speciality, User, UserRole, russian_key
from ....procedure.words import CaseRole, Role
from ....rubrics.forms import edition
from ....site.cases import conflicts
from ....site.cases.workload import at_work

Row = TypeVar("Row", bound=Speciality | Approval | Absence)


class Fit(IntEnum):
    """How closely what an expert judges answers to a case."""

    NONE = 0
    FORM = 1
    POSITION = 2
    SUBJECT = 3


@dataclass(frozen=True)
class Dossier:
    """An expert with all that suggestions go by. `load`: cases that wait for their work; `acts`: the account may be used."""

    expert: Expert
    specialities: tuple[Speciality, ...]
    approvals: tuple[Approval, ...]
    absences: tuple[Absence, ...]
    load: int
    acts: bool

    @property
    def user_id(self) -> int:
        return self.expert.user_id

    def absence(self, *days: dt.date) -> Absence | None:
        """The absence that covers one of these days."""
        return next((row for row in self.absences for day in days if row.first_day <= day <= row.last_day), None)

    def approved(self, day: dt.date) -> bool:
        """Whether the expert is on the list on this day; who works in the department is without an order (3.3.2)."""
        on_list = (row.valid_from <= day <= row.valid_until for row in self.approvals)
        return self.expert.department or any(on_list)

    @property
    def valid_until(self) -> dt.date | None:
        """The last day of the latest approval."""
        return max((row.valid_until for row in self.approvals), default=None)


@dataclass(frozen=True)
class Candidate:
    """An expert seen from one case.

    `praise`: what speaks for them; `bars`: what forbids; `away`: why they take nothing new now; `conflicts`: what the chair may
    allow, and `permitted` whether that has been done.
    """

    dossier: Dossier
    fit: Fit
    praise: tuple[str, ...]
    bars: tuple[str, ...]
    away: tuple[str, ...]
    conflicts: tuple[str, ...]
    permitted: bool

    @property
    def expert(self) -> Expert:
        return self.dossier.expert

    @property
    def user_id(self) -> int:
        return self.dossier.user_id

    @property
    def name(self) -> str:
        full_name: str = self.expert.user.full_name
        return full_name

    @property
    def possible(self) -> bool:
        """Whether the case may be given to this expert."""
        return self.may_stay and not self.away

    @property
    def may_stay(self) -> bool:
        """Whether an expert who has a seat may keep it: a leave takes nobody's seat away."""
        return not self.bars and (self.permitted or not self.conflicts)

    @property
    def suggested(self) -> bool:
        """Whether the office would choose them itself."""
        return self.possible and self.fit > Fit.NONE and not self.conflicts


def dossiers(experts: "ModelSelect[Expert]") -> list[Dossier]:
    """These experts with all that belongs to them; eight queries, however many there are."""
    people = conflicts.known(experts)
    specialities, approvals, absences = _of(Speciality, experts), _of(Approval, experts), _of(Absence, experts)
    loads = loads_of()
    active = User.select(User.id).join(UserRole).where(User.active, UserRole.role == Role.EXPERT)
    acting = {row.id for row in active}
    return [
        Dossier(
            expert,
            tuple(specialities[expert.id]),
            tuple(approvals[expert.id]),
            tuple(absences[expert.id]),
            loads.get(expert.user_id, 0),
            expert.user_id in acting,
        )
        for expert in people
    ]


def loads_of() -> dict[int, int]:
    """Account of the expert → how many cases wait for their work; one query."""
    counted: Any = Review.select(Review.expert, fn.COUNT(Review.id)).join(Application).where(at_work()).group_by(Review.expert)
    return dict(counted.tuples())


def fitting(application: Application) -> "ModelSelect[Expert]":
    """Experts of the bank who judge the form of the case; all of them while its form is not known."""
    bank: ModelSelect[Expert] = Expert.select().where(Expert.active)
    if application.form is None:
        return bank
    return bank.where(Expert.id.in_(Speciality.select(Speciality.expert).where(Speciality.form == application.form)))


def candidates(
    application: Application,
    known: Sequence[Dossier],
    *,
    role: CaseRole,
    day: dt.date,
    today: dt.date,
    permitted: frozenset[int] = frozenset(),
    strangers: frozenset[int] = frozenset(),
) -> list[Candidate]:
    """All these experts as this case sees them, the best first; no query.

    `day`: the day of the review; `permitted`: whom the chair lets stay in spite of a conflict; `strangers`: who judged the
    case before and cannot be its independent second expert.
    """
    against = conflicts.conflicts(application, (dossier.expert for dossier in known), today)
    found = []
    for dossier in known:
        fit, matched = _fit(application, dossier)
        bars = tuple(_bars(application, dossier, day))
        if role is CaseRole.SECOND_EXPERT and dossier.user_id in strangers:
            bars += ("уже проводил экспертизу этого заявления: вторая независима от первой",)
        found.append(
            Candidate(
                dossier,
                fit,
                praise=(matched, *_praise(dossier, day)) if matched else tuple(_praise(dossier, day)),
                bars=bars,
                away=tuple(_away(dossier, day, today)),
                conflicts=against.get(dossier.user_id, ()),
                permitted=dossier.user_id in permitted,
            )
        )
    return sorted(found, key=_place)


def permitted_in(application: Application) -> frozenset[int]:
    """Accounts of the experts whom the chair lets stay in this case; one query."""
    mine = ConflictPermit.select(ConflictPermit.expert).where(ConflictPermit.application == application)
    return frozenset(permit.expert_id for permit in mine)


def judged_first(application: Application) -> frozenset[int]:
    """Accounts of all who were its first expert at any time, also those who were replaced; one query."""
    first = Review.select(Review.expert).where(Review.application == application, Review.role != CaseRole.SECOND_EXPERT)
    return frozenset(review.expert_id for review in first)


def _place(candidate: Candidate) -> tuple[Any, ...]:
    return (
        not candidate.possible,
        bool(candidate.bars or candidate.away),
        -candidate.fit,
        bool(candidate.conflicts),
        candidate.dossier.load,
        russian_key(candidate.name),
        candidate.user_id,
    )


def _fit(application: Application, dossier: Dossier) -> tuple[Fit, str]:
    """The closest speciality and what it is, in words. A teacher names the subject with the position: «учитель математики»."""
    whole = conflicts.plain(application.position)
    found = [(fit, row) for row in dossier.specialities if (fit := _one_fit(application, row, whole)) > Fit.NONE]
    if not found:
        return Fit.NONE, ""
    fit, row = max(found, key=lambda one: one[0])
    return fit, f"оценивает: {', '.join(filter(None, (f'форма {row.form}', row.position, row.subject)))}"


def _one_fit(application: Application, row: Speciality, whole: str) -> Fit:
    """A position or a subject that the case does not name makes a speciality somebody else's."""
    if application.form is not None and row.form != application.form:
        return Fit.NONE
    if not all(_named(words, whole) for words in (row.position, row.subject)):
        return Fit.NONE
    if row.subject:
        return Fit.SUBJECT
    return Fit.POSITION if row.position else Fit.FORM


def _named(words: str, whole: str) -> bool:
    """Whether every word stands in the text, whatever its ending: «математика» in «учитель математики»."""
    there = whole.split()
    return all(any(_stem(word) == _stem(one) for one in there) for word in conflicts.plain(words).split())


def _stem(word: str) -> str:
    return word[: max(4, len(word) - 2)]


def _praise(dossier: Dossier, day: dt.date) -> Iterable[str]:
    if dossier.expert.department:
        yield "работает в отделе аттестации"
    elif dossier.approved(day) and dossier.valid_until:
        yield f"утверждён по {dossier.valid_until:%d.%m.%Y}"


def _bars(application: Application, dossier: Dossier, day: dt.date) -> Iterable[str]:
    if application.applicant_id == dossier.user_id:
        yield "это сам педагог"
    if not dossier.expert.active:
        yield "исключён из банка экспертов"
    if not dossier.acts:
        yield "вход закрыт, или нет роли эксперта"
    if not dossier.approved(day):
        until = dossier.valid_until
        yield f"утверждён только по {until:%d.%m.%Y}" if until and until < day else "не утверждён на день экспертизы"


def _away(dossier: Dossier, day: dt.date, today: dt.date) -> Iterable[str]:
    if absence := dossier.absence(today, day):
        why = absence.reason or "отсутствует"
        yield f"{why}, до {absence.last_day:%d.%m.%Y}"


def _of(rows: type[Row], experts: "ModelSelect[Expert]") -> Mapping[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    mine: Any = rows.select().where(rows.expert.in_(experts.select(Expert.id))).order_by(rows.id)
    for row in mine:
        found[row.expert_id].append(row)
    return found


def form_titles() -> dict[int, str]:
    """The scoring forms by number, as lists name them."""
    return {entry.number: f"{entry.number}. {entry.title}" for entry in edition().forms}
