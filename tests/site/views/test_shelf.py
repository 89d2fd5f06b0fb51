"""The bounded place in memory."""

from typing import NamedTuple

from attestation.site.views.shelf import Shelf


class Stone(NamedTuple):
    name: str
    weight: int


def test_what_was_not_asked_for_longest_leaves_first() -> None:
    shelf: Shelf[Stone] = Shelf(100)
    for name in ("a", "b", "c"):
        shelf.put(name, Stone(name, 30))
    assert shelf.get("a") == Stone("a", 30)
    shelf.put("d", Stone("d", 40))
    assert [shelf.get(name) for name in "abcd"] == [Stone("a", 30), None, Stone("c", 30), Stone("d", 40)]
    assert (shelf.weight, len(shelf)) == (100, 3)


def test_a_new_thing_takes_the_place_of_the_old() -> None:
    shelf: Shelf[Stone] = Shelf(100)
    shelf.put("a", Stone("old", 90))
    shelf.put("a", Stone("new", 20))
    assert (shelf.get("a"), shelf.weight, len(shelf)) == (Stone("new", 20), 20, 1)


def test_what_is_too_heavy_does_not_stay() -> None:
    shelf: Shelf[Stone] = Shelf(100)
    shelf.put("a", Stone("a", 101))
    assert (shelf.get("a"), shelf.weight, len(shelf)) == (None, 0, 0)


def test_what_is_dropped_weighs_nothing() -> None:
    shelf: Shelf[Stone] = Shelf(100)
    shelf.put("a", Stone("a", 60))
    shelf.drop("a")
    shelf.drop("a")
    assert (shelf.get("a"), shelf.weight) == (None, 0)
