"""A small archive of invented people, in which every behaviour of the search has a row to show it."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from attestation.site.search import Answer, Entry, Filters, Query, SearchIndex, open_index

SCHOOL_45 = "ГБОУ школа № 45 Невского района Санкт-Петербурга"
SCHOOL_145 = "ГБОУ школа № 145 Калининского района Санкт-Петербурга"
SCHOOL_450 = "ГБОУ школа № 450 Курортного района Санкт-Петербурга"
GYMNASIUM_45 = "ГБОУ гимназия № 45 Приморского района Санкт-Петербурга"
GARDEN_45 = "ГБДОУ детский сад № 45 «Ёлочка»"
PUSHKIN = "ГБОУ лицей им. А. С. Пушкина"

PRIMARY = "Учитель начальных классов"
HISTORY = "Учитель истории и обществознания"
PSYCHOLOGIST = "Педагог-психолог"

APRIL = {"order_id": 1, "number": "1016-р", "registered_on": dt.date(2021, 4, 13), "kind": "decision"}
MAY = {"order_id": 2, "number": "1203-р", "registered_on": dt.date(2021, 5, 20), "kind": "decision"}
MEND = {"order_id": 3, "number": "45-р", "registered_on": dt.date(2022, 4, 13), "kind": "amendment"}

_ROWS: tuple[tuple[int, dict[str, Any], str, str, str, str, str], ...] = (
    (1, APRIL, "Иванова Мария Петровна", PRIMARY, SCHOOL_45, "first", "да"),
    (2, APRIL, "Иванова Анна Михайловна", HISTORY, SCHOOL_145, "highest", "да"),
    (3, APRIL, "Иванов Михаил Петрович", "Учитель физики", SCHOOL_450, "first", "да"),
    (4, APRIL, "Ёлкина Вера Ильинична", PSYCHOLOGIST, GARDEN_45, "first", "да"),
    (5, APRIL, "Скрытникова Зоя Львовна", "Тайновед", "Незримая школа № 77", "highest", "нет"),
    (6, MAY, "Римская-Корсакова Ольга Юрьевна", "Концертмейстер", GYMNASIUM_45, "highest", "да"),
    (7, MAY, "Корсакова Инна Олеговна", PRIMARY, SCHOOL_145, "highest", "да"),
    (8, MAY, "Иванова Мария Сергеевна", PRIMARY, PUSHKIN, "first", "да"),
    (9, MEND, "Мирзоев Тимур Мамед оглы", "Учитель химии", SCHOOL_450, "first", "да"),
    (10, MEND, "Петров Яков", "Учитель начального военного дела и классов", SCHOOL_45, "highest", "да"),
)


def entry(ruling_id: int, order: dict[str, Any], person: str, **values: Any) -> Entry:
    """A row; the person as surname, name and the rest."""
    surname, name, patronymic = (*person.split(" ", 2), "", "")[:3]
    known = {"position": PRIMARY, "organization": SCHOOL_45, "category": "first", "established": True} | values
    return Entry(ruling_id=ruling_id, surname=surname, name=name, patronymic=patronymic, **known, **order)


ROWS = tuple(
    entry(number, order, person, position=position, organization=place, category=category, established=done == "да")
    for number, order, person, position, place, category, done in _ROWS
)


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    """The small archive, indexed order by order. Only to be read."""
    index = open_index(tmp_path_factory.mktemp("search"))
    for order_id in (1, 2, 3):
        index.add_order(row for row in ROWS if row.order_id == order_id)
    yield index
    index.close()


@pytest.fixture
def index(tmp_path: Path) -> Iterator[SearchIndex]:
    """An empty index of its own."""
    opened = open_index(tmp_path / "search")
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def ask(archive: SearchIndex) -> Callable[..., Answer]:
    """Search the small archive: text and filters."""

    def asked(text: str, **filters: Any) -> Answer:
        return archive.search(Query(text, Filters(**filters)))

    return asked


@pytest.fixture(scope="session")
def found(ask: Callable[..., Answer]) -> Callable[..., list[int]]:
    """Ids of the rows found in the small archive, sorted."""

    def ids(text: str, **filters: Any) -> list[int]:
        return sorted(ask(text, **filters).ruling_ids)

    return ids
