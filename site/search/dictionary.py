"""The distinct values of one field in one segment, and which of them meet a condition.

There are a few hundred positions, a few thousand schools and surnames: phrases, stems and beginnings are looked up here,
never row by row. A value keeps its place in `values`; answers are places.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Sequence
from itertools import chain, takewhile

from .query import Field
from .russian import organization_key, stem, tokens


def _as_typed(word: str) -> str:
    return word


_KEYS: dict[Field, Callable[[str], str]] = {
    "surname": _as_typed,
    "name": _as_typed,
    "patronymic": _as_typed,
    "position": stem,
    "organization": organization_key,
}


class Dictionary:
    """Values of a field by their words."""

    def __init__(self, field: Field, values: Sequence[str]) -> None:
        self.values = values
        self._key = _KEYS[field]
        self._tokens = [tuple(tokens(value)) for value in values]
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for place, words in enumerate(self._tokens):
            for word in dict.fromkeys(words):
                self._by_word[word].append(place)
        self._by_key: dict[str, set[int]] = defaultdict(set)
        for word, places in self._by_word.items():
            self._by_key[self._key(word)].update(places)
        self._sorted = sorted(self._by_word)

    def having(self, words: Sequence[str]) -> Collection[int]:
        """Values in which these words stand side by side."""
        keys = [self._key(word) for word in words]
        found = [self._by_key.get(key, set()) for key in keys]
        if len(found) == 1:
            return found[0]
        common = set.intersection(*found) if found else set()
        return [place for place in common if self._side_by_side(keys, place)]

    def beginning(self, letters: str) -> Collection[int]:
        """Values with a word that begins so."""
        return dict.fromkeys(chain.from_iterable(self._by_word[word] for word in self._from(letters)))

    def initial(self, letters: str) -> Collection[int]:
        """Values that begin so themselves: the «К» of «Римская-Корсакова» is not her initial."""
        return [place for place in self.beginning(letters) if self._tokens[place][0].startswith(letters)]

    def equal(self, words: Sequence[str]) -> Collection[int]:
        """Values that consist of these words."""
        return [place for place in self.having(words) if len(self._tokens[place]) == len(words)]

    @property
    def words(self) -> Collection[str]:
        """The folded words of all values."""
        return self._by_word.keys()

    def _from(self, letters: str) -> Iterator[str]:
        start = bisect_left(self._sorted, letters)
        return takewhile(lambda word: word.startswith(letters), (self._sorted[i] for i in range(start, len(self._sorted))))

    def _side_by_side(self, keys: list[str], place: int) -> bool:
        own = [self._key(word) for word in self._tokens[place]]
        return any(own[start : start + len(keys)] == keys for start in range(len(own) - len(keys) + 1))
