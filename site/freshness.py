"""How new the content is: asked at every request, cheaply and exactly, over a connection of this process's own.

A change that was committed before the question is in the answer, whichever process made it.
"""

import os
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, Protocol

import psycopg
from playhouse.db_url import parse as parse_url

VALUE = "SELECT value FROM content_version"
FAILURES = (sqlite3.Error, psycopg.Error, OSError, LookupError)
# How long the database may keep a request waiting here before the page is made without an answer.
SECONDS_OF_PATIENCE = 2
# After a failure the next try waits so long; meanwhile nothing counts as fresh.
SECONDS_BETWEEN_TRIES = 1.0
# How often to look whether another file has taken the place of the database: to look is dearer than to ask.
SECONDS_BETWEEN_LOOKS = 1.0
# Once written to, the log is not trusted for so long: its time has ticks of some milliseconds, and a commit is seen a moment
# after it was written. Even so the question is asked once between two looks.
SECONDS_TO_SETTLE = 2.0


# Changed in a process that was forked: to ask the system for the number of the process costs as much as all else.
_process = object()


def _note_fork() -> None:
    global _process
    _process = object()


os.register_at_fork(after_in_child=_note_fork)


class Version(NamedTuple):
    """A state of the content: the database's own count, and which of this process's connections it was read over.

    A database that takes the place of another, a restored copy say, may count the same with other pages.
    """

    connection: int
    value: int


class Freshness:
    """The content version of one database. Any thread may ask; a process that was forked asks over a connection of its own."""

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._url = url
        self._clock = clock
        self._told = Version(0, 0)
        self._inherited: list[Source] = []
        self._source: Source | None = None
        self._begin()

    def version(self) -> Version | None:
        """The version now; None when the database does not tell it, so that nothing kept may count as fresh. Never raises."""
        if self._process is not _process:
            self._begin()
        with self._lock:
            try:
                source = self._source or self._open()
                if source is None:
                    return None
                value = source.value()
            except FAILURES:
                self._drop()
                self._wait_until = self._clock() + SECONDS_BETWEEN_TRIES
                return None
            if value != self._told.value:
                self._told = Version(self._told.connection, value)
            return self._told

    def close(self) -> None:
        """Close the connection; the next question opens another."""
        with self._lock:
            self._drop()

    def _begin(self) -> None:
        if self._source is not None:
            # It is the parent's too: closing it here would end it there. So it is kept and never touched again.
            self._inherited.append(self._source)
        self._process = _process
        self._lock = threading.Lock()
        self._source = None
        self._wait_until = self._clock()

    def _open(self) -> "Source | None":
        """A new connection; none while the last failure is too near."""
        if self._clock() < self._wait_until:
            return None
        source = self._source = _source(self._url, self._clock)
        self._told = Version(self._told.connection + 1, source.value())
        return source

    def _drop(self) -> None:
        source, self._source = self._source, None
        if source is not None:
            with suppress(*FAILURES):
                source.close()


class Source(Protocol):
    """An open connection that tells the value. What it does may end with one of FAILURES."""

    def value(self) -> int:
        """The value as committed by now."""

    def close(self) -> None:
        """Let the connection go."""


class EmbeddedSource:
    """SQLite: `data_version` tells whether another connection has committed; only then the table is read.

    Every commit writes to the log (`-wal`) before anybody can see it. While the log has not been written to for a while not
    even `data_version` is asked, which takes locks and six system calls. SQLite takes no lock on the log's own file, so that a
    handle of it does no harm, as one of the database or of `-shm` would.
    """

    def __init__(self, path: str, clock: Callable[[], float]) -> None:
        self._path = path
        self._clock = clock
        # Before opening: a file put there in between is another one at the next look.
        self._file = _identity(path)
        self._look_at = clock() + SECONDS_BETWEEN_LOOKS
        address = f"{Path(path).as_uri()}?mode=ro"
        self._connection = sqlite3.connect(
            address, uri=True, isolation_level=None, timeout=SECONDS_OF_PATIENCE, check_same_thread=False
        )
        self._cursor = self._connection.cursor()
        self._commits: int | None = None
        self._value = self._asked()  # the first question makes the log, if nobody has
        self._log = os.open(f"{path}-wal", os.O_RDONLY)
        self._written: int | None = None
        self._settled_at = clock()

    def value(self) -> int:
        """The value; FileNotFoundError or LookupError when the file at this path is no longer the one that is open."""
        now = self._clock()
        written = os.fstat(self._log).st_mtime_ns
        if written != self._written:
            self._written, self._settled_at = written, now + SECONDS_TO_SETTLE
        if now >= self._look_at:
            self._look()
        elif now >= self._settled_at:
            return self._value
        return self._asked()

    def _asked(self) -> int:
        # Unpacked to the end, so that no reading is left open: it would see nothing newer.
        ((commits,),) = self._cursor.execute("PRAGMA data_version")
        if commits != self._commits:
            # In this order: a commit in between makes the value newer than the mark, and it is read once more.
            self._value = _one(self._cursor.execute(VALUE).fetchall())
            self._commits = commits
        return self._value

    def close(self) -> None:
        """Close the files."""
        self._connection.close()
        os.close(self._log)

    def _look(self) -> None:
        if _identity(self._path) != self._file:
            raise LookupError(f"{self._path} is another file now")
        self._look_at = self._clock() + SECONDS_BETWEEN_LOOKS


class ServerSource:
    """PostgreSQL: one short query for each question.

    LISTEN would be cheaper but tells a moment later: docs/decisions/0011-pages-ready-before-flask.md.
    """

    def __init__(self, url: str) -> None:
        self._connection = psycopg.connect(
            url, autocommit=True, connect_timeout=SECONDS_OF_PATIENCE, tcp_user_timeout=SECONDS_OF_PATIENCE * 1000
        )
        self._cursor = self._connection.cursor()

    def value(self) -> int:
        """The value."""
        return _one(self._cursor.execute(VALUE, prepare=True).fetchall())

    def close(self) -> None:
        """End the session."""
        self._connection.close()


def _source(url: str, clock: Callable[[], float]) -> Source:
    if url.startswith("sqlite:"):
        return EmbeddedSource(parse_url(url)["database"], clock)
    return ServerSource(url)


def _identity(path: str) -> tuple[int, int]:
    """Which file stands at this path. As long as it is open, no other can have the same number."""
    found = os.stat(path)
    return found.st_dev, found.st_ino


def _one(rows: list[tuple[int]]) -> int:
    if not rows:
        raise LookupError("content_version has no row")
    return rows[0][0]
