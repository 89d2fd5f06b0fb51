"""Measures the public pages: `.venv/bin/python bench/pages.py`. Exits with 1 when a target is missed.

The page of the whole regulation beside a bare WSGI function that returns the same bytes under the same headers, alternating on
the same server; answers 304; the first request after an edit; for comparison the same page made by Flask at every request.
"""

import json
import sqlite3
import sys
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path
from statistics import median
from typing import NamedTuple
from urllib.error import HTTPError

sys.path.insert(0, str(Path(__file__).parent))

from load import requests_per_second
from servers import SITE, ask, installation, served

PAGE = "/regulation/"
SMALLEST = 60 * 1024
ROUNDS = 9
SECONDS = 1.5
EDITS = 15
# What a server adds to any answer by itself.
BY_SERVER = {"server", "date", "connection", "transfer-encoding"}


class Case(NamedTuple):
    """A kind of request and the answer the site gives to it: where the bare function gives the same."""

    name: str
    path: str
    headers: dict[str, str]
    status: int
    size: int


def main() -> int:
    with tempfile.TemporaryDirectory() as folder, ExitStack() as servers:
        settings = installation(Path(folder))
        ours = servers.enter_context(served(SITE, settings, PAGE))
        cases = _cases(ours, Path(folder))
        bare = servers.enter_context(served("bare_wsgi:app", {"BARE_ANSWERS": folder}, cases[0].path))
        alone = servers.enter_context(served("flask_alone:app", settings, PAGE))
        missed = [_size(cases[0]), _cold(ours, Path(settings["DATA_DIR"]) / "attestation.sqlite")]
        figures = _in_turn(cases, ours, bare)
        missed += [_beside(case, *figures[case.name]) for case in cases]
        missed.append(_not_modified({name: mine for name, (mine, _) in figures.items()}))
        print(f"Flask без слоя готовых страниц: {requests_per_second(alone, PAGE, 5):.0f} запросов в секунду")
    return int(any(missed))


def _cases(port: int, folder: Path) -> list[Case]:
    """The answers of the site, written down for the bare function."""
    whole = _case("identity", port, folder, {"Accept-Encoding": "identity"})
    brotli = _case("br", port, folder, {"Accept-Encoding": "br"})
    etag = dict(json.loads((folder / "br.json").read_text())["headers"])["etag"]
    return [whole, brotli, _case("304", port, folder, {"Accept-Encoding": "br", "If-None-Match": etag})]


def _case(name: str, port: int, folder: Path, headers: dict[str, str]) -> Case:
    try:
        answer = ask(port, PAGE, headers)
    except HTTPError as other:  # urllib takes 304 for an error
        answer = other  # type: ignore[assignment]
    with answer:
        body = answer.read()
    told = [(key.lower(), value) for key, value in answer.headers.items() if key.lower() not in BY_SERVER]
    (folder / f"{name}.json").write_text(json.dumps({"status": f"{answer.status} {answer.reason}", "headers": told}))
    (folder / f"{name}.body").write_bytes(body)
    return Case(name, f"/{name}", headers, answer.status, len(body))


def _size(case: Case) -> bool:
    print(f"{PAGE}: {case.size / 1024:.0f} КБ HTML, нужно не меньше {SMALLEST // 1024}")
    return case.size < SMALLEST


def _cold(port: int, database: Path) -> bool:
    """The first request after an edit: rendered, compressed in both ways, sent; the median over edits."""
    times = []
    with closing(sqlite3.connect(database, isolation_level=None)) as editor:
        for _ in range(EDITS):
            editor.execute("UPDATE content_version SET value = value + 1")
            started = time.perf_counter()
            with ask(port, PAGE, {"Accept-Encoding": "br"}) as answer:
                answer.read()
            times.append((time.perf_counter() - started) * 1000)
    typical = median(times)
    print(f"Первый запрос после правки: {typical:.0f} мс (худший {max(times):.0f}), цель ≤ 150")
    return typical > 150


def _in_turn(cases: list[Case], ours: int, bare: int) -> dict[str, tuple[float, float]]:
    """Requests a second by case, the site's and the bare function's: medians of rounds in which each has its turn."""
    figures: dict[str, list[tuple[float, float]]] = {case.name: [] for case in cases}
    for round_ in range(ROUNDS + 1):
        for case in cases:
            mine = requests_per_second(ours, PAGE, SECONDS, case.headers, case.status)
            theirs = requests_per_second(bare, case.path, SECONDS, case.headers, case.status)
            if round_:  # in the first round both workers get warm
                figures[case.name].append((mine, theirs))
    return {name: (median(mine for mine, _ in each), median(theirs for _, theirs in each)) for name, each in figures.items()}


def _beside(case: Case, mine: float, theirs: float) -> bool:
    """The ratio is a target where a page is sent."""
    ratio, target = mine / theirs, ", цель ≥ 0.8" if case.size else ""
    print(
        f"{case.name} ({case.size / 1024:.1f} КБ), запросов в секунду: {mine:.0f}; голая функция WSGI {theirs:.0f};"
        f" отношение {ratio:.2f}{target}"
    )
    return bool(target) and ratio < 0.8


def _not_modified(figures: dict[str, float]) -> bool:
    ratio = figures["304"] / max(figures["identity"], figures["br"])
    print(f"304: в {ratio:.2f} раза быстрее ответа со страницей, цель > 1")
    return ratio <= 1


if __name__ == "__main__":
    sys.exit(main())
