"""The demonstration's invented people as the entries of an archive of any size. The same seed gives the same archive."""

import datetime as dt
from collections.abc import Iterator
from itertools import count
from random import Random

from attestation.admin.demo.people import batches
from attestation.site.search import Entry

ROWS_OF_AN_ORDER = (300, 1500)
FIRST_DAY = dt.date(2016, 1, 11)
DAYS = 3650
AMENDING = 0.05  # of the orders amend another


def archive(rows: int, seed: int = 2026) -> Iterator[Entry]:
    """So many rows of orders in the order of publication, over ten years."""
    dice = Random(seed)
    sizes: list[int] = []
    while (left := rows - sum(sizes)) > 0:
        sizes.append(min(left, dice.randint(*ROWS_OF_AN_ORDER)))
    ids = count(1)
    for order_id, people in enumerate(batches(sizes, seed), 1):
        day = FIRST_DAY + dt.timedelta(days=order_id * DAYS // (len(sizes) + 1))
        kind = "amendment" if dice.random() < AMENDING else "decision"
        for row in sorted(people):
            yield Entry(next(ids), order_id, *row, kind, f"{100 + order_id * 7}-р", day)
