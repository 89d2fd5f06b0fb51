"""The index as something that lives: commits, deletions, late orders, merges, several threads and processes, crashes."""

import datetime as dt
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from attestation.site.search import Entry, Filters, IndexBusy, IndexDamaged, Query, SearchIndex, open_index, whoosh_engine
from attestation.site.search.builds import Builds
from attestation.site.search.writing import MERGE_ROWS

from .conftest import MEND, ROWS, entry

SURNAMES = ("Берёзкина", "Вишнякова", "Горохова", "Дубровина", "Зимина")


def order(order_id: int, day: dt.date | None = None, rows: int = 3, start: int | None = None) -> list[Entry]:
    """An order of so many rows; ids of rows from order_id * 1000, a day after the order before it."""
    requisites = {
        "order_id": order_id,
        "number": f"{order_id}-р",
        "registered_on": day or dt.date(2020, 1, 1) + dt.timedelta(days=order_id),
        "kind": "decision",
    }
    first = order_id * 1000 if start is None else start
    return [entry(first + n, requisites, f"{SURNAMES[n % len(SURNAMES)]} Анна Львовна") for n in range(rows)]


def ids(index: SearchIndex, text: str = "", **query: Any) -> list[int]:
    return list(index.search(Query(text, per_page=200, **query)).ruling_ids)


def segments(index: Any) -> list[int]:
    """Sizes of the segments, deleted rows included."""
    index.search(Query(""))
    return [segment.size for segment in index._view.segments]


def test_an_empty_index_answers(index: SearchIndex) -> None:
    index.warm()
    answer = index.search(Query("Иванова"))
    assert (answer.total, answer.ruling_ids, answer.pages, answer.facets["year"]) == (0, (), 0, [])
    assert (ids(index), index.order_ids()) == ([], set())


def test_one_commit_or_many_give_the_same_answers(tmp_path: Path) -> None:
    together, apart = open_index(tmp_path / "a"), open_index(tmp_path / "b")
    together.add(ROWS)
    for order_id in (1, 2, 3):
        apart.add_order(row for row in ROWS if row.order_id == order_id)
    for text in ("", "Иванова", "учитель", "Иванва", "школа 45", "2021", "Ив*"):
        assert together.search(Query(text)) == apart.search(Query(text))


def test_a_commit_is_seen_by_the_next_search(index: SearchIndex) -> None:
    index.add_order(order(1))
    assert ids(index) == [1000, 1001, 1002]
    index.add_order(order(2))
    assert ids(index) == [2000, 2001, 2002, 1000, 1001, 1002]


def test_removing_an_order_takes_all_of_it(index: SearchIndex) -> None:
    index.add([*order(1), *order(2)])
    index.add(ROWS[3:4])
    index.remove_order(1)  # order 1 of both lists: the second replaced the first
    assert (ids(index), index.order_ids()) == ([2000, 2001, 2002], {2})
    answer = index.search(Query("Елкинаа"))
    assert (answer.total, answer.correction) == (0, None)  # a word of deleted rows is not suggested
    assert dict(index.search(Query("")).facets["year"]) == {2020: 3}


def test_removing_the_last_order_leaves_an_empty_index(index: SearchIndex) -> None:
    index.add_order(order(1))
    index.remove_order(1)
    assert (ids(index), index.order_ids()) == ([], set())


def test_removing_an_unknown_order_changes_nothing(index: SearchIndex) -> None:
    index.add_order(order(1))
    index.remove_order(77)
    assert index.order_ids() == {1}


def test_adding_an_order_again_replaces_it(index: SearchIndex) -> None:
    index.add([*order(1), *order(2)])
    index.add_order(order(1, rows=2))
    assert ids(index) == [2000, 2001, 2002, 1000, 1001]
    assert index.search(Query("1-р")).total == 2


def test_an_order_indexed_late_takes_its_place_by_date(index: SearchIndex) -> None:
    for order_id in (1, 2, 4, 5):
        index.add_order(order(order_id))
    index.add([*order(3), *order(6)])
    newest = [n for order_id in (6, 5, 4, 3, 2, 1) for n in range(order_id * 1000, order_id * 1000 + 3)]
    assert ids(index) == newest
    assert ids(index, sort="old") == newest[::-1]
    pages = [index.search(Query("", page=page, per_page=4)).ruling_ids for page in range(1, 6)]
    assert [n for page in pages for n in page] == newest
    assert ids(index, "Вишнякова") == [6001, 5001, 4001, 3001, 2001, 1001]


def test_orders_of_one_day_come_by_their_entry(index: SearchIndex) -> None:
    day = dt.date(2021, 1, 1)
    index.add_order(order(8, day))
    index.add_order(order(7, day))
    assert ids(index) == [8000, 8001, 8002, 7000, 7001, 7002]


def test_late_orders_keep_their_place_through_merges_and_a_rebuild(index: SearchIndex) -> None:
    for order_id in (2, 9, 4, 1, 7, 3, 8, 6, 5):
        index.add_order(order(order_id))
    index.remove_order(4)
    index.add_order(order(10))
    newest = [n for order_id in (10, 9, 8, 7, 6, 5, 3, 2, 1) for n in range(order_id * 1000, order_id * 1000 + 3)]
    assert ids(index) == newest
    index.rebuild(row for order_id in (1, 2, 3, 5, 6, 7, 8, 9, 10) for row in order(order_id))
    assert ids(index) == newest
    assert len(segments(index)) == 1


def test_segments_merge_as_they_come(index: SearchIndex) -> None:
    for order_id in range(1, 41):
        index.add_order(order(order_id))
    assert len(segments(index)) <= 6
    assert sum(segments(index)) == 120
    assert ids(index) == [n for order_id in range(40, 0, -1) for n in range(order_id * 1000, order_id * 1000 + 3)]


def test_merging_leaves_deleted_rows_behind(index: SearchIndex) -> None:
    for order_id in (1, 2, 3):
        index.add_order(order(order_id))
    index.remove_order(2)
    index.add_order(order(4, rows=9))
    assert segments(index) == [15]
    assert index.order_ids() == {1, 3, 4}


def test_a_large_segment_is_not_merged_in_a_commit(index: SearchIndex) -> None:
    index.add_order(order(1, rows=MERGE_ROWS))
    index.add_order(order(2, rows=3))
    assert segments(index) == [MERGE_ROWS, 3]


def test_rows_of_an_order_must_agree_on_it(index: SearchIndex) -> None:
    index.add_order(order(1))
    torn = [*order(2), order(2, day=dt.date(2019, 1, 1))[0]]
    with pytest.raises(ValueError, match="order 2"):
        index.add_order(torn)
    assert index.order_ids() == {1}
    index.add_order(order(3))  # the failed writer has let go of the index
    assert index.order_ids() == {1, 3}


def test_a_rebuild_refuses_an_order_that_comes_twice(index: SearchIndex) -> None:
    index.add_order(order(1))
    with pytest.raises(ValueError, match="order 5"):
        index.rebuild([*order(5), *order(6), *order(5)])
    assert index.order_ids() == {1}


def test_an_order_of_refusals_only_is_known_but_not_found(index: SearchIndex) -> None:
    index.add_order(row._replace(established=False) for row in order(1))
    assert (index.order_ids(), ids(index), ids(index, "1-р")) == ({1}, [], [])


def test_a_small_budget_of_kept_bitmaps_changes_no_answer(tmp_path: Path, archive: SearchIndex) -> None:
    small = whoosh_engine.WhooshIndex(tmp_path, budget=1)
    small.add(ROWS)
    for text in ("", "Иванова", "учитель", "Иванва", "школа 45", "2021", "Ив*"):
        assert small.search(Query(text, Filters(category="first"))) == archive.search(Query(text, Filters(category="first")))
    assert small._kept.bytes == 0


def test_many_rows_are_counted_the_same_in_every_way(index: SearchIndex) -> None:
    """Enough rows and values that looking up, intersecting and walking are each the quickest somewhere."""
    rows = [
        row._replace(organization=f"Школа № {n % 700}", position=f"Учитель {n % 7}", category=("first", "highest")[n % 3 == 0])
        for n, row in enumerate(order(1, rows=6000))
    ]
    index.add_order(rows)
    for text, kept in (
        ("Анна", rows),
        ("Горохова", [r for r in rows if r.surname == "Горохова"]),
        ("Школа 5", [r for r in rows if r.organization == "Школа № 5"]),
    ):
        facets = index.search(Query(text)).facets
        assert dict(facets["category"]) == {c: n for c in ("first", "highest") if (n := sum(r.category == c for r in kept))}
        assert dict(facets["position"]) == {
            p: n for i in range(7) if (n := sum(r.position == (p := f"Учитель {i}") for r in kept))
        }
        counts = sorted((sum(r.organization == o for r in kept) for o in {r.organization for r in kept}), reverse=True)
        assert [n for _, n in facets["organization"]] == counts[:15]


# --- Rebuilding -------------------------------------------------------------------------------------------------------------


def test_a_rebuild_reports_progress_and_replaces_everything(index: SearchIndex) -> None:
    index.add_order(order(1))
    done: list[int] = []
    index.rebuild((row for order_id in range(2, 12) for row in order(order_id, rows=300)), done.append)
    assert done == [1200, 2100, 3000]
    assert index.order_ids() == set(range(2, 12))


def test_a_rebuild_does_not_stop_search_or_publication(index: SearchIndex) -> None:
    index.add_order(order(1))
    seen: list[set[int]] = []

    def rows() -> Iterator[Entry]:
        yield from order(1)
        index.add_order(order(2))  # published while the rebuild is under way
        seen.append(index.order_ids())
        yield from order(3)

    def missing(built: Any) -> Iterator[Entry]:
        assert set(built) == {1, 3}
        yield from order(2)

    index.rebuild(rows(), None, missing)
    assert seen == [{1, 2}]
    assert index.order_ids() == {1, 2, 3}


def test_a_failed_rebuild_leaves_the_index_as_it_was(index: SearchIndex, tmp_path: Path) -> None:
    index.add_order(order(1))
    before = sorted((tmp_path / "search").glob("v*"))

    def broken() -> Iterator[Entry]:
        yield from order(2)
        raise ConnectionError("the database went away")

    with pytest.raises(ConnectionError):
        index.rebuild(broken())
    assert index.order_ids() == {1}
    assert sorted((tmp_path / "search").glob("v*")) == before


def test_two_rebuilds_at_once_are_refused(index: SearchIndex, tmp_path: Path) -> None:
    with Builds(tmp_path / "search").lock("rebuild", 0), pytest.raises(IndexBusy) as busy:
        index.rebuild(order(1))
    assert str(busy.value) == "Поисковый указатель сейчас обновляется. Повторите немного позже."


def test_an_open_reader_follows_a_rebuild_of_another(tmp_path: Path) -> None:
    reader, writer = open_index(tmp_path), open_index(tmp_path)
    writer.add_order(order(1))
    assert ids(reader, "Горохова") == [1002]
    writer.rebuild(order(2))
    assert ids(reader, "Горохова") == [2002]
    assert len(list(tmp_path.glob("v*"))) == 1


def test_a_damaged_index_says_so_and_can_be_rebuilt(tmp_path: Path) -> None:
    first = open_index(tmp_path)
    first.add_order(order(1))
    for path in (tmp_path / "current").glob("*.trm"):
        path.write_bytes(b"")
    index = open_index(tmp_path)
    with pytest.raises(IndexDamaged):
        index.search(Query("Горохова"))
    index.rebuild(order(2))
    assert ids(index, "Горохова") == [2002]


def test_a_lost_directory_is_an_empty_index(tmp_path: Path) -> None:
    index = open_index(tmp_path / "search")
    index.add_order(order(1))
    shutil.rmtree(tmp_path / "search")
    assert index.order_ids() == set()
    index.add_order(order(2))
    assert index.order_ids() == {2}


def test_nobody_else_may_read_the_folder(index: SearchIndex, tmp_path: Path) -> None:
    index.add_order(order(1))
    assert (tmp_path / "search").stat().st_mode & 0o777 == 0o700


# --- Threads and processes --------------------------------------------------------------------------------------------------


def test_threads_search_while_another_publishes(index: SearchIndex) -> None:
    index.add_order(order(1))
    errors: list[object] = []
    stop = threading.Event()

    def look() -> None:
        known = 1
        while not stop.is_set():
            try:
                answer = index.search(Query("Горохова"))
                assert known <= answer.total == answer.facets["category"][0][1] == len(answer.ruling_ids)
                known = answer.total
            except BaseException as error:
                errors.append(error)
                raise

    readers = [threading.Thread(target=look) for _ in range(3)]
    for reader in readers:
        reader.start()
    writers = [threading.Thread(target=index.add_order, args=(order(n),)) for n in range(2, 12)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    stop.set()
    for reader in readers:
        reader.join()
    assert (errors, index.search(Query("Горохова")).total) == ([], 11)


_WRITER = """
import datetime as dt, sys
from pathlib import Path
from attestation.site.search import Entry, open_index
index = open_index(Path(sys.argv[1]))
first, last = int(sys.argv[2]), int(sys.argv[3])
for n in range(first, last):
    print(n, flush=True)
    day = dt.date(2020, 1, 1) + dt.timedelta(days=n)
    index.add_order(
        Entry(n * 1000 + k, n, "Горохова", "Анна", "Львовна", "Учитель", "Школа", "first", True, "decision", f"{n}-р", day)
        for k in range(int(sys.argv[4]))
    )
"""


def _writing(directory: Path, first: int, last: int, rows: int) -> "subprocess.Popen[str]":
    arguments = [sys.executable, "-c", _WRITER, str(directory), str(first), str(last), str(rows)]
    return subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)


def test_two_processes_write_and_a_third_sees_every_commit(tmp_path: Path) -> None:
    reader = open_index(tmp_path)
    writers = [_writing(tmp_path, 1, 9, 3), _writing(tmp_path, 11, 19, 3)]
    while any(writer.poll() is None for writer in writers):
        assert reader.search(Query("Горохова")).total % 3 == 0  # never half an order
    assert [writer.returncode for writer in writers] == [0, 0]
    assert reader.order_ids() == {*range(1, 9), *range(11, 19)}
    for writer in writers:
        writer.communicate()


def test_a_killed_writer_leaves_the_index_whole_and_free(tmp_path: Path) -> None:
    index = open_index(tmp_path)
    index.add_order(order(1))
    for pause in (0.0, 0.02, 0.05, 0.1):
        before = index.order_ids()
        writer = _writing(tmp_path, 100, 100_000, 400)
        assert writer.stdout
        writer.stdout.readline()
        time.sleep(pause)
        os.kill(writer.pid, signal.SIGKILL)
        writer.communicate()
        after = index.order_ids()
        assert after >= before
        assert index.search(Query("")).total == 3 + 400 * (len(after) - 1)  # every order whole
        index.add_order(order(1))  # the next writer is not kept waiting
        for order_id in after - {1}:
            index.remove_order(order_id)
    assert index.order_ids() == {1}
    index.rebuild(order(1))
    assert not list((tmp_path / "current").glob("*.tmp"))


def test_a_writer_that_waits_too_long_is_refused(index: SearchIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    index.add_order(order(1))
    monkeypatch.setattr(whoosh_engine, "WRITE_TIMEOUT", 0.05)
    with Builds(tmp_path / "search").lock("write", 0), pytest.raises(IndexBusy):
        index.add_order(order(2))
    index.add_order(order(2))
    assert index.order_ids() == {1, 2}


def test_closing_lets_go_and_may_be_followed_by_a_search(index: SearchIndex) -> None:
    index.add([*order(1), entry(7, MEND, "Горохова Анна Львовна")])
    index.close()
    assert ids(index, "Горохова") == [7, 1002]
    assert index.search(Query("Горохова")).facets["kind"] == [("amendment", 1), ("decision", 1)]


def test_a_rebuild_sweeps_away_what_a_killed_one_left(index: SearchIndex, tmp_path: Path) -> None:
    index.add_order(order(1))
    left = Builds(tmp_path / "search").new()
    index.rebuild(order(2))
    assert not left.exists()
    assert len(list((tmp_path / "search").glob("v*"))) == 1


def test_an_index_of_another_format_is_not_opened(tmp_path: Path) -> None:
    old = tmp_path / "v0-1"
    old.mkdir()
    (tmp_path / "current").symlink_to(old.name)
    index = open_index(tmp_path)
    assert index.order_ids() == set()
    index.rebuild(order(1))
    assert index.order_ids() == {1}
    assert not old.exists()
