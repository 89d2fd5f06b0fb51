"""The first page of the cabinet: the applications of a person."""

from ....models import Application
from .room import page, person, public


@public.get("/")
def home() -> str:
    """One's own applications, the newest first."""
    mine = Application.select().where(Application.applicant == person()).order_by(Application.id.desc())
    return page("home.html", applications=list(mine))
