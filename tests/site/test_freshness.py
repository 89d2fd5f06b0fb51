"""The version of the content: what was committed is in the next answer, whoever committed it; what is not known is not told."""

import multiprocessing
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from attestation import models
from attestation.admin.schema import migrate
from attestation.models import ContentVersion, Node, User
from attestation.site.content import Content
from attestation.site.freshness import (
    SECONDS_BETWEEN_LOOKS,
    SECONDS_BETWEEN_TRIES,
    SECONDS_TO_SETTLE,
    VALUE,
    EmbeddedSource,
    Freshness,
    Version,
)

from ..cluster import Cluster
from ..conftest import NOON


@pytest.fixture
def now() -> list[float]:
    """The clock of the freshness: a list of one number, to be moved."""
    return [1000.0]


@pytest.fixture
def freshness(database_url: str, database: models.Database, now: list[float]) -> Iterator[Freshness]:
    """The freshness of the database of this test; the records are open over a connection of their own."""
    made = Freshness(database_url, clock=lambda: now[0])
    yield made
    made.close()


def value(freshness: Freshness) -> int:
    """The value that is told."""
    version = freshness.version()
    assert version is not None
    return version.value


def edit() -> None:
    """A change that visitors see."""
    Node.update(position=Node.position + 1).where(Node.path == "").execute()


# --- Exactness --------------------------------------------------------------------------------------------------------------


def test_each_commit_is_in_the_next_answer(freshness: Freshness) -> None:
    began = value(freshness)
    for number in range(1, 301):
        edit()
        assert value(freshness) == began + number == ContentVersion.current()


def test_what_is_not_committed_is_not_told(freshness: Freshness, database: models.Database) -> None:
    before = freshness.version()
    with database.atomic() as transaction:
        edit()
        assert freshness.version() == before
        transaction.rollback()
    assert freshness.version() == before
    with database.atomic():
        edit()
        assert freshness.version() == before
    assert value(freshness) == ContentVersion.current() == 2


def test_a_commit_that_visitors_do_not_see_changes_nothing(freshness: Freshness) -> None:
    before = freshness.version()
    models.FailedSignIn.create(account_hash="a", origin_hash="b", at=NOON)
    assert freshness.version() == before == Version(1, 1)


@pytest.mark.parametrize("demo", [True, False])
def test_an_account_and_an_order_that_the_band_hangs_on_are_told(
    freshness: Freshness, database: models.Database, demo: bool
) -> None:
    User.create(login="demo", full_name="Иванова Инна", password_hash="-", created_at=NOON)
    assert value(freshness) == 2
    models.Order.create(title="Об установлении", demo=demo, created_at=NOON)
    assert value(freshness) == (3 if demo else 2)


def test_threads_may_ask_while_others_write(freshness: Freshness, database_url: str) -> None:
    """No thread is ever told a value lower than one that was committed before it asked."""
    committed, late, stop = [value(freshness)], [], threading.Event()

    def ask() -> None:
        while not stop.is_set():
            known = committed[0]
            told = freshness.version()
            if told is None or told.value < known:
                late.append((known, told))

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for _ in range(100):
        edit()
        committed[0] = committed[0] + 1
    stop.set()
    for thread in threads:
        thread.join()
    assert late == []
    assert value(freshness) == committed[0]


def _ask_in_child(freshness: Freshness, answers: "multiprocessing.Queue[Version | None]") -> None:
    answers.put(freshness.version())


def test_a_forked_process_asks_over_a_connection_of_its_own(freshness: Freshness) -> None:
    freshness.version()
    edit()
    context = multiprocessing.get_context("fork")
    answers: multiprocessing.Queue[Version | None] = context.Queue()
    child = context.Process(target=_ask_in_child, args=(freshness, answers))
    child.start()
    assert answers.get(timeout=30) == Version(2, 2)
    child.join(30)
    assert child.exitcode == 0
    # The end of the child has not ended the parent's connection.
    edit()
    assert freshness.version() == Version(1, 3)


WRITER = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], timeout=0, isolation_level=None)
connection.execute("UPDATE content_version SET value = value + 1")
connection.execute(f"PRAGMA wal_checkpoint({sys.argv[2]})")
"""


def write_elsewhere(path: Path, checkpoint: str = "PASSIVE") -> str:
    """A commit and a checkpoint of the log by another process, which then closes the database; its complaint, if any."""
    command = [sys.executable, "-P", "-c", WRITER, str(path), checkpoint]
    return subprocess.run(command, capture_output=True, text=True, timeout=30).stderr


@pytest.fixture
def alone(sqlite_template: Path, tmp_path: Path, now: list[float]) -> Iterator[tuple[Path, Freshness]]:
    """An SQLite database, and its freshness as the only connection."""
    path = tmp_path / "alone.sqlite"
    shutil.copy(sqlite_template, path)
    freshness = Freshness(f"sqlite:///{path}", clock=lambda: now[0])
    yield path, freshness
    freshness.close()


@pytest.mark.parametrize("checkpoint", ["PASSIVE", "FULL", "RESTART", "TRUNCATE"])
def test_commits_are_told_whatever_becomes_of_the_log(alone: tuple[Path, Freshness], checkpoint: str) -> None:
    path, freshness = alone
    for number in range(1, 6):
        assert freshness.version() == Version(1, number)
        assert write_elsewhere(path, checkpoint) == ""
    assert freshness.version() == Version(1, 6)


def test_a_connection_that_is_let_go_takes_no_lock_of_this_process_with_it(
    alone: tuple[Path, Freshness], now: list[float]
) -> None:
    path, freshness = alone
    freshness.version()
    mine = sqlite3.connect(path, isolation_level=None)
    mine.execute("BEGIN IMMEDIATE")
    os.rename(path, path.with_suffix(".aside"))
    now[0] += SECONDS_BETWEEN_LOOKS
    assert freshness.version() is None
    os.rename(path.with_suffix(".aside"), path)
    assert "database is locked" in write_elsewhere(path)
    mine.execute("COMMIT")
    mine.close()
    assert write_elsewhere(path) == ""


def test_a_log_that_has_settled_answers_without_a_question(alone: tuple[Path, Freshness], now: list[float]) -> None:
    path, freshness = alone
    assert freshness.version() == Version(1, 1)
    source = freshness._source
    assert isinstance(source, EmbeddedSource)
    asked: list[str] = []
    source._connection.set_trace_callback(asked.append)
    freshness.version()
    assert asked == ["PRAGMA data_version"]  # written to a moment ago, for all it knows
    now[0] += SECONDS_TO_SETTLE
    freshness.version()  # the look of each second asks
    asked.clear()
    now[0] += SECONDS_BETWEEN_LOOKS / 2
    assert [freshness.version() for _ in range(3)] == [Version(1, 1)] * 3
    assert asked == []
    time.sleep(0.05)  # more than a tick of the log's time
    assert write_elsewhere(path) == ""
    assert freshness.version() == Version(1, 2)
    assert freshness.version() == Version(1, 2)
    assert asked == ["PRAGMA data_version", VALUE, "PRAGMA data_version"]


def test_commits_of_one_tick_are_told_each(alone: tuple[Path, Freshness]) -> None:
    path, freshness = alone
    writer = sqlite3.connect(path, isolation_level=None)
    for number in range(2, 300):
        writer.execute("UPDATE content_version SET value = value + 1")
        assert freshness.version() == Version(1, number)
    writer.close()


# --- What goes wrong --------------------------------------------------------------------------------------------------------


def test_nothing_is_told_until_the_tables_are_there(tmp_path: Path, now: list[float]) -> None:
    url = f"sqlite:///{tmp_path / 'new.sqlite'}"
    freshness = Freshness(url, clock=lambda: now[0])
    assert freshness.version() is None
    models.connect(url)
    with models.connection():
        migrate()
    assert freshness.version() is None  # a moment of rest after a failure
    now[0] += SECONDS_BETWEEN_TRIES
    assert freshness.version() == Version(1, 1)
    freshness.close()


def test_an_empty_table_tells_nothing(freshness: Freshness) -> None:
    ContentVersion.delete().execute()
    assert freshness.version() is None


def test_another_file_in_its_place_is_another_version(sqlite_template: Path, tmp_path: Path, now: list[float]) -> None:
    path, copy = tmp_path / "a.sqlite", tmp_path / "b.sqlite"
    shutil.copy(sqlite_template, path)
    shutil.copy(sqlite_template, copy)
    freshness = Freshness(f"sqlite:///{path}", clock=lambda: now[0])
    assert freshness.version() == Version(1, 1)
    os.replace(copy, path)
    now[0] += SECONDS_BETWEEN_LOOKS
    assert freshness.version() is None
    now[0] += SECONDS_BETWEEN_TRIES
    assert freshness.version() == Version(2, 1)
    path.unlink()
    now[0] += SECONDS_BETWEEN_LOOKS
    assert freshness.version() is None
    shutil.copy(sqlite_template, path)
    now[0] += SECONDS_BETWEEN_TRIES
    assert freshness.version() == Version(3, 1)
    freshness.close()


def test_a_lost_connection_is_opened_again(cluster: Cluster, now: list[float]) -> None:
    name = cluster.copy("template_of_tests")
    freshness = Freshness(cluster.url(name), clock=lambda: now[0])
    assert freshness.version() == Version(1, 1)
    with psycopg.connect(cluster.url(name), autocommit=True) as other:
        others = "FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
        other.execute(f"SELECT pg_terminate_backend(pid) {others}", [name])
        assert freshness.version() is None
        other.execute("UPDATE content_version SET value = 7")
        assert freshness.version() is None
        now[0] += SECONDS_BETWEEN_TRIES
        assert freshness.version() == Version(2, 7)
        freshness.close()
        for _ in range(200):
            if other.execute(f"SELECT count(*) {others}", [name]).fetchone() == (0,):
                break
            threading.Event().wait(0.02)
        else:
            pytest.fail("closed, and the session lives on")
    cluster.drop(name)


def test_the_tree_is_read_by_a_query_when_the_version_is_not_told(database: models.Database) -> None:
    content = Content(lambda: None)
    first = content.tree()
    assert content.tree() is first
    edit()
    assert content.tree() is not first
