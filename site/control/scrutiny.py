"""What the system itself notices in a case, by the question of the check that it speaks to; the head of the department judges.

Words about papers and scores, not about people: what is noticed is kept with the answer and goes into the act.
"""

import datetime as dt
from collections.abc import Callable, Iterator

from peewee import prefetch

from ...models import (
    Application,
    Approval,
    CaseEvent,
    CaseFile,
    Conclusion,
    ConflictPermit,
    Expert,
    JournalEntry,
    Paper,
    Review,
    User,
)
from ...procedure.road import road
from ...procedure.terms import terms
from ...procedure.words import CaseRole, Channel
from .. import journal
from ..cases import conflicts, moves
from ..cases.calendar import dates_of, office_calendar
from ..cases.facts import NEGATIVE, OPEN, POSITIVE, stands
from ..cases.folder import form_of
from ..cases.judgement import OUTCOMES, of_conclusion
from ..dates import day_of

Notices = dict[str, list[str]]


def noticed(application: Application, today: dt.date) -> Notices:
    """Sentences by the name of the question they speak to; none where all is as it should be. About 15 queries."""
    seen = _Seen(application)
    return {name: found for name, look in LOOKS.items() if (found := list(look(seen, today)))}


class _Seen:
    """A case with its reviews, conclusions and papers, read once."""

    def __init__(self, application: Application) -> None:
        self.case = application
        mine = Review.select(Review, User).join(User).where(Review.application == application, Review.ended_at.is_null())
        self.reviews: list[Review] = prefetch(mine.order_by(Review.id), Conclusion.select().order_by(Conclusion.number))
        papers = Paper.select().where(Paper.application == application).order_by(Paper.number)
        self.papers: list[Paper] = prefetch(papers, CaseFile.select().where(CaseFile.removed_at.is_null()))
        self.judging = [review for review in self.reviews if review.role != CaseRole.ADDITIONAL_EXPERT]

    def title(self, review: Review) -> str:
        return road("application", self.case.edition).title_of(CaseRole(review.role))


def _terms(seen: _Seen, today: dt.date) -> Iterator[str]:
    """Terms that were not kept, by the days of the case."""
    case = seen.case
    calendar, days = office_calendar(), {dated.name: dated.on for dated in dates_of(case)}
    until = min(case.closed_on or today, today)
    for term in terms(case.edition).terms:
        if (
            Channel(case.channel) not in (term.channels or Channel)
            or term.since not in days
            or (term.day and term.day not in days)
        ):
            continue
        ends = days[term.day] if term.day else term.end(days[term.since], calendar)
        met = days.get(term.until)
        if met and met > ends:
            yield f"{term.title}: нужно было до {ends:%d.%m.%Y}, сделано {met:%d.%m.%Y} (пункт {term.clause})"
        elif met is None and until > ends and (case.status in term.runs_in or case.closed_on):
            yield f"{term.title}: нужно было до {ends:%d.%m.%Y}, не сделано (пункт {term.clause})"


def _points(seen: _Seen, today: dt.date) -> Iterator[str]:
    """Whether points have papers, and the outcome follows from the points."""
    form = form_of(seen.case)
    for review in seen.judging:
        for conclusion in list(review.conclusions)[-1:]:
            told = of_conclusion(form, seen.case, conclusion, seen.papers) if form and conclusion.answers else None
            if told is None:
                yield f"{seen.title(review)}: баллы в системе не посчитаны, только файл заключения"
                continue
            if told.unproved:
                yield f"{seen.title(review)}: баллы без документа в строках {', '.join(told.unproved)}"
            if (told.low, told.high) != (conclusion.points_low, conclusion.points_high):
                yield f"{seen.title(review)}: в заключении не те баллы, которые дают ответы по форме"
            if told.implied in OUTCOMES and told.implied != conclusion.outcome:
                implied, given = OUTCOMES[told.implied], OUTCOMES[conclusion.outcome]
                yield f"{seen.title(review)}: по баллам «{implied}», в заключении «{given}»"
            if told.implied == OPEN and not conclusion.outcome_reason:
                yield f"{seen.title(review)}: порог внутри разброса баллов, а вывод не обоснован"


def _conclusion(seen: _Seen, today: dt.date) -> Iterator[str]:
    """Whether each conclusion stands, is signed, was read; whether a refusal rests on one."""
    for review in seen.judging:
        given = list(review.conclusions)
        if not given:
            yield f"{seen.title(review)}: заключения нет"
            continue
        last = given[-1]
        if not stands(review, last):
            yield f"{seen.title(review)}: заключение возвращено на доработку, нового нет"
        if len(given) > 1:
            yield f"{seen.title(review)}: версий заключения {len(given)}"
        if last.read_at is None:
            yield f"{seen.title(review)}: педагог не отметил, что ознакомился"
    outcomes = {list(review.conclusions)[-1].outcome for review in seen.judging if list(review.conclusions)}
    decided = seen.case.decision
    if (decided == "establish" and outcomes == {NEGATIVE}) or (decided == "refuse" and outcomes == {POSITIVE}):
        yield "решение комиссии расходится с заключениями"


def _conflicts(seen: _Seen, today: dt.date) -> Iterator[str]:
    """Conflicts as they are known now, permits of the chair, approvals on the day of the review."""
    case = seen.case
    by_account = {review.expert_id: review for review in seen.reviews}
    bank = conflicts.known(Expert.select().where(Expert.user.in_(list(by_account))))
    permitted = {one.expert_id for one in ConflictPermit.select().where(ConflictPermit.application == case)}
    for user_id, reasons in conflicts.conflicts(case, bank, today).items():
        allowed = ", председатель разрешил" if user_id in permitted else ""
        yield f"{seen.title(by_account[user_id])}: {'; '.join(reasons)}{allowed}"
    begun = CaseEvent.get_or_none(CaseEvent.application == case, CaseEvent.name == "review_started")
    for expert in bank:
        review = by_account[expert.user_id]
        day = begun.day if begun else day_of(review.assigned_at)
        on_list = Approval.expert == expert, Approval.valid_from <= day, Approval.valid_until >= day
        if not expert.department and not Approval.select().where(*on_list).exists():
            yield f"{seen.title(review)}: на {day:%d.%m.%Y} не утверждён распоряжением"


def _papers(seen: _Seen, today: dt.date) -> Iterator[str]:
    """Lines of the inventory without a file, files that were taken out."""
    if seen.case.portfolio_way == "electronic":
        without = [str(paper.number) for paper in seen.papers if not list(paper.files)]
        if without:
            yield f"в описи есть строки без файла: {', '.join(without)}"
    removed = CaseFile.select().where(CaseFile.application == seen.case, CaseFile.removed_at.is_null(False)).count()
    if removed:
        yield f"убрано файлов из дела: {removed}"


def _personal_data(seen: _Seen, today: dt.date) -> Iterator[str]:
    """How many people of the office have opened the case."""
    verb = journal.case_verb("read_case")
    opened = journal.history(moves.SUBJECT, seen.case.id).where(JournalEntry.verb == verb)
    people = opened.select(JournalEntry.user).order_by().distinct().count()
    if people:
        yield f"дело открывали сотрудники и эксперты, человек: {people}"


LOOKS: dict[str, Callable[[_Seen, dt.date], Iterator[str]]] = {
    "terms": _terms,
    "points": _points,
    "conclusion": _conclusion,
    "conflicts": _conflicts,
    "papers": _papers,
    "personal_data": _personal_data,
}
