"""One account for office and cabinet: addresses, second factor, one-time tokens, identities of other providers, more roles."""

from attestation.admin.tables import create

TABLES = """
ALTER TABLE account ADD COLUMN email VARCHAR(254);
CREATE UNIQUE INDEX account_email ON account (email);
ALTER TABLE account ADD COLUMN email_confirmed_at {moment};
ALTER TABLE account ADD COLUMN phone VARCHAR(30) NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN notify_email {flag} NOT NULL DEFAULT {yes};
ALTER TABLE account ADD COLUMN notify_sms {flag} NOT NULL DEFAULT {no};
ALTER TABLE account ADD COLUMN notify_push {flag} NOT NULL DEFAULT {no};
ALTER TABLE account ADD COLUMN totp_secret VARCHAR(300) NOT NULL DEFAULT '';
ALTER TABLE account ADD COLUMN totp_counter INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sign_in ADD COLUMN device VARCHAR(100) NOT NULL DEFAULT '';
ALTER TABLE sign_in ADD COLUMN network VARCHAR(50) NOT NULL DEFAULT '';
CREATE TABLE recovery_code (
    id {id},
    user_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    code_hash VARCHAR(64) NOT NULL CHECK (length(code_hash) = 64),
    used_at {moment},
    UNIQUE (user_id, code_hash)
);
CREATE TABLE one_time_token (
    id {id},
    user_id INTEGER REFERENCES account (id) ON DELETE CASCADE,
    purpose VARCHAR(20) NOT NULL CHECK (purpose IN ('confirm', 'reset', 'change_email')),
    token_hash VARCHAR(64) NOT NULL UNIQUE CHECK (length(token_hash) = 64),
    email VARCHAR(254) NOT NULL,
    full_name VARCHAR(200) NOT NULL,
    expires_at {moment} NOT NULL,
    used_at {moment},
    CHECK ((purpose = 'confirm') = (user_id IS NULL))
);
CREATE INDEX one_time_token_user_id ON one_time_token (user_id, purpose);
CREATE TABLE identity (
    id {id},
    user_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    issuer VARCHAR(300) NOT NULL CHECK (length(issuer) BETWEEN 1 AND 300),
    subject VARCHAR(255) NOT NULL CHECK (length(subject) BETWEEN 1 AND 255),
    surname VARCHAR(160) NOT NULL,
    name VARCHAR(160) NOT NULL,
    patronymic VARCHAR(160) NOT NULL,
    born_on DATE,
    linked_at {moment} NOT NULL,
    UNIQUE (issuer, subject)
);
CREATE INDEX identity_user_id ON identity (user_id);
ALTER TABLE user_role RENAME TO user_role_before;
CREATE TABLE user_role (
    id {id},
    user_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    role VARCHAR(20) NOT NULL CHECK (role IN
        ('reception', 'secretary', 'leader', 'expert', 'deputy', 'chairperson', 'publisher', 'editor', 'admin')),
    UNIQUE (user_id, role)
);
INSERT INTO user_role (user_id, role) SELECT user_id, role FROM user_role_before ORDER BY id;
DROP TABLE user_role_before;
CREATE INDEX user_role_role ON user_role (role)
"""


def up(migrator, db):
    create(db, TABLES)
