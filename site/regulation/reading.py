"""A folder of `content/regulation/`, or one that an office has added, as typed objects. See `docs/regulation-format.md`.

A file holds a section, a `##` heading begins a clause; under it stand `key: value` lines and, after an empty line, the text.
"""

import datetime as dt
import re
import tomllib
from collections.abc import Iterator
from importlib.resources.abc import Traversable
from itertools import pairwise
from typing import Any

from .shape import AUDIENCES, DOCUMENTS, UNITS, Appendix, Clause, Edition, Section, Term

ABOUT = "edition.toml"
APPENDICES = "appendices.md"
KEYS = frozenset({"acts", "term", "document", "for", "remark"})
APPENDIX_KEYS = frozenset({"acts", "required", "form", "for", "remark"})
FACTS = {
    "name": str,
    "jurisdiction": str,
    "title": str,
    "act": str,
    "in_force_from": dt.date,
    "in_force_until": dt.date,
    "published_at": str,
    "remark": str,
}
OPTIONAL = frozenset({"in_force_until", "remark"})

_FILE = re.compile(r"(\d+(?:-\d+)?)-[a-z]")
_HEADING = re.compile(r"^## (\d+(?:-\d+)?(?:\.\d+)*)\. (\S.*)$")
_APPENDIX_HEADING = re.compile(r"^## Приложение № (\d+)\. (\S.*)$")


class BrokenText(ValueError):
    """A file of the regulation that cannot be read; the message names file, line and what is wrong."""


def read_edition(folder: Traversable, slug: str) -> Edition:
    """The edition in this folder. Raises BrokenText for a file that is missing or cannot be read."""
    about = _about(folder)
    parts = sorted((item for item in folder.iterdir() if _is_section(item)), key=_order)
    if not parts:
        raise BrokenText("нет ни одного файла раздела вида 1-general.md")
    edition = Edition(slug=slug, **about, sections=tuple(map(read_section, parts)), appendices=_appendices(folder))
    _check_numbers(edition)
    return edition


def _is_section(item: Traversable) -> bool:
    return item.name.endswith(".md") and item.name != APPENDICES


def _about(folder: Traversable) -> dict[str, Any]:
    """What `edition.toml` says; every word must be known and of its kind."""
    try:
        told = tomllib.loads(_text(folder / ABOUT))
    except tomllib.TOMLDecodeError as wrong:
        raise BrokenText(f"{ABOUT}: файл не читается: {wrong}") from None
    if unknown := told.keys() - FACTS.keys():
        raise BrokenText(f"{ABOUT}: неизвестные ключи: {', '.join(sorted(unknown))}")
    if missing := FACTS.keys() - OPTIONAL - told.keys():
        raise BrokenText(f"{ABOUT}: не хватает ключей: {', '.join(sorted(missing))}")
    for key, value in told.items():
        # A moment is a date too, to Python, but not to us.
        if type(value) is not FACTS[key]:
            raise BrokenText(
                f"{ABOUT}: {key}: нужна {'дата вида 2021-04-13 без кавычек' if FACTS[key] is dt.date else 'строка в кавычках'}"
            )
    if "in_force_until" in told and told["in_force_until"] < told["in_force_from"]:
        raise BrokenText(f"{ABOUT}: in_force_until: последний день раньше первого")
    return told


def _text(file: Traversable) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise BrokenText(f"{file.name}: файла нет") from None
    except UnicodeDecodeError:
        raise BrokenText(f"{file.name}: файл не в кодировке UTF-8") from None


def _check_numbers(edition: Edition) -> None:
    """No number twice, and appendices asked for by clauses that are there."""
    clauses = [clause.number for section in edition.sections for clause in section.clauses]
    for numbers in (clauses, [appendix.number for appendix in edition.appendices]):
        if twice := sorted({number for number in numbers if numbers.count(number) > 1}):
            raise BrokenText(f"номер повторяется: {', '.join(twice)}")
    for appendix in edition.appendices:
        if unknown := set(appendix.required_by) - set(clauses):
            raise BrokenText(
                f"{APPENDICES}: приложение № {appendix.number}: required: пунктов нет: {', '.join(sorted(unknown))}"
            )


def _order(file: Traversable) -> tuple[int, int]:
    """Where a section stands: `3-procedure.md` before `3-1-electronic.md` before `4-control.md`."""
    first, _, second = _place(file).partition("-")
    return int(first), int(second or 0)


def _place(file: Traversable) -> str:
    found = _FILE.match(file.name)
    if not found:
        raise BrokenText(f"{file.name}: имя файла начинается не с номера раздела: нужно вида 3-1-electronic.md")
    return found[1]


def read_section(file: Traversable) -> Section:
    """A section of this file. Raises BrokenText."""
    lines = _text(file).splitlines()
    heading = re.match(r"^# (?:(\S+)\. )?(\S.*)$", lines[0] if lines else "")
    if not heading:
        raise BrokenText(f"{file.name}:1: первая строка — не заголовок раздела «# II. Название»")
    starts, pieces = _pieces(lines)
    clauses = tuple(_clause(file.name, start, piece) for start, piece in zip(starts, pieces, strict=True))
    lead = "\n".join(lines[1 : starts[0] if starts else len(lines)]).strip()
    return Section(heading[1] or "", heading[2], lead, clauses, _place(file))


def _pieces(lines: list[str]) -> tuple[list[int], list[list[str]]]:
    """Where the second-level headings stand, and the lines from each to the next."""
    starts = [place for place, line in enumerate(lines) if line.startswith("## ")]
    return starts, [lines[start:end] for start, end in pairwise([*starts, len(lines)])]


def _clause(file: str, start: int, lines: list[str]) -> Clause:
    heading = _HEADING.match(lines[0])
    if not heading:
        raise BrokenText(f"{file}:{start + 1}: заголовок пункта не вида «## 2.4. Название»")
    told, text = _told(file, start, lines, KEYS)
    return Clause(
        number=heading[1],
        title=heading[2].strip(),
        text=text,
        actors=_split(told, "acts", ";"),
        terms=tuple(_term(file, start, value) for value in _values(told, "term")),
        documents=tuple(DOCUMENTS.get(value, value) for value in _values(told, "document")),
        audiences=_audiences(file, start, told),
        remarks=_values(told, "remark"),
    )


def _appendices(folder: Traversable) -> tuple[Appendix, ...]:
    file = folder / APPENDICES
    if not file.is_file():
        return ()
    starts, pieces = _pieces(_text(file).splitlines())
    return tuple(_appendix(file.name, start, piece) for start, piece in zip(starts, pieces, strict=True))


def _appendix(file: str, start: int, lines: list[str]) -> Appendix:
    heading = _APPENDIX_HEADING.match(lines[0])
    if not heading:
        raise BrokenText(f"{file}:{start + 1}: заголовок не вида «## Приложение № 1. Название»")
    told, text = _told(file, start, lines, APPENDIX_KEYS)
    return Appendix(
        number=heading[1],
        title=heading[2].strip(),
        text=text,
        actors=_split(told, "acts", ";"),
        required_by=_split(told, "required", ","),
        audiences=_audiences(file, start, told),
        form=next(iter(_values(told, "form")), ""),
        remarks=_values(told, "remark"),
    )


def _told(file: str, start: int, lines: list[str], keys: frozenset[str]) -> tuple[list[tuple[str, str]], str]:
    """The `key: value` lines under a heading, and the text after them."""
    split = next((place for place, line in enumerate(lines) if not line.strip()), len(lines))
    return list(_pairs(file, start, lines[1:split], keys)), "\n".join(lines[split:]).strip()


def _pairs(file: str, start: int, lines: list[str], keys: frozenset[str]) -> Iterator[tuple[str, str]]:
    for place, line in enumerate(lines, start + 2):
        key, colon, value = line.partition(":")
        if not colon or key not in keys or not value.strip():
            raise BrokenText(f"{file}:{place}: нужна строка вида «ключ: значение», ключи: {', '.join(sorted(keys))}")
        yield key, value.strip()


def _values(told: list[tuple[str, str]], key: str) -> tuple[str, ...]:
    return tuple(value for name, value in told if name == key)


def _split(told: list[tuple[str, str]], key: str, sign: str) -> tuple[str, ...]:
    return tuple(word.strip() for value in _values(told, key) for word in value.split(sign))


def _audiences(file: str, start: int, told: list[tuple[str, str]]) -> tuple[str, ...]:
    audiences = _split(told, "for", ",")
    if not audiences or not AUDIENCES.keys() >= set(audiences):
        raise BrokenText(f"{file}:{start + 1}: for: не указано, кому это важно, или слово неизвестно: {', '.join(AUDIENCES)}")
    return audiences


def _term(file: str, start: int, value: str) -> Term:
    """A term as written. Raises BrokenText for an unknown unit, a length that is no number, a season that is no two days."""
    found = re.match(r"^([\d.-]+) (\w+);\s*([^;]*?)\s*;\s*(.+)$", value)
    term = Term(found[1], found[2], found[3], found[4].strip()) if found and found[2] in {*UNITS, "date"} else None
    try:
        # Asked here, because a page that shows the term cannot refuse it any more.
        if term is None or (term.season is None and term.count < 1):
            raise ValueError(value)
    except (ValueError, IndexError):
        shape = "«30 calendar_days; от чего считать; на что» или «15.08-15.05 date; …»"
        raise BrokenText(f"{file}:{start + 1}: срок пишется так: {shape}, а не «{value}»") from None
    return term
