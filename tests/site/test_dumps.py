"""Bulk dumps: what is in them, versions, what is left when making them fails."""

import csv
import datetime as dt
import errno
import gzip
import hashlib
import io
import json
from dataclasses import replace
from typing import Any

import pytest

from attestation.models import Order
from attestation.site import dumps, open_data
from attestation.site.settings import Settings
from attestation.site.validity import Validity

from ..conftest import NOON, MakeOrder

LATER = NOON + dt.timedelta(hours=1)
SITE = "http://127.0.0.1:8000"
ROWS = (
    ("Иванова", "Мария", "Петровна", "Учитель", "ГБОУ СОШ № 45", "first", True),
    ("Ёлкина", "Вера", "", "=1+1", "Школа, «вторая»", "highest", True),
    ("Отказова", "Нина", "", "Методист", "Лицей", "first", False),
)


def unmoved(_done: int, _total: int) -> None:
    """Progress that nobody looks at."""


def text(settings: Settings, version: dumps.Version, name: str) -> str:
    return gzip.decompress(dumps.path_of(settings, version, name).read_bytes()).decode("utf-8")


def lines(settings: Settings, version: dumps.Version, table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text(settings, version, f"{table}.jsonl.gz").splitlines()]


def names(settings: Settings) -> list[str]:
    return sorted(path.name for path in settings.dumps_dir.iterdir())


def test_orders_and_rows_are_in_both_formats(settings: Settings, make_order: MakeOrder) -> None:
    order = make_order(rows=ROWS)
    make_order("7-р", rows=ROWS, status="registered")
    version = dumps.make(replace(settings, validity=Validity(5)), unmoved, on=NOON)
    (told,) = lines(settings, version, "orders")
    assert told == {
        "year": 2021,
        "number": "1016-р",
        "registered_on": "2021-04-13",
        "published_at": "2021-04-13T09:00:00Z",
        "kind": "decision",
        "title": order.title,
        "rows": 2,
        "page": f"{SITE}/orders/2021/1016-%D1%80/",
        "pdf": f"{SITE}/orders/2021/1016-%D1%80/order.pdf",
        "pdf_sha256": order.pdf_sha256,
        "pdf_size": order.pdf_size,
        "pdf_pages": 1,
        "amends": None,
    }
    first, second = lines(settings, version, "rulings")
    assert second == {
        "order_year": 2021,
        "order_number": "1016-р",
        "registered_on": "2021-04-13",
        "row": 2,
        "surname": "Ёлкина",
        "name": "Вера",
        "patronymic": "",
        "position": "=1+1",
        "organization": "Школа, «вторая»",
        "category": "highest",
        "established": True,
        "valid_until": "2026-04-13",
        "pdf_page": 2,
        "page": f"{SITE}/orders/2021/1016-%D1%80/2",
        "changed_by": None,
    }
    table = list(csv.DictReader(io.StringIO(text(settings, version, "rulings.csv.gz"), newline="")))
    assert [row["surname"] for row in table] == ["Иванова", "Ёлкина"]
    written = {"position": "'=1+1", "established": "true", "patronymic": "", "changed_by": ""}
    assert table[1] == {key: written.get(key, str(value)) for key, value in second.items()}
    assert [column.name for column in open_data.RULING] == list(first) == list(table[0])


def test_refusals_are_there_only_where_they_are_shown(settings: Settings, make_order: MakeOrder) -> None:
    make_order(rows=ROWS)
    shown = replace(settings, show_refusals=True)
    with_refusals = dumps.make(shown, unmoved, on=NOON)
    assert [row["established"] for row in lines(settings, with_refusals, "rulings")] == [True, True, False]
    # The setting is taken back: that version is not given out any more, at once.
    assert (dumps.versions(settings), dumps.level(settings)) == ([], False)
    without = dumps.make(settings, unmoved, on=LATER)
    assert [version.name for version in dumps.versions(settings)] == [without.name]
    assert [version.name for version in dumps.versions(shown)] == [without.name, with_refusals.name]


def test_checksums_and_manifest_are_right(settings: Settings, make_order: MakeOrder) -> None:
    make_order(rows=ROWS)
    version = dumps.make(settings, unmoved, on=NOON)
    assert version.name.startswith("20260310T090000Z-")
    folder = settings.dumps_dir / version.name
    files = ["orders.csv.gz", "orders.jsonl.gz", "rulings.csv.gz", "rulings.jsonl.gz"]
    assert sorted(path.name for path in folder.iterdir()) == sorted([*files, "SHA256SUMS", "manifest.json"])
    real = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in files}
    assert (folder / "SHA256SUMS").read_text() == "".join(f"{real[name]}  {name}\n" for name in files)
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    assert {file["name"]: (file["sha256"], file["size"], file["rows"]) for file in told["files"]} == {
        name: (real[name], (folder / name).stat().st_size, 1 if "orders" in name else 2) for name in files
    }
    assert [column["name"] for column in told["columns"]["orders"]] == [column.name for column in open_data.ORDER]
    assert dumps.versions(settings) == [version]


def test_the_same_data_make_no_new_version(settings: Settings, make_order: MakeOrder) -> None:
    make_order(rows=ROWS)
    first = dumps.make(settings, unmoved, on=NOON)
    assert dumps.make(settings, unmoved, on=LATER) == first
    assert names(settings) == [first.name]


def test_a_publication_makes_them_unlevel_until_they_are_made(settings: Settings, make_order: MakeOrder) -> None:
    assert dumps.level(settings)  # nothing was ever published
    make_order(rows=ROWS)
    assert not dumps.level(settings)
    first = dumps.make(settings, unmoved, on=NOON)
    assert dumps.level(settings)
    make_order("7-р", dt.date(2021, 5, 1), rows=ROWS)
    assert not dumps.level(settings)
    second = dumps.make(settings, unmoved, on=LATER)
    assert dumps.level(settings) and second.name != first.name
    assert [order["number"] for order in lines(settings, second, "orders")] == ["7-р", "1016-р"]
    assert len(lines(settings, first, "orders")) == 1  # what was there stays as it was
    assert not dumps.level(replace(settings, validity=Validity(5)))
    assert not dumps.level(replace(settings, site_url="https://example.org"))


def test_a_withdrawn_order_is_in_no_version_that_is_given_out(settings: Settings, make_order: MakeOrder) -> None:
    make_order(rows=ROWS)
    dumps.make(settings, unmoved, on=NOON - dt.timedelta(days=1))
    gone = make_order("7-р", rows=ROWS)
    dumps.make(settings, unmoved, on=NOON)
    told = {"status": "withdrawn", "withdrawn_at": LATER, "withdrawal_reason": "Ошибка"}
    Order.update(told).where(Order.id == gone.id).execute()
    # The older of both versions does not hold it, but nothing in the folder says so: both stay back.
    assert (dumps.versions(settings), dumps.level(settings)) == ([], False)
    after = dumps.make(settings, unmoved, on=LATER + dt.timedelta(seconds=2))
    assert (dumps.versions(settings), dumps.level(settings)) == ([after], True)
    assert [order["number"] for order in lines(settings, after, "orders")] == ["1016-р"]


def test_what_came_and_went_between_two_versions_makes_a_new_one(settings: Settings, make_order: MakeOrder) -> None:
    make_order(rows=ROWS)
    first = dumps.make(settings, unmoved, on=NOON)
    gone = make_order("7-р", rows=ROWS)
    told = {"status": "withdrawn", "withdrawn_at": LATER, "withdrawal_reason": "Ошибка"}
    Order.update(told).where(Order.id == gone.id).execute()
    after = dumps.make(settings, unmoved, on=LATER + dt.timedelta(seconds=2))
    assert after.files == first.files and after.name != first.name
    assert (dumps.versions(settings), dumps.level(settings)) == ([after], True)


def test_the_last_versions_are_kept(settings: Settings, make_order: MakeOrder) -> None:
    made = []
    for number in range(7):
        make_order(f"{number + 1}-р", rows=ROWS)
        made.append(dumps.make(settings, unmoved, on=NOON + dt.timedelta(minutes=number)).name)
    assert [version.name for version in dumps.versions(settings)] == made[:1:-1]
    assert names(settings) == made[2:]


def test_more_orders_than_are_read_at_once(settings: Settings, make_order: MakeOrder, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        make_order(f"{number + 1}-р", rows=ROWS[:1])
    monkeypatch.setattr(dumps, "ORDERS_AT_ONCE", 2)
    steps: list[tuple[int, int]] = []
    version = dumps.make(settings, lambda done, total: steps.append((done, total)), on=NOON)
    assert [order["number"] for order in lines(settings, version, "orders")] == ["5-р", "4-р", "3-р", "2-р", "1-р"]
    assert steps == [(0, 5), (1, 5), (2, 5), (3, 5), (4, 5)]


# --- Failures ---------------------------------------------------------------------------------------------------------------


def full(*_args: object, **_kwargs: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("step", ["CsvWriter.write", "LinesWriter.file", "files.write_whole", "files.sync_folder"])
def test_without_room_the_old_version_stays(
    settings: Settings, make_order: MakeOrder, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    make_order(rows=ROWS)
    old = dumps.make(settings, unmoved, on=NOON)
    make_order("7-р", rows=ROWS)
    with monkeypatch.context() as broken, pytest.raises(OSError, match="No space"):
        broken.setattr(f"attestation.site.dumps.{step}", full)
        dumps.make(settings, unmoved, on=LATER)
    assert names(settings) == [old.name]
    assert dumps.versions(settings) == [old]
    assert dumps.make(settings, unmoved, on=LATER).name in names(settings)


def test_whoever_stops_the_work_leaves_nothing_behind(settings: Settings, make_order: MakeOrder) -> None:
    def stop(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    make_order(rows=ROWS)
    with pytest.raises(KeyboardInterrupt):
        dumps.make(settings, stop, on=NOON)
    assert names(settings) == []


def test_a_draft_of_a_killed_process_is_no_version_and_is_cleared_away(settings: Settings, make_order: MakeOrder) -> None:
    draft = settings.dumps_dir / ".draft.99999"
    draft.mkdir(parents=True)
    (draft / "orders.csv.gz").write_bytes(b"half")
    make_order(rows=ROWS)
    assert dumps.versions(settings) == []
    version = dumps.make(settings, unmoved, on=NOON)
    assert names(settings) == [version.name]


def test_a_folder_without_a_manifest_is_no_version(settings: Settings, make_order: MakeOrder) -> None:
    make_order(rows=ROWS)
    version = dumps.make(settings, unmoved, on=NOON)
    (settings.dumps_dir / version.name / "manifest.json").unlink()
    assert dumps.versions(settings) == []
    assert dumps.make(settings, unmoved, on=LATER) in dumps.versions(settings)
