"""Pages of a long list: which number was asked for, and the ways to the others."""

from collections.abc import Callable
from dataclasses import dataclass

LONGEST = 7


class NoSuchPage(LookupError):
    """The address asks for a page that is not there: zero, beyond the last, not a number."""


def page_number(text: str) -> int:
    """The number of the page asked for; nothing asked is the first. NoSuchPage for anything that is not a page."""
    if not text:
        return 1
    if not (text.isascii() and text.isdigit() and len(text) <= LONGEST and int(text) > 0):
        raise NoSuchPage
    return int(text)


@dataclass(frozen=True)
class Pages:
    """Where in a long list the reader stands; `address` gives the address of a page."""

    current: int
    last: int
    address: Callable[[int], str]

    @property
    def previous(self) -> int | None:
        return self.current - 1 if self.current > 1 else None

    @property
    def next(self) -> int | None:
        return self.current + 1 if self.current < self.last else None

    @property
    def window(self) -> list[int | None]:
        """The first, the last and the neighbours; None stands for a gap of two pages or more."""
        near = {1, self.last, *range(self.current - 1, self.current + 2)}
        shown = sorted(page for page in near if 1 <= page <= self.last)
        made: list[int | None] = []
        for page in shown:
            if made and (before := made[-1]) is not None and page - before > 1:
                made.append(before + 1 if page - before == 2 else None)
            made.append(page)
        return made
