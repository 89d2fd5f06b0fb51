"""Orders out of minutes: whose decision a row states, approval step by step, marks of signature with certificate and file."""

from attestation.admin.tables import create, forbid, recheck

TABLES = """
ALTER TABLE official_order ADD COLUMN round INTEGER NOT NULL DEFAULT 1 CHECK (round > 0);
ALTER TABLE official_order ADD COLUMN sitting_id INTEGER REFERENCES sitting (id) ON DELETE RESTRICT;
ALTER TABLE official_order ADD COLUMN minutes_id INTEGER REFERENCES minutes (id) ON DELETE RESTRICT;
CREATE INDEX official_order_sitting_id ON official_order (sitting_id) WHERE sitting_id IS NOT NULL;
CREATE INDEX official_order_minutes_id ON official_order (minutes_id) WHERE minutes_id IS NOT NULL;
ALTER TABLE ruling ADD COLUMN hearing_id INTEGER REFERENCES hearing (id) ON DELETE RESTRICT;
CREATE UNIQUE INDEX ruling_hearing_id ON ruling (hearing_id) WHERE hearing_id IS NOT NULL;
CREATE TABLE endorsement (
    id {id},
    order_id INTEGER NOT NULL REFERENCES official_order (id) ON DELETE CASCADE,
    round INTEGER NOT NULL CHECK (round > 0),
    place INTEGER NOT NULL CHECK (place > 0),
    name VARCHAR(40) NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
    user_id INTEGER NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    came_at {moment},
    outcome VARCHAR(10) NOT NULL CHECK (outcome IN ('', 'approved', 'returned', 'dropped')),
    remark VARCHAR(1000) NOT NULL CHECK (length(remark) <= 1000),
    settled_at {moment},
    UNIQUE (order_id, round, place),
    CHECK ((outcome = '') = (settled_at IS NULL)),
    CHECK (outcome IN ('', 'dropped') OR came_at IS NOT NULL),
    CHECK (outcome <> 'returned' OR remark <> '')
);
CREATE UNIQUE INDEX endorsement_waiting ON endorsement (order_id) WHERE outcome = '' AND came_at IS NOT NULL;
CREATE INDEX endorsement_user ON endorsement (user_id, outcome);
CREATE TABLE order_signature (
    id {id},
    order_id INTEGER NOT NULL REFERENCES official_order (id) ON DELETE RESTRICT,
    signed_on DATE NOT NULL,
    owner VARCHAR(300) NOT NULL CHECK (length(owner) <= 300),
    issuer VARCHAR(300) NOT NULL CHECK (length(issuer) <= 300),
    serial VARCHAR(64) NOT NULL CHECK (length(serial) <= 64),
    valid_from DATE,
    valid_until DATE,
    file_name VARCHAR(200) NOT NULL CHECK (length(file_name) <= 200),
    sha256 VARCHAR(64) CHECK (length(sha256) = 64),
    size INTEGER CHECK (size > 0),
    marked_by_id INTEGER REFERENCES account (id) ON DELETE RESTRICT,
    marked_at {moment} NOT NULL,
    dropped_at {moment},
    CHECK ((owner = '') = (issuer = '') AND (owner = '') = (serial = '')),
    CHECK ((owner = '') = (valid_from IS NULL) AND (owner = '') = (valid_until IS NULL)),
    CHECK (signed_on BETWEEN valid_from AND valid_until),
    CHECK ((sha256 IS NULL) = (size IS NULL) AND (sha256 IS NULL) = (file_name = ''))
);
CREATE INDEX order_signature_order_id ON order_signature (order_id);
CREATE UNIQUE INDEX order_signature_stands ON order_signature (order_id) WHERE dropped_at IS NULL;
INSERT INTO order_signature
    (order_id, signed_on, owner, issuer, serial, file_name, marked_by_id, marked_at)
    SELECT official_order.id, signed_on, '', '', '', '', journal.user_id, COALESCE(journal.at, official_order.created_at)
    FROM official_order LEFT JOIN journal ON journal.id =
        (SELECT MAX(id) FROM journal WHERE subject = 'order' AND subject_id = official_order.id AND verb = 'sign')
    WHERE signed_on IS NOT NULL ORDER BY official_order.id
"""

FIXED = ("order_id", "signed_on", "owner", "issuer", "serial", "valid_from", "valid_until", "file_name", "sha256", "size")


def up(migrator, db):
    create(db, TABLES)
    known = "status IN ('draft', 'signed', 'registered', 'published')"
    recheck(db, "official_order", "official_order_status_check", known, "length(status) BETWEEN 1 AND 20")
    # The first check of the table itself. A draft that is being approved is not signed either.
    signed = "status = 'draft' OR signed_on IS NOT NULL"
    recheck(db, "official_order", "official_order_check", signed, "status IN ('draft', 'approval') OR signed_on IS NOT NULL")
    settled = "OLD.outcome <> ''"
    forbid(db, "endorsement_fixed", "endorsement", "UPDATE", "a step of approval that was taken is not changed", settled)
    forbid(db, "order_signature_kept", "order_signature", "DELETE", "a mark of signature is not deleted")
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in FIXED)
    sentence = "a mark of signature is not changed"
    forbid(db, "order_signature_fixed", "order_signature", "UPDATE", sentence, f"OLD.dropped_at IS NOT NULL OR {changed}")
