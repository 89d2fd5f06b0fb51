"""What follows from a publication: cases closed, letters written, search and data told; each step once."""

import datetime as dt
from collections.abc import Callable

import pytest
from peewee import IntegrityError
from playhouse.test_utils import count_queries

from attestation.admin import worker
from attestation.admin.acts import amendments, orders, publication
from attestation.models import (
    Application,
    CaseEvent,
    Duty,
    Hearing,
    Job,
    JournalEntry,
    Letter,
    Order,
    OutgoingRecord,
    Publication,
    PublicationStep,
    Ruling,
    User,
)
from attestation.procedure.refusal import Refusal
from attestation.site import files
from attestation.site.cases import moves
from attestation.site.search import Query, open_index
from attestation.tests.cases import LENOBL, SPB, World
from attestation.tests.conftest import NOON, csrf_token
from attestation.tests.inspection import open_page

LATER = NOON + dt.timedelta(days=20)
NEXT_DAY = LATER + dt.timedelta(days=1)
Ready = Callable[..., Order]


def decided(world: World, decision: str = "establish", teacher: User | None = None) -> Application:
    """A case of the city that the commission has decided and nobody has told the teacher of."""
    case = world.walk(world.filled(SPB, teacher=teacher), "decided")
    Application.update(decision=decision).where(Application.id == case.id).execute()
    return Application.get_by_id(case.id)


@pytest.fixture
def ready(make_order, world, settings, small_pdf) -> Ready:
    """A registered order with its file, whose rows state the decisions of these cases."""

    def registered(*cases: Application, number: str = "145-р") -> Order:
        rows = [
            (case.surname, case.name, case.patronymic, case.position, case.organization, case.category, not refused(case))
            for case in cases
        ]
        order = make_order(number, dt.date(2026, 3, 27), tuple(rows), status="registered")
        for place, case in enumerate(cases, 1):
            heard = Hearing.get(Hearing.application == case)
            Ruling.update(hearing=heard).where(Ruling.order == order, Ruling.number == place).execute()
        sha256 = files.freeze(settings.files_dir, small_pdf)
        return orders.freeze_pdf(order, sha256=sha256, size=len(small_pdf), pages=1, row_pages={}, on=NOON)

    return registered


def refused(case: Application) -> bool:
    return case.decision == "refuse"


def published(order: Order, world: World) -> Order:
    return orders.publish(order, by=world.cast.publisher, on=LATER)


def close(order: Order, on: dt.datetime = LATER) -> int:
    return publication.close_cases(order, on=on, progress=lambda _done, _total: None)


def again(case: Application) -> Application:
    return Application.get_by_id(case.id)


# --- One act ----------------------------------------------------------------------------------------------------------------


def test_publishing_asks_for_every_step_and_nobody_is_told_before(ready, world) -> None:
    case = decided(world)
    letters = Letter.select().count()
    order = published(ready(case), world)
    mine = Publication.get()
    assert (mine.order_id, mine.by, mine.at) == (order.id, world.cast.publisher, LATER)
    assert [(step.name, step.done_at) for step in mine.steps.order_by(PublicationStep.id)] == [
        ("close_cases", None),
        ("answer_corrections", None),
        ("search", None),
        ("dumps", None),
        ("subscriptions", None),
    ]
    assert [(job.kind, job.target) for job in Job.select().where(Job.kind != "letter").order_by(Job.id)][-5:] == [
        ("close_cases", order.id),
        ("answer_corrections", order.id),
        ("search", order.id),
        ("dumps", order.id),
        ("subscriptions", order.id),
    ]
    assert (again(case).status, Letter.select().count()) == ("decided", letters)


def test_a_publication_that_is_refused_or_breaks_off_leaves_nothing(ready, world, monkeypatch) -> None:
    order = ready(decided(world))
    with pytest.raises(Refusal, match="недоступно"):
        orders.publish(order, by=world.cast.secretary, on=LATER)

    def broken(*_values: object, **_named: object) -> None:
        raise OSError("no space")

    monkeypatch.setattr(publication.jobs, "queue", broken)
    with pytest.raises(OSError, match="no space"):
        published(order, world)
    assert Order.get().status == "registered"
    assert Publication.select().count() == PublicationStep.select().count() == 0
    assert not Job.select().where(Job.kind.in_(list(publication.STEPS))).exists()
    assert not JournalEntry.select().where(JournalEntry.verb == "publish").exists()


# --- Closing the cases ------------------------------------------------------------------------------------------------------


def test_cases_are_closed_as_the_order_states(ready, world) -> None:
    yes, no = decided(world), decided(world, "refuse", world.other_teacher)
    order = published(ready(yes, no), world)
    letters = Letter.select().count()
    assert close(order, NEXT_DAY) == 2
    yes, no = again(yes), again(no)
    assert [(case.status, case.closed_on, case.due_on, case.due_term) for case in (yes, no)] == [
        ("established", dt.date(2026, 3, 31), None, ""),
        ("refused", dt.date(2026, 3, 31), None, ""),
    ]
    # The term of the service ends with the publication, not with the work that follows it.
    days = CaseEvent.select().where(CaseEvent.name == "published").order_by(CaseEvent.application)
    assert [(event.application_id, event.day) for event in days] == [
        (yes.id, dt.date(2026, 3, 30)),
        (no.id, dt.date(2026, 3, 30)),
    ]
    assert not Duty.select().exists()
    told = list(Letter.select().where(Letter.id > letters).order_by(Letter.id))
    assert Letter.select().count() == letters + 4
    assert sorted((letter.application_id, letter.name, letter.channel, letter.state) for letter in told) == [
        (yes.id, "category_established", "cabinet", "sent"),
        (yes.id, "category_established", "email", "queued"),
        (no.id, "category_refused", "cabinet", "sent"),
        (no.id, "category_refused", "email", "queued"),
    ]
    first = min(told, key=lambda letter: (letter.application_id, letter.channel))
    assert f"По заявлению № {yes.number} установлена квалификационная категория: первая." in first.body
    assert "распоряжение № 145-р от 27.03.2026" in first.body
    queued = {letter.id for letter in told if letter.state == "queued"}
    assert queued <= {job.target for job in Job.select().where(Job.kind == "letter", Job.state == "queued")}
    entries = JournalEntry.select().where(JournalEntry.verb.in_(["case_establish", "case_refuse"])).order_by(JournalEntry.id)
    assert sorted((entry.who, entry.verb, entry.subject_id) for entry in entries) == [
        (str(world.cast.publisher), "case_establish", yes.id),
        (str(world.cast.publisher), "case_refuse", no.id),
    ]


def test_closing_twice_does_nothing_twice(ready, world) -> None:
    order = published(ready(decided(world)), world)
    assert close(order) == 1
    before = (Letter.select().count(), JournalEntry.select().count(), OutgoingRecord.select().count(), Job.select().count())
    assert close(order) == 0
    after = (Letter.select().count(), JournalEntry.select().count(), OutgoingRecord.select().count(), Job.select().count())
    assert after == before


def test_the_results_to_carry_over_name_the_order(ready, world) -> None:
    case = decided(world)
    order = published(ready(case), world)
    before = OutgoingRecord.select().count()
    close(order)
    fresh = list(OutgoingRecord.select().order_by(OutgoingRecord.id).offset(before))
    assert [(one.name, one.system, one.order_id, one.due_on) for one in fresh] == [
        ("decision", "mais_egu", order.id, dt.date(2026, 3, 31)),
        ("result", "kais_kro", order.id, dt.date(2026, 3, 31)),
    ]
    earlier = OutgoingRecord.select().where(OutgoingRecord.name == "registration").get()
    assert (earlier.application_id, earlier.order_id) == (case.id, None)


def test_a_case_that_has_changed_is_named_and_does_not_hold_up_the_others(ready, world) -> None:
    fine, reopened, other = (decided(world) for _ in range(3))
    order = ready(fine, reopened, other)
    moves.follow(again(reopened), "sitting.reopen", by=world.cast.secretary, on=LATER)
    Application.update(decision="refuse").where(Application.id == other.id).execute()
    published(order, world)
    with pytest.raises(Refusal) as caught:
        close(order)
    told = caught.value.sentence
    assert f"№ {reopened.number}: Сейчас это невозможно: заявление в состоянии «На заседании комиссии»" in told
    assert f"№ {other.number}: решение в деле не то, что в строке распоряжения" in told
    assert told.endswith("Откройте эти дела, устраните расхождение и повторите шаг.")
    assert [again(case).status for case in (fine, reopened, other)] == ["established", "sitting", "decided"]
    # Put right, they are closed by the same step.
    values = {"decision": "establish", "minutes_number": "3", "minutes_on": LATER.date()}
    moves.follow(again(reopened), "sitting.close", by=world.cast.secretary, on=LATER, **values)
    Application.update(decision="establish").where(Application.id == other.id).execute()
    assert close(order) == 2
    assert {again(case).status for case in (fine, reopened, other)} == {"established"}


def test_an_order_that_is_withdrawn_before_announces_nothing(ready, world) -> None:
    case = decided(world)
    order = published(ready(case), world)
    amendments.withdraw(order, reason="Ошибка в протоколе", by=world.cast.publisher, on=LATER)
    letters = Letter.select().count()
    assert close(order) == 0
    assert (again(case).status, Letter.select().count()) == ("decided", letters)


def test_cases_of_the_oblast_are_closed_before_and_stay_as_they_are(ready, world) -> None:
    case = world.walk(world.filled(LENOBL), "established")
    order = published(ready(case), world)
    before = (again(case).version, Letter.select().count(), OutgoingRecord.select().count())
    assert close(order) == 0
    assert (
        (again(case).version, Letter.select().count(), OutgoingRecord.select().count())
        == before
        == (
            before[0],
            before[1],
            0,
        )
    )


def test_the_number_of_queries_does_not_grow_with_the_cases(ready, world, monkeypatch) -> None:
    few = published(ready(*(decided(world) for _ in range(2))), world)
    with count_queries() as for_two:
        close(few)
    many = published(ready(*(decided(world) for _ in range(6)), number="146-р"), world)
    with count_queries() as for_six:
        assert close(many) == 6
    assert for_six.count == for_two.count <= 45


# --- The worker -------------------------------------------------------------------------------------------------------------


def test_the_worker_does_every_step_and_writes_down_that_it_did(ready, world, settings) -> None:
    order = published(ready(decided(world)), world)
    index = open_index(settings.index_dir, show_refusals=False)
    worker.run_pending(settings, index)
    assert [step.state for step in publication.shown(order)] == ["done"] * 5
    assert index.search(Query("Чернильницына")).total == 1
    assert again(Application.get()).status == "established"
    index.close()


def test_a_step_that_failed_is_told_and_begun_again(ready, world, settings, monkeypatch) -> None:
    case = decided(world)
    order = ready(case)
    Application.update(decision="refuse").where(Application.id == case.id).execute()
    published(order, world)
    index = open_index(settings.index_dir, show_refusals=False)
    worker.run_pending(settings, index)
    first, *others = publication.shown(order)
    assert (first.name, first.state) == ("close_cases", "failed")
    assert [one.state for one in others] == ["done"] * 4
    assert "решение в деле не то" in first.error
    Application.update(decision="establish").where(Application.id == case.id).execute()
    with pytest.raises(Refusal, match="недоступно"):
        publication.retry(order, "close_cases", by=world.cast.reception, on=LATER)
    publication.retry(order, "close_cases", by=world.cast.secretary, on=LATER)
    assert publication.shown(order)[0].state == "queued"
    with pytest.raises(Refusal, match="уже выполняется"):
        publication.retry(order, "close_cases", by=world.cast.secretary, on=LATER)
    worker.run_pending(settings, index)
    assert [step.state for step in publication.shown(order)] == ["done"] * 5
    with pytest.raises(Refusal, match="уже сделан"):
        publication.retry(order, "close_cases", by=world.cast.secretary, on=LATER)
    assert [entry.details for entry in JournalEntry.select().where(JournalEntry.verb == "retry_step")] == [
        "Дела закрыты, письма педагогам составлены"
    ]
    index.close()


def test_a_new_start_takes_up_what_was_left(ready, world) -> None:
    order = published(ready(decided(world)), world)
    assert publication.take_up() == 0
    Job.update(state="failed", error="Внутренняя ошибка.").where(Job.kind == "close_cases").execute()
    Job.delete().where(Job.kind == "dumps").execute()
    assert [step.state for step in publication.shown(order)] == ["failed", "queued", "queued", "failed", "queued"]
    assert publication.take_up() == 2
    assert [step.state for step in publication.shown(order)] == ["queued"] * 5


# --- The page of the order --------------------------------------------------------------------------------------------------


def test_the_page_of_the_order_tells_the_steps_and_begins_a_failed_one_again(ready, world, app, sign_in) -> None:
    order = published(ready(decided(world)), world)
    PublicationStep.update(done_at=LATER).where(PublicationStep.name == "dumps").execute()
    Job.update(state="running", done=1, total=4).where(Job.kind == "search").execute()
    Job.update(state="failed", error="Закрыты не все дела.").where(Job.kind == "close_cases").execute()
    address = f"/admin/orders/{order.id}/"
    client = sign_in(world.cast.secretary)
    told = open_page(client, address).main.text
    assert "Дела закрыты, письма педагогам составлены не получилось Закрыты не все дела. Повторить" in told
    assert "Строки находит поиск выполняется 1 из 4" in told
    assert "Открытые данные обновлены сделано 30.03.2026" in told
    # Who only reads orders is told, and has no button.
    told = open_page(sign_in(world.cast.deputy), address).main.text
    assert "Закрыты не все дела." in told and "Повторить" not in told
    token = csrf_token(client, address)
    again = client.post(f"{address}steps/close_cases/", data={"csrf_token": token})
    assert (again.status_code, again.location) == (302, address)
    assert publication.shown(order)[0].state == "queued"
    refused = client.post(f"{address}steps/dumps/", data={"csrf_token": token})
    assert refused.status_code == 409 and "уже сделан" in refused.text
    assert client.post(f"{address}steps/nonsense/", data={"csrf_token": token}).status_code == 404


def test_an_order_that_was_brought_in_as_published_tells_of_no_steps(make_order, world, app, sign_in) -> None:
    told = open_page(sign_in(world.cast.secretary), f"/admin/orders/{make_order().id}/").main.text
    assert "Что следует за публикацией" not in told


def test_a_withdrawn_order_lets_its_decisions_go(ready, world) -> None:
    """Another order may state them; the rows say otherwise what they said."""
    case = decided(world)
    order = published(ready(case), world)
    (before,) = Ruling.select().where(Ruling.order == order)
    amendments.withdraw(order, reason="Издано по ошибке.", by=world.cast.publisher, on=NEXT_DAY)
    (row,) = Ruling.select().where(Ruling.order == order)
    assert {**before.__data__, "hearing": None} == row.__data__
    second = ready(case, number="146-р")
    assert Ruling.get(Ruling.order == second).hearing.application == case
    with pytest.raises(IntegrityError, match="not changed"):
        Ruling.update(surname="Иной").where(Ruling.id == row.id).execute()
