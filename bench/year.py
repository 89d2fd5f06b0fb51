"""A simulated year: `.venv/bin/python bench/year.py [--applications 3000] [--seed 1]`. Exits with 1 when a count disagrees.

Applications walk both procedures by the acts of the product, from drafts to published orders: on an empty SQLite database, then
on PostgreSQL (a cluster of its own), or on the one empty database that DATABASE_URL names. Then everything is counted in
several ways (`tests/year/`).
"""

import argparse
import datetime as dt
import os
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import attestation
from attestation import models
from attestation.admin.schema import migrate
from attestation.models import Application
from attestation.tests.cluster import Cluster
from attestation.tests.conftest import forget_connections, plain_settings
from attestation.tests.year.reckoning import reckon
from attestation.tests.year.year import FIRST, LAST, Year


def main() -> int:
    options = argparse.ArgumentParser()
    options.add_argument("--applications", type=int, default=3000)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--only", choices=("sqlite", "postgresql"))
    asked = options.parse_args()
    print(f"процессоров: {len(os.sched_getaffinity(0))}, нагрузка перед началом: {os.getloadavg()[0]:.1f}")
    wrong = 0
    for kind in [asked.only] if asked.only else ["sqlite", "postgresql"]:
        with tempfile.TemporaryDirectory() as folder, _address(kind, Path(folder)) as url:
            wrong += _lived(Path(folder), url, asked.applications, asked.seed)
        if "DATABASE_URL" in os.environ:
            break
    return int(wrong > 0)


@contextmanager
def _address(kind: str, folder: Path) -> Iterator[str]:
    """The address of an empty database: of DATABASE_URL, or of this kind, gone afterwards."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
    elif kind == "sqlite":
        yield f"sqlite:///{folder}/attestation.sqlite"
    else:
        with Cluster.started() as cluster:
            cluster.create("year")
            yield cluster.url("year")


def _lived(folder: Path, url: str, applications: int, seed: int) -> int:
    """Live through a year on this database; how many of its counts disagree."""
    models.connect(url)
    with models.connection():
        migrate()
        if Application.select().exists():
            sys.exit("В базе уже есть заявления: год начинают с пустой базы.")
    app = attestation.create_app(replace(plain_settings(folder, url), show_refusals=True, api_limit=0))
    print(f"\n{url.partition(':')[0]}: {applications} заявлений, с {FIRST:%d.%m.%Y} по {LAST:%d.%m.%Y}", flush=True)
    started, busy = time.monotonic(), time.process_time()
    with models.connection():
        year = Year(app, applications, seed=seed)
        year.live(lambda day, count: _tell(day, count, started))
        lines = reckon(year, app)
    print(*lines, sep="\n")
    app.extensions["attestation"].close()
    forget_connections()
    wrong = sum(not line.agrees for line in lines)
    minutes, cpu = (time.monotonic() - started) / 60, (time.process_time() - busy) / 60
    print(f"чисел: {len(lines)}, не сходятся: {wrong}; {minutes:.1f} мин, из них процессор {cpu:.1f} мин", flush=True)
    return wrong


def _tell(day: dt.date, count: int, started: float) -> None:
    """How far the year is, once a month."""
    if day.day == 1:
        print(f"  {day:%d.%m.%Y}: заявлений {count}, {(time.monotonic() - started) / 60:.1f} мин", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
