"""Demonstration data: an invented archive of ten years, deterministic by seed, and accounts to try the office with.

`people` and `orders` invent and know no database; `filling` puts what they invented into an installation.
"""

import datetime as dt
from collections.abc import Callable

from ...site.settings import Settings
from .accounts import ACCOUNTS, Account
from .orders import ROWS, UNTIL, DemoOrder
from .people import DemoRuling

__all__ = ["ACCOUNTS", "Account", "DemoOrder", "DemoRuling", "Progress", "generate"]

Progress = Callable[[str, int, int], None]
"""Told the step (Russian), how much of it is done and how much there is."""


def generate(
    settings: Settings,
    orders: int = 40,
    rows_range: tuple[int, int] = ROWS,
    seed: int = 1,
    until: dt.date = UNTIL,
    progress: Progress | None = None,
    processes: int | None = None,
    cases: int = 0,
) -> int:
    """Fill the installation with the invented archive, the demo accounts and cases; gives how many orders were published now.

    Does what is missing, nothing if nothing is. `processes` print (all processors if None). Refusal if there are real
    orders, a real account under a demo name, or another invented archive.
    """
    # Imported here: who only wants invented rows, or prints in a process of the pool, need not load the whole office.
    from .filling import fill

    return fill(settings, orders, rows_range, seed, until, progress, processes, cases)
