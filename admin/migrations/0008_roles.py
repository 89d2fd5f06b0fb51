"""More roles of the office: whoever endorses orders, whoever answers complaints, the head of the department who controls."""

from attestation.admin.tables import create

ROLES = """
ALTER TABLE user_role RENAME TO user_role_before;
CREATE TABLE user_role (
    id {id},
    user_id INTEGER NOT NULL REFERENCES account (id) ON DELETE CASCADE,
    role VARCHAR(20) NOT NULL CHECK (role IN
        ('reception', 'secretary', 'leader', 'expert', 'deputy', 'chairperson', 'endorser', 'publisher', 'complaints',
        'controller', 'editor', 'admin')),
    UNIQUE (user_id, role)
);
INSERT INTO user_role (user_id, role) SELECT user_id, role FROM user_role_before ORDER BY id;
DROP TABLE user_role_before;
CREATE INDEX user_role_role ON user_role (role)
"""


def up(migrator, db):
    create(db, ROLES)
