"""Who asked for a correction while signed in: their cabinet lists it."""

from attestation.admin.tables import create

TABLES = """
ALTER TABLE correction ADD COLUMN author_id INTEGER REFERENCES account (id) ON DELETE RESTRICT;
CREATE INDEX correction_author ON correction (author_id) WHERE author_id IS NOT NULL
"""


def up(migrator, db):
    create(db, TABLES)
