"""Measures the search of the archive beside SQLite FTS5: `.venv/bin/python bench/search.py [--rows 200000]`.

Builds both indexes of the same invented rows, checks that both answer alike, then asks each query of both in turn and prints
p50 and p95 by kind of query. Exits with 1 if any answer differs.
"""

import argparse
import datetime as dt
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from archive import archive
from fts5 import Fts5Index

from attestation.site.search import Entry, Facet, Filters, Query, SearchIndex, open_index
from attestation.site.search.russian import one_error

COUNTED: tuple[Facet, ...] = ("year", "category")
ROUNDS = 5
PUBLISHED_ROWS = 1_000


@dataclass(frozen=True)
class Kind:
    """Queries of one kind; `limit` is the p95 to keep in ms, `ratio` the p95 to keep as a part of FTS5's."""

    name: str
    queries: tuple[Query, ...]
    limit: float | None = None
    ratio: float | None = None


def main() -> int:
    options = _options()
    if options.memory:
        return _print_memory(options.memory)
    with _directory(options.keep) as directory:
        rows = list(archive(options.rows))
        print(f"Строк: {len(rows):,}, распоряжений: {rows[-1].order_id:,}\n".replace(",", " "), flush=True)
        ours, theirs = open_index(directory / "whoosh"), Fts5Index(directory / "fts5")
        _build("Whoosh", ours, rows, directory / "whoosh")
        _build("FTS5", theirs, rows, directory / "fts5")
        kinds = _kinds(rows)
        started = time.perf_counter()
        ours.warm()
        theirs.warm()
        print(f"Прогрев обоих: {time.perf_counter() - started:.2f} с", flush=True)
        if not _same_answers(kinds, ours, theirs):
            return 1
        _measure(kinds, ours, theirs)
        _publish(rows, ours, theirs)
        ours.close()
        theirs.close()
        subprocess.run([sys.executable, __file__, "--memory", str(directory / "whoosh")], check=True)
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Поиск по архиву рядом с SQLite FTS5")
    parser.add_argument("--rows", type=int, default=200_000, help="сколько строк (по умолчанию 200000)")
    parser.add_argument("--keep", type=Path, help="папка, где оставить оба указателя и взять готовые в следующий раз")
    parser.add_argument("--memory", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


@contextmanager
def _directory(kept: Path | None) -> Iterator[Path]:
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept
    else:
        with tempfile.TemporaryDirectory(prefix="bench-search-") as temporary:
            yield Path(temporary)


def _build(name: str, index: SearchIndex, rows: list[Entry], directory: Path) -> None:
    """Build, unless a kept index has exactly these orders."""
    if index.order_ids() == {row.order_id for row in rows}:
        print(f"{name}: взят готовый", flush=True)
        return
    started = time.perf_counter()
    index.rebuild(iter(rows))
    size = sum(path.stat().st_size for path in directory.rglob("*") if path.is_file() and not path.is_symlink())
    print(f"{name}: построен за {time.perf_counter() - started:.1f} с, на диске {size / 1e6:.1f} МБ", flush=True)


# --- Queries ----------------------------------------------------------------------------------------------------------------


def _kinds(rows: list[Entry], seed: int = 7) -> list[Kind]:
    chance = random.Random(seed)
    shown = [row for row in rows if row.established]
    surnames = Counter(row.surname for row in shown)
    common = [surname for surname, _ in surnames.most_common(30)]
    rare = sorted(surname for surname, number in surnames.items() if number <= 20)
    positions = sorted({row.position for row in shown})
    years = sorted({row.registered_on.year for row in shown})
    words = _words(
        "учитель учителя воспитатель педагог преподаватель методист школа школы гимназия лицей сад района начальных классов "
        "языка литературы математики культуры детский дополнительного невского приморского"
    )
    people = chance.sample(shown, 100)
    filtered = [
        Query(text, Filters(year=year, category=category), facets=COUNTED)
        for text in (*words[:8], *common[:8], "", "школа 45")
        for year, category in ((chance.choice(years), None), (None, "first"), (chance.choice(years), "highest"))
    ]
    return [
        Kind("редкая фамилия", _plain(chance.sample(rare, min(100, len(rare)))), limit=1.0),
        Kind("частая фамилия", _plain(common), limit=1.0),
        Kind("фамилия и инициалы", _plain(f"{p.surname} {p.name[0]}. {p.patronymic[0]}." for p in people), limit=1.0),
        Kind("полное имя", _plain(f"{p.surname} {p.name} {p.patronymic}" for p in people), limit=1.0),
        Kind("обычное слово", _plain(words), ratio=1.0),
        Kind("слова подряд", _plain(f"«{position.split(' «')[0]}»" for position in positions if " " in position), ratio=1.0),
        Kind("начало фамилии", _plain(f"{surname[:5]}*" for surname in chance.sample(sorted(surnames), 60))),
        Kind("номер, дата", _plain([f"{100 + n * 7}-р" for n in range(1, 20)] + [f"апрель {year}" for year in years])),
        Kind("фильтры с подсчётом", tuple(filtered), ratio=1.0),
        Kind("опечатка", _plain(_misspelt(chance, [*common, *chance.sample(rare, min(70, len(rare)))], shown)), ratio=1.0),
        Kind("страница целиком", tuple(replace(query, facets=Query().facets) for query in (*_plain(words), *_plain(common)))),
    ]


def _words(text: str) -> list[str]:
    return text.split()


def _plain(texts: Iterable[str]) -> tuple[Query, ...]:
    return tuple(Query(text, facets=()) for text in texts)


def _misspelt(chance: random.Random, surnames: list[str], rows: list[Entry]) -> list[str]:
    """Surnames with one typing error that makes no other word of the archive."""
    known = {word for row in rows for word in (row.surname.lower(), row.name.lower(), row.patronymic.lower())}
    return [chance.choice(sorted(one_error(surname.lower().replace("ё", "е")) - known)) for surname in surnames]


# --- Comparing --------------------------------------------------------------------------------------------------------------


def _same_answers(kinds: list[Kind], ours: SearchIndex, theirs: SearchIndex) -> bool:
    """Total, the newest twenty, counts by year and category, correction and reading of every query."""
    different, asked, slowest = 0, 0, (0.0, "")
    for kind in kinds:
        for query in kind.queries:
            asked += 1
            started = time.perf_counter()
            mine = ours.search(query)
            slowest = max(slowest, (time.perf_counter() - started, f"{kind.name}: {query.text}"))
            counted = replace(query, facets=query.facets or COUNTED)
            mine, other = ours.search(counted), theirs.search(counted)
            if mine != other:
                different += 1
                print(f"ОТВЕТЫ РАЗНЫЕ: {kind.name}: {query}\n  {mine}\n  {other}")
    print(f"Ответы одинаковы: {asked - different} из {asked} запросов")
    print(
        f"Самый долгий первый ответ после прогрева: {slowest[0] * 1000:.1f} мс ({slowest[1]}); допустимо 100 мс\n", flush=True
    )
    return not different


def _measure(kinds: list[Kind], ours: SearchIndex, theirs: SearchIndex) -> None:
    print(f"{'мс на запрос':24}{'Whoosh p50':>11}{'p95':>8}{'FTS5 p50':>11}{'p95':>8}{'доля p50':>10}{'p95':>7}  цель")
    for kind in kinds:
        mine: list[float] = []
        other: list[float] = []
        for turn in range(ROUNDS):
            for query in kind.queries:
                pair = [(mine, ours), (other, theirs)]
                for times, index in pair if turn % 2 else reversed(pair):
                    times.append(_milliseconds(lambda index=index, query=query: index.search(query)))  # type: ignore[misc]
        a50, a95, b50, b95 = _part(mine, 50), _part(mine, 95), _part(other, 50), _part(other, 95)
        figures = f"{a50:>11.3f}{a95:>8.3f}{b50:>11.3f}{b95:>8.3f}{a50 / b50:>10.2f}{a95 / b95:>7.2f}"
        print(f"{kind.name:24}{figures}  {_verdict(kind, a95, a95 / b95)}", flush=True)


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def _part(times: list[float], percent: int) -> float:
    return sorted(times)[min(len(times) * percent // 100, len(times) - 1)]


def _verdict(kind: Kind, p95: float, ratio: float) -> str:
    if kind.limit is not None:
        return f"p95 < {kind.limit:g} мс: {'да' if p95 < kind.limit else 'НЕТ'}"
    if kind.ratio is not None:
        return f"доля ≤ {kind.ratio:g}: {'да' if ratio <= kind.ratio else 'НЕТ'}"
    return ""


def _publish(rows: list[Entry], ours: SearchIndex, theirs: SearchIndex) -> None:
    """How long until a newly published order of a thousand rows is found."""
    last = rows[-1]
    requisites = (True, "decision", "777777-р", last.registered_on + dt.timedelta(days=1))
    order = [
        Entry(last.ruling_id + n, last.order_id + 1, *row[2:8], *requisites) for n, row in enumerate(rows[-PUBLISHED_ROWS:], 1)
    ]
    print()
    for name, index in (("Whoosh", ours), ("FTS5", theirs)):
        started = time.perf_counter()
        index.add_order(order)
        written = time.perf_counter()
        assert index.search(Query("777777-р")).total == len(order)
        seen = time.perf_counter()
        took = f"записано за {written - started:.2f} с, найдено ещё через {seen - written:.3f} с"
        print(f"{name}: распоряжение из {len(order)} строк {took}")


def _print_memory(directory: Path) -> int:
    """In a process of its own: what an open and busy index takes."""
    before = _resident()
    index = open_index(directory)
    index.warm()
    warm = _resident()
    for text in (
        "учитель",
        "школа",
        "воспитатель",
        "Иванова",
        "Смирнова М П",
        "Иван*",
        "«начальных классов»",
        "Иванва",
        "2021",
    ):
        index.search(Query(text))
    index.search(Query("", Filters(year=2021, category="first")))
    print(f"Память процесса поиска: {before:.0f} МБ до открытия, {warm:.0f} МБ после прогрева, {_resident():.0f} МБ в работе")
    return 0


def _resident() -> float:
    """Memory of this process in megabytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


if __name__ == "__main__":
    sys.exit(main())
