"""Corrections at the desk: a request becomes an amending order, the order closes it; withdrawal; who may what."""

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playhouse.test_utils import count_queries

from attestation.admin.acts import amendments, orders
from attestation.admin.acts import corrections as acts
from attestation.models import CalendarException, Correction, Job, JournalEntry, Letter, Order, Ruling, User, utc_now
from attestation.procedure.refusal import Refusal
from attestation.procedure.working_days import Calendar
from attestation.site.corrections import filing, moves
from attestation.site.dates import day_of
from attestation.tests.conftest import NOON, Cast, MakeOrder, csrf_token
from attestation.tests.inspection import open_page

SPB = "spb-2021-04-13"
SAID = {
    "full_name": "Опечаткина Вера",
    "email": "vera@example.org",
    "order_number": "1016-р",
    "order_on": "13.04.2021",
    "line": "2",
    "errors": "Напечатано «Петрва», правильно «Петрова».",
}
SignInAs = Callable[[User], FlaskClient]


@contextmanager
def refused_without_trace(words: str = ".") -> Iterator[None]:
    """What is done inside is refused, and no row of these tables is another afterwards."""
    records = (Correction, Order, Ruling, JournalEntry, Letter, Job)

    def dump() -> list[list[tuple[object, ...]]]:
        return [[tuple(row) for row in record.select().order_by(record.id).tuples()] for record in records]

    before = dump()
    with pytest.raises(Refusal, match=words):
        yield
    assert dump() == before


@pytest.fixture
def order(make_order: MakeOrder) -> Order:
    return make_order()


@pytest.fixture
def correction(order: Order, cast: Cast) -> Correction:
    made = filing.submit(SAID, token="0123456789abcdef" * 2, edition=SPB, by=None, on=NOON)
    return acts.register(made, order, by=cast.reception, on=NOON)


def test_a_request_becomes_an_amending_order(order: Order, correction: Correction, cast: Cast) -> None:
    drafted = acts.prepare(correction, [2], by=cast.secretary, on=NOON)
    (row,) = Ruling.select().where(Ruling.order == drafted)
    assert (row.number, row.amends.number, row.amends.order) == (1, 2, order)
    assert (correction.status, correction.amending, drafted.amends) == ("preparing", drafted, order)
    assert drafted.basis == f"запрос об исправлении ошибки № {correction.number} от {NOON:%d.%m.%Y}"
    assert [entry.verb for entry in JournalEntry.select().order_by(JournalEntry.id)] == [
        *("correction_submit", "correction_register", "create", "correction_prepare")
    ]


def test_publication_closes_the_request_once(order: Order, correction: Correction, cast: Cast) -> None:
    drafted = acts.prepare(correction, [2], by=cast.secretary, on=NOON)
    given = {"number": "77-р", "registered_on": NOON.date(), "year": NOON.year, "signed_on": NOON.date(), "published_at": NOON}
    file = {name: getattr(order, name) for name in ("pdf_sha256", "pdf_size", "pdf_pages")}
    Order.update(status="published", **given, **file).where(Order.id == drafted.id).execute()
    published = Order.get_by_id(drafted.id)
    assert acts.published(published, on=NOON) == 1
    assert acts.published(published, on=NOON) == 0
    closed = Correction.get_by_id(correction.id)
    assert (closed.status, closed.closed_on, closed.due_on) == ("corrected", NOON.date(), None)
    last = Letter.select().order_by(Letter.id.desc()).get()
    assert "№ 77-р" in last.body and last.path == f"/orders/{NOON.year}/77-%D1%80/"


@pytest.mark.parametrize("who", ["publisher", "editor", "admin", "endorser", "controller", "complaints", "chairperson"])
def test_others_may_not(order: Order, correction: Correction, cast: Cast, who: str) -> None:
    by = getattr(cast, who)
    with refused_without_trace():
        acts.prepare(correction, [2], by=by, on=NOON)
    with refused_without_trace():
        acts.decline(correction, reason="Нет", by=by, on=NOON)
    with refused_without_trace():
        acts.enter(SAID, received_on=NOON.date(), edition=SPB, by=by, on=NOON)


@pytest.mark.parametrize("lines", [[], [99], [1, 99]])
def test_rows_that_are_not_there(correction: Correction, cast: Cast, lines: list[int]) -> None:
    with refused_without_trace():
        acts.prepare(correction, lines, by=cast.secretary, on=NOON)
    assert Correction.get_by_id(correction.id).status == "registered"


def test_the_list_costs_the_same_however_long(app: Flask, correction: Correction, cast: Cast, sign_in: SignInAs) -> None:
    client = sign_in(cast.secretary)

    def cost() -> int:
        with count_queries() as counter:
            assert client.get("/admin/corrections/").status_code == 200
        return counter.count

    one = cost()
    for number in range(4):
        made = filing.submit(SAID, token=f"{number:032x}", edition=SPB, by=None, on=NOON)
        acts.register(made, Order.get(), by=cast.reception, on=NOON)
    assert cost() == one < 20


def test_a_corrected_calendar_moves_the_last_day(correction: Correction, cast: Cast) -> None:
    """NOON is Tuesday, 10 March 2026; seven working days end on the 19th."""
    today = NOON.date()
    assert (correction.due_on, moves.refresh_open(today)) == (dt.date(2026, 3, 19), 0)
    CalendarException.create(day=dt.date(2026, 3, 16), working=False, note="перенос")
    assert moves.refresh_open(today) == 1
    assert Correction.get_by_id(correction.id).due_on == dt.date(2026, 3, 20)
    acts.decline(Correction.get_by_id(correction.id), reason="Написано верно.", by=cast.secretary, on=NOON)
    assert (Correction.get_by_id(correction.id).due_on, moves.refresh_open(today)) == (None, 0)


def test_a_draft_that_is_no_answer_is_let_go(correction: Correction, cast: Cast) -> None:
    drafted = acts.prepare(correction, [2], by=cast.secretary, on=NOON)
    acts.put_back(correction, reason="Не та строка.", by=cast.secretary, on=NOON)
    assert (correction.status, correction.amending) == ("registered", None)
    orders.delete(drafted, by=cast.secretary, on=NOON)
    assert acts.prepare(correction, [1], by=cast.secretary, on=NOON).id != drafted.id


def test_a_draft_that_answers_a_request_is_not_deleted(correction: Correction, cast: Cast) -> None:
    drafted = acts.prepare(correction, [2], by=cast.secretary, on=NOON)
    with refused_without_trace("запрос"):
        orders.delete(drafted, by=cast.secretary, on=NOON)


def test_withdrawal_needs_a_reason_and_is_for_good(order: Order, cast: Cast) -> None:
    with refused_without_trace():
        amendments.withdraw(order, reason=" ", by=cast.publisher, on=NOON)
    with refused_without_trace():
        amendments.withdraw(order, reason="Ошибка", by=cast.secretary, on=NOON)
    amendments.withdraw(order, reason="Издано по ошибке.", by=cast.publisher, on=NOON)
    kept = Order.get_by_id(order.id)
    assert (kept.status, kept.withdrawal_reason, kept.withdrawn_at) == ("withdrawn", "Издано по ошибке.", NOON)
    assert Job.select().where(Job.kind == "search").count() == 1
    with refused_without_trace():
        amendments.withdraw(kept, reason="Ещё раз", by=cast.publisher, on=NOON)
    with refused_without_trace():
        amendments.draft(kept, [1], basis="запрос", by=cast.secretary, on=NOON)


def test_the_desk_leads_from_paper_to_the_draft(app: Flask, order: Order, cast: Cast, sign_in: SignInAs) -> None:
    clerk = sign_in(cast.secretary)
    open_page(clerk, "/admin/corrections/")
    said = {**SAID, "email": "", "postal_address": "г. Образцов, Учебная ул., д. 1"}
    bad = {**said, "order_on": "когда-то", "received_on": "2026-03-02"}
    token = csrf_token(clerk, "/admin/corrections/enter")
    answer = clerk.post("/admin/corrections/enter", data={**bad, "csrf_token": token})
    assert answer.status_code == 422 and "день, месяц и год" in answer.text and "Петрва" in answer.text
    answer = clerk.post("/admin/corrections/enter", data={**said, "received_on": "2026-03-02", "csrf_token": token})
    home = answer.location
    made = Correction.get()
    assert (made.channel, made.entered_by, made.received_on.isoformat()) == ("paper", cast.secretary, "2026-03-02")
    page = open_page(clerk, home)
    assert "Зарегистрировать" in page.main.text

    def step(verb: str, **fields: object) -> int:
        path = f"{home}do/{verb}"
        token = csrf_token(clerk, path)
        version = Correction.get_by_id(made.id).version
        return clerk.post(path, data={**fields, "version": version, "csrf_token": token}).status_code

    assert step("register", number="1017-р", registered_on="2021-04-13") == 409
    assert step("register", number="1016-р", registered_on="2021-04-13") == 302
    # Whoever gave no e-mail is written to on paper: the page holds the letter.
    ends = moves.deadlines(Correction.get(), day_of(utc_now()), Calendar())[0].ends
    printed = open_page(clerk, home).main.text
    assert f"не позднее {ends:%d.%m.%Y}" in printed and "д. 1" in printed
    assert step("register", number="1016-р", registered_on="2021-04-13") == 409
    page = open_page(clerk, f"{home}do/prepare").main
    assert page.one("input", name="lines").attributes["value"] == "2"
    assert "строка 2: " in page.text and "строка 1: " not in page.text
    for wrong in ("", "два", "0", "2-1", "99999"):
        assert step("prepare", lines=wrong) == 422
    assert step("prepare", lines="2, 7") == 409
    assert step("prepare", lines="2") == 302
    assert Correction.get_by_id(made.id).amending.amends == order
    assert "Ждём публикации" in open_page(clerk, home).main.text


def test_a_number_typed_otherwise_finds_its_order(order: Order) -> None:
    """A sign before it, its day after it, capitals, and a Latin letter that looks like a Russian one."""
    typed = filing.submit({**SAID, "order_number": "№ 1016-P от 13.04.2021"}, token="a" * 32, edition=SPB, by=None, on=NOON)
    assert (typed.order_number, typed.order) == ("1016-р", order)
    with pytest.raises(Refusal, match="Номер состоит из цифр"):
        filing.submit({**SAID, "order_number": "№ 1016/р"}, token="b" * 32, edition=SPB, by=None, on=NOON)


def test_the_public_form(app: Flask, client: FlaskClient, order: Order) -> None:
    page = open_page(client, "/corrections/new?year=2021&number=1016-р&row=2")
    assert page.main.one("input", name="order_number").attributes["value"] == "1016-р"
    key = page.main.one("input", name="key").attributes["value"]
    token = page.main.one("input", name="csrf_token").attributes["value"]
    wrong = client.post("/corrections/new", data={**SAID, "email": "", "key": key, "csrf_token": token})
    assert wrong.status_code == 422 and "Укажите, куда ответить" in wrong.text
    sent = client.post("/corrections/new", data={**SAID, "key": key, "csrf_token": token})
    assert (sent.status_code, sent.location) == (303, f"/corrections/{key}")
    again = client.post("/corrections/new", data={**SAID, "key": key, "csrf_token": token})
    assert (again.status_code, Correction.select().count()) == (303, 1)
    told = open_page(client, f"/corrections/{key}")
    assert Correction.get().number in told.main.text and "vera@example.org" not in told.main.text
    assert client.get("/corrections/" + "f" * 32).status_code == 404


def test_what_waits_is_seen_at_once(app: Flask, correction: Correction, cast: Cast, sign_in: SignInAs) -> None:
    for address in ("/admin/", "/admin/today/"):
        assert f"Запрос {correction}" in open_page(sign_in(cast.secretary), address).main.text
    assert "Запрос" not in open_page(sign_in(cast.publisher), "/admin/").main.text
    acts.decline(correction, reason="Написано верно.", by=cast.secretary, on=NOON)
    assert "Исправления в распоряжениях" not in open_page(sign_in(cast.secretary), "/admin/").main.text


def test_withdrawal_at_the_desk(app: Flask, client: FlaskClient, order: Order, cast: Cast, sign_in: SignInAs) -> None:
    desk, path = sign_in(cast.publisher), f"/admin/orders/{order.id}/withdraw/"
    token = csrf_token(desk, path)
    form = {"version": order.version, "csrf_token": token, "reason": "Издано по ошибке."}
    assert desk.post(path, data=form).status_code == 302
    assert desk.post(path, data=form).status_code == 409
    assert "Издано по ошибке." in open_page(client, "/orders/2021/1016-р/").main.text
    open_page(desk, "/admin/")
