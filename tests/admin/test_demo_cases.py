"""The invented cases: every status of both roads is reached by real moves, on days that are over, once."""

import datetime as dt
from collections import Counter
from dataclasses import replace

import pytest

from attestation.admin import demo
from attestation.admin.demo import cases as invented
from attestation.admin.demo.accounts import TEACHER
from attestation.models import (
    Application,
    CaseFile,
    Expert,
    Hearing,
    JournalEntry,
    Letter,
    Minutes,
    Review,
    Sitting,
    User,
    utc_now,
)
from attestation.procedure.road import road
from attestation.procedure.words import CaseRole
from attestation.site import files
from attestation.site.dates import day_of
from attestation.site.settings import Settings
from attestation.tests.cases import LENOBL, SPB

ARCHIVE = {"orders": 1, "rows_range": (2, 3), "processes": 1}


@pytest.fixture(params=[SPB, LENOBL])
def installation(request: pytest.FixtureRequest, settings: Settings, database: object) -> Settings:
    """An installation of either procedure with few orders and few cases."""
    made = replace(settings, procedure=request.param)
    demo.generate(made, cases=20, **ARCHIVE)
    return made


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_status_is_there_once_and_for_all(installation: Settings) -> None:
    whole = road("application", installation.procedure)
    reached = Counter(case.status for case in Application.select())
    # What the commission has decided in the city waits for its order.
    announced = {move.target for move in whole.moves if move.follows == "order.publish"}
    assert set(reached) == {status.name for status in whole.states} - announced
    assert all(case.demo for case in Application.select())
    count = Application.select().count()
    demo.generate(installation, cases=20, **ARCHIVE)
    assert Application.select().count() == count
    # Nothing has happened that has not happened yet, and no letter waits to leave for an invented address.
    assert JournalEntry.select().where(JournalEntry.at > utc_now() + dt.timedelta(hours=8)).count() == 0
    assert {letter.channel for letter in Letter.select()} == {"cabinet", "email"}
    assert {letter.address for letter in Letter.select().where(Letter.channel == "email")} == {TEACHER.login}
    # Conclusions rest on sheets that were really scored.
    judged = Review.select().where(Review.outcome != "")
    assert {(review.outcome, review.implied) for review in judged} == {("positive", "positive"), ("negative", "negative")}
    assert all(review.scored and review.proofs for review in judged)
    kept = {file.sha256 for file in CaseFile.select()}
    assert all(files.path_of(installation.cases_dir, sha256, suffix="").is_file() for sha256 in kept)
    assert {Expert.select().where(~Expert.demo).count(), Sitting.select().where(~Sitting.demo).count()} == {0}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_accounts_of_the_demonstration_have_something_to_do(installation: Settings) -> None:
    def account(login: str) -> User:
        return User.get(User.login == login)

    assert Application.select().where(Application.applicant == account(TEACHER.login)).count() == 1
    roles = {review.role for review in Review.select().where(Review.expert == account("expert"))}
    assert CaseRole.MAIN_EXPERT in roles
    if installation.procedure == LENOBL:
        assert Application.select().where(Application.group_leader == account("leader")).count() > 5


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_commission_has_sat(installation: Settings) -> None:
    """Over: held, with minutes that everybody has signed; to come: planned, with a composition."""
    today = day_of(utc_now())
    held = list(Sitting.select().where(Sitting.closed_at.is_null(False)))
    assert held and all(sitting.held_on <= today for sitting in held)
    for sitting in held:
        version = Minutes.get(Minutes.sitting == sitting)
        assert (version.number, version.unsigned(), version.signed_on) == (1, [], sitting.held_on)
        assert files.verify(installation.minutes_dir, version.pdf_sha256)
        assert {case["decision"] for case in version.told["cases"]} <= {"establish", "refuse"}
    assert Hearing.select().join(Sitting).where(Sitting.status == "planned").exists()
    assert not Sitting.select().where(Sitting.commission.is_null()).exists()


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_cases_broken_off_leave_none(settings: Settings, database: object, monkeypatch: pytest.MonkeyPatch) -> None:
    class Killed(Exception):
        pass

    def told(step: str, done: int, _total: int) -> None:
        if (step, done) == (invented.WALKED, 5):
            raise Killed

    with pytest.raises(Killed):
        demo.generate(settings, cases=20, progress=told, **ARCHIVE)
    assert (Application.select().count(), Expert.select().count()) == (0, 0)
    demo.generate(settings, cases=20, **ARCHIVE)
    assert Application.select().count() >= 20
