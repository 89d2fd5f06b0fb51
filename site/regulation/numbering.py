"""Numbers of sections and clauses where a document has them: at the beginning of a line, whole or broken by a conversion."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .shape import Edition

_GAP = r"\s*\.\s*"
# «2.6.1», «3-1.1.», «2 . 6 . 1», «2.6. 1» and what follows; a hyphen of a number may have been made a dash.
_NUMBER = re.compile(rf"(\d{{1,3}}(?:\s*[-–—]\s*\d{{1,2}})?(?:{_GAP}\d{{1,3}}){{0,7}})(\s*\.(?!\d))?\s*(.*)", re.S)
_DASH = re.compile(r"\s*[-–—]\s*")
_STEP = re.compile(_GAP)
_BROKEN = re.compile(r"\d{1,3}(?:\s*[-–—]\s*\d{1,2})?(?:\s*\.\s*\d{1,3})*\s*[.–—-]?")
_ROMAN = re.compile(r"(?:раздел\s+|глава\s+)?([IVXІХ]{1,5})(?:\s*[.)]\s*|\s+)(.*)", re.S | re.I)
_LATIN = str.maketrans("ІХіх", "IXIX")
_APPENDIX = re.compile(
    r"приложение(?:\s*(?:№|N)?\s*\d+)?"
    r"(?:\s+к\s+(?:\w+\s+){0,2}(?:регламент|распоряжени|приказ|порядк|постановлени|положени)\w*.*)?",
    re.I,
)
# After these words a number at the beginning of a line belongs to the sentence: «указанных в пункте / 2.6. настоящего».
_REFERS = re.compile(
    r"(?:\b(?:п|пп|пункт\w*|подпункт\w*|ст|стать\w+|част\w+|раздел\w*|приложени\w+|и|или|либо|от|до|в|с|по)|[№,(])\.?$", re.I
)
_ENDED = re.compile(r"[.;:!?…][»\")\]]*$")


@dataclass(frozen=True)
class Start:
    """A number with which a line begins, and the rest of the line."""

    number: str
    rest: str


class Numbering:
    """The numbers of an edition, as they are looked for in a document."""

    def __init__(self, edition: Edition) -> None:
        self.clauses = tuple(edition.by_number)
        self.sections = tuple(section.number for section in edition.sections if section.number)
        self.order = {number: place for place, number in enumerate(_in_order(edition))}
        # Lists inside clauses are numbered 1., 2.; where clauses are, a lone figure says nothing.
        self.fewest_steps = min(number.count(".") for number in self.clauses)

    def start(self, line: str, before: str = "", seen: Iterable[str] = ()) -> Start | None:
        """The clause or section that this line begins, if it begins one; unknown numbers of a clause's shape are starts too.

        `before` is the text that the line follows. Of two readings, «2.6» and «2.6.2» in «2.6. 2. Папка», it is the longer
        one if the shorter has been `seen`.
        """
        roman = _ROMAN.match(line)
        if roman and _begins_sentence(roman[2]):
            number = roman[1].upper().translate(_LATIN)
            return Start(number, roman[2]) if number in self.sections and not refers(before) else None
        found = _NUMBER.match(line)
        if not found or not self._begins(found, before):
            return None
        readings = [reading for reading in _readings(found) if reading.number in self.order]
        fresh = [reading for reading in readings if reading.number not in seen]
        if readings:
            return (fresh or readings)[0]
        whole = _readings(found)[0]
        clause_like = whole.number.count(".") >= max(self.fewest_steps, 1) and found[2] and ended(before)
        return whole if clause_like else None

    def _begins(self, found: re.Match[str], before: str) -> bool:
        """Whether the number begins a clause rather than stands in a sentence that began on a line above."""
        if not found[3]:
            return False
        if ended(before):
            return bool(found[2]) or _begins_sentence(found[3])
        return _begins_sentence(found[3]) and not refers(before)


def appendix(line: str) -> bool:
    """Whether this line is the heading of an appendix rather than a sentence that mentions one."""
    return line[:1].isupper() and bool(_APPENDIX.fullmatch(line)) and not ended(line)


def broken(text: str) -> bool:
    """Whether this is a number alone, or the first part of one, so that what follows it belongs to it."""
    return bool(_BROKEN.fullmatch(text))


def ended(text: str) -> bool:
    """Whether a sentence or an item of a list ends here; nothing at all has ended too."""
    return not text or bool(_ENDED.search(text))


def refers(text: str) -> bool:
    """Whether the text ends with a word after which a number, or whatever comes, belongs to the same sentence."""
    return bool(_REFERS.search(text))


def _begins_sentence(text: str) -> bool:
    first = text.lstrip('«"(*')[:1]
    return first.isupper() or first.isdigit()


def _readings(found: re.Match[str]) -> list[Start]:
    """All readings of a number, the shortest first: it may have ended at a space within it."""
    text, rest = found[1], found[3]
    readings = []
    for gap in _STEP.finditer(text):
        if gap[0].endswith(" "):
            readings.append(Start(_normal(text[: gap.start()]), f"{text[gap.end() :]}{found[2] or ''} {rest}".strip()))
    return [*readings, Start(_normal(text), rest)]


def _normal(number: str) -> str:
    return _STEP.sub(".", _DASH.sub("-", number))


def _in_order(edition: Edition) -> Iterable[str]:
    for section in edition.sections:
        yield from filter(None, (section.number, *(clause.number for clause in section.clauses)))
