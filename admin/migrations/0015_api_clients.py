"""How many requests each client of the programming interface makes in a minute, counted for all processes together."""

from attestation.admin.tables import create

TABLE = """
CREATE TABLE api_client (
    id {id},
    client_hash VARCHAR(64) NOT NULL UNIQUE CHECK (length(client_hash) = 64),
    minute INTEGER NOT NULL,
    taken INTEGER NOT NULL CHECK (taken > 0)
);
CREATE INDEX api_client_minute ON api_client (minute)
"""


def up(migrator, db):
    create(db, TABLE)
