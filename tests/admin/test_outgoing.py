"""Records for КАИС КРО and МАИС ЭГУ: asked for by moves, taken out in files, marked as entered, taken back."""

import csv
import datetime as dt
import io
import json
from typing import Any

import pytest
from playhouse.test_utils import count_queries

from attestation.admin.acts import outgoing as acts
from attestation.models import (
    Application,
    CalendarException,
    JournalEntry,
    Order,
    OutgoingBatch,
    OutgoingRecord,
    Representative,
    User,
    utc_now,
)
from attestation.procedure.refusal import Refusal
from attestation.procedure.road import EDITIONS, road
from attestation.site.cases import outgoing, outgoing_file
from attestation.site.dates import day_of
from attestation.tests.cases import LENOBL, NEGATIVE, SPB
from attestation.tests.conftest import NOON, csrf_token
from attestation.tests.inspection import open_page

LATER = NOON + dt.timedelta(hours=1)
# What each move makes to carry over, typed from clauses 2.3, 2.4, 2.15, 3.1.6, 3.2.6, 3.3.6 and 6.2.4.
ASKED = {
    "register": {("kais_kro", "registration"), ("mais_egu", "intake_status")},
    "decline": {("mais_egu", "intake_status")},
    "set_term": {("mais_egu", "term_status")},
    "conclude": {("mais_egu", "review_status")},
    "conclude_second": {("mais_egu", "review_status")},
    "establish": {("mais_egu", "decision"), ("kais_kro", "result")},
    "refuse": {("mais_egu", "decision"), ("kais_kro", "result")},
    "withdraw": {("mais_egu", "withdrawal_status")},
}


@pytest.fixture
def case(world) -> Application:
    """A registered case of the city."""
    return world.walk(world.filled(SPB), "registered")


def records(**columns: Any) -> list[OutgoingRecord]:
    found = OutgoingRecord.select().order_by(OutgoingRecord.id)
    return [one for one in found if all(getattr(one, name) == value for name, value in columns.items())]


def of(system: str) -> OutgoingRecord:
    return next(record for record in records() if record.system == system)


def journal() -> list[tuple[str, str, int, str]]:
    mine = JournalEntry.select().where(JournalEntry.subject == "outgoing").order_by(JournalEntry.id)
    return [(entry.who, entry.verb, entry.subject_id, entry.details) for entry in mine]


def everything(user: User) -> Any:
    return acts.seen_by(user)


# --- What moves ask for -----------------------------------------------------------------------------------------------------


def test_the_data_ask_for_what_the_regulation_names() -> None:
    verbs = {move.verb for move in road("application", SPB).moves}
    asked = {verb: {(row.system, row.name) for row in road("application", SPB).carried_over(verb)} for verb in verbs}
    assert {verb: rows for verb, rows in asked.items() if rows} == ASKED
    assert {row.working_days for row in road("application", SPB).outgoing} == {1}
    assert road("application", LENOBL).outgoing == () == road("application", LENOBL).systems
    assert set(EDITIONS) == {SPB, LENOBL}


@pytest.mark.parametrize(("status", "outcome"), [("established", "positive"), ("refused", NEGATIVE), ("declined", "positive")])
def test_every_move_of_a_case_asks_in_its_own_transaction(world, status, outcome) -> None:
    case = world.walk(world.filled(SPB), status, outcome=outcome)
    made = [entry.verb.removeprefix("case_") for entry in JournalEntry.select().where(JournalEntry.subject == "application")]
    wanted = sorted((verb, *row) for verb in made for row in ASKED.get(verb, ()))
    assert sorted((one.verb, one.system, one.name) for one in records(application_id=case.id)) == wanted
    assert {(one.status, one.edition, one.order_id) for one in records()} == {("waiting", SPB, None)}


def test_a_case_of_the_oblast_asks_for_nothing(world) -> None:
    world.walk(world.filled(LENOBL), "established")
    assert records() == []


def test_the_last_day_is_the_next_working_one(case, world) -> None:
    # NOON is Tuesday, 10 March 2026.
    assert {record.due_on for record in records()} == {dt.date(2026, 3, 11)}
    friday = dt.datetime(2026, 3, 13, 12, tzinfo=dt.UTC)
    before = len(records())
    world.step(case, "set_term", on=friday)
    assert [record.due_on for record in records()[before:]] == [dt.date(2026, 3, 16)]
    CalendarException.create(day=dt.date(2026, 3, 16), working=False, note="перенос")
    assert outgoing.count_anew() == 1
    assert [record.due_on for record in records()[before:]] == [dt.date(2026, 3, 17)]
    assert outgoing.count_anew() == 0


def test_what_is_entered_keeps_its_last_day(case, world) -> None:
    acts.mark(of("kais_kro"), by=world.cast.reception, on=LATER)
    CalendarException.create(day=dt.date(2026, 3, 11), working=False, note="перенос")
    assert outgoing.count_anew() == 1
    assert {record.system: record.due_on for record in records()} == {
        "kais_kro": dt.date(2026, 3, 11),
        "mais_egu": dt.date(2026, 3, 12),
    }


def test_what_is_left_is_counted_by_its_day(case, world) -> None:
    every = OutgoingRecord.select()
    assert outgoing.counted(every, dt.date(2026, 3, 10)) == outgoing.Left(2, 0, 0)
    assert outgoing.counted(every, dt.date(2026, 3, 11)) == outgoing.Left(2, 2, 0)
    assert outgoing.counted(every, dt.date(2026, 3, 12)) == outgoing.Left(2, 0, 2)
    assert outgoing.counted(every.where(OutgoingRecord.system == "no"), dt.date(2026, 3, 12)) == outgoing.Left(0, 0, 0)


# --- Marks ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("who", ["secretary", "reception"])
def test_a_record_is_marked_and_taken_back(case, world, who) -> None:
    by = getattr(world.cast, who)
    marked = acts.mark(of("kais_kro"), by=by, on=LATER)
    assert (marked.status, marked.settled_at, marked.settled_by) == ("recorded", LATER, by)
    back = acts.take_back(marked, reason="Отмечена не та", by=by, on=LATER)
    assert (back.status, back.settled_at, back.settled_by, back.batch) == ("waiting", None, None, None)
    assert journal() == [
        (str(by), "mark_recorded", back.id, ""),
        (str(by), "take_record_back", back.id, "Отмечена не та"),
    ]


def test_of_two_clerks_the_second_is_told(case, world) -> None:
    first, second = of("kais_kro"), of("kais_kro")
    acts.mark(first, by=world.cast.secretary, on=LATER)
    with pytest.raises(Refusal, match="уже что-то сделали"):
        acts.mark(second, by=world.cast.reception, on=LATER)
    with pytest.raises(Refusal, match="сейчас невозможно: запись в состоянии «Внесена в систему»"):
        acts.mark(of("kais_kro"), by=world.cast.reception, on=LATER)
    assert len(journal()) == 1


def test_to_take_back_needs_a_reason_and_something_to_undo(case, world) -> None:
    with pytest.raises(Refusal, match="сейчас невозможно"):
        acts.take_back(of("kais_kro"), reason="Ошибка", by=world.cast.secretary, on=LATER)
    marked = acts.mark(of("kais_kro"), by=world.cast.secretary, on=LATER)
    with pytest.raises(Refusal, match="требует указать причину"):
        acts.take_back(marked, reason=" ", by=world.cast.secretary, on=LATER)
    assert of("kais_kro").status == "recorded"


@pytest.mark.parametrize("who", ["publisher", "admin", "leader", "expert", "deputy", "chairperson", "controller", "departed"])
def test_others_have_no_business_with_them(case, world, who) -> None:
    by = getattr(world.cast, who)
    last = records()[-1].id
    batch = acts.export("kais_kro", last=last, count=1, by=world.cast.secretary, on=LATER)
    before = journal()
    for act in (
        lambda: acts.mark(of("mais_egu"), by=by, on=LATER),
        lambda: acts.take_back(of("kais_kro"), reason="Ошибка", by=by, on=LATER),
        lambda: acts.mark_all(everything(by), last=last, count=2, by=by, on=LATER),
        lambda: acts.export("mais_egu", last=last, count=1, by=by, on=LATER),
        lambda: acts.take_back_all(batch, reason="Ошибка", count=1, by=by, on=LATER),
    ):
        with pytest.raises(Refusal, match="Вам недоступно"):
            act()
    assert journal() == before
    assert [(one.system, one.status) for one in records()] == [("kais_kro", "exported"), ("mais_egu", "waiting")]
    assert OutgoingBatch.select().count() == 1


def test_nobody_enters_a_case_of_their_own(case, world) -> None:
    Representative.create(
        application=case, user=world.cast.secretary, full_name="Секретарева", document="доверенность", added_at=NOON
    )
    with pytest.raises(Refusal, match="в котором вы участвуете сами"):
        acts.mark(of("kais_kro"), by=world.cast.secretary, on=LATER)
    assert list(everything(world.cast.secretary)) == []
    assert len(list(everything(world.cast.reception))) == 2


def test_many_are_marked_if_they_are_those_that_were_seen(case, world) -> None:
    other = world.walk(world.filled(SPB, teacher=world.other_teacher), "registered")
    by, last = world.cast.reception, records()[-1].id
    with pytest.raises(Refusal, match="список записей изменился"):
        acts.mark_all(everything(by), last=last, count=3, by=by, on=LATER)
    with pytest.raises(Refusal, match="список записей изменился"):
        acts.mark_all(everything(by), last=0, count=0, by=by, on=LATER)
    assert {one.status for one in records()} == {"waiting"} and journal() == []
    # What has come since is not among those that were seen.
    world.step(other, "set_term")
    assert acts.mark_all(everything(by), last=last, count=4, by=by, on=LATER) == 4
    assert [one.status for one in records()] == ["recorded"] * 4 + ["waiting"]
    assert [verb for _, verb, _, _ in journal()] == ["mark_recorded"] * 4


# --- Files ------------------------------------------------------------------------------------------------------------------


def test_what_waits_for_a_system_goes_out_once(case, world) -> None:
    by, last = world.cast.secretary, records()[-1].id
    with pytest.raises(Refusal, match="список записей изменился"):
        acts.export("kais_kro", last=last, count=2, by=by, on=LATER)
    with pytest.raises(Refusal, match="Такой системы нет"):
        acts.export("nonsense", last=last, count=1, by=by, on=LATER)
    assert OutgoingBatch.select().count() == 0
    batch = acts.export("kais_kro", last=last, count=1, by=by, on=LATER)
    assert (batch.system, batch.made_by, [one.id for one in batch.records]) == ("kais_kro", by, [of("kais_kro").id])
    assert [(one.system, one.status) for one in records()] == [("kais_kro", "exported"), ("mais_egu", "waiting")]
    with pytest.raises(Refusal, match="список записей изменился"):
        acts.export("kais_kro", last=last, count=1, by=by, on=LATER)
    assert journal() == [(str(by), "export_record", of("kais_kro").id, f"выгрузка {batch.id}")]


def test_a_file_that_was_not_accepted_waits_again_without_what_is_entered(case, world) -> None:
    world.walk(world.filled(SPB, teacher=world.other_teacher), "registered")
    by, last = world.cast.secretary, records()[-1].id
    batch = acts.export("mais_egu", last=last, count=2, by=by, on=LATER)
    first, second = batch.records.order_by(OutgoingRecord.id)
    acts.mark(first, by=by, on=LATER)
    with pytest.raises(Refusal, match="Причина"):
        acts.take_back_all(batch, reason="", count=1, by=by, on=LATER)
    with pytest.raises(Refusal, match="список записей изменился"):
        acts.take_back_all(batch, reason="Файл не приняли", count=2, by=by, on=LATER)
    assert acts.take_back_all(batch, reason="Файл не приняли", count=1, by=by, on=LATER) == 1
    assert [(one.id, one.status) for one in batch.records] == [(first.id, "recorded")]
    assert OutgoingRecord.get_by_id(second.id).status == "waiting"


def test_a_file_says_what_is_to_be_entered(case, world, make_order) -> None:
    Application.update(surname="=СУММ(A1)").where(Application.id == case.id).execute()
    OutgoingRecord.update(order=make_order()).where(OutgoingRecord.system == "kais_kro").execute()
    batch = acts.export("kais_kro", last=records()[-1].id, count=1, by=world.cast.secretary, on=LATER)
    mine = acts.seen_by(world.cast.secretary).where(OutgoingRecord.batch == batch)
    titles, line = outgoing_file.table(mine)
    said = dict(zip(titles, line, strict=True))
    assert said == {
        "Запись": str(of("kais_kro").id),
        "Что передать": "Регистрация заявления",
        "Состояние": "Зарегистрировано",
        "Дата события": "10.03.2026",
        "Внести до": "11.03.2026",
        "Заявление": case.number,
        "Подано": "10.03.2026",
        "Фамилия": "'=СУММ(A1)",
        "Имя": "Вера",
        "Отчество": "Павловна",
        "Дата рождения": "07.03.1985",
        "Должность": "Учитель математики",
        "Организация": "ГБОУ школа № 901 г. Образцова",
        "Категория": "первая",
        "Распоряжение": "1016-р",
        "Дата распоряжения": "13.04.2021",
        "Какое распоряжение изменено": "",
    }
    whole = json.loads(outgoing_file.as_json(batch, mine))
    assert (whole["system"], whole["batch"], len(whole["records"])) == ("КАИС КРО", batch.id, 1)
    assert (whole["records"][0]["surname"], whole["records"][0]["born_on"]) == ("=СУММ(A1)", "1985-03-07")


# --- The desk ---------------------------------------------------------------------------------------------------------------


def late_by(days: int) -> None:
    """The last day of every record, so many days ago."""
    OutgoingRecord.update(due_on=day_of(utc_now()) - dt.timedelta(days=days)).execute()


def submitted(client, address: str, **values: object):
    token = csrf_token(client, address)
    return client.post(address, data={"csrf_token": token, **values})


def test_the_list_shows_what_is_pressing(case, world, sign_in) -> None:
    client = sign_in(world.cast.secretary)
    late_by(1)
    main = open_page(client, "/admin/outgoing/").main.text
    assert "Не внесены: 2" in main and "Срок нарушен: 2" in main and "Регистрация заявления" in main
    assert "Найдено: 1" in open_page(client, "/admin/outgoing/?system=kais_kro").main.text
    assert "Найдено: 2" in open_page(client, "/admin/outgoing/?due=late").main.text
    assert "Найдено: 0" in open_page(client, "/admin/outgoing/?due=today").main.text
    assert "Найдено: 2" in open_page(client, f"/admin/outgoing/?search={case.number}").main.text
    assert "Найдено: 0" in open_page(client, "/admin/outgoing/?done=1").main.text
    acts.mark(of("kais_kro"), by=world.cast.secretary, on=LATER)
    assert "Внесена в систему" in open_page(client, "/admin/outgoing/?done=1").main.text
    lines = list(csv.reader(io.StringIO(client.get("/admin/outgoing/export.csv").text.lstrip("\ufeff")), delimiter=";"))
    assert lines[0] == ["О чём", "Что передать", "Система", "Внести до", "Состояние", "Выгрузка"]
    assert [line[:3] for line in lines[1:]] == [[f"№ {case.number}", "Статус: приём документов", "МАИС ЭГУ"]]


def test_a_record_about_an_order_alone(make_order, world, sign_in) -> None:
    """It is found by the order's number, leads to the order, goes out in a file; the queries do not grow with such records."""
    amended = make_order()
    for number in ("77-р", "78-р", "79-р"):
        order = make_order(number, kind="amendment", amends=amended)
        outgoing.ask_of(order, "publish", SPB, NOON)
    client, record = sign_in(world.cast.secretary), records(name="result_amended")[0]
    assert "распоряжение № 77-р от 13.04.2021" in open_page(client, "/admin/outgoing/?search=77-Р").main.text
    assert "Найдено: 2" in open_page(client, "/admin/outgoing/?search=№77").main.text
    assert "Найдено: 3" in open_page(client, "/admin/outgoing/?name=result_amended").main.text
    page = open_page(client, f"/admin/outgoing/{record.id}/").main
    assert page.one("a", href=f"/admin/orders/{record.order_id}/").text == "распоряжение № 77-р от 13.04.2021"
    assert "Изменение результата" in page.text and "пункт 2.3" in page.text
    mine = acts.seen_by(world.cast.secretary)
    with count_queries() as counter:
        lines = outgoing_file.table(mine)
    assert (len(lines), counter.count) == (7, 1)
    assert {line[-1] for line in lines[1:]} == {"№ 1016-р от 13.04.2021"}


def test_today_says_what_is_due(case, world, sign_in) -> None:
    late_by(0)
    main = open_page(sign_in(world.cast.reception), "/admin/today/").main.text
    assert "Внешние системы 2" in main and "Последний день сегодня: 2" in main
    assert "Внешние системы" not in open_page(sign_in(world.cast.deputy), "/admin/today/").main.text


def test_one_record_is_marked_and_taken_back_at_its_page(case, world, sign_in) -> None:
    client, address = sign_in(world.cast.reception), f"/admin/outgoing/{of('kais_kro').id}/"
    page = open_page(client, address).main.text
    assert "Чернильницына" in page and "пункт 2.15" in page
    token = csrf_token(client, address)
    assert client.post(f"{address}mark/", data={"csrf_token": token}).status_code == 302
    refused = client.post(f"{address}mark/", data={"csrf_token": token})
    assert refused.status_code == 409 and "сейчас невозможно" in refused.text
    refused = client.post(f"{address}take-back/", data={"csrf_token": token, "reason": ""})
    assert refused.status_code == 409 and "требует указать причину" in refused.text
    assert client.post(f"{address}take-back/", data={"csrf_token": token, "reason": "Не та"}).status_code == 302
    assert of("kais_kro").status == "waiting"
    assert client.get("/admin/outgoing/999999/").status_code == 404


def test_a_file_is_taken_out_marked_and_called_back_at_the_desk(case, world, sign_in) -> None:
    client, last = sign_in(world.cast.secretary), records()[-1].id
    address = "/admin/outgoing/export/?system=mais_egu"
    assert "Ждут передачи: 1 запись" in open_page(client, address).main.text
    stale = submitted(client, address, last=last, count=7)
    assert stale.status_code == 409 and "список записей изменился" in stale.text
    answer = submitted(client, address, last=last, count=1)
    batch = OutgoingBatch.get()
    assert answer.location.endswith(f"/admin/outgoing/batches/{batch.id}/")
    page = f"/admin/outgoing/batches/{batch.id}/"
    assert "Статус: приём документов" in open_page(client, page).main.text
    file = client.get(f"{page}records.csv")
    assert file.headers["Content-Disposition"] == f"attachment; filename=mais_egu-{batch.id}.csv"
    assert case.number in file.text and file.text.startswith("\ufeff")
    assert json.loads(client.get(f"{page}records.json").text)["records"][0]["application"] == case.number
    token = csrf_token(client, page)
    back = client.post(f"{page}take-back/", data={"csrf_token": token, "reason": "Не приняли", "count": 1})
    assert (back.status_code, of("mais_egu").status) == (302, "waiting")
    assert "записей не осталось" in open_page(client, page).main.text
    acts.export("mais_egu", last=last, count=1, by=world.cast.secretary, on=LATER)
    newest = OutgoingBatch.select().order_by(OutgoingBatch.id.desc()).get()
    sure = f"/admin/outgoing/mark/?batch={newest.id}"
    assert "1 запись, о которых" in open_page(client, sure).main.text
    assert submitted(client, sure, last=last, count=1).status_code == 302
    assert [(one.system, one.status) for one in records()] == [("kais_kro", "waiting"), ("mais_egu", "recorded")]


@pytest.mark.parametrize(
    "address", ["/admin/outgoing/", "/admin/outgoing/export/?system=kais_kro", "/admin/outgoing/mark/?system=kais_kro"]
)
def test_the_number_of_queries_does_not_grow_with_the_records(case, world, sign_in, address) -> None:
    client = sign_in(world.cast.secretary)
    client.get(address)
    with count_queries() as for_few:
        client.get(address)
    for teacher in (world.teacher, world.other_teacher, world.teacher):
        world.walk(world.filled(SPB, teacher=teacher), "registered")
    with count_queries() as for_many:
        client.get(address)
    assert for_many.count == for_few.count <= 16


def test_empty_lists_say_so(world, sign_in) -> None:
    client = sign_in(world.cast.secretary)
    assert "Записей нет" in open_page(client, "/admin/outgoing/").main.text
    assert "ничего не ждёт" in open_page(client, "/admin/outgoing/export/").main.text
    assert "ещё не внесённых, нет" in open_page(client, "/admin/outgoing/mark/").main.text
    assert Order.select().count() == 0
