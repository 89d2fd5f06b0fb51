"""When a waiting letter is tried next; forms of names and positions that a clerk has confirmed."""

from attestation.admin.tables import create

TABLES = """
ALTER TABLE letter ADD COLUMN next_try_at {moment};
UPDATE letter SET next_try_at = created_at WHERE state = 'queued';
CREATE INDEX letter_next_try_at ON letter (state, next_try_at);
CREATE TABLE declined (
    id {id},
    kind VARCHAR(10) NOT NULL CHECK (kind IN ('person', 'position')),
    words VARCHAR(500) NOT NULL CHECK (length(words) BETWEEN 1 AND 500),
    genitive VARCHAR(500) NOT NULL CHECK (length(genitive) BETWEEN 1 AND 500),
    confirmed_by_id INTEGER NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    confirmed_at {moment} NOT NULL,
    UNIQUE (kind, words)
)
"""


def up(migrator, db):
    create(db, TABLES)
