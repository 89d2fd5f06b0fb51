"""The first tables, written out so that every CHECK, key and index is seen, and the triggers that freeze what is published."""

from attestation.admin.tables import create, forbid

TABLES = """
CREATE TABLE account (
    id {id},
    login VARCHAR(80) NOT NULL UNIQUE CHECK (length(login) BETWEEN 1 AND 80),
    full_name VARCHAR(200) NOT NULL CHECK (length(full_name) BETWEEN 1 AND 200),
    password_hash VARCHAR(200) NOT NULL,
    active {flag} NOT NULL,
    demo {flag} NOT NULL,
    created_at {moment} NOT NULL
);
CREATE TABLE user_role (
    id {id},
    user_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    role VARCHAR(20) NOT NULL CHECK (role IN ('publisher', 'secretary', 'editor', 'admin')),
    UNIQUE (user_id, role)
);
CREATE TABLE sign_in (
    id {id},
    token_hash VARCHAR(64) NOT NULL UNIQUE CHECK (length(token_hash) = 64),
    user_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    started_at {moment} NOT NULL,
    seen_at {moment} NOT NULL,
    ended_at {moment}
);
CREATE INDEX sign_in_user_id ON sign_in (user_id);
CREATE TABLE failed_sign_in (
    id {id},
    account_hash VARCHAR(64) NOT NULL,
    origin_hash VARCHAR(64) NOT NULL,
    at {moment} NOT NULL
);
CREATE INDEX failed_sign_in_account_hash ON failed_sign_in (account_hash, at);
CREATE INDEX failed_sign_in_origin_hash ON failed_sign_in (origin_hash, at);
CREATE TABLE official_order (
    id {id},
    kind VARCHAR(20) NOT NULL CHECK (kind IN ('decision', 'amendment')),
    title VARCHAR(500) NOT NULL CHECK (length(title) BETWEEN 1 AND 500),
    basis TEXT NOT NULL,
    number VARCHAR(40) CHECK (length(number) BETWEEN 1 AND 40),
    registered_on DATE,
    year INTEGER,
    signatory_position VARCHAR(200) NOT NULL CHECK (length(signatory_position) <= 200),
    signatory_name VARCHAR(200) NOT NULL CHECK (length(signatory_name) <= 200),
    status VARCHAR(20) NOT NULL CHECK (status IN ('draft', 'signed', 'registered', 'published')),
    version INTEGER NOT NULL CHECK (version > 0),
    signed_on DATE,
    published_at {moment},
    pdf_sha256 VARCHAR(64) CHECK (length(pdf_sha256) = 64),
    pdf_size INTEGER CHECK (pdf_size > 0),
    pdf_pages INTEGER CHECK (pdf_pages > 0),
    created_at {moment} NOT NULL,
    created_by_id INTEGER REFERENCES account (id) ON DELETE RESTRICT,
    demo {flag} NOT NULL,
    UNIQUE (year, number),
    CHECK (status = 'draft' OR signed_on IS NOT NULL),
    CHECK (status NOT IN ('registered', 'published')
        OR (number IS NOT NULL AND registered_on IS NOT NULL AND year IS NOT NULL)),
    CHECK ((number IS NULL) = (year IS NULL) AND (number IS NULL) = (registered_on IS NULL)),
    CHECK ((pdf_sha256 IS NULL) = (pdf_size IS NULL) AND (pdf_sha256 IS NULL) = (pdf_pages IS NULL)),
    CHECK (status IN ('registered', 'published') OR pdf_sha256 IS NULL),
    CHECK ((status = 'published') = (published_at IS NOT NULL)),
    CHECK (status <> 'published' OR pdf_sha256 IS NOT NULL)
);
CREATE INDEX official_order_status ON official_order (status, published_at);
CREATE TABLE ruling (
    id {id},
    order_id INTEGER NOT NULL REFERENCES official_order (id) ON DELETE RESTRICT,
    number INTEGER NOT NULL CHECK (number > 0),
    surname VARCHAR(100) NOT NULL {ru} CHECK (length(surname) BETWEEN 1 AND 100),
    name VARCHAR(100) NOT NULL {ru} CHECK (length(name) BETWEEN 1 AND 100),
    patronymic VARCHAR(100) NOT NULL {ru} CHECK (length(patronymic) <= 100),
    position VARCHAR(300) NOT NULL {ru} CHECK (length(position) BETWEEN 1 AND 300),
    organization VARCHAR(500) NOT NULL {ru} CHECK (length(organization) BETWEEN 1 AND 500),
    category VARCHAR(10) NOT NULL CHECK (category IN ('first', 'highest')),
    established {flag} NOT NULL,
    page INTEGER CHECK (page > 0),
    UNIQUE (order_id, number)
);
CREATE TABLE job (
    id {id},
    kind VARCHAR(40) NOT NULL,
    target INTEGER NOT NULL,
    state VARCHAR(20) NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
    done INTEGER NOT NULL CHECK (done >= 0),
    total INTEGER NOT NULL CHECK (total >= 0),
    error TEXT NOT NULL,
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    queued_at {moment} NOT NULL,
    beat_at {moment},
    finished_at {moment}
);
CREATE INDEX job_kind_target ON job (kind, target);
CREATE INDEX job_state ON job (state);
CREATE TABLE huey_task (
    id {id},
    queue VARCHAR(255) NOT NULL,
    data {bytes} NOT NULL,
    priority REAL NOT NULL
);
CREATE INDEX huey_task_priority ON huey_task (priority DESC, id);
CREATE TABLE journal (
    id {id},
    at {moment} NOT NULL,
    user_id INTEGER REFERENCES account (id) ON DELETE RESTRICT,
    who VARCHAR(300) NOT NULL,
    verb VARCHAR(60) NOT NULL,
    subject VARCHAR(40) NOT NULL,
    subject_id INTEGER,
    details TEXT NOT NULL
);
CREATE INDEX journal_at ON journal (at);
CREATE INDEX journal_subject ON journal (subject, subject_id);
CREATE TABLE page (
    id {id},
    path VARCHAR(200) NOT NULL UNIQUE CHECK (length(path) BETWEEN 1 AND 200),
    title VARCHAR(200) NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    body TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    updated_at {moment} NOT NULL
);
"""

# (name, table, event, condition, sentence): what the database refuses whoever asks. {row} is the row that changes.
FROZEN = (
    ("order_kept", "official_order", "DELETE", "OLD.status = 'published'", "a published order is not deleted"),
    ("order_frozen", "official_order", "UPDATE", "OLD.status = 'published'", "a published order is not changed"),
    ("ruling_added", "ruling", "INSERT", "{published_new}", "a published order takes no new row"),
    ("ruling_frozen", "ruling", "UPDATE", "{published_old}", "a row of a published order is not changed"),
    ("ruling_moved", "ruling", "UPDATE", "{moved} AND {published_new}", "a published order takes no new row"),
    ("ruling_kept", "ruling", "DELETE", "{published_old}", "a row of a published order is not deleted"),
    ("journal_kept", "journal", "DELETE", "{always}", "an entry of the journal is not deleted"),
    ("journal_frozen", "journal", "UPDATE", "{always}", "an entry of the journal is not changed"),
)
PUBLISHED = "EXISTS (SELECT 1 FROM official_order WHERE id = {row}.order_id AND status = 'published')"
CONDITIONS = {
    "published_old": PUBLISHED.format(row="OLD"),
    "published_new": PUBLISHED.format(row="NEW"),
    "moved": "NEW.order_id <> OLD.order_id",
    "always": "1 = 1",
}


def up(migrator, db):
    create(db, TABLES)
    for name, table, event, condition, sentence in FROZEN:
        forbid(db, name, table, event, sentence, condition.format(**CONDITIONS))
