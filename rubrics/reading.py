"""From TOML tables to the objects of `shape.py`. Every oddity becomes a finding: loader and validator share one reading."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from enum import StrEnum
from typing import TypeVar

from .shape import (
    Conclusion,
    Counting,
    Criterion,
    Discipline,
    Edition,
    Form,
    FormEntry,
    Group,
    Option,
    Period,
    Range,
    Rule,
    Section,
    SectionThreshold,
    Threshold,
)

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True)
class Finding:
    """What is wrong with the data: the file, the key in it, and a sentence."""

    file: str
    key: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.text}" if self.key else f"{self.file}: {self.text}"


class BrokenData(Exception):
    """Data that cannot be used; carries the findings."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__("\n".join(map(str, self.findings)))


class Table:
    """A TOML table being read by typed questions; notes keys that are missing, of the wrong type, or never asked for."""

    def __init__(self, data: Mapping[str, object], file: str, key: str, findings: list[Finding]) -> None:
        self._data = data
        self._file = file
        self._key = key
        self._asked: set[str] = set()
        self.findings = findings

    def has(self, key: str) -> bool:
        return key in self._data

    def complain(self, key: str, text: str) -> None:
        where = ".".join(part for part in (self._key, key) if part)
        self.findings.append(Finding(self._file, where, text))

    def text(self, key: str, *, required: bool = False) -> str:
        value = self._take(key, required)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.complain(key, f"нужна строка в кавычках, а не {_kind(value)}: номера и подписи записываются строками")
            return ""
        if required and not value.strip():
            self.complain(key, "пустая строка")
        return value.strip()

    def integer(self, key: str, *, required: bool = False) -> int | None:
        value = self._take(key, required)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self.complain(key, f"нужно целое число, а не {_kind(value)}")
            return None
        return value

    def flag(self, key: str) -> bool:
        value = self._take(key, False)
        if value is not None and not isinstance(value, bool):
            self.complain(key, f"нужно true или false, а не {_kind(value)}")
        return value is True

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        value = self._take(key, required)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            self.complain(key, "нужен список непустых строк")
            return ()
        return tuple(value)

    def word(self, key: str, words: type[Word]) -> Word | None:
        text = self.text(key)
        if text and text not in tuple(words):
            self.complain(key, f"неизвестное слово «{text}»; есть: {', '.join(words)}")
        return words(text) if text in tuple(words) else None

    def figures(self, key: str) -> tuple[tuple[str, int], ...]:
        """A table of name = integer."""
        value = self._take(key, False)
        if value is None:
            return ()
        if not isinstance(value, dict) or not all(
            isinstance(item, int) and not isinstance(item, bool) for item in value.values()
        ):
            self.complain(key, "нужна таблица «слово = целое число»")
            return ()
        return tuple(value.items())

    def table(self, key: str) -> "Table":
        value = self._take(key, False)
        if value is not None and not isinstance(value, dict):
            self.complain(key, f"нужна таблица, а не {_kind(value)}")
        return self._inner(value if isinstance(value, dict) else {}, key)

    def tables(self, key: str, *, required: bool = False, name: str = "") -> list["Table"]:
        """The tables of an array; in findings each is called by its key `name`, or else by its place from 1."""
        value = self._take(key, required)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.complain(key, "нужен список таблиц")
            return []
        return [self._inner(item, f"{key}[{item.get(name, place)}]") for place, item in enumerate(value, 1)]

    def close(self) -> None:
        for key in self._data:
            if key not in self._asked:
                self.complain(key, "неизвестный ключ")

    def _take(self, key: str, required: bool) -> object:
        self._asked.add(key)
        if required and key not in self._data:
            self.complain(key, "нет обязательного ключа")
        return self._data.get(key)

    def _inner(self, data: Mapping[str, object], key: str) -> "Table":
        return Table(data, self._file, ".".join(part for part in (self._key, key) if part), self.findings)


def read_form(data: Mapping[str, object], file: str, edition: str, words: Conclusion) -> tuple[Form, list[Finding]]:
    """A form of this edition from its TOML table, and what is wrong with the table. `words`: the edition's fixed words."""
    table = Table(data, file, "", [])
    sections = tuple(_section(item) for item in table.tables("section", required=True, name="number"))
    thresholds = tuple(_threshold(item) for item in table.tables("threshold", name="position"))
    by_section = tuple(_section_threshold(item) for item in table.tables("section_threshold", name="section"))
    positions = table.texts("positions", required=not thresholds)
    if bool(thresholds) == bool(by_section):
        table.complain("threshold", "нужны либо строки threshold, либо строки section_threshold (формы 6 и 7)")
    if thresholds and positions:
        table.complain("positions", "должности берутся из строк threshold; ключ нужен только формам с section_threshold")
    form = Form(
        number=table.integer("number", required=True) or 0,
        edition=edition,
        title=table.text("title", required=True),
        covers=table.text("covers"),
        conclusion=_conclusion(table.table("conclusion"), words),
        sections=sections,
        positions=tuple(row.position for row in thresholds) or positions,
        thresholds=thresholds,
        section_thresholds=by_section,
        disciplines=tuple(_discipline(item) for item in table.tables("discipline", name="name")),
        note=table.text("note"),
        remark=table.text("remark"),
    )
    table.close()
    return form, table.findings


def read_edition(
    data: Mapping[str, object], file: str, name: str, ready: Iterable[int]
) -> tuple[Edition, Conclusion, list[Finding]]:
    """The list of forms and the fixed words of the conclusion. `ready`: numbers of the forms whose file exists."""
    table = Table(data, file, "", [])
    there = set(ready)
    edition = Edition(
        name=name,
        title=table.text("title", required=True),
        act=table.text("act", required=True),
        number=table.text("number", required=True),
        date=table.text("date", required=True),
        appendix=table.text("appendix", required=True),
        forms=tuple(_entry(item, there) for item in table.tables("form", required=True, name="number")),
    )
    try:
        date.fromisoformat(edition.date)
    except ValueError:
        table.complain("date", "нужна дата вида 2021-04-13 в кавычках")
    words = _conclusion(table.table("conclusion"), None)
    table.close()
    return edition, words, table.findings


def _entry(table: Table, ready: set[int]) -> FormEntry:
    number = table.integer("number", required=True) or 0
    title = table.text("title", required=True)
    options = table.integer("options", required=True) or 0
    entry = FormEntry(number, title, table.texts("positions", required=True), options, number in ready)
    table.close()
    return entry


def _conclusion(table: Table, words: Conclusion | None) -> Conclusion:
    """The edition gives all words; a form names only those that it prints differently."""
    lines: dict[str, str | tuple[str, ...]] = {}
    for field in fields(Conclusion):
        if words is not None and not table.has(field.name):
            lines[field.name] = getattr(words, field.name)
        elif field.name.endswith("columns"):
            lines[field.name] = table.texts(field.name, required=True)
        else:
            lines[field.name] = table.text(field.name)
            if words is None and not table.has(field.name):
                table.complain(field.name, "нет обязательного ключа")
    table.close()
    return Conclusion(**lines)  # type: ignore[arg-type]  # every field is a str or a tuple by the suffix of its name


def _section(table: Table) -> Section:
    criteria = tuple(_criterion(item) for item in table.tables("criterion", required=True, name="clause"))
    heading = table.has("title")
    title = table.text("title")
    rule = table.text("rule") or "sum"
    if rule not in ("sum", "best"):
        table.complain("rule", f"неизвестное слово «{rule}»; есть: sum, best")
    if not heading and len(criteria) != 1:
        table.complain("title", "раздел без заголовка состоит из одной строки")
    section = Section(
        number=table.text("number", required=True),
        title=title if heading or not criteria else criteria[0].label,
        heading=heading,
        rule=rule,
        criteria=criteria,
        groups=tuple(_group(item) for item in table.tables("group", name="clause")),
        words=table.text("words"),
        note=table.text("note"),
        remark=table.text("remark"),
    )
    table.close()
    return section


def _group(table: Table) -> Group:
    group = Group(
        clause=table.text("clause", required=True),
        label=table.text("label", required=True),
        evidence=table.text("evidence"),
        note=table.text("note"),
        remark=table.text("remark"),
    )
    table.close()
    return group


def _criterion(table: Table) -> Criterion:
    label = table.text("label", required=True)
    criterion = Criterion(
        clause=table.text("clause", required=True),
        label=label,
        options=_options(table, label),
        rule=_rule(table),
        context=table.text("context"),
        tail=table.text("tail"),
        group=table.text("group"),
        evidence=table.text("evidence"),
        note=table.text("note"),
        remark=table.text("remark"),
        counting=table.text("counting"),
        period=table.word("period", Period),
        restriction=table.text("restriction"),
        restricted_to=table.texts("restricted_to") if table.has("restricted_to") else None,
        not_for=table.texts("not_for"),
    )
    table.close()
    return criterion


def _options(table: Table, label: str) -> tuple[Option, ...]:
    """`options`, or `points` of the row itself: then the row is its only option."""
    if table.has("options"):
        if table.has("points"):
            table.integer("points")
            table.complain("points", "баллы стоят и в строке, и в options: оставьте одно")
        return tuple(_option(item, place) for place, item in enumerate(table.tables("options"), 1))
    return (Option(index=1, label=label, points=table.integer("points", required=True) or 0),)


def _option(table: Table, place: int) -> Option:
    option = Option(
        index=place,
        label=table.text("label", required=True),
        points=table.integer("points", required=True) or 0,
        context=table.text("context"),
        note=table.text("note"),
        period=table.word("period", Period),
        role=table.text("role"),
        points_by_role=table.figures("points_by_role"),
        next=table.integer("next"),
        next_by_discipline=table.figures("next_by_discipline"),
    )
    table.close()
    return option


def _rule(parent: Table) -> Rule:
    if not parent.has("rule"):
        return Rule(Counting.SINGLE)
    table = parent.table("rule")
    if not table.has("type"):
        table.complain("type", "нет обязательного ключа")
    rule = Rule(
        type=table.word("type", Counting) or Counting.UNSTATED,
        max_events=table.integer("max_events"),
        max_points=table.integer("max_points"),
        distinct_students=table.flag("distinct_students"),
        words=table.text("words"),
    )
    table.close()
    return rule


def _threshold(table: Table) -> Threshold:
    row = Threshold(
        position=table.text("position", required=True),
        first=Range(table.integer("first", required=True) or 0),
        highest=Range(table.integer("highest", required=True) or 0),
        roles=table.texts("roles"),
        remark=table.text("remark"),
    )
    table.close()
    return row


def _section_threshold(table: Table) -> SectionThreshold:
    row = SectionThreshold(
        section=table.text("section", required=True),
        label=table.text("label", required=True),
        first=_range(table.table("first")),
        highest=_range(table.table("highest")),
        remark=table.text("remark"),
    )
    table.close()
    return row


def _range(table: Table) -> Range:
    row = Range(table.integer("min", required=True) or 0, table.integer("max"))
    table.close()
    return row


def _discipline(table: Table) -> Discipline:
    kind = Discipline(table.text("name", required=True), table.texts("also"))
    table.close()
    return kind


def _kind(value: object) -> str:
    if isinstance(value, bool):
        return "true/false"
    if isinstance(value, float):
        return f"дробное число {value}"
    if isinstance(value, int):
        return f"число {value}"
    names: dict[type, str] = {str: "строка", list: "список", dict: "таблица"}
    return names.get(type(value), type(value).__name__)
