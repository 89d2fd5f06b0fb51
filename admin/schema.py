"""The shape of the tables, brought up to date by the migrations beside this file."""

from pathlib import Path

from playhouse.migrations import Runner

from ..models import database


def migrate() -> list[str]:
    """Apply the migrations that the database does not have yet; their names. Needs an open connection."""
    names: list[str] = Runner(database.obj, str(Path(__file__).parent / "migrations")).up()
    return names
