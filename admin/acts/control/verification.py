"""Asking for a verification of the journal's chain; the worker walks it, the console command does so at once."""

import datetime as dt

from ....models import Job, User, database
from ....procedure.refusal import Refusal
from ....site import jobs, journal
from ...access import Permission, require

JOB = "verify_journal"


def ask(*, by: User, on: dt.datetime) -> None:
    """Have the chain walked now; Refusal while that is being done."""
    require(by, Permission.VERIFY_JOURNAL)
    with database.atomic():
        if under_way():
            raise Refusal("Проверка журнала уже идёт: дождитесь её итога.")
        jobs.queue(JOB, by.id)
        journal.write(by=by, on=on, verb="ask_verification", subject="journal", subject_id=0)


def under_way() -> bool:
    """Whether a verification waits or is at work."""
    return bool(Job.select().where(Job.kind == JOB, Job.state.in_(["queued", "running"])).exists())
