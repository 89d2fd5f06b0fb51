"""Amending orders by their acts: two of one row, one of another, rows taken anew, withdrawal of what is amended."""

import datetime as dt
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from peewee import IntegrityError

from attestation.admin.acts import amendments, approval, order_facts, orders
from attestation.admin.acts.rows import Row
from attestation.models import JournalEntry, Order, OutgoingRecord, Ruling, User
from attestation.procedure.words import OrderKind
from attestation.site.amendments import standing
from attestation.site.cases import outgoing_file
from attestation.tests.conftest import NOON, Cast, MakeOrder, csrf_token
from attestation.tests.inspection import open_page

from .conftest import REGISTERED, ROWS, SIGNED, at_once, send, sentence

LENOBL = "lenobl-2022-03-01"
GONE = "строки, в которую вносят изменения, больше нет"


def again(order: Order) -> Order:
    return Order.get_by_id(order.id)


def row(order: Order, number: int) -> Ruling:
    return Ruling.get(Ruling.order == order, Ruling.number == number)


def mended(amended: Order, number: int, cast: Cast, **changes: str) -> Order:
    """A draft that changes this row of a published order."""
    drafted = amendments.draft(amended, [number], basis="запрос", by=cast.secretary, on=NOON)
    Ruling.update(changes or {"surname": "Исправлена"}).where(Ruling.order == drafted).execute()
    return drafted


def registered(order: Order, number: str, cast: Cast) -> Order:
    """The draft brought as far as the publisher: approved by three, signed, numbered, its file there."""
    people = {"head_of_department": cast.controller, "lawyer": cast.endorser, "deputy_head": cast.deputy}
    approval.send(order, people, by=cast.secretary, on=NOON)
    for person in people.values():
        approval.approve(order, by=person, on=NOON)
    orders.sign(order, signed_on=SIGNED, by=cast.secretary, on=NOON)
    orders.register(order, number=number, registered_on=REGISTERED, by=cast.secretary, on=NOON)
    return orders.freeze_pdf(order, sha256=number[:2] * 32, size=10, pages=1, row_pages={}, on=NOON)


def publish(order: Order, cast: Cast) -> Order:
    return orders.publish(order, by=cast.publisher, on=NOON)


def test_of_two_that_change_one_row_the_second_is_not_published(make_order: MakeOrder, cast: Cast) -> None:
    first = make_order()
    one, two = (registered(mended(first, 2, cast), number, cast) for number in ("77-р", "78-р"))
    publish(one, cast)
    assert GONE in sentence(lambda: publish(again(two), cast))
    assert again(two).status == "registered"


def test_of_two_published_at_once_one_wins(make_order: MakeOrder, cast: Cast) -> None:
    first = make_order()
    pair = [again(registered(mended(first, 2, cast), number, cast)) for number in ("77-р", "78-р")]
    told = at_once(*(lambda one=one: publish(one, cast) for one in pair))
    assert sorted(word == "done" for word in told) == [False, True]
    assert GONE in next(word for word in told if word != "done")
    assert Order.select().where(Order.status == "published", Order.amends == first).count() == 1


def test_rows_are_taken_anew_from_what_stands(make_order: MakeOrder, cast: Cast) -> None:
    """The second draft begins from what the first order has made of the row; its other rows stay as they were mended."""
    first = make_order()
    late = amendments.draft(first, [1, 2], basis="запрос", by=cast.secretary, on=NOON)
    Ruling.update(position="мастер").where(Ruling.order == late).execute()
    assert "обновлять нечего" in sentence(lambda: amendments.renew(again(late), by=cast.secretary, on=NOON))
    published = publish(registered(mended(first, 2, cast), "77-р", cast), cast)
    assert GONE in sentence(lambda: approval.send(again(late), {}, by=cast.secretary, on=NOON))
    assert "недоступно" in sentence(lambda: amendments.renew(again(late), by=cast.endorser, on=NOON))
    amendments.renew(late, by=cast.secretary, on=NOON)
    assert late.version == again(late).version
    assert (row(late, 1).position, row(late, 1).amends) == ("мастер", row(first, 1))
    assert (row(late, 2).surname, row(late, 2).position) == ("Исправлена", row(first, 2).position)
    assert row(late, 2).amends == row(published, 1)
    entry = JournalEntry.select().order_by(JournalEntry.id.desc()).get()
    assert (entry.verb, entry.details) == ("renew", "строки: 2")


def test_an_amending_order_is_amended(make_order: MakeOrder, cast: Cast) -> None:
    first = make_order()
    second = publish(registered(mended(first, 2, cast), "77-р", cast), cast)
    third = publish(registered(mended(second, 1, cast, surname="Ещёразова"), "78-р", cast), cast)
    assert (third.amends, row(third, 1).amends) == (second, row(second, 1))
    assert standing(row(first, 2)) == row(third, 1)


def test_what_is_amended_is_not_withdrawn_before_what_amends_it(make_order: MakeOrder, cast: Cast) -> None:
    first = make_order()
    second = publish(registered(mended(first, 2, cast), "77-р", cast), cast)
    late = mended(first, 2, cast, surname="Новая")
    told = sentence(lambda: amendments.withdraw(again(first), reason="Ошибка", by=cast.publisher, on=NOON))
    assert told == f"Это распоряжение изменено другими (№ 77-р от {REGISTERED:%d.%m.%Y}): сначала отзовите их."
    amendments.withdraw(second, reason="Ошибка", by=cast.publisher, on=NOON)
    # The row of a withdrawn order does not stand: the draft goes back to what was there before.
    assert GONE in sentence(lambda: approval.send(again(late), {}, by=cast.secretary, on=NOON))
    amendments.renew(again(late), by=cast.secretary, on=NOON)
    assert (row(late, 1).surname, row(late, 1).amends) == (row(first, 2).surname, row(first, 2))
    amendments.withdraw(again(first), reason="Ошибка", by=cast.publisher, on=NOON)
    assert "обновлять строки не по чему" in sentence(lambda: amendments.renew(again(late), by=cast.secretary, on=NOON))
    facts = order_facts.observe(again(late), cast.secretary, {"rows_standing", "rows_amended"})
    assert facts == frozenset()


def test_rows_and_kind_of_an_amending_draft_are_kept(make_order: MakeOrder, cast: Cast) -> None:
    drafted = mended(make_order(), 2, cast)
    for act in (orders.append_rows, orders.replace_rows):
        assert "Строки в это распоряжение не добавляют" in sentence(
            lambda act=act: act(again(drafted), ROWS, by=cast.secretary, on=NOON)
        )
    words = {"title": "О", "signatory_position": "Председатель", "signatory_name": "А.Б. Образцова"}
    told = sentence(lambda: orders.edit(again(drafted), **words, kind=OrderKind.DECISION, by=cast.secretary, on=NOON))
    assert told == "Вид этого распоряжения не меняют: он следует из того, по чему подготовлен проект."
    assert (again(drafted).kind, Ruling.select().where(Ruling.order == drafted).count()) == ("amendment", 1)
    # One row may be put right, or left out.
    changed = Row.of(row(drafted, 1))
    orders.edit_row(again(drafted), 1, changed, by=cast.secretary, on=NOON)
    assert row(drafted, 1).amends is not None


def test_what_changes_is_carried_over(make_order: MakeOrder, cast: Cast) -> None:
    """The result is counted anew (2.3), the decision told anew (2.4), on the next working day; NOON is a Tuesday."""
    first = make_order()
    second = publish(registered(mended(first, 2, cast), "77-р", cast), cast)
    amendments.withdraw(second, reason="Ошибка", by=cast.publisher, on=NOON)
    asked = OutgoingRecord.select().order_by(OutgoingRecord.id)
    assert [(one.name, one.system, one.verb, one.order_id, one.application_id, one.due_on) for one in asked] == [
        ("result_amended", "kais_kro", "publish", second.id, None, dt.date(2026, 3, 11)),
        ("decision_amended", "mais_egu", "publish", second.id, None, dt.date(2026, 3, 11)),
        ("result_withdrawn", "kais_kro", "withdraw", second.id, None, dt.date(2026, 3, 11)),
        ("decision_withdrawn", "mais_egu", "withdraw", second.id, None, dt.date(2026, 3, 11)),
    ]
    said = outgoing_file.said(asked[0])
    assert {name: said[name] for name in ("what", "status", "application", "order_number", "amends")} == {
        "what": "Изменение результата",
        "status": "Опубликовано",
        "application": None,
        "order_number": "77-р",
        "amends": "№ 1016-р от 13.04.2021",
    }


def test_a_decision_is_carried_over_with_its_cases_and_not_by_the_oblast(make_order: MakeOrder, cast: Cast) -> None:
    amendments.withdraw(make_order(), reason="Ошибка", by=cast.publisher, on=NOON, edition=LENOBL)
    amending = registered(mended(make_order("1017-р"), 2, cast), "77-р", cast)
    orders.publish(amending, by=cast.publisher, on=NOON, edition=LENOBL)
    ready = make_order("1018-р", REGISTERED, status="registered")
    orders.freeze_pdf(ready, sha256="ab" * 32, size=10, pages=1, row_pages={}, on=NOON)
    publish(ready, cast)
    assert OutgoingRecord.select().count() == 0


def test_at_the_desk(app: Flask, make_order: MakeOrder, cast: Cast, sign_in: Callable[[User], FlaskClient]) -> None:
    """A published order is changed by its own page; what stands in the way is told with what to do about it."""
    first = make_order()
    clerk, home = sign_in(cast.secretary), f"/admin/orders/{first.id}/"
    assert sign_in(cast.endorser).get(f"{home}amend/").status_code == 403
    assert "Внести изменения" in open_page(clerk, home).main.text
    for wrong in ("", "вторая", "0", "3-2", "10001"):
        assert send(clerk, f"{home}amend/", lines=wrong, basis="служебная записка").status_code == 422
    assert send(clerk, f"{home}amend/", lines="2", basis="").status_code == 409
    missing = send(clerk, f"{home}amend/", lines="2, 9–11", basis="служебная записка")
    assert missing.status_code == 409 and "Таких строк в распоряжении нет: 9, 10, 11." in missing.text
    answer = send(clerk, f"{home}amend/", lines="1–2", basis="служебная записка")
    drafted = Order.get(Order.amends == first)
    draft_page = f"/admin/orders/{drafted.id}/"
    assert (answer.status_code, answer.location) == (302, draft_page)
    page = open_page(clerk, draft_page)
    assert "Строки 1, 2: всё так же, как действует сейчас." in page.main.text
    assert "вместо строки 2 распоряжения № 1016-р от 13.04.2021" in page.main.text
    assert "Загрузить из файла" not in page.main.text
    assert not open_page(clerk, f"{draft_page}edit/").main.all("select", name="kind")
    Ruling.update(position="мастер").where(Ruling.order == drafted).execute()
    old = row(first, 2).position
    assert f"мастер было: {old}" in open_page(clerk, draft_page).main.text

    publish(registered(mended(first, 2, cast), "77-р", cast), cast)
    assert "Строка 2: пока готовился проект" in open_page(clerk, draft_page).main.text
    token = csrf_token(clerk, draft_page)
    stale = clerk.post(f"{draft_page}renew/", data={"csrf_token": token, "version": 99})
    assert stale.status_code == 409
    form = {"csrf_token": token, "version": again(drafted).version}
    assert clerk.post(f"{draft_page}renew/", data=form).location == draft_page
    assert row(drafted, 2).surname == "Исправлена"
    page = open_page(clerk, home).main
    assert f"изменена распоряжением № 77-р от {REGISTERED:%d.%m.%Y}, строка 1" in page.text
    # The requisites and the row both lead to what has changed it.
    assert len(page.all("a", href="/orders/2026/77-%D1%80/")) == 2


def test_a_withdrawn_order_says_why(
    app: Flask, make_order: MakeOrder, cast: Cast, sign_in: Callable[[User], FlaskClient]
) -> None:
    order = make_order()
    amendments.withdraw(order, reason="Издано по ошибке.", by=cast.publisher, on=NOON)
    told = open_page(sign_in(cast.secretary), f"/admin/orders/{order.id}/").main.text
    assert "Причина: Издано по ошибке." in told and "Следующий шаг" not in told and "Внести изменения" not in told


def test_a_record_is_about_something(make_order: MakeOrder, cast: Cast) -> None:
    columns = {"edition": "x", "name": "x", "verb": "x", "system": "x", "made_at": NOON, "due_on": NOON.date()}
    with pytest.raises(IntegrityError):
        OutgoingRecord.create(**columns)
