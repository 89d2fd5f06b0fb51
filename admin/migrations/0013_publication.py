"""Publications with the steps that follow from them; what is carried over to systems of others, and in which files it went."""

from attestation.admin.tables import create, forbid

TABLES = """
CREATE TABLE publication (
    id {id},
    order_id INTEGER NOT NULL UNIQUE REFERENCES official_order (id) ON DELETE RESTRICT,
    by_id INTEGER NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    at {moment} NOT NULL
);
CREATE INDEX publication_by_id ON publication (by_id);
CREATE TABLE publication_step (
    id {id},
    publication_id INTEGER NOT NULL REFERENCES publication (id) ON DELETE CASCADE,
    name VARCHAR(40) NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
    done_at {moment},
    UNIQUE (publication_id, name)
);
CREATE INDEX publication_step_left ON publication_step (id) WHERE done_at IS NULL;
CREATE TABLE outgoing_batch (
    id {id},
    system VARCHAR(20) NOT NULL CHECK (length(system) BETWEEN 1 AND 20),
    made_at {moment} NOT NULL,
    made_by_id INTEGER NOT NULL REFERENCES account (id) ON DELETE RESTRICT
);
CREATE INDEX outgoing_batch_made_by_id ON outgoing_batch (made_by_id);
CREATE TABLE outgoing_record (
    id {id},
    application_id INTEGER REFERENCES application (id) ON DELETE RESTRICT,
    order_id INTEGER REFERENCES official_order (id) ON DELETE RESTRICT,
    edition VARCHAR(80) NOT NULL CHECK (length(edition) BETWEEN 1 AND 80),
    name VARCHAR(40) NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
    verb VARCHAR(40) NOT NULL CHECK (length(verb) BETWEEN 1 AND 40),
    system VARCHAR(20) NOT NULL CHECK (length(system) BETWEEN 1 AND 20),
    made_at {moment} NOT NULL,
    due_on DATE NOT NULL,
    status VARCHAR(20) NOT NULL CHECK (status IN ('waiting', 'exported', 'recorded')),
    batch_id INTEGER REFERENCES outgoing_batch (id) ON DELETE RESTRICT,
    settled_at {moment},
    settled_by_id INTEGER REFERENCES account (id) ON DELETE RESTRICT,
    CHECK (application_id IS NOT NULL OR order_id IS NOT NULL),
    CHECK (status <> 'waiting' OR batch_id IS NULL),
    CHECK (status <> 'exported' OR batch_id IS NOT NULL),
    CHECK ((status = 'recorded') = (settled_at IS NOT NULL) AND (settled_at IS NULL) = (settled_by_id IS NULL))
);
CREATE INDEX outgoing_record_application_id ON outgoing_record (application_id);
CREATE INDEX outgoing_record_order_id ON outgoing_record (order_id);
CREATE INDEX outgoing_record_batch_id ON outgoing_record (batch_id);
CREATE INDEX outgoing_record_settled_by_id ON outgoing_record (settled_by_id);
CREATE INDEX outgoing_record_left ON outgoing_record (due_on, id) WHERE status <> 'recorded'
"""


def up(migrator, db):
    create(db, TABLES)
    forbid(db, "publication_kept", "publication", "DELETE", "that an order was published is not forgotten")
    forbid(db, "publication_fixed", "publication", "UPDATE", "who published an order, and when, is not changed")
