"""Names of invented people: weighted lists read from `names.toml`, surnames declined by gender."""

import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar

Value = TypeVar("Value")
Pair = tuple[str, str]  # masculine form, feminine form

RARE_SHARE = 0.07  # of the people bear a surname from the long thin tail
DOUBLE_SHARE = 0.004  # of the people bear two surnames with a hyphen


@dataclass(frozen=True)
class Weighted(Generic[Value]):
    """Values with their cumulative weights, drawn many at a time."""

    values: tuple[Value, ...]
    cumulative: tuple[float, ...]

    @classmethod
    def of(cls, pairs: Iterable[tuple[Value, float]]) -> "Weighted[Value]":
        """From pairs of value and weight."""
        values, weights = zip(*pairs, strict=True)
        return cls(values, tuple(accumulate(weights)))

    def draw(self, dice: Random, count: int) -> list[Value]:
        """So many values, each independent of the others."""
        return dice.choices(self.values, cum_weights=self.cumulative, k=count)


@dataclass(frozen=True)
class Names:
    """Everything a full name is drawn from; surnames and patronymics as pairs of both genders."""

    surnames: Weighted[Pair]
    patronymics: Weighted[Pair]
    men: Weighted[str]
    women: Weighted[str]


@cache
def names() -> Names:
    """The lists of `names.toml`, read once."""
    data = tomllib.loads((files(__package__) / "names.toml").read_text(encoding="utf-8"))
    fathers = (pair.partition("/") for pair in data["patronymics"]["pairs"].split())
    return Names(
        surnames=_surnames(data["surnames"].split(), data["rare"]["stems"].split(), data["rare"]["endings"].split()),
        patronymics=Weighted.of(by_rank(((his, hers) for his, _, hers in fathers), ahead=4)),
        men=Weighted.of(by_rank(data["men"]["names"].split(), ahead=4)),
        women=Weighted.of(by_rank(data["women"]["names"].split(), ahead=4)),
    )


def feminine(surname: str) -> str:
    """A woman's form of a man's surname: Иванова, Покровская, Толстая, Белова-Лосева; Шевченко, Черных, Мельник stay."""
    return "-".join(map(_feminine, surname.split("-")))


def _feminine(surname: str) -> str:
    if surname.endswith(("ов", "ев", "ёв", "ин")):
        return surname + "а"
    if surname.endswith(("ский", "цкий", "ой", "ый")):
        return surname[:-2] + "ая"
    return surname


def by_rank(values: Iterable[Value], ahead: int) -> Iterator[tuple[Value, float]]:
    """Zipf's law: weight falls with the rank; the larger `ahead`, the gentler at the top."""
    return ((value, 1 / (ahead + rank)) for rank, value in enumerate(values, 1))


def _surnames(common: list[str], stems: list[str], endings: list[str]) -> Weighted[Pair]:
    """Common surnames, a tail of rare ones, a few doubled."""
    known = set(common)
    # Endings outside, so that the more frequent of the rare ones are not all of one stem.
    rare = [stem + ending for ending in endings for stem in stems if stem + ending not in known]
    doubled = [f"{first}-{second}" for first, second in zip(common[10:110], common[210:310], strict=True)]
    return Weighted.of(
        [
            *_share(1 - RARE_SHARE - DOUBLE_SHARE, by_rank(common, ahead=15)),
            *_share(RARE_SHARE, by_rank(rare, ahead=100)),
            *_share(DOUBLE_SHARE, by_rank(doubled, ahead=1000)),
        ]
    )


def _share(share: float, weighted: Iterable[tuple[str, float]]) -> Iterator[tuple[Pair, float]]:
    """Both forms of each surname, weights brought to the given sum."""
    pairs = list(weighted)
    whole = sum(weight for _, weight in pairs)
    return (((surname, feminine(surname)), share * weight / whole) for surname, weight in pairs)
