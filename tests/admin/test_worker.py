"""Jobs: asked for inside an act, taken once, brought back when lost; and what the worker does with them."""

import dataclasses
import datetime as dt
import errno
import json
import threading
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from attestation import models
from attestation.admin import worker
from attestation.admin.acts import orders
from attestation.models import Job, JournalEntry, Order, Ruling, database
from attestation.procedure.refusal import Refusal
from attestation.site import dumps, files, jobs
from attestation.site.parts import Parts
from attestation.site.printing.orders import OrderSheet, PrintedOrder
from attestation.site.printing.press import PressFailed
from attestation.site.printing.signing import CannotSign
from attestation.site.search import Query, SearchIndex, open_index, sources
from attestation.site.settings import Certificate, Settings
from attestation.tests.conftest import NOON, MakeOrder

LATER = NOON + dt.timedelta(seconds=30)

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def index(settings: Settings) -> Iterator[SearchIndex]:
    opened = open_index(settings.index_dir, show_refusals=False)
    yield opened
    opened.close()


@pytest.fixture
def bench(settings: Settings, index: SearchIndex) -> worker.Bench:
    """A worker's bench whose printer is quick and gives the smallest of files."""
    return worker.Bench(Parts.of(settings, index), printer=quick_print)


def quick_print(sheet: OrderSheet, progress: worker.Progress, _watch: worker.Watch) -> PrintedOrder:
    progress(1, 2)
    return PrintedOrder(sheet.number.encode(), 1, {line.number: 1 for line in sheet.lines})


def waiting(kind: str) -> list[int]:
    """The ids of the jobs whose turn is announced in this line."""
    return [json.loads(bytes(data))[6][0] for data in jobs.line(kind).storage.enqueued_items()]


def at(job: Job) -> Job:
    """The job as the table holds it."""
    return Job.get_by_id(job.id)


# --- Asking -----------------------------------------------------------------------------------------------------------------


def test_a_job_is_a_row_and_a_word_in_its_own_line() -> None:
    job = jobs.queue("order_pdf", 17)
    assert (job.kind, job.target, job.state, job.attempts) == ("order_pdf", 17, "queued", 0)
    assert waiting("order_pdf") == [job.id]
    assert waiting("search") == []


def test_a_job_is_rolled_back_with_the_act_that_asked_for_it() -> None:
    with database.atomic() as act:
        jobs.queue("order_pdf", 17)
        act.rollback()
    assert Job.select().count() == 0
    assert waiting("order_pdf") == []


def test_the_word_in_the_line_is_plain_json() -> None:
    jobs.queue("search", 3)
    (data,) = jobs.line("search").storage.enqueued_items()
    assert json.loads(bytes(data))[1] == "attestation.site.jobs.job"


# --- Taking -----------------------------------------------------------------------------------------------------------------


def test_a_job_is_taken_once() -> None:
    job = jobs.queue("search", 3)
    assert jobs.take(job.id, on=NOON) == jobs.Attempt(job.id, "search", 3, 1)
    assert jobs.take(job.id, on=NOON) is None
    assert at(job).state == "running"


def test_progress_is_seen_and_a_finished_job_is_complete() -> None:
    job = jobs.queue("search", 3)
    attempt = jobs.take(job.id, on=NOON)
    assert attempt
    jobs.beat(attempt, 4, 10, on=LATER)
    assert (at(job).done, at(job).total, at(job).beat_at) == (4, 10, LATER)
    jobs.finish(attempt, on=LATER)
    assert (at(job).state, at(job).done, at(job).finished_at) == ("done", 10, LATER)


def test_an_abandoned_attempt_can_change_nothing() -> None:
    job = jobs.queue("search", 3)
    old = jobs.take(job.id, on=NOON)
    assert old
    assert jobs.sweep(on=NOON + jobs.SILENCE) == 1
    new = jobs.take(job.id, on=LATER)
    assert new and new.number == 2
    with pytest.raises(jobs.Lost):
        jobs.beat(old, 9, 9, on=LATER)
    with pytest.raises(jobs.Lost):
        jobs.finish(old, on=LATER)
    assert (at(job).state, at(job).done) == ("running", 0)


# --- Bringing back ----------------------------------------------------------------------------------------------------------


def test_the_sweeper_brings_back_a_silent_job_and_leaves_a_living_one() -> None:
    silent, alive = jobs.queue("search", 1), jobs.queue("search", 2)
    jobs.take(silent.id, on=NOON)
    jobs.take(alive.id, on=NOON + dt.timedelta(seconds=1))
    assert jobs.sweep(on=NOON + jobs.SILENCE) == 1
    assert (at(silent).state, at(alive).state) == ("queued", "running")


def test_the_sweeper_leaves_the_jobs_in_the_hands_of_this_process() -> None:
    job = jobs.queue("search", 1)
    jobs.take(job.id, on=NOON)
    assert jobs.sweep(on=NOON + jobs.SILENCE, mine={job.id}) == 0
    assert at(job).state == "running"


def test_the_sweeper_repeats_a_word_that_was_lost() -> None:
    job = Job.create(kind="search", target=1, queued_at=NOON)
    jobs.sweep(on=NOON + jobs.PATIENCE - dt.timedelta(seconds=1))
    assert waiting("search") == []
    jobs.sweep(on=NOON + jobs.PATIENCE)
    assert waiting("search") == [job.id]
    jobs.sweep(on=NOON + jobs.PATIENCE)
    assert waiting("search") == [job.id]  # a moving line is left alone


def test_a_job_interrupted_too_often_fails_with_a_sentence() -> None:
    job = jobs.queue("search", 1)
    for _ in range(jobs.MOST_ATTEMPTS):
        assert jobs.take(job.id, on=NOON)
        jobs.sweep(on=NOON + jobs.SILENCE)
    assert at(job).state == "failed"
    assert at(job).error.startswith("Работа прерывалась несколько раз подряд.")
    assert at(job).finished_at == NOON + jobs.SILENCE - jobs.PATIENCE


# --- Doing ------------------------------------------------------------------------------------------------------------------


def test_the_pdf_of_a_registered_order_is_made_and_frozen(bench: worker.Bench, make_order: MakeOrder) -> None:
    order = make_order(status="registered")
    job = jobs.queue("order_pdf", order.id)
    worker.perform(bench, job.id)
    made = Order.get_by_id(order.id)
    assert files.read(bench.parts.settings.files_dir, made.pdf_sha256) == "1016-р".encode()
    assert (made.pdf_size, made.pdf_pages, made.version) == (7, 1, order.version)
    assert [ruling.page for ruling in made.rulings] == [1, 1, 1, 1]
    assert at(job).state == "done"


def test_a_file_is_signed_before_it_is_frozen(
    bench: worker.Bench, make_order: MakeOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = Certificate(Path("office.p12"))
    bench.parts = dataclasses.replace(bench.parts, settings=dataclasses.replace(bench.parts.settings, certificate=given))
    monkeypatch.setattr(worker, "signed", lambda data, certificate, *, on: data + f" by {certificate.file}".encode())
    order = make_order(status="registered")
    worker.perform(bench, jobs.queue("order_pdf", order.id).id)
    made = Order.get_by_id(order.id)
    assert files.read(bench.parts.settings.files_dir, made.pdf_sha256) == "1016-р by office.p12".encode()
    assert made.pdf_size == len("1016-р by office.p12".encode())


def test_a_second_run_does_nothing(bench: worker.Bench, make_order: MakeOrder) -> None:
    order = make_order(status="registered")
    first, second = jobs.queue("order_pdf", order.id), jobs.queue("order_pdf", order.id)
    for job in (first, first, second):
        worker.perform(bench, job.id)
    assert [at(first).attempts, at(second).attempts] == [1, 1]
    assert JournalEntry.select().where(JournalEntry.verb == "freeze_pdf").count() == 1


@pytest.mark.parametrize("status", ["draft", "signed"])
def test_an_order_that_has_moved_on_needs_no_pdf(bench: worker.Bench, make_order: MakeOrder, status: str) -> None:
    order = make_order(status=status)
    job = jobs.queue("order_pdf", order.id)
    worker.perform(bench, job.id)
    assert at(job).state == "done"
    assert Order.get_by_id(order.id).pdf_sha256 is None


def test_an_order_that_is_gone_needs_no_pdf(bench: worker.Bench) -> None:
    job = jobs.queue("order_pdf", 404)
    worker.perform(bench, job.id)
    assert at(job).state == "done"


def test_a_pdf_of_an_older_state_is_dropped_and_made_anew(bench: worker.Bench, make_order: MakeOrder) -> None:
    order = make_order(status="registered")

    def renumber(sheet: OrderSheet, progress: worker.Progress, watch: worker.Watch) -> PrintedOrder:
        """Somebody takes the registration back and gives another number while the file is being made."""
        if sheet.number == "1016-р":
            Order.update(number="2000-р", version=Order.version + 1).where(Order.id == order.id).execute()
        return quick_print(sheet, progress, watch)

    job = jobs.queue("order_pdf", order.id)
    bench.printer = renumber
    worker.perform(bench, job.id)
    assert Order.get_by_id(order.id).pdf_sha256 is None
    assert (at(job).state, at(job).error[:24]) == ("queued", "Распоряжение изменилось,")
    worker.perform(bench, job.id)
    sha256 = Order.get_by_id(order.id).pdf_sha256
    assert files.read(bench.parts.settings.files_dir, sha256) == "2000-р".encode()
    assert (at(job).state, at(job).error) == ("done", "")
    kept = list(bench.parts.settings.files_dir.glob("*/*.pdf"))
    assert kept == [files.path_of(bench.parts.settings.files_dir, sha256)]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (
            PressFailed("killed"),
            "Печать остановилась. Запустите её снова; если не поможет, назовите администратору задание {}.",
        ),
        (
            OSError(28, "full"),
            "На диске сервера нет места. Сообщите администратору; когда место появится, запустите работу снова.",
        ),
        (CannotSign("Файл не подписан: причина."), "Файл не подписан: причина."),
        (KeyError("x"), "Внутренняя ошибка. Запустите работу снова; если не поможет, назовите администратору задание {}."),
    ],
)
def test_trouble_is_tried_again_and_then_told_to_the_staff(
    bench: worker.Bench, make_order: MakeOrder, error: Exception, sentence: str
) -> None:
    def broken(*_: object) -> PrintedOrder:
        raise error

    bench.printer = broken
    order = make_order(status="registered")
    job = jobs.queue("order_pdf", order.id)
    states = []
    for _ in range(jobs.MOST_ATTEMPTS + 1):
        worker.perform(bench, job.id)
        states.append(at(job).state)
    assert states == ["queued", "queued", "failed", "failed"]
    assert at(job).error == sentence.format(job.id)
    assert Order.get_by_id(order.id).pdf_sha256 is None
    assert not bench.busy


def test_a_stopping_worker_puts_its_job_down_uncounted(bench: worker.Bench, make_order: MakeOrder) -> None:
    job = jobs.queue("order_pdf", make_order(status="registered").id)
    bench.stopping.set()
    worker.perform(bench, job.id)
    assert (at(job).state, at(job).attempts, at(job).error) == ("queued", 0, "")


def test_publishing_is_found_by_the_search(bench: worker.Bench, make_order: MakeOrder) -> None:
    job = jobs.queue("search", make_order().id)
    assert bench.parts.index.search(Query("Римская-Корсакова")).total == 0
    worker.perform(bench, job.id)
    assert bench.parts.index.search(Query("Римская-Корсакова")).total == 1
    assert at(job).state == "done"


def test_run_pending_does_all_that_waits(settings: Settings, index: SearchIndex, make_order: MakeOrder) -> None:
    order = make_order("77-р", status="registered")
    make_order("78-р")
    jobs.queue("order_pdf", order.id)
    jobs.queue("search", 0)
    Job.create(kind="search", target=0)  # its word was lost
    assert worker.run_pending(settings, index) == 3
    assert {job.state for job in Job.select()} == {"done"}
    assert waiting("order_pdf") == waiting("search") == []
    made = Order.get_by_id(order.id)
    assert files.read(settings.files_dir, made.pdf_sha256).startswith(b"%PDF-1.7")
    assert [ruling.page for ruling in made.rulings.order_by(Ruling.number)] == [2, 2, 2, 2]
    assert index.search(Query("Римская-Корсакова")).total == 1


def test_the_line_hands_a_job_to_the_worker(bench: worker.Bench, make_order: MakeOrder) -> None:
    job = jobs.queue("order_pdf", make_order(status="registered").id)
    line = jobs.line("order_pdf", partial(worker.perform, bench))
    line.execute(line.dequeue())
    assert at(job).state == "done"
    assert line.dequeue() is None


# --- The process ------------------------------------------------------------------------------------------------------------


def test_a_second_worker_of_the_installation_is_refused(settings: Settings) -> None:
    with worker._alone(settings), pytest.raises(worker.WorkerRuns, match="уже работает"):
        worker.serve(settings)


def test_a_worker_takes_up_what_waits_and_stops_when_told(settings: Settings, make_order: MakeOrder) -> None:
    published = make_order("78-р")
    orphan = jobs.queue("search", published.id)
    jobs.take(orphan.id, on=models.utc_now())  # a worker that died a moment ago
    stop = threading.Event()
    serving = threading.Thread(target=worker.serve, args=(settings, stop))
    serving.start()
    try:
        for _ in range(200):
            if not Job.select().where(Job.state != "done").exists():
                break
            stop.wait(0.1)
    finally:
        stop.set()
        serving.join(20)
    assert not serving.is_alive()
    assert at(orphan).state == "done"
    opened = open_index(settings.index_dir, show_refusals=False)
    assert opened.search(Query("Римская-Корсакова")).total == 1
    opened.close()
    with worker._alone(settings):
        pass  # the lock is free again


def test_the_regulation_is_printed_ahead_once_the_worker_is_quiet(
    settings: Settings, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[str] = []

    def press_of_tests(sheet: dict[str, object], _watch: worker.Watch | None) -> bytes:
        made.append(str(sheet["title"]))
        return b"%PDF"

    monkeypatch.setattr("attestation.site.printing.press.regulation_apart", press_of_tests)
    monkeypatch.setattr(worker, "QUIET_SECONDS", 0)
    monkeypatch.setattr(worker, "SWEEP_SECONDS", 0.05)
    stop = threading.Event()
    serving = threading.Thread(target=worker.serve, args=(settings, stop))
    serving.start()
    try:
        for _ in range(200):
            if Job.select().where(Job.kind == "regulation_pdf", Job.state == "done").exists():
                break
            stop.wait(0.1)
        stop.wait(0.3)
    finally:
        stop.set()
        serving.join(20)
    assert Job.select().where(Job.kind == "regulation_pdf").count() == 1
    files_made = sorted(path.name.rsplit("-", 1)[0] for path in (settings.cache_dir / "regulation").iterdir())
    assert files_made == ["lenobl-2022-03-01-regulation", "spb-2021-04-13-regulation"]
    assert len(made) == 2
    jobs.queue("regulation_pdf", 0)
    worker.run_pending(settings, index)
    assert len(made) == 2


def test_freeze_refuses_a_file_of_another_version(make_order: MakeOrder) -> None:
    order = make_order(status="registered")
    Order.update(version=Order.version + 1).where(Order.id == order.id).execute()
    with pytest.raises(Refusal, match="изменилось"):
        orders.freeze_pdf(order, sha256="a" * 64, size=1, pages=1, row_pages={1: 1}, on=NOON)


def test_the_lock_file_names_the_process(settings: Settings, tmp_path: Path) -> None:
    with worker._alone(settings):
        assert (tmp_path / "worker.lock").read_text().strip().isdigit()


def test_an_index_that_is_damaged_while_we_work_is_made_again(bench: worker.Bench, make_order: MakeOrder) -> None:
    make_order("79-р")
    worker.run_pending(bench.parts.settings, bench.parts.index)
    sources.sync(bench.parts.index)
    worker._keep_search_level(bench)
    assert Job.select().where(Job.kind == "search", Job.state == "queued").count() == 0
    for file in bench.parts.settings.index_dir.glob("v*/*"):
        file.write_bytes(b"garbage")
    fresh = open_index(bench.parts.settings.index_dir)
    hurt = dataclasses.replace(bench, parts=dataclasses.replace(bench.parts, index=fresh))
    worker._keep_search_level(hurt)
    assert Job.select().where(Job.kind == "search", Job.state == "queued").count() == 1
    worker.run_pending(hurt.parts.settings, fresh)
    assert fresh.search(Query("Римская-Корсакова")).total == 1
    fresh.close()


# --- Bulk dumps -------------------------------------------------------------------------------------------------------------


def test_what_was_published_gets_into_the_dumps(bench: worker.Bench, settings: Settings, make_order: MakeOrder) -> None:
    worker._keep_dumps_level(bench)
    assert Job.select().count() == 0  # nothing was ever published
    make_order()
    worker._keep_dumps_level(bench)
    worker._keep_dumps_level(bench)
    (job,) = Job.select()
    assert (job.kind, job.state) == ("dumps", "queued")
    worker.perform(bench, job.id)
    assert (at(job).state, len(dumps.versions(settings))) == ("done", 1)
    worker._keep_dumps_level(bench)
    assert Job.select().count() == 1


def test_after_a_failure_the_dumps_rest(
    bench: worker.Bench, settings: Settings, make_order: MakeOrder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_args: object, **_kwargs: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    make_order()
    worker._keep_dumps_level(bench)
    (job,) = Job.select()
    with monkeypatch.context() as broken:
        broken.setattr("attestation.site.dumps.make", full)
        for _ in range(jobs.MOST_ATTEMPTS):
            worker.perform(bench, job.id)
    assert (at(job).state, at(job).error.split(".")[0]) == ("failed", "На диске сервера нет места")
    worker._keep_dumps_level(bench)
    assert Job.select().count() == 1
    Job.update(finished_at=models.utc_now() - dt.timedelta(hours=2)).execute()
    worker._keep_dumps_level(bench)
    assert Job.select().count() == 2
