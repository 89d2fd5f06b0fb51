"""Which of some organisations a text finds, read as the archive's search reads it, without asking the index."""

from collections.abc import Sequence
from functools import reduce

from .dictionary import Dictionary
from .query import Beginning, Condition, Either, Words, understand


class Organizations:
    """Organisations to be asked for: those of an order, or those that the archive has found."""

    def __init__(self, names: Sequence[str]) -> None:
        self._known = Dictionary("organization", names)

    def found(self, text: str) -> list[str]:
        """The organisations that the text means, in their order, by its likeliest reading that finds any.

        What cannot be said of an organisation (a date, the number of an order, initials) finds none.
        """
        for reading in understand(text):
            if reading.conditions and (places := reduce(set.intersection, map(self._places, reading.conditions))):
                return [self._known.values[place] for place in sorted(places)]
        return []

    def _places(self, condition: Condition) -> set[int]:
        match condition:
            case Words(words, fields) if "organization" in fields:
                return set(self._known.having(words))
            case Beginning(letters, fields) if "organization" in fields:
                return set(self._known.beginning(letters))
            case Either(conditions):
                return set().union(*map(self._places, conditions))
            case _:
                return set()


def may_mean_one(text: str) -> bool:
    """Whether the text can be read as an organisation at all."""
    return any(reading.conditions and all(map(_of_organization, reading.conditions)) for reading in understand(text))


def _of_organization(condition: Condition) -> bool:
    match condition:
        case Words(_, fields) | Beginning(_, fields):
            return "organization" in fields
        case Either(conditions):
            return any(map(_of_organization, conditions))
        case _:
            return False
