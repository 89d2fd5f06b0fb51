"""What the ready pages are measured against: a function that knows nothing but the answers it was given, by their address."""

import json
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

FOLDER = Path(os.environ["BARE_ANSWERS"])


def _answer(file: Path) -> tuple[str, list[tuple[str, str]], list[bytes]]:
    told = json.loads(file.read_text())
    return told["status"], [(name, value) for name, value in told["headers"]], [file.with_suffix(".body").read_bytes()]


ANSWERS = {f"/{file.stem}": _answer(file) for file in FOLDER.glob("*.json")}


def app(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """The kept answer of this address, the same bytes each time."""
    status, headers, body = ANSWERS[environ["PATH_INFO"]]
    start_response(status, headers)
    return body
