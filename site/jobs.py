"""Slow work: how it is asked for, taken, and never lost.

The `job` row is the truth. huey carries the word that there is something to do, in a table of the same database, so that
an act that is rolled back takes its job with it. huey forgets a task the moment it hands it out; therefore `sweep` brings
back what was lost on the way: a process killed with -9, a machine without power.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Any

from huey.api import Huey
from huey.contrib.sql_huey import SqlStorage
from huey.registry import Message
from peewee import chunked

from ..models import Job, database

MOST_ATTEMPTS = 3
# Jobs written by one statement.
AT_ONCE = 500
# A job that waits longer than this while its line is empty has been lost on the way; also the rest before another attempt.
PATIENCE = dt.timedelta(seconds=5)
# A running job that shows no sign of life for so long is nobody's.
SILENCE = dt.timedelta(seconds=60)


class Lost(Exception):
    """The job was taken from this attempt: another one has it, or it is settled."""


@dataclass(frozen=True)
class Attempt:
    """A job in work. Its number fences it: what an abandoned attempt writes afterwards changes nothing."""

    job_id: int
    kind: str
    target: int
    number: int


# --- Asking -----------------------------------------------------------------------------------------------------------------


def queue(kind: str, target: int) -> Job:
    """Have this kind of work done for the record of this id, if the transaction around is committed."""
    with database.atomic():
        job: Job = Job.create(kind=kind, target=target)
        announce(job)
    return job


def queue_all(kind: str, targets: Sequence[int]) -> None:
    """The same for many records at once."""
    with database.atomic():
        for part in chunked(targets, AT_ONCE):
            Job.insert_many([{"kind": kind, "target": target} for target in part]).execute()
            asked = Job.select(Job.id).where(Job.kind == kind, Job.target.in_(list(part)), Job.state == "queued")
            line(kind).put_all([job.id for job in asked.order_by(Job.id)])


def announce(job: Job) -> None:
    """Put the word about a waiting job into its line. Saying it twice does no harm: the second taker finds it taken."""
    line(job.kind).perform(job.id)


# --- Doing ------------------------------------------------------------------------------------------------------------------


def take(job_id: int, *, on: dt.datetime) -> Attempt | None:
    """Take a waiting job; None when it is not waiting any more."""
    values = {"state": "running", "attempts": Job.attempts + 1, "beat_at": on, "done": 0, "total": 0}
    with database.atomic():
        if not Job.update(values).where(Job.id == job_id, Job.state == "queued").execute():
            return None
        job = Job.get_by_id(job_id)
    return Attempt(job.id, job.kind, job.target, job.attempts)


def beat(attempt: Attempt, done: int, total: int, *, on: dt.datetime) -> None:
    """Show progress and a sign of life. Raises Lost."""
    _change(attempt, done=done, total=total, beat_at=on)


def finish(attempt: Attempt, *, on: dt.datetime) -> None:
    """The work is done. Raises Lost."""
    _change(attempt, state="done", done=Job.total, error="", finished_at=on)


def give_back(attempt: Attempt, *, on: dt.datetime, counted: bool, error: str = "") -> None:
    """The work was not done: it waits for another attempt, or has failed for good when there were enough. Raises Lost.

    `counted` is false when the attempt was interrupted from outside; `error` is a sentence for the staff.
    """
    if counted and attempt.number >= MOST_ATTEMPTS:
        _change(attempt, state="failed", error=error, finished_at=on)
    else:
        _change(attempt, state="queued", error=error, queued_at=on, attempts=attempt.number - (not counted))


def sweep(*, on: dt.datetime, mine: Set[int] = frozenset(), silence: dt.timedelta = SILENCE) -> int:
    """Bring back what was lost on the way; gives how many jobs. `mine`: ids of jobs that this process is working on."""
    silent = Job.select().where(Job.state == "running", Job.beat_at <= on - silence, Job.id.not_in(list(mine)))
    brought = 0
    for job in list(silent):
        try:
            error = "Работа прерывалась несколько раз подряд. Запустите её снова; если не поможет, сообщите администратору."
            give_back(Attempt(job.id, job.kind, job.target, job.attempts), on=on - PATIENCE, counted=True, error=error)
        except Lost:
            continue  # it came to life in the meantime
        brought += 1
    for kind in {job.kind for job in Job.select(Job.kind).where(Job.state == "queued", Job.queued_at <= on - PATIENCE)}:
        if line(kind).storage.queue_size():
            continue  # the line is moving: they are waiting for their turn
        with database.atomic():
            for job in Job.select().where(Job.kind == kind, Job.state == "queued", Job.queued_at <= on - PATIENCE):
                announce(job)
    return brought


def _change(attempt: Attempt, **values: Any) -> None:
    ours = Job.id == attempt.job_id, Job.state == "running", Job.attempts == attempt.number
    if not Job.update(values).where(*ours).execute():
        raise Lost(f"job {attempt.job_id}, attempt {attempt.number}")


# --- huey -------------------------------------------------------------------------------------------------------------------


class Plain:
    """Messages as JSON: whoever can write into the database still cannot make a worker run code, as a pickle would let them."""

    def serialize(self, message: Any) -> bytes:
        return json.dumps(message).encode()

    def deserialize(self, data: bytes) -> Any:
        return Message(*json.loads(data))


class Storage(SqlStorage):  # type: ignore[misc]
    """huey's table in our database. An idle line only reads: asking huey's own way would take SQLite's write lock each time."""

    def create_models(self) -> Any:
        models = super().create_models()
        for model in models:
            model._meta.set_table_name(f"huey_{model.__name__.lower()}")
        return models

    def dequeue(self) -> Any:
        self.check_conn()
        return super().dequeue() if self.queue_size() else None

    def read_schedule(self, timestamp: dt.datetime) -> list[bytes]:
        return []  # nothing is put off: a job that has to rest is in our own table

    def peek_many(self, keys: list[str]) -> dict[str, bytes]:
        return {}  # nothing is revoked here: a job is taken back in our own table

    def delete_data(self, key: str) -> bool:
        return False


class Line(Huey):  # type: ignore[misc]
    """The line of one kind of work; `perform(job_id)` puts a job into it. Each kind has its own, so that a search never
    waits for a print."""

    perform: Any

    def put_all(self, job_ids: Iterable[int]) -> None:
        """Put many jobs in at once."""
        words = [self.serialize_task(self.perform.s(job_id)) for job_id in job_ids]
        self.storage.Task.insert_many([{"queue": self.name, "data": data, "priority": 0} for data in words]).execute()


def line(kind: str, perform: Callable[[int], None] | None = None) -> Line:
    """The line of this kind over the database of the records; a worker says what is performed."""
    made = Line(kind, results=False, serializer=Plain(), storage_class=Storage, database=database.obj, create_tables=False)

    def job(job_id: int) -> None:
        if perform is None:
            raise RuntimeError("this process only asks for work")
        perform(job_id)

    made.perform = made.task(name="job")(job)
    return made
