"""Conclusions as they were given: which versions somebody sees, what each says row by row, and the words of the printed one."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from peewee import prefetch

from ...models import Application, CaseFile, Conclusion, Expert, Paper, Review, User
from ...procedure.words import CaseRole
from ...rubrics.advice import GENITIVE, signed, total_words
from ...rubrics.scoring import Explanation
from ...rubrics.shape import Form
from ..dates import CITY, day_of
from ..printing import press
from ..printing.conclusions import Given
from ..printing.russian import date_in_words
from .facts import POSITIVE, stands
from .folder import form_of, papers_of
from .judgement import Judgement, of_conclusion, of_review, papers_named
from .people import OFFICE, roles_in
from .rights import Part, seen_by

ELECTRONIC, UPLOADED = "electronic", "uploaded"
PARTS = {CaseRole.MAIN_EXPERT: Part.FIRST_CONCLUSION, CaseRole.SECOND_EXPERT: Part.SECOND_CONCLUSION}


@dataclass(frozen=True)
class Row:
    """A scored row as it is explained: what it brought and why, the papers that counted, the expert's remark."""

    clause: str
    label: str
    points: str
    text: str
    papers: tuple[Paper, ...]
    remark: str


@dataclass(frozen=True)
class Version:
    """A version of a conclusion with its explanation. `current`: the newest one of its review, not returned since.

    `told` is None where no form was scored: then the file alone says how it came about.
    """

    review: Review
    conclusion: Conclusion
    current: bool
    told: Judgement | None
    rows: tuple[Row, ...]

    @property
    def role(self) -> CaseRole:
        return CaseRole(self.review.role)

    @property
    def total(self) -> str:
        """«от 120 до 135 баллов»; empty where nothing was scored."""
        low, high = self.conclusion.points_low, self.conclusion.points_high
        return total_words(low, high) if low is not None and high is not None else ""


def versions(application: Application, user: User, today: dt.date) -> tuple[Version, ...]:
    """All versions of conclusions that this person sees, the first expert's before the second's, the newest first.

    What an expert who was replaced had given is only for the office: whoever came instead begins anew. About eight queries.
    """
    roles = roles_in(application, user, today)
    parts = seen_by(application, roles)
    seen = [role.value for role, part in PARTS.items() if part in parts]
    mine = Review.select(Review, User).join(User).where(Review.application == application, Review.role.in_(seen))
    if roles.isdisjoint(OFFICE):
        mine = mine.where(Review.ended_at.is_null())
    given = Conclusion.select(Conclusion, CaseFile).left_outer_join(CaseFile).order_by(Conclusion.number.desc())
    reviews: list[Review] = prefetch(mine.order_by(Review.role, Review.ended_at, Review.id), given)
    papers = papers_of(application) if any(list(review.conclusions) for review in reviews) else []
    form = form_of(application)
    return tuple(
        _version(application, review, conclusion, form, papers, place == 0)
        for review in reviews
        for place, conclusion in enumerate(review.conclusions)
    )


def current_of(review: Review) -> Conclusion | None:
    """The newest version, unless it was returned for rework after it was given; one query."""
    last: Conclusion | None = review.conclusions.order_by(Conclusion.number.desc()).first()
    return last if last and stands(review, last) else None


def explained(told: Judgement, papers: Sequence[Paper]) -> tuple[Row, ...]:
    """The scored rows of a sheet in words."""
    return tuple(
        Row(
            clause=row.criterion,
            label=row.label,
            points=_points(row),
            text=row.text,
            papers=papers_named(told.proofs, row.criterion, papers),
            remark=told.remarks.get(row.criterion, ""),
        )
        for row in told.rows
    )


def _version(
    application: Application, review: Review, conclusion: Conclusion, form: Form | None, papers: list[Paper], newest: bool
) -> Version:
    told = of_conclusion(form, application, conclusion, papers) if form and conclusion.answers else None
    rows = explained(told, papers) if told else ()
    return Version(review, conclusion, newest and review.ended_at is None and stands(review, conclusion), told, rows)


# --- The printed one --------------------------------------------------------------------------------------------------------


def printed(application: Application, review: Review, form: Form, *, on: dt.datetime, number: int = 0) -> bytes:
    """The conclusion as a PDF made from what stands in the review: signed electronically as version `number`, or a draft.

    Printed in a process of its own, about two seconds. Raises press.PressFailed.
    """
    papers = papers_of(application)
    told = of_review(form, application, review, papers)
    given = given_words(application, review, told, papers, on=on, number=number)
    return press.conclusion_apart(form.number, form.edition, asdict(given))


def given_words(
    application: Application, review: Review, told: Judgement, papers: Sequence[Paper], *, on: dt.datetime, number: int
) -> Given:
    """What the printed conclusion says; a query for the expert."""
    user = review.expert
    expert: Expert | None = Expert.get_or_none(Expert.user == user)
    work = (expert.organization, expert.position) if expert else ()
    day = day_of(on)
    about = f"Заявление {application}"
    points = {row.criterion: _points(row) for row in told.rows}
    for row in told.rows:
        points |= {f"{row.criterion}-{share.option.index}": _share(share.points, share.results) for share in row.shares}
    named = {row.criterion: papers_named(told.proofs, row.criterion, papers) for row in told.rows}
    return Given(
        about=f"{about}, версия {number}" if number else about,
        person=", ".join(filter(None, (application.person, application.organization, application.position))),
        teacher=application.person,
        expert=", ".join(filter(None, (user.full_name, *work))),
        reviewed_on=date_in_words(day),
        total=_range(told.low, told.high),
        position=application.position,
        category=GENITIVE[application.category or "first"],
        meets=review.outcome == POSITIVE,
        reason=review.outcome_reason,
        recommendations=review.recommendations,
        signatory=initials(user.full_name),
        signed_on=f"{day:%d.%m.%Y}" if number else "",
        points=points,
        papers={clause: _lines_of(found) for clause, found in named.items() if found},
        remarks=told.remarks,
        mark=_mark(user, on) if number else (),
        draft=not number,
    )


def initials(full_name: str) -> str:
    """«Оценкина Мария Львовна» → «М.Л. Оценкина»."""
    surname, *names = full_name.split()
    return f"{''.join(f'{name[0]}.' for name in names)} {surname}".strip()


def _mark(user: User, on: dt.datetime) -> tuple[str, ...]:
    moment = f"{on.astimezone(CITY):%d.%m.%Y %H:%M} (время московское)"
    return ("Подписано простой электронной подписью", user.full_name, moment)


def _points(row: Explanation) -> str:
    return _range(row.low, row.points)


def _range(low: int | None, high: int | None) -> str:
    if low is None or high is None:
        return ""
    return signed(high) if low == high else f"от {signed(low)} до {signed(high)}"


def _share(points: int, results: int) -> str:
    return f"{signed(points)} (за {results})" if results > 1 else signed(points)


def _lines_of(papers: Sequence[Paper]) -> str:
    numbers = ", ".join(str(paper.number) for paper in papers)
    return f"Строка описи № {numbers}" if len(papers) == 1 else f"Строки описи № {numbers}"
