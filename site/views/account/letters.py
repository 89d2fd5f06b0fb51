"""The letters that came to a person's cabinet: all of them, and one, which is read by being opened."""

from flask import abort, request, url_for

from ....models import Letter, utc_now
from ...letters import cabinet
from ...letters.envelope import clause_of, paragraphs, path_of
from ..paging import NoSuchPage, Pages, page_number
from .room import page, person, public

ON_A_PAGE = 30
# PostgreSQL refuses such numbers for an id.
LARGEST_ID = 2**31


@public.get("/letters/")
def mailbox() -> str:
    """The letters, the newest first."""
    try:
        number = page_number(request.args.get("page", ""))
    except NoSuchPage:
        abort(404)
    mine = cabinet.of(person())
    last = max(-(-mine.count() // ON_A_PAGE), 1)
    if number > last:
        abort(404)
    return page(
        "mailbox.html",
        letters=list(mine.paginate(number, ON_A_PAGE)),
        pages=Pages(number, last, lambda other: url_for("account.mailbox", page=other if other > 1 else None)),
    )


@public.get("/letters/<int:id>/")
def letter(id: int) -> str:
    """A letter, opened."""
    mine: Letter | None = cabinet.of(person()).where(Letter.id == id).first() if id < LARGEST_ID else None
    if mine is None:
        abort(404)
    cabinet.mark_read(mine, on=utc_now())
    return page("letter.html", letter=mine, paragraphs=paragraphs(mine.body), case=path_of(mine), clause=clause_of(mine))
