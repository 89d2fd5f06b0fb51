"""What of the records is searchable, on both databases, and how the index is brought level with them."""

import datetime as dt
from pathlib import Path

import pytest

from attestation.models import Ruling
from attestation.site.search import Entry, Query, SearchIndex, sources
from attestation.tests.conftest import MakeOrder

pytestmark = pytest.mark.usefixtures("database")
FEBRUARY = dt.date(2022, 2, 1)


def silent(done: int, total: int) -> None:
    raise AssertionError(f"nothing was to be built: {done} of {total}")


def test_an_entry_is_a_row_with_the_requisites_of_its_order(make_order: MakeOrder) -> None:
    order = make_order("1016-р")
    entries = list(sources.published_entries())
    assert [entry.surname for entry in entries] == ["Иванова", "Соловьёва", "Римская-Корсакова", "Отказова"]
    assert entries[0] == Entry(
        ruling_id=Ruling.get(Ruling.surname == "Иванова").id,
        order_id=order.id,
        surname="Иванова",
        name="Мария",
        patronymic="Петровна",
        position="Учитель начальных классов",
        organization="ГБОУ СОШ № 45",
        category="first",
        established=True,
        kind="decision",
        number="1016-р",
        registered_on=dt.date(2021, 4, 13),
    )
    assert [entry.established for entry in entries] == [True, True, True, False]


@pytest.mark.parametrize("status", ["draft", "signed", "registered"])
def test_only_published_orders_are_searchable(make_order: MakeOrder, index: SearchIndex, status: str) -> None:
    order = make_order("1-р", status=status)
    assert list(sources.published_entries()) == list(sources.published_entries([order.id])) == []
    assert sources.sync(index, silent) == 0
    assert index.order_ids() == set()


def test_orders_come_by_publication(make_order: MakeOrder) -> None:
    later, earlier = make_order("2-р", FEBRUARY), make_order("1-р")
    assert sources.published_ids() == [earlier.id, later.id]
    assert list(dict.fromkeys(entry.order_id for entry in sources.published_entries())) == [earlier.id, later.id]


def test_sync_indexes_what_is_missing_and_forgets_what_is_foreign(make_order: MakeOrder, index: SearchIndex) -> None:
    first, second = make_order("1-р"), make_order("2-р", FEBRUARY)
    index.add(entry._replace(order_id=999) for entry in sources.published_entries([first.id]))
    index.add(sources.published_entries([first.id]))
    assert sources.sync(index, silent) == 2
    assert index.order_ids() == {first.id, second.id}
    assert index.search(Query("Иванова")).total == 2
    assert sources.sync(index, silent) == 0


def test_sync_builds_an_empty_index_and_reports(make_order: MakeOrder, index: SearchIndex) -> None:
    person = ("Иванова", "Мария", "Петровна", "Учитель", "Школа", "first", True)
    orders = [make_order(f"{n}-р", dt.date(2021, 4, n), rows=(person,) * 400) for n in (1, 2, 3)]
    told: list[tuple[int, int]] = []
    assert sources.sync(index, lambda done, total: told.append((done, total))) == 3
    assert told == [(1200, 1200)]
    assert index.order_ids() == {order.id for order in orders}


def test_sync_mends_a_damaged_index(make_order: MakeOrder, index: SearchIndex, tmp_path: Path) -> None:
    order = make_order()
    sources.sync(index)
    index.close()
    for path in (tmp_path / "search" / "current").glob("*.toc"):
        path.write_bytes(b"")
    assert sources.sync(index) == 1
    assert index.order_ids() == {order.id}


def test_a_rebuild_catches_up_with_what_was_published_meanwhile(
    make_order: MakeOrder, index: SearchIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = make_order("1-р")
    published = sources.published_entries

    def meanwhile(order_ids: list[int] | None = None) -> list[Entry]:
        entries = list(published(order_ids))
        if order_ids is None:
            make_order("2-р", FEBRUARY)
        return entries

    monkeypatch.setattr(sources, "published_entries", meanwhile)
    sources.rebuild(index)
    assert index.order_ids() == {first.id, first.id + 1}


def test_a_row_without_patronymic_is_found(make_order: MakeOrder, index: SearchIndex) -> None:
    make_order(rows=(("Ли", "Ян", "", "Учитель", "Школа № 1", "first", True),))
    sources.sync(index)
    assert index.search(Query("Ли Ян")).total == index.search(Query("«Ли Ян»")).total == index.search(Query("Я. Ли")).total == 1
