"""What to collect: the papers that confirm the claimed rows, and who certifies each. Read out of the words of the form."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from .scoring import Claim
from .shape import Criterion, Form, Section


class Certifier(StrEnum):
    """Who certifies a paper, in the order in which a list names them."""

    EMPLOYER = "Работодатель"
    HEAD = "Руководитель учреждения"
    CENTRE = "Учебно-методический центр"
    COMMITTEE = "Комитет по культуре Санкт-Петербурга"
    ACADEMY = "СПб АППО"
    QUALITY_CENTRE = "ГБУ ДПО «СПб ЦОКОиИТ»"
    NOBODY = "Как выдано"


class State(StrEnum):
    """The last column of the inventory (приложение № 2): in which state a paper lies in the portfolio. Empty: not said."""

    CERTIFIED_COPY = "заверенная копия"
    COPY = "копия"
    ORIGINAL = "оригинал"
    UNSAID = ""


@dataclass(frozen=True)
class Paper:
    """One paper as the form words it. `also`: a second stamp on it; `optional`: «могут быть представлены»."""

    text: str
    certifier: Certifier
    state: State
    also: Certifier | None = None
    optional: bool = False


@dataclass(frozen=True)
class Need:
    """A row of the form with its papers. `evidence` is the cell in full, `results` how many results are claimed."""

    section: Section
    row: Criterion
    evidence: str
    papers: tuple[Paper, ...]
    results: int = 0


@dataclass(frozen=True)
class Pile:
    """All papers of one certifier, each with the row that asks for it."""

    certifier: Certifier
    papers: tuple[tuple[Paper, Need], ...]


def needs(form: Form, claims: Iterable[Claim]) -> tuple[Need, ...]:
    """The claimed rows in the order of the form, each with its papers. Claims that name no row of the form are left out."""
    counts: dict[str, int] = {}
    for claim in claims:
        counts[claim.criterion] = counts.get(claim.criterion, 0) + claim.count
    return tuple(need(section, row, counts[row.clause]) for section, row in _rows(form) if counts.get(row.clause, 0) > 0)


def need(section: Section, row: Criterion, results: int = 0) -> Need:
    """A row with its papers."""
    evidence = section.evidence(row)
    return Need(section, row, evidence, papers(evidence), results)


def piles(asked: Iterable[Need]) -> tuple[Pile, ...]:
    """The same papers sorted by who certifies them; nobody with nothing is named."""
    pairs = [(paper, need) for need in asked for paper in need.papers]
    sorted_out = (Pile(who, tuple(pair for pair in pairs if pair[0].certifier is who)) for who in Certifier)
    return tuple(pile for pile in sorted_out if pile.papers)


def papers(evidence: str) -> tuple[Paper, ...]:
    """The papers named in an evidence cell, one for each sentence or part of it; what speaks of adding points is no paper."""
    return tuple(_paper(text) for text in _parts(evidence))


def _rows(form: Form) -> Iterator[tuple[Section, Criterion]]:
    return ((section, row) for section in form.sections for row in section.criteria)


# A new sentence, or a part after a semicolon; after «заверенная работодателем,» another paper begins, unless the words go on
# about the same one. What stands in brackets or quotation marks is never torn.
_SENTENCE = re.compile(r"(?<=[^\W\d_]{2}[.»])\s+(?=[А-ЯЁ])|(?<=\))\.\s+(?=[А-ЯЁ])|;\s+")
_NEXT = re.compile(
    r"(?<=работодателем),\s+(?!содержащ|составленн|заверенн)"
    r"|(?<=заверенная руководителем),\s+|(?<=руководителем учреждения),\s+"
)
_ABOUT_POINTS = re.compile(r"суммир", re.IGNORECASE)
# Lines that describe the paper before them.
_CONTINUATION = ("Отражение содержания",)
_SHORTENED = ("пр.", "др.", "т.п.", "т.д.")
_OPTIONAL = "могут быть представлены"


def _parts(evidence: str) -> list[str]:
    found: list[str] = []
    for line in evidence.splitlines():
        for text in _split(line.strip()):
            text = text.strip().rstrip(";,")
            text = (text if text.endswith(_SHORTENED) else text.rstrip(".")).strip()
            if not text or _ABOUT_POINTS.search(text):
                continue
            if found and text.startswith(_CONTINUATION):
                found[-1] += f". {text}"
            else:
                found.append(text[0].upper() + text[1:])
    return found


def _split(line: str) -> Iterator[str]:
    start = 0
    ends = sorted(
        {match.span() for pattern in (_SENTENCE, _NEXT) for match in pattern.finditer(line) if _open_air(line[: match.start()])}
    )
    for begin, end in ends:
        yield line[start:begin]
        start = end
    yield line[start:]


def _open_air(before: str) -> bool:
    """Whether no bracket or quotation mark is open after this text."""
    return before.count("(") <= before.count(")") and before.count("«") <= before.count("»")


_EMPLOYER = re.compile(
    r"(заверен\w*|утвержд[её]нн\w*) работодателем|справк\w+ (от )?работодателя|справк\w+ с места работы", re.IGNORECASE
)
_CENTRE = re.compile(r"руководителем Учебно-методического центра|справк\w+ Учебно-методического центра", re.IGNORECASE)
_COMMITTEE = re.compile(r"за подписью начальника отдела\S* специалиста Комитета по культуре")
_HEAD = re.compile(
    r"заверен\w* руководителем|(справк\w+|приказ\w*) руководителя|за подписью (заместителя )?(директора|руководителя)",
    re.IGNORECASE,
)
# Read from the top: the first words found name the certifier, the next ones the second stamp.
_WORDS = (
    (_EMPLOYER, Certifier.EMPLOYER),
    (_CENTRE, Certifier.CENTRE),
    (_COMMITTEE, Certifier.COMMITTEE),
    (_HEAD, Certifier.HEAD),
    (re.compile(r"печатью СПб АППО"), Certifier.ACADEMY),
    (re.compile(r"печатью ГБУ ДПО «СПб ЦОКОиИТ»"), Certifier.QUALITY_CENTRE),
)


def _paper(text: str) -> Paper:
    said = [certifier for words, certifier in _WORDS if words.search(text)]
    if Certifier.CENTRE in said:
        said = [certifier for certifier in said if certifier is not Certifier.HEAD]
    certifier = said[0] if said else Certifier.NOBODY
    return Paper(
        text=text,
        certifier=certifier,
        state=_state(text, certifier),
        also=said[1] if len(said) > 1 else None,
        optional=_OPTIONAL in text,
    )


def _state(text: str, certifier: Certifier) -> State:
    if text.startswith("Справка и копия"):
        return State.UNSAID
    if re.search(r"\b(ксеро)?копи[яи]\b", text, re.IGNORECASE):
        return State.CERTIFIED_COPY if "аверен" in text else State.COPY
    if text.startswith("Оригинал") or (
        text.startswith(("Справк", "Аналитическая справка")) and certifier is not Certifier.NOBODY
    ):
        return State.ORIGINAL
    return State.UNSAID
