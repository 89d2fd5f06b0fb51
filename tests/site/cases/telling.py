"""What a case looks like, in short words that tables typed by hand can be compared with."""

import datetime as dt

from attestation.models import Application, CaseEvent, Duty, JournalEntry, Letter, User
from attestation.tests.cases import World


def names(world: World) -> dict[int | None, str]:
    """Account → the word by which tables call the person; nobody in particular is a dash."""
    cast, first = world.cast, {None: "-"}
    named = {getattr(cast, field).id: field for field in cast.__dataclass_fields__}
    others = {"teacher": world.teacher, "other_teacher": world.other_teacher, "proxy": world.proxy}
    experts = {f"expert{number}": expert.user for number, expert in enumerate(world.experts[1:], 2)}
    people = {"second_leader": world.second_leader, **others, **experts}
    return {**first, **named, **{user.id: name for name, user in people.items()}}


def person(world: World, name: str) -> User:
    """The account of this word."""
    return User.get_by_id({word: user_id for user_id, word in names(world).items()}[name])


def events(case: Application) -> dict[str, str]:
    """Event → «10.03»."""
    return {event.name: f"{event.day:%d.%m}" for event in CaseEvent.select().where(CaseEvent.application == case)}


def letters(world: World, case: Application, after: int = 0) -> list[str]:
    """«name: person/channel person/channel» for each letter posted since this one, in the order of posting."""
    called, found = names(world), {}
    for letter in Letter.select().where(Letter.application == case, Letter.id > after).order_by(Letter.id):
        found.setdefault(letter.name, []).append(f"{called[letter.user_id]}/{letter.channel}")
    return [f"{name}: {' '.join(to)}" for name, to in found.items()]


def duties(world: World, case: Application) -> set[str]:
    """«role/person verb», with «term by 19.03» behind it where a term runs."""
    called = names(world)
    return {
        f"{duty.role}/{called[duty.user_id]} {duty.verb}" + (f" {duty.term} by {duty.due_on:%d.%m}" if duty.term else "")
        for duty in Duty.select().where(Duty.application == case)
    }


def journal(world: World, case: Application, after: int = 0) -> list[str]:
    """«person verb» for each entry about the case since this one."""
    called = names(world)
    mine = JournalEntry.subject == "application", JournalEntry.subject_id == case.id, JournalEntry.id > after
    return [f"{called[entry.user_id]} {entry.verb}" for entry in JournalEntry.select().where(*mine).order_by(JournalEntry.id)]


def newest(record: type) -> int:
    """The highest id of a table, 0 without rows."""
    last = record.select().order_by(record.id.desc()).first()
    return last.id if last else 0


def lines(text: str) -> list[str]:
    """The pieces of a cell of a table, divided by semicolons."""
    return [piece.strip() for piece in text.split(";") if piece.strip()]


def noon(day: str) -> dt.datetime:
    """«10.03» of 2026 at nine in the morning, UTC."""
    number, month = map(int, day.split("."))
    return dt.datetime(2026, month, number, 9, tzinfo=dt.UTC)
