"""Where huey keeps what waits to be done: its own table in our database, so that a job is rolled back with its act."""

from peewee import PostgresqlDatabase

WORDS = {
    "sqlite": {"id": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT", "bytes": "BLOB"},
    "postgres": {"id": "SERIAL NOT NULL PRIMARY KEY", "bytes": "BYTEA"},
}

TABLES = """
CREATE TABLE huey_task (
    id {id},
    queue VARCHAR(255) NOT NULL,
    data {bytes} NOT NULL,
    priority REAL NOT NULL
);
CREATE INDEX huey_task_priority ON huey_task (priority DESC, id);
"""


def up(migrator, db):
    words = WORDS["postgres" if isinstance(db, PostgresqlDatabase) else "sqlite"]
    for statement in TABLES.format(**words).split(";\n"):
        if statement.strip():
            db.execute_sql(statement)
