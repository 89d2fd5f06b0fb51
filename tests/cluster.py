"""A PostgreSQL cluster of Debian's package, on a Unix socket and a free loopback port, for the time of the tests."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

BINARIES = Path("/usr/lib/postgresql")

# Every statement that changes the shape of tables leaves younger rows, or fewer, in one of these.
CATALOGUES = ("pg_class", "pg_attribute", "pg_attrdef", "pg_constraint", "pg_trigger", "pg_index", "pg_proc", "pg_collation")
SHAPE = " UNION ALL ".join(f"SELECT '{name}', count(*), max(xmin::text::bigint) FROM {name}" for name in CATALOGUES)
TABLES = "SELECT quote_ident(relname) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1"
SEQUENCES = "SELECT quote_ident(sequencename), last_value FROM pg_sequences"
OTHERS = "FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"

Connection = psycopg.Connection[tuple[Any, ...]]


class Copy:
    """A copy of a template that one test after another takes as if it were new: a tenth of the time of making one."""

    def __init__(self, name: str, connection: Connection) -> None:
        self.name = name
        self.shape = connection.execute(SHAPE).fetchall()
        self.tables = [table for (table,) in connection.execute(TABLES)]
        self.sequences = connection.execute(SEQUENCES).fetchall()
        self.rows = {table: rows for table in self.tables if (rows := self._read(connection, table))}

    def restore(self, connection: Connection) -> bool:
        """Leave the rows and the numbers of the template, nobody connected. False: its tables have changed their shape."""
        connection.execute(f"SELECT pg_terminate_backend(pid, 10000) {OTHERS}")
        if connection.execute(SHAPE).fetchall() != self.shape:
            return False
        # Neither references nor the triggers that freeze the journal stand in the way.
        connection.execute("SET session_replication_role = replica")
        deleted = connection.execute("; ".join(f"DELETE FROM {table}" for table in self.tables))
        filled = []
        for table in self.tables:
            if deleted.rowcount:
                filled.append(table)
            deleted.nextset()
        if filled:  # without names it would clean the whole database
            connection.execute(f"VACUUM {', '.join(filled)}".encode())
        for table, rows in self.rows.items():
            with connection.cursor().copy(f"COPY {table} FROM STDIN".encode()) as copy:
                copy.write(rows)
        now = dict(connection.execute(SEQUENCES).fetchall())
        for sequence, value in self.sequences:
            if now[sequence] != value:
                connection.execute("SELECT setval(%s, %s, %s)", [sequence, value or 1, value is not None])
        return True

    @staticmethod
    def _read(connection: Connection, table: str) -> bytes:
        with connection.cursor().copy(f"COPY {table} TO STDOUT".encode()) as copy:
            return b"".join(copy)


class Cluster:
    """A running cluster: make, copy and drop databases."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.names = count(1)
        self.idle: defaultdict[str, list[Copy]] = defaultdict(list)

    @classmethod
    @contextmanager
    def started(cls) -> Iterator["Cluster"]:
        """Start a cluster in a folder of its own, stop exactly it afterwards."""
        versions = sorted(BINARIES.glob("*/bin"), key=lambda path: int(path.parent.name))
        assert versions, "PostgreSQL of Debian is missing: make test installs it"
        # Under /tmp and not under pytest's folder, which the server's own user may not enter.
        folder = Path(tempfile.mkdtemp(prefix="attestation-pg-"))
        server_user = "postgres" if os.geteuid() == 0 else None
        if server_user:
            shutil.chown(folder, server_user)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        data = folder / "data"

        def run(name: str, *arguments: str) -> None:
            done = subprocess.run(
                [versions[-1] / name, *arguments], user=server_user, cwd=folder, capture_output=True, text=True, timeout=120
            )
            assert done.returncode == 0, done.stdout + done.stderr

        run("initdb", "-D", str(data), "-U", "tests", "--auth=trust", "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8")
        options = f"-p {port} -k {folder} -h 127.0.0.1 -c fsync=off -c synchronous_commit=off"
        options += " -c full_page_writes=off -c autovacuum=off"
        run("pg_ctl", "-D", str(data), "-o", options, "-l", str(folder / "log"), "-w", "start")
        try:
            yield cls(port)
        finally:
            run("pg_ctl", "-D", str(data), "-m", "immediate", "-w", "stop")
            shutil.rmtree(folder, ignore_errors=True)

    def url(self, name: str) -> str:
        """The DATABASE_URL of a database of this cluster."""
        return f"postgresql://tests@127.0.0.1:{self.port}/{name}"

    def create(self, name: str, template: str = "template0") -> None:
        """A new database, copied from a template."""
        self._execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')

    def copy(self, template: str) -> str:
        """A new database with a name of its own; the name."""
        name = f"test_{next(self.names)}"
        self.create(name, template)
        return name

    @contextmanager
    def fresh(self, template: str) -> Iterator[str]:
        """A database as the template is, for the time of one test; its name."""
        idle = self.idle[template]
        lent = idle.pop() if idle else self._kept_copy(template)
        yield lent.name
        with psycopg.connect(self.url(lent.name), autocommit=True) as connection:
            restored = lent.restore(connection)
        if restored:
            idle.append(lent)
        else:
            self.drop(lent.name)

    def _kept_copy(self, template: str) -> Copy:
        name = self.copy(template)
        with psycopg.connect(self.url(name), autocommit=True) as connection:
            return Copy(name, connection)

    def drop(self, name: str) -> None:
        """Drop a database and whoever is still connected to it."""
        self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)
