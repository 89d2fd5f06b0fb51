"""Names and positions in the genitive: as a clerk confirmed them, or as the rules suggest.

Rules of names are those of petrovich, mended where it errs; a position is its first noun with the adjectives before it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from petrovich.enums import Case, Gender
from petrovich.main import Petrovich

from ...models import Application, Declined


class Kind(StrEnum):
    """What is declined."""

    PERSON = "person"
    POSITION = "position"

    @property
    def label(self) -> str:
        return {"person": "имя", "position": "должность"}[self.value]


@dataclass(frozen=True)
class Form:
    """Words in the genitive, and whether a clerk has confirmed it."""

    kind: Kind
    words: str
    genitive: str
    confirmed: bool


_HUSHING = re.compile(r"(?<=[гкхжчшщ])ы\b")
# Foreign and old ones of which petrovich makes nothing: they do not change, whoever bears them.
_UNCHANGED = re.compile(r"(?:ых|их|о|е|и|у|ю|ы|э)$")
_ADJECTIVE = {"ый": "ого", "ой": "ого", "ий": "его"}
# After these an adjective in -ий is hard: педагогический, педагогического.
_HARD = "гкх"
_rules = Petrovich()


def forms_of(applications: Sequence[Application]) -> list[Form]:
    """The people and positions of these cases, each once, in their order; one query."""
    wanted = [(kind, words) for case in applications for kind, words in spoken_of(case) if words]
    confirmed = {
        (Kind(row.kind), row.words): row.genitive
        for row in Declined.select().where(Declined.words.in_({words for _, words in wanted}))
    }
    return [
        Form(kind, words, confirmed.get((kind, words)) or suggested(kind, words), (kind, words) in confirmed)
        for kind, words in dict.fromkeys(wanted)
    ]


def spoken_of(application: Application) -> tuple[tuple[Kind, str], ...]:
    """Whose application it is, and of which position, as they stand there."""
    return (Kind.PERSON, application.person), (Kind.POSITION, application.position)


def genitives(applications: Sequence[Application]) -> dict[int, dict[Kind, str]]:
    """What is spoken of in each of these cases, in the genitive; what is empty stays empty. One query."""
    known = {(form.kind, form.words): form.genitive for form in forms_of(applications)}
    return {case.id: {kind: known.get((kind, words), "") for kind, words in spoken_of(case)} for case in applications}


def suggested(kind: Kind, words: str) -> str:
    """The genitive by the rules."""
    return _person(words) if kind is Kind.PERSON else _position(words)


def _person(words: str) -> str:
    """«Иванова Анна Петровна» → «Ивановой Анны Петровны»; the gender is that of the patronymic, without it nothing changes."""
    surname, _, rest = words.partition(" ")
    name, _, patronymic = rest.partition(" ")
    gender = _gender(patronymic)
    if gender is None:
        return words
    family = "-".join(_surname(part, gender) for part in surname.split("-"))
    return " ".join(filter(None, (family, _name(name, gender), _rules.middlename(patronymic, Case.GENITIVE, gender))))


def _gender(patronymic: str) -> str | None:
    ending = patronymic.lower()
    if ending.endswith(("вна", "чна", "кызы", "гызы")):
        return str(Gender.FEMALE)
    return str(Gender.MALE) if ending.endswith(("ич", "оглы", "улы")) else None


def _surname(part: str, gender: str) -> str:
    consonant = part[-1:].lower() in "бвгджзйклмнпрстфхцчшщь"
    if _UNCHANGED.search(part.lower()) or (gender == Gender.FEMALE and consonant):
        return part
    return _mended(part, _rules.lastname(part, Case.GENITIVE, gender))


def _name(name: str, gender: str) -> str:
    if gender == Gender.FEMALE and name.lower().endswith("ь"):
        return f"{name[:-1]}и"
    return _mended(name, _rules.firstname(name, Case.GENITIVE, gender)) if name else ""


def _mended(word: str, found: str) -> str:
    """What petrovich found, but for «Ольгы» and for words in -а that it leaves as they are (Кучма, Никита)."""
    if found == word and word.lower().endswith("а"):
        found = f"{word[:-1]}ы"
    return _HUSHING.sub("и", found)


def _position(words: str) -> str:
    """«Учитель-логопед» → «учителя-логопеда», «старший воспитатель» → «старшего воспитателя»; what follows stays."""
    first, *rest = (words[:1].lower() + words[1:]).split()
    found = [_adjective(first)]
    while rest and found[-1] != first and _adjective(rest[0]) != rest[0]:
        first = rest.pop(0)
        found.append(_adjective(first))
    if found[-1] == first:
        found[-1] = "-".join(map(_noun, first.split("-")))
    elif rest:
        found.append("-".join(map(_noun, rest.pop(0).split("-"))))
    return " ".join(found + rest)


def _adjective(word: str) -> str:
    ending = _ADJECTIVE.get(word[-2:])
    if ending is None or "-" in word:
        return word
    if word[-2:] == "ий" and word[-3:-2] in _HARD:
        ending = "ого"
    return word[:-2] + ending


def _noun(word: str) -> str:
    if word.endswith(("ь", "й")):
        return f"{word[:-1]}я"
    if word[-1:] in "бвгджзклмнпрстфхцчшщ":
        return f"{word}а"
    return f"{word[:-1]}и" if word.endswith(("ка", "ня")) else word
