"""Complaints: what they say, their files, decision acts, remedies; letters to people who complain."""

from attestation.admin.tables import create, forbid

TABLES = """
CREATE TABLE complaint (
    id {id},
    edition VARCHAR(80) NOT NULL CHECK (length(edition) BETWEEN 1 AND 80),
    number VARCHAR(20) NOT NULL UNIQUE CHECK (length(number) BETWEEN 1 AND 20),
    token VARCHAR(64) UNIQUE CHECK (length(token) BETWEEN 16 AND 64),
    channel VARCHAR(10) NOT NULL CHECK (channel IN ('form', 'post', 'mfc', 'in_person')),
    status VARCHAR(30) NOT NULL CHECK (length(status) BETWEEN 1 AND 30),
    version INTEGER NOT NULL CHECK (version > 0),
    author_id INTEGER REFERENCES account (id) ON DELETE RESTRICT,
    entered_by_id INTEGER REFERENCES account (id) ON DELETE RESTRICT,
    received_on DATE NOT NULL,
    surname VARCHAR(160) NOT NULL {ru} CHECK (length(surname) <= 160),
    name VARCHAR(160) NOT NULL {ru} CHECK (length(name) <= 160),
    patronymic VARCHAR(160) NOT NULL {ru} CHECK (length(patronymic) <= 160),
    organization VARCHAR(500) NOT NULL {ru} CHECK (length(organization) <= 500),
    residence VARCHAR(300) NOT NULL CHECK (length(residence) <= 300),
    postal_address VARCHAR(300) NOT NULL CHECK (length(postal_address) <= 300),
    phone VARCHAR(100) NOT NULL CHECK (length(phone) <= 100),
    email VARCHAR(254) NOT NULL CHECK (length(email) <= 254),
    electronic_answer {flag} NOT NULL,
    representative VARCHAR(200) NOT NULL CHECK (length(representative) <= 200),
    authority VARCHAR(300) NOT NULL CHECK (length(authority) <= 300),
    respondent VARCHAR(20) NOT NULL CHECK (length(respondent) <= 20),
    respondent_name VARCHAR(300) NOT NULL CHECK (length(respondent_name) <= 300),
    subject TEXT NOT NULL,
    arguments TEXT NOT NULL,
    application_id INTEGER REFERENCES application (id) ON DELETE RESTRICT,
    order_id INTEGER REFERENCES official_order (id) ON DELETE RESTRICT,
    silence VARCHAR(20) NOT NULL CHECK (length(silence) <= 20),
    readable {flag} NOT NULL,
    forwarded_to VARCHAR(300) NOT NULL CHECK (length(forwarded_to) <= 300),
    forwarding_letter VARCHAR(100) NOT NULL CHECK (length(forwarding_letter) <= 100),
    law VARCHAR(300) NOT NULL CHECK (length(law) <= 300),
    prosecutor_on DATE,
    prosecutor_letter VARCHAR(100) NOT NULL CHECK (length(prosecutor_letter) <= 100),
    search_text TEXT NOT NULL,
    due_on DATE,
    due_term VARCHAR(40) NOT NULL,
    created_at {moment} NOT NULL,
    changed_at {moment} NOT NULL,
    demo {flag} NOT NULL,
    CHECK (channel = 'form' OR entered_by_id IS NOT NULL),
    CHECK ((forwarded_to = '') = (forwarding_letter = '')),
    CHECK (prosecutor_on IS NOT NULL OR prosecutor_letter = '')
);
CREATE INDEX complaint_author_id ON complaint (author_id);
CREATE INDEX complaint_entered_by_id ON complaint (entered_by_id);
CREATE INDEX complaint_application_id ON complaint (application_id);
CREATE INDEX complaint_order_id ON complaint (order_id);
CREATE INDEX complaint_status_due ON complaint (status, due_on, id);
CREATE TABLE complaint_sequence (
    id {id},
    year INTEGER NOT NULL UNIQUE CHECK (year BETWEEN 2000 AND 9999),
    last INTEGER NOT NULL CHECK (last BETWEEN 0 AND 999999)
);
CREATE TABLE complaint_kind (
    id {id},
    complaint_id INTEGER NOT NULL REFERENCES complaint (id) ON DELETE CASCADE,
    kind VARCHAR(40) NOT NULL CHECK (length(kind) BETWEEN 1 AND 40),
    UNIQUE (complaint_id, kind)
);
CREATE INDEX complaint_kind_kind ON complaint_kind (kind);
CREATE TABLE complaint_event (
    id {id},
    complaint_id INTEGER NOT NULL REFERENCES complaint (id) ON DELETE CASCADE,
    name VARCHAR(40) NOT NULL,
    day DATE NOT NULL,
    UNIQUE (complaint_id, name)
);
CREATE TABLE complaint_file (
    id {id},
    complaint_id INTEGER NOT NULL REFERENCES complaint (id) ON DELETE RESTRICT,
    kind VARCHAR(20) NOT NULL
        CHECK (kind IN ('paper', 'authority', 'scan', 'forwarding', 'given', 'act', 'answer')),
    name VARCHAR(200) NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    media_type VARCHAR(100) NOT NULL,
    sha256 VARCHAR(64) NOT NULL CHECK (length(sha256) = 64),
    size INTEGER NOT NULL CHECK (size > 0),
    pages INTEGER CHECK (pages > 0),
    added_by_id INTEGER REFERENCES account (id) ON DELETE RESTRICT,
    added_at {moment} NOT NULL
);
CREATE INDEX complaint_file_complaint_id ON complaint_file (complaint_id);
CREATE INDEX complaint_file_added_by_id ON complaint_file (added_by_id);
CREATE TABLE decision_act (
    id {id},
    complaint_id INTEGER NOT NULL UNIQUE REFERENCES complaint (id) ON DELETE RESTRICT,
    outcome VARCHAR(20) NOT NULL CHECK (length(outcome) BETWEEN 1 AND 20),
    ground VARCHAR(20) NOT NULL CHECK (length(ground) <= 20),
    number VARCHAR(40) CHECK (length(number) BETWEEN 1 AND 40),
    decided_on DATE,
    place VARCHAR(200) NOT NULL CHECK (length(place) BETWEEN 1 AND 200),
    official_position VARCHAR(200) NOT NULL CHECK (length(official_position) BETWEEN 1 AND 200),
    official_name VARCHAR(200) NOT NULL CHECK (length(official_name) BETWEEN 1 AND 200),
    against TEXT NOT NULL CHECK (length(against) > 0),
    summary TEXT NOT NULL CHECK (length(summary) > 0),
    grounds TEXT NOT NULL CHECK (length(grounds) > 0),
    decision_on_act TEXT NOT NULL CHECK (length(decision_on_act) > 0),
    decision TEXT NOT NULL CHECK (length(decision) > 0),
    measures TEXT NOT NULL,
    higher_authority VARCHAR(300) NOT NULL CHECK (length(higher_authority) BETWEEN 1 AND 300),
    court VARCHAR(300) NOT NULL CHECK (length(court) BETWEEN 1 AND 300),
    advice TEXT NOT NULL,
    file_id INTEGER REFERENCES complaint_file (id) ON DELETE RESTRICT,
    CHECK ((number IS NULL) = (decided_on IS NULL)),
    CHECK ((number IS NULL) = (file_id IS NULL))
);
CREATE INDEX decision_act_file_id ON decision_act (file_id);
CREATE TABLE remedy (
    id {id},
    complaint_id INTEGER NOT NULL REFERENCES complaint (id) ON DELETE CASCADE,
    title VARCHAR(300) NOT NULL CHECK (length(title) BETWEEN 1 AND 300),
    responsible VARCHAR(200) NOT NULL CHECK (length(responsible) BETWEEN 1 AND 200),
    due_on DATE NOT NULL,
    done_on DATE,
    done_by VARCHAR(200) NOT NULL CHECK (length(done_by) <= 200),
    CHECK ((done_on IS NULL) = (done_by = ''))
);
CREATE INDEX remedy_complaint_id ON remedy (complaint_id);
CREATE TABLE paper_request (
    id {id},
    complaint_id INTEGER NOT NULL REFERENCES complaint (id) ON DELETE CASCADE,
    what VARCHAR(500) NOT NULL CHECK (length(what) BETWEEN 1 AND 500),
    asked_on DATE NOT NULL,
    given_on DATE,
    how VARCHAR(300) NOT NULL CHECK (length(how) <= 300),
    CHECK ((given_on IS NULL) = (how = '')),
    CHECK (given_on IS NULL OR given_on >= asked_on)
);
CREATE INDEX paper_request_complaint_id ON paper_request (complaint_id);
ALTER TABLE letter ADD COLUMN complaint_id INTEGER REFERENCES complaint (id) ON DELETE RESTRICT;
CREATE INDEX letter_complaint_id ON letter (complaint_id)
"""


def up(migrator, db):
    create(db, TABLES)
    forbid(db, "decision_act_signed", "decision_act", "UPDATE", "a signed act is not changed", "OLD.number IS NOT NULL")
    forbid(db, "decision_act_kept", "decision_act", "DELETE", "a signed act is not deleted", "OLD.number IS NOT NULL")
    forbid(db, "complaint_file_kept", "complaint_file", "UPDATE", "a file of a complaint is not changed")
