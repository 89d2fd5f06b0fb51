"""What was read from a file and waits to be confirmed: kept on the server, so that what was checked is what is imported."""

import datetime as dt
import json
import os
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ...models import Order, User
from ...procedure.refusal import Refusal
from ...procedure.words import Category
from .rows import Row

KEPT_FOR = dt.timedelta(hours=2)
_TOKEN = re.compile(r"[\w-]{32}")


@dataclass(frozen=True)
class Upload:
    """Rows of one file, for one order and one person; `replaces` says whether they take the place of all rows."""

    rows: tuple[Row, ...]
    replaces: bool


def keep_rows(folder: Path, order: Order, rows: Sequence[Row], *, replaces: bool, by: User, on: dt.datetime) -> str:
    """Keep the rows; the token under which they are found."""
    content = {"replaces": replaces, "rows": [asdict(row) for row in rows]}
    return keep(folder, _subject(order), content, by=by, on=on)


def kept_rows(folder: Path, token: str, order: Order, *, by: User, on: dt.datetime) -> Upload:
    """The rows of this token. Refusal if they expired, or were another person's or another order's."""
    content = kept(folder, token, _subject(order), by=by, on=on)
    rows = tuple(Row(**{**row, "category": Category(row["category"])}) for row in content["rows"])
    return Upload(rows, content["replaces"])


def keep(folder: Path, subject: str, content: Mapping[str, Any], *, by: User, on: dt.datetime) -> str:
    """Keep the content for two hours, for one subject and one person; its token. Sweeps what has expired."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    sweep(folder, on=on)
    token = secrets.token_urlsafe(24)
    data = {"subject": subject, "user": by.id, "until": (on + KEPT_FOR).timestamp(), "content": content}
    draft = folder / f"{token}.part"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        json.dump(data, file, ensure_ascii=False)
    draft.rename(_path(folder, token))
    return token


def kept(folder: Path, token: str, subject: str, *, by: User, on: dt.datetime) -> dict[str, Any]:
    """The content of this token. Refusal if it expired, or was another person's or another subject's."""
    try:
        data = json.loads(_path(folder, token).read_text(encoding="utf-8"))
    except FileNotFoundError:
        data = {}
    if (data.get("subject"), data.get("user")) != (subject, by.id) or data["until"] < on.timestamp():
        raise Refusal("Проверенный файл больше не хранится: загрузите его ещё раз.")
    content: dict[str, Any] = data["content"]
    return content


def drop(folder: Path, token: str) -> None:
    """Forget the content of this token."""
    _path(folder, token).unlink(missing_ok=True)


def sweep(folder: Path, *, on: dt.datetime) -> None:
    """Remove what nobody confirmed in time."""
    oldest = (on - KEPT_FOR).timestamp()
    for path in folder.iterdir():
        try:
            if path.stat().st_mtime < oldest:
                path.unlink()
        except FileNotFoundError:
            continue  # another process swept it


def _subject(order: Order) -> str:
    return f"order {order.id}"


def _path(folder: Path, token: str) -> Path:
    # The token comes from an address: anything but a token is nothing.
    return folder / f"{token if _TOKEN.fullmatch(token) else 'nothing'}.json"
