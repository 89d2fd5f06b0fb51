"""The validator of the data: everything that can be said against the roads and the terms of an edition, row by row."""

import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from . import complaints, control, spans, voting
from . import road as roads
from . import terms as lengths
from .keys import INSPECTION, LISTS, RETENTION, ROAD, STATISTICS, TERMS, VOTING, Trouble, of_shape
from .road import OFFICE, Move, Road, expected_of
from .terms import Term, Terms
from .words import OrderKind

# What these words end the names of are files beside the roads.
NO_ROADS = (lengths.FILE, complaints.FILE, voting.FILE, control.INSPECTION, control.RETENTION, spans.FILE)
SHAPES = {
    complaints.FILE: LISTS,
    voting.FILE: VOTING,
    control.INSPECTION: INSPECTION,
    control.RETENTION: RETENTION,
    spans.FILE: STATISTICS,
}


@dataclass(frozen=True)
class Finding:
    """What is wrong with the data: the file, the row in it, and a sentence."""

    file: str
    key: str
    text: str

    def __str__(self) -> str:
        return f"{self.file}: {self.key}: {self.text}" if self.key else f"{self.file}: {self.text}"


def editions() -> tuple[str, ...]:
    """Every packaged folder of roads, that of the office included."""
    rooms = files(__package__).iterdir()
    return tuple(sorted(room.name for room in rooms if room.is_dir() and any(_data_files(room))))


def check(edition: str) -> list[Finding]:
    """Everything wrong with a packaged edition; an empty list means that it can be used."""
    return check_folder(files(__package__) / edition, clauses=edition != OFFICE)


def check_folder(place: Traversable, *, clauses: bool = True) -> list[Finding]:
    """The same for any folder; without `clauses` its moves rest on no regulation.

    The sense is judged only when the shape of every file is right.
    """
    findings: list[Finding] = []
    tables = {name: _toml(place, name, findings) for name in _data_files(place)}
    for name, data in tables.items():
        shape = SHAPES.get(name) or (TERMS if name.endswith(lengths.FILE) else ROAD)
        findings += [Finding(name, key, text) for key, text in of_shape(data, shape)]
    if findings:
        return findings
    read = {name.removesuffix(".toml"): roads.read(data) for name, data in tables.items() if not name.endswith(NO_ROADS)}
    for record, road in read.items():
        findings += [Finding(f"{record}.toml", key, text) for key, text in _of_road(road, read, clauses)]
    for name in (name for name in tables if name.endswith(lengths.FILE)):
        # Terms of cases run from events of any road, terms of another record from events of its own.
        whose = tuple(read[record] for record in read if name in (lengths.FILE, lengths.file_of(record)))
        findings += [Finding(name, key, text) for key, text in _of_terms(lengths.read(tables[name]), whose)]
    if complaints.FILE in tables:
        road, known = read[complaints.RECORD], lengths.read(tables[lengths.file_of(complaints.RECORD)])
        found = _of_lists(complaints.read(tables[complaints.FILE]), road, known)
        findings += [Finding(complaints.FILE, key, text) for key, text in found]
    for name, kinds in ((control.INSPECTION, ("question", "answer")), (control.RETENTION, ("store",))):
        if name in tables:
            findings += [Finding(name, key, text) for kind in kinds for key, text in _of_control(kind, tables[name][kind])]
    return findings


def _data_files(place: Traversable) -> list[str]:
    return sorted(file.name for file in place.iterdir() if file.name.endswith(".toml"))


def _toml(place: Traversable, name: str, findings: list[Finding]) -> Mapping[str, Any]:
    try:
        return tomllib.loads((place / name).read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        findings.append(Finding(name, "", f"файл не читается: {error}"))
        return {}


# The sense of a road.


def _of_road(road: Road, others: Mapping[str, Road], clauses: bool) -> Trouble:
    yield from _of_names(road)
    for move in road.moves:
        yield from ((f"move[{move.verb}]", text) for text in _of_move(road, move, clauses))
        yield from ((f"move[{move.verb}].follows", text) for text in _of_following(move, others))
    yield from _of_statuses(road)
    yield from _of_use(road)
    yield from _of_registries(road)
    yield from _of_outgoing(road, others)
    kinds = [(f"approval[{step.name}].of", step.of) for step in road.approvals]
    kinds += [(f"outgoing[{row.name}].of", row.of) for row in road.outgoing if row.of]
    for key, kind in kinds:
        if kind not in set(OrderKind):
            yield key, f"неизвестное слово «{kind}»; есть: {', '.join(OrderKind)}"
    for event in road.events:
        if event.road:
            yield from ((f"event[{event.name}]", text) for text in _of_foreign(event.name, event.road, others))
        elif not _marks(road, event.name):
            yield f"event[{event.name}]", "событие не отмечает ни одно действие"


def _of_foreign(event: str, other: str, others: Mapping[str, Road]) -> Iterator[str]:
    """An event of another road is marked there."""
    if other not in others:
        yield f"дороги «{other}» нет"
    elif not _marks(others[other], event):
        yield f"событие не отмечает ни одно действие дороги «{other}»"


def _of_following(move: Move, others: Mapping[str, Road]) -> Iterator[str]:
    """What a move follows is a move of another road: «record.verb»."""
    record, _, verb = move.follows.partition(".")
    if move.follows and (record not in others or verb not in {other.verb for other in others[record].moves}):
        yield f"действия «{move.follows}» нет ни на одной дороге"


def _marks(road: Road, event: str) -> bool:
    return any(event in move.marks for move in road.moves)


def _of_names(road: Road) -> Trouble:
    listed: dict[str, Iterable[str]] = {
        "status": [row.name for row in road.states],
        "fact": [row.name for row in road.known_facts],
        "move": [row.verb for row in road.moves],
        "actor": [row.role for row in road.actors],
        "letter": [row.name for row in road.letters],
        "registry": [row.name for row in road.registries],
        "event": [row.name for row in road.events],
        "day": [row.name for row in road.days],
        "system": [row.name for row in road.systems],
        "outgoing": [row.name for row in road.outgoing],
        "approval": [row.name for row in road.approvals],
    }
    for kind, names in listed.items():
        for name, times in Counter(names).items():
            if times > 1:
                yield f"{kind}[{name}]", "имя повторяется"


def _of_move(road: Road, move: Move, clauses: bool) -> Iterator[str]:
    statuses = set(road.statuses)
    yield from _unknown("состояние", (*move.sources, *((move.target,) if move.target else ())), statuses)
    yield from _unknown("факт", (*move.needs, *((move.makes,) if move.makes else ())), road.facts)
    yield from _unknown("письмо", move.letters, [letter.name for letter in road.letters])
    yield from _unknown("событие", move.marks, [event.name for event in road.events])
    yield from _unknown("день", move.sets, [day.name for day in road.days])
    if road.actors:
        yield from _unknown("участник", move.roles, [actor.role for actor in road.actors])
    if clauses and not move.clause and not move.remark:
        yield "нет ни пункта, ни пояснения"
    if not move.sources or bool(move.roles) == bool(move.follows):
        yield "действие неоткуда сделать, либо оно делается и людьми, и само, либо ни так, ни так"
    if move.target and move.makes:
        yield "факт называет только действие, которое не меняет состояния"
    if move.makes in move.needs:
        yield f"действие требует того же факта «{move.makes}», который создаёт"


def _of_statuses(road: Road) -> Trouble:
    reached = _after(road, {status.name for status in road.states[:1]})
    for status in road.states:
        key = f"status[{status.name}]"
        onward = [move for move in road.moves if status.name in move.sources and move.target]
        if status.name not in reached:
            yield key, "до состояния нельзя дойти"
        if status.final and onward:
            yield key, f"состояние последнее, но из него есть действие «{onward[0].verb}»"
        if status.final and status.turn:
            yield key, "дорога здесь кончается: ждать некого"
        for name in _unknown("реестр", status.registries, [row.name for row in road.registries]):
            yield key, name
        if road.actors and not status.final:
            yield from ((key, text) for text in _of_turn(road, status.name))


def _of_turn(road: Road, name: str) -> Iterator[str]:
    """Everybody whose turn it may be has something to do, and whatever should be done has somebody whose turn it is."""
    turn = road.status(name).turn
    awaited = [move for move in road.moves if name in move.sources and not move.aside]
    if not any(move.target for move in awaited):
        yield "из состояния нет пути дальше"
    for role in turn:
        if not any(expected_of(move, role) for move in awaited):
            yield f"очередь роли «{role}», а сделать ей нечего"
    for move in awaited:
        if not any(expected_of(move, role) for role in turn):
            yield f"действие «{move.verb}» некому поручить: ни одной его роли нет в turn"


def _of_use(road: Road) -> Trouble:
    """Whatever is defined is used, and a fact says when it holds where people make it hold."""
    used = {
        "fact": {name for move in road.moves for name in (*move.needs, move.makes)},
        "letter": {name for move in road.moves for name in move.letters},
        "day": {name for move in road.moves for name in move.sets},
    }
    for kind, rows in (("fact", road.known_facts), ("letter", road.letters), ("day", road.days)):
        yield from ((f"{kind}[{row.name}]", "не нужно ни одному действию") for row in rows if row.name not in used[kind])
    for fact in road.known_facts:
        if road.actors and not fact.holds:
            yield f"fact[{fact.name}].holds", "не сказано, когда факт верен"


def _of_registries(road: Road) -> Trouble:
    """A registry of applications is named by statuses, any other by none."""
    listed = {name for status in road.states for name in status.registries}
    for row in road.registries:
        if row.of not in ("applications", "experts"):
            yield f"registry[{row.name}].of", f"неизвестное слово «{row.of}»; есть: applications, experts"
        elif (row.name in listed) != (row.of == "applications"):
            yield f"registry[{row.name}]", "реестр заявлений называют состояния, другие реестры – нет"


def _of_outgoing(road: Road, others: Mapping[str, Road]) -> Trouble:
    """What is carried over comes from known moves and goes into a system known to any road; every system gets something."""
    for row in road.outgoing:
        for name in (
            *_unknown("система", (row.system,), [system.name for other in others.values() for system in other.systems]),
            *_unknown("действие", row.moves, [move.verb for move in road.moves]),
        ):
            yield f"outgoing[{row.name}]", name
        if not row.moves or row.working_days < 1:
            yield f"outgoing[{row.name}]", "нужны действия и хотя бы один рабочий день"
    for system in road.systems:
        if system.name not in {row.system for row in road.outgoing}:
            yield f"system[{system.name}]", "в систему ничего не передают"


# The sense of the terms.


def _of_terms(terms: Terms, known: Sequence[Road]) -> Trouble:
    names = [*(term.name for term in terms.terms), *(limit.name for limit in terms.limits)]
    yield from ((name, "имя повторяется") for name, times in Counter(names).items() if times > 1)
    for term in terms.terms:
        yield from ((f"term[{term.name}]", text) for text in _of_term(term, known))
    for limit in terms.limits:
        if limit.number < 1:
            yield f"limit[{limit.name}].number", "нужно число больше нуля"


def _of_term(term: Term, known: Sequence[Road]) -> Iterator[str]:
    yield from _unknown("событие", (term.since, term.until), [event.name for road in known for event in road.events])
    yield from _unknown("день", (term.day,) if term.day else (), [day.name for road in known for day in road.days])
    yield from _unknown("состояние", term.runs_in, [name for road in known for name in road.statuses])
    # A road of the office names no actors: any role may answer for its terms.
    if actors := [actor.role for road in known for actor in road.actors]:
        yield from _unknown("участник", term.responsible, actors)
    if bool(term.day) == bool(term.number and term.unit):
        yield "нужны либо number и unit, либо day"
    if term.number < 0 or term.soon < 0:
        yield "отрицательное число"
    if not term.runs_in or not term.responsible:
        yield "срок нигде не идёт или никто за него не отвечает"
    if not term.clause and not term.remark:
        yield "нет ни пункта, ни пояснения"
    yield from _before_it_begins(term, known)


def _before_it_begins(term: Term, known: Sequence[Road]) -> Iterator[str]:
    """A status in which the term runs must be reachable from where its event leads."""
    for road in known:
        begins = {move.leads_from(source) for move in road.moves if term.since in move.marks for source in move.sources}
        if begins:
            yield from (
                f"срок не может идти в состоянии «{name}»: его событие наступает позже"
                for name in term.runs_in
                if name in road.statuses and name not in _after(road, begins)
            )


def _after(road: Road, begins: set[str]) -> set[str]:
    """These statuses and all that can be reached from them."""
    after = set(begins)
    while more := {move.target for move in road.moves if move.target and after & set(move.sources)} - after:
        after |= more
    return after


# The sense of the lists of complaints.


def _of_lists(lists: complaints.Lists, road: Road, known: Terms) -> Trouble:
    """Names are unique, a kind has a term that runs, an outcome is a move."""
    for rows in (lists.kinds, lists.respondents, lists.silences, lists.grounds, lists.outcomes, lists.appeals):
        for name, times in Counter(row.name for row in rows).items():
            if times > 1:
                yield name, "имя повторяется"
    lengths_known, verbs = [term.name for term in known.terms], [move.verb for move in road.moves]
    for kind in lists.kinds:
        yield from ((f"kind[{kind.name}]", text) for text in _unknown("срок", (kind.term,), lengths_known))
    for outcome in lists.outcomes:
        yield from ((f"outcome[{outcome.name}]", text) for text in _unknown("действие", (outcome.name,), verbs))


# The sense of what is asked in an inspection, and of times of keeping.


def _of_control(kind: str, rows: Sequence[Mapping[str, Any]]) -> Trouble:
    """Names are unique; a question and a time of keeping say why."""
    for name, times in Counter(row["name"] for row in rows).items():
        if times > 1:
            yield f"{kind}[{name}]", "имя повторяется"
    for row in rows:
        if kind != "answer" and not (row.get("clause") or row.get("remark")):
            yield f"{kind}[{row['name']}]", "нет ни пункта, ни пояснения"
        if kind == "store" and (row["number"] < 1 or row["unit"] not in set(control.Span)):
            yield f"store[{row['name']}]", "нужно число больше нуля и unit: days, months или years"


def _unknown(what: str, names: Iterable[str], known: Iterable[str]) -> Iterator[str]:
    there = set(known)
    yield from (f"не описано: {what} «{name}»" for name in sorted(names) if name not in there)
