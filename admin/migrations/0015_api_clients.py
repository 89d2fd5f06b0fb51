"""Data for everyone: the requests of each client in a minute, counted for all processes; rows of orders counted in an index."""

from attestation.admin.tables import create

TABLES = """
CREATE TABLE api_client (
    id {id},
    client_hash VARCHAR(64) NOT NULL UNIQUE CHECK (length(client_hash) = 64),
    minute INTEGER NOT NULL,
    taken INTEGER NOT NULL CHECK (taken > 0)
);
CREATE INDEX api_client_minute ON api_client (minute);
CREATE INDEX ruling_shown ON ruling (order_id, established)
"""


def up(migrator, db):
    create(db, TABLES)
