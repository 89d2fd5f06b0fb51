"""A few processes that print at the same time and never outlive the one that asked for them."""

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import connection
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from typing import Any, TypeVar

MOST_PROCESSES = 4

Task = TypeVar("Task")
Result = TypeVar("Result")
Progress = Callable[[int, int], None]
Told = Callable[[int, int, int], None]
"""Hears (task from 0, steps done, steps in all)."""


class PrinterDied(RuntimeError):
    """A printing process ended without a result; its own words went to standard error."""


def processes() -> int:
    """How many processes may print one document: as many as this process may use processors, four at most."""
    return min(len(os.sched_getaffinity(0)), MOST_PROCESSES)


def pool(size: int) -> ProcessPoolExecutor:
    """So many processes for many documents. Spawned, not forked: a child must not inherit the database connection."""
    return ProcessPoolExecutor(size, multiprocessing.get_context("spawn"), initializer=_become_printer)


def run(work: Callable[[Task, Progress], Result], tasks: Sequence[Task], size: int, told: Told) -> list[Result]:
    """`work(task, progress)` for each task, so many at a time, each in a fork of this process; results in the order of tasks.

    A fork knows the libraries already and gives its memory back by ending. It would inherit a database connection too, so this
    is for a process without one: a press (`press.py`) or a test. Raises PrinterDied.
    """
    waiting = list(enumerate(tasks))[::-1]
    printers: dict[Connection, _Printer] = {}
    results: dict[int, Result] = {}
    try:
        while waiting or printers:
            while waiting and len(printers) < size:
                number, task = waiting.pop()
                printer = _Printer.at_work(number, work, task)
                printers[printer.ears] = printer
            for ears in connection.wait(list(printers)):
                assert isinstance(ears, Connection)
                printer = printers[ears]
                steps, result = printer.hear()
                if steps:
                    told(printer.task, *steps)
                else:
                    results[printer.task] = result
                    printers.pop(ears).end()
    finally:
        for printer in printers.values():
            printer.end()
    return [results[number] for number in range(len(tasks))]


@dataclass(frozen=True)
class _Printer:
    """A process at work on a task, and where it is heard: (steps done, steps in all) or, at the end, the result."""

    task: int
    process: ForkProcess
    ears: Connection

    @classmethod
    def at_work(cls, number: int, work: Callable[[Any, Progress], Any], task: Any) -> "_Printer":
        fork = multiprocessing.get_context("fork")
        ears, voice = fork.Pipe(duplex=False)
        process = fork.Process(target=_print, args=(work, task, voice))
        process.start()
        voice.close()
        return cls(number, process, ears)

    def hear(self) -> tuple[tuple[int, int] | None, Any]:
        try:
            heard: tuple[tuple[int, int] | None, Any] = self.ears.recv()
        except EOFError:
            self.process.join()
            raise PrinterDied(f"printing ended with status {self.process.exitcode}") from None
        return heard

    def end(self) -> None:
        self.process.kill()
        self.process.join()
        self.ears.close()


def _print(work: Callable[[Any, Progress], Any], task: Any, voice: Connection) -> None:
    _become_printer()
    voice.send((None, work(task, lambda done, total: voice.send(((done, total), None)))))


def _become_printer() -> None:
    """In the child: leave Ctrl+C to the parent, and end when the parent is gone, even killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = multiprocessing.parent_process()
    assert parent
    connection.wait([parent.sentinel])
    os._exit(1)
