"""Invented organisations of the city and the posts in them, read from `schools.toml`; the same town for every seed."""

import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import product
from random import Random
from typing import Any, NamedTuple

from .names import Weighted


class Post(NamedTuple):
    """A position in an organisation; `women` is the share of women among those who hold such a position, 0…1."""

    kind: int
    organization: str
    position: str
    women: float


@cache
def posts() -> Weighted[Post]:
    """All posts of the town, weighted by how many of their holders come up for a category."""
    return Weighted.of(_posts())


@cache
def same_posts(kind: int, position: str) -> tuple[Post, ...]:
    """The posts of this position in all organisations of a kind: where somebody may move to."""
    return tuple(post for post in posts().values if post.kind == kind and post.position == position)


def _posts() -> Iterator[tuple[Post, float]]:
    data = tomllib.loads((files(__package__) / "schools.toml").read_text(encoding="utf-8"))
    districts = [f"{name} района Санкт-Петербурга" for name in data["districts"]]
    women = data["women"]
    for number, kind in enumerate(data["kind"]):
        lines = [line.partition(" ") for line in kind["posts"].splitlines()]
        whole = sum(int(weight) for weight, _, _ in lines)
        for organization in _organizations(kind, districts, data["sizes"]):
            for weight, _, position in lines:
                post = Post(number, organization, position, women.get(position, women["default"]))
                yield post, kind["share"] * int(weight) / whole


def _organizations(kind: dict[str, Any], districts: list[str], sizes: list[int]) -> list[str]:
    """Names of all organisations of a kind: numbered ones spread by district, others one per name and district."""
    name, count, about = kind["name"], kind["count"], kind.get("about", [""])
    dice = Random(name)
    if "{n}" in name:
        homes = dice.choices(districts, sizes, k=count)
        numbers = range(kind["first_number"], kind["first_number"] + count)
        return [name.format(n=n, of=of, about=about[n % len(about)]) for n, of in zip(numbers, homes, strict=True)]
    if "{of}" in name:
        pairs = [name.format(of=of, about=what) for what, of in product(about, districts)]
        return dice.sample(pairs, count)
    return [name.format(about=what) for what in about]
