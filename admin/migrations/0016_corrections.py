"""Corrections: requests to correct an order, which order and row an amending one changes; the withdrawal of an order.

A letter about no case may lead somewhere.
"""

from attestation.admin.tables import allow, announce, create, forbid, recheck

TABLES = """
ALTER TABLE official_order ADD COLUMN withdrawn_at {moment} CHECK ((withdrawn_at IS NOT NULL) = (status = 'withdrawn'));
ALTER TABLE official_order ADD COLUMN withdrawal_reason VARCHAR(1000) NOT NULL DEFAULT ''
    CHECK (length(withdrawal_reason) <= 1000);
ALTER TABLE letter ADD COLUMN path VARCHAR(300) NOT NULL DEFAULT '' CHECK (length(path) <= 300);
ALTER TABLE official_order ADD COLUMN amends_id INTEGER REFERENCES official_order (id) ON DELETE RESTRICT;
CREATE INDEX official_order_amends ON official_order (amends_id) WHERE amends_id IS NOT NULL;
ALTER TABLE ruling ADD COLUMN amends_id INTEGER REFERENCES ruling (id) ON DELETE RESTRICT;
CREATE INDEX ruling_amends ON ruling (amends_id) WHERE amends_id IS NOT NULL;
CREATE TABLE correction (
    id {id},
    edition VARCHAR(80) NOT NULL CHECK (length(edition) BETWEEN 1 AND 80),
    number VARCHAR(20) NOT NULL UNIQUE CHECK (length(number) BETWEEN 1 AND 20),
    token VARCHAR(64) NOT NULL UNIQUE CHECK (length(token) BETWEEN 16 AND 64),
    channel VARCHAR(10) NOT NULL CHECK (channel IN ('form', 'paper')),
    status VARCHAR(20) NOT NULL CHECK (length(status) BETWEEN 1 AND 20),
    version INTEGER NOT NULL CHECK (version > 0),
    entered_by_id INTEGER REFERENCES account (id) ON DELETE RESTRICT,
    full_name VARCHAR(200) NOT NULL {ru} CHECK (length(full_name) BETWEEN 1 AND 200),
    representative VARCHAR(200) NOT NULL CHECK (length(representative) <= 200),
    email VARCHAR(254) NOT NULL CHECK (length(email) <= 254),
    phone VARCHAR(100) NOT NULL CHECK (length(phone) <= 100),
    postal_address VARCHAR(300) NOT NULL CHECK (length(postal_address) <= 300),
    order_number VARCHAR(40) NOT NULL CHECK (length(order_number) BETWEEN 1 AND 40),
    order_on DATE NOT NULL,
    order_id INTEGER REFERENCES official_order (id) ON DELETE RESTRICT,
    line INTEGER CHECK (line BETWEEN 1 AND 100000),
    errors TEXT NOT NULL CHECK (length(errors) BETWEEN 1 AND 10000),
    amending_id INTEGER REFERENCES official_order (id) ON DELETE RESTRICT,
    reason VARCHAR(1000) NOT NULL CHECK (length(reason) <= 1000),
    received_on DATE NOT NULL,
    registered_on DATE,
    closed_on DATE,
    due_on DATE,
    created_at {moment} NOT NULL,
    demo {flag} NOT NULL,
    CHECK (channel = 'form' OR entered_by_id IS NOT NULL)
);
CREATE INDEX correction_status ON correction (status, due_on, id);
CREATE INDEX correction_order ON correction (order_id);
CREATE INDEX correction_amending ON correction (amending_id);
CREATE INDEX correction_entered_by ON correction (entered_by_id);
ALTER TABLE complaint ADD COLUMN correction_id INTEGER REFERENCES correction (id) ON DELETE RESTRICT;
CREATE INDEX complaint_correction ON complaint (correction_id) WHERE correction_id IS NOT NULL;
CREATE TABLE correction_sequence (
    id {id},
    year INTEGER NOT NULL UNIQUE CHECK (year BETWEEN 2000 AND 9999),
    last INTEGER NOT NULL CHECK (last BETWEEN 0 AND 999999)
)
"""

# What holds of published orders holds of withdrawn ones too: the checks of the table as 0001 numbers them, before and after.
CHECKS = {
    "check1": (
        "status NOT IN ('registered', 'published')\n"
        "        OR (number IS NOT NULL AND registered_on IS NOT NULL AND year IS NOT NULL)",
        "status NOT IN ('registered', 'published', 'withdrawn')"
        " OR (number IS NOT NULL AND registered_on IS NOT NULL AND year IS NOT NULL)",
    ),
    "check4": (
        "status IN ('registered', 'published') OR pdf_sha256 IS NULL",
        "status IN ('registered', 'published', 'withdrawn') OR pdf_sha256 IS NULL",
    ),
    "check5": (
        "(status = 'published') = (published_at IS NOT NULL)",
        "(status IN ('published', 'withdrawn')) = (published_at IS NOT NULL)",
    ),
    "check6": (
        "status <> 'published' OR pdf_sha256 IS NOT NULL",
        "status NOT IN ('published', 'withdrawn') OR pdf_sha256 IS NOT NULL",
    ),
}
# A published order stays as it is for good, but that it may be withdrawn: then it says so and is fixed again.
PUBLIC = "('published', 'withdrawn')"
KEPT = "kind title basis number registered_on year signatory_position signatory_name signed_on published_at pdf_sha256 demo"
SAME = " AND ".join(f"NEW.{column} = OLD.{column}" for column in KEPT.split())
WITHDRAWING = f"OLD.status = 'published' AND NEW.status = 'withdrawn' AND {SAME}"
OF_PUBLIC = "EXISTS (SELECT 1 FROM official_order WHERE id = {row}.order_id AND status IN " + PUBLIC + ")"
# A row of a withdrawn order lets its decision go, so that another order can state it.
ROW = "order_id number surname name patronymic position organization category established page amends_id"
LETTING_GO = " AND ".join(f"NEW.{column} IS NOT DISTINCT FROM OLD.{column}" for column in ROW.split())
LETTING_GO += (
    " AND NEW.hearing_id IS NULL AND EXISTS (SELECT 1 FROM official_order WHERE id = OLD.order_id AND status = 'withdrawn')"
)
# (name, table, event, condition, sentence), in place of what 0001 forbids of published orders alone.
FROZEN = (
    ("order_kept", "official_order", "DELETE", f"OLD.status IN {PUBLIC}", "a published order is not deleted"),
    (
        "order_frozen",
        "official_order",
        "UPDATE",
        f"OLD.status IN {PUBLIC} AND NOT ({WITHDRAWING})",
        "a published order is not changed",
    ),
    ("ruling_added", "ruling", "INSERT", OF_PUBLIC.format(row="NEW"), "a published order takes no new row"),
    (
        "ruling_frozen",
        "ruling",
        "UPDATE",
        f"{OF_PUBLIC.format(row='OLD')} AND NOT ({LETTING_GO})",
        "a row of a published order is not changed",
    ),
    (
        "ruling_moved",
        "ruling",
        "UPDATE",
        f"NEW.order_id <> OLD.order_id AND {OF_PUBLIC.format(row='NEW')}",
        "a published order takes no new row",
    ),
    ("ruling_kept", "ruling", "DELETE", OF_PUBLIC.format(row="OLD"), "a row of a published order is not deleted"),
)


def up(migrator, db):
    create(db, TABLES)
    for name, (before, after) in CHECKS.items():
        recheck(db, "official_order", f"official_order_{name}", before, after)
    for name, table, event, condition, sentence in FROZEN:
        allow(db, name, table)
        forbid(db, name, table, event, sentence, condition)
    # What visitors read of a withdrawn order changes too.
    for event in ("insert", "update", "delete"):
        allow(db, f"official_order_told_{event}", "official_order")
    announce(db, "official_order", "{row}.status IN ('published', 'withdrawn') OR {row}.demo")
