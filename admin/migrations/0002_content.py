"""The content tree of the site in place of the flat table of pages, and the version by which kept pages are known."""

from datetime import UTC, datetime

from attestation.admin.tables import announce, create, forbid

TABLES = """
CREATE TABLE blob (
    id {id},
    sha256 VARCHAR(64) NOT NULL UNIQUE CHECK (length(sha256) = 64),
    media_type VARCHAR(100) NOT NULL,
    size INTEGER NOT NULL CHECK (size > 0),
    width INTEGER CHECK (width > 0),
    height INTEGER CHECK (height > 0),
    created_at {moment} NOT NULL,
    CHECK ((width IS NULL) = (height IS NULL))
);
CREATE TABLE node (
    id {id},
    parent_id INTEGER REFERENCES node (id) ON DELETE RESTRICT,
    kind VARCHAR(10) NOT NULL CHECK (kind IN ('folder', 'page', 'news', 'file', 'link', 'listing')),
    name VARCHAR(80) NOT NULL,
    path VARCHAR(400) NOT NULL,
    position INTEGER NOT NULL,
    status VARCHAR(20) NOT NULL
        CHECK (status IN ('draft', 'review', 'published', 'published_draft', 'published_review', 'withdrawn')),
    version INTEGER NOT NULL CHECK (version > 0),
    head INTEGER NOT NULL CHECK (head > 0),
    live INTEGER CHECK (live > 0),
    live_from {moment},
    previous INTEGER CHECK (previous > 0),
    expires_at {moment},
    first_public_at {moment},
    reason VARCHAR(300) NOT NULL CHECK (length(reason) <= 300),
    in_navigation {flag} NOT NULL,
    legal {flag} NOT NULL,
    restricted {flag} NOT NULL,
    reviewed_on DATE,
    trashed_with_id INTEGER REFERENCES node (id) ON DELETE RESTRICT,
    trashed_at {moment},
    created_at {moment} NOT NULL,
    created_by_id INTEGER REFERENCES account (id) ON DELETE RESTRICT,
    CHECK ((parent_id IS NULL) = (path = '')),
    CHECK ((path = '') = (name = '')),
    CHECK ((live IS NULL) = (live_from IS NULL)),
    CHECK (status NOT IN ('published', 'published_draft', 'published_review') OR live IS NOT NULL),
    CHECK (status <> 'withdrawn' OR length(reason) > 0),
    CHECK ((trashed_with_id IS NULL) = (trashed_at IS NULL))
);
CREATE UNIQUE INDEX node_path ON node (path) WHERE trashed_with_id IS NULL;
CREATE INDEX node_parent_id ON node (parent_id);
CREATE INDEX node_trashed_with_id ON node (trashed_with_id);
CREATE TABLE revision (
    id {id},
    node_id INTEGER NOT NULL REFERENCES node (id) ON DELETE RESTRICT,
    number INTEGER NOT NULL CHECK (number > 0),
    title VARCHAR(200) NOT NULL CHECK (length(title) BETWEEN 1 AND 200),
    summary VARCHAR(500) NOT NULL CHECK (length(summary) <= 500),
    body TEXT NOT NULL,
    target VARCHAR(500) NOT NULL CHECK (length(target) <= 500),
    query TEXT NOT NULL,
    blob_id INTEGER REFERENCES blob (id) ON DELETE RESTRICT,
    file_name VARCHAR(200) NOT NULL,
    created_at {moment} NOT NULL,
    author_id INTEGER REFERENCES account (id) ON DELETE RESTRICT,
    note VARCHAR(300) NOT NULL,
    UNIQUE (node_id, number)
);
CREATE INDEX revision_blob_id ON revision (blob_id);
CREATE TABLE autosave (
    id {id},
    node_id INTEGER NOT NULL REFERENCES node (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    version INTEGER NOT NULL,
    title VARCHAR(200) NOT NULL,
    summary VARCHAR(500) NOT NULL,
    body TEXT NOT NULL,
    saved_at {moment} NOT NULL,
    UNIQUE (node_id, user_id)
);
CREATE TABLE edit_lock (
    id {id},
    node_id INTEGER NOT NULL UNIQUE REFERENCES node (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    until {moment} NOT NULL
);
CREATE TABLE share (
    id {id},
    node_id INTEGER NOT NULL REFERENCES node (id) ON DELETE CASCADE,
    user_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    role VARCHAR(10) NOT NULL CHECK (role IN ('author', 'approver')),
    UNIQUE (node_id, user_id)
);
CREATE TABLE former_address (
    id {id},
    path VARCHAR(400) NOT NULL UNIQUE CHECK (length(path) > 0),
    node_id INTEGER NOT NULL REFERENCES node (id) ON DELETE CASCADE,
    left_at {moment} NOT NULL
);
CREATE INDEX former_address_node_id ON former_address (node_id);
CREATE TABLE content_version (
    id {id},
    value INTEGER NOT NULL
);
"""
# Pages kept until now stand on the first level, published as they were; an address of several parts becomes one.
ROWS = """
INSERT INTO node (kind, name, path, position, status, version, head, live, live_from, first_public_at, reason, in_navigation,
    legal, restricted, created_at)
VALUES ('folder', '', '', 0, 'published', 1, 1, 1, {now}, {now}, '', {no}, {no}, {no}, {now});
INSERT INTO revision (node_id, number, title, summary, body, target, query, file_name, created_at, note)
SELECT id, 1, 'Главная', '', '', '', '', '', {now}, '' FROM node;
INSERT INTO node (parent_id, kind, name, path, position, status, version, head, live, live_from, first_public_at, reason,
    in_navigation, legal, restricted, created_at)
SELECT (SELECT id FROM node WHERE path = ''), 'page', replace(path, '/', '-'), replace(path, '/', '-'), id, 'published',
    1, 1, 1, updated_at, updated_at, '', {no}, {no}, {no}, updated_at FROM page;
INSERT INTO revision (node_id, number, title, summary, body, target, query, file_name, created_at, note)
SELECT node.id, 1, page.title, '', page.body, '', '', '', page.updated_at, ''
FROM page JOIN node ON node.path = replace(page.path, '/', '-');
INSERT INTO content_version (value) VALUES (1);
DROP TABLE page;
"""


def up(migrator, db):
    create(db, TABLES)
    create(db, ROWS, now=f"'{datetime.now(UTC).replace(tzinfo=None)}'")
    forbid(db, "revision_kept", "revision", "DELETE", "a revision is not deleted")
    forbid(db, "revision_frozen", "revision", "UPDATE", "a revision is not changed")
    announce(db, "node")
    announce(db, "account")
    # Only what visitors see: a draft may change as often as it likes, unless the demonstration band tells of it.
    announce(db, "official_order", "{row}.status = 'published' OR {row}.demo")
