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


def allow(db: Database, name: str, table: str) -> None:
    """Take away what `forbid` of this name made the database refuse."""
    if _postgres(db):
        db.execute_sql(f"DROP TRIGGER {name} ON {table}")  # type: ignore[no-untyped-call]
        db.execute_sql(f"DROP FUNCTION {name}()")  # type: ignore[no-untyped-call]
    else:
        db.execute_sql(f"DROP TRIGGER {name}")  # type: ignore[no-untyped-call]


def recheck(db: Database, table: str, name: str, before: str, after: str) -> None:
    """Put another condition in place of a CHECK. `name` is what PostgreSQL calls it; SQLite finds it by its text.

    SQLite knows no statement for it; that its text may be rewritten says https://sqlite.org/lang_altertable.html, section 8.
    ValueError when the text is not there exactly once.
    """
    if _postgres(db):
        db.execute_sql(f"ALTER TABLE {table} DROP CONSTRAINT {name}, ADD CONSTRAINT {name} CHECK ({after})")  # type: ignore[no-untyped-call]
        return
    text: str = db.execute_sql("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).fetchone()[0]  # type: ignore[no-untyped-call]
    if text.count(f"CHECK ({before})") != 1:
        raise ValueError(f"{table}: no single CHECK ({before})")
    changed = text.replace(f"CHECK ({before})", f"CHECK ({after})")
    db.execute_sql("PRAGMA writable_schema = ON")  # type: ignore[no-untyped-call]
    db.execute_sql("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (changed, table))  # type: ignore[no-untyped-call]
    # Also forgets the shape that this connection holds in memory.
    db.execute_sql("PRAGMA writable_schema = RESET")  # type: ignore[no-untyped-call]


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
