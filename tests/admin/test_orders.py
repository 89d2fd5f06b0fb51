"""Acts on orders: each does it, refuses the wrong role, refuses the missing fact, and leaves no trace when it refuses."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from peewee import DatabaseError

from attestation.admin.acts import orders, users
from attestation.admin.acts.rows import Row
from attestation.models import Database, Job, JournalEntry, Order, Ruling, User
from attestation.procedure.refusal import Refusal
from attestation.procedure.words import Category, OrderKind, Role
from attestation.site import fields
from attestation.tests.conftest import NOON, Cast, MakeOrder

from .conftest import REGISTERED, ROWS, SHA, SIGNED, TITLE, at, at_once, draft, everything, sentence

OVERTAKEN = "Распоряжение уже изменено другим сотрудником. Посмотрите, что изменилось, и, если нужно, повторите."
NOT_YOURS = "Вам недоступно: подготовка распоряжений. Нужна роль: секретарь комиссии, публикатор, администратор."


def entries(order: Order) -> list[tuple[str, str, str]]:
    """The journal of an order: verb, who, details."""
    mine = JournalEntry.select().where(JournalEntry.subject == "order", JournalEntry.subject_id == order.id)
    return [(entry.verb, entry.who, entry.details) for entry in mine.order_by(JournalEntry.id)]


def again(order: Order) -> Order:
    """The order as the table holds it."""
    return Order.get_by_id(order.id)


# --- Preparing --------------------------------------------------------------------------------------------------------------


def test_create(database: Database, cast: Cast) -> None:
    order = orders.create(
        kind=OrderKind.AMENDMENT,
        title="  О внесении   изменений ",
        basis="протокол № 4\r\nот 08.04.2021",
        signatory_position="Председатель",
        signatory_name="А.Б. Образцова",
        by=cast.secretary,
        on=NOON,
    )
    kept = again(order)
    assert (kept.kind, kept.title, kept.basis) == ("amendment", "О внесении изменений", "протокол № 4\nот 08.04.2021")
    assert (kept.status, kept.version, kept.created_by_id, kept.created_at) == ("draft", 1, cast.secretary.id, NOON)
    assert entries(order) == [("create", "Секретарева Анна Петровна (sekretar)", "")]


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"title": " "}, "Заполните поле «Заголовок»."),
        ({"title": "О" * 501}, "Поле «Заголовок» длиннее 500 знаков: сократите его."),
        ({"title": "Об\0установлении"}, "В поле «Заголовок» есть непечатаемые знаки: наберите его заново."),
        ({"signatory_name": "А" * 201}, "Поле «Подписывающий (И.О. Фамилия)» длиннее 200 знаков: сократите его."),
        ({"basis": "а" * 200_001}, "Поле «Основание» длиннее 200000 знаков: сократите его."),
    ],
)
def test_create_refuses(database: Database, cast: Cast, fields: dict[str, str], told: str) -> None:
    assert sentence(lambda: draft(cast.secretary, (), **fields)) == told


def test_edit(database: Database, cast: Cast) -> None:
    order = draft(cast.secretary)
    orders.edit(order, title="О другом", signatory_position="", signatory_name="В.Г. Новая", by=cast.publisher, on=NOON)
    kept = again(order)
    assert (kept.title, kept.signatory_position, kept.signatory_name, kept.version) == ("О другом", "", "В.Г. Новая", 3)
    assert order.version == 3
    assert entries(order)[-1] == (
        "edit",
        "Печатников Лев Ильич (publikator)",
        "Заголовок, Должность подписывающего, Подписывающий (И.О. Фамилия)",
    )


def test_rows(database: Database, cast: Cast) -> None:
    """Append, edit, remove, replace; numbers stay whole; the journal says how many, never who."""
    order = draft(cast.secretary)
    more = Row("Новая", "Яна", "", "тьютор", "ГБОУ школа № 1", Category.HIGHEST, True)
    orders.append_rows(order, [more], by=cast.secretary, on=NOON)
    orders.edit_row(order, 1, replace(ROWS[0], position="педагог"), by=cast.secretary, on=NOON)
    orders.remove_row(order, 2, by=cast.secretary, on=NOON)
    rows = orders.rows_of(order)
    assert rows == [replace(ROWS[0], position="педагог"), ROWS[2], more]
    assert [row.line for row in rows] == [1, 2, 3]
    orders.replace_rows(order, ROWS[:1], by=cast.secretary, on=NOON)
    assert orders.rows_of(order) == [ROWS[0]]
    assert [(verb, details) for verb, _, details in entries(order)] == [
        ("create", ""),
        ("append_rows", "строк: 3, стало 3"),
        ("append_rows", "строк: 1, стало 4"),
        ("edit_row", "строка 1"),
        ("remove_row", "строка 2"),
        ("replace_rows", "было строк: 3, стало 1"),
    ]
    assert again(order).version == order.version == 6


def test_the_same_person_twice_is_named(database: Database, cast: Cast) -> None:
    order = draft(cast.secretary)
    same = replace(ROWS[1], surname="СОЛОВЬЕВА", position="Воспитатель")
    told = "СОЛОВЬЕВА Алёна Игоревна: уже есть в распоряжении, строка 2."
    assert sentence(lambda: orders.append_rows(order, [same], by=cast.secretary, on=NOON)) == told
    assert sentence(lambda: orders.edit_row(order, 1, same, by=cast.secretary, on=NOON)) == told
    orders.edit_row(order, 2, same, by=cast.secretary, on=NOON)
    twice = [replace(ROWS[0], line=5), replace(ROWS[0], line=7), replace(ROWS[0], line=9)]
    assert sentence(lambda: orders.replace_rows(order, twice, by=cast.secretary, on=NOON)) == (
        "Иванова Мария Петровна: уже есть в строке 5 файла (та же должность и организация). И ещё повторов: 1."
    )


def test_a_row_that_is_not_there(database: Database, cast: Cast) -> None:
    order = draft(cast.secretary)
    told = "Строки 9 в распоряжении нет: обновите страницу."
    assert sentence(lambda: orders.remove_row(order, 9, by=cast.secretary, on=NOON)) == told
    assert sentence(lambda: orders.edit_row(order, 9, ROWS[0], by=cast.secretary, on=NOON)) == (
        "Иванова Мария Петровна: уже есть в распоряжении, строка 1."
    )


def test_delete(database: Database, cast: Cast) -> None:
    order, other = draft(cast.secretary), draft(cast.secretary)
    orders.delete(order, by=cast.secretary, on=NOON)
    assert (Order.select().count(), Ruling.select().count()) == (1, 3)
    assert orders.rows_of(other) == list(ROWS)
    assert entries(order)[-1] == ("delete", "Секретарева Анна Петровна (sekretar)", "строк: 3")


# --- The road ---------------------------------------------------------------------------------------------------------------


def test_the_whole_road(database: Database, cast: Cast) -> None:
    order = draft(cast.secretary)
    orders.sign(order, signed_on=SIGNED, by=cast.secretary, on=NOON)
    assert (again(order).status, again(order).signed_on) == ("signed", SIGNED)
    orders.register(order, number=" № 1016-Р ", registered_on=REGISTERED, by=cast.secretary, on=NOON)
    kept = again(order)
    assert (kept.status, kept.number, kept.registered_on, kept.year) == ("registered", "1016-р", REGISTERED, 2026)
    assert [(job.kind, job.target, job.state) for job in Job.select()] == [("order_pdf", order.id, "queued")]
    orders.freeze_pdf(order, sha256=SHA, size=1000, pages=3, row_pages={1: 2, 2: 2, 3: 3}, on=NOON)
    assert [row.page for row in Ruling.select().order_by(Ruling.number)] == [2, 2, 3]
    orders.publish(order, by=cast.publisher, on=NOON)
    kept = again(order)
    assert (kept.status, kept.published_at) == ("published", NOON)
    assert (kept.pdf_sha256, kept.pdf_size, kept.pdf_pages) == (SHA, 1000, 3)
    kinds = [job.kind for job in Job.select().where(Job.target == order.id).order_by(Job.id)]
    assert kinds == ["order_pdf", "close_cases", "answer_corrections", "search", "dumps", "subscriptions"]
    assert {name: order.__data__.get(name) for name in kept.__data__} == kept.__data__
    assert entries(order)[2:] == [
        ("sign", "Секретарева Анна Петровна (sekretar)", "подписано 02.03.2026"),
        ("register", "Секретарева Анна Петровна (sekretar)", "№ 1016-р от 03.03.2026"),
        ("freeze_pdf", "Система", f"страниц: 3, байт: 1000, SHA-256 {SHA}"),
        ("publish", "Печатников Лев Ильич (publikator)", "№ 1016-р"),
    ]


def test_the_road_back(database: Database, cast: Cast) -> None:
    order = at("ready", cast.publisher)
    orders.unregister(order, reason="Ошибка в дате", by=cast.publisher, on=NOON)
    kept = again(order)
    assert (kept.status, kept.number, kept.registered_on, kept.year) == ("signed", None, None, None)
    assert (kept.pdf_sha256, kept.pdf_size, kept.pdf_pages) == (None, None, None)
    assert [row.page for row in Ruling.select()] == [None, None, None]
    orders.return_to_draft(order, reason="Опечатка", by=cast.secretary, on=NOON)
    assert (again(order).status, again(order).signed_on) == ("draft", None)
    assert [(verb, details) for verb, _, details in entries(order)[-2:]] == [
        ("unregister", "был № 1016-р; Ошибка в дате"),
        ("return_to_draft", "Опечатка"),
    ]


Act = Callable[[Order, User], Any]
# Every act with the status in which it may be tried.
ACTS: dict[str, tuple[str, Act]] = {
    "edit": ("draft", lambda o, by: orders.edit(o, title=TITLE, signatory_position="", signatory_name="", by=by, on=NOON)),
    "append_rows": ("draft", lambda o, by: orders.append_rows(o, [replace(ROWS[0], name="Анна")], by=by, on=NOON)),
    "replace_rows": ("draft", lambda o, by: orders.replace_rows(o, ROWS, by=by, on=NOON)),
    "edit_row": ("draft", lambda o, by: orders.edit_row(o, 1, ROWS[0], by=by, on=NOON)),
    "remove_row": ("draft", lambda o, by: orders.remove_row(o, 1, by=by, on=NOON)),
    "delete": ("draft", lambda o, by: orders.delete(o, by=by, on=NOON)),
    "sign": ("draft", lambda o, by: orders.sign(o, signed_on=SIGNED, by=by, on=NOON)),
    "return_to_draft": ("signed", lambda o, by: orders.return_to_draft(o, reason="Опечатка", by=by, on=NOON)),
    "register": ("signed", lambda o, by: orders.register(o, number="7-р", registered_on=REGISTERED, by=by, on=NOON)),
    "unregister": ("ready", lambda o, by: orders.unregister(o, reason="Ошибка", by=by, on=NOON)),
    "publish": ("ready", lambda o, by: orders.publish(o, by=by, on=NOON)),
}
# Who may: the office's own acts, then the moves.
WRITERS = {Role.SECRETARY, Role.PUBLISHER, Role.ADMIN}
MAY = {name: WRITERS for name in ACTS} | {"unregister": {Role.PUBLISHER, Role.ADMIN}, "publish": {Role.PUBLISHER, Role.ADMIN}}


@pytest.mark.parametrize("name", ACTS)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # who may is asked before any query
def test_wrong_roles_are_refused(database: Database, cast: Cast, name: str) -> None:
    status, act = ACTS[name]
    order = at(status, cast.publisher)
    for role in set(Role) - MAY[name]:
        assert "недоступно" in sentence(lambda role=role: act(again(order), cast.of(role)))
    # Somebody whose account is closed may nothing, whatever roles they had.
    assert "недоступно" in sentence(lambda: act(again(order), cast.departed))


@pytest.mark.parametrize(("name", "role"), [(name, role) for name in ACTS for role in Role if role in MAY[name]])
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # who may is asked before any query
def test_right_roles_may(database: Database, cast: Cast, name: str, role: Role) -> None:
    status, act = ACTS[name]
    order = at(status, cast.publisher)
    act(order, cast.of(role))
    assert entries(order)[-1][:2] == (name, str(cast.of(role)))


@pytest.mark.parametrize("name", ACTS)
def test_of_two_at_once_one_wins(database: Database, cast: Cast, name: str) -> None:
    status, act = ACTS[name]
    order = at(status, cast.publisher)
    seen = [again(order), again(order)]
    told = at_once(*(lambda order=order: act(order, cast.publisher) for order in seen))
    assert told == sorted(["done", OVERTAKEN])
    assert [verb for verb, _, _ in entries(order)].count(name) == 1 + (name == "append_rows")


@pytest.mark.parametrize("name", [name for name, (status, _) in ACTS.items() if status == "draft" and name != "sign"])
@pytest.mark.parametrize("status", ["signed", "registered", "published"])
def test_only_a_draft_is_changed(database: Database, cast: Cast, name: str, status: str) -> None:
    order = at(status, cast.publisher)
    title = {"signed": "Подписано", "registered": "Зарегистрировано", "published": "Опубликовано"}[status]
    told = sentence(lambda: ACTS[name][1](order, cast.publisher))
    assert told == f"Менять можно только проект, а распоряжение в состоянии «{title}»."


def test_published_is_frozen_by_the_database_too(database: Database, cast: Cast) -> None:
    """Whoever asks: not an act, not SQL."""
    order = at("published", cast.publisher)
    before = everything()
    for statement in (
        Order.update(title="Другое").where(Order.id == order.id),
        Order.update(pdf_sha256="cd" * 32).where(Order.id == order.id),
        Order.update(status="draft").where(Order.id == order.id),
        Order.delete().where(Order.id == order.id),
        Ruling.update(surname="Другая").where(Ruling.order == order),
        Ruling.delete().where(Ruling.order == order),
        Ruling.insert(order=order.id, number=9, **orders._columns(ROWS[0])),
        JournalEntry.update(who="Никто"),
        JournalEntry.delete(),
    ):
        with pytest.raises(DatabaseError), database.atomic():
            statement.execute()
    assert everything() == before


def test_missing_facts(database: Database, cast: Cast) -> None:
    bare = draft(cast.secretary, (), signatory_name="")
    assert sentence(lambda: orders.sign(bare, signed_on=SIGNED, by=cast.secretary, on=NOON)) == (
        "Действие «Отметить подписание» пока невозможно: в приложении нет ни одной строки;"
        " не указаны должность и фамилия подписывающего."
    )
    registered = at("registered", cast.publisher)
    assert sentence(lambda: orders.publish(registered, by=cast.publisher, on=NOON)) == (
        "Действие «Опубликовать» пока невозможно: файл PDF ещё не изготовлен и не зафиксирован."
    )


@pytest.mark.parametrize("name", ["return_to_draft", "unregister"])
def test_steps_back_ask_why(database: Database, cast: Cast, name: str) -> None:
    order = at(ACTS[name][0], cast.publisher)
    act = getattr(orders, name)
    assert sentence(lambda: act(order, reason="  ", by=cast.publisher, on=NOON)).endswith("требует указать причину.")
    assert sentence(lambda: act(order, reason="а" * 301, by=cast.publisher, on=NOON)) == (
        "Поле «Причина» длиннее 300 знаков: сократите его."
    )


# --- Dates and numbers ------------------------------------------------------------------------------------------------------

LATE_EVENING = dt.datetime(2026, 3, 9, 21, 30, tzinfo=dt.UTC)  # half past midnight of the tenth in Moscow


def test_the_day_is_the_day_in_moscow(database: Database, cast: Cast) -> None:
    order = draft(cast.secretary)
    tomorrow = dt.date(2026, 3, 11)
    assert sentence(lambda: orders.sign(order, signed_on=tomorrow, by=cast.secretary, on=LATE_EVENING)) == (
        "Дата подписания ещё не наступила: проверьте день, месяц и год."
    )
    orders.sign(order, signed_on=dt.date(2026, 3, 10), by=cast.secretary, on=LATE_EVENING)
    assert again(order).signed_on == dt.date(2026, 3, 10)


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (dt.date(2026, 3, 11), "Дата регистрации ещё не наступила: проверьте день, месяц и год."),
        (dt.date(2026, 3, 1), "Дата регистрации раньше даты подписания (02.03.2026): исправьте дату."),
        (dt.date(26, 3, 3), "Дата регистрации раньше 1990 года: проверьте год."),
    ],
)
def test_registration_day(database: Database, cast: Cast, day: dt.date, told: str) -> None:
    order = at("signed", cast.secretary)
    assert sentence(lambda: orders.register(order, number="5", registered_on=day, by=cast.secretary, on=NOON)) == told


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("1016-р", "1016-р"),
        ("№ 1016-Р", "1016-р"),
        ("№1016-р", "1016-р"),
        ("N 1016-р", "1016-р"),
        ("1016 - р", "1016-р"),
        ("1016–р", "1016-р"),
        ("1016-p", "1016-р"),  # a Latin p
        ("77", "77"),
        ("5.1-ок", "5.1-ок"),
    ],
)
def test_number(typed: str, kept: str) -> None:
    assert fields.order_number(typed) == kept


@pytest.mark.parametrize("typed", ["р-", "-5", "5-", "12/3", "12?3", "<b>1</b>", "1" * 41, "12z", "абв", "5#", "1\u0000"])
def test_number_refused(typed: str) -> None:
    with pytest.raises(Refusal) as refused:
        fields.order_number(typed)
    assert refused.value.sentence == (
        "Номер состоит из цифр, русских букв, точки и дефиса и не длиннее 40 знаков, например 1016-р."
    )


def test_number_is_taken(database: Database, cast: Cast) -> None:
    at("registered", cast.publisher)
    order = at("signed", cast.publisher)
    told = "Номер 1016-р в 2026 году уже занят: проверьте номер и дату."
    assert (
        sentence(lambda: orders.register(order, number="1016-Р", registered_on=REGISTERED, by=cast.publisher, on=NOON)) == told
    )


def test_two_orders_one_number_at_once(database: Database, cast: Cast) -> None:
    pair = [at("signed", cast.publisher), at("signed", cast.publisher)]
    told = at_once(
        *(
            lambda order=order: orders.register(order, number="5-р", registered_on=REGISTERED, by=cast.publisher, on=NOON)
            for order in pair
        )
    )
    assert told == sorted(["done", "Номер 5-р в 2026 году уже занят: проверьте номер и дату."])
    assert Job.select().count() == 1


def test_number_is_empty(database: Database, cast: Cast) -> None:
    order = at("signed", cast.publisher)
    told = sentence(lambda: orders.register(order, number=" № ", registered_on=REGISTERED, by=cast.publisher, on=NOON))
    assert told == "Укажите номер распоряжения."


# --- The file ---------------------------------------------------------------------------------------------------------------

STALE = "Распоряжение изменилось, пока изготавливался PDF: этот файл ему больше не подходит."


def freeze(order: Order) -> Order:
    return orders.freeze_pdf(order, sha256=SHA, size=10, pages=1, row_pages={}, on=NOON)


def test_a_file_of_an_older_order_is_refused(database: Database, cast: Cast) -> None:
    order = at("registered", cast.publisher)
    printed_from = again(order)
    orders.unregister(order, reason="Ошибка", by=cast.publisher, on=NOON)
    assert sentence(lambda: freeze(printed_from)) == STALE
    orders.register(order, number="7-р", registered_on=REGISTERED, by=cast.publisher, on=NOON)
    assert sentence(lambda: freeze(printed_from)) == STALE
    freeze(order)
    assert sentence(lambda: freeze(again(order))) == STALE


def test_freezing_leaves_the_version(database: Database, cast: Cast) -> None:
    """A page opened before the file arrived can still take the registration back."""
    order = at("registered", cast.publisher)
    seen = again(order)
    freeze(order)
    orders.unregister(seen, reason="Ошибка", by=cast.publisher, on=NOON)
    assert again(order).pdf_sha256 is None


def test_pdf_again(database: Database, cast: Cast) -> None:
    order = at("registered", cast.publisher)
    assert sentence(lambda: orders.request_pdf(order, by=cast.secretary, on=NOON)) == (
        "PDF уже изготавливается: подождите, страница покажет ход работы."
    )
    Job.update(state="failed").execute()
    told = at_once(*(lambda: orders.request_pdf(again(order), by=cast.secretary, on=NOON) for _ in range(2)))
    assert told == sorted(["done", "PDF уже изготавливается: подождите, страница покажет ход работы."])
    freeze(order)
    assert sentence(lambda: orders.request_pdf(order, by=cast.secretary, on=NOON)) == (
        "Изготовить PDF можно только для зарегистрированного распоряжения, у которого его ещё нет."
    )
    assert "недоступно" in sentence(lambda: orders.request_pdf(order, by=cast.editor, on=NOON))


def test_facts_straight_from_the_table(database: Database, cast: Cast, make_order: MakeOrder) -> None:
    """An order that came into the table another way goes the same road."""
    order = make_order(status="draft")
    orders.sign(order, signed_on=SIGNED, by=cast.secretary, on=NOON)
    assert again(order).status == "signed"


def test_a_closed_account_is_refused_even_with_the_role(database: Database, cast: Cast) -> None:
    users.deactivate(cast.secretary, by=cast.admin, on=NOON)
    assert sentence(lambda: draft(cast.secretary)) == NOT_YOURS
