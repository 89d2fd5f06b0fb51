"""Cases: applications, their portfolios, reviews, letters; experts; what the office sets for itself."""

from attestation.admin.tables import create, forbid

TABLES = """
CREATE TABLE sitting (
    id {id},
    held_on DATE NOT NULL,
    begins_at TIME,
    place VARCHAR(300) NOT NULL CHECK (length(place) <= 300),
    cancelled {flag} NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    demo {flag} NOT NULL
);
CREATE INDEX sitting_held_on ON sitting (held_on);
CREATE TABLE application (
    id {id},
    edition VARCHAR(80) NOT NULL CHECK (length(edition) BETWEEN 1 AND 80),
    number VARCHAR(13) UNIQUE CHECK (length(number) = 13),
    channel VARCHAR(10) NOT NULL CHECK (channel IN ('portal', 'mfc', 'post')),
    status VARCHAR(30) NOT NULL CHECK (length(status) BETWEEN 1 AND 30),
    version INTEGER NOT NULL CHECK (version > 0),
    applicant_id INTEGER REFERENCES account (id) ON DELETE RESTRICT,
    entered_by_id INTEGER REFERENCES account (id) ON DELETE RESTRICT,
    answers {json} NOT NULL,
    complete {flag} NOT NULL,
    surname VARCHAR(160) NOT NULL {ru} CHECK (length(surname) <= 160),
    name VARCHAR(160) NOT NULL {ru} CHECK (length(name) <= 160),
    patronymic VARCHAR(160) NOT NULL {ru} CHECK (length(patronymic) <= 160),
    born_on DATE,
    position VARCHAR(300) NOT NULL {ru} CHECK (length(position) <= 300),
    organization VARCHAR(500) NOT NULL {ru} CHECK (length(organization) <= 500),
    home_address VARCHAR(300) NOT NULL CHECK (length(home_address) <= 300),
    category VARCHAR(10) CHECK (category IN ('first', 'highest')),
    held_category VARCHAR(10) NOT NULL CHECK (held_category IN ('', 'first', 'highest')),
    held_ruling_id INTEGER REFERENCES ruling (id) ON DELETE RESTRICT,
    search_text TEXT NOT NULL,
    form INTEGER CHECK (form BETWEEN 1 AND 99),
    worksheet {json} NOT NULL,
    portfolio_way VARCHAR(10) NOT NULL CHECK (portfolio_way IN ('', 'electronic', 'paper')),
    mfc_sheets INTEGER CHECK (mfc_sheets BETWEEN 0 AND 10000),
    group_leader_id INTEGER REFERENCES account (id) ON DELETE RESTRICT,
    review_day DATE,
    considered_on DATE,
    term_begins DATE,
    term_ends DATE,
    term_place VARCHAR(300) NOT NULL CHECK (length(term_place) <= 300),
    sitting_id INTEGER REFERENCES sitting (id) ON DELETE RESTRICT,
    decision VARCHAR(20) NOT NULL CHECK (decision IN ('', 'establish', 'refuse')),
    minutes_number VARCHAR(40) NOT NULL CHECK (length(minutes_number) <= 40),
    minutes_on DATE,
    merged_into_id INTEGER REFERENCES application (id) ON DELETE RESTRICT,
    filed_on DATE,
    due_on DATE,
    due_term VARCHAR(40) NOT NULL,
    created_at {moment} NOT NULL,
    changed_at {moment} NOT NULL,
    demo {flag} NOT NULL,
    CHECK (status = 'draft' OR (number IS NOT NULL AND filed_on IS NOT NULL)),
    CHECK (applicant_id IS NOT NULL OR entered_by_id IS NOT NULL),
    CHECK (term_ends IS NULL OR term_begins <= term_ends),
    CHECK (merged_into_id IS NULL OR merged_into_id <> id)
);
CREATE INDEX application_applicant_id ON application (applicant_id);
CREATE INDEX application_entered_by_id ON application (entered_by_id);
CREATE INDEX application_group_leader_id ON application (group_leader_id, status);
CREATE INDEX application_sitting_id ON application (sitting_id);
CREATE INDEX application_held_ruling_id ON application (held_ruling_id);
CREATE INDEX application_merged_into_id ON application (merged_into_id);
CREATE INDEX application_status_filed ON application (status, filed_on, id);
CREATE INDEX application_status_due ON application (status, due_on, id);
CREATE INDEX application_filed_on ON application (filed_on, id);
CREATE INDEX application_person ON application (surname, name, born_on);
CREATE TABLE case_sequence (
    id {id},
    year INTEGER NOT NULL UNIQUE CHECK (year BETWEEN 2000 AND 9999),
    last INTEGER NOT NULL CHECK (last BETWEEN 0 AND 999999)
);
CREATE TABLE case_event (
    id {id},
    application_id INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    name VARCHAR(40) NOT NULL,
    day DATE NOT NULL,
    UNIQUE (application_id, name)
);
CREATE TABLE duty (
    id {id},
    application_id INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    role VARCHAR(20) NOT NULL,
    user_id INTEGER REFERENCES account (id) ON DELETE CASCADE,
    verb VARCHAR(40) NOT NULL,
    term VARCHAR(40) NOT NULL,
    due_on DATE
);
CREATE INDEX duty_application_id ON duty (application_id);
CREATE INDEX duty_role ON duty (role, due_on);
CREATE INDEX duty_user ON duty (user_id, due_on);
CREATE TABLE check_mark (
    id {id},
    application_id INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    fact VARCHAR(40) NOT NULL,
    by_id INTEGER NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    at {moment} NOT NULL,
    note VARCHAR(300) NOT NULL,
    UNIQUE (application_id, fact)
);
CREATE INDEX check_mark_by_id ON check_mark (by_id);
CREATE TABLE representative (
    id {id},
    application_id INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    user_id INTEGER REFERENCES account (id) ON DELETE RESTRICT,
    full_name VARCHAR(200) NOT NULL CHECK (length(full_name) BETWEEN 1 AND 200),
    document VARCHAR(300) NOT NULL CHECK (length(document) BETWEEN 1 AND 300),
    expires_on DATE,
    added_at {moment} NOT NULL,
    ended_at {moment}
);
CREATE UNIQUE INDEX representative_acting ON representative (application_id) WHERE ended_at IS NULL;
CREATE INDEX representative_application_id ON representative (application_id);
CREATE INDEX representative_user_id ON representative (user_id);
CREATE TABLE paper (
    id {id},
    application_id INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    number INTEGER NOT NULL CHECK (number > 0),
    title VARCHAR(500) NOT NULL CHECK (length(title) BETWEEN 1 AND 500),
    state VARCHAR(40) NOT NULL,
    sheets INTEGER NOT NULL CHECK (sheets BETWEEN 0 AND 1000),
    criterion VARCHAR(20) NOT NULL,
    UNIQUE (application_id, number)
);
CREATE TABLE case_file (
    id {id},
    application_id INTEGER NOT NULL REFERENCES application (id) ON DELETE RESTRICT,
    kind VARCHAR(20) NOT NULL
        CHECK (kind IN ('portfolio', 'previous_category', 'authority', 'conclusion', 'receipt', 'notice', 'other')),
    paper_id INTEGER REFERENCES paper (id) ON DELETE SET NULL,
    name VARCHAR(200) NOT NULL CHECK (length(name) BETWEEN 1 AND 200),
    media_type VARCHAR(100) NOT NULL,
    sha256 VARCHAR(64) NOT NULL CHECK (length(sha256) = 64),
    size INTEGER NOT NULL CHECK (size > 0),
    pages INTEGER CHECK (pages > 0),
    added_by_id INTEGER REFERENCES account (id) ON DELETE RESTRICT,
    added_at {moment} NOT NULL,
    removed_at {moment}
);
CREATE INDEX case_file_application_id ON case_file (application_id);
CREATE INDEX case_file_paper_id ON case_file (paper_id);
CREATE INDEX case_file_sha256 ON case_file (sha256);
CREATE INDEX case_file_added_by_id ON case_file (added_by_id);
CREATE TABLE slot (
    id {id},
    starts_at {moment} NOT NULL,
    "window" INTEGER NOT NULL CHECK ("window" BETWEEN 1 AND 99),
    place VARCHAR(300) NOT NULL CHECK (length(place) BETWEEN 1 AND 300),
    application_id INTEGER REFERENCES application (id) ON DELETE RESTRICT,
    booked_at {moment},
    missed {flag} NOT NULL,
    demo {flag} NOT NULL,
    UNIQUE (starts_at, "window"),
    CHECK ((application_id IS NULL) = (booked_at IS NULL))
);
CREATE UNIQUE INDEX slot_booked ON slot (application_id) WHERE NOT missed;
CREATE INDEX slot_application_id ON slot (application_id);
CREATE TABLE expert_group (
    id {id},
    name VARCHAR(200) NOT NULL UNIQUE CHECK (length(name) BETWEEN 1 AND 200),
    leader_id INTEGER REFERENCES account (id) ON DELETE RESTRICT,
    active {flag} NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    demo {flag} NOT NULL
);
CREATE INDEX expert_group_leader_id ON expert_group (leader_id);
CREATE TABLE expert (
    id {id},
    user_id INTEGER NOT NULL UNIQUE REFERENCES account (id) ON DELETE RESTRICT,
    group_id INTEGER REFERENCES expert_group (id) ON DELETE RESTRICT,
    surname VARCHAR(160) NOT NULL {ru} CHECK (length(surname) BETWEEN 1 AND 160),
    position VARCHAR(300) NOT NULL {ru},
    organization VARCHAR(500) NOT NULL {ru},
    address VARCHAR(300) NOT NULL,
    department {flag} NOT NULL,
    active {flag} NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    demo {flag} NOT NULL
);
CREATE INDEX expert_group_id ON expert (group_id);
CREATE TABLE speciality (
    id {id},
    expert_id INTEGER NOT NULL REFERENCES expert (id) ON DELETE CASCADE,
    form INTEGER NOT NULL CHECK (form BETWEEN 1 AND 99),
    position VARCHAR(300) NOT NULL,
    subject VARCHAR(200) NOT NULL,
    UNIQUE (expert_id, form, position, subject)
);
CREATE INDEX speciality_form ON speciality (form);
CREATE TABLE approval (
    id {id},
    expert_id INTEGER NOT NULL REFERENCES expert (id) ON DELETE CASCADE,
    order_number VARCHAR(40) NOT NULL CHECK (length(order_number) BETWEEN 1 AND 40),
    order_on DATE NOT NULL,
    valid_from DATE NOT NULL,
    valid_until DATE NOT NULL,
    CHECK (valid_from <= valid_until)
);
CREATE INDEX approval_expert_id ON approval (expert_id, valid_until);
CREATE TABLE absence (
    id {id},
    expert_id INTEGER NOT NULL REFERENCES expert (id) ON DELETE CASCADE,
    first_day DATE NOT NULL,
    last_day DATE NOT NULL,
    reason VARCHAR(200) NOT NULL,
    CHECK (first_day <= last_day)
);
CREATE INDEX absence_expert_id ON absence (expert_id);
CREATE TABLE employment (
    id {id},
    expert_id INTEGER NOT NULL REFERENCES expert (id) ON DELETE CASCADE,
    organization VARCHAR(500) NOT NULL CHECK (length(organization) BETWEEN 1 AND 500),
    until DATE NOT NULL
);
CREATE INDEX employment_expert_id ON employment (expert_id);
CREATE TABLE declared_conflict (
    id {id},
    expert_id INTEGER NOT NULL REFERENCES expert (id) ON DELETE CASCADE,
    application_id INTEGER REFERENCES application (id) ON DELETE CASCADE,
    person VARCHAR(300) NOT NULL,
    organization VARCHAR(500) NOT NULL,
    reason VARCHAR(300) NOT NULL,
    declared_at {moment} NOT NULL,
    CHECK (application_id IS NOT NULL OR person <> '' OR organization <> '')
);
CREATE INDEX declared_conflict_expert_id ON declared_conflict (expert_id);
CREATE INDEX declared_conflict_application_id ON declared_conflict (application_id);
CREATE TABLE conflict_permit (
    id {id},
    application_id INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    expert_id INTEGER NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    by_id INTEGER NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    reason VARCHAR(300) NOT NULL CHECK (length(reason) BETWEEN 1 AND 300),
    at {moment} NOT NULL,
    UNIQUE (application_id, expert_id)
);
CREATE INDEX conflict_permit_expert_id ON conflict_permit (expert_id);
CREATE INDEX conflict_permit_by_id ON conflict_permit (by_id);
CREATE TABLE review (
    id {id},
    application_id INTEGER NOT NULL REFERENCES application (id) ON DELETE RESTRICT,
    role VARCHAR(20) NOT NULL CHECK (role IN ('main_expert', 'additional_expert', 'second_expert')),
    expert_id INTEGER NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    assigned_at {moment} NOT NULL,
    ended_at {moment},
    answers {json} NOT NULL,
    proofs {json} NOT NULL,
    scored {flag} NOT NULL,
    points_low INTEGER,
    points_high INTEGER,
    implied VARCHAR(10) NOT NULL CHECK (implied IN ('', 'positive', 'negative', 'open')),
    outcome VARCHAR(10) NOT NULL CHECK (outcome IN ('', 'positive', 'negative')),
    outcome_reason TEXT NOT NULL,
    recommendations TEXT NOT NULL,
    comment TEXT NOT NULL,
    commented_at {moment},
    returned_at {moment},
    return_reason VARCHAR(300) NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0),
    CHECK (points_low <= points_high)
);
CREATE UNIQUE INDEX review_expert ON review (application_id, expert_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX review_single ON review (application_id, role) WHERE ended_at IS NULL AND role <> 'additional_expert';
CREATE INDEX review_application_id ON review (application_id);
CREATE INDEX review_expert_id ON review (expert_id, ended_at);
CREATE TABLE conclusion (
    id {id},
    review_id INTEGER NOT NULL REFERENCES review (id) ON DELETE RESTRICT,
    number INTEGER NOT NULL CHECK (number > 0),
    file_id INTEGER REFERENCES case_file (id) ON DELETE RESTRICT,
    answers {json} NOT NULL,
    proofs {json} NOT NULL,
    points_low INTEGER,
    points_high INTEGER,
    outcome VARCHAR(10) NOT NULL CHECK (outcome IN ('positive', 'negative')),
    outcome_reason TEXT NOT NULL,
    recommendations TEXT NOT NULL,
    signature VARCHAR(12) NOT NULL CHECK (signature IN ('uploaded', 'electronic')),
    given_at {moment} NOT NULL,
    read_at {moment},
    UNIQUE (review_id, number)
);
CREATE INDEX conclusion_file_id ON conclusion (file_id);
CREATE TABLE dissent (
    id {id},
    application_id INTEGER NOT NULL UNIQUE REFERENCES application (id) ON DELETE RESTRICT,
    analysed_at {moment} NOT NULL,
    person VARCHAR(300) NOT NULL CHECK (length(person) BETWEEN 1 AND 300),
    position VARCHAR(300) NOT NULL CHECK (length(position) BETWEEN 1 AND 300),
    organization VARCHAR(500) NOT NULL CHECK (length(organization) BETWEEN 1 AND 500),
    reasons TEXT NOT NULL CHECK (length(reasons) > 0),
    drawn_up_by_id INTEGER NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    drawn_up_at {moment} NOT NULL,
    version INTEGER NOT NULL CHECK (version > 0)
);
CREATE INDEX dissent_drawn_up_by_id ON dissent (drawn_up_by_id);
CREATE TABLE dissent_signature (
    id {id},
    dissent_id INTEGER NOT NULL REFERENCES dissent (id) ON DELETE CASCADE,
    expert_id INTEGER NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    signed_at {moment} NOT NULL,
    UNIQUE (dissent_id, expert_id)
);
CREATE INDEX dissent_signature_expert_id ON dissent_signature (expert_id);
CREATE TABLE letter (
    id {id},
    application_id INTEGER REFERENCES application (id) ON DELETE CASCADE,
    user_id INTEGER REFERENCES account (id) ON DELETE RESTRICT,
    name VARCHAR(40) NOT NULL CHECK (length(name) BETWEEN 1 AND 40),
    role VARCHAR(20) NOT NULL,
    channel VARCHAR(10) NOT NULL CHECK (channel IN ('cabinet', 'email', 'sms', 'push')),
    address VARCHAR(254) NOT NULL,
    subject VARCHAR(300) NOT NULL,
    body TEXT NOT NULL,
    state VARCHAR(10) NOT NULL CHECK (state IN ('held', 'queued', 'sent', 'failed', 'bounced', 'recalled')),
    private {flag} NOT NULL,
    message_id VARCHAR(120) NOT NULL,
    attempts INTEGER NOT NULL CHECK (attempts >= 0),
    error VARCHAR(500) NOT NULL,
    created_at {moment} NOT NULL,
    sent_at {moment},
    read_at {moment},
    CHECK (channel = 'cabinet' OR address <> ''),
    CHECK (channel <> 'cabinet' OR user_id IS NOT NULL)
);
CREATE INDEX letter_application_id ON letter (application_id, id);
CREATE INDEX letter_user_id ON letter (user_id, id);
CREATE INDEX letter_state ON letter (state, id);
CREATE INDEX letter_message_id ON letter (message_id);
CREATE TABLE case_message (
    id {id},
    application_id INTEGER NOT NULL REFERENCES application (id) ON DELETE CASCADE,
    author_id INTEGER NOT NULL REFERENCES account (id) ON DELETE RESTRICT,
    from_office {flag} NOT NULL,
    text TEXT NOT NULL CHECK (length(text) > 0),
    sent_at {moment} NOT NULL,
    read_at {moment}
);
CREATE INDEX case_message_application_id ON case_message (application_id, id);
CREATE INDEX case_message_author_id ON case_message (author_id);
CREATE TABLE calendar_exception (
    id {id},
    day DATE NOT NULL UNIQUE,
    working {flag} NOT NULL,
    note VARCHAR(200) NOT NULL
);
CREATE TABLE calendar_year (
    id {id},
    year INTEGER NOT NULL UNIQUE CHECK (year BETWEEN 2000 AND 9999)
);
CREATE TABLE saved_view (
    id {id},
    user_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    desk VARCHAR(40) NOT NULL,
    name VARCHAR(80) NOT NULL CHECK (length(name) BETWEEN 1 AND 80),
    query VARCHAR(1000) NOT NULL,
    UNIQUE (user_id, desk, name)
)
"""

FILED = "OLD.number IS NOT NULL"
UNCHANGED = ("review_id", "number", "answers", "points_low", "points_high", "outcome", "outcome_reason", "given_at")
REWRITTEN = " OR ".join(f"NEW.{column} <> OLD.{column}" for column in UNCHANGED)
RENUMBERED = "OLD.number IS NOT NULL AND (NEW.number IS NULL OR NEW.number <> OLD.number)"


def up(migrator, db):
    create(db, TABLES)
    forbid(db, "application_kept", "application", "DELETE", "an application that was filed is not deleted", FILED)
    forbid(db, "application_numbered", "application", "UPDATE", "the number of an application is not changed", RENUMBERED)
    forbid(db, "conclusion_kept", "conclusion", "DELETE", "a conclusion that was given is not deleted")
    forbid(db, "conclusion_frozen", "conclusion", "UPDATE", "a conclusion that was given is not changed", REWRITTEN)
