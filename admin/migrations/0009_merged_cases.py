"""Hardly any application is merged into another: the index of those that are is no way to all others, and the indexes of lists
say themselves that nothing in them is merged, so that no row is read for it."""

from peewee import SqliteDatabase

from attestation.admin.tables import create

INDEXES = """
DROP INDEX application_merged_into_id;
CREATE INDEX application_merged_into_id ON application (merged_into_id) WHERE merged_into_id IS NOT NULL;
DROP INDEX application_listed;
CREATE INDEX application_listed ON application
    (filed_on, id, status, category, due_on, channel, group_leader_id, merged_into_id) WHERE merged_into_id IS NULL;
DROP INDEX application_standing;
CREATE INDEX application_standing ON application (status, category, due_on, merged_into_id) WHERE merged_into_id IS NULL;
CREATE INDEX application_by_term ON application (due_on, filed_on, id, status, merged_into_id) WHERE merged_into_id IS NULL
"""
SEARCHED = """
DROP INDEX application_searched;
CREATE INDEX application_searched ON application
    (filed_on, id, status, category, due_on, channel, group_leader_id, number, search_text, position, organization,
    merged_into_id) WHERE merged_into_id IS NULL
"""


def up(migrator, db):
    create(db, INDEXES)
    if isinstance(db, SqliteDatabase):
        create(db, SEARCHED)
