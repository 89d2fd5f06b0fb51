"""What each kind of job does, and the process that does them: `attestation worker`.

One worker per installation, held by a lock file: it is the only writer of the search index, and what it finds running at its
start is what a dead one left behind.
"""

import datetime as dt
import errno
import fcntl
import logging
import math
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial

from huey.consumer import Consumer

from ..models import Destruction, Inspection, Job, Minutes, Order, Ruling, User, connect, connection, database, utc_now
from ..procedure.refusal import Refusal
from ..site import dumps, files, jobs, regulation, seals, yearbook
from ..site.cases import duties, outgoing
from ..site.complaints import terms as complaint_terms
from ..site.corrections import moves as correction_moves
from ..site.dates import CITY, day_of
from ..site.letters import outbox, sending
from ..site.letters.carriers import carriers_of
from ..site.parts import Parts
from ..site.printing.order_words import order_sheet
from ..site.printing.orders import OrderSheet, PrintedOrder, print_order
from ..site.printing.paper import Progress
from ..site.printing.press import PressFailed, Watch, minutes_apart, order_apart
from ..site.printing.regulation import Extract, kept_regulation
from ..site.printing.signing import CannotSign, signed
from ..site.search import SearchIndex, open_index, sources
from ..site.settings import Settings
from ..site.subscriptions import asking, notices
from .acts import corrections, orders, publication
from .acts.cases import calendar
from .acts.commission import minutes
from .acts.control import destruction, inspections, papers, verification

log = logging.getLogger("attestation.worker")

# The longest wait between asking for work and starting it, and the pause between two sweeps; in seconds.
POLL_SECONDS = 0.5
SWEEP_SECONDS = 5.0
BEAT_SECONDS = 1.0
# Work that nobody waits for begins when the worker has been up so long.
QUIET_SECONDS = 60.0
# After bulk dumps or statistics could not be made, the next try waits so long.
REST = dt.timedelta(hours=1)
# Portions of the journal that are sealed in one sweep.
SEALS_AT_ONCE = 20

Printer = Callable[[OrderSheet, Progress, Watch], PrintedOrder]


class WorkerRuns(RuntimeError):
    """Another worker of this installation is at work; the sentence is for the operator."""


class Stopping(Exception):
    """The worker was told to stop: the job goes back to wait, this attempt does not count."""


@dataclass
class Bench:
    """What a worker works with. `busy`: the jobs in its hands; `stopping`: set when it has to put them down."""

    parts: Parts
    printer: Printer = order_apart
    busy: set[int] = field(default_factory=set)
    stopping: threading.Event = field(default_factory=threading.Event)


# --- What each kind does ----------------------------------------------------------------------------------------------------


def make_order_pdf(bench: Bench, order_id: int, pulse: "Pulse") -> None:
    """Print a registered order, sign and freeze the file, write it into the order.

    Nothing to do when it has one or has moved on.
    """
    order = Order.get_or_none(Order.id == order_id)
    if order is None or order.status != "registered" or order.pdf_sha256:
        return
    settings = bench.parts.settings
    rulings = Ruling.select().where(Ruling.order == order).order_by(Ruling.number)
    printed = bench.printer(order_sheet(order, rulings, settings), pulse.progress, pulse.watch)
    data = signed(printed.data, settings.certificate, on=utc_now())
    sha256 = files.freeze(settings.files_dir, data)
    size, pages, row_pages = len(data), printed.pages, printed.row_pages
    try:
        orders.freeze_pdf(order, sha256=sha256, size=size, pages=pages, row_pages=row_pages, on=utc_now())
    except Refusal:  # it changed meanwhile: what was printed is nobody's, and it names people
        if not Order.select().where(Order.pdf_sha256 == sha256).exists():
            files.discard(settings.files_dir, sha256)
        raise


def close_cases(_bench: Bench, order_id: int, pulse: "Pulse") -> None:
    """The cases whose decisions a published order states are closed, their teachers written to."""
    publication.close_cases(Order.get_by_id(order_id), on=utc_now(), progress=pulse.progress)


def answer_corrections(_bench: Bench, order_id: int, _pulse: "Pulse") -> None:
    """The requests that a published amending order answers are closed, whoever asked is written to."""
    corrections.published(Order.get_by_id(order_id), on=utc_now())


def bring_search_up_to_date(bench: Bench, _target: int, _pulse: "Pulse") -> None:
    """Everything published is in the index afterwards, whichever order asked for it."""
    sources.sync(bench.parts.index)


def make_dumps(bench: Bench, _target: int, pulse: "Pulse") -> None:
    """The bulk dumps tell what is published now; an interrupted or failed attempt leaves those that were there."""
    if not dumps.level(bench.parts.settings):
        dumps.make(bench.parts.settings, pulse.progress, on=utc_now())


def count_statistics(bench: Bench, _target: int, _pulse: "Pulse") -> None:
    """The page of statistics tells of the records as they are; nothing to do when it does."""
    if not yearbook.level(bench.parts.settings, on=utc_now()):
        yearbook.make(bench.parts.settings, on=utc_now())


def tell_subscribers(bench: Bench, order_id: int, pulse: "Pulse") -> None:
    """Whoever subscribed is written to about an order that was published or withdrawn."""
    notices.tell(Order.get_by_id(order_id), bench.parts.settings, on=utc_now(), progress=pulse.progress)


def print_regulation(bench: Bench, _target: int, pulse: "Pulse") -> None:
    """The regulation of today is there as a file before its first reader asks; nothing to do when it is."""
    settings = bench.parts.settings
    shelf, today = regulation.shelf(settings.editions_dir), utc_now().astimezone(CITY).date()
    for document in regulation.ACTS:
        extract = Extract.of(shelf.current(document, today), "")
        kept_regulation(extract, settings.site_url, settings.cache_dir, pulse.watch)


def refresh_duties(_bench: Bench, _target: int, _pulse: "Pulse") -> None:
    """Terms of all that is open, and duties, are those of today and of the calendar as it is now."""
    duties.refresh_open(day_of(utc_now()))
    outgoing.count_anew()
    complaint_terms.refresh_open(day_of(utc_now()))
    correction_moves.refresh_open(day_of(utc_now()))


def send_letter(bench: Bench, letter_id: int, _pulse: "Pulse") -> None:
    """One try to send a letter; when the next one is due, the sweep asks for it."""
    settings = bench.parts.settings
    domain = settings.mail.sender.rpartition("@")[2]
    outcome = sending.send(letter_id, carriers_of(settings), domain=domain, on=utc_now())
    log.info("letter %d: %s", letter_id, outcome)


def verify_journal(_bench: Bench, user_id: int, pulse: "Pulse") -> None:
    """The chain over the journal is walked and the result kept. `user_id`: who has asked; 0 for nobody."""
    found = seals.check(by=User.get_or_none(User.id == user_id) if user_id else None, on=utc_now())
    if found.finding:
        log.error("journal: %s", found.finding)


def print_inspection_act(bench: Bench, inspection_id: int, pulse: "Pulse") -> None:
    """The act of a closed inspection is printed and frozen; nothing to do when it is."""
    inspection = Inspection.get_or_none(Inspection.id == inspection_id)
    if inspection is None or inspection.closed_at is None or inspection.act_sha256:
        return
    act = papers.inspection_act(inspection, bench.parts.settings.authority_name)
    sha256, size = papers.freeze(act, bench.parts.settings.control_dir, pulse.watch)
    inspections.freeze_act(inspection, sha256=sha256, size=size, on=utc_now())


def print_minutes(bench: Bench, minutes_id: int, pulse: "Pulse") -> None:
    """A version of the minutes is printed and frozen; nothing to do when it is."""
    version = Minutes.get_or_none(Minutes.id == minutes_id)
    if version is None or version.pdf_sha256:
        return
    settings = bench.parts.settings
    sheet = {"authority": settings.authority_name, "told": version.told, "version": version.number, "reason": version.reason}
    data, pages = minutes_apart(sheet, pulse.progress, pulse.watch)
    sha256 = files.freeze(settings.minutes_dir, data, mode=files.PRIVATE)
    minutes.freeze(version, sha256=sha256, size=len(data), pages=pages, on=utc_now())


def destroy_what_is_over(bench: Bench, destruction_id: int, pulse: "Pulse") -> None:
    """A confirmed list is destroyed, then its act is printed and frozen; what was broken off is gone on with."""
    listed = Destruction.get_or_none(Destruction.id == destruction_id)
    if listed is None:
        return
    destruction.carry_out(listed, bench.parts.settings.cases_dir, on=utc_now(), watch=pulse.watch)
    if listed.state == "done" and not listed.act_sha256:
        act = papers.destruction_act(listed, bench.parts.settings.authority_name)
        sha256, size = papers.freeze(act, bench.parts.settings.control_dir, pulse.watch)
        destruction.freeze_act(listed, sha256=sha256, size=size, on=utc_now())


KINDS: dict[str, Callable[[Bench, int, "Pulse"], None]] = {
    "order_pdf": make_order_pdf,
    publication.CLOSE_CASES: close_cases,
    publication.ANSWER_CORRECTIONS: answer_corrections,
    publication.SEARCH: bring_search_up_to_date,
    dumps.JOB: make_dumps,
    notices.JOB: tell_subscribers,
    yearbook.JOB: count_statistics,
    "regulation_pdf": print_regulation,
    outbox.JOB: send_letter,
    calendar.JOB: refresh_duties,
    verification.JOB: verify_journal,
    minutes.JOB: print_minutes,
    inspections.JOB: print_inspection_act,
    destruction.JOB: destroy_what_is_over,
}


class Pulse:
    """Progress and signs of life of one attempt, written to its job about once a second."""

    def __init__(self, attempt: jobs.Attempt, stopping: threading.Event) -> None:
        self.attempt = attempt
        self.stopping = stopping
        self.steps = (0, 0)
        self.beaten = time.monotonic()

    def progress(self, done: int, total: int) -> None:
        """Remember how far the work is."""
        self.steps = (done, total)
        self.watch()

    def watch(self) -> None:
        """Show a sign of life when it is time. Raises Stopping, or Lost when the job is not ours any more."""
        if self.stopping.is_set():
            raise Stopping
        if time.monotonic() - self.beaten >= BEAT_SECONDS:
            self.beaten = time.monotonic()
            jobs.beat(self.attempt, *self.steps, on=utc_now())


# --- One job ----------------------------------------------------------------------------------------------------------------


def perform(bench: Bench, job_id: int) -> None:
    """Do a waiting job, whatever becomes of it: done, back to wait, or failed with a sentence for the staff."""
    with connection():
        attempt = jobs.take(job_id, on=utc_now())
        if attempt is None:
            return
        bench.busy.add(job_id)
        started = time.monotonic()
        try:
            outcome = _attempt(bench, attempt)
        except jobs.Lost:
            outcome = "taken by another attempt"
        finally:
            bench.busy.discard(job_id)
        log.info("job %d %s %d: %s, %.1f s", job_id, attempt.kind, attempt.target, outcome, time.monotonic() - started)


def _attempt(bench: Bench, attempt: jobs.Attempt) -> str:
    try:
        KINDS[attempt.kind](bench, attempt.target, Pulse(attempt, bench.stopping))
    except Stopping:
        jobs.give_back(attempt, on=utc_now(), counted=False)
        return "put down"
    except jobs.Lost:
        raise
    except Refusal as refusal:  # what it was made from has changed: the next attempt looks anew
        jobs.give_back(attempt, on=utc_now(), counted=True, error=refusal.sentence)
        return "refused"
    except Exception as error:
        log.exception("job %d %s %d", attempt.job_id, attempt.kind, attempt.target)
        jobs.give_back(attempt, on=utc_now(), counted=True, error=trouble(error, attempt.job_id))
        return "failed"
    publication.settle(attempt.target, attempt.kind, on=utc_now())
    jobs.finish(attempt, on=utc_now())
    return "done"


def trouble(error: Exception, job_id: int) -> str:
    """What went wrong and what to do about it, for the staff; the details are in the worker's log."""
    full = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
    if full:
        return "На диске сервера нет места. Сообщите администратору; когда место появится, запустите работу снова."
    if isinstance(error, CannotSign):
        return str(error)
    if isinstance(error, PressFailed):
        return f"Печать остановилась. Запустите её снова; если не поможет, назовите администратору задание {job_id}."
    return f"Внутренняя ошибка. Запустите работу снова; если не поможет, назовите администратору задание {job_id}."


def run_pending(settings: Settings, index: SearchIndex) -> int:
    """Do all that waits, here and now, in this process, second and third attempts too; gives how many were made.

    For tests and demo data.
    """
    bench = Bench(Parts.of(settings, index), printer=_print_here)
    done = 0
    with connection():
        while waiting := list(Job.select(Job.id, Job.kind).where(Job.state == "queued").order_by(Job.id)):
            for job in waiting:
                line = jobs.line(job.kind, partial(perform, bench))
                while (task := line.dequeue()) is not None:
                    line.execute(task)
                perform(bench, job.id)  # if the word about it was lost
            done += len(waiting)
    return done


def _print_here(sheet: OrderSheet, progress: Progress, _watch: Watch) -> PrintedOrder:
    return print_order(sheet, progress)


# --- The process ------------------------------------------------------------------------------------------------------------


class Hands(Consumer):  # type: ignore[misc]
    """huey's consumer without its own signals: `serve` listens for all of them."""

    def _set_signal_handlers(self) -> None:
        pass


def serve(settings: Settings, stop: threading.Event | None = None) -> None:
    """Work until SIGTERM or SIGINT (or `stop`). At the start whatever a dead worker left is taken up, and the search is
    brought up to date: nothing published is missing after this.

    A job in hand when the signal comes is put down and waits for the next start. Raises WorkerRuns.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s: %(message)s")
    log.setLevel(logging.INFO)
    stop = stop or threading.Event()
    with _alone(settings), _signals(stop):
        if database.obj is None:
            connect(settings.database_url)
        parts = Parts.of(settings, open_index(settings.index_dir, show_refusals=settings.show_refusals))
        try:
            _work(Bench(parts, stopping=stop))
        finally:
            parts.close()


def _work(bench: Bench) -> None:
    with connection():
        brought = jobs.sweep(on=utc_now(), silence=-jobs.PATIENCE)
        _ask_for_search()
        publication.take_up()
    log.info("at work; brought back: %d", brought)
    hands = [_hands(bench, kind) for kind in KINDS]
    quiet_from = time.monotonic() + QUIET_SECONDS
    try:
        for pair in hands:
            pair.start()
        while not bench.stopping.wait(SWEEP_SECONDS):
            for pair in hands:
                pair.check_worker_health()
            try:
                with connection():
                    jobs.sweep(on=utc_now(), mine=frozenset(bench.busy))
                    sending.sweep(utc_now())
                    seal_journal()
                    _keep_search_level(bench)
                    _keep_dumps_level(bench)
                    _keep_statistics_level(bench)
                    asking.forget_unconfirmed(on=utc_now())
                    _count_terms_of_today()
                    _verify_journal_of_today()
                    if time.monotonic() >= quiet_from and not bench.busy:
                        quiet_from = math.inf  # once in the life of a worker
                        jobs.queue("regulation_pdf", 0)
            except Exception:  # the database may be away for a while
                log.exception("sweep")
    finally:
        bench.stopping.set()
        for pair in hands:
            pair.stop(graceful=True)
    log.info("stopped")


def _keep_search_level(bench: Bench) -> None:
    """An index that was damaged or removed while we work is made again."""
    if not bench.busy and not sources.level(bench.parts.index):
        _ask_for_search()


def seal_journal() -> None:
    """What was committed since the last look gets its seals; of a long backlog so much at once that other work goes on."""
    for _ in range(SEALS_AT_ONCE):
        if not seals.seal():
            break


def _keep_dumps_level(bench: Bench) -> None:
    """What was published or withdrawn, or what settings changed, gets into the dumps."""
    if not dumps.level(bench.parts.settings):
        _make_level(dumps.JOB)


def _keep_statistics_level(bench: Bench) -> None:
    """After a publication, and every day, the statistics are counted anew."""
    if not yearbook.level(bench.parts.settings, on=utc_now()):
        _make_level(yearbook.JOB)


def _make_level(kind: str) -> None:
    """Have it made, unless somebody is at it. After a failure there is a rest."""
    last = Job.latest(kind, 0)
    failed_lately = last and last.state == "failed" and last.finished_at > utc_now() - REST
    if not failed_lately and not (last and last.state in {"queued", "running"}):
        jobs.queue(kind, 0)


def _count_terms_of_today() -> None:
    """Once a day: a sitting has passed, a document has expired, a term has come near, without anybody's doing."""
    if not _asked_today(calendar.JOB):
        calendar.count_anew()


def _verify_journal_of_today() -> None:
    """Once a day the chain over the journal is walked, so that a break is told before anybody asks."""
    if not _asked_today(verification.JOB):
        jobs.queue(verification.JOB, 0)


def _asked_today(kind: str) -> bool:
    midnight = dt.datetime.combine(day_of(utc_now()), dt.time.min, CITY)
    return bool(Job.select().where(Job.kind == kind, Job.queued_at >= midnight).exists())


def _ask_for_search() -> None:
    if not Job.select().where(Job.kind == "search", Job.state == "queued").exists():
        jobs.queue("search", 0)


def _hands(bench: Bench, kind: str) -> Hands:
    """A thread that takes jobs of one kind out of their line."""
    line = jobs.line(kind, partial(perform, bench))
    line.on_shutdown(name="close")(_close_connection)
    return Hands(line, workers=1, periodic=False, initial_delay=0.1, max_delay=POLL_SECONDS, scheduler_interval=60)


def _close_connection() -> None:
    if not database.is_closed():
        database.close()


@contextmanager
def _alone(settings: Settings) -> Iterator[None]:
    """Hold the installation's worker lock; the system lets it go when the process ends, however it ends."""
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with (settings.data_dir / "worker.lock").open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise WorkerRuns(f"Обработчик заданий уже работает с каталогом {settings.data_dir}: второй не нужен.") from None
        os.truncate(held.fileno(), 0)
        held.write(f"{os.getpid()}\n")
        held.flush()
        yield


@contextmanager
def _signals(stop: threading.Event) -> Iterator[None]:
    """SIGTERM and SIGINT ask to stop; only the main thread can listen."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, lambda *_: stop.set()) for number in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
