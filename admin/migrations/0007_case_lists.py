"""Lists of applications are counted, narrowed, ordered and searched in indexes alone: the rows themselves are wide.

Hardly any application is merged into another: the index of those that are is no way to all others, and the indexes of lists say
themselves that nothing in them is merged.
"""

from peewee import SqliteDatabase

from attestation.admin.tables import create

INDEXES = """
DROP INDEX application_merged_into_id;
CREATE INDEX application_merged_into_id ON application (merged_into_id) WHERE merged_into_id IS NOT NULL;
CREATE INDEX application_listed ON application
    (filed_on, id, status, category, due_on, channel, group_leader_id, merged_into_id) WHERE merged_into_id IS NULL;
CREATE INDEX application_standing ON application (status, category, due_on, merged_into_id) WHERE merged_into_id IS NULL;
CREATE INDEX application_by_term ON application (due_on, filed_on, id, status, merged_into_id) WHERE merged_into_id IS NULL;
CREATE INDEX application_born_on ON application (born_on);
CREATE INDEX application_entered ON application (id) WHERE status = 'draft' AND entered_by_id IS NOT NULL;
CREATE INDEX duty_waiting ON duty (role, user_id, verb, due_on)
"""
# Pieces of words are looked for in the text itself: SQLite reads this index instead of the rows. PostgreSQL keeps long answers
# beside the rows anyway, and its indexes take no text of any length.
SEARCHED = """
CREATE INDEX application_searched ON application
    (filed_on, id, status, category, due_on, channel, group_leader_id, number, search_text, position, organization,
    merged_into_id) WHERE merged_into_id IS NULL
"""


def up(migrator, db):
    create(db, INDEXES)
    if isinstance(db, SqliteDatabase):
        create(db, SEARCHED)
