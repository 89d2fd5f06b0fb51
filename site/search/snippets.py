"""What is shown of a found text: the piece with the most of the words, the words marked. Pure."""

import re
from collections.abc import Iterator, Set
from dataclasses import dataclass

from .russian import text_term, tokens

LENGTH = 260
"""About how many signs of a text are shown with a hit."""
_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of text and whether it was searched for."""

    text: str
    found: bool


def snippet(text: str, wanted: Set[str]) -> str:
    """The piece of the text with the most of the words, cut between words."""
    places = [(found.start(), text_term(_folded(found[0]))) for found in _WORD.finditer(text)]
    found = [(start, word) for start, word in places if word in wanted]
    if not found:
        return _cut(text, 0)
    starts = [start for start, _ in found]
    best = max(starts, key=lambda start: len({word for place, word in found if start <= place < start + LENGTH - 60}))
    return _cut(text, best)


def _folded(word: str) -> str:
    return "".join(tokens(word))


def _cut(text: str, place: int) -> str:
    """About `LENGTH` signs around this place, whole words; from the beginning of the line, if it is near."""
    line = text.rfind("\n", 0, place) + 1
    start = line if place - line < LENGTH // 2 else text.rfind(" ", 0, place - 50) + 1
    end = start + LENGTH
    if end < len(text):
        end = max(text.rfind(" ", start, end), place)
    piece = " ".join(text[start:end].split())
    return f"{'… ' if start > line else ''}{piece}{' …' if end < len(text) else ''}"


def marked(text: str, wanted: Set[str]) -> tuple[Piece, ...]:
    return tuple(_pieces(text, wanted))


def _pieces(text: str, wanted: Set[str]) -> Iterator[Piece]:
    done = 0
    for word in _WORD.finditer(text):
        if text_term(_folded(word[0])) in wanted:
            if word.start() > done:
                yield Piece(text[done : word.start()], False)
            yield Piece(word[0], True)
            done = word.end()
    if done < len(text):
        yield Piece(text[done:], False)
