"""References of the text to its own parts: «пункты 2.6.1–2.6.3», «приложение № 3», «раздел VI», made into links.

Found are only the document's own parts: «пункт 4 части 1 статьи 6» and «раздел 1 номенклатуры» belong to other acts.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from .shape import Clause, Edition

_DOTTED = r"\d+(?:-\d+)?(?:\.\d+)+"
_PLAIN = r"\d+"
_ENDINGS = r"(?:а|у|е|ом|ы|ов|ам|ами|ах)?"
# What may stand between two numbers of one reference; a dash makes a range of them.
_JOINT = r"(?:\s*[,–—-]\s*(?:и\s+|или\s+)?|\s+(?:и|или)\s+)"
_DASH = re.compile(r"\s*[–—-]\s*")
_CLAUSES = r"\b(?:[Пп]од)?[Пп]ункт{endings}\s+({number}(?:{joint}(?:(?:под)?пункт{endings}\s+)?{number})*)"
# A plain number is a reference only when no part of a law follows: «пункт 4 части 1».
_OF_A_LAW = r"(?!\.?\d|\s+(?:части|статьи))"
_DOTTED_CLAUSES = re.compile(_CLAUSES.format(endings=_ENDINGS, number=_DOTTED, joint=_JOINT))
_PLAIN_CLAUSES = re.compile(_CLAUSES.format(endings=_ENDINGS, number=_PLAIN, joint=_JOINT) + _OF_A_LAW)
_DOTTED_NUMBER, _PLAIN_NUMBER = re.compile(_DOTTED), re.compile(_PLAIN)
_APPENDICES = re.compile(rf"\b[Пп]риложени(?:е|я|ю|ем|и|й|ям|ями|ях)\s+(№\s*\d+(?:{_JOINT}№\s*\d+)*)")
_APPENDIX_NUMBER = re.compile(r"№\s*(\d+)")
_SECTION = re.compile(rf"\b[Рр]аздел{_ENDINGS}\s+([IVX]+(?:-\d+)?|\d+-\d+)(?!\w|\.\d)")


@dataclass(frozen=True)
class Reference:
    """A part of the document named in a text: `kind` is clause, appendix or section; the words are `text[start:end]`.

    `range` holds both ends where the text names a range; each end is a reference of its own.
    """

    kind: str
    number: str
    start: int
    end: int
    range: tuple[str, str] | None = None


def references(text: str, edition: Edition) -> Iterator[Reference]:
    """What the text refers to, in order."""
    yield from sorted((*_clauses(text, edition), *_appendices(text), *_sections(text)), key=lambda found: found.start)


def leads_nowhere(reference: Reference, edition: Edition) -> str:
    """Why the reference leads nowhere, in a sentence; empty when it leads somewhere."""
    if reference.kind == "appendix":
        known = any(appendix.number == reference.number for appendix in edition.appendices)
        return "" if known else f"приложения № {reference.number} нет"
    if reference.kind == "section":
        return "" if _place(reference.number, edition) else f"раздела {reference.number} нет"
    if reference.number not in edition.by_number:
        return f"пункта {reference.number} нет"
    if reference.range and set(reference.range) <= edition.by_number.keys() and not edition.between(*reference.range):
        return f"пункты {'–'.join(reference.range)} не образуют ряда"
    return ""


def linked(text: str, edition: Edition, address: Callable[[str], str]) -> str:
    """Markdown in which references are links that show what they lead to.

    `address` is told a clause's number, `appendix-3` or `section-3-1`.
    """
    return _replaced(text, edition, lambda words, target, title: f'[{words}]({address(target)} "{escape(title)}")')


def linked_line(text: str, edition: Edition, address: Callable[[str], str]) -> str:
    """The same for a line of plain text, as HTML."""

    def link(words: str, target: str, title: str) -> str:
        return f'<a href="{escape(address(target))}" title="{escape(title)}">{words}</a>'

    return _replaced(escape(text, quote=False), edition, link)


def _replaced(text: str, edition: Edition, link: Callable[[str, str, str], str]) -> str:
    made, done = [], 0
    for found in references(text, edition):
        if leads_nowhere(found, edition):
            continue
        target, title = _target(found, edition)
        made += [text[done : found.start], link(text[found.start : found.end], target, title)]
        done = found.end
    return "".join([*made, text[done:]])


def _target(reference: Reference, edition: Edition) -> tuple[str, str]:
    """The last word of the address, and what the link shows."""
    if reference.kind == "appendix":
        return f"appendix-{reference.number}", edition.appendix(reference.number).title
    if reference.kind == "section":
        place = _place(reference.number, edition)
        return f"section-{place}", edition.section(place).title
    title = edition.by_number[reference.number].title
    if reference.range:
        title = f"{title}. {_spanned(reference.range, edition.between(*reference.range))}"
    return reference.number, title


def _spanned(ends: tuple[str, str], clauses: tuple[Clause, ...]) -> str:
    """What a range spans: «Пункты 2.6.1–2.6.3, всего 3: от «…» до «…»»."""
    return f"Пункты {'–'.join(ends)}, всего {len(clauses)}: от «{clauses[0].title}» до «{clauses[-1].title}»"


def _clauses(text: str, edition: Edition) -> Iterator[Reference]:
    plain = edition.numbered_plainly
    pattern, number = (_PLAIN_CLAUSES, _PLAIN_NUMBER) if plain else (_DOTTED_CLAUSES, _DOTTED_NUMBER)
    for found in pattern.finditer(text):
        numbers = [*number.finditer(text, found.start(1), found.end(1))]
        joints = [text[one.end() : other.start()] for one, other in pairwise(numbers)]
        for place, one in enumerate(numbers):
            ends = None
            if place < len(joints) and _DASH.fullmatch(joints[place]):
                ends = one[0], numbers[place + 1][0]
            elif place and _DASH.fullmatch(joints[place - 1]):
                ends = numbers[place - 1][0], one[0]
            yield Reference("clause", one[0], one.start(), one.end(), ends)


def _appendices(text: str) -> Iterator[Reference]:
    for found in _APPENDICES.finditer(text):
        for one in _APPENDIX_NUMBER.finditer(text, found.start(1), found.end(1)):
            yield Reference("appendix", one[1], one.start(), one.end())


def _sections(text: str) -> Iterator[Reference]:
    for found in _SECTION.finditer(text):
        yield Reference("section", found[1], found.start(1), found.end(1))


def _place(number: str, edition: Edition) -> str:
    """Where the section of this number stands; empty without one."""
    return next((section.place for section in edition.sections if section.number == number), "")
