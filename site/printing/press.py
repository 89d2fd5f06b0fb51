"""Printing in a process of its own: `python -m attestation.site.printing.press`.

The memory of a long document (about 100 MB a process) goes back to the system, a crash of the libraries under WeasyPrint
ends one attempt and not the worker, a web process never imports them, and whoever waits may change their mind.
The request is JSON on standard input. The answer: a JSON line for each step, a last line saying how many bytes of PDF follow.
"""

import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ...rubrics.inventory import Entry, Holder
from .orders import OrderSheet, PrintedOrder, print_order, sheet_from_plain, sheet_to_plain
from .paper import Progress
from .parallel import processes

# -P: the folder one stands in is not a place to import from (a checkout has a folder called `site`).
COMMAND = (sys.executable, "-P", "-m", __name__)
LIMIT_SECONDS = 600.0
TICK_SECONDS = 0.5
POLITENESS = 5

Watch = Callable[[], None]
"""Called about twice a second while a document is made; raising from it stops the printing."""


class PressFailed(RuntimeError):
    """The printing process ended without a document; its own words went to standard error."""


def order_apart(sheet: OrderSheet, progress: Progress | None = None, watch: Watch | None = None) -> PrintedOrder:
    """As `print_order`, in a process of its own. Raises PressFailed, or whatever `watch` raises."""
    answer, data = _ask({"order": sheet_to_plain(sheet)}, progress, watch)
    row_pages = {int(number): page for number, page in answer["row_pages"].items()}
    return PrintedOrder(data, answer["pages"], row_pages)


def conclusion_apart(number: int, edition: str, given: Mapping[str, Any] | None = None) -> bytes:
    """The conclusion of a form, blank or with what was given (a `conclusions.Given` in plain values), printed in a process of
    its own. Raises PressFailed."""
    _, data = _ask({"conclusion": {"number": number, "edition": edition}, "given": given and dict(given)}, None, None)
    return data


def inventory_apart(entries: Sequence[Entry], holder: Holder | None = None) -> bytes:
    """The inventory of a portfolio, printed in a process of its own. Raises PressFailed."""
    rows = [[entry.name, entry.state, entry.sheets] for entry in entries]
    _, data = _ask({"inventory": rows, "holder": holder and [holder.person, holder.work]}, None, None)
    return data


def form_apart(name: str, answers: Mapping[str, str] | None = None) -> bytes:
    """A form of the procedure, to be filled in or with these answers, printed in a process of its own. Raises PressFailed."""
    _, data = _ask({"form": {"name": name, "answers": answers and dict(answers)}}, None, None)
    return data


def receipt_apart(sheet: Mapping[str, Any]) -> bytes:
    """A receipt (a `receipt.Sheet` in plain values), printed in a process of its own. Raises PressFailed."""
    _, data = _ask({"receipt": dict(sheet)}, None, None)
    return data


def letter_apart(sheet: Mapping[str, Any]) -> bytes:
    """A letter for the post (plain values of `letter.letter_pdf`), printed in a process of its own. Raises PressFailed."""
    _, data = _ask({"letter": dict(sheet)}, None, None)
    return data


def act_apart(act: Mapping[str, Any], watch: Watch | None = None) -> bytes:
    """An act of control (an `act.Act` in plain values), printed in a process of its own.

    Raises PressFailed, or whatever `watch` raises.
    """
    _, data = _ask({"act": dict(act)}, None, watch)
    return data


def agenda_apart(sheet: Mapping[str, Any]) -> bytes:
    """The agenda of a sitting (an `agenda.Sheet` in plain values), printed in a process of its own. Raises PressFailed."""
    _, data = _ask({"agenda": dict(sheet)}, None, None)
    return data


def minutes_apart(sheet: Mapping[str, Any], progress: Progress | None = None, watch: Watch | None = None) -> tuple[bytes, int]:
    """The minutes of a sitting (plain values of `minutes.print_minutes`), printed in a process of its own: the file and how
    many pages it has. Raises PressFailed, or whatever `watch` raises."""
    answer, data = _ask({"minutes": dict(sheet)}, progress, watch)
    return data, answer["pages"]


def regulation_apart(sheet: dict[str, Any], watch: Watch | None = None) -> bytes:
    """The regulation or a part of it (a `regulation.Sheet` in plain values), printed in a process of its own.

    Raises PressFailed, or whatever `watch` raises.
    """
    _, data = _ask({"regulation": sheet}, None, watch)
    return data


def _ask(request: dict[str, Any], progress: Progress | None, watch: Watch | None) -> tuple[dict[str, Any], bytes]:
    # A group of its own: Ctrl+C in a terminal is for the one who waits here, who then ends the printing.
    with subprocess.Popen(COMMAND, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0) as child:
        try:
            return _answer(child, json.dumps(request).encode(), progress, watch)
        finally:
            child.kill()


def _answer(
    child: "subprocess.Popen[bytes]", request: bytes, progress: Progress | None, watch: Watch | None
) -> tuple[dict[str, Any], bytes]:
    """Hand over the request, hear the steps, take the document."""
    assert child.stdin and child.stdout
    try:
        child.stdin.write(request)
        child.stdin.close()
    except BrokenPipeError:
        raise PressFailed(f"printing ended with status {child.wait()}") from None
    heard = b""
    last: dict[str, Any] | None = None
    deadline = time.monotonic() + LIMIT_SECONDS
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while True:
            if watch:
                watch()
            if time.monotonic() > deadline:
                raise PressFailed(f"printing took more than {LIMIT_SECONDS:.0f} seconds")
            if not selector.select(TICK_SECONDS):
                continue
            chunk = os.read(child.stdout.fileno(), 1 << 20)
            if not chunk:
                break
            heard += chunk
            while last is None and b"\n" in heard:
                line, heard = heard.split(b"\n", 1)
                said = json.loads(line)
                if "size" in said:
                    last = said
                elif progress:
                    progress(said["done"], said["total"])
    if last is None or len(heard) != last["size"]:
        raise PressFailed(f"printing ended with status {child.wait()}")
    return last, heard


def main() -> None:
    """Print what standard input asks for. Ends at once when nobody listens any more."""
    try:
        _print()
    except BrokenPipeError:  # the one who asked is gone, killed perhaps
        os._exit(1)
    # The pages are handed over: the system takes the memory back faster than Python would.
    os._exit(0)


def _print() -> None:
    os.nice(POLITENESS)  # pages are answered first
    request = json.load(sys.stdin.buffer)
    # Whatever a library prints goes to standard error: standard output carries the answer only.
    answer = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def say(**words: Any) -> None:
        answer.write(json.dumps(words).encode() + b"\n")
        answer.flush()

    if "order" in request:
        sheet = sheet_from_plain(request["order"])
        printed = print_order(sheet, lambda done, total: say(done=done, total=total), processes())
        say(pages=printed.pages, row_pages=printed.row_pages, size=len(printed.data))
        data = printed.data
    elif "inventory" in request:
        from .inventory import inventory_pdf

        holder = request["holder"] and Holder(*request["holder"])
        data = inventory_pdf([Entry(*row) for row in request["inventory"]], holder)
        say(size=len(data))
    elif "regulation" in request:
        from .regulation import print_regulation

        data = print_regulation(request["regulation"])
        say(size=len(data))
    elif "receipt" in request:
        from .receipt import receipt_pdf

        data = receipt_pdf(request["receipt"])
        say(size=len(data))
    elif "letter" in request:
        from .letter import letter_pdf

        data = letter_pdf(request["letter"])
        say(size=len(data))
    elif "act" in request:
        from .act import act_pdf

        data = act_pdf(request["act"])
        say(size=len(data))
    elif "agenda" in request:
        from .agenda import agenda_pdf

        data = agenda_pdf(request["agenda"])
        say(size=len(data))
    elif "minutes" in request:
        from .minutes import print_minutes

        made = print_minutes(request["minutes"], lambda done, total: say(done=done, total=total))
        data = made.data
        say(pages=made.pages, size=len(data))
    elif "form" in request:
        from .forms import form_pdf

        data = form_pdf(**request["form"])
        say(size=len(data))
    else:
        from ...rubrics.forms import form
        from .conclusions import Given, conclusion_pdf

        given = request["given"]
        filled = Given(**{**given, "mark": tuple(given["mark"])}) if given else None
        data = conclusion_pdf(form(**request["conclusion"]), filled)
        say(size=len(data))
    answer.write(data)
    answer.flush()


if __name__ == "__main__":
    main()
