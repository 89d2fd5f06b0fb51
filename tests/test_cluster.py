"""A database that one test leaves to the next is as the template is."""

import psycopg
import pytest

from .cluster import Cluster

TEMPLATE = "template_of_tests"


def contents(cluster: Cluster, name: str) -> dict[str, list[object]]:
    """All rows of every table, the state of every number, the frozen tables."""
    with psycopg.connect(cluster.url(name), autocommit=True) as opened:
        tables = opened.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1").fetchall()
        found: dict[str, list[object]] = {
            table: list(opened.execute(f'SELECT * FROM "{table}" AS kept ORDER BY kept::text').fetchall())
            for (table,) in tables
        }
        found["numbers"] = list(opened.execute("SELECT sequencename, last_value FROM pg_sequences ORDER BY 1").fetchall())
        found["triggers"] = list(opened.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1").fetchall())
    return found


def act(cluster: Cluster, name: str, *statements: str) -> None:
    """Carry out statements in a database."""
    with psycopg.connect(cluster.url(name), autocommit=True) as opened:
        for statement in statements:
            opened.execute(statement)


def test_rows_and_numbers_are_those_of_the_template(cluster: Cluster) -> None:
    pristine = contents(cluster, TEMPLATE)
    assert [pristine["content_version"], len(pristine["node"])] == [[(1, 1)], 1]
    with cluster.fresh(TEMPLATE) as first:
        assert contents(cluster, first) == pristine
        act(
            cluster,
            first,
            "UPDATE content_version SET value = 7",
            "DELETE FROM schema_migration",
            "INSERT INTO journal (at, who, verb, subject, details) VALUES (now(), '', '', '', '')",
        )
        assert contents(cluster, first) != pristine
    with cluster.fresh(TEMPLATE) as second:
        assert second == first
        assert contents(cluster, second) == pristine


def test_nobody_stays_connected(cluster: Cluster) -> None:
    with cluster.fresh(TEMPLATE) as name:
        stays = psycopg.connect(cluster.url(name))
        stays.execute("LOCK TABLE job")
    with cluster.fresh(TEMPLATE) as again:
        assert again == name
        act(cluster, again, "DELETE FROM job")
    with pytest.raises(psycopg.OperationalError):
        stays.execute("SELECT 1")


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TRIGGER journal_frozen ON journal",
        "ALTER TABLE journal DISABLE TRIGGER ALL",
        "ALTER TABLE ruling RENAME TO ruling_before",
        "ALTER TABLE ruling ALTER COLUMN surname DROP NOT NULL",
        "CREATE TABLE another (id int)",
        "DROP TABLE content_version",
    ],
)
def test_a_database_of_another_shape_is_given_to_nobody(cluster: Cluster, statement: str) -> None:
    with cluster.fresh(TEMPLATE) as spoilt:
        act(cluster, spoilt, statement)
    with cluster.fresh(TEMPLATE) as another:
        assert another != spoilt
        assert contents(cluster, another) == contents(cluster, TEMPLATE)
