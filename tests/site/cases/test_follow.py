"""Many cases moved by one act: what it leaves behind is what the same moves one by one would have left."""

import datetime as dt

import pytest
from playhouse.test_utils import count_queries

from attestation import models
from attestation.models import Application, CaseEvent, Duty, Job, JournalEntry, Letter, Representative, User
from attestation.procedure.refusal import Refusal
from attestation.procedure.words import CaseRole
from attestation.site import jobs
from attestation.site.cases import moves
from attestation.site.cases.people import holders, holders_in
from attestation.site.dates import day_of
from attestation.site.letters.figures import figures_of, figures_of_all
from attestation.tests.cases import SPB, World

FIGURES = {"order_number": "145-р", "order_on": "27.03.2026"}
CLOSED = {"decision": "establish", "minutes_number": "3", "minutes_on": dt.date(2026, 3, 24)}
LATER = dt.datetime(2026, 3, 30, 9, tzinfo=dt.UTC)


@pytest.fixture
def decided(world: World) -> list[Application]:
    """Two cases to be established and one to be refused, by two teachers."""
    cases = [
        world.walk(world.filled(SPB, teacher=who), "decided") for who in (world.teacher, world.other_teacher, world.teacher)
    ]
    Application.update(decision="refuse").where(Application.id == cases[2].id).execute()
    return [Application.get_by_id(case.id) for case in cases]


def traces(case: Application) -> dict[str, object]:
    """Everything that a move leaves in a case, but numbers of records."""
    now = Application.get_by_id(case.id)
    letters = Letter.select().where(Letter.application == case).order_by(Letter.name, Letter.channel)
    return {
        "case": (now.status, now.version, now.closed_on, now.due_on, now.due_term, now.changed_at),
        "events": sorted((one.name, one.day) for one in CaseEvent.select().where(CaseEvent.application == case)),
        "duties": sorted((one.role, one.verb) for one in Duty.select().where(Duty.application == case)),
        "journal": [one.verb for one in JournalEntry.select().where(JournalEntry.subject_id == case).order_by(JournalEntry.id)],
        "letters": [
            (one.name, one.role, one.channel, one.address, one.state, one.next_try_at, one.sent_at, one.attempts)
            for one in letters
        ],
        "texts": [one.body.replace(now.number, "№") for one in letters],
        "jobs": Job.select().where(Job.kind == "letter", Job.target.in_([one.id for one in letters])).count(),
    }


def follow_all(cases: list[Application], world: World) -> dict[int, Refusal]:
    return moves.follow_all(cases, "order.publish", by=world.cast.publisher, on=LATER, figures=FIGURES)


def test_together_they_leave_what_one_by_one_they_would(world: World, decided: list[Application]) -> None:
    twin = world.walk(world.filled(SPB), "decided")
    moves.follow(twin, "order.publish", by=world.cast.publisher, on=LATER, figures=FIGURES)
    assert follow_all(decided, world) == {}
    assert [case.status for case in decided] == ["established", "established", "refused"]
    assert traces(decided[0]) == traces(twin)
    told = Letter.select().where(Letter.application == decided[2], Letter.name.startswith("category"))
    assert [(one.name, one.channel) for one in told.order_by(Letter.id)] == [
        ("category_refused", "cabinet"),
        ("category_refused", "email"),
    ]
    for case in decided:
        assert case.__data__ == Application.get_by_id(case.id).__data__


def test_what_cannot_be_moved_is_told_and_stays(world: World, decided: list[Application]) -> None:
    fine, stale, elsewhere = decided
    moves.hold(Application.get_by_id(stale.id), on=LATER)
    moves.follow(Application.get_by_id(elsewhere.id), "sitting.reopen", by=world.cast.secretary, on=LATER)
    elsewhere = Application.get_by_id(elsewhere.id)
    before = [(dict(case.__data__), traces(case)) for case in (stale, elsewhere)]
    refused = follow_all([fine, stale, elsewhere], world)
    assert {id: refusal.sentence for id, refusal in refused.items()} == {
        stale.id: moves.OVERTAKEN,
        elsewhere.id: "Сейчас это невозможно: заявление в состоянии «На заседании комиссии».",
    }
    assert fine.status == "established"
    assert [(dict(case.__data__), traces(case)) for case in (stale, elsewhere)] == before


def test_a_refusal_takes_the_changes_back(world: World) -> None:
    case = world.walk(world.filled(SPB), "reviewed")
    before = dict(case.__data__)
    with pytest.raises(Refusal, match="Сейчас это невозможно"):
        moves.follow(case, "sitting.close", by=world.cast.secretary, on=LATER, **CLOSED)
    assert case.__data__ == before == Application.get_by_id(case.id).__data__


def test_what_breaks_off_leaves_nothing(world: World, decided: list[Application], monkeypatch: pytest.MonkeyPatch) -> None:
    before = [(dict(case.__data__), traces(case)) for case in decided]

    def broken(*_values: object, **_named: object) -> None:
        raise OSError("no space")

    monkeypatch.setattr(moves.journal, "write_all", broken)
    with pytest.raises(OSError, match="no space"):
        follow_all(decided, world)
    assert [(dict(case.__data__), traces(case)) for case in decided] == before


def test_the_queries_do_not_grow_with_the_cases(world: World, decided: list[Application]) -> None:
    with count_queries() as for_one:
        follow_all(decided[:1], world)
    more = [world.walk(world.filled(SPB), "decided") for _ in range(4)]
    with count_queries() as for_four:
        assert follow_all(more, world) == {}
    assert for_four.count == for_one.count <= 30


# --- The parts of it --------------------------------------------------------------------------------------------------------


def test_holders_of_many_are_those_of_each(world: World) -> None:
    first, second, third, fourth = cases = [world.walk(world.filled(SPB), "review") for _ in range(4)]
    today = day_of(world.now)

    def acting(case: Application, user: User, **columns: object) -> None:
        values = {"full_name": user.full_name, "document": "доверенность", "added_at": world.now, **columns}
        Representative.create(application=case, user=user, **values)

    acting(first, world.proxy, expires_on=today)
    acting(second, world.proxy, expires_on=today - dt.timedelta(days=1))
    acting(third, world.proxy, ended_at=world.now)
    acting(fourth, world.teacher)
    for role in CaseRole:
        assert holders_in(cases, role, today) == {case.id: holders(case, role, today) for case in cases}, role
    assert holders_in(cases, CaseRole.REPRESENTATIVE, today) == {
        first.id: [world.proxy],
        second.id: [],
        third.id: [],
        fourth.id: [],
    }
    User.update(active=False).where(User.id.in_([world.teacher.id, world.proxy.id])).execute()
    assert holders_in(cases, CaseRole.REPRESENTATIVE, today) == {case.id: [] for case in cases}
    assert holders_in(cases, CaseRole.TEACHER, today) == {case.id: [] for case in cases}


def test_figures_of_many_are_those_of_each(world: World) -> None:
    sat = world.walk(world.filled(SPB), "sitting")
    on_paper = world.walk(world.filled(SPB, way="paper", teacher=world.other_teacher), "accepted")
    together = figures_of_all([sat, on_paper])
    assert together == {sat.id: figures_of(sat), on_paper.id: figures_of(on_paper)}
    assert together[sat.id]["sitting_day"] != together[on_paper.id]["sitting_day"] == "не назначено"
    assert together[on_paper.id]["appointment_place"] != together[sat.id]["appointment_place"] == "не назначено"
    plain = figures_of_all([sat], declined=False)[sat.id]
    assert plain == {name: value for name, value in together[sat.id].items() if not name.endswith("_genitive")}


def test_many_jobs_are_asked_for_as_one_is(database: object) -> None:
    jobs.queue_all("search", list(range(1, 1202)))
    line = jobs.line("search", lambda _id: None)
    assert line.storage.queue_size() == Job.select().count() == 1201
    jobs.queue("search", 5000)
    taken = [line.dequeue().data for _ in range(1202)]
    assert taken == [([job.id], {}) for job in Job.select().order_by(Job.id)]
    assert line.dequeue() is None


def test_jobs_of_what_is_rolled_back_are_not_there(database: object) -> None:
    with pytest.raises(OSError, match="no"), models.database.atomic():
        jobs.queue_all("search", [1, 2])
        raise OSError("no")
    assert Job.select().count() == jobs.line("search").storage.queue_size() == 0
