"""A PostgreSQL cluster of Debian's package, on a Unix socket and a free loopback port, for the time of the tests."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg

BINARIES = Path("/usr/lib/postgresql")


class Cluster:
    """A running cluster: make, copy and drop databases."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.names = count(1)

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
        options = f"-p {port} -k {folder} -h 127.0.0.1 -c fsync=off -c synchronous_commit=off -c full_page_writes=off"
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

    def drop(self, name: str) -> None:
        """Drop a database and whoever is still connected to it."""
        self._execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement)
