"""Mailboxes of visitors with what they are written to about, and what they were told; districts of organisations."""

from attestation.admin.tables import create

TABLES = """
CREATE TABLE subscriber (
    id {id},
    email VARCHAR(254) NOT NULL UNIQUE CHECK (length(email) BETWEEN 3 AND 254),
    seed VARCHAR(32) NOT NULL CHECK (length(seed) = 32),
    created_at {moment} NOT NULL
);
CREATE TABLE subscription (
    id {id},
    subscriber_id INTEGER NOT NULL REFERENCES subscriber (id) ON DELETE CASCADE,
    kind VARCHAR(20) NOT NULL CHECK (kind IN ('orders', 'organization', 'changes')),
    words VARCHAR(200) NOT NULL,
    token_hash VARCHAR(64) UNIQUE CHECK (length(token_hash) = 64),
    asked_at {moment} NOT NULL,
    confirmed_at {moment},
    UNIQUE (subscriber_id, kind, words),
    CHECK ((kind = 'organization') = (words <> '')),
    CHECK ((token_hash IS NULL) = (confirmed_at IS NOT NULL))
);
CREATE INDEX subscription_asked_at ON subscription (asked_at) WHERE confirmed_at IS NULL;
CREATE TABLE subscription_notice (
    id {id},
    subscriber_id INTEGER NOT NULL REFERENCES subscriber (id) ON DELETE CASCADE,
    order_id INTEGER NOT NULL REFERENCES official_order (id) ON DELETE RESTRICT,
    event VARCHAR(20) NOT NULL CHECK (event IN ('published', 'withdrawn')),
    UNIQUE (order_id, event, subscriber_id)
);
CREATE INDEX subscription_notice_subscriber_id ON subscription_notice (subscriber_id);
ALTER TABLE letter ADD COLUMN subscriber_id INTEGER REFERENCES subscriber (id) ON DELETE CASCADE;
CREATE INDEX letter_subscriber_id ON letter (subscriber_id) WHERE subscriber_id IS NOT NULL;
CREATE TABLE organization_district (
    id {id},
    key VARCHAR(500) NOT NULL UNIQUE CHECK (length(key) BETWEEN 1 AND 500),
    organization VARCHAR(500) NOT NULL CHECK (length(organization) BETWEEN 1 AND 500),
    district VARCHAR(100) NOT NULL CHECK (length(district) BETWEEN 1 AND 100)
)
"""


def up(migrator, db):
    create(db, TABLES)
