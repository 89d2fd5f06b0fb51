"""Limits on what a text may ask of the reader of Markdown, which looks through all that follows at many of its signs.

A text made to be slow would keep a process busy for minutes. What goes beyond the limits is shown as it is typed; nothing that
somebody would write in earnest comes near them.
"""

import re
from collections.abc import Iterable
from itertools import groupby
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions import Extension
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

# How often a sign times the length of what follows it, in all places together: ten millions take some seconds.
MOST_LOOKING = 10_000_000
# Other signs cost a copy of what follows them: so many are no more than one look.
A_GLANCE = 1_000
# What a place of ordinary length needs is not counted.
FREE_LOOKING = 10_000
# Lines without an empty one between them, before those that end a block by themselves are set apart.
LONGEST_BLOCK = 200
# A footnote leads back to each place that refers to it.
MOST_NOTES = 1_000

_ENDS_BLOCK = re.compile(r"#|!!!|\*\[|\[\^|(?:=+|-+|[*_ -]{3,})$")


class Patience(Extension):  # type: ignore[misc]
    """Registers the limits: before typed HTML is read (20), after it, and before what stands inside blocks is read (20)."""

    def extendMarkdown(self, md: Markdown) -> None:
        md.preprocessors.register(_Tags(md), "patience_tags", 25)
        md.preprocessors.register(_Blocks(md), "patience_blocks", 15)
        md.treeprocessors.register(_Brackets(md), "patience_brackets", 25)


class _Tags(Preprocessor):  # type: ignore[misc]
    def run(self, lines: list[str]) -> list[str]:
        """Makes plain signs of tags that are opened over and over and closed nowhere near, and of footnotes without number."""
        text = "\n".join(lines)
        if not _within(len(piece) * piece.count("<") for piece in text.split(">")):
            lines = [line.replace("<", "&lt;") for line in lines]
        if text.count("[^") > MOST_NOTES:
            lines = [line.replace("[^", "&#91;^") for line in lines]
        return lines


class _Blocks(Preprocessor):  # type: ignore[misc]
    def run(self, lines: list[str]) -> list[str]:
        """Sets headings, rules and definitions of a huge block apart, each of which would be cut off the rest at a cost."""
        apart: list[str] = []
        for filled, group in groupby(lines, key=lambda line: bool(line.strip())):
            block = list(group)
            apart += _parted(block) if filled and len(block) > LONGEST_BLOCK else block
        return apart


def _parted(block: list[str]) -> Iterable[str]:
    for line in block:
        yield line
        if _ENDS_BLOCK.match(line):
            yield ""


class _Brackets(Treeprocessor):  # type: ignore[misc]
    def run(self, root: Element) -> None:
        """Leaves the words of blocks with too many brackets as they are."""
        left = MOST_LOOKING
        for element in root.iter():
            text = element.text or ""
            looking = len(text) * (_count(text, "[<") + _count(text, "&`\\*_") // A_GLANCE)
            if looking > FREE_LOOKING and looking > left:
                element.text = AtomicString(text)
            elif looking > FREE_LOOKING:
                left -= looking


def _count(text: str, signs: str) -> int:
    return sum(map(text.count, signs))


def _within(looking: Iterable[int]) -> bool:
    return sum(cost for cost in looking if cost > FREE_LOOKING) <= MOST_LOOKING
