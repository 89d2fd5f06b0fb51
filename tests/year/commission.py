"""The sittings of the year in one procedure: moved, invited to, held, minuted, signed, announced or sent on to orders."""

import datetime as dt
from collections.abc import Callable, Sequence
from random import Random
from typing import TYPE_CHECKING

from attestation.admin.acts.commission import (
    agenda,
    attendance,
    invitations,
    minutes,
    proceedings,
    session,
    sittings,
    voting,
)
from attestation.admin.acts.commission.proceedings import Proceedings
from attestation.admin.demo.bank import PLACE
from attestation.models import Hearing, Member, Sitting
from attestation.procedure.words import Choice, Decision, Role
from attestation.tests.year.course import Course
from attestation.tests.year.diary import moment
from attestation.tests.year.plans import LENOBL_EDITION

if TYPE_CHECKING:
    from attestation.tests.year.year import Year

FOR, AGAINST = Choice.FOR, Choice.AGAINST
MOTIVE = "Комиссия изучила папку и проголосовала иначе, чем предложил эксперт."
# Which of the sittings, by their number, is moved to another day, of which the minutes are opened again, and at which somebody
# steps back from the first case that is voted on by name, whatever the dice say.
MOVED, REOPENED, RECUSED = 2, 1, 2
RECUSING = 0.2
EARLY, LATE = dt.time(11), dt.time(15)


class Commission:
    """The sittings of a procedure and what the script expects of them."""

    def __init__(self, year: "Year", edition: str, days: Sequence[dt.date]) -> None:
        self.year, self.edition = year, edition
        self.by = year.staff[Role.SECRETARY]
        self.begins = EARLY if edition == LENOBL_EDITION else LATE
        self.days: dict[int, dt.date] = {}
        self.numbers: dict[int, int] = {}
        for number, day in enumerate(days):
            plan = sittings.Plan(day, self.begins, PLACE)
            sitting = sittings.add(plan, edition=edition, by=self.by, on=year.diary.now)
            self.days[sitting.id], self.numbers[sitting.id] = day, number
            if number == MOVED:
                year.diary.put(moment(day - dt.timedelta(days=4), 12), lambda id=sitting.id: self.move(id))
            year.diary.put(moment(day - dt.timedelta(days=1), 12), lambda id=sitting.id: self.invite(id))
            year.diary.put(moment(day, self.begins.hour), lambda id=sitting.id: self.hold(id))

    def ahead(self, earliest: dt.date) -> Sitting | None:
        """The first sitting on this day or after it, if the year has one more."""
        found = min(((day, id) for id, day in self.days.items() if day >= earliest), default=None)
        return Sitting.get_by_id(found[1]) if found else None

    def agenda(self, sitting_id: int) -> list[Course]:
        """The cases that the script has put on the agenda of this sitting."""
        return [one for one in self.year.courses.values() if one.on_agenda and one.sitting == sitting_id]

    # --- Before it ---

    def move(self, sitting_id: int) -> None:
        """The sitting goes to another day, with all its cases."""
        day = self.year.diary.working(self.days[sitting_id] + dt.timedelta(days=2))
        sitting = Sitting.get_by_id(sitting_id)
        sittings.reschedule(
            sitting,
            held_on=day,
            begins_at=dt.time(self.begins.hour + 1),
            place=PLACE,
            reason="Занят зал.",
            by=self.by,
            on=self.year.diary.now,
        )
        self.days[sitting_id] = day
        self.year.ledger.note("sitting", "change_day")
        for course in self.agenda(sitting_id):
            course.count("reschedule_sitting")

    def invite(self, sitting_id: int) -> None:
        """Those who asked to come get a time."""
        if self._postponed(sitting_id, self.invite, 1):
            return
        sitting = Sitting.get_by_id(sitting_id)
        guests = [one for one in self.agenda(sitting_id) if one.case.answers["presence"] == "в моем присутствии"]
        if guests:
            times = invitations.offered(agenda.agenda(sitting, self.year.diary.today))
            invitations.invite(sitting, times, by=self.by, on=self.year.diary.now)
            self.year.ledger.note("sitting", "invite")
            for course in guests:
                course.count("invite")

    def _postponed(self, sitting_id: int, act: Callable[[int], None], before: int) -> bool:
        """Whether the sitting has gone to another day: then the act comes that many days before it."""
        day = self.days[sitting_id] - dt.timedelta(days=before)
        if day <= self.year.diary.today:
            return False
        hour = 12 if before else self.begins.hour + 1
        self.year.diary.put(moment(day, hour), lambda: act(sitting_id))
        return True

    # --- The sitting ---

    def hold(self, sitting_id: int) -> None:
        """Open, vote, close, print, sign; or cancel what nobody needs."""
        if self._postponed(sitting_id, self.hold, 0):
            return
        sitting, courses = Sitting.get_by_id(sitting_id), self.agenda(sitting_id)
        if not courses:
            sittings.cancel(sitting, by=self.by, on=self.year.diary.now)
            self.year.ledger.note("sitting", "cancel")
            return
        number = self.numbers[sitting_id]
        held = _Held(self, sitting_id, Random(f"sitting {self.edition} {number}"), {one.case.id: one for one in courses})
        held.vote()
        held.close(number)
        self.year.work()
        if number == REOPENED:
            held.reopen()
            held.close(number)
            self.year.work()
        held.sign()
        for course in courses:
            if not course.decided:
                course.again()
        decided = [course for course in courses if course.decided]
        if not decided:
            return
        if self.edition == LENOBL_EDITION:
            self.year.diary.later(1, lambda: self.release(sitting_id, decided), 11)
        else:
            self.year.diary.later(1, lambda: self.year.orders.begin(sitting_id), 11)

    def release(self, sitting_id: int, decided: Sequence[Course]) -> None:
        """Where no order follows, the decisions are announced when the minutes are signed."""
        session.release(Sitting.get_by_id(sitting_id), by=self.by, on=self.year.diary.now)
        self.year.ledger.note("sitting", "release")
        for course in decided:
            course.announced()


class _Held:
    """One sitting while it is held: what the script lets the members do, and what must come of it."""

    def __init__(self, commission: Commission, sitting_id: int, dice: Random, courses: dict[int, Course]) -> None:
        self.commission, self.id, self.dice, self.courses = commission, sitting_id, dice, courses
        self.year, self.by = commission.year, commission.by
        self.begins = self.year.diary.now

    def at(self, minute: int) -> dt.datetime:
        return self.begins + dt.timedelta(minutes=minute)

    def sitting(self) -> Sitting:
        """The sitting as the table holds it: acts take it as the screen shows it."""
        return Sitting.get_by_id(self.id)

    def whole(self, minute: int) -> Proceedings:
        return Proceedings.of(self.sitting(), self.at(minute))

    def vote(self) -> None:
        """Who comes, what is decided at once, what one by one."""
        session.open_session(self.sitting(), by=self.by, on=self.at(0))
        self.year.ledger.note("sitting", "open")
        self._gather()
        self._pull_out()
        for decision in Decision:
            waiting = self.whole(15).consent(decision)
            if waiting:
                voting.agree(self.sitting(), decision, by=self.by, on=self.at(15))
                self.year.ledger.note("sitting", "agree")
            for case in waiting:
                course = self.courses[case.application.id]
                course.decided = course.agreed
        for place, case in enumerate(self.whole(20).separate):
            self._one(case, place)

    def _gather(self) -> None:
        """All but one have come; one of them late, one leaves before the end."""
        members = list(Member.select().where(Member.commission == self.sitting().commission_id).order_by(Member.id))
        *others, late, _absent = members[:3] + self.dice.sample(members[3:], len(members) - 3)
        for member in others:
            attendance.arrive(self.sitting(), member, by=self.by, on=self.at(2))
        attendance.preside(self.sitting(), members[0], by=self.by, on=self.at(3))
        attendance.arrive(self.sitting(), late, by=self.by, on=self.at(10))

    def _pull_out(self) -> None:
        """Some of the cases that everybody agrees about are voted on by name all the same."""
        waiting = [case for case in self.whole(12).cases if case.consented]
        for case in self.dice.sample(waiting, min(len(waiting), 1 + len(waiting) // 12)):
            voting.pull_out(self._line(case), by=self.by, on=self.at(12))
            self.year.ledger.note("sitting", "pull_out")

    def _line(self, case: proceedings.Case) -> Hearing:
        return Hearing.get_by_id(case.hearing.id)

    def _one(self, case: proceedings.Case, place: int) -> None:
        """One case by name: mostly as the conclusion says, sometimes against it, with as many on both sides, or put off."""
        course, on, kind = self.courses[case.application.id], self.at(20 + place), self.dice.random()
        if place == 0 and self.commission.numbers[self.id] == RECUSED:
            kind = RECUSING
        voters = list(self.whole(20 + place).present)
        if kind < 0.15 and not course.put_off:
            voting.put_off(self._line(case), "Запрошены документы.", by=self.by, on=on)
            course.count("put_off")
            course.put_off = True
            return
        if kind < 0.35:
            recused = voters.pop()
            voting.recuse(self._line(case), Member.get_by_id(recused), "Работает с педагогом.", by=self.by, on=on)
            course.count("recuse")
            course.recused = True
        wanted = course.agreed or self.dice.choice(("establish", "refuse"))
        if 0.35 <= kind < 0.5:
            wanted = "refuse" if wanted == "establish" else "establish"
        few = self.dice.randint(0, 3)
        if 0.5 <= kind < 0.65:
            # As many for as against: the decision is the teacher's.
            voters, wanted = voters[: len(voters) // 2 * 2], "establish"
            few = len(voters) // 2
        mine, other = (FOR, AGAINST) if wanted == "establish" else (AGAINST, FOR)
        votes = {member: other if number < few else mine for number, member in enumerate(voters)}
        voting.vote(self._line(case), votes, motive="" if wanted == course.agreed else MOTIVE, by=self.by, on=on)
        course.count("vote")
        course.decided = wanted

    def close(self, number: int) -> None:
        """Close; in the city the decided cases go on, everywhere those put off leave the sitting."""
        session.close_session(self.sitting(), str(number + 1), by=self.by, on=self.at(150))
        self.year.diary.now = max(self.year.diary.now, self.at(150))
        self.year.ledger.note("sitting", "close")
        for course in self.courses.values():
            if course.decided and not course.lenobl:
                course.count("record_decision")
            elif not course.decided and course.on_agenda:
                course.count("move_sitting")
                course.on_agenda = False

    def reopen(self) -> None:
        """A slip in the minutes: one decision was written down the wrong way round."""
        session.reopen(self.sitting(), "Описка в решении.", by=self.by, on=self.at(160))
        self.year.ledger.note("sitting", "reopen")
        decided = [course for course in self.courses.values() if course.decided]
        for course in decided:
            if not course.lenobl:
                course.count("reopen_decision")
        course = next(course for course in decided if not course.recused)
        wanted = "refuse" if course.decided == "establish" else "establish"
        choice = FOR if wanted == "establish" else AGAINST
        hearing = Hearing.get(Hearing.sitting == self.id, Hearing.application == course.case.id)
        votes = dict.fromkeys(self.whole(140).present, choice)
        voting.vote(hearing, votes, motive=MOTIVE, by=self.by, on=self.at(161))
        course.count("vote")
        course.decided = wanted
        self.begins += dt.timedelta(minutes=20)

    def sign(self) -> None:
        """Everybody signs on the day of the sitting."""
        sitting = self.sitting()
        last = sitting.last_minutes()
        assert last is not None
        minutes.sign(sitting, last.told["signers"], sitting.held_on, by=self.by, on=self.at(170))
        self.year.ledger.note("sitting", "sign_minutes")
