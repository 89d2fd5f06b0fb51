"""What published orders say of each other: both point at each other, the last change of a row counts."""

import datetime as dt
import io

from flask import Flask
from flask.testing import FlaskClient
from pypdf import PdfReader

from attestation.admin.acts import amendments as acts
from attestation.models import Order, Ruling
from attestation.site import amendments, queries
from attestation.site.amendments import Amending, Change
from attestation.site.printing.order_words import order_sheet
from attestation.site.printing.orders import print_order
from attestation.site.settings import Settings
from attestation.tests.conftest import NOON, Cast, MakeOrder
from attestation.tests.inspection import open_page

APRIL, MAY, JUNE = dt.date(2021, 4, 13), dt.date(2021, 5, 17), dt.date(2021, 6, 21)


def amended(make_order: MakeOrder, amends: Order, number: str, day: dt.date, rows: dict[int, int], **fields: object) -> Order:
    """An order whose rows (by number) stand in the place of rows (by id)."""
    made = make_order(number, day, status="draft", kind="amendment", amends=amends)
    Ruling.delete().where(Ruling.order == made, Ruling.number.not_in(list(rows))).execute()
    for row, former in rows.items():
        Ruling.update(amends=former).where(Ruling.order == made, Ruling.number == row).execute()
    given = {"number": number, "registered_on": day, "year": day.year, "signed_on": day, "published_at": NOON}
    pdf = {name: getattr(amends, name) for name in ("pdf_sha256", "pdf_size", "pdf_pages")}
    Order.update({"status": "published", **given, **pdf, **fields}).where(Order.id == made.id).execute()
    return Order.get_by_id(made.id)


def row_id(order: Order, number: int) -> int:
    return Ruling.get(Ruling.order == order, Ruling.number == number).id


def test_both_point_at_each_other(make_order: MakeOrder) -> None:
    first = make_order()
    assert (amendments.amending(first), amendments.changed_rows(first)) == ([], {})
    later = amended(make_order, first, "77-р", MAY, {1: row_id(first, 2)})
    assert amendments.amending(first) == [Amending(2021, "77-р", MAY)]
    assert amendments.changed_rows(first) == {2: Change(2021, "77-р", MAY, 1)}
    assert amendments.changed([row_id(first, 1), row_id(first, 2)]) == {row_id(first, 2): Change(2021, "77-р", MAY, 1)}
    assert amendments.replaced_rows(later) == {1: Change(2021, "1016-р", APRIL, 2)}


def test_a_draft_changes_nothing_yet_and_the_latest_counts(make_order: MakeOrder) -> None:
    first = make_order()
    amended(make_order, first, "77-р", MAY, {1: row_id(first, 2)}, status="registered", published_at=None)
    assert (amendments.amending(first), amendments.changed_rows(first)) == ([], {})
    amended(make_order, first, "78-р", MAY, {1: row_id(first, 2)}, published_at=NOON)
    amended(make_order, first, "79-р", JUNE, {1: row_id(first, 2)}, published_at=NOON + dt.timedelta(days=1))
    assert amendments.changed_rows(first)[2].number == "79-р"


def test_the_row_that_stands_is_copied(make_order: MakeOrder, cast: Cast) -> None:
    """A second error in the same row is put right in what the first correction made of it."""
    first = make_order()
    later = amended(make_order, first, "77-р", MAY, {1: row_id(first, 2)})
    drafted = acts.draft(first, [2, 1], basis="запрос", by=cast.secretary, on=NOON)
    rows = list(Ruling.select().where(Ruling.order == drafted).order_by(Ruling.number))
    assert [row.amends_id for row in rows] == [row_id(first, 1), row_id(later, 1)]
    assert (drafted.amends, drafted.status, drafted.kind) == (first, "draft", "amendment")
    assert drafted.title == "О внесении изменений в распоряжение № 1016-р от 13.04.2021"


def test_visitors_see_it_everywhere(app: Flask, client: FlaskClient, make_order: MakeOrder) -> None:
    first = make_order()
    amended(make_order, first, "77-р", MAY, {1: row_id(first, 2)})
    old = open_page(client, "/orders/2021/1016-р/").main
    assert "Изменено распоряжением № 77-р от 17.05.2021." in old.text
    assert "изменено распоряжением № 77-р" in old.text
    new = open_page(client, "/orders/2021/77-р/").main
    assert "Вносит изменения в распоряжение № 1016-р от 13.04.2021." in new.text
    assert "вместо строки 2 распоряжения № 1016-р" in new.text
    assert (
        "Строка изменена распоряжением № 77-р от 17.05.2021, строка 1" in open_page(client, "/orders/2021/1016-р/2").main.text
    )
    assert "изменена" not in open_page(client, "/orders/2021/1016-р/1").main.text
    # The old file stays where it was.
    assert client.get("/orders/2021/1016-р/order.pdf").status_code == 200
    (hit,) = queries.hits([row_id(first, 2)])
    assert hit.changed == Change(2021, "77-р", MAY, 1)


def test_a_withdrawn_order_leaves_a_notice(app: Flask, client: FlaskClient, make_order: MakeOrder) -> None:
    order = make_order()
    # Pages that were kept ready before are not shown any more.
    assert "отозвано" not in open_page(client, "/orders/2021/1016-р/2").main.text
    told = {"status": "withdrawn", "withdrawn_at": NOON, "withdrawal_reason": "Издано по ошибке."}
    Order.update(told).where(Order.id == order.id).execute()
    for address in ("/orders/2021/1016-р/", "/orders/2021/1016-р/2"):
        page = open_page(client, address)
        assert "отозвано" in page.main.one("h1").text and "Издано по ошибке." in page.main.text
        assert "Иванова" not in page.main.text
    assert client.get("/orders/2021/1016-р/order.pdf").status_code == 410
    assert client.get("/orders/2021/1016-р/rows.csv").status_code == 410
    assert client.get("/orders/2021/1017-р/").status_code == 404


def test_an_amending_row_changes_something(make_order: MakeOrder, cast: Cast) -> None:
    """A row as it was copied changes nothing; one that another order has changed meanwhile stands in nobody's place."""
    first = make_order()
    assert (amendments.unchanged_rows(first), amendments.overtaken_rows(first)) == ([], [])
    drafted = acts.draft(first, [1, 2], basis="запрос", by=cast.secretary, on=NOON)
    assert (amendments.unchanged_rows(drafted), amendments.overtaken_rows(drafted)) == ([1, 2], [])
    Ruling.update(surname="Иной").where(Ruling.order == drafted).execute()
    assert (amendments.unchanged_rows(drafted), amendments.overtaken_rows(drafted)) == ([], [])
    amended(make_order, first, "77-р", MAY, {1: row_id(first, 2)})
    assert (amendments.unchanged_rows(drafted), amendments.overtaken_rows(drafted)) == ([], [2])


def test_the_amending_order_is_printed_row_against_row(make_order: MakeOrder, settings: Settings) -> None:
    first = make_order()
    later = amended(make_order, first, "77-р", MAY, {1: row_id(first, 2)})
    last = amended(make_order, first, "78-р", JUNE, {1: row_id(first, 1), 2: row_id(later, 1)})
    sheet = order_sheet(last, Ruling.select().where(Ruling.order == last).order_by(Ruling.number), settings)
    assert sheet.points == (
        "Внести изменения в распоряжение № 1016-р от 13.04.2021: изложить строки приложения к нему в новой редакции "
        "согласно приложению к настоящему распоряжению.",
    )
    assert [line.instead for line in sheet.lines] == ["строка 1", "строка 1 распоряжения № 77-р от 17.05.2021"]
    text = PdfReader(io.BytesIO(print_order(sheet).data)).pages[-1].extract_text()
    assert "Строки в новой редакции" in text and "вместо: строка 1" in text
    assert order_sheet(first, [], settings).amends == ""
