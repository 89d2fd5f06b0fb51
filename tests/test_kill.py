"""Real processes, really killed: nothing published is missing from the search, no PDF is lost or made twice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from attestation.admin.acts import orders
from attestation.models import Job, JournalEntry, Order, utc_now
from attestation.site import files, jobs
from attestation.site.search import Query, open_index
from attestation.site.settings import Settings
from attestation.tests.conftest import Cast, MakeOrder, Row

PATIENCE_SECONDS = 60

WORKER = """
from attestation.admin.worker import serve
from attestation.site.settings import read_settings

serve(read_settings())
"""

# Publishes, begins to bring the search up to date, says so, and never gets there.
PUBLISHER = """
import time
from attestation import models
from attestation.admin import worker
from attestation.admin.acts import orders
from attestation.models import Order, User, utc_now
from attestation.site.search import open_index, sources
from attestation.site.settings import read_settings

def never(index):
    print("between commit and index", flush=True)
    time.sleep(600)

sources.sync = never
settings = read_settings()
models.connect(settings.database_url)
with models.connection():
    orders.publish(Order.get(), by=User.get(login="publikator"), on=utc_now())
    worker.run_pending(settings, open_index(settings.index_dir, show_refusals=False))
"""


@contextmanager
def process(script: str, settings: Settings) -> Iterator["subprocess.Popen[str]"]:
    """A Python process of this installation; killed at the end if it still lives."""
    environ = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": settings.database_url,
        "DATA_DIR": str(settings.data_dir),
        "SECRET_KEY": settings.secret_key,
    }
    command = [sys.executable, "-P", "-c", script]
    with subprocess.Popen(command, env=environ, cwd=settings.data_dir, stdout=subprocess.PIPE, text=True) as started:
        try:
            yield started
        finally:
            started.kill()


def wait_until(true: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not true():
        assert time.monotonic() < deadline, f"waited in vain: {what}"
        time.sleep(0.05)


def found(settings: Settings, surname: str) -> int:
    """How many rows a fresh look into the index finds."""
    index = open_index(settings.index_dir, show_refusals=False)
    try:
        return index.search(Query(surname)).total
    finally:
        index.close()


@pytest.fixture
def registered(make_order: MakeOrder, settings: Settings, small_pdf: bytes) -> Order:
    """A registered order with its PDF, ready to be published."""
    order = make_order(status="registered")
    sha256 = files.freeze(settings.files_dir, small_pdf)
    return orders.freeze_pdf(order, sha256=sha256, size=len(small_pdf), pages=1, row_pages={}, on=utc_now())


def test_killed_between_commit_and_index_the_order_is_found_after_the_next_start(
    settings: Settings, registered: Order, cast: Cast
) -> None:
    with process(PUBLISHER, settings) as publisher:
        assert publisher.stdout and publisher.stdout.readline() == "between commit and index\n"
        publisher.send_signal(signal.SIGKILL)
        assert publisher.wait() == -signal.SIGKILL
    assert Order.get_by_id(registered.id).status == "published"
    assert found(settings, "Римская-Корсакова") == 0
    with process(WORKER, settings):
        wait_until(lambda: found(settings, "Римская-Корсакова") == 1, "the order in the search")
        wait_until(lambda: not Job.select().where(Job.state != "done").exists(), "all jobs done")


LONG: tuple[Row, ...] = tuple(
    (f"Образцова{'а' * (number % 5)}", "Мария", "Петровна", "Учитель", f"ГБОУ школа № {number}", "first", True)
    for number in range(1, 901)
)


@pytest.fixture
def printing(make_order: MakeOrder) -> Job:
    """A job to print an order that takes some seconds."""
    return jobs.queue("order_pdf", make_order(rows=LONG, status="registered").id)


def half_way(job: Job) -> bool:
    now = Job.get_by_id(job.id)
    return now.state == "running" and now.done > 0


def test_a_worker_killed_while_printing_leaves_an_order_that_can_still_be_published(
    settings: Settings, printing: Job, cast: Cast
) -> None:
    with process(WORKER, settings) as first:
        wait_until(lambda: half_way(printing), "the PDF half made")
        first.send_signal(signal.SIGKILL)
        assert first.wait() == -signal.SIGKILL
    assert Order.get_by_id(printing.target).pdf_sha256 is None
    assert Job.get_by_id(printing.id).state == "running"
    with process(WORKER, settings):
        wait_until(lambda: Job.get_by_id(printing.id).state == "done", "the PDF made")
    order = Order.get_by_id(printing.target)
    assert Job.get_by_id(printing.id).attempts == 2
    assert JournalEntry.select().where(JournalEntry.verb == "freeze_pdf").count() == 1
    assert written(settings.files_dir) == [files.path_of(settings.files_dir, order.pdf_sha256)]
    assert files.verify(settings.files_dir, order.pdf_sha256)
    assert orders.publish(order, by=cast.publisher, on=utc_now()).status == "published"


def test_a_worker_told_to_stop_puts_the_print_down_and_ends_well(settings: Settings, printing: Job) -> None:
    with process(WORKER, settings) as worker:
        wait_until(lambda: half_way(printing), "the PDF half made")
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(timeout=PATIENCE_SECONDS) == 0
    job = Job.get_by_id(printing.id)
    assert (job.state, job.attempts) == ("queued", 0)
    assert written(settings.files_dir) == []


def written(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
