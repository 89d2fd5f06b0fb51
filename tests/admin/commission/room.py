"""A commission in a room: a composition by order, a sitting of today, cases on its agenda that have walked their road."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from attestation.admin.acts.commission import attendance, minutes, session, voting
from attestation.models import (
    Application,
    CaseEvent,
    Commission,
    Conclusion,
    Hearing,
    Member,
    Minutes,
    Review,
    Sitting,
    User,
    database,
)
from attestation.procedure.numbers import CaseNumber
from attestation.procedure.words import CaseRole, Choice, Seat
from attestation.site.dates import day_of
from attestation.tests.cases import NEGATIVE, POSITIVE, World

# The day of the sittings of these tests: three weeks after the world's now, at the city's 15 o'clock.
HOUR = dt.timedelta(days=21, hours=3)
NAMES = (
    "Председателева Алла Фёдоровна",
    "Заместин Игорь Павлович",
    "Секретарева Анна Петровна",
    "Ареопагов Иван Ильич",
    "Большинская Ольга Юрьевна",
    "Вечевая Инна Глебовна",
    "Голосов Пётр Кириллович",
    "Думская Лидия Марковна",
    "Единогласов Олег Янович",
    "Жребиева Нелли Борисовна",
    "Заседателев Марк Львович",
    "Избирательная Юнона Павловна",
)
SEATS = (Seat.CHAIR, Seat.DEPUTY, Seat.SECRETARY)


@dataclass
class Room:
    """A sitting as tests meet it. Without `minute` everything is done at the beginning of the sitting."""

    world: World
    sitting: Sitting
    members: list[Member]
    start: dt.datetime

    @property
    def secretary(self) -> User:
        return self.world.cast.secretary

    def at(self, minute: int = 0) -> dt.datetime:
        return self.start + dt.timedelta(minutes=minute)

    def fresh(self) -> Sitting:
        """The sitting as the table holds it."""
        self.sitting = Sitting.get_by_id(self.sitting.id)
        return self.sitting

    def hearing(self, number: int) -> Hearing:
        return Hearing.get(Hearing.sitting == self.sitting, Hearing.number == number)

    def open(self) -> None:
        session.open_session(self.fresh(), by=self.secretary, on=self.at())

    def seat(self, count: int | None = None, *, minute: int = 0) -> None:
        """The first so many of the composition come, all without a number; the first of them presides."""
        for member in self.members[:count]:
            attendance.arrive(self.fresh(), member, by=self.secretary, on=self.at(minute))
        attendance.preside(self.fresh(), self.members[0], by=self.secretary, on=self.at(minute))

    def vote(self, number: int, votes: str, *, motive: str = "", minute: int = 10) -> Hearing:
        """Votes of the members in the order of the composition: + for, - against, . none."""
        choices = {"+": Choice.FOR, "-": Choice.AGAINST}
        given = {member.id: choices[sign] for member, sign in zip(self.members, votes, strict=False) if sign in choices}
        return voting.vote(self.hearing(number), given, motive=motive, by=self.secretary, on=self.at(minute))

    def close(self, number: str = "7", *, minute: int = 60) -> Minutes:
        return session.close_session(self.fresh(), number, by=self.secretary, on=self.at(minute))

    def sign_minutes(self, *, minute: int = 70) -> None:
        """The newest version is printed, and everybody whose signature it needs signs it the same day."""
        made = self.fresh().last_minutes()
        assert made is not None
        minutes.freeze(made, sha256="a" * 64, size=1000, pages=2, on=self.at(minute))
        signers, on = made.told["signers"], self.at(minute)
        minutes.sign(self.fresh(), signers, day_of(on), by=self.secretary, on=on)

    def case(self, number: int) -> Application:
        return Application.get_by_id(self.hearing(number).application_id)


def composition(world: World, size: int = 12) -> list[Member]:
    """So many members by an order of this year; chair, deputy and secretary first."""
    today = day_of(world.now)
    commission = Commission.create(order_number="15-р", order_on=today, valid_from=today - dt.timedelta(days=60))
    seats = [*SEATS, *[Seat.MEMBER] * size][:size]
    return [
        Member.create(
            commission=commission,
            full_name=NAMES[place] if place < len(NAMES) else f"Членов {place} Иванович",
            position="методист",
            organization=f"ГБУ «Центр {place}»",
            seat=seat,
        )
        for place, seat in enumerate(seats)
    ]


def convene(world: World, edition: str, *outcomes: str, size: int = 12) -> Room:
    """A sitting with cases of these conclusions, walked by real moves; the day has come, nobody is in the room yet."""
    members = composition(world, size)
    start = world.now + HOUR
    sitting = Sitting.create(
        edition=edition,
        held_on=day_of(start),
        begins_at=dt.time(15),
        place="г. Образцов, Учебная ул., д. 1",
        commission=members[0].commission,
    )
    for place, outcome in enumerate(outcomes):
        # Surnames in the order in which they are given: the agenda is alphabetical within a conclusion.
        case = world.filled(edition, surname=f"Учителева{chr(ord('а') + place)}")
        world.walk(case, "sitting", outcome=outcome, until_sitting=21)
        # The second expert of the world always finds for the teacher; here both agree.
        for given in Conclusion.select().join(Review).where(Review.application == case, Review.role == CaseRole.SECOND_EXPERT):
            copied(given, number=2, outcome=outcome)
        bind(sitting, [case])
    return Room(world, sitting, members, start)


def bind(sitting: Sitting, cases: Sequence[Application]) -> None:
    """Put cases that stand on another agenda on this one, the rows alone."""
    ids = [case.id for case in cases]
    Application.update(sitting=sitting).where(Application.id.in_(ids)).execute()
    Hearing.delete().where(Hearing.application.in_(ids)).execute()
    Hearing.insert_many([{"sitting": sitting.id, "application": id} for id in ids]).execute()


def crowd(world: World, edition: str, count: int, *, size: int = 15, outcome: str = POSITIVE) -> Room:
    """A sitting with so many cases: one has walked the road, the others are rows like its own."""
    room = convene(world, edition, outcome, size=size)
    first = Application.get(Application.sitting == room.sitting)
    review = Review.get(Review.application == first, Review.role == CaseRole.MAIN_EXPERT)
    given = Conclusion.get(Conclusion.review == review)
    with database.atomic():
        ids = []
        for place in range(1, count):
            case = copied(first, number=str(CaseNumber(2026, 900000 + place)), surname=f"Учителева{place:04}", version=1)
            own = copied(review, application=case)
            copied(given, review=own, file=None)
            for event in CaseEvent.select().where(CaseEvent.application == first):
                copied(event, application=case)
            ids.append(case)
        bind(room.sitting, [first, *ids])
    return room


def copied(row: Any, **changes: Any) -> Any:
    """Another row with the same columns, but for these."""
    values = {name: value for name, value in row.__data__.items() if name != "id"}
    return type(row).create(**{**values, **changes})


__all__ = ["NEGATIVE", "POSITIVE", "Room", "bind", "composition", "convene", "crowd"]
