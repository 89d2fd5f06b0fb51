"""The first page of the cabinet: the applications of a person, whose turn it is in each, by when."""

from dataclasses import dataclass

from ....models import Application, Representative, User
from ....procedure.road import road
from ....procedure.shape import Status
from ....procedure.terms import Season, Term, terms
from ....procedure.words import Category
from ...cases import messages, story
from ...cases.sight import DRAFT
from ..layout import parts
from .cases import today
from .room import page, person, public


@dataclass(frozen=True)
class Row:
    """A case of the list. `term`: its nearest one."""

    case: Application
    status: Status
    turn: story.Turn
    category: str
    term: Term | None
    unread: int
    represented: bool


@public.get("/")
def home() -> str:
    """One's own applications and those of people one acts for, the newest first."""
    user = person()
    cases = list(_cases(user))
    duties = story.duties_of(cases)
    unread = messages.unread([case.id for case in cases], from_office=True)
    rows = [
        Row(
            case=case,
            status=road("application", case.edition).status(case.status),
            turn=story.turn(case, duties[case.id]),
            category=category(case),
            term=terms(case.edition).term(case.due_term) if case.due_term else None,
            unread=unread.get(case.id, 0),
            represented=case.applicant_id != user.id,
        )
        for case in cases
    ]
    return page("home.html", rows=rows, season=closed_season(parts().settings.procedure), today=today())


def category(case: Application) -> str:
    """The category that is asked for, in words."""
    return Category(case.category).label if case.category else ""


def closed_season(edition: str) -> Season | None:
    """The season of intake, if it is over now: then it has to be said when the next one begins."""
    season = terms(edition).season
    return season if season and not season.is_open(today()) else None


def _cases(user: User) -> list[Application]:
    acting = Representative.select(Representative.application).where(
        Representative.user == user,
        Representative.ended_at.is_null(),
        Representative.expires_on.is_null() | (Representative.expires_on >= today()),
    )
    own = (Application.applicant == user) & ((Application.status != DRAFT) | Application.merged_into.is_null())
    found = Application.select().where(own | Application.id.in_(acting)).order_by(Application.id.desc())
    return list(found)
