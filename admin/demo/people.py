"""Invented people who come up for a category, and come again five years later. Pure: no database, no clock."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from random import Random
from typing import NamedTuple

from ...procedure.words import Category
from .names import names
from .schools import Post, posts, same_posts

BATCH = 500  # rows of an order when only the sum is asked for
REFUSED = 0.015  # of the rows are refusals
NEWCOMERS_FIRST = 0.68  # of those who come for the first time ask for the first category
RISE = 0.75  # of those who hold the first category ask for the highest next time
COME_AGAIN = 0.45  # of the people of an order come again
AGAIN_AT_MOST = 0.5  # of an order are people who came before
MOVED = 0.12  # of those who come again work elsewhere by then


class DemoRuling(NamedTuple):
    """A row of an order. A tuple, because a million of them are made for measurements."""

    surname: str
    name: str
    patronymic: str
    position: str
    organization: str
    category: Category
    established: bool


Candidate = tuple[DemoRuling, Post]


def rulings(count: int, seed: int | str = 1) -> Iterator[DemoRuling]:
    """So many rows as of orders of 500 rows over ten years, oldest first; the same for the same count and seed."""
    whole, rest = divmod(count, BATCH)
    return chain.from_iterable(batches([BATCH] * whole + [rest] * bool(rest), seed))


def batches(sizes: Sequence[int], seed: int | str = 1) -> Iterator[list[DemoRuling]]:
    """The rows of orders of these sizes, evenly spread over ten years: nobody twice in one order, many again five years on."""
    dice = Random(f"rulings {seed}")
    five_years = max(1, round(len(sizes) / 2))
    past: deque[list[Candidate]] = deque()
    due: deque[Candidate] = deque()
    for size in sizes:
        if len(past) == five_years:
            due.extend(past.popleft())
        again = [due.popleft() for _ in range(min(len(due), int(size * AGAIN_AT_MOST)))]
        found = {row[:3]: (row, post) for row, post in _again(again, dice)}
        while len(found) < size:
            new = _newcomers(size - len(found), dice)
            found |= {row[:3]: (row, post) for row, post in new if row[:3] not in found}
        candidates = list(found.values())
        dice.shuffle(candidates)
        past.append(candidates[: int(size * COME_AGAIN)])
        yield [row for row, _ in candidates]


def _newcomers(count: int, dice: Random) -> Iterator[Candidate]:
    """People drawn column by column, which is many times faster than person by person."""
    known = names()
    columns = zip(
        posts().draw(dice, count),
        known.surnames.draw(dice, count),
        known.men.draw(dice, count),
        known.women.draw(dice, count),
        known.patronymics.draw(dice, count),
        strict=True,
    )
    chance = dice.random
    for post, surname, his_name, her_name, patronymic in columns:
        woman = chance() < post.women
        row = DemoRuling(
            surname[woman],
            her_name if woman else his_name,
            patronymic[woman],
            post.position,
            post.organization,
            Category.FIRST if chance() < NEWCOMERS_FIRST else Category.HIGHEST,
            chance() >= REFUSED,
        )
        yield row, post


def _again(candidates: Iterable[Candidate], dice: Random) -> Iterator[Candidate]:
    """The same people five years later: some risen, some at work elsewhere."""
    for before, held in candidates:
        stays = before.category is Category.HIGHEST or not before.established or dice.random() >= RISE
        post = dice.choice(same_posts(held.kind, held.position)) if dice.random() < MOVED else held
        row = before._replace(
            organization=post.organization,
            category=before.category if stays else Category.HIGHEST,
            established=dice.random() >= REFUSED,
        )
        yield row, post
