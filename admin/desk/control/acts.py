"""Acts as files: how the making of one goes, and the file itself."""

from dataclasses import dataclass

from flask import Response, abort

from ....models import Job
from ....site import files
from ....site.views.layout import parts


@dataclass(frozen=True)
class Printing:
    """How the making of an act goes: `ready`, `moving` or `failed`, and the sentence that says so."""

    state: str
    sentence: str


def printing(sha256: str | None, job: Job | None) -> Printing:
    """The state of an act that is due."""
    if sha256:
        return Printing("ready", "Акт изготовлен и зафиксирован.")
    if job is None or job.state in {"done", "failed"}:
        return Printing("failed", f"Изготовить акт не удалось. {job.error if job else ''}".strip())
    return Printing("moving", "Работа идёт, акт изготавливается. Обновите страницу через минуту.")


def pdf(sha256: str | None, name: str) -> Response:
    """The frozen file of an act; 404 before it is there, 503 when the disk does not hold what was frozen."""
    if not sha256:
        abort(404, "Акт ещё не изготовлен.")
    try:
        data = files.read(parts().settings.control_dir, sha256)
    except OSError:
        abort(503, "Файл акта не читается. Сообщите администратору.")
    return Response(data, mimetype="application/pdf", headers={"Content-Disposition": f"inline; filename={name}"})
