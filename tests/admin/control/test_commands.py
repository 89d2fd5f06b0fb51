"""The commands of control: what an operator sees and which status they end with."""

import datetime as dt

import pytest
from click.testing import Result
from flask import Flask

from attestation.admin import worker
from attestation.admin.acts.control import destruction
from attestation.models import Application, CaseFile, Destruction, Job, JournalCheck, JournalEntry, Letter, database, utc_now
from attestation.site import files, journal, seals
from attestation.tests.cases import SPB, World
from attestation.tests.conftest import NOON

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def run(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(args=list(arguments))


def told(count: int) -> None:
    for number in range(count):
        journal.write(by=None, on=NOON, verb="publish", subject="order", subject_id=number)


def test_the_journal_is_sealed_and_verified(app: Flask) -> None:
    told(3)
    done = run(app, "verify-journal")
    head = seals.head()
    assert (done.exit_code, done.output) == (
        0,
        f"Записей в целой части цепочки: 3\nГолова: {head.hash}\nЦепочка цела.\n",
    )
    assert run(app, "verify-journal", "--since-head", head.hash.upper()).exit_code == 0
    other = run(app, "verify-journal", "--since-head", "f" * 64)
    assert (other.exit_code, "Головы ffffffffffffffff… в цепочке нет" in other.output) == (1, True)
    assert JournalCheck.select().count() == 3


def test_a_broken_journal_is_told_by_the_status(app: Flask) -> None:
    told(3)
    seals.seal()
    database.execute_sql("DROP TRIGGER journal_frozen")
    JournalEntry.update(details="иное").where(JournalEntry.subject_id == 1).execute()
    done = run(app, "verify-journal")
    assert done.exit_code == 1
    assert "Записей в целой части цепочки: 1\n" in done.output
    assert "Цепочка нарушена. Звено 2: запись журнала" in done.output


def test_the_worker_seals_what_waits(app: Flask) -> None:
    told(5)
    worker.seal_journal()
    assert (seals.head().number, seals.unsealed().count()) == (5, 0)


def test_retention_says_what_and_destroys_nothing_by_itself(app: Flask, world: World) -> None:
    case = world.walk(world.filled(SPB), "withdrawn")
    Application.update(closed_on=dt.date(2020, 1, 10)).where(Application.id == case.id).execute()
    Job.delete().execute()
    Letter.delete().execute()
    shown = run(app, "retention", "--dry-run").output.splitlines()
    assert [(place, line.split()[0]) for place, line in enumerate(shown) if line.split()[0] != "0"] == [(2, "2")]
    assert shown[2].startswith("       2  Файлы закрытых дел")
    assert shown[2].endswith("(5\N{NO-BREAK SPACE}лет, установлено службой)")
    assert run(app, "retention", "--destroy").output == "Утверждённых списков нет.\n"
    by = world.cast.controller
    made = destruction.prepare(["portfolios"], by=by, on=utc_now())
    assert run(app, "retention", "--destroy").output == "Утверждённых списков нет.\n"
    assert CaseFile.select().where(CaseFile.application == case).count() == 2
    destruction.confirm(made, count=2, by=by, on=utc_now())
    assert run(app, "retention", "--destroy").output == f"Список № {made.id} исполнен, акт зафиксирован.\n"
    kept = Destruction.get_by_id(made.id)
    assert files.verify(app.extensions["attestation"].settings.control_dir, kept.act_sha256 or "")
    assert CaseFile.select().where(CaseFile.application == case).count() == 0


@pytest.mark.parametrize("options", [(), ("--dry-run", "--destroy")])
def test_retention_asks_for_one_of_two(app: Flask, options: tuple[str, ...]) -> None:
    done = run(app, "retention", *options)
    assert (done.exit_code, "Укажите одно из двух" in done.output) == (2, True)
