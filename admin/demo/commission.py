"""The invented commission: its composition by order, and the sittings that it has held over the invented cases."""

import datetime as dt
from pathlib import Path
from random import Random

from ...models import Commission, Hearing, Member, Minutes, Sitting, User, database
from ...procedure.road import road
from ...procedure.words import Choice, Decision, Role, Seat
from ...site import files
from ...site.dates import CITY
from ...site.printing.minutes import print_minutes
from ..acts.commission import attendance, compositions, minutes, moves, session, voting
from ..acts.commission.compositions import PLANNED, Person
from ..acts.commission.proceedings import AGREED, CHOICES, Case, Proceedings
from . import Progress
from .people import rulings

Staff = dict[Role, User]

HELD = "Заседания проведены"
ORDER = "118-р"
# Who sits besides those with accounts: what they are and where.
MEMBERS = (
    ("проректор", "Академия постдипломного образования"),
    ("директор", "ГБОУ лицей № 9001 г. Образцова"),
    ("заведующий", "ГБДОУ детский сад № 9002 г. Образцова"),
    ("методист", "Информационно-методический центр г. Образцова"),
    ("председатель", "профсоюз работников образования"),
    ("директор", "ГБОУ гимназия № 9003 г. Образцова"),
    ("начальник отдела", "отдел образования г. Образцова"),
    ("доцент", "педагогический университет"),
    ("учитель", "ГБОУ школа № 9004 г. Образцова"),
)
SEATS = {Role.CHAIR: Seat.CHAIR, Role.DEPUTY_CHAIR: Seat.DEPUTY, Role.SECRETARY: Seat.SECRETARY}
AGAINST_THE_EXPERT = "Комиссия изучила папку и нашла в ней подтверждение результатов."


def open_commission(staff: Staff, day: dt.date, *, on: dt.datetime) -> Commission:
    """A composition of twelve that acts from this day on."""
    by = staff[Role.SECRETARY]
    made = compositions.create(compositions.Order(ORDER, day, day), by=by, on=on, demo=True)
    for role, seat in SEATS.items():
        compositions.seat(made, Person(staff[role].full_name, seat, role.label, "Комитет", staff[role]), by=by, on=on)
    for row, (position, organization) in zip(rulings(len(MEMBERS), seed="commission"), MEMBERS, strict=True):
        name = " ".join(filter(None, (row.surname, row.name, row.patronymic)))
        compositions.seat(made, Person(name, Seat.MEMBER, position, organization), by=by, on=on)
    return made


def hold_sittings(folder: Path, authority: str, edition: str, staff: Staff, before: dt.date, seed: int, tell: Progress) -> int:
    """Hold the invented sittings before this day that have cases and were not held; gives how many. `folder`: of minutes.

    Each is one transaction: what was broken off is gone on with.
    """
    due = Sitting.demo, Sitting.edition == edition, Sitting.status == PLANNED, Sitting.held_on < before
    waiting = list(Sitting.select().where(*due, Sitting.id.in_(Hearing.select(Hearing.sitting))).order_by(Sitting.held_on))
    for number, sitting in enumerate(waiting, 1):
        with database.atomic():
            _Session(sitting, staff[Role.SECRETARY], Random(f"sitting {seed} {sitting.held_on}"), folder, authority).hold()
        tell(HELD, number, len(waiting))
    return len(waiting)


class _Session:
    """One sitting as it is held, from the hour at which it begins."""

    def __init__(self, sitting: Sitting, by: User, dice: Random, folder: Path, authority: str) -> None:
        self.sitting, self.by, self.dice = sitting, by, dice
        self.folder, self.authority = folder, authority
        self.begins = dt.datetime.combine(sitting.held_on, sitting.begins_at or dt.time(15), CITY)

    def at(self, minute: int) -> dt.datetime:
        return (self.begins + dt.timedelta(minutes=minute)).astimezone(dt.UTC)

    def fresh(self) -> Sitting:
        """The sitting as the table holds it: acts take it as the screen shows it."""
        self.sitting = Sitting.get_by_id(self.sitting.id)
        return self.sitting

    def hold(self) -> None:
        """All of it: opened, voted, closed, printed, signed, and announced where no order follows."""
        session.open_session(self.fresh(), by=self.by, on=self.at(0))
        self._gather()
        for decision in Decision:
            if Proceedings.of(self.fresh(), self.at(15)).consent(decision):
                voting.agree(self.sitting, decision, by=self.by, on=self.at(15))
        for place, case in enumerate(Proceedings.of(self.fresh(), self.at(20)).separate):
            self._roll_call(case, self.at(20 + place))
        number = f"{self.sitting.held_on:%m-%d}"
        made = session.close_session(self.fresh(), number, by=self.by, on=self.at(100))
        self._print(made)
        signed = made.told["signers"], self.sitting.held_on
        minutes.sign(self.fresh(), *signed, by=self.by, on=self.at(120))
        if any(move.verb == session.RELEASE for move in road(moves.SUBJECT, self.sitting.edition).moves):
            session.release(self.fresh(), by=self.by, on=self.at(130))

    def _gather(self) -> None:
        """All but one have come; one of them late."""
        members = list(Member.select().where(Member.commission == self.sitting.commission_id).order_by(Member.id))
        *others, late, _absent = members[:3] + self.dice.sample(members[3:], len(members) - 3)
        for member in others:
            attendance.arrive(self.fresh(), member, by=self.by, on=self.at(2))
        attendance.preside(self.fresh(), members[0], by=self.by, on=self.at(3))
        attendance.arrive(self.fresh(), late, by=self.by, on=self.at(10))

    def _roll_call(self, case: Case, moment: dt.datetime) -> None:
        """Most vote as the conclusion says, two otherwise; where experts differ, for the teacher."""
        whole = Proceedings.of(self.fresh(), moment, only=[case.hearing.id])
        able = whole.cases[0].eligible(whole.present)
        wanted = case.proposed or AGREED[case.outcome.standing]
        mine = CHOICES[wanted]
        other = Choice.AGAINST if mine is Choice.FOR else Choice.FOR
        votes = {member: other if place in {4, 7} else mine for place, member in enumerate(able)}
        hearing = Hearing.get_by_id(case.hearing.id)
        motive = "" if case.proposed else AGAINST_THE_EXPERT
        voting.vote(hearing, votes, motive=motive, by=self.by, on=moment)

    def _print(self, made: Minutes) -> None:
        sheet = {"authority": self.authority, "told": made.told, "version": made.number, "reason": made.reason}
        printed = print_minutes(sheet)
        sha256 = files.freeze(self.folder, printed.data, mode=files.PRIVATE)
        minutes.freeze(made, sha256=sha256, size=len(printed.data), pages=printed.pages, on=self.at(101))
