"""Destruction by time: a dry run that touches nothing, a list that is confirmed, and going on where it was broken off."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from peewee import IntegrityError

from attestation.admin.acts.control import destruction as acts
from attestation.models import (
    Application,
    CaseEvent,
    CaseFile,
    Complaint,
    Conclusion,
    Correction,
    Destruction,
    DestructionItem,
    FailedSignIn,
    Hearing,
    InspectedCase,
    Inspection,
    Job,
    JournalEntry,
    Letter,
    OneTimeToken,
    Order,
    Paper,
    Record,
    Review,
    Ruling,
    SignIn,
    Slot,
    Subscriber,
    Subscription,
    database,
)
from attestation.procedure.control import Span, Store, store, stores
from attestation.procedure.refusal import Refusal
from attestation.procedure.words import CaseRole
from attestation.site import files
from attestation.site.cases import attachments
from attestation.site.control.stores import SHELVES, due
from attestation.tests.cases import SPB, World

# Five years and a month after the cases of the world.
NOW = dt.datetime(2031, 4, 20, 9, 0, tzinfo=dt.UTC)
ALL = [one.name for one in stores()]
TOLD = (
    "Файлы закрытых дел: папка, документ о прежней категории, доверенность, сканы, расписки, уведомления: 2; "
    "Описи папок закрытых дел; бумажные копии описей уничтожаются по тому же акту: 1"
)
# What is the same on both kinds of database is tried on the quicker one.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def refused(act: Callable[[], Any]) -> str:
    """What the refusal says; no list, line, job or entry came of it."""
    tables: tuple[type[Record], ...] = (Destruction, DestructionItem, Job, JournalEntry)
    before = [list(table.select().order_by(table.id).dicts()) for table in tables]
    with pytest.raises(Refusal) as caught:
        act()
    assert [list(table.select().order_by(table.id).dicts()) for table in tables] == before
    return caught.value.sentence


def counts() -> dict[str, int]:
    """What is over its time at NOW, by store; stores with nothing left out."""
    return {one.name: count for one, count in due(NOW.date()) if count}


def quiet() -> None:
    """Nothing but what a test makes is over its time."""
    Job.delete().execute()
    Letter.delete().execute()


def concluded(world: World) -> Application:
    """A case with a conclusion that was closed on 24 March 2026."""
    case = world.walk(world.filled(SPB), "withdrawn")
    review = world.entrust(case, world.experts[0], CaseRole.MAIN_EXPERT)
    Conclusion.create(review=review, number=1, outcome="positive", signature="electronic", given_at=world.now)
    Application.update(closed_on=dt.date(2026, 3, 24)).where(Application.id == case.id).execute()
    quiet()
    return Application.get_by_id(case.id)


def carried_out(world: World, names: list[str] = ALL) -> Destruction:
    """A list prepared, confirmed and carried out."""
    by = world.cast.controller
    made = acts.prepare(names, by=by, on=NOW)
    acts.confirm(made, count=made.items.count(), by=by, on=NOW)
    acts.carry_out(made, world.cases_dir, on=NOW)
    return Destruction.get_by_id(made.id)


def outcomes(made: Destruction) -> dict[str, list[tuple[str, int]]]:
    found: dict[str, list[tuple[str, int]]] = {}
    for item in made.items.order_by(DestructionItem.id):
        found.setdefault(item.store, []).append((item.outcome, item.done))
    return found


# --- Times ------------------------------------------------------------------------------------------------------------------


def test_the_times_that_the_source_gives() -> None:
    """Typed by hand from clause 3.1.2.2; the others are the office's own and say so."""
    inventories = store("inventories")
    assert (inventories.number, inventories.unit, inventories.clause) == (5, Span.YEARS, "3.1.2.2")
    assert all(one.remark for one in stores() if not one.clause)
    assert set(SHELVES) == set(ALL)


@pytest.mark.parametrize(
    ("number", "unit", "today", "since"),
    [
        (30, Span.DAYS, dt.date(2026, 3, 31), dt.date(2026, 3, 1)),
        (12, Span.MONTHS, dt.date(2026, 3, 10), dt.date(2025, 3, 10)),
        (1, Span.MONTHS, dt.date(2026, 3, 31), dt.date(2026, 2, 28)),
        (6, Span.MONTHS, dt.date(2026, 1, 15), dt.date(2025, 7, 15)),
        (5, Span.YEARS, dt.date(2028, 2, 29), dt.date(2023, 2, 28)),
    ],
)
def test_what_is_still_kept(number: int, unit: Span, today: dt.date, since: dt.date) -> None:
    assert Store("x", "", "", number, unit, True, "", "").kept_since(today) == since


# --- What is over its time --------------------------------------------------------------------------------------------------


def test_only_what_is_over_its_time_is_counted(world: World) -> None:
    case = concluded(world)
    for day, number in ((dt.date(2031, 3, 24), {}), (dt.date(2031, 3, 25), {"portfolios": 2, "inventories": 1})):
        assert {one.name: count for one, count in due(day) if count} == number
    still_open = world.walk(world.filled(SPB, teacher=world.other_teacher), "received")
    quiet()
    assert counts() == {"portfolios": 2, "inventories": 1}
    assert still_open.closed_on is None
    # The conclusion's own file is none of the portfolio's.
    kept = world.file(case, "conclusion", "Заключение.pdf")
    Conclusion.update(file=kept).where(Conclusion.review.in_(Review.select().where(Review.application == case))).execute()
    assert counts() == {"portfolios": 2, "inventories": 1}


@on_sqlite
def test_an_inventory_of_a_folder_that_came_later_is_kept_longer(world: World) -> None:
    case = concluded(world)
    CaseEvent.update(day=dt.date(2026, 4, 20)).where(
        CaseEvent.application == case, CaseEvent.name == "portfolio_received"
    ).execute()
    assert counts() == {"portfolios": 2}


def test_what_is_being_checked_is_kept(world: World) -> None:
    case = concluded(world)
    asked = {"kind": "unscheduled", "basis": "жалоба", "appointed_by": world.cast.controller, "appointed_at": NOW}
    inspection = Inspection.create(**asked)
    one = InspectedCase.create(inspection=inspection, application=case, place=1)
    assert counts() == {}
    InspectedCase.update(checked_by=world.cast.controller, checked_at=NOW).where(InspectedCase.id == one.id).execute()
    assert counts() == {}
    Inspection.update(closed_by=world.cast.controller, closed_at=NOW).where(Inspection.id == inspection.id).execute()
    assert counts() == {"portfolios": 2, "inventories": 1}


def test_what_a_complaint_or_a_correction_is_about_is_kept(world: World) -> None:
    """About the case, or about an order with a row of it; even when the list was confirmed before."""
    case, by = concluded(world), world.cast.controller
    made = acts.prepare(ALL, by=by, on=NOW)
    acts.confirm(made, count=3, by=by, on=NOW)
    about = {"edition": SPB, "channel": "form", "number": "Ж-1", "received_on": NOW.date()}
    complaint = Complaint.create(**about, status="considered", application=case)
    acts.carry_out(Destruction.get_by_id(made.id), world.cases_dir, on=NOW)
    assert outcomes(made) == {"portfolios": [("kept", 0)] * 2, "inventories": [("kept", 0)]}
    assert counts() == {}
    day = dt.date(2026, 3, 20)
    order = Order.create(title="Об установлении", status="draft")
    sitting = world.sitting(day)
    decided = {"decision": "establish", "decided_at": NOW, "added_at": NOW}
    hearing = Hearing.create(sitting=sitting, application=case, place=1, **decided)
    row = {"number": 1, "surname": "Учителева", "name": "Ольга", "position": "Учитель", "organization": "ГБОУ школа № 1"}
    Ruling.create(order=order, hearing=hearing, category="first", established=True, **row)
    Complaint.update(application=None, order=order).where(Complaint.id == complaint.id).execute()
    assert counts() == {}
    Complaint.update(status="answered").where(Complaint.id == complaint.id).execute()
    assert counts() == {"portfolios": 2, "inventories": 1}
    asked = {"edition": SPB, "number": "И-1", "token": "x" * 32, "full_name": "Ошибкина", "order_number": "1", "errors": "имя"}
    days = {"order_on": day, "received_on": day, "registered_on": day}
    correction = Correction.create(**asked, **days, order=order, status="registered")
    assert counts() == {}
    Correction.update(status="declined", closed_on=day, reason="нет").where(Correction.id == correction.id).execute()
    assert counts() == {"portfolios": 2, "inventories": 1}


@on_sqlite
def test_a_content_that_a_killed_process_had_put_aside_goes_too(world: World) -> None:
    case = concluded(world)
    (sha256, _other) = own_files(world, case)
    path = files.path_of(world.cases_dir, sha256, suffix="")
    path.rename(path.with_name(f".{sha256}.0badcafe.gone"))
    carried_out(world)
    assert list(path.parent.glob(f"*{sha256}*")) == []


@on_sqlite
def test_drafts_that_nobody_touches(world: World) -> None:
    world.filled(SPB)
    fresh = world.filled(SPB, teacher=world.other_teacher, changed_at=dt.datetime(2030, 4, 20, tzinfo=dt.UTC))
    returned = world.filled(SPB, number="2026-000009-1", filed_on=dt.date(2026, 3, 10))
    quiet()
    assert counts() == {"draft_files": 2, "drafts": 1}
    assert {fresh, returned} <= set(Application.select())


def test_letters_sessions_tokens_and_jobs(world: World) -> None:
    quiet()
    for days, state in ((400, "sent"), (400, "failed"), (300, "sent")):
        moment = NOW - dt.timedelta(days=days)
        letter = {"user": world.teacher, "name": "x", "subject": "Тема", "body": "Текст", "state": state, "created_at": moment}
        Letter.create(**letter, channel="email", address="a@example.org", sent_at=moment if state == "sent" else None)
        Letter.create(**letter, channel="cabinet", sent_at=moment if state == "sent" else None)
    for days in (29, 31, 200):
        moment = NOW - dt.timedelta(days=days)
        SignIn.create(token_hash=f"{days:064d}", user=world.teacher, started_at=moment, seen_at=moment)
        FailedSignIn.create(account_hash="a" * 64, origin_hash="b" * 64, at=moment)
        OneTimeToken.create(purpose="confirm", token_hash=f"{days:064d}", email="a@example.org", expires_at=moment)
        Job.create(kind="search", target=0, state="done", finished_at=moment)
        Job.create(kind="search", target=0, state="queued", queued_at=moment)
    assert counts() == {"letters": 1, "sessions": 1, "failed_sign_ins": 2, "tokens": 2, "jobs": 1}
    made = carried_out(world)
    assert outcomes(made) == {
        "letters": [("destroyed", 1)],
        "sessions": [("destroyed", 1)],
        "failed_sign_ins": [("destroyed", 2)],
        "tokens": [("destroyed", 2)],
        "jobs": [("destroyed", 1)],
    }
    assert counts() == {}
    assert Letter.select().count() == 6
    wiped = Letter.get(Letter.body == "")
    assert (wiped.channel, wiped.state, wiped.subject) == ("email", "sent", "Тема")
    assert (SignIn.select().count(), Job.select().where(Job.state == "queued", Job.kind == "search").count()) == (2, 3)


# --- List, confirmation -----------------------------------------------------------------------------------------------------


def test_a_list_touches_nothing(world: World) -> None:
    case = concluded(world)
    made = acts.prepare(ALL, by=world.cast.controller, on=NOW)
    lines = [(item.store, item.about, item.sha256, item.count) for item in made.items.order_by(DestructionItem.id)]
    hashes = [file.sha256 for file in CaseFile.select().where(CaseFile.application == case).order_by(CaseFile.id)]
    number = case.number
    assert lines == [
        ("portfolios", f"Заявление № {number}: документ папки", hashes[0], 1),
        ("portfolios", f"Заявление № {number}: документ папки", hashes[1], 1),
        ("inventories", f"Заявление № {number}: опись (2\N{NO-BREAK SPACE}строки) и её бумажная копия", "", 1),
    ]
    assert CaseFile.select().where(CaseFile.application == case).count() == 2
    assert (made.state, made.day) == ("prepared", dt.date(2031, 4, 20))
    assert Job.select().count() == 0


def test_preparing_is_refused(world: World) -> None:
    by = world.cast.controller
    quiet()
    assert refused(lambda: acts.prepare(ALL, by=by, on=NOW)) == "Уничтожать нечего: сроки хранения не вышли."
    concluded(world)
    assert refused(lambda: acts.prepare([], by=by, on=NOW)) == "Отметьте, что уничтожить."
    assert refused(lambda: acts.prepare(["orders"], by=by, on=NOW)) == "Отметьте, что уничтожить."
    assert refused(lambda: acts.prepare(ALL, by=world.cast.admin, on=NOW)).startswith("Вам недоступно: уничтожение")
    acts.prepare(ALL, by=by, on=NOW)
    assert refused(lambda: acts.prepare(ALL, by=by, on=NOW)).startswith("Есть список на уничтожение")
    with pytest.raises(IntegrityError), database.atomic():
        Destruction.create(day=NOW.date(), prepared_by=by, prepared_at=NOW)


@on_sqlite
def test_confirming_is_refused(world: World) -> None:
    concluded(world)
    by = world.cast.controller
    made = acts.prepare(ALL, by=by, on=NOW)
    behind = Destruction.get_by_id(made.id)
    assert refused(lambda: acts.confirm(made, count=2, by=by, on=NOW)).startswith("С этим списком уже")
    assert refused(lambda: acts.confirm(made, count=3, by=world.cast.chairperson, on=NOW)).startswith("Вам недоступно")
    acts.confirm(made, count=3, by=by, on=NOW)
    assert refused(lambda: acts.confirm(behind, count=3, by=by, on=NOW)).startswith("С этим списком уже")
    assert refused(lambda: acts.drop(behind, by=by, on=NOW)).startswith("С этим списком уже")
    assert [(job.kind, job.target) for job in Job.select()] == [("destruction", made.id)]


@on_sqlite
def test_a_dropped_list_destroys_nothing(world: World) -> None:
    concluded(world)
    by = world.cast.controller
    made = acts.prepare(ALL, by=by, on=NOW)
    acts.drop(made, by=by, on=NOW)
    acts.carry_out(made, world.cases_dir, on=NOW)
    assert counts() == {"portfolios": 2, "inventories": 1}
    assert acts.prepare(ALL, by=by, on=NOW).id != made.id


@on_sqlite
def test_what_is_not_confirmed_is_not_carried_out(world: World) -> None:
    concluded(world)
    made = acts.prepare(ALL, by=world.cast.controller, on=NOW)
    acts.carry_out(made, world.cases_dir, on=NOW)
    assert counts() == {"portfolios": 2, "inventories": 1}
    assert Destruction.get_by_id(made.id).state == "prepared"


# --- Carrying out -----------------------------------------------------------------------------------------------------------


def on_disk(world: World, hashes: list[str]) -> list[bool]:
    return [files.path_of(world.cases_dir, sha256, suffix="").exists() for sha256 in hashes]


def own_files(world: World, case: Application) -> list[str]:
    """The case's files get contents that no other case has; their hashes."""
    for number, file in enumerate(CaseFile.select().where(CaseFile.application == case), 1):
        data = world.pdf + f"\n% {case.id} {number}".encode()
        sha256 = files.freeze(world.cases_dir, data, suffix="")
        CaseFile.update(sha256=sha256, size=len(data)).where(CaseFile.id == file.id).execute()
    return [file.sha256 for file in CaseFile.select().where(CaseFile.application == case).order_by(CaseFile.id)]


def test_a_confirmed_list_is_destroyed_and_nothing_else(world: World) -> None:
    case, other = concluded(world), world.walk(world.filled(SPB, teacher=world.other_teacher), "received")
    quiet()
    hashes = own_files(world, case)
    conclusions, entries = Conclusion.select().count(), JournalEntry.select().count()
    others = [file.sha256 for file in CaseFile.select().where(CaseFile.application == other)]
    made = carried_out(world)
    assert outcomes(made) == {"portfolios": [("destroyed", 1)] * 2, "inventories": [("destroyed", 1)]}
    assert on_disk(world, hashes) == [False, False]
    assert on_disk(world, others) == [True] * len(others)
    assert not CaseFile.select().where(CaseFile.application == case).exists()
    assert not Paper.select().where(Paper.application == case).exists()
    assert Application.get_by_id(case.id).number == case.number
    assert (Conclusion.select().count(), JournalEntry.select().count()) == (conclusions, entries + 3)
    last = JournalEntry.select().order_by(JournalEntry.id.desc()).first()
    assert (last.verb, last.user, last.details) == ("destroy", None, TOLD)
    assert (made.state, made.done_at) == ("done", NOW)


@on_sqlite
def test_what_was_destroyed_is_in_no_free_page_either(world: World) -> None:
    """Nobody reads a destroyed inventory out of the file of the database, or out of its write-ahead log."""
    case = concluded(world)
    Paper.update(title="Несравненная грамота").where(Paper.application == case).execute()
    path = Path(database.obj.database)

    def told() -> bool:
        return any("Несравненная грамота".encode() in file.read_bytes() for file in path.parent.glob(f"{path.name}*"))

    assert told()
    carried_out(world)
    assert not told()


@on_sqlite
def test_a_content_that_another_case_holds_too_stays(world: World) -> None:
    case, other = concluded(world), world.walk(world.filled(SPB, teacher=world.other_teacher), "received")
    quiet()
    shared = {file.sha256 for file in CaseFile.select().where(CaseFile.application == case)}
    assert shared == {file.sha256 for file in CaseFile.select().where(CaseFile.application == other)}
    carried_out(world)
    assert not CaseFile.select().where(CaseFile.application == case).exists()
    assert on_disk(world, sorted(shared)) == [True] * len(shared)


def test_a_draft_goes_with_its_files_and_its_hour(world: World) -> None:
    draft = world.filled(SPB)
    hashes = own_files(world, draft)
    slot = world.book(draft)
    quiet()
    made = carried_out(world)
    assert outcomes(made) == {"draft_files": [("destroyed", 1)] * 2, "drafts": [("destroyed", 1)]}
    assert Application.get_or_none(Application.id == draft.id) is None
    assert (on_disk(world, hashes), Slot.get_by_id(slot.id).application) == ([False, False], None)


@on_sqlite
def test_what_was_taken_up_again_meanwhile_stays(world: World) -> None:
    draft = world.filled(SPB)
    quiet()
    by = world.cast.controller
    made = acts.prepare(ALL, by=by, on=NOW)
    acts.confirm(made, count=3, by=by, on=NOW)
    Application.update(changed_at=NOW).where(Application.id == draft.id).execute()
    acts.carry_out(made, world.cases_dir, on=NOW)
    assert outcomes(made) == {"draft_files": [("kept", 0)] * 2, "drafts": [("kept", 0)]}
    assert CaseFile.select().where(CaseFile.application == draft).count() == 2


@on_sqlite
def test_an_inventory_whose_files_stay_stays_too(world: World) -> None:
    concluded(world)
    made = carried_out(world, ["inventories"])
    assert outcomes(made) == {"inventories": [("kept", 0)]}
    assert Paper.select().count() == 2


class Killed(Exception):
    """The process ends here."""


PLACES = ("watch", "remove", "throw_away", "settle", "write")


@on_sqlite
@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("after", [0, 1, 2])
def test_broken_off_anywhere_it_is_gone_on_with(world: World, monkeypatch: pytest.MonkeyPatch, place: str, after: int) -> None:
    """Before and after each step of a line; begun anew nothing is left and nothing is told twice."""
    case = concluded(world)
    hashes = own_files(world, case)
    by = world.cast.controller
    made = acts.prepare(ALL, by=by, on=NOW)
    acts.confirm(made, count=3, by=by, on=NOW)
    calls = 0

    def breaking(real: Callable[..., Any]) -> Callable[..., Any]:
        def step(*values: Any, **named: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls > after:
                raise Killed
            return real(*values, **named)

        return step

    with monkeypatch.context() as broken:
        targets = {
            "throw_away": (attachments, "throw_away"),
            "settle": (acts, "_settle"),
            "remove": (type(SHELVES["portfolios"]), "remove"),
            "write": (acts.journal, "write"),
        }
        if place in targets:
            module, name = targets[place]
            broken.setattr(module, name, breaking(getattr(module, name)))
        watch = breaking(lambda: None) if place == "watch" else (lambda: None)
        try:
            acts.carry_out(made, world.cases_dir, on=NOW, watch=watch)
        except Killed:
            assert Destruction.get_by_id(made.id).state == "confirmed"
    made = Destruction.get_by_id(made.id)
    acts.carry_out(made, world.cases_dir, on=NOW)
    acts.carry_out(Destruction.get_by_id(made.id), world.cases_dir, on=NOW)
    assert outcomes(made) == {"portfolios": [("destroyed", 1)] * 2, "inventories": [("destroyed", 1)]}
    assert on_disk(world, hashes) == [False, False]
    told = JournalEntry.select().where(JournalEntry.verb == "destroy")
    assert [entry.details for entry in told] == [TOLD]


@on_sqlite
def test_a_counted_store_is_destroyed_in_portions_and_counted_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    quiet()
    old = NOW - dt.timedelta(days=100)
    Job.insert_many([{"kind": "search", "target": 0, "state": "done", "finished_at": old, "queued_at": old}] * 7).execute()
    monkeypatch.setattr("attestation.site.control.stores.AT_ONCE", 3)
    by = world.cast.controller
    made = acts.prepare(["jobs"], by=by, on=NOW)
    acts.confirm(made, count=1, by=by, on=NOW)
    looks = 0

    def watch() -> None:
        nonlocal looks
        looks += 1
        if looks == 4:
            raise Killed

    with pytest.raises(Killed):
        acts.carry_out(made, world.cases_dir, on=NOW, watch=watch)
    assert Job.select().where(Job.kind == "search").count() == 1
    acts.carry_out(made, world.cases_dir, on=NOW)
    assert outcomes(made) == {"jobs": [("destroyed", 7)]}


def test_the_table_keeps_what_an_act_lists(world: World) -> None:
    concluded(world)
    made = carried_out(world)
    acts.freeze_act(made, sha256="a" * 64, size=10, on=NOW)
    acts.freeze_act(made, sha256="b" * 64, size=10, on=NOW)
    assert Destruction.get_by_id(made.id).act_sha256 == "a" * 64
    mine = DestructionItem.destruction == made
    for act in (
        DestructionItem.update(about="иное").where(mine),
        DestructionItem.delete().where(mine),
        Destruction.update(state="dropped").where(Destruction.id == made.id),
        Destruction.delete().where(Destruction.id == made.id),
    ):
        with pytest.raises(IntegrityError), database.atomic():
            act.execute()


def test_what_nobody_confirmed_and_letters_to_subscribers_go_with_their_addresses(world: World) -> None:
    quiet()
    for name, days, confirmed in (("waits", 1, False), ("over", 3, False), ("reads", 900, True)):
        asked = NOW - dt.timedelta(days=days)
        mailbox = Subscriber.create(email=f"{name}@example.org", seed="0" * 32, created_at=asked)
        token = None if confirmed else f"{mailbox.id:064}"
        told = {"kind": "orders", "asked_at": asked, "confirmed_at": asked if confirmed else None, "token_hash": token}
        Subscription.create(subscriber=mailbox, **told)
    for days, state in ((31, "sent"), (31, "failed"), (31, "queued"), (29, "sent")):
        on = NOW - dt.timedelta(days=days)
        told = {"name": "subscription_published", "channel": "email", "address": mailbox.email, "subject": "О", "body": ""}
        sent = {"state": state, "created_at": on, "sent_at": on if state == "sent" else None, "private": True}
        Letter.create(subscriber=mailbox, **told, **sent)
    assert counts() == {"subscriptions": 1, "subscription_letters": 2}
    carried_out(world, ["subscriptions", "subscription_letters"])
    assert sorted(one.email for one in Subscriber.select()) == ["reads@example.org", "waits@example.org"]
    assert sorted(letter.state for letter in Letter.select()) == ["queued", "sent"]


def test_nothing_of_orders_journal_and_conclusions_is_a_store() -> None:
    reached = {shelf.record for shelf in SHELVES.values()}
    assert reached == {CaseFile, Application, Letter, SignIn, FailedSignIn, OneTimeToken, Subscription, Job}
