"""What the acts of control say, read from the records: of an inspection its cases, of a destruction all its lines."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from peewee import fn

from ....models import Application, Destruction, DestructionItem, InspectedCase, Inspection, User
from ....procedure.control import Store, checklist, stores
from ....procedure.words import Category, Role
from ....site import files
from ....site.cases.conclusions import initials
from ....site.control import samples
from ....site.control.stores import SHELVES, Listed
from ....site.dates import CITY
from ....site.figures import file_size, plural
from ....site.printing import press
from ....site.printing.act import Act, Section, Table
from .inspections import KINDS, PLANNED

UNITS = {"days": ("день", "дня", "дней"), "months": ("месяц", "месяца", "месяцев"), "years": ("год", "года", "лет")}
OUTCOMES = {"destroyed": "уничтожено", "kept": "оставлено: снова в работе"}
NONE = "Нет."


def term_of(one: Store) -> str:
    """How long a store is kept, in words."""
    return plural(one.number, *UNITS[one.unit])


def freeze(act: Act, folder: Path, watch: press.Watch | None = None) -> tuple[str, int]:
    """Print an act in a process of its own and freeze it in `folder` (`settings.control_dir`): its SHA-256 and size.

    Raises press.PressFailed, OSError, or whatever `watch` raises.
    """
    data = press.act_apart(act.plain(), watch)
    return files.freeze(folder, data, mode=files.PRIVATE), len(data)


# --- An inspection ----------------------------------------------------------------------------------------------------------


def inspection_act(inspection: Inspection, authority: str) -> Act:
    """The act of a closed inspection (4.2): faults found and proposals, case by case."""
    cases = list(inspection.cases.select(InspectedCase, Application).join(Application).order_by(InspectedCase.place))
    faults = sum(_faulty(one) for one in cases)
    closed = inspection.closed_at.astimezone(CITY)
    facts = [
        ("Вид проверки", KINDS[inspection.kind].lower()),
        ("Основание", f"пункт 4.2 регламента; {inspection.basis}"),
        ("Назначена", f"{inspection.appointed_at.astimezone(CITY):%d.%m.%Y}, {inspection.appointed_by.full_name}"),
        ("Проверено", plural(len(cases), "дело", "дела", "дел")),
        ("С нарушениями", plural(faults, "дело", "дела", "дел") if faults else "нет"),
    ]
    if inspection.kind == PLANNED:
        facts.append(
            ("Выборка", f"{inspection.percent} % из {inspection.population}, зерно {inspection.seed}. {samples.METHOD}")
        )
    sections = [
        Section("Итоги", (), _totals(cases)),
        *(section for one in cases for section in _of_case(one)),
        Section("Предложения по устранению недостатков", (inspection.proposals or NONE,)),
    ]
    return Act(
        authority=authority,
        title=f"Акт проверки № {inspection.id}",
        subtitle=f"от {closed:%d.%m.%Y}",
        foot=f"Акт проверки № {inspection.id} от {closed:%d.%m.%Y}",
        facts=tuple(facts),
        sections=tuple(sections),
        position=_opening(Role.CONTROLLER.label),
        signatory=_signed(inspection.closed_by),
        signed_on=f"{closed:%d.%m.%Y %H:%M} (время московское)",
    )


def _totals(cases: Iterable[InspectedCase]) -> Table:
    """How often each answer was given to each question."""
    known, given = checklist(), [one.answers for one in cases]
    rows = [
        (question.title, *(str(sum(one.get(question.name) == answer.name for one in given)) for answer in known.answers))
        for question in known.questions
    ]
    widths = (64, *(12 for _ in known.answers))
    return Table(("Вопрос", *(_opening(answer.title) for answer in known.answers)), widths, tuple(rows))


def _of_case(one: InspectedCase) -> Iterator[Section]:
    known, case = checklist(), one.application
    category = Category(case.category).label if case.category else "не указана"
    words = [
        f"Педагог: {case.person}. Должность: {case.position}. Категория: {category}. "
        f"Проверено {one.checked_at.astimezone(CITY):%d.%m.%Y}.",
    ]
    rows = [
        (question.title, known.answer(one.answers[question.name]).title, "; ".join(one.noticed.get(question.name, ())) or "–")
        for question in known.questions
        if question.name in one.answers
    ]
    table = Table(("Вопрос", "Ответ", "Что отметила система"), (40, 20, 40), tuple(rows))
    yield Section(f"{one.place}. Дело {case}", tuple(words), table)
    yield Section(
        "Выявленные недостатки и предложения", (one.remarks or "Недостатков нет.", one.proposals or "Предложений нет.")
    )


def _faulty(one: InspectedCase) -> bool:
    known = checklist()
    return any(known.answer(word).explained for word in one.answers.values())


# --- A destruction ----------------------------------------------------------------------------------------------------------


def destruction_act(destruction: Destruction, authority: str) -> Act:
    """The act of a finished destruction: stores, how many, every record that is listed, with its hash."""
    done = destruction.done_at.astimezone(CITY)
    facts = (
        ("По состоянию на", f"{destruction.day:%d.%m.%Y}"),
        ("Составил", f"{destruction.prepared_by.full_name}, {destruction.prepared_at.astimezone(CITY):%d.%m.%Y}"),
        ("Утвердил", f"{_named(destruction.confirmed_by)}, {destruction.confirmed_at.astimezone(CITY):%d.%m.%Y}"),
        ("Исполнено", f"{done:%d.%m.%Y %H:%M} (время московское)"),
    )
    sections = [Section("Что уничтожено", (), _sums(destruction))]
    for one in stores():
        if isinstance(SHELVES[one.name], Listed) and (rows := _lines(destruction, one)):
            columns = ("№", "Что", "SHA-256 файла", "Размер", "Исход")
            sections.append(Section(one.title, (), Table(columns, (6, 34, 34, 12, 15), rows)))
    return Act(
        authority=authority,
        title=f"Акт об уничтожении № {destruction.id}",
        subtitle=f"от {done:%d.%m.%Y}",
        foot=f"Акт об уничтожении № {destruction.id} от {done:%d.%m.%Y}",
        facts=facts,
        sections=tuple(sections),
        position=_opening(Role.CONTROLLER.label),
        signatory=_signed(destruction.confirmed_by),
        signed_on=f"{destruction.confirmed_at.astimezone(CITY):%d.%m.%Y %H:%M} (время московское)",
    )


def sums(destruction: Destruction) -> list[tuple[Store, int, int, int]]:
    """By store: lines of the list, records planned, records destroyed; one query."""
    counted: Any = destruction.items.select(
        DestructionItem.store, fn.COUNT(DestructionItem.id), fn.SUM(DestructionItem.count), fn.SUM(DestructionItem.done)
    ).group_by(DestructionItem.store)
    found = {name: (lines, planned, done) for name, lines, planned, done in counted.tuples()}
    return [(one, *found[one.name]) for one in stores() if one.name in found]


def _sums(destruction: Destruction) -> Table:
    rows = tuple(
        (one.title, f"{term_of(one)}: {one.since}", f"пункт {one.clause}" if one.clause else "установлен службой", str(done))
        for one, _lines_of, _planned, done in sums(destruction)
    )
    return Table(("Что", "Сколько хранится и с какого времени", "Срок", "Записей"), (36, 36, 15, 12), rows)


def _lines(destruction: Destruction, one: Store) -> tuple[tuple[str, ...], ...]:
    mine = destruction.items.where(DestructionItem.store == one.name).order_by(DestructionItem.id)
    return tuple(
        (
            str(place),
            item.about,
            item.sha256 or "–",
            file_size(item.size) if item.size else "–",
            OUTCOMES.get(item.outcome, ""),
        )
        for place, item in enumerate(mine, 1)
    )


def _named(user: User | None) -> str:
    return user.full_name if user else ""


def _signed(user: User | None) -> str:
    return initials(_named(user))


def _opening(text: str) -> str:
    return text[:1].upper() + text[1:]
