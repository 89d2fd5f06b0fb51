"""The records on both databases: what the database itself refuses."""

import datetime as dt
from collections.abc import Callable

import pytest
from peewee import IntegrityError

from attestation import models
from attestation.models import JournalEntry, Order, Record, Ruling

MOMENT = dt.datetime(2021, 4, 13, 23, 30, tzinfo=dt.timezone(dt.timedelta(hours=3)))
PUBLISHED = {
    "status": "published",
    "number": "1016-р",
    "year": 2021,
    "registered_on": dt.date(2021, 4, 13),
    "signed_on": dt.date(2021, 4, 12),
    "published_at": MOMENT,
    "pdf_sha256": "a" * 64,
    "pdf_size": 1,
    "pdf_pages": 1,
}


def make(**fields: object) -> Order:
    """An order with one row and these fields."""
    order = Order.create(title="Об установлении квалификационной категории")
    Ruling.create(
        order=order, number=1, surname="Ёлкина", name="Анна", position="Учитель", organization="Школа", category="first"
    )
    if fields:
        Order.update(**fields).where(Order.id == order.id).execute()
    return Order.get_by_id(order.id)


def refuses(database: models.Database, act: Callable[[], object]) -> str:
    """The database's own words of refusal; the transaction is rolled back."""
    with pytest.raises(IntegrityError) as caught, database.atomic():
        act()
    return str(caught.value)


@pytest.mark.parametrize("missing", ["number", "registered_on", "published_at", "pdf_sha256", "pdf_pages", "signed_on"])
def test_a_published_order_has_everything(database: models.Database, missing: str) -> None:
    refuses(database, lambda: make(**(PUBLISHED | {missing: None})))
    assert Order.select().count() == 0


def test_a_complete_order_may_be_published_and_is_then_frozen(database: models.Database) -> None:
    order = make(**PUBLISHED)
    assert order.published_at == MOMENT
    assert "not changed" in refuses(database, lambda: Order.update(title="Иное").execute())
    assert "not deleted" in refuses(database, lambda: Order.delete().execute())
    assert "not changed" in refuses(database, lambda: Ruling.update(surname="Иная").execute())
    assert "not deleted" in refuses(database, lambda: Ruling.delete().execute())
    row = {"order": order, "number": 2, "surname": "А", "name": "Б", "position": "В", "organization": "Г", "category": "first"}
    assert "no new row" in refuses(database, lambda: Ruling.insert(**row).execute())
    draft = make()
    assert "no new row" in refuses(
        database, lambda: Ruling.update(order=order, number=2).where(Ruling.order == draft).execute()
    )


@pytest.mark.parametrize(
    "fields",
    [{"status": "lost"}, {"kind": "letter"}, {"pdf_size": 5}, {"number": "7"}, {"version": 0}, {"title": ""}],
    ids=lambda fields: next(iter(fields)),
)
def test_nonsense_is_refused(database: models.Database, fields: dict[str, object]) -> None:
    refuses(database, lambda: make(**fields))


def test_two_orders_of_a_year_cannot_share_a_number(database: models.Database) -> None:
    make(**PUBLISHED)
    refuses(database, lambda: make(**PUBLISHED))
    assert make(**(PUBLISHED | {"year": 2022, "registered_on": dt.date(2022, 4, 13)})).year == 2022


def test_the_journal_only_grows(database: models.Database) -> None:
    JournalEntry.create(at=MOMENT, who="Секретарева А.П.", verb="order.sign", subject="order", subject_id=1)
    assert "not changed" in refuses(database, lambda: JournalEntry.update(who="Другая").execute())
    assert "not deleted" in refuses(database, lambda: JournalEntry.delete().execute())
    if models.embedded():
        other = {"id": 1, "at": MOMENT, "who": "Другая", "verb": "order.sign", "subject": "order"}
        assert "not deleted" in refuses(database, lambda: JournalEntry.replace(**other).execute())


def test_facts_come_from_the_record(database: models.Database) -> None:
    assert make().observe() == {"titled", "has_rows"}
    assert make(**PUBLISHED).observe() == {"titled", "has_rows", "number_given", "date_given", "pdf_frozen"}


def test_search_and_order_know_cyrillic(database: models.Database) -> None:
    order = make()
    for number, surname in enumerate(["Яшин", "Жуков", "Егоров", "Ёлкин", "Елкин"], 2):
        Ruling.create(order=order, number=number, surname=surname, name="А", position="п", organization="о", category="first")
    assert [row.surname for row in Ruling.select().where(Ruling.surname.contains("ЁЛКИН")).order_by(Ruling.number)] == [
        "Ёлкина",
        "Ёлкин",
    ]
    assert [row.surname for row in Ruling.select().order_by(Ruling.surname)] == [
        "Егоров",
        "Елкин",
        "Ёлкин",
        "Ёлкина",
        "Жуков",
        "Яшин",
    ]


def test_a_moment_needs_its_zone(database: models.Database) -> None:
    with pytest.raises(ValueError, match="time zone"):
        make(published_at=dt.datetime(2021, 4, 13))


def test_records_and_tables_have_the_same_columns(database: models.Database) -> None:
    others = {"huey_task", "schema_migration", "sqlite_sequence"}  # of huey, of the migrations, of SQLite
    assert {record._meta.table_name for record in Record.__subclasses__()} == set(database.get_tables()) - others
    for record in Record.__subclasses__():
        table = {column.name: column.null for column in database.get_columns(record._meta.table_name)}
        assert table == {field.column_name: bool(field.null) for field in record._meta.sorted_fields}, record
