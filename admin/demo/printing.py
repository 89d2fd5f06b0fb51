"""Printing many orders at once: plain sheets go to a pool of processes, frozen files come back in the same order."""

import gc
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Generator, Iterable
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import connection
from pathlib import Path

from ...site import files
from ...site.printing.orders import OrderSheet, print_order


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
    gc.collect()  # the boxes of a long table are one large cycle, and the next table needs the room
    return Frozen(files.freeze(files_dir, printed.data), len(printed.data), printed.pages, printed.row_pages)


def print_all(sheets: Iterable[OrderSheet], files_dir: Path, processes: int) -> Generator[Frozen, None, None]:
    """Print sheets in so many processes (1: in this one); the results come in the order of the sheets."""
    if processes == 1:
        yield from (print_and_freeze(sheet, files_dir) for sheet in sheets)
        return
    # Spawned, not forked: a child must not inherit the database connection.
    pool = ProcessPoolExecutor(processes, multiprocessing.get_context("spawn"), initializer=_become_printer)
    ahead: deque[Future[Frozen]] = deque()
    try:
        for sheet in sheets:
            ahead.append(pool.submit(print_and_freeze, sheet, files_dir))
            if len(ahead) > 2 * processes:
                yield ahead.popleft().result()
        while ahead:
            yield ahead.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _become_printer() -> None:
    """In the child: leave Ctrl+C to the parent, and end when the parent is gone, even killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent
    connection.wait([parent.sentinel])
    os._exit(1)
