"""The statistics that visitors see: counted by the worker, kept in a file, never counted while somebody waits.

`DATA_DIR/statistics.json` says of what state of the records it tells; the worker compares it with the records and counts
anew after a publication, after a change of the list of districts, and every day.
"""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from peewee import fn

from ..models import Order, OrganizationDistrict, PublicationStep
from . import files, statistics
from .cases import statistics as cases
from .cases.statistics import Days
from .dates import day_of
from .settings import Settings
from .statistics import REFUSED, Counted, Line, Table, together

JOB = "statistics"
FORMAT = 2
YEARS, DISTRICTS, POSITIONS, OUTCOMES, REVIEWS = "years", "districts", "positions", "outcomes", "reviews"


@dataclass(frozen=True)
class Yearbook:
    """All numbers, of one moment."""

    made_at: dt.datetime
    state: str
    tables: Mapping[str, Table]
    days: Sequence[Days]


def path_of(settings: Settings) -> Path:
    """Where it is kept."""
    return settings.data_dir / "statistics.json"


def read(settings: Settings) -> Yearbook | None:
    """What was counted last; None before the first time."""
    path = path_of(settings)
    try:
        return _read(path, path.stat().st_mtime_ns)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def level(settings: Settings, *, on: dt.datetime) -> bool:
    """Whether what was counted last tells of the records as they are; three short queries."""
    kept = read(settings)
    return kept is not None and kept.state == _state(on)


def make(settings: Settings, *, on: dt.datetime) -> None:
    """Count everything and keep it: the new numbers in place of the former ones, at once."""
    state = _state(on)
    counts = statistics.counts()
    decisions: dict[str, Mapping[Any, Mapping[str, int]]] = {
        YEARS: statistics.by_year(counts),
        DISTRICTS: statistics.by_district(),
        POSITIONS: statistics.by_position(counts),
    }
    outcomes, reviews = cases.by_year()
    tables = {
        **together({name: Counted(statistics.COLUMNS, lines, REFUSED) for name, lines in decisions.items()}),
        # Of the same cases: the totals of their years are the same.
        **together({OUTCOMES: Counted(cases.OUTCOMES, outcomes, REFUSED), REVIEWS: Counted(cases.REVIEWS, reviews)}),
    }
    document = {
        "made_at": on.isoformat(),
        "state": state,
        "tables": {name: asdict(table) for name, table in tables.items()},
        "days": _days(tables[OUTCOMES]),
    }
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    files.write_whole(path_of(settings), json.dumps(document, ensure_ascii=False).encode())


def _days(outcomes: Table) -> list[Days]:
    """The days of each stretch. All finished cases went the whole way: their number is told here only if it is told there."""
    return [one._replace(cases=None) if outcomes.totals.total is None else one for one in cases.days()]


def _state(on: dt.datetime) -> str:
    """What the numbers depend on, in a line: published orders, what followed from them, the list of districts, the day."""
    published = Order.select(fn.COUNT(Order.id), fn.MAX(Order.published_at)).where(Order.status == "published")
    # Cases are finished by a step of the publication, a moment later.
    followed = PublicationStep.select(fn.MAX(PublicationStep.done_at))
    districts = OrganizationDistrict.select(fn.COUNT(OrganizationDistrict.id), fn.MAX(OrganizationDistrict.id))
    facts = [found.scalar(as_tuple=True) for found in (published, followed, districts)]
    return f"{FORMAT} {facts} {day_of(on)}"


@lru_cache(maxsize=2)
def _read(path: Path, _changed: int) -> Yearbook:
    told = json.loads(path.read_text(encoding="utf-8"))
    tables = {
        name: Table(tuple(one["columns"]), tuple(Line(**line) for line in one["lines"]), Line(**one["totals"]))
        for name, one in told["tables"].items()
    }
    return Yearbook(
        dt.datetime.fromisoformat(told["made_at"]), told["state"], tables, tuple(Days(*one) for one in told["days"])
    )
