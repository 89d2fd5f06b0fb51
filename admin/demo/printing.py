"""Printing many orders at once: plain sheets go to a pool of processes, frozen files come back in the same order."""

from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path

from ...site import files
from ...site.printing.orders import OrderSheet, print_order
from ...site.printing.parallel import pool


@dataclass(frozen=True)
class Frozen:
    """A printed and frozen file: size in bytes, and the page of each row by its number."""

    sha256: str
    size: int
    pages: int
    row_pages: dict[int, int]


def print_and_freeze(sheet: OrderSheet, files_dir: Path) -> Frozen:
    """Print an order and keep the file; runs in a process of the pool or in this one."""
    printed = print_order(sheet)
    return Frozen(files.freeze(files_dir, printed.data), len(printed.data), printed.pages, printed.row_pages)


def print_all(sheets: Iterable[OrderSheet], files_dir: Path, processes: int) -> Generator[Frozen, None, None]:
    """Print sheets in so many processes (1: in this one); the results come in the order of the sheets."""
    if processes == 1:
        yield from (print_and_freeze(sheet, files_dir) for sheet in sheets)
        return
    printers = pool(processes)
    ahead: deque[Future[Frozen]] = deque()
    try:
        for sheet in sheets:
            ahead.append(printers.submit(print_and_freeze, sheet, files_dir))
            if len(ahead) > 2 * processes:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
    finally:
        printers.shutdown(cancel_futures=True)
