"""Sittings: compositions of the commission, agendas, attendance, votes, minutes. To be cancelled is one status of several."""

from attestation.admin.tables import create, forbid

TABLES = """
CREATE TABLE commission (
    id {id},
    order_number VARCHAR(40) NOT NULL CHECK (length(order_number) BETWEEN 1 AND 40),
    order_on DATE NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE CHECK (valid_until >= valid_from),
    version INTEGER NOT NULL CHECK (version > 0),
    demo {flag} NOT NULL
);
CREATE TABLE commission_member (
    id {id},
    commission_id INTEGER NOT NULL REFERENCES commission (id) ON DELETE RESTRICT,
    user_id INTEGER REFERENCES account (id) ON DELETE RESTRICT,
    full_name VARCHAR(200) NOT NULL {ru} CHECK (length(full_name) BETWEEN 1 AND 200),
    position VARCHAR(300) NOT NULL CHECK (length(position) <= 300),
    organization VARCHAR(500) NOT NULL CHECK (length(organization) <= 500),
    seat VARCHAR(20) NOT NULL CHECK (seat IN ('chair', 'deputy_chair', 'secretary', 'member'))
);
CREATE INDEX commission_member_commission ON commission_member (commission_id);
CREATE UNIQUE INDEX commission_member_chair ON commission_member (commission_id) WHERE seat = 'chair';
CREATE UNIQUE INDEX commission_member_user ON commission_member (commission_id, user_id) WHERE user_id IS NOT NULL;
ALTER TABLE sitting ADD COLUMN edition VARCHAR(80) NOT NULL DEFAULT 'spb-2021-04-13' CHECK (length(edition) BETWEEN 1 AND 80);
ALTER TABLE sitting ADD COLUMN capacity INTEGER CHECK (capacity BETWEEN 1 AND 10000);
ALTER TABLE sitting ADD COLUMN slot_minutes INTEGER NOT NULL DEFAULT 10 CHECK (slot_minutes BETWEEN 1 AND 240);
ALTER TABLE sitting ADD COLUMN status VARCHAR(20) NOT NULL DEFAULT 'planned' CHECK (length(status) BETWEEN 1 AND 20);
ALTER TABLE sitting ADD COLUMN commission_id INTEGER REFERENCES commission (id) ON DELETE RESTRICT;
ALTER TABLE sitting ADD COLUMN presiding_id INTEGER REFERENCES commission_member (id) ON DELETE RESTRICT;
ALTER TABLE sitting ADD COLUMN minutes_number VARCHAR(40) NOT NULL DEFAULT '' CHECK (length(minutes_number) <= 40);
ALTER TABLE sitting ADD COLUMN opened_at {moment};
ALTER TABLE sitting ADD COLUMN closed_at {moment};
ALTER TABLE sitting ADD COLUMN reason VARCHAR(300) NOT NULL DEFAULT '' CHECK (length(reason) <= 300);
UPDATE sitting SET status = 'cancelled' WHERE cancelled = {yes};
ALTER TABLE sitting DROP COLUMN cancelled;
UPDATE sitting SET edition = (SELECT MIN(edition) FROM application WHERE application.sitting_id = sitting.id)
    WHERE id IN (SELECT sitting_id FROM application WHERE sitting_id IS NOT NULL);
CREATE TABLE hearing (
    id {id},
    sitting_id INTEGER NOT NULL REFERENCES sitting (id) ON DELETE RESTRICT,
    application_id INTEGER NOT NULL REFERENCES application (id) ON DELETE RESTRICT,
    number INTEGER CHECK (number > 0),
    slot_at {moment},
    came {flag} NOT NULL,
    roll_call {flag} NOT NULL,
    put_off {flag} NOT NULL,
    decision VARCHAR(20) NOT NULL CHECK (decision IN ('', 'establish', 'refuse')),
    motive TEXT NOT NULL,
    decided_at {moment},
    version INTEGER NOT NULL CHECK (version > 0),
    UNIQUE (sitting_id, application_id),
    CHECK ((decision = '') = (decided_at IS NULL)),
    CHECK (decision = '' OR put_off = {no})
);
CREATE INDEX hearing_application ON hearing (application_id);
CREATE UNIQUE INDEX hearing_number ON hearing (sitting_id, number) WHERE number IS NOT NULL;
INSERT INTO hearing (sitting_id, application_id, came, roll_call, put_off, decision, motive, version)
    SELECT sitting_id, id, {no}, {no}, {no}, '', '', 1 FROM application WHERE sitting_id IS NOT NULL AND status = 'sitting';
CREATE TABLE attendance (
    id {id},
    sitting_id INTEGER NOT NULL REFERENCES sitting (id) ON DELETE RESTRICT,
    member_id INTEGER NOT NULL REFERENCES commission_member (id) ON DELETE RESTRICT,
    arrived_at {moment} NOT NULL,
    left_at {moment} CHECK (left_at >= arrived_at)
);
CREATE INDEX attendance_sitting ON attendance (sitting_id);
CREATE UNIQUE INDEX attendance_here ON attendance (sitting_id, member_id) WHERE left_at IS NULL;
CREATE TABLE case_vote (
    id {id},
    hearing_id INTEGER NOT NULL REFERENCES hearing (id) ON DELETE RESTRICT,
    member_id INTEGER NOT NULL REFERENCES commission_member (id) ON DELETE RESTRICT,
    choice VARCHAR(10) NOT NULL CHECK (choice IN ('for', 'against')),
    UNIQUE (hearing_id, member_id)
);
CREATE TABLE recusal (
    id {id},
    hearing_id INTEGER NOT NULL REFERENCES hearing (id) ON DELETE RESTRICT,
    member_id INTEGER NOT NULL REFERENCES commission_member (id) ON DELETE RESTRICT,
    reason VARCHAR(300) NOT NULL CHECK (length(reason) BETWEEN 1 AND 300),
    UNIQUE (hearing_id, member_id)
);
CREATE TABLE minutes (
    id {id},
    sitting_id INTEGER NOT NULL REFERENCES sitting (id) ON DELETE RESTRICT,
    number INTEGER NOT NULL CHECK (number > 0),
    reason VARCHAR(300) NOT NULL CHECK (length(reason) <= 300),
    told {json} NOT NULL,
    made_at {moment} NOT NULL,
    made_by_id INTEGER NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    pdf_sha256 VARCHAR(64) CHECK (length(pdf_sha256) = 64),
    pdf_size INTEGER CHECK (pdf_size > 0),
    pdf_pages INTEGER CHECK (pdf_pages > 0),
    UNIQUE (sitting_id, number),
    CHECK (number = 1 OR length(reason) > 0),
    CHECK ((pdf_sha256 IS NULL) = (pdf_size IS NULL) AND (pdf_sha256 IS NULL) = (pdf_pages IS NULL))
);
CREATE TABLE minutes_signature (
    id {id},
    minutes_id INTEGER NOT NULL REFERENCES minutes (id) ON DELETE RESTRICT,
    member_id INTEGER NOT NULL REFERENCES commission_member (id) ON DELETE RESTRICT,
    signed_on DATE NOT NULL,
    marked_by_id INTEGER NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    UNIQUE (minutes_id, member_id)
)
"""


def up(migrator, db):
    create(db, TABLES)
    told = "OLD.told <> NEW.told OR OLD.number <> NEW.number OR OLD.sitting_id <> NEW.sitting_id OR OLD.reason <> NEW.reason"
    changed = f"{told} OR (OLD.pdf_sha256 IS NOT NULL AND (NEW.pdf_sha256 IS NULL OR OLD.pdf_sha256 <> NEW.pdf_sha256))"
    forbid(db, "minutes_fixed", "minutes", "UPDATE", "a version of minutes is never changed", changed)
    forbid(db, "minutes_kept", "minutes", "DELETE", "a version of minutes is never deleted")
