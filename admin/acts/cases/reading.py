"""That somebody of the office has opened a case is in the journal: it holds what only few may know."""

import datetime as dt

from ....models import Application, JournalEntry, User, database
from ....site import journal
from ....site.cases import moves

VERB = "read_case"
# Going to and fro between the pages of a case is one opening of it.
ONE_SITTING = dt.timedelta(minutes=30)


def note(application: Application, *, by: User, on: dt.datetime) -> None:
    """Write down that this person has opened the case, once in half an hour; one query, or two."""
    mine = JournalEntry.user == by, JournalEntry.verb == journal.case_verb(VERB), JournalEntry.at > on - ONE_SITTING
    this = JournalEntry.subject == moves.SUBJECT, JournalEntry.subject_id == application.id
    if JournalEntry.select().where(*mine, *this).exists():
        return
    with database.atomic():
        moves.note(application, VERB, by=by, on=on)
