"""Invented orders: when they were issued, under which numbers, who signed them, who stands in them. No database, no clock."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random
from zoneinfo import ZoneInfo

from ...models import russian_key
from ...procedure.words import Category, OrderKind
from .people import DemoRuling, batches

UNTIL = dt.date(2026, 10, 1)  # the demonstration's today: fixed, so that the same archive is made on any day
YEARS = 10
ROWS = (300, 1500)
MOSCOW = ZoneInfo("Europe/Moscow")

DECISION = "Об установлении (отказе в установлении) квалификационной категории педагогическим работникам"
AMENDMENT = "О внесении изменений в распоряжение № {number} от {on:%d.%m.%Y}"
MINUTES = "протокол заседания аттестационной комиссии от {on:%d.%m.%Y} № {number}"
CORRECTION = "заявление педагогического работника об исправлении технической ошибки от {on:%d.%m.%Y}"
WITHDRAWAL = "Опубликовано по ошибке: проект распоряжения готовили к другому заседанию."
# What an amending order adds to the organization of a row.
UNIT = ", структурное подразделение «Отделение дополнительного образования детей»"
CHAIR = "Председатель Комитета"
CHAIRS = (  # invented; each signs until the day the next one takes over
    (dt.date(2019, 8, 1), "Н.В. Ольховская"),
    (dt.date(2023, 2, 1), "П.А. Заречнов"),
    (dt.date.max, "Е.С. Лугинина"),
)
HOLIDAYS = frozenset([*((1, day) for day in range(1, 9)), (2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)])  # (month, day)
REAL_NUMBERS = frozenset({(2021, 1016)})  # the regulation itself bears it


@dataclass(frozen=True)
class DemoOrder:
    """An order with its rows. `status` is how far it has come; what comes after that status is None. Moments are aware;
    `created_at` is unique and tells the orders of an archive apart. `amends`: the number of the order whose rows it changes.
    """

    status: str
    kind: OrderKind
    title: str
    basis: str
    number: str | None
    registered_on: dt.date | None
    signed_on: dt.date | None
    published_at: dt.datetime | None
    signatory_name: str
    created_at: dt.datetime
    rulings: tuple[DemoRuling, ...]
    signatory_position: str = CHAIR
    withdrawn_at: dt.datetime | None = None
    amends: str = ""


def published(
    count: int = 40, rows_range: tuple[int, int] = ROWS, seed: int | str = 1, until: dt.date = UNTIL
) -> Iterator[DemoOrder]:
    """Published orders over ten years up to a month before `until`, oldest first; the same for the same arguments."""
    dice = Random(f"orders {seed}")
    issued = issue_days(count, until, dice)
    numbers = order_numbers(issued, dice)
    minutes = 0
    taken: set[dt.datetime] = set()
    rows = batches(row_counts(count, rows_range, dice), seed)
    for i, (on, number, people) in enumerate(zip(issued, numbers, rows, strict=True)):
        sitting = working_day(on - dt.timedelta(days=dice.randint(5, 7)), step=-1)
        minutes = minutes + 1 if i and issued[i - 1].year == sitting.year else dice.randint(1, 3)
        created_at = at(sitting, 16, dice)
        while created_at in taken:  # by this moment an order is known again
            created_at += dt.timedelta(seconds=1)
        taken.add(created_at)
        yield DemoOrder(
            status="published",
            kind=OrderKind.DECISION,
            title=DECISION,
            basis=MINUTES.format(on=sitting, number=minutes),
            number=f"{number}-р",
            registered_on=on,
            signed_on=on,
            published_at=at(working_day(on + dt.timedelta(days=1)), 12, dice),
            signatory_name=chair(on),
            created_at=created_at,
            rulings=in_annex_order(people),
        )


def unpublished(
    last: DemoOrder, rows_range: tuple[int, int] = ROWS, seed: int | str = 1, until: dt.date = UNTIL
) -> tuple[DemoOrder, ...]:
    """Work for the desk, from the last month: an order that was withdrawn, a registered one, a signed one, a draft.

    `last`: the last order of the archive.
    """
    dice = Random(f"desk {seed}")
    people = batches([max(1, rows_range[0] // part) for part in (6, 4, 3, 5)], f"desk {seed}")
    number, on = _following(last, until)
    held = [working_day(until - dt.timedelta(days=days), -1) for days in (20, 12, 9, 3)]
    mistaken = _decision(held[0], 4, next(people), until, dice, signed_on=on, number=number)
    published_at = at(working_day(on + dt.timedelta(days=1)), 12, dice)
    withdrawn_at = at(working_day(on + dt.timedelta(days=2)), 12, dice)
    day = working_day(held[1] + dt.timedelta(days=6))
    return (
        replace(mistaken, status="withdrawn", published_at=published_at, withdrawn_at=withdrawn_at),
        _decision(held[1], 5, next(people), until, dice, signed_on=day, number=number + 58),
        _decision(held[2], 6, next(people), until, dice, signed_on=working_day(held[2] + dt.timedelta(days=5))),
        _decision(held[3], 7, next(people), until, dice),
    )


def amending(amended: DemoOrder, seed: int | str = 1, until: dt.date = UNTIL) -> DemoOrder:
    """A published order that puts the first rows of another one right; it comes after all others."""
    dice = Random(f"amending {seed}")
    number, on = _following(amended, until)
    on = working_day(on + dt.timedelta(days=7))
    mended = amended.rulings[: 1 + len(amended.rulings) // 100]
    return DemoOrder(
        status="published",
        kind=OrderKind.AMENDMENT,
        title=AMENDMENT.format(on=amended.registered_on, number=amended.number),
        basis=CORRECTION.format(on=on - dt.timedelta(days=4)),
        number=f"{number + 91}-р",
        registered_on=on,
        signed_on=on,
        published_at=at(working_day(on + dt.timedelta(days=1)), 12, dice),
        signatory_name=amended.signatory_name,
        created_at=at(working_day(on - dt.timedelta(days=3), -1), 10, dice),
        rulings=tuple(row._replace(organization=row.organization + UNIT) for row in mended),
        amends=amended.number or "",
    )


def _decision(
    sitting: dt.date,
    minutes: int,
    people: Sequence[DemoRuling],
    until: dt.date,
    dice: Random,
    *,
    signed_on: dt.date | None = None,
    number: int | None = None,
) -> DemoOrder:
    """An order of the desk; one with a number was registered on the day of its signing."""
    return DemoOrder(
        status="registered" if number else "signed" if signed_on else "draft",
        kind=OrderKind.DECISION,
        title=DECISION,
        basis=MINUTES.format(on=sitting, number=minutes),
        number=f"{number}-р" if number else None,
        registered_on=signed_on if number else None,
        signed_on=signed_on,
        published_at=None,
        signatory_name=chair(until),
        created_at=at(sitting, 16, dice),
        rulings=in_annex_order(people),
    )


def _following(order: DemoOrder, until: dt.date) -> tuple[int, dt.date]:
    """A number and a day for an order registered after the given one, in the last month."""
    assert order.number
    return int(order.number.removesuffix("-р")) + 137, working_day(until - dt.timedelta(days=14))


# --- Sizes, days, numbers -----------------------------------------------------------------------------------------------------


def row_counts(count: int, rows_range: tuple[int, int], dice: Random) -> list[int]:
    """So many sizes in shuffled order, the smallest and the largest among them, most nearer to the smallest."""
    low, high = rows_range
    places = [i / max(1, count - 1) for i in range(count)]
    counts = [round(low * (high / low) ** (place**3)) for place in places]
    dice.shuffle(counts)
    return counts


def issue_days(count: int, until: dt.date, dice: Random) -> list[dt.date]:
    """Working days spread evenly over ten years, with some play; the last is a month before `until`. Ascending."""
    last = until - dt.timedelta(days=31)
    step = (YEARS * 365.25 - 31) / max(1, count - 1)
    days = [last - dt.timedelta(days=step * (before - dice.random() / 3)) for before in range(count - 1, 0, -1)]
    return [working_day(day) for day in (*days, working_day(last, -1))]


def order_numbers(issued: Sequence[dt.date], dice: Random) -> Iterator[int]:
    """Numbers as of an office with some three thousand orders a year: they grow through each year, none comes twice."""
    year = number = 0
    for on in issued:
        number = max(number + 1 if on.year == year else 1, on.timetuple().tm_yday * 9 + dice.randint(0, 8))
        year = on.year
        number += (year, number) in REAL_NUMBERS
        yield number


def working_day(day: dt.date, step: int = 1) -> dt.date:
    """The day itself if it is a working day, otherwise the next one (step 1) or the one before (step -1)."""
    while day.weekday() >= 5 or (day.month, day.day) in HOLIDAYS:
        day += dt.timedelta(days=step)
    return day


def at(day: dt.date, hour: int, dice: Random) -> dt.datetime:
    """A moment within this hour of the day, Moscow time."""
    return dt.datetime.combine(day, dt.time(hour, dice.randrange(60), dice.randrange(60)), MOSCOW)


def chair(on: dt.date) -> str:
    """Who signs orders on this day."""
    return next(name for until, name in CHAIRS if on < until)


def in_annex_order(people: Sequence[DemoRuling]) -> tuple[DemoRuling, ...]:
    """Highest category first, in each by the alphabet, as in the annex of an order."""
    return tuple(
        sorted(
            people, key=lambda row: (row.category is Category.FIRST, russian_key(f"{row.surname} {row.name} {row.patronymic}"))
        )
    )
