"""How the making of a PDF goes, as people read it."""

from collections.abc import Iterable
from dataclasses import dataclass

from ...models import Job, Order


@dataclass(frozen=True)
class Progress:
    """An order's PDF: `ready`, `queued`, `running`, `failed` or `absent`; the sentence that says so; rows done of all."""

    state: str
    sentence: str
    done: int = 0
    total: int = 0

    @property
    def moving(self) -> bool:
        """Whether it is worth looking again in a moment."""
        return self.state in {"queued", "running"}


def progress_of(order: Order, job: Job | None) -> Progress:
    """The state of a registered or published order's PDF."""
    if order.pdf_sha256:
        return Progress("ready", "PDF изготовлен и зафиксирован.")
    if job is None or job.state == "done":
        return Progress("absent", "PDF ещё не изготовлен.")
    if job.state == "failed":
        return Progress("failed", f"Изготовить PDF не удалось. {job.error}".strip())
    if job.state == "queued":
        return Progress("queued", "PDF ждёт очереди на изготовление.")
    done = f": {job.done} из {job.total}" if job.total else ""
    return Progress("running", f"PDF изготавливается{done}.", job.done, job.total)


def jobs_of(kind: str, targets: Iterable[int]) -> dict[int, Job]:
    """The newest job of each of these records; one query."""
    jobs = Job.select().where(Job.kind == kind, Job.target.in_(list(targets))).order_by(Job.id)
    return {job.target: job for job in jobs}
