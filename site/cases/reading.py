"""The teacher's side marks that it has read the conclusion."""

import datetime as dt

from ...models import Application, Conclusion, Review, User, database
from . import moves
from .conclusions import current_of

VERB = "read_conclusion"


def read_conclusion(application: Application, *, by: User, on: dt.datetime) -> Application:
    """Mark the newest version of each conclusion as read; what was read before keeps its moment."""
    with database.atomic():
        moves.allow(application, VERB, by=by, on=on)
        standing = Review.select().where(Review.application == application, Review.ended_at.is_null())
        given = [conclusion.id for review in standing if (conclusion := current_of(review)) and conclusion.read_at is None]
        Conclusion.update(read_at=on).where(Conclusion.id.in_(given)).execute()
        return moves.make(application, VERB, by=by, on=on)
