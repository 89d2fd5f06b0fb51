"""What changed between two revisions: line by line in the text as it is typed, block by block in the page as it is read.

What went is in <del>, what came is in <ins>, each begun by a word for those who listen. Everything is safe HTML.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from html import escape
from html.parser import HTMLParser
from itertools import groupby
from typing import TypeVar

from markupsafe import Markup

from .. import markup
from ..figures import plural

# Comparing everything with everything: so many pairs at most, more is first divided at what stands in both just once.
MOST_PAIRS = 250_000
# So many pairs of lines or blocks are asked whether one was made of the other.
MOST_MENDED = 400
# Unchanged lines shown before and after a change.
CONTEXT = 2
FEWEST_FOLDED = 4
# Lines and blocks that have less in common than this are shown as removed and added, not mended word by word.
ALIKE = 0.4

Part = TypeVar("Part")

_WORDS = re.compile(r"\s+|\w+|[^\w\s]")
_ID = re.compile(r' id="[^"]*"')
_WORD = re.compile(r"\w")
EMPTY_LINE = "пустая строка"
REMOVED = '<del><span class="unseen">удалено: </span>'
ADDED = '<ins><span class="unseen">добавлено: </span>'


@dataclass(frozen=True, slots=True)
class Stretch:
    """Where two sequences agree, or what stands in one instead of what stands in the other."""

    same: bool
    old: slice
    new: slice


def stretches(old: Sequence[str], new: Sequence[str]) -> list[Stretch]:
    """Both sequences from beginning to end; quick for any input, at the price of coarser stretches where they are huge."""
    head = _alike_from(old, new)
    tail = _alike_from(old[head:][::-1], new[head:][::-1])
    old_end, new_end = len(old) - tail, len(new) - tail
    found = [Stretch(True, slice(0, head), slice(0, head))]
    found += _compared(old, new, slice(head, old_end), slice(head, new_end))
    found.append(Stretch(True, slice(old_end, len(old)), slice(new_end, len(new))))
    return _joined(stretch for stretch in found if stretch.old.stop > stretch.old.start or stretch.new.stop > stretch.new.start)


def _joined(found: Iterator[Stretch]) -> list[Stretch]:
    """Neighbours of one sort as one."""
    joined: list[Stretch] = []
    for stretch in found:
        if joined and joined[-1].same == stretch.same:
            last = joined.pop()
            stretch = Stretch(last.same, slice(last.old.start, stretch.old.stop), slice(last.new.start, stretch.new.stop))
        joined.append(stretch)
    return joined


def _alike_from(old: Sequence[str], new: Sequence[str]) -> int:
    return next((place for place, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))


def _compared(old: Sequence[str], new: Sequence[str], a: slice, b: slice) -> Iterator[Stretch]:
    if (a.stop - a.start) * (b.stop - b.start) <= MOST_PAIRS:
        yield from _matched(old, new, a, b)
        return
    end_a, end_b = a.start, b.start
    for place_a, place_b in [*_anchors(old, new, a, b), (a.stop, b.stop)]:
        between_a, between_b = slice(end_a, place_a), slice(end_b, place_b)
        if (place_a - end_a) * (place_b - end_b) <= MOST_PAIRS:
            yield from _matched(old, new, between_a, between_b)
        else:
            yield Stretch(False, between_a, between_b)
        if place_a < a.stop and place_b < b.stop:
            yield Stretch(True, slice(place_a, place_a + 1), slice(place_b, place_b + 1))
        end_a, end_b = place_a + 1, place_b + 1


def _matched(old: Sequence[str], new: Sequence[str], a: slice, b: slice) -> Iterator[Stretch]:
    for tag, a1, a2, b1, b2 in SequenceMatcher(None, old[a], new[b], autojunk=False).get_opcodes():
        yield Stretch(tag == "equal", slice(a.start + a1, a.start + a2), slice(b.start + b1, b.start + b2))


def paired(
    old: Sequence[Part],
    new: Sequence[Part],
    mend: Callable[[Part, Part], str],
    gone: Callable[[Part], str],
    come: Callable[[Part], str],
) -> Iterator[str]:
    """Each new part beside the old one that it was made of, the rest as gone and come; `mend` gives nothing for strangers."""
    left, waiting = 0, []
    for part in new:
        # A huge rewriting is shown as such: what went, then what came.
        near = old[left:] if len(old) * len(new) <= MOST_MENDED else ()
        mended = next(((skipped, made) for skipped, candidate in enumerate(near) if (made := mend(candidate, part))), None)
        if mended is None:
            waiting.append(come(part))
            continue
        yield from map(gone, near[: mended[0]])
        yield from waiting
        yield mended[1]
        waiting = []
        left += mended[0] + 1
    yield from map(gone, old[left:])
    yield from waiting


def _anchors(old: Sequence[str], new: Sequence[str], a: slice, b: slice) -> list[tuple[int, int]]:
    """Places of what stands just once in both, as many as keep their order: the longest rising row of places."""
    once_a, once_b = (_once(sequence, part) for sequence, part in ((old, a), (new, b)))
    pairs = [(place, once_b[value]) for value, place in once_a.items() if value in once_b]
    lows: list[int] = []  # of rows of each length, the lowest place with which one ends,
    ends: list[int] = []  # the pair it ends with,
    before: list[int] = []  # and of each pair the one that stands before it in its row
    row: list[tuple[int, int]] = []
    for index, (_, place) in enumerate(pairs):
        length = bisect_left(lows, place)
        before.append(ends[length - 1] if length else -1)
        lows[length : length + 1] = [place]
        ends[length : length + 1] = [index]
    index = ends[-1] if ends else -1
    while index >= 0:
        row.append(pairs[index])
        index = before[index]
    return row[::-1]


def _once(sequence: Sequence[str], part: slice) -> dict[str, int]:
    counts = Counter(sequence[part])
    return {sequence[place]: place for place in range(part.start, part.stop) if counts[sequence[place]] == 1}


# --- The text as it is typed ------------------------------------------------------------------------------------------------


def lines(old: str, new: str) -> Markup:
    """Both texts as one list of lines, long unchanged stretches folded; empty when they are the same."""
    if old == new:
        return Markup("")
    before, after = old.split("\n"), new.split("\n")
    found = stretches(before, after)
    made = [
        _unchanged(after[stretch.new], first=stretch is found[0], last=stretch is found[-1])
        if stretch.same
        else "".join(_changed_lines(before[stretch.old], after[stretch.new]))
        for stretch in found
    ]
    return Markup(f'<div class="diff">{"".join(made)}</div>')


def _unchanged(same: Sequence[str], *, first: bool, last: bool) -> str:
    """Lines that stay: those near a change are shown, the others folded."""
    above, below = (0 if first else CONTEXT), (0 if last else CONTEXT)
    hidden = same[above : len(same) - below]
    if len(hidden) < FEWEST_FOLDED:
        return "".join(map(_line, same))
    said = plural(len(hidden), "строка", "строки", "строк")
    folded = f"<details><summary>Без изменений: {said}</summary>{''.join(map(_line, hidden))}</details>"
    return "".join((*map(_line, same[:above]), folded, *map(_line, same[len(same) - below :])))


def _changed_lines(old: Sequence[str], new: Sequence[str]) -> Iterator[str]:
    """Lines in place of lines: those that resemble each other word by word, the others one after another."""
    return paired(
        old, new, _mended_line, lambda line: f"<p>{_gone(escape(line))}</p>", lambda line: f"<p>{_come(escape(line))}</p>"
    )


def _mended_line(old: str, new: str) -> str:
    words = _mended([_Word(word) for word in _WORDS.findall(old)], [_Word(word) for word in _WORDS.findall(new)])
    return f"<p>{words}</p>" if words else ""


def _line(text: str) -> str:
    return f"<p>{escape(text)}</p>" if text.strip() else ""


def _gone(inside: str) -> str:
    """What went, as HTML; ids are those of what stands there now."""
    return f"{REMOVED}{_ID.sub('', inside) or EMPTY_LINE}</del>"


def _come(inside: str) -> str:
    """What came, as HTML."""
    return f"{ADDED}{inside or EMPTY_LINE}</ins>"


# --- Words ------------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Word:
    """A word, a space or a sign with the elements it stands in, or a picture or line break as it is written."""

    text: str
    within: tuple[str, ...] = ()
    written: bool = False

    @property
    def key(self) -> str:
        return "\0".join((*self.within, self.text))


def _mended(old: Sequence[_Word], new: Sequence[_Word]) -> str:
    """The words of both, what went and what came marked; empty when they have too little in common."""
    keys, new_keys = [word.key for word in old], [word.key for word in new]
    enough = ALIKE * (_weight(old) + _weight(new)) / 2
    # No more can stay than stands in both: a quick look spares most comparisons.
    common = Counter(keys) & Counter(new_keys)
    if sum(times * _weight([_Word(key.rpartition("\0")[2])]) for key, times in common.items()) < enough:
        return ""
    found = stretches(keys, new_keys)
    kept = sum(_weight(new[stretch.new]) for stretch in found if stretch.same)
    if kept < enough:
        return ""
    made = []
    for same, gone, come in _without_islands(found, old, new):
        made.append(_phrase(same) + (_gone(_phrase(gone)) if gone else "") + (_come(_phrase(come)) if come else ""))
    return "".join(made)


def _without_islands(
    found: Sequence[Stretch], old: Sequence[_Word], new: Sequence[_Word]
) -> list[tuple[Sequence[_Word], Sequence[_Word], Sequence[_Word]]]:
    """What stays, and what goes and comes after it; a space or comma alone between two changes belongs to both."""
    rows: list[tuple[list[_Word], list[_Word], list[_Word]]] = []
    for stretch in found:
        words = new[stretch.new]
        island = stretch.same and rows and (rows[-1][1] or rows[-1][2]) and stretch is not found[-1] and not _weight(words)
        if stretch.same and not island:
            rows.append((list(words), [], []))
            continue
        if not rows:
            rows.append(([], [], []))
        rows[-1][1].extend(old[stretch.old])
        rows[-1][2].extend(words)
    return [*rows]


def _weight(words: Sequence[_Word]) -> int:
    """Signs of the words proper; a picture counts as one."""
    return sum(1 if word.written else len(word.text) for word in words if word.written or _WORD.search(word.text))


def _phrase(words: Sequence[_Word]) -> str:
    """Words with the elements around them, neighbours of the same elements together."""
    made = []
    for within, group in groupby(words, key=lambda word: word.within):
        inside = "".join(word.text if word.written else escape(word.text) for word in group)
        closing = "".join(f"</{tag[1:].split()[0].rstrip('>')}>" for tag in reversed(within))
        made.append("".join(within) + inside + closing)
    return "".join(made)


# --- The page as it is read -------------------------------------------------------------------------------------------------


def rendered(old: str, new: str) -> Markup:
    """The new page with what changed marked in it, word by word where blocks resemble each other.

    Both are HTML from `markup.html`. A page that nests too deep is compared as plain text.
    """
    before, after = _read(old), _read(new)
    if before is None or after is None:
        return lines(*(Markup(page).striptags() for page in (old, new)))
    return Markup(markup.cleaned("".join(_side_by_side(before.blocks(), after.blocks())), staff=True))


# How deep elements may stand in each other; a page that nests more was made to break something.
DEEPEST = 60
_VOID = {"br", "hr", "img"}
_PHRASING = {
    *("a", "abbr", "b", "code", "del", "em", "i", "img", "ins", "kbd", "q", "s", "small", "span", "strong", "sub", "sup", "br"),
}
# Elements that mean something only with all their parts.
_WHOLE = {"tr"}


@dataclass(slots=True)
class _Node:
    """An element of a page; `opening` is its tag as written, empty for words that stand between blocks."""

    tag: str
    opening: str = ""
    children: "list[_Node | str]" = field(default_factory=list)
    source: str = ""

    def blocks(self) -> "list[_Node]":
        """The blocks inside, words between them each as a block of its own; empty when it holds words alone."""
        if not any(isinstance(child, _Node) and child.tag not in _PHRASING for child in self.children):
            return []
        made: list[_Node] = []
        for phrase, group in groupby(self.children, key=lambda child: isinstance(child, str) or child.tag in _PHRASING):
            inside = list(group)
            if not phrase:
                made += [child for child in inside if isinstance(child, _Node)]
            elif any(isinstance(child, _Node) or child.strip() for child in inside):
                made.append(_Node("", "", inside, _source(inside)))
        return made

    def words(self, within: tuple[str, ...] = ()) -> Iterator[_Word]:
        """The words inside with the elements they stand in."""
        for child in self.children:
            if isinstance(child, str):
                yield from (_Word(word, within) for word in _WORDS.findall(child))
            elif child.tag in _VOID:
                yield _Word(child.opening, within, written=True)
            else:
                yield from child.words((*within, child.opening))

    def closed(self, inside: str) -> str:
        """The element with this inside."""
        return f"{self.opening}{inside}</{self.tag}>" if self.tag else inside


def _source(children: "Sequence[_Node | str]") -> str:
    return "".join(escape(child) if isinstance(child, str) else child.source for child in children)


class _Builder(HTMLParser):
    """Makes nodes of HTML that the sanitiser has written: every element but the void ones is closed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [_Node("")]
        self.deepest = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        node = _Node(tag, self.get_starttag_text() or "")
        self.open[-1].children.append(node)
        if tag in _VOID:
            node.source = node.opening
        else:
            self.open.append(node)
            self.deepest = max(self.deepest, len(self.open))

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            node = self.open.pop()
            node.source = node.closed(_source(node.children)) if self.deepest <= DEEPEST else ""

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


def _read(page: str) -> _Node | None:
    """The page as nodes; None when it nests too deep."""
    builder = _Builder()
    builder.feed(page)
    builder.close()
    return builder.open[0] if builder.deepest <= DEEPEST else None


def _side_by_side(old: Sequence[_Node], new: Sequence[_Node]) -> Iterator[str]:
    """Blocks in place of blocks."""
    for stretch in stretches([node.source for node in old], [node.source for node in new]):
        if stretch.same:
            yield from (node.source for node in new[stretch.new])
        else:
            yield from _replaced(old[stretch.old], new[stretch.new])


def _replaced(old: Sequence[_Node], new: Sequence[_Node]) -> Iterator[str]:
    """Each new block beside the old one that it was made of, if there is one further on."""
    return paired(old, new, _block, lambda node: _ID.sub("", _whole(node, _gone)), lambda node: _whole(node, _come))


def _block(old: _Node, new: _Node) -> str:
    """A block made of another one, changes marked; empty when it is not that block any more."""
    if old.tag != new.tag:
        return ""
    before, after = old.blocks(), new.blocks()
    if before and after:
        if new.tag in _WHOLE:
            return _row(before, after, new)
        return new.closed("".join(_side_by_side(before, after)))
    if before or after:
        return ""
    mended = _mended(list(old.words()), list(new.words()))
    return new.closed(mended) if mended else ""


def _row(old: Sequence[_Node], new: Sequence[_Node], row: _Node) -> str:
    """Cell beside cell; a row of more or fewer cells is another row."""
    if [cell.tag for cell in old] != [cell.tag for cell in new]:
        return ""
    same = sum(before.source == after.source for before, after in zip(old, new, strict=True))
    mended = [(before, after, _block(before, after)) for before, after in zip(old, new, strict=True)]
    if not same and not any(cell for _, _, cell in mended):
        return ""
    return row.closed("".join(cell or _exchanged(before, after) for before, after, cell in mended))


def _exchanged(old: _Node, new: _Node) -> str:
    gone, come = _phrase(list(old.words())), _phrase(list(new.words()))
    return new.closed((_gone(gone) if gone else "") + (_come(come) if come else ""))


def _whole(node: _Node, mark: Callable[[str], str]) -> str:
    """A block that went or came as a whole: its words are marked, wherever in it they stand."""
    if node.tag in _VOID:
        return node.opening
    if blocks := node.blocks():
        return node.closed("".join(_whole(block, mark) for block in blocks))
    inside = _phrase(list(node.words()))
    return node.closed(mark(inside) if inside.strip() else inside)
