"""Control: when a case was closed, the journal's seals, inspections and their acts, what was destroyed."""

from attestation.admin.tables import create, forbid

TABLES = """
ALTER TABLE application ADD COLUMN closed_on DATE;
UPDATE application
    SET closed_on = COALESCE((SELECT MAX(day) FROM case_event WHERE application_id = application.id), filed_on)
    WHERE status IN ('established', 'refused', 'declined', 'withdrawn');
CREATE INDEX application_closed_on ON application (closed_on, id) WHERE closed_on IS NOT NULL;
CREATE INDEX case_event_day ON case_event (name, day, application_id);
CREATE INDEX job_finished_at ON job (finished_at) WHERE finished_at IS NOT NULL;
CREATE TABLE journal_seal (
    number INTEGER NOT NULL PRIMARY KEY CHECK (number > 0),
    entry_id INTEGER NOT NULL UNIQUE REFERENCES journal (id) ON DELETE RESTRICT,
    previous VARCHAR(64) NOT NULL CHECK (length(previous) = 64),
    hash VARCHAR(64) NOT NULL UNIQUE CHECK (length(hash) = 64)
);
CREATE TABLE journal_check (
    id {id},
    at {moment} NOT NULL,
    by_id INTEGER REFERENCES account (id) ON DELETE RESTRICT,
    sealed INTEGER NOT NULL CHECK (sealed >= 0),
    head VARCHAR(64) NOT NULL CHECK (length(head) = 64),
    waiting INTEGER NOT NULL CHECK (waiting >= 0),
    finding VARCHAR(500) NOT NULL
);
CREATE INDEX journal_check_by_id ON journal_check (by_id);
CREATE TABLE inspection (
    id {id},
    kind VARCHAR(12) NOT NULL CHECK (kind IN ('planned', 'unscheduled')),
    year INTEGER CHECK (year BETWEEN 2000 AND 9999),
    quarter INTEGER CHECK (quarter BETWEEN 1 AND 4),
    percent INTEGER CHECK (percent BETWEEN 1 AND 100),
    seed VARCHAR(64) NOT NULL,
    population INTEGER NOT NULL CHECK (population > 0),
    basis VARCHAR(500) NOT NULL CHECK (length(basis) BETWEEN 1 AND 500),
    proposals TEXT NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    appointed_by_id INTEGER NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    appointed_at {moment} NOT NULL,
    closed_by_id INTEGER REFERENCES account (id) ON DELETE RESTRICT,
    closed_at {moment},
    act_sha256 VARCHAR(64) CHECK (length(act_sha256) = 64),
    act_size INTEGER CHECK (act_size > 0),
    CHECK ((kind = 'planned') = (quarter IS NOT NULL) AND (quarter IS NULL) = (year IS NULL)),
    CHECK ((kind = 'planned') = (seed <> '')),
    CHECK ((closed_at IS NULL) = (closed_by_id IS NULL)),
    CHECK ((act_sha256 IS NULL) = (act_size IS NULL)),
    CHECK (act_sha256 IS NULL OR closed_at IS NOT NULL)
);
CREATE INDEX inspection_appointed_by_id ON inspection (appointed_by_id);
CREATE INDEX inspection_closed_by_id ON inspection (closed_by_id);
CREATE UNIQUE INDEX inspection_quarter ON inspection (year, quarter) WHERE closed_at IS NULL AND quarter IS NOT NULL;
CREATE TABLE inspected_case (
    id {id},
    inspection_id INTEGER NOT NULL REFERENCES inspection (id) ON DELETE CASCADE,
    application_id INTEGER NOT NULL REFERENCES application (id) ON DELETE RESTRICT,
    place INTEGER NOT NULL CHECK (place > 0),
    answers {json} NOT NULL,
    noticed {json} NOT NULL,
    remarks TEXT NOT NULL,
    proposals TEXT NOT NULL,
    checked_by_id INTEGER REFERENCES account (id) ON DELETE RESTRICT,
    checked_at {moment},
    version INTEGER NOT NULL CHECK (version > 0),
    UNIQUE (inspection_id, application_id),
    UNIQUE (inspection_id, place),
    CHECK ((checked_at IS NULL) = (checked_by_id IS NULL))
);
CREATE INDEX inspected_case_application_id ON inspected_case (application_id);
CREATE INDEX inspected_case_checked_by_id ON inspected_case (checked_by_id);
CREATE TABLE destruction (
    id {id},
    day DATE NOT NULL,
    state VARCHAR(10) NOT NULL CHECK (state IN ('prepared', 'confirmed', 'done', 'dropped')),
    version INTEGER NOT NULL CHECK (version > 0),
    prepared_by_id INTEGER NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    prepared_at {moment} NOT NULL,
    confirmed_by_id INTEGER REFERENCES account (id) ON DELETE RESTRICT,
    confirmed_at {moment},
    done_at {moment},
    act_sha256 VARCHAR(64) CHECK (length(act_sha256) = 64),
    act_size INTEGER CHECK (act_size > 0),
    CHECK ((confirmed_at IS NULL) = (confirmed_by_id IS NULL)),
    CHECK (state NOT IN ('confirmed', 'done') OR confirmed_at IS NOT NULL),
    CHECK ((state = 'done') = (done_at IS NOT NULL)),
    CHECK ((act_sha256 IS NULL) = (act_size IS NULL)),
    CHECK (act_sha256 IS NULL OR state = 'done')
);
CREATE UNIQUE INDEX destruction_open ON destruction (state) WHERE state IN ('prepared', 'confirmed');
CREATE INDEX destruction_prepared_by_id ON destruction (prepared_by_id);
CREATE INDEX destruction_confirmed_by_id ON destruction (confirmed_by_id);
CREATE TABLE destruction_item (
    id {id},
    destruction_id INTEGER NOT NULL REFERENCES destruction (id) ON DELETE CASCADE,
    store VARCHAR(40) NOT NULL CHECK (length(store) BETWEEN 1 AND 40),
    target INTEGER,
    about VARCHAR(200) NOT NULL,
    sha256 VARCHAR(64) NOT NULL CHECK (length(sha256) IN (0, 64)),
    size INTEGER NOT NULL CHECK (size >= 0),
    count INTEGER NOT NULL CHECK (count >= 0),
    done INTEGER NOT NULL CHECK (done >= 0),
    outcome VARCHAR(10) NOT NULL CHECK (outcome IN ('', 'destroyed', 'kept')),
    settled_at {moment},
    UNIQUE (destruction_id, store, target),
    CHECK ((outcome = '') = (settled_at IS NULL))
);
CREATE INDEX destruction_item_outcome ON destruction_item (destruction_id, outcome, id)
"""

CLOSED = "EXISTS (SELECT 1 FROM inspection WHERE id = {row}.inspection_id AND closed_at IS NOT NULL)"
OVER = "EXISTS (SELECT 1 FROM destruction WHERE id = {row}.destruction_id AND state = 'done')"


def up(migrator, db):
    create(db, TABLES)
    forbid(db, "journal_seal_kept", "journal_seal", "DELETE", "a seal of the journal is not deleted")
    forbid(db, "journal_seal_frozen", "journal_seal", "UPDATE", "a seal of the journal is not changed")
    for table, over in (("inspection", "OLD.closed_at IS NOT NULL"), ("destruction", "OLD.confirmed_at IS NOT NULL")):
        forbid(db, f"{table}_kept", table, "DELETE", "what has come to an act is not deleted", over)
        forbid(db, f"{table}_frozen", table, "UPDATE", "what has an act is not changed", "OLD.act_sha256 IS NOT NULL")
    for event, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
        sentence = "what a closed inspection found is not changed"
        forbid(db, f"inspected_case_{event.lower()}", "inspected_case", event, sentence, CLOSED.format(row=row))
        sentence = "what an act of destruction lists is not changed"
        forbid(db, f"destruction_item_{event.lower()}", "destruction_item", event, sentence, OVER.format(row=row))
