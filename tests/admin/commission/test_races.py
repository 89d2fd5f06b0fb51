"""Two at once over one sitting, on both kinds of database: one of them is refused politely, nothing is done twice."""

import datetime as dt
import signal
import subprocess
import sys

from attestation.admin.acts.cases import hearing
from attestation.admin.acts.commission import moves, session, sittings, voting
from attestation.admin.acts.commission.sittings import Plan
from attestation.models import Application, Hearing, Minutes, Sitting, Vote
from attestation.procedure.words import Choice, Decision
from attestation.tests.admin.commission.room import POSITIVE, convene
from attestation.tests.admin.conftest import at_once
from attestation.tests.cases import SPB, World

THURSDAY = dt.date(2026, 3, 19)
AT_THREE = dt.time(15)


def propose(world: World, sitting: Sitting, case: Application) -> None:
    hearing.propose(case, sitting, by=world.cast.secretary, on=world.now)


def test_two_take_the_last_place_at_once(world: World) -> None:
    sitting = world.sitting(THURSDAY, capacity=1)
    one, two = (world.walk(world.filled(SPB), "reviewed") for _ in range(2))
    said = at_once(lambda: propose(world, sitting, one), lambda: propose(world, sitting, two))
    assert said == sorted(["done", "На заседании 19.03.2026 дел уже 1, а рассчитано оно на 1."])
    assert Hearing.select().count() == 1


def test_two_change_a_sitting_at_once(world: World) -> None:
    made = world.sitting(THURSDAY, place="")
    one, two = Sitting.get_by_id(made.id), Sitting.get_by_id(made.id)

    def change(sitting: Sitting, place: str) -> None:
        sittings.change(sitting, Plan(THURSDAY, AT_THREE, place), by=world.cast.secretary, on=world.now)

    assert at_once(lambda: change(one, "Зал"), lambda: change(two, "Класс")) == sorted(["done", moves.OVERTAKEN])
    assert Sitting.get_by_id(made.id).version == 2


def test_a_sitting_moves_while_a_case_comes(world: World) -> None:
    """Whichever is first, the case ends up on the agenda of the moved sitting, and its letter is not lost."""
    sitting = world.sitting(THURSDAY)
    first, second = (world.walk(world.filled(SPB), "reviewed") for _ in range(2))
    propose(world, sitting, first)
    fresh = Sitting.get_by_id(sitting.id)

    def move() -> None:
        values = {"held_on": dt.date(2026, 3, 26), "begins_at": AT_THREE, "place": "Зал", "reason": "Болезнь."}
        sittings.reschedule(fresh, **values, by=world.cast.secretary, on=world.now)

    assert at_once(move, lambda: propose(world, sitting, second)) == ["done", "done"]
    assert Hearing.select().where(Hearing.sitting == sitting).count() == 2
    assert {Application.get_by_id(case.id).sitting.held_on for case in (first, second)} == {dt.date(2026, 3, 26)}


def test_two_record_a_vote_at_once(world: World) -> None:
    """On one case the later is refused, whatever each has recorded stands whole; on two cases nobody waits for anybody."""
    room = convene(world, SPB, POSITIVE, POSITIVE, size=3)
    room.open()
    room.seat()

    def vote(hearing: Hearing, choice: Choice, motive: str = "") -> None:
        given = {member.id: choice for member in room.members}
        voting.vote(hearing, given, motive=motive, by=world.cast.secretary, on=room.at(5))

    mine, theirs = room.hearing(1), room.hearing(1)
    said = at_once(lambda: vote(mine, Choice.FOR), lambda: vote(theirs, Choice.AGAINST, "Не подтверждено."))
    assert said == sorted(["done", voting.OVERTAKEN])
    assert len({one.choice for one in Vote.select()}) == 1 and Vote.select().count() == 3
    mine, theirs = room.hearing(1), room.hearing(2)
    assert at_once(lambda: vote(mine, Choice.FOR), lambda: vote(theirs, Choice.FOR)) == ["done", "done"]


def test_a_vote_and_the_close_at_once(world: World) -> None:
    """Either the minutes tell the new vote, or the close is refused, or the vote comes too late: nothing in between."""
    room = convene(world, SPB, POSITIVE, size=3)
    room.open()
    room.seat()
    room.vote(1, "+++")
    sitting, hearing = room.fresh(), room.hearing(1)

    def change() -> None:
        given = {member.id: Choice.FOR for member in room.members[:2]}
        voting.vote(hearing, given, by=world.cast.secretary, on=room.at(20))

    said = at_once(change, lambda: session.close_session(sitting, "7", by=world.cast.secretary, on=room.at(20)))
    assert said.count("done") == 1
    told = [case["for"] for made in Minutes.select() for case in made.told["cases"]]
    assert told in ([], [[member.id for member in room.members]])


def test_two_agree_and_close_at_once(world: World) -> None:
    room = convene(world, SPB, POSITIVE, POSITIVE, size=3)
    room.open()
    room.seat()
    one, two = room.fresh(), Sitting.get_by_id(room.sitting.id)

    def agree(sitting: Sitting) -> None:
        voting.agree(sitting, Decision.ESTABLISH, by=world.cast.secretary, on=room.at(5))

    assert at_once(lambda: agree(one), lambda: agree(two)) == sorted(["done", moves.OVERTAKEN])
    one, two = room.fresh(), Sitting.get_by_id(room.sitting.id)

    def close(sitting: Sitting, number: str) -> None:
        session.close_session(sitting, number, by=world.cast.secretary, on=room.at(20))

    assert at_once(lambda: close(one, "7"), lambda: close(two, "8")).count("done") == 1
    assert (Minutes.select().count(), Vote.select().count()) == (1, 6)


VOTES = """
import os, signal, sys
from attestation import models
from attestation.admin.acts.commission import voting
from attestation.models import Hearing, Member, User, utc_now
from attestation.procedure.words import Choice

models.connect(sys.argv[1])
with models.connection():
    hearing = Hearing.get(Hearing.number == 1)
    given = {member.id: Choice.FOR for member in Member.select()}
    voting.vote(hearing, given, by=User.get(User.login == "sekretar"), on=utc_now())
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_was_recorded_outlives_the_server(world: World, database_url: str) -> None:
    """Killed in the middle of the roll-call: the votes recorded so far are there, and another process goes on."""
    room = convene(world, SPB, POSITIVE, POSITIVE, size=3)
    room.open()
    room.seat()
    killed = subprocess.run([sys.executable, "-P", "-c", VOTES, database_url], timeout=60)
    assert killed.returncode == -signal.SIGKILL
    assert [room.hearing(number).decision for number in (1, 2)] == ["establish", ""]
    assert Vote.select().count() == 3
    room.vote(2, "++-")
    assert room.close().number == 1
