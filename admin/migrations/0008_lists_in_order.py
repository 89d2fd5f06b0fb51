"""Lists of applications in the order in which they are read: the newest first, with what narrows them in the same index."""

from peewee import SqliteDatabase

from attestation.admin.tables import create

INDEXES = """
DROP INDEX application_listed;
CREATE INDEX application_listed ON application
    (filed_on, id, status, category, due_on, channel, group_leader_id) WHERE merged_into_id IS NULL;
CREATE INDEX application_standing ON application (status, category, due_on) WHERE merged_into_id IS NULL;
CREATE INDEX duty_waiting ON duty (role, user_id, verb, due_on)
"""
# SQLite reads words in this index instead of the rows; PostgreSQL takes no text of any length into one.
SEARCHED = """
DROP INDEX application_search_text;
CREATE INDEX application_searched ON application
    (filed_on, id, status, category, due_on, channel, group_leader_id, number, search_text, position, organization)
    WHERE merged_into_id IS NULL
"""


def up(migrator, db):
    create(db, INDEXES)
    if isinstance(db, SqliteDatabase):
        create(db, SEARCHED)
