"""How a text is matched with an archive: as typed, else on the other keyboard layout, else with one typing error put right.

The same for every engine: an archive only has to find conditions and to know words. A correction is tried only when nothing
matches, filters aside, and is always said.
"""

import re
from collections.abc import Iterable
from typing import Protocol, TypeVar

from .interface import Correction
from .query import EVERYWHERE, NAMES, Condition, Either, Field, Reading, Words, understand
from .russian import fold, one_error, retype

SHORTEST = 4
"""Shorter words are not corrected: too many words are near them."""


class Found(Protocol):
    """What was found; engines keep what they need."""

    @property
    def total(self) -> int: ...


Hits = TypeVar("Hits", bound=Found, covariant=True)


class Archive(Protocol[Hits]):
    """What an engine knows."""

    def find(self, conditions: Iterable[Condition]) -> Hits:
        """Visible rows that meet all conditions."""

    def words_among(self, words: set[str], fields: tuple[Field, ...] = EVERYWHERE) -> set[str]:
        """Those of the folded words that occur in rows, visible or not."""


def match(archive: Archive[Hits], text: str) -> tuple[Reading, Hits, Correction | None]:
    """The reading of the text that finds something, what it finds, and the correction that was needed, if any."""
    readings = understand(text)
    for reading in readings:
        hits = archive.find(reading.conditions)
        if hits.total:
            return reading, hits, None
    return _retyped(archive, text) or _corrected(archive, text, readings) or (readings[0], archive.find((Either(()),)), None)


_Corrected = tuple[Reading, Hits, Correction]


def _retyped(archive: Archive[Hits], text: str) -> _Corrected[Hits] | None:
    retyped = retype(text)
    for reading in understand(retyped) if retyped else ():
        hits = archive.find(reading.conditions)
        if retyped and hits.total:
            return reading, hits, Correction("keyboard", text.strip(), (retyped,), retyped)
    return None


def _corrected(archive: Archive[Hits], text: str, readings: Iterable[Reading]) -> _Corrected[Hits] | None:
    for reading in readings:
        conditions = reading.conditions
        unknown = [place for place, one in enumerate(conditions) if len(conditions) == 1 or not archive.find((one,)).total]
        if len(unknown) > 1:
            continue  # one error cannot mend two words
        for place in unknown or range(len(conditions)):
            one = conditions[place]
            if isinstance(one, Words) and one.fields == EVERYWHERE:
                for at in range(len(one.words)):
                    found = _corrected_word(archive, text, reading, place, one, at)
                    if found:
                        return found
    return None


def _corrected_word(
    archive: Archive[Hits], text: str, reading: Reading, place: int, one: Words, at: int
) -> _Corrected[Hits] | None:
    """The rows that have, in place of this word, any word one typing error away."""
    word = one.words[at]
    if len(word) < SHORTEST or not word.isalpha():
        return None
    before, after = reading.conditions[:place], reading.conditions[place + 1 :]
    found: dict[Words, Hits] = {}
    for near in archive.words_among(one_error(word)):
        candidate = Words((*one.words[:at], near, *one.words[at + 1 :]))
        hits = archive.find((*before, candidate, *after))
        if hits.total:
            found[candidate] = hits
    if not found:
        return None
    likeliest = sorted(found, key=lambda candidate: (-found[candidate].total, candidate.words))
    hits = found[likeliest[0]] if len(likeliest) == 1 else archive.find((*before, Either(tuple(likeliest)), *after))
    words = tuple(_display(archive, candidate.words[at]) for candidate in likeliest)
    return reading, hits, Correction("typing", word, words, _replace(text, word, words[0]))


def _display(archive: Archive[Hits], word: str) -> str:
    return word.capitalize() if archive.words_among({word}, NAMES) else word


def _replace(text: str, word: str, other: str) -> str:
    return re.sub(r"[^\W_]+", lambda found: other if fold(found[0]) == word else found[0], text.strip())
