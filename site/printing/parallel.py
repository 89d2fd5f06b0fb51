"""A few processes that print at the same time and never outlive the one that asked for them."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, wait
from functools import partial
from multiprocessing import connection
from multiprocessing.queues import SimpleQueue
from typing import TypeVar

MOST_PROCESSES = 4
TICK_SECONDS = 0.2

Task = TypeVar("Task")
Result = TypeVar("Result")

Told = Callable[[int, int, int], None]
"""Told (task, steps done, steps in all); tasks count from 0."""

_SPAWN = multiprocessing.get_context("spawn")  # not forked: a child must not inherit the database connection
_words: "SimpleQueue[tuple[int, int, int]] | None" = None


def processes() -> int:
    """How many processes may print one document: as many as this process may use processors, four at most."""
    return min(len(os.sched_getaffinity(0)), MOST_PROCESSES)


def pool(size: int, words: "SimpleQueue[tuple[int, int, int]] | None" = None) -> ProcessPoolExecutor:
    """So many printing processes; `words` carries what they tell of their progress."""
    return ProcessPoolExecutor(size, _SPAWN, initializer=_become_printer, initargs=(words,))


def run(
    work: Callable[[Task, Callable[[int, int], None]], Result], tasks: Sequence[Task], size: int, told: Told
) -> list[Result]:
    """`work(task, progress)` for each task, by so many processes; results in the order of the tasks.

    Raises what the work raised, or BrokenProcessPool when a process died.
    """
    words: SimpleQueue[tuple[int, int, int]] = _SPAWN.SimpleQueue()
    printers = pool(size, words)
    try:
        waiting = [printers.submit(_work, work, at, task) for at, task in enumerate(tasks)]
        left = set(waiting)
        while left:
            _, left = wait(left, TICK_SECONDS)
            while not words.empty():
                told(*words.get())
        return [done.result() for done in waiting]
    finally:
        printers.shutdown(cancel_futures=True)


def _work(work: Callable[[Task, Callable[[int, int], None]], Result], at: int, task: Task) -> Result:
    return work(task, partial(_tell, at))


def _tell(at: int, done: int, total: int) -> None:
    assert _words
    _words.put((at, done, total))


def _become_printer(words: "SimpleQueue[tuple[int, int, int]] | None") -> None:
    """In the child: leave Ctrl+C to the parent, and end when the parent is gone, even killed."""
    global _words
    _words = words
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent
    connection.wait([parent.sentinel])
    os._exit(1)
