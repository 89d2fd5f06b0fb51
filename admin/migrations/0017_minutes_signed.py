"""The day on which minutes were signed by everybody who had to, so that whatever is not signed yet is found at once."""

from attestation.admin.tables import create

TABLES = """
ALTER TABLE minutes ADD COLUMN signed_on DATE;
CREATE INDEX minutes_unsigned ON minutes (sitting_id) WHERE signed_on IS NULL
"""


def up(migrator, db):
    create(db, TABLES)
