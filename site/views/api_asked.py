"""What is asked of the programming interface in the address: parameters, and the cursor with which a list goes on.

A page ends with a cursor: the place after which the next one begins, whatever is published in the meantime.
"""

import base64
import json
from collections.abc import Sequence
from enum import StrEnum
from typing import Any, TypeVar

from flask import request

from ..search import MAX_PER_PAGE

USUAL_LIMIT = 100
LARGEST_LIMIT = MAX_PER_PAGE
YEARS = (1990, 2100)
LARGEST_ID = 2**31 - 1
NO_CURSOR = "Курсор не читается: возьмите адрес целиком из поля next предыдущего ответа."
Word = TypeVar("Word", bound=StrEnum)


class Sort(StrEnum):
    """In which order rulings come."""

    NEW = "new"
    OLD = "old"


class Misasked(ValueError):
    """A parameter that cannot be used: its name, and a Russian sentence."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field, self.sentence = field, sentence


# ── parameters ──────────────────────────────────────────────────────────────────────────────────────────────────────


def text(name: str) -> str:
    """A parameter in one line; empty when it is not given."""
    return " ".join(request.args.get(name, "").replace("\0", "").split())


def number(name: str, low: int, high: int) -> int | None:
    """A whole number between these; None when it is not given. Raises Misasked."""
    text = request.args.get(name)
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 10 and low <= int(text) <= high):
        raise Misasked(name, f"Параметр {name}: нужно целое число от {low} до {high}.")
    return int(text)


def year() -> int | None:
    """The year asked for. Raises Misasked."""
    return number("year", *YEARS)


def limit() -> int:
    """How many items a page may have. Raises Misasked."""
    found = number("limit", 1, LARGEST_LIMIT)
    return USUAL_LIMIT if found is None else found


def word(name: str, words: type[Word]) -> Word | None:
    """One of these words; None when none is given. Raises Misasked."""
    text = request.args.get(name)
    if text is None:
        return None
    try:
        return words(text)
    except ValueError:
        raise Misasked(name, f"Параметр {name}: нужно одно из слов {', '.join(words)}.") from None


# ── cursors ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def cursor(*place: str | int) -> str:
    """Where a page ended, as an opaque word."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def place(*kinds: type) -> tuple[Any, ...] | None:
    """The place of a cursor that has values of these kinds; None when the list is asked for from its beginning.

    Raises Misasked.
    """
    text = request.args.get("cursor")
    if text is None:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    except (ValueError, RecursionError):
        raise Misasked("cursor", NO_CURSOR) from None
    if not _sound(found, kinds):
        raise Misasked("cursor", NO_CURSOR)
    return tuple(found)


def _sound(place: Any, kinds: Sequence[type]) -> bool:
    """Whether it is a list of values of these kinds, the numbers such as ids are."""
    if not isinstance(place, list) or [type(value) for value in place] != list(kinds):
        return False
    return all(isinstance(value, str) or 0 <= value <= LARGEST_ID for value in place)
