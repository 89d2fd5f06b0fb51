"""Compositions of the commission by numbered order: put together, copied, ended. Frozen once a sitting was opened with one."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from peewee import ModelSelect, prefetch

from ....models import Commission, Member, Sitting, User, database, locked
from ....procedure.refusal import Refusal
from ....procedure.road import road
from ....procedure.words import Seat
from ....site import fields, journal
from ....site.dates import day_of
from ...access import Permission, require

OVERTAKEN = "Состав комиссии уже изменён другим сотрудником. Посмотрите, что изменилось, и, если нужно, повторите."
FROZEN = "С этим составом уже проводили заседание: менять его нельзя. Для нового распоряжения скопируйте состав."
SUBJECT = "commission"
MOST_MEMBERS = 100
# Where every sitting begins.
PLANNED = road("sitting").states[0].name


@dataclass(frozen=True)
class Order:
    """The order that names a composition, and the days on which it holds; without an end until the next one."""

    number: str
    day: dt.date
    valid_from: dt.date
    valid_until: dt.date | None = None


@dataclass(frozen=True)
class Person:
    """Who takes a seat."""

    full_name: str
    seat: Seat
    position: str = ""
    organization: str = ""
    user: User | None = None


# --- What there is ----------------------------------------------------------------------------------------------------------


def everyone() -> list[Commission]:
    """All compositions with their members, the newest first; two queries."""
    found: list[Commission] = prefetch(_newest_first(), Member.select().order_by(Member.id))
    return found


def of_day(day: dt.date, among: Iterable[Commission] | None = None) -> Commission | None:
    """The composition that holds on this day, of several the one that began last; `among` all of them without a query."""
    newest_first = _newest_first() if among is None else among
    return next((one for one in newest_first if one.acts_on(day)), None)


def seated(commission: Commission) -> list[Member]:
    """The members in the order of their seats, within a seat by the alphabet; one query."""
    return in_order(commission.members)


def in_order(members: Iterable[Member]) -> list[Member]:
    """Members as a composition names them: chair, deputies, secretaries, the others."""
    seats = list(Seat)
    return sorted(members, key=lambda one: (seats.index(Seat(one.seat)), fields.folded(one.full_name), one.id))


def frozen(commission: Commission) -> bool:
    """Whether a sitting was opened with it; one query."""
    return bool(_opened(commission).exists())


# --- What is wrong with them ------------------------------------------------------------------------------------------------


def wanting(members: Sequence[Member]) -> list[str]:
    """What a composition lacks to hold a sitting, as sentences."""
    taken = {Seat(one.seat) for one in members}
    lacks = {Seat.CHAIR: "Нет председателя.", Seat.SECRETARY: "Нет секретаря: протокол некому вести."}
    return [sentence for seat, sentence in lacks.items() if seat not in taken]


def clashes(compositions: Iterable[Commission]) -> list[str]:
    """Days on which two compositions hold, and days between two on which none does, as sentences."""
    found = []
    for earlier, later in pairwise(sorted(compositions, key=lambda one: (one.valid_from, one.id))):
        if earlier.valid_until is None or earlier.valid_until >= later.valid_from:
            found.append(
                f"С {later.valid_from:%d.%m.%Y} действуют сразу два состава: {earlier} и {later}. Заседания берут второй;"
                " укажите, по какой день действует первый."
            )
        elif (later.valid_from - earlier.valid_until).days > 1:
            first, last = earlier.valid_until + dt.timedelta(days=1), later.valid_from - dt.timedelta(days=1)
            when = f"{first:%d.%m.%Y}" if first == last else f"С {first:%d.%m.%Y} по {last:%d.%m.%Y}"
            found.append(f"{when} не действует ни один состав: заседаний в эти дни провести нельзя.")
    return found


# --- Acts -------------------------------------------------------------------------------------------------------------------


def create(order: Order, *, by: User, on: dt.datetime, demo: bool = False) -> Commission:
    """A composition without members yet. Sittings to come that have none on its days take it."""
    return _made(order, (), by, on, demo)


def copy(former: Commission, order: Order, *, by: User, on: dt.datetime) -> Commission:
    """A new composition with the members of a former one."""
    people = [(one.full_name, one.position, one.organization, one.seat, one.user_id) for one in seated(former)]
    return _made(order, people, by, on, former.demo)


def change(commission: Commission, order: Order, *, by: User, on: dt.datetime) -> Commission:
    """Another number or other days of the order."""
    values = _sound(order, on)
    with database.atomic():
        _hold(commission, by, **values)
        _require_number(order, commission)
        if stray := [one for one in commission.sittings if not commission.acts_on(one.held_on) and one.status == PLANNED]:
            days = ", ".join(str(one) for one in stray)
            raise Refusal(f"С этим составом назначены заседания ({days}), а действовать в эти дни он перестанет.")
        _take_vacant(commission)
        _note(commission, "change_commission", by, on)
    return commission


def end(commission: Commission, valid_until: dt.date, *, by: User, on: dt.datetime) -> Commission:
    """The last day on which a composition holds; also of one that is frozen, but not before a sitting that it has held.

    Sittings to come after that day take the composition that holds then.
    """
    require(by, Permission.KEEP_SITTINGS)
    if valid_until < commission.valid_from:
        raise Refusal("Последний день раньше первого: проверьте даты.")
    fields.soon(valid_until, day_of(on))
    with database.atomic():
        _write(commission, valid_until=valid_until)
        if held := _opened(commission).where(Sitting.held_on > valid_until).order_by(Sitting.held_on.desc()).first():
            raise Refusal(f"С этим составом проведено заседание {held}: закончиться раньше он не может.")
        for sitting in commission.sittings.where(Sitting.held_on > valid_until):
            _settle(sitting, of_day(sitting.held_on))
        _note(commission, "end_commission", by, on, f"{commission}, по {valid_until:%d.%m.%Y}")
    return commission


def seat(commission: Commission, person: Person, *, by: User, on: dt.datetime) -> Member:
    """Add a member."""
    values = _named(person)
    with database.atomic():
        _hold(commission, by)
        if commission.members.count() >= MOST_MEMBERS:
            raise Refusal(f"В составе не может быть больше {MOST_MEMBERS} человек.")
        _require_seat(commission, person, None)
        member: Member = Member.create(commission=commission, **values)
        _note(commission, "seat_member", by, on, Seat(member.seat).label)
    return member


def change_member(commission: Commission, member: Member, person: Person, *, by: User, on: dt.datetime) -> Member:
    """Another seat, position, organisation or account of a member."""
    values = _named(person)
    with database.atomic():
        _hold(commission, by)
        _require_seat(commission, person, member)
        if not Member.update(values).where(Member.id == member.id, Member.commission == commission).execute():
            raise Refusal(OVERTAKEN)
        _note(commission, "change_member", by, on, person.seat.label)
    for name, value in values.items():
        setattr(member, name, value)
    return member


def remove_member(commission: Commission, member: Member, *, by: User, on: dt.datetime) -> None:
    """Take a member out of a composition with which no sitting was opened."""
    with database.atomic():
        _hold(commission, by)
        if not Member.delete().where(Member.id == member.id, Member.commission == commission).execute():
            raise Refusal(OVERTAKEN)
        _note(commission, "remove_member", by, on, Seat(member.seat).label)


def as_seen(commission: Commission, version: int | None) -> Commission:
    """The composition, if it is still the version that the screen showed; Refusal if somebody was quicker."""
    if commission.version != version:
        raise Refusal(OVERTAKEN)
    return commission


# --- Inside -----------------------------------------------------------------------------------------------------------------


def _newest_first() -> "ModelSelect[Commission]":
    return Commission.select().order_by(Commission.valid_from.desc(), Commission.order_on.desc(), Commission.id.desc())


def _made(order: Order, people: Sequence[tuple[Any, ...]], by: User, on: dt.datetime, demo: bool) -> Commission:
    require(by, Permission.KEEP_SITTINGS)
    values = _sound(order, on)
    names = ("full_name", "position", "organization", "seat", "user")
    with database.atomic():
        _require_number(order, None)
        made: Commission = Commission.create(**values, demo=demo)
        for person in people:
            Member.create(commission=made, **dict(zip(names, person, strict=True)))
        _take_vacant(made)
        _note(made, "add_commission", by, on)
    return made


def _sound(order: Order, on: dt.datetime) -> dict[str, Any]:
    if order.valid_until is not None and order.valid_until < order.valid_from:
        raise Refusal("Последний день раньше первого: проверьте даты.")
    for day in (order.day, order.valid_from, order.valid_until or order.valid_from):
        fields.soon(day, day_of(on))
    return {
        "order_number": fields.line(Commission.order_number, order.number),
        "order_on": order.day,
        "valid_from": order.valid_from,
        "valid_until": order.valid_until,
    }


def _named(person: Person) -> dict[str, Any]:
    return {
        "full_name": fields.line(Member.full_name, person.full_name),
        "position": fields.line(Member.position, person.position, required=False),
        "organization": fields.line(Member.organization, person.organization, required=False),
        "seat": person.seat.value,
        "user": person.user,
    }


def _require_number(order: Order, but: Commission | None) -> None:
    same = Commission.select().where(Commission.order_on == order.day, Commission.id != (but.id if but else 0))
    if any(fields.folded(other.order_number) == fields.folded(order.number) for other in same):
        raise Refusal(f"Состав по распоряжению № {order.number} от {order.day:%d.%m.%Y} уже внесён.")


def _require_seat(commission: Commission, person: Person, member: Member | None) -> None:
    """Refusal for a second chair, for an account or a person who has a seat already."""
    others = [one for one in commission.members if member is None or one.id != member.id]
    if person.seat is Seat.CHAIR and any(Seat(one.seat) is Seat.CHAIR for one in others):
        raise Refusal("Председатель в составе уже есть, а он один.", "3.4.3")
    if person.user is not None and any(one.user_id == person.user.id for one in others):
        raise Refusal("Эта учётная запись уже указана у другого члена комиссии.")
    alike = (fields.folded(person.full_name), fields.folded(person.organization))
    if any((fields.folded(one.full_name), fields.folded(one.organization)) == alike for one in others):
        raise Refusal("Этот человек уже есть в составе.")


def _hold(commission: Commission, by: User, **values: Any) -> None:
    """Take the next version with these columns, unless the composition is frozen or somebody was quicker."""
    require(by, Permission.KEEP_SITTINGS)
    _write(commission, **values)
    if frozen(commission):
        raise Refusal(FROZEN)


def _write(commission: Commission, **values: Any) -> None:
    written = {**values, "version": commission.version + 1}
    same = Commission.id == commission.id, Commission.version == commission.version
    if not Commission.update(written).where(*same).execute():
        raise Refusal(OVERTAKEN)
    for name, value in written.items():
        setattr(commission, name, value)


def _opened(commission: Commission) -> "ModelSelect[Sitting]":
    return Sitting.select().where(Sitting.commission == commission, Sitting.opened_at.is_null(False))


def _take_vacant(commission: Commission) -> None:
    """Sittings to come without a composition take this one on its days."""
    vacant = Sitting.select().where(Sitting.status == PLANNED, Sitting.commission.is_null())
    for sitting in locked(vacant.order_by(Sitting.id)):
        if commission.acts_on(sitting.held_on):
            _settle(sitting, commission)


def _settle(sitting: Sitting, commission: Commission | None) -> None:
    Sitting.update(commission=commission, version=Sitting.version + 1).where(Sitting.id == sitting.id).execute()


def _note(commission: Commission, verb: str, by: User, on: dt.datetime, details: str = "") -> None:
    told = f"{commission}; {details}" if details and not details.startswith(str(commission)) else str(commission)
    journal.write(by=by, on=on, verb=verb, subject=SUBJECT, subject_id=commission.id, details=told)
