"""Amending orders by their acts: two of one row, one of another, rows taken anew, withdrawal of what is amended."""

import datetime as dt

import pytest
from peewee import IntegrityError

from attestation.admin.acts import amendments, approval, order_facts, orders
from attestation.admin.acts.rows import Row
from attestation.models import JournalEntry, Order, OutgoingRecord, Ruling
from attestation.procedure.words import OrderKind
from attestation.site.amendments import standing
from attestation.site.cases import outgoing_file
from attestation.tests.conftest import NOON, Cast, MakeOrder

from .conftest import REGISTERED, ROWS, SIGNED, at_once, sentence

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


def test_a_record_is_about_something(make_order: MakeOrder, cast: Cast) -> None:
    columns = {"edition": "x", "name": "x", "verb": "x", "system": "x", "made_at": NOON, "due_on": NOON.date()}
    with pytest.raises(IntegrityError):
        OutgoingRecord.create(**columns)
