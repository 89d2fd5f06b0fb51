"""Lists of applications are counted, narrowed and searched in indexes alone: the rows themselves are wide."""

from peewee import SqliteDatabase

from attestation.admin.tables import create

INDEXES = """
CREATE INDEX application_listed ON application
    (status, filed_on, id, category, due_on, channel, group_leader_id, position) WHERE merged_into_id IS NULL;
CREATE INDEX application_born_on ON application (born_on);
CREATE INDEX application_entered ON application (id) WHERE status = 'draft' AND entered_by_id IS NOT NULL
"""
# Pieces of words are looked for in the text itself: SQLite reads this index instead of the rows. PostgreSQL keeps long answers
# beside the rows anyway, and its indexes take no text of any length.
SEARCHED = "CREATE INDEX application_search_text ON application (search_text)"


def up(migrator, db):
    create(db, INDEXES)
    if isinstance(db, SqliteDatabase):
        create(db, SEARCHED)
