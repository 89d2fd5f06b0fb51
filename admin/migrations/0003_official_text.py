"""The official text of the regulation, clause by clause, as it was read from a document."""

from attestation.admin.tables import announce, create, forbid

TABLES = """
CREATE TABLE official_text (
    id {id},
    edition VARCHAR(80) NOT NULL CHECK (length(edition) BETWEEN 1 AND 80),
    file_name VARCHAR(200) NOT NULL CHECK (length(file_name) BETWEEN 1 AND 200),
    sha256 VARCHAR(64) NOT NULL CHECK (length(sha256) = 64),
    clauses_placed INTEGER NOT NULL CHECK (clauses_placed > 0),
    active {flag} NOT NULL,
    imported_at {moment} NOT NULL,
    imported_by_id INTEGER REFERENCES account (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX official_text_active ON official_text (edition) WHERE active;
CREATE INDEX official_text_imported_by_id ON official_text (imported_by_id);
CREATE TABLE official_clause (
    id {id},
    official_id INTEGER NOT NULL REFERENCES official_text (id) ON DELETE RESTRICT,
    number VARCHAR(30) NOT NULL CHECK (length(number) BETWEEN 1 AND 30),
    text TEXT NOT NULL CHECK (length(text) > 0),
    UNIQUE (official_id, number)
);
"""


def up(migrator, db):
    create(db, TABLES)
    forbid(db, "official_text_kept", "official_text", "DELETE", "an imported text is not deleted")
    forbid(db, "official_clause_kept", "official_clause", "DELETE", "a clause of an imported text is not deleted")
    forbid(db, "official_clause_frozen", "official_clause", "UPDATE", "a clause of an imported text is not changed")
    # Clauses are written before their text is shown: the switch alone is news.
    announce(db, "official_text")
