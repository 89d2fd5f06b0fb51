"""Measures the scoring forms: `.venv/bin/python bench/rubrics.py`. Exits with 1 when a target is missed.

Scoring in process; the page of a form beside a bare Flask view of the same bytes, alternating on the same server; the blank
PDF, cold and kept.
"""

import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from load import requests_per_second
from servers import SITE, installation, read, served

from attestation.rubrics import forms
from attestation.rubrics.scoring import score_request
from attestation.rubrics.shape import Form

SCORINGS = 2000
ROUNDS = 9
SECONDS = 1.5
PAGE = "/rubrics/1/"
BLANK = "/rubrics/8.pdf"


def main() -> int:
    missed = [_scoring()]
    with tempfile.TemporaryDirectory() as folder, ExitStack() as servers:
        ours = servers.enter_context(served(SITE, installation(Path(folder)), PAGE))
        missed.append(_blank(ours))
        page = Path(folder) / "page.html"
        page.write_bytes(read(ours, PAGE))
        bare = servers.enter_context(served("bare:app", {"BARE_PAGE": str(page)}, PAGE))
        missed.append(_page(ours, bare, page))
    return int(any(missed))


# ── scoring ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _scoring() -> bool:
    """One full worksheet of the form with the most scored lines, as a parsed request."""
    form = max((forms.form(entry.number) for entry in forms.edition().forms), key=lambda form: form.options_count)
    request = _worksheet(form)
    times = []
    for _ in range(SCORINGS):
        started = time.perf_counter()
        score_request(form.number, request)
        times.append((time.perf_counter() - started) * 1000)
    p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
    print(
        f"Подсчёт (форма {form.number}, вариантов {len(request['claims'])}): p50 {p50:.2f} мс, p95 {p95:.2f} мс, цель p95 ≤ 1"
    )
    return p95 > 1


def _worksheet(form: Form) -> dict[str, Any]:
    """Every option of the form, twice."""
    position = form.positions[0]
    rows = [row for row in form.criteria if row.open_to(position)]
    claims = [{"criterion": row.clause, "option": option.index, "count": 2} for row in rows for option in row.options]
    return {"position": position, "category": "highest", "claims": claims}


# ── pages ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _page(ours: int, bare: int, page: Path) -> bool:
    """Requests a second, ours and the bare view's in turn; the ratio of medians."""
    if read(bare, PAGE) != page.read_bytes() or read(ours, PAGE) != page.read_bytes():
        raise SystemExit("Страницы не одинаковы.")
    figures: dict[int, list[float]] = {ours: [], bare: []}
    for port in (ours, bare):
        requests_per_second(port, PAGE, SECONDS)  # both workers get warm
    for _ in range(ROUNDS):
        for port in (ours, bare):
            figures[port].append(requests_per_second(port, PAGE, SECONDS))
    mine, theirs = statistics.median(figures[ours]), statistics.median(figures[bare])
    size, ratio = page.stat().st_size / 1024, mine / theirs
    print(
        f"{PAGE} ({size:.0f} КБ), запросов в секунду: {mine:.0f}; голый Flask {theirs:.0f}; отношение {ratio:.2f}, цель ≥ 0.8"
    )
    return ratio < 0.8


def _blank(port: int) -> bool:
    """The blank PDF: printed at the first request, a file afterwards."""
    cold = _seconds(port, BLANK)
    kept = statistics.median(_seconds(port, BLANK) for _ in range(20))
    print(f"{BLANK}: в первый раз {cold:.2f} с, цель ≤ 3; потом {kept * 1000:.1f} мс")
    return cold > 3


def _seconds(port: int, path: str) -> float:
    started = time.perf_counter()
    read(port, path)
    return time.perf_counter() - started


if __name__ == "__main__":
    sys.exit(main())
