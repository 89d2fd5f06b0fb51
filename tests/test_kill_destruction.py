"""A real process, really killed at each step of a destruction: begun anew nothing is half gone, nothing told twice."""

import datetime as dt
import signal

import pytest

from attestation.admin.acts.control import destruction
from attestation.models import Application, CaseFile, Destruction, Job, JournalEntry, Letter, Paper, utc_now
from attestation.site import files
from attestation.site.settings import Settings
from attestation.tests.cases import SPB, World
from attestation.tests.test_kill import process

# Carries out the list and is killed where `{step}` puts it.
DESTROYER = """
import os, signal
from pathlib import Path
from attestation import models
from attestation.admin.acts.control import destruction
from attestation.models import Destruction, utc_now
from attestation.site.cases import attachments
from attestation.site.control.stores import Portfolios
from attestation.site.settings import read_settings

def dies(*values, **named):
    os.kill(os.getpid(), signal.SIGKILL)

def removes_and_dies(shelf, target, folder):
    attachments.CaseFile.delete().where(attachments.CaseFile.id == target).execute()
    dies()

settings = read_settings()
models.connect(settings.database_url)
{step}
with models.connection():
    destruction.carry_out(Destruction.get(), settings.cases_dir, on=utc_now())
"""
# Where it is killed → how many rows are gone then, and what stands of the first file: its name, aside, nothing.
STEPS = {
    "Portfolios.remove = removes_and_dies": (0, "there"),
    "attachments.throw_away = dies": (1, "there"),
    "Path.unlink = dies": (1, "aside"),
    "destruction._settle = dies": (1, "gone"),
    "destruction.journal.write = dies": (2, "gone"),
}


@pytest.mark.parametrize("step", STEPS)
def test_killed_at_a_step_it_is_gone_on_with(world: World, settings: Settings, step: str) -> None:
    case, by = world.walk(world.filled(SPB), "withdrawn"), world.cast.controller
    Application.update(closed_on=dt.date(2020, 1, 10)).where(Application.id == case.id).execute()
    for number, file in enumerate(CaseFile.select().where(CaseFile.application == case), 1):
        sha256 = files.freeze(settings.cases_dir, world.pdf + f"\n% {number}".encode(), suffix="")
        CaseFile.update(sha256=sha256).where(CaseFile.id == file.id).execute()
    hashes = [file.sha256 for file in CaseFile.select().where(CaseFile.application == case).order_by(CaseFile.id)]
    Job.delete().execute()
    Letter.delete().execute()
    made = destruction.prepare(["portfolios"], by=by, on=utc_now())
    destruction.confirm(made, count=2, by=by, on=utc_now())
    with process(DESTROYER.replace("{step}", step), settings) as doomed:
        assert doomed.wait(timeout=60) == -signal.SIGKILL
    path = files.path_of(settings.cases_dir, hashes[0], suffix="")
    stands = "there" if path.exists() else "aside" if list(path.parent.glob(f".{hashes[0]}.*")) else "gone"
    left = CaseFile.select().where(CaseFile.application == case).count()
    assert (2 - left, stands) == STEPS[step]
    assert Destruction.get().state == "confirmed"
    for _ in range(2):
        destruction.carry_out(Destruction.get(), settings.cases_dir, on=utc_now())
    assert [(item.outcome, item.done) for item in made.items] == [("destroyed", 1)] * 2
    assert not CaseFile.select().where(CaseFile.application == case).exists()
    assert [left for sha256 in hashes for left in settings.cases_dir.rglob(f"*{sha256}*")] == []
    assert JournalEntry.select().where(JournalEntry.verb == "destroy").count() == 1
    assert Paper.select().where(Paper.application == case).count() == 2
