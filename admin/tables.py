"""SQL of the migrations for SQLite and PostgreSQL alike: tables whose constraints are all seen, triggers that guard rows.

The few words in which the two databases differ are named here once.
"""

from typing import Any

from peewee import Database, PostgresqlDatabase

WORDS = {
    "sqlite": {
        "id": "INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT",
        "moment": "DATETIME",
        "flag": "INTEGER",
        "bytes": "BLOB",
        "json": "TEXT",
        "ru": "COLLATE russian",
        "no": "0",
        "yes": "1",
    },
    "postgres": {
        "id": "SERIAL NOT NULL PRIMARY KEY",
        "moment": "TIMESTAMP",
        "flag": "BOOLEAN",
        "bytes": "BYTEA",
        "json": "JSONB",
        "ru": 'COLLATE "ru-x-icu"',
        "no": "FALSE",
        "yes": "TRUE",
    },
}

SQLITE_TRIGGER = """
CREATE TRIGGER {name} {when} {event} ON {table} WHEN {condition}
BEGIN {action}; END
"""
POSTGRES_TRIGGER = """
CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF {condition} THEN {action}; END IF;
    RETURN {row};
END $$;
CREATE TRIGGER {name} {when} {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}()
"""
ALWAYS = "1 = 1"


def create(db: Database, statements: str, **values: str) -> None:
    """Run statements that end with `;` and a new line; words in braces are those of the database, or the values given."""
    for statement in statements.format(**WORDS["postgres" if _postgres(db) else "sqlite"], **values).split(";\n"):
        if statement.strip():
            db.execute_sql(statement)  # type: ignore[no-untyped-call]


def forbid(db: Database, name: str, table: str, event: str, sentence: str, condition: str = ALWAYS) -> None:
    """Have the database refuse this event on rows for which the condition holds, whoever asks."""
    refusal = {
        "sqlite": f"SELECT RAISE(ABORT, '{sentence}')",
        "postgres": f"RAISE EXCEPTION '{sentence}' USING ERRCODE = 'integrity_constraint_violation'",
    }
    _trigger(db, "BEFORE", refusal, name=name, table=table, event=event, condition=condition)


def announce(db: Database, table: str, condition: str = "") -> None:
    """Let every change of this table raise the content version.

    The condition, if any, speaks of `{row}`: the row as it is after the change, before a deletion.
    """
    step = "UPDATE content_version SET value = value + 1"
    actions = {"sqlite": step, "postgres": step}
    for event in ("INSERT", "UPDATE", "DELETE"):
        row = "OLD" if event == "DELETE" else "NEW"
        held = condition.format(row=row) or ALWAYS
        _trigger(db, "AFTER", actions, name=f"{table}_told_{event.lower()}", table=table, event=event, condition=held)


def _trigger(db: Database, when: str, actions: dict[str, str], **words: Any) -> None:
    text, action = (POSTGRES_TRIGGER, actions["postgres"]) if _postgres(db) else (SQLITE_TRIGGER, actions["sqlite"])
    row = "OLD" if words["event"] == "DELETE" else "NEW"
    db.execute_sql(text.format(when=when, action=action, row=row, **words))  # type: ignore[no-untyped-call]


def _postgres(db: Database) -> bool:
    return isinstance(db, PostgresqlDatabase)
